package inspect

import (
	"bytes"
	"encoding/binary"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"unicode/utf16"
)

// Bounds of what is looked at. They are far above any service and keep huge
// trees and hostile files from costing more than a moment.
const (
	mostFiles  = 60_000
	mostDepth  = 24
	mostBytes  = 2 << 20  // of a source or settings file
	mostLocked = 24 << 20 // of a lock file
)

// skipped are the folders that hold other people's or generated files.
var skipped = map[string]bool{
	".git": true, ".hg": true, ".svn": true, ".venv": true, "venv": true, "node_modules": true,
	"__pycache__": true, "site-packages": true, ".tox": true, ".nox": true, "build": true, "dist": true,
	".mypy_cache": true, ".ruff_cache": true, ".pytest_cache": true, ".idea": true, ".eggs": true,
	".next": true, ".cache": true, ".pixi": true, "__pypackages__": true,
}

// tree is the index of a folder's files, and reads them.
type tree struct {
	dir   string
	root  *os.Root        // opens links without leaving the folder
	files []string        // regular files and links, below dir, with slashes, shallow ones first
	links map[string]bool // those of files that are links
	dirs  map[string]bool // every folder, "." included
	byEnd map[string][]string
	known map[string]bool
	cache map[string][]byte

	image    string          // the Dockerfile that davit wrote, which is none of files
	declared map[string]bool // folders with a manifest
	own      map[string]bool // folders that are the service's in spite of their names
}

func newTree(dir string) (*tree, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	t := &tree{
		dir: dir, root: root,
		links: map[string]bool{}, dirs: map[string]bool{".": true},
		byEnd: map[string][]string{}, known: map[string]bool{}, cache: map[string][]byte{},
	}
	if err := t.walk(); err != nil {
		root.Close()
		return nil, err
	}
	t.leaveOutWritten()
	return t, nil
}

func (t *tree) close() { t.root.Close() }

// walk lists the files, level by level, so that a bound cuts off the deepest.
func (t *tree) walk() error {
	var rules []ignoreRule
	level := []string{"."}
	for depth := 0; len(level) > 0 && depth < mostDepth; depth++ {
		var below []string
		for _, folder := range level {
			entries, err := os.ReadDir(filepath.Join(t.dir, filepath.FromSlash(folder)))
			if err != nil && folder == "." {
				return err
			}
			if folder != "." && slices.ContainsFunc(entries, func(e os.DirEntry) bool { return e.Name() == "pyvenv.cfg" }) {
				continue // a virtual environment under another name
			}
			if slices.ContainsFunc(entries, func(e os.DirEntry) bool { return e.Name() == ".gitignore" && e.Type().IsRegular() }) {
				text := readRegular(filepath.Join(t.dir, filepath.FromSlash(folder), ".gitignore"), mostBytes)
				rules = append(rules, ignoreRules(folder, string(text))...)
			}
			for _, e := range entries {
				name := path.Join(folder, e.Name())
				switch {
				case e.IsDir():
					if !skipped[e.Name()] && !ignored(rules, name, true) {
						below = append(below, name)
						t.dirs[name] = true
					}
				case e.Type().IsRegular(), e.Type()&os.ModeSymlink != 0:
					if len(t.files) == mostFiles {
						return nil
					}
					// Other files that git ignores tell much: .env, or a lock that is
					// not shared.
					if strings.HasSuffix(name, ".py") && ignored(rules, name, false) {
						continue
					}
					t.files = append(t.files, name)
					t.known[name] = true
					if !e.Type().IsRegular() {
						t.links[name] = true
					}
					t.byEnd[e.Name()] = append(t.byEnd[e.Name()], name)
				}
			}
		}
		sort.Strings(below)
		level = below
	}
	return nil
}

// has reports whether the file is there.
func (t *tree) has(name string) bool { return t.known[name] }

// named returns the files with this base name, shallow ones first.
func (t *tree) named(base string) []string { return t.byEnd[base] }

// read returns a file's text, or "" where it is missing, no regular file, too
// large or binary. Broken UTF-8 is kept: no reader here minds.
func (t *tree) read(name string) string { return string(t.bytes(name, mostBytes)) }

func (t *tree) bytes(name string, most int64) []byte {
	if b, ok := t.cache[name]; ok {
		return b
	}
	var b []byte
	if t.known[name] {
		b = t.load(name, most)
	}
	t.cache[name] = b
	return b
}

// load reads without keeping the text, so that several goroutines may.
func (t *tree) load(name string, most int64) []byte {
	if b, ok := t.cache[name]; ok {
		return b
	}
	var f *os.File
	var err error
	if t.links[name] {
		// Where it leads is asked first: opening a pipe would wait for ever.
		if info, err := t.root.Stat(name); err != nil || !info.Mode().IsRegular() {
			return nil
		}
		f, err = t.root.Open(name)
	} else {
		f, err = os.Open(filepath.Join(t.dir, filepath.FromSlash(name)))
	}
	if err != nil {
		return nil
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() || info.Size() > most {
		return nil
	}
	b := make([]byte, info.Size())
	n, err := io.ReadFull(f, b)
	if err != nil && err != io.ErrUnexpectedEOF {
		return nil
	}
	b = plain(b[:n])
	if bytes.IndexByte(b[:min(len(b), 8000)], 0) >= 0 {
		return nil
	}
	return b
}

// plain returns UTF-16 text, as Windows' shells write it, as UTF-8, and takes a
// byte order mark off. Anything else stays as it is.
func plain(b []byte) []byte {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(b, []byte("\xef\xbb\xbf")):
		return b[3:]
	case bytes.HasPrefix(b, []byte("\xff\xfe")):
		order = binary.LittleEndian
	case bytes.HasPrefix(b, []byte("\xfe\xff")):
		order = binary.BigEndian
	default:
		return b
	}
	units := make([]uint16, len(b)/2-1)
	for i := range units {
		units[i] = order.Uint16(b[2+2*i:])
	}
	return []byte(string(utf16.Decode(units)))
}

// at makes the evidence for an offset in a file's text: file:line.
func (t *tree) at(name, text string, offset int) string {
	return evidence(name, 1+strings.Count(text[:max(0, min(offset, len(text)))], "\n"))
}

// find makes the evidence for the first line that contains a part, or begins
// with what stands behind \n in it; else for the file.
func (t *tree) find(name, part string) string {
	text := t.read(name)
	line := strings.TrimPrefix(part, "\n")
	if i := strings.Index(text, part); i >= 0 && part != "" {
		return t.at(name, text, i+len(part)-len(line))
	}
	return evidence(name, 1)
}
