// Package conformance lets the field's own tools judge what davit generates:
// BuildKit, compose-go, kustomize, the Kubernetes types and Pod Security,
// Docker's stack loader, Knative, shellcheck, and davit's own specification
// where no tool has an opinion. It is a module of its own, so that none of
// them reaches davit's binary.
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
	Name  string
	Each  bool
	Reads func(path string) bool
	Judge func(files []generator.File) []Finding
}

// Judges returns every judge.
func Judges() []Judge {
	return []Judge{
		{"text", true, all, Text},
		{"syntax", true, hasExtension(".yaml", ".yml", ".toml", ".py", ".json"), Syntax},
		{"checks", false, within("Dockerfile", ".dockerignore"), Checks},
		{"conversion", true, within("Dockerfile"), Conversion},
		{"dockerfile", false, within("Dockerfile", "gunicorn.conf.py"), Dockerfile},
		{"dockerignore", true, within(".dockerignore"), Dockerignore},
		{"context", false, within("Dockerfile", ".dockerignore"), Context},
		{"compose", false, within("compose.yaml", "compose.prod.yaml", ".env.example"), Compose},
		{"compose-config", true, within("compose.yaml"), ComposeConfig},
		{"compose-config-prod", false, within("compose.prod.yaml", ".env.example"), ComposeConfigProd},
		{"dclint", true, within("compose.yaml", "compose.prod.yaml", "stack.yaml"), Dclint},
		{"kubernetes", false, below("k8s"), Kubernetes},
		{"swarm", false, within("stack.yaml", ".env.example"), Swarm},
		{"cloud-run", true, within("service.yaml", "worker-pool.yaml"), CloudRun},
		{"fly", true, within("fly.toml"), Fly},
		{"shell", true, isScript, Shell},
		{"workflow", true, below(".github/workflows"), Workflow},
		{"pipeline", true, within(".gitlab-ci.yml"), Pipeline},
		{"devcontainer", true, within("devcontainer.json"), Devcontainer},
		{"workspace", false, within("devcontainer.json", "compose.devcontainer.yaml", "compose.yaml"), Workspace},
		{"bake", false, within("docker-bake.hcl", "build"), Bake},
	}
}

// Run asks every judge and returns all findings.
func Run(files []generator.File) []Finding {
	var found []Finding
	for _, j := range Judges() {
		if read := j.pick(files); len(read) > 0 {
			found = append(found, j.Judge(read)...)
		}
	}
	return found
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
	d.found = append(d.found, Finding{d.judge, file, line, rule, fmt.Sprintf(format, args...)})
}

// lineOf returns the first line that contains text, 0 where none does.
func lineOf(content, text string) int {
	i := strings.Index(content, text)
	if i < 0 {
		return 0
	}
	return 1 + strings.Count(content[:i], "\n")
}
