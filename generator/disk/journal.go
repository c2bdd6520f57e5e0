package disk

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"
)

// The journal of a run is written before anything else, and says by name and
// hash what the run is about to do. While it is there under its first name, the
// next run goes back to what was there before; once everything has its place it
// gets its second name, and the next run only tidies up. So the folder is in
// the old or the new state after any run that ended, and after the next one
// where a run was cut off.
const (
	journalFile = ".davit-journal"
	doneFile    = ".davit-done"
)

const largestJournal = 1 << 20

// Entries of a journal, a line each and taken back last first, parts separated by tabs. A dash stands for
// a name that is not needed.
const (
	jDir     = "dir"     // dir PATH: is made
	jNew     = "new"     // new PATH TEMP SHA: nothing was there
	jReplace = "replace" // replace PATH TEMP SHA OLD SHA BACKUP COPY
	jRemove  = "remove"  // remove PATH OLD SHA
	jEmpty   = "empty"   // empty PATH: a folder that goes when nothing is left in it
	jEnd     = "end"     // the journal is whole
)

// journal returns what these jobs are going to do.
func (t *transaction) journal(jobs []job) string {
	var b strings.Builder
	line := func(parts ...string) { b.WriteString(strings.Join(parts, "\t") + "\n") }
	for _, dir := range t.empty {
		line(jEmpty, dir)
	}
	for _, dir := range t.dirs {
		line(jDir, dir)
	}
	for _, j := range jobs {
		switch {
		case j.remove:
			line(jRemove, j.Path, j.old, digest(j.Existing))
		case !j.Exists():
			line(jNew, j.Path, j.temp, digest(j.Content))
		default:
			line(jReplace, j.Path, j.temp, digest(j.Content), j.old, digest(j.Existing), cmp.Or(j.backup, "-"), cmp.Or(j.copy, "-"))
		}
	}
	line(jEnd)
	return b.String()
}

// A Recovery is what Recover did.
type Recovery struct {
	Found    bool     // a run had been cut off
	Finished bool     // it had written everything; only its traces were removed
	Kept     []string // what somebody changed since, and so was left alone
}

// ErrBusy says that another davit is writing at this moment.
var ErrBusy = errors.New("another davit is writing there: wait until it is done")

// Unfinished reports whether a run was cut off in this folder. Recover puts it
// right.
func Unfinished(dir string) bool {
	for _, name := range [...]string{journalFile, doneFile} {
		if _, err := os.Lstat(dir + string(os.PathSeparator) + name); err == nil {
			return true
		}
	}
	return false
}

// Recover puts a folder right in which a run was cut off: back to what was
// there before, or where the run had written everything, without its traces.
// Where nothing was cut off it does nothing.
func Recover(dir string) (Recovery, error) {
	return recoverWith(dir, nil)
}

func recoverWith(dir string, fault func(op, name string) error) (r Recovery, err error) {
	f, err := open(dir, fault)
	if err != nil {
		return r, err
	}
	defer f.Close()
	for _, name := range [...]string{doneFile, journalFile} {
		text, there, release, err := f.readJournal(name)
		if err != nil {
			return r, err
		}
		if !there {
			continue
		}
		r.Found, r.Finished = true, name == doneFile
		err = f.settle(text, name, &r)
		release()
		if err != nil {
			return r, err
		}
	}
	return r, nil
}

// readJournal returns a journal that no living run holds.
func (f *folder) readJournal(name string) (text string, there bool, release func(), err error) {
	info, err := f.lstat(name)
	switch {
	case missing(err):
		return "", false, nil, nil
	case err != nil:
		return "", false, nil, f.cannot("read", name, err)
	case !info.Mode().IsRegular() || info.Size() > largestJournal:
		return "", false, nil, fmt.Errorf("%s in %s is no journal of davit's: move it away, then run davit again", name, shown(f.dir))
	}
	if err := f.asked("open", name); err != nil {
		return "", false, nil, f.cannot("read", name, err)
	}
	file, err := f.root.Open(name)
	if err != nil {
		return "", false, nil, f.cannot("read", name, err)
	}
	if !claim(file) {
		_ = file.Close()
		return "", false, nil, fmt.Errorf("%s: %w", shown(f.dir), ErrBusy)
	}
	if text, err = f.read(name); err != nil {
		_ = file.Close()
		return "", false, nil, f.cannot("read", name, err)
	}
	return text, true, func() { _ = file.Close() }, nil
}

// settle carries out what a journal asks for and removes it as the last thing.
// It can be cut off itself, and repeated.
func (f *folder) settle(text, name string, r *Recovery) error {
	lines, err := journalLines(text)
	if err != nil {
		return fmt.Errorf("%s in %s %w: look for files named %s* beside yours, which hold what was there before, then remove it", name, shown(f.dir), err, tempPrefix)
	}
	if r.Finished {
		if left := f.tidy(lines, name); left != nil {
			return fmt.Errorf("cannot remove %s in %s: remove it by hand", list(left), shown(f.dir))
		}
		return nil
	}
	for i := len(lines) - 1; i >= 0; i-- {
		if err := f.back(lines[i], r); err != nil {
			return f.cannot("put back", lines[i][1], err)
		}
	}
	if err := f.gone(name); err != nil {
		return f.cannot("remove", name, err)
	}
	return nil
}

