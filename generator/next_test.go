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
			"docker build -t ghcr.io/acme/shop .", "fly apps create api", "fly deploy"}},
		"a private index": {nil, nil, "uv.lock", []string{
			"docker build -t api --secret id=netrc,src=$HOME/.netrc .", "docker run --rm --read-only --tmpfs /tmp -p 127.0.0.1:8000:8000 api"}},
		"quadlet": {map[string]string{"target": "quadlet", "image": "ghcr.io/acme/shop", "name": "shop"}, nil, "uv.lock", []string{
			"podman build --tag ghcr.io/acme/shop:0.1.0 .",
			"mkdir -p ~/.config/containers/systemd/shop && cp quadlet/* ~/.config/containers/systemd/shop",
			"systemctl --user daemon-reload && systemctl --user start shop"}},
		"Amazon ECS": {map[string]string{"target": "ecs", "image": "ghcr.io/acme/shop", "worker": "python -m worker"}, nil, "uv.lock", []string{
			"docker build -t ghcr.io/acme/shop .", "docker tag ghcr.io/acme/shop ghcr.io/acme/shop:0.1.0 && docker push ghcr.io/acme/shop:0.1.0",
			"aws logs create-log-group --log-group-name /ecs/api", "aws ecs register-task-definition --cli-input-json file://ecs/task-definition.json", "aws ecs create-service --cli-input-json file://ecs/service.json",
			"aws ecs register-task-definition --cli-input-json file://ecs/worker-task-definition.json", "aws ecs create-service --cli-input-json file://ecs/worker-service.json"}},
		"Azure Container Apps": {map[string]string{"target": "container-apps", "extra": "scripts", "worker": "python -m worker"}, nil, "uv.lock", []string{
			"scripts/build dev", "scripts/validate api:dev",
			"az containerapp create --resource-group RESOURCE_GROUP --environment ENVIRONMENT --name api --yaml container-app.yaml",
			"az containerapp create --resource-group RESOURCE_GROUP --environment ENVIRONMENT --name api-worker --yaml container-app-worker.yaml"}},
		"a base for members": {map[string]string{"base": "chainguard", "organization": "example.com"}, nil, "uv.lock", []string{
			"chainctl auth configure-docker", "docker build -t api .", "docker run --rm --read-only --tmpfs /tmp -p 127.0.0.1:8000:8000 api"}},
		"nomad": {map[string]string{"target": "nomad", "image": "ghcr.io/acme/shop"}, nil, "uv.lock", []string{
			"docker build -t ghcr.io/acme/shop:dev .", "docker push ghcr.io/acme/shop:dev", "nomad job run -var tag=dev job.nomad.hcl"}},
		"a cluster that has no secret yet": {map[string]string{"target": "kubernetes", "name": "shop", "service": "postgres,redis"}, nil, "uv.lock", []string{
			"docker build -t shop:dev .", "kubectl apply -k k8s/overlays/dev",
			"kubectl create secret generic shop --namespace shop-dev --from-literal 'DATABASE_URL=postgresql://app:PASSWORD@HOST:5432/app' --from-literal 'REDIS_URL=redis://:PASSWORD@HOST:6379/0'"}},
		"a swarm that has no secret yet": {map[string]string{"target": "swarm", "name": "shop", "service": "postgres,redis"}, nil, "uv.lock", []string{
			"docker build -t shop:dev .",
			`password=$(openssl rand -hex 24) && printf 'postgresql://app:%s@postgres:5432/app' "$password" | docker secret create shop_database_url - && printf '%s' "$password" | docker secret create shop_postgres_password -`,
			`password=$(openssl rand -hex 24) && printf 'redis://:%s@redis:6379/0' "$password" | docker secret create shop_redis_url - && printf 'requirepass %s\n' "$password" | docker secret create shop_redis_conf -`,
			"docker node update --label-add postgres=true --label-add redis=true NODE",
			"TAG=dev docker stack deploy -c stack.yaml shop"}},
		"a machine with Podman that has no secret yet": {map[string]string{"target": "quadlet", "name": "shop", "service": "mongodb"}, nil, "uv.lock", []string{
			"podman build --tag localhost/shop:0.1.0 .", "mkdir -p ~/.config/containers/systemd/shop && cp quadlet/* ~/.config/containers/systemd/shop",
			`password=$(openssl rand -hex 24) && printf 'mongodb://app:%s@mongodb:27017/app?authSource=admin' "$password" | podman secret create shop-mongodb_url - && printf '%s' "$password" | podman secret create shop-mongodb_password -`,
			"systemctl --user daemon-reload && systemctl --user start shop"}},
		"migrations": {map[string]string{"target": "compose,kubernetes,quadlet", "name": "shop"}, nil, "uv.lock alembic.ini", []string{
			"docker compose run --build --rm shop alembic upgrade head", "docker compose up --build --watch", "docker build -t shop:dev .",
			"kubectl apply -k k8s/overlays/dev", "kubectl exec deployment/shop --namespace shop-dev -- alembic upgrade head",
			"podman build --tag localhost/shop:0.1.0 .", "mkdir -p ~/.config/containers/systemd/shop && cp quadlet/* ~/.config/containers/systemd/shop",
			"systemctl --user daemon-reload && systemctl --user start shop", "podman exec shop alembic upgrade head"}},
		"scripts": {map[string]string{"dependencies": "pyproject", "extra": "scripts", "target": "kubernetes,swarm,cloud-run"}, nil, "pyproject.toml", []string{
			"scripts/build dev", "scripts/validate api:dev", "kubectl apply -k k8s/overlays/dev", "TAG=dev docker stack deploy -c stack.yaml api", "gcloud run services replace service.yaml --region REGION"}},
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
		"stores of secrets": {map[string]string{"target": "cloud-run,fly,ecs,container-apps,nomad", "name": "shop", "service": "redis", "extra": "scripts"}, nil, "uv.lock", []string{
			"scripts/build dev", "scripts/validate shop:dev",
			"printf %s 'redis://:PASSWORD@HOST:6379/0' | gcloud secrets create redis-url --data-file=-", "gcloud run services replace service.yaml --region REGION",
			"fly apps create shop", "fly secrets set 'REDIS_URL=redis://:PASSWORD@HOST:6379/0'", "fly deploy",
			"aws ssm put-parameter --type SecureString --name /shop/redis-url --value 'redis://:PASSWORD@HOST:6379/0'",
			"aws logs create-log-group --log-group-name /ecs/shop",
			"aws ecs register-task-definition --cli-input-json file://ecs/task-definition.json", "aws ecs create-service --cli-input-json file://ecs/service.json",
			"az keyvault secret set --vault-name KEY_VAULT --name redis-url --value 'redis://:PASSWORD@HOST:6379/0'",
			"az identity create --resource-group RESOURCE_GROUP --name shop-identity",
			"az containerapp create --resource-group RESOURCE_GROUP --environment ENVIRONMENT --name shop --yaml container-app.yaml",
			"nomad var put @shop.nv.hcl", "nomad job run -var tag=dev job.nomad.hcl"}},
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
			if strings.Contains(c.have, "alembic.ini") {
				a.Project.Packages = map[string]string{"alembic": "1.17.0"}
			}
			made, err := Generate(a)
			if err != nil {
				t.Fatal(err)
			}
			got := Commands(Next(a, func(path string) bool {
				return slices.Contains(strings.Fields(c.have), path) || slices.ContainsFunc(made, func(f File) bool { return f.Path == path })
			}, asMade))
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
	if got := Commands(Next(a, func(path string) bool { return path == "pyproject.toml" }, asMade)); !slices.Equal(got, []string{"davit generate ../.."}) {
		t.Errorf("%q", got)
	}
	if got := Next(a, func(string) bool { return true }, asMade); len(got) != 2 {
		t.Errorf("with a lock of its own: %v", got)
	}
}

