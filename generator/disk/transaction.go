package disk

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"

	"github.com/davit-cli/davit/generator"
)

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
