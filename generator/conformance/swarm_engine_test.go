package conformance

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// needSwarm makes the engine a swarm of one node, unless it is in one, and
// undoes that in the end.
func needSwarm(t *testing.T) {
	t.Helper()
	state := strings.TrimSpace(command(t, ".", "docker", "info", "--format", "{{.Swarm.LocalNodeState}}"))
	if state == "active" {
		return
	}
	command(t, ".", "docker", "swarm", "init", "--advertise-addr", "127.0.0.1", "--listen-addr", "127.0.0.1:2377")
	t.Cleanup(func() {
		if out, err := exec.Command("docker", "swarm", "leave", "--force").CombinedOutput(); err != nil {
			t.Errorf("docker swarm leave: %v\n%s", err, out)
		}
	})
}

// hasIPVS reports whether the kernel balances load for Swarm's virtual
// addresses and its published ports.
func hasIPVS() bool {
	exec.Command("modprobe", "ip_vs").Run() // as the engine does
	_, err := os.Stat("/proc/net/ip_vs")
	return err == nil
}

// swarmProduction deploys the stack with its script, updates it under load,
// which loses no request, and deploys a version that cannot start, which the
// swarm takes back.
func (p project) swarmProduction() {
	needSwarm(p.t)
	p.labelNode("postgres", "redis")
	p.swarmSecrets()
	p.t.Cleanup(p.removeStack)

	// The load comes from a container in the service's network, which has to let it in.
	p.edit("stack.yaml", "networks:\n  backing:\n", "networks:\n  default:\n    driver: overlay\n    attachable: true\n  backing:\n")
	mesh := hasIPVS()
	if !mesh {
		p.edit("stack.yaml", fmt.Sprintf("    ports:\n      - target: %[1]d\n        published: %[1]d\n        protocol: tcp\n        mode: ingress\n", p.port), "")
		p.edit("stack.yaml", "      replicas: 2\n", "      replicas: 2\n      endpoint_mode: dnsrr\n")
	}
	p.t.Log(p.deploy("1.0.0"))
	load := p.load()
	p.t.Run("the published port answers", func(t *testing.T) {
		if !mesh {
			t.Skip("not provable here: this kernel has no IPVS, by which Swarm's published ports and virtual addresses work. " +
				"The service ran without a published port, and was found by DNS")
		}
		if r := get(p.url("/health")); r.status != 200 {
			t.Errorf("/health: %+v", r)
		}
	})
	p.isAsTheStackSays()

	p.edit("app/main.py", `"version": 1`, `"version": 2`)
	p.build("2.0.0")
	p.deploy("2.0.0")
	p.runs("2.0.0")

	p.edit("app/main.py", `app = FastAPI()`, `raise SystemExit("cannot start")`)
	p.build("3.0.0")
	if out := p.fails("scripts/deploy", "3.0.0", "swarm"); !strings.Contains(out, "3.0.0 did not start, so the version before runs again") {
		p.t.Errorf("with a version that cannot start scripts/deploy says: %s", tail(out))
	}
	p.runs("2.0.0")

	versions, failures := load()
	p.t.Logf("requests answered while the stack changed, by version: %v", versions)
	if len(failures) > 0 || versions["1"] == 0 || versions["2"] == 0 {
		p.t.Errorf("%d requests were lost: %v", len(failures), failures[:min(len(failures), 5)])
	}
}

// deploy runs the script, which returns when the swarm has converged.
func (p project) deploy(tag string) string {
	p.t.Helper()
	start := time.Now()
	p.run("scripts/deploy", tag, "swarm")
	return fmt.Sprintf("deployed %s in %v", tag, time.Since(start).Round(100*time.Millisecond))
}

// labelNode says that the backing services may keep their data here.
func (p project) labelNode(labels ...string) {
	p.t.Helper()
	have := p.run("docker", "node", "inspect", "self", "--format", "{{json .Spec.Labels}}")
	node := strings.TrimSpace(p.run("docker", "info", "--format", "{{.Swarm.NodeID}}"))
	for _, label := range labels {
		if strings.Contains(have, `"`+label+`"`) {
			continue
		}
		p.run("docker", "node", "update", "--label-add", label+"=true", node)
		p.t.Cleanup(func() { exec.Command("docker", "node", "update", "--label-rm", label, node).Run() })
	}
}

// swarmSecrets runs the commands that stack.yaml has for it.
func (p project) swarmSecrets() {
	p.t.Helper()
	script := commented(p.t, filepath.Join(p.dir, "stack.yaml"))
	if strings.Count(script, "docker secret create "+p.name+"_") != 4 {
		p.t.Fatalf("stack.yaml does not tell how to make the secrets: %s", script)
	}
	p.t.Cleanup(func() {
		for _, name := range []string{"database_url", "postgres_password", "redis_conf", "redis_url"} {
			exec.Command("docker", "secret", "rm", p.name+"_"+name).Run()
		}
	})
	node := strings.TrimSpace(p.run("docker", "info", "--format", "{{.Swarm.NodeID}}"))
	if labelled := strings.Count(script, "=true NODE\n"); labelled != 2 {
		p.t.Fatalf("stack.yaml does not tell how to label the node: %s", script)
	}
	p.run("sh", "-euc", strings.ReplaceAll(script, " NODE\n", " "+node+"\n"))
}

