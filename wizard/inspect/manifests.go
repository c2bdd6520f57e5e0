package inspect

import (
	"maps"
	"path"
	"slices"
	"strings"
)

func toEdges(list []requirement) []edge {
	all := make([]edge, len(list))
	for i, r := range list {
		all[i] = edge{r.name, r.extras}
	}
	return all
}

// toPackages records requirements as packages, without what these need.
func toPackages(list []requirement) map[string]string {
	all := map[string]string{}
	for _, r := range list {
		if all[r.name] == "" {
			all[r.name] = r.version
		}
		for _, extra := range r.extras {
			for _, name := range brought[r.name+"["+extra+"]"] {
				all[name] += ""
			}
		}
	}
	return all
}

// brought are the extras by which packages come without being named that decide
// something: servers, and a library that would else be the system's.
var brought = map[string][]string{
	"fastapi[standard]":     {"fastapi-cli", "uvicorn"},
	"fastapi[all]":          {"fastapi-cli", "uvicorn"},
	"fastapi-cli[standard]": {"uvicorn"},
	"inboard[fastapi]":      {"fastapi", "gunicorn", "uvicorn"},
	"psycopg[binary]":       {"psycopg-binary"},
	"psycopg[c]":            {"psycopg-c"},
}

// fromUV reads uv.lock. In a workspace the service may be a member, the one
// with the app: then only what that needs is installed.
func (s *scan) fromUV(file string, p pyproject) *manifest {
	text, dir := s.tree.bytes(file, mostLocked), path.Dir(file)
	l, ok := uvLock(text, p.Project.Name, ".")
	if !ok {
		return nil
	}
	m := s.fromUVLock(l, s.tree.find(file, "[[package]]"), p)
	if folder := s.servedMember(l, dir); folder != "" {
		own := s.readPyproject(path.Join(dir, folder, "pyproject.toml"))
		if seen, ok := uvLock(text, own.Project.Name, folder); ok {
			served := s.fromUVLock(seen, m.evidence, own)
			_, needed := m.packages[l.local[folder]]
			if served.forWeb() && (hasServer(served.packages) || !needed) {
				m = served
				m.member = own.Project.Name
			}
		}
	}
	// uv reads the manifest of everything that the lock has from a folder.
	files := []string{path.Join(dir, "pyproject.toml"), file}
	for _, folder := range slices.Sorted(maps.Keys(l.local)) {
		if at := path.Join(dir, folder, "pyproject.toml"); folder != "." && s.tree.has(at) {
			files = append(files, at)
			_, needed := m.packages[l.local[folder]]
			m.beside = m.beside || needed && l.built[l.local[folder]]
		}
	}
	if len(files) > 2 {
		m.files = files
	}
	return m
}

// servedMember returns the folder of the workspace's member that has the app,
// seen from the workspace's; "" where that is the root project's, or the user
// has to choose between several.
func (s *scan) servedMember(l *lock, dir string) string {
	if s.chosen == nil || len(s.torn) > 0 {
		return ""
	}
	served := ""
	for folder := range l.members {
		if folder != "." && len(folder) > len(served) && strings.HasPrefix(s.chosen.file, path.Join(dir, folder)+"/") {
			served = folder
		}
	}
	return served
}

func (s *scan) fromUVLock(l *lock, evidence string, p pyproject) *manifest {
	m := &manifest{
		format: "uv", evidence: evidence, locked: true, project: p, lock: l,
		direct: p.main(), packages: l.closure(l.main), isPkg: s.isPackage(p, "uv", l),
	}
	m.extras, m.groups = l.sets(l.extras), l.sets(l.groups)
	return m
}

// sets returns what each extra or group installs.
func (l *lock) sets(from map[string][]edge) map[string]map[string]string {
	all := map[string]map[string]string{}
	for name, roots := range from {
		all[name] = l.closure(roots)
	}
	return all
}

