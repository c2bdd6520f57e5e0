package inspect

import (
	"path"
	"slices"
	"strings"
)

// pyproject is a pyproject.toml as far as inspection asks.
type pyproject struct {
	Project struct {
		Name     string              `toml:"name"`
		Version  any                 `toml:"version"`
		Python   string              `toml:"requires-python"`
		Needs    []string            `toml:"dependencies"`
		Optional map[string][]string `toml:"optional-dependencies"`
		Dynamic  []string            `toml:"dynamic"`
	} `toml:"project"`
	Build struct {
		Backend  string   `toml:"build-backend"`
		Requires []string `toml:"requires"`
	} `toml:"build-system"`
	Groups map[string][]any `toml:"dependency-groups"`
	Tool   struct {
		Poetry *struct {
			Name        string              `toml:"name"`
			PackageMode *bool               `toml:"package-mode"`
			Packages    []map[string]any    `toml:"packages"`
			Needs       map[string]any      `toml:"dependencies"`
			Extras      map[string][]string `toml:"extras"`
			Group       map[string]struct {
				Needs map[string]any `toml:"dependencies"`
			} `toml:"group"`
		} `toml:"poetry"`
		PDM *struct {
			Distribution *bool               `toml:"distribution"`
			Version      any                 `toml:"version"`
			Dev          map[string][]string `toml:"dev-dependencies"`
		} `toml:"pdm"`
		UV *struct {
			Package   *bool          `toml:"package"`
			Workspace map[string]any `toml:"workspace"`
			Dev       []string       `toml:"dev-dependencies"`
		} `toml:"uv"`
		FastAPI *struct {
			Entrypoint string `toml:"entrypoint"`
		} `toml:"fastapi"`
		Setuptools *struct {
			Dynamic struct {
				Needs struct {
					File any `toml:"file"`
				} `toml:"dependencies"`
			} `toml:"dynamic"`
		} `toml:"setuptools"`
	} `toml:"tool"`
}

// readPyproject reads a pyproject.toml. Sections are read one by one, as one
// that has another shape than expected must not hide the others.
func (s *scan) readPyproject(file string) pyproject {
	var p pyproject
	text := s.tree.bytes(file, mostBytes)
	if unmarshalTOML(text, &p) {
		return p
	}
	p = pyproject{}
	var project struct {
		Project *struct {
			Name   string   `toml:"name"`
			Python string   `toml:"requires-python"`
			Needs  []string `toml:"dependencies"`
		} `toml:"project"`
	}
	if unmarshalTOML(text, &project) && project.Project != nil {
		p.Project.Name, p.Project.Python, p.Project.Needs = project.Project.Name, project.Project.Python, project.Project.Needs
	}
	var build struct {
		Build struct {
			Backend string `toml:"build-backend"`
		} `toml:"build-system"`
	}
	if unmarshalTOML(text, &build) {
		p.Build.Backend = build.Build.Backend
	}
	return p
}

// name is the project's, as it or Poetry calls it.
func (p pyproject) name() string {
	if p.Project.Name == "" && p.Tool.Poetry != nil {
		return p.Tool.Poetry.Name
	}
	return p.Project.Name
}

// declares reports whether it names dependencies, and does not only configure
// tools.
func (p pyproject) declares() bool {
	return len(p.Project.Needs) > 0 || p.poetry() || slices.Contains(p.Project.Dynamic, "dependencies") ||
		len(p.Project.Optional) > 0
}

func (p pyproject) poetry() bool { return p.Tool.Poetry != nil && len(p.Tool.Poetry.Needs) > 0 }

// main returns what the project needs by itself.
func (p pyproject) main() []requirement {
	all := parseAll(p.Project.Needs)
	if p.Tool.Poetry != nil {
		for _, r := range poetryNeeds(p.Tool.Poetry.Needs) {
			if !slices.ContainsFunc(all, func(q requirement) bool { return q.name == r.name }) {
				all = append(all, r)
			}
		}
	}
	return all
}

// extras returns the optional dependencies by name.
func (p pyproject) extras() map[string][]requirement {
	all := map[string][]requirement{}
	for name, list := range p.Project.Optional {
		all[name] = parseAll(list)
	}
	if p.Tool.Poetry != nil {
		for name, list := range p.Tool.Poetry.Extras {
			all[name] = append(all[name], parseAll(list)...)
		}
	}
	return all
}

