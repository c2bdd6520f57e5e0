package generator

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/davit-cli/davit/wizard"
)

// dockerfilePage is what the Dockerfile's template shows: plain data, every
// decision made.
type dockerfilePage struct {
	Dependencies string
	Base         string
	Name         string
	Python       string
	Port         int
	BringsPip    bool   // the runtime image has a pip of its own
	StartsAsRoot bool   // the runtime image does so by itself
	StartsPython bool   // the runtime image's entrypoint is its Python
	PythonArg    bool   // the base images are chosen by an ARG
	UV           string // image that the uv binary comes from, "" for none
	Micromamba   string // image that the micromamba binary comes from, "" for none
	PrivateIndex bool   // a password file is mounted while packages are fetched
	Dev          bool
	Devcontainer bool

	BuilderImage, BuilderWhy string
	RuntimeImage, RuntimeWhy string
	Interpreter              string // the builder's Python

	BuildPackages []string
	BuildReason   string
	RunPackages   []string
	RunReason     string
	Libraries     []string // packages whose libraries are copied, as the base cannot install them

	CacheDir            string
	NotShipped          []string // manifests that only the installer reads
	Files               []string // manifests, mounted while dependencies are installed
	Tool, ToolPackage   string   // an installer that is itself installed
	InstallDependencies string   // command that installs what the manifests declare
	RequirementsWhy     string
	ProjectDir          string   // where the manifest is, "." for the root
	Install             string   // command that adds packages to the environment
	Servers             []string // server packages that the project does not declare
	Declare             string   // command with which the user declares them
	InstallProject      string
	VersionVariable     string // tells the build the version that git's tags would, "" for none
	InstallDev          string

	RemovePip     []string // command that removes the base's means to bring pip back
	Preload       []string // command that leaves bytecode of the interpreter's own modules
	Compile       string   // what RUN is given to leave bytecode of the source
	Settings      []setting
	HealthCommand []string
	HealthWhy     string
	Command       []string
	CommandWhy    string
	DevCommand    []string
	StartDir      string // "" for the one with the source
}

// A setting is one environment variable that the image declares.
type setting struct {
	Name, Value string
	Why         string // id of a note, or ""
}

func dockerfile(a wizard.Answers) (File, error) {
	p := dockerfilePage{
		Dependencies:  a.Dependencies,
		Base:          a.Base,
		Name:          a.Name,
		Python:        a.Python,
		Port:          a.Port,
		Dev:           hasDevStage(a),
		Devcontainer:  a.HasExtra("devcontainer"),
		PrivateIndex:  a.Project.PrivateIndex,
		HealthCommand: healthCommand(a),
		HealthWhy:     "health-route",
		Command:       command(a),
		CommandWhy:    "command-" + a.Traffic,
		DevCommand:    devCommand(a),
		Settings:      settings(a),
	}
	if dir := startDir(a); dir != "/app" {
		p.StartDir = dir
	}
	if a.HealthPath == "" {
		p.HealthWhy = "health-port"
	}
	p.images(a)
	p.systemPackages(a)
	p.installer(a)
	p.servers(a)
	p.StartsAsRoot = hasShell(a) // the bases without one have a user of their own
	p.Compile = compileSource(hasShell(a))
	if a.Dependencies != "conda" && a.Base != "chainguard" { // the Python of both comes with its bytecode
		p.Preload = []string{"/app/.venv/bin/python", "-c", "import " + strings.Join(serverModules(a), ", ")}
	}

	content, notes, err := render("dockerfile/Dockerfile", p)
	if err != nil {
		return File{}, err
	}
	return File{
		Path: "Dockerfile", Mode: 0o644, Language: "dockerfile", Content: content, Notes: notes,
		Purpose: "Builds the image: dependencies in one stage, what ships in another.",
	}, nil
}

// hasDevStage reports whether the Dockerfile has a stage for development: for
// itself, or for the editor's stage that begins there.
func hasDevStage(a wizard.Answers) bool { return a.HasExtra("dev") || a.HasExtra("devcontainer") }

