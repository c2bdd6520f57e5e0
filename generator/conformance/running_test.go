package conformance

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/davit-cli/davit/wizard"
)

// servesHardened runs the image as its platform does, asks it, and stops it
// while requests are in flight.
func (i image) servesHardened(a wizard.Answers, environment []string) {
	i.t.Helper()
	c := i.run(environment...)
	i.t.Logf("healthy after %v", c.healthy(3*time.Minute).Round(100*time.Millisecond))
	if r := get(c.address + "/health"); r.status != 200 || !strings.Contains(r.body, `"ok"`) {
		i.t.Errorf("/health: %+v\n%s", r, c.logs())
	}
	if r := get(c.address + "/writable"); r.body != `["/tmp"]` {
		i.t.Errorf("the process can write %s, and may write /tmp alone", r.body)
	}
	processes := c.processes()
	if len(processes) == 0 || slices.ContainsFunc(processes, func(p process) bool { return p.owner != "10001:10001" }) {
		i.t.Errorf("not every process runs as 10001:10001: %v", processes)
	}
	if want := workersOf(a); len(c.workers()) != want {
		i.t.Errorf("%d workers, not %d: %v", len(c.workers()), want, processes)
	}
	if a.Traffic == "high" {
		i.replacesAKilledWorker(c)
	}
	i.stopsUnderLoad(c)
}

// workersOf is how many processes answer, beside the one that watches.
func workersOf(a wizard.Answers) int {
	switch {
	case a.Traffic == "low":
		return 0 // the only process answers
	case a.HasTarget("kubernetes") || honoursPort(a):
		if a.Traffic == "steady" {
			return 0 // uvicorn with one worker watches over nobody
		}
		return 1 // where replicas are the scale
	case a.Traffic == "steady":
		return 2
	default:
		return 4
	}
}

// honoursPort reports whether the platform says by PORT where to listen.
func honoursPort(a wizard.Answers) bool { return a.HasTarget("cloud-run") || a.HasTarget("fly") }

