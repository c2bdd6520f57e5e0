package conformance

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/davit-cli/davit/generator"
)

// What davit asks of the workflows that it writes holds for its own.
func TestOwnWorkflows(t *testing.T) {
	paths, err := filepath.Glob("../../.github/workflows/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if len(paths) < 2 {
		t.Fatalf("found %q, and no workflows for test and release", paths)
	}
	var files []generator.File
	for _, path := range append(paths, "../../.github/dependabot.yml") {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, generator.File{Path: filepath.ToSlash(path[len("../../"):]), Content: string(content)})
	}
	updates := &docket{judge: "dependabot"}
	updates.zizmor(files[len(paths):])
	for _, finding := range append(Workflow(files[:len(paths)]), updates.found...) {
		t.Error(finding)
	}
}