// images chooses what the stages start from, and where Python is in them.
func (p *dockerfilePage) images(a wizard.Answers) {
	v := versions()
	debian := pinned(a, "debian:"+v.Debian.Slim+"-slim")
	p.RuntimeWhy, p.BuilderWhy = "base-"+a.Base, "builder"
	switch {
	case a.Dependencies == "conda":
		// The environment carries its own Python, so the base is Debian without one.
		p.Micromamba = pinned(a, v.Images["micromamba"])
		p.BuilderImage, p.RuntimeImage = debian, debian
		p.Interpreter = "/app/.venv/bin/python"
		p.RuntimeWhy = "base-conda"
	case a.Base == "distroless":
		release := v.Debian.Distroless[a.Python]
		p.BuilderImage = pinned(a, "debian:"+release+"-slim")
		p.RuntimeImage = pinned(a, v.Distroless[release])
		p.Interpreter = "/usr/bin/python" + a.Python
		p.BuilderWhy = "builder-distroless"
		p.StartsPython = true
	case a.Base == "chainguard":
		p.ofPython(a, chainguardPython(a)+":", "-dev", "")
		p.BuilderWhy = "builder-chainguard"
		p.Interpreter = "/usr/bin/python3"
		p.StartsPython = true
		p.RemovePip = []string{p.Interpreter, "-c", "import shutil; shutil.rmtree('/usr/share/python-wheels')"}
	default:
		suffix := "-slim-" + v.Debian.Slim
		if a.Base == "alpine" {
			suffix = "-alpine" + v.Alpine.Release
		}
		p.ofPython(a, "python:", suffix, suffix)
		p.BringsPip = true
		p.Interpreter = "/usr/local/bin/python"
	}
}

// chainguardPython is the repository of the images that the organization has.
func chainguardPython(a wizard.Answers) string {
	return strings.Replace(versions().Chainguard.Repository, "ORGANIZATION", a.Organization, 1)
}

// ofPython names images whose tag is the version of Python and a suffix. An
// ARG chooses it, unless one of them is pinned: a digest is of one version.
func (p *dockerfilePage) ofPython(a wizard.Answers, repository, builder, runtime string) {
	version := a.Python
	_, one := a.Pins[repository+version+builder]
	_, other := a.Pins[repository+version+runtime]
	if !one && !other {
		p.PythonArg, version = true, "${PYTHON_VERSION}"
	}
	p.BuilderImage = pinned(a, repository+version+builder)
	p.RuntimeImage = pinned(a, repository+version+runtime)
}

// systemPackages fills what apt or apk installs in each stage.
func (p *dockerfilePage) systemPackages(a wizard.Answers) {
	need := systemPackages(a)
	p.BuildPackages, p.RunPackages = need.Build, need.Run
	p.BuildReason = "Needed to compile: " + strings.Join(need.CompiledFor, ", ") + "."
	p.RunReason = "Needed at run time: " + strings.Join(need.RunFor, ", ") + "."
	if a.Dependencies == "conda" {
		p.BuildPackages = []string{"ca-certificates"}
		p.BuildReason = "Needed to fetch packages: Debian's slim image trusts nobody."
	}
	if a.Base != "distroless" {
		return
	}
	p.RunPackages, p.Libraries = nil, need.Run
	p.BuildPackages = append([]string{"python3", "python3-venv"}, need.Build...)
	reason := "Debian's own Python: the same interpreter at the same path as in distroless."
	if len(need.Build) > 0 {
		reason += " The rest compiles " + strings.Join(need.CompiledFor, ", ") + "."
	}
	p.BuildReason = reason
}

