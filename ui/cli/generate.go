package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/davit-cli/davit/generator"
	"github.com/davit-cli/davit/generator/disk"
	"github.com/davit-cli/davit/ui/tui"
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
		{ID: string(disk.Merge), Help: "join your edits and davit's changes; where both changed the same lines, leave what is there"},
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
	markers    bool
	prune      bool
}

func (r *runner) generate() *cobra.Command {
	g := &generation{runner: r, flags: given{}}
	cmd := &cobra.Command{
		Use:   "generate [DIR]",
		Short: "Write the container files without questions",
		Long: `Writes the files that the wizard would, without questions: flags come before
davit.yaml, davit.yaml before what the project shows, that before the defaults.
A file that you never touched is updated, and one that you edited stays while
davit has nothing new for it. Where both changed, or davit never wrote the file,
nothing is written unless --on-conflict says so.

davit.lock keeps what davit wrote, so that --on-conflict merge can join your
edits with what is new: keep it in version control beside davit.yaml.`,
		Example: `davit generate --dry-run
davit generate --traffic high --base distroless --target compose
davit generate --on-conflict merge --prune
davit generate --stdout Dockerfile | less`,
		Args:              atMost(1),
		ValidArgsFunction: folders,
		RunE:              func(cmd *cobra.Command, args []string) error { return g.run(cmd, args) },
	}
	f := cmd.Flags()
	f.SortFlags = false
	g.flags.bind(cmd)
	f.StringVar(&g.answers, "answers", "", "Read the answers from this file (YAML or JSON) in place of davit.yaml")
	f.StringVar(&g.onConflict, conflictFlag.Flag, string(disk.Fail), describe(conflictFlag))
	f.BoolVar(&g.markers, "conflict-markers", false, "With --on-conflict merge: write both sides between markers where both changed the same lines")
	f.BoolVar(&g.prune, "prune", false, "Remove files that davit wrote, nobody edited, and these answers do not need any more")
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
	onConflict := disk.Decision(decision[0])
	if g.markers {
		if onConflict != disk.Merge {
			return usage("--conflict-markers belongs to --on-conflict merge: add it, or leave the markers out")
		}
		onConflict = disk.Marked
	}
	dir, err := folder(cmd, args)
	if err != nil {
		return err
	}
	if g.stdout == "" && !g.dryRun {
		if err := g.recover(dir); err != nil {
			return err
		}
	} else {
		g.unfinished(dir)
	}
	s, err := g.settle(cmd.Context(), dir, g.answers, g.flags)
	if err != nil {
		return err
	}
	if err := g.service(&s); err != nil {
		return err
	}
	g.remarks(s)
	if !g.pin {
		s.answers.Pins = nil
	}
	if g.stdout != "" && filepath.Clean(g.stdout) != disk.LockFile {
		files, err := s.files()
		if err != nil {
			return err
		}
		return g.one(s, files)
	}
	plan, err := g.plan(s)
	if err != nil {
		return err
	}
	decisions := plan.Decide(onConflict)
	if g.prune {
		plan.Prune(decisions)
	}
	for _, text := range plan.Warnings(decisions) {
		g.warn("%s", text)
	}
	if why := s.facts.LacksSystem(plan.Gives("Dockerfile", decisions), s.answers.Dependencies); why != "" {
		g.warn("%s", why)
	}
	if g.stdout != "" {
		e, _ := plan.Lock(decisions)
		_, err := io.WriteString(g.out, e.Content)
		return err
	}
	if g.dryRun {
		return g.show(s, plan, decisions)
	}
	return g.write(cmd.Context(), s, plan, decisions)
}

// service sees to the folder without one FastAPI app: it adds the starter
// where that is wanted, and else tells what is assumed.
func (g *generation) service(s *settled) error {
	found, several := s.facts.App, s.facts.App.Candidates
	named := len(g.flags["app"]) > 0 || s.recorded.Has("app")
	refused, framework := tui.StarterRefused(s.facts), s.facts.Framework.Value != ""
	switch {
	case found.Value != "" && g.starter:
		g.warn("there is a FastAPI app at %s already, so no starter is written", found.Evidence)
	case found.Value != "":
	case !named && len(found.Choices) == 0 && len(s.facts.Roots) > 1:
		var roots []string
		for _, root := range s.facts.Roots {
			roots = append(roots, root.Value)
		}
		return usage("there are several services in %s (%s): give the folder of one, or name its app with --app", shown(s.dir), strings.Join(roots, ", "))
	case len(several) > 0 && !named:
		g.first(s)
		g.warn("there are several FastAPI apps (%s) and %s is taken: choose with --app", strings.Join(several, ", "), s.answers.App)
	case len(several) > 0:
	case g.starter && framework:
		return usage("%s, so no starter is written: make it in a new folder", refused)
	case g.starter && refused != "":
		return usage("no starter is written into %s, as %s: make it in a new folder, or name your app with --app", shown(s.dir), refused)
	case g.starter:
		return g.start(s, g.flags)
	case !named && (framework || s.facts.Notebooks()):
		g.warn("%s: %s is assumed to be its app, and another is named with --app", s.facts.LooksLike(), s.answers.App)
	case !named && refused != "":
		g.warn("no FastAPI app was found in %s and %s is assumed: name another with --app", shown(s.dir), s.answers.App)
	case !named:
		g.warn("no FastAPI app was found in %s and %s is assumed: name another with --app, or add a small service with --starter", shown(s.dir), s.answers.App)
	}
	return nil
}

