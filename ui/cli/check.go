package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/davit-cli/davit/generator/disk"
)

// checkDocument is what `davit check --json` prints.
type checkDocument struct {
	OK       bool             `json:"ok"`
	Files    []diffRecord     `json:"files"`
	Unneeded []unneededRecord `json:"unneeded"`
}

// checking is one `davit check`.
type checking struct {
	*runner
	json, github, edits bool
}

func (r *runner) check() *cobra.Command {
	c := &checking{runner: r}
	cmd := &cobra.Command{
		Use:   "check [DIR]",
		Short: "Tell whether the files are what davit.yaml gives",
		Long: `Exits 0 where the files are what davit.yaml gives, and 1 with the difference
where they are not. The difference can be applied: davit check | git apply

In a GitHub workflow it marks each file that differs, and a hook for pre-commit
is in davit's repository. Where hand edits are meant to stay, --allow-edits passes
a file that you edited as long as davit has nothing new for it. A file that stands
below keep: in davit.yaml is yours, and does not count.`,
		Example:           "davit check\ndavit check --allow-edits services/shop",
		Args:              atMost(1),
		ValidArgsFunction: folders,
		RunE: func(cmd *cobra.Command, args []string) error {
			dir, err := folder(cmd, args)
			if err != nil {
				return err
			}
			r.unfinished(dir)
			s, err := r.settle(cmd.Context(), dir, "", nil)
			if err != nil {
				return err
			}
			if s.recorded.Path == "" {
				return usage("there is no %s in %s to check against: `davit generate` writes it", disk.AnswersFile, shown(dir))
			}
			plan, err := r.plan(s)
			if err != nil {
				return err
			}
			return c.drift(plan)
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.BoolVar(&c.edits, "allow-edits", false, "Pass files that you edited, unless davit has something new for them")
	f.BoolVar(&c.json, "json", false, "Print one JSON document")
	f.BoolVar(&c.github, "github", r.env("GITHUB_ACTIONS") == "true", "Mark files that differ for GitHub; on by itself in its workflows")
	return cmd
}

// drift prints how the folder differs from the plan, and ends with errNo where it does.
func (c *checking) drift(plan disk.Plan) error {
	doc := checkDocument{Files: []diffRecord{}, Unneeded: unneededRecords(plan, nil)}
	var drifted []disk.Entry
	var shownDiffs []diffRecord
	for _, e := range plan.Entries {
		record := diffRecord{Path: e.Path, Status: string(e.Status), State: e.State(), Diff: entryDiff(e)}
		doc.Files = append(doc.Files, record)
		if e.Status != disk.Same && !e.Listed && !(c.edits && e.State() == disk.Edited && !e.News()) {
			drifted = append(drifted, e)
			shownDiffs = append(shownDiffs, record)
		}
	}
	doc.OK = drifted == nil
	if c.json {
		if err := c.printJSON(doc); err != nil {
			return err
		}
	} else {
		if c.github {
			for _, e := range drifted {
				fmt.Fprintln(c.out, c.annotation(plan.Dir, e))
			}
		}
		if err := c.diffs(shownDiffs); err != nil {
			return err
		}
		if doc.OK {
			n := 0
			for _, e := range plan.Entries {
				if e.Listed {
					n++
				}
			}
			fmt.Fprintf(c.out, "%d files are what %s gives", len(doc.Files)-n, disk.AnswersFile)
			if n > 0 {
				fmt.Fprintf(c.out, ", and it keeps %d of yours", n)
			}
			fmt.Fprintln(c.out)
		}
	}
	c.unneeded(plan, nil)
	if doc.OK {
		return nil
	}
	verb := "are"
	if len(drifted) == 1 {
		verb = "is"
	}
	if unresolved := unresolved(plan, nil); unresolved != nil {
		return fmt.Errorf("%d of %d files %s not what %s gives, and %s: resolve them, then run `davit generate`",
			len(drifted), len(plan.Entries), verb, disk.AnswersFile, disk.StillHold(unresolved))
	}
	return fmt.Errorf("%d of %d files %s not what %s gives: %s",
		len(drifted), len(plan.Entries), verb, disk.AnswersFile, remedy(drifted))
}

// words are paths in a sentence.
func words(paths []string) string {
	var all []string
	for _, path := range paths {
		all = append(all, shown(path))
	}
	return strings.Join(all, ", ")
}

// remedy is the end of the sentence: how the files become what they should be.
func remedy(drifted []disk.Entry) string {
	edited, merge, foreign := false, false, false
	for _, e := range drifted {
		edited = edited || e.Status == disk.Kept
		merge = merge || e.Status == disk.Conflict && e.Edited
		foreign = foreign || e.Status == disk.Conflict && !e.Edited
	}
	switch {
	case foreign:
		return "`davit generate --on-conflict backup` writes them, and keep: in davit.yaml leaves those alone that are yours"
	case merge:
		return "`davit generate --on-conflict merge` keeps your edits, and overwrite drops them"
	case edited:
		return "`davit generate --on-conflict overwrite` drops your edits, and `davit check --allow-edits` passes them"
	}
	return "`davit generate` writes them"
}
