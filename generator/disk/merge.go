package disk

import (
	"strings"

	"github.com/aymanbagabas/go-udiff"
)

// Whose says who changed a piece of a file since davit last wrote it.
type Whose int

const (
	Nobody Whose = iota // it is as it was
	Mine                // the user changed it
	Davits              // davit changed it
	Both                // both did, differently
	Agreed              // both did, in the same way
)

// A Piece is some lines of a file in two versions: what is there, and what
// davit gives now. Pieces that nobody changed, or both alike, have one text.
type Piece struct {
	Whose       Whose
	Mine, Davit string
}

// Differs reports whether there is something to choose.
func (p Piece) Differs() bool { return p.Mine != p.Davit }

// merged is the text of a piece that needs no choice, "" and false of one that does.
func (p Piece) merged() (string, bool) {
	switch p.Whose {
	case Davits:
		return p.Davit, true
	case Both:
		return "", false
	default:
		return p.Mine, true
	}
}

// Pieces takes an entry apart where what is there and what davit gives differ.
// With what davit wrote before, it tells who changed what; without, as of a
// foreign file, all that differs is Both.
func (e Entry) Pieces() []Piece {
	if !e.Edited {
		return twoWay(e.Existing, e.Content)
	}
	return threeWay(e.Written(), e.Existing, e.Content)
}

// Merge joins the user's edits and davit's changes line by line. It returns
// how many pieces both changed; in these the text is the user's. It reports
// false for a file that davit did not write: there is nothing to tell whose a
// difference is.
func (e Entry) Merge() (text string, conflicts int, ok bool) {
	if !e.Edited {
		return "", 0, false
	}
	if n := e.Unresolved(); n > 0 {
		return e.Existing, n, true
	}
	var b strings.Builder
	for _, p := range e.Pieces() {
		text, whole := p.merged()
		if !whole {
			text = p.Mine
			conflicts++
		}
		b.WriteString(text)
	}
	return b.String(), conflicts, true
}

// The lines around both sides of what both changed.
const (
	markYours = "<<<<<<< yours"
	markApart = "======="
	markDavit = ">>>>>>> davit"
)

// Unresolved is how many conflicts stand in the file that is there, between the
// markers of an earlier merge. Only the user can resolve them.
func (e Entry) Unresolved() int {
	if !strings.Contains(e.Existing, markYours) {
		return 0
	}
	n, next := 0, markYours
	for line := range strings.Lines(e.Existing) {
		if strings.TrimRight(line, "\r\n") != next {
			continue
		}
		switch next {
		case markYours:
			next = markApart
		case markApart:
			next = markDavit
		default:
			next = markYours
			n++
		}
	}
	return n
}

// marked is Merge with markers around what both changed.
func (e Entry) marked() string {
	var b strings.Builder
	for _, p := range e.Pieces() {
		if text, whole := p.merged(); whole {
			b.WriteString(text)
			continue
		}
		end := "\n"
		if strings.Contains(p.Mine+p.Davit, "\r\n") {
			end = "\r\n"
		}
		b.WriteString(markYours + end + closed(p.Mine, end) + markApart + end + closed(p.Davit, end) + markDavit + end)
	}
	return b.String()
}

// closed ends a text with the end of a line.
func closed(text, end string) string {
	if text != "" && !strings.HasSuffix(text, "\n") {
		return text + end
	}
	return text
}

// twoWay is threeWay where the version before is not known.
func twoWay(mine, davit string) []Piece {
	var pieces []Piece
	at := 0
	for _, edit := range udiff.Lines(mine, davit) {
		pieces = appendPiece(pieces, Piece{Nobody, mine[at:edit.Start], mine[at:edit.Start]})
		pieces = append(pieces, Piece{Both, mine[edit.Start:edit.End], edit.New})
		at = edit.End
	}
	return appendPiece(pieces, Piece{Nobody, mine[at:], mine[at:]})
}

// threeWay is diff3: it aligns both versions with the one before by go-udiff's
// line differences. Changes that overlap or touch make one piece, as git has
// it: what stands side by side seldom means what it meant alone.
func threeWay(before, mine, davit string) []Piece {
	a, b := udiff.Lines(before, mine), udiff.Lines(before, davit)
	var pieces []Piece
	at := 0
	for len(a)+len(b) > 0 {
		from := len(before)
		if len(a) > 0 {
			from = a[0].Start
		}
		if len(b) > 0 {
			from = min(from, b[0].Start)
		}
		to, i, j := from, 0, 0
		for i < len(a) && a[i].Start <= to || j < len(b) && b[j].Start <= to {
			if i < len(a) && a[i].Start <= to {
				to = max(to, a[i].End)
				i++
			} else {
				to = max(to, b[j].End)
				j++
			}
		}
		pieces = appendPiece(pieces, Piece{Nobody, before[at:from], before[at:from]})
		p := Piece{Mine: applied(before, from, to, a[:i]), Davit: applied(before, from, to, b[:j])}
		switch {
		case p.Mine == p.Davit:
			p.Whose = Agreed
		case i == 0:
			p.Whose = Davits
		case j == 0:
			p.Whose = Mine
		default:
			p.Whose = Both
		}
		pieces = append(pieces, p)
		a, b, at = a[i:], b[j:], to
	}
	return appendPiece(pieces, Piece{Nobody, before[at:], before[at:]})
}

// applied is a stretch of a text with edits inside it carried out.
func applied(text string, from, to int, edits []udiff.Edit) string {
	var b strings.Builder
	for _, e := range edits {
		b.WriteString(text[from:e.Start])
		b.WriteString(e.New)
		from = e.End
	}
	b.WriteString(text[from:to])
	return b.String()
}

func appendPiece(pieces []Piece, p Piece) []Piece {
	if p.Mine == "" && p.Davit == "" {
		return pieces
	}
	return append(pieces, p)
}
