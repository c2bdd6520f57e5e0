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
		"the lock of another installer": {map[string]string{"target": "compose"}, []string{"poetry.lock"}, "poetry.lock", []string{"uv lock", "docker compose up --build --watch"}},
		"requirements elsewhere": {map[string]string{"dependencies": "pip", "target": "fly", "image": "ghcr.io/acme/shop"}, []string{"reqs/prod.txt"}, "reqs/prod.txt", []string{
			"docker build -t ghcr.io/acme/shop .", "fly deploy"}},
		"a private index": {nil, nil, "uv.lock", []string{
			"docker build -t api --secret id=netrc,src=$HOME/.netrc .", "docker run --rm --read-only --tmpfs /tmp -p 127.0.0.1:8000:8000 api"}},
		"quadlet": {map[string]string{"target": "quadlet", "image": "ghcr.io/acme/shop", "name": "shop"}, nil, "uv.lock", []string{
			"podman build --tag ghcr.io/acme/shop:0.1.0 .",
			"mkdir -p ~/.config/containers/systemd/shop && cp quadlet/* ~/.config/containers/systemd/shop",
			"systemctl --user daemon-reload && systemctl --user start shop"}},
		"Amazon ECS": {map[string]string{"target": "ecs", "image": "ghcr.io/acme/shop", "worker": "python -m worker"}, nil, "uv.lock", []string{
			"docker build -t ghcr.io/acme/shop .", "docker tag ghcr.io/acme/shop ghcr.io/acme/shop:0.1.0 && docker push ghcr.io/acme/shop:0.1.0",
			"aws ecs register-task-definition --cli-input-json file://ecs/task-definition.json", "aws ecs create-service --cli-input-json file://ecs/service.json",
			"aws ecs register-task-definition --cli-input-json file://ecs/worker-task-definition.json", "aws ecs create-service --cli-input-json file://ecs/worker-service.json"}},
		"Azure Container Apps": {map[string]string{"target": "container-apps", "extra": "scripts", "worker": "python -m worker"}, nil, "uv.lock", []string{
			"scripts/build dev", "scripts/validate api:dev",
			"az containerapp create --resource-group RESOURCE_GROUP --environment ENVIRONMENT --name api --yaml container-app.yaml",
			"az containerapp create --resource-group RESOURCE_GROUP --environment ENVIRONMENT --name api-worker --yaml container-app-worker.yaml"}},
		"nomad": {map[string]string{"target": "nomad", "image": "ghcr.io/acme/shop"}, nil, "uv.lock", []string{
			"docker build -t ghcr.io/acme/shop:dev .", "docker push ghcr.io/acme/shop:dev", "nomad job run -var tag=dev job.nomad.hcl"}},
		"scripts": {map[string]string{"dependencies": "pyproject", "extra": "scripts", "target": "kubernetes,swarm,cloud-run"}, nil, "", []string{
			"scripts/build dev", "scripts/validate api:dev", "kubectl apply -k k8s/overlays/dev", "TAG=dev docker stack deploy -c stack.yaml api", "gcloud run services replace service.yaml"}},
		"a registry and a cluster": {map[string]string{"target": "kubernetes", "image": "ghcr.io/acme/shop"}, nil, "uv.lock", []string{
			"docker build -t ghcr.io/acme/shop:dev .", "docker push ghcr.io/acme/shop:dev", "kubectl apply -k k8s/overlays/dev"}},
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
			got := Next(a, func(path string) bool { return slices.Contains(strings.Fields(c.have), path) })
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
	if got := Next(a, func(path string) bool { return path == "pyproject.toml" }); !slices.Equal(got, []string{"davit generate ../.."}) {
		t.Errorf("%q", got)
	}
	if got := Next(a, func(string) bool { return true }); len(got) != 2 {
		t.Errorf("with a lock of its own: %q", got)
	}
}
