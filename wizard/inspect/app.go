package inspect

import (
	"cmp"
	"path"
	"slices"
	"strings"
)

// candidate is one thing that a server could be told to import.
type candidate struct {
	file     string
	attr     string
	line     int
	base     string // folder from which the module is imported
	app      *instance
	factory  bool
	evidence string
	weight   int // of the best command that names it, 0 without
	rank     int // by names and depth, among candidates of one weight
	exact    bool
	fromTop  bool // what deploys the top of the tree names it
}

// app decides what uvicorn has to import.
func (s *scan) app() AppFact {
	every := s.candidates()
	all := s.ofOneRoot(every)
	if len(all) == 0 {
		var fact AppFact
		for _, c := range every {
			if name := c.importString(); !slices.Contains(fact.Candidates, name) {
				fact.Candidates = append(fact.Candidates, name)
			}
		}
		return fact
	}
	best := all[0]
	fact := AppFact{Factory: best.factory}
	for _, c := range all {
		if name := c.importString(); !slices.Contains(fact.Candidates, name) {
			fact.Candidates = append(fact.Candidates, name)
		}
	}
	if len(fact.Candidates) == 1 {
		fact.Candidates = nil
	}
	if len(all) > 1 && !best.beats(all[1]) {
		s.chosen, s.among = best, all
		for _, c := range all[1:] {
			if !best.beats(c) {
				s.torn = append(s.torn, c)
			}
		}
		return AppFact{Fact: Fact{Candidates: fact.Candidates}, Factory: best.factory}
	}
	fact.Value, fact.Evidence = best.importString(), best.evidence
	s.chosen = best
	return fact
}

// choices are the apps of the service among which only the user can decide.
func (s *scan) choices() []AppChoice {
	var all []AppChoice
	for _, c := range s.among {
		name := c.importString()
		if !slices.ContainsFunc(all, func(o AppChoice) bool { return o.Value == name }) {
			all = append(all, AppChoice{Value: name, Evidence: c.evidence, Factory: c.factory, AppDir: s.appDir(c)})
		}
	}
	return all
}

// beats reports whether c is clearly more likely than the next.
func (c *candidate) beats(next *candidate) bool {
	if c.weight != next.weight {
		return c.weight-next.weight >= 10 || c.rank >= next.rank
	}
	return c.rank-next.rank >= 10
}

func (c *candidate) importString() string { return moduleName(c.file, c.base) + ":" + c.attr }

func moduleName(file, base string) string {
	m := strings.TrimSuffix(file, ".py")
	if base != "." {
		m = strings.TrimPrefix(m, base+"/")
	}
	m = strings.TrimSuffix(m, "/__init__")
	return strings.ReplaceAll(m, "/", ".")
}

// candidates returns every application that could be meant, best first: what
// commands name, and else what the source makes.
func (s *scan) candidates() []*candidate {
	s.followAll()
	byApp := map[*instance]*candidate{}
	for _, c := range s.defined() {
		if old := byApp[c.app]; old == nil || c.rank > old.rank {
			byApp[c.app] = c
		}
	}
	factories := map[string]*candidate{}
	for _, cmd := range s.allCommands() {
		for _, st := range starts(cmd.words) {
			if c := s.resolveStart(st, cmd); c != nil {
				s.weigh(c, cmd.object, byApp, factories)
			}
		}
	}
	if len(byApp) == 0 && len(factories) == 0 {
		for _, c := range s.factories() {
			factories[c.importString()] = c
		}
	}
	var all []*candidate
	for _, c := range byApp {
		s.setBack(c)
		if s.tree.aside(c.file) && c.weight < scripted || c.weight == 0 && c.app.mounted {
			continue
		}
		all = append(all, c)
	}
	named := slices.ContainsFunc(all, func(c *candidate) bool { return c.weight > 0 })
	for _, c := range factories {
		s.setBack(c)
		if s.tree.aside(c.file) && c.weight < scripted {
			continue
		}
		if c.weight > 0 || !named {
			all = append(all, c)
		}
	}
	slices.SortFunc(all, func(a, b *candidate) int {
		return cmp.Or(b.weight-a.weight, b.rank-a.rank, cmp.Compare(a.importString(), b.importString()))
	})
	return all
}

// setBack lets what belongs to another service of the tree, one with a
// manifest of its own, count less than what belongs to this one.
func (s *scan) setBack(c *candidate) {
	here := s.tree.has("pyproject.toml") || s.tree.has("requirements.txt") || s.tree.has("Pipfile")
	for dir := path.Dir(c.file); dir != "." && here; dir = path.Dir(dir) {
		if s.tree.has(dir+"/pyproject.toml") || s.tree.has(dir+"/requirements.txt") || s.tree.has(dir+"/Pipfile") {
			c.rank -= 20
			if c.weight > 0 {
				c.weight = max(1, c.weight-20)
			}
			return
		}
	}
}

// weigh records that a command names a candidate.
func (s *scan) weigh(c *candidate, object bool, byApp map[*instance]*candidate, factories map[string]*candidate) {
	if made := s.madeBy(c, byApp); made != nil && c.weight <= documented {
		// Serving the instance is the same, and needs no flag.
		c.weight, made.weight = 0, max(made.weight, c.weight)
		made.evidence = evidence(made.file, made.line)
		return
	}
	if c.factory {
		if old := factories[c.importString()]; old == nil || c.weight > old.weight {
			factories[c.importString()] = c
		}
		return
	}
	old := byApp[c.app]
	if object && old != nil && !c.addsRoutes(old) {
		// The source serves what it may have imported: the module that makes
		// the application is the better name for it.
		old.weight = max(old.weight, c.weight)
		return
	}
	switch {
	case old == nil, old.weight == 0:
	case c.exact != old.exact && !c.exact:
		// What resolves from the project itself needs no translation, but the
		// better place still counts.
		old.weight = max(old.weight, c.weight)
		return
	case c.exact != old.exact:
		c.weight = max(old.weight, c.weight)
	case c.weight <= old.weight:
		return
	}
	byApp[c.app] = c
}

// addsRoutes reports whether the module of c gives an application that another
// makes some of its routes: served by the other's name it would lack them.
func (c *candidate) addsRoutes(other *candidate) bool {
	return c.file != other.file && slices.ContainsFunc(c.app.ops, func(op step) bool { return op.file == c.file })
}

// madeBy returns the application that a module makes by calling a factory.
func (s *scan) madeBy(c *candidate, byApp map[*instance]*candidate) *candidate {
	if !c.factory || c.app == nil {
		return nil
	}
	var best *candidate
	for _, made := range byApp {
		if made.app.maker != nil && made.app.maker == c.app.maker && !s.tree.aside(made.file) && (best == nil || made.rank > best.rank) {
			best = made
		}
	}
	return best
}
