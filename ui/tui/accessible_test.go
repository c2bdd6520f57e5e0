package tui

import (
	"context"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/davit-cli/davit/generator"
	"github.com/davit-cli/davit/generator/disk"
	"github.com/davit-cli/davit/wizard"
	"github.com/davit-cli/davit/wizard/inspect"
)

// inLines runs the wizard in lines, in a folder called shop.
func inLines(t *testing.T, answers string, with ...setup) (dir, said string, result Result, err error) {
	t.Helper()
	o := Options{Answers: wizard.Defaults(), In: strings.NewReader(answers)}
	finds(shop())(&o)
	for _, s := range with {
		s(&o)
	}
	if o.Dir == "" {
		o.Dir = filepath.Join(t.TempDir(), "shop")
		if err := os.Mkdir(o.Dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	var b strings.Builder
	if o.Out == nil {
		o.Out = &b
	}
	result, err = RunAccessible(t.Context(), o)
	return o.Dir, b.String(), result, err
}

// empty are as many empty lines.
func empty(n int) string { return strings.Repeat("\n", n) }

const (
	details  = 10 // questions between the four and the extras, where none is about Kubernetes
	allUsual = 4 + details + 1
)

// The same answers give the same files, whichever way they are asked for.
func TestLinesWriteWhatTheScreenWrites(t *testing.T) {
	for name, c := range map[string]struct {
		screen func(*wizardTest)
		lines  string
		with   []setup
	}{
		"all as found": {func(wt *wizardTest) { wt.to("review") }, empty(allUsual), nil},
		"others": {func(wt *wizardTest) {
			wt.press("enter").press("down down enter").press("enter").press("down space enter").press("enter").press("down space enter")
		}, "\nhigh\nslim\n1, 2\n" + empty(details) + "scripts\n", nil},
		"numbers":       {func(wt *wizardTest) { wt.press("down enter").press("down enter").press("down enter").to("review") }, "2\n2\n2\n" + empty(1+details+1), nil},
		"no app at all": {func(wt *wizardTest) { wt.to("review") }, empty(1 + allUsual), []setup{finds(inspect.Facts{})}},
		"no starter":    {func(wt *wizardTest) { wt.press("down").to("review") }, "no\n" + empty(allUsual), []setup{finds(inspect.Facts{})}},
		"nothing inspected": {func(wt *wizardTest) { wt.to("review") }, empty(allUsual),
			[]setup{func(o *Options) { o.Inspect = nil }}},
	} {
		t.Run(name, func(t *testing.T) {
			wt := start(t, 120, 40, c.with...)
			c.screen(wt)
			wt.press("enter")
			dir, said, result, err := inLines(t, c.lines+"yes\n", c.with...)
			if err != nil || result.Aborted || !wt.m.finished {
				t.Fatalf("%+v, %v, the screen has finished: %t\n%s", result, err, wt.m.finished, said)
			}
			screen, lines := tree(t, wt.m.dir), tree(t, dir)
			if !maps.Equal(screen, lines) {
				t.Errorf("the screen wrote %v, lines %v", slices.Sorted(maps.Keys(screen)), slices.Sorted(maps.Keys(lines)))
			}
			if !slices.Equal(result.Next, wt.m.result.Next) || !slices.Equal(result.Written, wt.m.result.Written) {
				t.Errorf("the screen tells %+v, lines %+v", wt.m.result, result)
			}
		})
	}
}

// A screen reader says everything: no cursor, colour or box may be in it.
func TestLinesArePlainText(t *testing.T) {
	_, said, _, _ := inLines(t, "?\n"+empty(allUsual+1)+"yes\n", finds(inspect.Facts{}))
	for _, r := range said {
		if r != '\n' && r != '…' && (r < ' ' || r > '~') {
			t.Fatalf("%q is in %q", r, said)
		}
	}
}

func TestLinesTellWhatWasFoundAndWhere(t *testing.T) {
	_, said, _, _ := inLines(t, "")
	for _, line := range []string{
		"- ASGI app: app.main:app, from app/main.py:12\n", "- Service: postgres, from pyproject.toml:9\n",
		"Number or name [uv, from uv.lock]: ",
	} {
		if !strings.Contains(said, line) {
			t.Errorf("%q is not in\n%s", line, said)
		}
	}
	_, said, _, _ = inLines(t, empty(4+3)+"?\n")
	if !strings.Contains(said, "Number or name [3.12, from .python-version:1]") && !strings.Contains(said, "Answer [app.main:app, from app/main.py:12]: What uvicorn imports") {
		t.Errorf("the evidence is not told where the value is asked:\n%s", said)
	}
}

// Wherever the lines end, and whatever was answered, nothing is written
// without a yes.
func TestLinesThatEndWriteNothing(t *testing.T) {
	all := empty(allUsual)
	for n := range len(all) + 1 {
		dir, _, result, err := inLines(t, all[:n])
		if err != nil || !result.Aborted || len(tree(t, dir)) > 0 {
			t.Errorf("after %d lines: %+v, %v, %v", n, result, err, tree(t, dir))
		}
	}
	for _, last := range []string{"no\n", "\n\n", "maybe\n", "?\n"} {
		if dir, said, result, err := inLines(t, all+last); err != nil || !result.Aborted || len(tree(t, dir)) > 0 {
			t.Errorf("after %q: %+v, %v\n%s", last, result, err, said)
		}
	}
}

func TestLinesGoBack(t *testing.T) {
	dir, said, _, err := inLines(t, "<\npip\n<\nuv\n"+empty(3+details)+"scripts\n<\n-\n<\n<\nregistry.example.com/a\n\nyes\n")
	if err != nil || !strings.Contains(said, "This is the first question.") {
		t.Fatalf("%v\n%s", err, said)
	}
	got := tree(t, dir)["davit.yaml"]
	for _, want := range []string{"dependencies: uv", "image: registry.example.com/a"} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is not in\n%s", want, got)
		}
	}
	if tree(t, dir)["scripts/build"] != "" {
		t.Error("an answer that was taken back is written")
	}
}

