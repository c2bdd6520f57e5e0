package disk

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
)

// Decision is what to do with one file.
type Decision string

const (
	Fail      Decision = "fail"      // write nothing at all
	Skip      Decision = "skip"      // leave what is there
	Keep      Decision = "keep"      // the same, and davit.yaml says so: Recorded.Keeping
	Overwrite Decision = "overwrite" // write davit's
	Backup    Decision = "backup"    // keep what is there as NAME.bak, then write davit's
	Merge     Decision = "merge"     // join the user's edits and davit's changes; where both changed the same, leave what is there
	Marked    Decision = "marked"    // the same, but write both sides between conflict markers
	Picked    Decision = "picked"    // write the text that was given to Plan.Pick
	Remove    Decision = "remove"    // remove a file that is not needed any more
)

// Decisions says what to do with the files of a plan, by path.
type Decisions map[string]Decision

// Decide returns the usual decisions: write what is new or davit's own, leave
// what is the same, and do the given with each conflict. Edits for which davit
// has nothing new go only where the given is to write davit's. What is not
// needed any more stays.
func (p Plan) Decide(conflicts Decision) Decisions {
	d := Decisions{}
	for _, e := range p.Entries {
		switch e.Status {
		case Same:
			d[e.Path] = Skip
		case Kept:
			d[e.Path] = Skip
			if !e.Listed && (conflicts == Overwrite || conflicts == Backup) {
				d[e.Path] = conflicts
			}
		case Conflict:
			d[e.Path] = conflicts
		default:
			d[e.Path] = Overwrite
		}
	}
	return d
}

// Prune adds to the decisions that the files which are not needed any more go,
// except those that somebody edited.
func (p Plan) Prune(d Decisions) {
	for _, u := range p.Unneeded {
		if !u.Edited {
			d[u.Path] = Remove
		}
	}
}

// Report tells what Write did.
type Report struct {
	Written  []string          // paths, in the order of the plan, davit.lock last
	Merged   []string          // those of them that hold the user's edits and davit's changes
	Removed  []string          // paths
	Unmerged []string          // left alone, as both changed the same lines, or davit never wrote the file
	Marked   map[string]int    // path → how many conflicts were written into it between markers
	Backups  map[string]string // path → where its former content is now
	Left     []string          // temporary files and emptied folders that could not be removed; the next run tries again
}

// A ConflictError says that nothing was written, because files differ.
type ConflictError struct {
	Paths  []string
	Edited bool // davit wrote one of them, so that merging is possible

	Foreign []string // those that davit never wrote

	Unresolved []string // those that hold the markers of an earlier merge
}

// StillHold says of files that an earlier merge wrote its markers into them.
func StillHold(paths []string) string {
	if len(paths) == 1 {
		return list(paths) + " still holds conflicts between markers"
	}
	return list(paths) + " still hold conflicts between markers"
}

func (e *ConflictError) Error() string {
	if e.Unresolved != nil {
		text := StillHold(e.Unresolved) + ", and nothing was written: resolve them, then run `davit generate` again"
		if e.Paths != nil {
			rest := ConflictError{Paths: e.Paths, Edited: e.Edited, Foreign: e.Foreign}
			text += "; " + rest.Error()
		}
		return text
	}
	differs, how := "differs", "backup, overwrite or skip"
	if len(e.Paths) > 1 {
		differs = "differ"
	}
	switch {
	case e.Edited && e.Foreign != nil:
		how = "merge (not of files that davit never wrote), " + how
	case e.Edited:
		how = "merge, " + how
	}
	text := fmt.Sprintf("%s %s from what davit gives, and nothing was written: `davit diff` shows how, "+
		"and --on-conflict decides: %s", list(e.Paths), differs, how)
	if e.Foreign != nil {
		text += fmt.Sprintf("; `%s` in %s leaves what is yours alone from now on", KeepLine(e.Foreign), AnswersFile)
	}
	return text
}

// Write carries out the decisions: all of them, or after any failure none.
// A path without a decision is left alone, and so is a file that is the same.
// Each file is staged beside its target, and takes its place in one step; a
// file that changed since Compare stops it. davit.lock is written with the rest.
func (p Plan) Write(ctx context.Context, d Decisions) (Report, error) {
	return p.write(ctx, d, nil)
}

func (p Plan) write(ctx context.Context, d Decisions, fault func(op, name string) error) (Report, error) {
	jobs, report, err := p.jobs(d)
	if err != nil || len(jobs) == 0 {
		return report, err
	}
	f, err := open(p.Dir, fault)
	if err != nil {
		return Report{}, err
	}
	defer f.Close()
	t := transaction{folder: f, ctx: ctx, mark: tempPrefix + strings.ToLower(rand.Text()[:10])}
	if report.Left, err = t.run(jobs); err != nil {
		return Report{}, err
	}
	for _, j := range jobs {
		switch {
		case j.remove:
			report.Removed = append(report.Removed, j.Path)
			continue
		case j.backup != "":
			report.Backups[j.Path] = j.backup
		}
		if j.merged {
			report.Merged = append(report.Merged, j.Path)
		}
		report.Written = append(report.Written, j.Path)
	}
	return report, nil
}

