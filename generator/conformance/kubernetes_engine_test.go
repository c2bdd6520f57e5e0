package conformance

import (
	"bytes"
	"context"
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

// A kube is the real cluster of .ci/kubernetes. No other is ever used: these
// tests make and delete namespaces.
type kube struct {
	t               *testing.T
	bin, kubeconfig string
}

// needCluster skips the test where that cluster does not answer, unless
// DAVIT_KUBERNETES=required says that it has to.
func needCluster(t *testing.T) kube {
	t.Helper()
	dir := os.Getenv("DAVIT_KUBERNETES_DIR")
	if dir == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			t.Fatal(err)
		}
		dir = filepath.Join(cache, "davit-kubernetes")
	}
	k := kube{t, filepath.Join(dir, "bin"), filepath.Join(dir, "kubeconfig")}
	out, err := k.command(nil, "get", "--raw", "/readyz").CombinedOutput()
	switch {
	case err == nil:
		needEngine(t)
	case os.Getenv("DAVIT_KUBERNETES") == "required":
		t.Fatalf("DAVIT_KUBERNETES=required, and no cluster answers (.ci/kubernetes/up): %v\n%s", err, out)
	default:
		t.Skip("no cluster answers: .ci/kubernetes/run brings one up and runs this test")
	}
	return k
}

// environ lets any program that calls kubectl find this cluster, and no other.
func (k kube) environ() []string {
	return append(os.Environ(), "KUBECONFIG="+k.kubeconfig, "PATH="+k.bin+":"+os.Getenv("PATH"))
}

func (k kube) command(stdin []byte, args ...string) *exec.Cmd {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	k.t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, filepath.Join(k.bin, "kubectl"), args...)
	cmd.Env, cmd.Stdin = k.environ(), bytes.NewReader(stdin)
	return cmd
}

// do runs kubectl and returns what it printed. A warning ends the test as an
// error does: the API server has nothing to warn of in what davit writes.
func (k kube) do(stdin []byte, args ...string) string {
	k.t.Helper()
	cmd := k.command(stdin, args...)
	var warnings bytes.Buffer
	cmd.Stderr = &warnings
	out, err := cmd.Output()
	if err != nil || warnings.Len() > 0 {
		k.t.Fatalf("kubectl %s: %v\n%s%s", strings.Join(args, " "), err, tail(string(out)), tail(warnings.String()))
	}
	return string(out)
}

// refuses reports what kubectl says when it fails, which it has to.
func (k kube) refuses(stdin []byte, args ...string) string {
	k.t.Helper()
	out, err := k.command(stdin, args...).CombinedOutput()
	if err == nil {
		k.t.Fatalf("kubectl %s succeeded:\n%s", strings.Join(args, " "), out)
	}
	return string(out)
}

// namespace makes sure that a namespace goes with the test.
func (k kube) namespace(name string) {
	k.t.Cleanup(func() {
		if out, err := k.command(nil, "delete", "namespace", name, "--ignore-not-found", "--timeout", "2m").CombinedOutput(); err != nil {
			k.t.Errorf("namespace %s stays behind: %v\n%s", name, err, out)
		}
	})
}

// A clusterPod is what the tests read of one pod.
type clusterPod struct {
	Metadata struct {
		Name              string
		DeletionTimestamp string
	}
	Spec   struct{ Containers []struct{ Image string } }
	Status struct {
		Phase             string
		Conditions        []struct{ Type, Status string }
		ContainerStatuses []struct{ RestartCount int }
	}
}

func (p clusterPod) ready() bool {
	return p.Metadata.DeletionTimestamp == "" && slices.ContainsFunc(p.Status.Conditions, func(c struct{ Type, Status string }) bool {
		return c.Type == "Ready" && c.Status == "True"
	})
}

// pods returns the pods of one component, those that are being stopped included.
func (k kube) pods(namespace, component string) []clusterPod {
	k.t.Helper()
	var list struct{ Items []clusterPod }
	out := k.do(nil, "--namespace", namespace, "get", "pods", "--selector", "app.kubernetes.io/component="+component, "--output", "json")
	if err := json.Unmarshal([]byte(out), &list); err != nil {
		k.t.Fatal(err)
	}
	return list.Items
}

