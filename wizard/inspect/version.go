package inspect

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/davit-cli/davit/wizard"
)

// minor is a Python version of two numbers; 3.13 is {3, 13}.
type minor [2]int

func (m minor) String() string { return strconv.Itoa(m[0]) + "." + strconv.Itoa(m[1]) }

var minorIn = pattern(`\b(3)\.(\d{1,2})(?:\b|[a-z.])`)

func minorOf(s string) (minor, bool) {
	m := minorIn().FindStringSubmatch(s)
	if m == nil {
		return minor{}, false
	}
	n, _ := strconv.Atoi(m[2])
	return minor{3, n}, true
}

// pythonVersion decides the version of the base image. What the project names
// exactly comes first, then what its own image has, then what it allows.
func (s *scan) pythonVersion() Fact {
	allowed, bound := s.pythonBound()
	var fact Fact
	take := func(v minor, evidence string) {
		name := v.String()
		if fits(allowed, v) && fact.Value == "" {
			fact.Value, fact.Evidence = name, evidence
		}
		if !slices.Contains(fact.Candidates, name) {
			fact.Candidates = append(fact.Candidates, name)
		}
	}
	for _, found := range s.namedVersions() {
		take(found.version, found.evidence)
	}
	if fact.Value == "" && allowed != "" {
		if v, ok := bestVersion(allowed); ok {
			take(v, bound)
		}
	}
	if len(fact.Candidates) == 1 {
		fact.Candidates = nil
	}
	return fact
}

type foundVersion struct {
	version  minor
	evidence string
}

// namedVersions returns the versions that files name outright, best first.
func (s *scan) namedVersions() []foundVersion {
	var all []foundVersion
	add := func(text, evidence string) {
		if v, ok := minorOf(text); ok {
			all = append(all, foundVersion{v, evidence})
		}
	}
	add(firstLine(s.tree.read(".python-version")), ".python-version:1")
	for _, f := range s.allDockerfiles() {
		args, known := map[string]string{}, len(all)
		for _, i := range s.dockerfile(f) {
			switch i.name {
			case "ARG":
				k, v, _ := strings.Cut(i.args, "=")
				args[k] = strings.Trim(v, `"'`)
			case "FROM":
				if v, ok := imageVersion(substitute(i.args, args)); ok {
					all = append(all, foundVersion{v, evidence(f, i.line)})
				}
			}
		}
		if len(all) == known {
			all = append(all, s.installedPython(f)...) // the base has none
		}
	}
	if s.manifest != nil && s.manifest.format == "conda" {
		for _, r := range s.manifest.direct {
			if r.name == "python" && r.version != "" {
				file, _, _ := strings.Cut(s.manifest.evidence, ":")
				add(r.version, evidence(file, r.line))
			}
		}
	}
	add(s.pipfileVersion(), s.tree.find("Pipfile", "python_"))
	add(strings.TrimPrefix(firstLine(s.tree.read("runtime.txt")), "python-"), "runtime.txt:1")
	return all
}

var pythonInstalled = pattern(`\b(?:apt|apt-get|apk|dnf|microdnf|yum|uv|conda|mamba|micromamba|pyenv)\b[^&|;]*?\s(?:install|add|create|venv)\s[^&|;]*?\bpython(?:\s+|[=@]+)?(3\.\d+)\b`)

// installedPython returns the version that a Dockerfile puts on a base without
// Python.
func (s *scan) installedPython(f string) []foundVersion {
	env := s.dockerEnv(f)
	for _, i := range s.dockerfile(f) {
		if i.name != "RUN" {
			continue
		}
		if m := pythonInstalled().FindStringSubmatch(fill(i.args, env)); m != nil {
			if v, ok := minorOf(m[1] + " "); ok {
				return []foundVersion{{v, evidence(f, i.line)}}
			}
		}
	}
	return nil
}

func firstLine(s string) string {
	for line := range strings.Lines(s) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			return line
		}
	}
	return ""
}

var pythonImage = pattern(`(?:^|/)python[\w.-]*:(?:\d-)?(3\.\d+)|python(3\.\d+)|uvicorn-gunicorn[\w-]*:python(3\.\d+)|/python-3(\d+)(?:[\s:@-]|$)`)

func imageVersion(image string) (minor, bool) {
	for i, part := range pythonImage().FindStringSubmatch(image) {
		if i == 4 && part != "" {
			part = "3." + part // as Red Hat's ubi9/python-312
		}
		if v, ok := minorOf(part + " "); ok && i > 0 {
			return v, true
		}
	}
	return minor{}, false
}

var variable = pattern(`\$\{?(\w+)(?::-([^}]*))?\}?`)

func substitute(s string, args map[string]string) string {
	return variable().ReplaceAllStringFunc(s, func(ref string) string {
		m := variable().FindStringSubmatch(ref)
		if v := args[m[1]]; v != "" {
			return v
		}
		return m[2]
	})
}

