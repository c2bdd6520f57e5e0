package conformance

import (
	"errors"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/docker/cli/cli/compose/loader"
	"github.com/docker/cli/cli/compose/types"

	"github.com/davit-cli/davit/generator"
)

// Swarm judges stack.yaml with the loader of `docker stack deploy`: schema,
// interpolation, and properties that swarm would ignore.
func Swarm(files []generator.File) []Finding {
	d := &docket{judge: "swarm"}
	f, ok := named(files, "stack.yaml")
	if !ok {
		return nil
	}
	config, err := loadStack(f, given(f.Content))
	if err != nil {
		d.add(f.Path, lineIn(err), "load", "%v", err)
		return d.found
	}
	if _, err := loadStack(f, nil); err == nil || !strings.Contains(err.Error(), "missing a value: ") {
		d.add(f.Path, 0, "required", "without TAG it has to fail with a message that tells what to set, not with: %v", err)
	}
	d.ignoredBySwarm(f)
	for _, s := range config.Services {
		d.stackService(f, s)
	}
	return d.found
}

var asked = regexp.MustCompile(`\$\{([A-Z_]+):\?`)

// given sets every variable that the file requires.
func given(content string) map[string]string {
	env := map[string]string{}
	for _, m := range asked.FindAllStringSubmatch(content, -1) {
		env[m[1]] = "1.0.0"
	}
	return env
}

func loadStack(f generator.File, env map[string]string) (*types.Config, error) {
	parsed, err := loader.ParseYAML([]byte(f.Content))
	if err != nil {
		return nil, err
	}
	config, err := loader.Load(types.ConfigDetails{
		WorkingDir:  "/project",
		Environment: env,
		ConfigFiles: []types.ConfigFile{{Filename: f.Path, Config: parsed}},
	})
	if err == nil && config == nil {
		return nil, errors.New("no configuration")
	}
	return config, err
}

func (d *docket) ignoredBySwarm(f generator.File) {
	parsed, err := loader.ParseYAML([]byte(f.Content))
	if err != nil {
		return
	}
	for _, property := range loader.GetUnsupportedProperties(parsed) {
		d.add(f.Path, lineOf(f.Content, property+":"), "unsupported", "docker stack deploy ignores %s", property)
	}
	deprecated := loader.GetDeprecatedProperties(parsed)
	for _, property := range slices.Sorted(maps.Keys(deprecated)) {
		d.add(f.Path, lineOf(f.Content, property+":"), "deprecated", "%s: %s", property, deprecated[property])
	}
}

func (d *docket) stackService(f generator.File, s types.ServiceConfig) {
	line := lineOf(f.Content, "\n  "+s.Name+":") + 1
	missing := func(ok bool, what string) {
		if !ok {
			d.add(f.Path, line, "hardening", "%s has no %s", s.Name, what)
		}
	}
	limits := s.Deploy.Resources.Limits
	missing(limits != nil && limits.NanoCPUs != "" && limits.MemoryBytes > 0, "limits of processor and memory")
	missing(s.HealthCheck != nil, "health check")
	missing(s.StopGracePeriod != nil, "stop_grace_period")
	missing(s.Deploy.UpdateConfig != nil, "update_config")
	if untagged(s.Image) {
		d.add(f.Path, line, "image-tag", "%s has to name a tag: %q", s.Name, s.Image)
	}
	for name, value := range s.Environment {
		if value != nil && *value != "" && !strings.HasSuffix(name, "_FILE") && holdsSecret(name, *value) {
			d.add(f.Path, lineOf(f.Content, name), "secret", "%s of %s is a secret in the file; use a swarm secret", name, s.Name)
		}
	}
	if slices.Contains([]string{"postgres", "mysql", "mongo", "redis", "valkey", "rabbitmq"}, repository(s.Image)) {
		return
	}
	missing(s.ReadOnly, "read_only root")
	missing(slices.Contains(s.CapDrop, "ALL"), "cap_drop: ALL")
	missing(s.Init != nil && *s.Init, "init")
	missing(slices.Contains(s.Tmpfs, "/tmp"), "tmpfs on /tmp")
	if u := s.Deploy.UpdateConfig; u != nil {
		missing(u.Order == "start-first" && u.FailureAction == "rollback", "update that starts the new one first and rolls back")
	}
}
