package tui

import (
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// The preview is read when the keys go to it: a line has the cursor, lines can
// be selected, copied and looked into.

// reading reports whether keys go to the preview.
func (m *model) reading() bool {
	return m.showing == previewPane && m.review.picking == nil
}

// read gives the keys to the preview, or back to the form.
func (m *model) read(yes bool) {
	m.showing = formPane
	if yes {
		m.showing = previewPane
	}
	m.preview.reading = yes
	m.preview.from = -1
	m.preview.found.clear()
	m.resize(m.layout.w, m.layout.h)
}

// pressPreview is a key while the preview is read.
func (m *model) pressPreview(k tea.KeyPressMsg) tea.Cmd {
	p := &m.preview
	switch {
	case key.Matches(k, keys.Up):
		p.move(-1)
	case key.Matches(k, keys.Down):
		p.move(1)
	case key.Matches(k, keys.Left):
		m.turn(-1)
	case key.Matches(k, keys.Right):
		m.turn(1)
	case key.Matches(k, keys.NextMatch):
		p.nextMatch(1)
	case key.Matches(k, keys.PrevMatch):
		p.nextMatch(-1)
	case key.Matches(k, keys.Select):
		p.selectLines()
	case key.Matches(k, keys.Copy):
		return m.copyLines()
	case key.Matches(k, keys.Wrap):
		p.view.wrap = !p.view.wrap
		p.stay()
	case key.Matches(k, keys.Numbers):
		p.view.bare = !p.view.bare
		p.stay()
	case key.Matches(k, keys.SideLeft):
		p.sideways(-sideStep)
	case key.Matches(k, keys.SideRight):
		p.sideways(sideStep)
	case key.Matches(k, keys.Why):
		m.why.flipped = !m.why.flipped
		m.resize(m.layout.w, m.layout.h)
	case key.Matches(k, keys.ToQuestion):
		return m.toQuestion()
	case key.Matches(k, keys.Edit) && m.step().id == reviewStep:
		return m.edit()
	case key.Matches(k, keys.Diff) && m.step().id == reviewStep:
		m.showDiff()
	case key.Matches(k, keys.Back):
		switch {
		case p.from >= 0:
			p.from = -1
		case p.found.query != "":
			p.found.clear()
		default:
			m.read(false)
		}
	}
	return nil
}

const sideStep = 8

// selectLines begins a selection at the cursor, or drops it.
func (p *preview) selectLines() {
	if p.from >= 0 {
		p.from = -1
		return
	}
	p.from, p.fromIn = p.here().line, p.path()
}

// selected reports whether a line is between the beginning of the selection
// and the cursor.
func (p *preview) selected(line int) bool {
	from, to, ok := p.selection()
	return ok && line >= from && line <= to
}

func (p *preview) selection() (from, to int, ok bool) {
	if p.from < 0 || !p.reading {
		return 0, 0, false
	}
	from, to = p.from, p.here().line
	return min(from, to), max(from, to), true
}

// copyLines gives the selected lines, or else the whole file, to the terminal's
// clipboard by OSC 52, which reaches through ssh.
func (m *model) copyLines() tea.Cmd {
	p := &m.preview
	if p.at >= len(p.files) {
		return nil
	}
	s := p.sheet()
	from, to, some := p.selection()
	if !some {
		from, to = 0, s.len()-1
	}
	lines := make([]string, 0, to-from+1)
	for i := from; i <= to && i < s.len(); i++ {
		lines = append(lines, s.raw(i))
	}
	text := strings.Join(lines, "\n") + "\n"
	if !some && s.diff == nil {
		text = s.Content // to the byte
	}
	p.from = -1
	p.said = copied(s.Path, from, to, some)
	return tea.SetClipboard(text)
}

// raw is a line as it is in the file; an empty file has none, and the cursor
// is on its first line all the same.
func (s sheet) raw(i int) string {
	switch {
	case s.diff != nil:
		return s.diff.raw(i)
	case i < len(s.doc.Raw):
		return s.doc.Raw[i]
	default:
		return ""
	}
}