// journalLines takes a journal apart. One that is not whole says nothing, as
// its run had not begun.
func journalLines(text string) ([][]string, error) {
	text, whole := strings.CutSuffix(text, jEnd+"\n")
	if !whole {
		return nil, nil
	}
	var lines [][]string
	for line := range strings.Lines(text) {
		parts := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if !sound(parts) {
			return nil, fmt.Errorf("is damaged in line %d", len(lines)+1)
		}
		lines = append(lines, parts)
	}
	return lines, nil
}

// sound checks a line of a journal: its paths are ones that davit writes, and
// its temporary files have davit's names and stand beside their file.
func sound(parts []string) bool {
	counts := map[string]int{jDir: 2, jNew: 4, jReplace: 8, jRemove: 4, jEmpty: 2}
	if len(parts) != counts[parts[0]] || !writable(parts[1]) {
		return false
	}
	beside := func(name string) bool {
		return writable(name) && path.Dir(name) == path.Dir(parts[1]) && strings.HasPrefix(path.Base(name), tempPrefix)
	}
	switch parts[0] {
	case jNew, jRemove:
		return beside(parts[2])
	case jReplace:
		return beside(parts[2]) && beside(parts[4]) && (parts[6] == "-" && parts[7] == "-" ||
			writable(parts[6]) && strings.HasPrefix(parts[6], parts[1]+".bak") && beside(parts[7]))
	}
	return true
}

// back takes back what a line says, as far as it was done. A file is known by
// its hash: what has neither the old nor the new one was changed by somebody
// since, and stays.
func (f *folder) back(parts []string, r *Recovery) error {
	name := parts[1]
	switch parts[0] {
	case jDir:
		return f.emptied(name)
	case jNew:
		is, err := f.hash(name)
		switch {
		case err != nil:
			return err
		case is == parts[3]:
			if err := f.gone(name); err != nil {
				return err
			}
		case is != "":
			r.Kept = append(r.Kept, name)
		}
		return f.gone(parts[2])
	case jReplace:
		if err := f.restore(name, parts[4], parts[3], r); err != nil {
			return err
		}
		if bak := parts[6]; bak != "-" {
			is, err := f.hash(bak)
			if err != nil {
				return err
			}
			if is == parts[5] {
				if err := f.gone(bak); err != nil {
					return err
				}
			}
			if err := f.gone(parts[7]); err != nil {
				return err
			}
		}
		return f.gone(parts[2])
	case jRemove:
		return f.restore(name, parts[2], "", r)
	}
	return nil
}

// restore gives a file back what is kept under another name, old. is is the
// hash of what the run put there, "" for nothing.
func (f *folder) restore(name, old, is string, r *Recovery) error {
	kept, err := f.hash(old)
	if err != nil || kept == "" {
		return err // it was not begun, or is restored
	}
	now, err := f.hash(name)
	if err != nil {
		return err
	}
	switch {
	case now == is || now == "":
		// Whatever is kept was there when the run replaced it.
		if err := f.rename(old, name); err != nil {
			return err
		}
		return f.gone(old) // two names of one file both stay after a rename
	case now == kept:
		return f.gone(old) // it had not been replaced yet
	}
	r.Kept = append(r.Kept, name)
	for n := 0; ; n++ {
		err := f.link(old, backupName(name, n))
		switch {
		case err == nil:
			return f.gone(old)
		case unsupported(err):
			return f.rename(old, backupName(name, n))
		case !errors.Is(err, fs.ErrExist):
			return err
		}
	}
}

// tidy removes what only a finished run needed, its journal last, and returns
// what stayed.
func (f *folder) tidy(lines [][]string, journal string) []string {
	var left []string
	away := func(remove func(string) error, name string) {
		if remove(name) != nil {
			left = append(left, name)
		}
	}
	for i := len(lines) - 1; i >= 0; i-- {
		switch parts := lines[i]; parts[0] {
		case jNew, jRemove:
			away(f.gone, parts[2])
		case jReplace:
			away(f.gone, parts[2])
			away(f.gone, parts[4])
		case jEmpty:
			away(f.emptied, parts[1])
		}
	}
	if left != nil || f.gone(journal) != nil {
		left = append(left, journal)
	}
	return left
}

// hash returns the digest of a file, "" where none is.
func (f *folder) hash(name string) (string, error) {
	info, err := f.lstat(name)
	switch {
	case missing(err):
		return "", nil
	case err != nil:
		return "", err
	case !info.Mode().IsRegular() || info.Size() > most:
		return "something else", nil
	}
	text, err := f.read(name)
	return digest(text), err
}

// gone removes a file, if it is there.
func (f *folder) gone(name string) error {
	err := f.remove(name)
	if err == nil || missing(err) {
		return nil
	}
	if _, gone := f.lstat(name); missing(gone) {
		return nil // a read-only system refuses also what has no effect
	}
	return err
}

// emptied removes a folder, if it is there and nothing is in it.
func (f *folder) emptied(name string) error {
	info, err := f.lstat(name)
	if err == nil && !info.IsDir() {
		return nil // a link to a folder is not davit's
	}
	var names []string
	if err == nil {
		names, err = f.names(name)
	}
	switch {
	case missing(err):
		return nil
	case err != nil:
		return err
	case len(names) > 0:
		return nil
	}
	return f.gone(name)
}
