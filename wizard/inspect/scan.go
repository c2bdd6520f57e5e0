package inspect

import (
	"path"
	"regexp"
	"strings"
)

// scan is one inspection under way: what has been read, for all to ask.
type scan struct {
	tree        *tree
	program     *program
	dockerfiles map[string][]instruction
	allComposes [][]composeService
	ran         []command
	chosen      *candidate // the app that was decided on, or nil
	manifest    *manifest  // the dependencies that were decided on, or nil
	pythonDirs  map[string]bool
}

func newScan(t *tree) *scan {
	return &scan{
		tree: t, program: newProgram(t),
		dockerfiles: map[string][]instruction{},
	}
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

var asideFolder = regexp.MustCompile(`^(tests?|testing|e2e|integration[_-]tests?|examples?|samples?|demos?|docs?|docs?_src|documentation|templates?|bench(marks?)?|notebooks?|tutorials?|mocks?|fixtures|stubs|playground|experiments?|snippets|alembic|migrations)$`)

// aside reports whether a file belongs to tests, examples, documentation or
// templates: it is no part of the service.
func aside(file string) bool {
	dir, base := path.Split(file)
	for part := range strings.SplitSeq(strings.Trim(dir, "/"), "/") {
		if asideFolder.MatchString(strings.ToLower(part)) || strings.ContainsAny(part, "{}") {
			return true
		}
	}
	return strings.HasPrefix(base, "test_") || strings.HasSuffix(base, "_test.py") || base == "conftest.py" || strings.ContainsAny(base, "{}")
}
