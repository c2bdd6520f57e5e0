package inspect

import (
	"path"
	"slices"
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
	forBuilding = pattern(`-(dev|devel|dbg|headers)$|^(build-base|build-essential|gcc|g\+\+|make|cmake|pkg-config|pkgconf|musl-dev|rustc|cargo|automake|autoconf|libtool|python3?(\.\d+)?(-.*)?|curl|wget|git|ca-certificates|gnupg2?|apt-transport-https|software-properties-common|lsb-release|unzip|xz-utils|netcat(-.*)?|procps|vim|nano|less|sudo|bash|tini|dumb-init|supervisor|nginx|openssh-client|locales|tzdata|iputils-ping|net-tools|htop|jq|file|postgresql-client|gosu|su-exec|gettext|dos2unix)$`)
)

// systemPackages lists the programs and libraries that the project's own image
// installs from its distribution, without what only builds.
func (s *scan) systemPackages() []Fact {
	var all []Fact
	for _, f := range s.allDockerfiles() {
		base := baseName(f)
		variant := base != "dockerfile" && base != "containerfile" && s.tree.has(path.Join(path.Dir(f), "Dockerfile"))
		if s.chosen == nil || variant || !s.runsChosen(f) {
			continue
		}
		for _, i := range s.dockerfile(f) {
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
