package tui

import (
	"fmt"
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/davit-cli/davit/wizard"
)

// labelWidth is the column of names in overview, facts and details.
const labelWidth = 19

// formLines draws the left pane: what was found, the overview, the question.
func (m *model) formLines(w, h int) []string {
	if m.step().id == reviewStep {
		lines, _, _ := m.review.lines(m.theme, w, h, m.notice)
		return lines
	}
	top := m.overview(w)
	room := h - len(top) - 1
	question := m.question(w, room)
	if spare := room - len(question) - 1; spare > 0 && !m.form.several() {
		if facts := m.found.lines(m.theme, w, spare); len(facts) > 0 {
			top = slices.Concat(facts, []string{""}, top)
		}
	}
	out := slices.Concat(top, []string{""}, question)
	return out[:min(len(out), h)]
}

// overview lists the steps with their answers, or names them in a line where
// the terminal is not tall.
func (m *model) overview(w int) []string {
	t := m.theme
	if !m.layout.tall {
		return []string{m.breadcrumb(w)}
	}
	var out []string
	for i, s := range m.steps {
		name := pad(s.label, labelWidth-2)
		switch {
		case i == m.at:
			out = append(out, t.accentBold.of("› "+name)+cut(s.summary(m.taking, m.starter), w-labelWidth))
		case i <= m.reached:
			out = append(out, t.good.of("✓ ")+t.dim.of(name)+cut(s.summary(m.answers, m.starter), w-labelWidth))
		default:
			out = append(out, t.dim.of("  "+name))
		}
	}
	return out
}

// breadcrumb is the way in one line. The present step and its number are always
// in it; of the answers before it, as many as fit, the nearest first.
func (m *model) breadcrumb(w int) string {
	t := m.theme
	const gap = "  "
	here := t.accentBold.of("› "+m.step().label) + t.dim.of(fmt.Sprintf(" %d/%d", m.at+1, len(m.steps)))
	part := func(i int) string {
		return t.good.of("✓ ") + t.dim.of(m.steps[i].summary(m.answers, m.starter))
	}
	line := here
	for i := m.at - 1; i >= 0; i-- {
		longer := part(i) + gap + line
		if ansi.StringWidth(longer) > w-2*min(i, 1) {
			line = cut(t.dim.of(ellipsis)+" "+line, w)
			break
		}
		line = longer
	}
	for i := m.at + 1; i <= m.reached; i++ {
		line = cut(line+gap+part(i), w)
	}
	return line
}

// question draws the present step in at most h lines.
func (m *model) question(w, h int) []string {
	switch {
	case m.step().id == starterStep:
		return m.starterLines(w)
	case m.step().id == rootStep, m.step().id == appStep:
		return m.choosing.lines(m.theme, w, h, m.notice)
	case m.form.several():
		return m.detailLines(w, h)
	}
	t, fd := m.theme, m.form.fields[0]
	head := []string{t.titleBold.of(cut(fd.q.Title, w))}
	if fd.q.Multiple {
		head[0] = cut(t.titleBold.of(fd.q.Title)+"  "+t.dim.of(spaceTicks), w)
	}
	if h > 12 {
		head = append(head, wrapped("", fd.q.Help, t.dim, w)...)
		head = append(head, "")
	}
	rows := m.form.rows()
	foot := m.footnotes(w)
	if h > 12 {
		foot = append([]string{""}, foot...)
	}
	foot = atLeast(foot, min(m.footRows(w)+1, h-len(head)-len(rows)))
	room := max(h-len(head)-len(foot), 3)
	list := slices.Clone(window(rows, fd.at(), room))
	if more := hidden(len(rows) - room); more != "" {
		head[0] = cut(head[0]+t.dim.of(more), w)
	}
	for i := range list {
		list[i] = cut(list[i], w)
	}
	return slices.Concat(head, list, foot)
}

// footnotes stand under a list: what is to be done, or about the choice under the
// cursor.
func (m *model) footnotes(w int) []string {
	if m.notice != "" {
		return wrapped("! ", m.notice, m.theme.warn, w)
	}
	if q, c, ok := m.form.choice(); ok {
		return m.aboutChoice(q, c, w)
	}
	return nil
}

