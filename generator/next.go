package generator

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/davit-cli/davit/wizard"
)

// Next returns the commands that a user would run once the files are written,
// in order: first what the build needs and the project lacks, then the service
// on this machine, then one command a target. have reports whether the project
// has a file.
func Next(a wizard.Answers, have func(path string) bool) []string {
	if a.Dependencies == "uv" && a.Project.Above != "" && !have("uv.lock") {
		// An image is built from one folder, and the lock is not in this one.
		return []string{"davit generate " + a.Project.Above}
	}
	var next []string
	usual := wizard.UsualFiles(a.Dependencies)
	if lock, ok := locks[a.Dependencies]; ok && !have(usual[len(usual)-1]) && !lock.in(a.Project.Files, have) {
		next = append(next, lock.command)
	}
	image := a.Image
	if image == "" {
		image = a.Name
	}
	secret := "" // scripts/build and compose.yaml name it themselves
	if a.Project.PrivateIndex {
		secret = " --secret id=netrc,src=$HOME/.netrc"
	}
	tagged := image + ":dev"
	cluster := a.HasTarget("kubernetes") || a.HasTarget("helm") || a.HasTarget("swarm") || a.HasTarget("nomad")
	if cluster || a.HasExtra("bake") {
		image = tagged
	}
	_, alembic := a.Project.Packages["alembic"]
	migrate := "alembic upgrade head"
	alembic = alembic && have("alembic.ini")
	inPod := func(namespace string) []string {
		if !alembic {
			return nil
		}
		return []string{fmt.Sprintf("kubectl exec deployment/%s --namespace %s -- %s", a.Name, namespace, migrate)}
	}
	if a.HasTarget("compose") && alembic {
		next = append(next, fmt.Sprintf("docker compose run --build --rm %s %s", a.Name, migrate))
	}
	if a.HasTarget("compose") {
		next = append(next, "docker compose up --build --watch")
	}
	switch {
	case a.HasExtra("scripts"):
		next = append(next, "scripts/build dev", "scripts/validate "+tagged)
	case a.HasExtra("bake") && a.Project.PrivateIndex:
		next = append(next, "docker buildx bake --allow fs.read=$HOME/.netrc")
	case a.HasExtra("bake"):
		next = append(next, "docker buildx bake")
	case !slices.Equal(a.Targets, []string{"compose"}) && !slices.Equal(a.Targets, []string{"quadlet"}):
		next = append(next, fmt.Sprintf("docker build -t %s%s .", image, secret))
	}
	if cluster && strings.Contains(a.Image, "/") {
		next = append(next, "docker push "+tagged) // other machines run it
	}
	if (a.HasTarget("ecs") || a.HasTarget("container-apps")) && strings.Contains(a.Image, "/") {
		released := a.Image + ":" + tag // which the files name
		next = append(next, fmt.Sprintf("docker tag %s %s && docker push %[2]s", built(a, image, tagged), released))
	}
	for _, target := range a.Targets {
		switch target {
		case "docker":
			if !a.HasExtra("scripts") && !a.HasTarget("compose") {
				next = append(next, fmt.Sprintf("docker run --rm --read-only --tmpfs /tmp -p 127.0.0.1:%[1]d:%[1]d %[2]s", a.Port, image))
			}
		case "kubernetes":
			next = append(next, "kubectl apply -k k8s/overlays/dev")
			next = append(next, kubernetesSecret(a, devNamespace(a))...)
			next = append(next, inPod(devNamespace(a))...)
		case "helm":
			next = append(next, fmt.Sprintf("helm upgrade --install %[1]s %[2]s --namespace %[1]s --create-namespace --set image.tag=dev,image.pullPolicy=IfNotPresent", releaseName(a), chartFolder(a)))
			next = append(next, kubernetesSecret(a, releaseName(a))...)
			next = append(next, inPod(releaseName(a))...)
		case "swarm":
			labels := ""
			for _, b := range backingServices(a) {
				next = append(next, b.makeSecrets("docker secret create", stackName(a)+"_"))
				labels += " --label-add " + b.Name + "=true"
			}
			if labels != "" {
				next = append(next, "docker node update"+labels+" NODE")
			}
			next = append(next, "TAG=dev docker stack deploy -c stack.yaml "+stackName(a))
		case "cloud-run":
			next = append(next, "gcloud run services replace service.yaml")
			if a.Worker != "" {
				next = append(next, "gcloud run worker-pools replace worker-pool.yaml")
			}
		case "fly":
			next = append(next, "fly deploy")
		case "quadlet":
			// Podman keeps images of its own, and asks a registry where it has none.
			next = append(next, fmt.Sprintf("podman build --tag %s:%s%s .", fullName(cmp.Or(a.Image, a.Name)), tag, secret),
				fmt.Sprintf("mkdir -p %[1]s && cp quadlet/* %[1]s", "~/.config/containers/systemd/"+a.Name))
			for _, b := range backingServices(a) {
				next = append(next, b.makeSecrets("podman secret create", a.Name+"-"))
			}
			next = append(next, "systemctl --user daemon-reload && systemctl --user start "+a.Name)
			if alembic {
				next = append(next, fmt.Sprintf("podman exec %s %s", a.Name, migrate))
			}
		case "ecs":
			next = append(next, "aws ecs register-task-definition --cli-input-json file://ecs/task-definition.json", "aws ecs create-service --cli-input-json file://ecs/service.json")
			if a.Worker != "" {
				next = append(next, "aws ecs register-task-definition --cli-input-json file://ecs/worker-task-definition.json", "aws ecs create-service --cli-input-json file://ecs/worker-service.json")
			}
		case "container-apps":
			create := "az containerapp create --resource-group RESOURCE_GROUP --environment ENVIRONMENT --name %s --yaml %s"
			next = append(next, fmt.Sprintf(create, a.Name, "container-app.yaml"))
			if a.Worker != "" {
				next = append(next, fmt.Sprintf(create, label(a.Name, "-worker", wizard.LongestContainerApp), "container-app-worker.yaml"))
			}
		case "nomad":
			next = append(next, "nomad job run -var tag=dev job.nomad.hcl")
		}
	}
	return next
}

// built is the name under which the image is on this machine after the build.
func built(a wizard.Answers, image, tagged string) string {
	if a.HasExtra("scripts") {
		return tagged
	}
	return image
}

// kubernetesSecret is the command that makes the Secret for which the pods
// wait; none where they need none.
func kubernetesSecret(a wizard.Answers, namespace string) []string {
	if len(a.Services) == 0 {
		return nil
	}
	secret := fmt.Sprintf("kubectl create secret generic %s --namespace %s", a.Name, namespace)
	for _, b := range backingServices(a) {
		secret += fmt.Sprintf(" --from-literal '%s=%s'", b.Variable, b.Example())
	}
	return []string{secret}
}

// locks is what each installer reads beside pyproject.toml, and the command
// that makes it.
var locks = map[string]lock{
	"uv":     {"uv.lock", "uv lock"},
	"poetry": {"poetry.lock", "poetry lock"},
	"pdm":    {"pdm.lock", "pdm lock"},
	"pipenv": {"Pipfile.lock", "pipenv lock"},
	"pip":    {"*.txt", "pip freeze > requirements.txt"},
	"conda":  {"*.y*ml", "conda env export --from-history > environment.yml"},
}

type lock struct {
	pattern string // what it may be called where the project names its files
	command string
}

func (l lock) in(files []string, have func(path string) bool) bool {
	return slices.ContainsFunc(files, func(f string) bool {
		match, _ := path.Match(l.pattern, path.Base(f))
		return match && have(f)
	})
}
