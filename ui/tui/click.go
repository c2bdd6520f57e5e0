package tui

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// clickForm presses the button that is there, or moves the cursor to what stands
// on a line of the form. Where it is there already, that is taken as by a key:
// ticked where several are possible.
func (m *model) clickForm(x, y int) tea.Cmd {
	lines := m.formLines(m.layout.form.w, m.layout.form.h)
	if y < 0 || y >= len(lines) || m.whyShown() {
		return nil
	}
	if onButton(lines[y], m.button(), x) {
		return m.pressButton()
	}
	if m.step().id == reviewStep {
		if m.review.picking == nil {
			m.clickReview(y)
		}
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
	case m.step().id == detailsStep && at == here:
		m.clickStrip(x)
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

// onButton reports whether a column of a line is on the button with this label.
func onButton(line, label string, x int) bool {
	before, _, ok := strings.Cut(ansi.Strip(line), buttonText(label))
	from := ansi.StringWidth(before)
	return ok && label != "" && x >= from && x < from+ansi.StringWidth(buttonText(label))
}

// button is the label of the form's button, "" where it has none.
func (m *model) button() string {
	switch {
	case m.step().id == detailsStep:
		return detailsButton
	case m.step().id == reviewStep:
		return m.review.button()
	}
	return ""
}

// pressButton does what the form's button says.
func (m *model) pressButton() tea.Cmd {
	m.notice = ""
	switch {
	case m.step().id == detailsStep:
		m.read(false)
		m.form.moveTo(len(m.form.fields))
		return m.next()
	case m.review.picking != nil:
		m.pressHunks(tea.KeyPressMsg{Code: tea.KeyEnter})
		return nil
	}
	return m.write()
}

// clickStrip takes the value of the focused field that stands in a column.
func (m *model) clickStrip(x int) {
	fd, _ := m.form.focused()
	titles, at := fd.strip()
	if titles == nil {
		return
	}
	_, spans := m.theme.strip(titles, at, stripWidth(m.layout.form.w))
	x -= m.layout.form.w - stripWidth(m.layout.form.w)
	i := slices.IndexFunc(spans, func(s span) bool { return x >= s.from && x < s.to })
	if i < 0 {
		return
	}
	for ; at < spans[i].index; at++ {
		m.press(tea.KeyPressMsg{Code: tea.KeyRight})
	}
	for ; at > spans[i].index; at-- {
		m.press(tea.KeyPressMsg{Code: tea.KeyLeft})
	}
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
			names = append(names, shownName(r.value))
		}
		return names, m.choosing.at
	case detailsStep:
		for _, fd := range m.form.fields {
			names = append(names, label(fd.q))
		}
		return names, m.form.focus
	}
	for _, c := range m.form.fields[0].q.Choices {
		names = append(names, c.Title)
	}
	return names, m.form.fields[0].at()
}

// clickOverlay presses a button of the box, or takes the file whose name is
// there. The keys go away at any click.
func (m *model) clickOverlay(x, y int) tea.Cmd {
	o, box := &m.overlay, m.box()
	left, top := m.boxPlace(box)
	if x, y = x-left, y-top; o.kind == showKeys {
		*o = overlay{}
	}
	if y < 0 || y >= len(box) {
		return nil
	}
	switch o.kind {
	case askReplace:
		switch {
		case onButton(box[y], m.replaceButton(), x):
			return m.write()
		case onButton(box[y], replaceNo, x):
			*o = overlay{}
		}
	case askFile:
		if path, ok := o.list.under(y-boxBorder, m.listHeight()); ok && x >= 0 && x < ansi.StringWidth(box[y]) {
			*o = overlay{}
			m.open(path)
		}
	}
	return nil
}
