package literal

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"text/template/parse"

	"github.com/coreos/go-systemd/v22/unit"
	"github.com/davit-cli/davit/generator"
	goccy "github.com/goccy/go-yaml"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/buildkit/frontend/dockerfile/shell"
	"github.com/pelletier/go-toml/v2"
	yaml11 "go.yaml.in/yaml/v2"
	"go.yaml.in/yaml/v3"
	"mvdan.cc/sh/v3/syntax"
)

// A leaf is one value of a parsed file, and the way to it. What is no value,
// such as the kind of a shell construct or the name of an instruction, is part
// of the way.
type leaf struct{ where, value string }

// flatten parses a file with the readers of its language, all that there are,
// and returns what each of them understood.
func flatten(f generator.File) ([]leaf, error) {
	switch f.Language {
	case "dockerfile":
		return flattenDockerfile(f.Content)
	case "yaml":
		return flattenYAML(f.Content)
	case "toml":
		var v map[string]any
		if err := toml.Unmarshal([]byte(f.Content), &v); err != nil {
			return nil, err
		}
		return walk("toml", v, nil), nil
	case "json":
		return flattenJSON(f.Content)
	case "gotemplate":
		return flattenTemplate(f)
	case "hcl":
		return flattenHCL(f.Content)
	case "ini":
		return flattenUnit(f.Content)
	case "sh":
		return flattenShell("sh", f.Content)
	case "python":
		return flattenPython(f.Content)
	case "ignore", "dotenv":
		var leaves []leaf
		for line := range strings.Lines(f.Content) {
			if !strings.HasPrefix(line, "#") {
				leaves = append(leaves, leaf{"line", line})
			}
		}
		return leaves, nil
	}
	return nil, fmt.Errorf("nothing reads %q", f.Language)
}

// flattenDockerfile is BuildKit's reading: instructions, flags, arguments and
// what is left of them after variables are filled in.
func flattenDockerfile(content string) ([]leaf, error) {
	tree, err := parser.Parse(strings.NewReader(content))
	if err != nil {
		return nil, err
	}
	leaves := []leaf{{"escape", string(tree.EscapeToken)}}
	for i, n := range tree.AST.Children {
		at := fmt.Sprintf("%d %s", i, n.Value)
		for j, flag := range n.Flags {
			name, value, _ := strings.Cut(flag, "=")
			leaves = append(leaves, leaf{fmt.Sprintf("%s flag %d %s", at, j, name), value})
			options, err := csv.NewReader(strings.NewReader(value)).Read()
			if err != nil && !errors.Is(err, io.EOF) {
				return nil, fmt.Errorf("%s: %w", flag, err)
			}
			for k, option := range options {
				leaves = append(leaves, leaf{fmt.Sprintf("%s flag %d %s option %d", at, j, name, k), option})
			}
		}
		for _, h := range n.Heredocs {
			leaves = append(leaves, leaf{at + " here document", h.Content})
		}
		exec := n.Attributes["json"]
		j := 0
		for arg := n.Next; arg != nil; arg = arg.Next {
			where := fmt.Sprintf("%s argument %d exec=%v", at, j, exec)
			leaves = append(leaves, leaf{where, arg.Value})
			more, err := expanded(where, n.Value, arg.Value, exec)
			if err != nil {
				return nil, err
			}
			leaves = append(leaves, more...)
			j++
		}
	}
	return leaves, nil
}

// expanded is what BuildKit or a shell makes of an argument.
func expanded(where, instruction, arg string, exec bool) ([]leaf, error) {
	switch strings.ToLower(instruction) {
	case "run":
		if exec {
			return nil, nil
		}
		return flattenShell(where+" shell", arg)
	case "env", "label", "arg", "workdir", "expose", "user", "copy", "add", "from", "stopsignal", "volume":
		words, err := shell.NewLex('\\').ProcessWords(arg, shell.EnvsFromSlice(nil))
		if err != nil {
			return nil, err
		}
		var leaves []leaf
		for k, w := range words {
			leaves = append(leaves, leaf{fmt.Sprintf("%s word %d", where, k), w})
		}
		return leaves, nil
	}
	return nil, nil
}

