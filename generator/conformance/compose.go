package conformance

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/template"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/sirupsen/logrus"
	"go.yaml.in/yaml/v3"

	"github.com/davit-cli/davit/generator"
)

// Compose judges compose.yaml and compose.prod.yaml with the library that
// `docker compose` itself loads them by: schema, interpolation, consistency,
// and its warnings as findings. The environment is that of .env.example with
// the empty values filled in, so that a variable missing there is found.
func Compose(files []generator.File) []Finding {
	d := &docket{judge: "compose"}
	if f, ok := named(files, "compose.yaml"); ok {
		// Development works at once: a newcomer has no .env.
		if p, ok := d.load(f, nil); ok {
			d.development(f, p)
		}
	}
	if f, ok := named(files, "compose.prod.yaml"); ok {
		example, _ := named(files, ".env.example")
		if p, ok := d.load(f, filled(example.Content)); ok {
			d.production(f, p)
		}
		d.required(f)
		d.declared(f, example)
	}
	return d.found
}

// load parses f as strictly as compose-go can.
func (d *docket) load(f generator.File, env map[string]string) (*types.Project, bool) {
	project, warnings, err := loadCompose(f, env)
	for _, w := range warnings {
		d.add(f.Path, lineOf(f.Content, w), "warning", "%s", w)
	}
	if err != nil {
		d.add(f.Path, lineIn(err), "load", "%v", err)
		return nil, false
	}
	if !strings.Contains(f.Content, "\nname: ") {
		d.add(f.Path, 0, "name", "without a name the project is called like its folder")
	}
	for _, s := range project.AllServices() {
		d.composeService(f, s)
	}
	d.used(f, project)
	return project, true
}

func loadCompose(f generator.File, env map[string]string) (*types.Project, []string, error) {
	var project *types.Project
	var err error
	warnings := logged(func() {
		project, err = loader.LoadWithContext(context.Background(), types.ConfigDetails{
			WorkingDir:  "/project",
			Environment: env,
			ConfigFiles: []types.ConfigFile{{Filename: f.Path, Content: []byte(f.Content)}},
		}, func(o *loader.Options) { o.SetProjectName("project", false) })
	})
	return project, warnings, err
}

// composeService judges what holds in development and in production.
func (d *docket) composeService(f generator.File, s types.ServiceConfig) {
	line := lineOf(f.Content, "\n  "+s.Name+":") + 1
	if s.Privileged || s.NetworkMode == "host" || s.Pid == "host" || s.Ipc == "host" || s.UserNSMode == "host" {
		d.add(f.Path, line, "isolation", "%s shares the host's namespaces or privileges", s.Name)
	}
	for _, v := range s.Volumes {
		if strings.Contains(v.Source, "docker.sock") {
			d.add(f.Path, line, "isolation", "%s controls the Docker daemon", s.Name)
		}
		if v.Type == types.VolumeTypeBind && strings.HasPrefix(v.Target, "/app") {
			d.add(f.Path, line, "bind", "%s hides what the image has under /app, the virtual environment among it", s.Name)
		}
	}
	if s.ContainerName != "" {
		d.add(f.Path, line, "container-name", "%s cannot be scaled, and two checkouts collide", s.Name)
	}
	if s.Build == nil && untagged(s.Image) {
		d.add(f.Path, line, "image-tag", "%s has to name a tag: %q", s.Name, s.Image)
	}
	if s.HealthCheck == nil && s.Build == nil {
		d.add(f.Path, line, "healthcheck", "%s has no health check", s.Name)
	}
	if h := s.HealthCheck; h != nil && !h.Disable && (len(h.Test) == 0 || h.Timeout == nil || h.Interval == nil || h.StartPeriod == nil) {
		d.add(f.Path, line, "healthcheck", "the health check of %s needs test, interval, timeout and start period", s.Name)
	}
	for _, p := range s.Ports {
		if p.HostIP != "127.0.0.1" {
			d.add(f.Path, line, "ports", "%s publishes %s on %q: every interface of the machine, past its firewall", s.Name, p.Published, p.HostIP)
		}
	}
}