func TestLinesTellWhatHasToChange(t *testing.T) {
	dir, said, _, err := inLines(t, "\n\ndistroless\nno\ndistroless\nyes\n"+empty(1+details+1)+"yes\n")
	if err != nil || !strings.Contains(said, "Python version has to change from 3.12 to 3.13.\n") || !strings.Contains(said, "3. distroless: not beside the other answers, as ") {
		t.Errorf("%v\n%s", err, said)
	}
	if got := tree(t, dir)["davit.yaml"]; !strings.Contains(got, "base: distroless") || !strings.Contains(got, `python: "3.13"`) {
		t.Errorf("davit.yaml is\n%s", got)
	}
	if _, said, _, _ = inLines(t, "\n\ndistroless\nno\n"); strings.Count(said, "Which base image?") != 1 || strings.HasSuffix(said, "Where will it run?") {
		t.Errorf("the question is not asked again:\n%s", said)
	}
}

func TestLinesAskAgainForWhatCannotBe(t *testing.T) {
	dir, said, _, err := inLines(t, "npm\n0\n9\nuv\n\n\n\n-\nUPPER\nstore\n\n\nperhaps\nYES\n\n80\neighty\n9000\n\nredis sqlite\nredis,5\n\n\n\nyes\n")
	if err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	for sentence, times := range map[string]int{
		"That is none of the answers. ? explains them.\n": 4, "sqlite is none of the answers. ? explains them.\n": 1, "whole number from 1024 to 65535": 2,
	} {
		if strings.Count(said, sentence) != times {
			t.Errorf("%q is not said %d times:\n%s", sentence, times, said)
		}
	}
	recorded, err := disk.ParseAnswers("davit.yaml", []byte(tree(t, dir)["davit.yaml"]))
	if err != nil {
		t.Fatal(err)
	}
	a, err := recorded.Over(wizard.Defaults())
	if err != nil || a.Name != "store" || a.Port != 9000 || !a.Factory || !slices.Equal(a.Services, []string{"redis", "rabbitmq"}) {
		t.Errorf("%+v, %v", a, err)
	}
}

// What matters for Kubernetes alone is asked for Kubernetes alone.
func TestLinesAskWhatMatters(t *testing.T) {
	const title = "How does traffic reach it on Kubernetes?"
	if _, said, _, _ := inLines(t, empty(allUsual)); strings.Contains(said, title) {
		t.Error("the route is asked for without Kubernetes")
	}
	dir, said, _, _ := inLines(t, "\n\n\nkubernetes\n"+empty(details)+"2\n<\ningress\n\nyes\n")
	if strings.Count(said, title) != 2 || tree(t, dir)["k8s/overlays/prod/ingress.yaml"] == "" {
		t.Errorf("the route is not asked for, or forgotten:\n%s", said)
	}
}

