package tui

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// clickForm moves the cursor to what stands on a line of the form. Where it is
// there already, that is taken as by a key: ticked where several are possible.
func (m *model) clickForm(y int) tea.Cmd {
	lines := m.formLines(m.layout.form.w, m.layout.form.h)
	if y < 0 || y >= len(lines) || m.whyShown() {
		return nil
	}
	if m.step().id == reviewStep {
		m.clickReview(y)
		return nil
	}
	m.read(false)
	names, here := m.clickable()
	line := strings.TrimLeft(ansi.Strip(lines[y]), " ›✓•✗")
	at := slices.IndexFunc(names, func(name string) bool {
		return line == name || strings.HasPrefix(line, name+" ")
	})
	press := func(code rune) tea.Cmd { return m.press(tea.KeyPressMsg{Code: code}) }
	switch {
	case at < 0:
		return nil
	case m.step().id == detailsStep:
		m.form.moveTo(at)
		return nil
	case at == here && m.several():
		return press(tea.KeySpace)
	case at == here:
		return press(tea.KeyEnter)
	}
	for ; here < at; here++ {
		press(tea.KeyDown)
	}
	for ; here > at; here-- {
		press(tea.KeyUp)
	}
	return nil
}

// clickReview moves the cursor to the file on a line of the list; nothing
// becomes of it, as many things may. The line of the files that are the same
// unfolds or folds them.
func (m *model) clickReview(y int) {
	r := &m.review
	_, first, items := r.lines(m.theme, m.layout.form.w, m.layout.form.h, m.notice)
	m.read(false)
	if y -= first; y < 0 || y >= len(items) {
		return
	}
	if items[y] == folded {
		r.at = slices.Index(r.items(), folded)
		m.fold(!r.open)
		return
	}
	r.goTo(r.rows[items[y]].path)
	m.showEntry()
}

// several reports whether the step is a list of which several can be ticked.
func (m *model) several() bool {
	fd, ok := m.form.focused()
	return ok && fd.q.Multiple
}

// clickable are the names of what the cursor can be on, and where it is.
func (m *model) clickable() (names []string, here int) {
	switch m.step().id {
	case starterStep:
		if !m.starter {
			here = 1
		}
		return []string{starterYes, starterNo}, here
	case rootStep, appStep:
		for _, r := range m.choosing.rows {
			names = append(names, r.value)
		}
		return names, m.choosing.at
	case detailsStep:
		for _, fd := range m.form.fields {
			names = append(names, label(fd.q))
		}
		return append(names, detailsButton), m.form.focus
	}
	for _, c := range m.form.fields[0].q.Choices {
		names = append(names, c.Title)
	}
	return names, m.form.fields[0].at()
}