// groups returns the dependency groups by name, includes followed.
func (p pyproject) groups() map[string][]requirement {
	all := map[string][]requirement{}
	for name := range p.Groups {
		all[name] = p.group(name, 0)
	}
	if p.Tool.Poetry != nil {
		for name, g := range p.Tool.Poetry.Group {
			all[name] = append(all[name], poetryNeeds(g.Needs)...)
		}
	}
	if p.Tool.PDM != nil {
		for name, list := range p.Tool.PDM.Dev {
			all[name] = append(all[name], parseAll(list)...)
		}
	}
	if p.Tool.UV != nil && len(p.Tool.UV.Dev) > 0 {
		all["dev"] = append(all["dev"], parseAll(p.Tool.UV.Dev)...)
	}
	return all
}

func (p pyproject) group(name string, depth int) []requirement {
	var all []requirement
	for _, v := range p.Groups[name] {
		switch v := v.(type) {
		case string:
			all = append(all, parseAll([]string{v})...)
		case map[string]any:
			if other, ok := v["include-group"].(string); ok && depth < 10 {
				all = append(all, p.group(other, depth+1)...)
			}
		}
	}
	return all
}

func parseAll(list []string) []requirement {
	var all []requirement
	for _, s := range list {
		if r, ok := parseRequirement(s); ok {
			all = append(all, r)
		}
	}
	return all
}

// poetryNeeds reads Poetry's own table of dependencies. Optional ones belong
// to an extra.
func poetryNeeds(table map[string]any) []requirement {
	var all []requirement
	for name, v := range table {
		if name == "python" {
			continue
		}
		r := requirement{name: normal(name)}
		if t, ok := v.(map[string]any); ok {
			marker, _ := t["markers"].(string)
			if t["optional"] == true || elsewhere(marker) {
				continue
			}
			r.extras = texts(t["extras"])
		}
		all = append(all, r)
	}
	slices.SortFunc(all, func(a, b requirement) int { return strings.Compare(a.name, b.name) })
	return all
}

// scmVersion is what takes the package's version from git's tags when it is
// built, "" where a file says it.
func (p pyproject) scmVersion() string {
	if p.Project.Version != nil {
		return ""
	}
	if p.Tool.PDM != nil {
		if from, ok := p.Tool.PDM.Version.(map[string]any); ok && from["source"] == "scm" {
			return "pdm-backend"
		}
	}
	requires := parseAll(p.Build.Requires)
	for _, name := range [...]string{"hatch-vcs", "uv-dynamic-versioning", "poetry-dynamic-versioning", "setuptools-scm"} {
		if slices.ContainsFunc(requires, func(r requirement) bool { return r.name == name }) {
			return name
		}
	}
	return ""
}

// isPackage reports whether the installer of a format installs the project
// itself as a package.
func (s *scan) isPackage(p pyproject, format string, l *lock) bool {
	built := p.Build.Backend != "" || len(p.Build.Requires) > 0
	switch format {
	case "uv":
		if p.Tool.UV != nil && p.Tool.UV.Package != nil {
			return *p.Tool.UV.Package
		}
		return built && (l == nil || l.editable)
	case "poetry":
		if p.Tool.Poetry != nil && p.Tool.Poetry.PackageMode != nil && !*p.Tool.Poetry.PackageMode {
			return false
		}
		return s.hasPackage(p)
	case "pdm":
		if p.Tool.PDM != nil && p.Tool.PDM.Distribution != nil {
			return *p.Tool.PDM.Distribution
		}
		return built && p.Tool.PDM == nil || built && s.hasPackage(p)
	case "pyproject":
		return built
	}
	return false
}

// hasPackage reports whether the package that Poetry would look for is there.
func (s *scan) hasPackage(p pyproject) bool {
	name := p.Project.Name
	if p.Tool.Poetry != nil {
		if len(p.Tool.Poetry.Packages) > 0 {
			return true
		}
		if p.Tool.Poetry.Name != "" {
			name = p.Tool.Poetry.Name
		}
	}
	name = strings.ReplaceAll(normal(name), "-", "_")
	for _, at := range [...]string{name, path.Join("src", name)} {
		if name != "" && (s.tree.dirs[at] || s.tree.has(at+".py")) {
			return true
		}
	}
	return false
}
