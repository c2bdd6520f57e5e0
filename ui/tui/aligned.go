package tui

import (
	"strconv"

	"github.com/aymanbagabas/go-udiff/lcs"
	"github.com/charmbracelet/x/ansi"

	"github.com/davit-cli/davit/ui/tui/highlight"
)

// aligned is a file of two variants, line beside line.
type aligned struct {
	a, b  *highlight.Document
	both  bool // side by side; else one below the other
	view  *view
	pairs []pair
	first []int
}

// A pair is the lines of both versions that stand in the same place; -1 for none.
type pair struct {
	a, b int
	same bool
}

// newAligned compares two versions. One below the other, each line that
// differs has a place of its own.
func newAligned(a, b *highlight.Document, both bool, v *view) *aligned {
	d := &aligned{a: a, b: b, both: both, view: v}
	i, j := 0, 0
	same := func(until int) {
		for ; i < until; i, j = i+1, j+1 {
			d.pairs = append(d.pairs, pair{i, j, true})
		}
	}
	for _, c := range lcs.DiffLines(a.Raw, b.Raw) {
		same(c.Start)
		d.first = append(d.first, len(d.pairs))
		if both {
			for n := range max(c.End-c.Start, c.ReplEnd-c.ReplStart) {
				d.pairs = append(d.pairs, pair{below(c.Start+n, c.End), below(c.ReplStart+n, c.ReplEnd), false})
			}
		} else {
			for n := c.Start; n < c.End; n++ {
				d.pairs = append(d.pairs, pair{n, -1, false})
			}
			for n := c.ReplStart; n < c.ReplEnd; n++ {
				d.pairs = append(d.pairs, pair{-1, n, false})
			}
		}
		i, j = c.End, c.ReplEnd
	}
	same(len(a.Raw))
	return d
}

func below(line, end int) int {
	if line < end {
		return line
	}
	return -1
}

func (d *aligned) len() int      { return len(d.pairs) }
func (d *aligned) starts() []int { return d.first }

// raw is what a search looks into: side by side, both versions.
func (d *aligned) raw(i int) string {
	switch p := d.pairs[i]; {
	case p.b < 0:
		return d.a.Raw[p.a]
	case p.a < 0 || p.same:
		return d.b.Raw[p.b]
	default:
		return d.a.Raw[p.a] + "\n" + d.b.Raw[p.b]
	}
}

func (d *aligned) row(t *theme, i, width int) row {
	p := d.pairs[i]
	if d.both {
		return d.beside(t, p, half(width))
	}
	doc, n, sign := d.b, p.b, " "
	switch {
	case p.same:
	case p.b < 0:
		doc, n, sign = d.a, p.a, t.bad.of("-")
	default:
		sign = t.good.of("+")
	}
	line := doc.Line(n)
	return row{number: n + 1, sign: sign, text: line.Text, width: line.Width}
}

// half is how wide one of two versions side by side is, with its numbers.
func half(width int) int { return (width - 3) / 2 }

// besideGutter is what stands before the text of a half.
const besideGutter = numberWidth + 3

// beside draws both versions of a line in as many rows as they take.
func (d *aligned) beside(t *theme, p pair, width int) row {
	left, right := halfLine{doc: d.a, n: p.a, sign: " "}, halfLine{doc: d.b, n: p.b, sign: " "}
	x := d.view.x
	if !p.same {
		left.sign, right.sign = t.bad.of("-"), t.good.of("+")
		first := d.words(t, p, &left, &right)
		if room := width - besideGutter; x == 0 && !d.view.wrap && first >= room-leastWord {
			x = max(first-room/3, 1) // so that what differs is in sight
		}
	}
	a, b := left.rows(t, width, x, d.view.wrap), right.rows(t, width, x, d.view.wrap)
	r := row{head: " ", width: max(left.width(), right.width())}
	for n := range max(len(a), len(b)) {
		text := pad(at(a, n), width) + " " + t.rule.of("│") + " " + at(b, n)
		if n == 0 {
			r.text = text
		} else {
			r.more = append(r.more, text)
		}
	}
	return r
}

// leastWord is how much of a word that differs has to be seen.
const leastWord = 8

// rows is how many rows line i takes side by side.
func (d *aligned) rows(i, width int) int {
	if !d.both || !d.view.wrap {
		return 1
	}
	p, n := d.pairs[i], 1
	for _, s := range [...]halfLine{{doc: d.a, n: p.a}, {doc: d.b, n: p.b}} {
		if room := half(width) - besideGutter; s.width() > room {
			n = max(n, len(breaks(ansi.Strip(s.doc.Line(s.n).Text), room))+1)
		}
	}
	return n
}

// A halfLine is one version's line; n is -1 where it has none there.
type halfLine struct {
	doc  *highlight.Document
	n    int
	sign string
	text string // styled, where it is not the document's own
}

func (s halfLine) width() int {
	if s.n < 0 {
		return 0
	}
	return s.doc.Line(s.n).Width
}

// rows draws it with its number, from column x on, or wrapped.
func (s halfLine) rows(t *theme, width, x int, wrap bool) []string {
	if s.n < 0 {
		return nil
	}
	text, room := s.text, width-besideGutter
	if text == "" {
		text = s.doc.Line(s.n).Text
	}
	number := strconv.Itoa(s.n + 1)
	gutter := blanks(numberWidth-len(number)) + t.dim.of(number) + " " + s.sign
	switch long := s.width(); {
	case wrap && long > room:
		var out []string
		from := 0
		for _, to := range append(breaks(ansi.Strip(text), room), long) {
			out = append(out, gutter+" "+ansi.Cut(text, from, to)+reset)
			gutter, from = blanks(numberWidth)+t.dim.of(ellipsis)+" ", to
		}
		return out
	case x > 0 && long > 0:
		return []string{gutter + t.dim.of("‹") + cutStyled(ansi.TruncateLeft(text, x, ""), room) + reset}
	}
	return []string{gutter + " " + cutStyled(text, room)}
}

// words marks in either side the words that the other does not have, and returns
// the first column that differs; -1 where one side has nothing beside it, or
// all of it is new.
func (d *aligned) words(t *theme, p pair, left, right *halfLine) int {
	if p.a < 0 || p.b < 0 {
		return -1
	}
	a, b := d.a.Line(p.a).Text, d.b.Line(p.b).Text
	gone, come := changedWords(ansi.Strip(a), ansi.Strip(b))
	left.text, right.text = marked(a, gone, t.badWord), marked(b, come, t.goodWord)
	first := -1
	for _, spans := range [...][]cells{gone, come} {
		if len(spans) > 0 && (first < 0 || spans[0].from < first) {
			first = spans[0].from
		}
	}
	return first
}

// differ tells how a file of variant b stands against its like in variant a.
func differ(inA, inB bool, a, b string) string {
	switch {
	case !inB:
		return "-"
	case !inA:
		return "+"
	case a != b:
		return "≠"
	}
	return "="
}
