package conformance

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/davit-cli/davit/generator"
)

// quadletKeys are the keys that Podman's generator takes in its own sections,
// as podman-systemd.unit(5) of Podman 5.0 lists them; it refuses a file with
// another one. Podman itself can be had neither as a Go module nor, in a
// version that has the generator, from Debian's oldest supported release.
var quadletKeys = map[string][]string{
	"Container": strings.Fields("AddCapability AddDevice Annotation AutoUpdate ContainerName ContainersConfModule DNS DNSOption DNSSearch " +
		"DropCapability Entrypoint Environment EnvironmentFile EnvironmentHost Exec ExposeHostPort GIDMap GlobalArgs Group GroupAdd HealthCmd " +
		"HealthInterval HealthOnFailure HealthRetries HealthStartPeriod HealthStartupCmd HealthStartupInterval HealthStartupRetries " +
		"HealthStartupSuccess HealthStartupTimeout HealthTimeout HostName IP IP6 Image Label LogDriver Mask Mount Network NetworkAlias " +
		"NoNewPrivileges Notify PidsLimit Pod PodmanArgs PublishPort Pull ReadOnly ReadOnlyTmpfs Rootfs RunInit SeccompProfile Secret " +
		"SecurityLabelDisable SecurityLabelFileType SecurityLabelLevel SecurityLabelNested SecurityLabelType ShmSize StopTimeout SubGIDMap " +
		"SubUIDMap Sysctl Timezone Tmpfs UIDMap Ulimit Unmask User UserNS Volume WorkingDir"),
	"Network": strings.Fields("ContainersConfModule DNS DisableDNS Driver Gateway GlobalArgs IPAMDriver IPRange IPv6 Internal Label NetworkName Options PodmanArgs Subnet"),
	"Volume":  strings.Fields("ContainersConfModule Copy Device Driver GlobalArgs Group Image Label Options PodmanArgs Type User VolumeName"),
}

// A unitEntry is one line of a unit.
type unitEntry struct {
	section, key, value string
	line                int
}

// A unit is a file that Podman's generator reads.
type unit struct {
	file    generator.File
	kind    string // Container, Network, Volume
	entries []unitEntry
}

// all returns the values of a key in the unit's own section.
func (u unit) all(key string) []string {
	var values []string
	for _, e := range u.entries {
		if e.section == u.kind && e.key == key {
			values = append(values, e.value)
		}
	}
	return values
}

// is reports whether the key has this value and no other.
func (u unit) is(key, value string) bool { return slices.Equal(u.all(key), []string{value}) }

// Quadlet judges the units of Podman: those sections that are Podman's by
// their documented keys and what refers to what, the others by systemd.
func Quadlet(files []generator.File) []Finding {
	d := &docket{judge: "quadlet"}
	var units []unit
	for _, f := range files {
		units = append(units, d.unit(f))
	}
	d.systemd(units)
	for _, u := range units {
		d.references(u, units)
		if u.kind == "Container" {
			d.quadletContainer(u, units)
		}
	}
	return d.found
}

// QuadletMissing tells why units cannot be judged here.
func QuadletMissing() error {
	if _, err := exec.LookPath("systemd-analyze"); err != nil {
		return fmt.Errorf("systemd-analyze is not here: %w", err)
	}
	return nil
}

var (
	unitSection = regexp.MustCompile(`^\[([A-Za-z]+)\]$`)
	unitKey     = regexp.MustCompile(`^([A-Za-z0-9]+)=(.*)$`)
)

func (d *docket) unit(f generator.File) unit {
	kinds := map[string]string{".container": "Container", ".network": "Network", ".volume": "Volume"}
	u := unit{file: f, kind: kinds[path.Ext(f.Path)]}
	if u.kind == "" {
		d.add(f.Path, 0, "kind", "Podman reads no file of this kind")
	}
	section := ""
	for i, line := range strings.Split(strings.TrimSuffix(f.Content, "\n"), "\n") {
		header, entry := unitSection.FindStringSubmatch(line), unitKey.FindStringSubmatch(line)
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case header != nil:
			section = header[1]
			if quadletKeys[section] != nil && section != u.kind {
				d.add(f.Path, i+1, "section", "[%s] does not belong into a file of this kind", section)
			}
		case entry == nil || section == "":
			d.add(f.Path, i+1, "syntax", "neither a section nor a key with its value: %s", line)
		default:
			u.entries = append(u.entries, unitEntry{section, entry[1], entry[2], i + 1})
			if known := quadletKeys[section]; known != nil && !slices.Contains(known, entry[1]) {
				d.add(f.Path, i+1, "unknown-key", "Podman refuses %s in [%s]", entry[1], section)
			}
			if quadletKeys[section] != nil && strings.Contains(strings.ReplaceAll(entry[2], "%%", ""), "%") {
				d.add(f.Path, i+1, "percent", "systemd takes a single %% for the beginning of a specifier")
			}
		}
	}
	if len(u.all("")) == 0 && !slices.ContainsFunc(u.entries, func(e unitEntry) bool { return e.section == u.kind }) {
		d.add(f.Path, 0, "section", "has no [%s]", u.kind)
	}
	return u
}

var complaint = regexp.MustCompile(`^(\S+\.service):(?:(\d+):)? (.*)$`)

