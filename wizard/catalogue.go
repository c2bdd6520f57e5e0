package wizard

import (
	"slices"
	"sync"
)

// A Question is one thing that davit asks, with what may be answered.
type Question struct {
	ID       string   // key in Answers, davit.yaml and `davit options`
	Flag     string   // flag of `davit generate`, without the dashes
	Title    string   // the question as it is asked
	Help     string   // one line under the title
	Kind     Kind     // what an answer looks like
	Room     Room     // on which screen it is asked
	Multiple bool     // any number of choices, also none where Optional
	Optional bool     // no answer is an answer
	Default  []string // the answer where nothing else is known
	Choices  []Choice // the possible answers, where Kind is Choose

	// For are the answers beside which this one says anything: a question's id
	// and its choices. Nil where it always does.
	For map[string][]string

	check func(value string) error  // syntax of one typed value; nil for Choose
	tidy  func(value string) string // the usual form of a value that means the same, nil where there is one only
}

// A Choice is one possible answer to a Question.
type Choice struct {
	ID    string // what is typed and recorded
	Title string // what is shown
	Help  string // one line: what it is
	Gain  string // what it gives
	Cost  string // what it takes
}

// Kind is the form of an answer.
type Kind string

const (
	Choose Kind = "choose" // one or several of Choices
	Text   Kind = "text"   // a typed value
	Number Kind = "number" // a typed whole number
	Switch Kind = "switch" // "true" or "false"
)

// Room is the part of the wizard in which a question stands.
type Room string

const (
	Main    Room = "main"    // the four questions that make a Variant
	Confirm Room = "confirm" // what inspection prefills and the user confirms
	Extra   Room = "extra"   // what else to generate
)

// Catalogue returns every question in the order in which it is asked. The
// form, the flags, shell completion, `davit options`, davit.yaml and the
// README's table are all made from it; nothing else lists a choice.
//
// Choices are shared between calls and must not be changed.
func Catalogue() []Question { return slices.Clone(catalogue()) }

