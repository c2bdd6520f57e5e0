package disk

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// folder is a project folder and everything that disk does to it. Each call
// asks fault first, so that a test can make any of them fail; in use it is nil.
// No name leads out of the folder: os.Root refuses it.
type folder struct {
	dir   string
	root  *os.Root
	fault func(op, name string) error
}

func open(dir string, fault func(op, name string) error) (*folder, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("cannot open the folder %s: %w", shown(dir), Cause(err))
	}
	return &folder{dir: dir, root: root, fault: fault}, nil
}

func (f *folder) Close() error { return f.root.Close() }

func (f *folder) lstat(name string) (fs.FileInfo, error) {
	if err := f.asked("lstat", name); err != nil {
		return nil, err
	}
	return f.root.Lstat(name)
}

func (f *folder) stat(name string) (fs.FileInfo, error) {
	if err := f.asked("stat", name); err != nil {
		return nil, err
	}
	return f.root.Stat(name)
}

// names lists what is in a folder.
func (f *folder) names(dir string) ([]string, error) {
	if err := f.asked("list", dir); err != nil {
		return nil, err
	}
	d, err := f.root.Open(dir)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	return d.Readdirnames(-1)
}

func (f *folder) read(name string) (string, error) {
	if err := f.asked("read", name); err != nil {
		return "", err
	}
	file, err := f.root.Open(name)
	if err != nil {
		return "", err
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, most+1))
	return string(data), err
}

// create makes a file that was not there, with content that has reached the
// disk, or leaves nothing.
func (f *folder) create(name, content string, mode fs.FileMode) error {
	file, err := f.open(name, mode)
	if err != nil {
		return err
	}
	err = f.fill(file, name, content)
	if err == nil {
		err = file.Close()
	} else {
		_ = file.Close()
	}
	if err != nil {
		_ = f.remove(name)
	}
	return err
}

// open makes an empty file that was not there.
func (f *folder) open(name string, mode fs.FileMode) (*os.File, error) {
	if err := f.asked("create", name); err != nil {
		return nil, err
	}
	return f.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
}

// fill writes a new file's content, and waits until it has reached the disk.
func (f *folder) fill(file *os.File, name, content string) error {
	if err := f.asked("write", name); err != nil {
		_, _ = file.WriteString(content[:len(content)/2]) // as a full disk does
		return err
	}
	if _, err := file.WriteString(content); err != nil {
		return err
	}
	if err := f.asked("sync", name); err != nil {
		return err
	}
	return file.Sync()
}

func (f *folder) chmod(name string, mode fs.FileMode) error {
	if err := f.asked("chmod", name); err != nil {
		return err
	}
	return f.root.Chmod(name, mode)
}

func (f *folder) mkdir(name string) error {
	if err := f.asked("mkdir", name); err != nil {
		return err
	}
	return f.root.Mkdir(name, 0o755)
}

// link gives a file a second name, which must be free.
func (f *folder) link(old, name string) error {
	if err := f.asked("link", name); err != nil {
		return err
	}
	return f.root.Link(old, name)
}

func (f *folder) rename(old, name string) error {
	if err := f.asked("rename", name); err != nil {
		return err
	}
	return f.root.Rename(old, name)
}

func (f *folder) remove(name string) error {
	if err := f.asked("remove", name); err != nil {
		return err
	}
	return f.root.Remove(name)
}

// sync lets the names in a folder reach the disk, where the system can do so.
func (f *folder) sync(name string) error {
	if err := f.asked("sync", name); err != nil {
		return err
	}
	dir, err := f.root.Open(name)
	if err != nil {
		return err
	}
	defer dir.Close()
	if err := dir.Sync(); err != nil && !unsupported(err) {
		return err
	}
	return nil
}

func (f *folder) asked(op, name string) error {
	if f.fault == nil {
		return nil
	}
	return f.fault(op, name)
}

// cannot returns the one sentence about a call that failed.
func (f *folder) cannot(do, name string, err error) error {
	// os.Root keeps its error to itself; its text is all there is.
	if strings.Contains(err.Error(), "path escapes from parent") {
		return fmt.Errorf("%s leads out of %s through a symbolic link: davit writes below that folder only", shown(name), shown(f.dir))
	}
	if name == "." {
		return fmt.Errorf("cannot %s in the folder %s: %w", do, shown(f.dir), Cause(err))
	}
	return fmt.Errorf("cannot %s %s in %s: %w", do, shown(name), shown(f.dir), Cause(err))
}

// Cause returns what a file-system error says beside the operation and path,
// for sentences that name these themselves.
func Cause(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return path.Err
	case errors.As(err, &link):
		return link.Err
	}
	return err
}

// unsupported reports whether a file system cannot do what was asked at all.
func unsupported(err error) bool {
	return errors.Is(err, errors.ErrUnsupported) || errors.Is(err, syscall.EPERM) ||
		errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.EXDEV) || errors.Is(err, syscall.EMLINK)
}

// shown returns a name as it can be sent to a terminal.
func shown(name string) string {
	q := strconv.QuoteToGraphic(name)
	if q[1:len(q)-1] == name {
		return name
	}
	return q
}
