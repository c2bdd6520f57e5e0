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

// The help breaks between words where the terminal ends, and loses none.
func TestHelpFollowsTheTerminal(t *testing.T) {
	for _, columns := range []int{60, 80} {
		for _, c := range []struct{ args, want string }{
			{"--help", "Show what the project tells, each value with its evidence"},
			{"generate --help", "Where will it run? (several of docker, compose, kubernetes, helm, swarm, cloud-run, fly, quadlet, ecs, container-apps, nomad) (docker)"},
			{"compare --help", "the answers in which they differ, and how their files differ."},
		} {
			p := ptytest.Open(t, columns)
			if status := Main(context.Background(), Program{Args: strings.Fields(c.args), In: p.Program, Out: p.Program, Err: p.Program, Env: []string{"TERM=xterm"}}); status != 0 {
				t.Fatal(status)
			}
			_, _ = p.Program.WriteString("the end")
			p.Waits(t, "the end")
			seen := ansi.Strip(p.Seen())
			if words := strings.Join(strings.Fields(seen), " "); !strings.Contains(words, c.want) {
				t.Errorf("%s at %d columns: %q is not said:\n%s", c.args, columns, c.want, seen)
			}
			for line := range strings.Lines(seen) {
				if ansi.StringWidth(strings.TrimSpace(line)) > columns-4 && !strings.HasPrefix(strings.TrimSpace(line), "davit ") { // an example
					t.Errorf("%s at %d columns: %q", c.args, columns, line)
				}
			}
		}
	}
}

// fang cuts what does not fit, and an example is there to be copied.
func TestExamplesFitATerminal(t *testing.T) {
	r := &runner{}
	for _, c := range append(r.root().Commands(), r.root()) {
		for line := range strings.Lines(c.Example) {
			if line = strings.TrimSuffix(line, "\n"); len(line) > 72 {
				t.Errorf("%s: %q does not fit 80 columns", c.Name(), line)
			}
		}
	}
}