// remarks tells of answers that work at a price in this project, and of those
// that the folder has nothing for.
func (g *generation) remarks(s settled) {
	if s.starter != nil {
		return
	}
	for _, text := range wizard.Warnings(s.answers) {
		g.warn("%s", text)
	}
	for _, q := range wizard.Catalogue() {
		if len(g.flags[q.ID]) > 0 && !q.Asked(s.answers) {
			g.warn("--%s says nothing here: it is for %s", q.Flag, side(q.For))
		}
	}
	given := func(id string) bool { return len(g.flags[id]) > 0 || s.recorded.Has(id) }
	if why := s.facts.LacksDir(s.answers.AppDir); why != "" && given("app_dir") {
		g.warn("%s: --app-dir names the folder from which %s is imported", why, s.answers.App)
	}
	if why := s.facts.LacksApp(s.answers.App, s.answers.AppDir); why != "" && given("app") {
		g.warn("%s: the container will not start unless a build brings it", why)
	}
	if why := s.facts.LowPort(s.answers.Port); why != "" && !given("port") {
		g.warn("%s", why)
	}
	g.oldPython(s, g.flags)
}

// first takes the likeliest of several apps.
func (g *generation) first(s *settled) {
	for _, app := range s.facts.App.Choices {
		trial := s.answers.Clone()
		if trial.Set("app", app.Value) != nil {
			continue
		}
		trial.Factory, trial.AppDir = app.Factory, ""
		if app.AppDir == "" || trial.Set("app_dir", app.AppDir) == nil {
			s.answers = trial
			return
		}
	}
}

// one prints a single file as it is.
func (g *generation) one(s settled, files []generator.File) error {
	var paths []string
	for _, f := range files {
		if f.Path == filepath.ToSlash(filepath.Clean(g.stdout)) {
			if why := s.facts.LacksSystem(f.Content, s.answers.Dependencies); f.Path == "Dockerfile" && why != "" {
				g.warn("%s", why)
			}
			_, err := io.WriteString(g.out, f.Content)
			return err
		}
		paths = append(paths, f.Path)
	}
	guess := near(g.stdout, paths, 3)
	if i := slices.IndexFunc(paths, func(p string) bool { return path.Base(p) == path.Base(filepath.ToSlash(g.stdout)) }); guess == "" && i >= 0 {
		guess = paths[i]
	}
	if guess != "" {
		guess = fmt.Sprintf("did you mean %q? ", guess)
	}
	return usage("these answers give no file %s: %s`davit generate --dry-run` lists the %d that they give", shown(g.stdout), guess, len(files))
}

func (g *generation) write(ctx context.Context, s settled, plan disk.Plan, d disk.Decisions) error {
	lock, locked := plan.Lock(d)
	report, err := plan.Write(ctx, d)
	var conflict *disk.ConflictError
	switch {
	case errors.As(err, &conflict) && g.json:
		return errors.Join(g.document(s, plan, d, nil, false), err)
	case err != nil:
		return err
	}
	for _, left := range report.Left {
		g.warn("%s could not be removed: the next run tries again", shown(left))
	}
	if g.json {
		entry := &lock
		if !locked {
			entry = nil
		}
		return errors.Join(g.document(s, plan, d, entry, true), unmerged(plan, d, report))
	}
	if skipped := skipped(plan, d); skipped != nil {
		verb := "differs and was"
		if len(skipped) > 1 {
			verb = "differ and were"
		}
		g.warn("%s %s left as before%s", strings.Join(skipped, ", "), verb, forGood(plan, d))
	}
	g.summary(s.dir, report, s.next(plan, d), stays(plan, d), unresolved(plan, d) == nil)
	g.unneeded(plan, d)
	return unmerged(plan, d, report)
}

