package inspect

import (
	"path"
	"slices"
	"strconv"
	"strings"
)

// containerFiles lists the container files that the project has already.
func (s *scan) containerFiles() []Fact {
	var all []Fact
	for _, f := range s.allDockerfiles() {
		if !strings.HasPrefix(f, "../") {
			all = append(all, Fact{Value: f, Evidence: evidence(f, 1)})
		}
	}
	for _, services := range s.composeFiles() {
		if len(services) > 0 && !strings.HasPrefix(services[0].file, "../") {
			all = append(all, Fact{Value: services[0].file, Evidence: evidence(services[0].file, 1)})
		}
	}
	if s.tree.has(".dockerignore") {
		all = append(all, Fact{Value: ".dockerignore", Evidence: ".dockerignore:1"})
	}
	return all[:min(len(all), 50)]
}

var (
	installed = pattern(`\b(?:apt-get|apt|apk|microdnf|dnf|yum)\s(?:[^&|;]*?\s)?(?:install|add)\s([^&|;]*)`)
	debian    = pattern(`^[a-z0-9][a-z0-9.+-]+$`)
	// what images are built with, and a service does without
	forBuilding = pattern(`-(dev|devel|dbg|headers)$|^(build-base|build-essential|gcc(-c\+\+)?|g\+\+|make|cmake|pkg-config|pkgconf|musl-dev|rustc|cargo|automake|autoconf|libtool|python3?(\.\d+)?(-.*)?|curl|wget|git|ca-certificates|gnupg[12]?|apt-transport-https|software-properties-common|lsb-release|unzip|xz-utils|netcat(-.*)?|procps|vim|nano|less|sudo|bash|tini|dumb-init|supervisor|nginx|openssh-client|locales|tzdata|iputils-ping|net-tools|htop|jq|file|postgresql-client(-.*)?|gosu|su-exec|gettext(-base)?|iproute2|dos2unix)$`)
)

// systemPackages lists the programs and libraries that the project's own image
// installs from its distribution, without what only builds.
func (s *scan) systemPackages() []Fact {
	var all []Fact
	for _, f := range s.allDockerfiles() {
		base := baseName(f)
		variant := base != "dockerfile" && base != "containerfile" && s.tree.has(path.Join(path.Dir(f), "Dockerfile"))
		if s.chosen == nil || variant || strings.Contains(f, ".devcontainer") || !s.runsChosen(f) {
			continue
		}
		for _, i := range shipped(s.dockerfile(f), false) {
			if i.name != "RUN" {
				continue
			}
			for _, m := range installed().FindAllStringSubmatch(i.args, -1) {
				for w := range strings.FieldsSeq(m[1]) {
					name, _, _ := strings.Cut(w, "=")
					if !debian().MatchString(name) || forBuilding().MatchString(name) || path.Ext(name) == ".deb" || len(all) == 60 {
						continue
					}
					if !slices.ContainsFunc(all, func(o Fact) bool { return o.Value == name }) {
						all = append(all, Fact{Value: name, Evidence: evidence(f, i.line)})
					}
				}
			}
		}
	}
	return all
}

var fromStage = pattern(`\bfrom=["']?([\w.-]+)`)

// shipped returns the instructions of the stages that are part of an image
// which starts something, or of the last one where none does. A stage that is
// called after tests or development starts them, not the service. What an image
// copies from another stage brings its files and nothing else that is installed
// there; with copied, the instructions of that stage are returned as well.
func shipped(all []instruction, copied bool) []instruction {
	type stage struct {
		from   int // the stage that it builds on, -1 for an image
		copies []int
		starts bool
		aside  bool // for tests or development
		body   []instruction
	}
	var stages []stage
	named := map[string]int{}
	for _, i := range all {
		if i.name == "FROM" {
			words := slices.DeleteFunc(strings.Fields(strings.ToLower(i.args)), func(w string) bool { return strings.HasPrefix(w, "--") })
			one := stage{from: -1}
			if len(words) > 0 {
				if n, ok := named[words[0]]; ok {
					one.from = n
				}
			}
			named[strconv.Itoa(len(stages))] = len(stages)
			if len(words) > 2 {
				named[words[2]] = len(stages)
				one.aside = forDevelopment(words[2])
			}
			stages = append(stages, one)
		} else if len(stages) > 0 {
			last := &stages[len(stages)-1]
			last.body = append(last.body, i)
			last.starts = last.starts || i.name == "CMD" || i.name == "ENTRYPOINT"
			for w := range strings.FieldsSeq(strings.ToLower(i.args)) {
				if !strings.HasPrefix(w, "--") {
					break
				}
				if m := fromStage().FindStringSubmatch(w); m != nil {
					if n, ok := named[m[1]]; ok && n < len(stages)-1 {
						last.copies = append(last.copies, n)
					}
				}
			}
		}
	}
	kept := make([]bool, len(stages))
	var keep func(int)
	keep = func(n int) {
		if n < 0 || kept[n] {
			return
		}
		kept[n] = true
		keep(stages[n].from)
		if copied {
			for _, from := range stages[n].copies {
				keep(from)
			}
		}
	}
	for n, one := range stages {
		if one.starts && !one.aside {
			keep(n)
		}
	}
	if !slices.Contains(kept, true) {
		keep(len(stages) - 1)
	}
	var body []instruction
	for n, one := range stages {
		if kept[n] {
			body = append(body, one.body...)
		}
	}
	return body
}
