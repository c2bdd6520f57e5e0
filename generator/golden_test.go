package generator

import (
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/davit-cli/davit/wizard"
)

var update = flag.Bool("update", false, "write the golden files anew")

// goldens are representative variants, each with what only it shows: read
// what a change of a template does to them in testdata/golden.
var goldens = []struct {
	name    string
	answers map[string]string // question → values, separated by commas
	project wizard.Project
}{
	{"uv-low-slim", map[string]string{"app": "app.main:app", "health_path": "/health"}, wizard.Project{}},
	{"uv-high-slim-compose", map[string]string{
		"traffic": "high", "target": "compose", "app": "shop.main:app", "app_dir": "src", "health_path": "/healthz",
		"service": "postgres,redis", "worker": "celery -A shop.tasks worker", "extra": "dev,scripts", "name": "shop",
	}, wizard.Project{Package: true, Packages: map[string]string{"fastapi": "0.165.0", "sqlalchemy": "2.0.0", "asyncpg": "0.31.0"},
		Parts: map[string]string{"DB_HOST": "postgres.host", "DB_USER": "postgres.user", "DB_PASSWORD": "postgres.password"}}},
	{"uv-low-distroless-kubernetes", map[string]string{
		"base": "distroless", "target": "kubernetes", "name": "shop", "image": "registry.example.com/acme/shop", "health_path": "/health",
	}, wizard.Project{Packages: map[string]string{"fastapi": "0.165.0", "uvicorn": "0.54.0"}}},
	{"uv-high-slim-kubernetes", map[string]string{
		"traffic": "high", "target": "kubernetes", "route": "ingress", "service": "postgres,redis", "worker": "arq app.worker.Settings", "extra": "scripts",
	}, wizard.Project{Packages: map[string]string{"gunicorn": "27.0.1", "uvicorn": "0.54.0", "uvicorn-worker": "0.4.0"}}},
	{"uv-low-distroless-helm", map[string]string{
		"base": "distroless", "target": "helm", "name": "shop", "image": "registry.example.com/acme/shop", "health_path": "/health", "route": "httproute",
		"service": "postgres,redis", "worker": "arq app.worker.Settings", "extra": "scripts",
	}, wizard.Project{Packages: map[string]string{"fastapi": "0.165.0", "uvicorn": "0.54.0"}}},
	{"poetry-steady-slim-compose", map[string]string{
		"dependencies": "poetry", "traffic": "steady", "target": "compose", "service": "mysql,rabbitmq", "app": "shop:create_app", "factory": "true",
	}, wizard.Project{Extras: []string{"server"}, Groups: []string{"web"}, Packages: map[string]string{"mysqlclient": "2.2.7"}}},
	{"pdm-low-alpine", map[string]string{"dependencies": "pdm", "base": "alpine", "extra": "dev"},
		wizard.Project{Packages: map[string]string{"psycopg2": "2.9.11"}}},
	{"pipenv-high-slim-swarm", map[string]string{"dependencies": "pipenv", "traffic": "high", "target": "swarm", "service": "mongodb", "python": "3.12"},
		wizard.Project{Packages: map[string]string{"gunicorn": "27.0.1"}}},
	{"pip-low-slim-cloud-run", map[string]string{"dependencies": "pip", "target": "cloud-run", "health_path": "/health", "extra": "scripts", "service": "postgres", "worker": "python -m app.worker"},
		wizard.Project{Hashes: true, Files: []string{"requirements/prod.txt", "requirements/base.txt"}, PrivateIndex: true}},
	{"pip-high-distroless", map[string]string{"dependencies": "pip", "traffic": "high", "base": "distroless"},
		wizard.Project{Packages: map[string]string{"psycopg2": "2.9.11", "uvicorn": ""}}},
	{"pyproject-low-slim-fly", map[string]string{"dependencies": "pyproject", "target": "fly", "worker": "python -m app.worker", "service": "redis"},
		wizard.Project{Package: true}},
	{"pyproject-steady-alpine", map[string]string{"dependencies": "pyproject", "traffic": "steady", "base": "alpine", "python": "3.14"}, wizard.Project{}},
	{"uv-low-slim-ci-github", map[string]string{"service": "postgres,redis", "extra": "ci-github,bake"},
		wizard.Project{Packages: map[string]string{"sqlalchemy": "2.0.0", "asyncpg": "0.31.0"}}},
	{"poetry-low-distroless-ci-gitlab", map[string]string{
		"dependencies": "poetry", "base": "distroless", "target": "compose", "app_dir": "src", "service": "mongodb", "image": "registry.example.com/acme/shop", "extra": "ci-gitlab,devcontainer",
	}, wizard.Project{PrivateIndex: true}},
	{"poetry-high-slim-quadlet", map[string]string{
		"dependencies": "poetry", "traffic": "high", "target": "quadlet", "name": "shop", "service": "redis,rabbitmq", "worker": "celery -A shop.tasks worker -n w@%h", "health_path": "/health", "extra": "scripts",
	}, wizard.Project{}},
	{"pip-high-alpine-ecs", map[string]string{
		"dependencies": "pip", "traffic": "high", "base": "alpine", "target": "ecs", "name": "shop", "image": "123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop",
		"service": "postgres,redis", "worker": "python -m shop.worker", "health_path": "/health", "extra": "scripts",
	}, wizard.Project{Packages: map[string]string{"gunicorn": "27.0.1", "uvicorn": "0.54.0"}}},
	{"uv-steady-slim-container-apps", map[string]string{
		"traffic": "steady", "target": "container-apps", "name": "shop", "image": "acme.azurecr.io/shop", "service": "mongodb,rabbitmq",
		"worker": "celery -A shop.tasks worker", "health_path": "/health", "extra": "scripts",
	}, wizard.Project{}},
	{"pdm-steady-slim-nomad", map[string]string{
		"dependencies": "pdm", "traffic": "steady", "target": "nomad", "name": "shop", "image": "registry.example.com/acme/shop",
		"service": "postgres,redis", "worker": "celery -A shop.tasks worker", "health_path": "/health", "extra": "scripts",
	}, wizard.Project{}},
	{"pip-steady-chainguard", map[string]string{
		"dependencies": "pip", "traffic": "steady", "base": "chainguard", "organization": "example.com", "name": "shop", "image": "ghcr.io/acme/shop",
		"health_path": "/health", "python": "3.14", "extra": "dev,devcontainer,ci-github,ci-gitlab",
	}, wizard.Project{Packages: map[string]string{"psycopg": "3.3.0", "psycopg-binary": "3.3.0", "uvicorn": "0.54.0"}}},
	{"uv-low-slim-scm-version", map[string]string{"app": "shop.main:app", "name": "shop", "extra": "dev"}, wizard.Project{Package: true, SCMVersion: "hatch-vcs"}},
	{"pip-high-slim-in-app-dir", map[string]string{
		"dependencies": "pip", "traffic": "high", "target": "compose", "app": "main:app", "app_dir": "src", "service": "redis", "worker": "celery --workdir src -A tasks worker", "extra": "dev,devcontainer",
	}, wizard.Project{InAppDir: true, Packages: map[string]string{"fastapi": "0.165.0", "uvicorn": "0.54.0"}}},
	{"uv-low-slim-variables", map[string]string{
		"target": "compose,helm,nomad", "name": "shop", "service": "postgres,redis,rabbitmq", "worker": "celery -A shop.tasks worker", "extra": "scripts,ci-github",
	}, wizard.Project{Parts: map[string]string{"RABBITMQ_HOST": "rabbitmq.host", "RABBITMQ_PASSWORD": "rabbitmq.password"}, Variables: map[string]string{"postgres": "SQLALCHEMY_DATABASE_URI", "redis": "CELERY_BROKER_URL"}, Schemes: map[string]string{"postgres": "postgresql+psycopg"}, Packages: map[string]string{"fastapi": "0.165.0", "uvicorn": "0.54.0"}}},
	{"conda-low-slim", map[string]string{"dependencies": "conda", "target": "docker,compose"}, wizard.Project{}},
}

