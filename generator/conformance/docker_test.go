package conformance

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// needEngine skips the test where no Docker engine answers; in CI that is a failure.
func needEngine(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("-short: nothing is built")
	}
	err := exec.Command("docker", "info").Run()
	if err == nil {
		err = exec.Command("docker", "buildx", "version").Run()
	}
	switch {
	case err == nil:
	case os.Getenv("CI") == "true":
		t.Fatalf("no Docker engine with buildx answers, and CI has to have one (.ci/engine/up): %v", err)
	default:
		t.Skip("no Docker engine with buildx answers: .ci/engine/up brings one up")
	}
}

// uniqueName returns a name that no other test or run has.
func uniqueName() string { return "davit-test-" + strings.ToLower(rand.Text()[:8]) }

// An image is one that this test built and removes.
type image struct {
	name string
	t    *testing.T
}

// buildImage builds the Dockerfile of a folder, as it is.
func buildImage(t *testing.T, dir string) image {
	t.Helper()
	i := image{uniqueName(), t}
	t.Cleanup(func() { exec.Command("docker", "image", "rm", "--force", i.name).Run() })
	i.build(dir)
	return i
}

// A step is one instruction as BuildKit executed it.
type step struct {
	Name   string
	Digest string
	Cached bool
	Error  string
	Log    string
}

// build builds the folder and returns the steps, from BuildKit's own progress.
func (i image) build(dir string, options ...string) map[string]step {
	i.t.Helper()
	ctx, cancel := context.WithTimeout(i.t.Context(), 20*time.Minute)
	defer cancel()
	args := append([]string{"build", "--progress", "rawjson", "--load", "--tag", i.name}, options...)
	cmd := exec.CommandContext(ctx, "docker", append(args, ".")...)
	cmd.Dir = dir
	var progress bytes.Buffer
	cmd.Stderr = &progress
	err := cmd.Run()
	steps, log := map[string]step{}, strings.Builder{}
	for line := range strings.Lines(progress.String()) {
		var status struct {
			Vertexes []step
			Logs     []struct {
				Vertex string
				Data   []byte
			}
		}
		if json.Unmarshal([]byte(line), &status) != nil {
			log.WriteString(line)
			continue
		}
		for _, s := range status.Vertexes {
			s.Cached, s.Log = s.Cached || steps[s.Digest].Cached, steps[s.Digest].Log
			steps[s.Digest] = s
			if s.Error != "" {
				fmt.Fprintln(&log, s.Name, s.Error)
			}
		}
		for _, l := range status.Logs {
			log.Write(l.Data)
			if s, ok := steps[l.Vertex]; ok {
				s.Log += string(l.Data)
				steps[l.Vertex] = s
			}
		}
	}
	if err != nil {
		i.t.Fatalf("docker build: %v\n%s", err, tail(log.String()))
	}
	return steps
}

// files lists what the image holds.
func (i image) files() []tar.Header {
	i.t.Helper()
	id := strings.TrimSpace(command(i.t, ".", "docker", "create", i.name))
	defer exec.Command("docker", "rm", id).Run()
	cmd := exec.CommandContext(i.t.Context(), "docker", "export", id)
	out, err := cmd.StdoutPipe()
	if err != nil {
		i.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		i.t.Fatal(err)
	}
	var headers []tar.Header
	for archive := tar.NewReader(out); ; {
		h, err := archive.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			i.t.Fatal(err)
		}
		headers = append(headers, *h)
	}
	io.Copy(io.Discard, out)
	if err := cmd.Wait(); err != nil {
		i.t.Fatal(err)
	}
	return headers
}

// A container is a running one that this test started and removes.
type container struct {
	id      string
	address string // http://127.0.0.1:PORT
	t       *testing.T
}

// hardened is how generated images have to run: nothing writable but /tmp, no
// capability, no way to gain one.
var hardened = []string{"--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"}

// run starts the image hardened.
func (i image) run(options ...string) container {
	i.t.Helper()
	args := append([]string{"run", "--detach", "--publish-all"}, hardened...)
	c := container{t: i.t}
	c.id = strings.TrimSpace(command(i.t, ".", "docker", append(append(args, options...), i.name)...))
	i.t.Cleanup(func() { exec.Command("docker", "rm", "--force", "--volumes", c.id).Run() })
	listens := "" // where the environment says so; else the image exposes one port
	for _, o := range options {
		if port, ok := strings.CutPrefix(o, "PORT="); ok {
			listens = port + "/tcp"
		}
	}
	for published := range strings.FieldsSeq(c.inspect(`{{range $port, $host := .NetworkSettings.Ports}}{{range $host}}{{$port}}={{.HostPort}} {{end}}{{end}}`)) {
		if port, host, _ := strings.Cut(published, "="); listens == "" || port == listens {
			c.address = "http://127.0.0.1:" + host
		}
	}
	if c.address == "" {
		i.t.Fatalf("the container publishes no port:\n%s", c.logs())
	}
	return c
}

func (c container) logs() string {
	out, _ := exec.Command("docker", "logs", c.id).CombinedOutput()
	return tail(string(out))
}

// inspect returns one value of docker inspect.
func (c container) inspect(format string) string {
	c.t.Helper()
	return strings.TrimSpace(command(c.t, ".", "docker", "inspect", "--format", format, c.id))
}

// healthy waits for the image's own health check to succeed.
func (c container) healthy(within time.Duration) time.Duration {
	c.t.Helper()
	for start := time.Now(); ; time.Sleep(100 * time.Millisecond) {
		switch state := c.inspect("{{.State.Status}} {{.State.Health.Status}}"); {
		case state == "running healthy":
			return time.Since(start)
		case time.Since(start) > within, !strings.HasPrefix(state, "running"):
			c.t.Fatalf("%s after %v, not healthy; health log: %s\n%s", state, time.Since(start), c.inspect("{{json .State.Health.Log}}"), c.logs())
		}
	}
}

// A process of a container, as the host sees it.
type process struct {
	id, owner string // owner is UID:GID
	command   string
}

// processes returns what runs in the container, without its health check.
func (c container) processes() []process {
	c.t.Helper()
	var all []process
	lines := strings.Split(strings.TrimSpace(command(c.t, ".", "docker", "top", c.id, "-o", "pid,uid,gid,args")), "\n")
	for _, line := range lines[1:] {
		if f := strings.Fields(line); len(f) > 3 && !strings.Contains(line, " -I -S -c ") {
			all = append(all, process{f[0], f[1] + ":" + f[2], strings.Join(f[3:], " ")})
		}
	}
	return all
}

// workers returns the ids of the processes that answer requests, where a
// server watches over several.
func (c container) workers() []string {
	c.t.Helper()
	var ids []string
	for i, p := range c.processes() {
		// gunicorn forks: the first is the one that watches. uvicorn spawns.
		if i > 0 && strings.Contains(p.command, "gunicorn") || strings.Contains(p.command, "spawn_main") {
			ids = append(ids, p.id)
		}
	}
	return ids
}

// A reply is what a request came to.
type reply struct {
	status int
	body   string
	err    error
}

// get makes one request on a connection of its own.
func get(url string) reply {
	client := http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Get(url)
	if err != nil {
		return reply{err: err}
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return reply{response.StatusCode, string(body), err}
}
