package disk

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"github.com/davit-cli/davit/wizard"
)

// AnswersFile is the name of the file that records the answers.
const AnswersFile = "davit.yaml"

// largest and deepest bound what is parsed: a project with a thousand packages
// needs a fifth of it, and no key nests deeper than three.
const (
	largest = 256 << 10
	deepest = 50
)

// Recorded is what a davit.yaml says: some of the answers, or all. The zero
// value says nothing.
type Recorded struct {
	Path    string // where it was read, as the reader called it
	Text    string // as it was read
	Project *wizard.Project
	Pins    map[string]string // image with its tag → digest
	Keep    []string          // files of the user's that davit leaves alone

	values    map[string][]string
	lines     map[string]int
	kept      []string       // what the text has for Keep
	keptLines map[string]int // path → its line there
}

// Has reports whether the question is answered.
func (r Recorded) Has(id string) bool {
	_, ok := r.values[id]
	return ok
}

// Where returns file:line of an answer, "" where there is none.
func (r Recorded) Where(id string) string {
	if !r.Has(id) {
		return ""
	}
	return fmt.Sprintf("%s:%d", r.Path, r.lines[id])
}

// Over returns a with the recorded answers in place of its own.
func (r Recorded) Over(a wizard.Answers) (wizard.Answers, error) {
	a = a.Clone()
	for _, q := range wizard.Catalogue() {
		if !r.Has(q.ID) {
			continue
		}
		if err := a.Set(q.ID, r.values[q.ID]...); err != nil {
			return a, fmt.Errorf("%s: %w", r.Where(q.ID), err)
		}
	}
	if r.Project != nil {
		a.Project = *r.Project
	}
	if r.Pins != nil {
		a.Pins = r.Pins
	}
	return a.Clone(), nil
}

// ReadAnswers reads a davit.yaml, or the same keys as JSON. A file that is not
// there gives an error for which errors.Is(err, fs.ErrNotExist) holds. Every
// other error is one sentence that begins with file:line.
func ReadAnswers(path string) (Recorded, error) {
	file, err := os.Open(path)
	if err != nil {
		return Recorded{}, fmt.Errorf("cannot read %s: %w", shown(path), Cause(err))
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, largest+1))
	if err != nil {
		return Recorded{}, fmt.Errorf("cannot read %s: %w", shown(path), Cause(err))
	}
	return ParseAnswers(path, data)
}

// ParseAnswers is ReadAnswers of bytes; path is only for messages.
func ParseAnswers(path string, data []byte) (r Recorded, err error) {
	r = Recorded{Path: path, Text: unix(string(data)), values: map[string][]string{}, lines: map[string]int{}}
	if len(data) > largest {
		return r, fmt.Errorf("%s: larger than %d kB, which no davit.yaml is", shown(path), largest>>10)
	}
	at := func(line int, err error) error { return fmt.Errorf("%s:%d: %w", shown(path), line, err) }
	defer func() {
		if recover() != nil { // a fault of the YAML library is no reason to fall over
			err = fmt.Errorf("%s: this is no YAML that davit can read: write one `key: value` a line", shown(path))
		}
		if err != nil {
			r = Recorded{}
		}
	}()
	if line := tooDeep(data); line > 0 {
		return r, at(line, errors.New("brackets and dashes nest too deep: write one `key: value` a line"))
	}
	file, err := parser.ParseBytes(data, 0)
	if err != nil {
		return r, at(place(err), errors.New(message(err)))
	}
	top, line, err := mapping(file)
	if err != nil {
		return r, at(line, err)
	}
	for _, kv := range top {
		line := kv.Key.GetToken().Position.Line
		key := kv.Key.GetToken().Value
		switch key {
		case "project":
			r.Project, err = project(kv.Value)
		case "pins":
			err = yaml.NodeToValue(kv.Value, &r.Pins, yaml.Strict())
		case keepKey:
			r.kept, r.keptLines, err = keep(kv.Value)
			r.Keep = slices.Clone(r.kept)
		default:
			r.values[key], err = answer(key, kv.Value)
		}
		if err != nil {
			if at := kv.Value.GetToken(); at != nil && place(err) == 0 {
				line = at.Position.Line
			} else if place(err) > 0 {
				line = place(err)
			}
			return r, at(line, errors.New(message(err)))
		}
		r.lines[key] = line
	}
	return r, nil
}

// isAnswers reports whether a text can be read as a davit.yaml with at least
// one answer.
func isAnswers(text string) bool {
	r, err := ParseAnswers(AnswersFile, []byte(text))
	return err == nil && len(r.lines) > 0
}

// mapping returns the keys of the one document in a file.
func mapping(file *ast.File) ([]*ast.MappingValueNode, int, error) {
	var top []*ast.MappingValueNode
	for i, doc := range file.Docs {
		if doc.Body == nil {
			continue
		}
		line := doc.Body.GetToken().Position.Line
		if i > 0 {
			return nil, line, errors.New("a second document begins here: keep one, without ---")
		}
		switch body := doc.Body.(type) {
		case *ast.MappingNode:
			top = body.Values
		case *ast.MappingValueNode:
			top = []*ast.MappingValueNode{body}
		case *ast.NullNode, *ast.CommentGroupNode:
		default:
			return nil, line, errors.New("expected one `key: value` a line, such as: base: slim")
		}
	}
	for _, kv := range top {
		if _, plain := kv.Key.(*ast.StringNode); !plain {
			return nil, kv.Key.GetToken().Position.Line, fmt.Errorf("%s is no key: use the ids that `davit options` lists", shown(kv.Key.String()))
		}
		if refused := indirect(kv.Value); refused != nil {
			return nil, refused.GetToken().Position.Line, errors.New("anchors, aliases and tags have no place in answers: write the value itself")
		}
	}
	return top, 0, nil
}

