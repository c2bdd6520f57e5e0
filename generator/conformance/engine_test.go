package conformance

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

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
