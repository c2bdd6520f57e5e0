package generator

import (
	"cmp"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/davit-cli/davit/wizard"
)

// tag is the image tag that manifests begin with, never a moving one; the
// deploy script and CI put the released version there.
const tag = "0.1.0"

// servicePage is what the templates of all targets show: the service, its
// worker and what backs it, as plain data.
type servicePage struct {
	Name, WorkerName string
	Image, Tag       string
	Port             int
	HealthPath       string
	HealthTest       []string // as compose takes it, "CMD" first
	Command, Worker  []string
	WorkerForks      string   // note on a worker that starts as many processes as the host has processors, or ""
	Launcher         []string // entrypoint that makes variables of secret files, nil where there are none
	Grace            int      // seconds from SIGTERM to SIGKILL
	WorkerGrace      int
	Limits           limits
	Manifests        []string // files whose change needs a new image

	Services []composeService // by name
	Backing  []backing
	Volumes  []string

	Environment         []setting // development
	ProdEnvironment     []setting // one server: tunables with defaults, secrets as files
	WorkerEnvironment   []setting // the same for the worker, which has no web server to tune
	PlatformEnvironment []setting // Kubernetes, Cloud Run, Fly, ECS, Container Apps
	Tunables            []setting // as .env.example lists them
	Secrets             []string  // all secret files
	AppSecrets          []string  // the ones that the service reads
	SecretVariables     []secretVariable
	DevPasswords        []string // variables that change a development password

	// Addresses of the platform's proxy: Cloud Run's, Fly's, those of a load
	// balancer in a VPC of AWS, Container Apps'.
	CloudRunProxy, FlyProxy, VPCProxy, ContainerAppsProxy string

	Dev                   bool
	PrivateIndex          bool
	BuildTarget, BuildWhy string
}

// limits are what one container may take.
type limits struct {
	CPU        string // cores
	Memory     string // compose notation
	Kubernetes string // the same, Kubernetes notation
}

// composeService is one entry below services.
type composeService struct {
	Name    string
	App     bool
	Worker  bool
	Backing backing
}

// secretVariable is a secret that reaches the service as an environment variable.
type secretVariable struct {
	Variable string // DATABASE_URL
	Key      string // name of the secret in a platform's store
	File     string // the same where it is a file
	Example  string // what it may be, PASSWORD and HOST to be filled in
}

func newServicePage(a wizard.Answers) servicePage {
	p := servicePage{
		Name: a.Name, WorkerName: label(a.Name, "-worker", dnsLabel), Image: image(a), Tag: tag,
		Port: a.Port, HealthPath: a.HealthPath,
		HealthTest:   append([]string{"CMD"}, healthCommand(a)...),
		Command:      command(a),
		Worker:       workerCommand(a),
		Grace:        gracePeriod,
		WorkerGrace:  workerGracePeriod,
		Limits:       limitsFor(a),
		Manifests:    a.Project.Files,
		Backing:      backingServices(a),
		PrivateIndex: a.Project.PrivateIndex,
		Dev:          hasDevStage(a), BuildTarget: "runtime", BuildWhy: "target-runtime",
	}
	if len(p.Manifests) == 0 {
		p.Manifests = wizard.UsualFiles(a.Dependencies)
	}
	if forks(p.Worker) {
		p.WorkerForks = "worker-forks"
	}
	if p.Dev {
		p.BuildTarget, p.BuildWhy = "dev", "target-dev"
	}
	p.environments(a)
	p.CloudRunProxy, p.FlyProxy, p.VPCProxy = "169.254.0.0/16", "172.16.0.0/12", "10.0.0.0/8,172.16.0.0/12,192.168.0.0/16"
	p.ContainerAppsProxy = "100.100.0.0/16"
	if a.Traffic == "high" && strings.HasPrefix(a.Project.Packages["gunicorn"], "23.") {
		// gunicorn 23 alone takes no network there, and does not start.
		p.CloudRunProxy, p.FlyProxy, p.VPCProxy = "127.0.0.1", "127.0.0.1", "127.0.0.1"
		p.ContainerAppsProxy = "127.0.0.1"
	}

	p.Services = []composeService{{Name: a.Name, App: true}}
	if len(p.Worker) > 0 {
		p.Services = append(p.Services, composeService{Name: p.WorkerName, Worker: true})
	}
	for _, b := range p.Backing {
		p.Services = append(p.Services, composeService{Name: b.Name, Backing: b})
		if b.Volume != "" {
			p.Volumes = append(p.Volumes, b.Name)
		}
	}
	slices.SortFunc(p.Services, func(a, b composeService) int { return cmp.Compare(a.Name, b.Name) })
	slices.Sort(p.Volumes)
	return p
}

