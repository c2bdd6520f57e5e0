package inspect

import (
	"cmp"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/davit-cli/davit/wizard"
)

// manifest is one way in which the project's dependencies can be installed.
type manifest struct {
	format   string
	evidence string
	files    []string // what the installer reads, where it is not the format's usual files
	locked   bool     // it names exact versions of everything
	direct   []requirement
	packages map[string]string // installed by default
	lock     *lock
	project  pyproject
	extras   map[string]map[string]string // of the project → what each adds
	groups   map[string]map[string]string
	hashes   bool
	isPkg    bool
	scm      string // what takes its version, or that of a package beside it, from git
	beside   bool   // so are packages from folders beside it
	member   string // of uv's workspace, where that is what gets installed
	above    string // the workspace's folder, where that is above the project's
	picked   picked // what the project's own image installs besides
}

// dependencies decides how the project's dependencies are declared. The last
// result tells what is known of the project for each way that it has.
func (s *scan) dependencies() (Fact, wizard.Project, map[string]wizard.Project) {
	all := s.allManifests()
	if len(all) == 0 {
		return Fact{}, wizard.Project{}, nil
	}
	every := slices.Clone(all)
	if web := slices.DeleteFunc(slices.Clone(all), func(m *manifest) bool { return !m.forWeb() }); len(web) > 0 {
		all = web
	}
	if slices.ContainsFunc(all, func(m *manifest) bool { return m.locked && m.format != "pipenv" }) {
		// The pyproject.toml belongs to the lock.
		all = slices.DeleteFunc(all, func(m *manifest) bool { return m.format == "pyproject" })
	}
	used := s.installers()
	worth := func(m *manifest) int {
		w := 0
		if m.locked {
			w += 4
		}
		if used[m.format] {
			w += 2
		}
		return w
	}
	slices.SortStableFunc(all, func(a, b *manifest) int { return cmp.Compare(worth(b), worth(a)) })
	for _, m := range every {
		m.picked = s.pickedFor(m)
	}
	best := all[0]
	s.manifest = best
	fact := Fact{Value: best.format, Evidence: best.evidence}
	for _, m := range all {
		if !slices.Contains(fact.Candidates, m.format) {
			fact.Candidates = append(fact.Candidates, m.format)
		}
	}
	if len(fact.Candidates) == 1 {
		fact.Candidates = nil
	}
	if len(all) > 1 && all[1].format != best.format && best.locked && worth(best) == worth(all[1]) {
		fact.Value, fact.Evidence = "", ""
	}
	others := map[string]wizard.Project{}
	for _, m := range append(slices.Clone(all), every...) { // the better ones first
		if _, ok := others[m.format]; !ok {
			others[m.format] = m.facts()
		}
	}
	return fact, best.facts(), others
}

// forWeb reports whether the manifest brings FastAPI, in an extra or a group
// at least. A requirements file for the documentation does not.
func (m *manifest) forWeb() bool {
	if brings(m.packages) {
		return true
	}
	for _, r := range m.direct {
		if strings.HasPrefix(r.name, "fastapi") || slices.Contains(r.extras, "fastapi") {
			return true
		}
	}
	for _, add := range m.extras {
		if brings(add) {
			return true
		}
	}
	for _, add := range m.groups {
		if brings(add) {
			return true
		}
	}
	return false
}

func brings(packages map[string]string) bool {
	_, slim := packages["fastapi-slim"]
	_, full := packages["fastapi"]
	return slim || full
}