// What was not written cannot be built or run.
func TestNextNamesNothingWhoseFileIsNotThere(t *testing.T) {
	a := wizard.Defaults()
	target, _ := wizard.Find("target")
	a.Targets = nil
	for _, c := range target.Choices {
		a.Targets = append(a.Targets, c.ID)
	}
	if got := Next(a, func(path string) bool { return path == "uv.lock" }, asMade); len(got) > 0 {
		t.Errorf("%v", got)
	}
	if got := Commands(Next(a, func(path string) bool { return path == "uv.lock" || path == "fly.toml" }, asMade)); !slices.Equal(got, []string{"fly apps create api", "fly deploy"}) {
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
		for _, s := range Next(a, func(path string) bool { return slices.Contains(strings.Fields(have), path) }, asMade) {
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

// Who reads it finds each target under its name, and what holds for several
// steps once.
func TestListing(t *testing.T) {
	got := Listing([]Step{
		{Command: "build"}, {Command: "a", Note: "in capitals", Target: "A"}, {Command: "b", Note: "in capitals", Target: "A"},
		{Note: "first", Target: "B"}, {Command: "c", Note: "in capitals", Target: "B"},
	})
	want := []string{"build", "", "# A", "# in capitals", "a", "b", "", "# B", "# first", "# in capitals", "c"}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if got := Listing([]Step{{Command: "build"}, {Command: "a", Target: "A"}, {Command: "b", Target: "A"}}); !slices.Equal(got, []string{"build", "a", "b"}) {
		t.Errorf("a single target has no heading: %q", got)
	}
}

// asMade has every file as it was generated.
func asMade(string) (string, bool) { return "", false }

// What is started from a compose file of the user's is what that says, at the
// port that it publishes.
func TestNextGoesByTheUsersComposeFile(t *testing.T) {
	a := wizard.Defaults()
	a.Name, a.Targets, a.Project.Packages = "shop", []string{"compose"}, map[string]string{"alembic": "1.17.0"}
	const up, migrate = "docker compose up --build", "docker compose run --build --rm shop alembic upgrade head"
	for text, want := range map[string]struct {
		commands []string
		address  string
	}{
		"services:\n  shop:\n    ports: [\"127.0.0.1:9999:8000\"]\n":                                           {[]string{migrate, up}, "http://127.0.0.1:9999/docs"},
		"services:\n  shop:\n    ports:\n      # - 9999:8000\n      - 8000:8000\n":                             {[]string{migrate, up}, "http://127.0.0.1:8000/docs"},
		"services:\n  shop:\n    ports: ['80:8000/tcp']\n    develop: {watch: [{action: rebuild, path: .}]}\n": {[]string{migrate, up + " --watch"}, "http://127.0.0.1:80/docs"},
		"services:\n  web:\n    ports: ['9999:80001']\n":                                                       {[]string{up}, ""},
		"services:\n  web: {}\n": {[]string{up}, ""},
		"services:\n  shop:\n    ports: ['8080:8000']\n    healthcheck: {test: curl http://127.0.0.1:8000/health}\n    environment: {PEER: 'http://10.0.0.12:8000'}\n": {[]string{migrate, up}, "http://127.0.0.1:8080/docs"},
		"services:\n  shop:\n    ports: [{target: 8000, published: '8081', protocol: tcp}, 8000]\n":                                                                    {[]string{migrate, up}, "http://127.0.0.1:8081/docs"},
		"services:\n  shop:\n    ports: ['8080:8000']\n  admin:\n    ports: ['9090:8000']\n":                                                                           {[]string{migrate, up}, ""},
		"services:\n  shop:\n    ports: ['99999999999999999999:8000', '${PORT:-9000}:8000']\n":                                                                         {[]string{migrate, up}, ""},
		"services:\n  shop: [\n":                 {[]string{migrate, up}, ""},
		"# watch: later\nservices:\n  web: {}\n": {[]string{up}, ""},
	} {
		steps := Next(a, func(path string) bool { return path != "pyproject.toml" }, func(path string) (string, bool) {
			return text, path == "compose.yaml"
		})
		if got := Commands(steps); !slices.Equal(got, want.commands) || Address(steps) != want.address {
			t.Errorf("%s: got %q at %q, want %q at %q", text, got, Address(steps), want.commands, want.address)
		}
	}
	for _, target := range []string{"docker", "compose", "fly"} {
		a.Targets = []string{target}
		steps := Next(a, func(string) bool { return true }, asMade)
		if want := map[string]string{"docker": "http://127.0.0.1:8000/docs", "compose": "http://127.0.0.1:8000/docs"}[target]; Address(steps) != want {
			t.Errorf("%s: the address is %q, want %q", target, Address(steps), want)
		}
	}
}

// A container that starts in a folder of its own runs commands of the project's
// top there.
func TestCommandsOfTheTopAreRunThere(t *testing.T) {
	a := wizard.Defaults()
	a.Name, a.AppDir, a.Project.InAppDir = "shop", "src", true
	a.Project.Packages = map[string]string{"alembic": "1.17.0"}
	for target, want := range map[string]string{
		"compose":    "docker compose run --build --rm --workdir /app shop alembic upgrade head",
		"kubernetes": "kubectl exec deployment/shop --namespace shop-dev -- sh -c 'cd /app && alembic upgrade head'",
		"quadlet":    "podman exec --workdir /app shop alembic upgrade head",
	} {
		a.Targets = []string{target}
		if got := Commands(Next(a, func(string) bool { return true }, asMade)); !slices.Contains(got, want) {
			t.Errorf("%s: got %q, want %q", target, got, want)
		}
	}
	a.Base, a.Targets = "distroless", []string{"helm"}
	steps := Next(a, func(string) bool { return true }, asMade)
	if !slices.ContainsFunc(steps, func(s Step) bool { return s.Note == "alembic upgrade head"+elsewhere }) {
		t.Errorf("distroless: %v", steps)
	}
	a.Worker = "celery --workdir src -A tasks worker -n ./a"
	if got := strings.Join(workerCommand(a), " "); got != "celery --workdir /app/src -A tasks worker -n ./a" {
		t.Error(got)
	}
	a.Worker = "python jobs/worker.py --once"
	if got := strings.Join(workerCommand(a), " "); got != "python /app/jobs/worker.py --once" {
		t.Error(got)
	}
	a.Project.InAppDir = false
	if got := strings.Join(workerCommand(a), " "); got != a.Worker {
		t.Error(got)
	}
}

// Only the digests of both images make chainguard's own ones public.
func TestWhatIsNotPublicIsTold(t *testing.T) {
	const runtime, builder = "cgr.dev/chainguard/python:3.13", "cgr.dev/chainguard/python:3.13-dev"
	for told, pins := range map[bool][][]string{true: {nil, {"python:3.13-slim-trixie"}, {runtime}, {builder}}, false: {{runtime, builder}}} {
		for _, images := range pins {
			a := wizard.Defaults()
			a.Base, a.Pins = "chainguard", map[string]string{}
			for _, image := range images {
				a.Pins[image] = "sha256:" + strings.Repeat("0", 64)
			}
			steps := Next(a, func(string) bool { return true }, asMade)
			if got := slices.ContainsFunc(steps, func(s Step) bool { return strings.HasPrefix(s.Note, "only latest") }); got != told {
				t.Errorf("%q: told %t", images, got)
			}
		}
	}
	a := wizard.Defaults()
	a.Base, a.Organization, a.Extras = "chainguard", "acme.com", []string{"ci-gitlab"}
	if got := Commands(Next(a, func(string) bool { return true }, asMade)); !slices.Contains(got, "chainctl auth configure-docker --pull-token") {
		t.Errorf("the pipeline's token is not made: %q", got)
	}
}
