package conformance

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestDeploy builds one service with a worker, a database and a broker once,
// and proves and deploys the image with the generated files and scripts alone,
// everywhere that is to be had on one machine. The image is distroless, where
// nothing can lean on a shell.
func TestDeploy(t *testing.T) {
	needCompose(t)
	p := newProject(t, "worker", "--base", "distroless", "--target", "docker,compose,swarm", "--service", "postgres,redis",
		"--worker", "celery -A app.tasks worker --concurrency 1", "--extra", "scripts")
	p.build("1.0.0")
	for _, part := range []struct {
		name string
		test func(project)
	}{
		{"validate", project.validates},
		{"docker", project.dockerProduction},
		{"compose", project.composeProduction},
		{"swarm", project.swarmProduction},
	} {
		t.Run(part.name, func(t *testing.T) {
			p := p
			p.t = t
			part.test(p)
		})
	}
}

// A project is a service with the files that davit wrote beside it, which the
// test deploys under a name of its own.
type project struct {
	dir, name string
	port      int
	t         *testing.T
}

// newProject makes the service and lets davit generate with these options.
func newProject(t *testing.T, service string, options ...string) project {
	t.Helper()
	p := project{makeService(t, service, "uv"), uniqueName(), freePort(t), t}
	davit(t, append([]string{"generate", p.dir, "--dependencies", "uv", "--python", "3.13", "--health-path", "/health",
		"--name", p.name, "--port", fmt.Sprint(p.port)}, options...)...)
	return p
}

func (p project) url(route string) string { return fmt.Sprintf("http://127.0.0.1:%d%s", p.port, route) }

// run runs a program in the project and returns what it printed.
func (p project) run(name string, args ...string) string {
	p.t.Helper()
	out, err := p.try(name, args...)
	if err != nil {
		p.t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, tail(out))
	}
	return out
}

// fails runs a program that has to fail, and returns what it printed.
func (p project) fails(name string, args ...string) string {
	p.t.Helper()
	out, err := p.try(name, args...)
	if err == nil {
		p.t.Fatalf("%s %s has to fail, and does not:\n%s", name, strings.Join(args, " "), tail(out))
	}
	return out
}

// try runs a program, and does not wait for ever: a deployment that does not
// converge would.
func (p project) try(name string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(p.t.Context(), 8*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.WaitDelay = p.dir, 10*time.Second
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// edit changes a file of the project.
func (p project) edit(file, old, new string) {
	p.t.Helper()
	path := filepath.Join(p.dir, file)
	content, err := os.ReadFile(path)
	if err != nil {
		p.t.Fatal(err)
	}
	if !bytes.Contains(content, []byte(old)) {
		p.t.Fatalf("%s has no %q", file, old)
	}
	if err := os.WriteFile(path, bytes.ReplaceAll(content, []byte(old), []byte(new)), 0o644); err != nil {
		p.t.Fatal(err)
	}
}

// build builds the image with the generated script, and removes it in the end.
func (p project) build(tag string) string {
	p.t.Helper()
	image := p.name + ":" + tag
	p.t.Cleanup(func() { exec.Command("docker", "image", "rm", "--force", image).Run() })
	p.run("scripts/build", tag)
	return image
}

// nowhere lets the service start, which asks for its addresses at once.
const nowhere = "redis://127.0.0.1/0"

// validates runs scripts/validate on the image, and on ones that are broken in
// one way each.
func (p project) validates() {
	image := p.name + ":1.0.0"
	out := p.run("scripts/validate", image, "--env", "REDIS_URL="+nowhere)
	for _, want := range []string{"user is 10001:10001", "size is ", "healthy after ", "every process runs as UID 10001", "stopped gracefully in "} {
		if !strings.Contains(out, "ok    "+want) {
			p.t.Errorf("scripts/validate does not say %q:\n%s", want, out)
		}
	}
	for _, broken := range []struct {
		instructions, environment string
		want                      []string
	}{
		{"USER 0:0", "WAIT=60", []string{"user is '0:0'", "processes run as UID 0 "}},
		{`HEALTHCHECK --start-interval=1s CMD ["python", "-c", "raise SystemExit(1)"]`, "WAIT=5", []string{"state is 'Up "}},
		{"HEALTHCHECK NONE", "WAIT=60", []string{"state is 'Up "}},
		{`CMD ["python", "-c", "raise SystemExit('cannot start')"]`, "WAIT=60", []string{"state is 'Exited (1)", "cannot start"}},
		{`HEALTHCHECK --start-interval=1s CMD ["python", "-c", ""]` + "\n" +
			`CMD ["python", "-c", "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"]`, "WAIT=60",
			[]string{"stopped with exit status 137"}},
		{"", "MAX_MB=1", []string{" MB, more than 1"}},
	} {
		name := image
		if broken.instructions != "" {
			name = p.variant("FROM " + image + "\n" + broken.instructions + "\n")
		}
		out := p.fails("env", broken.environment, "scripts/validate", name, "--env", "REDIS_URL="+nowhere)
		for _, want := range broken.want {
			if !strings.Contains(out, "FAIL  ") || !strings.Contains(out, want) {
				p.t.Errorf("with %q scripts/validate does not say %q, but:\n%s", broken.instructions+broken.environment, want, out)
			}
		}
	}
}

// variant builds an image from a Dockerfile alone.
func (p project) variant(dockerfile string) string {
	p.t.Helper()
	dir := p.t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "Dockerfile"), []byte(dockerfile), 0o644); err != nil {
		p.t.Fatal(err)
	}
	return buildImage(p.t, dir).name
}

// dockerProduction deploys the image alone, twice: the second takes the place
// of the first.
func (p project) dockerProduction() {
	p.t.Cleanup(func() { exec.Command("docker", "rm", "--force", p.name).Run() })
	environment := filepath.Join(p.dir, ".env")
	if err := os.WriteFile(environment, []byte("REDIS_URL="+nowhere+"\n"), 0o600); err != nil {
		p.t.Fatal(err)
	}
	defer os.Remove(environment)
	first := p.run("scripts/deploy", "1.0.0", "docker")
	second := p.run("scripts/deploy", "1.0.0", "docker")
	c := container{id: p.name, t: p.t}
	if id := c.inspect("{{.Id}}"); !strings.Contains(second, id) || strings.Contains(first, id) {
		p.t.Errorf("%s runs, and the deployments said %s and %s", id, first, second)
	}
	for format, want := range map[string]string{
		"{{.State.Health.Status}}":           "healthy",
		"{{.HostConfig.Memory}}":             fmt.Sprint(512 << 20),
		"{{.HostConfig.NanoCpus}}":           "1000000000",
		"{{.HostConfig.PidsLimit}}":          "256",
		"{{.HostConfig.ReadonlyRootfs}}":     "true",
		"{{.HostConfig.CapDrop}}":            "[ALL]",
		"{{.HostConfig.SecurityOpt}}":        "[no-new-privileges]",
		"{{.HostConfig.Tmpfs}}":              "map[/tmp:size=64m,mode=1777]",
		"{{.HostConfig.LogConfig}}":          "{json-file map[max-file:3 max-size:10m]}",
		"{{.HostConfig.RestartPolicy.Name}}": "unless-stopped",
		"{{.Config.StopTimeout}}":            "20",
	} {
		if is := c.inspect(format); is != want {
			p.t.Errorf("%s is %s, not %s", format, is, want)
		}
	}
	if r := get(p.url("/health")); r.status != 200 {
		p.t.Errorf("/health: %+v\n%s", r, c.logs())
	}
}
