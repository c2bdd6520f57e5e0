package tui

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/davit-cli/davit/generator"
	"github.com/davit-cli/davit/generator/origin"
	"github.com/davit-cli/davit/wizard"
)

// why tells about the line under the preview's cursor: the principle behind it,
// and the answers that put it there.
type why struct {
	asked   string       // the answers whose origins were asked for
	files   origin.Files // nil until they are there
	flipped bool         // shown where it is not by itself, or the other way
}

// traced brings the origins of the lines that some answers give.
type traced struct {
	asked string
	files origin.Files
}

// whyShown reports whether the pane is shown: beside the preview by itself,
// below it, where it takes room, on demand.
func (m *model) whyShown() bool { return m.reading() && m.layout.wide != m.why.flipped }

// trace works out, beside the wizard, which answers each line comes from. It
// asks once for the same answers.
func (m *model) trace() tea.Cmd {
	if !m.reading() {
		return nil
	}
	reviewing := m.step().id == reviewStep
	asked := fmt.Sprintf("%v %v %v", m.trial, m.starter, reviewing)
	if m.why.asked == asked {
		return nil
	}
	m.why.asked, m.why.files = asked, nil
	answers, sets, starter := m.trial.Clone(), m.sets, m.starter
	recorded, project := m.options.Recorded, m.project
	return func() tea.Msg {
		files, err := origin.Of(answers, func(a wizard.Answers) ([]generator.File, error) {
			made, err := sets.make(a, starter)
			if err == nil && reviewing {
				made = append(slices.Clone(made), recorded.Record(a, project))
			}
			return made, err
		})
		if err != nil {
			files = origin.Files{} // of answers without files there is nothing to tell
		}
		return traced{asked, files}
	}
}

// A reason is what is known of one line.
type reason struct {
	line   int // in the generated file, from 1; 0 for one that is not davit's
	note   generator.Note
	causes []origin.Cause
}

// reason is about the line under the cursor.
func (m *model) reason() reason {
	p := &m.preview
	if p.at >= len(p.files) {
		return reason{}
	}
	s := p.sheet()
	r := reason{line: p.here().line + 1}
	switch {
	case s.diff != nil:
		r.line = 0
		if d, ok := s.diff.(*fileDiff); ok {
			r.line = d.davitLine(p.here().line)
		}
	case s.doc != p.files[p.at].doc: // the user's own text
		r.line = 0
	}
	if r.line == 0 {
		return r
	}
	f := p.files[p.at].File
	r.note = noteAt(f, r.line)
	r.causes = m.why.files[f.Path].Line(r.line - 1)
	if i := slices.IndexFunc(r.causes, func(c origin.Cause) bool { return c.Question == r.note.Question }); i > 0 {
		c := r.causes[i] // the one that the note is about comes first
		r.causes = slices.Insert(slices.Delete(slices.Clone(r.causes), i, i+1), 0, c)
	}
	return r
}

// noteAt is the closest note about a line. A comment belongs to what it stands
// above.
func noteAt(f generator.File, line int) generator.Note {
	lines := strings.Split(f.Content, "\n")
	for line <= len(lines) {
		var closest generator.Note
		for _, n := range f.Notes {
			if n.First <= line && line <= n.Last && (closest.Why == "" || n.Last-n.First < closest.Last-closest.First) {
				closest = n
			}
		}
		if closest.Why != "" || !strings.HasPrefix(strings.TrimSpace(lines[line-1]), "#") {
			return closest
		}
		line++
	}
	return generator.Note{}
}

// question is the one to go to from the line: of the answers that put it there
// the first, else the one that the note is about.
func (r reason) question() string {
	for _, c := range r.causes {
		if c.Question != origin.Project {
			return c.Question
		}
	}
	return r.note.Question
}

// toQuestion goes to the question whose answer put the line there.
func (m *model) toQuestion() tea.Cmd {
	id := m.reason().question()
	i := slices.IndexFunc(m.steps, func(s step) bool {
		return slices.ContainsFunc(s.questions, func(q wizard.Question) bool { return q.ID == id })
	})
	if i < 0 {
		m.preview.said = noQuestion
		return nil
	}
	if i != m.at { // at the same question, what is under the cursor stays there
		if what, why := m.leaveStep(); what != "" {
			m.preview.said = dropsThere(what, why)
			return nil
		}
	}
	m.read(false)
	var cmd tea.Cmd
	if i != m.at {
		cmd = m.enter(i)
	}
	for n, fd := range m.form.fields {
		if fd.q.ID == id && m.form.several() {
			m.form.moveTo(n)
		}
	}
	return cmd
}

