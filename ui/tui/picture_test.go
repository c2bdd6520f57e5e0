package tui

import (
	"os"
	"path/filepath"
	"testing"
)

const pictures = "../../.github"

// The README's pictures are the real screen. Make them anew with
//
//	go test ./ui/tui -run Picture -update
func TestThePicturesAreTheScreen(t *testing.T) {
	for _, p := range []struct {
		name, title string
		to          func() *wizardTest
	}{
		{"wizard.svg", "davit: questions at the left, the files they give at the right", func() *wizardTest { return start(t, 120, 36, modern()).to("base").press("down down") }},
		{"compare.svg", "davit: two variants, what they come to, and their files side by side", func() *wizardTest { return start(t, 120, 38, modern()).to("base").press("= right") }},
		{"why.svg", "davit: why a line is there, and the answers that put it there", func() *wizardTest {
			return start(t, 120, 30, modern()).to("target").press("p").find("CMD [\"python")
		}},
	} {
		wt := p.to()
		file := filepath.Join(pictures, p.name)
		got := svg(p.title, wt.m.frame(), wt.m.layout.w, wt.m.layout.h, "#0F1419", "#D5DAE1")
		if *update {
			if err := os.MkdirAll(pictures, 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if string(want) != got {
			t.Errorf("%s is stale: go test ./ui/tui -run Picture -update", file)
		}
	}
}
