package conformance

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// afterwards removes what a compose file brought up.
func (p project) afterwards(file string) {
	p.t.Cleanup(func() {
		down := exec.Command("docker", "compose", "--file", file, "down", "--volumes", "--remove-orphans", "--rmi", "local", "--timeout", "5")
		down.Dir, down.Env = p.dir, append(os.Environ(), "TAG=any")
		if out, err := down.CombinedOutput(); err != nil {
			p.t.Errorf("docker compose down: %v\n%s", err, out)
		}
	})
}

// needCompose is needEngine, and Compose besides.
func needCompose(t *testing.T) {
	t.Helper()
	needEngine(t)
	if out, err := exec.Command("docker", "compose", "version").CombinedOutput(); err != nil {
		t.Fatalf("docker compose: %v\n%s", err, out)
	}
}

// TestComposeWatch edits the source on the host while `docker compose up
// --watch` runs, and waits for the answer of the service to change: with the
// extra dev in the same container, without it in a new one from a new image.
func TestComposeWatch(t *testing.T) {
	needCompose(t)
	for name, options := range map[string][]string{
		"reloads":  {"--target", "compose", "--extra", "dev"},
		"rebuilds": {"--target", "compose"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProject(t, "plain", options...)
			p.afterwards("compose.yaml")
			p.watch()
			p.answers("/health", `"ok"`, 2*time.Minute)
			before := p.run("docker", "compose", "ps", "--quiet", p.name)
			start := time.Now()
			p.edit("app/main.py", `"ok"`, `"edited"`)
			p.answers("/health", `"edited"`, 2*time.Minute)
			t.Logf("an edit is served after %v", time.Since(start).Round(100*time.Millisecond))
			after := p.run("docker", "compose", "ps", "--quiet", p.name)
			if same := before == after; same != (name == "reloads") {
				t.Errorf("the same container: %t", same)
			}
		})
	}
}

// watch starts what compose.yaml's first line says, and stops it in the end.
func (p project) watch() {
	p.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, "docker", "compose", "up", "--build", "--watch")
	cmd.Dir = p.dir
	var log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &log, &log
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGINT) }
	cmd.WaitDelay = 30 * time.Second
	if err := cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() {
		cancel()
		cmd.Wait()
		if p.t.Failed() {
			p.t.Logf("docker compose up --build --watch:\n%s", tail(log.String()))
		}
	})
}

// answers waits until the route answers with a text.
func (p project) answers(route, text string, within time.Duration) {
	p.t.Helper()
	for start := time.Now(); ; time.Sleep(100 * time.Millisecond) {
		r := get(p.url(route))
		if r.status == 200 && strings.Contains(r.body, text) {
			return
		}
		if time.Since(start) > within {
			p.t.Fatalf("%s has not answered with %s within %v, but: %+v", route, text, within, r)
		}
	}
}

// composeProduction deploys with the generated files and script alone, as a
// person would: .env copied and filled in, the secrets made by the commands in
// it. The service and its worker read their addresses from DATABASE_URL and
// REDIS_URL, and know nothing of secret files.
func (p project) composeProduction() {
	p.t.Helper()
	p.afterwards("compose.prod.yaml")
	up := []string{"compose", "--file", "compose.prod.yaml", "up", "--detach", "--wait"}
	if out := p.fails("docker", up...); !strings.Contains(out, "set TAG to the version to run, in .env or the environment") {
		p.t.Errorf("without TAG: %s", out)
	}
	p.run("cp", ".env.example", ".env")
	p.edit(".env", "TAG=\n", "TAG=1.0.0\n")
	if out := p.fails("docker", up...); !regexp.MustCompile(`does not exist: \S+/secrets/\w+`).MatchString(out) {
		p.t.Errorf("without the secrets: %s", out)
	}
	p.makeSecrets()
	p.run("scripts/deploy", "1.0.0", "compose")
	for _, c := range p.containers() {
		c.isWithinLimits(p.name)
	}
	p.servesProduction()
}

// makeSecrets runs the commands that .env.example has for it.
func (p project) makeSecrets() {
	p.t.Helper()
	script := commented(p.t, filepath.Join(p.dir, ".env.example"))
	if !strings.Contains(script, "mkdir -m 700 secrets") || !strings.Contains(script, "secrets/database_url") {
		p.t.Fatalf(".env.example does not tell how to make the secrets: %s", script)
	}
	p.run("sh", "-euc", script)
}

// commented returns the commands that a file has in comments: lines indented
// behind their #.
func commented(t *testing.T, file string) string {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var script strings.Builder
	for line := range strings.Lines(string(content)) {
		if rest, ok := strings.CutPrefix(line, "#   "); ok {
			script.WriteString(rest)
		}
	}
	return script.String()
}

// An inspected container is what docker inspect tells of one.
type inspected struct {
	ID     string
	t      *testing.T
	Config struct {
		Image, User string
		Env         []string
		StopTimeout int
		Labels      map[string]string
	}
	HostConfig struct {
		Memory, NanoCPUs, PidsLimit int64
		ReadonlyRootfs, Init        bool
		CapDrop, SecurityOpt        []string
		Tmpfs                       map[string]string
		ShmSize                     int64
		LogConfig                   struct {
			Type   string
			Config map[string]string
		}
		RestartPolicy struct{ Name string }
		PortBindings  map[string][]struct{ HostIP, HostPort string }
	}
	State struct{ Health struct{ Status string } }
}

