package tui

import (
	"strings"
	"unicode"

	"github.com/aymanbagabas/go-udiff/lcs"
	"github.com/charmbracelet/x/ansi"
)

// Cells are a stretch of a line.
type cells struct{ from, to int }

// changedWords returns what differs in two versions of a line, word by word.
// Of lines that have little in common nothing is marked: all of it is new.
func changedWords(before, after string) (gone, come []cells) {
	a, b := words(before), words(after)
	diffs := lcs.DiffLines(a, b)
	common := 0
	for _, w := range a {
		common += len(strings.TrimSpace(w))
	}
	for _, d := range diffs {
		for _, w := range a[d.Start:d.End] {
			common -= len(strings.TrimSpace(w))
		}
	}
	if longest := max(len(strings.TrimSpace(before)), len(strings.TrimSpace(after))); common*3 < longest {
		return nil, nil
	}
	for _, d := range diffs {
		gone = appendCells(gone, a, d.Start, d.End)
		come = appendCells(come, b, d.ReplStart, d.ReplEnd)
	}
	return gone, come
}

// words are the words of a line, and what stands between them one by one.
func words(line string) []string {
	var all []string
	start, inWord := 0, false
	for i, r := range line {
		word := unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_'
		if i > start && (!word || !inWord) {
			all = append(all, line[start:i])
			start = i
		}
		inWord = word
	}
	if start < len(line) {
		all = append(all, line[start:])
	}
	return all
}

func appendCells(spans []cells, words []string, from, to int) []cells {
	if from == to {
		return spans
	}
	before := ansi.StringWidth(strings.Join(words[:from], ""))
	return append(spans, cells{before, before + ansi.StringWidth(strings.Join(words[from:to], ""))})
}

// marked paints the spans of a line with an ink of their own.
func marked(line string, spans []cells, i ink) string {
	if len(spans) == 0 {
		return line
	}
	var b strings.Builder
	at := 0
	for _, s := range spans {
		b.WriteString(ansi.Cut(line, at, s.from))
		b.WriteString(i.of(ansi.Strip(ansi.Cut(line, s.from, s.to))))
		at = s.to
	}
	b.WriteString(ansi.Cut(line, at, ansi.StringWidth(line)))
	return b.String()
}