func TestLinesChooseAmongServicesAndApps(t *testing.T) {
	several := shop()
	several.App = inspect.AppFact{
		Fact:    inspect.Fact{Candidates: []string{"orders.main:app", "stock.main:make"}},
		Choices: []inspect.AppChoice{{Value: "orders.main:app", Evidence: "orders/main.py:3"}, {Value: "stock.main:make", Evidence: "stock/main.py:9", Factory: true, AppDir: "src"}},
	}
	dir, said, _, err := inLines(t, "3\n2\n"+empty(allUsual)+"yes\n", finds(several))
	if got := tree(t, dir)["davit.yaml"]; err != nil || !strings.Contains(said, "2. stock.main:make: a factory, in src, from stock/main.py:9\n") || !strings.Contains(got, "app: stock.main:make") {
		t.Errorf("%v\n%s\n%s", err, said, got)
	}

	roots := inspect.Facts{Roots: []inspect.Root{{Value: "orders", Evidence: "orders/main.py:2", App: "main:app"}, {Value: "stock", App: "app.main:app", Dependencies: "uv"}}}
	roots.App.Candidates = []string{"main:app", "app.main:app"}
	enter := func(o *Options) {
		top := o.Dir
		o.Enter = func(root string) (Options, error) {
			if root == "orders" {
				return Options{}, errors.New("davit.yaml is broken")
			}
			below := Options{Dir: filepath.Join(top, root), Answers: wizard.Defaults()}
			finds(shop())(&below)
			return below, os.Mkdir(below.Dir, 0o755)
		}
	}
	top := t.TempDir()
	_, said, result, err := inLines(t, "orders\nstock\n"+empty(allUsual)+"yes\n", finds(roots), in(top), enter)
	if err != nil || result.Aborted || !strings.Contains(said, "Davit.yaml is broken\n") || !strings.Contains(said, "from app/main.py:12") {
		t.Errorf("%+v, %v\n%s", result, err, said)
	}
	if tree(t, top)["stock/Dockerfile"] == "" || tree(t, top)["Dockerfile"] != "" {
		t.Errorf("there are %v", slices.Sorted(maps.Keys(tree(t, top))))
	}
}

func TestLinesAskAboutEachFileThatDiffers(t *testing.T) {
	for choice, want := range map[string]string{"": "mine\n", "1": "mine\n", "2": "davit's, mine in bak", "3": "davit's", "4": "mine\n"} {
		dir := t.TempDir()
		put(t, dir, "Dockerfile", "mine\n")
		_, said, result, err := inLines(t, empty(allUsual)+"x\nd\n"+choice+"\nyes\n", in(dir))
		got := tree(t, dir)
		now := got["Dockerfile"]
		if strings.HasPrefix(now, "# syntax=") {
			now = "davit's"
			if got["Dockerfile.bak"] == "mine\n" {
				now += ", mine in bak"
			}
		}
		if err != nil || result.Aborted || now != want {
			t.Errorf("%q: %+v, %v, Dockerfile is %q, want %q\n%s", choice, result, err, now, want, said)
		}
		for _, sentence := range []string{"Dockerfile is there, and davit did not write it.\n", "-mine\n", "Answer with a number from 1 to 4.\n"} {
			if !strings.Contains(said, sentence) {
				t.Errorf("%q is not said:\n%s", sentence, said)
			}
		}
		if keeps := strings.Contains(got["davit.yaml"], "\nkeep: [Dockerfile]\n"); keeps != (choice == "" || choice == "1") {
			t.Errorf("%q: davit.yaml keeps it: %t", choice, keeps)
		}
		if loses := strings.Contains(said, "Mind: Dockerfile, "); loses != (choice == "2" || choice == "3") {
			t.Errorf("%q: what is lost is said: %t", choice, loses)
		}
	}
}

// Run again, only what changed is written, edits are joined, and what is not
// needed any more goes on yes alone.
func TestLinesRunAgain(t *testing.T) {
	dir, _, _, err := inLines(t, "\n\n\ncompose\n"+empty(details+1)+"yes\n")
	if err != nil {
		t.Fatal(err)
	}
	again := func(lines string) (string, Result) {
		t.Helper()
		recorded, err := disk.ReadAnswers(filepath.Join(dir, disk.AnswersFile))
		if err != nil {
			t.Fatal(err)
		}
		a, err := recorded.Over(wizard.Defaults())
		if err != nil {
			t.Fatal(err)
		}
		_, said, result, err := inLines(t, lines, in(dir), func(o *Options) { o.Recorded, o.Answers = recorded, a })
		if err != nil {
			t.Fatal(err)
		}
		return said, result
	}
	if said, result := again("\n"); strings.Contains(said, "How much traffic") || !strings.Contains(said, linesNothing) || !strings.Contains(said, helpText) || len(result.Next) == 0 || result.Aborted || len(result.Written) > 0 {
		t.Errorf("%+v\n%s", result, said)
	}
	text := tree(t, dir)["Dockerfile"]
	put(t, dir, "Dockerfile", text+"# mine\n")
	said, _ := again("yes\n\nsteady\n\ndocker\n" + empty(details+1) + "1\nno\n\nyes\nyes\n")
	got := tree(t, dir)
	if now := got["Dockerfile"]; !strings.HasSuffix(now, "# mine\n") || !strings.Contains(now, "WEB_CONCURRENCY") {
		t.Errorf("the edit and the change are not joined:\n%s\n%s", said, now)
	}
	if got["compose.yaml"] != "" || got["compose.prod.yaml"] == "" || !strings.Contains(said, "Mind: compose.yaml, removed.") {
		t.Errorf("yes removes, no keeps:\n%s", said)
	}
}

