// Package disk puts generated files into a folder and never loses what was
// there. A Plan compares the files with the folder; writing it changes
// everything that was decided, or nothing.
//
//	plan, err := disk.Compare(dir, files)
//	report, err := plan.Write(ctx, plan.Decide(disk.Backup))
//
// It knows what davit wrote before from davit.lock (lock.go), so that it can tell
// a file that only grew old from one that somebody edited, and merge both
// (merge.go). A run that is cut off, even by a power failure, leaves a journal
// by which the next one goes back (journal.go).
//
// It also reads and writes davit.yaml, the answers that a person can edit.
package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"

	"github.com/davit-cli/davit/generator"
	"github.com/davit-cli/davit/wizard"
)

// Status says how one generated file relates to the folder.
type Status string

const (
	New      Status = "new"      // nothing is there
	Same     Status = "same"     // the same is there
	Changed  Status = "changed"  // davit's own file is there, and can be replaced without loss
	Kept     Status = "kept"     // the user's is there, and davit has nothing new for it, or davit.yaml keeps it
	Conflict Status = "conflict" // something else is there, which only the user may give up
)

// The states of a file: its Status, and for one that is kept or in conflict why.
const (
	Older   = "older"   // davit wrote it, and nobody touched it since
	Edited  = "edited"  // davit wrote it, and somebody changed it since
	Foreign = "foreign" // davit never wrote it

	Unresolved = "unresolved" // it holds both sides between the markers of a merge
	Listed     = "kept"       // davit.yaml keeps it
)

// An Entry is one file of a Plan.
type Entry struct {
	generator.File
	Status   Status
	Existing string // what is there now; "" where nothing is

	ExistingMode fs.FileMode // permission bits of what is there
	Edited       bool        // davit wrote it, and somebody changed it since: Merge can join both
	Listed       bool        // davit.yaml keeps it: what is there is left alone, and nothing is written where none is
	BackupName   string      // of one that differs: where Backup keeps what is there

	base   string  // what davit wrote before, of an edited file
	absent bool    // of one that davit.yaml keeps: nothing is there
	linked bool    // what is there is a symbolic link
	picked *string // the text that the user put together
}

// State is the status in the words of a reader: new, same, older, kept, edited,
// unresolved or foreign.
func (e Entry) State() string {
	switch {
	case e.Status == Changed:
		return Older
	case !e.Differs():
		return string(e.Status)
	case e.Listed:
		return Listed
	case e.Unresolved() > 0:
		return Unresolved
	case e.Edited:
		return Edited
	}
	return Foreign
}

// Written is the text that davit wrote before, with the present line endings;
// where nobody edited it, or it is not known, what is there.
func (e Entry) Written() string {
	if !e.Edited {
		return e.Existing
	}
	return asEndings(e.base, e.Existing)
}

// News reports whether davit gives something else than when it last wrote the
// file; where it does not, an edited file has nothing to merge.
func (e Entry) News() bool { return !e.Edited || e.base != unix(e.Content) }

// Differs reports whether something of the user's is there.
func (e Entry) Differs() bool { return e.Status == Kept || e.Status == Conflict }

// Exists reports whether something is there already.
func (e Entry) Exists() bool { return e.Status != New && !e.absent }

// Unneeded is a file that davit wrote and that the present answers do not give.
type Unneeded struct {
	Path   string
	Edited bool // somebody changed it since, or it is no plain file any more

	existing string
}

// A Plan is generated files against a folder.
type Plan struct {
	Dir      string
	Davit    string // version of this davit, for davit.lock
	Entries  []Entry
	Unneeded []Unneeded
	Problem  string // what davit.lock could not tell, as a sentence; or ""

	lock   lock
	kept   Entry    // davit.lock as it is there
	listed []string // what davit.yaml keeps
	others []string // names of what is in the folder, as far as it could be listed
}

// Warnings tells what will not go together after these decisions, a sentence
// each; of decisions that write nothing it tells nothing.
func (p Plan) Warnings(d Decisions) []string {
	var files []generator.File
	stays := map[string]string{}
	others := p.others
	for _, e := range p.Entries {
		decision := d[e.Path]
		left := decision == Skip || decision == Keep || decision == ""
		if e.Path == "compose.yaml" && e.Exists() {
			others = nil // Compose read that one before already
		}
		text, conflicts, merges := e.Merge()
		switch {
		case decision == Fail:
			return nil
		case left && !e.Exists():
			continue
		case e.Status == Same:
		case left, decision == Merge && (!merges || conflicts > 0):
			stays[e.Path] = e.Existing
		case decision == Merge && e.Path == "Dockerfile":
			stays[e.Path] = text
		case decision == Merge:
			e.Content = text
		case decision == Picked && e.picked != nil && e.Path == "Dockerfile":
			stays[e.Path] = *e.picked
		case decision == Picked && e.picked != nil:
			e.Content = *e.picked
		}
		files = append(files, e.File)
	}
	return generator.Beside(files, stays, others)
}

