package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/davit-cli/davit/generator"
	"github.com/davit-cli/davit/generator/disk"
	"github.com/davit-cli/davit/ui/tui"
	"github.com/davit-cli/davit/wizard"
)

// compareDocument is what `davit compare --json` prints.
type compareDocument struct {
	A       string         `json:"a"`
	B       string         `json:"b"`
	Project bool           `json:"project"` // the variants are those of the project in the folder
	Changed changesRecord  `json:"changed"` // other answers that gave way to a variant
	Meaning meaningsRecord `json:"meaning"`
	Files   []diffRecord   `json:"files"`
}

type changesRecord struct {
	A []changeRecord `json:"a"`
	B []changeRecord `json:"b"`
}

type changeRecord struct {
	Question string `json:"question"`
	From     string `json:"from"`
	To       string `json:"to"`
	Why      string `json:"why"`
}

type meaningsRecord struct {
	A meaningRecord `json:"a"`
	B meaningRecord `json:"b"`
}

func (r *runner) compare() *cobra.Command {
	var asJSON, brief bool
	cmd := &cobra.Command{
		Use:   "compare VARIANT VARIANT",
		Short: "Show what differs between two variants",
		Long: `Shows what two variants come to, what speaks for and against the answers in which
they differ, and how their files differ. A variant is the answers to the four
main questions in their order, dependencies/traffic/base/target, such as
uv/high/distroless/compose+kubernetes; what is left out at its end is the default.

In the folder of a project the variants are those of that project, as in the
wizard: what davit.yaml says and what is found counts for both. Nothing is run.`,
		Example: `davit compare uv/low/slim uv/low/distroless
davit compare --brief uv/low/slim/docker uv/high/slim/compose+kubernetes`,
		Args:              exactly(2),
		ValidArgsFunction: completeVariant,
		RunE: func(cmd *cobra.Command, args []string) error {
			from, project, err := r.comparedIn(cmd.Context(), ".")
			if err != nil {
				return err
			}
			a, err := variantOf(from, args[0])
			if err != nil {
				return err
			}
			b, err := variantOf(from, args[1])
			if err != nil {
				return err
			}
			meansA, meansB := generator.Describe(a.answers, a.files), generator.Describe(b.answers, b.files)
			doc := compareDocument{
				A: a.answers.Variant(), B: b.answers.Variant(), Project: project,
				Changed: changesRecord{a.changes, b.changes},
				Meaning: meaningsRecord{recordOf(meansA), recordOf(meansB)},
				Files:   differences(a.files, b.files),
			}
			if asJSON {
				if brief {
					return usage("--brief leaves the differences out of what is read, and --json is not read: use one of them")
				}
				return r.printJSON(doc)
			}
			r.head(doc, from)
			if doc.A == doc.B {
				fmt.Fprintln(r.out, "\n"+tui.NothingDiffers)
				return nil
			}
			fmt.Fprintln(r.out)
			if err := r.meanings(meansA, meansB); err != nil {
				return err
			}
			return r.comparison(doc, brief)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "Print one JSON document")
	cmd.Flags().BoolVar(&brief, "brief", false, "Leave out how the files differ, and only name those that do")
	return cmd
}

// head says what is compared, and of which project.
func (r *runner) head(doc compareDocument, from wizard.Answers) {
	fmt.Fprintf(r.out, "a: %s\nb: %s\n", doc.A, doc.B)
	if doc.Project {
		fmt.Fprintf(r.out, "For the project in this folder, with Python %s.\n", from.Python)
	} else {
		fmt.Fprintf(r.out, "No project is in this folder: Python %s and the other defaults stand for it.\n", from.Python)
	}
	for _, side := range []struct {
		name    string
		changes []changeRecord
	}{{"a", doc.Changed.A}, {"b", doc.Changed.B}} {
		for _, c := range side.changes {
			fmt.Fprintf(r.out, "%s: with %s %s → %s:\n   %s\n", side.name, c.Question, c.From, c.To, c.Why)
		}
	}
}

// comparedIn returns the answers that both variants start from: those of the
// project in a folder, or the defaults where there is none.
func (r *runner) comparedIn(ctx context.Context, dir string) (wizard.Answers, bool, error) {
	if !likely(dir) {
		return wizard.Defaults(), false, nil
	}
	s, err := r.settle(ctx, dir, "", nil)
	if err != nil {
		return s.answers, false, err
	}
	f := s.facts
	if s.recorded.Path == "" && f.Dependencies.Value == "" && f.App.Value == "" && len(f.App.Candidates) == 0 {
		return wizard.Defaults(), false, nil
	}
	return s.answers, true, nil
}

// likely reports whether a folder can hold a project at all, without looking
// below it: comparing is as fast in a home folder.
func likely(dir string) bool {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return false
	}
	return slices.ContainsFunc(entries, func(e os.DirEntry) bool {
		name := e.Name()
		return name == disk.AnswersFile || filepath.Ext(name) == ".py" || wizard.Declares(name) || strings.HasPrefix(name, "requirements") // a folder, too
	})
}