// installer fills the commands of the way in which dependencies are declared.
func (p *dockerfilePage) installer(a wizard.Answers) {
	v := versions()
	uvImage := pinned(a, v.Images["uv"]+":"+v.Tools["uv"])
	python := "/app/.venv/bin/python"
	p.Files = a.Project.Files
	if len(p.Files) == 0 {
		p.Files = wizard.UsualFiles(a.Dependencies)
	}
	tool := func(name string) {
		p.Tool, p.ToolPackage = name, name+"=="+v.Tools[name]
		p.Install = "/opt/" + name + "/bin/pip --python " + python + " install"
	}
	for _, f := range p.Files {
		if path.Base(f) != "pyproject.toml" { // which tools and services read as well
			p.NotShipped = append(p.NotShipped, f)
		}
	}
	p.ProjectDir = path.Dir(p.Files[0])
	inProject := func(flag string) string { // where it is not the folder in which the build works
		if p.ProjectDir == "." {
			return ""
		}
		return " " + flag + " " + p.ProjectDir
	}
	editable := func(project string) { p.InstallProject = p.Install + " --no-deps --editable " + project }
	p.CacheDir = "/root/.cache/" + a.Dependencies
	p.RequirementsWhy = "requirements"
	switch a.Dependencies {
	case "uv":
		p.UV = uvImage
		sync, others := "uv sync"+inProject("--project")+" --locked", " --no-install-project"
		if slices.ContainsFunc(p.Files[1:], func(f string) bool { return path.Base(f) == "pyproject.toml" }) {
			others = " --no-install-local" // what the project needs from beside it comes with the source, too
		}
		selected := flags("--extra", a.Project.Extras) + flags("--group", a.Project.Groups)
		if a.Project.Member != "" {
			selected += " --package " + a.Project.Member
		}
		p.Install = "uv pip install --python " + python
		p.InstallDependencies = sync + " --no-dev" + others + selected
		p.InstallProject = sync + " --no-dev --inexact" + selected
		p.InstallDev = sync + others + " --inexact" + selected
	case "poetry":
		tool("poetry")
		poetry := func(command string) string { return "/opt/poetry/bin/poetry " + command + inProject("--project") }
		// With --only, Poetry ignores --with.
		only := " --only " + strings.Join(append([]string{"main"}, a.Project.Groups...), ",")
		p.InstallDependencies = poetry("sync") + only + flags("--extras", a.Project.Extras) + " --no-root --compile"
		p.InstallProject = poetry("install") + " --only-root"
		p.InstallDev = poetry("install") + flags("--extras", a.Project.Extras) + " --no-root"
	case "pdm":
		tool("pdm")
		// PDM's own extra pins what it depends on: a new major of one has broken it before.
		p.ToolPackage = "'pdm[locked]==" + v.Tools["pdm"] + "'"
		pdm := func(command string) string { return "/opt/pdm/bin/pdm " + command + inProject("--project") }
		p.InstallDependencies = pdm("install") + " --check --prod" + flags("--group", slices.Concat(a.Project.Extras, a.Project.Groups)) + " --no-self --no-editable"
		p.InstallProject = pdm("install") + " --prod --frozen-lockfile"
		p.InstallDev = pdm("sync") + " --dev --no-self"
	case "pipenv":
		tool("pipenv")
		p.InstallDev = "/opt/pipenv/bin/pipenv sync --dev"
		editable(".")
	case "pip":
		p.Install = "pip --python " + python + " install"
		if a.Base == "distroless" { // Debian's Python comes without pip
			tool("pip")
		}
		p.InstallDependencies = p.Install
		if a.Project.Hashes {
			p.InstallDependencies += " --require-hashes"
			p.RequirementsWhy = "requirements-hashed"
		}
		p.InstallDependencies += flags("--requirement", p.Files[:1])
		editable(".")
	case "pyproject":
		p.UV = uvImage
		p.CacheDir = "/root/.cache/uv"
		p.Install = "uv pip install --python " + python
		p.InstallDependencies = p.Install + flags("--requirements", declaring(p.Files)) + flags("--extra", a.Project.Extras) + flags("--group", a.Project.Groups)
		if p.ProjectDir == "." {
			editable(".")
		} else {
			editable("./" + p.ProjectDir)
		}
	case "conda":
		p.CacheDir = "/opt/conda/pkgs"
		p.Install = python + " -m pip install"
		editable(".")
	}
	if !a.Project.Package {
		p.InstallProject = ""
	}
	if p.InstallProject != "" && a.Dependencies != "poetry" { // which writes the package's metadata itself
		p.VersionVariable = a.Project.VersionVariable()
	}
	if p.VersionVariable != "" && a.Dependencies == "uv" {
		p.InstallProject += " --refresh" // its cache knows nothing of the variable
	}
}

