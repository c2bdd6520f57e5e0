package tui

import (
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/davit-cli/davit/wizard"
)

// form is the fields of the present step. A step with several has a button
// after them, which is where it begins.
type form struct {
	step    step
	fields  []field
	focus   int // len(fields) is the button
	errs    []string
	touched bool // the user has changed something
	width   int
	drawn   []string // the focused field's lines, nil after every message to it
}

func newForm(s step, a wizard.Answers, t *theme, found found, width int) form {
	s.questions = asked(s.questions, a)
	f := form{step: s, width: width}
	for _, q := range s.questions {
		fd := newField(q, a, t, f.several(), found.candidates(q.ID))
		f.fields = append(f.fields, fd)
	}
	f.errs = make([]string, len(f.fields))
	f.resize(width)
	if f.several() {
		f.focus = len(f.fields)
	}
	for i, q := range s.questions {
		if found.undecided(q, a) {
			f.focus = i // this one only the user knows
			break
		}
	}
	f.point()
	return f
}

// several reports whether the step is a screen of values with a button.
func (f *form) several() bool { return f.step.id == detailsStep }

func (f *form) onButton() bool { return f.several() && f.focus == len(f.fields) }

// resize tells the fields whose width is the pane's.
func (f *form) resize(width int) {
	f.width, f.drawn = width, nil
	for _, fd := range f.fields {
		if fd.rows == 0 {
			fd.model.WithWidth(max(width-labelWidth-4, 10))
		}
	}
}

func (f *form) focused() (field, bool) {
	if f.focus < len(f.fields) {
		return f.fields[f.focus], true
	}
	return field{}, false
}

// point tells the focused field that it is. Its command is left out: it would
// make the cursor blink, and a calm screen draws nothing by itself.
func (f *form) point() {
	f.drawn = nil
	if fd, ok := f.focused(); ok {
		fd.model.Focus()
	}
}

// typing reports whether letters belong to a value.
func (f *form) typing() bool {
	fd, ok := f.focused()
	return ok && fd.typing()
}

// send gives a message to the focused field, and returns the command of those
// keys that read something, such as the clipboard.
func (f *form) send(msg tea.Msg) tea.Cmd {
	fd, ok := f.focused()
	if !ok {
		return nil
	}
	f.drawn = nil
	before, at := slices.Clone(fd.values()), fd.under()
	_, cmd := fd.model.Update(msg)
	if fd.under() != at {
		f.fields[f.focus].moved = true
	}
	if !slices.Equal(before, fd.values()) {
		f.touched = true
		f.errs[f.focus] = ""
	}
	if k, ok := msg.(tea.KeyPressMsg); ok && key.Matches(k, keys.Paste) {
		return cmd
	}
	return nil
}

// moveTo moves the focus to another field or the button; a field that is left
// is checked, and may be left with its error.
func (f *form) moveTo(i int) {
	i = min(max(i, 0), len(f.fields))
	if fd, ok := f.focused(); ok {
		f.check(f.focus)
		fd.model.Blur()
	}
	f.focus = i
	f.point()
}

// check records what is wrong with a field.
func (f *form) check(i int) bool {
	f.errs[i] = f.fields[i].fault()
	return f.errs[i] == ""
}

// faulty is the first field that is known to be wrong, -1 where none is.
func (f *form) faulty() int {
	return slices.IndexFunc(f.errs, func(e string) bool { return e != "" })
}

// fault is what is wrong with that one, by its name.
func (f *form) fault() string {
	i := f.faulty()
	return label(f.fields[i].q) + ": " + f.errs[i]
}

// wrong is what is wrong with a value that was typed, so that answers leaves it
// out.
func (f *form) wrong() (string, bool) {
	if !f.several() || !f.touched {
		return "", false
	}
	for _, fd := range f.fields {
		if fault := fd.fault(); fault != "" && !slices.Equal(fd.values(), fd.before) {
			return label(fd.q) + ": " + fault, true
		}
	}
	return "", false
}

// valid checks every field and focuses the first that is wrong.
func (f *form) valid() bool {
	bad := -1
	for i := range f.fields {
		if !f.check(i) && bad < 0 {
			bad = i
		}
	}
	if bad >= 0 {
		f.focus = bad
		f.point()
	}
	return bad < 0
}

// answers returns a with what the fields hold; a value that cannot be is left
// as it was. hover adds the choice that the cursor was moved to where several are
// possible.
func (f *form) answers(a wizard.Answers, hover bool) wizard.Answers {
	a = a.Clone()
	for i, fd := range f.fields {
		values := fd.values()
		if hover && i == f.focus {
			if c, _, ok := fd.unticked(); ok {
				values = append(slices.Clone(values), c.ID)
			}
		}
		_ = a.Set(fd.q.ID, values...) // half-typed: the answer before it stays
	}
	return a
}

// ids are the questions of the step.
func (f *form) ids() []string {
	var ids []string
	for _, q := range f.step.questions {
		ids = append(ids, q.ID)
	}
	return ids
}

// choice is the one under the cursor of a list.
func (f *form) choice() (wizard.Question, wizard.Choice, bool) {
	fd, ok := f.focused()
	if !ok {
		return wizard.Question{}, wizard.Choice{}, false
	}
	c, ok := fd.q.Choice(fd.under())
	return fd.q, c, ok
}

// rows are the lines in which huh draws the focused field. They are half the
// work of a frame, and stay as they are while the preview scrolls.
func (f *form) rows() []string {
	if fd, ok := f.focused(); ok && f.drawn == nil {
		f.drawn = strings.Split(fd.model.View(), "\n")
		for i := range f.drawn {
			f.drawn[i] = strings.TrimRight(f.drawn[i], " ")
		}
	}
	return f.drawn
}
