package cli

import (
	"flag"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the README's options table")

// The README's table is what `davit options --markdown` prints.
func TestReadmeListsTheOptions(t *testing.T) {
	const path = "../../README.md"
	const begin, end = "<!-- options: made by `davit options --markdown`; a test keeps it true -->\n", "<!-- /options -->"
	readme, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(readme), begin)
	_, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatal("README.md has lost the markers of its options table")
	}
	status, table, stderr := run(t, "", "options", "--markdown")
	if status != 0 {
		t.Fatalf("options --markdown: exit %d: %s", status, stderr)
	}
	want := before + begin + table + end + after
	if want == string(readme) {
		return
	}
	if !*update {
		t.Fatal("README.md's options table is stale: run go test ./ui/cli -run Readme -update")
	}
	if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
}

// The README's front page names every command.
func TestReadmeListsTheCommands(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	commands := (&runner{}).root().Commands()
	if len(commands) < 5 {
		t.Fatalf("davit has only %d commands", len(commands))
	}
	for _, c := range commands {
		if c.IsAvailableCommand() && c.Name() != "help" && !strings.Contains(string(readme), "\n| `davit "+c.Name()) {
			t.Errorf("README.md's table lacks `davit %s`", c.Name())
		}
	}
}
