package disk

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// Files that are the user's for good stand in davit.yaml below keep: davit
// neither writes them nor counts them as drift.
const (
	keepKey     = "keep"
	keepComment = "# Files of your own, which davit leaves alone."
)

// keep reads the list; where is the line of each path.
func keep(value ast.Node) (paths []string, where map[string]int, err error) {
	nodes := []ast.Node{value}
	switch n := value.(type) {
	case *ast.NullNode:
		return nil, nil, nil
	case *ast.SequenceNode:
		nodes = n.Values
	}
	where = map[string]int{}
	for _, n := range nodes {
		text, ok := n.(*ast.StringNode)
		if !ok {
			return nil, nil, fmt.Errorf("%s must be a list of files below the project, such as [Dockerfile], not %s", keepKey, kind(n))
		}
		file := path.Clean(text.Value)
		switch {
		case strings.EqualFold(file, AnswersFile), strings.EqualFold(file, LockFile):
			return nil, nil, fmt.Errorf("%s cannot have %s, which davit works with", keepKey, shown(file))
		case !writable(file) || strings.HasSuffix(text.Value, "/"):
			return nil, nil, fmt.Errorf("%s must have files below the project, such as Dockerfile, and %s is none", keepKey, shown(text.Value))
		case slices.Contains(paths, file):
			return nil, nil, fmt.Errorf("%s has %s twice: once is enough", keepKey, shown(file))
		}
		paths = append(paths, file)
		where[file] = n.GetToken().Position.Line
	}
	return paths, where, nil
}

// Keeping returns r with another list of files that davit leaves alone; Record
// writes it.
func (r Recorded) Keeping(paths []string) Recorded {
	r.Keep = slices.Clone(paths)
	return r
}

// KeepLine is the list as it stands in davit.yaml.
func KeepLine(paths []string) string {
	quoted := make([]string, len(paths))
	for i, p := range paths {
		quoted[i] = quote(p)
	}
	return keepKey + ": [" + strings.Join(quoted, ", ") + "]"
}

// keepEntry is the list under its comment, "" for none.
func keepEntry(paths []string) string {
	if len(paths) == 0 {
		return ""
	}
	return "\n" + keepComment + "\n" + KeepLine(paths) + "\n"
}

// editKeep replaces the list among the lines of the text, in the form that it
// has there. The value ends before line end.
func (r Recorded) editKeep(lines []string, end int) {
	first := r.lines[keepKey]
	last := lastLine(lines, first, end)
	var items []string
	for _, p := range r.kept {
		items = append(items, lines[r.keptLines[p]-1])
	}
	block := len(items) > 0 && len(r.Keep) > 0 && !slices.ContainsFunc(items, func(l string) bool { return !strings.HasPrefix(strings.TrimLeft(l, " "), "- ") })
	if !block {
		text := KeepLine(r.Keep)
		if first == last {
			text += trailing(lines[first-1])
		}
		lines[first-1] = text + "\n"
		clear(lines[first:last])
		return
	}
	indent := items[0][:strings.Index(items[0], "-")]
	for _, p := range r.kept {
		if !slices.Contains(r.Keep, p) {
			lines[r.keptLines[p]-1] = ""
		}
	}
	for _, p := range r.Keep {
		if !slices.Contains(r.kept, p) {
			if l := lines[last-1]; l != "" && !strings.HasSuffix(l, "\n") {
				lines[last-1] += "\n"
			}
			lines[last-1] += indent + "- " + quote(p) + "\n"
		}
	}
}
