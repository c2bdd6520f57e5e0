package conformance

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/davit-cli/davit/generator"
	"github.com/davit-cli/davit/wizard"
)

// services are what the covering set is built with, by the way of declaring
// dependencies and the base: every service of testdata/services that needs no
// other beside it, and every shape of project that davit has to know.
var services = map[string]map[string]string{
	"uv":        {"slim": "workspace", "alpine": "src", "distroless": "native", "chainguard": "hatch"},
	"poetry":    {"slim": "src", "alpine": "below", "distroless": "factory", "chainguard": "static"},
	"pdm":       {"slim": "native", "alpine": "below", "distroless": "src", "chainguard": "below"},
	"pipenv":    {"slim": "static", "alpine": "container", "distroless": "plain", "chainguard": "container"},
	"pip":       {"slim": "native", "alpine": "factory", "distroless": "native", "chainguard": "plain"},
	"pyproject": {"slim": "hatch", "alpine": "setuptools", "distroless": "dynamic", "chainguard": "setuptools"},
}

// A row is one combination of the covering set, and what came of it.
type row struct {
	answers wizard.Answers
	service string
	result  string
	took    time.Duration
}

// TestImages builds and runs, unmodified, what davit writes for a covering set
// of combinations: every pair of choices in a real image.
func TestImages(t *testing.T) {
	rows := make([]*row, 0, 32)
	for _, a := range Covering() {
		rows = append(rows, &row{answers: a, service: services[a.Dependencies][a.Base], result: "skipped: no engine"})
	}
	defer func() { t.Log(table(rows)) }() // also where the rest is skipped
	needEngine(t)
	t.Run("row", func(t *testing.T) {
		for _, r := range rows {
			if r.answers.Dependencies == "conda" {
				r.judge(t)
				continue
			}
			t.Run(strings.ReplaceAll(r.answers.Variant(), "/", "-"), func(t *testing.T) {
				t.Parallel() // as many at once as there are processors
				start := time.Now()
				r.result = "FAILED"
				defer func() { r.took = time.Since(start) }()
				r.build(t)
				if !t.Failed() {
					r.result = "built and run"
				}
			})
		}
	})
}

// judge asks the judges of files alone, where no image can be built.
func (r *row) judge(t *testing.T) {
	start := time.Now()
	files, err := generator.Generate(r.answers)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range append(Run(files), Promises(r.answers, files)...) {
		t.Errorf("%s: %s", r.answers.Variant(), f)
	}
	r.service, r.took = "-", time.Since(start)
	r.result = "judged, not built: no conda packages and no micromamba image are reached here"
}

// build makes the image and asks of it all that davit promises.
func (r *row) build(t *testing.T) {
	a := r.answers
	dir := makeService(t, r.service, a.Dependencies)
	args := []string{"generate", dir, "--dependencies", a.Dependencies, "--traffic", a.Traffic, "--base", a.Base,
		"--python", "3.13", "--target", strings.Join(a.Targets, ","), "--extra", "scripts"}
	if r.service == "container" {
		args = append(args, "--app", "shop.main:container.app")
	}
	davit(t, args...)
	// Modes of the folder must not come through: a file for its owner alone, a folder for everybody.
	main := sourceFile(t, dir, "main.py")
	for name, mode := range map[string]os.FileMode{main: 0o600, filepath.Dir(main): 0o777} {
		if err := os.Chmod(name, mode); err != nil {
			t.Fatal(err)
		}
	}
	start := time.Now()
	i := buildImage(t, dir)
	t.Logf("built in %v", time.Since(start).Round(100*time.Millisecond))
	i.holdsOnlyWhatShips(a.Base)
	i.servesHardened(a, platform(t, dir, a))
	i.isTunable(a)
	i.validates(dir, a)
	i.rebuildsWithoutReinstalling(dir)
}

// validates runs the script that davit writes for the same questions.
func (i image) validates(dir string, a wizard.Answers) {
	i.t.Helper()
	args := []string{i.name}
	if honoursPort(a) {
		args = append(args, "--env", "PORT=9000")
	}
	cmd := exec.CommandContext(i.t.Context(), filepath.Join(dir, "scripts", "validate"), args...)
	cmd.Env = append(os.Environ(), "WAIT=120")
	out, err := cmd.CombinedOutput()
	if passed := strings.Count(string(out), "ok "); err != nil || passed != 5 {
		i.t.Errorf("scripts/validate: %v, %d of 5 passed\n%s", err, passed, out)
	}
}

// rebuildsWithoutReinstalling changes the source and builds again: BuildKit
// has to take the dependencies from its cache. A project that is a package is
// installed once more, and nothing but it.
func (i image) rebuildsWithoutReinstalling(dir string) {
	i.t.Helper()
	appendTo(i.t, sourceFile(i.t, dir, "main.py"), "\n# "+uniqueName()+"\n")
	installed, copied := 0, false
	for _, s := range i.build(dir) {
		switch {
		case strings.Contains(s.Name, "RUN") && installs.MatchString(s.Name):
			installed++
			if project := !strings.Contains(s.Name, "--mount=type=bind"); !s.Cached && (!project || strings.Contains(s.Log, "fastapi")) {
				i.t.Errorf("a change of source ran again: %s\n%s", s.Name, s.Log)
			}
		case strings.Contains(s.Name, "COPY ") && strings.HasSuffix(s.Name, " . ."):
			copied = !s.Cached
		}
	}
	if installed == 0 || !copied {
		i.t.Errorf("%d steps install, source copied again: %t; the progress could not be read", installed, copied)
	}
}

