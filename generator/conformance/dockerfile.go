package conformance

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"

	"github.com/davit-cli/davit/generator"
)

// A stage is one stage of a Dockerfile, with its commands sorted by kind. What
// it inherits from an earlier stage is not in it.
type stage struct {
	instructions.Stage
	file        string
	users       []*instructions.UserCommand
	runs        []*instructions.RunCommand
	copies      []*instructions.CopyCommand
	cmd         *instructions.CmdCommand
	entrypoint  *instructions.EntrypointCommand
	health      *instructions.HealthCheckCommand
	exposed     []string
	labels      []string
	environment []string
}

// Dockerfile judges the rules of davit's own specification on the parsed
// instructions: what no general checker can know to be wanted.
func Dockerfile(files []generator.File) []Finding {
	d := &docket{judge: "dockerfile"}
	f, ok := named(files, "Dockerfile")
	if !ok {
		return nil
	}
	parsed, _, err := parseDockerfile(f.Content)
	if err != nil {
		d.add(f.Path, 0, "parse", "%v", err)
		return d.found
	}
	if !strings.HasPrefix(f.Content, "# syntax=docker/dockerfile:1\n") {
		d.add(f.Path, 1, "syntax", "the first line has to be # syntax=docker/dockerfile:1")
	}
	d.suppressions(f)
	if len(parsed) < 2 || parsed[len(parsed)-1].Name != "runtime" {
		d.add(f.Path, 0, "stages", "has to have a builder, and runtime as its last stage")
		return d.found
	}
	for _, p := range parsed {
		s := sorted(p, f.Path)
		d.everyStage(s)
		if s.cmd != nil {
			d.runnable(s)
		}
		if s.Name == "runtime" {
			d.runtime(s)
		}
	}
	d.cacheMounts(f, parsed)
	d.server(f, files)
	return d.found
}

func parseDockerfile(content string) ([]instructions.Stage, []instructions.ArgCommand, error) {
	tree, err := parser.Parse(strings.NewReader(content))
	if err != nil {
		return nil, nil, err
	}
	stages, args, err := instructions.Parse(tree.AST, nil)
	if err != nil {
		return nil, nil, err
	}
	for _, s := range stages { // mounts are known only after an expansion
		for _, c := range s.Commands {
			if run, ok := c.(*instructions.RunCommand); ok {
				if err := run.Expand(func(word string) (string, error) { return word, nil }); err != nil {
					return nil, nil, err
				}
			}
		}
	}
	return stages, args, nil
}

func sorted(p instructions.Stage, file string) stage {
	s := stage{Stage: p, file: file}
	for _, c := range p.Commands {
		switch c := c.(type) {
		case *instructions.UserCommand:
			s.users = append(s.users, c)
		case *instructions.RunCommand:
			s.runs = append(s.runs, c)
		case *instructions.CopyCommand:
			s.copies = append(s.copies, c)
		case *instructions.CmdCommand:
			s.cmd = c
		case *instructions.EntrypointCommand:
			s.entrypoint = c
		case *instructions.HealthCheckCommand:
			s.health = c
		case *instructions.ExposeCommand:
			s.exposed = append(s.exposed, c.Ports...)
		case *instructions.LabelCommand:
			for _, l := range c.Labels {
				s.labels = append(s.labels, l.Key)
			}
		case *instructions.EnvCommand:
			for _, e := range c.Env {
				s.environment = append(s.environment, e.Key)
			}
		case *instructions.ArgCommand:
			for _, a := range c.Args {
				s.environment = append(s.environment, a.Key)
			}
		}
	}
	return s
}

// taken returns the paths that a command takes from the build context.
func taken(c instructions.Command) []string {
	switch c := c.(type) {
	case *instructions.CopyCommand:
		if c.From == "" {
			return slices.DeleteFunc(slices.Clone(c.SourcePaths), func(p string) bool { return path.Clean(p) == "." })
		}
	case *instructions.RunCommand:
		var sources []string
		for _, m := range instructions.GetMounts(c) {
			if m.Type == instructions.MountTypeBind && m.From == "" && m.Source != "" && path.Clean(m.Source) != "." {
				sources = append(sources, strings.TrimPrefix(m.Source, "/"))
			}
		}
		return sources
	}
	return nil
}

