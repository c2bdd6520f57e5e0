package disk

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"github.com/davit-cli/davit/generator"
)

// Decision is what to do with one file.
type Decision string

const (
	Fail      Decision = "fail"      // write nothing at all
	Skip      Decision = "skip"      // leave what is there
	Overwrite Decision = "overwrite" // write davit's
	Backup    Decision = "backup"    // keep what is there as NAME.bak, then write davit's
	Merge     Decision = "merge"     // join both: needs the davit.lock of a later version
)

// Decisions says what to do with the files of a plan, by path.
type Decisions map[string]Decision

// Decide returns the usual decisions: write what is new or davit's own, leave
// what is the same, and do the given with each conflict.
func (p Plan) Decide(conflicts Decision) Decisions {
	d := Decisions{}
	for _, e := range p.Entries {
		switch e.Status {
		case Same:
			d[e.Path] = Skip
		case Conflict:
			d[e.Path] = conflicts
		default:
			d[e.Path] = Overwrite
		}
	}
	return d
}

// Report tells what Write did.
type Report struct {
	Written []string          // paths, in the order of the plan
	Backups map[string]string // path → where its former content is now
	Left    []string          // temporary files that could not be removed
}

// A ConflictError says that nothing was written, because files differ.
type ConflictError struct{ Paths []string }

func (e *ConflictError) Error() string {
	differs := "differs"
	if len(e.Paths) > 1 {
		differs = "differ"
	}
	return fmt.Sprintf("%s %s from what davit gives, and nothing was written: "+
		"choose with --on-conflict skip, overwrite or backup", list(e.Paths), differs)
}

// ErrMerge is returned for the decision that this version cannot carry out.
var ErrMerge = errors.New("merging needs davit.lock, which this version does not write yet: use skip, overwrite or backup")

// Write carries out the decisions: all of them, or after any failure none.
// A path without a decision is left alone, and so is a file that is the same.
// Each file is staged beside its target, and takes its place in one step; a
// file that changed since Compare stops it.
func (p Plan) Write(ctx context.Context, d Decisions) (Report, error) {
	return p.write(ctx, d, nil)
}

func (p Plan) write(ctx context.Context, d Decisions, fault func(op, name string) error) (Report, error) {
	jobs, err := p.jobs(d)
	if err != nil || len(jobs) == 0 {
		return Report{}, err
	}
	f, err := open(p.Dir, fault)
	if err != nil {
		return Report{}, err
	}
	defer f.Close()
	t := transaction{folder: f, ctx: ctx, mark: ".davit-" + strings.ToLower(rand.Text()[:10])}
	report, err := t.run(jobs)
	if err != nil {
		return Report{}, t.rollback(err)
	}
	report.Left = t.tidy()
	return report, nil
}

// A job is an entry that will be written.
type job struct {
	Entry
	backup bool
	temp   string // the new content, beside the target
	old    string // a second name of the old content
}

func (p Plan) jobs(d Decisions) ([]job, error) {
	var jobs []job
	var refused []string
	for _, e := range p.Entries {
		if e.Status == Same {
			continue
		}
		switch decision := d[e.Path]; decision {
		case Fail:
			refused = append(refused, e.Path)
		case Merge:
			return nil, ErrMerge
		case Overwrite, Backup:
			if e.linked {
				return nil, fmt.Errorf("%s in %s is a symbolic link, and davit replaces files only: remove the link, or skip it", shown(e.Path), shown(p.Dir))
			}
			jobs = append(jobs, job{Entry: e, backup: decision == Backup && e.Exists()})
		case Skip, "":
		default:
			return nil, fmt.Errorf("%q is no decision about %s: use fail, skip, overwrite, backup or merge", decision, shown(e.Path))
		}
	}
	if refused != nil {
		return nil, &ConflictError{refused}
	}
	return jobs, nil
}

// transaction is one Write under way: what it did, and how to take it back.
type transaction struct {
	*folder
	ctx    context.Context
	mark   string // begins the name of every temporary file
	count  int
	undo   []step
	litter []string // what only the transaction needed
}

// A step takes back one thing that was done.
type step struct {
	name string
	do   func() error
}

func (t *transaction) did(name string, undo func() error) {
	t.undo = append(t.undo, step{name, undo})
}

func (t *transaction) run(jobs []job) (Report, error) {
	report := Report{Backups: map[string]string{}}
	for i := range jobs {
		if err := t.stage(&jobs[i]); err != nil {
			return report, err
		}
	}
	// From here on the folder's own names change, one step a file.
	for i := range jobs {
		bak, err := t.commit(&jobs[i])
		if err != nil {
			return report, err
		}
		report.Written = append(report.Written, jobs[i].Path)
		if bak != "" {
			report.Backups[jobs[i].Path] = bak
		}
	}
	synced := map[string]bool{}
	for _, j := range jobs {
		dir := path.Dir(j.Path)
		if synced[dir] {
			continue
		}
		synced[dir] = true
		if err := t.sync(dir); err != nil {
			return report, t.cannot("write", dir, err)
		}
	}
	return report, nil
}

// stage puts the new content beside its target.
func (t *transaction) stage(j *job) error {
	if err := t.ctx.Err(); err != nil {
		return err
	}
	if err := t.unchanged(j.Entry); err != nil {
		return err
	}
	if err := t.mkdirs(path.Dir(j.Path)); err != nil {
		return err
	}
	mode := j.Mode.Perm()
	if mode == 0 {
		mode = 0o644
	}
	j.temp = t.temp(j.Path)
	t.did(j.temp, func() error { return t.discard(j.temp) })
	t.litter = append(t.litter, j.temp)
	if err := t.create(j.temp, j.Content, mode); err != nil {
		return t.cannot("write", j.Path, err)
	}
	if j.Exists() {
		if err := t.chmod(j.temp, kept(j.ExistingMode, mode)); err != nil {
			return t.cannot("write", j.Path, err)
		}
	}
	return nil
}

