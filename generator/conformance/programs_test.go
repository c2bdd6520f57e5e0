package conformance

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A program that breaks off, or says too little, must not pass for one that
// has found nothing.
func TestSilenceIsNoVerdict(t *testing.T) {
	files := whole(t)
	for name, says := range map[string]string{
		"crashes":        "exit 3",
		"says nothing":   "exit 0",
		"breaks off":     `printf '[{"Code": "DL3000", '`,
		"judges nothing": `printf '{"judged": {}, "findings": [], "results": {"failed_checks": []}, "summary": {"resource_count": 0}}'`,
		"means another":  `printf '[{"file": "nowhere", "object_name": "x", "checks": []}]'; exit 1`,
	} {
		t.Run(name, func(t *testing.T) {
			install(t, "#!/bin/sh\n"+says+"\n")
			for _, j := range Judges() {
				if len(j.programs()) == 0 {
					continue
				}
				found := j.over(files)
				if !slices.ContainsFunc(found, func(f Finding) bool { return f.Rule == "no-verdict" }) {
					t.Errorf("%s: %v", j.Name, found)
				}
			}
		})
	}
}

// install puts a program in place of all of them.
func install(t *testing.T, script string) {
	t.Helper()
	cache := t.TempDir()
	t.Setenv("HOME", cache)
	t.Setenv("XDG_CACHE_HOME", cache)
	for _, p := range programs {
		command, err := p.command()
		if err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(filepath.Dir(command[0]), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(command[0], []byte(script), 0o700); err != nil {
			t.Fatal(err)
		}
	}
}

func TestEveryProgramIsPinned(t *testing.T) {
	for _, p := range programs {
		if v := p.version(); v == "" || strings.Contains(v, " ") {
			t.Errorf("%s: %s", p.name, v)
		}
	}
	for _, j := range Judges() {
		if v := j.versions(); strings.Contains(v, "unknown") {
			t.Errorf("%s: %s", j.Name, v)
		}
	}
}

// A program counts as installed only when its installation came to its end.
func TestHalfAnInstallationIsMissing(t *testing.T) {
	install(t, "")
	for _, p := range programs {
		if p.missing() == nil {
			t.Errorf("%s has no mark that it is whole, and is taken for installed", p.name)
		}
	}
}
