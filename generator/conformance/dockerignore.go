package conformance

import (
	"strings"

	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"

	"github.com/davit-cli/davit/generator"
)

// sent lists what a build may need, whatever the installer: source in any
// layout, data beside it, and what pyproject.toml refers to.
var sent = []string{
	"app/main.py", "main.py", "src/shop/y.py", "app/templates/index.html", "app/static/app.js", "app/data/x.json",
	"pyproject.toml", "README.md", "LICENSE", "alembic.ini", "migrations/versions/0001_first.py", "alembic/env.py",
	"app/keys.py", "app/environment.py", "app/build/step.py", "src/shop/dist/item.py",
}

// kept lists what must not reach the builder: secrets, caches, what belongs to
// the repository or the host, and the container files themselves.
var kept = []string{
	".env", ".env.local", ".env.production", "sub/.env", "sub/.env.staging", "x.pem", "certs/a.key", "certs/deep/b.pem", "id_rsa", ".netrc", ".pypirc",
	".git-credentials", "deploy/.ssh/config", ".docker/config.json", ".aws/credentials", ".kube/config", "kubeconfig.yaml", "infra/terraform.tfstate.backup", "infra/prod.tfvars", "shop.nv.hcl", "x.jks", "service-account-prod.json",
	".git/config", ".git", "sub/.git/config", ".gitignore", ".github/workflows/ci.yml", ".gitlab-ci.yml",
	".venv/bin/python", "venv/bin/python", "sub/.venv/bin/python", "node_modules/x/index.js", "web/node_modules/x/index.js",
	"__pycache__/main.cpython-313.pyc", "app/__pycache__/main.cpython-313.pyc", "app/x.pyc", ".pytest_cache/v/x", ".mypy_cache/x", ".ruff_cache/x", ".coverage", "htmlcov/index.html",
	"tests/test_main.py", "docs/index.md", "dist/x.whl", "build/lib/x.py", "shop.egg-info/PKG-INFO",
	"Dockerfile", ".dockerignore", "compose.yaml", "compose.prod.yaml", "compose.override.yaml", "k8s/base/deployment.yaml", "stack.yaml", "service.yaml", "worker-pool.yaml", "fly.toml", "quadlet/api.container", "container-app.yaml", "job.nomad.hcl", "container-app-worker.yaml", "davit.yaml", "davit.lock", "docker-bake.hcl", "docker-bake.override.hcl", ".devcontainer/devcontainer.json",
	"secrets/database_url", "db.sqlite3", ".idea/x.xml", ".vscode/settings.json", ".DS_Store",
}

// Dockerignore judges with BuildKit's own matcher what is sent to the builder.
// Either answer is right for .env.example and for the manifests of installers
// that the Dockerfile does not use.
func Dockerignore(files []generator.File) []Finding {
	d := &docket{judge: "dockerignore"}
	for _, f := range files {
		ignored := d.matcher(f)
		for _, p := range sent {
			if ignored(p) {
				d.add(f.Path, 0, "ignored", "%s has to be sent to the builder and is not", p)
			}
		}
		for _, p := range kept {
			if !ignored(p) {
				d.add(f.Path, 0, "sent", "%s must not be sent to the builder", p)
			}
		}
	}
	return d.found
}

// Context judges whether what the Dockerfile takes from the build context is
// sent there.
func Context(files []generator.File) []Finding {
	d := &docket{judge: "context"}
	dockerfile, ok := named(files, "Dockerfile")
	if !ok {
		return nil
	}
	f, ok := named(files, ".dockerignore")
	if !ok {
		d.add(".dockerignore", 0, "missing", "a Dockerfile without a .dockerignore sends secrets and caches")
		return d.found
	}
	ignored := d.matcher(f)
	for _, p := range contextSources(dockerfile.Content) {
		if ignored(p) {
			d.add(f.Path, 0, "ignored", "%s has to be sent to the builder and is not", p)
		}
	}
	return d.found
}

// matcher returns BuildKit's answer to whether a path is ignored.
func (d *docket) matcher(f generator.File) func(path string) bool {
	patterns, err := ignorefile.ReadAll(strings.NewReader(f.Content))
	if err != nil {
		d.add(f.Path, 0, "parse", "%v", err)
	}
	matcher, err := patternmatcher.New(patterns)
	if err != nil {
		d.add(f.Path, 0, "parse", "%v", err)
		return func(string) bool { return false }
	}
	return func(path string) bool {
		ignored, err := matcher.MatchesOrParentMatches(path)
		if err != nil {
			d.add(f.Path, 0, "match", "%s: %v", path, err)
		}
		return ignored
	}
}

// contextSources returns the paths that a Dockerfile takes from the build context.
func contextSources(content string) []string {
	stages, _, err := parseDockerfile(content)
	if err != nil {
		return nil
	}
	var sources []string
	for _, s := range stages {
		for _, c := range s.Commands {
			sources = append(sources, taken(c)...)
		}
	}
	return sources
}