func (d *docket) development(f generator.File, p *types.Project) {
	built := 0
	for _, s := range p.AllServices() {
		line := lineOf(f.Content, "\n  "+s.Name+":") + 1
		if s.Build == nil {
			continue
		}
		built++
		if s.Develop == nil && len(s.Ports) > 0 {
			d.add(f.Path, line, "watch", "%s has nothing for docker compose watch", s.Name)
		}
		for name, dependency := range s.DependsOn {
			if dependency.Condition != types.ServiceConditionHealthy {
				d.add(f.Path, line, "depends-on", "%s starts before %s is healthy", s.Name, name)
			}
		}
	}
	if built == 0 {
		d.add(f.Path, 0, "build", "nothing is built")
	}
}

func (d *docket) production(f generator.File, p *types.Project) {
	for _, s := range p.AllServices() {
		line := lineOf(f.Content, "\n  "+s.Name+":") + 1
		missing := func(ok bool, what string) {
			if !ok {
				d.add(f.Path, line, "hardening", "%s has no %s", s.Name, what)
			}
		}
		limits, reserved := resources(s)
		missing(s.Restart == "unless-stopped" || s.Restart == "always", "restart policy")
		missing(slices.Contains(s.SecurityOpt, "no-new-privileges:true"), "no-new-privileges:true")
		missing(s.StopGracePeriod != nil, "stop_grace_period")
		missing(s.Logging != nil && s.Logging.Options["max-size"] != "" && s.Logging.Options["max-file"] != "", "log rotation")
		missing(limits != nil && limits.NanoCPUs > 0 && limits.MemoryBytes > 0, "limits of processor and memory")
		if s.Build != nil {
			d.add(f.Path, line, "build", "%s is built on the server instead of pulled by tag", s.Name)
		}
		d.plainSecrets(f, s)
		if !ours(s) {
			if len(s.Ports) > 0 {
				d.add(f.Path, line, "ports", "%s is reachable from outside", s.Name)
			}
			continue
		}
		missing(s.ReadOnly, "read_only root")
		missing(slices.Contains(s.CapDrop, "ALL"), "cap_drop: ALL")
		missing(len(s.CapAdd) == 0, "empty cap_add")
		missing(s.Init != nil && *s.Init, "init")
		missing(s.User == "" || s.User == "10001:10001", "user 10001:10001")
		missing(slices.ContainsFunc(s.Tmpfs, func(t string) bool { return strings.HasPrefix(t, "/tmp") }), "tmpfs on /tmp")
		missing(reserved != nil && reserved.NanoCPUs > 0 && reserved.MemoryBytes > 0, "reservations")
		missing(limits != nil && limits.Pids > 0, "limit of processes")
	}
}

func resources(s types.ServiceConfig) (limits, reserved *types.Resource) {
	if s.Deploy == nil {
		return nil, nil
	}
	return s.Deploy.Resources.Limits, s.Deploy.Resources.Reservations
}

// ours tells the service and its worker from the backing services, which the
// official images of Docker Hub serve.
func ours(s types.ServiceConfig) bool {
	return !slices.Contains([]string{"postgres", "mysql", "mongo", "redis", "valkey", "rabbitmq"}, repository(s.Image))
}

func repository(image string) string {
	name, _, _ := strings.Cut(image, "@")
	if i := strings.LastIndex(name, ":"); i > strings.LastIndex(name, "/") {
		name = name[:i]
	}
	return name
}

func untagged(image string) bool {
	return !strings.Contains(image, "@") && (repository(image) == image || strings.HasSuffix(image, ":latest"))
}

// plainSecrets finds values that belong into a file, and URLs with a password.
func (d *docket) plainSecrets(f generator.File, s types.ServiceConfig) {
	for name, value := range s.Environment {
		if value == nil || *value == "" || strings.HasSuffix(name, "_FILE") {
			continue
		}
		if holdsSecret(name, *value) {
			d.add(f.Path, lineOf(f.Content, name), "secret", "%s of %s is a secret in the file or the environment; use a file under secrets", name, s.Name)
		}
	}
}

