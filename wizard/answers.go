package wizard

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Answers is one complete set of choices and values, the only input of
// generation. The zero value is not valid; start from Defaults.
type Answers struct {
	Dependencies string
	Traffic      string
	Base         string
	Targets      []string
	Extras       []string

	Name         string
	Python       string // "3.13"
	Organization string // at Chainguard, where the base comes from there
	App          string // "app.main:app"
	Factory      bool
	AppDir       string // "" or a folder such as "src"
	Port         int
	HealthPath   string // "" where no route is known
	Services     []string
	Worker       string // words separated by single blanks, "" for none
	Image        string // repository without a tag, "" for Name
	Route        string

	Project Project
	Found   map[string]Project // what inspection found, by the way in which dependencies are declared; nil where it did not look
	Pins    map[string]string  // image reference with its tag → digest, "sha256:…"
}

// Project is what the installer and the image have to know about the project
// itself. It is not asked: inspection fills it. The zero value is a project
// of which nothing is known, and works with every installer's usual files.
type Project struct {
	Files   []string `yaml:"files,omitempty" json:"files,omitempty"`     // manifest and lock files, below the folder; nil for the usual ones
	Package bool     `yaml:"package,omitempty" json:"package,omitempty"` // the project is installed as a package itself
	// The folder from which the app is imported because its package is installed, such as src; "" for the project's own.
	Source string `yaml:"source,omitempty" json:"source,omitempty"`
	// The app opens files, such as its static ones, by paths below app_dir: it starts there.
	InAppDir bool `yaml:"in_app_dir,omitempty" json:"in_app_dir,omitempty"`
	// What takes the package's version from git's tags, such as hatch-vcs; "" where the version stands in a file.
	SCMVersion string   `yaml:"scm_version,omitempty" json:"scm_version,omitempty"`
	Hashes     bool     `yaml:"hashes,omitempty" json:"hashes,omitempty"` // the requirements files carry hashes
	Needed     []string `yaml:"needed,omitempty" json:"needed,omitempty"` // folders that images usually leave out, tests among them, and that the app imports from
	Extras     []string `yaml:"extras,omitempty" json:"extras,omitempty"` // optional dependencies to install, such as the one that holds the server
	Groups     []string `yaml:"groups,omitempty" json:"groups,omitempty"` // dependency groups to install
	Member     string   `yaml:"member,omitempty" json:"member,omitempty"` // the member of uv's workspace that is the service, "" for the root
	// The folder of the workspace whose lock the project shares, such as ../..: an image is built there.
	Above string `yaml:"above,omitempty" json:"above,omitempty"`
	// The project installs from an index that asks for a password; the build gets it as a secret file.
	PrivateIndex bool `yaml:"private_index,omitempty" json:"private_index,omitempty"`
	// Backing service → the environment variable in which the app looks for its address, such as DB_URL; davit's usual one for the others.
	Variables map[string]string `yaml:"variables,omitempty" json:"variables,omitempty"`
	// SQL database → how the app's own default begins its address, such as postgresql+asyncpg; by the packages for the others.
	Schemes map[string]string `yaml:"schemes,omitempty" json:"schemes,omitempty"`
	// Environment variable → the part of an address that the app reads there, such as postgres.host, where it reads no whole one.
	Parts    map[string]string `yaml:"parts,omitempty" json:"parts,omitempty"`
	Packages map[string]string `yaml:"packages,omitempty" json:"packages,omitempty"` // distributions that get installed → locked version, "" where unpinned; names normalised
}

// versionVariables is, for each build backend or plug-in that takes a version
// from git's tags, the variable by which it is told one where there are none.
var versionVariables = map[string]string{
	"hatch-vcs":                 "SETUPTOOLS_SCM_PRETEND_VERSION",
	"setuptools-scm":            "SETUPTOOLS_SCM_PRETEND_VERSION",
	"pdm-backend":               "PDM_BUILD_SCM_VERSION",
	"uv-dynamic-versioning":     "UV_DYNAMIC_VERSIONING_BYPASS",
	"poetry-dynamic-versioning": "POETRY_DYNAMIC_VERSIONING_BYPASS",
}

// VersionVariable is the variable by which the build is told the version, ""
// where the project says it itself.
func (p Project) VersionVariable() string { return versionVariables[p.SCMVersion] }

// UsualFiles lists the manifest that an installer reads without being told,
// and its lock file behind it, where it has one.
func UsualFiles(dependencies string) []string {
	switch dependencies {
	case "uv":
		return []string{"pyproject.toml", "uv.lock"}
	case "poetry":
		return []string{"pyproject.toml", "poetry.lock"}
	case "pdm":
		return []string{"pyproject.toml", "pdm.lock"}
	case "pipenv":
		return []string{"Pipfile", "Pipfile.lock"}
	case "pip":
		return []string{"requirements.txt"}
	case "conda":
		return []string{"environment.yml"}
	default:
		return []string{"pyproject.toml"}
	}
}

