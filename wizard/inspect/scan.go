package inspect

import (
	"path"
	"strings"
)

// scan is one inspection under way: what has been read, for all to ask.
type scan struct {
	tree        *tree
	program     *program
	dockerfiles map[string][]instruction
	ownImages   []string // Dockerfiles
	allComposes [][]composeService
	ran         []command
	chosen      *candidate                // the app that was decided on, or nil
	manifest    *manifest                 // the dependencies that were decided on, or nil
	pythonDirs  map[string]bool           // folders that directly hold Python files
	voted       map[string]map[string]int // what votes found
}

func newScan(t *tree) *scan {
	return &scan{
		tree: t, program: newProgram(t),
		dockerfiles: map[string][]instruction{}, voted: map[string]map[string]int{},
	}
}

// allDockerfiles returns the Dockerfiles of the service, shallow ones first.
func (s *scan) allDockerfiles() []string {
	if s.ownImages == nil {
		s.ownImages = []string{}
		for _, f := range s.tree.files {
			if isDockerfile(f) && !aside(f) {
				s.ownImages = append(s.ownImages, f)
			}
		}
	}
	return s.ownImages
}

func (s *scan) dockerfile(f string) []instruction {
	if _, ok := s.dockerfiles[f]; !ok {
		s.dockerfiles[f] = dockerfile(s.tree.read(f))
	}
	return s.dockerfiles[f]
}

// allCommands is commands, collected once.
func (s *scan) allCommands() []command {
	if s.ran == nil {
		s.ran = append([]command{}, s.commands()...)
	}
	return s.ran
}

// asideFolders hold what belongs to a project but not to its service.
var asideFolders = map[string]bool{
	"test": true, "tests": true, "testing": true, "e2e": true, "integration_tests": true, "integration-tests": true,
	"example": true, "examples": true, "sample": true, "samples": true, "demo": true, "demos": true,
	"doc": true, "docs": true, "doc_src": true, "docs_src": true, "documentation": true, "tutorial": true,
	"tutorials": true, "snippets": true, "template": true, "templates": true, "bench": true, "benchmark": true,
	"benchmarks": true, "notebook": true, "notebooks": true, "mock": true, "mocks": true, "fixtures": true,
	"stubs": true, "playground": true, "experiment": true, "experiments": true, "alembic": true, "migrations": true,
}

// aside reports whether a file belongs to tests, examples, documentation or
// templates: it is no part of the service.
func aside(file string) bool {
	dir, base := path.Split(file)
	for part := range strings.SplitSeq(strings.Trim(dir, "/"), "/") {
		if asideFolders[strings.ToLower(part)] || strings.ContainsAny(part, "{}") {
			return true
		}
	}
	return strings.HasPrefix(base, "test_") || strings.HasSuffix(base, "_test.py") || base == "conftest.py" || strings.ContainsAny(base, "{}")
}
