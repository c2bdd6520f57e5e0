// Package inspect reads a project folder and tells what it finds, each value
// with its evidence. It is static: it never runs or imports the project.
//
//	facts, err := inspect.Folder("path/to/project")
//	answers := facts.Prefill(wizard.Defaults())
//
// Where several values are equally likely it names them all as candidates and
// chooses none: a question costs the user less than a wrong guess.
package inspect

import (
	"fmt"
	"os"
	"slices"

	"github.com/davit-cli/davit/wizard"
)

// A Fact is one value that was found. No value is "".
type Fact struct {
	Value      string   `json:"value"`
	Evidence   string   `json:"evidence"`   // file:line, below the folder, with slashes
	Candidates []string `json:"candidates"` // where several are possible, best first; else empty
}

// AppFact is the ASGI app as uvicorn needs it.
type AppFact struct {
	Fact
	Factory bool   `json:"factory"`
	AppDir  string `json:"app_dir"`

	Choices []AppChoice `json:"choices"` // where none is decided on: what each candidate takes
}

// AppChoice is one app among several, with all that uvicorn needs to serve it.
type AppChoice struct {
	Value    string `json:"value"`
	Evidence string `json:"evidence"`
	Factory  bool   `json:"factory"`
	AppDir   string `json:"app_dir"`
}

// Facts is what inspection found in a folder.
type Facts struct {
	Name         Fact    `json:"name"`
	Dependencies Fact    `json:"dependencies"`
	App          AppFact `json:"app"`
	Python       Fact    `json:"python"`
	Port         Fact    `json:"port"`
	HealthPath   Fact    `json:"health_path"`
	Services     []Fact  `json:"services"`
	Optional     []Fact  `json:"services_optional"` // backing services that it can use, and does without by default
	Worker       Fact    `json:"worker"`
	System       []Fact  `json:"system_packages"` // what its own image installs from the distribution, to run
	Containers   []Fact  `json:"container_files"` // what is there already
	Roots        []Root  `json:"roots"`           // the services of a tree that has several, or one below the top
	Framework    Fact    `json:"framework"`       // what the folder seems to be for, such as Flask, where it has no FastAPI app
	Contents     []Fact  `json:"contents"`        // what is in a folder without one: Python code, dependencies, notebooks

	Top []string `json:"-"` // files and folders at the top

	modules []string          // every Python file
	sources map[string]string // those that speak of web applications, with their text

	Project wizard.Project            `json:"project"`
	others  map[string]wizard.Project // the same for each way of declaring dependencies that the project has
}

// Folder inspects the project in dir. Files that cannot be read or parsed are
// passed over; only a folder that is none is an error.
func Folder(dir string) (Facts, error) {
	info, err := os.Stat(dir)
	switch {
	case os.IsNotExist(err):
		return Facts{}, fmt.Errorf("there is no folder %q: give the folder of a FastAPI project", dir)
	case err != nil:
		return Facts{}, fmt.Errorf("cannot look into %q: %w; give a folder that can be read", dir, err)
	case !info.IsDir():
		return Facts{}, fmt.Errorf("%q is a file: give the folder of a FastAPI project", dir)
	}
	t, err := newTree(dir)
	if err != nil {
		return Facts{}, fmt.Errorf("cannot look into %q: %w; give a folder that can be read", dir, err)
	}
	defer t.close()
	return newScan(t).facts(), nil
}

