// Package origin tells which answers a line of a generated file comes from. It
// knows no template: each answer is changed to its alternatives, one at a time,
// and the files are made again. An answer put a line where it stands when one
// of its alternatives takes the line away.
//
//	files, _ := origin.Of(answers, generator.Generate)
//	for _, c := range files["Dockerfile"].Line(9) {
//		fmt.Println(c.Question, c.Without)
//	}
package origin

import (
	"slices"
	"strings"

	"github.com/aymanbagabas/go-udiff/lcs"

	"github.com/davit-cli/davit/generator"
	"github.com/davit-cli/davit/wizard"
)

// A Cause is an answer that a line depends on.
type Cause struct {
	Question string   // its id, or Project
	Without  []string // the alternatives that take the line away: choices, or one typed value
	Always   bool     // all that were tried do
	Whole    bool     // the file itself goes with them
}

// Project stands for a question's id where it is not an answer, but what
// inspection found, that put a line there.
const Project = "project"

// Files are the origins of each file's lines, by path.
type Files map[string]File

// A File is which changes of the answers take which of its lines away.
type File struct {
	changes []change
}

type change struct {
	alternative
	gone []bool // by line, from 0; nil where the whole file goes
}

// Of works out the origins of the files that make gives for a.
func Of(a wizard.Answers, make func(wizard.Answers) ([]generator.File, error)) (Files, error) {
	files, err := make(a)
	if err != nil {
		return nil, err
	}
	found := Files{}
	for _, alt := range alternatives(a) {
		trial, beside, ok := alt.apply(a)
		if !ok {
			continue
		}
		there, err := make(trial)
		if err != nil {
			continue // possible answers for which there is nothing to generate
		}
		var without []generator.File // what the accompanying change alone gives
		if beside != nil {
			if without, err = make(*beside); err != nil {
				continue
			}
		}
		for _, f := range files {
			c := change{alternative: alt}
			if gone, all := missing(f, there); all {
				if beside != nil && lacks(without, f.Path) {
					continue
				}
			} else {
				c.gone = gone
				if beside != nil {
					c.gone = except(c.gone, f, without)
				}
			}
			file := found[f.Path]
			file.changes = append(file.changes, c)
			found[f.Path] = file
		}
	}
	return found, nil
}

// Line tells what line i, from 0, depends on: first the answers that decide it
// alone, then those that decide the file.
func (f File) Line(i int) []Cause {
	var causes []Cause
	tried := map[string]int{}
	for _, c := range f.changes {
		tried[c.question]++
		if c.gone != nil && (i >= len(c.gone) || !c.gone[i]) {
			continue
		}
		at := slices.IndexFunc(causes, func(k Cause) bool { return k.Question == c.question })
		if at < 0 {
			at = len(causes)
			causes = append(causes, Cause{Question: c.question, Whole: true})
		}
		causes[at].Without = append(causes[at].Without, c.changed)
		causes[at].Whole = causes[at].Whole && c.gone == nil
	}
	for n := range causes {
		causes[n].Always = len(causes[n].Without) == tried[causes[n].Question]
	}
	rank := func(c Cause) int {
		switch {
		case c.Whole:
			return 2
		case c.Always:
			return 0
		}
		return 1
	}
	slices.SortStableFunc(causes, func(a, b Cause) int { return rank(a) - rank(b) })
	return causes
}

// missing tells which lines of f are not in its counterpart, and whether there
// is none.
func missing(f generator.File, others []generator.File) (gone []bool, all bool) {
	i := slices.IndexFunc(others, func(o generator.File) bool { return o.Path == f.Path })
	if i < 0 {
		return nil, true
	}
	lines := strings.Split(strings.TrimSuffix(f.Content, "\n"), "\n")
	gone = make([]bool, len(lines))
	if others[i].Content == f.Content {
		return gone, false
	}
	for _, d := range lcs.DiffLines(lines, strings.Split(strings.TrimSuffix(others[i].Content, "\n"), "\n")) {
		for n := d.Start; n < d.End; n++ {
			gone[n] = true
		}
	}
	return gone, false
}

func lacks(files []generator.File, path string) bool {
	return !slices.ContainsFunc(files, func(f generator.File) bool { return f.Path == path })
}

// except leaves out the lines that go without the change as well.
func except(gone []bool, f generator.File, without []generator.File) []bool {
	also, all := missing(f, without)
	for i := range gone {
		gone[i] = gone[i] && !all && !also[i]
	}
	return gone
}
