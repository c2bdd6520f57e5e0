package generator

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/davit-cli/davit/wizard"
)

// A Step is something to do once the files are written.
type Step struct {
	Command string // for a shell, "" where only the user knows
	Note    string // what has to be known about it, "" where nothing has
	Target  string // title of the target that it is for, "" where it is for all
	Port    int    // of this machine, where the service answers then; 0 where it does not, or nobody knows
}

// Listing writes steps as lines for a shell: notes and what they are for as
// comments, each once where it holds for several.
func Listing(steps []Step) []string {
	targets := map[string]bool{}
	for _, s := range steps {
		if s.Target != "" {
			targets[s.Target] = true
		}
	}
	several := len(targets) > 1
	var lines []string
	target, note := "", ""
	for _, s := range steps {
		if several && s.Target != target {
			lines, note = append(lines, "", "# "+s.Target), ""
		}
		target = s.Target
		if s.Note != "" && s.Note != note {
			lines, note = append(lines, "# "+s.Note), s.Note
		}
		if s.Command != "" {
			lines = append(lines, s.Command)
		}
	}
	return lines
}

// Commands are those of the steps that have one.
func Commands(steps []Step) []string {
	commands := []string{}
	for _, s := range steps {
		if s.Command != "" {
			commands = append(commands, s.Command)
		}
	}
	return commands
}