// footRows is how many lines the longest of the notes under the form takes. They
// have that room where there is some, so that nothing moves with the cursor.
func (m *model) footRows(w int) int {
	f := &m.form
	if f.footRows > 0 {
		return f.footRows
	}
	for _, fd := range f.fields {
		if f.several() {
			f.footRows = max(f.footRows, len(wrapped("", fd.q.Help, "", w)))
			continue
		}
		for _, c := range fd.q.Choices {
			f.footRows = max(f.footRows, len(m.aboutChoice(fd.q, c, w)))
		}
	}
	return f.footRows
}

// aboutChoice is what a choice gives and takes, or why it is excluded.
func (m *model) aboutChoice(q wizard.Question, c wizard.Choice, w int) []string {
	t := m.theme
	if why := m.excluded(q, c); why != "" {
		return wrapped(excludedMark, upper(why), t.warn, w)
	}
	var out []string
	if m.form.fields[0].cuts(c, w) {
		out = wrapped("  ", c.Help, t.dim, w)
	}
	if c.Gain != "" {
		out = append(out, wrapped("+ ", upper(c.Gain), t.good, w)...)
	}
	if c.Cost != "" {
		out = append(out, wrapped("− ", upper(c.Cost), t.warn, w)...)
	}
	if warning := wizard.Warning(m.answers, q.ID, c.ID); warning != "" {
		out = append(out, wrapped("! ", warning, t.warn, w)...)
	}
	return out
}

// excluded returns why the choice cannot be taken beside the confirmed answers.
func (m *model) excluded(q wizard.Question, c wizard.Choice) string {
	return wizard.Excluded(m.answers, q.ID, c.ID)
}

func (m *model) starterLines(w int) []string {
	t := m.theme
	title, help := m.found.starterTexts()
	out := []string{t.titleBold.of(cut(title, w))}
	if looks := m.found.facts.LooksLike(); looks != "" {
		out = append(out, wrapped("! ", spoken(upper(looks)+"."), t.warn, w)...)
	}
	out = append(out, wrapped("", help, t.dim, w)...)
	out = append(out, "")
	if m.found.starterRefused() != "" {
		return append(out, t.accentBold.of("› ")+t.bold.of(starterOnly))
	}
	for i, text := range []string{starterYes, starterNo} {
		if (i == 0) == m.starter {
			out = append(out, t.accentBold.of("› ")+t.bold.of(text))
		} else {
			out = append(out, "  "+t.dim.of(text))
		}
	}
	if m.notice != "" {
		out = append(append(out, ""), wrapped("! ", m.notice, t.warn, w)...)
	}
	return out
}

// detailLines draws the values to confirm, a line each; the one in focus is
// huh's field, with its help under the list.
func (m *model) detailLines(w, h int) []string {
	t := m.theme
	var rows []string
	at := 0
	for i, fd := range m.form.fields {
		if i == m.form.focus {
			at = len(rows)
			if fd.q.Multiple {
				at += 1 + fd.at()
			}
		}
		rows = append(rows, m.detailRow(i, fd, w)...)
	}
	head := []string{t.titleBold.of(cut(detailsTitle, w))}
	foot := m.detailFoot(w, h-len(head)-len(rows))
	if h > len(rows)+len(foot)+4 {
		head = append(head, "")
	}
	if m.form.onButton() {
		at = len(rows) - 1
	}
	room := max(h-len(head)-len(foot), 3)
	foot[0] = t.dim.of(hidden(len(rows) - room))
	return slices.Concat(head, window(rows, at, room), foot)
}

