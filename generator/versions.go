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
	Alpine     struct {
		Release string `toml:"release"`
	} `toml:"alpine"`
}

var versions = sync.OnceValue(func() versionTable {
	var t versionTable
	if err := toml.Unmarshal([]byte(assets.Versions), &t); err != nil {
		panic(fmt.Sprintf("generator: the built-in versions are broken: %v", err)) // a test reads them
	}
	return t
})
