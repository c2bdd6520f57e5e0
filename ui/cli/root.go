// Package cli is davit's commands and flags. It knows no question: flags,
// completion and help are made from wizard.Catalogue.
//
//	os.Exit(cli.Main(ctx, cli.Program{Args: os.Args[1:], In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Env: os.Environ()}))
//
// Exit status, a promise: 0 done, 1 the answer is no (drift, conflict, failed
// write), 2 wrong use or invalid answers, 130 interrupted. Results go to Out,
// errors to Err as one sentence; with --json, Out gets one document and
// nothing else.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"

	"github.com/davit-cli/davit/generator/disk"
	"github.com/davit-cli/davit/ui/cli/version"
	"github.com/davit-cli/davit/ui/tui"
	"github.com/davit-cli/davit/wizard"
	"github.com/davit-cli/davit/wizard/inspect"
)

// Program is one run of davit: everything that it gets from outside.
type Program struct {
	Args    []string // without the program's own name
	In      io.Reader
	Out     io.Writer
	Err     io.Writer
	Env     []string
	Wizard  func(context.Context, tui.Options) (tui.Result, error) // tui.Run where nil, or tui.RunAccessible
	Inspect func(dir string) (inspect.Facts, error)                // inspect.Folder where nil
}

// Main runs davit and returns its exit status.
func Main(ctx context.Context, p Program) (status int) {
	defer func() {
		if fault := recover(); fault != nil {
			status = p.finish(panicked(fault))
		}
	}()
	if p.Inspect == nil {
		p.Inspect = inspect.Folder
	}
	r := &runner{Program: p, out: &checked{to: p.Out}}
	err := r.root().ExecuteContext(ctx)
	switch {
	case err == nil, r.out.err != nil && errors.Is(err, r.out.err): // some commands return it themselves
		err = r.out.failed()
	case !r.began:
		err = usageError(err)
	}
	return p.finish(err)
}

// runner is what the commands share.
type runner struct {
	Program
	out   *checked // every command prints here
	began bool     // the command line was understood

	accessible bool // --accessible
}

const long = `davit lowers a FastAPI service into containers: it looks at the project,
asks four questions, shows every file it would write, and writes the ones
that are wanted.`

// root returns the tree of commands.
func (r *runner) root() *cobra.Command {
	root := &cobra.Command{
		Use:           "davit [DIR]",
		Short:         "Container files for a FastAPI project",
		Long:          long,
		Example:       "davit\ndavit generate --traffic high --target compose,kubernetes\ndavit generate --dry-run",
		Args:          atMost(1),
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE:          r.wizard,
	}
	root.SuggestionsMinimumDistance = 2
	root.Flags().BoolVar(&r.accessible, "accessible", false, "Ask line by line, for screen readers (also with ACCESSIBLE=1)")
	root.PersistentPreRun = func(*cobra.Command, []string) { r.began = true }
	root.SetArgs(append([]string{}, r.Args...)) // nil would mean os.Args
	root.SetIn(r.In)
	root.SetOut(r.out)
	root.SetErr(r.Err)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error { return flagError(cmd, err) })
	root.SetHelpFunc(r.help)
	root.Version = version.This().String()
	root.SetVersionTemplate("{{.Version}}\n")
	root.ValidArgsFunction = folders
	root.AddCommand(r.generate(), r.inspect(), r.options(), r.check(), r.diff(), r.compare(), r.guide(), r.manual(), r.version())
	root.SetHelpCommand(&cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Help about a command",
		RunE: func(cmd *cobra.Command, args []string) error {
			about, rest, err := cmd.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return usage("there is no command %s: `davit --help` lists them", shown(strings.Join(args, " ")))
			}
			return about.Help()
		},
	})
	root.InitDefaultCompletionCmd("completion")
	if completion, _, err := root.Find([]string{"completion"}); err == nil {
		// cobra shows its help for a shell that it does not know.
		completion.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
		completion.Args = func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usage("there is no completion for %s: use bash, zsh, fish or powershell", shown(args[0]))
			}
			return nil
		}
	}
	return root
}