var catalogue = sync.OnceValue(func() []Question {
	return []Question{
		{
			ID: "dependencies", Flag: "dependencies", Kind: Choose, Room: Main,
			Title:   "How are dependencies declared?",
			Help:    "The file that an installer reads decides how the image is built; davit guide dependencies tells more.",
			Default: []string{"uv"},
			Choices: []Choice{
				{ID: "uv", Title: "uv", Help: "pyproject.toml and uv.lock",
					Gain: "fastest builds; a stale lock stops the build", Cost: "needs a uv.lock: run `uv lock`"},
				{ID: "poetry", Title: "Poetry", Help: "pyproject.toml and poetry.lock",
					Gain: "the lock is checked before anything is installed", Cost: "the installer is itself installed in the builder"},
				{ID: "pdm", Title: "PDM", Help: "pyproject.toml and pdm.lock",
					Gain: "standard metadata and a checked lock", Cost: "the installer is itself installed in the builder"},
				{ID: "pipenv", Title: "Pipenv", Help: "Pipfile and Pipfile.lock",
					Gain: "hashes in the lock are enforced", Cost: "slow resolver, only for applications"},
				{ID: "pip", Title: "pip", Help: "requirements.txt",
					Gain: "nothing to learn; hashes are enforced when the file has them", Cost: "without pins or hashes two builds may differ"},
				{ID: "pyproject", Title: "pyproject.toml", Help: "pyproject.toml without a lock file",
					Gain: "one standard file", Cost: "no lock: two builds may differ"},
				{ID: "conda", Title: "conda", Help: "environment.yml, installed by micromamba",
					Gain: "native libraries that PyPI does not carry", Cost: "images of several hundred MB, and only on slim"},
			},
		},
		{
			ID: "traffic", Flag: "traffic", Kind: Choose, Room: Main,
			Title:   "How much traffic is expected?",
			Help:    "Decides how many processes one container runs, and who watches them; davit guide traffic tells more.",
			Default: []string{"low"},
			Choices: []Choice{
				{ID: "low", Title: "low", Help: "one uvicorn process",
					Gain: "smallest memory; replicas are the scale, as Kubernetes wants it", Cost: "one CPU core at most in a container"},
				{ID: "steady", Title: "steady", Help: "uvicorn with several workers, its copies",
					Gain: "all cores of one machine without another dependency", Cost: "a worker that dies is replaced, one that grows or hangs is not"},
				{ID: "high", Title: "high", Help: "gunicorn watching several uvicorn workers",
					Gain: "renews workers now and then, and replaces those that hang", Cost: "gunicorn in the lock file, memory for four workers"},
			},
		},
		{
			ID: "base", Flag: "base", Kind: Choose, Room: Main,
			Title:   "Which base image?",
			Help:    "What lies under Python in the image; davit guide image-size tells more.",
			Default: []string{"slim"},
			Choices: []Choice{
				{ID: "slim", Title: "slim", Help: "Python on Debian, made small",
					Gain: "every wheel works, the packages that come compiled; a shell to look inside", Cost: "larger than the others, more packages to patch"},
				{ID: "alpine", Title: "alpine", Help: "Python on Alpine Linux",
					Gain: "less than half the size of slim", Cost: "packages without a wheel for musl, its C library, are compiled, or fail"},
				{ID: "distroless", Title: "distroless", Help: "Debian's Python without shell or package manager",
					Gain: "least to attack: no shell, no package manager", Cost: "no shell to look inside; Python 3.13 only"},
				{ID: "chainguard", Title: "chainguard", Help: "Chainguard's Python without shell or package manager",
					Gain: "least to attack, with any supported Python, rebuilt every day", Cost: "an organization at Chainguard, as only latest is public; no shell to look inside"},
			},
		},
		{
			ID: "target", Flag: "target", Kind: Choose, Room: Main, Multiple: true,
			Title:   "Where will it run?",
			Help:    "Several are possible; davit guide has a topic for each.",
			Default: []string{"docker"},
			Choices: []Choice{
				{ID: "docker", Title: "Docker", Help: "the image alone",
					Gain: "Dockerfile and .dockerignore, nothing else", Cost: "how it runs is up to you"},
				{ID: "compose", Title: "Compose", Help: "compose.yaml for development, compose.prod.yaml for one server",
					Gain: "the service with its databases in one command", Cost: "one machine"},
				{ID: "kubernetes", Title: "Kubernetes", Help: "manifests with overlays, which change them for dev and prod",
					Gain: "rolling updates, scaling; passes Pod Security 'restricted'", Cost: "a cluster, and somebody who runs it"},
				{ID: "helm", Title: "Helm", Help: "a chart for helm install",
					Gain: "one package for many installations, its values checked by a schema", Cost: "Helm 4, and templates between you and the manifests"},
				{ID: "swarm", Title: "Swarm", Help: "stack.yaml for docker stack deploy",
					Gain: "several machines with plain Docker", Cost: "a small ecosystem"},
				{ID: "cloud-run", Title: "Cloud Run", Help: "service.yaml for Google Cloud Run",
					Gain: "scales to zero, nothing to run", Cost: "one provider; cold starts"},
				{ID: "fly", Title: "Fly.io", Help: "fly.toml",
					Gain: "one command to several regions", Cost: "one provider"},
				{ID: "quadlet", Title: "Quadlet", Help: "units of systemd, run by Podman",
					Gain: "one server without a daemon, and without root", Cost: "one machine with Podman 5 or newer"},
				{ID: "ecs", Title: "Amazon ECS", Help: "task definition and service for AWS Fargate",
					Gain: "no servers to run; a roll-out that fails is taken back", Cost: "one provider; network, roles and load balancer come first"},
				{ID: "container-apps", Title: "Azure Container Apps", Help: "container-app.yaml for az containerapp",
					Gain: "scales to zero, nothing to run", Cost: "one provider; the root file system can be written"},
				{ID: "nomad", Title: "Nomad", Help: "job.nomad.hcl for HashiCorp Nomad",
					Gain: "rolled out beside the old version and taken back by itself, on a cluster of one binary", Cost: "a Nomad cluster, 1.10.2 or newer; the proxy before it is up to you"},
			},
		},
		{
			ID: "name", Flag: "name", Kind: Text, Room: Confirm, check: checkName,
			Title: "Service name", Help: "Image, compose service and Kubernetes objects are called so.",
			Default: []string{"api"},
		},
		{
			ID: "python", Flag: "python", Kind: Choose, Room: Confirm,
			Title: "Python version", Help: "The version of the base image.",
			Default: []string{"3.13"},
			Choices: []Choice{
				{ID: "3.15", Title: "3.15", Help: "newest; some packages are not compiled for it yet"},
				{ID: "3.14", Title: "3.14", Help: "well supported by packages"},
				{ID: "3.13", Title: "3.13", Help: "well supported by packages and by all bases"},
				{ID: "3.12", Title: "3.12", Help: "security fixes only"},
				{ID: "3.11", Title: "3.11", Help: "security fixes only"},
				{ID: "3.10", Title: "3.10", Help: "out of support since October 2026"},
			},
		},
		{
			ID: "organization", Flag: "organization", Kind: Text, Room: Confirm, check: checkOrganization, For: map[string][]string{"base": {"chainguard"}},
			Title: "Organization", Help: "Yours at Chainguard, a domain or an ID: its images are cgr.dev/ORGANIZATION/python. Of chainguard's own only latest is public.",
			Default: []string{"chainguard"},
		},
		{
			ID: "app", Flag: "app", Kind: Text, Room: Confirm, check: checkApp,
			Title: "ASGI app", Help: "What uvicorn imports: module:attribute, such as app.main:app.",
			Default: []string{"main:app"},
		},
		{
			ID: "factory", Flag: "factory", Kind: Switch, Room: Confirm,
			Title: "Is it a factory?", Help: "The attribute is a function that returns the app, such as create_app().",
			Default: []string{"false"},
		},
		{
			ID: "app_dir", Flag: "app-dir", Kind: Text, Room: Confirm, Optional: true, check: checkDir, tidy: tidyDir,
			Title: "App directory", Help: "Folder below the project from which the module is imported, such as src.",
		},
		{
			ID: "port", Flag: "port", Kind: Number, Room: Confirm, check: checkPort,
			Title: "Port", Help: "Where the service listens inside the container, 1024 or above.",
			Default: []string{"8000"},
		},
		{
			ID: "health_path", Flag: "health-path", Kind: Text, Room: Confirm, Optional: true, check: checkPath,
			Title: "Health path", Help: "A route that answers 200 without a login. Empty: only the port is tried. davit guide health-checks tells more.",
		},
		{
			ID: "service", Flag: "service", Kind: Choose, Room: Confirm, Multiple: true, Optional: true,
			Title: "Backing services", Help: "Started beside the service by compose; elsewhere their addresses are settings.",
			Choices: []Choice{
				{ID: "postgres", Title: "PostgreSQL", Help: "DATABASE_URL"},
				{ID: "mysql", Title: "MySQL", Help: "DATABASE_URL"},
				{ID: "mongodb", Title: "MongoDB", Help: "MONGODB_URL"},
				{ID: "redis", Title: "Redis", Help: "REDIS_URL"},
				{ID: "rabbitmq", Title: "RabbitMQ", Help: "AMQP_URL"},
			},
		},
		{
			ID: "worker", Flag: "worker", Kind: Text, Room: Confirm, Optional: true, check: checkCommand,
			Title: "Worker command", Help: "A second process from the same image, such as: celery -A app.tasks worker",
		},
		{
			ID: "image", Flag: "image", Kind: Text, Room: Confirm, Optional: true, check: checkImage,
			Title: "Image name", Help: "Registry and repository without a tag. Empty: the service name.",
		},
		{
			ID: "route", Flag: "route", Kind: Choose, Room: Confirm, For: map[string][]string{"target": {"kubernetes", "helm"}},
			Title: "How does traffic reach it on Kubernetes?", Help: "The object that the production overlay or the chart adds.",
			Default: []string{"none"},
			Choices: []Choice{
				{ID: "none", Title: "inside only", Help: "a Service; nothing from outside the cluster"},
				{ID: "ingress", Title: "Ingress", Help: "an Ingress for the cluster's default class"},
				{ID: "httproute", Title: "HTTPRoute", Help: "Gateway API, attached to a Gateway that exists"},
			},
		},
		{
			ID: "extra", Flag: "extra", Kind: Choose, Room: Extra, Multiple: true, Optional: true,
			Title: "What else?", Help: "Files beside the ones that the targets need.",
			Choices: []Choice{
				{ID: "dev", Title: "development stage", Help: "a dev stage with hot reload, non-root as well",
					Gain: "edits reach the running container through `docker compose watch`", Cost: "one more stage in the Dockerfile"},
				{ID: "scripts", Title: "scripts", Help: "scripts/build, scripts/validate and scripts/deploy",
					Gain: "one command proves the image: user, health, size, graceful stop", Cost: "three shell scripts to keep"},
				{ID: "ci-github", Title: "GitHub workflow", Help: "image.yaml: build, validate, scan, publish tags",
					Gain: "what is published is what was proven, for amd64 and arm64, with SBOM and provenance", Cost: "two builds a push; pinned actions to keep up to date"},
				{ID: "ci-gitlab", Title: "GitLab pipeline", Help: ".gitlab-ci.yml: build, validate, scan, publish tags",
					Gain: "the image that was scanned is the one that is published, with SBOM and provenance", Cost: "a runner that allows privileged containers"},
				{ID: "devcontainer", Title: "Dev Container", Help: "a workspace for VS Code, JetBrains, Codespaces",
					Gain: "a new colleague codes in minutes, against the same dependencies", Cost: "two more stages in the Dockerfile, development and editor"},
				{ID: "bake", Title: "Bake file", Help: "docker-bake.hcl: builds by name, amd64 and arm64",
					Gain: "one definition for every builder, variables instead of flags", Cost: "one more file that describes the build"},
			},
		},
	}
})

// Asked reports whether the answer to q says anything beside the others of a.
func (q Question) Asked(a Answers) bool { return holds(q.For, a) }

// Find returns the question with this id.
func Find(id string) (Question, bool) {
	for _, q := range catalogue() {
		if q.ID == id {
			return q, true
		}
	}
	return Question{}, false
}

// Choice returns the choice of q with this id.
func (q Question) Choice(id string) (Choice, bool) {
	for _, c := range q.Choices {
		if c.ID == id {
			return c, true
		}
	}
	return Choice{}, false
}
