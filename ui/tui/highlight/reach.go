package highlight

import (
	"regexp"
	"slices"
	"strings"
)

// reach returns how many of the lines, at least one, belong together: a lexer
// that begins after them is in its first state.
func reach(language string, lines []string) int {
	n := 1
	switch language {
	case "dockerfile":
		n = instruction(lines)
	case "yaml":
		n = blockScalar(lines)
	case "sh":
		n = command(lines)
	case "python":
		n = quoted(lines, `"""`, `'''`)
	case "toml":
		n = quoted(lines, `"""`, `'''`)
	case "hcl":
		n = hereDocument(lines, 1)
	}
	return min(max(n, 1), len(lines))
}

var hereMark = regexp.MustCompile(`<<[-~]?["']?([A-Za-z_]\w*)["']?`)

// hereDocument extends n lines by the here documents that they begin.
func hereDocument(lines []string, n int) int {
	for _, line := range lines[:min(n, len(lines))] {
		for _, mark := range hereMark.FindAllStringSubmatch(line, -1) {
			end := slices.IndexFunc(lines[n:], func(l string) bool { return strings.TrimSpace(l) == mark[1] })
			if end >= 0 {
				n += end + 1
			}
		}
	}
	return n
}

// instruction is one of a Dockerfile's, with continuations and here documents.
// Comments and empty lines inside a continuation belong to it.
func instruction(lines []string) int {
	if comment(lines[0]) || strings.TrimSpace(lines[0]) == "" {
		return 1
	}
	n := 1
	for open := continued(lines[0]); open && n < len(lines); n++ {
		if !comment(lines[n]) && strings.TrimSpace(lines[n]) != "" {
			open = continued(lines[n])
		}
	}
	return hereDocument(lines, n)
}

func comment(line string) bool   { return strings.HasPrefix(strings.TrimLeft(line, " \t"), "#") }
func continued(line string) bool { return strings.HasSuffix(strings.TrimRight(line, " \t"), `\`) }

var blockMark = regexp.MustCompile(`(^|[:-] +)[|>][+-]?\d*[+-]?[ \t]*$`)

// blockScalar is a line of YAML, and what hangs below it after | or >.
func blockScalar(lines []string) int {
	// The sign alone leaves nearly no line for the expression, which takes longer.
	if comment(lines[0]) || !strings.ContainsAny(lines[0], "|>") || !blockMark.MatchString(lines[0]) {
		return 1
	}
	depth := indent(lines[0])
	n := 1
	for i := 1; i < len(lines); i++ {
		if strings.TrimSpace(lines[i]) == "" {
			continue // belongs to the block where more of it follows
		}
		if indent(lines[i]) <= depth {
			break
		}
		n = i + 1
	}
	return n
}

func indent(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

// command is one line of shell or several that a quote or a here document holds together.
func command(lines []string) int {
	n, quote := 0, byte(0)
	for n < len(lines) {
		quote = quoteAfter(lines[n], quote)
		n++
		if quote == 0 {
			return hereDocument(lines, n)
		}
	}
	return 1 // a quote that never ends holds nothing together
}

// quoteAfter returns the quote that is open after a line of shell, or 0.
func quoteAfter(line string, quote byte) byte {
	for i := 0; i < len(line); i++ {
		c := line[i]
		switch {
		case quote == '\'':
			if c == '\'' {
				quote = 0
			}
		case c == '\\':
			i++
		case quote == '"':
			if c == '"' {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '#' && (i == 0 || line[i-1] == ' ' || line[i-1] == '\t'):
			return 0
		}
	}
	return quote
}

// quoted is one line, or all until the long quote that it opens is closed.
func quoted(lines []string, marks ...string) int {
	open := ""
	for n, line := range lines {
		for line != "" {
			if open != "" {
				_, rest, found := strings.Cut(line, open)
				if !found {
					break
				}
				line, open = rest, ""
				continue
			}
			at := -1
			for _, m := range marks {
				if i := strings.Index(line, m); i >= 0 && (at < 0 || i < at) {
					at, open = i, m
				}
			}
			if at < 0 || strings.Contains(line[:at], "#") {
				open = ""
				break
			}
			line = line[at+3:]
		}
		if open == "" {
			return n + 1
		}
	}
	return 1
}
