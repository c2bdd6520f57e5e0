package tui

import (
	"math/rand/v2"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/davit-cli/davit/wizard/inspect"
)

// Whatever is pressed, on whatever size: no panic, a frame that fits, answers
// that are valid.
func TestRandomKeys(t *testing.T) {
	names := strings.Fields(`enter enter enter enter esc tab shift+tab space up down down left right pgup pgdown home end
		ctrl+left ctrl+right ctrl+u ctrl+d ctrl+p backspace delete f1 ? [ ] g G c d a p y n N q h j k l x / 1 : . - A
		e f i u v w # < > = = f2 r o 日 [ ] shift+left shift+right`)
	sizes := [][2]int{{120, 40}, {80, 24}, {60, 16}, {96, 20}, {200, 60}, {50, 14}, {1, 1}, {61, 100}}
	walks := 300
	if testing.Short() {
		walks = 200
	}
	for seed := range walks {
		r := rand.New(rand.NewPCG(uint64(seed), 7))
		size := sizes[r.IntN(len(sizes))]
		f := shop()
		switch r.IntN(4) {
		case 0:
			f = inspect.Facts{}
		case 1:
			f.App.Value, f.App.Candidates = "", []string{"a.b:c", "d.e:f"}
		}
		begin := plain
		if seed%10 == 0 {
			begin = start
		}
		wt := begin(t, size[0], size[1], finds(f))
		var pressed []string
		for range 45 {
			name := names[r.IntN(len(names))]
			pressed = append(pressed, name)
			if r.IntN(20) == 0 {
				size = sizes[r.IntN(len(sizes))]
				wt.send(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
			}
			if r.IntN(20) == 0 {
				wt.send(tea.MouseWheelMsg{X: r.IntN(200), Y: r.IntN(60), Button: tea.MouseWheelDown})
				wt.send(tea.MouseClickMsg{X: r.IntN(200), Y: r.IntN(60), Button: tea.MouseLeft})
			}
			wt.press(name)
			wt.fits(size[0], size[1])
			if err := wt.m.answers.Validate(); err != nil {
				t.Errorf("the answers are invalid: %v", err)
			}
			if wt.quit {
				break
			}
		}
		if t.Failed() {
			t.Fatalf("walk %d: %s", seed, strings.Join(pressed, " "))
		}
	}
}
