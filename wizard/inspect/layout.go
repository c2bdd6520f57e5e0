package inspect

import (
	"path"
	"slices"
	"strings"

	"github.com/davit-cli/davit/wizard/inspect/python"
)

var identifierPath = pattern(`^[A-Za-z_]\w*(/[A-Za-z_]\w*)*\.py$`)

// base returns the folder from which a module is imported, as the absolute
// imports in it and its neighbours tell; the project's own where they do not.
func (s *scan) base(file string) string {
	base, _ := s.baseFor(file, "")
	return base
}

// baseFor is base with a hint: the folder from which a command's import
// string resolves. exact tells that it is the project's own.
func (s *scan) baseFor(file, hint string) (base string, exact bool) {
	votes := s.votes(file)
	best, most := "", 0
	for _, dir := range s.basesOf(file) {
		if s.importable(file, dir) && votes[dir] > most {
			best, most = dir, votes[dir]
		}
	}
	switch {
	case hint != "" && s.importable(file, hint) && slices.Contains(s.basesOf(file), hint) && (most == 0 || votes[hint] > 0):
		return hint, hint == "."
	case most > 0:
		return best, false
	case strings.HasPrefix(file, "src/") && strings.Count(file, "/") > 1 && s.packaged() && s.importable(file, "src"):
		return "src", false
	}
	if base := s.packageBase(file); base != "" {
		return base, false
	}
	for dir := path.Dir(file); dir != "."; dir = path.Dir(dir) {
		if s.isRoot(dir) && s.importable(file, dir) {
			return dir, false
		}
	}
	for _, dir := range s.basesOf(file) {
		if s.importable(file, dir) {
			return dir, false
		}
	}
	return path.Dir(file), false
}

// packageBase returns the folder from which a package below the project is
// imported: a folder with a pyproject.toml that builds, or src in it. It is ""
// where the file belongs to none.
func (s *scan) packageBase(file string) string {
	up := above(path.Dir(file))
	slices.Reverse(up)
	for _, dir := range up {
		if dir == "." || s.readPyproject(path.Join(dir, "pyproject.toml")).Build.Backend == "" {
			continue
		}
		for _, base := range [...]string{path.Join(dir, "src"), dir} {
			if strings.Count(strings.TrimPrefix(file, base+"/"), "/") > 0 && s.importable(file, base) {
				return base
			}
		}
	}
	return ""
}

// importable reports whether the file has a module name seen from a folder.
func (s *scan) importable(file, dir string) bool {
	rest := file
	if dir != "." {
		var ok bool
		if rest, ok = strings.CutPrefix(file, dir+"/"); !ok {
			return false
		}
	}
	return identifierPath().MatchString(rest) && rest != "__init__.py"
}

// votes counts, for each folder above a file, the absolute imports in it that
// resolve from there; where it has none, those of the files beside and below.
func (s *scan) votes(file string) map[string]int {
	if votes, ok := s.voted[file]; ok {
		return votes
	}
	votes := map[string]int{}
	s.voted[file] = votes
	s.vote(file, votes)
	if len(votes) > 0 {
		return votes
	}
	dir := path.Dir(file) + "/"
	n := 0
	for _, f := range s.tree.files {
		if strings.HasSuffix(f, ".py") && (dir == "./" && !strings.Contains(f, "/") || dir != "./" && strings.HasPrefix(f, dir)) && f != file && !s.tree.aside(f) {
			if n++; n > 60 {
				break
			}
			s.vote(f, votes)
		}
	}
	return votes
}

func (s *scan) vote(file string, votes map[string]int) {
	m := s.program.module(file)
	s.program.follow(m)
	bases := s.basesOf(file)
	eachImport(m.body, 0, func(dotted string) {
		if standard[dotted] {
			return // a file of this name beside would be hidden by it
		}
		for _, base := range bases {
			if to := s.program.below(base, dotted); to != nil && (to.file != "" && to.file != file || to.file == "" && s.hasPython(to.dir)) {
				votes[base]++
			}
		}
	})
}

// standard are modules of the standard library after which projects name
// files of their own.
var standard = map[string]bool{
	"abc": true, "ast": true, "asyncio": true, "calendar": true, "cmd": true, "code": true, "codecs": true,
	"collections": true, "concurrent": true, "copy": true, "csv": true, "dataclasses": true, "datetime": true,
	"email": true, "enum": true, "errno": true, "graphlib": true, "hashlib": true, "html": true, "http": true,
	"importlib": true, "inspect": true, "io": true, "json": true, "locale": true, "logging": true, "mailbox": true,
	"numbers": true, "operator": true, "parser": true, "platform": true, "profile": true, "queue": true,
	"random": true, "re": true, "resource": true, "sched": true, "secrets": true, "select": true, "signal": true,
	"site": true, "socket": true, "sqlite3": true, "ssl": true, "statistics": true, "string": true, "sys": true,
	"test": true, "token": true, "tokenize": true, "trace": true, "types": true, "typing": true, "uuid": true,
	"warnings": true, "wave": true, "xml": true, "zipfile": true,
}

// basesOf returns the folders from which a file may be imported, "." first:
// a relative import reaches up only inside the package.
func (s *scan) basesOf(file string) []string {
	all := above(path.Dir(file))
	m := s.program.module(file)
	s.program.follow(m)
	level := 0
	eachStmt(m.body, 0, func(st *python.Stmt) {
		if st.Kind == python.From {
			level = max(level, st.Level)
		}
	})
	return all[:max(1, len(all)-level)]
}

// hasPython reports whether a folder directly holds Python files.
func (s *scan) hasPython(dir string) bool {
	if s.pythonDirs == nil {
		s.pythonDirs = map[string]bool{}
		for _, f := range s.tree.files {
			if strings.HasSuffix(f, ".py") {
				s.pythonDirs[path.Dir(f)] = true
			}
		}
	}
	return s.pythonDirs[dir]
}

func eachImport(body []*python.Stmt, depth int, do func(dotted string)) {
	eachStmt(body, depth, func(st *python.Stmt) {
		switch {
		case st.Kind == python.Import:
			for _, a := range st.Names {
				do(a.Name)
			}
		case st.Kind == python.From && st.Level == 0:
			do(st.Module)
		}
	})
}

// eachStmt visits every statement, however deep.
func eachStmt(body []*python.Stmt, depth int, do func(*python.Stmt)) {
	if depth > 100 {
		return
	}
	for _, st := range body {
		do(st)
		eachStmt(st.Body, depth+1, do)
		eachStmt(st.Else, depth+1, do)
	}
}

// appDir returns the folder that has to be put on the import path: none where
// the module is imported from the project itself, or its package is installed.
func (s *scan) appDir(c *candidate) string {
	if c.base == "." || c.base == "src" && s.installed() {
		return ""
	}
	if s.manifest != nil && s.manifest.lock != nil {
		// A package from a folder that the lock installs.
		for _, dir := range [...]string{c.base, path.Dir(c.base)} {
			name := s.manifest.lock.local[dir]
			_, needed := s.manifest.packages[name]
			if s.manifest.lock.built[name] && (needed || name == normal(s.manifest.member)) {
				return ""
			}
		}
	}
	return c.base
}
