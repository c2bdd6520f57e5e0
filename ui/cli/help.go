package cli

import (
	"os"
	"strings"

	"charm.land/fang/v2"
	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/davit-cli/davit/ui/wrap"
)

// help shows a command's help as fang lays it out. fang asks the terminal for
// its colours, so it is not started for anything else.
func (r *runner) help(cmd *cobra.Command, _ []string) {
	root := r.root()
	words := strings.Fields(cmd.CommandPath())[1:]
	if about, _, err := root.Find(words); err == nil && terminal(r.Program.Out) {
		if width, _, err := term.GetSize(r.Program.Out.(*os.File).Fd()); err == nil && width > 0 {
			fold(about, width)
		}
	}
	root.SetArgs(append(words, "--help"))
	_ = fang.Execute(cmd.Context(), root, fang.WithoutManpage(), fang.WithoutVersion()) // --help has no error
}

// fold breaks what a command says of itself between words, where the terminal
// ends; fang leaves that to the terminal, which breaks anywhere.
func fold(about *cobra.Command, width int) {
	const margin, gap, leastColumn, leastRoom = 4, 2, 10, 16 // as fang has them, but for the last
	var paragraphs []string
	for text := range strings.SplitSeq(about.Long, "\n\n") {
		text = strings.ReplaceAll(text, "\n", " ")
		paragraphs = append(paragraphs, strings.Join(wrap.Words(text, max(width-margin, leastRoom)), "\n"))
	}
	about.Long = strings.Join(paragraphs, "\n\n")

	column := leastColumn
	for _, c := range about.Commands() {
		column = max(column, len(c.Use+" [--flags]")+gap) // which those without flags have not
	}
	about.Flags().VisitAll(func(f *pflag.Flag) { column = max(column, len("--"+f.Name)+gap) })
	room := max(width-margin-column, leastRoom)
	for _, c := range about.Commands() {
		c.Short = strings.Join(wrap.Words(c.Short, room), "\n")
	}
	about.Flags().VisitAll(func(f *pflag.Flag) {
		lines := wrap.Words(f.Usage, room)
		shown := f.DefValue != "" && f.DefValue != "false" && f.DefValue != "[]" // behind the rest, by fang
		if last := lines[len(lines)-1]; shown && len(last+" ("+f.DefValue+")") > room {
			lines = append(lines, "")
		}
		f.Usage = strings.Join(lines, "\n")
	})
}
