package generator

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/davit-cli/davit/wizard"
)

// A page is one file to make from one template.
type page struct {
	Path     string
	Template string
	Mode     fs.FileMode
	Language string
	Purpose  string
}

// files renders pages with the same data.
func files(data any, pages ...page) ([]File, error) {
	made := make([]File, 0, len(pages))
	for _, p := range pages {
		content, notes, err := render(p.Template, data)
		if err != nil {
			return nil, err
		}
		made = append(made, File{Path: p.Path, Mode: p.Mode, Language: p.Language, Content: content, Purpose: p.Purpose, Notes: notes})
	}
	return made, nil
}

func dockerignore(a wizard.Answers) ([]File, error) {
	p := struct {
		LeftOut, Scripts []string
		Chart            string // a project may have another folder called charts
		ECS              bool   // and one called ecs
	}{Scripts: scriptPaths(a), ECS: a.HasTarget("ecs")}
	if a.HasTarget("helm") {
		p.Chart = chartFolder(a)
	}
	leaveOut := func(folder string) {
		if !slices.Contains(a.Project.Needed, folder) && !slices.Contains(p.LeftOut, folder) {
			p.LeftOut = append(p.LeftOut, folder)
		}
	}
	for _, folder := range [...]string{"tests", "test", "docs", "dist", "build"} {
		leaveOut(folder)
	}
	// A service below the root has its tests there; a folder called build may be its own.
	below := []string{a.AppDir}
	for _, f := range a.Project.Files {
		below = append(below, path.Dir(f))
	}
	for _, dir := range below {
		leaveOut(path.Join(dir, "tests"))
		leaveOut(path.Join(dir, "test"))
	}
	return files(p,
		page{".dockerignore", "dockerignore", 0o644, "ignore", "Keeps secrets, caches and what does not run out of the image."})
}

func compose(a wizard.Answers) ([]File, error) {
	return files(newServicePage(a),
		page{"compose.yaml", "compose/compose.yaml", 0o644, "yaml", "Development: the service with what backs it, in one command."},
		page{"compose.prod.yaml", "compose/compose.prod.yaml", 0o644, "yaml", "Production on one server: read-only, without capabilities, within limits."},
		page{".env.example", "compose/env.example", 0o644, "dotenv", "Every variable that compose.prod.yaml reads, to copy to .env."})
}

func swarm(a wizard.Answers) ([]File, error) {
	a.Image, a.Name = image(a), stackName(a)
	return files(newServicePage(a),
		page{"stack.yaml", "swarm/stack.yaml", 0o644, "yaml", "The service on a Swarm: rolled out one by one, rolled back when it fails."})
}

// cloudRunPage adds the name of the worker pool.
type cloudRunPage struct {
	servicePage
	PoolName string
}

func cloudRun(a wizard.Answers) ([]File, error) {
	pages := []page{{"service.yaml", "cloud-run/service.yaml", 0o644, "yaml", "The service on Cloud Run, as its API takes it."}}
	if a.Worker != "" {
		pages = append(pages, page{"worker-pool.yaml", "cloud-run/worker-pool.yaml", 0o644, "yaml",
			"The worker on Cloud Run, whose services run on requests alone."})
	}
	const longest = 49 // characters of a name on Cloud Run
	return files(cloudRunPage{newServicePage(a), label(a.Name, "-worker", longest)}, pages...)
}

// flyPage adds what fly.toml needs as command lines: Fly splits them itself.
type flyPage struct {
	servicePage
	CommandLine, WorkerLine string
}

func fly(a wizard.Answers) ([]File, error) {
	return files(flyPage{newServicePage(a), strings.Join(command(a), " "), a.Worker},
		page{"fly.toml", "fly/fly.toml", 0o644, "toml", "The service on Fly.io, with checks."})
}

// kubernetesPage adds what the manifests need beyond the service.
type kubernetesPage struct {
	servicePage
	DevNamespace string
	Resources    []string // files of the base
	RouteFile    string
	Host         string
	EgressPorts  []string
	EgressNames  string // ", PostgreSQL, Redis" for a comment
	NoRegistry   bool   // no --image said where the nodes find it
}

func newKubernetesPage(a wizard.Answers) kubernetesPage {
	p := kubernetesPage{
		servicePage: newServicePage(a),
		Host:        a.Name + ".example.com",
		EgressPorts: egressPorts(a.Services),
		NoRegistry:  !strings.Contains(image(a), "/"),
	}
	p.DevNamespace = devNamespace(a)
	p.Limits = oneProcess // replicas are the scale
	q, _ := wizard.Find("service")
	for _, id := range a.Services {
		c, _ := q.Choice(id)
		p.EgressNames += ", " + c.Title
	}
	if a.Route != "none" {
		p.RouteFile = a.Route + ".yaml"
	}
	return p
}