func TestLinesTellWhatFails(t *testing.T) {
	broken := newFileSets()
	broken.generate = func(wizard.Answers) ([]generator.File, error) {
		return nil, errors.New("these answers go nowhere")
	}
	_, said, result, err := inLines(t, empty(allUsual), func(o *Options) { o.sets = &broken })
	if err != nil || !result.Aborted || !strings.Contains(said, "These answers go nowhere\n") {
		t.Errorf("%+v, %v\n%s", result, err, said)
	}
	_, said, _, err = inLines(t, "", func(o *Options) {
		o.Inspect = func() (inspect.Facts, error) { return inspect.Facts{}, errors.New("no right to read it") }
	})
	if err != nil || !strings.Contains(said, "The project could not be read: no right to read it\n") {
		t.Errorf("%v\n%s", err, said)
	}
	_, said, _, err = inLines(t, "", func(o *Options) { o.Inspect = func() (inspect.Facts, error) { panic("an accident") } })
	if err != nil || !strings.Contains(said, "an accident") {
		t.Errorf("%v\n%s", err, said)
	}
	dir := filepath.Join(t.TempDir(), "gone")
	if _, _, result, err := inLines(t, empty(allUsual)+"yes\n", in(dir)); err == nil && !result.Aborted {
		t.Errorf("a folder that is not there: %+v", result)
	}
}

// full is an output that takes no more.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

func TestLinesThatNobodyCanReadAreNotAnswered(t *testing.T) {
	dir, _, result, err := inLines(t, empty(allUsual)+"yes\n", func(o *Options) { o.Out = full{} })
	if err == nil || !strings.Contains(err.Error(), "cannot write to standard output: no space left on device") || !result.Aborted || len(tree(t, dir)) > 0 {
		t.Errorf("%+v, %v, %v", result, err, tree(t, dir))
	}
}

// A signal ends the wait for a line, and for an inspection.
func TestLinesStopWhenTold(t *testing.T) {
	in, keyboard := io.Pipe()
	defer keyboard.Close()
	for name, look := range map[string]func() (inspect.Facts, error){
		"waiting for a line": found1, "inspecting": func() (inspect.Facts, error) { select {} },
	} {
		ctx, cancel := context.WithCancel(t.Context())
		screen := &out{}
		done := make(chan Result, 1)
		go func() {
			result, _ := RunAccessible(ctx, Options{Dir: t.TempDir(), Answers: wizard.Defaults(), Inspect: look, In: in, Out: screen})
			done <- result
		}()
		waitFor(t, screen, "Looking at the project")
		if name != "inspecting" {
			waitFor(t, screen, "Number or name")
		}
		cancel()
		if result := <-done; !result.Aborted {
			t.Errorf("%s: %+v", name, result)
		}
	}
}

func TestLinesSayWhichWordIsNoAnswer(t *testing.T) {
	_, said, _, _ := inLines(t, "\n\n\ncompose, k8s\n")
	if !strings.Contains(said, "k8s is none of the answers. ? explains them.") || strings.Contains(said, "compose, k8s is none") {
		t.Error(said)
	}
}

func TestTwoAppsInOneTreeAreTold(t *testing.T) {
	f := shop()
	f.App.Candidates = []string{"app.main:app", "admin.main:app"}
	_, said, _, _ := inLines(t, "", finds(f))
	if !strings.Contains(said, "- ASGI app: app.main:app, 1 of 2, from app/main.py:12\n") {
		t.Error(said)
	}
	start(t, 120, 40, finds(f)).shows("app.main:app, 1 of 2")
}

func TestLinesBreakBetweenWords(t *testing.T) {
	var b strings.Builder
	p := &prompter{out: &b, width: 40}
	p.say("%s", starterHelp)
	for line := range strings.Lines(b.String()) {
		if len(line) > 40 {
			t.Errorf("%q is longer than the terminal is wide", line)
		}
	}
	if strings.Join(strings.Fields(b.String()), " ") != starterHelp {
		t.Errorf("%q became %q", starterHelp, b.String())
	}
	b.Reset()
	command := "docker run --rm --read-only --tmpfs /tmp -p 127.0.0.1:8000:8000 shop"
	if p.print(command); b.String() != command+"\n" {
		t.Errorf("a command became %q", b.String())
	}
}
