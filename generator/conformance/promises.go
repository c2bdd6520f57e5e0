package conformance

import (
	"fmt"
	"slices"
	"strings"

	"github.com/davit-cli/davit/generator"
	"github.com/davit-cli/davit/wizard"
)

// promised maps an answer, question=choice, to files that it brings and that
// nothing else brings; a name ending in a slash is a folder.
var promised = map[string][]string{
	"target=compose":        {"compose.yaml", "compose.prod.yaml", ".env.example"},
	"target=kubernetes":     {"k8s/base/", "k8s/overlays/dev/", "k8s/overlays/prod/"},
	"target=helm":           {"charts/"},
	"target=swarm":          {"stack.yaml"},
	"target=cloud-run":      {"service.yaml"},
	"target=fly":            {"fly.toml"},
	"target=quadlet":        {"quadlet/"},
	"target=ecs":            {"ecs/task-definition.json", "ecs/service.json"},
	"target=container-apps": {"container-app.yaml"},
	"target=nomad":          {"job.nomad.hcl"},
	"traffic=high":          {"gunicorn.conf.py"},
	"extra=scripts":         {"scripts/build", "scripts/deploy"},
	"extra=ci-github":       {".github/workflows/image.yaml"},
	"extra=ci-gitlab":       {".gitlab-ci.yml"},
	"extra=devcontainer":    {".devcontainer/devcontainer.json"},
	"extra=bake":            {"docker-bake.hcl"},
}

// Promises judges whether the files are the ones that the answers ask for and
// whether the answers stand in them.
func Promises(a wizard.Answers, files []generator.File) []Finding {
	d := &docket{judge: "promises"}
	seen := map[string]bool{}
	for _, f := range files {
		if seen[f.Path] {
			d.add(f.Path, 0, "unique", "two files have this path")
		}
		seen[f.Path] = true
	}
	for _, always := range []string{"Dockerfile", ".dockerignore"} {
		if !seen[always] {
			d.add(always, 0, "missing", "every variant has it")
		}
	}
	for answer, names := range promised {
		question, choice, _ := strings.Cut(answer, "=")
		wanted := slices.Contains(a.Get(question), choice)
		for _, name := range names {
			if there := has(files, name); there != wanted {
				d.add(name, 0, "missing", "for %s in %s: wanted %t, there %t", answer, a.Variant(), wanted, there)
			}
		}
	}
	// A pipeline runs what scripts/validate checks.
	validated := a.HasExtra("scripts") || a.HasExtra("ci-github") || a.HasExtra("ci-gitlab")
	if there := seen["scripts/validate"]; there != validated {
		d.add("scripts/validate", 0, "missing", "for %v: wanted %t, there %t", a.Extras, validated, there)
	}
	if f, ok := named(files, "Dockerfile"); ok {
		d.answered(a, f)
	}
	if f, ok := named(files, ".dockerignore"); ok {
		// Others are kept out by names that no project has for something else.
		ignored := d.matcher(f)
		for _, own := range files {
			if (below("charts")(own.Path) || below("ecs")(own.Path)) && !ignored(own.Path) {
				d.add(f.Path, 0, "sent", "%s must not be sent to the builder", own.Path)
			}
		}
	}
	return d.found
}

func has(files []generator.File, name string) bool {
	return slices.ContainsFunc(files, func(f generator.File) bool {
		return f.Path == name || strings.HasSuffix(name, "/") && strings.HasPrefix(f.Path, name)
	})
}

// answered looks at the text: parsing is for the judges that see each file once.
func (d *docket) answered(a wizard.Answers, f generator.File) {
	runnable := 1
	development := a.HasExtra("dev") || a.HasExtra("devcontainer") // the editor's stage begins there
	if development {
		runnable = 2
	}
	for what, text := range map[string]string{
		"port":   fmt.Sprintf("\nEXPOSE %d\n", a.Port),
		"health": fmt.Sprintf("GET %s HTTP/", a.HealthPath),
		"dev":    " AS dev\n",
		"editor": "FROM dev AS devcontainer\n",
	} {
		wanted := runnable
		switch {
		case what == "dev":
			wanted--
		case what == "editor" && a.HasExtra("devcontainer"):
			wanted = 1
		case what == "editor":
			wanted = 0
		case what == "health" && a.HealthPath == "":
			continue
		}
		if there := strings.Count(f.Content, text); there != wanted {
			d.add(f.Path, 0, what, "%q occurs %d times, not %d", text, there, wanted)
		}
	}
}
