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
// that changes something asks fault first, so that a test can make any of them
// fail; in use it is nil. No name leads out of the folder: os.Root refuses it.
type folder struct {
	dir   string
	root  *os.Root
	fault func(op, name string) error
}

func open(dir string, fault func(op, name string) error) (*folder, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("cannot open the folder %s: %w", shown(dir), cause(err))
	}
	return &folder{dir: dir, root: root, fault: fault}, nil
}

func (f *folder) Close() error { return f.root.Close() }

func (f *folder) lstat(name string) (fs.FileInfo, error) { return f.root.Lstat(name) }

func (f *folder) stat(name string) (fs.FileInfo, error) { return f.root.Stat(name) }

func (f *folder) read(name string) (string, error) {
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
func (f *folder) create(name, content string, mode fs.FileMode) (err error) {
	if err := f.asked("create", name); err != nil {
		return err
	}
	file, err := f.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = file.Close()
			_ = f.root.Remove(name)
		}
	}()
	if err := f.asked("write", name); err != nil {
		return err
	}
	if _, err := file.WriteString(content); err != nil {
		return err
	}
	if err := f.asked("sync", name); err != nil {
		return err
	}
	if err := file.Sync(); err != nil {
		return err
	}
	return file.Close()
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
	return fmt.Errorf("cannot %s %s in %s: %w", do, shown(name), shown(f.dir), cause(err))
}

// cause returns what a file-system error says beside the operation and path.
func cause(err error) error {
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
