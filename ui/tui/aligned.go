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
func newAligned(a, b *highlight.Document, both bool) *aligned {
	d := &aligned{a: a, b: b, both: both}
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

func (d *aligned) raw(i int) string {
	if p := d.pairs[i]; p.b >= 0 {
		return d.b.Raw[p.b]
	} else {
		return d.a.Raw[p.a]
	}
}

func (d *aligned) row(t *theme, i, width int) row {
	p := d.pairs[i]
	if d.both {
		half := (width - 3) / 2
		var left, right string
		if p.same {
			left, right = d.half(t, d.a, p.a, " ", "", "", half), d.half(t, d.b, p.b, " ", "", "", half)
		} else {
			gone, come := d.words(t, p)
			left, right = d.half(t, d.a, p.a, "-", t.bad, gone, half), d.half(t, d.b, p.b, "+", t.good, come, half)
		}
		return row{head: " ", text: pad(left, half) + " " + t.rule.of("│") + " " + right}
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

// half draws one version's line, or nothing where it has none there.
func (d *aligned) half(t *theme, doc *highlight.Document, n int, sign string, i ink, text string, width int) string {
	if n < 0 {
		return ""
	}
	if text == "" {
		text = doc.Line(n).Text
	}
	number := strconv.Itoa(n + 1)
	return blanks(numberWidth-len(number)) + t.dim.of(number) + " " + i.of(sign) + " " + cutStyled(text, width-numberWidth-3)
}

// words is the text of either line with the words marked that the other does
// not have; "" where one of them has nothing beside it.
func (d *aligned) words(t *theme, p pair) (left, right string) {
	if p.a < 0 || p.b < 0 {
		return "", ""
	}
	a, b := d.a.Line(p.a).Text, d.b.Line(p.b).Text
	gone, come := changedWords(ansi.Strip(a), ansi.Strip(b))
	return marked(a, gone, t.badWord), marked(b, come, t.goodWord)
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
