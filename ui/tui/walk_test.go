package tui

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/davit-cli/davit/wizard"
	"github.com/davit-cli/davit/wizard/inspect"
)

// CI walks further:
//
//	go test ./ui/tui -run RandomKeys -walks 5000
var walks = flag.Int("walks", 200, "how many random sequences of keys are pressed")

var (
	walkKeys = strings.Fields(`enter enter enter enter esc esc tab shift+tab space up up down down left right pgup pgdown home end
		ctrl+left ctrl+right ctrl+u ctrl+d ctrl+p p backspace delete f1 ? [ ] g G c c d a y n N q h j k l x / / 1 : . - A
		e f i u v w # < > = = f2 r o m b t s 日 shift+left shift+right`)
	walkSizes = [][2]int{{120, 40}, {80, 24}, {60, 16}, {96, 20}, {200, 60}, {50, 14}, {1, 1}, {61, 100}}
)

// Whatever is pressed, on whatever size, from whichever step: no panic, a frame
// that fits, answers that are valid, and a way out.
func TestRandomKeys(t *testing.T) {
	const parts = 2
	for part := range parts {
		t.Run(fmt.Sprint("part ", part+1), func(t *testing.T) {
			t.Parallel()
			for seed := part; seed < *walks && !t.Failed(); seed += parts {
				walk(t, uint64(seed))
			}
		})
	}
}

func walk(t *testing.T, seed uint64) {
	r := rand.New(rand.NewPCG(seed, 7))
	size := walkSizes[r.IntN(len(walkSizes))]
	f := shop()
	switch r.IntN(6) {
	case 0:
		f = inspect.Facts{}
	case 1:
		f.App.Value, f.App.Candidates = "", []string{"a.b:c", "d.e:f"}
	}
	begin := plain
	if seed%10 == 0 {
		begin = start
	}
	wt := begin(t, 120, 40, finds(f))
	steps := stepsOf(wizard.Catalogue(), false)
	wt.to(steps[r.IntN(len(steps))].id)
	wt.send(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
	var pressed []string
	for range 25 {
		name := walkKeys[r.IntN(len(walkKeys))]
		pressed = append(pressed, name)
		if r.IntN(20) == 0 {
			size = walkSizes[r.IntN(len(walkSizes))]
			wt.send(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
		}
		if r.IntN(20) == 0 {
			wt.send(tea.MouseWheelMsg{X: r.IntN(200), Y: r.IntN(60), Button: tea.MouseWheelDown})
			wt.send(tea.MouseClickMsg{X: r.IntN(200), Y: r.IntN(60), Button: tea.MouseLeft})
		}
		if r.IntN(40) == 0 {
			wt.send(tea.PasteMsg{Content: "app\nmain"})
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
	wt.leadsHome()
	if t.Failed() {
		t.Fatalf("walk %d: %s", seed, strings.Join(pressed, " "))
	}
}

// leadsHome checks that esc leads to the first question from everywhere: no
// screen holds who is on it.
func (wt *wizardTest) leadsHome() {
	wt.t.Helper()
	if wt.quit {
		return
	}
	wt.send(tea.WindowSizeMsg{Width: 100, Height: 30})
	for range 40 {
		wt.press("esc")
	}
	if m := wt.m; m.at != 0 || m.explore != nil || m.reading() || m.overlay.kind != noOverlay {
		wt.t.Errorf("esc does not lead back to the first question:\n%s", wt.screen())
	}
}
