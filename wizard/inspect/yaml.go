package inspect

import (
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

const mostYAML = 512 << 10

// node is a YAML value with its line. Aliases are not followed: what they
// repeat is read where it is written, and no document can grow by them.
type node struct{ ast.Node }

// parseYAML returns the first document of a text; ok is false where it is none.
func parseYAML(text string) (n node, ok bool) {
	defer func() {
		if recover() != nil { // the library is not proof against every input
			ok = false
		}
	}()
	if len(text) > mostYAML || nested(text) > 200 {
		return node{}, false
	}
	f, err := parser.ParseBytes([]byte(text), 0)
	if err != nil || len(f.Docs) == 0 || f.Docs[0].Body == nil {
		return node{}, false
	}
	return node{f.Docs[0].Body}, true
}

// nested bounds from above how deeply a YAML text nests.
func nested(text string) int {
	open := 0
	for _, c := range []byte(text) {
		if c == '[' || c == '{' {
			open++
		}
	}
	column := 0
	for line := range strings.Lines(text) {
		column = max(column, len(line)-len(strings.TrimLeft(line, " -?")))
	}
	return max(open/20, column/4)
}

func (n node) plain() ast.Node {
	switch v := n.Node.(type) {
	case *ast.AnchorNode:
		return node{v.Value}.plain()
	case *ast.TagNode:
		return node{v.Value}.plain()
	}
	return n.Node
}

// each calls do for every key of a mapping.
func (n node) each(do func(key string, v node)) {
	if n.Node == nil {
		return
	}
	switch v := n.plain().(type) {
	case *ast.MappingNode:
		for _, e := range v.Values {
			node{e}.each(do)
		}
	case *ast.MappingValueNode:
		key := v.Key.String()
		if s, ok := v.Key.(*ast.StringNode); ok {
			key = s.Value
		}
		do(key, node{v.Value})
	}
}

// get returns the value of a key; its Node is nil where there is none.
func (n node) get(key string) node {
	var found node
	n.each(func(k string, v node) {
		if k == key && found.Node == nil {
			found = v
		}
	})
	return found
}

// items returns the elements of a sequence.
func (n node) items() []node {
	if n.Node == nil {
		return nil
	}
	s, ok := n.plain().(*ast.SequenceNode)
	if !ok {
		return nil
	}
	all := make([]node, len(s.Values))
	for i, v := range s.Values {
		all[i] = node{v}
	}
	return all
}

// text returns a scalar as it is written, "" for anything else.
func (n node) text() string {
	if n.Node == nil {
		return ""
	}
	switch v := n.plain().(type) {
	case *ast.StringNode:
		return v.Value
	case *ast.LiteralNode:
		return v.Value.Value
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return strings.TrimSpace(v.String())
	}
	return ""
}

func (n node) line() int {
	if n.Node == nil || n.GetToken() == nil || n.GetToken().Position == nil {
		return 1
	}
	return n.GetToken().Position.Line
}
