package tui

import (
	"os"
	"path/filepath"
	"testing"
)

const picture = "../../.github/wizard.svg"

// The README's picture is the real screen. Make it anew with
//
//	go test ./ui/tui -run Picture -update
func TestThePictureIsTheScreen(t *testing.T) {
	facts := shop()
	facts.Python.Value = "3.13" // so that every base is possible
	wt := start(t, 120, 36, finds(facts)).to("base").press("down down")
	got := svg(wt.m.frame(), 120, 36, "#0F1419", "#D5DAE1")
	if *update {
		if err := os.MkdirAll(filepath.Dir(picture), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(picture, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(picture)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != got {
		t.Errorf("%s is stale: go test ./ui/tui -run Picture -update", picture)
	}
}
