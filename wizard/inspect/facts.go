// Package inspect reads a project folder and tells what it finds, each value
// with its evidence. It is static: it never runs or imports the project.
//
//	facts, err := inspect.Folder("path/to/project")
//	answers := facts.Prefill(wizard.Defaults())
package inspect

import "github.com/davit-cli/davit/wizard"

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
	Worker       Fact    `json:"worker"`

	Project wizard.Project `json:"project"`
}