func kubernetes(a wizard.Answers) ([]File, error) {
	p := newKubernetesPage(a)
	type manifest struct{ name, purpose string }
	base := []manifest{
		{"namespace", "The namespace, which refuses pods that are not 'restricted'."},
		{"serviceaccount", "The identity of the pods, without a token for the API."},
		{"deployment", "The service: probes, limits, security, rolling update without loss."},
		{"service", "One stable address inside the cluster."},
		{"horizontalpodautoscaler", "Adds and removes replicas by load."},
		{"poddisruptionbudget", "Keeps replicas up while nodes are drained."},
		{"networkpolicy", "Who may talk to the pods, and to whom they may talk."},
	}
	if a.Worker != "" {
		base = slices.Insert(base, 3, manifest{"worker", "The worker: the same image with its own command."})
	}
	pages := []page{}
	for _, m := range base {
		p.Resources = append(p.Resources, m.name+".yaml")
		pages = append(pages, page{"k8s/base/" + m.name + ".yaml", "kubernetes/base/" + m.name + ".yaml", 0o644, "yaml", m.purpose})
	}
	pages = append([]page{{"k8s/base/kustomization.yaml", "kubernetes/base/kustomization.yaml", 0o644, "yaml", "What every environment has in common, its settings included."}}, pages...)
	pages = append(pages,
		page{"k8s/overlays/dev/kustomization.yaml", "kubernetes/overlays/dev/kustomization.yaml", 0o644, "yaml", "The base made small, for development."},
		page{"k8s/overlays/prod/kustomization.yaml", "kubernetes/overlays/prod/kustomization.yaml", 0o644, "yaml", "The base with the version that runs."})
	if p.RouteFile != "" {
		pages = append(pages, page{"k8s/overlays/prod/" + p.RouteFile, "kubernetes/overlays/prod/" + p.RouteFile, 0o644, "yaml", "Traffic from outside the cluster."})
	}
	return files(p, pages...)
}

// devNamespace is where the overlay for development puts everything.
func devNamespace(a wizard.Answers) string { return label(a.Name, "-dev", dnsLabel) }

// scriptsPage is what the scripts show.
type scriptsPage struct {
	Name, Stack      string
	Chart            string
	Image            string
	Port, MaxMB      int
	Grace            int
	Limits           limits
	DeployTargets    []string
	DeployTarget     string
	DeployChoices    string
	Docker, Compose  bool
	Kubernetes, Helm bool
	Swarm            bool
	CloudRun, Fly    bool
	PrivateIndex     bool
	Worker           bool
	Quadlet          bool
	QuadletUnits     []string // that run the image
	QuadletRegistry  string   // what Podman has to have before a short name
	ECS              bool
	ContainerApps    bool
	WorkerApp        string
	KeyVault         bool
	WorkerName       string
	Nomad            bool
}

func scripts(a wizard.Answers) ([]File, error) {
	p := scriptsPage{
		Name: a.Name, Stack: stackName(a), Image: image(a), Port: a.Port, MaxMB: maxMB(a), Grace: gracePeriod, Limits: limitsFor(a),
		Chart:         chartFolder(a),
		DeployTargets: a.Targets, DeployTarget: deployTarget(a), DeployChoices: strings.Join(a.Targets, "|"),
		Docker: a.HasTarget("docker"), Compose: a.HasTarget("compose"), Kubernetes: a.HasTarget("kubernetes"), Helm: a.HasTarget("helm"),
		Swarm: a.HasTarget("swarm"), CloudRun: a.HasTarget("cloud-run"), Fly: a.HasTarget("fly"),
		PrivateIndex: a.Project.PrivateIndex, Worker: a.Worker != "",
		Quadlet: a.HasTarget("quadlet"), QuadletRegistry: strings.TrimSuffix(fullName(image(a)), image(a)), QuadletUnits: []string{a.Name},
		ContainerApps: a.HasTarget("container-apps"), WorkerApp: label(a.Name, "-worker", wizard.LongestContainerApp), KeyVault: len(a.Services) > 0,
		ECS: a.HasTarget("ecs"), WorkerName: label(a.Name, "-worker", dnsLabel),
		Nomad: a.HasTarget("nomad"),
	}
	if p.Worker {
		p.QuadletUnits = append(p.QuadletUnits, p.WorkerName)
	}
	purposes := map[string]string{
		"scripts/build":    "Builds the image with its labels.",
		"scripts/validate": "Proves an image: user, health, size, read-only run, graceful stop.",
		"scripts/deploy":   "Brings a pushed version to where it runs.",
	}
	var pages []page
	for _, path := range scriptPaths(a) {
		pages = append(pages, page{path, path, 0o755, "sh", purposes[path]})
	}
	return files(p, pages...)
}

// scriptPaths are the scripts that a has: all with the extra of that name, and
// the one that a pipeline runs with a pipeline.
func scriptPaths(a wizard.Answers) []string {
	switch {
	case a.HasExtra("scripts"):
		return []string{"scripts/build", "scripts/validate", "scripts/deploy"}
	case a.HasExtra("ci-github") || a.HasExtra("ci-gitlab"):
		return []string{"scripts/validate"}
	default:
		return nil
	}
}

// deployTarget is the place that the deploy script means by default: the first
// that runs more than the bare image.
func deployTarget(a wizard.Answers) string {
	for _, t := range a.Targets {
		if t != "docker" {
			return t
		}
	}
	return "docker"
}

// maxMB is the size above which an image of this kind has something in it that
// it should not have: the base's size and room for a service's packages.
func maxMB(a wizard.Answers) int {
	switch {
	case a.Dependencies == "conda":
		return 1500
	case a.Base == "slim":
		return 600
	default:
		return 500
	}
}
