package guide

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// Look is how a page is shown.
type Look struct {
	Width int // columns of the page
}

// The page's attributes are the terminal's own, so that they fit any
// background: bold for headings, the colour of hunks in a diff for code, faint
// for where a note comes from.
const (
	bold, underlined, faint, codeColour = "1", "1;4", "2", "36"
	margin                              = "  "
)

// Render lays a topic's Markdown out for a terminal.
func Render(page string, look Look) (string, error) {
	all, err := blocks(page)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	for i, b := range all {
		if i > 0 && (b.kind != item || all[i-1].kind != item) {
			out.WriteByte('\n')
		}
		for _, line := range b.lines(look.Width) {
			out.WriteString(strings.TrimRight(line, " ") + "\n")
		}
	}
	return out.String(), nil
}

func (b block) lines(width int) []string {
	switch b.kind {
	case heading:
		style := bold
		if b.level == 1 {
			style = underlined
		}
		return styled(wrap(b.text, width), style)
	case code:
		return indented(styled(wrapCode(b.text, width-len(margin)), codeColour), margin, margin)
	case quote:
		return indented(quoted(b.text, width-2), "│ ", "│ ")
	case item:
		hang := strings.Repeat(" ", len(b.mark)+1)
		return indented(inline(wrap(b.text, width-len(hang))), b.mark+" ", hang)
	case table:
		return tableLines(b.rows, width)
	default:
		return inline(wrap(b.text, width))
	}
}

// quoted is a note: the words, and in another line where they come from.
func quoted(text string, width int) []string {
	var lines []string
	for part := range strings.SplitSeq(text, "\n") {
		source := strings.TrimSuffix(strings.TrimPrefix(part, "<"), ">")
		if part == "" {
			continue
		}
		if source == part {
			lines = append(lines, inline(wrap(part, width))...)
			continue
		}
		for _, piece := range strings.Split(ansi.Hardwrap(source, width, false), "\n") {
			lines = append(lines, style(ansi.SetHyperlink(source)+piece+ansi.ResetHyperlink(), faint))
		}
	}
	return lines
}

// wrap breaks at blanks; a word that is longer than a line is cut.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for _, word := range pieces(text, width*2/3) {
		if line != "" && ansi.StringWidth(line)+1+ansi.StringWidth(word) <= width {
			line += " " + word
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		for ansi.StringWidth(word) > width {
			lines = append(lines, ansi.Cut(word, 0, width))
			word = ansi.Cut(word, width, ansi.StringWidth(word))
		}
		line = word
	}
	return append(lines, line)
}

// pieces are the words of a text. What is code is one of them with its blanks,
// as long as it is no longer than most: a command is easier to recognise, and to
// copy, where it is in one line.
func pieces(text string, most int) []string {
	var all []string
	open := -1 // where the code began that the present word is in
	for _, word := range strings.Fields(text) {
		all = append(all, word)
		if strings.Count(word, "`")%2 == 0 {
			continue
		}
		if open < 0 {
			open = len(all) - 1
			continue
		}
		if code := strings.Join(all[open:], " "); ansi.StringWidth(code) <= most {
			all = append(all[:open], code)
		}
		open = -1
	}
	return all
}

// wrapCode cuts what is too long: the guides' own lines fit 60 columns.
func wrapCode(text string, width int) []string {
	return strings.Split(ansi.Hardwrap(text, width, true), "\n")
}

// inline colours code spans, with their marks, as colour alone would be the
// only sign of them. One that was broken goes on in the next line.
func inline(lines []string) []string {
	open := false
	for i, line := range lines {
		var b strings.Builder
		from := 0
		for at, c := range line {
			if c != '`' {
				continue
			}
			if open {
				b.WriteString(style(line[from:at+1], codeColour))
				from = at + 1
			} else {
				b.WriteString(line[from:at])
				from = at
			}
			open = !open
		}
		if open && from < len(line) {
			b.WriteString(style(line[from:], codeColour))
		} else {
			b.WriteString(line[from:])
		}
		lines[i] = b.String()
	}
	return lines
}

func indented(lines []string, first, rest string) []string {
	for i := range lines {
		if i == 0 {
			lines[i] = first + lines[i]
		} else {
			lines[i] = rest + lines[i]
		}
	}
	return lines
}

func styled(lines []string, attributes string) []string {
	for i, line := range lines {
		lines[i] = style(line, attributes)
	}
	return lines
}

func style(text, attributes string) string { return "\x1b[" + attributes + "m" + text + "\x1b[m" }

// tableLines lays out a table: titles, a rule, and rows whose cells are
// wrapped where the page is too narrow for them.
func tableLines(rows [][]string, width int) []string {
	const gap = 2
	columns := columnWidths(rows, width-gap*(len(rows[0])-1))
	var lines []string
	for r, row := range rows {
		for _, line := range rowLines(row, columns, gap) {
			if r == 0 {
				line = style(line, bold)
			}
			lines = append(lines, line)
		}
		if r == 0 {
			lines = append(lines, strings.Repeat("─", sum(columns)+gap*(len(columns)-1)))
		}
	}
	return lines
}

// columnWidths shares out the room: each column what its longest cell takes.
// Where that is too much the widest gives way, but not below its longest word
// while another can.
func columnWidths(rows [][]string, room int) []int {
	columns, least := make([]int, len(rows[0])), make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			columns[i] = max(columns[i], ansi.StringWidth(cell))
			for _, word := range strings.Fields(cell) {
				least[i] = max(least[i], ansi.StringWidth(word))
			}
		}
	}
	for sum(columns) > room {
		widest, spare := 0, -1
		for i, w := range columns {
			if w > columns[widest] {
				widest = i
			}
			if w > least[i] && (spare < 0 || w > columns[spare]) {
				spare = i
			}
		}
		if spare >= 0 {
			widest = spare
		}
		columns[widest]--
	}
	return columns
}

func rowLines(row []string, columns []int, gap int) []string {
	wrapped, height := make([][]string, len(row)), 0
	for i, cell := range row {
		wrapped[i] = wrap(cell, max(1, columns[i]))
		height = max(height, len(wrapped[i]))
	}
	lines := make([]string, height)
	for y := range lines {
		for i := range row {
			text := ""
			if y < len(wrapped[i]) {
				text = wrapped[i][y]
			}
			if i < len(row)-1 {
				text += strings.Repeat(" ", columns[i]-ansi.StringWidth(text)+gap)
			}
			lines[y] += text
		}
	}
	return lines
}

func sum(numbers []int) int {
	total := 0
	for _, n := range numbers {
		total += n
	}
	return total
}
