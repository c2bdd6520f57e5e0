package disk

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"

	"github.com/davit-cli/davit/generator"
)

// transaction is one Write under way.
type transaction struct {
	*folder
	ctx   context.Context
	mark  string // begins the name of every temporary file
	count int
	dirs  []string // folders that are made, parents first
	empty []string // folders that files are removed from, parents first
	held  *os.File // the journal: the run is alive as long as it is open
}

// tempPrefix begins every temporary file's name.
const tempPrefix = ".davit-"

// A job is one file that will be written or removed.
type job struct {
	Entry
	remove bool
	merged bool
	backup string // the name under which what is there stays, or ""
	copy   string // its temporary name, where a copy has to be made
	temp   string // the new content, beside the target
	old    string // a second name of the old content
}

// run does all jobs, or leaves everything as it was.
func (t *transaction) run(jobs []job) (left []string, err error) {
	for i := range jobs {
		if err := t.prepare(&jobs[i]); err != nil {
			return nil, t.nothing(err)
		}
	}
	journal := t.journal(jobs)
	if err := t.begin(journal); err != nil {
		return nil, t.nothing(err)
	}
	defer t.held.Close()
	if err := t.all(jobs); err != nil {
		return nil, t.rollback(journal, err)
	}
	lines, _ := journalLines(journal) // it is our own
	return t.tidy(lines, doneFile), nil
}

// prepare checks that a file is as Compare saw it, and plans the names.
func (t *transaction) prepare(j *job) error {
	if err := t.ctx.Err(); err != nil {
		return err
	}
	if err := t.unchanged(j.Entry); err != nil {
		return err
	}
	j.temp, j.old = t.temp(j.Path), t.temp(j.Path)
	dir := path.Dir(j.Path)
	switch {
	case j.remove:
		for ; dir != "." && !slices.Contains(t.empty, dir); dir = path.Dir(dir) {
			t.empty = append(t.empty, dir)
		}
		slices.Sort(t.empty)
		return nil
	case !j.Exists():
		for ; dir != "." && !slices.Contains(t.dirs, dir); dir = path.Dir(dir) {
			_, err := t.stat(dir)
			if err == nil {
				break
			}
			if !missing(err) {
				return t.cannot("read", dir, err)
			}
			t.dirs = append(t.dirs, dir)
		}
		slices.Sort(t.dirs)
		return nil
	case j.backup == "":
		return nil
	}
	j.copy = t.temp(j.Path)
	var err error
	j.backup, err = t.free(j.Path)
	return err
}

func backupName(file string, n int) string {
	if n == 0 {
		return file + ".bak"
	}
	return file + ".bak." + strconv.Itoa(n)
}

// begin writes the journal.
func (t *transaction) begin(journal string) error {
	switch _, err := t.lstat(doneFile); {
	case err == nil:
		return fmt.Errorf("a run in %s has left %s: run davit again, which removes it", shown(t.dir), doneFile)
	case !missing(err):
		return t.cannot("read", doneFile, err)
	}
	file, err := t.open(journalFile, 0o600)
	switch {
	case errors.Is(err, fs.ErrExist):
		return fmt.Errorf("another davit is writing in %s, or was cut off there: wait until it is done, and run davit again", shown(t.dir))
	case err != nil:
		return t.cannot("write", ".", err)
	}
	if !claim(file) {
		_ = file.Close()
		return fmt.Errorf("%s: %w", shown(t.dir), ErrBusy)
	}
	if err := t.fill(file, journalFile, journal); err != nil {
		_ = file.Close()
		return t.cannot("write", ".", errors.Join(err, t.gone(journalFile)))
	}
	t.held = file
	// A run that found the journal before it was claimed has removed it.
	there, err := t.lstat(journalFile)
	if err == nil {
		if mine, err := file.Stat(); err == nil && os.SameFile(mine, there) {
			return nil
		}
	}
	_ = file.Close()
	if err != nil && !missing(err) {
		return t.cannot("write", ".", errors.Join(err, t.gone(journalFile)))
	}
	return fmt.Errorf("%s: %w", shown(t.dir), ErrBusy)
}

