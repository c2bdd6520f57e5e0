package generator

import (
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/davit-cli/davit/assets"
	"github.com/davit-cli/davit/wizard"
	"github.com/pelletier/go-toml/v2"
)

// systemNeed is what one Python distribution needs from the system: packages
// to compile it, where it has no wheel, and packages to run it.
type systemNeed struct {
	Unless string                        `toml:"unless"` // the distribution that brings what this one needs
	Debian struct{ Build, Run []string } `toml:"debian"`
	Alpine struct{ Build, Run []string } `toml:"alpine"`
}

var systemTable = sync.OnceValue(func() map[string]systemNeed {
	table := map[string]systemNeed{}
	if err := toml.Unmarshal([]byte(assets.SystemPackages), &table); err != nil {
		panic(fmt.Sprintf("generator: the built-in system packages are broken: %v", err)) // a test reads them
	}
	return table
})

// systemNeeds is what a project needs in all.
type systemNeeds struct {
	Build, Run          []string // package names of the distribution, sorted, each once
	CompiledFor, RunFor []string // the Python packages that need them
}

// systemPackages looks up every package that the project installs.
func systemPackages(a wizard.Answers) systemNeeds {
	var needs systemNeeds
	if a.Dependencies == "conda" {
		return needs // a conda environment brings its own libraries
	}
	for _, name := range slices.Sorted(maps.Keys(a.Project.Packages)) {
		entry, ok := systemTable()[name]
		if _, brought := a.Project.Packages[entry.Unless]; !ok || brought {
			continue
		}
		packages := entry.Debian
		if a.Base == "alpine" {
			packages = entry.Alpine
		}
		if len(packages.Build) > 0 {
			needs.Build = append(needs.Build, packages.Build...)
			needs.CompiledFor = append(needs.CompiledFor, name)
		}
		if len(packages.Run) > 0 {
			needs.Run = append(needs.Run, packages.Run...)
			needs.RunFor = append(needs.RunFor, name)
		}
	}
	slices.Sort(needs.Build)
	slices.Sort(needs.Run)
	needs.Build, needs.Run = slices.Compact(needs.Build), slices.Compact(needs.Run)
	if a.Base == "distroless" && len(needs.Build) > 0 {
		// Debian's Python has its headers in a package of their own.
		needs.Build = append(needs.Build, "python3-dev")
	}
	return needs
}
