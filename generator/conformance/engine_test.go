package conformance

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestImages builds and runs, unmodified, what davit writes for a real service.
func TestImages(t *testing.T) {
	needEngine(t)
	for _, v := range []struct{ dependencies, traffic, base string }{
		{"uv", "low", "slim"},
		{"uv", "low", "distroless"},
		{"uv", "high", "slim"},
		{"uv", "high", "distroless"},
		{"pip", "high", "slim"},
		{"poetry", "steady", "slim"},
		{"pdm", "low", "slim"},
		{"pipenv", "low", "slim"},
		{"pyproject", "low", "slim"},
		{"uv", "low", "alpine"},
	} {
		t.Run(strings.Join([]string{v.dependencies, v.traffic, v.base}, "-"), func(t *testing.T) {
			dir := makeService(t, "plain", v.dependencies)
			davit(t, "generate", dir, "--dependencies", v.dependencies, "--traffic", v.traffic, "--base", v.base, "--python", "3.13", "--extra", "scripts")
			start := time.Now()
			i := buildImage(t, dir)
			t.Logf("built in %v", time.Since(start).Round(100*time.Millisecond))
			i.holdsOnlyWhatShips(v.base)
			i.servesHardened()
			i.rebuildsWithoutReinstalling(dir)
		})
	}
}

// servesHardened runs the image as production does, asks it, and stops it with
// a request in flight.
func (i image) servesHardened() {
	i.t.Helper()
	c := i.run()
	i.t.Logf("healthy after %v", c.healthy(30*time.Second).Round(100*time.Millisecond))
	if r := get(c.address + "/health"); r.status != 200 {
		i.t.Errorf("/health: %+v", r)
	}
	if r := get(c.address + "/writable"); r.body != `["/tmp"]` {
		i.t.Errorf("the process can write %s, and may write /tmp alone", r.body)
	}
	owners := c.processes()
	if len(owners) == 0 || slices.ContainsFunc(owners, func(o string) bool { return o != "10001:10001" }) {
		i.t.Errorf("processes run as %v, not as 10001:10001", owners)
	}
	i.stopsGracefully(c)
}

// stopsGracefully is `docker stop` with a request in flight. The two seconds
// are the service's; what the engine takes to clear up behind it is not.
func (i image) stopsGracefully(c container) {
	i.t.Helper()
	flight := make(chan reply, 1)
	go func() { flight <- get(c.address + "/slow?seconds=1") }()
	time.Sleep(300 * time.Millisecond) // the request is in flight
	start := time.Now()
	command(i.t, ".", "docker", "stop", c.id)
	returned := time.Since(start)
	if r := <-flight; r.status != 200 {
		i.t.Errorf("the request in flight: %+v\n%s", r, c.logs())
	}
	finished, err := time.Parse(time.RFC3339Nano, c.inspect("{{.State.FinishedAt}}"))
	if err != nil {
		i.t.Fatal(err)
	}
	if ended := finished.Sub(start); ended > 2*time.Second {
		i.t.Errorf("the service ended %v after docker stop began\n%s", ended, c.logs())
	}
	if code := c.inspect("{{.State.ExitCode}}"); code == "137" {
		i.t.Errorf("the container was killed")
	}
	i.t.Logf("ended %v after docker stop began, which returned after %v", finished.Sub(start).Round(10*time.Millisecond), returned.Round(10*time.Millisecond))
}

// rebuildsWithoutReinstalling changes the source and builds again: BuildKit
// has to take the dependencies from its cache.
func (i image) rebuildsWithoutReinstalling(dir string) {
	i.t.Helper()
	appendTo(i.t, filepath.Join(dir, "app", "main.py"), "\n# "+uniqueName()+"\n")
	installed, copied := 0, false
	for _, s := range i.build(dir) {
		switch {
		case strings.Contains(s.Name, "RUN") && installs.MatchString(s.Name):
			installed++
			if !s.Cached {
				i.t.Errorf("a change of source ran again: %s", s.Name)
			}
		case strings.Contains(s.Name, "COPY . ."):
			copied = !s.Cached
		}
	}
	if installed == 0 || !copied {
		i.t.Errorf("%d steps install, source copied again: %t; the progress could not be read", installed, copied)
	}
}

// Programs that build, and have no place in what runs.
var builders = []string{"uv", "uvx", "poetry", "pdm", "pipenv", "micromamba", "gcc", "cc", "g++", "make", "cargo", "git"}