// all does what the journal says.
func (t *transaction) all(jobs []job) error {
	for _, dir := range t.dirs {
		if err := t.mkdir(dir); err != nil {
			return t.cannot("make the folder", dir, err)
		}
	}
	for i := range jobs {
		if err := t.stage(&jobs[i]); err != nil {
			return err
		}
	}
	// From here on the folder's own names change, one step a file.
	for i := range jobs {
		if err := t.commit(&jobs[i]); err != nil {
			return err
		}
	}
	for _, dir := range t.touched(jobs) {
		if err := t.sync(dir); err != nil {
			return t.cannot("write", dir, err)
		}
	}
	if err := t.ctx.Err(); err != nil {
		return err
	}
	if err := t.rename(journalFile, doneFile); err != nil {
		return t.cannot("write", ".", err)
	}
	_ = t.sync(".") // the files have their places whether or not this succeeds
	return nil
}

// touched are the folders whose names changed.
func (t *transaction) touched(jobs []job) []string {
	dirs := []string{"."}
	for _, j := range jobs {
		dirs = append(dirs, path.Dir(j.Path))
	}
	for _, dir := range t.dirs {
		dirs = append(dirs, path.Dir(dir))
	}
	slices.Sort(dirs)
	return slices.Compact(dirs)
}

// stage puts the new content beside its target.
func (t *transaction) stage(j *job) error {
	if err := t.ctx.Err(); err != nil || j.remove {
		return err
	}
	mode := j.Mode.Perm()
	if mode == 0 {
		mode = 0o644
	}
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
func (t *transaction) commit(j *job) error {
	if err := t.ctx.Err(); err != nil {
		return err
	}
	switch {
	case j.remove:
		if err := t.rename(j.Path, j.old); err != nil {
			return t.cannot("remove", j.Path, err)
		}
	case !j.Exists():
		return t.place(j)
	default:
		if j.backup != "" {
			if err := t.keep(j); err != nil {
				return t.cannot("write", j.backup, err)
			}
		}
		err := t.link(j.Path, j.old)
		if unsupported(err) { // for a moment nothing is there then
			err = t.rename(j.Path, j.old)
		}
		if err != nil {
			return t.cannot("write", j.Path, err)
		}
		if err := t.rename(j.temp, j.Path); err != nil {
			return t.cannot("write", j.Path, err)
		}
	}
	// What was there still has its second name: an edit that came in between
	// is seen now, and comes back.
	info, err := t.lstat(j.old)
	if err != nil {
		return t.cannot("read", j.old, err)
	}
	if !info.Mode().IsRegular() {
		return t.changed(j.Path)
	}
	now, err := t.read(j.old)
	if err != nil {
		return t.cannot("read", j.old, err)
	}
	if now != j.Existing {
		return t.changed(j.Path)
	}
	return nil
}

// place puts a file where none is. A link fails where something appeared in
// the meantime; a rename would replace it.
func (t *transaction) place(j *job) error {
	err := t.link(j.temp, j.Path)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrExist):
		return t.changed(j.Path)
	case !unsupported(err):
		return t.cannot("write", j.Path, err)
	}
	if err := t.unchanged(j.Entry); err != nil {
		return err
	}
	if err := t.rename(j.temp, j.Path); err != nil {
		return t.cannot("write", j.Path, err)
	}
	return nil
}

// keep gives what is there a second, free name as its backup; where the file
// system has no links, a copy.
func (t *transaction) keep(j *job) error {
	err := t.link(j.Path, j.backup)
	if !unsupported(err) {
		return err
	}
	if err := t.create(j.copy, j.Existing, j.ExistingMode); err != nil {
		return err
	}
	if err := t.chmod(j.copy, j.ExistingMode); err != nil {
		return err
	}
	return t.rename(j.copy, j.backup)
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

// nothing is an error before anything was done.
func (t *transaction) nothing(why error) error {
	if errors.Is(why, context.Canceled) || errors.Is(why, context.DeadlineExceeded) {
		return why
	}
	return fmt.Errorf("%w; nothing was written", why)
}

// rollback goes back as the next run would after a cut, and says so if it cannot.
func (t *transaction) rollback(journal string, why error) error {
	if err := t.settle(journal, journalFile, new(Recovery)); err != nil {
		return fmt.Errorf("%w; going back failed as well (%w): what was there before is in files named %s* beside them, and the next run of davit goes back", why, err, t.mark)
	}
	return t.nothing(why)
}
