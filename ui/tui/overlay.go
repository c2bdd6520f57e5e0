package tui

import (
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// overlay is a box over the screen: the keys, or a question that has to be
// answered first.
type overlay struct {
	kind   overlayKind
	losses []loss // what would be replaced
	yes    bool   // the answer under the cursor
	list   fileList
	top    int // the first of the keys that is shown, where there is no room for all
}

type overlayKind int

const (
	noOverlay overlayKind = iota
	showKeys
	askReplace
	askFile
)

func (m *model) pressOverlay(k tea.KeyPressMsg) tea.Cmd {
	o := &m.overlay
	if o.kind == showKeys {
		switch {
		case key.Matches(k, keys.Up) && m.boxRoom() < len(m.keyLines()):
			o.top = max(o.top-1, 0)
		case key.Matches(k, keys.Down) && m.boxRoom() < len(m.keyLines()):
			o.top = min(o.top+1, len(m.keyLines())-m.boxRoom())
		default:
			*o = overlay{}
		}
		return nil
	}
	if o.kind == askFile {
		if path, done := o.list.press(k); done {
			*o = overlay{}
			m.open(path)
		}
		return nil
	}
	switch {
	case key.Matches(k, keys.Yes), o.yes && key.Matches(k, keys.Next):
		return m.write()
	case key.Matches(k, keys.No), key.Matches(k, keys.Next):
		*o = overlay{}
	case key.Matches(k, keys.Left, keys.Right, keys.Tab, keys.Up, keys.Down):
		o.yes = !o.yes
	}
	return nil
}

// wheelOverlay moves in what is longer than its box.
func (m *model) wheelOverlay(n int) {
	k := tea.KeyPressMsg{Code: tea.KeyDown}
	if n < 0 {
		k.Code = tea.KeyUp
	}
	if m.overlay.kind == askFile || m.overlay.kind == showKeys && m.boxRoom() < len(m.keyLines()) {
		m.pressOverlay(k)
	}
}

// box returns the lines of the overlay, framed.
func (m *model) box() []string {
	t := m.theme
	var title string
	var body []string
	switch m.overlay.kind {
	case showKeys:
		title, body = keysTitle, m.keyLines()
		if room := m.boxRoom(); len(body) > room {
			from := min(m.overlay.top, len(body)-room) // after a resize
			title, body = keysMoreTitle, body[from:from+room]
		}
	case askReplace:
		title, body = m.replaceTitle(), m.replaceLines()
	case askFile:
		title, body = filesTitle, m.overlay.list.lines(m.theme, m.listHeight())
	}
	width := ansi.StringWidth(title)
	for _, l := range body {
		width = max(width, ansi.StringWidth(l))
	}
	if m.overlay.kind == askFile { // it does not jump about while letters are typed
		width = max(width, 34)
		for _, p := range m.overlay.list.paths {
			width = max(width, ansi.StringWidth(p)+2)
		}
	}
	width = min(width, m.layout.w-6)
	side := t.accent.of("│")
	frame := func(s string) string { return side + " " + fit(s, width) + " " + side }
	out := []string{t.accent.of("╭─ ") + t.titleBold.of(title) + " " +
		t.accent.of(strings.Repeat("─", max(width-ansi.StringWidth(title)-1, 0))+"╮")}
	out = append(out, frame(""))
	for _, l := range body[:min(len(body), m.boxRoom())] {
		out = append(out, frame(l))
	}
	out = append(out, frame(""))
	return append(out, t.accent.of("╰"+strings.Repeat("─", width+2)+"╯"))
}

// boxBorder is how many lines a box has above its first one.
const boxBorder = 2

// boxRoom is how many lines a box has inside.
func (m *model) boxRoom() int { return max(m.layout.h-2*boxBorder, 1) }

// listHeight is how many of them the files by name take at most.
func (m *model) listHeight() int { return m.layout.h - 8 }

// boxPlace is where on the screen a box is.
func (m *model) boxPlace(box []string) (x, y int) {
	return max((m.layout.w-ansi.StringWidth(box[0]))/2, 0), max((m.layout.h-len(box))/2, 0)
}

func (m *model) replaceTitle() string {
	switch o := &m.overlay; removes(o.losses) {
	case 0:
		return replaceTitle
	case len(o.losses):
		return removeTitle
	}
	return bothTitle
}

func (m *model) replaceLines() []string {
	t := m.theme
	var out []string
	const most = 6
	for i, l := range m.overlay.losses {
		if i == most {
			out = append(out, t.dim.of("and "+plural(len(m.overlay.losses)-most, "more file")))
			break
		}
		out = append(out, t.warn.of("! ")+shownName(l.path)+t.dim.of("  "+shownName(l.what)))
	}
	yes, no := t.press(m.replaceButton(), m.overlay.yes), t.press(replaceNo, !m.overlay.yes)
	return append(out, "", yes+" "+no+t.dim.of("   y/n"))
}

func (m *model) replaceButton() string {
	switch n, _ := m.review.count(); removes(m.overlay.losses) {
	case 0:
		return replaceYes
	case n:
		return removeYes
	}
	return bothYes
}

// over lays a box over the screen's lines, which step back.
func (t *theme) over(lines, box []string, x, y, w int) []string {
	lines = slices.Clone(lines)
	for i := range lines {
		lines[i] = ansi.Strip(fit(lines[i], w))
	}
	width := ansi.StringWidth(box[0])
	for i, line := range lines {
		if i < y || i >= y+len(box) {
			lines[i] = t.rule.of(line)
			continue
		}
		lines[i] = t.rule.of(ansi.Cut(line, 0, x)) + box[i-y] + t.rule.of(ansi.Cut(line, x+width, w))
	}
	return lines
}
