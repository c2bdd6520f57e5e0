package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// docker runs the docker command in a folder and returns what it printed.
func docker(ctx context.Context, dir string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "docker", args...)
	var out, errors bytes.Buffer
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &out, &errors
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("docker %s: %w\n%s", args[0], err, tail(errors.String()))
	}
	return out.Bytes(), nil
}

// inspect returns one value of docker inspect.
func inspect(ctx context.Context, format, name string) (string, error) {
	out, err := docker(ctx, ".", "inspect", "--format", format, name)
	return strings.TrimSpace(string(out)), err
}

// findings counts what Docker's own build checks say of a folder's Dockerfile.
func findings(ctx context.Context, dir string) (int, error) {
	out, err := docker(ctx, dir, "build", "--call", "check,format=json", ".")
	if err != nil {
		return 0, err
	}
	var report struct{ Warnings []json.RawMessage }
	if err := json.Unmarshal(out, &report); err != nil {
		return 0, fmt.Errorf("docker build --call check: %w", err)
	}
	return len(report.Warnings), nil
}

// A container is one that is measured.
type container struct {
	id      string
	address string // http://127.0.0.1:PORT
}

// start runs an image and returns how long it took from the command to the
// first answer of its health route.
func start(ctx context.Context, image string, port int) (container, time.Duration, error) {
	// A port that is chosen here is known before the container runs: asking the engine would cost time.
	host, err := freePort()
	if err != nil {
		return container{}, 0, err
	}
	out, err := docker(ctx, ".", "create", "--publish", fmt.Sprintf("127.0.0.1:%d:%d", host, port), image)
	if err != nil {
		return container{}, 0, err
	}
	c := container{strings.TrimSpace(string(out)), "http://127.0.0.1:" + strconv.Itoa(host)}
	began := time.Now()
	started := make(chan error, 1)
	go func() {
		_, err := docker(ctx, ".", "start", c.id)
		started <- err
	}()
	for get(ctx, c.address+"/health") != nil {
		if time.Since(began) > 3*time.Minute {
			err := fmt.Errorf("not healthy after three minutes")
			if logs, e := docker(ctx, ".", "logs", c.id); e == nil {
				err = fmt.Errorf("%w\n%s", err, tail(string(logs)))
			}
			return c, 0, err
		}
		time.Sleep(2 * time.Millisecond)
	}
	healthy := time.Since(began)
	return c, healthy, <-started
}

// stop is docker stop; it returns how long the container went on after the
// command. What the engine clears up behind it does not count.
func (c container) stop(ctx context.Context) (time.Duration, error) {
	began := time.Now()
	if _, err := docker(ctx, ".", "stop", c.id); err != nil {
		return 0, err
	}
	at, err := inspect(ctx, "{{.State.FinishedAt}}", c.id)
	if err != nil {
		return 0, err
	}
	finished, err := time.Parse(time.RFC3339Nano, at)
	return finished.Sub(began), err
}

// stopInFlight is stop while a request of a second is answered, and whether
// that request got its answer.
func (c container) stopInFlight(ctx context.Context) (time.Duration, bool, error) {
	answered := make(chan error, 1)
	go func() { answered <- get(ctx, c.address+"/slow?seconds=1") }()
	time.Sleep(300 * time.Millisecond) // the request has arrived
	took, err := c.stop(ctx)
	return took, <-answered == nil, err
}

// remove removes the container, even after an interrupt.
func (c container) remove() {
	if c.id != "" {
		_, _ = docker(context.Background(), ".", "rm", "--force", "--volumes", c.id)
	}
}

// get makes one request on a connection of its own; any answer but 200 is an error.
func get(ctx context.Context, url string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	client := http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", url, response.Status)
	}
	return nil
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

func tail(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-30):], "\n")
}
