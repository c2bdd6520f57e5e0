// Package highlight colours the generated files for the terminal, line by line
// and only as far as they are looked at.
//
// A file is cut into chunks that a lexer can read from its first state: a line
// where nothing reaches over its end, an instruction with its continuations, a
// here document, a block scalar. Chunks are lexed by chroma when one of their
// lines is asked for, and kept by their text. A change of one answer therefore
// costs the chunks that it changed and the eye sees, nothing else.
//
//	h := highlight.New(func(t chroma.TokenType) string { return "\x1b[34m" })
//	doc := h.Document("dockerfile", "FROM scratch\n")
//	line := doc.Line(0)
//
// chroma's own lexers and styles are not imported: reading them costs 30 ms and
// several megabytes at every start. The languages here are a page each.
package highlight

import (
	"strings"

	"github.com/alecthomas/chroma/v2"
)

// A Line is one line as a terminal shows it: tabs expanded, control characters
// made visible, styled.
type Line struct {
	Text  string // with SGR sequences, each closed on the line
	Width int    // cells
}

// A Highlighter styles documents and remembers what it has styled. It is for
// one goroutine.
type Highlighter struct {
	ink    func(chroma.TokenType) string
	docs   map[key]*Document
	chunks map[key][]Line
}

type key struct{ language, text string }

// The caches begin anew when they are full; what is on the screen is back with
// the next frame.
const (
	mostDocs   = 256
	mostChunks = 8192
)

// New returns a highlighter. ink gives the SGR sequence that a token type
// begins with, or "".
func New(ink func(chroma.TokenType) string) *Highlighter {
	return &Highlighter{ink: ink, docs: map[key]*Document{}, chunks: map[key][]Line{}}
}

// Document returns the document with this content; lexing waits for Line. A
// language that is not known is shown as plain text.
func (h *Highlighter) Document(language, content string) *Document {
	k := key{language, content}
	if d, ok := h.docs[k]; ok {
		return d
	}
	if len(h.docs) >= mostDocs {
		clear(h.docs)
	}
	d := newDocument(h, language, content)
	h.docs[k] = d
	return d
}

// chunk returns the styled lines of a chunk.
func (h *Highlighter) chunk(language, text string) []Line {
	k := key{language, text}
	if lines, ok := h.chunks[k]; ok {
		return lines
	}
	if len(h.chunks) >= mostChunks {
		clear(h.chunks)
	}
	lines := h.style(language, text)
	h.chunks[k] = lines
	return lines
}

// style lexes a text and returns its lines.
func (h *Highlighter) style(language, text string) []Line {
	p := newPainter(h.ink)
	for _, t := range tokens(language, text) {
		p.write(t)
	}
	return p.finish(strings.Count(text, "\n") + 1)
}

// tokens never fails: what cannot be lexed is one token of plain text.
func tokens(language, text string) []chroma.Token {
	plain := []chroma.Token{{Type: chroma.Text, Value: text}}
	lexer := Lexer(language)
	if lexer == nil {
		return plain
	}
	list, err := chroma.Tokenise(lexer, nil, text)
	if err != nil {
		return plain
	}
	return list
}