// flattenShell is a POSIX shell's reading.
func flattenShell(where, src string) ([]leaf, error) {
	f, err := syntax.NewParser(syntax.Variant(syntax.LangPOSIX)).Parse(strings.NewReader(src), "")
	if err != nil {
		return nil, err
	}
	var leaves []leaf
	syntax.Walk(f, func(n syntax.Node) bool {
		at := fmt.Sprintf("%s %d %T", where, len(leaves), n)
		switch n := n.(type) {
		case nil:
		case *syntax.Lit:
			leaves = append(leaves, leaf{at, n.Value})
		case *syntax.SglQuoted:
			leaves = append(leaves, leaf{at, n.Value})
		default:
			leaves = append(leaves, leaf{where: at})
		}
		return true
	})
	return leaves, nil
}

// flattenJSON is Go's reading, without the comments that editors allow.
func flattenJSON(content string) ([]leaf, error) {
	var bare strings.Builder
	for line := range strings.Lines(content) {
		if !strings.HasPrefix(strings.TrimSpace(line), "//") {
			bare.WriteString(line)
		}
	}
	var v any
	if err := json.Unmarshal([]byte(bare.String()), &v); err != nil {
		return nil, err
	}
	return walk("json", v, nil), nil
}

// flattenHCL is the reading of HashiCorp's parser, which buildx bake has too:
// a variable or a directive in a value would be a node of another kind.
func flattenHCL(content string) ([]leaf, error) {
	f, problems := hclsyntax.ParseConfig([]byte(content), "", hcl.InitialPos)
	if problems.HasErrors() {
		return nil, problems
	}
	var leaves []leaf
	var wrong error
	problems = hclsyntax.VisitAll(f.Body.(*hclsyntax.Body), func(n hclsyntax.Node) hcl.Diagnostics {
		at := fmt.Sprintf("hcl %d %T", len(leaves), n)
		value := ""
		switch n := n.(type) {
		case *hclsyntax.Block:
			value = n.Type + " " + strings.Join(n.Labels, " ")
		case *hclsyntax.LiteralValueExpr:
			value = n.Val.GoString()
		case *hclsyntax.ScopeTraversalExpr:
			value = n.Traversal.RootName()
		case *hclsyntax.TemplateExpr:
			filled, err := flattenFilled(n)
			leaves, wrong = append(leaves, filled...), errors.Join(wrong, err)
		}
		leaves = append(leaves, leaf{at, value})
		return nil
	})
	if problems.HasErrors() {
		return nil, problems
	}
	if wrong != nil {
		return nil, wrong
	}
	// Attributes stand in a map: their order is Go's.
	for i := range leaves {
		leaves[i].where = leaves[i].where[strings.LastIndex(leaves[i].where, " "):]
	}
	return sorted(leaves), nil
}

// flattenFilled is the reading of Go's templates, by which Nomad fills in what
// a job file calls a template: an action in a value would be a node more.
func flattenFilled(written *hclsyntax.TemplateExpr) ([]leaf, error) {
	var source strings.Builder
	for _, part := range written.Parts {
		if literal, ok := part.(*hclsyntax.LiteralValueExpr); ok && literal.Val.Type().FriendlyName() == "string" {
			source.WriteString(literal.Val.AsString())
		}
	}
	if !strings.Contains(source.String(), "{{") {
		return nil, nil
	}
	tree := parse.New("")
	tree.Mode = parse.SkipFuncCheck
	if _, err := tree.Parse(source.String(), "", "", map[string]*parse.Tree{}); err != nil {
		return nil, err
	}
	var leaves []leaf
	var walk func(n parse.Node)
	walk = func(n parse.Node) {
		kind, value := fmt.Sprintf("filled %T", n), ""
		switch n := n.(type) {
		case *parse.ListNode:
			for _, inner := range n.Nodes {
				walk(inner)
			}
		case *parse.WithNode:
			walk(n.Pipe)
			walk(n.List)
		case *parse.ActionNode:
			walk(n.Pipe)
		case *parse.PipeNode:
			for _, command := range n.Cmds {
				walk(command)
			}
		case *parse.CommandNode:
			for _, arg := range n.Args {
				walk(arg)
			}
		default:
			value = n.String()
		}
		leaves = append(leaves, leaf{kind, value})
	}
	walk(tree.Root)
	return leaves, nil
}

