package tui

import (
	"cmp"
	"slices"
)

// What stands below the matrix where variants are compared: the table of
// meanings, the files, or both.

// A part is what stands below the matrix. Both do only where there is room.
type part int

const (
	bothParts part = iota
	filesAlone
	meaningAlone
)

// exploreSize draws what stands above the files, and gives them the rest.
func (m *model) exploreSize() {
	e, l := m.explore, m.layout
	e.room = rect{1, 2, l.w - 2, max(l.h-4, 0)}
	body := e.room
	e.above = e.matrixLines(m.theme, body.w)
	e.pane.note = ""
	switch {
	case !e.tabled():
		e.pane.note = e.said()
	case e.filed():
		e.above = append(append(e.above, ""), e.meaningLines(m.theme, body.w, body.h-15, e.beside(l))...)
		e.above = append(e.above, "")
	default:
		e.above = append(append(e.above, ""), e.meaningLines(m.theme, body.w, body.h-len(e.above)-1, false)...)
	}
	e.pane.resize(rect{body.x, body.y + len(e.above), body.w, max(body.h-len(e.above), 0)})
	if d, ok := e.shown(); ok && d.both != e.beside(l) {
		m.exploreFiles()
	}
}

// roomyExplore is how high the room is that shows meanings and files at once.
const roomyExplore = 26

func (e *explore) roomy() bool { return e.room.h >= roomyExplore }

// filed and tabled report whether the files are shown, and the table of meanings.
func (e *explore) filed() bool  { return e.part == filesAlone || e.part == bothParts && e.roomy() }
func (e *explore) tabled() bool { return e.part != filesAlone }

// after is the part that the key brings: the other one, or where there is room
// for both, each alone in turn.
func (e *explore) after() part {
	switch {
	case e.part == meaningAlone && e.roomy():
		return bothParts
	case e.part == filesAlone && e.roomy():
		return meaningAlone
	case e.part == filesAlone:
		return bothParts
	}
	return filesAlone
}

func (e *explore) partName(p part) string {
	switch {
	case p == filesAlone:
		return "files"
	case p == bothParts && e.roomy():
		return "both"
	}
	return "meaning"
}

// said is what the table would say above its rows, for the files without it.
func (e *explore) said() string {
	for i, s := range e.sides {
		if text := cmp.Or(s.fault, s.note); text != "" {
			return ofSide(i, text)
		}
	}
	return ""
}

// exploreLines is the whole screen but its header and footer; what has just to
// be said stands at its end.
func (m *model) exploreLines(h int) []string {
	e := m.explore
	out := slices.Clone(e.above)
	if e.filed() {
		out = append(out, e.pane.lines()...)
	}
	if m.notice == "" {
		return out
	}
	said := wrapped("! ", m.notice, m.theme.warn, m.layout.w-2)
	for len(out) < h {
		out = append(out, "")
	}
	return append(out[:max(min(len(out), h)-len(said), 0)], said...)
}

func (e *explore) shown() (*aligned, bool) {
	if e.pane.at >= len(e.pane.files) {
		return nil, false
	}
	d, ok := e.pane.sheet().diff.(*lazy)
	if !ok {
		return nil, false
	}
	return d.get(), true
}

// beside reports whether both versions stand side by side.
func (e *explore) beside(l layout) bool { return l.wide && !e.unified }
