package conformance

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
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

// dclintVersion is the linter of Compose files that judges, from npm.
const dclintVersion = "3.1.0"

// DclintProgram returns the linter, or why there is none. It is kept below the
// user's cache, and installed there when it is missing.
var DclintProgram = sync.OnceValues(func() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	folder := filepath.Join(cache, "davit-conformance", "dclint@"+dclintVersion)
	program := filepath.Join(folder, "node_modules", ".bin", "dclint")
	if _, err := os.Stat(program); err == nil {
		return program, nil
	}
	out, err := exec.Command("npm", "install", "--no-fund", "--no-audit", "--no-save", "--prefix", folder, "dclint@"+dclintVersion).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("npm install dclint: %w\n%s", err, out)
	}
	return program, nil
})

// notForStacks are rules of dclint's that a stack cannot keep: it publishes on
// every node, and is named when it is deployed.
var notForStacks = []string{"no-unbound-port-interfaces", "require-project-name-field"}

// Dclint judges Compose files and stacks by the linter's rules, all of them,
// many files in one run. A machine without npm judges nothing here.
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
	program, err := DclintProgram()
	if err != nil || len(files) == 0 {
		return
	}
	folder, err := os.MkdirTemp("", "davit-dclint-")
	if err != nil {
		d.add(files[0].Path, 0, "dclint", "%v", err)
		return
	}
	defer os.RemoveAll(folder)
	args := []string{"--formatter", "json"}
	for _, rule := range without {
		args = append(args, "--disable-rule", rule)
	}
	names := make([]string, len(files))
	for i, f := range files {
		names[i] = fmt.Sprintf("%d.yaml", i)
		if err := os.WriteFile(filepath.Join(folder, names[i]), []byte(f.Content), 0o600); err != nil {
			d.add(f.Path, 0, "dclint", "%v", err)
		}
	}
	cmd := exec.Command(program, append(names, args...)...)
	cmd.Dir = folder
	out, err := cmd.Output()
	var results []struct {
		FilePath string
		Messages []struct {
			Rule, Message string
			Line          int
		}
	}
	if json.Unmarshal(out, &results) != nil || len(results) != len(files) {
		d.add(files[0].Path, 0, "dclint", "%d files were judged, not %d: %v", len(results), len(files), err)
		return
	}
	for _, r := range results {
		f := files[slices.Index(names, filepath.Base(r.FilePath))]
		for _, m := range r.Messages {
			d.add(f.Path, m.Line, m.Rule, "%s", m.Message)
		}
	}
}
