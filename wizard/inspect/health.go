package inspect

import (
	"cmp"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/davit-cli/davit/wizard"
)

// probeNames are the last parts of paths that are made for probes. Those at 0
// may well be something else: they are asked, not taken.
var probeNames = map[string]int{
	"health": 10, "healthz": 10, "livez": 11, "health/live": 11, "health/liveness": 11, "healthcheck": 9,
	"health-check": 9, "health_check": 9, "liveness": 9, "__lbheartbeat__": 9, "_health": 9, "healthy": 8,
	"heartbeat": 6, "__heartbeat__": 5, "ping": 6, "readyz": 3, "health/ready": 3, "readiness": 3, "isalive": 6,
	"alive": 5, "health/check": 8, "health/alive": 10, "health/ping": 9, "probe": 7, "healthz/live": 11, "healthz/ready": 3,
	"healthcheck/live": 11, "healthcheck/ready": 3, "livecheck": 7, "monitoring/health": 9, "live": 0, "ready": 0, "status": 0, "check": 0, "up": 0,
}

// agreed is what a finder says about the app. Where that is not decided on,
// only what all that are likely agree on is taken.
func (s *scan) agreed(of func() Fact) Fact {
	fact, chosen := of(), s.chosen
	defer func() { s.chosen = chosen }()
	for _, c := range s.torn {
		s.chosen = c
		other := of()
		if other.Value == fact.Value && fact.Value != "" {
			continue
		}
		if fact.Value != "" && !slices.Contains(fact.Candidates, fact.Value) {
			fact.Candidates = append(fact.Candidates, fact.Value)
		}
		for _, v := range append([]string{other.Value}, other.Candidates...) {
			if v != "" && !slices.Contains(fact.Candidates, v) {
				fact.Candidates = append(fact.Candidates, v)
			}
		}
		fact.Value, fact.Evidence = "", ""
	}
	return fact
}

// healthPath finds the route that a probe may ask.
func (s *scan) healthPath() Fact {
	if s.chosen == nil {
		return Fact{}
	}
	return s.healthOf(s.chosen)
}

func (s *scan) healthOf(c *candidate) Fact {
	if c.app == nil {
		return Fact{}
	}
	probed, routes := s.probed(), s.program.routes(c.app)
	type scored struct {
		route
		score int
	}
	var all []scored
	for _, r := range routes {
		if strings.ContainsAny(r.path, "{}") || !validPath(r.path) {
			continue
		}
		name, known := probeName(r.path)
		n := probeNames[name]*10 - strings.Count(r.path, "/")
		if probed[r.path] {
			n += 1000
			r.sure = r.sure || r.open
		} else if !known && !belowHealth(r.path) {
			continue
		} else if probeNames[name] == 0 || probeNames[name] < 7 && ofResource(r.path, routes) {
			r.sure = false
		}
		if i := slices.IndexFunc(all, func(o scored) bool { return o.path == r.path }); i >= 0 {
			all[i].sure = all[i].sure || r.sure
			continue
		}
		all = append(all, scored{r, n})
	}
	slices.SortStableFunc(all, func(a, b scored) int {
		return cmp.Or(b.score-a.score, cmp.Compare(a.path, b.path))
	})
	var fact Fact
	for i, r := range all {
		if i < 8 {
			fact.Candidates = append(fact.Candidates, r.path)
		}
		tie := i+1 < len(all) && all[i+1].score == r.score || i > 0 && all[i-1].score == r.score
		if i == 0 && r.sure && !tie {
			fact.Value, fact.Evidence = r.path, evidence(r.file, r.line)
		}
	}
	if len(fact.Candidates) == 1 && fact.Value != "" {
		fact.Candidates = nil
	}
	return fact
}

var ofService = pattern(`(?i)^(/|api|rest|v\d+|public|internal|system|server|service|monitor|monitoring|health|utils?|common|core|base|meta|misc|probes?)$`)

// ofResource reports whether a path such as /tasks/ping may ask for something
// that the service looks after: other routes stand beside it, and others again
// elsewhere.
func ofResource(p string, routes []route) bool {
	dir := path.Dir(strings.TrimSuffix(p, "/"))
	if ofService().MatchString(path.Base(dir)) {
		return false
	}
	beside, elsewhere := false, false
	for _, r := range routes {
		_, probe := probeName(r.path)
		in := strings.HasPrefix(r.path, dir+"/")
		beside = beside || in && !probe
		elsewhere = elsewhere || !in
	}
	return beside && elsewhere
}

// belowHealth reports whether a path asks for one part of the health, such as
// /health/database.
func belowHealth(p string) bool {
	dir := strings.ToLower(path.Dir(strings.TrimSuffix(p, "/")))
	return strings.HasSuffix(dir, "/health") || strings.HasSuffix(dir, "/healthcheck")
}

func validPath(p string) bool {
	var a wizard.Answers
	return p != "" && a.Set("health_path", p) == nil
}

// probeName returns the longest known name at the end of a path.
func probeName(p string) (string, bool) {
	p = strings.ToLower(strings.Trim(p, "/"))
	parts := strings.Split(p, "/")
	for n := min(2, len(parts)); n > 0; n-- {
		name := strings.Join(parts[len(parts)-n:], "/")
		if _, ok := probeNames[name]; ok {
			return name, true
		}
	}
	return "", false
}

var address = pattern(`https?://[^\s"'\\)|;]+`)

// probed returns the paths that the project's own containers ask for health.
func (s *scan) probed() map[string]bool {
	paths := map[string]bool{}
	take := func(command string) {
		for _, a := range address().FindAllString(command, -1) {
			a = variable().ReplaceAllString(a, "1")
			if u, err := url.Parse(strings.TrimRight(a, ",]")); err == nil && u.Path != "" && u.Path != "/" {
				paths[u.Path] = true
			}
		}
	}
	for _, f := range s.allDockerfiles() {
		for _, i := range s.dockerfile(f) {
			if i.name == "HEALTHCHECK" {
				take(i.args)
			}
		}
	}
	for _, services := range s.composeFiles() {
		for _, c := range services {
			if s.inContext(c) {
				take(strings.Join(c.health, " "))
			}
		}
	}
	return paths
}
