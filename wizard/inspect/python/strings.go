package python

import (
	"strconv"
	"strings"
)

// strings reads one string literal or several that stand side by side.
func (p *parser) strings(e *Expr, depth int) {
	e.Kind, e.Text = Str, ""
	var parts []Arg
	for p.peek().kind == text {
		t := p.next()
		prefix, raw := cutLiteral(t.text)
		switch {
		case strings.ContainsAny(prefix, "bB"):
			e.Kind = Unknown
		case strings.ContainsAny(prefix, "fFtT"):
			if e.Kind == Str {
				e.Kind = Format
			}
			parts = append(parts, formatParts(raw, strings.ContainsAny(prefix, "rR"), t.line, depth)...)
			continue
		}
		value := raw
		if !strings.ContainsAny(prefix, "rR") {
			value = unescape(raw)
		}
		e.Text += value
		parts = append(parts, Arg{Value: &Expr{Kind: Str, Line: t.line, Text: value}})
	}
	if e.Kind == Format {
		e.Text, e.Args = "", parts
	}
}

// cutLiteral takes prefix and quotes off a string literal.
func cutLiteral(s string) (prefix, raw string) {
	at := strings.IndexAny(s, `"'`)
	prefix, s = s[:at], s[at:]
	quote := s[:1]
	if strings.HasPrefix(s, strings.Repeat(quote, 3)) {
		quote = s[:3]
	}
	s = s[len(quote):]
	return prefix, strings.TrimSuffix(s, quote)
}

// formatParts cuts the inside of an f-string into plain strings and the
// expressions of its fields.
func formatParts(raw string, verbatim bool, line, depth int) []Arg {
	var parts []Arg
	var plain strings.Builder
	flush := func() {
		if plain.Len() > 0 {
			v := plain.String()
			if !verbatim {
				v = unescape(v)
			}
			parts = append(parts, Arg{Value: &Expr{Kind: Str, Line: line, Text: v}})
			plain.Reset()
		}
	}
	for i := 0; i < len(raw); i++ {
		c := raw[i]
		double := i+1 < len(raw) && raw[i+1] == c
		switch {
		case c == '\\' && i+1 < len(raw):
			plain.WriteString(raw[i : i+2])
			i++
		case (c == '{' || c == '}') && double:
			plain.WriteByte(c)
			i++
		case c == '{':
			flush()
			l := &lexer{src: raw, at: i + 1}
			l.field(`"""`, 0)
			inside := strings.TrimSuffix(raw[i+1:l.at], "}")
			parts = append(parts, Arg{Value: fieldExpr(inside, line, depth)})
			i = l.at - 1
		default:
			plain.WriteByte(c)
		}
	}
	flush()
	return parts
}

// fieldExpr parses the expression of a replacement field. One with a
// conversion or a format is not known.
func fieldExpr(src string, line, depth int) *Expr {
	if depth > 3 || strings.ContainsAny(src, "!:") {
		return &Expr{Line: line}
	}
	p := &parser{tokens: tokenize(strings.TrimSpace(src))}
	e := p.expr(deepest - 10)
	if !p.endsLine() {
		return &Expr{Line: line}
	}
	e.Line = line
	return e
}

// unescape resolves the escapes of a plain string; ones it does not know stay.
func unescape(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		switch c := s[i]; c {
		case '\n':
		case '\\', '\'', '"':
			b.WriteByte(c)
		case 'n':
			b.WriteByte('\n')
		case 't':
			b.WriteByte('\t')
		case 'r':
			b.WriteByte('\r')
		case 'x', 'u', 'U':
			digits := map[byte]int{'x': 2, 'u': 4, 'U': 8}[c]
			if i+digits < len(s) {
				if r, err := strconv.ParseUint(s[i+1:i+1+digits], 16, 32); err == nil {
					b.WriteRune(rune(r))
					i += digits
					continue
				}
			}
			b.WriteString(s[i-1 : i+1])
		default:
			b.WriteByte('\\')
			b.WriteByte(c)
		}
	}
	return b.String()
}