// forGood says how files that davit never wrote are left alone by every run.
func forGood(plan disk.Plan, d disk.Decisions) string {
	var foreign []string
	for _, e := range plan.Entries {
		if e.State() == disk.Foreign && d[e.Path] == disk.Skip {
			foreign = append(foreign, e.Path)
		}
	}
	if foreign == nil {
		return ""
	}
	return fmt.Sprintf(": `%s` in %s does that in every run", disk.KeepLine(foreign), disk.AnswersFile)
}

// skipped are the files that differ and stay by choice.
func skipped(plan disk.Plan, d disk.Decisions) []string {
	var paths []string
	for _, path := range plan.Conflicts() {
		if d[path] == disk.Skip && !slices.Contains(unresolved(plan, d), path) {
			paths = append(paths, shown(path))
		}
	}
	return paths
}

// stays tells which files are the user's, and why they are left, a line each.
func stays(plan disk.Plan, d disk.Decisions) []string {
	byState := map[string][]string{}
	for _, e := range plan.Entries {
		if e.Status == disk.Kept && d[e.Path] == disk.Skip {
			byState[e.State()] = append(byState[e.State()], e.Path)
		}
	}
	var lines []string
	if paths := byState[disk.Edited]; paths != nil {
		lines = append(lines, "Edited by you, with nothing new from davit: "+words(paths))
	}
	if paths := byState[disk.Listed]; paths != nil {
		lines = append(lines, "Kept, as davit.yaml says: "+words(paths))
	}
	return lines
}

// unresolved are the files that hold the markers of an earlier merge, and stay so.
func unresolved(plan disk.Plan, d disk.Decisions) []string {
	var paths []string
	for _, e := range plan.Entries {
		if e.State() == disk.Unresolved && d[e.Path] != disk.Overwrite && d[e.Path] != disk.Backup {
			paths = append(paths, e.Path)
		}
	}
	return paths
}

// conflicts counts them in words.
func conflicts(n int) string {
	if n == 1 {
		return "1 conflict"
	}
	return fmt.Sprintf("%d conflicts", n)
}

// unmerged is the answer no to a merge that was not possible for every file.
func unmerged(plan disk.Plan, d disk.Decisions, report disk.Report) error {
	var edited, foreign, parts []string
	stays := unresolved(plan, d)
	for _, e := range plan.Entries {
		switch {
		case report.Marked[e.Path] > 0:
			parts = append(parts, fmt.Sprintf("%s written into %s: settle %s, then run `davit generate` again",
				conflicts(report.Marked[e.Path]), shown(e.Path), them(report.Marked[e.Path])))
		case slices.Contains(stays, e.Path), !slices.Contains(report.Unmerged, e.Path):
		case e.Edited:
			edited = append(edited, e.Path)
		default:
			foreign = append(foreign, e.Path)
		}
	}
	if stays != nil {
		parts = append(parts, disk.StillHold(stays)+": resolve them, then run `davit generate` again")
	}
	if edited != nil {
		parts = append(parts, stay(edited)+", because you and davit changed the same lines: `davit diff` shows them, and --conflict-markers writes both sides")
	}
	if foreign != nil {
		parts = append(parts, fmt.Sprintf("%s, because davit never wrote %s and cannot tell your edits from its own: choose --on-conflict skip, backup or overwrite, or write `%s` into %s",
			stay(foreign), them(len(foreign)), disk.KeepLine(foreign), disk.AnswersFile))
	}
	if parts == nil {
		return nil
	}
	return errors.New(strings.Join(parts, "; "))
}

func stay(paths []string) string {
	if len(paths) == 1 {
		return words(paths) + " stays as it is"
	}
	return words(paths) + " stay as they are"
}

func them(n int) string {
	if n == 1 {
		return "it"
	}
	return "them"
}

// unneeded lists what davit wrote before and these answers do not give.
func (r *runner) unneeded(plan disk.Plan, d disk.Decisions) {
	var stay, edited []string
	for _, u := range plan.Unneeded {
		switch {
		case d[u.Path] == disk.Remove:
		case u.Edited:
			edited = append(edited, shown(u.Path))
		default:
			stay = append(stay, shown(u.Path))
		}
	}
	if stay != nil {
		r.warn("not needed any more: %s; --prune removes what nobody edited", strings.Join(stay, ", "))
	}
	if edited != nil {
		r.warn("not needed any more, but edited: %s; remove it by hand if you do not need it either", strings.Join(edited, ", "))
	}
}