// removeStack removes the stack, and its volumes once their containers are gone.
func (p project) removeStack() {
	if out, err := exec.Command("docker", "stack", "rm", "--detach=false", p.name).CombinedOutput(); err != nil {
		p.t.Errorf("docker stack rm: %v\n%s", err, out)
	}
	for range 300 {
		out, err := exec.Command("docker", "ps", "--all", "--quiet", "--filter", "label=com.docker.stack.namespace="+p.name).Output()
		if err == nil && len(out) == 0 {
			break
		}
		time.Sleep(200 * time.Millisecond)
	}
	for _, volume := range []string{"postgres", "redis"} {
		if out, err := exec.Command("docker", "volume", "rm", p.name+"_"+volume).CombinedOutput(); err != nil {
			p.t.Errorf("docker volume rm: %v\n%s", err, out)
		}
	}
}

// loadScript asks for the version all the time, each time on a new connection to
// an address newly looked up, and tells in the end what it got.
const loadScript = `
import collections, json, signal, sys, urllib.request
going, versions, failures = True, collections.Counter(), []
def stop(*_):
    global going
    going = False
signal.signal(signal.SIGTERM, stop)
while going:
    try:
        with urllib.request.urlopen(sys.argv[1], timeout=10) as answer:
            versions[json.load(answer)["version"]] += 1
    except Exception as error:
        failures.append(repr(error))
print(json.dumps([versions, failures]))
`

// load asks the service from within its network until the function that it
// returns is called, which tells how many answers there were from each version
// and what went wrong.
func (p project) load() func() (versions map[string]int, failures []string) {
	p.t.Helper()
	client := p.name + "-load"
	p.t.Cleanup(func() { exec.Command("docker", "rm", "--force", client).Run() })
	p.run("docker", "run", "--detach", "--name", client, "--network", p.name+"_default", "--entrypoint", "python", p.name+":1.0.0",
		"-c", loadScript, fmt.Sprintf("http://%s:%d/version", p.name, p.port))
	return func() (versions map[string]int, failures []string) {
		p.t.Helper()
		p.run("docker", "stop", "--timeout", "20", client)
		out := p.run("docker", "logs", client)
		if err := json.Unmarshal([]byte(out), &[]any{&versions, &failures}); err != nil {
			p.t.Fatalf("%v: %s", err, out)
		}
		return versions, failures
	}
}

// runs asks that two replicas run, of this version alone.
func (p project) runs(tag string) {
	p.t.Helper()
	images := strings.Fields(p.run("docker", "service", "ps", "--filter", "desired-state=running", "--format", "{{.Image}}", p.name+"_"+p.name))
	if want := p.name + ":" + tag; len(images) != 2 || images[0] != want || images[1] != want {
		p.t.Errorf("replicas run %v, not two of %s", images, want)
	}
}

// isAsTheStackSays asks the engine about a running task of the service and the
// service about what it reaches.
func (p project) isAsTheStackSays() {
	p.t.Helper()
	var list []inspected
	for _, service := range []string{p.name, p.name + "-worker"} {
		ids := strings.Fields(p.run("docker", "ps", "--quiet", "--filter", "label=com.docker.swarm.service.name="+p.name+"_"+service))
		if len(ids) == 0 {
			p.t.Fatalf("no task of %s runs", service)
		}
		var some []inspected
		if err := json.Unmarshal([]byte(p.run("docker", append([]string{"inspect"}, ids...)...)), &some); err != nil {
			p.t.Fatal(err)
		}
		list = append(list, some...)
	}
	for _, c := range list {
		h := c.HostConfig
		if h.Memory != 512<<20 || h.NanoCPUs != 1e9 || h.PidsLimit != 256 || !h.ReadonlyRootfs || !h.Init ||
			!slices.Equal(h.CapDrop, []string{"ALL"}) || h.LogConfig.Config["max-size"] != "10m" || c.Config.User != "10001:10001" {
			p.t.Errorf("a task is not within the stack's limits: %+v", c)
		}
	}
	for route, want := range map[string]string{
		"database":                      `"app in app"`,
		"add?x=19&y=23":                 `"sum":42`,
		"writable":                      `["/tmp"]`,
		"reach?host=postgres&port=5432": "true",
		"reach?host=redis&port=6379":    "true",
	} {
		url := fmt.Sprintf("http://127.0.0.1:%d/%s", p.port, route)
		out, err := exec.Command("docker", "exec", list[0].ID, "python", "-c",
			"import sys, urllib.request; print(urllib.request.urlopen(sys.argv[1], timeout=30).read().decode())", url).CombinedOutput()
		if err != nil || !strings.Contains(string(out), want) {
			p.t.Errorf("/%s: %v %s, not %s", route, err, out, want)
		}
	}
}
