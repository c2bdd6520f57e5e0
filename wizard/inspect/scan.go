package inspect

// scan is one inspection under way: what has been read, for all to ask.
type scan struct {
	tree        *tree
	program     *program
	dockerfiles map[string][]instruction
	ownImages   []string // Dockerfiles
	outside     []string // Dockerfiles above the folder that build it
	allComposes [][]composeService
	ran         []command
	chosen      *candidate                // the app that was decided on, or nil
	among       []*candidate              // the apps to choose among, where none was decided on
	torn        []*candidate              // the apps that are as likely as the chosen one
	rootDirs    []string                  // the folders of the services in the tree
	manifests   map[string][]*manifest    // by folder
	manifest    *manifest                 // the dependencies that were decided on, or nil
	pythonDirs  map[string]bool           // folders that directly hold Python files
	voted       map[string]map[string]int // what votes found
}

func newScan(t *tree) *scan {
	s := &scan{
		tree: t, program: newProgram(t),
		dockerfiles: map[string][]instruction{}, voted: map[string]map[string]int{},
		manifests: map[string][]*manifest{},
	}
	t.own = t.ownFolders(s.readPyproject("pyproject.toml").name())
	s.claim()
	return s
}

// allDockerfiles returns the Dockerfiles of the service, shallow ones first.
func (s *scan) allDockerfiles() []string {
	if s.ownImages == nil {
		s.ownImages = []string{}
		for _, f := range s.tree.files {
			if isDockerfile(f) && !s.tree.aside(f) {
				s.ownImages = append(s.ownImages, f)
			}
		}
		s.composeFiles() // tells of those outside
		s.ownImages = append(s.ownImages, s.outside...)
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