// fromPoetry reads poetry.lock, or a pyproject.toml for Poetry without one.
func (s *scan) fromPoetry(file, manifestFile string, p pyproject) *manifest {
	m := &manifest{format: "poetry", project: p, direct: p.main(), isPkg: s.isPackage(p, "poetry", nil)}
	l, ok := poetryLock(s.tree.bytes(file, mostLocked))
	if !ok {
		if !p.poetry() {
			return nil
		}
		m.evidence = s.tree.find(manifestFile, "[tool.poetry.dependencies]")
		m.packages = toPackages(p.main())
		m.extras, m.groups = setsOf(p.extras()), setsOf(p.groups())
		return m
	}
	m.lock, m.locked, m.evidence = l, true, s.tree.find(file, "[[package]]")
	m.packages = l.installed("main", toEdges(p.main()))
	m.groups = map[string]map[string]string{}
	for name, list := range p.groups() {
		m.groups[name] = l.closure(toEdges(list))
	}
	m.extras = map[string]map[string]string{}
	for name, list := range p.extras() {
		m.extras[name] = l.closure(toEdges(list))
	}
	return m
}

// installed returns the packages that the lock puts into a group, or where it
// does not say, those that the roots need.
func (l *lock) installed(group string, roots []edge) map[string]string {
	said := false
	found := map[string]string{}
	for name, p := range l.packages {
		if p.groups != nil {
			said = true
		}
		if slices.Contains(p.groups, group) {
			found[name] = p.version
		}
	}
	if said {
		return found
	}
	return l.closure(roots)
}

func setsOf(from map[string][]requirement) map[string]map[string]string {
	all := map[string]map[string]string{}
	for name, list := range from {
		all[name] = toPackages(list)
	}
	return all
}

func (s *scan) fromPDM(file string, p pyproject) *manifest {
	l, ok := pdmLock(s.tree.bytes(file, mostLocked))
	if !ok {
		return nil
	}
	m := &manifest{
		format: "pdm", evidence: s.tree.find(file, "[[package]]"), locked: true, project: p, lock: l,
		direct: p.main(), isPkg: s.isPackage(p, "pdm", l),
	}
	m.packages = l.installed("default", toEdges(p.main()))
	m.extras, m.groups = map[string]map[string]string{}, map[string]map[string]string{}
	for name, list := range p.extras() {
		m.extras[name] = l.closure(toEdges(list))
	}
	for name, list := range p.groups() {
		m.groups[name] = l.closure(toEdges(list))
	}
	return m
}

func (s *scan) fromPipenv(lockFile, file string) *manifest {
	var doc struct {
		Packages map[string]any `toml:"packages"`
	}
	unmarshalTOML(s.tree.bytes(file, mostBytes), &doc)
	m := &manifest{format: "pipenv", direct: poetryNeeds(doc.Packages)}
	if packages, ok := pipfileLock(s.tree.bytes(lockFile, mostLocked)); ok {
		m.packages, m.locked, m.evidence = packages, true, s.tree.find(lockFile, `"default"`)
		return m
	}
	if len(doc.Packages) == 0 {
		return nil
	}
	m.packages, m.evidence = toPackages(m.direct), s.tree.find(file, "[packages]")
	return m
}

// fromPyproject reads a pyproject.toml that no lock belongs to.
func (s *scan) fromPyproject(file string, p pyproject) *manifest {
	if !p.declares() || p.poetry() && len(p.Project.Needs) == 0 {
		return nil
	}
	m := &manifest{format: "pyproject", project: p, direct: p.main(), isPkg: s.isPackage(p, "pyproject", nil)}
	m.evidence = s.tree.find(file, "dependencies")
	if p.Tool.Setuptools != nil {
		files := texts(p.Tool.Setuptools.Dynamic.Needs.File)
		if one, ok := p.Tool.Setuptools.Dynamic.Needs.File.(string); ok {
			files = []string{one}
		}
		dir := path.Dir(file)
		for _, f := range files {
			m.direct = append(m.direct, s.readRequirements(path.Join(dir, f)).list...)
		}
		if len(p.Project.Needs) == 0 && slices.Contains(p.Project.Dynamic, "dependencies") {
			m.files = []string{file}
			for _, f := range files {
				m.files = append(m.files, path.Join(dir, f))
			}
		}
	}
	m.packages = toPackages(m.direct)
	m.extras, m.groups = setsOf(p.extras()), setsOf(p.groups())
	if len(m.direct) == 0 && len(m.extras) == 0 {
		return nil
	}
	return m
}

var (
	installedFrom = pattern(`(?:-r|--requirement)[ =]?\s*["']?([^\s"';&|]+\.(?:txt|in))`)
	forOthers     = pattern(`(?i)(^|[^a-z])(dev|develop|development|tests?|testing|docs?|lint|ci|build|mypy|typing|types|examples?|bench|client|local|ext)([^a-z]|$)`)
)

