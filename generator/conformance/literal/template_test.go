package literal

import (
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"text/template/parse"

	"github.com/davit-cli/davit/generator"
)

// indented is an action that puts a block of YAML below what stands before it.
var indented = regexp.MustCompile(`nindent (\d+)`)

// flattenTemplate is the reading of Go's template engine, which is Helm's: the
// actions as it understands them, and what stands between them as YAML where
// the file is YAML.
func flattenTemplate(f generator.File) ([]leaf, error) {
	root := parse.New(f.Path)
	root.Mode = parse.SkipFuncCheck // the functions are Helm's
	trees := map[string]*parse.Tree{}
	if _, err := root.Parse(f.Content, "", "", trees); err != nil {
		return nil, err
	}
	// In the order of the file, which no value changes.
	names := slices.SortedFunc(maps.Keys(trees), func(a, b string) int {
		return strings.Index(f.Content, `define "`+a+`"`) - strings.Index(f.Content, `define "`+b+`"`)
	})
	r := &templateReading{}
	for i, name := range names {
		if name != f.Path {
			r.leaves = append(r.leaves, leaf{fmt.Sprintf("define %d", i), name})
		}
		r.list(trees[name].Root)
	}
	if path.Ext(f.Path) != ".yaml" {
		return append(r.leaves, leaf{"text", r.between.String()}), nil
	}
	text, err := flattenYAML(r.between.String())
	return append(r.leaves, text...), err
}

// A templateReading collects actions, and what stands between them with a
// plain word in place of each.
type templateReading struct {
	leaves  []leaf
	between strings.Builder
}

func (r *templateReading) action(kind, text string) {
	r.leaves = append(r.leaves, leaf{fmt.Sprintf("%d %s", len(r.leaves), kind), text})
}

func (r *templateReading) list(l *parse.ListNode) {
	if l == nil {
		return
	}
	for _, n := range l.Nodes {
		switch n := n.(type) {
		case *parse.TextNode:
			r.between.Write(n.Text)
		case *parse.ActionNode:
			r.action("action", n.String())
			if m := indented.FindStringSubmatch(n.String()); m != nil {
				var depth int
				fmt.Sscan(m[1], &depth)
				fmt.Fprintf(&r.between, "\n%saction%d: block", strings.Repeat(" ", depth), len(r.leaves))
			} else {
				r.between.WriteString("action")
			}
		case *parse.IfNode:
			r.branch("if", &n.BranchNode)
		case *parse.RangeNode:
			r.branch("range", &n.BranchNode)
		case *parse.WithNode:
			r.branch("with", &n.BranchNode)
		default:
			r.action("other", n.String())
		}
	}
}

func (r *templateReading) branch(kind string, n *parse.BranchNode) {
	r.action(kind, n.Pipe.String())
	r.list(n.List)
	r.list(n.ElseList)
}