// platform returns the options that give a container the environment that the
// files of its target do: Kubernetes from the ConfigMap, Cloud Run from its
// service, which also names the port.
func platform(t *testing.T, dir string, a wizard.Answers) []string {
	t.Helper()
	environment := map[string]string{}
	read := func(name string, to any) {
		t.Helper()
		text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err == nil {
			err = yaml.Unmarshal(text, to)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	switch {
	case a.HasTarget("kubernetes"):
		var base struct {
			ConfigMapGenerator []struct{ Literals []string } `yaml:"configMapGenerator"`
		}
		read("k8s/base/kustomization.yaml", &base)
		for _, literal := range base.ConfigMapGenerator[0].Literals {
			name, value, _ := strings.Cut(literal, "=")
			environment[name] = value
		}
	case a.HasTarget("cloud-run"):
		var service struct {
			Spec struct {
				Template struct {
					Spec struct {
						Containers []struct {
							Env []struct{ Name, Value string }
						}
					}
				}
			}
		}
		read("service.yaml", &service)
		for _, e := range service.Spec.Template.Spec.Containers[0].Env {
			environment[e.Name] = e.Value
		}
		environment["PORT"] = platformPort
	default:
		return nil
	}
	if len(environment) == 0 {
		t.Errorf("%s: the platform's file has no environment", a.Variant())
	}
	var options []string
	for name, value := range environment {
		options = append(options, "--env", name+"="+value)
	}
	if environment["PORT"] != "" {
		options = append(options, "--publish", "127.0.0.1::"+platformPort)
	}
	return options
}

// platformPort is what a platform may put into PORT: not what the image has.
const platformPort = "9123"

// replacesAKilledWorker ends one worker as the kernel does when memory runs
// out. The program that does it in the container is Python: it needs no shell.
func (i image) replacesAKilledWorker(c container) {
	i.t.Helper()
	before := c.workers()
	victim := get(c.address + "/process").body
	if _, err := strconv.Atoi(victim); err != nil {
		i.t.Fatalf("/process: %q\n%s", victim, c.logs())
	}
	command(i.t, ".", "docker", "exec", c.id, "python", "-c", "import os; os.kill("+victim+", 9)")
	replaced := func() bool {
		now := c.workers()
		return len(now) == len(before) && !slices.Equal(now, before) && get(c.address+"/process").body != victim
	}
	if !eventually(30*time.Second, replaced) {
		i.t.Errorf("a worker was killed: had %v, have %v\n%s", before, c.workers(), c.logs())
	}
}

// eventually asks until the answer is yes, or time is up.
func eventually(within time.Duration, yes func() bool) bool {
	for start := time.Now(); time.Since(start) < within; time.Sleep(100 * time.Millisecond) {
		if yes() {
			return true
		}
	}
	return false
}

// stopsUnderLoad is `docker stop` while several clients ask. They stop asking
// when it begins, as behind a load balancer that takes the container out; what
// is in flight has to be answered. Their number, their requests and their time
// are bounded, and they ask nobody but 127.0.0.1.
func (i image) stopsUnderLoad(c container) {
	i.t.Helper()
	const clients, most, loadFor = 8, 500, 1500 * time.Millisecond
	var (
		all    sync.WaitGroup
		stop   = make(chan struct{})
		lock   sync.Mutex
		count  int
		failed []string
	)
	for n := range clients {
		route := "/health"
		if n%2 == 0 {
			route = "/slow?seconds=0.5" // half of them wait: these are in flight at the end
		}
		all.Go(func() {
			for range most {
				select {
				case <-stop:
					return
				default:
				}
				r := get(c.address + route)
				lock.Lock()
				count++
				if r.status != 200 {
					failed = append(failed, fmt.Sprintf("%s: %d %v", route, r.status, r.err))
				}
				lock.Unlock()
			}
		})
	}
	time.Sleep(loadFor)
	before := time.Now()
	close(stop)
	command(i.t, ".", "docker", "stop", c.id)
	all.Wait()
	if len(failed) > 0 {
		i.t.Errorf("%d of %d requests failed, the first: %s\n%s", len(failed), count, failed[0], c.logs())
	}
	if code := c.inspect("{{.State.ExitCode}}"); code != "0" && code != "143" {
		i.t.Errorf("the container ended with status %s\n%s", code, c.logs())
	}
	finished, err := time.Parse(time.RFC3339Nano, c.inspect("{{.State.FinishedAt}}"))
	if err != nil {
		i.t.Fatal(err)
	}
	i.t.Logf("%d requests, all answered: %t; ended %v after docker stop began", count, len(failed) == 0, finished.Sub(before).Round(10*time.Millisecond))
}

// isTunable starts the image with other settings, by environment alone, and
// looks whether each does what it says.
func (i image) isTunable(a wizard.Answers) {
	i.t.Helper()
	settings := map[string][]string{
		"low":    {"UVICORN_TIMEOUT_GRACEFUL_SHUTDOWN=1"},
		"steady": {"UVICORN_TIMEOUT_GRACEFUL_SHUTDOWN=1", "WEB_CONCURRENCY=3"},
		"high":   {"GRACEFUL_TIMEOUT=1", "WORKERS=2", "TIMEOUT=5", "KEEP_ALIVE=1", "MAX_REQUESTS=40", "MAX_REQUESTS_JITTER=0"},
	}[a.Traffic]
	workers := map[string]int{"low": 0, "steady": 3, "high": 2}[a.Traffic]
	var options []string
	for _, s := range settings {
		options = append(options, "--env", s)
	}
	if honoursPort(a) || a.Traffic == "high" {
		options = append(options, "--env", "PORT="+platformPort, "--publish", "127.0.0.1::"+platformPort)
	}
	c := i.run(options...)
	c.healthy(3 * time.Minute)
	if n := len(c.workers()); n != workers {
		i.t.Errorf("%v: %d workers, not %d: %v", settings, n, workers, c.processes())
	}
	if a.Traffic == "high" {
		i.closesIdleConnections(c)
		i.recyclesWorkers(c)
		i.replacesABlockedWorker(c)
	}
	i.waitsNoLongerThanToldTo(c)
}

// closesIdleConnections: KEEP_ALIVE=1, where by default one that is idle for
// three seconds stays open.
func (i image) closesIdleConnections(c container) {
	i.t.Helper()
	connection, err := net.Dial("tcp", strings.TrimPrefix(c.address, "http://"))
	if err != nil {
		i.t.Fatal(err)
	}
	defer connection.Close()
	fmt.Fprint(connection, "GET /health HTTP/1.1\r\nHost: service\r\n\r\n")
	reader := bufio.NewReader(connection)
	connection.SetReadDeadline(time.Now().Add(10 * time.Second))
	if answer, err := reader.ReadString('\n'); err != nil || !strings.HasPrefix(answer, "HTTP/1.1 200") {
		i.t.Errorf("/health: %v after %q", err, answer)
	}
	connection.SetReadDeadline(time.Now().Add(3 * time.Second))
	if answer, err := io.ReadAll(reader); err != nil {
		i.t.Errorf("the connection has not been closed: %v after %q", err, answer)
	}
}

// recyclesWorkers: MAX_REQUESTS=40.
func (i image) recyclesWorkers(c container) {
	i.t.Helper()
	before := c.workers()
	for range 100 { // two workers have forty each
		get(c.address + "/health")
	}
	if !eventually(20*time.Second, func() bool { now := c.workers(); return len(now) == 2 && !slices.Equal(now, before) }) {
		i.t.Errorf("after 100 requests the workers are still %v\n%s", before, c.logs())
	}
}

// replacesABlockedWorker: TIMEOUT=5.
func (i image) replacesABlockedWorker(c container) {
	i.t.Helper()
	if r := get(c.address + "/block?seconds=30"); r.status == 200 {
		i.t.Errorf("a worker was blocked for 30 seconds and answered")
	}
	if !eventually(20*time.Second, func() bool {
		return regexp.MustCompile(`WORKER TIMEOUT`).MatchString(c.logs()) && len(c.workers()) == 2
	}) {
		i.t.Errorf("a blocked worker was not replaced: %v\n%s", c.workers(), c.logs())
	}
}

// waitsNoLongerThanToldTo: one second, where the default of eight would let
// the request end.
func (i image) waitsNoLongerThanToldTo(c container) {
	i.t.Helper()
	flight := make(chan reply, 1)
	go func() { flight <- get(c.address + "/slow?seconds=6") }()
	time.Sleep(500 * time.Millisecond) // the request is in flight
	command(i.t, ".", "docker", "stop", c.id)
	if r := <-flight; r.status == 200 {
		i.t.Errorf("a request of six seconds was answered, one second was what the server was told to wait")
	}
	if code := c.inspect("{{.State.ExitCode}}"); code == "137" {
		i.t.Errorf("the container was killed\n%s", c.logs())
	}
}
