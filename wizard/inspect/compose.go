package inspect

import (
	"path"
	"strings"
)

// composeService is a service of a compose file, as far as inspection asks.
type composeService struct {
	name       string
	file       string
	line       int
	image      string
	context    string // folder of the build below the project, "" without a build
	dockerfile string
	command    []string
	cmdLine    int
	health     []string
	ports      []string // inside the container
	env        map[string]string
	needs      []string // depends_on
	optional   bool     // it belongs to a profile, and is not started by itself
}

// builtBy returns the Dockerfile of a service that is built.
func (c composeService) builtBy() string {
	if c.dockerfile == "" {
		return path.Join(c.context, "Dockerfile")
	}
	return path.Join(c.context, c.dockerfile)
}

var composeName = pattern(`^(docker-)?compose[\w.-]*\.ya?ml$|^docker-compose[\w.-]*\.ya?ml$`)

// composeServices reads one compose file. dir is its folder, relative to the
// project's.
func composeServices(file, text string) []composeService {
	doc, ok := parseYAML(text)
	if !ok {
		return nil
	}
	dir := path.Dir(file)
	var all []composeService
	doc.get("services").each(func(name string, v node) {
		s := composeService{name: name, file: file, line: v.line(), image: v.get("image").text(), env: map[string]string{}}
		if b := v.get("build"); b.Node != nil {
			context := b.text()
			if context == "" {
				context = b.get("context").text()
			}
			s.context = path.Join(dir, context)
			s.dockerfile = b.get("dockerfile").text()
		}
		s.command, s.cmdLine = yamlWords(v.get("command"))
		if entry, line := yamlWords(v.get("entrypoint")); len(entry) > 0 {
			s.command = append(entry, s.command...)
			s.cmdLine = line
		}
		s.health, _ = yamlWords(v.get("healthcheck").get("test"))
		for _, p := range append(v.get("ports").items(), v.get("expose").items()...) {
			s.ports = append(s.ports, containerPort(p))
		}
		v.get("environment").each(func(k string, v node) { s.env[k] = v.text() })
		for _, e := range v.get("environment").items() {
			if k, val, ok := strings.Cut(e.text(), "="); ok {
				s.env[k] = val
			}
		}
		v.get("depends_on").each(func(k string, _ node) { s.needs = append(s.needs, k) })
		for _, e := range v.get("depends_on").items() {
			s.needs = append(s.needs, e.text())
		}
		s.optional = len(v.get("profiles").items()) > 0
		all = append(all, s)
	})
	sameImage(all)
	return all
}

// sameImage gives a service without a build the one of another service that
// builds its image: a worker often runs so.
func sameImage(all []composeService) {
	for i := range all {
		for _, c := range all {
			if all[i].context == "" && all[i].image != "" && c.context != "" && c.image == all[i].image {
				all[i].context, all[i].dockerfile = c.context, c.dockerfile
			}
		}
	}
}

// isCompose reports whether a file is a compose file: by its name, or, for one
// with another name, by what it begins with.
func (t *tree) isCompose(f string) bool {
	base := baseName(f)
	if strings.Contains(base, "compose") && composeName().MatchString(base) {
		return true
	}
	ext := path.Ext(base)
	if ext != ".yml" && ext != ".yaml" || strings.Count(f, "/") > 2 || strings.HasPrefix(f, ".") {
		return false
	}
	text := t.read(f)
	if !strings.HasPrefix(text, "services:") && !strings.Contains(text, "\nservices:") {
		return false
	}
	for _, c := range composeServices(f, text) {
		if c.image != "" || c.context != "" {
			return true
		}
	}
	return false
}

// yamlWords returns a command, written as a text or as a list.
func yamlWords(n node) ([]string, int) {
	if t := n.text(); t != "" {
		return shellWords(t), n.line()
	}
	var words []string
	for _, i := range n.items() {
		w := i.text()
		if strings.ContainsAny(w, " \n") {
			words = append(words, shellWords(w)...)
			continue
		}
		words = append(words, w)
	}
	return words, n.line()
}

// containerPort returns the inner port of a published one, "" where it is no number.
func containerPort(n node) string {
	p := n.text()
	if p == "" {
		p = n.get("target").text()
	}
	p, _, _ = strings.Cut(p, "/")
	inner := p
	if i := strings.LastIndexByte(p, ':'); i >= 0 && !strings.HasSuffix(p, "}") {
		inner = p[i+1:]
	} else if i := strings.LastIndex(p, ":${"); i >= 0 {
		inner = p[i+1:]
	}
	return portNumber(inner)
}
