package generator

import (
	"slices"
	"strings"
	"testing"

	"github.com/davit-cli/davit/wizard"
)

func TestNextSaysWhatToRun(t *testing.T) {
	for name, c := range map[string]struct {
		set   map[string]string
		files []string // that inspection found
		have  string
		want  []string
	}{
		"a new uv project": {nil, nil, "pyproject.toml", []string{
			"uv lock", "docker build -t api .", "docker run --rm --read-only --tmpfs /tmp -p 127.0.0.1:8000:8000 api"}},
		"a locked project with compose": {map[string]string{"target": "compose"}, nil, "uv.lock", []string{"docker compose up --build --watch"}},
		"compose and docker":            {map[string]string{"target": "docker,compose"}, nil, "uv.lock", []string{"docker compose up --build --watch", "docker build -t api ."}},
		"the lock of another installer": {map[string]string{"target": "compose"}, []string{"poetry.lock"}, "poetry.lock pyproject.toml", []string{"uv lock", "docker compose up --build --watch"}},
		"requirements elsewhere": {map[string]string{"dependencies": "pip", "target": "fly", "image": "ghcr.io/acme/shop"}, []string{"reqs/prod.txt"}, "reqs/prod.txt", []string{
			"docker build -t ghcr.io/acme/shop .", "fly deploy"}},
		"a private index": {nil, nil, "uv.lock", []string{
			"docker build -t api --secret id=netrc,src=$HOME/.netrc .", "docker run --rm --read-only --tmpfs /tmp -p 127.0.0.1:8000:8000 api"}},
		"quadlet": {map[string]string{"target": "quadlet", "image": "ghcr.io/acme/shop", "name": "shop"}, nil, "uv.lock", []string{
			"podman build --tag ghcr.io/acme/shop:0.1.0 .",
			"mkdir -p ~/.config/containers/systemd && cp -r quadlet ~/.config/containers/systemd/shop",
			"systemctl --user daemon-reload && systemctl --user start shop"}},
		"scripts": {map[string]string{"dependencies": "pyproject", "extra": "scripts", "target": "kubernetes,swarm,cloud-run"}, nil, "pyproject.toml", []string{
			"scripts/build dev", "scripts/validate api:dev", "kubectl apply -k k8s/overlays/dev", "TAG=dev docker stack deploy -c stack.yaml api", "gcloud run services replace service.yaml"}},
		"a registry and a cluster": {map[string]string{"target": "kubernetes", "image": "ghcr.io/acme/shop"}, nil, "uv.lock", []string{
			"docker build -t ghcr.io/acme/shop:dev .", "docker push ghcr.io/acme/shop:dev", "kubectl apply -k k8s/overlays/dev"}},
		"requirements alone, and uv": {map[string]string{"target": "compose"}, nil, "requirements.txt", []string{
			"uv init --bare && uv add -r requirements.txt", "docker compose up --build --watch"}},
		"nothing yet, and uv":              {map[string]string{"target": "compose"}, nil, "", []string{"uv init --bare && uv add fastapi uvicorn", "docker compose up --build --watch"}},
		"requirements alone, and Poetry":   {map[string]string{"dependencies": "poetry", "target": "compose"}, nil, "requirements.txt", []string{"poetry init --no-interaction && poetry add $(grep -v '^#' requirements.txt)", "docker compose up --build --watch"}},
		"requirements alone, and PDM":      {map[string]string{"dependencies": "pdm", "target": "compose"}, nil, "requirements.txt", []string{"pdm init --non-interactive && pdm import requirements.txt && pdm lock", "docker compose up --build --watch"}},
		"requirements alone, and Pipenv":   {map[string]string{"dependencies": "pipenv", "target": "compose"}, nil, "requirements.txt", []string{"pipenv install -r requirements.txt", "docker compose up --build --watch"}},
		"requirements alone, and no lock":  {map[string]string{"dependencies": "pyproject", "target": "compose"}, nil, "requirements.txt", []string{"docker compose up --build --watch"}},
		"requirements, as pip wants them":  {map[string]string{"dependencies": "pip", "target": "compose"}, nil, "requirements.txt", []string{"docker compose up --build --watch"}},
		"a container that wants addresses": {map[string]string{"service": "postgres,redis"}, nil, "uv.lock", []string{"docker build -t api .", "docker run --rm --read-only --tmpfs /tmp -p 127.0.0.1:8000:8000 --env DATABASE_URL --env REDIS_URL api"}},
		"bake": {map[string]string{"extra": "bake"}, nil, "uv.lock", []string{
			"docker buildx bake", "docker run --rm --read-only --tmpfs /tmp -p 127.0.0.1:8000:8000 api:dev"}},
	} {
		t.Run(name, func(t *testing.T) {
			a := wizard.Defaults()
			for id, v := range c.set {
				if err := a.Set(id, v); err != nil {
					t.Fatal(err)
				}
			}
			a.Project.Files = c.files
			a.Project.PrivateIndex = name == "a private index"
			made, err := Generate(a)
			if err != nil {
				t.Fatal(err)
			}
			got := Commands(Next(a, func(path string) bool {
				return slices.Contains(strings.Fields(c.have), path) || slices.ContainsFunc(made, func(f File) bool { return f.Path == path })
			}))
			if !slices.Equal(got, c.want) {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

// A member's own folder has no lock: the image is built where the workspace is.
func TestNextOfAWorkspacesMember(t *testing.T) {
	a := wizard.Defaults()
	a.Project.Above = "../.."
	if got := Commands(Next(a, func(path string) bool { return path == "pyproject.toml" })); !slices.Equal(got, []string{"davit generate ../.."}) {
		t.Errorf("%q", got)
	}
	if got := Next(a, func(string) bool { return true }); len(got) != 2 {
		t.Errorf("with a lock of its own: %q", got)
	}
}

// What was not written cannot be built or run.
func TestNextNamesNothingWhoseFileIsNotThere(t *testing.T) {
	a := wizard.Defaults()
	if err := a.Set("target", "docker,compose,kubernetes,swarm,cloud-run,fly,quadlet"); err != nil {
		t.Fatal(err)
	}
	if got := Next(a, func(path string) bool { return path == "uv.lock" }); len(got) > 0 {
		t.Errorf("%q", got)
	}
	if got := Commands(Next(a, func(path string) bool { return path == "uv.lock" || path == "fly.toml" })); !slices.Equal(got, []string{"fly deploy"}) {
		t.Errorf("%q", got)
	}
}

func TestNextSaysWhatIsInsteadOfWhat(t *testing.T) {
	notes := func(set map[string]string, have string) string {
		a := wizard.Defaults()
		for id, v := range set {
			if err := a.Set(id, v); err != nil {
				t.Fatal(err)
			}
		}
		var all []string
		for _, s := range Next(a, func(path string) bool { return slices.Contains(strings.Fields(have), path) }) {
			all = append(all, s.Note)
		}
		return strings.Join(all, "; ")
	}
	for want, got := range map[string]string{
		"on this machine, until ctrl+c; or the image by itself":    notes(map[string]string{"target": "docker,compose"}, "uv.lock Dockerfile compose.yaml"),
		"on this machine, until ctrl+c; for the other machines":    notes(map[string]string{"target": "compose,fly"}, "uv.lock Dockerfile compose.yaml"),
		"with DATABASE_URL set in this shell":                      notes(map[string]string{"service": "postgres"}, "uv.lock Dockerfile"),
		"write one that names what the app imports, or answer pip": notes(map[string]string{"dependencies": "pyproject"}, "requirements.txt"),
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in %q", want, got)
		}
	}
}
