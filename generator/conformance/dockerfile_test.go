package conformance

import (
	"slices"
	"strings"
	"testing"

	"github.com/davit-cli/davit/generator"
	"github.com/davit-cli/davit/wizard"
)

// TestWithoutAShell: what a base without one needs is missed where it is not there.
func TestWithoutAShell(t *testing.T) {
	for _, base := range []string{"distroless", "chainguard"} {
		files, err := generator.Generate(with(wizard.Defaults(), "base", []string{base}))
		if err != nil {
			t.Fatal(err)
		}
		if found := Dockerfile(files); len(found) > 0 {
			t.Fatalf("%s: before any fault: %v", base, found)
		}
		faults := map[string][2]string{
			"no-shell":   {"USER 10001:10001", "RUN true\nUSER 10001:10001"},
			"entrypoint": {"ENTRYPOINT []\n", ""},
		}
		if base == "chainguard" {
			faults["pip"] = [2]string{"/usr/share/python-wheels", "/usr/share/man"}
		}
		for rule, fault := range faults {
			broken := slices.Clone(files)
			broken[0].Content = strings.ReplaceAll(files[0].Content, fault[0], fault[1])
			if broken[0].Content == files[0].Content {
				t.Fatalf("%s: there is no %q to spoil", base, fault[0])
			}
			if !slices.ContainsFunc(Dockerfile(broken), func(f Finding) bool { return f.Rule == rule }) {
				t.Errorf("%s: %q in place of %q is not found by %s", base, fault[1], fault[0], rule)
			}
		}
	}
}