func (s *scan) pipfileVersion() string {
	var doc struct {
		Requires struct {
			Version string `toml:"python_version"`
			Full    string `toml:"python_full_version"`
		} `toml:"requires"`
	}
	unmarshalTOML(s.tree.bytes("Pipfile", mostBytes), &doc)
	if doc.Requires.Full != "" {
		return doc.Requires.Full
	}
	return doc.Requires.Version
}

// pythonBound returns the specifier of the versions that the project allows.
func (s *scan) pythonBound() (spec, evidence string) {
	file := "pyproject.toml"
	if !s.tree.has(file) && s.manifest != nil {
		for _, f := range s.manifest.files {
			if path.Base(f) == "pyproject.toml" {
				file = f
			}
		}
	}
	p := s.readPyproject(file)
	if p.Project.Python != "" {
		return p.Project.Python, s.tree.find(file, "requires-python")
	}
	if p.Tool.Poetry != nil {
		switch v := p.Tool.Poetry.Needs["python"].(type) {
		case string:
			return v, s.tree.find(file, "\npython =")
		case map[string]any:
			spec, _ := v["version"].(string)
			return spec, s.tree.find(file, "\npython =")
		}
	}
	return "", ""
}

// oldest is the oldest version that the catalogue has.
func oldest() minor {
	last := minor{3, 99}
	if q, ok := wizard.Find("python"); ok {
		for _, c := range q.Choices {
			if v, ok := minorOf(c.ID + " "); ok && v[1] < last[1] {
				last = v
			}
		}
	}
	return last
}

// tooOld reports whether the project has a version that is older than all of
// the catalogue's: what it pins is most likely to install on the oldest of them.
func (f Facts) tooOld() bool {
	v, ok := minorOf(f.Python.Value + " ")
	return ok && v[1] < oldest()[1]
}

// bestVersion returns the catalogue's default where the specifier allows it,
// else the one of its choices that is allowed and closest to it, a newer one
// first: packages have had the more time to support it.
func bestVersion(spec string) (minor, bool) {
	q, ok := wizard.Find("python")
	if !ok {
		return minor{}, false
	}
	usual, ok := minorOf(strings.Join(q.Default, "") + " ")
	if !ok {
		return minor{}, false
	}
	var allowed []minor
	for _, c := range q.Choices {
		if v, ok := minorOf(c.ID + " "); ok && fits(spec, v) {
			allowed = append(allowed, v)
		}
	}
	if len(allowed) == 0 {
		return minor{}, false
	}
	older := func(v minor) bool { return v[1] < usual[1] }
	slices.SortFunc(allowed, func(a, b minor) int {
		switch {
		case older(a) && older(b):
			return b[1] - a[1]
		case older(a):
			return 1
		case older(b):
			return -1
		}
		return a[1] - b[1]
	})
	return allowed[0], true
}

// fits reports whether a specifier of PEP 440 or Poetry allows some release of
// a version. One that cannot be read allows every version.
func fits(spec string, v minor) bool {
	if strings.TrimSpace(spec) == "" {
		return true
	}
	for part := range strings.SplitSeq(spec, "||") {
		if fitsAll(part, v) {
			return true
		}
	}
	return false
}

func fitsAll(spec string, v minor) bool {
	for patch := range 40 {
		ok := true
		for _, clause := range clauses(spec) {
			ok = ok && clause.allows([3]int{v[0], v[1], patch})
		}
		if ok {
			return true
		}
	}
	return false
}

type clause struct {
	op    string
	v     [3]int
	parts int // numbers given
}

var oneClause = pattern(`(>=|<=|==|!=|~=|===|>|<|\^|~|=)?\s*v?(\d+)(?:\.(\d+|\*))?(?:\.(\d+|\*))?`)

func clauses(spec string) []clause {
	var all []clause
	for _, m := range oneClause().FindAllStringSubmatch(spec, 20) {
		c := clause{op: m[1]}
		for i, part := range m[2:5] {
			n, err := strconv.Atoi(part)
			if err != nil {
				break
			}
			c.v[i] = n
			c.parts++
		}
		all = append(all, c)
	}
	return all
}

func (c clause) allows(v [3]int) bool {
	cmp := slices.Compare(v[:], c.v[:])
	same := slices.Equal(v[:c.parts], c.v[:c.parts])
	switch c.op {
	case ">=":
		return cmp >= 0
	case ">":
		return cmp > 0
	case "<=":
		return cmp <= 0 || same && c.parts == 3
	case "<":
		return cmp < 0
	case "!=":
		return !same
	case "^":
		return cmp >= 0 && v[0] == c.v[0]
	case "~=":
		return cmp >= 0 && slices.Equal(v[:max(1, c.parts-1)], c.v[:max(1, c.parts-1)])
	case "~":
		return cmp >= 0 && slices.Equal(v[:min(2, c.parts)], c.v[:min(2, c.parts)])
	default: // ==, ===, = and a bare version
		return same
	}
}
