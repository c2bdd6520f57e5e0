package inspect

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// lock is a lock file as a graph.
type lock struct {
	packages map[string]*locked
	main     []edge            // what the project needs by itself
	extras   map[string][]edge // of the project
	groups   map[string][]edge // of the project
	editable bool              // the project itself is installed (uv says so)
	members  map[string]string // of the workspace: folder → name
	local    map[string]string // everything that is installed from a folder: folder → name
	built    map[string]bool   // of these, what is installed as a package: name
}

// locked is one package in a lock file.
type locked struct {
	version string
	needs   []edge
	extras  map[string][]edge
	groups  []string // in which the lock itself puts it; nil where it does not say
}

// edge is a dependency on a package, with some of its extras.
type edge struct {
	name   string
	extras []string
}

// closure returns what installing the roots installs.
func (l *lock) closure(roots []edge) map[string]string {
	found := map[string]string{}
	seen := map[string]bool{}
	var visit func([]edge)
	visit = func(edges []edge) {
		for _, e := range edges {
			p := l.packages[e.name]
			if p == nil {
				continue
			}
			if _, ok := found[e.name]; !ok {
				found[e.name] = p.version
				visit(p.needs)
			}
			for _, x := range e.extras {
				if key := e.name + "[" + x + "]"; !seen[key] {
					seen[key] = true
					visit(p.extras[x])
				}
			}
		}
	}
	visit(roots)
	return found
}

// tomlEdge is a dependency in uv.lock.
type tomlEdge struct {
	Name   string   `toml:"name"`
	Marker string   `toml:"marker"`
	Extra  []string `toml:"extra"`
}

func edges(from []tomlEdge) []edge {
	var all []edge
	for _, e := range from {
		if !elsewhere(e.Marker) {
			all = append(all, edge{normal(e.Name), e.Extra})
		}
	}
	return all
}

// uvLock reads uv.lock. project is the name in pyproject.toml, place the
// project's folder seen from the lock file.
func uvLock(text []byte, project, place string) (*lock, bool) {
	var doc struct {
		Manifest struct {
			Members []string `toml:"members"`
		} `toml:"manifest"`
		Package []struct {
			Name    string `toml:"name"`
			Version string `toml:"version"`
			Source  struct {
				Editable  string `toml:"editable"`
				Virtual   string `toml:"virtual"`
				Directory string `toml:"directory"`
			} `toml:"source"`
			Dependencies []tomlEdge            `toml:"dependencies"`
			Optional     map[string][]tomlEdge `toml:"optional-dependencies"`
			Dev          map[string][]tomlEdge `toml:"dev-dependencies"`
		} `toml:"package"`
	}
	if !unmarshalTOML(text, &doc) || len(doc.Package) == 0 {
		return nil, false
	}
	l := &lock{
		packages: map[string]*locked{}, extras: map[string][]edge{}, groups: map[string][]edge{},
		members: map[string]string{}, local: map[string]string{}, built: map[string]bool{},
	}
	var members []edge
	rooted := false
	for _, p := range doc.Package {
		name := normal(p.Name)
		one := &locked{version: p.Version, needs: edges(p.Dependencies), extras: map[string][]edge{}}
		for extra, list := range p.Optional {
			one.extras[extra] = edges(list)
		}
		folder := p.Source.Editable + p.Source.Virtual + p.Source.Directory // it has one of them
		if folder != "" {
			l.local[folder] = name
			l.built[name] = p.Source.Virtual == ""
			if slices.Contains(doc.Manifest.Members, p.Name) {
				l.members[folder] = name
			}
		}
		if p.Source.Editable == place || p.Source.Virtual == place {
			rooted = true
			l.editable = p.Source.Editable != ""
			l.main, l.extras = one.needs, one.extras
			for group, list := range p.Dev {
				l.groups[group] = edges(list)
			}
			continue
		}
		if p.Source.Editable != "" || p.Source.Virtual != "" {
			members = append(members, edge{name: name})
		}
		l.packages[name] = one
	}
	if !rooted {
		if place != "." {
			return nil, false // another project's lock
		}
		l.main = members
	}
	return l, len(l.packages) > 0
}