var (
	secretName   = regexp.MustCompile(`(?i)(^|_)(secret|token|passw(or)?d|api_?key|private_?key|credentials?|auth)(_|$)`)
	installs     = regexp.MustCompile(`\b(uv (sync|pip install)|pip install|pip3 install|poetry (install|sync)|pdm (install|sync)|pipenv (install|sync)|micromamba (create|install)|(/pip|pip)( --python \S+)? install)\b`)
	aptInstalls  = regexp.MustCompile(`\bapt-get install\b`)
	sourceCopied = regexp.MustCompile(`^\.?/?$`)
	suppression  = regexp.MustCompile(`(?i)#\s*(hadolint (global )?ignore|check=.*skip|checkov:skip|trivy:ignore|shellcheck disable)\S*`)
	reasoned     = regexp.MustCompile(`(\s+\S+){4,}`)
)

// suppressions have to carry their reason on the same line or in the comment above.
func (d *docket) suppressions(f generator.File) {
	lines := strings.Split(f.Content, "\n")
	for i, line := range lines {
		at := suppression.FindStringIndex(line)
		if at == nil || reasoned.MatchString(line[at[1]:]) || i > 0 && reasoned.MatchString(lines[i-1]) && strings.HasPrefix(lines[i-1], "#") {
			continue
		}
		d.add(f.Path, i+1, "suppression", "a check is silenced without a reason beside it: %s", line)
	}
}

func (d *docket) everyStage(s stage) {
	if s.Name == "" {
		d.add(s.file, lineAt(s.Location), "stage-name", "a stage without a name")
	}
	for _, name := range s.environment {
		if secretName.MatchString(name) {
			d.add(s.file, lineAt(s.Location), "secret", "%s in ENV or ARG of %s stays in the image's history", name, s.Name)
		}
	}
	for _, c := range s.Commands {
		if add, ok := c.(*instructions.AddCommand); ok {
			d.add(s.file, lineAt(add.Location()), "add", "COPY says what it does; ADD unpacks and downloads")
		}
	}
	for _, run := range s.runs {
		d.run(s, run)
	}
	d.order(s)
}

func (d *docket) run(s stage, run *instructions.RunCommand) {
	line, command := lineAt(run.Location()), strings.Join(run.CmdLine, " ")
	for _, bad := range []struct{ text, rule, why string }{
		{"chmod 777", "world-writable", "everybody may write"},
		{"sudo ", "sudo", "the build is root already"},
		{"--no-cache-dir", "cache", "a cache mount keeps downloads out of the layer and still reuses them"},
		{"uv sync --frozen", "lock", "--frozen does not notice a stale lock; use --locked"},
		{"uv.workers", "deprecated", "uvicorn.workers is deprecated"},
		{"--trusted-host", "tls", "turns certificate checks off"},
		{"apt-get upgrade", "upgrade", "the base image's tag brings the fixes; two builds would differ"},
		{"curl ", "download", "what is downloaded is not verified"},
		{"wget ", "download", "what is downloaded is not verified"},
	} {
		if strings.Contains(command, bad.text) {
			d.add(s.file, line, bad.rule, "%q: %s", bad.text, bad.why)
		}
	}
	if aptInstalls.MatchString(command) {
		for _, needed := range []string{"--no-install-recommends", "rm -rf /var/lib/apt/lists/*"} {
			if !strings.Contains(command, needed) {
				d.add(s.file, line, "apt", "apt-get install without %s", needed)
			}
		}
	}
	if strings.Contains(command, "uv sync") && !strings.Contains(command, "--locked") {
		d.add(s.file, line, "lock", "uv sync has to have --locked, so that a stale lock stops the build")
	}
	if installs.MatchString(command) && !slices.ContainsFunc(instructions.GetMounts(run), func(m *instructions.Mount) bool { return m.Type == instructions.MountTypeCache }) &&
		!strings.Contains(command, "--no-deps") {
		d.add(s.file, line, "cache", "an installer without a cache mount: %s", command)
	}
}

// order asks that dependencies are installed before the source is copied.
func (d *docket) order(s stage) {
	copied := 0
	for _, c := range s.Commands {
		switch c := c.(type) {
		case *instructions.CopyCommand:
			if c.From == "" && slices.ContainsFunc(c.SourcePaths, sourceCopied.MatchString) {
				copied = lineAt(c.Location())
			}
		case *instructions.RunCommand:
			command := strings.Join(c.CmdLine, " ")
			project := strings.Contains(command, "--no-deps") || strings.Contains(command, "--only-root") || strings.Contains(command, "uv sync --locked") || strings.Contains(command, "pdm install")
			if copied > 0 && installs.MatchString(command) && !project {
				d.add(s.file, lineAt(c.Location()), "layer-order", "dependencies are installed after the source is copied (line %d): every change reinstalls them", copied)
			}
		}
	}
}