// TestGolden shows in a diff what a change does to the files that users get.
func TestGolden(t *testing.T) {
	for _, g := range goldens {
		t.Run(g.name, func(t *testing.T) {
			a := wizard.Defaults()
			for id, values := range g.answers {
				if err := a.Set(id, strings.Split(values, ",")...); err != nil {
					t.Fatal(err)
				}
			}
			a.Project = g.project
			made, err := Generate(a)
			if err != nil {
				t.Fatal(err)
			}
			folder := filepath.Join("testdata", "golden", g.name)
			if *update {
				replace(t, folder, made)
			}
			for _, f := range made {
				want, err := os.ReadFile(filepath.Join(folder, filepath.FromSlash(f.Path)))
				if err != nil {
					t.Errorf("%v: go test ./generator -run Golden -update writes it", err)
				} else if string(want) != f.Content {
					t.Errorf("%s is no longer what %s has: go test ./generator -run Golden -update writes it anew, and git diff shows what changed", f.Path, folder)
				}
			}
			for _, path := range present(t, folder) {
				if !slices.ContainsFunc(made, func(f File) bool { return f.Path == path }) {
					t.Errorf("%s is no longer generated: go test ./generator -run Golden -update removes it", path)
				}
			}
		})
	}
}

func replace(t *testing.T, folder string, made []File) {
	t.Helper()
	if err := os.RemoveAll(folder); err != nil {
		t.Fatal(err)
	}
	for _, f := range made {
		name := filepath.Join(folder, filepath.FromSlash(f.Path))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(f.Content), f.Mode); err != nil {
			t.Fatal(err)
		}
	}
}

// present lists the files below a folder, with slashes.
func present(t *testing.T, folder string) []string {
	t.Helper()
	var paths []string
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		below, err := filepath.Rel(folder, path)
		paths = append(paths, filepath.ToSlash(below))
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return paths
}