// Declares reports whether a file of this name may declare dependencies.
func Declares(name string) bool {
	switch name {
	case "pyproject.toml", "Pipfile", "environment.yml", "environment.yaml", "setup.py":
		return true
	}
	return strings.HasPrefix(name, "requirements") && strings.HasSuffix(name, ".txt")
}

// Defaults returns the answers where nothing is known.
func Defaults() Answers {
	var a Answers
	for _, q := range catalogue() {
		a.put(q.ID, q.Default)
	}
	return a
}

// Clone returns a copy that shares nothing with a.
func (a Answers) Clone() Answers {
	a.Targets = slices.Clone(a.Targets)
	a.Extras = slices.Clone(a.Extras)
	a.Services = slices.Clone(a.Services)
	a.Project.Files = slices.Clone(a.Project.Files)
	a.Project.Needed = slices.Clone(a.Project.Needed)
	a.Project.Extras = slices.Clone(a.Project.Extras)
	a.Project.Groups = slices.Clone(a.Project.Groups)
	a.Project.Variables = maps.Clone(a.Project.Variables)
	a.Project.Schemes = maps.Clone(a.Project.Schemes)
	a.Project.Parts = maps.Clone(a.Project.Parts)
	a.Project.Packages = maps.Clone(a.Project.Packages)
	a.Found = maps.Clone(a.Found)
	a.Pins = maps.Clone(a.Pins)
	return a
}

// Variant names the answers to the four main questions, such as
// "uv/high/distroless/compose+kubernetes".
func (a Answers) Variant() string {
	return strings.Join([]string{a.Dependencies, a.Traffic, a.Base, strings.Join(a.Targets, "+")}, "/")
}

// HasTarget reports whether the service will run there.
func (a Answers) HasTarget(id string) bool { return slices.Contains(a.Targets, id) }

// onKubernetes reports whether it runs there, by whichever kind of manifest.
func (a Answers) onKubernetes() bool { return a.HasTarget("kubernetes") || a.HasTarget("helm") }

// HasExtra reports whether this extra is wanted.
func (a Answers) HasExtra(id string) bool { return slices.Contains(a.Extras, id) }

// HasService reports whether this backing service is needed.
func (a Answers) HasService(id string) bool { return slices.Contains(a.Services, id) }

// Get returns the answer to the question with this id as typed: no value is
// an empty list. It panics on an id that the catalogue does not have.
func (a Answers) Get(id string) []string {
	if list := a.list(id); list != nil {
		return *list
	}
	var v string
	switch id {
	case "factory":
		return []string{strconv.FormatBool(a.Factory)}
	case "port":
		v = strconv.Itoa(a.Port)
	default:
		v = *a.text(id)
	}
	if v == "" {
		return nil
	}
	return []string{v}
}

// put records values that have been checked. It panics on an unknown id.
func (a *Answers) put(id string, values []string) {
	if list := a.list(id); list != nil {
		*list = slices.Clone(values)
		return
	}
	v := ""
	if len(values) > 0 {
		v = values[0]
	}
	switch id {
	case "dependencies":
		a.declare(v)
	case "factory":
		a.Factory = v == "true"
	case "port":
		a.Port, _ = strconv.Atoi(v)
	default:
		*a.text(id) = v
	}
}

// declare changes the way in which dependencies are declared, and with it what
// is known of the project: each way has files of its own.
func (a *Answers) declare(dependencies string) {
	if dependencies != a.Dependencies && a.Found != nil {
		found, ok := a.Found[dependencies]
		if !ok {
			found.Packages = a.Project.Packages
		}
		found.PrivateIndex = a.Project.PrivateIndex
		found.Variables, found.Schemes, found.Parts = a.Project.Variables, a.Project.Schemes, a.Project.Parts
		a.Project = found
	}
	a.Dependencies = dependencies
}

func (a *Answers) list(id string) *[]string {
	switch id {
	case "target":
		return &a.Targets
	case "extra":
		return &a.Extras
	case "service":
		return &a.Services
	}
	return nil
}

func (a *Answers) text(id string) *string {
	switch id {
	case "dependencies":
		return &a.Dependencies
	case "traffic":
		return &a.Traffic
	case "base":
		return &a.Base
	case "name":
		return &a.Name
	case "python":
		return &a.Python
	case "organization":
		return &a.Organization
	case "app":
		return &a.App
	case "app_dir":
		return &a.AppDir
	case "health_path":
		return &a.HealthPath
	case "worker":
		return &a.Worker
	case "image":
		return &a.Image
	case "route":
		return &a.Route
	}
	panic("wizard: no question " + strconv.Quote(id))
}
