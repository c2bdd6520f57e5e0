package tui

import (
	"slices"
	"strings"

	"github.com/davit-cli/davit/generator"
	"github.com/davit-cli/davit/ui/wrap"
	"github.com/davit-cli/davit/wizard"
)

// A meaningRow is one thing that two variants come to.
type meaningRow struct {
	label string // none for what is said above the rows
	sides [2]string
	ink   ink
	alone bool // there is only one side
	long  bool // a list that leaves no room for the rest
}

// shortList is how many choices are told of in one sentence. More of them have a
// line each, behind all else.
const shortList = 3

// differs reports whether the sides are to be told apart.
func (r meaningRow) differs() bool {
	return r.label != "" && !r.alone && r.sides[0] != r.sides[1]
}

// meaningRows are what the sides come to; what they are good at and what they
// cost only of the choices in which they differ.
func (e *explore) meaningRows(t *theme) []meaningRow {
	var rows []meaningRow
	alone := false
	for i, s := range e.sides {
		for n, aspect := range s.meaning.Aspects() {
			if i == 0 {
				rows = append(rows, meaningRow{label: aspect.Name})
			}
			if s.fault == "" {
				rows[n].sides[i] = aspect.Text
			}
		}
		alone = alone || s.fault != ""
	}
	if alone {
		for n := range rows {
			rows[n].alone = true
		}
		return rows
	}
	a, b := e.sides[0].meaning, e.sides[1].meaning
	return append(rows, pointsRow("Good at", a.Gains, b.Gains, t.good), pointsRow("Costs", a.Costs, b.Costs, t.warn))
}

// pointsRow tells of the choices that only one side has.
func pointsRow(label string, a, b []generator.Point, i ink) meaningRow {
	alone := func(list, other []generator.Point) []generator.Point {
		return slices.DeleteFunc(slices.Clone(list), func(p generator.Point) bool { return slices.Contains(other, p) || p.Text == "" })
	}
	sides := [2][]generator.Point{alone(a, b), alone(b, a)}
	r := meaningRow{label: label, ink: i, long: max(len(sides[0]), len(sides[1])) > shortList}
	for n, list := range sides {
		texts := make([]string, len(list))
		for k, p := range list {
			texts[k] = p.Text
			if q, _ := wizard.Find(p.Question); r.long {
				c, _ := q.Choice(p.Choice)
				texts[k] = c.Title + ": " + p.Text
			}
		}
		if r.long {
			r.sides[n] = strings.Join(texts, "\n")
		} else {
			r.sides[n] = upper(strings.Join(texts, "; "))
		}
	}
	return r
}

// sizeNote is told below the table where a size is.
func (e *explore) sizeNote() string {
	for _, s := range e.sides {
		if s.meaning.BaseMB > 0 {
			return s.meaning.SizeNote()
		}
	}
	return ""
}

// meaningLines draws the table: all of it, or where that is too high what
// differs, or where that is too high too, as much as fits of all of it, with
// what differs first and long lists last.
func (e *explore) meaningLines(t *theme, w, h int, beside bool) []string {
	c := columnsOf(w, beside)
	head := []string{e.headLine(t, c)}
	notes := e.noteLines(t, c, w)
	var all, differs, same, long []string
	for _, r := range e.meaningRows(t) {
		lines := r.lines(t, c)
		all = append(all, lines...)
		switch {
		case r.long:
			long = append(long, lines...)
		case r.differs():
			differs = append(differs, lines...)
		default:
			same = append(same, lines...)
		}
	}
	if note := e.sizeNote(); note != "" {
		said := t.dim.of(cut("  "+note, w))
		same = append(same, said)
		if len(head)+len(notes)+len(all) < h {
			all = append(all, said)
		}
	}
	for i, rows := range [][]string{all, differs} {
		if (i == 0 || len(long) == 0) && len(head)+len(notes)+len(rows) <= h && len(rows) > 0 {
			e.top = 0
			return slices.Concat(head, notes, rows)
		}
	}
	rest := slices.Concat(notes, differs, same, long)
	lines := len(rest)
	room := max(h-len(head)-1, 1)
	e.top = min(max(e.top, 0), max(len(rest)-room, 0))
	rest = rest[e.top:min(e.top+room, len(rest))]
	out := slices.Concat(head, rest)
	return append(out, t.dim.of(hidden(lines-len(rest))))
}

// Columns of the table: where each side begins, and how wide it is.
type columns struct{ a, b, wa, wb int }

// columnsOf shares the room out. Where files stand beside each other below,
// b begins where theirs do.
func columnsOf(w int, beside bool) columns {
	c := columns{a: exploreLabel + 4}
	c.b = c.a + (w-c.a-4)/2 + 4
	if beside {
		c.b = half(w) + 5
	}
	c.wa, c.wb = c.b-c.a-2, w-c.b
	return c
}

// noteLines say what had to give way for a side, or why it cannot be: below it
// in its column, or where that is narrow, below both.
func (e *explore) noteLines(t *theme, c columns, w int) []string {
	if e.same() {
		return []string{t.dim.of(cut("  "+NothingDiffers, w))}
	}
	r := meaningRow{ink: t.warn}
	for i, s := range e.sides {
		r.sides[i] = s.note
		if s.fault != "" {
			r.sides[i] = excludedMark + s.fault
		}
	}
	if c.wb >= 40 {
		return r.lines(t, c)
	}
	var out []string
	for i, text := range r.sides {
		if text != "" {
			out = append(out, wrapped("  "+sideNames[i]+": ", text, t.warn, w)...)
		}
	}
	return out
}

// headLine names the sides; the one that the cursor changes has its sign.
func (e *explore) headLine(t *theme, c columns) string {
	line := blanks(c.a - 2)
	for i, s := range e.sides {
		mark, ink, width := "  ", t.title, c.wa
		if i == 1 {
			width = c.wb
		}
		if i == e.on {
			mark, ink = t.accentBold.of("› "), t.titleBold
		}
		line += mark + pad(ink.of(cut(sideNames[i]+"  "+s.answers.Variant(), width-1)), width)
	}
	return line
}

// lines draws a row, each side wrapped in its column. What differs has a sign.
func (r meaningRow) lines(t *theme, c columns) []string {
	if r.sides[0] == "" && r.sides[1] == "" {
		return nil
	}
	differs := r.differs()
	ink := r.ink
	if !differs && !r.alone && r.label != "" {
		ink = t.dim
	}
	left := wrap.Text(r.sides[0], max(c.wa, leastRoom), "/:")
	right := wrap.Text(r.sides[1], max(c.wb, leastRoom), "/:")
	var out []string
	for n := range max(len(left), len(right)) {
		name := blanks(c.a)
		if n == 0 {
			name = t.dim.of(pad("  "+r.label, c.a))
			if differs {
				name = t.accent.of("≠ ") + pad(r.label, c.a-2)
			}
		}
		out = append(out, name+pad(ink.of(at(left, n)), c.b-c.a)+ink.of(at(right, n)))
	}
	return out
}