// fromRequirements reads the requirements file that is for production.
func (s *scan) fromRequirements(dir string) *manifest {
	file := s.requirementsFile(dir)
	if file == "" {
		return nil
	}
	r := s.readRequirements(file)
	m := &manifest{format: "pip", direct: r.list, packages: toPackages(r.list), hashes: r.hashes}
	m.evidence = evidence(file, 1)
	for _, q := range r.list {
		if q.name == "fastapi" && len(r.files) == 1 {
			m.evidence = evidence(file, q.line)
		}
	}
	if file != "requirements.txt" || len(r.files) > 1 {
		m.files = r.files
	}
	return m
}

// requirementsFile chooses among the requirements files of a folder: the one
// that the project's Dockerfile installs, requirements.txt, one for
// production.
func (s *scan) requirementsFile(dir string) string {
	var all []string
	for _, f := range s.tree.files {
		base := path.Base(f)
		in := path.Dir(f) == dir || path.Dir(f) == path.Join(dir, "requirements") || path.Dir(f) == path.Join(dir, "reqs")
		named := base == "req.txt" || base == "reqs.txt" || strings.Contains(strings.ToLower(base), "requirement") || path.Dir(f) != dir
		if in && named && path.Ext(base) == ".txt" && len(s.readRequirements(f).list) > 0 {
			all = append(all, f)
		}
	}
	if len(all) == 0 {
		return ""
	}
	usual := path.Join(dir, "requirements.txt")
	web := func(f string) bool {
		return (&manifest{direct: s.readRequirements(f).list, packages: toPackages(s.readRequirements(f).list)}).forWeb()
	}
	if slices.Contains(all, usual) && web(usual) {
		return usual
	}
	for _, f := range s.allDockerfiles() {
		for _, i := range s.dockerfile(f) {
			if i.name != "RUN" {
				continue
			}
			for _, m := range installedFrom().FindAllStringSubmatch(i.args, -1) {
				for _, have := range all {
					if (strings.HasSuffix(m[1], "/"+have) || m[1] == have || path.Clean(m[1]) == have || path.Base(m[1]) == path.Base(have)) && web(have) && !forOthers().MatchString(path.Base(have)) {
						return have
					}
				}
			}
		}
	}
	best, most := "", -1
	for _, f := range all {
		if f != usual && forOthers().MatchString(path.Base(f)) {
			continue
		}
		n := 0
		base := strings.ToLower(path.Base(f))
		if web(f) {
			n += 8
		}
		if strings.Contains(base, "prod") {
			n += 2
		}
		if f == usual {
			n++
		}
		if n > most {
			best, most = f, n
		}
	}
	return best
}

// fromConda reads a conda environment.
func (s *scan) fromConda(file string) *manifest {
	if !s.tree.has(file) {
		return nil
	}
	doc, ok := parseYAML(s.tree.read(file))
	if !ok {
		return nil
	}
	needs := doc.get("dependencies").items()
	if len(needs) == 0 {
		return nil
	}
	m := &manifest{format: "conda", evidence: evidence(file, doc.get("dependencies").line())}
	for _, n := range needs {
		if t := n.text(); t != "" {
			if r, ok := condaRequirement(t); ok {
				r.line = n.line()
				m.direct = append(m.direct, r)
			}
			continue
		}
		for _, q := range n.get("pip").items() {
			if include, ok := option(q.text(), "-r", "--requirement"); ok {
				m.direct = append(m.direct, s.readRequirements(path.Join(path.Dir(file), include)).list...)
			} else if r, ok := parseRequirement(q.text()); ok {
				r.line = q.line()
				m.direct = append(m.direct, r)
			}
		}
	}
	m.packages = toPackages(m.direct)
	maps.DeleteFunc(m.packages, func(name, _ string) bool { return name == "python" || name == "pip" })
	if file != "environment.yml" {
		m.files = []string{file}
	}
	return m
}

var condaSpec = pattern(`^(?:[A-Za-z0-9_./-]+::)?([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:==?\s*([0-9][A-Za-z0-9.]*)(?:=[A-Za-z0-9_*]+)?)?(?:\s*[<>=!~ ].*)?$`)

// condaRequirement reads a match specification: channel::name=version=build.
func condaRequirement(t string) (requirement, bool) {
	m := condaSpec().FindStringSubmatch(strings.TrimSpace(t))
	if m == nil {
		return requirement{}, false
	}
	return requirement{name: normal(m[1]), version: strings.TrimSuffix(m[2], ".")}, true
}
