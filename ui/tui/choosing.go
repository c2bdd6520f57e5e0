package tui

import (
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/davit-cli/davit/wizard/inspect"
)

// choosing is what inspection could not decide and the rest depends on: which
// of several services, or which app of one. It is asked before anything else.
type choosing struct {
	title, help string
	rows        []choosable
	at          int
}

// choosable is one of the things to choose among.
type choosable struct {
	value, note, evidence string
}

// asksFirst returns the step that has to be asked first, if there is one.
func (m *model) asksFirst() (step, bool) {
	f := m.found.facts
	if m.options.Recorded.Has("app") || m.settled["app"] || f.App.Value != "" {
		return step{}, false
	}
	c := choosing{}
	s := step{}
	switch {
	case len(f.Roots) > 1 && m.options.Enter != nil && !slices.ContainsFunc(f.Roots, func(r inspect.Root) bool { return r.Value == "." }):
		c.title, c.help, s = rootTitle, rootHelp, step{id: rootStep, label: rootLabel}
		for _, r := range f.Roots {
			c.rows = append(c.rows, choosable{r.Value, strings.Join(notEmpty(r.App, r.Dependencies), ", "), r.Evidence})
		}
		c.rows = append(c.rows, choosable{value: ".", note: rootHere})
	case len(f.App.Choices) > 1:
		c.title, c.help, s = appTitle, appHelp, step{id: appStep, label: appLabel}
		for _, a := range f.App.Choices {
			var notes []string
			if a.Factory {
				notes = append(notes, "a factory")
			}
			if a.AppDir != "" {
				notes = append(notes, "in "+a.AppDir)
			}
			c.rows = append(c.rows, choosable{a.Value, strings.Join(notes, ", "), a.Evidence})
		}
	default:
		return s, false
	}
	m.choosing = c
	return s, true
}

func notEmpty(words ...string) []string {
	return slices.DeleteFunc(words, func(w string) bool { return w == "" })
}

// lines draws the choices, a line each with where it was found.
func (c choosing) lines(t *theme, w, h int, notice string) []string {
	out := []string{t.titleBold.of(cut(c.title, w))}
	out = append(out, wrapped("", c.help, t.dim, w)...)
	out = append(out, "")
	var foot []string
	if notice != "" {
		foot = append([]string{""}, wrapped("! ", notice, t.warn, w)...)
	}
	var rows []string
	for i, r := range c.rows {
		left := "  " + shownName(r.value)
		if i == c.at {
			left = t.accentBold.of("› ") + t.bold.of(shownName(r.value))
		}
		if r.note != "" {
			left += "  " + t.dim.of(shownName(r.note))
		}
		rows = append(rows, cut(withSource(left, shownName(r.evidence), t.dim, w), w))
	}
	return slices.Concat(out, window(rows, c.at, max(h-len(out)-len(foot), 3)), foot)
}

func (m *model) pressChoosing(k tea.KeyPressMsg) tea.Cmd {
	c := &m.choosing
	switch {
	case key.Matches(k, keys.Next, keys.Tab):
		return m.next()
	case key.Matches(k, keys.Back):
		return m.back()
	case key.Matches(k, keys.Up):
		c.at = max(c.at-1, 0)
	case key.Matches(k, keys.Down):
		c.at = min(c.at+1, len(c.rows)-1)
	}
	if m.step().id == appStep {
		m.takeApp()
	}
	m.refresh()
	return nil
}

// chose confirms what is under the cursor.
func (m *model) chose() tea.Cmd {
	if m.step().id == rootStep {
		if root := m.choosing.rows[m.choosing.at].value; root != "." {
			return m.enterRoot(root)
		}
		return m.enter(m.at + 1)
	}
	m.takeApp()
	m.given = true
	for _, id := range [...]string{"app", "factory", "app_dir"} {
		m.settled[id] = true
	}
	return m.enter(m.at + 1)
}

// takeApp puts the app under the cursor into the answers.
func (m *model) takeApp() {
	a := m.found.facts.App.Choices[m.choosing.at]
	_ = m.answers.Set("app", a.Value) // one that Answers refuses stays as it was
	m.answers.Factory, m.answers.AppDir = a.Factory, ""
	if a.AppDir != "" {
		_ = m.answers.Set("app_dir", a.AppDir)
	}
}

// enterRoot begins anew in the folder of one service.
func (m *model) enterRoot(root string) tea.Cmd {
	o, err := m.options.Enter(root)
	if err != nil {
		m.notice = upper(err.Error())
		return nil
	}
	o.sets = m.options.sets
	l, isDark, profile := m.layout, m.isDark, m.profile
	*m = *newModel(m.ctx, o)
	m.isDark, m.profile = isDark, profile
	m.repaint()
	m.resize(l.w, l.h)
	m.enter(0)
	return inspectFolder(m.options)
}
