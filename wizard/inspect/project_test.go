package inspect

import (
	"os"
	"path/filepath"
	"testing"
)

// files is a small project: path → content.
type files map[string]string

// project writes files below a new folder called shop and returns it.
func project(t testing.TB, all files) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "shop")
	if err := os.MkdirAll(filepath.Join(dir, ".git"), 0o755); err != nil { // nothing above counts
		t.Fatal(err)
	}
	write(t, dir, all)
	return dir
}

func write(t testing.TB, dir string, all files) {
	t.Helper()
	for name, content := range all {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func inspected(t testing.TB, all files) Facts {
	t.Helper()
	facts, err := Folder(project(t, all))
	if err != nil {
		t.Fatal(err)
	}
	return facts
}

const plainApp = "from fastapi import FastAPI\n\napp = FastAPI()\n"
