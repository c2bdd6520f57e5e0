// Package disk puts generated files into a folder and never loses what was
// there. A Plan compares the files with the folder; writing it changes
// everything that was decided, or nothing.
//
//	plan, err := disk.Compare(dir, files)
//	report, err := plan.Write(ctx, plan.Decide(disk.Backup))
//
// It also reads and writes davit.yaml, the answers that a person can edit.
package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"runtime"
	"strings"
	"syscall"

	"github.com/davit-cli/davit/generator"
)

// Status says how one generated file relates to the folder.
type Status string

const (
	New      Status = "new"      // nothing is there
	Same     Status = "same"     // the same is there
	Changed  Status = "changed"  // davit's own file is there, and can be replaced without loss
	Conflict Status = "conflict" // something else is there, which only the user may give up
)

// An Entry is one file of a Plan.
type Entry struct {
	generator.File
	Status   Status
	Existing string // what is there now; "" where nothing is

	ExistingMode fs.FileMode // permission bits of what is there

	linked bool // what is there is a symbolic link
}

// Exists reports whether something is there already.
func (e Entry) Exists() bool { return e.Status != New }

// A Plan is generated files against a folder.
type Plan struct {
	Dir     string
	Entries []Entry
}

// Count returns how many entries have this status.
func (p Plan) Count(s Status) int {
	n := 0
	for _, e := range p.Entries {
		if e.Status == s {
			n++
		}
	}
	return n
}

// Conflicts returns the paths that hold something else than davit gives.
func (p Plan) Conflicts() []string {
	var paths []string
	for _, e := range p.Entries {
		if e.Status == Conflict {
			paths = append(paths, e.Path)
		}
	}
	return paths
}

// most is how much of an existing file is read: no container file is larger.
const most = 8 << 20

// Compare returns the plan of these files against the folder. It changes
// nothing. A path that leaves the folder is refused, also through a symbolic
// link, and so is one that is a folder or no regular file.
func Compare(dir string, files []generator.File) (Plan, error) {
	f, err := open(dir, nil)
	if err != nil {
		return Plan{}, err
	}
	defer f.Close()
	p := Plan{Dir: dir}
	seen := map[string]string{}
	for _, file := range files {
		if !fs.ValidPath(file.Path) || file.Path == "." || strings.ContainsRune(file.Path, '\\') {
			return Plan{}, fmt.Errorf("%q is no path below %s: nothing is written there", file.Path, dir)
		}
		lower := strings.ToLower(file.Path)
		if other, taken := seen[lower]; taken {
			return Plan{}, fmt.Errorf("%s and %s are one file where case does not count: rename one", other, file.Path)
		}
		seen[lower] = file.Path
		e, err := f.entry(file)
		if err != nil {
			return Plan{}, err
		}
		p.Entries = append(p.Entries, e)
	}
	return p, nil
}

// entry looks at what is at the place of one file.
func (f *folder) entry(file generator.File) (Entry, error) {
	e := Entry{File: file, Status: New}
	info, err := f.lstat(file.Path)
	switch {
	case missing(err):
		return e, f.parents(file.Path)
	case err != nil:
		return e, f.cannot("read", file.Path, err)
	}
	if e.linked = info.Mode()&fs.ModeSymlink != 0; e.linked {
		if info, err = f.stat(file.Path); err != nil {
			return e, f.cannot("read", file.Path, err)
		}
	}
	if err := f.readable(file.Path, info); err != nil {
		return e, err
	}
	if e.Existing, err = f.read(file.Path); err != nil {
		return e, f.cannot("read", file.Path, err)
	}
	e.ExistingMode = info.Mode().Perm()
	e.Status = e.status()
	if e.Status != Same {
		e.Content = withEndings(e.File, e.Existing)
	}
	return e, nil
}

// parents reports what stands in the way of the folders above a new file.
func (f *folder) parents(file string) error {
	for dir := path.Dir(file); dir != "."; dir = path.Dir(dir) {
		info, err := f.stat(dir)
		switch {
		case missing(err):
			if _, err := f.lstat(dir); err == nil {
				return fmt.Errorf("%s in %s is a symbolic link that leads nowhere: remove it, then run davit again", shown(dir), shown(f.dir))
			}
		case err != nil:
			return f.cannot("read", dir, err)
		case !info.IsDir():
			return fmt.Errorf("%s in %s is a file, and %s needs a folder there: move it away, then run davit again", shown(dir), shown(f.dir), shown(file))
		}
	}
	return nil
}

// missing reports whether nothing is there, or a file where a folder would be.
func missing(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)
}

func (f *folder) readable(file string, info fs.FileInfo) error {
	switch {
	case info.IsDir():
		return fmt.Errorf("%s in %s is a folder, and davit writes a file there: move it away, then run davit again", shown(file), shown(f.dir))
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s in %s is no regular file: move it away, then run davit again", shown(file), shown(f.dir))
	case info.Size() > most:
		return fmt.Errorf("%s in %s is larger than %d MB, which no container file is: move it away, then run davit again", shown(file), shown(f.dir), most>>20)
	}
	return nil
}

// status compares an existing file with the one that davit gives. Once
// davit.lock tells what was generated before, a file that nobody edited since
// is Changed too.
func (e Entry) status() Status {
	switch {
	case e.Content == unix(e.Existing) && !e.lacksExec():
		return Same
	case e.Content == unix(e.Existing):
		return Changed
	case e.Path == AnswersFile && isAnswers(e.Existing):
		return Changed
	default:
		return Conflict
	}
}

// lacksExec reports whether a script is there that cannot be run.
func (e Entry) lacksExec() bool {
	return runtime.GOOS != "windows" && e.Mode&0o100 != 0 && e.ExistingMode&0o100 == 0
}

// unix returns text with the line endings that davit generates.
func unix(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") }

// withEndings returns the content of file with the line endings of what is
// there, as git may have set them; a script runs only with its own.
func withEndings(file generator.File, existing string) string {
	lines := strings.Count(existing, "\n")
	if lines == 0 || file.Language == "sh" || strings.Count(existing, "\r\n") != lines {
		return file.Content
	}
	return strings.ReplaceAll(file.Content, "\n", "\r\n")
}
