package tui

import (
	"context"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/davit-cli/davit/generator"
	"github.com/davit-cli/davit/wizard"
)

// long is the generator with a Dockerfile of 150 lines.
func long(o *Options) {
	sets := newFileSets()
	sets.generate = func(a wizard.Answers) ([]generator.File, error) {
		files, err := generator.Generate(a)
		if err != nil {
			return nil, err
		}
		lines := strings.SplitAfter(files[0].Content, "\n")
		for len(lines) < 150 {
			lines = append(lines, lines...)
		}
		files[0].Content = strings.Join(lines[:150], "")
		return files, nil
	}
	o.sets = &sets
}

// BenchmarkKeyPress is a key press to a finished frame, Update and View, with
// the cursor going through the base images: another Dockerfile every time.
func BenchmarkKeyPress(b *testing.B) {
	wt := start(b, 120, 40, long).to("base")
	down := keyOf("down")
	b.ReportAllocs()
	for b.Loop() {
		wt.m.Update(down)
		wt.m.View()
	}
}

// BenchmarkScroll is the same for the preview's place.
func BenchmarkScroll(b *testing.B) {
	wt := start(b, 120, 40, long)
	keys := []tea.KeyPressMsg{keyOf("G"), keyOf("g")}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		wt.m.Update(keys[i%2])
		wt.m.View()
	}
}

// BenchmarkFirstLook is BenchmarkKeyPress with files that were never seen: nothing is
// generated, lexed or styled before.
func BenchmarkFirstLook(b *testing.B) {
	wt := start(b, 120, 40, long).to("base")
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
// process whose lexers are compiled.
func BenchmarkFirstFrame(b *testing.B) {
	for b.Loop() {
		m := newModel(context.Background(), Options{Dir: ".", Answers: wizard.Defaults()})
		m.Update(tea.WindowSizeMsg{Width: 120, Height: 40})
		m.View()
	}
}