// answer checks one value and returns it as Answers keeps it.
func answer(id string, value ast.Node) ([]string, error) {
	q, ok := wizard.Find(id)
	if !ok {
		var a wizard.Answers
		return nil, a.Set(id)
	}
	var typed []string
	nodes := []ast.Node{value}
	if list, ok := value.(*ast.SequenceNode); ok {
		if !q.Multiple {
			return nil, fmt.Errorf("%s takes one value, not a list", id)
		}
		nodes = list.Values
	}
	for _, n := range nodes {
		if _, list := n.(*ast.SequenceNode); list {
			return nil, fmt.Errorf("each item of %s must be a choice, not a list", id)
		}
		v, err := scalar(q, n)
		if err != nil {
			return nil, err
		}
		typed = append(typed, v)
	}
	return q.Check(typed...)
}

// scalar returns a value as it stands in the file: 3.10 without quotes is the
// version that was meant, not the number 3.1.
func scalar(q wizard.Question, n ast.Node) (string, error) {
	wrong := func(want string) (string, error) {
		return "", fmt.Errorf("%s must be %s, not %s", q.ID, want, kind(n))
	}
	switch n := n.(type) {
	case *ast.StringNode:
		if q.Kind == wizard.Number && n.Token.Type != token.StringType {
			return wrong("a whole number without quotes")
		}
		return n.Value, nil
	case *ast.LiteralNode:
		return n.Value.Value, nil
	case *ast.NullNode:
		return "", nil
	case *ast.IntegerNode:
		if q.Kind != wizard.Number && q.Kind != wizard.Choose {
			return wrong("text: put quotes around it")
		}
		return n.Token.Value, nil
	case *ast.FloatNode:
		if q.Kind != wizard.Choose {
			return wrong("text: put quotes around it")
		}
		return n.Token.Value, nil
	case *ast.BoolNode:
		if q.Kind != wizard.Switch {
			return wrong("text: put quotes around it")
		}
		return n.Token.Value, nil
	}
	if q.Multiple {
		return wrong("a list of choices")
	}
	return wrong("one value")
}

func project(value ast.Node) (*wizard.Project, error) {
	if _, empty := value.(*ast.NullNode); empty {
		return nil, nil
	}
	p := new(wizard.Project)
	if err := yaml.NodeToValue(value, p, yaml.Strict()); err != nil {
		return nil, err
	}
	return p, nil
}

// indirect returns the first node that stands for something else than itself.
func indirect(n ast.Node) ast.Node {
	for _, kind := range []ast.NodeType{ast.AliasType, ast.AnchorType, ast.MergeKeyType, ast.TagType} {
		if found := ast.Filter(kind, n); len(found) > 0 {
			return found[0]
		}
	}
	return nil
}

// tooDeep returns the first line whose brackets or dashes nest deeper than any
// davit.yaml needs, 0 where none does. The parser is recursive.
func tooDeep(data []byte) int {
	open := 0
	for i, line := range strings.Split(string(data), "\n") {
		if strings.HasPrefix(strings.TrimSpace(line), "#") {
			continue
		}
		open += strings.Count(line, "[") + strings.Count(line, "{")
		open -= strings.Count(line, "]") + strings.Count(line, "}")
		open = max(open, 0)
		indent := len(line) - len(strings.TrimLeft(line, " \t-?:"))
		if open+strings.Count(line, "[")+strings.Count(line, "{") > deepest || indent > 4*deepest {
			return i + 1
		}
	}
	return 0
}

func kind(n ast.Node) string {
	switch n.Type() {
	case ast.MappingType, ast.MappingValueType:
		return "a mapping"
	case ast.SequenceType:
		return "a list"
	case ast.NullType:
		return "nothing"
	case ast.BoolType:
		return "true or false"
	case ast.IntegerType, ast.FloatType, ast.InfinityType, ast.NanType:
		return "a number"
	case ast.StringType, ast.LiteralType:
		return "text"
	}
	return "this"
}

// place returns the line of an error of the YAML library, 0 for any other.
func place(err error) int {
	var e yaml.Error
	if errors.As(err, &e) && e.GetToken() != nil {
		return e.GetToken().Position.Line
	}
	return 0
}

// message returns an error without the library's drawing of the source.
func message(err error) string {
	var e yaml.Error
	if !errors.As(err, &e) {
		return err.Error()
	}
	var key string
	var line, column int
	if n, _ := fmt.Sscanf(e.GetMessage(), "mapping key %q already defined at [%d:%d]", &key, &line, &column); n == 3 {
		return fmt.Sprintf("%s is answered twice, first in line %d: keep one", shown(key), line)
	}
	return strings.ReplaceAll(e.GetMessage(), "wizard.Project", "project")
}
