package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/davit-cli/davit/generator"
	"github.com/davit-cli/davit/generator/disk"
	"github.com/davit-cli/davit/wizard"
)

// conflictFlag is what may be done with a file that differs. It is a question
// like the catalogue's, asked by a flag alone.
var conflictFlag = wizard.Question{
	ID: "on_conflict", Flag: "on-conflict", Kind: wizard.Choose,
	Title: "What to do with files that differ",
	Choices: []wizard.Choice{
		{ID: string(disk.Fail), Help: "write nothing at all"},
		{ID: string(disk.Skip), Help: "leave what is there"},
		{ID: string(disk.Overwrite), Help: "write davit's"},
		{ID: string(disk.Backup), Help: "keep what is there as NAME.bak, then write davit's"},
		{ID: string(disk.Merge), Help: "join both (not yet)"},
	},
}

// generation is one `davit generate`.
type generation struct {
	*runner
	flags      given
	answers    string // --answers
	onConflict string
	stdout     string
	dryRun     bool
	json       bool
	starter    bool
	pin        bool
}

func (r *runner) generate() *cobra.Command {
	g := &generation{runner: r, flags: given{}}
	cmd := &cobra.Command{
		Use:   "generate [DIR]",
		Short: "Write the container files without questions",
		Long: `Writes the files that the wizard would, without questions: flags come before
davit.yaml, davit.yaml before what the project shows, that before the defaults.
Where files are there that differ, nothing is written unless --on-conflict says so.`,
		Example: `davit generate --dry-run
davit generate --traffic high --base distroless --target compose,kubernetes
davit generate --stdout Dockerfile | docker build -f - .`,
		Args:              atMost(1),
		ValidArgsFunction: folders,
		RunE:              func(cmd *cobra.Command, args []string) error { return g.run(cmd, args) },
	}
	f := cmd.Flags()
	f.SortFlags = false
	g.flags.bind(cmd)
	f.StringVar(&g.answers, "answers", "", "Read the answers from this file (YAML or JSON) in place of davit.yaml")
	f.StringVar(&g.onConflict, conflictFlag.Flag, string(disk.Fail), describe(conflictFlag))
	f.BoolVar(&g.dryRun, "dry-run", false, "Show what would be written, and write nothing")
	f.StringVar(&g.stdout, "stdout", "", "Print the file with this path, and write nothing")
	f.BoolVar(&g.json, "json", false, "Print one JSON document with all files and their contents")
	f.BoolVar(&g.pin, "pin", true, "Put in the digests that davit.yaml gives below pins")
	f.BoolVar(&g.starter, "starter", false, "Write a small service too where no FastAPI app is found")
	_ = cmd.RegisterFlagCompletionFunc(conflictFlag.Flag, complete(conflictFlag))
	return cmd
}

func (g *generation) run(cmd *cobra.Command, args []string) error {
	decision, err := conflictFlag.Check(g.onConflict)
	if err != nil {
		return usageError(err)
	}
	if g.stdout != "" && g.json {
		return usage("--stdout prints one file and --json all of them: use one of the two")
	}
	dir, err := folder(cmd, args)
	if err != nil {
		return err
	}
	s, err := g.settle(cmd.Context(), dir, g.answers, g.flags)
	if err != nil {
		return err
	}
	if err := g.service(cmd.Context(), &s); err != nil {
		return err
	}
	if !g.pin {
		s.answers.Pins = nil
	}
	files, err := s.files()
	if err != nil {
		return err
	}
	for _, image := range generator.UnusedPins(s.answers, files) {
		g.warn("no file names the image %s, which davit.yaml pins: --dry-run lists the files, and their FROM and image lines have the names to pin", shown(image))
	}
	if g.stdout != "" {
		return g.one(files)
	}
	plan, err := disk.Compare(dir, files)
	if err != nil {
		return err
	}
	if g.dryRun {
		return g.show(s, plan)
	}
	return g.write(cmd.Context(), s, plan, disk.Decision(decision[0]))
}

