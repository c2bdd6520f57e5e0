package inspect

import (
	"cmp"
	"maps"
	"path"
	"slices"
	"strings"
)

func baseName(f string) string { return strings.ToLower(path.Base(f)) }

// offer is a port that something names.
type offer struct {
	port, evidence string
	weight         int
}

// port finds where the service listens inside its container: what its own
// Dockerfile and compose file say, before what a developer types.
func (s *scan) port() Fact {
	all := s.commandPorts()
	for _, f := range s.allDockerfiles() {
		if s.runsChosen(f) {
			all = append(all, s.imagePorts(f)...)
		}
	}
	for _, services := range s.composeFiles() {
		for _, c := range s.ownServices(services) {
			less := 2 * strings.Count(strings.TrimPrefix(c.file, "../"), "/")
			published := 50 - less
			if s.behindProxy(c.builtBy()) {
				published = proxied
			}
			for _, p := range c.ports {
				all = append(all, offer{p, evidence(c.file, c.line), published})
			}
			all = append(all, offer{portNumber(c.env["PORT"]), evidence(c.file, c.line), 76 - less})
			all = append(all, checked(strings.Join(c.health, " "), evidence(c.file, c.line), 72-less)...)
		}
	}
	all = slices.DeleteFunc(all, func(o offer) bool { return o.port == "" })
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

// commandPorts returns the ports of the commands that start the application,
// and the server's own where the strongest of them names none.
func (s *scan) commandPorts() []offer {
	var all []offer
	bare := offer{}
	for _, cmd := range s.allCommands() {
		for _, st := range starts(cmd.words) {
			if !s.startsChosen(st, cmd) {
				continue
			}
			port := st.port
			if port == "" && isDockerfile(cmd.file) {
				if port, at := s.dockerPort(cmd.file); port != "" {
					all = append(all, offer{port, at, cmd.weight})
					continue
				}
			}
			if port == "" && st.server == "gunicorn" {
				if port, at := s.gunicornPort(cmd); port != "" {
					all = append(all, offer{port, at, cmd.weight})
					continue
				}
			}
			all = append(all, offer{port, cmd.evidence, cmd.weight})
			if port == "" && st.server != byImage && cmd.weight > bare.weight && !strings.Contains(strings.Join(cmd.words, " "), "PORT") {
				bare = offer{"8000", cmd.evidence, cmd.weight}
				if st.server == "gunicorn" {
					bare.weight -= 30 // it may be told in a file that was not found
				}
			}
		}
	}
	switch {
	case bare.weight >= deployed-10: // the server's default, where nothing says otherwise
		bare.weight = scripted + 1
	case bare.weight >= documented:
		bare.weight -= 45
	default:
		return all
	}
	return append(all, bare)
}

// gunicornPort reads the port of gunicorn's settings file.
func (s *scan) gunicornPort(cmd command) (port, at string) {
	names := []string{"gunicorn.conf.py", "gunicorn_conf.py"}
	for i, w := range cmd.words {
		if (w == "-c" || w == "--config") && i+1 < len(cmd.words) {
			names = []string{path.Base(strings.TrimPrefix(cmd.words[i+1], "python:"))}
		} else if v, ok := strings.CutPrefix(w, "--config="); ok {
			names = []string{path.Base(v)}
		}
	}
	for _, name := range names {
		for _, f := range s.tree.named(name) {
			if s.tree.aside(f) {
				continue
			}
			m := s.program.module(f)
			bind := s.program.get(m, "bind")
			if t, ok := bind.(*text); ok {
				return portNumber(t.s[strings.LastIndexByte(t.s, ':')+1:]), evidence(f, m.from["bind"].line)
			}
		}
	}
	return "", ""
}

// imagePorts returns what an image that runs the application says about its
// port by EXPOSE, by its health check, and by what it is built on.
func (s *scan) imagePorts(f string) []offer {
	var all []offer
	less := 2 * strings.Count(f, "/")
	exposed := 60 - less
	if s.behindProxy(f) {
		exposed = proxied
	}
	base, started := instruction{}, false
	for _, i := range s.dockerfile(f) {
		switch i.name {
		case "FROM":
			base, started = i, false
		case "CMD", "ENTRYPOINT":
			started = true
		case "EXPOSE":
			for w := range strings.FieldsSeq(i.args) {
				w, _, _ = strings.Cut(w, "/")
				all = append(all, offer{portNumber(substitute(w, s.dockerEnv(f))), evidence(f, i.line), exposed})
			}
		case "HEALTHCHECK":
			all = append(all, checked(substitute(i.args, s.dockerEnv(f)), evidence(f, i.line), 75-less)...)
		}
	}
	// These start the application themselves.
	if image := strings.ToLower(base.args); !started && (strings.Contains(image, "tiangolo/uvicorn-gunicorn") || strings.Contains(image, "inboard")) {
		port, at := s.dockerPort(f)
		if port == "" {
			port, at = "80", evidence(f, base.line)
		}
		all = append(all, offer{port, at, scripted + 2 - less})
	}
	return all
}

// proxied is what the published port of an image is worth that has a proxy in
// front of the application: less than any that the source gives the server.
const proxied = 15

var installsProxy = pattern(`\b(?:install|add)\b[^&|;]*\s(?:nginx|caddy|haproxy|apache2)(?:[\s=-]|$)`)

// behindProxy reports whether a Dockerfile puts a proxy beside the application:
// what the image publishes is the proxy's port then.
func (s *scan) behindProxy(f string) bool {
	return slices.ContainsFunc(s.dockerfile(f), func(i instruction) bool {
		return i.name == "RUN" && installsProxy().MatchString(i.args)
	})
}

var local = pattern(`https?://(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\]):(\d+)`)

// checked returns the port that a health check asks.
func checked(command, evidence string, weight int) []offer {
	if m := local().FindStringSubmatch(command); m != nil {
		return []offer{{portNumber(m[1]), evidence, weight}}
	}
	return nil
}

// otherImages are bases, and otherPrograms first words, of images that run
// something else than the application.
var (
	otherImages   = pattern(`(?i)(^|/)(node|nginx|caddy|httpd|traefik|golang|rust|openjdk|eclipse-temurin|ruby|php|postgres|postgis|mysql|mariadb|mongo|redis|rabbitmq|keycloak|grafana|bun|deno|haproxy|envoy)([:@-]|$)`)
	otherPrograms = pattern(`^(streamlit|npm|npx|yarn|pnpm|node|bun|nginx|celery|flower|arq|dramatiq|rq|taskiq|faststream|jupyter|mkdocs|locust|pytest|java|caddy)$`)
)

// runsChosen reports whether a Dockerfile's image may run the application: it
// does not when it starts another one or something else.
func (s *scan) runsChosen(f string) bool {
	some, ours := false, false
	for _, cmd := range s.inDockerfile(f, deployed) {
		for _, st := range starts(cmd.words) {
			if s.resolveStart(st, cmd) != nil {
				some = true
				ours = ours || s.startsChosen(st, cmd)
			}
		}
	}
	if some || s.chosen == nil {
		return ours
	}
	image, stages := "", map[string]string{}
	var last []string
	for _, i := range s.dockerfile(f) {
		switch i.name {
		case "FROM":
			words := slices.DeleteFunc(strings.Fields(i.args), func(w string) bool { return strings.HasPrefix(w, "--") })
			if len(words) == 0 {
				continue
			}
			image = words[0]
			if from, ok := stages[strings.ToLower(image)]; ok {
				image = from
			} else {
				last = nil
			}
			if len(words) > 2 {
				stages[strings.ToLower(words[2])] = image
			}
		case "CMD", "ENTRYPOINT":
			last = append(last, execWords(i.args)...)
		}
	}
	for _, w := range last {
		if otherPrograms().MatchString(path.Base(w)) {
			return false
		}
	}
	return !otherImages().MatchString(image)
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
			if file := c.builtBy(); s.tree.has(file) {
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
func (s *scan) dockerEnv(f string) map[string]string { return variables(s.dockerfile(f)) }

func variables(all []instruction) map[string]string {
	env := map[string]string{}
	for _, i := range all {
		maps.Copy(env, i.variables())
	}
	return env
}

// variables are those that an instruction sets.
func (i instruction) variables() map[string]string {
	if i.name != "ENV" && i.name != "ARG" {
		return nil
	}
	if k, v, ok := strings.Cut(i.args, " "); ok && !strings.Contains(k, "=") {
		return map[string]string{k: strings.TrimSpace(v)}
	}
	env := map[string]string{}
	for _, w := range shellWords(i.args) {
		if k, v, ok := strings.Cut(w, "="); ok {
			env[k] = v
		}
	}
	return env
}

// dockerPort is the port that a Dockerfile sets for a server that reads it
// from the environment, with the line that sets it.
func (s *scan) dockerPort(f string) (port, at string) {
	for _, i := range s.dockerfile(f) {
		if v, ok := i.variables()["PORT"]; ok {
			port, at = portNumber(v), evidence(f, i.line)
		}
	}
	return port, at
}
