package tui

import (
	"slices"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// pressExplore is a key while variants are compared.
func (m *model) pressExplore(k tea.KeyPressMsg) tea.Cmd {
	e := m.explore
	q := e.questions[e.row]
	switch {
	case key.Matches(k, keys.Help, keys.HelpAnytime):
		m.overlay = overlay{kind: showKeys}
		return nil
	case key.Matches(k, keys.GoTo):
		m.overlay = overlay{kind: askFile, list: newFileList(e.pane.paths())}
		return nil
	case e.pane.found.query != "" && k.String() == "esc":
		e.pane.found.clear()
		return nil
	case key.Matches(k, keys.Explore, keys.ExploreAnytime, keys.Back) && k.String() != "shift+tab":
		m.explore = nil
		m.resize(m.layout.w, m.layout.h)
		return nil
	case key.Matches(k, keys.Next):
		return m.takeExplored()
	case key.Matches(k, keys.Why):
		e.part, e.top = e.after(), 0
		m.resize(m.layout.w, m.layout.h)
		return nil
	case key.Matches(k, keys.Search):
		m.filesOnly()
		e.pane.startSearch()
		return nil
	case key.Matches(k, keys.NextMatch):
		e.pane.nextMatch(1)
		return nil
	case key.Matches(k, keys.PrevMatch):
		e.pane.nextMatch(-1)
		return nil
	case key.Matches(k, keys.Copy):
		m.notice = copyElsewhere
		return nil
	case key.Matches(k, keys.Unified):
		e.unified = !e.unified
		m.exploreSize()
		e.pane.bringChange()
		return nil
	case key.Matches(k, keys.Wrap):
		e.pane.view.wrap = !e.pane.view.wrap
		e.pane.stay()
		return nil
	case key.Matches(k, keys.SideLeft):
		e.pane.sideways(-sideStep)
		return nil
	case key.Matches(k, keys.SideRight):
		e.pane.sideways(sideStep)
		return nil
	case !e.filed() && e.scroll(k):
		m.exploreSize()
		return nil
	case !e.filed() && key.Matches(k, keys.NextChange, keys.PrevFile, keys.NextFile, keys.PrevFileLetter, keys.NextFileLetter):
		m.filesOnly() // what these keys move in is out of sight
		return nil
	case key.Matches(k, keys.NextChange):
		e.nextDifference()
		return nil
	case e.pane.press(k, false, e.turn):
		return nil
	case key.Matches(k, keys.Tab), k.String() == "shift+tab":
		e.on = 1 - e.on
		e.col = e.place()
	case key.Matches(k, keys.Up):
		e.row = max(e.row-1, 0)
		e.col = e.place()
	case key.Matches(k, keys.Down):
		e.row = min(e.row+1, len(e.questions)-1)
		e.col = e.place()
	case key.Matches(k, keys.Left):
		e.col = max(e.col-1, 0)
	case key.Matches(k, keys.Right):
		e.col = min(e.col+1, len(q.Choices)-1)
	case key.Matches(k, keys.Toggle) && q.Multiple:
		if !e.tick() {
			m.notice = lastTick
		}
	default:
		return nil
	}
	m.explorePoint()
	m.resize(m.layout.w, m.layout.h)
	return nil
}

// tick adds the choice under the cursor to those of its side, or takes it away;
// the last one stays.
func (e *explore) tick() bool {
	q, s := e.questions[e.row], &e.sides[e.on]
	id, now := q.Choices[e.col].ID, slices.Clone(s.chosen.Get(q.ID))
	if i := slices.Index(now, id); i >= 0 {
		now = slices.Delete(now, i, i+1)
	} else {
		now = append(now, id)
	}
	s.by = q.ID
	return s.chosen.Set(q.ID, now...) == nil
}

func (e *explore) turn(n int) {
	e.pane.turn(n)
	e.pane.bringChange()
}

// nextDifference goes to the next stretch that differs, behind the last one of a
// file in the next file that does.
func (e *explore) nextDifference() {
	p := &e.pane
	if p.at >= len(p.files) || p.files[p.at].diff != nil && p.further(p.files[p.at].diff.starts(), 2) {
		return
	}
	for n := range p.files {
		i := (p.at + 1 + n) % len(p.files)
		if s := p.files[i]; s.diff != nil && s.sign != "=" {
			p.open(s.Path)
			if starts := s.diff.starts(); len(starts) > 0 {
				p.lookAt(starts[0], 2)
			}
			return
		}
	}
}

// filesOnly brings the files where only the table is shown.
func (m *model) filesOnly() {
	if !m.explore.filed() {
		m.explore.part = filesAlone
		m.exploreSize()
	}
}

// scroll moves the table; it reports whether k is a key for that.
func (e *explore) scroll(k tea.KeyPressMsg) bool {
	page := max(e.room.h-len(e.questions)-3, 1)
	switch {
	case key.Matches(k, keys.PageUp):
		e.top -= page
	case key.Matches(k, keys.PageDown):
		e.top += page
	case key.Matches(k, keys.HalfUp):
		e.top -= max(page/2, 1)
	case key.Matches(k, keys.HalfDown):
		e.top += max(page/2, 1)
	case key.Matches(k, keys.Top):
		e.top = 0
	case key.Matches(k, keys.Bottom):
		e.top = 1 << 20
	default:
		return false
	}
	return true // the drawing keeps it between the ends
}

// wheel scrolls what is shown.
func (m *model) wheelExplore(lines int) {
	e := m.explore
	if e.filed() {
		e.pane.scrollTo(e.pane.here().top + lines)
		return
	}
	e.top += lines
	m.exploreSize()
}

// clickExplore opens the file whose name is there, or goes to the choice.
func (m *model) clickExplore(x, y int) {
	e := m.explore
	r := e.pane.size
	if i := e.pane.tabs.fileAt(x - r.x); e.filed() && i >= 0 && y >= r.y && y < r.y+2 {
		e.pane.open(e.pane.files[i].Path)
		e.pane.bringChange()
		return
	}
	row := y - e.room.y
	if row < 0 || row >= len(e.cells) {
		return
	}
	for _, c := range e.cells[row] {
		if at := x - e.room.x; at >= c.from && at < c.to {
			e.row, e.col = row, c.index
			m.explorePoint()
			m.resize(m.layout.w, m.layout.h)
			return
		}
	}
}

// keys are those of the screen, the most needed first.
func (e *explore) keys() []key.Binding {
	if e.pane.found.query != "" {
		return bindNone(bind("n/N", "next, before"), bind("esc", "end the search"), keys.Help)
	}
	several := e.questions[e.row].Multiple
	narrow := e.room.w < 70
	var list []key.Binding
	if !several || !narrow {
		list = append(list, bind("←→↑↓", "choose"))
	}
	if several {
		list = append(list, keys.Toggle)
	}
	list = append(list, named(keys.Tab, "to "+sideNames[1-e.on]), named(keys.Next, "take "+sideNames[e.on]),
		named(keys.Why, e.partName(e.after())), named(keys.Back, "back"))
	if e.filed() {
		list = append(list, keys.NextChange, bind("[ ]", "file"), keys.Search)
	}
	return append(list, keys.Help)
}

func (e *explore) allKeys() []keyGroup {
	return []keyGroup{
		{"Variants", bindNone(bind("←/→ h/l", "other choice"), bind("↑/↓ k/j", "question"), keys.Toggle, named(keys.Tab, "the other side"),
			named(keys.Next, "take it"), bind("esc/=", "back, as it was"))},
		{"Files", bindNone(bind("[ ]", "other file"), keys.GoTo, keys.NextChange, keys.Search, bind("n/N", "next, before"), bind("ctrl+u/d", "half a page"),
			bind("pgup/pgdn", "a page"), bind("g/G", "top, bottom"), keys.Unified, keys.Wrap, bind("< >", "sideways"), named(keys.Why, "files or meaning"))},
	}
}
