package python

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// kind is what a token is.
type kind uint8

const (
	endOfFile kind = iota
	newline        // end of a logical line
	indent         // a block begins
	dedent         // a block ends
	name           // identifier or keyword
	number
	text // string literal, with its prefix and quotes
	op   // operator or delimiter
)

// A token is one word of source.
type token struct {
	kind kind
	line int
	text string
}

func (t token) is(s string) bool { return (t.kind == op || t.kind == name) && t.text == s }

// deepest bounds nesting of brackets, blocks and f-string fields: deeper
// source is no program that a person wrote.
const deepest = 100

// lexer cuts source into tokens.
type lexer struct {
	src     string
	at      int
	line    int
	depth   int   // open brackets
	indents []int // columns of the open blocks
	tokens  []token
}

func tokenize(src string) []token {
	src = strings.TrimPrefix(src, "\ufeff")
	l := &lexer{src: src, line: 1, tokens: make([]token, 0, len(src)/5+8)}
	for l.at < len(l.src) {
		l.physicalLine()
	}
	l.endLine()
	for range l.indents {
		l.emit(dedent, "")
	}
	l.emit(endOfFile, "")
	return l.tokens
}

func (l *lexer) emit(k kind, s string) {
	l.tokens = append(l.tokens, token{k, l.line, s})
}

// physicalLine reads from the start of a line to behind its line break, or to
// the end of a string or a joined line that began in it.
func (l *lexer) physicalLine() {
	column := l.blanks()
	if l.at >= len(l.src) {
		return
	}
	if c := l.src[l.at]; c == '\n' || c == '\r' || c == '#' {
		l.toLineBreak()
		l.lineBreak()
		return
	}
	if l.depth > 0 && l.startsDefinition() {
		// No bracket can contain these: one was left open above.
		l.depth = 0
		l.endLine()
	}
	if l.depth == 0 {
		l.block(column)
	}
	for l.at < len(l.src) {
		c := l.src[l.at]
		switch {
		case c == '\n' || c == '\r':
			if l.depth == 0 {
				l.endLine()
			}
			l.lineBreak()
			return
		case c == ' ' || c == '\t' || c == '\f':
			l.at++
		case c == '#':
			l.toLineBreak()
		case c == '\\':
			l.at++
			l.lineBreak() // joined lines have no indentation of their own
		default:
			l.word()
		}
	}
}

// blanks steps over leading blanks and returns the column behind them.
func (l *lexer) blanks() int {
	column := 0
	for ; l.at < len(l.src); l.at++ {
		switch l.src[l.at] {
		case ' ':
			column++
		case '\t':
			column += 8 - column%8
		case '\f':
			column = 0
		default:
			return column
		}
	}
	return column
}

func (l *lexer) toLineBreak() {
	for l.at < len(l.src) && l.src[l.at] != '\n' && l.src[l.at] != '\r' {
		l.at++
	}
}

// lineBreak steps over \n, \r or \r\n, where there is one.
func (l *lexer) lineBreak() {
	if l.at < len(l.src) && l.src[l.at] == '\r' {
		l.at++
		if l.at >= len(l.src) || l.src[l.at] != '\n' {
			l.line++
			return
		}
	}
	if l.at < len(l.src) && l.src[l.at] == '\n' {
		l.at++
		l.line++
	}
}

func (l *lexer) endLine() {
	if n := len(l.tokens); n > 0 && l.tokens[n-1].kind >= name {
		l.emit(newline, "")
	}
}

func (l *lexer) startsDefinition() bool {
	rest := l.src[l.at:]
	for _, word := range [...]string{"def ", "class ", "import ", "async def "} {
		if strings.HasPrefix(rest, word) {
			return true
		}
	}
	return false
}

// block opens or closes blocks for a logical line that begins at this column.
func (l *lexer) block(column int) {
	for n := len(l.indents); n > 0 && column < l.indents[n-1]; n-- {
		l.indents = l.indents[:n-1]
		l.emit(dedent, "")
	}
	current := 0
	if n := len(l.indents); n > 0 {
		current = l.indents[n-1]
	}
	if column > current && len(l.indents) < deepest {
		l.indents = append(l.indents, column)
		l.emit(indent, "")
	}
}

