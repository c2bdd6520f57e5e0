package generator

import (
	"fmt"
	"strings"
	"sync"

	"github.com/davit-cli/davit/assets"
	"github.com/pelletier/go-toml/v2"
)

// A template marks a line with {{why "id"}}; the mark travels through
// execution as the id between two control characters that no validated value
// contains, and is taken out again with the number of its line.
const (
	markOpen  = "\x01"
	markClose = "\x02"
)

func mark(id string) string {
	if id == "" {
		return ""
	}
	return markOpen + id + markClose
}

type marked struct {
	line int
	id   string
}

// unmark takes the marks out of s and tells the line of each.
func unmark(s string) (string, []marked) {
	var out strings.Builder
	var marks []marked
	out.Grow(len(s))
	line := 1
	for {
		i := strings.IndexAny(s, markOpen+"\n")
		if i < 0 {
			out.WriteString(s)
			return out.String(), marks
		}
		out.WriteString(s[:i])
		if s[i] == '\n' {
			out.WriteByte('\n')
			line++
			s = s[i+1:]
			continue
		}
		id, rest, _ := strings.Cut(s[i+1:], markClose)
		marks = append(marks, marked{line, id})
		s = rest
	}
}

// note is an entry of assets/notes.toml.
type note struct {
	Why      string `toml:"why"`
	Source   string `toml:"source"`
	Question string `toml:"question"`
}

var notes = sync.OnceValue(func() map[string]note {
	table := map[string]note{}
	if err := toml.Unmarshal([]byte(assets.Notes), &table); err != nil {
		panic(fmt.Sprintf("generator: the built-in notes are broken: %v", err)) // a test reads them
	}
	return table
})

// notesFor gives each mark its text and its lines: the marked one, and those
// after it that are indented deeper.
func notesFor(content string, marks []marked) []Note {
	if len(marks) == 0 {
		return nil
	}
	lines := strings.Split(content, "\n")
	found := make([]Note, 0, len(marks))
	for _, m := range marks {
		n, ok := notes()[m.id]
		if !ok {
			panic("generator: no note " + m.id + " in assets/notes.toml") // a test renders every template
		}
		last := m.line
		for last < len(lines) && indent(lines[last]) > indent(lines[m.line-1]) {
			last++
		}
		found = append(found, Note{First: m.line, Last: last, Why: n.Why, Source: n.Source, Question: n.Question})
	}
	return found
}

// indent counts leading blanks; an empty line ends every block.
func indent(line string) int {
	if line == "" {
		return -1
	}
	return len(line) - len(strings.TrimLeft(line, " "))
}
