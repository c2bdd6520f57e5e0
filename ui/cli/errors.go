package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"unicode"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Exit statuses.
const (
	done        = 0
	no          = 1
	wrongUse    = 2
	interrupted = 130
)

var errInterrupted = errors.New("interrupted, and nothing was written")

// usageErr is wrong use or invalid answers: exit status 2.
type usageErr struct{ error }

func (e usageErr) Unwrap() error { return e.error }

func usage(format string, args ...any) error { return usageErr{fmt.Errorf(format, args...)} }

func usageError(err error) error { return usageErr{err} }

// finish prints what went wrong and returns the exit status.
func (p Program) finish(err error) int {
	var use usageErr
	switch {
	case err == nil:
		return done
	case errors.Is(err, errInterrupted), errors.Is(err, context.Canceled):
		fmt.Fprintln(p.Err, "davit:", errInterrupted)
		return interrupted
	}
	fmt.Fprintln(p.Err, "davit:", sentence(err))
	if errors.As(err, &use) {
		return wrongUse
	}
	return no
}

// warn tells about something that does not stop the command.
func (r *runner) warn(format string, args ...any) {
	fmt.Fprintln(r.Err, "davit:", sentence(fmt.Errorf(format, args...)))
}

// sentence returns an error on one line, with nothing in it that a terminal obeys.
func sentence(err error) string {
	text := strings.TrimPrefix(err.Error(), "generate: ")
	return safe(strings.Join(strings.Split(strings.TrimSpace(text), "\n"), "; "))
}

// flagError says what cobra found wrong in the flags.
func flagError(cmd *cobra.Command, err error) error {
	help := fmt.Sprintf("`%s --help` lists the flags", cmd.CommandPath())
	var unknown *pflag.NotExistError
	var missing *pflag.ValueRequiredError
	var invalid *pflag.InvalidValueError
	switch {
	case errors.As(err, &unknown):
		name := unknown.GetSpecifiedName()
		if short := unknown.GetSpecifiedShortnames(); short != "" {
			return usage("there is no flag -%s: %s", shown(name), help)
		}
		if !cmd.HasParent() && generates(cmd, name) {
			return usage("--%[1]s is a flag of generate: use `davit generate --%[1]s …`, or `davit` alone for the wizard", shown(name))
		}
		return usage("there is no flag --%s%s: %s", shown(name), nearFlag(cmd, name), help)
	case errors.As(err, &missing):
		return usage("--%s needs a value: %s", missing.GetFlag().Name, help)
	case errors.As(err, &invalid):
		return usage("%s is no value for --%s: %s", shown(invalid.GetValue()), invalid.GetFlag().Name, help)
	}
	return usage("%w: %s", err, help)
}

// generates reports whether davit generate has this flag.
func generates(root *cobra.Command, name string) bool {
	generate, _, err := root.Find([]string{"generate"})
	return err == nil && generate.Flags().Lookup(name) != nil
}

// nearFlag names the flag that was probably meant.
func nearFlag(cmd *cobra.Command, typed string) string {
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	if name := near(typed, names, 2); name != "" {
		return fmt.Sprintf("; did you mean --%s?", name)
	}
	return ""
}

// near is the name that was probably meant, or "": at most so many letters
// differ, or it begins with what was typed. cobra knows how to tell this of
// commands, so the names are shown to it as such.
func near(typed string, names []string, distance int) string {
	list := &cobra.Command{SuggestionsMinimumDistance: distance}
	for _, name := range names {
		list.AddCommand(&cobra.Command{Use: name, Run: func(*cobra.Command, []string) {}})
	}
	if found := list.SuggestionsFor(typed); len(found) > 0 {
		return found[0]
	}
	return ""
}

// atMost and exactly are cobra's, with sentences.
func atMost(n int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) > n {
			return usage("%s is one word too many: use `%s`", shown(args[n]), cmd.UseLine())
		}
		return nil
	}
}

func exactly(n int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) < n {
			return usage("a word is missing: use `%s`", cmd.UseLine())
		}
		return atMost(n)(cmd, args)
	}
}

// panicked is the one line about a fault of davit's own.
func panicked(fault any) error {
	where := "an unknown place"
	for skip := 2; ; skip++ {
		pc, file, line, ok := runtime.Caller(skip)
		if !ok {
			break
		}
		if f := runtime.FuncForPC(pc); f != nil && !strings.HasPrefix(f.Name(), "runtime.") {
			where = fmt.Sprintf("%s:%d", filepath.Base(file), line)
			break
		}
	}
	return fmt.Errorf("stopped by a fault of its own at %s (%v): please report it with the command you ran at https://github.com/davit-cli/davit/issues", where, fault)
}

// shown returns a word as typed, quoted where it would not read as one.
func shown(word string) string {
	if word == "" || strings.ContainsAny(word, " \t\n\"'") || safe(word) != word {
		return fmt.Sprintf("%q", word)
	}
	return word
}

// safe returns text with every character escaped that a terminal would obey
// instead of showing; ends of lines and tabs stay.
func safe(text string) string {
	clean := func(r rune) bool { return r == '\n' || r == '\t' || unicode.IsPrint(r) }
	if strings.IndexFunc(text, func(r rune) bool { return !clean(r) }) < 0 {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		switch {
		case clean(r):
			b.WriteRune(r)
		case r == '\r':
			b.WriteString(`\r`)
		case r < 0x100:
			fmt.Fprintf(&b, `\x%02x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}
