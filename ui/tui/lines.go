package tui

import (
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/davit-cli/davit/ui/wrap"
)

const ellipsis = "…"

// leastRoom is how wide a broken text is at least.
const leastRoom = 8

// cut shortens a line to a width, and says so with an ellipsis.
func cut(s string, width int) string {
	if width <= 0 {
		return ""
	}
	return ansi.Truncate(s, width, ellipsis)
}

// pad fills a line with blanks to a width.
func pad(s string, width int) string {
	return s + blanks(width-ansi.StringWidth(s))
}

// fit cuts or fills a line to exactly a width.
func fit(s string, width int) string {
	w := ansi.StringWidth(s)
	if w > width {
		s = cut(s, width)
		w = ansi.StringWidth(s)
	}
	return s + blanks(width-w)
}

// apart puts two texts at both ends of a line; the right one gives way.
func apart(left, right string, width int) string {
	l, r := ansi.StringWidth(left), ansi.StringWidth(right)
	if l+r+1 > width {
		return fit(left, width)
	}
	return left + blanks(width-l-r) + right
}

// withSource puts where a text comes from at the end of its line, without its
// beginning where it is long.
func withSource(left, source string, i ink, width int) string {
	const least = 8
	room := width - ansi.StringWidth(left) - 1
	if w := ansi.StringWidth(source); w > room && room >= least {
		source = ansi.TruncateLeft(source, w-room+1, ellipsis)
	}
	return apart(left, i.of(source), width)
}

// wrapped breaks words over lines, with a style for each and a hanging indent
// behind the mark.
func wrapped(mark, s string, i ink, width int) []string {
	indent := ansi.StringWidth(mark)
	lines := wrap.Text(s, max(width-indent, leastRoom), "")
	for n, line := range lines {
		before := mark
		if n > 0 {
			before = blanks(indent)
		}
		lines[n] = i.of(before + line)
	}
	return lines
}

var spaces = strings.Repeat(" ", 512)

func blanks(n int) string {
	if n <= 0 {
		return ""
	}
	if n > len(spaces) {
		return strings.Repeat(" ", n)
	}
	return spaces[:n]
}

// atLeast fills lines up to a height.
func atLeast(lines []string, height int) []string {
	for len(lines) < height {
		lines = append(lines, "")
	}
	return lines
}

// pathIn shortens a path to a width: the end tells more than the beginning.
func pathIn(path string, width int) string {
	w := ansi.StringWidth(path)
	if w <= width {
		return path
	}
	return ansi.TruncateLeft(path, w-width+1, ellipsis)
}

// hidden says how many lines of a list are out of sight.
func hidden(n int) string {
	if n <= 0 {
		return ""
	}
	return "  ↕ " + strconv.Itoa(n) + " more"
}

// window returns the part of lines of this height that shows line at.
func window[T any](lines []T, at, height int) []T {
	if len(lines) <= height {
		return lines
	}
	from := min(max(at-height/2, 0), len(lines)-height)
	return lines[from : from+height]
}

// shownName is a name from the folder with nothing in it that a terminal obeys.
func shownName(name string) string {
	if q := strconv.QuoteToGraphic(name); q[1:len(q)-1] != name {
		return q
	}
	return name
}