// Has reports whether the folder has a file of this path once the decisions are
// carried out.
func (p Plan) Has(name string, d Decisions) bool {
	if _, err := os.Stat(filepath.Join(p.Dir, filepath.FromSlash(name))); err == nil {
		return d[name] != Remove
	}
	return slices.ContainsFunc(p.Entries, func(e Entry) bool { return e.Path == name }) &&
		!slices.Contains([]Decision{"", Fail, Skip, Keep}, d[name])
}

// Own returns the text of a file that is not as davit makes it once the decisions
// are carried out, and whether that is so: the user's, or one with a part of the
// user's in it.
func (p Plan) Own(name string, d Decisions) (text string, ok bool) {
	i := slices.IndexFunc(p.Entries, func(e Entry) bool { return e.Path == name })
	if i < 0 || !p.Entries[i].Exists() || p.Entries[i].Status == Same {
		return "", false
	}
	switch e := p.Entries[i]; d[name] {
	case Overwrite, Backup:
		return "", false
	case Picked:
		if e.picked != nil {
			return *e.picked, true
		}
	case Merge:
		if text, conflicts, merges := e.Merge(); merges && conflicts == 0 {
			return text, true
		}
	}
	return p.Entries[i].Existing, true
}

// Gives returns the text of a file that these decisions write as davit makes it,
// or "" where they leave it as it is, or something of the user's in it.
func (p Plan) Gives(name string, d Decisions) string {
	for _, e := range p.Entries {
		if d[e.Path] == Fail {
			return ""
		}
	}
	i := slices.IndexFunc(p.Entries, func(e Entry) bool { return e.Path == name })
	if i < 0 || p.Entries[i].Status == Same || d[name] != Overwrite && d[name] != Backup {
		return ""
	}
	return p.Entries[i].Content
}

// Next returns what to do once the decisions are carried out.
func (p Plan) Next(a wizard.Answers, d Decisions) []generator.Step {
	have := func(path string) bool { return p.Has(path, d) }
	own := func(path string) (string, bool) { return p.Own(path, d) }
	return generator.Next(a, have, own)
}

// Give returns the plan with another content for one of its files, such as
// answers that were changed by what is decided about the others.
func (p Plan) Give(file generator.File) Plan {
	p.Entries = slices.Clone(p.Entries)
	for i, e := range p.Entries {
		if e.Path != file.Path || e.Content == file.Content {
			continue
		}
		e.File = file
		if e.Exists() {
			if e.Status = e.status(); e.Status != Same {
				e.Content = withEndings(file, e.Existing)
			}
		}
		p.Entries[i] = p.known(e)
	}
	return p
}