// whyLines draws the pane in at most h lines; where that is not enough, with
// the answers beside the title.
func (m *model) whyLines(w, h int) []string {
	t, r := m.theme, m.reason()
	if r.line == 0 {
		return []string{t.titleBold.of(whyTitle), t.dim.of(cut(notDavits, w))}
	}
	if p := &m.preview; strings.TrimSpace(p.sheet().raw(p.here().line)) == "" { // there is nothing to ask about
		return []string{t.titleBold.of(fmt.Sprintf("%s %d", whyTitle, r.line))}
	}
	out := m.whyRoomy(r, w)
	if len(out) > h {
		out = m.whyTight(r, w)
	}
	if len(out) > h {
		out = append(out[:h-1:h-1], t.dim.of(ellipsis))
	}
	return out
}

func (m *model) whyRoomy(r reason, w int) []string {
	t := m.theme
	out := []string{t.titleBold.of(fmt.Sprintf("%s %d", whyTitle, r.line)), ""}
	out = append(out, r.noteLines(t, w)...)
	if r.note.Source != "" {
		out = append(append(out, ""), wrapped("", r.note.Source, t.dim, w)...)
	}
	out = append(out, "")
	if text := m.noCauses(r); text != "" {
		return append(out, wrapped("", text, t.dim, w)...)
	}
	target, whole := r.question(), false
	for i, c := range r.causes {
		switch {
		case c.Whole && !whole:
			if i > 0 {
				out = append(out, "")
			}
			out, whole = append(out, t.title.of(fileBy)), true
		case i == 0:
			out = append(out, t.title.of(lineBy))
		}
		out = append(out, m.causeLines(c, c.Question == target, w)...)
	}
	return out
}

func (m *model) whyTight(r reason, w int) []string {
	t := m.theme
	title := t.titleBold.of(fmt.Sprintf("%s %d", whyTitle, r.line)) + "  "
	var names []string
	for _, c := range r.causes {
		if q, ok := wizard.Find(c.Question); ok {
			names = append(names, label(q)+" "+t.bold.of(answer(q, m.trial)))
		} else {
			names = append(names, projectLabel)
		}
	}
	if text := m.noCauses(r); text != "" {
		title += t.dim.of(text)
	} else {
		title += t.accentBold.of("→ ") + strings.Join(names, ", ")
	}
	out := append([]string{cut(title, w)}, r.noteLines(t, w)...)
	if r.note.Source != "" {
		out = append(out, t.dim.of(cut(r.note.Source, w)))
	}
	return out
}

func (r reason) noteLines(t *theme, w int) []string {
	if r.note.Why == "" {
		return wrapped("", noNote, t.dim, w)
	}
	return wrapped("", r.note.Why, "", w)
}

// noCauses says why no answers can be named, or nothing where they can.
func (m *model) noCauses(r reason) string {
	switch {
	case m.why.files == nil:
		return tracingText
	case len(r.causes) == 0:
		return sameEverywhere
	}
	return ""
}

// causeLines draws an answer that a line depends on, and without which of its
// alternatives the line would not be there.
func (m *model) causeLines(c origin.Cause, target bool, w int) []string {
	t := m.theme
	mark := "  "
	if target {
		mark = t.accentBold.of("→ ")
	}
	q, ok := wizard.Find(c.Question)
	if !ok {
		return []string{cut(mark+pad(projectLabel, labelWidth-2)+projectText, w)}
	}
	out := []string{cut(mark+pad(label(q), labelWidth-2)+t.bold.of(answer(q, m.trial)), w)}
	if q.Kind != wizard.Choose || c.Always && !q.Multiple {
		return out
	}
	var with, without []string
	for _, id := range c.Without {
		choice, _ := q.Choice(id)
		if q.Multiple && slices.Contains(m.trial.Get(q.ID), id) {
			without = append(without, choice.Title)
		} else {
			with = append(with, choice.Title)
		}
	}
	var parts []string
	if len(without) > 0 {
		parts = append(parts, "not without "+strings.Join(without, ", "))
	}
	if len(with) > 0 {
		parts = append(parts, "not with "+strings.Join(with, ", "))
	}
	return append(out, wrapped("    ", strings.Join(parts, "; "), t.dim, w)...)
}