// runnable judges a stage that has a command, the development stage as well.
func (d *docket) runnable(s stage) {
	if s.cmd.PrependShell || len(s.cmd.CmdLine) == 0 {
		d.add(s.file, lineAt(s.cmd.Location()), "exec-form", "CMD of %s has to be in exec form, so that the server gets the signals", s.Name)
	}
	if slices.Contains([]string{"sh", "bash", "/bin/sh", "/bin/bash"}, s.cmd.CmdLine[0]) && !strings.Contains(strings.Join(s.cmd.CmdLine, " "), "exec ") {
		d.add(s.file, lineAt(s.cmd.Location()), "exec-form", "CMD of %s starts a shell that does not exec", s.Name)
	}
	if s.entrypoint != nil && s.entrypoint.PrependShell && len(s.entrypoint.CmdLine) > 0 {
		d.add(s.file, lineAt(s.entrypoint.Location()), "exec-form", "ENTRYPOINT of %s has to be in exec form", s.Name)
	}
	if slices.Contains(s.cmd.CmdLine, "--forwarded-allow-ips=*") || strings.Contains(strings.Join(s.cmd.CmdLine, " "), "--forwarded-allow-ips *") {
		d.add(s.file, lineAt(s.cmd.Location()), "forwarded", "trusts every client's X-Forwarded-For")
	}
	if len(s.users) == 0 || s.users[len(s.users)-1].User != "10001:10001" {
		d.add(s.file, lineAt(s.Location), "user", "%s has to end as USER 10001:10001", s.Name)
	}
	if len(s.exposed) == 0 {
		d.add(s.file, lineAt(s.Location), "expose", "%s has no EXPOSE", s.Name)
	}
	d.healthcheck(s)
}

func (d *docket) healthcheck(s stage) {
	if s.health == nil {
		d.add(s.file, lineAt(s.Location), "healthcheck", "%s has no HEALTHCHECK", s.Name)
		return
	}
	h, line := s.health.Health, lineAt(s.health.Location())
	if len(h.Test) == 0 || h.Test[0] != "CMD" {
		d.add(s.file, line, "healthcheck", "HEALTHCHECK of %s has to be in exec form: it has to work without a shell", s.Name)
	}
	command := strings.Join(h.Test, " ")
	if strings.Contains(command, "curl") || strings.Contains(command, "wget") {
		d.add(s.file, line, "healthcheck", "HEALTHCHECK of %s needs a program that the image has no other use for", s.Name)
	}
	if strings.Contains(command, "localhost") || !strings.Contains(command, "127.0.0.1") {
		d.add(s.file, line, "healthcheck", "HEALTHCHECK of %s has to ask 127.0.0.1: localhost may be ::1", s.Name)
	}
	if h.Timeout < time.Second || h.StartInterval <= 0 || h.StartPeriod <= 0 || h.Interval <= 0 {
		d.add(s.file, line, "healthcheck", "HEALTHCHECK of %s needs interval, timeout, start period and start interval", s.Name)
	}
}

// identity are the labels by which a registry and an operator know an image.
var identity = []string{"title", "version", "revision", "created", "source"}

// tools must not be called in what ships.
var tools = regexp.MustCompile(`\b(uv|pip|pip3|poetry|pdm|pipenv|micromamba|conda|gcc|make)\b`)

// shellless are the bases without a shell; their entrypoint is Python.
var shellless = regexp.MustCompile(`distroless|^cgr\.dev/`)

// removed is what a command takes away.
var removed = regexp.MustCompile(`\brm -r [^&|;]*`)

