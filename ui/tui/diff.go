package tui

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/davit-cli/davit/generator/disk"
	"github.com/davit-cli/davit/ui/tui/highlight"
)

// A fileDiff is one file of the folder against davit's, whole, with the
// stretches that differ one after the other.
type fileDiff struct {
	mine, davit *highlight.Document
	lines       []diffLine
	hunks       []hunk
	at          int // the hunk under the cursor; -1 while the list has it
}

// A hunk is a stretch that differs, and whose version of it would be there
// after writing.
type hunk struct {
	whose disk.Whose
	davit bool // davit's version is taken
	first int  // its line in the diff
}

// A diffLine is one line of the screen.
type diffLine struct {
	hunk int  // -1 for one that both have
	side side // which version it is from
	n    int  // its number there, from 0
	pair int  // the line of the other version to compare words with, or -1
}

type side byte

const (
	bothSides side = iota
	mineSide
	davitSide
	headline
)

// newDiff takes an entry apart. taken says of each hunk whether davit's
// version is taken.
func newDiff(h *highlight.Highlighter, e disk.Entry, taken []bool) *fileDiff {
	d := &fileDiff{mine: h.Document(e.Language, e.Existing), davit: h.Document(e.Language, e.Content), at: -1}
	m, v := 0, 0
	for _, p := range e.Pieces() {
		mine, davit := lineCount(p.Mine), lineCount(p.Davit)
		if !p.Differs() {
			for i := range mine {
				d.lines = append(d.lines, diffLine{-1, bothSides, v + i, -1})
			}
			m, v = m+mine, v+davit
			continue
		}
		n := len(d.hunks)
		d.hunks = append(d.hunks, hunk{p.Whose, n < len(taken) && taken[n], len(d.lines)})
		d.lines = append(d.lines, diffLine{n, headline, 0, -1})
		pair := func(i, most, from int) int {
			if i < most {
				return from + i
			}
			return -1
		}
		for i := range mine {
			d.lines = append(d.lines, diffLine{n, mineSide, m + i, pair(i, davit, v)})
		}
		for i := range davit {
			d.lines = append(d.lines, diffLine{n, davitSide, v + i, pair(i, mine, m)})
		}
		m, v = m+mine, v+davit
	}
	return d
}

// lineCount counts a last line without an end too.
func lineCount(text string) int {
	n := strings.Count(text, "\n")
	if text != "" && !strings.HasSuffix(text, "\n") {
		n++
	}
	return n
}

// taken is what newDiff was given, as it is now.
func (d *fileDiff) taken() []bool {
	all := make([]bool, len(d.hunks))
	for i, h := range d.hunks {
		all[i] = h.davit
	}
	return all
}

func (d *fileDiff) len() int { return len(d.lines) }

// starts are the lines at which stretches that differ begin.
func (d *fileDiff) starts() []int {
	lines := make([]int, len(d.hunks))
	for i, h := range d.hunks {
		lines[i] = h.first
	}
	return lines
}

// raw is a line's text as it is in the file that it is from.
func (d *fileDiff) raw(i int) string {
	switch l := d.lines[i]; l.side {
	case headline:
		return ""
	case mineSide:
		return d.mine.Raw[l.n]
	default:
		return d.davit.Raw[l.n]
	}
}

// davitLine is a line's number in davit's version, from 1, or 0.
func (d *fileDiff) davitLine(i int) int {
	if i >= len(d.lines) || d.lines[i].side == headline || d.lines[i].side == mineSide {
		return 0
	}
	return d.lines[i].n + 1
}

// row is one line of the diff.
func (d *fileDiff) row(t *theme, i, _ int) row {
	l := d.lines[i]
	switch l.side {
	case headline:
		return d.headline(t, l.hunk)
	case bothSides:
		line := d.davit.Line(l.n)
		return row{number: l.n + 1, sign: " ", text: line.Text, width: line.Width}
	}
	h := d.hunks[l.hunk]
	from, other, sign, i1, i2 := d.mine, d.davit, "-", t.bad, t.badWord
	stays := !h.davit
	if l.side == davitSide {
		from, other, sign, i1, i2 = d.davit, d.mine, "+", t.good, t.goodWord
		stays = h.davit
	}
	line := from.Line(l.n)
	text := line.Text
	switch {
	case stays && l.side == mineSide: // nothing happens to it
		return row{number: l.n + 1, sign: t.bold.of("="), text: text, width: line.Width}
	case !stays && l.side == davitSide: // it does not come
		return row{sign: t.dim.of("·"), text: t.dim.of(ansi.Strip(text)), width: line.Width}
	}
	if l.pair >= 0 {
		a, b := ansi.Strip(text), ansi.Strip(other.Line(l.pair).Text)
		spans, _ := changedWords(a, b)
		text = marked(text, spans, i2)
	}
	return row{number: l.n + 1, sign: i1.of(sign), text: text, width: line.Width}
}

// headline says whose a hunk is, and what becomes of it.
func (d *fileDiff) headline(t *theme, n int) row {
	h := d.hunks[n]
	whose := map[disk.Whose]string{disk.Mine: "you changed this", disk.Davits: "new from davit", disk.Both: "differs"}[h.whose]
	if h.whose == disk.Both && d.known() {
		whose = "you and davit changed this"
	}
	fate := "what is there stays"
	if h.davit {
		fate = "davit's comes"
	}
	cursor, i := "  ", t.dim
	if n == d.at {
		cursor, i = t.accentBold.of("› "), t.titleBold
	}
	return row{head: cursor, text: i.of(fmt.Sprintf("%d of %d · %s · %s", n+1, len(d.hunks), whose, fate))}
}

// known reports whether davit can tell whose a change is.
func (d *fileDiff) known() bool {
	for _, h := range d.hunks {
		if h.whose != disk.Both {
			return true
		}
	}
	return false
}

const numberWidth = 3

// cutStyled is cut for a line whose styles may be open at the end.
func cutStyled(s string, width int) string {
	if ansi.StringWidth(s) <= width {
		return s
	}
	return cut(s, width) + reset
}