// Next returns what a user would do once the files are written, in order:
// first what the build needs and the project lacks, then the service on this
// machine, then one command a target. have reports whether the project has a
// file; a command whose file was not wanted is left out. own returns the text of
// a file that is not as it was generated.
func Next(a wizard.Answers, have func(path string) bool, own func(path string) (text string, ok bool)) []Step {
	if a.Dependencies == "uv" && a.Project.Above != "" && !have("uv.lock") {
		// An image is built from one folder, and the lock is not in this one.
		return []Step{{Command: "davit generate " + a.Project.Above}}
	}
	next := declare(a, have)
	if have("Dockerfile") {
		next = append(next, allowed(a)...)
	}
	services := backingServices(a)
	stored := secretVariables(services) // where the platform has a store of secrets
	title := ""
	add := func(file, note, command string, values ...any) {
		if have(file) {
			next = append(next, Step{Command: fmt.Sprintf(command, values...), Note: note, Target: title})
		}
	}
	remark := func(file, note string) {
		if have(file) {
			next = append(next, Step{Note: note, Target: title})
		}
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
	migrate := "" // the command that brings a database to the tables that the code expects
	inTop := ""   // where that command finds its settings, unless the container starts there
	if startDir(a) != "/app" {
		inTop = "--workdir /app "
	}
	if _, alembic := a.Project.Packages["alembic"]; alembic && have("alembic.ini") {
		migrate = "alembic upgrade head"
		if text, ok := own("compose.yaml"); a.HasTarget("compose") && (!ok || strings.Contains(text, " "+a.Name+":")) {
			add("compose.yaml", "", "docker compose run --build --rm %s%s %s", inTop, a.Name, migrate)
		}
	}
	// For the Secret the pods wait, and they know the way to the database.
	inNamespace := func(file, namespace string) {
		if len(a.Services) > 0 {
			secret := ""
			for _, b := range services {
				secret += fmt.Sprintf(" --from-literal '%s=%s'", b.Variable, b.Example())
			}
			add(file, placeholders, "kubectl create secret generic %s --namespace %s%s", a.Name, namespace, secret)
		}
		switch {
		case migrate == "":
		case inTop == "":
			add(file, "", "kubectl exec deployment/%s --namespace %s -- %s", a.Name, namespace, migrate)
		case hasShell(a):
			add(file, "", "kubectl exec deployment/%s --namespace %s -- sh -c 'cd /app && %s'", a.Name, namespace, migrate)
		default:
			remark(file, migrate+elsewhere)
		}
	}
	alone := "" // what a build is for, beside compose
	if a.HasTarget("compose") && have("compose.yaml") {
		note := ""
		if len(a.Targets) > 1 || len(a.Extras) > 0 {
			note, alone = "on this machine, until ctrl+c", "or the image by itself"
			if !slices.Equal(a.Targets, []string{"docker", "compose"}) {
				alone = "for the other machines"
			}
		}
		command, port := composing(a, own)
		next = append(next, Step{Command: command, Note: note, Port: port})
	}
	switch {
	case a.HasExtra("scripts"):
		add("scripts/build", alone, "scripts/build dev")
		add("scripts/validate", "", "scripts/validate %s", tagged)
	case a.HasExtra("bake") && a.Project.PrivateIndex:
		add("docker-bake.hcl", alone, "docker buildx bake --allow fs.read=$HOME/.netrc")
	case a.HasExtra("bake"):
		add("docker-bake.hcl", alone, "docker buildx bake")
	case !slices.Equal(a.Targets, []string{"compose"}) && !slices.Equal(a.Targets, []string{"quadlet"}):
		add("Dockerfile", alone, "docker build -t %s%s .", image, secret)
	}
	if cluster && strings.Contains(a.Image, "/") {
		add("Dockerfile", "", "docker push %s", tagged) // other machines run it
	}
	if (a.HasTarget("cloud-run") || a.HasTarget("ecs") || a.HasTarget("container-apps")) && strings.Contains(a.Image, "/") {
		released := a.Image + ":" + tag // which the files name
		add("Dockerfile", "", "docker tag %s %s && docker push %[2]s", built(a, image, tagged), released)
	}
	if note := inParts(a, services); note != "" {
		remark("Dockerfile", note)
	}
	question, _ := wizard.Find("target")
	for _, target := range a.Targets {
		choice, _ := question.Choice(target)
		title = choice.Title
		if file, ok := pulled[target]; ok && !strings.Contains(a.Image, "/") {
			remark(file, fmt.Sprintf("its machines pull the image: generate again with --image registry.example.com/acme/%s, or whatever yours is called", a.Name))
		}
		if file, ok := migrated[target]; ok && migrate != "" {
			remark(file, migrate+elsewhere)
		}
		switch target {
		case "docker":
			if !a.HasExtra("scripts") && !a.HasTarget("compose") && have("Dockerfile") {
				env, note := addresses(a)
				run := fmt.Sprintf("docker run --rm --read-only --tmpfs /tmp -p 127.0.0.1:%[1]d:%[1]d%[3]s %[2]s", a.Port, image, env)
				next = append(next, Step{run, note, title, a.Port})
			}
		case "kubernetes":
			file := "k8s/overlays/dev/kustomization.yaml"
			add(file, "", "kubectl apply -k k8s/overlays/dev")
			inNamespace(file, devNamespace(a))
		case "helm":
			file := chartFolder(a) + "/Chart.yaml"
			add(file, "", "helm upgrade --install %[1]s %[2]s --namespace %[1]s --create-namespace --set image.tag=dev,image.pullPolicy=IfNotPresent", a.Name, chartFolder(a))
			inNamespace(file, a.Name)
		case "swarm":
			labels := ""
			for _, b := range services {
				add("stack.yaml", "", "%s", b.makeSecrets("docker secret create", stackName(a)+"_"))
				labels += " --label-add " + b.Name + "=true"
			}
			if labels != "" {
				add("stack.yaml", "NODE is the one that keeps the data: docker node ls", "docker node update%s NODE", labels)
			}
			add("stack.yaml", "", "TAG=dev docker stack deploy -c stack.yaml %s", stackName(a))
		case "cloud-run":
			for _, v := range stored {
				add("service.yaml", placeholders, "printf %%s '%s' | gcloud secrets create %s --data-file=-", v.Example, v.Key)
			}
			add("service.yaml", capitals, "gcloud run services replace service.yaml --region REGION")
			if a.Worker != "" {
				add("worker-pool.yaml", "", "gcloud run worker-pools replace worker-pool.yaml --region REGION")
			}
		case "fly":
			add("fly.toml", "once", "fly apps create %s", a.Name)
			for _, v := range stored {
				add("fly.toml", placeholders, "fly secrets set '%s=%s'", v.Variable, v.Example)
			}
			add("fly.toml", "", "fly deploy")
		case "quadlet":
			// Podman keeps images of its own, and asks a registry where it has none.
			add("Dockerfile", "", "podman build --tag %s:%s%s .", fullName(cmp.Or(a.Image, a.Name)), tag, secret)
			unit := "quadlet/" + a.Name + ".container"
			add(unit, "", "mkdir -p %[1]s && cp quadlet/* %[1]s", "~/.config/containers/systemd/"+a.Name)
			for _, b := range services {
				add(unit, "", "%s", b.makeSecrets("podman secret create", a.Name+"-"))
			}
			add(unit, "", "systemctl --user daemon-reload && systemctl --user start %s", a.Name)
			if migrate != "" {
				add(unit, "", "podman exec %s%s %s", inTop, a.Name, migrate)
			}
		case "ecs":
			for _, v := range stored {
				add("ecs/task-definition.json", placeholders, "aws ssm put-parameter --type SecureString --name /%s/%s --value '%s'", a.Name, v.Key, v.Example)
			}
			processes := []string{""}
			if a.Worker != "" {
				processes = append(processes, "worker-")
			}
			add("ecs/task-definition.json", "once; tasks do not start without it", "aws logs create-log-group --log-group-name /ecs/%s", a.Name)
			note := capitals + ", in ecs/*.json"
			for _, p := range processes {
				add("ecs/"+p+"task-definition.json", note, "aws ecs register-task-definition --cli-input-json file://ecs/%stask-definition.json", p)
				note = ""
				add("ecs/"+p+"service.json", "", "aws ecs create-service --cli-input-json file://ecs/%sservice.json", p)
			}
		case "container-apps":
			for _, v := range stored {
				add("container-app.yaml", placeholders, "az keyvault secret set --vault-name KEY_VAULT --name %s --value '%s'", v.Key, v.Example)
			}
			if len(a.Services) > 0 || azureRegistry(a.Image) != "" {
				add("container-app.yaml", "once; it has to be allowed to read the key vault and to pull the image", "az identity create --resource-group RESOURCE_GROUP --name %s-identity", a.Name)
			}
			create := "az containerapp create --resource-group RESOURCE_GROUP --environment ENVIRONMENT --name %s --yaml %s"
			add("container-app.yaml", capitals, create, a.Name, "container-app.yaml")
			if a.Worker != "" {
				add("container-app-worker.yaml", "", create, label(a.Name, "-worker", wizard.LongestContainerApp), "container-app-worker.yaml")
			}
		case "nomad":
			if len(a.Services) > 0 {
				add("job.nomad.hcl", "the beginning of job.nomad.hcl has what to write there", "nomad var put @%s.nv.hcl", a.Name)
			}
			add("job.nomad.hcl", "", "nomad job run -var tag=dev job.nomad.hcl")
		}
	}
	return next
}

// placeholders stands beside a command that the user completes.
const placeholders = "with yours in place of the words in capitals; a blank before it keeps it out of most shells' history"

// elsewhere is how a command is run that cannot be beside the service.
const elsewhere = " is run from a machine that reaches the database, with its address in the environment"

// capitals stands beside a command that reads files which the user completes.
const capitals = "with yours in place of the words in capitals"

// pulled are the targets whose machines always pull the image, by a file that
// they have; a cluster may have it from the last build.
var pulled = map[string]string{
	"cloud-run": "service.yaml", "ecs": "ecs/task-definition.json", "container-apps": "container-app.yaml", "nomad": "job.nomad.hcl",
}

// migrated are those in which no command runs beside the service without more
// being set up, by a file that they have.
var migrated = map[string]string{
	"swarm": "stack.yaml", "cloud-run": "service.yaml", "fly": "fly.toml", "ecs": "ecs/task-definition.json", "container-apps": "container-app.yaml", "nomad": "job.nomad.hcl",
}

// built is the name under which the image is on this machine after the build.
func built(a wizard.Answers, image, tagged string) string {
	if a.HasExtra("scripts") {
		return tagged
	}
	return image
}

// composing is the command that starts compose.yaml, and the port of this machine
// at which the service answers then, or 0 where a file of the user's does not
// tell. It has to name something to watch for --watch to start at all.
func composing(a wizard.Answers, own func(path string) (string, bool)) (command string, port int) {
	text, ok := own("compose.yaml")
	if !ok {
		return "docker compose up --build --watch", a.Port
	}
	var file struct {
		Services map[string]struct {
			Ports   []any
			Develop struct{ Watch []any }
		}
	}
	command = "docker compose up --build"
	if yaml.Unmarshal([]byte(text), &file) != nil {
		return command, 0
	}
	watch, ports := false, map[int]bool{}
	for _, s := range file.Services {
		watch = watch || len(s.Develop.Watch) > 0
		for _, p := range s.Ports {
			if here := published(p, a.Port); here > 0 {
				ports[here] = true
			}
		}
	}
	if watch {
		command += " --watch"
	}
	if len(ports) == 1 { // else one of several services
		for here := range ports {
			port = here
		}
	}
	return command, port
}

// published is the port of this machine at which compose publishes that of a
// container, by an entry of either form, or 0.
func published(entry any, target int) int {
	var here, there string
	switch entry := entry.(type) {
	case string:
		parts := strings.Split(strings.TrimSuffix(entry, "/tcp"), ":")
		if len(parts) > 1 {
			here, there = parts[len(parts)-2], parts[len(parts)-1]
		}
	case map[string]any:
		here, there = fmt.Sprint(entry["published"]), fmt.Sprint(entry["target"])
	}
	port, err := strconv.ParseUint(here, 10, 16)
	if err != nil || there != strconv.Itoa(target) {
		return 0
	}
	return int(port)
}

// Address is where a browser finds the service once the steps are done, or ""
// where none of them starts it on this machine.
func Address(steps []Step) string {
	i := slices.IndexFunc(steps, func(s Step) bool { return s.Port > 0 })
	if i < 0 {
		return ""
	}
	return fmt.Sprintf("http://127.0.0.1:%d/docs", steps[i].Port)
}

// NeedsDocker reports whether a step asks Docker for something.
func NeedsDocker(steps []Step) bool {
	return slices.ContainsFunc(steps, func(s Step) bool {
		return strings.HasPrefix(s.Command, "docker ") || strings.HasPrefix(s.Command, "scripts/")
	})
}

// addresses are the flags that give the container where its backing services
// are, and what has to be known about that.
func addresses(a wizard.Answers) (flags, note string) {
	var names []string
	for _, b := range backingServices(a) {
		names = append(names, b.Variable)
		flags += " --env " + b.Variable
	}
	if names == nil {
		return "", ""
	}
	return flags, "with " + strings.Join(names, " and ") + " set in this shell; localhost in it would be the container itself"
}

// declare is what makes the manifest, or the lock, that the build reads and
// the project has not.
func declare(a wizard.Answers, have func(path string) bool) []Step {
	usual := wizard.UsualFiles(a.Dependencies)
	lock := locks[a.Dependencies]
	some := lock.pattern != "" && (have(usual[len(usual)-1]) || lock.in(a.Project.Files, have))
	manifest := usual[0]
	there := have(manifest) || slices.ContainsFunc(a.Project.Files, func(f string) bool { return path.Base(f) == manifest && have(f) })
	switch {
	case some:
		return nil
	case there && lock.command == "":
		return nil
	case there || len(usual) == 1 && lock.command != "":
		note := ""
		if !there {
			note = "where the packages of the app are installed"
		}
		return []Step{{Command: lock.command, Note: note}}
	}
	note := "there is no " + manifest + " yet, and the build reads it"
	begin := begins[a.Dependencies]
	command := begin.fresh
	if have("requirements.txt") {
		note = "there is no " + manifest + " yet: this makes it of requirements.txt, which the answer pip would read as it is"
		command = begin.from
	}
	if command == "" {
		note = "there is no " + manifest + " yet, and the build reads it: write one that names what the app imports"
		if have("requirements.txt") {
			note += ", or answer pip, which reads requirements.txt"
		}
	}
	return []Step{{Command: command, Note: note}}
}

// allowed is what lets the build pull its base image, where not everybody may.
func allowed(a wizard.Answers) []Step {
	if member := memberOf(a); member != "" {
		steps := []Step{{Command: "chainctl auth configure-docker", Note: "once, so that Docker may pull what " + member + " has at Chainguard"}}
		if a.HasExtra("ci-github") || a.HasExtra("ci-gitlab") {
			steps = append(steps, Step{
				Command: "chainctl auth configure-docker --pull-token",
				Note:    "prints what the pipeline needs: the variable CHAINGUARD_USERNAME and the secret CHAINGUARD_PASSWORD",
			})
		}
		return steps
	}
	if a.Base != "chainguard" {
		return nil
	}
	repository := chainguardPython(a)
	_, builder := a.Pins[repository+":"+a.Python+"-dev"]
	if _, runtime := a.Pins[repository+":"+a.Python]; builder && runtime {
		return nil
	}
	return []Step{{Note: "only latest of Chainguard's images is public: generate again with --organization and the name of yours; davit guide security has more"}}
}

// memberOf is the organization that the base image is pulled from as one of
// its members, "" where it is public.
func memberOf(a wizard.Answers) string {
	q, _ := wizard.Find("organization")
	if !q.Asked(a) || a.Organization == q.Default[0] {
		return ""
	}
	return a.Organization
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

// begins are the commands that make a manifest and its lock, where there is a
// requirements.txt and where there is none.
var begins = map[string]struct{ from, fresh string }{
	"uv":     {"uv init --bare && uv add -r requirements.txt", "uv init --bare && uv add fastapi uvicorn"},
	"poetry": {"poetry init --no-interaction && poetry add $(grep -v '^#' requirements.txt)", "poetry init --no-interaction && poetry add fastapi uvicorn"},
	"pdm":    {"pdm init --non-interactive && pdm import requirements.txt && pdm lock", "pdm init --non-interactive && pdm add fastapi uvicorn"},
	"pipenv": {"pipenv install -r requirements.txt", "pipenv install fastapi uvicorn"},
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
