package tui

import "github.com/aymanbagabas/go-udiff/lcs"

// A mark says what the last change did to a line.
type mark byte

const (
	kept    mark = iota
	added        // was not there before
	altered      // stands where another line stood
	cutting      // lines were removed before this one
)

// signs are shown in the gutter, so that colour is never the only sign.
var signs = [...]string{kept: " ", added: "+", altered: "▎", cutting: "▔"}

// compareLines returns a mark for each line of after, nil where nothing changed.
func compareLines(before, after []string) []mark {
	head := 0
	for head < len(before) && head < len(after) && before[head] == after[head] {
		head++
	}
	tail := 0
	for tail < len(before)-head && tail < len(after)-head &&
		before[len(before)-1-tail] == after[len(after)-1-tail] {
		tail++
	}
	old, now := before[head:len(before)-tail], after[head:len(after)-tail]
	if len(old) == 0 && len(now) == 0 {
		return nil
	}
	marks := make([]mark, len(after))
	for _, d := range lcs.DiffLines(old, now) {
		from, to := head+d.ReplStart, head+d.ReplEnd
		switch {
		case to > from:
			m := added
			if d.End > d.Start {
				m = altered
			}
			for i := from; i < to; i++ {
				marks[i] = m
			}
		case to < len(marks):
			marks[to] = cutting
		case len(marks) > 0:
			marks[len(marks)-1] = cutting
		}
	}
	return marks
}
