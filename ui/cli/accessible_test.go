package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/davit-cli/davit/generator"
	"github.com/davit-cli/davit/wizard"
	"github.com/davit-cli/davit/wizard/inspect"
)

// accessible runs davit with these lines on its standard input, which is no
// terminal.
func accessible(t *testing.T, dir, lines string, env []string, args ...string) (int, string, string) {
	t.Helper()
	var out, errs bytes.Buffer
	status := Main(context.Background(), Program{Args: append(args, dir), In: strings.NewReader(lines), Out: &out, Err: &errs, Env: env})
	return status, out.String(), errs.String()
}

func TestAccessibleModeIsAFlagOrAVariable(t *testing.T) {
	const questions = "Number or name [pyproject.toml, from pyproject.toml:4]"
	for _, c := range []struct {
		env  []string
		args []string
		want bool
	}{
		{nil, []string{"--accessible"}, true},
		{[]string{"ACCESSIBLE=1"}, nil, true},
		{[]string{"ACCESSIBLE=yes"}, nil, true},
		{[]string{"ACCESSIBLE=0"}, nil, false},
		{[]string{"ACCESSIBLE="}, nil, false},
		{[]string{"ACCESSIBLE=0"}, []string{"--accessible"}, true},
	} {
		dir := project(t, nil)
		status, out, errs := accessible(t, dir, "", c.env, c.args...)
		if asked := strings.Contains(out, questions); asked != c.want {
			t.Errorf("%v %v: asked %t: %s%s", c.env, c.args, asked, out, errs)
		}
		want := "davit: interrupted, and nothing was written\n"
		if !c.want {
			want = "davit: the wizard needs a terminal: use `davit generate " + dir + "` instead, with the answers as flags\n"
		}
		if errs != want || status == 0 || len(names(t, dir)) != 2 {
			t.Errorf("%v %v: %d, %q, %v", c.env, c.args, status, errs, names(t, dir))
		}
	}
}

// What the lines write is what the next run finds in order.
func TestAccessibleModeWritesWhatGenerateWould(t *testing.T) {
	dir := project(t, nil)
	status, out, errs := accessible(t, dir, strings.Repeat("\n", 15)+"yes\n", nil, "--accessible")
	if status != 0 || errs != "" || !strings.Contains(out, "files written, and davit.lock.\n") {
		t.Fatalf("%d, %s, %s", status, errs, out)
	}
	if status, out, _ := run(t, "", "check", dir); status != 0 {
		t.Errorf("davit check: %d, %s", status, out)
	}
	if status, _, errs := accessible(t, dir, strings.Repeat("\n", 15), []string{"ACCESSIBLE=1"}); status != 0 || errs != "" {
		t.Errorf("with nothing to write: %d, %s", status, errs)
	}
}

// Where nobody can read the questions, nobody answers them.
func TestAccessibleModeNeedsAnOutput(t *testing.T) {
	dir := project(t, nil)
	var errs bytes.Buffer
	status := Main(context.Background(), Program{Args: []string{"--accessible", dir}, In: strings.NewReader(strings.Repeat("\n", 15) + "yes\n"), Out: fullDisk{}, Err: &errs})
	if status != 1 || !strings.HasPrefix(errs.String(), "davit: cannot write to standard output: ") || len(names(t, dir)) != 2 {
		t.Errorf("%d, %q, %v", status, errs.String(), names(t, dir))
	}
}

// The starter is the same whoever writes it, and what inspection then finds is
// what was written for.
func TestTheStarterIsTheSameByQuestionsAndByFlags(t *testing.T) {
	for _, traffic := range []string{"low", "high"} {
		for _, dependencies := range []string{"pyproject", "uv", "pip"} {
			asked, flags := filepath.Join(t.TempDir(), "shop"), filepath.Join(t.TempDir(), "shop")
			for _, dir := range []string{asked, flags} {
				if err := os.Mkdir(dir, 0o755); err != nil {
					t.Fatal(err)
				}
			}
			lines := "yes\n" + dependencies + "\n" + traffic + "\n" + strings.Repeat("\n", 13) + "yes\n"
			if status, out, errs := accessible(t, asked, lines, nil, "--accessible"); status != 0 {
				t.Fatalf("%s, %s: %d, %s%s", traffic, dependencies, status, out, errs)
			}
			if status, _, errs := run(t, flags, "generate", "$DIR", "--starter", "--traffic", traffic, "--dependencies", dependencies); status != 0 {
				t.Fatal(errs)
			}
			for _, name := range []string{"Dockerfile", "pyproject.toml", "davit.yaml"} {
				if a, b := read(t, asked, name), read(t, flags, name); a != b {
					t.Errorf("%s, %s: %s differs: by questions\n%s\nby flags\n%s", traffic, dependencies, name, a, b)
				}
			}
			if docker := read(t, asked, "Dockerfile"); strings.Contains(docker, "not in what the project declares") {
				t.Errorf("%s, %s: the starter's server is installed twice:\n%s", traffic, dependencies, docker)
			}
			if status, out, _ := run(t, "", "check", asked); status != 0 {
				t.Errorf("%s, %s: davit check: %d, %s", traffic, dependencies, status, out)
			}
		}
	}
}

func TestInspectionFindsInTheStarterWhatItWasMadeFor(t *testing.T) {
	for _, traffic := range []string{"low", "steady", "high"} {
		a := wizard.Defaults()
		a.Traffic = traffic
		a = generator.StarterAnswers(a)
		files, err := generator.Starter(a)
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		for _, f := range files {
			put(t, dir, f.Path, f.Content)
		}
		facts, err := inspect.Folder(dir)
		if err != nil {
			t.Fatal(err)
		}
		got := facts.Prefill(wizard.Defaults())
		if got.App != a.App || got.HealthPath != a.HealthPath || got.Dependencies != a.Dependencies ||
			!reflect.DeepEqual(got.Project, a.Project) || !reflect.DeepEqual(got.Found, a.Found) {
			t.Errorf("%s: found %+v, %+v; made for %+v, %+v", traffic, got.Project, got.Found, a.Project, a.Found)
		}
	}
}