// settle waits until a component has so many pods, all ready, all of one image.
func (k kube) settle(namespace, component, image string, count int) []clusterPod {
	k.t.Helper()
	for start := time.Now(); ; time.Sleep(250 * time.Millisecond) {
		pods := k.pods(namespace, component)
		waiting := slices.ContainsFunc(pods, func(p clusterPod) bool { return !p.ready() || p.Spec.Containers[0].Image != image })
		if len(pods) == count && !waiting {
			return pods
		}
		if time.Since(start) > 2*time.Minute {
			k.t.Fatalf("not %d ready pods of %s:\n%s", count, image, k.state(namespace))
		}
	}
}

// state is what one looks at first when something does not work.
func (k kube) state(namespace string) string {
	var all strings.Builder
	for _, args := range [][]string{
		{"get", "deployments,replicasets,pods,hpa,pdb", "--output", "wide"},
		{"get", "events", "--sort-by", "lastTimestamp"},
		{"logs", "--selector", "app.kubernetes.io/component", "--prefix", "--tail", "20"},
	} {
		out, _ := k.command(nil, append([]string{"--namespace", namespace}, args...)...).CombinedOutput()
		all.WriteString(tail(string(out)) + "\n")
	}
	return all.String()
}

// until waits for a condition of the cluster.
func (k kube) until(what string, holds func() bool) {
	k.t.Helper()
	if !eventually(time.Minute, holds) {
		k.t.Fatalf("not within a minute: %s", what)
	}
}

// TestClusterAcceptsEveryObject has the API server itself check every object:
// its schemas with unknown and repeated fields refused, its validation, and its
// admission with Pod Security 'restricted' in force.
func TestClusterAcceptsEveryObject(t *testing.T) {
	k := needCluster(t)
	k.gatewayAPI()
	for _, route := range []string{"none", "ingress", "httproute"} {
		for _, more := range []struct {
			name string
			args []string
		}{
			{"plain", nil},
			{"high", []string{"--traffic", "high", "--base", "distroless"}},
			{"worker", []string{"--worker", "celery -A app.tasks worker", "--service", "postgres,redis,mysql,mongodb,rabbitmq"}},
			{"longest-name", []string{"--health-path", "", "--name", longestName()}},
		} {
			t.Run(route+"/"+more.name, func(t *testing.T) {
				k := kube{t, k.bin, k.kubeconfig}
				dir := t.TempDir()
				if err := os.CopyFS(dir, os.DirFS(filepath.Join("testdata", "services", "plain"))); err != nil {
					t.Fatal(err)
				}
				davit(t, append([]string{"generate", dir, "--name", uniqueName(), "--target", "kubernetes", "--route", route}, more.args...)...)
				for _, overlay := range []string{"dev", "prod"} {
					k.accepts(filepath.Join(dir, "k8s", "overlays", overlay))
				}
			})
		}
	}
}

// longestName is one of as many characters as a label of DNS may have.
func longestName() string {
	name := uniqueName()
	return name + strings.Repeat("x", 63-len(name))
}

// gatewayAPI installs HTTPRoute, which is no part of Kubernetes itself.
func (k kube) gatewayAPI() {
	k.t.Helper()
	module := strings.TrimSpace(command(k.t, ".", "go", "list", "-m", "-f", "{{.Dir}}", "sigs.k8s.io/gateway-api"))
	crd := filepath.Join(module, "config", "crd", "standard", "gateway.networking.k8s.io_httproutes.yaml")
	k.do(nil, "apply", "--server-side", "--filename", crd)
	// kubectl wait gives up where an object has no conditions at all yet.
	k.until("HTTPRoute is established", func() bool {
		return k.command(nil, "wait", "--for", "condition=Established", "--filename", crd).Run() == nil
	})
}

