//go:build unix

package disk

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/davit-cli/davit/generator"
)

func TestAPipeIsNeitherReadNorReplaced(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mkfifo(filepath.Join(dir, "Dockerfile"), 0o600); err != nil {
		t.Skip(err)
	}
	_, err := Compare(dir, []generator.File{file("Dockerfile", "x")})
	if err == nil || !strings.Contains(err.Error(), "is no regular file") {
		t.Errorf("got %v", err)
	}
}
