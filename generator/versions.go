package generator

import (
	"fmt"
	"sync"

	"github.com/davit-cli/davit/assets"
	"github.com/pelletier/go-toml/v2"
)

// versionTable is assets/versions.toml.
type versionTable struct {
	Dated   string            `toml:"dated"`
	Tools   map[string]string `toml:"tools"`
	Servers map[string]string `toml:"servers"`
	Images  map[string]string `toml:"images"`
	Debian  struct {
		Slim       string            `toml:"slim"`
		Distroless map[string]string `toml:"distroless"`
	} `toml:"debian"`
	Distroless map[string]string `toml:"distroless"`
	Chainguard struct {
		Repository string `toml:"repository"` // ORGANIZATION stands for one
	} `toml:"chainguard"`
	Alpine struct {
		Release string `toml:"release"`
	} `toml:"alpine"`
	Weighed struct {
		Dated string             `toml:"dated"`
		MB    map[string]float64 `toml:"mb"` // by image with its tag
	} `toml:"weighed"`
	Inside map[string]inside `toml:"inside"`
	CI     struct {
		Buildx  string            `toml:"buildx"`
		Trivy   string            `toml:"trivy"`
		Images  map[string]string `toml:"images"`
		Actions map[string]action `toml:"actions"`
	} `toml:"ci"`
}

// inside is what a runtime image brings along.
type inside struct {
	Shell string   `toml:"shell"`
	Tools []string `toml:"tools"`
}

// action is a GitHub action at one commit; the version is what people call it.
type action struct {
	Version string `toml:"version"`
	Commit  string `toml:"commit"`
}

var versions = sync.OnceValue(func() versionTable {
	var t versionTable
	if err := toml.Unmarshal([]byte(assets.Versions), &t); err != nil {
		panic(fmt.Sprintf("generator: the built-in versions are broken: %v", err)) // a test reads them
	}
	return t
})

// uses is a step's reference to an action, by commit, with the version for
// readers and for the tools that update both.
func uses(name string) (string, error) {
	a, ok := versions().CI.Actions[name]
	if !ok {
		return "", fmt.Errorf("no action %q in assets/versions.toml", name)
	}
	return fmt.Sprintf("%s@%s # %s", name, a.Commit, a.Version), nil
}