// Programs that build, and have no place in what runs.
var builders = []string{"uv", "uvx", "poetry", "pdm", "pipenv", "micromamba", "gcc", "cc", "g++", "as", "ld", "make", "cargo", "git"}

// Shells and package managers, which distroless and chainguard are without.
var shells = []string{"sh", "bash", "dash", "busybox", "apt-get", "dpkg", "pip"}

// pipProgram is pip by all its names; pipe_progress of BusyBox is another.
var pipProgram = regexp.MustCompile(`^pip[0-9.]*$`)

// pipInside is pip as a module, in any environment, or the wheel that ensurepip installs.
var pipInside = regexp.MustCompile(`/(site|dist)-packages/pip(/|-[^/]*\.dist-info/)|/pip-[^/]*\.whl$`)

func (i image) holdsOnlyWhatShips(base string) {
	i.t.Helper()
	compiled := map[string]bool{}
	var found []string
	for _, h := range i.files() {
		name, folder := path.Base(h.Name), path.Base(path.Dir(h.Name))
		wrong := ""
		switch {
		case folder == "bin" && slices.Contains(builders, name):
			wrong = "a builder's program"
		case folder == "bin" && (base == "distroless" || base == "chainguard") && slices.Contains(shells, name):
			wrong = "a shell or package manager in " + base
		case strings.HasPrefix(h.Name, "usr/include/") && !h.FileInfo().IsDir() && name != "pyconfig.h": // which sysconfig reads
			wrong = "a header"
		case folder == "bin" && pipProgram.MatchString(name), pipInside.MatchString(h.Name):
			wrong = "pip, or what brings it back"
		case !strings.HasPrefix(h.Name, "app/") || h.FileInfo().IsDir() && strings.Count(h.Name, "/") == 1:
			// not ours
		case slices.Contains([]string{"uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock", "Dockerfile", ".dockerignore", "davit.yaml", ".env"}, name):
			wrong = "needed at build time alone"
		case strings.HasPrefix(h.Name, "app/tests/"), strings.HasPrefix(h.Name, "app/.git/"):
			wrong = "not part of the service"
		case h.Typeflag != '2' && (h.Mode&0o002 != 0 || h.Uid == 10001 || h.Gid == 10001 && h.Mode&0o020 != 0):
			wrong = fmt.Sprintf("writable for the process: %o, %d:%d", h.Mode, h.Uid, h.Gid)
		}
		if wrong != "" {
			found = append(found, fmt.Sprintf("/%s: %s", h.Name, wrong))
		}
		if path.Ext(h.Name) == ".pyc" {
			switch {
			case strings.HasPrefix(h.Name, "app/.venv/"):
				compiled["environment"] = true
			case regexp.MustCompile(`^app/.*/main\.cpython-\d+\.pyc$`).MatchString(h.Name):
				compiled["source"] = true
			}
		}
	}
	if len(found) > 0 {
		i.t.Errorf("%d things that do not belong there, such as\n%s", len(found), strings.Join(found[:min(len(found), 5)], "\n"))
	}
	if !compiled["source"] || !compiled["environment"] {
		i.t.Errorf("bytecode is compiled for %v, and has to be for the environment and the source", compiled)
	}
}

// table shows the rows as one that a person reads in a minute.
func table(rows []*row) string {
	lines := [][]string{{"dependencies", "traffic", "base", "targets", "service", "time", "result"}}
	counts := map[string]int{}
	for _, r := range rows {
		base := r.answers.Base
		if base == "alpine" {
			base += " *"
		}
		took := ""
		if r.took > 0 {
			took = r.took.Round(time.Second).String()
		}
		lines = append(lines, []string{r.answers.Dependencies, r.answers.Traffic, base, strings.Join(r.answers.Targets, "+"), r.service, took, r.result})
		what, _, _ := strings.Cut(r.result, ":")
		counts[what]++
	}
	widths := make([]int, len(lines[0]))
	for _, line := range lines {
		for n, cell := range line {
			widths[n] = max(widths[n], len(cell))
		}
	}
	var out strings.Builder
	fmt.Fprintln(&out, "the covering set:")
	for _, line := range lines {
		for n, cell := range line {
			fmt.Fprintf(&out, "| %-*s ", widths[n], cell)
		}
		fmt.Fprintln(&out, "|")
	}
	var sums []string
	for _, what := range slices.Sorted(maps.Keys(counts)) {
		sums = append(sums, fmt.Sprintf("%d %s", counts[what], what))
	}
	fmt.Fprintf(&out, "| in all: %s\n", strings.Join(sums, ", "))
	fmt.Fprintf(&out, "| * where Alpine is a stand-in of BusyBox and glibc (.ci/engine), its users, shell and start are tested, and not musl or its packages\n")
	return out.String()
}