func (d *docket) runtime(s stage) {
	if s.cmd == nil {
		d.add(s.file, lineAt(s.Location), "cmd", "runtime has no CMD")
	}
	for _, name := range identity {
		if !slices.Contains(s.labels, "org.opencontainers.image."+name) && !slices.Contains(s.labels, `"org.opencontainers.image.`+name+`"`) {
			d.add(s.file, lineAt(s.Location), "labels", "runtime has no label org.opencontainers.image.%s", name)
		}
	}
	for _, run := range s.runs {
		command := strings.Join(run.CmdLine, " ")
		switch {
		case shellless.MatchString(s.BaseName) && run.PrependShell:
			d.add(s.file, lineAt(run.Location()), "no-shell", "RUN needs a shell that %s does not have", s.BaseName)
		case tools.MatchString(removed.ReplaceAllString(command, "")):
			d.add(s.file, lineAt(run.Location()), "runtime-tools", "runtime must hold no installer or compiler: %s", command)
		}
	}
	ofPython := strings.HasPrefix(s.BaseName, "python:") // whose images bring pip
	if ofPython && !slices.ContainsFunc(s.runs, func(r *instructions.RunCommand) bool {
		taken := removed.FindString(strings.Join(r.CmdLine, " "))
		return strings.Contains(taken, "/bin/pip*") && strings.Contains(taken, "/site-packages/pip*") && strings.Contains(taken, "/ensurepip")
	}) {
		d.add(s.file, lineAt(s.Location), "pip", "the base image's pip, and ensurepip that brings it back, stay in what ships")
	}
	if ofChainguard := strings.HasPrefix(s.BaseName, "cgr.dev/"); ofChainguard && !slices.ContainsFunc(s.runs, func(r *instructions.RunCommand) bool {
		return strings.Contains(strings.Join(r.CmdLine, " "), "rmtree('/usr/share/python-wheels')")
	}) {
		d.add(s.file, lineAt(s.Location), "pip", "the wheel of pip, from which the base image's Python installs it, stays in what ships")
	}
	if shellless.MatchString(s.BaseName) && s.entrypoint == nil {
		d.add(s.file, lineAt(s.Location), "entrypoint", "the base image's entrypoint is its Python, and the command would be its arguments")
	}
	for _, c := range s.copies {
		if c.From == "" && c.Chmod != "u=rwX,go=rX" {
			d.add(s.file, lineAt(c.Location()), "writable", "what comes from the project's folder brings modes that may let the process write its own code: no --chmod=u=rwX,go=rX")
		}
		if c.Chown != "" && c.Chown != "root:root" && c.Chown != "0:0" {
			d.add(s.file, lineAt(c.Location()), "writable", "the process must not be able to write its own code: --chown=%s", c.Chown)
		}
	}
	if n := len(s.Commands); n > 0 && len(s.users) > 0 {
		after := false
		for _, c := range s.Commands {
			if c == instructions.Command(s.users[len(s.users)-1]) {
				after = true
			}
			switch c.(type) {
			case *instructions.RunCommand, *instructions.CopyCommand:
				if after {
					d.add(s.file, lineAt(c.Location()), "user", "after USER nothing is to be run or copied in runtime")
				}
			}
		}
	}
}

func (d *docket) cacheMounts(f generator.File, stages []instructions.Stage) {
	for _, s := range stages {
		for _, c := range s.Commands {
			if run, ok := c.(*instructions.RunCommand); ok {
				for _, m := range instructions.GetMounts(run) {
					if m.Type == instructions.MountTypeCache {
						return
					}
				}
			}
		}
	}
	d.add(f.Path, 0, "cache", "no RUN has a cache mount")
}

// server judges the settings that a read-only root and a proxy need.
func (d *docket) server(f generator.File, files []generator.File) {
	if strings.Contains(f.Content, "uvicorn.workers") {
		d.add(f.Path, lineOf(f.Content, "uvicorn.workers"), "deprecated", "uvicorn.workers is deprecated")
	}
	conf, ok := named(files, "gunicorn.conf.py")
	if !ok {
		return
	}
	if !strings.Contains(f.Content, "gunicorn.conf.py") {
		d.add(f.Path, 0, "gunicorn", "nothing in the Dockerfile reads %s", conf.Path)
	}
	for _, needed := range []string{"worker_tmp_dir", "/dev/shm", "graceful_timeout", "max_requests_jitter", "keepalive", "worker_class"} {
		if !strings.Contains(conf.Content, needed) {
			d.add(conf.Path, 0, "gunicorn", "%s is not set", needed)
		}
	}
	if strings.Contains(conf.Content, "uvicorn.workers") {
		d.add(conf.Path, lineOf(conf.Content, "uvicorn.workers"), "deprecated", "uvicorn.workers is deprecated")
	}
}

func lineAt(ranges []parser.Range) int {
	if len(ranges) == 0 {
		return 0
	}
	return ranges[0].Start.Line
}
