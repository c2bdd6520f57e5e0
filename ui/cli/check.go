package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/davit-cli/davit/generator/disk"
)

// checkDocument is what `davit check --json` prints.
type checkDocument struct {
	OK    bool         `json:"ok"`
	Files []diffRecord `json:"files"`
}

func (r *runner) check() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "check [DIR]",
		Short: "Tell whether the files are what davit.yaml gives",
		Long: `Exits 0 where the files are what davit.yaml gives, and 1 with the difference
where they are not. The difference can be applied: davit check | git apply`,
		Args:              atMost(1),
		ValidArgsFunction: folders,
		RunE: func(cmd *cobra.Command, args []string) error {
			dir, err := folder(cmd, args)
			if err != nil {
				return err
			}
			s, err := r.settle(cmd.Context(), dir, "", nil)
			if err != nil {
				return err
			}
			if s.recorded.Path == "" {
				return usage("there is no %s in %s to check against: `davit generate` writes it", disk.AnswersFile, shown(dir))
			}
			files, err := s.files()
			if err != nil {
				return err
			}
			plan, err := disk.Compare(dir, files)
			if err != nil {
				return err
			}
			return r.drift(plan, asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "Print one JSON document")
	return cmd
}

// drift prints how the folder differs from the plan, and ends with errNo where it does.
func (r *runner) drift(plan disk.Plan, asJSON bool) error {
	doc := checkDocument{OK: true, Files: []diffRecord{}}
	for _, e := range plan.Entries {
		record := diffRecord{Path: e.Path, Status: string(e.Status)}
		if e.Status != disk.Same {
			doc.OK = false
			record.Diff = entryDiff(e)
		}
		doc.Files = append(doc.Files, record)
	}
	switch {
	case asJSON:
		if err := r.printJSON(doc); err != nil {
			return err
		}
	case doc.OK:
		fmt.Fprintf(r.out, "%d files are what %s gives\n", len(doc.Files), disk.AnswersFile)
	default:
		if err := r.diffs(doc.Files); err != nil {
			return err
		}
	}
	if doc.OK {
		return nil
	}
	return fmt.Errorf("%d of %d files are not what %s gives: `davit generate --on-conflict overwrite` or backup makes them so",
		len(plan.Entries)-plan.Count(disk.Same), len(plan.Entries), disk.AnswersFile)
}
