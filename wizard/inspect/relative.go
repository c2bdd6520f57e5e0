package inspect

import (
	"path"
	"slices"
	"strings"

	"github.com/davit-cli/davit/wizard/inspect/python"
)

var opened = pattern(`\b(?:StaticFiles|Jinja2Templates|FileSystemLoader|FileResponse|open)\(\s*(?:directory\s*=\s*|path\s*=\s*|searchpath\s*=\s*)?["'](?:\./)?([\w.-]+(?:/[\w.-]+)*)/?["']`)

// opensBelow reports whether the app opens files by paths that lie below a
// folder, and below the project's own by none: it is started there. A folder
// of static files that is not there ends the start.
func (s *scan) opensBelow(dir string) bool {
	found := false
	for file, text := range s.program.sources {
		if !strings.HasPrefix(file, dir+"/") || s.tree.aside(file) {
			continue
		}
		for _, m := range opened().FindAllStringSubmatch(text, -1) {
			if s.there(m[1]) {
				return false
			}
			found = found || s.there(path.Join(dir, m[1]))
		}
	}
	return found
}

func (s *scan) there(name string) bool { return s.tree.has(name) || s.tree.dirs[name] }

// startBelow moves the start of an app that is found in a folder, such as
// src.main:app, into that folder, where it opens its files: as main:app. It does
// so where nothing needs the folder's name or what is beside it.
func (s *scan) startBelow(app *AppFact) {
	c := s.chosen
	if c == nil || app.Value == "" || c.base != "." || c.weight > 0 || s.installed() {
		return
	}
	dir := path.Dir(c.file)
	if dir == "." || !s.importable(c.file, dir) || !s.opensBelow(dir) || !s.standsAlone(dir) {
		return
	}
	before := app.Value
	c.base = dir
	app.Value = c.importString()
	for i, name := range app.Candidates {
		if name == before {
			app.Candidates[i] = app.Value
		}
	}
}

// standsAlone reports whether what the app loads can be imported from a folder
// alone: by no name that begins above it, in a command either.
func (s *scan) standsAlone(dir string) bool {
	if strings.TrimSpace(s.tree.read(dir+"/__init__.py")) != "" {
		return false // it would not be run
	}
	top, _, _ := strings.Cut(dir, "/")
	for _, cmd := range s.allCommands() {
		if slices.ContainsFunc(cmd.words, func(w string) bool { return strings.HasPrefix(w, top+".") }) {
			return false
		}
	}
	for file := range s.loaded() {
		rest, inside := strings.CutPrefix(file, dir+"/")
		if !inside {
			return false
		}
		if text := s.tree.read(file); strings.Contains(text, `"`+top+".") || strings.Contains(text, "'"+top+".") {
			return false
		}
		alone := true
		eachStmt(s.program.module(file).body, 0, func(st *python.Stmt) {
			alone = alone && (st.Kind != python.From || st.Level <= strings.Count(rest, "/"))
		})
		eachImport(s.program.module(file).body, 0, func(dotted string) {
			first, _, _ := strings.Cut(dotted, ".")
			to := s.program.below(".", first)
			alone = alone && (standard[first] || to == nil || to.file == "" && !s.hasPython(to.dir) && first != top)
		})
		if !alone {
			return false
		}
	}
	return true
}
