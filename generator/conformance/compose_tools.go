package conformance

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"

	"github.com/davit-cli/davit/generator"
)

// ComposePlugin reports why `docker compose` cannot judge, nil where it can.
var ComposePlugin = sync.OnceValue(func() error {
	out, err := exec.Command("docker", "compose", "version").CombinedOutput()
	if err != nil {
		return fmt.Errorf("docker compose: %w: %s", err, strings.TrimSpace(string(out)))
	}
	return nil
})

// ComposeConfig lets `docker compose config` read compose.yaml as a user's
// would, from a folder that has nothing else. A machine without Compose judges
// nothing here.
func ComposeConfig(files []generator.File) []Finding {
	d := &docket{judge: "compose-config"}
	for _, f := range files {
		d.composeConfig(f, "")
	}
	return d.found
}

// ComposeConfigProd is ComposeConfig for compose.prod.yaml, which stands
// beside an .env that is made of .env.example.
func ComposeConfigProd(files []generator.File) []Finding {
	d := &docket{judge: "compose-config-prod"}
	f, ok := named(files, "compose.prod.yaml")
	example, _ := named(files, ".env.example")
	if ok {
		d.composeConfig(f, example.Content)
	}
	return d.found
}

func (d *docket) composeConfig(f generator.File, example string) {
	if ComposePlugin() != nil {
		return
	}
	if err := composeConfig(f, example); err != nil {
		d.add(f.Path, lineIn(err), "config", "%v", err)
	}
}

func composeConfig(f generator.File, example string) error {
	folder, err := os.MkdirTemp("", "davit-compose-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	var env strings.Builder
	for name, value := range filled(example) {
		fmt.Fprintf(&env, "%s=%s\n", name, value)
	}
	for name, content := range map[string]string{filepath.Base(f.Path): f.Content, ".env": env.String()} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			return err
		}
	}
	cmd := exec.Command("docker", "compose", "--file", filepath.Base(f.Path), "config", "--quiet")
	cmd.Dir = folder
	// It warns and goes on where something is wrong, so silence is asked for.
	if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 {
		return fmt.Errorf("docker compose config: %v %s", err, strings.TrimSpace(strings.ReplaceAll(string(out), folder, "")))
	}
	return nil
}

// notForStacks are rules of dclint's that a stack cannot keep: it publishes on
// every node, and is named when it is deployed.
var notForStacks = []string{"no-unbound-port-interfaces", "require-project-name-field"}

// Dclint judges Compose files and stacks by the linter's rules, all of them,
// many files in one run.
func Dclint(files []generator.File) []Finding {
	d := &docket{judge: "dclint"}
	var compose, stacks []generator.File
	for _, f := range files {
		if filepath.Base(f.Path) == "stack.yaml" {
			stacks = append(stacks, f)
		} else {
			compose = append(compose, f)
		}
	}
	d.dclint(compose)
	d.dclint(stacks, notForStacks...)
	return d.found
}

func (d *docket) dclint(files []generator.File, without ...string) {
	args := []string{"--formatter", "json"}
	for _, rule := range without {
		args = append(args, "--disable-rule", rule)
	}
	d.ask(files, func(b batch) error {
		const found = 1 // the exit status
		out, err := b.run(programNamed("dclint"), []int{found}, append(b.paths(), args...)...)
		if err != nil {
			return err
		}
		var results []struct {
			FilePath string
			Messages []struct {
				Rule, Message string
				Line          int
			}
		}
		if err := json.Unmarshal(out, &results); err != nil {
			return err
		}
		if len(results) != len(files) {
			return fmt.Errorf("judged %d of %d files", len(results), len(files))
		}
		for _, r := range results {
			for _, m := range r.Messages {
				if err := d.addOn(b, r.FilePath, m.Line, m.Rule, "%s", m.Message); err != nil {
					return err
				}
			}
		}
		return nil
	})
}
