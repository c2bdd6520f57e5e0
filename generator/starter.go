package generator

import (
	"fmt"
	"slices"

	"github.com/davit-cli/davit/wizard"
)

// StarterAnswers returns a with what is true of the starter service: its
// dependencies have no lock file, as only an installer can make one.
func StarterAnswers(a wizard.Answers) wizard.Answers {
	a = a.Clone()
	a.Dependencies = "pyproject"
	a.App, a.Factory, a.AppDir = "app.main:app", false, ""
	a.HealthPath = "/health"
	return WithStarter(a)
}

// WithStarter returns a with what inspection finds in the project once the
// starter that is made for a is there, so that the next run changes nothing.
func WithStarter(a wizard.Answers) wizard.Answers {
	a = a.Clone()
	packages := map[string]string{"fastapi": "", "uvicorn": ""}
	if a.Traffic == "high" {
		packages["gunicorn"], packages["uvicorn-worker"] = "", ""
	}
	a.Project = wizard.Project{Packages: packages}
	a.Found = map[string]wizard.Project{"pyproject": a.Project}
	return a
}

// StarterRefused returns why no starter can be written into a folder with these
// files and folders at its top, or "": it would take the place of what is there.
func StarterRefused(top []string) string {
	switch i := slices.IndexFunc(top, wizard.Declares); {
	case slices.Contains(top, "app.py"):
		return "the starter's folder app would hide app.py from whoever imports app"
	case slices.Contains(top, "app"):
		return "there is a folder app already, and the starter's has the same name"
	case i >= 0:
		return top[i] + " declares dependencies, and the starter would put a pyproject.toml of its own in its place"
	}
	return ""
}

// Starter returns a small FastAPI service for a folder that has none: a
// pyproject.toml, app/main.py with a route at a.HealthPath, one test, and the
// file that pip or conda reads where one of them is the answer.
func Starter(a wizard.Answers) ([]File, error) {
	p := struct {
		Name, Python, HealthPath string
		Gunicorn                 bool
	}{a.Name, a.Python, a.HealthPath, a.Traffic == "high"}
	pages := []page{
		{"pyproject.toml", "starter/pyproject.toml", 0o644, "toml", "The starter's name and dependencies."},
		{"app/main.py", "starter/app/main.py", 0o644, "python", "The starter service, with a health route."},
		{"tests/test_health.py", "starter/tests/test_health.py", 0o644, "python", "One test, to build on."},
	}
	switch a.Dependencies {
	case "pip":
		pages = append(pages, page{"requirements.txt", "starter/requirements.txt", 0o644, "ignore", "What pip installs."})
	case "conda":
		pages = append(pages, page{"environment.yml", "starter/environment.yml", 0o644, "yaml", "What conda installs."})
	}
	made, err := files(p, pages...)
	if err != nil {
		return nil, fmt.Errorf("starter: %w", err)
	}
	made = slices.Insert(made, 1, File{Path: "app/__init__.py", Mode: 0o644, Language: "python", Purpose: "Makes app a package."})
	for i := range made {
		made[i].Once = true
	}
	return made, nil
}
