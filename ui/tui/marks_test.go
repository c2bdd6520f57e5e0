package tui

import (
	"math/rand/v2"
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

// A text put together from what did not differ and what did is the text again.
func TestHunksCoverEveryDifference(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		text := func() []string {
			lines := make([]string, r.IntN(12))
			for i := range lines {
				lines[i] = string(rune('a' + r.IntN(4)))
			}
			return lines
		}
		old, now := text(), text()
		at, then := 0, 0
		hunks(old, now, func(o, n, from, to int) {
			if strings.Join(old[then:o], "") != strings.Join(now[at:from], "") {
				t.Fatalf("%v → %v: what is left out differs", old, now)
			}
			then, at = n, to
		})
		if strings.Join(old[then:], "") != strings.Join(now[at:], "") {
			t.Fatalf("%v → %v: the ends differ", old, now)
		}
	}
}