// compared is one of two variants.
type compared struct {
	answers wizard.Answers
	files   []generator.File
	changes []changeRecord
}

// variantOf makes the variant with this name of some answers. What the name
// says stays; other answers, such as the Python version, may give way.
func variantOf(from wizard.Answers, name string) (compared, error) {
	c := compared{changes: []changeRecord{}}
	a := from.Clone()
	parts := strings.Split(strings.Trim(name, "/"), "/")
	questions := mainQuestions()
	if len(parts) > len(questions) {
		return c, usage("%s is no variant: it has more than %d parts, which are %s", shown(name), len(questions), order())
	}
	var main []string
	for i, q := range questions {
		main = append(main, q.ID)
		values := q.Default
		if i < len(parts) {
			values = []string{parts[i]}
			if q.Multiple {
				values = strings.Split(parts[i], "+")
			}
		}
		if err := a.Set(q.ID, values...); err != nil {
			return c, usage("%s is no variant: %w%s", shown(name), err, hint(name, parts[i], i))
		}
	}
	if adapted, changes, ok := wizard.Adapt(a, main...); ok {
		for _, change := range changes {
			id := change.Question.ID
			c.changes = append(c.changes, changeRecord{id, strings.Join(a.Get(id), ", "), strings.Join(adapted.Get(id), ", "), change.Why})
		}
		a = adapted
	}
	var err error
	if c.files, err = generator.Generate(a); err != nil {
		return c, usage("%s is no variant: %s", shown(name), sentence(err))
	}
	c.answers = a
	return c, nil
}

// order is how the parts of a variant's name follow each other.
func order() string {
	var ids []string
	for _, q := range mainQuestions() {
		ids = append(ids, q.ID)
	}
	return strings.Join(ids, "/")
}

// hint tells what may have been meant by a part that is no choice.
func hint(name, part string, at int) string {
	if small := strings.ToLower(name); small != name {
		if _, err := variantOf(wizard.Defaults(), small); err == nil {
			return "; it is written " + small
		}
	}
	for i, q := range mainQuestions() {
		if _, known := q.Choice(part); known && i != at {
			return fmt.Sprintf("; %s is a choice of %s, and the order is %s", part, q.ID, order())
		}
	}
	return ""
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

func (r *runner) comparison(doc compareDocument, brief bool) error {
	same := true
	fmt.Fprintln(r.out)
	for _, f := range doc.Files {
		fmt.Fprintf(r.out, "  %-10s %s\n", f.Status, f.Path)
		same = same && f.Status == "same"
	}
	if brief {
		return nil
	}
	if !same {
		fmt.Fprintln(r.out)
	}
	return r.diffs(doc.Files)
}

// completeVariant offers the next part of a variant's name: what goes with the
// parts before it.
func completeVariant(_ *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	questions := mainQuestions()
	parts := strings.Split(typed, "/")
	at := len(parts) - 1
	if len(args) >= 2 || at >= len(questions) {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	a := wizard.Defaults()
	for i, part := range parts[:at] {
		_ = a.Set(questions[i].ID, strings.Split(part, "+")...) // what is no choice is said when it is run
	}
	before, taken := typed[:strings.LastIndexAny(typed, "/+")+1], strings.Split(parts[at], "+")
	var offered []cobra.Completion
	for _, c := range questions[at].Choices {
		if wizard.Excluded(a, questions[at].ID, c.ID) == "" && !slices.Contains(taken[:len(taken)-1], c.ID) {
			offered = append(offered, cobra.CompletionWithDesc(before+c.ID, c.Help))
		}
	}
	return offered, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}