// forks reports whether a command is Celery's worker without a word on how
// many processes it is to start.
func forks(worker []string) bool {
	if len(worker) == 0 || path.Base(worker[0]) != "celery" || !slices.Contains(worker, "worker") {
		return false
	}
	return !slices.ContainsFunc(worker[1:], func(w string) bool {
		return strings.HasPrefix(w, "-c") || strings.HasPrefix(w, "-P") ||
			strings.HasPrefix(w, "--concurrency") || strings.HasPrefix(w, "--autoscale") || strings.HasPrefix(w, "--pool")
	})
}

// environments fills what the service finds in its environment, by place.
func (p *servicePage) environments(a wizard.Answers) {
	p.Tunables = tunables(a)
	for _, s := range p.Tunables {
		p.ProdEnvironment = append(p.ProdEnvironment, setting{s.Name, "${" + s.Name + ":-" + s.Value + "}", s.Why})
		// One process a container where the platform scales containers, and so
		// none that could take over while it is recycled.
		switch s.Name {
		case "WORKERS", "WEB_CONCURRENCY":
			s.Value, s.Why = "1", "one-process"
		case "MAX_REQUESTS", "MAX_REQUESTS_JITTER":
			s.Value, s.Why = "0", "no-recycling"
		}
		p.PlatformEnvironment = append(p.PlatformEnvironment, setting{s.Name, s.Value, s.Why})
	}
	p.ProdEnvironment = append(p.ProdEnvironment,
		setting{"FORWARDED_ALLOW_IPS", "${FORWARDED_ALLOW_IPS:-127.0.0.1}", "forwarded"})
	p.SecretVariables = secretVariables(p.Backing)
	for _, b := range p.Backing {
		p.Environment = append(p.Environment, setting{b.Variable, b.DevURL, "backing-url"})
		address := setting{b.Variable + "_FILE", secretsFolder + b.Address.Name, "secret-files"}
		p.ProdEnvironment = append(p.ProdEnvironment, address)
		p.WorkerEnvironment = append(p.WorkerEnvironment, address)
		p.AppSecrets = append(p.AppSecrets, b.Address.Name)
		p.Launcher = launcher()
		for _, s := range b.Files() {
			p.Secrets = append(p.Secrets, s.Name)
		}
		if b.DevPassword != "" {
			p.DevPasswords = append(p.DevPasswords, b.DevPassword)
		}
	}
	for _, part := range parts(a, p.Backing) {
		p.Environment = append(p.Environment, part.devSetting())
		if !part.inProduction() {
			continue // without a password the app would not be let in
		}
		p.ProdEnvironment = append(p.ProdEnvironment, part.prodSetting())
		p.WorkerEnvironment = append(p.WorkerEnvironment, part.prodSetting())
		if !slices.Contains(p.AppSecrets, part.secret) {
			p.AppSecrets = append(p.AppSecrets, part.secret)
		}
	}
	byName := func(a, b setting) int { return cmp.Compare(a.Name, b.Name) }
	slices.SortFunc(p.ProdEnvironment, byName)
	slices.SortFunc(p.Environment, byName)
	slices.SortFunc(p.WorkerEnvironment, byName)
	slices.Sort(p.Secrets)
	slices.Sort(p.AppSecrets)
}

// secretVariables are the addresses of what backs the service, as a platform's
// store of secrets has them.
func secretVariables(services []backing) []secretVariable {
	var variables []secretVariable
	for _, b := range services {
		variables = append(variables, secretVariable{b.Variable, storeKey(b.Variable), b.Address.Name, b.Example()})
	}
	return variables
}

func image(a wizard.Answers) string { return cmp.Or(a.Image, a.Name) }

// dnsLabel is how many characters a label of DNS may have.
const dnsLabel = 63

// stackName is what the stack is called, and the service in it. Swarm calls
// that NAME_NAME, and the worker NAME_NAME-worker: both have to be a label.
func stackName(a wizard.Answers) string {
	return label(a.Name, "", (dnsLabel-len("_")-len("-worker"))/2)
}

// label returns the name with a suffix, shortened to the longest that is allowed.
func label(name, suffix string, longest int) string {
	if len(name) > longest-len(suffix) {
		name = strings.TrimRight(name[:longest-len(suffix)], "-")
	}
	return name + suffix
}

// limitsFor gives each server process the same room.
func limitsFor(a wizard.Answers) limits {
	switch a.Traffic {
	case "steady":
		return limits{"2.0", "768M", "768Mi"}
	case "high":
		return limits{"4.0", "1536M", "1536Mi"}
	default:
		return oneProcess
	}
}

// oneProcess is the room that one server process gets.
var oneProcess = limits{"1.0", "512M", "512Mi"}

// portOf is where a service of this kind listens.
func portOf(service string) int {
	return map[string]int{"postgres": 5432, "mysql": 3306, "mongodb": 27017, "redis": 6379, "rabbitmq": 5672}[service]
}

func egressPorts(services []string) []string {
	var ports []string
	for _, s := range services {
		ports = append(ports, strconv.Itoa(portOf(s)))
	}
	return ports
}
