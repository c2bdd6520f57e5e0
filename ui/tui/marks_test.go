package tui

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func TestCompareLinesMarksWhatTheChangeTouched(t *testing.T) {
	for _, c := range []struct{ name, before, after, want string }{
		{"the same text has no marks", "a b c", "a b c", ""},
		{"a new line", "a c", "a b c", " + "},
		{"a line in place of another", "a b c", "a x c", " ▎ "},
		{"two in place of one", "a b c", "a x y c", " ▎▎ "},
		{"a removed line marks the one after it", "a b c", "a c", " ▔"},
		{"a removed last line marks the one before it", "a b", "a", "▔"},
		{"several places", "a b c d e", "a x c d y e", " ▎  + "},
		{"everything new", "", "a b", "++"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got strings.Builder
			for _, m := range compareLines(strings.Fields(c.before), strings.Fields(c.after)) {
				got.WriteString(signs[m])
			}
			if got.String() != c.want {
				t.Errorf("%q → %q gives %q, want %q", c.before, c.after, got.String(), c.want)
			}
		})
	}
}

// What is not marked was there before, in the same order; and a text without
// marks is the one before.
func TestMarksLeaveOutNoDifference(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		text := func() []string {
			lines := make([]string, r.IntN(12))
			for i := range lines {
				lines[i] = string(rune('a' + r.IntN(4)))
			}
			return lines
		}
		before, after := text(), text()
		marks := compareLines(before, after)
		if marks == nil && len(after) > 0 && !slices.Equal(before, after) {
			t.Fatalf("%v → %v has no marks", before, after)
		}
		rest := before
		for i, line := range after {
			if marks != nil && (marks[i] == added || marks[i] == altered) {
				continue
			}
			at := slices.Index(rest, line)
			if at < 0 {
				t.Fatalf("%v → %v: line %d is not marked as new in %v", before, after, i+1, marks)
			}
			rest = rest[at+1:]
		}
	}
}
