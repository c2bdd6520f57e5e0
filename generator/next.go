package generator

import (
	"path"
	"slices"

	"github.com/davit-cli/davit/wizard"
)

// Next returns the commands that a user would run after the files are written,
// in order. have reports whether the project has a file.
func Next(a wizard.Answers, have func(path string) bool) []string {
	var next []string
	if lock := locks[a.Dependencies]; lock.file != "" && !locked(a, lock.file, have) {
		next = append(next, lock.make)
	}
	image := a.Image
	if image == "" {
		image = a.Name
	}
	build := "docker build -t " + image + " ."
	switch {
	case a.HasExtra("scripts"):
		next = append(next, "scripts/build", "scripts/validate")
	case !a.HasTarget("compose"):
		next = append(next, build)
	}
	for _, target := range a.Targets {
		switch target {
		case "compose":
			next = append(next, "docker compose up --build --watch")
		case "kubernetes":
			next = append(next, "kubectl apply -k k8s/overlays/dev")
		case "swarm":
			next = append(next, "docker stack deploy -c stack.yaml "+a.Name)
		case "cloud-run":
			next = append(next, "gcloud run services replace service.yaml")
		case "fly":
			next = append(next, "fly deploy")
		}
	}
	return next
}

// locks is the file that each installer needs, and the command that makes it.
var locks = map[string]struct{ file, make string }{
	"uv":     {"uv.lock", "uv lock"},
	"poetry": {"poetry.lock", "poetry lock"},
	"pdm":    {"pdm.lock", "pdm lock"},
	"pipenv": {"Pipfile.lock", "pipenv lock"},
	"pip":    {"requirements.txt", "pip freeze > requirements.txt"},
	"conda":  {"environment.yml", "conda env export --from-history > environment.yml"},
}

func locked(a wizard.Answers, file string, have func(path string) bool) bool {
	return have(file) || slices.ContainsFunc(a.Project.Files, func(f string) bool {
		return path.Ext(f) == path.Ext(file) && have(f)
	})
}