// facts decides every fact; the app comes first, as others follow from it.
func (s *scan) facts() Facts {
	var f Facts
	f.App = s.app()
	f.Dependencies, f.Project, f.others = s.dependencies()
	s.startBelow(&f.App)
	if s.chosen != nil {
		f.App.AppDir = s.appDir(s.chosen)
	}
	if f.App.Value == "" {
		f.App.Choices = s.choices()
	}
	f.Project.Needed = s.needed()
	if s.chosen != nil && f.App.AppDir == "" && s.chosen.base != "." && f.Project.Package {
		f.Project.Source = s.chosen.base
	}
	f.Project.InAppDir = f.App.AppDir != "" && f.Project.Above == "" && s.opensBelow(f.App.AppDir)
	for dependencies, p := range f.others {
		p.Needed, p.InAppDir = f.Project.Needed, f.Project.InAppDir
		if p.Package {
			p.Source = f.Project.Source
		}
		f.others[dependencies] = p
	}
	f.Name = s.name()
	f.Python = s.pythonVersion()
	f.Port = s.agreed(s.port)
	f.HealthPath = s.agreed(s.healthPath)
	f.Services, f.Optional = s.services()
	f.Worker = s.worker()
	f.System, f.Containers = s.systemPackages(), s.containerFiles()
	f.Roots = s.roots()
	f.Top = s.tree.top()
	f.modules, f.sources = s.tree.python(), s.program.sources
	if f.App.Value == "" && len(f.App.Candidates) == 0 {
		s.without(&f)
	}
	s.variables(f.Services, &f.Project)
	for dependencies, p := range f.others {
		p.Variables, p.Schemes, p.Parts = f.Project.Variables, f.Project.Schemes, f.Project.Parts
		f.others[dependencies] = p
	}
	return f
}

// Prefill returns a with the facts put in. A value that Answers would refuse
// is left out, so valid answers stay valid one by one.
func (f Facts) Prefill(a wizard.Answers) wizard.Answers {
	a = a.Clone()
	set := func(id string, values ...string) bool {
		trial := a
		if len(values) == 0 || values[0] == "" || trial.Set(id, values...) != nil {
			return false
		}
		a = trial
		return true
	}
	set("name", f.Name.Value)
	set("dependencies", f.Dependencies.Value)
	if !set("python", f.Python.Value) && f.tooOld() {
		set("python", oldest().String())
	}
	if set("app", f.App.Value) {
		a.Factory, a.AppDir = f.App.Factory, ""
		set("app_dir", f.App.AppDir)
	}
	set("port", f.Port.Value)
	set("health_path", f.HealthPath.Value)
	var services []string
	for _, s := range f.Services {
		if trial := a; trial.Set("service", s.Value) == nil {
			services = append(services, s.Value)
		}
	}
	set("service", services...)
	set("worker", f.Worker.Value)
	a.Project, a.Found = valid(f.Project), map[string]wizard.Project{}
	for dependencies, project := range f.others {
		a.Found[dependencies] = valid(project)
	}
	return a
}

// valid returns the project without what Answers would refuse.
func valid(p wizard.Project) wizard.Project {
	accepted := func(part wizard.Project) bool {
		a := wizard.Defaults()
		a.Project = part
		return a.Validate() == nil
	}
	if accepted(p) {
		return p
	}
	if !accepted(wizard.Project{Files: p.Files}) {
		p.Files = nil // some of them would install something else than all
	}
	if !accepted(wizard.Project{Source: p.Source}) {
		p.Source = ""
	}
	p.Needed = slices.DeleteFunc(slices.Clone(p.Needed), func(folder string) bool { return !accepted(wizard.Project{Needed: []string{folder}}) })
	p.Extras = slices.DeleteFunc(slices.Clone(p.Extras), func(name string) bool { return !accepted(wizard.Project{Extras: []string{name}}) })
	p.Groups = slices.DeleteFunc(slices.Clone(p.Groups), func(name string) bool { return !accepted(wizard.Project{Groups: []string{name}}) })
	if !accepted(wizard.Project{Variables: p.Variables, Schemes: p.Schemes, Parts: p.Parts}) {
		p.Variables, p.Schemes, p.Parts = nil, nil, nil
	}
	packages := map[string]string{}
	for name, version := range p.Packages {
		for _, v := range [...]string{version, ""} {
			if accepted(wizard.Project{Packages: map[string]string{name: v}}) {
				packages[name] = v
				break
			}
		}
	}
	p.Packages = packages
	return p
}
