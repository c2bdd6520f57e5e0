package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/davit-cli/davit/generator"
	"github.com/davit-cli/davit/wizard"
)

// compareDocument is what `davit compare --json` prints.
type compareDocument struct {
	A       string         `json:"a"`
	B       string         `json:"b"`
	Meaning meaningsRecord `json:"meaning"`
	Files   []diffRecord   `json:"files"`
}

type meaningsRecord struct {
	A meaningRecord `json:"a"`
	B meaningRecord `json:"b"`
}

func (r *runner) compare() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "compare VARIANT VARIANT",
		Short: "Show what differs between two variants",
		Long: `Shows what two variants come to, what speaks for and against the answers in which
they differ, and how their files differ. A variant is the answers to the four
main questions, such as uv/high/distroless/compose+kubernetes; what is left out at
its end is the default.`,
		Example:           "davit compare uv/low/slim uv/low/distroless\ndavit compare uv/low/slim/docker uv/high/slim/compose+kubernetes",
		Args:              exactly(2),
		ValidArgsFunction: completeVariant,
		RunE: func(_ *cobra.Command, args []string) error {
			a, filesA, err := variant(args[0])
			if err != nil {
				return err
			}
			b, filesB, err := variant(args[1])
			if err != nil {
				return err
			}
			meansA, meansB := generator.Describe(a, filesA), generator.Describe(b, filesB)
			doc := compareDocument{
				A: a.Variant(), B: b.Variant(),
				Meaning: meaningsRecord{recordOf(meansA), recordOf(meansB)},
				Files:   differences(filesA, filesB),
			}
			if asJSON {
				return r.printJSON(doc)
			}
			fmt.Fprintf(r.out, "a: %s\nb: %s\n\n", doc.A, doc.B)
			if err := r.meanings(meansA, meansB); err != nil {
				return err
			}
			return r.comparison(doc)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "Print one JSON document")
	return cmd
}

// variant returns the answers and files of a variant's name.
func variant(name string) (wizard.Answers, []generator.File, error) {
	a := wizard.Defaults()
	parts := strings.Split(strings.Trim(name, "/"), "/")
	questions := mainQuestions()
	if len(parts) > len(questions) {
		return a, nil, usage("%s is no variant: it has more than %d parts", shown(name), len(questions))
	}
	for i, part := range parts {
		values := []string{part}
		if questions[i].Multiple {
			values = strings.Split(part, "+")
		}
		if err := a.Set(questions[i].ID, values...); err != nil {
			return a, nil, usage("%s is no variant: %w", shown(name), err)
		}
	}
	files, err := generator.Generate(a)
	if err != nil {
		return a, nil, usage("%s is no variant: %s", shown(name), sentence(err))
	}
	return a, files, nil
}

func mainQuestions() []wizard.Question {
	return slices.DeleteFunc(wizard.Catalogue(), func(q wizard.Question) bool { return q.Room != wizard.Main })
}

// differences returns every file of either side, in the order of the first,
// with what differs.
func differences(a, b []generator.File) []diffRecord {
	records := []diffRecord{}
	find := func(files []generator.File, path string) (generator.File, bool) {
		i := slices.IndexFunc(files, func(f generator.File) bool { return f.Path == path })
		if i < 0 {
			return generator.File{}, false
		}
		return files[i], true
	}
	for _, f := range a {
		record := diffRecord{Path: f.Path, Status: "same"}
		switch other, both := find(b, f.Path); {
		case !both:
			record.Status = "only in a"
			record.Diff = diff("a/"+f.Path, "/dev/null", f.Content, "")
		case f.Content != other.Content:
			record.Status = "differs"
			record.Diff = diff("a/"+f.Path, "b/"+f.Path, f.Content, other.Content)
		}
		records = append(records, record)
	}
	for _, f := range b {
		if _, both := find(a, f.Path); !both {
			records = append(records, diffRecord{Path: f.Path, Status: "only in b", Diff: diff("/dev/null", "b/"+f.Path, "", f.Content)})
		}
	}
	return records
}

func (r *runner) comparison(doc compareDocument) error {
	same := true
	fmt.Fprintln(r.out)
	for _, f := range doc.Files {
		fmt.Fprintf(r.out, "  %-10s %s\n", f.Status, f.Path)
		same = same && f.Status == "same"
	}
	if !same {
		fmt.Fprintln(r.out)
	}
	return r.diffs(doc.Files)
}

// completeVariant offers the next part of a variant's name.
func completeVariant(_ *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	questions := mainQuestions()
	done := strings.Count(typed, "/")
	if len(args) >= 2 || done >= len(questions) {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	before := typed[:strings.LastIndexAny(typed, "/+")+1]
	var offered []cobra.Completion
	for _, c := range questions[done].Choices {
		offered = append(offered, cobra.CompletionWithDesc(before+c.ID, c.Help))
	}
	return offered, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}
