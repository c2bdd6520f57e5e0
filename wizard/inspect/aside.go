package inspect

import (
	"path"
	"slices"
	"strings"
)

// asideFolders hold what belongs to a project but not to its service. Those
// that are false may be the service's own package in a project that has
// nothing else; the others are never.
var asideFolders = map[string]bool{
	"test": true, "tests": true, "testing": true, "e2e": true, "integration_tests": true, "integration-tests": true,
	"doc": true, "docs": true, "doc_src": true, "docs_src": true, "documentation": true, "fixtures": true,
	"stubs": true, "template": true, "templates": true, "alembic": true, "migrations": true,
	"bench": true, "benchmark": true, "benchmarks": true, "mocks": true, "loadtest": true, "loadtests": true,
	"load_test": true, "load_tests": true, "load-test": true, "load-tests": true, "load_testing": true,
	"example": false, "examples": false, "sample": false, "samples": false, "demo": false, "demos": false,
	"tutorial": false, "tutorials": false, "snippets": false, "notebook": false, "notebooks": false, "mock": false,
	"playground": false, "experiment": false, "experiments": false,
}

// aside reports whether a file belongs to tests, examples, documentation or
// templates: it is no part of the service.
func (t *tree) aside(file string) bool {
	dir, base := path.Split(file)
	if never(base) {
		return true
	}
	for end := 0; end < len(dir); end++ {
		if dir[end] != '/' {
			continue
		}
		folder := dir[:end]
		part := folder[strings.LastIndexByte(folder, '/')+1:]
		if strings.ContainsAny(part, "{}") {
			return true
		}
		if _, listed := asideFolder(part); listed && !t.own[folder] {
			return true
		}
	}
	return false
}

// asideFolder looks a folder's name up in asideFolders; one such as
// demo_project or sample-app is for what its first word says.
func asideFolder(name string) (hard, listed bool) {
	if hard, listed = asideFolders[strings.ToLower(name)]; listed {
		return hard, true
	}
	return false, calledAfter(name)
}

// calledAfter reports whether a folder's name begins with a word for examples.
func calledAfter(name string) bool {
	if end := strings.IndexAny(name, "-_"); end > 0 {
		switch strings.ToLower(name[:end]) {
		case "example", "examples", "sample", "samples", "demo", "demos":
			return true
		}
	}
	return false
}

// claim finds the folders that are only called after examples, and are a
// service: those with a manifest or an image of their own, those that the rest
// of the project starts or imports, and all where the rest is neither an app
// nor a library whose use they could show.
func (s *scan) claim() {
	t := s.tree
	var folders []string
	for dir := range t.dirs {
		if calledAfter(path.Base(dir)) && !t.own[dir] && !t.aside(path.Join(path.Dir(dir), "x")) {
			folders = append(folders, dir)
		}
	}
	if len(folders) == 0 {
		return
	}
	var rest []string // no file of those folders
	for _, f := range t.files {
		if strings.Contains(f, "{{") {
			return // the source is a template, and the rest goes with it
		}
		if !t.aside(f) {
			rest = append(rest, f)
		}
	}
	alone := !s.hasApp(rest) && !s.isLibrary(rest)
	asked := map[string]bool{} // name → it is used
	for _, dir := range folders {
		if alone || t.hasManifest(dir) || t.has(dir+"/Dockerfile") || t.has(dir+"/Containerfile") {
			t.own[dir] = true
		} else {
			asked[path.Base(dir)] = false
		}
	}
	if len(asked) == 0 {
		return
	}
	for _, f := range rest {
		s.uses(f, func(name string) {
			if _, ok := asked[name]; ok {
				asked[name] = true
			}
		})
	}
	for _, dir := range folders {
		if asked[path.Base(dir)] {
			t.own[dir] = true
		}
	}
}

// hasApp reports whether one of the files makes an application.
func (s *scan) hasApp(files []string) bool {
	return slices.ContainsFunc(files, func(f string) bool {
		text := s.program.sources[f]
		return strings.Contains(text, "FastAPI(") && importsFastAPI().MatchString(text)
	})
}

// isLibrary reports whether the files have a package that is called like the
// project, or any where the project gets built.
func (s *scan) isLibrary(files []string) bool {
	name := strings.ReplaceAll(normal(s.readPyproject("pyproject.toml").name()), "-", "_")
	built := s.packaged()
	return slices.ContainsFunc(files, func(f string) bool {
		dir, base := path.Split(f)
		dir = path.Clean(dir)
		if top := strings.TrimPrefix(f, "src/"); name != "" && (top == name+".py" || strings.HasPrefix(top, name+"/") && strings.HasSuffix(f, ".py")) {
			return true
		}
		return built && base == "__init__.py" && dir != "."
	})
}

