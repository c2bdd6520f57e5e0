package tui

import (
	"bytes"
	"context"
	"errors"
	"image/color"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/davit-cli/davit/wizard"
	"github.com/davit-cli/davit/wizard/inspect"
)

// out is a terminal's output that can be read while it is written.
type out struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *out) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

func (o *out) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

const (
	altOn, altOff = "\x1b[?1049h", "\x1b[?1049l"
	mouseOff      = "\x1b[?1002l"
)

// running starts the whole program; end waits for it.
func running(t *testing.T, ctx context.Context, look func() (inspect.Facts, error)) (keys io.Writer, screen *out, end func() (Result, error)) {
	t.Helper()
	r, w := io.Pipe()
	screen = &out{}
	type ended struct {
		Result
		error
	}
	done := make(chan ended, 1)
	go func() {
		result, err := Run(ctx, Options{Dir: t.TempDir(), Answers: wizard.Defaults(), Inspect: look, In: r, Out: screen, Env: []string{"TERM=xterm-256color"}})
		done <- ended{result, err}
	}()
	return w, screen, func() (Result, error) {
		t.Helper()
		select {
		case e := <-done:
			return e.Result, e.error
		case <-time.After(20 * time.Second):
			t.Fatal("the wizard does not end")
			return Result{}, nil
		}
	}
}

func waitFor(t *testing.T, screen *out, text string) {
	t.Helper()
	for range 1000 {
		if strings.Contains(screen.String(), text) {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("%q does not appear in %q", text, screen.String())
}

func found1() (inspect.Facts, error) { return shop(), nil }

func TestTerminalIsGivenBackAfterCtrlC(t *testing.T) {
	keys, screen, end := running(t, t.Context(), found1)
	waitFor(t, screen, altOn)
	_, _ = keys.Write([]byte("\x03"))
	result, err := end()
	if err != nil || !result.Aborted {
		t.Errorf("%+v, %v", result, err)
	}
	restored(t, screen)
}

func TestTerminalIsGivenBackAfterAPanic(t *testing.T) {
	_, screen, end := running(t, t.Context(), func() (inspect.Facts, error) {
		time.Sleep(100 * time.Millisecond)
		panic("an accident")
	})
	result, err := end()
	if err == nil || !result.Aborted || !strings.Contains(err.Error(), "accident") {
		t.Errorf("%+v, %v", result, err)
	}
	restored(t, screen)
}

func TestTerminalIsGivenBackAfterACancelledContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	_, screen, end := running(t, ctx, found1)
	waitFor(t, screen, altOn)
	cancel()
	result, err := end()
	if err != nil || !result.Aborted {
		t.Errorf("%+v, %v", result, err)
	}
	restored(t, screen)
}

func TestInspectionThatFailsIsTold(t *testing.T) {
	wt := start(t, 120, 40, func(o *Options) {
		o.Inspect = func() (inspect.Facts, error) { return inspect.Facts{}, errors.New("no right to read it") }
	})
	wt.shows("The project could not be read: no right to")
	wt.to("review")
}

func restored(t *testing.T, screen *out) {
	t.Helper()
	s := screen.String()
	if strings.LastIndex(s, altOff) < strings.LastIndex(s, altOn) {
		t.Errorf("the alternate screen is left on: %q", s)
	}
	if !strings.Contains(s, mouseOff) {
		t.Errorf("the mouse is left on: %q", s)
	}
}

func TestNoColorIsTakenAsItsConventionSays(t *testing.T) {
	for env, want := range map[string]bool{"NO_COLOR=1": true, "NO_COLOR=yes": true, "NO_COLOR=": false, "NO_COLORS=1": false} {
		if colourless([]string{"TERM=xterm", env}) != want {
			t.Errorf("%s: %v", env, !want)
		}
	}
	m := newModel(t.Context(), Options{Dir: ".", Answers: wizard.Defaults()})
	m.result.Written = []string{"Dockerfile"}
	var plain strings.Builder
	m.summary(&plain, []string{"TERM=xterm-256color", "CLICOLOR_FORCE=1", "NO_COLOR=yes"})
	if strings.Contains(plain.String(), "38;") || !strings.Contains(plain.String(), "Dockerfile") {
		t.Errorf("%q", plain.String())
	}
}

// Where the terminal does not tell its background, its environment may.
func TestTheBackgroundIsGuessedFromTheEnvironment(t *testing.T) {
	for value, dark := range map[string]bool{"15;0": true, "0;15": false, "0;default;15": false, "12;8": true, "0;7": false, "0;default": true, "": true} {
		m := newModel(context.Background(), Options{Answers: wizard.Defaults(), Env: []string{"COLORFGBG=" + value}})
		if m.isDark != dark {
			t.Errorf("COLORFGBG=%s is taken for dark: %v", value, m.isDark)
		}
	}
	m := newModel(context.Background(), Options{Answers: wizard.Defaults(), Env: []string{"COLORFGBG=0;15"}})
	m.Update(tea.BackgroundColorMsg{Color: color.Black})
	if !m.isDark {
		t.Error("what the terminal says does not come first")
	}
}