// show prints the plan and changes nothing.
func (g *generation) show(s settled, plan disk.Plan, d disk.Decisions) error {
	lock, locked := plan.Lock(d)
	if g.json {
		entry := &lock
		if !locked {
			entry = nil
		}
		return g.document(s, plan, d, entry, false)
	}
	fmt.Fprintf(g.out, "%s in %s\n\n", s.answers.Variant(), safe(plan.Dir))
	t := tabwriter.NewWriter(g.out, 0, 0, 2, ' ', 0)
	entries := plan.Entries
	if locked {
		entries = append(slices.Clone(entries), lock)
	}
	for _, e := range entries {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", e.State(), safe(e.Path), size(len(e.Content)), fate(e, d[e.Path]))
	}
	for _, u := range plan.Unneeded {
		fate := "Not needed any more; --prune removes it."
		switch {
		case u.Edited:
			fate = "Not needed any more; you edited it, so it stays."
		case d[u.Path] == disk.Remove:
			fate = "Not needed any more, and removed."
		}
		fmt.Fprintf(t, "%s\t%s\t\t%s\n", "unneeded", safe(u.Path), fate)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(g.out, "\n%s; nothing was written\n", counts(entries, len(plan.Unneeded)))
	return nil
}

// fate is what a file is for, or where it differs from yours, what becomes of it.
func fate(e disk.Entry, d disk.Decision) string {
	if !e.Differs() {
		return e.Purpose
	}
	if e.Listed {
		return "Stays, as davit.yaml keeps it."
	}
	if n := e.Unresolved(); n > 0 && d != disk.Overwrite && d != disk.Backup {
		return fmt.Sprintf("Holds %s between markers, which you have to settle.", conflicts(n))
	}
	switch action(e, d) {
	case string(disk.Fail):
		return "Stops the run, unless --on-conflict says what to do."
	case string(disk.Merge):
		return "Your edits and davit's changes are joined."
	case string(disk.Backup):
		return "Replaced; what is there is kept as " + safe(e.BackupName) + "."
	case string(disk.Overwrite):
		return "Replaced, without a copy."
	}
	return "Stays as it is."
}

// summary is the end of a run that wrote files; well says that those which
// were not written are as they should be, stays which of them are the user's.
func (r *runner) summary(dir string, report disk.Report, next []generator.Step, stays []string, well bool) {
	switch n := len(report.Written); {
	case n == 0 && len(report.Removed) == 0 && report.Unmerged == nil && well:
		fmt.Fprintln(r.out, tui.AllWell)
	case n == 0:
		fmt.Fprintln(r.out, tui.NothingDone)
	case n == 1:
		fmt.Fprintf(r.out, "1 file written%s:\n", inDir(dir))
	default:
		fmt.Fprintf(r.out, "%d files written%s:\n", n, inDir(dir))
	}
	for _, path := range report.Written {
		fmt.Fprint(r.out, "  ", safe(path))
		switch bak := report.Backups[path]; {
		case bak != "":
			fmt.Fprintf(r.out, " (the former is %s)", safe(bak))
		case report.Marked[path] > 0:
			fmt.Fprintf(r.out, " (%s between markers)", conflicts(report.Marked[path]))
		case slices.Contains(report.Merged, path):
			fmt.Fprint(r.out, " (your edits and davit's changes: look at it once)")
		}
		fmt.Fprintln(r.out)
	}
	if len(report.Removed) > 0 {
		fmt.Fprintln(r.out, "Not needed any more, and removed:")
		for _, path := range report.Removed {
			fmt.Fprintln(r.out, " ", safe(path))
		}
	}
	for _, line := range stays {
		fmt.Fprintln(r.out, line)
	}
	switch {
	case len(next) == 0:
	case dir == ".":
		fmt.Fprintln(r.out, "Next:")
	default:
		fmt.Fprintf(r.out, "Next, in %s:\n", shown(dir))
	}
	for _, line := range generator.Listing(next) {
		if line != "" {
			line = "  " + safe(line)
		}
		fmt.Fprintln(r.out, line)
	}
}

func inDir(dir string) string {
	if dir == "." {
		return ""
	}
	return " in " + shown(dir)
}

// next returns what to do once the plan is carried out.
func (s settled) next(plan disk.Plan, d disk.Decisions) []generator.Step {
	return plan.Next(s.answers, d)
}

func counts(entries []disk.Entry, unneeded int) string {
	number := map[string]int{}
	for _, e := range entries {
		number[e.State()]++
	}
	var parts []string
	for _, state := range []string{"new", disk.Older, disk.Listed, disk.Edited, disk.Unresolved, disk.Foreign, "same"} {
		if n := number[state]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, state))
		}
	}
	if unneeded > 0 {
		parts = append(parts, fmt.Sprintf("%d unneeded", unneeded))
	}
	return strings.Join(parts, ", ")
}

func size(bytes int) string {
	if bytes < 1000 {
		return fmt.Sprintf("%d B", bytes)
	}
	return fmt.Sprintf("%.1f kB", float64(bytes)/1000)
}
