package conformance

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/pelletier/go-toml/v2"

	"github.com/davit-cli/davit/assets"
)

// makeService returns a copy, in a folder of its own, of a service from
// testdata/services, with its dependencies declared in the given way and a
// lock file that the real installer made. Each lock is made once a run.
func makeService(t *testing.T, name, dependencies string) string {
	t.Helper()
	locked, _ := lockedServices.LoadOrStore(name+" "+dependencies, &lockedService{})
	dir := filepath.Join(t.TempDir(), name)
	if err := os.CopyFS(dir, os.DirFS(locked.(*lockedService).make(t, name, dependencies))); err != nil {
		t.Fatal(err)
	}
	return dir
}

var lockedServices sync.Map // name and way → *lockedService

type lockedService struct {
	once sync.Once
	dir  string // "" where it could not be made
}

func (l *lockedService) make(t *testing.T, name, dependencies string) string {
	t.Helper()
	l.once.Do(func() {
		lock, ok := locks[dependencies]
		if !ok {
			t.Fatalf("no way to lock for %s", dependencies)
		}
		dir := filepath.Join(scratch, "services", dependencies, name)
		if err := os.CopyFS(dir, os.DirFS(filepath.Join("testdata", "services", name))); err != nil {
			t.Fatal(err)
		}
		addProbes(t, dir)
		if manifest := sourceFile(t, dir, "pyproject.toml"); manifest != "" {
			lock(t, filepath.Dir(manifest))
		} else {
			t.Fatalf("%s has no pyproject.toml", name)
		}
		l.dir = dir
	})
	if l.dir == "" {
		t.Fatalf("the lock of %s for %s could not be made; another test shows why", name, dependencies)
	}
	return l.dir
}

// addProbes lays the routes of the plain service beside the main module of
// another one, which serves them too.
func addProbes(t *testing.T, dir string) {
	t.Helper()
	probes, err := os.ReadFile(filepath.Join("testdata", "services", "plain", "app", "main.py"))
	if err != nil {
		t.Fatal(err)
	}
	main := sourceFile(t, dir, "main.py")
	source, err := os.ReadFile(main)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(source), "probes") {
		if err := os.WriteFile(filepath.Join(filepath.Dir(main), "probes.py"), probes, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// sourceFile finds the first file with this name, the nearest to the root.
func sourceFile(t *testing.T, dir, name string) string {
	t.Helper()
	found := ""
	err := filepath.WalkDir(dir, func(file string, d fs.DirEntry, err error) error {
		if err == nil && d.Name() == name && (found == "" || len(file) < len(found)) {
			found = file
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// locks makes what each way of declaring dependencies has beside the source.
var locks = map[string]func(t *testing.T, dir string){
	"uv": func(t *testing.T, dir string) { command(t, dir, tool(t, "uv"), "lock", "--quiet") },
	"poetry": func(t *testing.T, dir string) {
		appendTo(t, filepath.Join(dir, "pyproject.toml"), poetrySource(t))
		command(t, dir, tool(t, "poetry"), "lock", "--no-interaction")
	},
	"pdm": func(t *testing.T, dir string) {
		command(t, dir, tool(t, "pdm"), "lock", "--no-cross-platform", "--python", "==3.13.*")
	},
	"pipenv": func(t *testing.T, dir string) {
		appendTo(t, filepath.Join(dir, "Pipfile"), pipfile(t, dir))
		remove(t, filepath.Join(dir, "pyproject.toml"))
		command(t, dir, tool(t, "pipenv"), "lock")
	},
	"pyproject": func(*testing.T, string) {},
	"pip": func(t *testing.T, dir string) {
		command(t, dir, tool(t, "uv"), "pip", "compile", "--quiet", "--universal", "--generate-hashes", "--python-version", "3.11",
			"--output-file", "requirements.txt", "pyproject.toml")
		remove(t, filepath.Join(dir, "pyproject.toml"))
	},
}

// poetrySource lets Poetry use the index that pip uses; by default it asks
// an interface that mirrors, and this project's test machines, lack.
func poetrySource(t *testing.T) string {
	python := filepath.Join(filepath.Dir(tool(t, "poetry")), "python")
	index := command(t, ".", python, "-c", "from pip._internal.models.index import PyPI; print(PyPI.simple_url)")
	return fmt.Sprintf(`
[[tool.poetry.source]]
name = "index"
url = %q
priority = "primary"
`, strings.TrimSpace(index)+"/")
}

// pipfile declares what the service's pyproject.toml does.
func pipfile(t *testing.T, dir string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "pyproject.toml"))
	if err != nil {
		t.Fatal(err)
	}
	var manifest struct {
		Project struct{ Dependencies []string }
	}
	if err := toml.Unmarshal(text, &manifest); err != nil {
		t.Fatal(err)
	}
	lines := "[packages]\n"
	for _, d := range manifest.Project.Dependencies {
		name, version, _ := strings.Cut(d, ">=")
		lines += fmt.Sprintf("%s = %q\n", name, ">="+version)
	}
	return lines
}

func remove(t *testing.T, name string) {
	t.Helper()
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
}

func appendTo(t *testing.T, name, text string) {
	t.Helper()
	content, err := os.ReadFile(name)
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		err = os.WriteFile(name, append(content, text...), 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// tool returns an installer, in the version that generated files name: one
// from a virtual environment below the user's cache, made when it is missing.
func tool(t *testing.T, name string) string {
	t.Helper()
	installing.Lock()
	defer installing.Unlock()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	var versions struct{ Tools map[string]string }
	if err := toml.Unmarshal([]byte(assets.Versions), &versions); err != nil {
		t.Fatal(err)
	}
	wanted := name + "==" + versions.Tools[name]
	if name == "pdm" {
		wanted = "pdm[locked]==" + versions.Tools[name] // as generated files install it
	}
	venv := filepath.Join(cache, "davit-conformance", wanted)
	binary := filepath.Join(venv, "bin", name)
	if _, err := os.Stat(binary); err != nil {
		command(t, ".", "python3", "-m", "venv", "--clear", venv)
		command(t, ".", filepath.Join(venv, "bin", "pip"), "install", "--quiet", wanted)
	}
	return binary
}

var installing sync.Mutex

// command runs a program in a folder and returns what it printed; it ends the
// test where the program fails.
func command(t *testing.T, dir string, name string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, tail(string(out)))
	}
	return string(out)
}

func tail(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-40):], "\n")
}

// davit runs the real program, built once, and returns what it printed.
func davit(t *testing.T, args ...string) string {
	t.Helper()
	binary, err := buildDavit()
	if err != nil {
		t.Fatal(err)
	}
	return command(t, ".", binary, args...)
}

// scratch is a folder for what all tests share; it goes with the last of them.
var scratch string

func TestMain(m *testing.M) {
	var err error
	if scratch, err = os.MkdirTemp("", "davit-conformance-"); err != nil {
		panic(err)
	}
	code := m.Run()
	os.RemoveAll(scratch)
	os.Exit(code)
}

var buildDavit = sync.OnceValues(func() (string, error) {
	binary := filepath.Join(scratch, "davit")
	if runtime.GOOS == "windows" {
		binary += ".exe"
	}
	cmd := exec.Command("go", "build", "-o", binary, ".")
	cmd.Dir = filepath.Join("..", "..") // with the versions of davit's own go.mod
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return binary, nil
})
