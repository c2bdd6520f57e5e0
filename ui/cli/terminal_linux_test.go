package cli

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"github.com/davit-cli/davit/ui/cli/ptytest"
	"github.com/davit-cli/davit/ui/guide"
)

// On a terminal the guide is laid out as wide as that is; without colours it
// is what it is in a pipe.
func TestGuideFollowsTheTerminal(t *testing.T) {
	plain, err := guide.Markdown("traffic")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		columns, most int
		env           []string
		laidOut       bool
	}{
		{60, 60, []string{"TERM=xterm-256color"}, true},
		{80, 80, []string{"TERM=xterm"}, true},
		{200, 100, []string{"TERM=xterm-256color"}, true},
		{80, 0, []string{"TERM=xterm-256color", "NO_COLOR=1"}, false},
		{80, 0, []string{"TERM=dumb"}, false},
	} {
		p := ptytest.Open(t, c.columns)
		var errs bytes.Buffer
		if status := Main(context.Background(), Program{Args: []string{"guide", "traffic"}, In: p.Program, Out: p.Program, Err: &errs, Env: c.env}); status != 0 {
			t.Fatalf("%d, %s", status, errs.String())
		}
		_, _ = p.Program.WriteString("the end")
		p.Waits(t, "the end")
		out := strings.TrimSuffix(p.Seen(), "the end")
		if !c.laidOut {
			if strings.Contains(out, "\x1b") || !strings.Contains(plain, out[:200]) {
				t.Errorf("%v: not plain: %q", c.env, out[:200])
			}
			continue
		}
		widest := 0
		for line := range strings.Lines(out) {
			widest = max(widest, ansi.StringWidth(strings.TrimSuffix(line, "\n")))
		}
		if widest > c.most || widest < c.most*9/10 || !strings.Contains(out, "\x1b[1m") {
			t.Errorf("%d columns, %v: the widest line has %d", c.columns, c.env, widest)
		}
	}
}

// A terminal that moves no cursor is asked line by line, by itself.
func TestADumbTerminalIsAskedInLines(t *testing.T) {
	p, dir := ptytest.Open(t, 60), project(t, nil)
	ctx, leave := context.WithCancel(t.Context())
	var errs bytes.Buffer
	ended := make(chan int)
	go func() {
		ended <- Main(ctx, Program{Args: []string{dir}, In: p.Program, Out: p.Program, Err: &errs, Env: []string{"TERM=dumb"}})
	}()
	p.Waits(t, "Number or name [pyproject.toml, from pyproject.toml:4]:")
	p.Type(t, "pip\n")
	p.Waits(t, "How much traffic is expected?")
	leave()
	if status := <-ended; status != 130 {
		t.Errorf("%d, %s", status, errs.String())
	}
	if seen := p.Seen(); strings.Contains(seen, "\x1b") {
		t.Errorf("it gets %q", seen)
	}
}