// poetryLock reads poetry.lock.
func poetryLock(text []byte) (*lock, bool) {
	var doc struct {
		Package []struct {
			Name         string              `toml:"name"`
			Version      string              `toml:"version"`
			Category     string              `toml:"category"`
			Optional     bool                `toml:"optional"`
			Groups       []string            `toml:"groups"`
			Dependencies map[string]any      `toml:"dependencies"`
			Extras       map[string][]string `toml:"extras"`
		} `toml:"package"`
	}
	if !unmarshalTOML(text, &doc) || len(doc.Package) == 0 {
		return nil, false
	}
	l := &lock{packages: map[string]*locked{}}
	for _, p := range doc.Package {
		one := &locked{version: p.Version, groups: p.Groups, extras: map[string][]edge{}}
		optional := map[string]edge{}
		for name, value := range p.Dependencies {
			e := edge{name: normal(name)}
			needed := true
			variants, ok := value.([]any)
			if !ok {
				variants = []any{value}
			}
			for _, v := range variants {
				if t, ok := v.(map[string]any); ok {
					e.extras = append(e.extras, texts(t["extras"])...)
					needed = needed && t["optional"] != true
					marker, _ := t["markers"].(string)
					needed = needed && !elsewhere(marker) && !strings.Contains(marker, "extra ==")
				}
			}
			optional[e.name] = e
			if needed {
				one.needs = append(one.needs, e)
			}
		}
		for extra, list := range p.Extras {
			for _, s := range list {
				if r, ok := parseRequirement(s); ok {
					e := optional[r.name]
					e.name, e.extras = r.name, append(slices.Clone(e.extras), r.extras...)
					one.extras[normal(extra)] = append(one.extras[normal(extra)], e)
				}
			}
		}
		if len(p.Groups) > 0 && p.Optional {
			one.groups = slices.DeleteFunc(slices.Clone(p.Groups), func(g string) bool { return g == "main" })
		}
		l.packages[normal(p.Name)] = one
	}
	return l, true
}

// pdmLock reads pdm.lock. Entries of one package with different extras are
// put together.
func pdmLock(text []byte) (*lock, bool) {
	var doc struct {
		Package []struct {
			Name         string   `toml:"name"`
			Version      string   `toml:"version"`
			Groups       []string `toml:"groups"`
			Dependencies []string `toml:"dependencies"`
		} `toml:"package"`
	}
	if !unmarshalTOML(text, &doc) || len(doc.Package) == 0 {
		return nil, false
	}
	l := &lock{packages: map[string]*locked{}}
	for _, p := range doc.Package {
		name := normal(p.Name)
		one := l.packages[name]
		if one == nil {
			one = &locked{version: p.Version}
			l.packages[name] = one
		}
		one.groups = append(one.groups, p.Groups...)
		for _, s := range p.Dependencies {
			if r, ok := parseRequirement(s); ok && r.name != name {
				one.needs = append(one.needs, edge{r.name, r.extras})
			}
		}
	}
	return l, true
}

// pipfileLock reads the default section of Pipfile.lock.
func pipfileLock(text []byte) (map[string]string, bool) {
	var doc struct {
		Default map[string]struct {
			Version string `json:"version"`
			Markers string `json:"markers"`
		} `json:"default"`
	}
	if json.Unmarshal(text, &doc) != nil || len(doc.Default) == 0 {
		return nil, false
	}
	found := map[string]string{}
	for name, p := range doc.Default {
		if !elsewhere(p.Markers) {
			found[normal(name)] = strings.TrimLeft(p.Version, "=")
		}
	}
	return found, true
}

// unmarshalTOML reads a document; what the library chokes on is none.
func unmarshalTOML(text []byte, to any) (ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	return len(text) > 0 && toml.Unmarshal(text, to) == nil
}

// texts returns the strings of a list.
func texts(v any) []string {
	list, _ := v.([]any)
	var all []string
	for _, x := range list {
		if s, ok := x.(string); ok {
			all = append(all, s)
		}
	}
	return all
}