func (c inspected) service() string { return c.Config.Labels["com.docker.compose.service"] }

// containers inspects what compose.prod.yaml runs.
func (p project) containers() []inspected {
	p.t.Helper()
	ids := strings.Fields(p.run("docker", "compose", "--file", "compose.prod.yaml", "ps", "--quiet"))
	var list []inspected
	if err := json.Unmarshal([]byte(p.run("docker", append([]string{"inspect"}, ids...)...)), &list); err != nil {
		p.t.Fatal(err)
	}
	for i := range list {
		list[i].t = p.t
	}
	if len(list) != 4 {
		p.t.Fatalf("%d containers run, not service, worker, postgres and redis", len(list))
	}
	return list
}

// isWithinLimits asks the engine, not the file, what holds for the container.
func (c inspected) isWithinLimits(app string) {
	c.t.Helper()
	h, service := c.HostConfig, c.service()
	hold := func(ok bool, what string, is any) {
		c.t.Helper()
		if !ok {
			c.t.Errorf("%s: %s: %v", service, what, is)
		}
	}
	hold(h.NanoCPUs == 1e9, "one processor", h.NanoCPUs)
	hold(slices.Contains(h.SecurityOpt, "no-new-privileges:true"), "no new privileges", h.SecurityOpt)
	hold(h.LogConfig.Type == "json-file" && h.LogConfig.Config["max-size"] == "10m" && h.LogConfig.Config["max-file"] == "3", "log rotation", h.LogConfig)
	hold(h.RestartPolicy.Name == "unless-stopped", "restart", h.RestartPolicy)
	for _, e := range c.Config.Env {
		hold(!credentials.MatchString(e), "no password shows", e)
	}
	if !strings.HasPrefix(service, app) {
		hold(h.Memory == 1<<30, "memory", h.Memory)
		hold(c.Config.StopTimeout == 60, "stop grace", c.Config.StopTimeout)
		hold(len(h.PortBindings) == 0, "no port", h.PortBindings)
		hold(service != "postgres" || h.ShmSize == 128<<20, "shared memory", h.ShmSize)
		hold(c.State.Health.Status == "healthy", "healthy", c.State.Health.Status)
		return
	}
	hold(h.Memory == 512<<20, "memory", h.Memory)
	hold(h.PidsLimit == 256, "processes", h.PidsLimit)
	hold(h.ReadonlyRootfs, "read-only root", h.ReadonlyRootfs)
	hold(slices.Equal(h.CapDrop, []string{"ALL"}), "no capability", h.CapDrop)
	hold(h.Init, "init", h.Init)
	hold(strings.Contains(h.Tmpfs["/tmp"], "size=64m"), "tmpfs", h.Tmpfs)
	hold(c.Config.User == "10001:10001", "user", c.Config.User)
	if service == app {
		hold(c.State.Health.Status == "healthy", "healthy", c.State.Health.Status)
		hold(c.Config.StopTimeout == 20, "stop grace", c.Config.StopTimeout)
		for _, bindings := range h.PortBindings {
			for _, b := range bindings {
				hold(b.HostIP == "127.0.0.1", "on loopback alone", b)
			}
		}
	} else {
		hold(c.Config.StopTimeout == 60, "stop grace", c.Config.StopTimeout)
		hold(len(h.PortBindings) == 0, "no port", h.PortBindings)
	}
}

// servesProduction asks the service for what it needs the others for.
func (p project) servesProduction() {
	p.t.Helper()
	for route, want := range map[string]string{
		"/health":                        `{"status":"ok"}`,
		"/database":                      `"app in app"`,
		"/process":                       `{"Uid":"10001\t10001\t10001\t10001","CapEff":"0000000000000000","CapBnd":"0000000000000000","NoNewPrivs":"1"}`,
		"/reach?host=postgres&port=5432": "true",
	} {
		if r := get(p.url(route)); r.status != 200 || r.body != want {
			p.t.Errorf("%s: %+v, not %s\n%s", route, r, want, p.run("docker", "compose", "--file", "compose.prod.yaml", "logs", "--tail", "20"))
		}
	}
	var sum struct {
		Sum         int
		Host, Asked string
	}
	r := get(p.url("/add?x=19&y=23"))
	if err := json.Unmarshal([]byte(r.body), &sum); err != nil || sum.Sum != 42 || sum.Host == "" || sum.Host == sum.Asked {
		p.t.Errorf("/add: %+v: the worker has to add, in a container of its own\n%s", r, p.run("docker", "compose", "--file", "compose.prod.yaml", "logs", "--tail", "20"))
	}
	// Redis keeps out whoever has no password.
	if out := p.run("docker", "compose", "--file", "compose.prod.yaml", "exec", "-T", "redis", "redis-cli", "get", "x"); !strings.Contains(out, "NOAUTH") {
		p.t.Errorf("redis without a password: %s", out)
	}
}