// holdsSecret reports whether an environment variable is a password or has one
// in it; MYSQL_RANDOM_ROOT_PASSWORD asks for one that nobody knows.
func holdsSecret(name, value string) bool {
	return name != "MYSQL_RANDOM_ROOT_PASSWORD" && (secretName.MatchString(name) || credentials.MatchString(value))
}

var credentials = regexp.MustCompile(`://[^/@\s:]*:[^/@\s]+@`)

// used finds volumes, secrets and networks that nothing refers to; compose-go
// itself refuses references to what is not declared.
func (d *docket) used(f generator.File, p *types.Project) {
	used := map[string]bool{}
	for _, s := range p.AllServices() {
		for _, v := range s.Volumes {
			used["volume "+v.Source] = true
		}
		for _, secret := range s.Secrets {
			used["secret "+secret.Source] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(p.Volumes)) {
		if !used["volume "+name] {
			d.add(f.Path, lineOf(f.Content, name+":"), "unused", "no service uses volume %s", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(p.Secrets)) {
		if !used["secret "+name] {
			d.add(f.Path, lineOf(f.Content, name+":"), "unused", "no service uses secret %s", name)
		}
	}
}

// required asks that loading without an environment fails with a message that
// tells what to set.
func (d *docket) required(f generator.File) {
	_, _, err := loadCompose(f, nil)
	var missing *template.MissingRequiredError
	switch {
	case err == nil:
		d.add(f.Path, 0, "required", "loads without any environment: the image's tag has to be a required variable")
	case !errors.As(err, &missing) || len(strings.Fields(missing.Reason)) < 3:
		d.add(f.Path, 0, "required", "a missing variable gives no message that tells what to set: %v", err)
	}
}

var assignment = regexp.MustCompile(`^#? ?([A-Z][A-Z0-9_]*)=(.*)$`)

// filled returns the environment that .env.example describes, with something
// in the place of what the user has to fill in. Commented settings stay unset.
func filled(example string) map[string]string {
	env := map[string]string{}
	for _, line := range strings.Split(example, "\n") {
		m := assignment.FindStringSubmatch(line)
		if m == nil || strings.HasPrefix(line, "#") {
			continue
		}
		if env[m[1]] = strings.Trim(m[2], `"'`); env[m[1]] == "" {
			env[m[1]] = "1.0.0"
		}
	}
	return env
}

// declared asks that .env.example has every variable that the file reads.
func (d *docket) declared(f, example generator.File) {
	known := map[string]bool{}
	for _, line := range strings.Split(example.Content, "\n") {
		if m := assignment.FindStringSubmatch(line); m != nil {
			known[m[1]] = true
		}
	}
	var document map[string]any
	if yaml.Unmarshal([]byte(f.Content), &document) != nil {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(template.ExtractVariables(document, template.DefaultPattern))) {
		if !known[name] {
			d.add(f.Path, lineOf(f.Content, "${"+name), "env-example", "%s is not in .env.example", name)
		}
	}
}

// logged returns the warnings that a library writes to logrus' standard logger
// while do runs. One at a time, as that logger is the process's.
func logged(do func()) []string {
	logging.Lock()
	defer logging.Unlock()
	recorder := &warnings{}
	logger := logrus.StandardLogger()
	old := logger.ReplaceHooks(logrus.LevelHooks{})
	out := logger.Out
	logger.SetOutput(io.Discard)
	logger.AddHook(recorder)
	defer func() { logger.ReplaceHooks(old); logger.SetOutput(out) }()
	do()
	return recorder.texts
}

var logging sync.Mutex

type warnings struct{ texts []string }

func (*warnings) Levels() []logrus.Level {
	return []logrus.Level{logrus.WarnLevel, logrus.ErrorLevel}
}

func (w *warnings) Fire(e *logrus.Entry) error {
	w.texts = append(w.texts, fmt.Sprint(e.Message))
	return nil
}