// word reads one token that is neither blank nor comment.
func (l *lexer) word() {
	start, line := l.at, l.line
	c := l.src[l.at]
	k := op
	switch {
	case c == '"' || c == '\'':
		l.str(false, 0)
		k = text
	case c >= '0' && c <= '9' || c == '.' && l.at+1 < len(l.src) && isDigit(l.src[l.at+1]):
		for l.at < len(l.src) && (isWord(l.src[l.at]) || l.src[l.at] == '.') {
			l.at++
		}
		k = number
	case isWord(c) || c >= utf8.RuneSelf && l.letter():
		for l.at < len(l.src) && (isWord(l.src[l.at]) || l.src[l.at] >= utf8.RuneSelf && l.letter()) {
			if l.src[l.at] < utf8.RuneSelf {
				l.at++
			} else {
				_, size := utf8.DecodeRuneInString(l.src[l.at:])
				l.at += size
			}
		}
		k = name
		if l.at < len(l.src) && (l.src[l.at] == '"' || l.src[l.at] == '\'') && isPrefix(l.src[start:l.at]) {
			l.str(strings.ContainsAny(l.src[start:l.at], "fFtT"), 0)
			k = text
		}
	default:
		l.operator()
	}
	l.tokens = append(l.tokens, token{k, line, l.src[start:l.at]})
}

// letter reports whether a letter outside ASCII stands here.
func (l *lexer) letter() bool {
	r, size := utf8.DecodeRuneInString(l.src[l.at:])
	return size > 1 && (unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r))
}

func (l *lexer) operator() {
	c := l.src[l.at]
	switch c {
	case '(', '[', '{':
		l.depth++
	case ')', ']', '}':
		l.depth = max(0, l.depth-1)
	}
	for _, long := range [...]string{"**=", "//=", ">>=", "<<=", "...", "->", ":=", "==", "!=", "<=", ">=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "@=", "**", "//", "<<", ">>"} {
		if long[0] == c && strings.HasPrefix(l.src[l.at:], long) {
			l.at += len(long)
			return
		}
	}
	_, size := utf8.DecodeRuneInString(l.src[l.at:])
	l.at += size
}

// str reads a string literal whose opening quote stands here. One that is
// never closed ends with its line, or with the file where it is triple.
func (l *lexer) str(format bool, nested int) {
	quote := l.src[l.at : l.at+1]
	if triple := strings.Repeat(quote, 3); strings.HasPrefix(l.src[l.at:], triple) {
		quote = triple
	}
	l.at += len(quote)
	for l.at < len(l.src) {
		c := l.src[l.at]
		switch {
		case c == '\\':
			l.at++
			if l.at < len(l.src) && (l.src[l.at] == '\n' || l.src[l.at] == '\r') {
				l.lineBreak()
			} else {
				l.at = min(l.at+1, len(l.src))
			}
		case c == quote[0] && strings.HasPrefix(l.src[l.at:], quote):
			l.at += len(quote)
			return
		case c == '\n' || c == '\r':
			if len(quote) == 1 {
				return
			}
			l.lineBreak()
		case format && c == '{':
			l.at++
			if l.at < len(l.src) && l.src[l.at] == '{' {
				l.at++
			} else if nested < deepest {
				l.field(quote, nested+1)
			}
		default:
			l.at++
		}
	}
}

// field reads a replacement field of an f-string from behind its opening brace
// to behind its closing one. Inside, strings may use the outer quote (PEP 701).
func (l *lexer) field(quote string, nested int) {
	depth, spec := 0, false
	for l.at < len(l.src) {
		c := l.src[l.at]
		switch {
		case c == '\n' || c == '\r':
			if len(quote) == 1 {
				return
			}
			l.lineBreak()
		case spec && strings.HasPrefix(l.src[l.at:], quote):
			return // not closed; str sees the quote
		case !spec && (c == '"' || c == '\''):
			before := l.at
			for before > 0 && isWord(l.src[before-1]) {
				before--
			}
			prefix := l.src[before:l.at]
			l.str(isPrefix(prefix) && strings.ContainsAny(prefix, "fFtT"), nested)
		case c == '{' && spec:
			l.at++
			if nested < deepest {
				l.field(quote, nested+1)
			}
		case c == '(' || c == '[' || c == '{':
			depth++
			l.at++
		case c == ')' || c == ']' || c == '}' && depth > 0 && !spec:
			depth = max(0, depth-1)
			l.at++
		case c == '}':
			l.at++
			return
		case c == ':' && depth == 0:
			spec = true
			l.at++
		default:
			l.at++
		}
	}
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isWord(c byte) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || isDigit(c)
}

// isPrefix reports whether s may stand before the quote of a string literal.
func isPrefix(s string) bool {
	switch len(s) {
	case 1:
		return strings.ContainsAny(s, "rRbBuUfFtT")
	case 2:
		switch strings.ToLower(s) {
		case "br", "rb", "fr", "rf", "tr", "rt":
			return true
		}
	}
	return false
}
