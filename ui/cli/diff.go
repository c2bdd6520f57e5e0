package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/aymanbagabas/go-udiff"
	"github.com/charmbracelet/colorprofile"
	"github.com/spf13/cobra"

	"github.com/davit-cli/davit/generator/disk"
)

// diffRecord is one file of a comparison as JSON.
type diffRecord struct {
	Path   string `json:"path"`
	Status string `json:"status"`
	State  string `json:"state,omitempty"`
	Diff   string `json:"diff"`
}

// diff is `davit diff`.
func (r *runner) diff() *cobra.Command {
	flags := given{}
	var asJSON, mine bool
	cmd := &cobra.Command{
		Use:   "diff [DIR]",
		Short: "Show what davit generate would change",
		Long: `Shows the difference between the files that are there and those that the answers
give, and changes nothing. Flags are those of davit generate, so that other
answers can be tried. With --mine it shows your edits alone: what you changed
since davit last wrote a file.`,
		Example:           "davit diff\ndavit diff --mine\ndavit diff --traffic high",
		Args:              atMost(1),
		ValidArgsFunction: folders,
		RunE: func(cmd *cobra.Command, args []string) error {
			dir, err := folder(cmd, args)
			if err != nil {
				return err
			}
			r.unfinished(dir)
			s, err := r.settle(cmd.Context(), dir, "", flags)
			if err != nil {
				return err
			}
			plan, err := r.plan(s)
			if err != nil {
				return err
			}
			doc := checkDocument{OK: true, Files: []diffRecord{}, Unneeded: unneededRecords(plan, nil)}
			for _, e := range plan.Entries {
				record := diffRecord{Path: e.Path, Status: string(e.Status), State: e.State(), Diff: entryDiff(e)}
				if mine {
					record.Diff = diff("a/"+e.Path, "b/"+e.Path, e.Written(), e.Existing)
				}
				doc.OK = doc.OK && record.Diff == ""
				doc.Files = append(doc.Files, record)
			}
			if asJSON {
				return r.printJSON(doc)
			}
			if err := r.diffs(doc.Files); err != nil {
				return err
			}
			r.unneeded(plan, nil)
			return nil
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	flags.bind(cmd)
	f.BoolVar(&mine, "mine", false, "Show what you changed since davit last wrote a file, instead")
	f.BoolVar(&asJSON, "json", false, "Print one JSON document")
	return cmd
}

// entryDiff returns the way from what is there to what davit gives, in a form
// that git apply takes.
func entryDiff(e disk.Entry) string {
	if e.Status == disk.Same || e.Listed {
		return ""
	}
	git := fmt.Sprintf("diff --git a/%[1]s b/%[1]s\n", e.Path)
	if e.Status == disk.New {
		return git + fmt.Sprintf("new file mode 100%03o\n", e.Mode) + diff("/dev/null", "b/"+e.Path, "", e.Content)
	}
	if e.Mode&0o100 != 0 && e.ExistingMode&0o100 == 0 {
		git += fmt.Sprintf("old mode 100%03o\nnew mode 100%03o\n", e.ExistingMode, e.ExistingMode|e.ExistingMode&0o444>>2)
	}
	return git + diff("a/"+e.Path, "b/"+e.Path, e.Existing, e.Content)
}

// diff returns a unified diff, "" where both are the same.
func diff(nameA, nameB, a, b string) string {
	out := udiff.Unified(nameA, nameB, a, b)
	if out != "" && !strings.HasSuffix(out, "\n") {
		out += "\n"
	}
	return out
}

// diffs prints the differences, in git's colours where the terminal has any.
func (r *runner) diffs(records []diffRecord) error {
	to := &colorprofile.Writer{Forward: r.out, Profile: colorprofile.Detect(r.Program.Out, r.Env)}
	for _, f := range records {
		for line := range strings.Lines(safe(f.Diff)) {
			if _, err := io.WriteString(to, colour(line)); err != nil {
				return err
			}
		}
	}
	return nil
}

func colour(line string) string {
	var code string
	switch {
	case strings.HasPrefix(line, "+++"), strings.HasPrefix(line, "---"), strings.HasPrefix(line, "diff "):
		code = "1"
	case line[0] == '+':
		code = "32"
	case line[0] == '-':
		code = "31"
	case strings.HasPrefix(line, "@@"):
		code = "36"
	default:
		return line
	}
	return "\x1b[" + code + "m" + strings.TrimSuffix(line, "\n") + "\x1b[m\n"
}
