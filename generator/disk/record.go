package disk

import (
	"bytes"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/token"

	"github.com/davit-cli/davit/generator"
	"github.com/davit-cli/davit/wizard"
)

// Record returns davit.yaml as one of the files to write.
func Record(a wizard.Answers) generator.File {
	return generator.File{
		Path:     AnswersFile,
		Mode:     0o644,
		Language: "yaml",
		Content:  string(EncodeAnswers(a)),
		Purpose:  "Records the answers, so that davit generate repeats them.",
	}
}

// Record returns r with the answers of a: what it says already stays as it was
// written, comments and all, and only what differs is changed. An answer that
// it does not give is added where the project alone (without) gives another.
func (r Recorded) Record(a, without wizard.Answers) generator.File {
	file := Record(a)
	if r.Text == "" {
		file.Content += keepEntry(r.Keep)
		return file
	}
	edited := r.edit(a, without)
	if r.gives(edited, a, without) {
		file.Content = edited
		return file
	}
	// Written in a form that lines cannot follow, such as JSON.
	if r.Project != nil {
		project, err := yaml.Marshal(map[string]*wizard.Project{"project": r.Project})
		if err == nil {
			file.Content += "\n" + string(project)
		}
	}
	if r.Pins != nil {
		pins, err := yaml.Marshal(map[string]map[string]string{"pins": r.Pins})
		if err == nil {
			file.Content += "\n" + string(pins)
		}
	}
	file.Content += keepEntry(r.Keep)
	return file
}

// edit returns the text with the lines of changed answers replaced.
func (r Recorded) edit(a, without wizard.Answers) string {
	lines := strings.SplitAfter(r.Text, "\n")
	starts := append(slices.Sorted(maps.Values(r.lines)), len(lines)+1)
	var added strings.Builder
	for _, q := range wizard.Catalogue() {
		switch {
		case !r.Has(q.ID) && !q.Asked(a):
		case !r.Has(q.ID) && !slices.Equal(a.Get(q.ID), without.Get(q.ID)):
			added.WriteString(entry(q, a))
		case r.Has(q.ID) && !slices.Equal(a.Get(q.ID), r.values[q.ID]):
			first := r.lines[q.ID]
			i, _ := slices.BinarySearch(starts, first)
			last := lastLine(lines, first, starts[i+1]-1)
			text := line(q, a)
			if first == last {
				text += trailing(lines[first-1])
			}
			lines[first-1] = text + "\n"
			clear(lines[first:last])
		}
	}
	switch _, there := r.lines[keepKey]; {
	case slices.Equal(r.Keep, r.kept):
	case there:
		i, _ := slices.BinarySearch(starts, r.lines[keepKey])
		r.editKeep(lines, starts[i+1]-1)
	default:
		added.WriteString(keepEntry(r.Keep))
	}
	text := strings.Join(lines, "")
	if added.Len() > 0 && !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	return text + added.String()
}

// gives reports whether a text gives these answers.
func (r Recorded) gives(text string, a, without wizard.Answers) bool {
	again, err := ParseAnswers(r.Path, []byte(text))
	if err != nil || !reflect.DeepEqual(again.Project, r.Project) || !maps.Equal(again.Pins, r.Pins) || !slices.Equal(again.Keep, r.Keep) {
		return false
	}
	repeated, err := again.Over(without)
	return err == nil && bytes.Equal(EncodeAnswers(repeated), EncodeAnswers(a))
}

// lastLine returns the last line of a value that begins in line first and ends
// before the blank lines and comments above the next key.
func lastLine(lines []string, first, end int) int {
	for last := end; last > first; last-- {
		if text := strings.TrimSpace(lines[last-1]); text != "" && text[0] != '#' {
			return last
		}
	}
	return first
}

// trailing returns the comment at the end of a line, with the blanks before it.
func trailing(line string) string {
	for _, t := range lexer.Tokenize(line) {
		if t.Type == token.CommentType {
			return "  #" + strings.TrimRight(t.Value, "\r\n")
		}
	}
	return ""
}
