package highlight

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/alecthomas/chroma/v2"
	"github.com/charmbracelet/x/ansi"
)

const (
	tabStop = 4
	reset   = "\x1b[m"
)

// painter writes tokens into lines.
type painter struct {
	ink   func(chroma.TokenType) string
	lines []Line
	text  strings.Builder
	width int
	wide  bool // the line holds more than ASCII: signs may join over tokens
}

func newPainter(ink func(chroma.TokenType) string) *painter { return &painter{ink: ink} }

func (p *painter) write(t chroma.Token) {
	open := p.ink(t.Type)
	for i, part := range strings.Split(t.Value, "\n") {
		if i > 0 {
			p.end()
		}
		if part == "" {
			continue
		}
		if open == "" || strings.TrimSpace(part) == "" {
			p.plain(part)
			continue
		}
		p.text.WriteString(open)
		p.plain(part)
		p.text.WriteString(reset)
	}
}

// plain writes text that has no newline, with nothing in it that a terminal
// could take for a command.
func (p *painter) plain(s string) {
	if harmless(s) {
		p.text.WriteString(s)
		p.width += len(s)
		return
	}
	run := 0 // start of the printable text before i
	for i, r := range s {
		shown := ""
		switch {
		case r == '\t':
			p.flush(s[run:i])
			shown = strings.Repeat(" ", tabStop-p.width%tabStop)
		case r == utf8.RuneError, unicode.IsControl(r), unicode.Is(unicode.Cf, r):
			p.flush(s[run:i])
			shown = escaped(r)
		default:
			continue
		}
		p.text.WriteString(shown)
		p.width += len(shown)
		run = i + width(s[i:])
	}
	p.flush(s[run:])
}

func (p *painter) flush(s string) {
	p.text.WriteString(s)
	p.width += ansi.StringWidth(s)
	p.wide = true
}

func (p *painter) end() {
	line := Line{Text: p.text.String(), Width: p.width}
	if p.wide {
		line.Width = ansi.StringWidth(line.Text)
	}
	p.lines = append(p.lines, line)
	p.text.Reset()
	p.width, p.wide = 0, false
}

// finish returns exactly n lines; lexers that add a newline at the end do not
// add a line.
func (p *painter) finish(n int) []Line {
	p.end()
	for len(p.lines) < n {
		p.lines = append(p.lines, Line{})
	}
	return p.lines[:n]
}

// harmless reports whether s is printable ASCII, one cell a byte.
func harmless(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// escaped shows a rune that must not reach the terminal.
func escaped(r rune) string {
	switch {
	case r == utf8.RuneError:
		return `\ufffd`
	case r < 0x100:
		return fmt.Sprintf(`\x%02x`, r)
	case r < 0x10000:
		return fmt.Sprintf(`\u%04x`, r)
	default:
		return fmt.Sprintf(`\U%08x`, r)
	}
}

func width(s string) int {
	_, n := utf8.DecodeRuneInString(s)
	return n
}
