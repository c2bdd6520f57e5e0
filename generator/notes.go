package generator

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
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

// finish makes a file of a template's output. Where branches left several
// blank lines one stays, at either end none, and the last line ends like any
// other. The marks come out, each with its line.
func finish(raw []byte) (string, []marked) {
	var out strings.Builder
	var marks []marked
	out.Grow(len(raw))
	line, blank := 0, false
	for text := range bytes.Lines(raw) {
		text = bytes.TrimRight(text, " \t\n")
		if len(text) == 0 {
			blank = true
			continue
		}
		if blank && line > 0 {
			out.WriteByte('\n')
			line++
		}
		blank = false
		line++
		for {
			before, rest, found := bytes.Cut(text, []byte(markOpen))
			out.Write(before)
			if !found {
				break
			}
			id, after, _ := bytes.Cut(rest, []byte(markClose))
			marks = append(marks, marked{line, string(id)})
			text = after
		}
		out.WriteByte('\n')
	}
	return out.String(), marks
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

// NoteIDs lists the notes that lines of generated files can have, sorted.
func NoteIDs() []string { return slices.Sorted(maps.Keys(notes())) }

// FindNote returns the note with this id, which is on no line yet.
func FindNote(id string) (Note, bool) {
	n, ok := notes()[id]
	return Note{Why: n.Why, Source: n.Source, Question: n.Question}, ok
}

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
