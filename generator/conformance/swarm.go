package conformance

import (
	"context"
	"errors"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/docker/cli/cli/compose/convert"
	"github.com/docker/cli/cli/compose/loader"
	"github.com/docker/cli/cli/compose/types"
	"github.com/moby/moby/api/types/mount"
	"github.com/moby/moby/api/types/swarm"
	"github.com/moby/moby/client"

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
	d.specs(f, config)
	return d.found
}

// specs judges what the swarm is told in the end: properties that the schema
// knows and the conversion drops, such as tmpfs, are not seen before.
func (d *docket) specs(f generator.File, config *types.Config) {
	m := deployed.FindStringSubmatch(f.Content)
	if m == nil {
		d.add(f.Path, 1, "stack", "does not tell under which name it is deployed")
		return
	}
	specs, err := convert.Services(context.Background(), convert.NewNamespace(m[1]), config, vault{})
	if err != nil {
		d.add(f.Path, 0, "convert", "%v", err)
	}
	for name, spec := range specs {
		line := lineOf(f.Content, "\n  "+name+":") + 1
		if len(spec.Name) > 63 {
			d.add(f.Path, line, "name", "%s has %d characters, and Swarm allows 63", spec.Name, len(spec.Name))
		}
		container := spec.TaskTemplate.ContainerSpec
		temporary := slices.ContainsFunc(container.Mounts, func(m mount.Mount) bool {
			return m.Type == mount.TypeTmpfs && m.Target == "/tmp" && m.TmpfsOptions != nil && m.TmpfsOptions.SizeBytes > 0
		})
		if container.ReadOnly && !temporary {
			d.add(f.Path, line, "tmpfs", "%s has a read-only root, and no tmpfs of a size on /tmp", name)
		}
		if spec.TaskTemplate.LogDriver == nil || spec.TaskTemplate.LogDriver.Options["max-size"] == "" {
			d.add(f.Path, line, "logging", "%s has no log rotation", name)
		}
	}
}

// deployed finds the stack's name in the command of the first line.
var deployed = regexp.MustCompile(`^# .*docker stack deploy .* (\S+)\n`)

// A vault has every secret that a stack asks for.
type vault struct{ client.APIClient }

func (vault) SecretList(_ context.Context, options client.SecretListOptions) (client.SecretListResult, error) {
	var result client.SecretListResult
	for name := range options.Filters["name"] {
		secret := swarm.Secret{ID: name}
		secret.Spec.Name = name
		result.Items = append(result.Items, secret)
	}
	return result, nil
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
	if u := s.Deploy.UpdateConfig; u != nil {
		missing(u.Order == "start-first" && u.FailureAction == "rollback", "update that starts the new one first and rolls back")
	}
}