// systemd lets systemd read the sections that are its own, in units that start
// a program which every machine has.
func (d *docket) systemd(units []unit) {
	dir, err := os.MkdirTemp("", "davit-units-")
	if err != nil {
		d.add("", 0, "tool", "%v", err)
		return
	}
	defer os.RemoveAll(dir)
	args := []string{"verify", "--man=no", "--recursive-errors=no"}
	where := map[string]string{}
	for i, u := range units {
		var text strings.Builder
		section := ""
		for line := range strings.Lines(u.file.Content) {
			if m := unitSection.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
				section = m[1]
			}
			if quadletKeys[section] != nil {
				line = "\n" // so that lines keep their numbers
			}
			text.WriteString(line)
		}
		text.WriteString("[Service]\nExecStart=/bin/true\n")
		if u.kind != "Container" {
			text.WriteString("Type=oneshot\n")
		}
		file := filepath.Join(dir, fmt.Sprintf("davit-judged-%d.service", i))
		if err := os.WriteFile(file, []byte(text.String()), 0o600); err != nil {
			d.add(u.file.Path, 0, "tool", "%v", err)
			return
		}
		where[file], where[filepath.Base(file)] = u.file.Path, u.file.Path
		args = append(args, file)
	}
	out, err := exec.Command("systemd-analyze", args...).CombinedOutput()
	judged := false
	for line := range strings.Lines(string(out)) {
		m := complaint.FindStringSubmatch(strings.TrimSpace(line))
		if m == nil || where[m[1]] == "" {
			continue
		}
		judged = true
		number := 0
		fmt.Sscan(m[2], &number)
		d.add(where[m[1]], number, "systemd", "%s", m[3])
	}
	if err != nil && !judged && !strings.Contains(err.Error(), "exit status 1") {
		d.add(units[0].file.Path, 0, "tool", "systemd-analyze: %v: %s", err, strings.TrimSpace(string(out)))
	}
}

// references judges whether what a unit names is there.
func (d *docket) references(u unit, units []unit) {
	there := func(name string) bool {
		return slices.ContainsFunc(units, func(other unit) bool { return path.Base(other.file.Path) == name })
	}
	for _, e := range u.entries {
		name, _, _ := strings.Cut(e.value, ":")
		switch e.key {
		case "Network", "Volume":
			if e.section == "Container" && (strings.HasSuffix(name, ".network") || strings.HasSuffix(name, ".volume")) && !there(name) {
				d.add(u.file.Path, e.line, "reference", "there is no %s", name)
			}
		case "Requires", "After":
			if service, ok := strings.CutSuffix(e.value, ".service"); ok && !there(service+".container") {
				d.add(u.file.Path, e.line, "reference", "there is no %s.container", service)
			}
		}
	}
}

func (d *docket) quadletContainer(u unit, units []unit) {
	wrong := func(bad bool, key, rule, format string, args ...any) {
		if bad {
			d.add(u.file.Path, lineOf(u.file.Content, "\n"+key+"=")+1, rule, format, args...)
		}
	}
	images := u.all("Image")
	wrong(len(images) != 1, "Image", "image", "one image, not %d", len(images))
	for _, image := range images {
		registry, rest, _ := strings.Cut(image, "/")
		wrong(rest == "" || !strings.ContainsAny(registry, ".:") && registry != "localhost", "Image", "image", "Podman would guess the registry of %s", image)
		wrong(untagged(image), "Image", "image", "%s has to name a tag", image)
	}
	for _, key := range []string{"HealthCmd", "HealthStartupCmd"} {
		for _, command := range u.all(key) {
			var words []string
			bad := command != "none" && (json.Unmarshal([]byte(command), &words) != nil || len(words) < 2)
			wrong(bad, key, "health", "%s is no list of words: it would need a shell", key)
		}
	}
	wrong(len(u.all("HealthCmd")) != 1, "HealthCmd", "health", "no health check, or several")
	wrong(!u.is("HealthCmd", "none") && !u.is("Notify", "healthy"), "Notify", "health", "it is taken for started before it is healthy")
	for _, value := range u.all("Environment") {
		name, value, ok := strings.Cut(value, "=")
		wrong(!ok || strings.ContainsAny(value, " \"'\\"), "Environment", "environment", "%s is not one plain NAME=VALUE", name)
		wrong(!strings.HasSuffix(name, "_FILE") && holdsSecret(name, value), "Environment", "secret", "%s is a secret in the file; use a podman secret", name)
	}
	for _, value := range u.all("PublishPort") {
		wrong(!strings.HasPrefix(value, "127.0.0.1:"), "PublishPort", "ports", "%s is open to the world", value)
	}
	for _, value := range u.all("Secret") {
		name, _, _ := strings.Cut(value, ",")
		made := slices.ContainsFunc(units, func(o unit) bool {
			return strings.Contains(o.file.Content, "| podman secret create "+name+" -\n")
		})
		wrong(!made, "Secret", "secret", "no command tells how %s is made", name)
	}
	wrong(!u.is("NoNewPrivileges", "true"), "NoNewPrivileges", "hardening", "no NoNewPrivileges")
	stop := slices.ContainsFunc(u.entries, func(e unitEntry) bool { return e.section == "Service" && e.key == "TimeoutStopSec" })
	wrong(len(u.all("StopTimeout")) != 1 || !stop, "StopTimeout", "hardening", "no time to stop in")
	for _, key := range []string{"CPUQuota", "MemoryMax"} {
		there := slices.ContainsFunc(u.entries, func(e unitEntry) bool { return e.section == "Service" && e.key == key })
		wrong(!there, key, "hardening", "no limit %s", key)
	}
	if len(images) == 1 && slices.Contains([]string{"postgres", "mysql", "mongo", "redis", "rabbitmq"}, path.Base(repository(images[0]))) {
		return
	}
	for key, value := range map[string]string{"User": "10001", "Group": "10001", "DropCapability": "all", "ReadOnly": "true", "RunInit": "true"} {
		wrong(!u.is(key, value), key, "hardening", "no %s=%s", key, value)
	}
	wrong(!slices.ContainsFunc(u.all("Tmpfs"), func(v string) bool { return strings.HasPrefix(v, "/tmp:") }), "Tmpfs", "hardening", "no writable /tmp")
}
