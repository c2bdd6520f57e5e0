package inspect

import (
	"bytes"
	"path"
	"slices"

	"github.com/davit-cli/davit/wizard/inspect/python"
)

// mentionsTests reports whether a file may import from a folder of tests.
func mentionsTests(b []byte) bool {
	for at := 0; ; {
		i := bytes.Index(b[at:], []byte(" test"))
		if i < 0 {
			return false
		}
		at += i
		if before := b[:at]; bytes.HasSuffix(before, []byte("from")) || bytes.HasSuffix(before, []byte("import")) {
			return true
		}
		at += len(" test")
	}
}

// needed returns the folders of tests that the app imports from when it is
// loaded: the service does not start without them.
func (s *scan) needed() []string {
	from := map[string]bool{} // files that may
	for _, f := range s.program.mentions {
		if !s.tree.aside(f) {
			from[f] = true
		}
	}
	if s.chosen == nil || len(from) == 0 {
		return nil
	}
	var found []string
	for file := range s.loaded() {
		if folder := testFolder(file); folder != "" && !slices.Contains(found, folder) {
			found = append(found, folder)
		}
	}
	slices.Sort(found)
	return found
}

// loaded returns the project's files that loading the app loads.
func (s *scan) loaded() map[string]bool {
	seen := map[string]bool{s.chosen.file: true}
	for next := []string{s.chosen.file}; len(next) > 0; next = next[1:] {
		for _, to := range s.program.loads(next[0]) {
			if !seen[to] {
				seen[to] = true
				next = append(next, to)
			}
		}
	}
	return seen
}

// testFolder returns the first folder of tests on the way to a file, or "".
func testFolder(file string) string {
	for end := range len(file) {
		if folder := file[:end]; file[end] == '/' && (path.Base(folder) == "tests" || path.Base(folder) == "test") {
			return folder
		}
	}
	return ""
}

// loads returns the project's files that loading a module loads.
func (p *program) loads(file string) []string {
	m := p.module(file)
	p.follow(m)
	var files []string
	load := func(to *module) {
		if to != nil && to.file != "" {
			files = append(files, to.file)
		}
	}
	dotted := func(name string) {
		for end := range len(name) {
			if name[end] == '.' {
				load(p.resolve(file, name[:end])) // the packages around it
			}
		}
		load(p.resolve(file, name))
	}
	whenLoaded(m.body, 0, func(st *python.Stmt) {
		switch {
		case st.Kind == python.Import:
			for _, a := range st.Names {
				dotted(a.Name)
			}
		case st.Kind == python.From:
			from := p.relative(m, max(st.Level, 1), st.Module)
			if st.Level == 0 {
				dotted(st.Module)
				from = p.resolve(file, st.Module)
			}
			load(from)
			for _, a := range st.Names {
				if from != nil {
					load(p.submodule(from, a.Name))
				}
			}
		}
	})
	return files
}

// whenLoaded visits the statements that run when a module is loaded, on either
// side of a condition.
func whenLoaded(body []*python.Stmt, depth int, do func(*python.Stmt)) {
	if depth > 100 {
		return
	}
	for _, st := range body {
		do(st)
		if st.Kind == python.Def {
			continue
		}
		if st.Kind != python.If || condition(st.Value) != scriptOnly {
			whenLoaded(st.Body, depth+1, do)
		}
		whenLoaded(st.Else, depth+1, do)
	}
}
