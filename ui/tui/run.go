package tui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"github.com/davit-cli/davit/generator"
	"github.com/davit-cli/davit/generator/disk"
	"github.com/davit-cli/davit/wizard"
	"github.com/davit-cli/davit/wizard/inspect"
)

// Options is what the wizard starts from.
type Options struct {
	Dir      string                             // the project folder
	Answers  wizard.Answers                     // to begin with: davit.yaml over defaults
	Recorded disk.Recorded                      // davit.yaml; what it says is not taken from the project, and its text is kept
	Davit    string                             // version of this davit, for davit.lock
	Inspect  func() (inspect.Facts, error)      // runs beside the first frame; nil where nothing is inspected
	Enter    func(root string) (Options, error) // the same for one of several services, by its folder below Dir
	Writable func(dir string) error             // why nothing can be written; disk.Writable where nil
	In       io.Reader
	Out      io.Writer
	Env      []string

	sets *fileSets // where the files come from; the generator where nil
}

// Result is how the wizard ended.
type Result struct {
	Aborted bool             // left by the user or a signal; nothing was written
	Written []string         // paths below Dir
	Removed []string         // paths below Dir that were not needed any more
	Next    []generator.Step // what to do now
}

// framesPerSecond is as often as Bubble Tea draws at most; at its usual 60 the
// first frame, and each key, waits up to 16 ms for its turn.
const framesPerSecond = 120

// Run shows the wizard until its files are written or the user leaves, gives
// the terminal back, and prints a short summary.
func Run(ctx context.Context, o Options) (Result, error) {
	// A terminal that goes away ends the wizard like any other signal; Bubble
	// Tea looks after SIGINT and SIGTERM.
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGHUP)
	defer stop()
	m := newModel(ctx, o)
	settings := []tea.ProgramOption{tea.WithContext(ctx), tea.WithInput(o.In), tea.WithOutput(o.Out), tea.WithEnvironment(o.Env), tea.WithFPS(framesPerSecond)}
	if colourless(o.Env) {
		settings = append(settings, tea.WithColorProfile(colorprofile.ASCII))
	}
	_, err := tea.NewProgram(m, settings...).Run()
	switch {
	case m.finished:
		m.summary(o.Out, o.Env)
		return m.result, nil
	case errors.Is(err, tea.ErrProgramPanic):
		return Result{Aborted: true}, fmt.Errorf("the wizard had an accident and wrote nothing: please report the lines above; `davit generate` does the same without a screen: %w", err)
	case err == nil, errors.Is(err, tea.ErrInterrupted), ctx.Err() != nil:
		return Result{Aborted: true}, nil
	default:
		return Result{Aborted: true}, fmt.Errorf("the wizard cannot use this terminal: %w", err)
	}
}

// colourless reports whether NO_COLOR is set, to anything: so says its
// convention, while Bubble Tea takes a value such as yes for none.
func colourless(env []string) bool {
	return slices.ContainsFunc(env, func(entry string) bool {
		value, ok := strings.CutPrefix(entry, "NO_COLOR=")
		return ok && value != ""
	})
}

// folderName is how a folder is called on the screen.
func folderName(dir string) string {
	if abs, err := filepath.Abs(dir); err == nil {
		return filepath.Base(abs)
	}
	return filepath.Base(dir)
}
