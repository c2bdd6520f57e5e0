package cli

import (
	"fmt"
	"strings"

	"github.com/aymanbagabas/go-udiff"
	"github.com/spf13/cobra"

	"github.com/davit-cli/davit/generator/disk"
)

// checkDocument is what `davit check --json` prints.
type checkDocument struct {
	OK    bool         `json:"ok"`
	Files []diffRecord `json:"files"`
}

type diffRecord struct {
	Path   string `json:"path"`
	Status string `json:"status"`
	Diff   string `json:"diff"`
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
		for _, f := range doc.Files {
			fmt.Fprint(r.out, safe(f.Diff))
		}
	}
	if doc.OK {
		return nil
	}
	return fmt.Errorf("%d of %d files are not what %s gives: `davit generate --on-conflict overwrite` or backup makes them so",
		len(plan.Entries)-plan.Count(disk.Same), len(plan.Entries), disk.AnswersFile)
}

// entryDiff returns the way from what is there to what davit gives.
func entryDiff(e disk.Entry) string {
	if e.Status == disk.New {
		return diff("/dev/null", "b/"+e.Path, "", e.Content)
	}
	var mode string
	if e.Mode&0o100 != 0 && e.ExistingMode&0o100 == 0 {
		mode = fmt.Sprintf("diff --git a/%[1]s b/%[1]s\nold mode 100%03[2]o\nnew mode 100%03[3]o\n",
			e.Path, e.ExistingMode, e.ExistingMode|e.ExistingMode&0o444>>2)
	}
	return mode + diff("a/"+e.Path, "b/"+e.Path, e.Existing, e.Content)
}

// diff returns a unified diff, "" where both are the same.
func diff(nameA, nameB, a, b string) string {
	out := udiff.Unified(nameA, nameB, a, b)
	if out != "" && !strings.HasSuffix(out, "\n") {
		out += "\n"
	}
	return out
}
