package wrap

import (
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"github.com/davit-cli/davit/wizard"
)

// Whatever the width, a command stands in one line as long as it fits into one,
// and breaking loses nothing.
func TestNoCommandIsBrokenOverLines(t *testing.T) {
	texts := []string{"Once more: davit guide troubleshooting", "`davit generate --on-conflict backup` keeps a copy, as `davit guide re-runs` tells."}
	for _, q := range wizard.Catalogue() {
		texts = append(texts, q.Help)
		for _, c := range q.Choices {
			texts = append(texts, c.Help, c.Gain, c.Cost)
		}
	}
	broke := false
	for _, text := range texts {
		for width := 20; width <= 100; width++ {
			lines := Text(text, width, "")
			broke = broke || len(lines) > 1
			if got := strings.ReplaceAll(strings.Join(lines, ""), " ", ""); got != strings.ReplaceAll(text, " ", "") {
				t.Errorf("%q in %d columns is %q", text, width, lines)
			}
			for _, command := range commands.FindAllString(text, -1) {
				if ansi.StringWidth(command) < width && !slices.ContainsFunc(lines, func(l string) bool { return strings.Contains(l, command) }) {
					t.Errorf("%q is broken in %d columns: %q", command, width, lines)
				}
			}
			for _, line := range lines {
				if ansi.StringWidth(line) > width {
					t.Errorf("%q is wider than %d columns", line, width)
				}
			}
		}
	}
	if !broke {
		t.Error("nothing was broken, so nothing was tried")
	}
}

func TestWordsStayWhole(t *testing.T) {
	got := Words("one of ci-github, ci-gitlab or https://registry.example.com/acme", 20)
	want := []string{"one of ci-github,", "ci-gitlab or", "https://registry.example.com/acme"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
