// Package conformance lets the field's own tools judge what davit generates:
// BuildKit, compose-go, kustomize, Helm, the Kubernetes types and Pod Security,
// Docker's stack loader, Knative, Nomad's types, hadolint, Checkov, Trivy, kube-score,
// shellcheck, and davit's own specification where no tool has an opinion. It
// is a module of its own, so that none of them reaches davit's binary. Those
// that are programs are installed by its command ./install, and asked where
// they are.
//
//	files, err := generator.Generate(answers)
//	for _, f := range conformance.Run(files) {
//		fmt.Println(f)
//	}
//
// A new judge is one file and one line in Judges; a new target's files reach
// every judge whose Reads accepts their paths.
package conformance

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/davit-cli/davit/generator"
)

// A Finding is one thing that a judge holds against a file.
type Finding struct {
	Judge   string
	File    string
	Line    int // from 1; 0 where the whole file is meant
	Rule    string
	Message string
	nth     int // of the files that the judge was given, from 1; 0 where it does not say
}

func (f Finding) String() string {
	where := f.File
	if f.Line > 0 {
		where = fmt.Sprintf("%s:%d", f.File, f.Line)
	}
	return fmt.Sprintf("%s: %s/%s: %s", where, f.Judge, f.Rule, f.Message)
}

// A Judge tells what is wrong with generated files. Its verdict depends on the
// files that Reads accepts and on nothing else, so that it can be remembered;
// where it looks at Each of them for itself, on that file alone.
type Judge struct {
	Name     string
	By       []string // the modules or the programs that judge; none where it is davit's own specification
	Each     bool
	Rendered bool // looks at what kustomize or Helm makes of the files, at Each for itself
	Reads    func(path string) bool
	Judge    func(files []generator.File) []Finding
	Sees     func(content string) string // files that are equal in this are judged once; nil: equal in all, notes included
	Together int                         // how many it is given at once, of Each; 0 is few
	Needs    func() error                // tells what it lacks here, beside the program
}

// Judges returns every judge.
func Judges() []Judge {
	return []Judge{
		{Name: "text", Each: true, Reads: all, Judge: Text},
		{Name: "syntax", By: by("go.yaml.in/yaml/v3", "github.com/pelletier/go-toml/v2"), Each: true, Reads: hasExtension(".yaml", ".yml", ".toml", ".py", ".json"), Judge: Syntax},
		{Name: "checks", By: by("github.com/moby/buildkit"), Reads: within("Dockerfile", ".dockerignore"), Judge: Checks, Sees: contentAlone},
		{Name: "conversion", By: by("github.com/moby/buildkit"), Each: true, Reads: within("Dockerfile"), Judge: Conversion, Sees: contentAlone},
		{Name: "dockerfile", Reads: within("Dockerfile", "gunicorn.conf.py"), Judge: Dockerfile, Sees: contentAlone},
		{Name: "hadolint", By: by("hadolint"), Each: true, Reads: within("Dockerfile"), Judge: Hadolint, Sees: asHadolintSees},
		{Name: "checkov", By: by("checkov"), Each: true, Reads: within("Dockerfile"), Judge: CheckovDockerfile, Sees: contentAlone, Together: many},
		{Name: "trivy", By: by("trivy"), Each: true, Reads: within("Dockerfile"), Judge: TrivyDockerfile, Sees: contentAlone, Together: many},
		{Name: "dockerignore", By: by("github.com/moby/patternmatcher"), Each: true, Reads: within(".dockerignore"), Judge: Dockerignore},
		{Name: "context", By: by("github.com/moby/patternmatcher"), Reads: within("Dockerfile", ".dockerignore"), Judge: Context, Sees: contentAlone},
		{Name: "compose", By: by("github.com/compose-spec/compose-go/v2"), Reads: within("compose.yaml", "compose.prod.yaml", ".env.example"), Judge: Compose},
		{Name: "compose-config", By: by("docker compose"), Each: true, Reads: within("compose.yaml"), Judge: ComposeConfig, Needs: ComposePlugin},
		{Name: "compose-config-prod", By: by("docker compose"), Reads: within("compose.prod.yaml", ".env.example"), Judge: ComposeConfigProd, Needs: ComposePlugin},
		{Name: "dclint", By: by("dclint"), Each: true, Reads: within("compose.yaml", "compose.prod.yaml", "stack.yaml"), Judge: Dclint},
		{Name: "kubernetes", By: by("sigs.k8s.io/kustomize/api", "k8s.io/api", "k8s.io/pod-security-admission"), Reads: below("k8s"), Judge: Kubernetes},
		{Name: "helm", By: by("helm.sh/helm/v4", "k8s.io/api", "k8s.io/pod-security-admission"), Reads: below("charts"), Judge: Helm, Sees: contentAlone},
		{Name: "kube-score", By: by("kube-score"), Rendered: true, Reads: isOverlay, Judge: KubeScore, Sees: contentAlone},
		{Name: "checkov-kubernetes", By: by("checkov"), Rendered: true, Reads: isObject, Judge: CheckovKubernetes, Sees: contentAlone, Together: many},
		{Name: "trivy-kubernetes", By: by("trivy"), Rendered: true, Reads: isObject, Judge: TrivyKubernetes, Sees: contentAlone, Together: many},
		{Name: "swarm", By: by("github.com/docker/cli"), Reads: within("stack.yaml", ".env.example"), Judge: Swarm},
		{Name: "cloud-run", By: by("knative.dev/serving", "google.golang.org/api"), Each: true, Reads: within("service.yaml", "worker-pool.yaml"), Judge: CloudRun},
		{Name: "fly", By: by("github.com/pelletier/go-toml/v2"), Each: true, Reads: within("fly.toml"), Judge: Fly},
		{Name: "quadlet", By: by("systemd-analyze"), Reads: below("quadlet"), Judge: Quadlet, Sees: contentAlone, Needs: QuadletMissing},
		{Name: "ecs", By: by("github.com/aws/aws-sdk-go-v2/service/ecs"), Reads: below("ecs"), Judge: ECS, Sees: contentAlone},
		{Name: "container-apps", By: by("github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/appcontainers/armappcontainers/v3"), Each: true, Reads: within("container-app.yaml", "container-app-worker.yaml"), Judge: ContainerApps, Sees: contentAlone},
		{Name: "nomad", By: by("nomad-api"), Each: true, Reads: within("job.nomad.hcl"), Judge: Nomad, Sees: contentAlone},
		{Name: "shell", By: by("mvdan.cc/sh/v3"), Each: true, Reads: isScript, Judge: Shell},
		{Name: "shellcheck", By: by("shellcheck"), Each: true, Reads: isScript, Judge: Shellcheck, Sees: contentAlone},
		{Name: "workflow", By: by("actionlint", "shellcheck", "zizmor"), Each: true, Reads: below(".github/workflows"), Judge: Workflow},
		{Name: "pipeline", By: by("check-jsonschema", "shellcheck"), Each: true, Reads: within(".gitlab-ci.yml"), Judge: Pipeline},
		{Name: "devcontainer", By: by("devcontainer"), Each: true, Reads: within("devcontainer.json"), Judge: Devcontainer},
		{Name: "workspace", By: by("github.com/compose-spec/compose-go/v2"), Reads: within("devcontainer.json", "compose.devcontainer.yaml", "compose.yaml"), Judge: Workspace},
		{Name: "bake", By: by("github.com/docker/buildx"), Reads: within("docker-bake.hcl", "build"), Judge: Bake},
	}
}