// facts is what the installer has to know about the project.
func (m *manifest) facts() wizard.Project {
	p := wizard.Project{Files: m.files, Package: m.isPkg || m.beside, SCMVersion: m.scm, Hashes: m.hashes, Member: m.member, Above: m.above, Packages: maps.Clone(m.packages)}
	if p.Packages == nil {
		p.Packages = map[string]string{}
	}
	for _, name := range m.picked.extras {
		p.Extras = append(p.Extras, name)
		maps.Copy(p.Packages, m.extras[name])
	}
	for _, name := range m.picked.groups {
		p.Groups = append(p.Groups, name)
		maps.Copy(p.Packages, m.groups[name])
	}
	// FastAPI first: what brings it often brings the server too.
	for _, need := range [...]string{"fastapi", "uvicorn", "gunicorn", "uvicorn-worker", "fastapi-cli"} {
		if _, ok := p.Packages[need]; ok {
			continue
		}
		wanted := func(name string) bool {
			return name != "" && (!forDevelopment(name) || need == "fastapi" || need == "uvicorn" && !hasServer(p.Packages)) &&
				(need == "fastapi" || need == "uvicorn" || m.names(name, need))
		}
		if name := holder(m.extras, need); wanted(name) {
			p.Extras = append(p.Extras, name)
			maps.Copy(p.Packages, m.extras[name])
		} else if name := holder(m.groups, need); wanted(name) {
			p.Groups = append(p.Groups, name)
			maps.Copy(p.Packages, m.groups[name])
		}
	}
	// In the order in which they are read again.
	slices.Sort(p.Extras)
	slices.Sort(p.Groups)
	return p
}

// names reports whether an extra or a group asks for a package itself. What
// the app runs without is not worth all that else such a set brings.
func (m *manifest) names(set, need string) bool {
	for _, r := range slices.Concat(m.project.extras()[set], m.project.groups()[set]) {
		if r.name == need || need == "fastapi-cli" && r.name == "fastapi" && len(r.extras) > 0 {
			return true
		}
	}
	return false
}

func hasServer(packages map[string]string) bool {
	for _, name := range [...]string{"uvicorn", "hypercorn", "granian", "daphne"} {
		if _, ok := packages[name]; ok {
			return true
		}
	}
	return false
}

// holder returns the extra or group that has a package: the smallest one that
// is not for development.
func holder(sets map[string]map[string]string, need string) string {
	best := ""
	for _, name := range slices.Sorted(maps.Keys(sets)) {
		if _, ok := sets[name][need]; !ok {
			continue
		}
		better := best == "" || forDevelopment(best) && !forDevelopment(name) ||
			forDevelopment(best) == forDevelopment(name) && len(sets[name]) < len(sets[best])
		if better {
			best = name
		}
	}
	return best
}

var development = pattern(`(?i)^(dev|develop(ment)?|tests?|testing|docs?|lint(ing)?|typing|types|ci|all|benchmark|examples?)([_-].*)?$`)

func forDevelopment(name string) bool { return development().MatchString(name) }

// allManifests returns every manifest of the first folder that has one: the
// project's own, src, or the one with the app.
func (s *scan) allManifests() []*manifest {
	dirs := []string{".", "src"}
	if s.chosen != nil {
		up := above(path.Dir(s.chosen.file))
		slices.Reverse(up)
		dirs = append(dirs, up...)
	}
	var fallback []*manifest
	for _, dir := range dirs {
		all := s.manifestsIn(dir)
		if slices.ContainsFunc(all, (*manifest).forWeb) {
			return all
		}
		if fallback == nil {
			fallback = all
		}
	}
	if hidden := s.hiddenManifests(); slices.ContainsFunc(hidden, (*manifest).forWeb) {
		return hidden
	}
	return fallback
}

// manifestsIn returns the manifests that stand in a folder, in the order in
// which they are preferred.
func (s *scan) manifestsIn(dir string) []*manifest {
	if all, ok := s.manifests[dir]; ok {
		return all
	}
	all := s.readManifests(dir)
	s.manifests[dir] = all
	return all
}

func (s *scan) readManifests(dir string) []*manifest {
	var all []*manifest
	at := func(name string) string { return path.Join(dir, name) }
	add := func(m *manifest) {
		if m == nil {
			return
		}
		if dir != "." && len(m.files) == 0 {
			for _, f := range wizard.UsualFiles(m.format) {
				if s.tree.has(at(f)) {
					m.files = append(m.files, at(f))
				}
			}
		}
		m.scm = s.scmVersion(dir, m)
		all = append(all, m)
	}
	p := s.readPyproject(at("pyproject.toml"))
	if s.tree.has(at("uv.lock")) {
		add(s.fromUV(at("uv.lock"), p))
	} else if dir == "." && p.Project.Name != "" {
		add(s.fromWorkspace(p))
	}
	add(s.fromPoetry(at("poetry.lock"), at("pyproject.toml"), p))
	add(s.fromPDM(at("pdm.lock"), p))
	add(s.fromPipenv(at("Pipfile.lock"), at("Pipfile")))
	add(s.fromRequirements(dir))
	add(s.fromPyproject(at("pyproject.toml"), p))
	for _, name := range [...]string{"environment.yml", "environment.yaml", "conda.yml", "conda.yaml", "env.yml"} {
		add(s.fromConda(at(name)))
	}
	return all
}

