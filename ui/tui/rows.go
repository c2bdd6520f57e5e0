package tui

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// A row is one line of a file as it is drawn: a number, a sign, its text.
type row struct {
	number int      // from 1; 0 for none
	sign   string   // styled, one cell
	text   string   // styled
	width  int      // of text, in cells
	head   string   // where the row is a headline: what stands in place of the gutter
	more   []string // further rows of it, behind the same
}

// view is how the preview shows lines; switches of the reader's.
type view struct {
	bare bool // no line numbers
	wrap bool // long lines go on in the next row
	x    int  // columns that are scrolled out at the left
}

// row is line i of a sheet.
func (p *preview) row(s sheet, i int) row {
	if s.diff != nil {
		return s.diff.row(p.theme, i, p.size.w)
	}
	line := s.doc.Line(i)
	m := s.mark(i)
	ink := p.theme.markInk(m)
	if p.age >= fading {
		ink = p.theme.dim
	}
	return row{number: i + 1, sign: ink.of(signs[m]), text: line.Text, width: line.Width}
}

// gutterWidth is what stands before the text: number, cursor, sign, blank.
func (p *preview) gutterWidth(s sheet) int {
	if p.view.bare {
		return 3
	}
	return p.digits(s) + 3
}

func (p *preview) digits(s sheet) int {
	if s.diff != nil {
		return numberWidth
	}
	return max(len(strconv.Itoa(s.doc.Len())), 2)
}

// body draws the visible lines of a file with numbers and marks.
func (p *preview) body(s sheet, w, rows int) []string {
	out := make([]string, 0, rows)
	room := w - p.gutterWidth(s)
	for i := p.here().top; i < s.len() && len(out) < rows; i++ {
		r := p.row(s, i)
		r.text = p.found.mark(p.theme, r.text)
		if r.head != "" {
			out = append(out, cutStyled(p.headline(r, i), w))
			for _, more := range r.more[:min(len(r.more), rows-len(out))] {
				out = append(out, cutStyled(r.head+p.found.mark(p.theme, more), w))
			}
			continue
		}
		gutter := p.gutter(s, r, i)
		if !p.view.wrap || r.width <= room {
			out = append(out, gutter+p.piece(r, room))
			continue
		}
		from := 0
		for n, to := range append(breaks(ansi.Strip(r.text), room), r.width) {
			if len(out) == rows {
				break
			}
			if n > 0 {
				gutter = p.goesOn(s, i)
			}
			out = append(out, gutter+ansi.Cut(r.text, from, to)+reset)
			from = to
		}
	}
	return out
}

// piece is the part of a line that is in sight, when lines are not wrapped.
func (p *preview) piece(r row, room int) string {
	text := r.text
	if x := p.view.x; x > 0 && !p.view.wrap {
		if r.width <= x {
			return ""
		}
		text = ansi.TruncateLeft(text, x, "")
		return cutStyled(text, room) + reset
	}
	if r.width > room {
		return cut(text, room) + reset
	}
	return text
}

// gutter draws what stands before a line's text.
func (p *preview) gutter(s sheet, r row, i int) string {
	t := p.theme
	var b strings.Builder
	b.Grow(64)
	if !p.view.bare {
		number := ""
		if r.number > 0 {
			number = strconv.Itoa(r.number)
		}
		ink := t.dim
		if p.reading && i == p.here().line {
			ink = t.accentBold
		}
		b.WriteString(blanks(p.digits(s) - len(number)))
		b.WriteString(ink.of(number))
	}
	b.WriteString(p.cursor(i))
	b.WriteString(r.sign)
	if p.view.x > 0 && !p.view.wrap && r.width > 0 {
		b.WriteString(t.dim.of("‹"))
	} else {
		b.WriteString(" ")
	}
	return b.String()
}

// goesOn is the gutter of a line's further rows.
func (p *preview) goesOn(s sheet, i int) string {
	cursor := " "
	if p.selected(i) {
		cursor = p.theme.accent.of(selectedSign)
	}
	width := p.gutterWidth(s)
	return p.theme.dim.of(blanks(width-4)+"…") + cursor + blanks(min(width-1, 2))
}

// The cursor and the selection have a shape each, in a column of their own.
const (
	cursorSign   = "›"
	selectedSign = "┃"
)

func (p *preview) cursor(i int) string {
	switch {
	case !p.reading:
		return " "
	case i == p.here().line:
		return p.theme.accentBold.of(cursorSign)
	case p.selected(i):
		return p.theme.accent.of(selectedSign)
	}
	return " "
}

func (p *preview) headline(r row, i int) string {
	if p.reading && (i == p.here().line || p.selected(i)) {
		return p.cursor(i) + " " + r.text
	}
	return r.head + r.text
}

// height is how many rows a line takes.
func (p *preview) height(line int) int {
	s := p.sheet()
	if !p.view.wrap || line < 0 || line >= s.len() {
		return 1
	}
	if d, ok := s.diff.(*lazy); ok && d.get().both {
		return d.rows(line, p.size.w)
	}
	r := p.row(s, line)
	room := p.size.w - p.gutterWidth(s)
	if r.head != "" || r.width <= room {
		return 1
	}
	return len(breaks(ansi.Strip(r.text), room)) + 1
}

// breaks returns the cells at which a line of text goes on in the next row:
// behind a blank where there is one in the row's second half, and never inside
// a character that is two cells wide.
func breaks(text string, room int) []int {
	if room < 2 {
		return nil
	}
	var at []int
	from, blank, x := 0, 0, 0
	for text != "" {
		cluster, width := ansi.FirstGraphemeCluster(text, ansi.GraphemeWidth)
		if len(cluster) == 0 {
			_, n := utf8.DecodeRuneInString(text)
			cluster = text[:n]
		}
		if x+width-from > room {
			if blank > from+room/2 {
				from = blank
			} else {
				from = x
			}
			at = append(at, from)
		}
		x += width
		if cluster == " " {
			blank = x
		}
		text = text[len(cluster):]
	}
	return at
}

// sideways scrolls lines that are longer than the pane is wide.
func (p *preview) sideways(columns int) {
	p.view.x += columns
	p.clampSide()
}

// clampSide lets the longest line in sight not scroll out.
func (p *preview) clampSide() {
	if p.view.x <= 0 || p.view.wrap {
		p.view.x = 0
		return
	}
	s := p.sheet()
	longest := 0
	for i := p.here().top; i < s.len() && i < p.here().top+p.rows(); i++ {
		longest = max(longest, p.row(s, i).width)
	}
	room := p.size.w - p.gutterWidth(s)
	if d, ok := s.diff.(*lazy); ok && d.get().both {
		room = half(p.size.w) - besideGutter
	}
	p.view.x = min(p.view.x, max(longest-room, 0))
}

func (t *theme) markInk(m mark) ink {
	switch m {
	case added:
		return t.good
	case altered:
		return t.accent
	default:
		return t.bad
	}
}

// lineAt is the line in a row of the preview, counted from its top.
func (p *preview) lineAt(row int) (int, bool) {
	row -= 3 + p.gap()
	if row < 0 || row >= p.rows() || p.at >= len(p.files) {
		return 0, false
	}
	for line := p.here().top; line < p.sheet().len(); line++ {
		if row -= p.height(line); row < 0 {
			return line, true
		}
	}
	return 0, false
}
