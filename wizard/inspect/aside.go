package inspect

import (
	"path"
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
	name = strings.ToLower(name)
	if hard, listed = asideFolders[name]; listed {
		return hard, true
	}
	if end := strings.IndexAny(name, "-_"); end > 0 {
		switch name[:end] {
		case "example", "examples", "sample", "samples", "demo", "demos":
			return false, true
		}
	}
	return false, false
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
