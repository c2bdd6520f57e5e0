package disk

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"unicode"
)

// LockFile is the name of the file that keeps what davit last wrote.
const LockFile = "davit.lock"

const lockHeader = `# What davit last wrote here, so that its next run can tell your edits from its own
# and merge both. Keep it in version control beside davit.yaml; it is not for editing.
`

// lockFormat is the form of the lines; a davit that does not know it leaves
// the files alone.
const lockFormat = "1"

// Bounds of what is read from a davit.lock. The largest variant has 30 files
// and 50 kB, in a lock of 25 kB.
const (
	largestLock   = 4 << 20
	largestLocked = 1 << 20 // one file
	mostLocked    = 16 << 20
)

// A lock is what a davit.lock says: the content of each file as davit last
// wrote it, edits of the user not included.
//
// It is one line a file: path, SHA-256 and compressed content, separated by
// tabs, in order of paths. A line is written anew only when its content
// changed, so that branches which changed different files merge, and a new
// compressor changes nothing. A damaged line costs that one file: it counts as
// foreign then, which loses nothing.
type lock struct {
	davit string            // version that wrote it
	files map[string]locked // by path
	wrong []int             // numbers of the lines that are damaged
	newer bool              // written in a form that this davit does not know
}

type locked struct {
	content string
	line    string
}

// Problem is one sentence about what could not be read, "" where all could.
func (l lock) problem() string {
	switch {
	case l.newer:
		return LockFile + " was written by a newer davit: files count as not written by davit until that davit runs again"
	case len(l.wrong) == 1:
		return fmt.Sprintf("line %d of %s is damaged: the file it was about counts as not written by davit", l.wrong[0], LockFile)
	case len(l.wrong) > 1:
		return fmt.Sprintf("%d lines of %s are damaged, first line %d: the files they were about count as not written by davit", len(l.wrong), LockFile, l.wrong[0])
	}
	return ""
}

// parseLock never fails: what it cannot read is not in the lock.
func parseLock(text string) lock {
	l := lock{files: map[string]locked{}}
	if len(text) > largestLock {
		l.wrong = []int{1}
		return l
	}
	total := 0
	twice := map[string]bool{}
	for i, line := range strings.Split(unix(text), "\n") {
		fields := strings.Split(line, "\t")
		switch {
		case line == "" || line[0] == '#':
			continue
		case len(fields) == 2 && fields[0] == "format" && fields[1] != lockFormat:
			return lock{files: map[string]locked{}, newer: true}
		case len(fields) == 2 && fields[0] == "davit":
			l.davit = printable(fields[1])
			continue
		case len(fields) == 2 && fields[0] == "format":
			continue
		}
		path, content, err := parseLocked(fields)
		if total += len(content); err != nil || total > mostLocked {
			l.wrong = append(l.wrong, i+1)
			continue
		}
		if before, ok := l.files[path]; ok && before.content != content {
			twice[path] = true // a merge left both: which one is there is not known
			l.wrong = append(l.wrong, i+1)
		}
		l.files[path] = locked{content, line}
	}
	for path := range twice {
		delete(l.files, path)
	}
	return l
}

func parseLocked(fields []string) (path, content string, err error) {
	if len(fields) != 3 || !writable(fields[0]) {
		return "", "", fs.ErrInvalid
	}
	packed, err := base64.RawStdEncoding.Strict().DecodeString(fields[2])
	if err != nil {
		return "", "", err
	}
	data, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(packed)), largestLocked+1))
	if err != nil {
		return "", "", err
	}
	if len(data) > largestLocked || fields[1] != digest(string(data)) {
		return "", "", fs.ErrInvalid
	}
	return fields[0], string(data), nil
}

// set records what was written now.
func (l lock) set(path, content string) {
	if before, ok := l.files[path]; ok && before.content == content {
		return
	}
	l.files[path] = locked{content, path + "\t" + digest(content) + "\t" + pack(content)}
}

// text is the davit.lock, "" for one without files.
func (l lock) text() string {
	if len(l.files) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString(lockHeader)
	b.WriteString("format\t" + lockFormat + "\ndavit\t" + l.davit + "\n")
	for _, path := range slices.Sorted(maps.Keys(l.files)) {
		b.WriteString(l.files[path].line)
		b.WriteByte('\n')
	}
	return b.String()
}

func (l lock) clone() lock {
	l.files = maps.Clone(l.files)
	return l
}

// sameFiles reports whether two locks say the same of every file.
func (l lock) sameFiles(other lock) bool {
	return maps.EqualFunc(l.files, other.files, func(a, b locked) bool { return a.content == b.content })
}

func pack(content string) string {
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, flate.BestCompression) // the level exists
	_, _ = io.WriteString(w, content)                  // a buffer takes everything
	_ = w.Close()
	return base64.RawStdEncoding.EncodeToString(b.Bytes())
}

func digest(content string) string {
	sum := sha256.Sum256([]byte(content))
	return "sha256:" + hex.EncodeToString(sum[:])
}

// printable keeps a word that can be shown.
func printable(word string) string {
	const longest = 40
	if len(word) > longest || strings.IndexFunc(word, func(r rune) bool { return !unicode.IsGraphic(r) }) >= 0 {
		return ""
	}
	return word
}

// writable reports whether davit writes to this path: below the folder, with
// no character that Windows, a lock or a terminal reads as something else, and
// not into git's own folder.
func writable(path string) bool {
	odd := func(r rune) bool { return r == '\\' || !unicode.IsGraphic(r) }
	return fs.ValidPath(path) && path != "." && strings.IndexFunc(path, odd) < 0 &&
		!strings.EqualFold(strings.SplitN(path, "/", 2)[0], ".git")
}