// Shells and package managers, which distroless is without.
var shells = []string{"sh", "bash", "dash", "busybox", "apt-get", "dpkg", "pip"}

func (i image) holdsOnlyWhatShips(base string) {
	i.t.Helper()
	compiled := map[string]bool{}
	for _, h := range i.files() {
		name, folder := path.Base(h.Name), path.Base(path.Dir(h.Name))
		wrong := ""
		switch {
		case folder == "bin" && slices.Contains(builders, name):
			wrong = "a builder's program"
		case folder == "bin" && base == "distroless" && slices.Contains(shells, name):
			wrong = "a shell or package manager in distroless"
		case strings.HasPrefix(h.Name, "app/.venv/bin/pip"):
			wrong = "an installer in the virtual environment"
		case !strings.HasPrefix(h.Name, "app/") || h.FileInfo().IsDir() && strings.Count(h.Name, "/") == 1:
			// not ours
		case slices.Contains([]string{"uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock", "Dockerfile", ".dockerignore", "davit.yaml", ".env"}, name):
			wrong = "needed at build time alone"
		case strings.HasPrefix(h.Name, "app/tests/"), strings.HasPrefix(h.Name, "app/.git/"):
			wrong = "not part of the service"
		case h.Typeflag != '2' && (h.Mode&0o002 != 0 || h.Uid == 10001 || h.Gid == 10001 && h.Mode&0o020 != 0):
			wrong = fmt.Sprintf("writable for the process: %o, %d:%d", h.Mode, h.Uid, h.Gid)
		}
		if wrong != "" {
			i.t.Errorf("/%s: %s", h.Name, wrong)
		}
		if path.Ext(h.Name) == ".pyc" {
			compiled[strings.Split(h.Name, "/")[1]] = true
		}
	}
	if !compiled["app"] || !compiled[".venv"] {
		i.t.Errorf("bytecode is compiled for %v, and has to be for /app/app and /app/.venv", compiled)
	}
}

// TestComposeDevelopment brings up the generated compose.yaml with a database.
func TestComposeDevelopment(t *testing.T) {
	needEngine(t)
	if out, err := exec.Command("docker", "compose", "version").CombinedOutput(); err != nil {
		t.Fatalf("docker compose: %v\n%s", err, out)
	}
	dir, port, name := makeService(t, "plain", "uv"), freePort(t), uniqueName()
	davit(t, "generate", dir, "--name", name, "--port", fmt.Sprint(port), "--python", "3.13", "--target", "compose", "--service", "postgres", "--extra", "dev")
	t.Cleanup(func() {
		down := exec.Command("docker", "compose", "down", "--volumes", "--remove-orphans", "--rmi", "local", "--timeout", "5")
		down.Dir = dir
		if out, err := down.CombinedOutput(); err != nil {
			t.Errorf("docker compose down: %v\n%s", err, out)
		}
	})
	start := time.Now()
	command(t, dir, "docker", "compose", "up", "--build", "--wait", "--wait-timeout", "120")
	t.Logf("up after %v", time.Since(start).Round(100*time.Millisecond))
	for _, route := range []string{"/health", "/database"} {
		if r := get(fmt.Sprintf("http://127.0.0.1:%d%s", port, route)); r.status != 200 {
			t.Errorf("%s: %+v\n%s", route, r, command(t, dir, "docker", "compose", "logs", "--tail", "20"))
		}
	}
}

// TestComposeProductionAsksForItsTag needs the compose plugin alone, no engine.
func TestComposeProductionAsksForItsTag(t *testing.T) {
	if exec.Command("docker", "compose", "version").Run() != nil {
		t.Skip("docker compose is not here: .ci/engine/up brings it")
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("testdata", "services", "plain"))); err != nil {
		t.Fatal(err)
	}
	davit(t, "generate", dir, "--dependencies", "pyproject", "--target", "compose", "--service", "postgres,redis")
	cmd := exec.Command("docker", "compose", "--file", "compose.prod.yaml", "config", "--quiet")
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "set TAG") {
		t.Errorf("without TAG: %v %s", err, out)
	}
	cmd = exec.Command("docker", "compose", "--file", "compose.prod.yaml", "config", "--quiet")
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "TAG=1.0.0")
	if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("with TAG: %v %s", err, out)
	}
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}
