package inspect

import (
	"regexp"
	"slices"
	"strings"
)

// picked are the extras and groups that a project's own image installs.
type picked struct{ extras, groups []string }

// How the installers are told of extras and of groups, by format.
var (
	installsExtras = map[string]func() *regexp.Regexp{
		"uv":        pattern(`--extra[ =]["']?([\w.-]+)`),
		"poetry":    pattern(`(?:-E|--extras)[ =](?:"([\w., -]+)"|'([\w., -]+)'|([\w.-]+))`),
		"pdm":       pattern(`(?:-G|--group)[ =]["']?([\w.,-]+)`),
		"pyproject": pattern(`--extra[ =]["']?([\w.-]+)|install\b[^&|;]*?\s["']?(?:\.|/)[\w./-]*\[([\w., -]+)\]`),
	}
	installsGroups = map[string]func() *regexp.Regexp{
		"uv":        pattern(`--group[ =]["']?([\w.-]+)`),
		"poetry":    pattern(`(?:--with|--only)[ =]["']?([\w.,-]+)`),
		"pdm":       pattern(`(?:-G|--group)[ =]["']?([\w.,-]+)`),
		"pyproject": pattern(`--group[ =]["']?([\w.-]+)`),
	}
)

// pickedFor reads which extras and groups the Dockerfile of the application
// installs from a manifest. Several that differ decide nothing, unless they do
// for the hardware.
func (s *scan) pickedFor(m *manifest) picked {
	if installsExtras[m.format] == nil || len(m.extras)+len(m.groups) == 0 {
		return picked{}
	}
	if own := s.ownImage(); len(own) > 0 && installsFrom(own, m.format) {
		return m.pickedBy(own)
	}
	var found []picked
	for _, f := range s.allDockerfiles() {
		if strings.Contains(f, ".devcontainer") || !s.runsChosen(f) {
			continue
		}
		one := m.pickedBy(s.dockerfile(f))
		if f == "Dockerfile" || f == "Containerfile" {
			return one // the others are its variants
		}
		if !slices.ContainsFunc(found, func(o picked) bool { return slices.Equal(o.extras, one.extras) && slices.Equal(o.groups, one.groups) }) {
			found = append(found, one)
		}
	}
	if len(found) > 1 { // for a processor and for graphics cards: the base images have no drivers
		found = slices.DeleteFunc(found, func(o picked) bool { return !slices.Contains(o.extras, "cpu") })
	}
	if len(found) != 1 {
		return picked{}
	}
	return found[0]
}

// ownImage returns the Dockerfile that davit wrote. It took the place of the
// project's own, and nothing else tells any more what that one installed.
func (s *scan) ownImage() []instruction {
	if s.tree.image == "" {
		return nil
	}
	return dockerfile(string(s.tree.load(s.tree.image, mostBytes)))
}

// installsFrom reports whether a Dockerfile that davit wrote installs what a
// manifest of this format declares.
func installsFrom(image []instruction, format string) bool {
	used := map[string]bool{}
	for _, i := range image {
		if i.name == "RUN" {
			matchInstallers(i.args, used)
		}
	}
	// Beside a lock, pip brings the server that the lock has not.
	return used[format] && (format != "pyproject" || !used["uv"] && !used["poetry"] && !used["pdm"])
}

// pickedBy reads what one Dockerfile installs.
func (m *manifest) pickedBy(image []instruction) picked {
	return picked{
		told(image, m.format, installsExtras[m.format]().FindAllStringSubmatch, "--all-extras", m.extras),
		told(image, m.format, installsGroups[m.format]().FindAllStringSubmatch, "--all-groups", m.groups),
	}
}

// told returns the extras or groups that a Dockerfile installs for what it ships
// and the project has, without those for development.
func told(image []instruction, format string, options func(string, int) [][]string, every string, has map[string]map[string]string) []string {
	var names []string
	add := func(name string) {
		if _, ok := has[name]; ok && !forDevelopment(name) && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	env := variables(image)
	for _, i := range shipped(image, true) {
		if i.name != "RUN" || format != "pyproject" && !strings.Contains(i.args, format) {
			continue
		}
		command := fill(i.args, env)
		for _, m := range options(command, -1) {
			for name := range strings.FieldsFuncSeq(strings.Join(m[1:], " "), func(c rune) bool { return c == ',' || c == ' ' }) {
				add(name)
			}
		}
		if strings.Contains(command, every) {
			for name := range has {
				add(name)
			}
		}
	}
	slices.Sort(names)
	return names
}