// flattenUnit is systemd's reading of a unit: what stands for a percent sign is
// one, and any other sign of that kind would be filled in by systemd. Podman
// takes a command that is written as JSON.
func flattenUnit(content string) ([]leaf, error) {
	options, err := unit.DeserializeOptions(strings.NewReader(content))
	if err != nil {
		return nil, err
	}
	var leaves []leaf
	for _, o := range options {
		where := fmt.Sprintf("unit %s %s", o.Section, o.Name)
		if strings.Contains(strings.TrimSuffix(strings.ReplaceAll(o.Value, "%%", ""), "%"), "%") { // 100% is a number
			return nil, fmt.Errorf("%s: systemd would fill in a part of %q", where, o.Value)
		}
		value := strings.ReplaceAll(o.Value, "%%", "%")
		words := []string{value}
		if strings.HasPrefix(value, "[") {
			if err := json.Unmarshal([]byte(value), &words); err != nil {
				return nil, fmt.Errorf("%s: %w", where, err)
			}
		}
		for i, w := range words {
			leaves = append(leaves, leaf{fmt.Sprintf("%s word %d of %d", where, i, len(words)), w})
		}
	}
	return leaves, nil
}

// flattenYAML is the reading of three decoders: YAML 1.1, where no is false,
// YAML 1.2, and the one that davit itself reads with.
func flattenYAML(content string) ([]leaf, error) {
	var leaves []leaf
	decoders := []struct {
		name string
		next func(any) error
	}{
		{"yaml1.1", yaml11.NewDecoder(strings.NewReader(content)).Decode},
		{"yaml1.2", yaml.NewDecoder(strings.NewReader(content)).Decode},
		{"goccy", goccy.NewDecoder(strings.NewReader(content)).Decode},
	}
	for _, d := range decoders {
		for i := 0; ; i++ {
			var v any
			err := d.next(&v)
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return nil, fmt.Errorf("%s: %w", d.name, err)
			}
			leaves = walk(fmt.Sprintf("%s %d", d.name, i), v, leaves)
		}
	}
	return leaves, nil
}

// walk appends the leaves of a decoded value; keys stand in the way to them,
// by their place, and are values too, as a name can be a key.
func walk(where string, v any, leaves []leaf) []leaf {
	r := reflect.ValueOf(v)
	switch r.Kind() {
	case reflect.Map:
		keys := r.MapKeys()
		slices.SortFunc(keys, func(a, b reflect.Value) int {
			return strings.Compare(fmt.Sprint(a.Interface()), fmt.Sprint(b.Interface()))
		})
		for _, k := range keys {
			key := fmt.Sprint(k.Interface())
			leaves = append(leaves, leaf{fmt.Sprintf("%s key %T", where, k.Interface()), key})
			leaves = walk(where+"."+key, r.MapIndex(k).Interface(), leaves)
		}
	case reflect.Slice:
		for i := range r.Len() {
			leaves = walk(fmt.Sprintf("%s[%d]", where, i), r.Index(i).Interface(), leaves)
		}
		leaves = append(leaves, leaf{where + " length", fmt.Sprint(r.Len())})
	default:
		leaves = append(leaves, leaf{fmt.Sprintf("%s %T", where, v), fmt.Sprint(v)})
	}
	return leaves
}

// sorted is a comparison key for files whose maps are ordered by names that
// the values change.
func sorted(leaves []leaf) []leaf {
	leaves = slices.Clone(leaves)
	slices.SortStableFunc(leaves, func(a, b leaf) int {
		if c := strings.Compare(a.where, b.where); c != 0 {
			return c
		}
		return strings.Compare(a.value, b.value)
	})
	return leaves
}

// difference returns the first leaf that is not what the reference says with
// the values put in.
func difference(reference, got []leaf, put *strings.Replacer, ordered bool) error {
	want := make([]leaf, len(reference))
	for i, l := range reference {
		want[i] = leaf{put.Replace(l.where), put.Replace(l.value)}
	}
	if !ordered {
		want, got = sorted(want), sorted(got)
	}
	for i := range min(len(want), len(got)) {
		if want[i] != got[i] {
			return fmt.Errorf("at %s is %q, not %q at %s", got[i].where, got[i].value, want[i].value, want[i].where)
		}
	}
	if len(want) != len(got) {
		return fmt.Errorf("has %d parts, not %d", len(got), len(want))
	}
	return nil
}
