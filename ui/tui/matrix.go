package tui

import (
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/davit-cli/davit/wizard"
)

// matrixLines draws the choices, a question a line, with a letter behind each
// that a side has.
func (e *explore) matrixLines(t *theme, w int) []string {
	out := make([]string, len(e.questions))
	e.cells = make([][]span, len(e.questions))
	for row, q := range e.questions {
		name := pad(label(q), exploreLabel)
		if row == e.row {
			name = t.accentBold.of("› " + name)
		} else {
			name = t.dim.of("  " + name)
		}
		cells := make([]string, len(q.Choices))
		at := 0
		for i, c := range q.Choices {
			here := row == e.row && i == e.col
			var marks string
			for n, s := range e.sides {
				if slices.Contains(s.answers.Get(q.ID), c.ID) {
					marks += sideNames[n]
				}
			}
			if here || row != e.row && at == 0 && strings.Contains(marks, sideNames[e.on]) {
				at = i
			}
			title := c.Title
			if s := e.sides[e.on]; wizard.Excluded(s.chosen, q.ID, c.ID) != "" {
				title = excludedMark + title
			}
			if q.Multiple && row == e.row && slices.Contains(e.sides[e.on].chosen.Get(q.ID), c.ID) {
				title = "✓ " + title // what stays when the cursor goes on
			}
			cells[i] = t.cell(title, marks, here)
		}
		line, spans := among(cells, at, w-exploreLabel-2)
		for i := range spans {
			spans[i].from, spans[i].to = spans[i].from+exploreLabel+2, spans[i].to+exploreLabel+2
		}
		out[row], e.cells[row] = name+line, spans
	}
	return out
}

const exploreLabel = 13

// cell is one choice. The cursor has brackets, the sides their letters.
func (t *theme) cell(title, marks string, here bool) string {
	ink := t.dim
	if marks != "" {
		ink = t.bold
	}
	text := ink.of(title)
	if marks != "" {
		text += t.titleBold.of("·" + marks)
	}
	if here {
		return t.accentBold.of("[") + text + t.accentBold.of("]")
	}
	return " " + text + " "
}

// among puts cells into a line, without the first ones where the one at would
// not be in sight, and without the last; and tells where they are.
func among(cells []string, at, w int) (string, []span) {
	from := 0
	for from < at && total(cells[from:at+1])+2 > w {
		from++
	}
	var b strings.Builder
	if from > 0 {
		b.WriteString("‹ ")
	}
	used := ansi.StringWidth(b.String())
	var spans []span
	for i, c := range cells[from:] {
		width := ansi.StringWidth(c)
		if used+width > w-2 && from+i < len(cells)-1 || used+width > w {
			b.WriteString("›")
			break
		}
		b.WriteString(c)
		spans = append(spans, span{used, used + width, from + i})
		used += width
	}
	return cut(b.String(), w), spans
}

func total(cells []string) int {
	sum := 0
	for _, c := range cells {
		sum += ansi.StringWidth(c)
	}
	return sum
}