// wizard is `davit [DIR]`.
func (r *runner) wizard(cmd *cobra.Command, args []string) error {
	dir, err := folder(cmd, args)
	if err != nil {
		return err
	}
	show := tui.Run
	switch {
	case r.accessible || wantsLines(r.Env):
		show = tui.RunAccessible
	case !terminal(r.In) || !terminal(r.Program.Out):
		return usage("the wizard needs a terminal: use `davit generate %s` instead, with the answers as flags", shown(dir))
	case variable(r.Env, "TERM") == "dumb": // it shows whatever would move its cursor
		show = tui.RunAccessible
	}
	options, err := r.wizardOptions(dir)
	if err != nil {
		return err
	}
	if r.Wizard != nil {
		show = r.Wizard
	}
	// It prints its own summary, in the colours of the terminal.
	result, err := show(cmd.Context(), options)
	if err == nil && result.Aborted {
		return errInterrupted
	}
	return err
}

// wantsLines reports whether the environment asks for lines in place of a
// screen, as other programs with forms read it.
func wantsLines(env []string) bool {
	value := variable(env, "ACCESSIBLE")
	on, err := strconv.ParseBool(value)
	return value != "" && (err != nil || on)
}

// variable is the value of one of the environment, "" where it is not set.
func variable(env []string, name string) (value string) {
	for _, pair := range env {
		if v, ok := strings.CutPrefix(pair, name+"="); ok {
			value = v
		}
	}
	return value
}

// wizardOptions is what the wizard starts from in a folder.
func (r *runner) wizardOptions(dir string) (tui.Options, error) {
	if err := r.recover(dir); err != nil {
		return tui.Options{}, err
	}
	recorded, err := readRecorded(dir, "")
	if err != nil {
		return tui.Options{}, err
	}
	answers, err := recorded.Over(wizard.Defaults())
	if err != nil {
		return tui.Options{}, usageError(err)
	}
	return tui.Options{
		Dir:      dir,
		Answers:  answers,
		Recorded: recorded,
		Davit:    version.This().Version,
		Inspect:  func() (inspect.Facts, error) { return r.Inspect(dir) },
		Enter: func(root string) (tui.Options, error) {
			return r.wizardOptions(filepath.Join(dir, filepath.FromSlash(root)))
		},
		In:  r.In,
		Out: r.Program.Out,
		Env: r.Env,
	}, nil
}

// folder returns the folder that a command works on.
func folder(cmd *cobra.Command, args []string) (string, error) {
	if len(args) == 0 {
		return ".", nil
	}
	dir := args[0]
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, os.ErrNotExist):
		if near := cmd.SuggestionsFor(dir); len(near) > 0 {
			return "", usage("there is neither a folder nor a command %s; did you mean %q?", shown(dir), near[0])
		}
		return "", usage("there is no folder %s: make it, or name another", shown(dir))
	case err != nil:
		return "", usage("cannot look into %s: %w", shown(dir), disk.Cause(err))
	case !info.IsDir():
		return "", usage("%s is a file: name the folder of a project", shown(dir))
	}
	return dir, nil
}

func folders(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveFilterDirs
}

func terminal(stream any) bool {
	file, ok := stream.(*os.File)
	return ok && term.IsTerminal(file.Fd())
}

// checked remembers the first failure to print, which is a failure of the
// command: a full disk must not look like success.
type checked struct {
	to  io.Writer
	err error
}

func (c *checked) Write(p []byte) (int, error) {
	n, err := c.to.Write(p)
	if err != nil && c.err == nil {
		c.err = err
	}
	return n, err
}

func (c *checked) failed() error {
	if c.err == nil {
		return nil
	}
	return fmt.Errorf("cannot write to standard output: %w", disk.Cause(c.err))
}
