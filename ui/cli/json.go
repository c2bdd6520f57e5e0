package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/davit-cli/davit/generator"
	"github.com/davit-cli/davit/generator/disk"
	"github.com/davit-cli/davit/wizard"
)

// document is what `davit generate --json` prints.
type document struct {
	Variant  string           `json:"variant"`
	Answers  answers          `json:"answers"`
	Files    []fileRecord     `json:"files"`
	Unneeded []unneededRecord `json:"unneeded"`
	Written  bool             `json:"written"`
	Next     []string         `json:"next"`
}

// unneededRecord is a file that davit wrote before and these answers do not give.
type unneededRecord struct {
	Path   string `json:"path"`
	Edited bool   `json:"edited"`
	Action string `json:"action"` // keep or remove
}

type fileRecord struct {
	Path     string       `json:"path"`
	Status   disk.Status  `json:"status"`
	State    string       `json:"state"`  // why: new, same, older, kept, edited, unresolved or foreign
	Action   string       `json:"action"` // none, write, keep, overwrite, backup, merge, or fail
	Mode     string       `json:"mode"`   // octal, as chmod takes it
	Language string       `json:"language"`
	Purpose  string       `json:"purpose"`
	Bytes    int          `json:"bytes"`
	Content  string       `json:"content"`
	Notes    []noteRecord `json:"notes"`
}

type noteRecord struct {
	First    int    `json:"first"`
	Last     int    `json:"last"`
	Why      string `json:"why"`
	Source   string `json:"source"`
	Question string `json:"question"`
}

func (g *generation) document(s settled, plan disk.Plan, d disk.Decisions, lock *disk.Entry, written bool) error {
	doc := document{
		Variant:  s.answers.Variant(),
		Answers:  answers(s.answers),
		Files:    []fileRecord{},
		Unneeded: unneededRecords(plan, d),
		Written:  written,
		Next:     generator.Commands(s.next(plan, d)),
	}
	entries := plan.Entries
	if lock != nil {
		entries = append(slices.Clone(entries), *lock)
	}
	for _, e := range entries {
		doc.Files = append(doc.Files, fileRecord{
			Path: e.Path, Status: e.Status, State: e.State(), Action: action(e, d[e.Path]), Mode: fmt.Sprintf("%04o", e.Mode.Perm()),
			Language: e.Language, Purpose: e.Purpose,
			Bytes: len(e.Content), Content: e.Content, Notes: notes(e.Notes),
		})
	}
	return g.printJSON(doc)
}

func unneededRecords(plan disk.Plan, d disk.Decisions) []unneededRecord {
	records := []unneededRecord{}
	for _, u := range plan.Unneeded {
		r := unneededRecord{Path: u.Path, Edited: u.Edited, Action: "keep"}
		if d[u.Path] == disk.Remove {
			r.Action = "remove"
		}
		records = append(records, r)
	}
	return records
}

// action is what a decision does with a file.
func action(e disk.Entry, d disk.Decision) string {
	switch {
	case e.Status == disk.Same:
		return "none"
	case !e.Differs():
		return "write"
	case d == disk.Skip:
		return "keep"
	case d == disk.Merge:
		if _, conflicts, ok := e.Merge(); !ok || conflicts > 0 {
			return "keep"
		}
	case d == disk.Marked:
		if !e.Edited || e.Unresolved() > 0 {
			return "keep"
		}
		return "merge"
	}
	return string(d)
}

func notes(all []generator.Note) []noteRecord {
	records := make([]noteRecord, len(all))
	for i, n := range all {
		records[i] = noteRecord(n)
	}
	return records
}

// answers are Answers with the ids of the catalogue as keys, in its order. The
// document can be given back with --answers.
type answers wizard.Answers

func (a answers) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	for i, q := range wizard.Catalogue() {
		b.WriteByte("{,"[min(i, 1)])
		value, err := json.Marshal(typed(q, wizard.Answers(a).Get(q.ID)))
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&b, "%q:%s", q.ID, value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// typed returns an answer in the form that JSON has for it.
func typed(q wizard.Question, values []string) any {
	switch {
	case q.Multiple:
		return append([]string{}, values...)
	case len(values) == 0:
		return ""
	case q.Kind == wizard.Number, q.Kind == wizard.Switch:
		return json.RawMessage(values[0])
	}
	return values[0]
}

// printJSON prints one document.
func (r *runner) printJSON(document any) error {
	e := json.NewEncoder(r.out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(document)
}