// Pick returns the plan with a text in place of davit's for one file: what the
// user chose piece by piece. The decision Picked writes it.
func (p Plan) Pick(path, text string) Plan {
	p.Entries = slices.Clone(p.Entries)
	for i := range p.Entries {
		if p.Entries[i].Path == path {
			p.Entries[i].picked = &text
		}
	}
	return p
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
// link, and so is one that is a folder or no regular file. keep are the files
// of the user's that are left alone, as Recorded.Keep has them.
func Compare(dir string, files []generator.File, keep ...string) (Plan, error) {
	f, err := open(dir, nil)
	if err != nil {
		return Plan{}, err
	}
	defer f.Close()
	return f.compare(files, keep)
}

func (f *folder) compare(files []generator.File, keep []string) (Plan, error) {
	p := Plan{Dir: f.dir, listed: keep}
	if err := p.readLock(f); err != nil {
		return Plan{}, err
	}
	seen := map[string]string{}
	for _, file := range files {
		if !writable(file.Path) {
			return Plan{}, fmt.Errorf("%q is no path below %s that davit writes to", file.Path, shown(f.dir))
		}
		lower := strings.ToLower(file.Path)
		if other, taken := seen[lower]; taken {
			return Plan{}, fmt.Errorf("%s and %s are one file where case does not count: rename one", shown(other), shown(file.Path))
		}
		seen[lower] = file.Path
		e, err := f.entry(file)
		if err != nil {
			return Plan{}, err
		}
		e = p.known(e)
		if slices.Contains(keep, e.Path) && e.Status != Same {
			e.Listed, e.absent, e.Status = true, e.Status == New, Kept
		}
		if e.Differs() && e.Exists() {
			if e.BackupName, err = f.free(e.Path); err != nil {
				return Plan{}, err
			}
		}
		p.Entries = append(p.Entries, e)
	}
	for _, path := range keep {
		seen[strings.ToLower(path)] = path
	}
	p.Unneeded = f.unneeded(p.lock, seen)
	p.others, _ = f.names(".") // only for a warning
	return p, nil
}

// free returns the first name for a backup that nothing has.
func (f *folder) free(file string) (string, error) {
	for n := 0; ; n++ {
		name := backupName(file, n)
		if _, err := f.lstat(name); missing(err) {
			return name, nil
		} else if err != nil {
			return "", f.cannot("read", name, err)
		}
	}
}

// readLock reads davit.lock, whatever is in it. What stands in its place and is
// no file is an error, as davit would write there.
func (p *Plan) readLock(f *folder) (err error) {
	if p.kept, err = f.entry(generator.File{Path: LockFile, Mode: 0o644}); err != nil {
		return err
	}
	p.lock = parseLock(p.kept.Existing)
	p.Problem = p.lock.problem()
	return nil
}

// known adds what davit.lock tells about a file.
func (p *Plan) known(e Entry) Entry {
	before, ok := p.lock.files[e.Path]
	if !ok || e.Once || e.Status != Conflict {
		return e
	}
	if unix(e.Existing) == before.content {
		e.Status = Changed
		return e
	}
	e.Edited, e.base = true, before.content
	if !e.News() && e.Unresolved() == 0 {
		e.Status = Kept
	}
	return e
}

// unneeded lists what davit wrote before and these files are not.
func (f *folder) unneeded(l lock, needed map[string]string) []Unneeded {
	var all []Unneeded
	for path, before := range l.files {
		if _, ok := needed[strings.ToLower(path)]; ok {
			continue
		}
		info, err := f.lstat(path)
		if missing(err) {
			continue
		}
		u := Unneeded{Path: path, Edited: true}
		if err == nil && info.Mode().IsRegular() && info.Size() <= most {
			u.existing, err = f.read(path)
			u.Edited = err != nil || unix(u.existing) != before.content
		}
		all = append(all, u)
	}
	slices.SortFunc(all, func(a, b Unneeded) int { return strings.Compare(a.Path, b.Path) })
	return all
}

// entry looks at what is at the place of one file.
func (f *folder) entry(file generator.File) (Entry, error) {
	e := Entry{File: file, Status: New}
	info, err := f.lstat(file.Path)
	switch {
	case missing(err):
		if err := f.parents(file.Path); err != nil {
			return e, err
		}
		return e, f.alike(file.Path)
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
			switch _, err := f.lstat(dir); {
			case err == nil:
				return fmt.Errorf("%s in %s is a symbolic link that leads nowhere: remove it, then run davit again", shown(dir), shown(f.dir))
			case !missing(err):
				return f.cannot("read", dir, err)
			}
		case err != nil:
			return f.cannot("read", dir, err)
		case !info.IsDir():
			return fmt.Errorf("%s in %s is a file, and %s needs a folder there: move it away, then run davit again", shown(dir), shown(f.dir), shown(file))
		}
	}
	return nil
}

// alike reports a name that differs from a new file's in case alone: on many
// systems both are one.
func (f *folder) alike(file string) error {
	dir := "."
	for part := range strings.SplitSeq(file, "/") {
		names, err := f.names(dir)
		if missing(err) {
			return nil
		}
		if err != nil {
			return f.cannot("read", dir, err)
		}
		if !slices.Contains(names, part) {
			for _, name := range names {
				if strings.EqualFold(name, part) {
					return fmt.Errorf("%s in %s and davit's %s are one file where case does not count: rename yours, then run davit again",
						shown(path.Join(dir, name)), shown(f.dir), shown(file))
				}
			}
			return nil
		}
		dir = path.Join(dir, part)
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

// status compares an existing file with the one that davit gives.
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
	if file.Language == "sh" {
		return file.Content
	}
	return asEndings(file.Content, existing)
}

// asEndings returns a text with the line endings of another, where that has
// one kind alone.
func asEndings(text, as string) string {
	lines := strings.Count(as, "\n")
	if lines == 0 || strings.Count(as, "\r\n") != lines {
		return text
	}
	return strings.ReplaceAll(unix(text), "\n", "\r\n")
}
