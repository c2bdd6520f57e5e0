package inspect

import (
	"path"
	"slices"
	"strings"
)

// lockFile is where davit keeps the paths of what it wrote, one a line before
// a tab; generator/disk writes it, and records no file that is only a beginning.
const lockFile = "davit.lock"

// leaveOutWritten takes out of the index what davit wrote, edited since or
// not: it tells what was answered once, and nothing about the project. Only
// what the Dockerfile installs is asked for again.
func (t *tree) leaveOutWritten() {
	written := map[string]bool{}
	for _, lock := range t.named(lockFile) {
		for line := range strings.Lines(t.read(lock)) {
			if fields := strings.Split(line, "\t"); len(fields) == 3 && fields[0] != "" {
				written[path.Join(path.Dir(lock), fields[0])] = true
			}
		}
	}
	if len(written) == 0 {
		return
	}
	if written["Dockerfile"] && t.known["Dockerfile"] && !t.links["Dockerfile"] {
		t.image = "Dockerfile"
	}
	t.files = slices.DeleteFunc(t.files, func(f string) bool { return written[f] })
	for f := range written {
		delete(t.known, f)
		delete(t.links, f)
		if same := t.byEnd[path.Base(f)]; len(same) > 0 {
			t.byEnd[path.Base(f)] = slices.DeleteFunc(same, func(other string) bool { return other == f })
		}
	}
}
