package inspect

import (
	"cmp"
	"path"
	"slices"
	"strings"
)

func baseName(f string) string { return strings.ToLower(path.Base(f)) }

// port finds where the service listens inside its container: what its own
// Dockerfile and compose file say, before what a developer types.
func (s *scan) port() Fact {
	type offer struct {
		port, evidence string
		weight         int
	}
	var all []offer
	add := func(port, evidence string, weight int) {
		if port != "" {
			all = append(all, offer{port, evidence, weight})
		}
	}
	bare := offer{}
	for _, cmd := range s.allCommands() {
		for _, st := range starts(cmd.words) {
			if !s.startsChosen(st, cmd) {
				continue
			}
			port := st.port
			if port == "" && isDockerfile(cmd.file) {
				port = s.dockerPort(cmd.file)
			}
			add(port, cmd.evidence, cmd.weight)
			if port == "" && cmd.weight > bare.weight && !strings.Contains(strings.Join(cmd.words, " "), "PORT") {
				bare = offer{"8000", cmd.evidence, cmd.weight}
			}
		}
	}
	for _, f := range s.allDockerfiles() {
		for _, i := range s.dockerfile(f) {
			if i.name == "EXPOSE" {
				for w := range strings.FieldsSeq(i.args) {
					w, _, _ = strings.Cut(w, "/")
					add(portNumber(substitute(w, s.dockerEnv(f))), evidence(f, i.line), 60-2*strings.Count(f, "/"))
				}
			}
		}
	}
	for _, services := range s.composeFiles() {
		for _, c := range s.ownServices(services) {
			for _, p := range c.ports {
				add(p, evidence(c.file, c.line), 50-2*strings.Count(strings.TrimPrefix(c.file, "../"), "/"))
			}
		}
	}
	if bare.weight >= documented {
		bare.weight -= 45 // the server's default, where nothing says otherwise
		all = append(all, bare)
	}
	slices.SortStableFunc(all, func(a, b offer) int { return cmp.Compare(b.weight, a.weight) })
	var fact Fact
	for _, o := range all {
		if !slices.Contains(fact.Candidates, o.port) {
			fact.Candidates = append(fact.Candidates, o.port)
		}
	}
	if len(all) > 0 {
		fact.Value, fact.Evidence = all[0].port, all[0].evidence
	}
	if len(fact.Candidates) == 1 {
		fact.Candidates = nil
	}
	return fact
}

// startsChosen reports whether a command starts the application that was
// decided on.
func (s *scan) startsChosen(st start, cmd command) bool {
	c := s.resolveStart(st, cmd)
	if c == nil || s.chosen == nil {
		return false
	}
	return c.app == s.chosen.app || c.factory && s.chosen.factory && c.file == s.chosen.file ||
		c.app != nil && s.chosen.app != nil && c.app.maker != nil && c.app.maker == s.chosen.app.maker
}

// ownServices returns the services of a compose file that run the
// application: those whose command or image starts it, or else the only one
// that is built from its folder.
func (s *scan) ownServices(services []composeService) []composeService {
	var known, unknown []composeService
	others := false // some start another application
	for _, c := range services {
		if !s.inContext(c) {
			continue
		}
		var ran []command
		if len(c.command) > 0 {
			ran = s.inCompose(c)
		} else {
			file := c.dockerfile
			if file == "" {
				file = "Dockerfile"
			}
			if file = path.Join(c.context, file); s.tree.has(file) {
				ran = s.inDockerfile(file, deployed)
			}
		}
		some, ours := false, false
		for _, cmd := range ran {
			for _, st := range starts(cmd.words) {
				some = true
				ours = ours || s.startsChosen(st, cmd)
			}
		}
		switch {
		case ours:
			known = append(known, c)
		case !some:
			unknown = append(unknown, c)
		default:
			others = true
		}
	}
	if len(known) == 0 && len(unknown) == 1 && !others {
		return unknown
	}
	return known
}

// inContext reports whether a compose service is built from the folder with
// the application.
func (s *scan) inContext(c composeService) bool {
	if s.chosen == nil || c.context == "" {
		return false
	}
	return c.context == "." || strings.HasPrefix(s.chosen.file, c.context+"/")
}

// dockerEnv returns the variables that a Dockerfile sets.
func (s *scan) dockerEnv(f string) map[string]string {
	env := map[string]string{}
	for _, i := range s.dockerfile(f) {
		if i.name != "ENV" && i.name != "ARG" {
			continue
		}
		if k, v, ok := strings.Cut(i.args, " "); ok && !strings.Contains(k, "=") {
			env[k] = strings.TrimSpace(v)
			continue
		}
		for _, w := range shellWords(i.args) {
			if k, v, ok := strings.Cut(w, "="); ok {
				env[k] = v
			}
		}
	}
	return env
}

// dockerPort is the port that a Dockerfile sets for a server that reads it
// from the environment.
func (s *scan) dockerPort(f string) string { return portNumber(s.dockerEnv(f)["PORT"]) }