// kept is the mode that a replaced file keeps; a script can be run by those
// who can read it.
func kept(existing, generated fs.FileMode) fs.FileMode {
	if generated&0o100 != 0 {
		return existing | existing&0o444>>2
	}
	return existing
}

// commit lets the staged content take its place.
func (t *transaction) commit(j *job) (backup string, err error) {
	if err := t.ctx.Err(); err != nil {
		return "", err
	}
	if !j.Exists() {
		return "", t.place(j)
	}
	if j.backup {
		if backup, err = t.backup(j); err != nil {
			return "", err
		}
	}
	if err := t.replace(j); err != nil {
		return "", err
	}
	// What was replaced still has its second name: an edit that came in
	// between is seen now, and comes back.
	info, err := t.lstat(j.old)
	if err != nil || !info.Mode().IsRegular() {
		return "", t.changed(j.Path)
	}
	if now, err := t.read(j.old); err != nil || now != j.Existing {
		return "", t.changed(j.Path)
	}
	return backup, nil
}

// replace gives what is there a second name, and its own name to the new content.
func (t *transaction) replace(j *job) error {
	j.old = t.temp(j.Path)
	t.litter = append(t.litter, j.old)
	restored := true
	t.did(j.old, func() error {
		if !restored {
			return nil // it is the only copy now
		}
		return t.discard(j.old)
	})
	if err := t.keep(j, j.old); err != nil {
		return t.cannot("write", j.Path, err)
	}
	t.did(j.Path, func() error {
		err := t.rename(j.old, j.Path)
		restored = err == nil
		return err
	})
	if err := t.rename(j.temp, j.Path); err != nil {
		return t.cannot("write", j.Path, err)
	}
	return nil
}

// place puts a file where none is. A link fails where something appeared in
// the meantime; a rename would replace it.
func (t *transaction) place(j *job) error {
	err := t.link(j.temp, j.Path)
	switch {
	case err == nil:
	case errors.Is(err, fs.ErrExist):
		return t.changed(j.Path)
	case !unsupported(err):
		return t.cannot("write", j.Path, err)
	default:
		if err := t.unchanged(j.Entry); err != nil {
			return err
		}
		if err := t.rename(j.temp, j.Path); err != nil {
			return t.cannot("write", j.Path, err)
		}
	}
	t.did(j.Path, func() error { return t.remove(j.Path) })
	return nil
}

// backup keeps what is there under the first free name.
func (t *transaction) backup(j *job) (string, error) {
	for n := 0; ; n++ {
		name := j.Path + ".bak"
		if n > 0 {
			name += "." + strconv.Itoa(n)
		}
		err := t.keep(j, name)
		switch {
		case err == nil:
			t.did(name, func() error { return t.remove(name) })
			return name, nil
		case !errors.Is(err, fs.ErrExist):
			return "", t.cannot("write", name, err)
		}
	}
}

// keep gives what is there a second, free name; where the file system has no
// links, a copy.
func (t *transaction) keep(j *job, name string) error {
	err := t.link(j.Path, name)
	if err == nil || !unsupported(err) {
		return err
	}
	return t.create(name, j.Existing, j.ExistingMode)
}

func (t *transaction) mkdirs(dir string) error {
	if dir == "." {
		return nil
	}
	if _, err := t.stat(dir); err == nil {
		return nil
	}
	if err := t.mkdirs(path.Dir(dir)); err != nil {
		return err
	}
	if err := t.mkdir(dir); err != nil {
		return t.cannot("make the folder", dir, err)
	}
	t.did(dir, func() error { return t.remove(dir) })
	return nil
}

// unchanged compares what is there now with what Compare saw.
func (t *transaction) unchanged(e Entry) error {
	now, err := t.entry(generator.File{Path: e.Path})
	switch {
	case err != nil:
		return err
	case now.Exists() != e.Exists() || now.Existing != e.Existing || now.linked != e.linked:
		return t.changed(e.Path)
	}
	return nil
}

func (t *transaction) changed(name string) error {
	return fmt.Errorf("%s in %s was changed by someone else while davit looked at it: run davit again", shown(name), shown(t.dir))
}

func (t *transaction) temp(name string) string {
	t.count++
	return path.Join(path.Dir(name), t.mark+"-"+strconv.Itoa(t.count))
}

// rollback takes back every step, last first, and says so if it cannot.
func (t *transaction) rollback(why error) error {
	var stuck []string
	for i := len(t.undo) - 1; i >= 0; i-- {
		s := t.undo[i]
		if err := s.do(); err != nil && !errors.Is(err, fs.ErrNotExist) {
			stuck = append(stuck, s.name)
		}
	}
	switch {
	case stuck != nil:
		return fmt.Errorf("%w; going back failed as well at %s: what was there before is in files named %s* beside them",
			why, list(stuck), t.mark)
	case errors.Is(why, context.Canceled), errors.Is(why, context.DeadlineExceeded):
		return why
	}
	return fmt.Errorf("%w; nothing was written", why)
}

// discard removes a file that this transaction made, if it came to that.
func (t *transaction) discard(name string) error {
	err := t.remove(name)
	if err == nil {
		return nil
	}
	if _, gone := t.lstat(name); missing(gone) {
		return nil // a read-only system refuses also what has no effect
	}
	return err
}

// tidy removes what only the transaction needed, and returns what stayed.
func (t *transaction) tidy() []string {
	var left []string
	for _, name := range t.litter {
		if err := t.discard(name); err != nil {
			left = append(left, name)
		}
	}
	return left
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