// accepts sends an overlay as `kubectl apply --dry-run=server` does. The
// namespace alone is made, so that its labels are in force for the rest.
func (k kube) accepts(overlay string) {
	k.t.Helper()
	manifests := k.do(nil, "kustomize", overlay)
	objects := strings.Split(manifests, "\n---\n")
	at := slices.IndexFunc(objects, func(o string) bool { return strings.Contains(o, "\nkind: Namespace\n") })
	if at < 0 {
		k.t.Fatalf("no Namespace in %s", overlay)
	}
	made := k.do([]byte(objects[at]), "apply", "--output", "jsonpath={.metadata.name}", "--filename", "-")
	k.namespace(made)
	k.do(nil, "--namespace", made, "wait", "--for", "create", "serviceaccount/default")
	out := k.do([]byte(manifests), "apply", "--dry-run=server", "--validate=strict", "--filename", "-")
	if accepted := strings.Count(out, " (server dry run)\n"); accepted != len(objects) {
		k.t.Errorf("%d of %d objects were accepted:\n%s", accepted, len(objects), out)
	}
	// The judge can say no, of a key that does not exist and of a pod that asks for too much.
	misspelt := strings.ReplaceAll(manifests, "readOnlyRootFilesystem", "readOnlyRootFileSystem")
	if out := k.refuses([]byte(misspelt), "apply", "--dry-run=server", "--validate=strict", "--filename", "-"); !strings.Contains(out, "unknown field") {
		k.t.Errorf("a misspelt field is refused with:\n%s", out)
	}
	if out := k.refuses([]byte(unrestricted), "--namespace", made, "create", "--filename", "-"); !strings.Contains(out, `violates PodSecurity "restricted:latest"`) {
		k.t.Errorf("a pod without a security context is refused with:\n%s", out)
	}
}

// unrestricted is a pod without what davit's have, and would run otherwise.
const unrestricted = `
apiVersion: v1
kind: Pod
metadata:
  name: unrestricted
spec:
  containers:
    - name: one
      image: busybox:stable
`

// TestClusterRuns brings services to the cluster as a user would, asks them
// what they may do, and changes them under load.
func TestClusterRuns(t *testing.T) {
	k := needCluster(t)
	for _, v := range []struct {
		target, traffic, base string
		more                  []string
	}{
		{"kubernetes", "low", "slim", nil},
		{"kubernetes", "high", "distroless", []string{"--worker", "python -m app.work", "--service", "redis"}},
		{"helm", "low", "slim", []string{"--worker", "python -m app.work", "--service", "redis"}},
	} {
		t.Run(strings.Join([]string{v.target, v.traffic, v.base}, "-"), func(t *testing.T) {
			s := deploy(kube{t, k.bin, k.kubeconfig}, v.target, v.traffic, v.base, v.more...)
			s.isRestricted()
			s.isServed()
			if v.more != nil {
				s.works()
			}
			s.updatesUnderLoad()
		})
	}
}

// A clusterService is a service that runs in the cluster.
type clusterService struct {
	kube
	target           string
	dir, name, image string
	address          string // http://127.0.0.1:PORT: a node port, beside the generated Service
}

// deploy generates, builds, pushes and applies.
func deploy(k kube, target, traffic, base string, more ...string) clusterService {
	k.t.Helper()
	s := clusterService{kube: k, target: target, dir: makeService(k.t, "plain", "uv"), name: uniqueName()}
	s.image = "127.0.0.1:5000/davit/" + s.name
	appendTo(k.t, filepath.Join(s.dir, "app", "main.py"), version)
	appendTo(k.t, filepath.Join(s.dir, "app", "work.py"), work)
	davit(k.t, append([]string{"generate", s.dir, "--name", s.name, "--image", s.image, "--target", target, "--extra", "scripts",
		"--python", "3.13", "--traffic", traffic, "--base", base}, more...)...)
	s.push("0.1.0")
	s.namespace(s.name)
	start := time.Now()
	secret := func() {
		if len(more) > 0 {
			// As the note beside secretRef says.
			secrets := filepath.Join(s.dir, "secrets.env")
			appendTo(k.t, secrets, "REDIS_URL=redis://redis:6379/0\n")
			s.do(nil, "--namespace", s.name, "create", "secret", "generic", s.name, "--from-env-file", secrets)
		}
	}
	if target == "helm" { // which waits until all is there, in a namespace of the user's
		s.do(nil, "create", "namespace", s.name)
		s.do(nil, "label", "namespace", s.name, "pod-security.kubernetes.io/enforce=restricted")
		secret()
		s.deploy("0.1.0")
	} else {
		s.do(nil, "apply", "--kustomize", filepath.Join(s.dir, "k8s", "overlays", "prod"))
		secret()
	}
	s.do(nil, "--namespace", s.name, "rollout", "status", "deployment/"+s.name, "--timeout", "2m")
	s.settle(s.name, "web", s.image+":0.1.0", 2) // one is what a Deployment starts with, two is the autoscaler's
	k.t.Logf("two pods ready %v after the first command", time.Since(start).Round(100*time.Millisecond))

	s.do(nil, "--namespace", s.name, "expose", "service", s.name, "--name", "loopback", "--type", "NodePort", "--port", "80", "--target-port", "http")
	s.address = "http://127.0.0.1:" + s.do(nil, "--namespace", s.name, "get", "service", "loopback", "--output", "jsonpath={.spec.ports[0].nodePort}")
	s.until(s.address+" answers", func() bool { return get(s.address+"/health").status == 200 })
	return s
}

