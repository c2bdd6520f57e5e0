package tui

import (
	"path"
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// nameSheets gives each file the shortest name that no other has: its own, or
// with the folders above it.
func nameSheets(sheets []sheet) {
	taken := make(map[string]int, len(sheets))
	for i := range sheets {
		sheets[i].label = path.Base(sheets[i].Path)
		taken[sheets[i].label]++
	}
	for again := true; again; {
		again = false
		next := map[string]int{}
		for i := range sheets {
			s := &sheets[i]
			if taken[s.label] > 1 && s.label != s.Path {
				rest := strings.TrimSuffix(s.Path, "/"+s.label)
				s.label = path.Base(rest) + "/" + s.label
				again = true
			}
			next[s.label]++
		}
		taken = next
	}
}

// tabBar is which names of files are visible, and where.
type tabBar struct {
	first, last int // files; a part of them where they do not fit
	spans       []span
}

type span struct{ from, to, index int }

const (
	tabGap    = 3
	moreWidth = 5 // "‹ 12 "
)

// place chooses the visible tabs so that the present one is among them.
func (b *tabBar) place(p *preview) {
	if len(p.files) == 0 {
		*b = tabBar{}
		return
	}
	w := p.size.w
	b.first = min(b.first, p.at)
	b.last = b.lastFrom(p, b.first, w)
	for b.last < p.at && b.first < p.at {
		b.first++
		b.last = b.lastFrom(p, b.first, w)
	}
	for b.first > 0 && b.lastFrom(p, b.first-1, w) >= b.last {
		b.first-- // use the room that is left
	}
	b.last = max(b.last, p.at)
	b.spans = b.spans[:0]
	x := 0
	if b.first > 0 {
		x = ansi.StringWidth(moreLeft(b.first))
	}
	for i := b.first; i <= b.last; i++ {
		width := ansi.StringWidth(p.tab(i))
		b.spans = append(b.spans, span{x, x + width, i})
		x += width + tabGap
	}
}

func (b *tabBar) lastFrom(p *preview, first, w int) int {
	x, last := 0, first-1
	if first > 0 {
		x = moreWidth
	}
	for i := first; i < len(p.files); i++ {
		x += ansi.StringWidth(p.tab(i))
		room := w
		if i < len(p.files)-1 {
			room = w - moreWidth
		}
		if x > room {
			break
		}
		last = i
		x += tabGap
	}
	return last
}

// tab is the name of a file, with a sign where the last change touched it.
func (p *preview) tab(i int) string {
	s, sign := p.files[i], ""
	switch {
	case s.sign != "":
		sign = s.sign
	case s.fresh:
		sign = signs[added]
	case s.marks != nil:
		sign = signs[altered]
	}
	return cut(sign+s.label, p.size.w-2*moreWidth)
}

func moreLeft(n int) string  { return "‹ " + strconv.Itoa(n) + " " }
func moreRight(n int) string { return " " + strconv.Itoa(n) + " ›" }

// draw returns the names of the files and the line under them, which is heavy
// under the present one. What does not fit is counted on each side.
func (b *tabBar) draw(p *preview, w int) []string {
	t := p.theme
	var names, under strings.Builder
	x := 0
	put := func(i ink, s string) {
		names.WriteString(i.of(s))
		width := ansi.StringWidth(s)
		if i == t.titleBold {
			under.WriteString(t.accent.of(strings.Repeat("━", width)))
		} else {
			under.WriteString(t.rule.of(strings.Repeat("─", width)))
		}
		x += width
	}
	if b.first > 0 {
		put(t.dim, moreLeft(b.first))
	}
	for _, s := range b.spans {
		if s.index > b.first {
			put("", blanks(tabGap))
		}
		ink := t.dim
		if s.index == p.at {
			ink = t.titleBold
		}
		put(ink, p.tab(s.index))
	}
	more := ""
	if rest := len(p.files) - 1 - b.last; rest > 0 {
		more = moreRight(rest)
	}
	put("", blanks(w-x-ansi.StringWidth(more)))
	put(t.dim, more)
	return []string{names.String(), under.String()}
}

// fileAt returns the file whose tab is in this column, or -1.
func (b *tabBar) fileAt(x int) int {
	for _, s := range b.spans {
		if x >= s.from && x < s.to {
			return s.index
		}
	}
	return -1
}
