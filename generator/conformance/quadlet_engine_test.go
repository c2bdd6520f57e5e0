package conformance

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/davit-cli/davit/generator"
)

// TestQuadletGenerator asks Podman itself, from Debian: the program that makes
// services of units says what it refuses, and names what it has made.
func TestQuadletGenerator(t *testing.T) {
	needEngine(t)
	root := t.TempDir()
	var want []string // the services of every folder
	write := func(folder string, files []generator.File, old, new string) {
		t.Helper()
		changed := old == ""
		for _, f := range files {
			if filepath.Dir(f.Path) != "quadlet" {
				continue
			}
			changed = changed || strings.Contains(f.Content, old)
			name := filepath.Join(root, folder, filepath.Base(f.Path))
			if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, []byte(strings.ReplaceAll(f.Content, old, new)), 0o644); err != nil {
				t.Fatal(err)
			}
			want = append(want, folder+" "+serviceOf(filepath.Base(f.Path)))
		}
		if !changed {
			t.Fatalf("no unit has %q any more", old)
		}
	}
	seen := map[string]bool{}
	for a := range Combinations() {
		if !slices.Equal(a.Targets, []string{"quadlet"}) {
			continue
		}
		files, err := generator.Generate(a)
		if err != nil {
			t.Fatal(err)
		}
		var all strings.Builder
		for _, f := range files {
			if filepath.Dir(f.Path) == "quadlet" {
				all.WriteString(f.Content)
			}
		}
		if !seen[all.String()] {
			seen[all.String()] = true
			write(fmt.Sprint(len(seen)), files, "", "")
		}
	}
	if len(seen) < 10 {
		t.Fatalf("%d distinct folders of units: the combinations have lost theirs", len(seen))
	}
	right := len(want)
	files := whole(t)
	write("misspelt", files, "ReadOnly=", "ReadOnlyRoot=")
	write("missing", files, "Network=api.network", "Network=apo.network")

	const ask = `
apt-get update -qq && cd /tmp && apt-get download -qq podman && dpkg-deb -x podman_*.deb podman
cd /units
for folder in *; do
    QUADLET_UNIT_DIRS=/units/$folder /tmp/podman/usr/libexec/podman/quadlet -dryrun -user >/tmp/made 2>/tmp/said || true
    sed -n "s/^---\(.*\)---\$/made $folder \1/p" /tmp/made
    grep -v 'Loading source unit file' /tmp/said | sed "s/^/said $folder /" || true
done`
	out := command(t, ".", "docker", "run", "--rm", "--volume", root+":/units:ro", "debian:trixie-slim", "sh", "-euc", ask)
	var made []string
	refused := map[string]bool{}
	for line := range strings.Lines(out) {
		line = strings.TrimSpace(line)
		if service, ok := strings.CutPrefix(line, "made "); ok {
			made = append(made, service)
		}
		if said, ok := strings.CutPrefix(line, "said "); ok {
			folder, _, _ := strings.Cut(said, " ")
			if refused[folder] = true; folder != "misspelt" && folder != "missing" {
				t.Errorf("Podman says of combination %s", said)
			}
		}
	}
	for _, service := range want[:right] {
		if !slices.Contains(made, service) {
			t.Errorf("Podman makes no %s", service)
		}
	}
	for _, fault := range []string{"misspelt", "missing"} {
		if !refused[fault] {
			t.Errorf("Podman says nothing about a %s name", fault)
		}
	}
	t.Logf("Podman's generator made %d services of %d folders of units", len(made), len(seen))
}

// serviceOf is the name that Podman gives what it makes of a unit.
func serviceOf(unit string) string {
	name, kind, _ := strings.Cut(unit, ".")
	if kind == "container" {
		return name + ".service"
	}
	return name + "-" + kind + ".service"
}