// version is one more route, by which one version is told from the next.
const version = `

@app.get("/version")
async def version():
    return "0.1.0"
`

// work is a worker that ends when it is told to.
const work = `import signal
import threading

stop = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: stop.set())
print("working", flush=True)
stop.wait()
`

// push builds a version with the generated script and pushes it.
func (s clusterService) push(tag string) {
	s.t.Helper()
	main := filepath.Join(s.dir, "app", "main.py")
	source, err := os.ReadFile(main)
	if err == nil {
		err = os.WriteFile(main, bytes.Replace(source, []byte(`"0.1.0"`), []byte(`"`+tag+`"`), 1), 0o644)
	}
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { exec.Command("docker", "image", "rm", "--force", s.image+":"+tag).Run() })
	command(s.t, s.dir, "scripts/build", tag)
	command(s.t, s.dir, "docker", "push", s.image+":"+tag)
}

// deploy brings a pushed version to the cluster, with the generated script.
func (s clusterService) deploy(tag string) {
	s.t.Helper()
	cmd := s.command(nil)
	cmd.Path, cmd.Args, cmd.Dir = filepath.Join(s.dir, "scripts", "deploy"), []string{"scripts/deploy", tag, s.target}, s.dir
	out, err := cmd.CombinedOutput()
	if err != nil || strings.Contains(strings.ToLower(string(out)), "warning:") {
		s.t.Fatalf("scripts/deploy: %v\n%s\n%s", err, out, s.state(s.name))
	}
}

// inside asks the kernel what the server may do; distroless has Python, and no shell.
const inside = `
import os
status = dict(line.split(":\t", 1) for line in open("/proc/1/status").read().splitlines())
root = next(line.split() for line in open("/proc/1/mountinfo") if line.split()[4] == "/")
for key in "Uid", "Gid", "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb", "NoNewPrivs", "Seccomp":
    print(key, *status[key].split())
print("root", root[5].split(",")[0])
print("token", os.path.exists("/var/run/secrets/kubernetes.io"))
`

const restrictedInside = `Uid 10001 10001 10001 10001
Gid 10001 10001 10001 10001
CapInh 0000000000000000
CapPrm 0000000000000000
CapEff 0000000000000000
CapBnd 0000000000000000
CapAmb 0000000000000000
NoNewPrivs 1
Seccomp 2
root ro
token False
`

func (s clusterService) isRestricted() {
	s.t.Helper()
	pod := s.pods(s.name, "web")[0].Metadata.Name
	if got := s.do(nil, "--namespace", s.name, "exec", pod, "--", "/app/.venv/bin/python", "-c", inside); got != restrictedInside {
		s.t.Errorf("inside the container:\n%s", got)
	}
	if r := get(s.address + "/writable"); r.body != `["/tmp"]` {
		s.t.Errorf("the process can write %s, and may write /tmp alone", r.body)
	}
	if out := s.refuses([]byte(unrestricted), "--namespace", s.name, "create", "--filename", "-"); !strings.Contains(out, `violates PodSecurity "restricted:latest"`) {
		s.t.Errorf("a pod without a security context is refused with:\n%s", out)
	}
}

// isServed asks through the generated Service, from a pod as its clients would.
func (s clusterService) isServed() {
	s.t.Helper()
	ip := s.do(nil, "--namespace", s.name, "get", "service", s.name, "--output", "jsonpath={.spec.clusterIP}")
	pod := s.pods(s.name, "web")[0].Metadata.Name
	ask := fmt.Sprintf(`import urllib.request; print(urllib.request.urlopen("http://%s/health", timeout=5).read().decode())`, ip)
	if got := s.do(nil, "--namespace", s.name, "exec", pod, "--", "/app/.venv/bin/python", "-c", ask); got != `{"status":"ok"}`+"\n" {
		s.t.Errorf("the Service answers %q", got)
	}
	able := s.do(nil, "--namespace", s.name, "get", "hpa", s.name, "--output", `jsonpath={.status.conditions[?(@.type=="AbleToScale")].status} {.spec.minReplicas}`)
	if able != "True 2" {
		s.t.Errorf("the autoscaler is able to scale, with a minimum of: %s", able)
	}
	s.do(nil, "--namespace", s.name, "get", "networkpolicy", s.name)
}

