package inspect

import (
	"cmp"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// In a monorepo the compose file and a workspace's lock stand above the
// service. Only files that speak of this very folder are heard, and none above
// the folder with .git.
const mostAbove = 3

// outsideFile is a file above the project's folder.
type outsideFile struct {
	name string // with ../, as evidence names it
	text []byte
	here string // the project's folder seen from the file's

	folder string // the file's, for the operating system
}

// readAbove returns the files with these names in the folders above.
func (s *scan) readAbove(most int64, wanted func(base string) bool) []outsideFile {
	dir, err := filepath.Abs(s.tree.dir)
	if err != nil {
		return nil
	}
	var all []outsideFile
	up, here := "", ""
	for range mostAbove {
		if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil {
			break
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			break
		}
		up, here = up+"../", path.Join(filepath.Base(dir), here)
		dir = parent
		entries, err := os.ReadDir(dir)
		if err != nil {
			break
		}
		for _, e := range entries {
			if !e.Type().IsRegular() || !wanted(e.Name()) {
				continue
			}
			if text := readRegular(filepath.Join(dir, e.Name()), most); text != nil {
				all = append(all, outsideFile{up + e.Name(), text, here, dir})
			}
		}
	}
	return all
}

func readRegular(name string, most int64) []byte {
	// Asked before it is opened: opening a pipe would wait for ever.
	if info, err := os.Stat(name); err != nil || !info.Mode().IsRegular() {
		return nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() || info.Size() > most {
		return nil
	}
	b, err := io.ReadAll(io.LimitReader(f, most))
	if err != nil {
		return nil
	}
	return b
}

// composeFiles returns the services of every compose file that counts, those
// above the folder last. Contexts are relative to the folder; one that is not
// in it is "..".
func (s *scan) composeFiles() [][]composeService {
	if s.allComposes != nil {
		return s.allComposes
	}
	s.allComposes = [][]composeService{}
	for _, f := range s.tree.files {
		if !s.tree.aside(f) && s.tree.isCompose(f) {
			s.allComposes = append(s.allComposes, s.published(composeServices(f, s.tree.read(f))))
		}
	}
	// Those with the usual names say what is started by default.
	slices.SortStableFunc(s.allComposes, func(a, b []composeService) int { return cmp.Compare(usualCompose(a), usualCompose(b)) })
	for _, o := range s.readAbove(mostYAML, func(base string) bool { return composeName().MatchString(strings.ToLower(base)) }) {
		services := composeServices(path.Base(o.name), string(o.text))
		ours := false
		for i := range services {
			services[i].file = o.name
			in := services[i].context
			services[i].context = contextFrom(o.folder, services[i], o.here)
			if services[i].context == "." {
				s.hearOutside(o, in, services[i].dockerfile)
			}
			ours = ours || services[i].context != "" && services[i].context != ".."
		}
		if ours {
			s.allComposes = append(s.allComposes, services)
		}
	}
	return s.allComposes
}

func usualCompose(services []composeService) int {
	if len(services) == 0 {
		return 2
	}
	switch f := services[0].file; {
	case strings.Contains(f, "/"):
		return 2
	case f == "compose.yaml" || f == "compose.yml" || f == "docker-compose.yml" || f == "docker-compose.yaml":
		return 0
	}
	return 1
}

// published recognises the service itself where a compose file does not build
// it but takes a published image: one that is called like the project, or
// runs a module of it.
func (s *scan) published(services []composeService) []composeService {
	project := s.name().Value
	for i, c := range services {
		image, _, _ := strings.Cut(c.image[strings.LastIndexByte(c.image, '/')+1:], ":")
		image, _, _ = strings.Cut(image, "@")
		if c.context != "" || backing(c.image) != "" {
			continue
		}
		ours := project != "" && label(image) == project
		for _, st := range starts(c.command) {
			m := s.program.below(".", st.module)
			ours = ours || st.module != "" && m != nil && m.file != ""
		}
		if ours {
			services[i].context = "."
		}
	}
	return services
}

// hearOutside keeps a Dockerfile that stands above the folder but builds it,
// under its name with ../.
func (s *scan) hearOutside(o outsideFile, context, file string) {
	if file == "" {
		file = "Dockerfile"
	}
	at := path.Join(context, file)
	rel, err := filepath.Rel(o.here, at)
	name := filepath.ToSlash(rel)
	if err != nil || !filepath.IsLocal(at) || strings.HasPrefix(at, o.here+"/") || s.dockerfiles[name] != nil {
		return
	}
	if all := dockerfile(string(readRegular(filepath.Join(o.folder, at), mostBytes))); len(all) > 0 {
		s.dockerfiles[name] = all
		s.outside = append(s.outside, name)
	}
}

// copies reports whether the Dockerfile of a compose service copies a folder
// of its context.
func copies(folder string, c composeService, base string) bool {
	file := c.dockerfile
	if file == "" {
		file = "Dockerfile"
	}
	if !filepath.IsLocal(path.Join(c.context, file)) {
		return false
	}
	for _, i := range dockerfile(string(readRegular(filepath.Join(folder, c.context, file), mostBytes))) {
		if i.name == "COPY" || i.name == "ADD" {
			for w := range strings.FieldsSeq(i.args) {
				if first, _, _ := strings.Cut(strings.TrimPrefix(strings.Trim(w, `"[],`), "./"), "/"); first == base {
					return true
				}
			}
		}
	}
	return false
}

// contextFrom sees a build context from the project's folder: here is that
// folder seen from the compose file's. A context above is the folder's own
// where the Dockerfile stands in the folder.
func contextFrom(folder string, c composeService, here string) string {
	switch {
	case c.context == "":
		return ""
	case c.context == here:
		return "."
	case strings.HasPrefix(c.context, here+"/"):
		return strings.TrimPrefix(c.context, here+"/")
	case path.Dir(here) == c.context && copies(folder, c, path.Base(here)):
		return "."
	case (c.context == "." || strings.HasPrefix(here, c.context+"/")) &&
		strings.HasPrefix(path.Join(c.context, c.dockerfile), here+"/"):
		return "."
	}
	return ".."
}

// fromWorkspace reads the uv.lock of a workspace above, of which the project
// is a member.
func (s *scan) fromWorkspace(p pyproject) *manifest {
	for _, o := range s.readAbove(mostLocked, func(base string) bool { return base == "uv.lock" }) {
		if l, ok := uvLock(o.text, p.Project.Name, o.here); ok {
			m := s.fromUVLock(l, evidence(o.name, 1), p)
			m.above = path.Dir(o.name)
			return m
		}
	}
	return nil
}