func by(who ...string) []string { return who }

// many files are given at once to a program that starts for seconds: all
// Dockerfiles to two of it, one a processor on a small machine.
const many = 1000

func contentAlone(content string) string { return content }

// Run asks every judge that is here and returns all findings that are not excused.
func Run(files []generator.File) []Finding {
	var found []Finding
	for _, j := range Judges() {
		if j.Missing() == nil {
			found = append(found, j.over(files)...)
		}
	}
	found, _ = sift(found)
	return found
}

// over gives the judge what it reads.
func (j Judge) over(files []generator.File) []Finding {
	if j.Rendered {
		files = Rendered(files)
	}
	if read := j.pick(files); len(read) > 0 {
		return j.Judge(read)
	}
	return nil
}

// Missing tells why the judge cannot be asked here; nil where it can.
func (j Judge) Missing() error {
	for _, p := range j.programs() {
		if err := p.missing(); err != nil {
			return err
		}
	}
	if j.Needs != nil {
		return j.Needs()
	}
	return nil
}

// programs returns those that judge.
func (j Judge) programs() []program {
	var asked []program
	for _, p := range programs {
		if slices.Contains(j.By, p.name) {
			asked = append(asked, p)
		}
	}
	return asked
}

// pick returns the files on which j's verdict depends.
func (j Judge) pick(files []generator.File) []generator.File {
	var read []generator.File
	for _, f := range files {
		if j.Reads(f.Path) {
			read = append(read, f)
		}
	}
	return read
}

func all(string) bool { return true }

// within accepts files by their base name, in whatever folder they are.
func within(names ...string) func(string) bool {
	return func(p string) bool { return slices.Contains(names, path.Base(p)) }
}

func below(folder string) func(string) bool {
	return func(p string) bool { return strings.HasPrefix(p, folder+"/") }
}

func hasExtension(extensions ...string) func(string) bool {
	return func(p string) bool { return slices.Contains(extensions, path.Ext(p)) }
}

func isScript(p string) bool { return strings.HasPrefix(p, "scripts/") || path.Ext(p) == ".sh" }

// named returns the file with this base name.
func named(files []generator.File, name string) (generator.File, bool) {
	for _, f := range files {
		if path.Base(f.Path) == name {
			return f, true
		}
	}
	return generator.File{}, false
}

// A docket collects the findings of one judge.
type docket struct {
	judge string
	found []Finding
}

func (d *docket) add(file string, line int, rule, format string, args ...any) {
	d.found = append(d.found, Finding{Judge: d.judge, File: file, Line: line, Rule: rule, Message: fmt.Sprintf(format, args...)})
}

// lineOf returns the first line that contains text, 0 where none does.
func lineOf(content, text string) int {
	i := strings.Index(content, text)
	if i < 0 {
		return 0
	}
	return 1 + strings.Count(content[:i], "\n")
}
