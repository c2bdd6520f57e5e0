package tui

// The preview's place: which line is the first one on the screen, and which one
// the cursor is on while the preview is read.

// place is where one file stands.
type place struct {
	top  int // the first line that is shown
	line int // the one under the cursor
}

func (p *preview) here() place { return p.places[p.path()] }

// move goes by lines: the cursor while the preview is read, else what is shown.
func (p *preview) move(lines int) {
	if p.reading {
		p.goTo(p.here().line + lines)
		return
	}
	p.scrollTo(p.here().top + lines)
}

// page goes by lines too, but takes what is shown along with the cursor.
func (p *preview) page(lines int) {
	at := p.here()
	if !p.reading {
		p.scrollTo(at.top + lines)
		return
	}
	p.places[p.path()] = place{at.top + lines, at.line + lines}
	p.clamp()
}

// goTo puts the cursor on a line, and that line on the screen.
func (p *preview) goTo(line int) {
	if p.at >= len(p.files) {
		return
	}
	at := p.here()
	at.line = min(max(line, 0), max(p.sheet().len()-1, 0))
	at.top = min(max(at.top, p.topFor(at.line)), at.line)
	p.places[p.path()] = at
	p.clamp()
}

// scrollTo shows a line as the first one; the cursor stays on the screen, where
// there is one, and else goes along, as nobody would find it again.
func (p *preview) scrollTo(line int) {
	p.places[p.path()] = place{line, p.here().line}
	p.clamp()
	if !p.reading {
		p.cursorToTop()
	}
}

// cursorToTop puts the cursor on the first line that is shown.
func (p *preview) cursorToTop() {
	at := p.here()
	p.places[p.path()] = place{at.top, at.top}
}

// show the line with some of what stands above it.
func (p *preview) lookAt(line, above int) {
	p.scrollTo(line - above)
	if p.reading {
		p.goTo(line)
	}
}

// clamp keeps the place inside the file, the cursor on the screen, and the
// file's tab in sight.
func (p *preview) clamp() {
	p.tabs.place(p)
	if p.fromIn != p.path() {
		p.from = -1 // a selection is of one file
	}
	if p.at >= len(p.files) {
		return
	}
	last := max(p.sheet().len()-1, 0)
	at := p.here()
	at.top = min(max(at.top, 0), p.topFor(last))
	at.line = min(max(at.line, at.top), p.lastFrom(at.top))
	p.places[p.path()] = at
	p.clampSide()
}

// stay keeps the line under the cursor where there is one, when the room changes.
func (p *preview) stay() {
	if p.reading {
		p.goTo(p.here().line)
		return
	}
	p.clamp()
}

// topFor is the first line of a screen that ends with this one.
func (p *preview) topFor(line int) int {
	room := p.rows()
	for top := line; ; top-- {
		if room -= p.height(top); room < 0 || top == 0 {
			if room < 0 && top < line {
				top++
			}
			return max(top, 0)
		}
	}
}

// lastFrom is the last line of a screen that begins with this one.
func (p *preview) lastFrom(top int) int {
	room, last := p.rows(), max(p.sheet().len()-1, 0)
	for line := top; line <= last; line++ {
		if room -= p.height(line); room < 0 {
			return max(line-1, top)
		}
	}
	return last
}

// nextChange goes to the next stretch that the last change touched, from the
// last one to the first, into other files where this one has none.
func (p *preview) nextChange() {
	if p.at >= len(p.files) {
		return
	}
	s := p.sheet()
	if s.diff != nil {
		p.nextOf(s.diff.starts(), 2)
		return
	}
	if !s.touched() {
		if p.follow(p.path()); p.path() != s.Path { // which shows its first one
			return
		}
	}
	p.nextOf(s.starts(), 3)
}

// bringChange shows a stretch that differs, where none is in sight.
func (p *preview) bringChange() {
	if p.at >= len(p.files) || p.sheet().diff == nil {
		return
	}
	starts := p.sheet().diff.starts()
	top := p.here().top
	for _, line := range starts {
		if line >= top && line <= p.lastFrom(top) {
			return
		}
	}
	if len(starts) > 0 {
		p.lookAt(starts[0], 2)
	}
}

// nextOf goes to the first of these lines that lies behind the present place,
// and shows some lines above it; behind the last one to the first.
func (p *preview) nextOf(starts []int, above int) {
	if !p.further(starts, above) && len(starts) > 0 {
		p.lookAt(starts[0], above)
	}
}

// further is nextOf that stays where none lies behind; it reports that.
func (p *preview) further(starts []int, above int) bool {
	at := p.here()
	for _, line := range starts {
		behind := line-above > at.top && at.top < p.topFor(p.sheet().len()-1)
		if p.reading {
			behind = line > at.line
		}
		if behind {
			p.lookAt(line, above)
			return true
		}
	}
	return false
}

// end is the last line.
func (p *preview) end() int {
	if p.at >= len(p.files) {
		return 0
	}
	return max(p.sheet().len()-1, 0)
}