func (m *model) detailRow(i int, fd field, w int) []string {
	t := m.theme
	name := pad(label(fd.q), labelWidth-2)
	if i != m.form.focus {
		cursor := "  "
		if m.form.errs[i] != "" {
			cursor = t.bad.of("✗ ")
		}
		left := cursor + t.dim.of(name) + spoken(fd.shown())
		if short, _ := m.remark(fd.q); short != "" {
			return []string{withSource(left, short, t.warn, w)}
		}
		return []string{withSource(left, m.found.evidence(fd.q, m.trial), t.dim, w)}
	}
	left := t.accentBold.of("› " + name)
	if fd.rows > 0 && fd.q.Multiple {
		out := []string{left + t.dim.of(spaceTicks)}
		for _, l := range m.form.rows() {
			out = append(out, cut("    "+l, w))
		}
		return out
	}
	if titles, at := fd.strip(); titles != nil { // beginning with the room for a bracket
		values, _ := t.strip(titles, at, stripWidth(w))
		left = t.accentBold.of("› "+pad(label(fd.q), labelWidth-3)) + values
	} else {
		typed := m.form.rows()[0] // filled with blanks up to the field's width
		end := ansi.StringWidth(strings.TrimRight(ansi.Strip(typed), " "))
		left += ansi.Truncate(typed, end+1, "") // with the cursor behind it
	}
	source := ""
	if slices.Equal(fd.values(), m.taking.Get(fd.q.ID)) { // not of what cannot be
		source = m.found.evidence(fd.q, m.taking)
	}
	return []string{cut(withSource(left, source, t.dim, w), w)}
}

// stripWidth is the room for values beside their name, with that for a bracket.
func stripWidth(w int) int { return w - labelWidth + 1 }

// strip draws values side by side, as many as fit, the present one in brackets,
// and tells where they are.
func (t *theme) strip(titles []string, at, w int) (string, []span) {
	cells := make([]string, len(titles))
	for i, title := range titles {
		cells[i] = " " + t.dim.of(title) + " "
		if i == at {
			cells[i] = t.accentBold.of("[") + t.bold.of(title) + t.accentBold.of("]")
		}
	}
	return among(cells, at, w)
}

// remark is what the folder says against the present answer to a question; the
// starter brings what it names itself.
func (m *model) remark(q wizard.Question) (short, sentence string) {
	if m.starter && q.ID != "port" {
		return "", ""
	}
	return m.found.remark(q, m.taking)
}

// shown is the value of a field that has no focus.
func (f field) shown() string {
	values := f.values()
	if len(values) == 0 {
		if f.q.Multiple {
			return noValue
		}
		return unsetValue
	}
	if f.q.Kind == wizard.Switch {
		if values[0] == "true" {
			return "yes"
		}
		return "no"
	}
	titles := slices.Clone(values)
	for i, v := range titles {
		if c, ok := f.q.Choice(v); ok {
			titles[i] = c.Title
		}
	}
	return strings.Join(titles, ", ")
}

// detailFoot is the help or the fault of the focused value, and the button.
// missing is what answers name and the folder has not, or "": an image of it
// is built and does not start.
func (m *model) missing(a wizard.Answers) string {
	if m.starter {
		return ""
	}
	for _, id := range []string{"app_dir", "app"} {
		q, _ := wizard.Find(id)
		if _, why := m.found.remark(q, a); why != "" {
			return why
		}
	}
	return ""
}

func (m *model) detailFoot(w, spare int) []string {
	t := m.theme
	var out []string
	fd, ok := m.form.focused()
	switch {
	case m.notice != "":
		out = wrapped("! ", m.notice, t.warn, w)
	case !ok && m.form.faulty() >= 0:
		out = wrapped("✗ ", m.form.fault(), t.bad, w)
	case !ok && m.missing(m.taking) != "":
		out = wrapped("! ", m.missing(m.taking)+".", t.warn, w)
	case !ok:
		out = wrapped("", detailsHelp, t.dim, w)
	case m.form.errs[m.form.focus] != "":
		out = wrapped("✗ ", m.form.errs[m.form.focus], t.bad, w)
	default:
		out = wrapped("", fd.q.Help, t.dim, w)
		if _, why := m.remark(fd.q); why != "" {
			out = wrapped("! ", why+".", t.warn, w)
		}
		if c, ok := fd.q.Choice(fd.under()); ok && c.Help != "" && !fd.q.Multiple {
			out = wrapped("", c.Title+": "+c.Help, t.dim, w)
		}
	}
	out = atLeast(out, max(min(m.footRows(w), spare-3), 2)) // beside the button
	button := t.press(detailsButton, m.form.onButton())
	if m.form.onButton() {
		button += t.dim.of("  enter")
	}
	return append(append([]string{""}, out...), "", button)
}