// service sees to the folder without one FastAPI app: it adds the starter
// where that is wanted, and else tells what is assumed.
func (g *generation) service(ctx context.Context, s *settled) error {
	found, several := s.facts.App, s.facts.App.Candidates
	named := len(g.flags["app"]) > 0 || s.recorded.Has("app")
	switch {
	case found.Value != "" && g.starter:
		g.warn("there is a FastAPI app at %s already, so no starter is written", found.Evidence)
	case found.Value != "":
	case len(several) > 0 && !named:
		g.warn("there are several FastAPI apps (%s) and %s is taken: choose with --app", strings.Join(several, ", "), s.answers.App)
	case len(several) > 0:
	case g.starter:
		return g.start(ctx, s, g.flags)
	case !named:
		g.warn("no FastAPI app was found in %s and %s is assumed: name another with --app, or add a small service with --starter", shown(s.dir), s.answers.App)
	}
	return nil
}

// one prints a single file as it is.
func (g *generation) one(files []generator.File) error {
	known := wizard.Question{Flag: "stdout", Kind: wizard.Choose}
	for _, f := range files {
		if f.Path == filepath.ToSlash(filepath.Clean(g.stdout)) {
			_, err := io.WriteString(g.out, f.Content)
			return err
		}
		known.Choices = append(known.Choices, wizard.Choice{ID: f.Path})
	}
	_, err := known.Check(g.stdout)
	return usageError(err)
}

func (g *generation) write(ctx context.Context, s settled, plan disk.Plan, onConflict disk.Decision) error {
	report, err := plan.Write(ctx, plan.Decide(onConflict))
	var conflict *disk.ConflictError
	switch {
	case errors.Is(err, disk.ErrMerge):
		return usageError(err)
	case errors.As(err, &conflict) && g.json:
		return errors.Join(g.document(s, plan, false), err)
	case err != nil:
		return err
	}
	for _, left := range report.Left {
		g.warn("the temporary file %s could not be removed: remove it by hand", shown(left))
	}
	if g.json {
		return g.document(s, plan, true)
	}
	if skipped := plan.Conflicts(); onConflict == disk.Skip && len(skipped) > 0 {
		verb := "differs and was"
		if len(skipped) > 1 {
			verb = "differ and were"
		}
		g.warn("%s %s left as before", strings.Join(skipped, ", "), verb)
	}
	g.summary(s.dir, report.Written, report.Backups, s.next())
	return nil
}

// show prints the plan and changes nothing.
func (g *generation) show(s settled, plan disk.Plan) error {
	if g.json {
		return g.document(s, plan, false)
	}
	fmt.Fprintf(g.out, "%s in %s\n\n", s.answers.Variant(), safe(plan.Dir))
	t := tabwriter.NewWriter(g.out, 0, 0, 2, ' ', 0)
	for _, e := range plan.Entries {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", e.Status, safe(e.Path), size(len(e.Content)), e.Purpose)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(g.out, "\n%s; nothing was written\n", counts(plan))
	return nil
}

// summary is the end of a run that wrote files.
func (r *runner) summary(dir string, written []string, backups map[string]string, next []string) {
	switch len(written) {
	case 0:
		fmt.Fprintln(r.out, "Every file is as it should be; nothing was written.")
	case 1:
		fmt.Fprintf(r.out, "1 file written%s:\n", inDir(dir))
	default:
		fmt.Fprintf(r.out, "%d files written%s:\n", len(written), inDir(dir))
	}
	for _, path := range written {
		fmt.Fprint(r.out, "  ", safe(path))
		if bak := backups[path]; bak != "" {
			fmt.Fprintf(r.out, " (the former is %s)", safe(bak))
		}
		fmt.Fprintln(r.out)
	}
	switch {
	case len(next) == 0:
	case dir == ".":
		fmt.Fprintln(r.out, "Next:")
	default:
		fmt.Fprintf(r.out, "Next, in %s:\n", shown(dir))
	}
	for _, command := range next {
		fmt.Fprintln(r.out, " ", safe(command))
	}
}

func inDir(dir string) string {
	if dir == "." {
		return ""
	}
	return " in " + shown(dir)
}

// next returns the commands to run after writing.
func (s settled) next() []string {
	return generator.Next(s.answers, func(path string) bool {
		_, err := os.Stat(filepath.Join(s.dir, filepath.FromSlash(path)))
		return err == nil
	})
}

func counts(plan disk.Plan) string {
	var parts []string
	for _, status := range []disk.Status{disk.New, disk.Changed, disk.Conflict, disk.Same} {
		if n := plan.Count(status); n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, status))
		}
	}
	return strings.Join(parts, ", ")
}

func size(bytes int) string {
	if bytes < 1000 {
		return fmt.Sprintf("%d B", bytes)
	}
	return fmt.Sprintf("%.1f kB", float64(bytes)/1000)
}
