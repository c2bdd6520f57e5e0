package tui

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/davit-cli/davit/generator/disk"
	"github.com/davit-cli/davit/ui/tui/highlight"
)

// A file that is about to be written can be edited in the user's own editor.
// What comes back is what will be written; the folder is not touched before.

// An edition is a file's text as the user made it, and davit's that it was made of.
type edition struct{ davit, text string }

type editing struct {
	path, file, before string
	err                error
}

type edited struct {
	path, text string
	changed    bool
	err        error
}

// edit opens the file under review's cursor as it would be after writing.
func (m *model) edit() tea.Cmd {
	row := m.review.row()
	switch {
	case row == nil:
		return nil
	case row.unneeded != nil:
		m.say(cannotEdit)
		return nil
	case row.path == disk.AnswersFile:
		m.say(answersFile)
		return nil
	}
	name, text := row.path, row.outcome()
	return func() tea.Msg {
		file, err := draft(name, text)
		return editing{name, file, text, err}
	}
}

// draft is a copy of the text outside the project, in a folder that nobody else
// can read, under the file's own name so that the editor knows its language.
func draft(name, text string) (string, error) {
	dir, err := os.MkdirTemp("", "davit-")
	if err != nil {
		return "", fmt.Errorf("no place for the editor's copy: %w", err)
	}
	file := filepath.Join(dir, path.Base(name))
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		return "", errors.Join(fmt.Errorf("no place for the editor's copy: %w", err), os.RemoveAll(dir))
	}
	return file, nil
}

// openEditor gives the terminal to the editor until it ends.
func (m *model) openEditor(msg editing) tea.Cmd {
	if msg.err != nil {
		m.say(upper(msg.err.Error()))
		return nil
	}
	return tea.ExecProcess(editorCommand(m.options.Env, msg.file), func(err error) tea.Msg { return afterEditor(msg, err) })
}

// afterEditor reads what the editor left, and removes the draft.
func afterEditor(msg editing, err error) edited {
	defer os.RemoveAll(filepath.Dir(msg.file)) // a draft that stays there harms nobody
	if err != nil {
		return edited{path: msg.path, err: fmt.Errorf("the editor did not end well, so nothing is taken from it; $VISUAL or $EDITOR names another: %w", err)}
	}
	text, err := os.ReadFile(msg.file)
	if err != nil {
		return edited{path: msg.path, err: fmt.Errorf("what the editor wrote cannot be read: %w", err)}
	}
	return edited{path: msg.path, text: string(text), changed: string(text) != msg.before}
}

// editorCommand is what VISUAL or EDITOR says, with the file behind it. As for
// git, it may be a command with arguments.
func editorCommand(env []string, file string) *exec.Cmd {
	editor := editorOf(env)
	words := strings.Fields(editor)
	cmd := exec.Command(words[0], append(words[1:], file)...)
	if _, err := exec.LookPath(editor); err == nil {
		cmd = exec.Command(editor, file) // also a path with blanks
	} else if runtime.GOOS != "windows" {
		cmd = exec.Command("sh", "-c", editor+` "$1"`, "sh", file)
	}
	cmd.Env = env
	return cmd
}

func editorOf(env []string) string {
	for _, name := range [...]string{"VISUAL", "EDITOR"} {
		for _, entry := range env {
			if value, ok := strings.CutPrefix(entry, name+"="); ok && strings.TrimSpace(value) != "" {
				return strings.TrimSpace(value)
			}
		}
	}
	if runtime.GOOS == "windows" {
		return "notepad"
	}
	return "vi"
}

// takeEdited makes the user's text the one that will be written.
func (m *model) takeEdited(msg edited) {
	switch {
	case msg.err != nil:
		m.say(upper(msg.err.Error()))
		return
	case !msg.changed:
		m.say(notEdited)
		return
	}
	m.given = true
	here := m.review.row()
	for i := range m.review.rows {
		if row := &m.review.rows[i]; row.path == msg.path && row.unneeded == nil {
			row.edit(msg.text)
			delete(m.editions, msg.path)
			if row.ownTaken {
				m.editions[msg.path] = edition{row.entry.Content, msg.text}
			}
		}
	}
	if here != nil { // what was the same stands elsewhere
		m.review.goTo(here.path)
	}
	m.showEntry()
}

// edit takes a text for a file: the user's own, except where it is what one of
// the usual decisions gives.
func (row *reviewRow) edit(text string) {
	for _, fate := range row.fates {
		trial := *row
		trial.decide(fate)
		if trial.outcome() == text && (fate != disk.Skip || row.entry.Exists()) {
			row.decide(fate)
			return
		}
	}
	row.own = &text
	row.takeOwn()
}

// takeOwn decides for the text that the user made in an editor.
func (row *reviewRow) takeOwn() { row.fate, row.ownTaken = disk.Picked, true }

// outcome is a file's text after writing. Of one that is not written and not
// there, it is what davit would write.
func (row *reviewRow) outcome() string {
	e := row.entry
	switch {
	case row.ownTaken:
		return *row.own
	case !e.Exists():
		return e.Content
	case row.fate == disk.Picked:
		return row.picked()
	case row.fate == disk.Merge:
		text, _, _ := e.Merge()
		return text
	case row.written():
		return e.Content
	}
	return e.Existing
}

// recallEditions takes what was edited before, of files whose text by davit is
// still the one that was edited; it names those that are others now.
func (m *model) recallEditions() {
	var other []string
	for i := range m.review.rows {
		row := &m.review.rows[i]
		e, ok := m.editions[row.path]
		switch {
		case !ok || row.unneeded != nil:
		case e.davit == row.entry.Content:
			row.edit(e.text)
		default:
			other = append(other, shownName(row.path))
		}
	}
	if len(other) > 0 {
		m.notice = editedBefore(other)
	}
}

// showOwn shows the user's text of a file, with marks where it differs from
// what is there, or of a new file from davit's.
func (m *model) showOwn(row *reviewRow) {
	p := &m.preview
	i := slices.IndexFunc(p.files, func(s sheet) bool { return s.Path == row.path })
	if i < 0 {
		return
	}
	before, purpose := row.entry.Existing, ownPurpose
	if !row.entry.Exists() {
		before, purpose = row.entry.Content, ownNewPurpose
	}
	s := p.files[i]
	s.Content, s.Purpose, s.fresh = *row.own, purpose, false
	s.Notes = nil // they are of other lines
	s.doc = p.high.Document(s.Language, s.Content)
	s.marks = compareLines(highlight.Split(before), s.doc.Raw)
	p.at, p.pinned, p.diff = i, true, s
	p.clamp()
}

// say tells something where it is read: beside the form, or in the preview.
func (m *model) say(text string) {
	m.notice = text
	if m.reading() {
		m.preview.said = text
	}
}