// works looks at the worker, which nothing asks whether it is healthy.
func (s clusterService) works() {
	s.t.Helper()
	s.do(nil, "--namespace", s.name, "rollout", "status", "deployment/"+s.name+"-worker", "--timeout", "1m")
	pod := s.settle(s.name, "worker", s.image+":0.1.0", 1)[0]
	s.until("the worker works", func() bool { return s.do(nil, "--namespace", s.name, "logs", pod.Metadata.Name) == "working\n" })
	// Kubernetes names its own API server to every pod; services of the namespace only where links are on.
	if r := get(s.address + "/env"); !strings.Contains(r.body, `"REDIS_URL"`) || strings.Count(r.body, "_SERVICE_HOST") > 1 {
		s.t.Errorf("the service finds in its environment: %s", r.body)
	}
	// It ends when it is told to: far from the minute after which it would be killed.
	start := time.Now()
	s.do(nil, "--namespace", s.name, "delete", "pod", pod.Metadata.Name)
	if took := time.Since(start); took > 20*time.Second {
		s.t.Errorf("the worker ended %v after it was told to", took)
	}
}

// updatesUnderLoad rolls out a new version and drains a pod while requests come
// in: none may fail. Then it kills every pod at once, and some have to.
func (s clusterService) updatesUnderLoad() {
	s.t.Helper()
	s.push("0.2.0")
	running := startLoad(s.address)
	start := time.Now()
	s.deploy("0.2.0")
	s.t.Logf("rolled out in %v", time.Since(start).Round(100*time.Millisecond))
	pods := s.settle(s.name, "web", s.image+":0.2.0", 2) // the old ones are gone
	if r := get(s.address + "/version"); r.body != `"0.2.0"` {
		s.t.Errorf("after the update, /version is %+v", r)
	}
	s.evict(pods)
	s.settle(s.name, "web", s.image+":0.2.0", 2)
	seen := running.end()
	s.t.Logf("rolling update and eviction under load: %s", seen)
	if len(seen.failed) > 0 || seen.stopped {
		s.t.Errorf("%s\n%s\n%s", seen, tail(strings.Join(seen.failed, "\n")), s.state(s.name))
	}
	for _, v := range []string{`"0.1.0"`, `"0.2.0"`} {
		if seen.bodies[v] == 0 {
			s.t.Errorf("no request was answered by version %s: %s", v, seen)
		}
	}

	running = startLoad(s.address)
	if out, err := s.command(nil, "--namespace", s.name, "delete", "pods", "--selector", "app.kubernetes.io/component=web",
		"--grace-period", "0", "--force").CombinedOutput(); err != nil {
		s.t.Errorf("%v\n%s", err, out)
	}
	s.settle(s.name, "web", s.image+":0.2.0", 2)
	seen = running.end()
	s.t.Logf("all pods killed under load: %s", seen)
	if len(seen.failed) == 0 {
		s.t.Error("no request failed while every pod was killed: the load cannot tell")
	}
}

// evict drains one pod, which the budget allows, and at once another, which it does not.
func (s clusterService) evict(pods []clusterPod) {
	s.t.Helper()
	s.until("the budget allows a disruption", func() bool {
		return s.do(nil, "--namespace", s.name, "get", "pdb", s.name, "--output", "jsonpath={.status.disruptionsAllowed}") == "1"
	})
	eviction := func(pod clusterPod) ([]byte, []string) {
		name := pod.Metadata.Name
		return fmt.Appendf(nil, `{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":%q,"namespace":%q}}`, name, s.name),
			[]string{"create", "--raw", fmt.Sprintf("/api/v1/namespaces/%s/pods/%s/eviction", s.name, name), "--filename", "-"}
	}
	body, args := eviction(pods[0])
	s.do(body, args...)
	body, args = eviction(pods[1])
	if out := s.refuses(body, args...); !strings.Contains(out, "disruption budget") {
		s.t.Errorf("the second eviction is refused with: %s", out)
	}
}
