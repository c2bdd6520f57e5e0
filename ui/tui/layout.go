package tui

// Sizes below which the screen changes its shape.
const (
	leastWidth, leastHeight = 60, 16
	wideWidth               = 96 // form and preview side by side
	tallHeight              = 30 // the overview and what was found as lists
)

// rect is a part of the screen in cells.
type rect struct{ x, y, w, h int }

func (r rect) has(x, y int) bool { return x >= r.x && x < r.x+r.w && y >= r.y && y < r.y+r.h }

// layout says where the parts are.
type layout struct {
	w, h       int
	small      bool // too small for anything but a sentence
	wide, tall bool
	header     rect
	form       rect // questions, or the list of files in review
	preview    rect
	footer     rect
}

// whyHeight is what the pane about a line takes from a preview that it is below.
func (m *model) whyHeight() int { return m.layout.preview.h/2 - 1 }

// arrange computes the layout of a terminal of this size. Narrow, form and
// preview have the same place and are shown one at a time.
func arrange(w, h int) layout {
	l := layout{w: w, h: h, small: w < leastWidth || h < leastHeight, wide: w >= wideWidth, tall: h >= tallHeight}
	l.header = rect{0, 0, w, 2}
	l.footer = rect{0, h - 2, w, 2}
	body := rect{1, 2, w - 2, max(h-4, 0)}
	if !l.wide {
		l.form, l.preview = body, body
		return l
	}
	l.split(min(max(w*39/100, 42), 60))
	return l
}

// split puts the preview beside a form of this width.
func (l *layout) split(left int) {
	l.form = rect{1, 2, left, max(l.h-4, 0)}
	l.preview = rect{1 + left + 3, 2, l.w - 2 - left - 3, max(l.h-4, 0)}
}

// give widens the form to what a list in it needs, up to half of the screen.
func (l *layout) give(width int) {
	if width = min(width, l.w/2-2); l.wide && width > l.form.w {
		l.split(width)
	}
}