// scmVersion is what takes the version of a package that a manifest installs
// from git's tags. All are told the same.
func (s *scan) scmVersion(dir string, m *manifest) string {
	if !m.isPkg && !m.beside {
		return ""
	}
	for _, f := range append([]string{path.Join(dir, "pyproject.toml")}, m.files...) {
		if path.Base(f) == "pyproject.toml" {
			if name := s.readPyproject(f).scmVersion(); name != "" {
				return name
			}
		}
	}
	return ""
}

// hiddenManifests looks for manifests in folders of their own.
func (s *scan) hiddenManifests() []*manifest {
	var all []*manifest
	for _, f := range s.tree.files {
		base := path.Base(f)
		ext := path.Ext(base)
		if (ext == ".yml" || ext == ".yaml") && strings.Contains(strings.ToLower(f), "env") && !s.tree.aside(f) && strings.Count(f, "/") < 4 {
			if m := s.fromConda(f); m != nil && m.forWeb() {
				all = append(all, m)
			}
		}
		if len(all) > 20 {
			break
		}
	}
	// The one that is named after the service or the server.
	slices.SortStableFunc(all, func(a, b *manifest) int {
		return cmp.Compare(serverName(b.files[0]), serverName(a.files[0]))
	})
	return all
}

func serverName(file string) int {
	if base := path.Base(file); strings.Contains(base, "server") || strings.Contains(base, "prod") {
		return 1
	}
	return 0
}

var installs = map[string]func() *regexp.Regexp{
	"uv":        pattern(`\buv\s+(sync|export|run)\b`),
	"poetry":    pattern(`\bpoetry\s+(install|export|sync|run)\b`),
	"pdm":       pattern(`\bpdm\s+(install|sync|export|run)\b`),
	"pipenv":    pattern(`\bpipenv\s+(install|sync|requirements|run)\b`),
	"pip":       pattern(`\bpip3?\s+(install|wheel)\b.*(-r|--requirement)`),
	"pyproject": pattern(`\bpip3?\s+install\b[^&|;]*\s["']?(\.|/\S+?)(\[[^\]]*\])?["']?(\s|$)`),
	"conda":     pattern(`\b(conda|mamba|micromamba)\s+(env|create|install)\b`),
}

// installers returns the formats that the project's own Dockerfiles install
// from; where these tell nothing, those of its CI.
func (s *scan) installers() map[string]bool {
	used := map[string]bool{}
	// A Dockerfile-poetry beside the Dockerfile is another way to build it.
	for _, variants := range [...]bool{false, true} {
		for _, f := range s.allDockerfiles() {
			if base := baseName(f); (base != "dockerfile" && base != "containerfile") != variants {
				continue
			}
			for _, i := range s.dockerfile(f) {
				if i.name == "RUN" {
					matchInstallers(i.args, used)
				}
			}
		}
		if len(used) > 0 {
			return used
		}
	}
	for _, f := range s.tree.files {
		if strings.HasPrefix(f, ".github/workflows/") || f == ".gitlab-ci.yml" {
			matchInstallers(s.tree.read(f), used)
		}
	}
	return used
}

func matchInstallers(command string, used map[string]bool) {
	for format, installs := range installs {
		if installs().MatchString(command) {
			used[format] = true
		}
	}
}

// packaged reports whether the project is built as a package.
func (s *scan) packaged() bool {
	p := s.readPyproject("pyproject.toml")
	return p.Build.Backend != "" || len(p.Build.Requires) > 0 || p.Tool.Poetry != nil || s.tree.has("setup.py") || s.tree.has("setup.cfg")
}

// installed reports whether the installer puts the project itself into the
// environment, so that it is imported from there.
func (s *scan) installed() bool {
	return s.manifest != nil && s.manifest.isPkg && s.manifest.member == ""
}
