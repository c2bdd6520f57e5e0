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

// meaningLines draws the table, what differs alone where all of it is too high.
func (e *explore) meaningLines(t *theme, w, h int) []string {
	column := (w - exploreLabel - 4) / 2
	out := append([]string{e.headLine(t, column)}, e.noteLines(t, column)...)
	rows := e.meaningRows(t)
	all := slices.Clone(out)
	for _, r := range rows {
		all = append(all, r.lines(t, column)...)
	}
	if len(all) <= h {
		return all
	}
	for _, r := range rows {
		if r.sides[0] != r.sides[1] {
			out = append(out, r.lines(t, column)...)
		}
	}
	if len(out) > h {
		out = append(out[:max(h-1, 0):max(h-1, 0)], t.dim.of("  "+ellipsis))
	}
	return out
}

// noteLines say below each side what had to give way for it, or why it cannot be.
func (e *explore) noteLines(t *theme, column int) []string {
	r := meaningRow{ink: t.warn}
	for i, s := range e.sides {
		r.sides[i] = s.note
		if s.fault != "" {
			r.sides[i] = excludedMark + s.fault
		}
	}
	return r.lines(t, column)
}

// headLine names the sides; the one that the cursor changes has its sign.
func (e *explore) headLine(t *theme, column int) string {
	line := blanks(exploreLabel + 2)
	for i, s := range e.sides {
		mark, ink := "  ", t.title
		if i == e.on {
			mark, ink = t.accentBold.of("› "), t.titleBold
		}
		line += mark + fit(ink.of(cut(sideNames[i]+"  "+s.answers.Variant(), column-2)), column-2)
		if i == 0 {
			line += "  "
		}
	}
	return line
}

// lines draws a row, each side wrapped in its column. What differs has a sign.
func (r meaningRow) lines(t *theme, column int) []string {
	if r.sides[0] == "" && r.sides[1] == "" {
		return nil
	}
	differs := r.label != "" && r.sides[0] != r.sides[1]
	ink := r.ink
	if !differs && r.label != "" {
		ink = t.dim
	}
	var cells [2][]string
	for i, s := range r.sides {
		cells[i] = strings.Split(ansi.Wrap(s, max(column-2, 8), "/:"), "\n")
	}
	var out []string
	for n := range max(len(cells[0]), len(cells[1])) {
		name := blanks(exploreLabel + 2)
		if n == 0 {
			name = t.dim.of(pad("  "+r.label, exploreLabel+2))
			if differs {
				name = t.accent.of("≠ ") + pad(r.label, exploreLabel)
			}
		}
		out = append(out, name+"  "+pad(ink.of(at(cells[0], n)), column)+"  "+ink.of(at(cells[1], n)))
	}
	return out
}
