package tui

import (
	"context"
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/davit-cli/davit/wizard"
)

// BenchmarkKeyPress is a key press to a finished frame, Update and View, with
// the cursor going through the base images: another Dockerfile every time.
func BenchmarkKeyPress(b *testing.B) {
	wt := start(b, 120, 40).to("base")
	down := keyOf("down")
	b.ReportAllocs()
	for b.Loop() {
		wt.m.Update(down)
		wt.m.View()
	}
}

// BenchmarkFirstLook is the same with files that were never seen: nothing is
// generated, lexed or styled before.
func BenchmarkFirstLook(b *testing.B) {
	wt := start(b, 120, 40).to("base")
	down := keyOf("down")
	b.ReportAllocs()
	for b.Loop() {
		clear(wt.m.sets.made)
		wt.m.preview.paint(wt.m.theme)
		wt.m.Update(down)
		wt.m.View()
	}
}

// BenchmarkFirstFrame is everything from options to the first frame, in a
// program that has lexers compiled; TestFirstFrame times a fresh process.
func BenchmarkFirstFrame(b *testing.B) {
	for b.Loop() {
		m := newModel(context.Background(), Options{Dir: ".", Answers: wizard.Defaults()})
		m.Update(tea.WindowSizeMsg{Width: 120, Height: 40})
		m.View()
	}
}
