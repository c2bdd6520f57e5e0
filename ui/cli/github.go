package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/aymanbagabas/go-udiff"

	"github.com/davit-cli/davit/generator/disk"
)

// annotation is a file that differs as GitHub's workflow command for an error,
// which marks the first line that differs in a pull request.
func (r *runner) annotation(dir string, e disk.Entry) string {
	why := map[string]string{
		disk.Older:      "It is what an older davit, or older answers gave: run davit generate.",
		disk.Edited:     "It was edited after davit wrote it: davit diff --mine shows the edits, davit generate --on-conflict merge keeps them.",
		disk.Unresolved: "It holds conflicts between markers: resolve them, then run davit generate.",
		disk.Foreign:    "davit never wrote it: davit generate --on-conflict backup replaces it and keeps a copy.",
		"new":           "It is missing: run davit generate.",
	}[e.State()]
	if e.Status == disk.Kept {
		why = "It was edited after davit wrote it: davit diff --mine shows the edits, davit check --allow-edits passes them."
	}
	line := 1
	if edits := udiff.Lines(e.Existing, e.Content); e.Exists() && len(edits) > 0 {
		line += strings.Count(e.Existing[:edits[0].Start], "\n")
	}
	return fmt.Sprintf("::error file=%s,line=%d,title=%s::%s",
		property(r.fromWorkspace(dir, e.Path)), line, property("Not what davit.yaml gives"), message(why))
}

// fromWorkspace is a path as GitHub shows it: below the repository.
func (r *runner) fromWorkspace(dir, path string) string {
	name := filepath.Join(dir, filepath.FromSlash(path))
	base := r.env("GITHUB_WORKSPACE")
	if base == "" {
		base, _ = os.Getwd()
	}
	if abs, err := filepath.Abs(name); err == nil {
		if rel, err := filepath.Rel(base, abs); err == nil && !strings.HasPrefix(rel, "..") {
			name = rel
		}
	}
	return filepath.ToSlash(name)
}

// message and property escape what a workflow command would read as its own end.
func message(text string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(text)
}

func property(text string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(message(text))
}

// env returns a variable of the environment that the program was given.
func (r *runner) env(name string) string {
	for i := len(r.Env) - 1; i >= 0; i-- {
		if value, ok := strings.CutPrefix(r.Env[i], name+"="); ok {
			return value
		}
	}
	return ""
}