// compileSource compiles what is not compiled yet, and goes on where a file is
// no valid Python: a template, say. Without a shell, Python has to say so.
func compileSource(shell bool) string {
	if shell {
		return `python -m compileall -q --invalidation-mode unchecked-hash -x '/\.venv/' . || true`
	}
	return execForm([]string{"python", "-c", "import compileall; compileall.main()",
		"-q", "--invalidation-mode", "unchecked-hash", "-x", `/\.venv/`, "."})
}

// declaring returns the files that name the dependencies of a project without
// a lock: its pyproject.toml, or the requirements files that this leaves it to.
func declaring(files []string) []string {
	if len(files) > 1 {
		return files[1:]
	}
	return files
}

// servers finds what the traffic profile needs and the project does not
// declare; davit installs it, pinned, so that the image starts in any case.
func (p *dockerfilePage) servers(a wizard.Answers) {
	for _, name := range serverPackages(a) {
		if _, declared := a.Project.Packages[name]; !declared {
			p.Servers = append(p.Servers, name+"=="+versions().Servers[name])
		}
	}
	names := strings.Join(bareNames(p.Servers), " ")
	switch a.Dependencies {
	case "uv", "poetry", "pdm":
		p.Declare = a.Dependencies + " add " + names
		if a.Project.Member != "" {
			p.Declare = "uv add --package " + a.Project.Member + " " + names
		}
	case "pipenv":
		p.Declare = "pipenv install " + names
	default:
		p.Declare = "a line in " + p.Files[0]
	}
}

func bareNames(pinned []string) []string {
	names := make([]string, len(pinned))
	for i, s := range pinned {
		names[i], _, _ = strings.Cut(s, "==")
	}
	return names
}

// serverPackages lists the distributions that the command needs.
func serverPackages(a wizard.Answers) []string {
	switch {
	case a.Traffic != "high":
		return []string{"uvicorn"}
	case nativeWorker(a):
		return []string{"gunicorn"}
	default:
		return []string{"gunicorn", "uvicorn", "uvicorn-worker"}
	}
}

// serverModules lists the modules that the server and the health check load.
func serverModules(a wizard.Answers) []string {
	switch {
	case a.Traffic != "high":
		return []string{"fastapi", "socket", "uvicorn.main"}
	case nativeWorker(a):
		return []string{"fastapi", "gunicorn.app.wsgiapp", "gunicorn.workers.gasgi", "socket"}
	default:
		return []string{"fastapi", "gunicorn.app.wsgiapp", "socket", "uvicorn_worker"}
	}
}

// nativeWorker reports whether gunicorn's own ASGI worker serves the app: the
// project has gunicorn 26.1 or newer (26.0 leaked connections, so that every
// stop took the whole grace period), and not the separate uvicorn-worker.
func nativeWorker(a wizard.Answers) bool {
	if _, separate := a.Project.Packages["uvicorn-worker"]; separate {
		return false
	}
	major, rest, _ := strings.Cut(a.Project.Packages["gunicorn"], ".")
	minor, _, _ := strings.Cut(rest, ".")
	x, err := strconv.Atoi(major)
	if err != nil {
		return false
	}
	y, _ := strconv.Atoi(minor) // "27" is 27.0
	return x > 26 || x == 26 && y >= 1
}

// flags repeats a flag for each value, with a leading blank.
func flags(flag string, values []string) string {
	var b strings.Builder
	for _, v := range values {
		fmt.Fprintf(&b, " %s %s", flag, v)
	}
	return b.String()
}
