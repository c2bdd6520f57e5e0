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
	left := min(max(w*39/100, 42), 60)
	l.form = rect{body.x, body.y, left, body.h}
	l.preview = rect{body.x + left + 3, body.y, body.w - left - 3, body.h}
	return l
}
