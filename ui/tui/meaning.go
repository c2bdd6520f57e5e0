package tui

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/davit-cli/davit/generator"
	"github.com/davit-cli/davit/wizard"
)

// A meaningRow is one thing that two variants come to.
type meaningRow struct {
	label string
	sides [2]string
	ink   ink
}

// meaningRows are what the sides come to; what they are good at and what they
// cost only of the choices in which they differ.
func (e *explore) meaningRows(t *theme) []meaningRow {
	a, b := e.sides[0].meaning, e.sides[1].meaning
	row := func(label string, of func(generator.Meaning) string) meaningRow {
		return meaningRow{label: label, sides: [2]string{of(a), of(b)}}
	}
	rows := []meaningRow{
		row("Base image", func(m generator.Meaning) string { return m.Base }),
		row("Its size", weight),
		row("Layers", func(m generator.Meaning) string { return strconv.Itoa(m.Layers) + " above it" }),
		row("User", func(m generator.Meaning) string { return m.User }),
		row("Shell", inside),
		row("Processes", serving),
		row("Files", func(m generator.Meaning) string { return strconv.Itoa(m.Files) }),
	}
	points := func(list, other []generator.Point) string {
		var texts []string
		for _, p := range list {
			if !slices.Contains(other, p) && p.Text != "" {
				texts = append(texts, p.Text)
			}
		}
		return upper(strings.Join(texts, "; "))
	}
	return append(rows,
		meaningRow{"Good at", [2]string{points(a.Gains, b.Gains), points(b.Gains, a.Gains)}, t.good},
		meaningRow{"Costs", [2]string{points(a.Costs, b.Costs), points(b.Costs, a.Costs)}, t.warn})
}

func weight(m generator.Meaning) string {
	if m.BaseMB == 0 {
		return "not known"
	}
	return fmt.Sprintf("%.1f MB to pull (%s)", m.BaseMB, m.Dated)
}

func inside(m generator.Meaning) string {
	if m.Shell == "" {
		return "none"
	}
	return strings.Join(append([]string{m.Shell}, m.Tools...), ", ")
}

// serving is how many processes take requests, and where it is one all the same.
func serving(m generator.Meaning) string {
	text := fmt.Sprintf("%d %s", m.Processes, m.Server)
	if len(m.OneOn) == 0 {
		return text
	}
	q, _ := wizard.Find("target")
	var names []string
	for _, id := range m.OneOn {
		c, _ := q.Choice(id)
		names = append(names, c.Title)
	}
	return text + "; 1 on " + strings.Join(names, ", ")
}

// meaningLines draws the table: all of it, or where that is too high what
// differs, or where that is too high too, as much as fits of all of it, with
// what differs first.
func (e *explore) meaningLines(t *theme, w, h int, beside bool) []string {
	c := columnsOf(w, beside)
	head := []string{e.headLine(t, c)}
	notes := e.noteLines(t, c, w)
	var all, differs, same []string
	for _, r := range e.meaningRows(t) {
		lines := r.lines(t, c)
		all = append(all, lines...)
		if r.sides[0] != r.sides[1] {
			differs = append(differs, lines...)
		} else {
			same = append(same, lines...)
		}
	}
	for _, rows := range [][]string{all, differs} {
		if len(head)+len(notes)+len(rows) <= h && len(rows) > 0 {
			e.top = 0
			return slices.Concat(head, notes, rows)
		}
	}
	rest := slices.Concat(notes, differs, same)
	room := max(h-len(head)-1, 1)
	e.top = min(max(e.top, 0), max(len(rest)-room, 0))
	rest = rest[e.top:min(e.top+room, len(rest))]
	out := slices.Concat(head, rest)
	return append(out, t.dim.of(hidden(len(notes)+len(differs)+len(same)-len(rest))))
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
		return []string{t.dim.of(cut("  "+nothingDiffers, w))}
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
	differs := r.label != "" && r.sides[0] != r.sides[1]
	ink := r.ink
	if !differs && r.label != "" {
		ink = t.dim
	}
	left := strings.Split(ansi.Wrap(r.sides[0], max(c.wa, 8), "/:"), "\n")
	right := strings.Split(ansi.Wrap(r.sides[1], max(c.wb, 8), "/:"), "\n")
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