// jobs is what the decisions come to, davit.lock included.
func (p Plan) jobs(d Decisions) ([]job, Report, error) {
	var jobs []job
	var refused ConflictError
	report := Report{Backups: map[string]string{}, Marked: map[string]int{}}
	next := p.lock.clone()
	if p.Davit != "" {
		next.davit = p.Davit
	}
	for _, e := range p.Entries {
		decision := d[e.Path]
		if e.Status == Same && decision != Picked {
			decision = Overwrite // which leaves it, and remembers it
		}
		j := job{Entry: e}
		switch decision {
		case Fail:
			if e.Unresolved() > 0 {
				refused.Unresolved = append(refused.Unresolved, e.Path)
				continue
			}
			refused.Paths = append(refused.Paths, e.Path)
			refused.Edited = refused.Edited || e.Edited
			if !e.Edited {
				refused.Foreign = append(refused.Foreign, e.Path)
			}
			continue
		case Skip, Keep, "":
			continue
		case Overwrite:
		case Backup:
			if e.Exists() {
				j.backup = e.Path + ".bak"
			}
		case Merge, Marked:
			text, conflicts, ok := e.Merge()
			if !ok || conflicts > 0 && (decision == Merge || e.Unresolved() > 0) {
				report.Unmerged = append(report.Unmerged, e.Path)
				continue
			}
			if conflicts > 0 {
				text = e.marked()
				report.Marked[e.Path] = conflicts
			}
			j.merged = text != e.Content
			j.Content = text
		case Picked:
			if e.picked == nil {
				return nil, Report{}, fmt.Errorf("nothing was picked for %s", shown(e.Path))
			}
			j.Content = *e.picked
		default:
			return nil, Report{}, fmt.Errorf("%q is no decision about %s: use fail, skip, overwrite, backup or merge", decision, shown(e.Path))
		}
		if !e.Once && e.Path != AnswersFile {
			next.set(e.Path, unix(e.Content))
		}
		if e.Status == Same && decision != Picked || j.Content == e.Existing && e.Exists() && !e.lacksExec() {
			continue
		}
		jobs = append(jobs, j)
	}
	if refused.Paths != nil || refused.Unresolved != nil {
		return nil, Report{}, &refused
	}
	jobs = append(jobs, p.removals(d, next)...)
	if j, ok := p.lockJob(next); ok {
		jobs = append(jobs, j)
	}
	for _, j := range jobs {
		if j.linked {
			return nil, Report{}, fmt.Errorf("%s in %s is a symbolic link, and davit replaces files only: remove the link, or skip it", shown(j.Path), shown(p.Dir))
		}
	}
	return jobs, report, nil
}

// removals are the jobs of files that go, and what the lock forgets.
func (p Plan) removals(d Decisions, next lock) []job {
	var jobs []job
	stale := map[string]bool{}
	for _, u := range p.Unneeded {
		stale[u.Path] = true
		if d[u.Path] == Remove && !u.Edited {
			e := Entry{Status: Conflict, Existing: u.existing}
			e.Path = u.Path
			jobs = append(jobs, job{Entry: e, remove: true})
			delete(next.files, u.Path)
		}
	}
	needed := map[string]bool{}
	for _, e := range p.Entries {
		needed[e.Path] = true
	}
	for _, path := range p.listed {
		needed[path] = true
	}
	for path := range next.files {
		if !needed[path] && !stale[path] {
			delete(next.files, path) // it is gone already
		}
	}
	return jobs
}

const (
	lockLanguage = "text"
	lockPurpose  = "Keeps what davit wrote, so that your edits are told from it."
)

// lockJob writes davit.lock, where it says something else than the one that is there.
func (p Plan) lockJob(next lock) (job, bool) {
	text := next.text()
	if p.lock.newer || text == "" && !p.kept.Exists() || p.lock.problem() == "" && p.kept.Exists() && next.sameFiles(p.lock) {
		return job{}, false
	}
	if text == "" {
		text = lockHeader
	}
	j := job{Entry: p.kept}
	j.Content, j.Language, j.Purpose = asEndings(text, p.kept.Existing), lockLanguage, lockPurpose
	if j.Exists() && !strings.Contains(j.Existing, lockHeader[:30]) {
		j.backup = j.Path + ".bak" // somebody else's file of this name
	}
	return j, j.Content != j.Existing
}

// Lock returns davit.lock as these decisions leave it, as one of the files; it
// reports false where there is none.
func (p Plan) Lock(d Decisions) (Entry, bool) {
	jobs, _, err := p.jobs(d)
	e := p.kept
	e.Content, e.Status, e.Language, e.Purpose = e.Existing, Same, lockLanguage, lockPurpose
	if err == nil && len(jobs) > 0 && jobs[len(jobs)-1].Path == LockFile {
		e = jobs[len(jobs)-1].Entry
		e.Status = New
		if p.kept.Exists() {
			e.Status = Changed
		}
	}
	return e, e.Content != ""
}

// list shows a few names.
func list(names []string) string {
	const few = 30
	var b strings.Builder
	for i, name := range names {
		switch {
		case i == few:
			fmt.Fprintf(&b, " and %d more", len(names)-few)
			return b.String()
		case i > 0:
			b.WriteString(", ")
		}
		b.WriteString(shown(name))
	}
	return b.String()
}