var usedModule = pattern(`(?m)^[ \t]*(?:from|import)[ \t]+([\w.]+)|["']([A-Za-z_][\w.]*):[A-Za-z_]\w*["']`)

// uses calls do with each word of what a file imports, starts or copies.
func (s *scan) uses(f string, do func(word string)) {
	if strings.HasSuffix(f, ".py") {
		for _, m := range usedModule().FindAllSubmatch(s.tree.load(f, mostBytes), -1) {
			for word := range strings.SplitSeq(string(m[1])+string(m[2]), ".") {
				do(word)
			}
		}
		return
	}
	base := baseName(f)
	image, compose := isDockerfile(f), composeName().MatchString(base)
	if !image && !compose && base != "procfile" && base != "makefile" && base != "justfile" && base != "pyproject.toml" && path.Ext(base) != ".sh" {
		return
	}
	for line := range strings.Lines(s.tree.read(f)) {
		line = strings.TrimSpace(line)
		first, _, _ := strings.Cut(strings.ToUpper(line), " ")
		copies := image && (first == "COPY" || first == "ADD" || first == "WORKDIR") || compose && (first == "BUILD:" || first == "CONTEXT:")
		if strings.HasPrefix(line, "#") || !copies && !namesServer(line) {
			continue
		}
		for word := range strings.FieldsFuncSeq(line, func(c rune) bool { return strings.ContainsRune(" \t\"'`=/.:,;[](){}", c) }) {
			do(word)
		}
	}
}

// never reports whether a file's name says that it is a test or a template.
func never(base string) bool {
	return strings.HasPrefix(base, "test_") || strings.HasSuffix(base, "_test.py") || base == "conftest.py" || strings.ContainsAny(base, "{}")
}

// ownFolders finds the folders that are the service's package in spite of
// their names: the one that is called like the project, and one of examples
// in a project that declares dependencies and has no other source.
func (t *tree) ownFolders(project string) map[string]bool {
	own := map[string]bool{}
	if name := strings.ReplaceAll(normal(project), "-", "_"); name != "" {
		for _, folder := range [...]string{name, path.Join("src", name)} {
			if t.dirs[folder] {
				own[folder] = true
			}
		}
	}
	folder, found := "", false
	for _, f := range t.files {
		if !strings.HasSuffix(f, ".py") {
			continue
		}
		if strings.Contains(f, "{{") {
			return own // the source is a template, and the rest goes with it
		}
		top, counts := t.softFolder(f)
		if !counts {
			continue
		}
		if top == "" || found && top != folder {
			return own // there is other source
		}
		folder, found = top, true
	}
	if found && t.hasManifest(".") {
		own[folder] = true
	}
	return own
}

// hasManifest reports whether a folder has a file that may declare
// dependencies.
func (t *tree) hasManifest(dir string) bool {
	if t.declared == nil {
		t.declared = map[string]bool{}
		for _, f := range t.files {
			dir, base := path.Dir(f), path.Base(f)
			switch {
			case base == "pyproject.toml", base == "Pipfile", base == "environment.yml", base == "environment.yaml", base == "setup.py":
				t.declared[dir] = true
			case path.Ext(base) == ".txt" && (strings.HasPrefix(base, "requirements") || base == "req.txt" || base == "reqs.txt" || path.Base(dir) == "requirements"):
				t.declared[dir] = true
				if path.Base(dir) == "requirements" {
					t.declared[path.Dir(dir)] = true
				}
			}
		}
	}
	return t.declared[dir]
}

// softFolder returns the first folder on the way to a file that may be the
// service's in spite of its name, "" where there is none; counts is false
// where the file could not be the service's anyway.
func (t *tree) softFolder(file string) (folder string, counts bool) {
	dir, base := path.Split(file)
	if never(base) || base == "setup.py" || base == "noxfile.py" || file == "__init__.py" {
		return "", false
	}
	for end := 0; end < len(dir); end++ {
		if dir[end] != '/' {
			continue
		}
		part := dir[strings.LastIndexByte(dir[:end], '/')+1 : end]
		hard, listed := asideFolder(part)
		if hard || strings.ContainsAny(part, "{}") {
			return "", false
		}
		if listed && folder == "" {
			folder = dir[:end]
		}
	}
	return folder, true
}
