package tui

import (
	"errors"
	"fmt"
	"image/color"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/davit-cli/davit/generator"
	"github.com/davit-cli/davit/generator/disk"
	"github.com/davit-cli/davit/wizard"
	"github.com/davit-cli/davit/wizard/inspect"
)

// tree is every file below dir with its content.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(p)
		rel, _ := filepath.Rel(dir, p)
		files[filepath.ToSlash(rel)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestAnswersBecomeFilesInTheFolder(t *testing.T) {
	wt := start(t, 120, 40)
	wt.press("enter")            // uv, as found
	wt.press("down down enter")  // high
	wt.press("enter")            // slim
	wt.press("down space enter") // docker and compose
	wt.press("enter")            // details
	wt.press("down space enter") // scripts
	wt.shows("What shall be written?")
	if len(tree(t, wt.m.dir)) > 0 {
		t.Fatal("something was written before the review")
	}
	wt.press("enter")
	if !wt.quit || !wt.m.finished {
		t.Fatalf("the wizard goes on after writing:\n%s", wt.screen())
	}
	got := tree(t, wt.m.dir)
	for _, name := range []string{"Dockerfile", "compose.yaml", "scripts/build", "davit.yaml"} {
		if got[name] == "" {
			t.Errorf("%s was not written; there are %v", name, wt.m.result.Written)
		}
	}
	recorded, err := disk.ParseAnswers("davit.yaml", []byte(got["davit.yaml"]))
	if err != nil {
		t.Fatal(err)
	}
	a, err := recorded.Over(wizard.Defaults())
	if err != nil || a.Variant() != "uv/high/slim/docker+compose" || a.Name != "shop" || !a.HasExtra("scripts") {
		t.Errorf("davit.yaml records %s, %s, %v (%v)", a.Variant(), a.Name, a.Extras, err)
	}
	if len(wt.m.result.Next) == 0 {
		t.Error("nothing says what to run next")
	}
	var out strings.Builder
	wt.m.summary(&out, []string{"TERM=dumb"})
	for _, want := range append(generator.Commands(wt.m.result.Next), "Dockerfile", plural(len(wt.m.review.rows), "file")+" written, and davit.lock",
		"http://127.0.0.1:8000/docs", "Docker has to be running", "davit guide troubleshooting", "davit.yaml and davit.lock") {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the summary does not say %q:\n%s", want, out.String())
		}
	}
}

func TestAbortWritesNothingOnEveryStep(t *testing.T) {
	for _, s := range stepsOf(wizard.Catalogue(), false) {
		wt := start(t, 120, 40).to(s.id).press("ctrl+c")
		if wt.m.at > 0 {
			if wt.quit {
				t.Errorf("%s: ctrl+c leaves without asking", s.id)
			}
			wt.shows(leaveAgain)
			wt.press("ctrl+c")
		}
		if !wt.quit || !wt.m.result.Aborted {
			t.Errorf("%s: ctrl+c does not leave", s.id)
		}
		if files := tree(t, wt.m.dir); len(files) > 0 {
			t.Errorf("%s: %v was written", s.id, files)
		}
	}
}

func TestAbortOverAnOverlayAndWhileTyping(t *testing.T) {
	for _, keys := range []string{"? ctrl+c", "p ctrl+c"} {
		if wt := start(t, 80, 24).press(keys); !wt.quit {
			t.Errorf("%s does not leave", keys)
		}
	}
	wt := start(t, 120, 40).to("details")
	wt.m.form.moveTo(0)
	if wt.press("q").quit {
		t.Error("q leaves while a value is typed")
	}
	if wt.press("ctrl+c"); wt.quit {
		t.Error("ctrl+c leaves at once, and the answers are lost")
	}
	wt.shows(leaveAgain)
	wt.press("down ctrl+c") // another key goes on
	if wt.quit {
		t.Error("ctrl+c after another key leaves")
	}
	if wt.press("ctrl+c"); !wt.quit {
		t.Error("ctrl+c twice does not leave while a value is typed")
	}
	if wt := start(t, 120, 40).to("base").press("ctrl+c"); wt.quit || !strings.Contains(wt.screen(), leaveAgain) {
		t.Error("ctrl+c is not asked about")
	}
}

func TestAbortOfARerunAsksWhereSomethingWasAnswered(t *testing.T) {
	dir := start(t, 120, 40).to("review").press("enter").m.dir
	for keys, asked := range map[string]bool{
		"ctrl+c": false, "tab ctrl+c": false, "G ctrl+c": false, // looking around
		"tab enter ctrl+c": true, "tab down ctrl+c": true, "tab down esc r ctrl+c": true,
	} {
		if wt := start(t, 120, 40, again(t, dir)).press(keys); wt.quit == asked {
			t.Errorf("%s: leaves at once: %v", keys, wt.quit)
		}
	}
	put(t, dir, "Dockerfile", "FROM mine\n")
	if wt := start(t, 120, 40, again(t, dir)).press("space ctrl+c"); wt.quit {
		t.Error("ctrl+c leaves at once, and the decision is lost")
	}
}

func TestAbortIsAskedAboutAnewAfterAClickOrAPaste(t *testing.T) {
	for name, msg := range map[string]tea.Msg{
		"a click": tea.MouseClickMsg{X: 3, Y: 30, Button: tea.MouseLeft}, "a paste": tea.PasteMsg{Content: "x"},
	} {
		wt := start(t, 120, 40).to("base").press("ctrl+c")
		wt.send(msg)
		wt.hides(leaveAgain)
		if wt.press("ctrl+c"); wt.quit {
			t.Errorf("ctrl+c leaves at once after %s", name)
		}
	}
}

func TestPreviewFollowsTheChoiceUnderTheCursor(t *testing.T) {
	wt := start(t, 120, 40).to("base")
	wt.hides("-alpine")
	wt.press("down")
	wt.shows("-alpine")
	wt.shows("uv/low/alpine/docker")
	if wt.m.answers.Base != "slim" {
		t.Error("a choice that was only pointed at is an answer")
	}
	wt.press("up")
	wt.hides("-alpine")
}

func TestPreviewShowsTheFilesOfATargetBeforeItIsTicked(t *testing.T) {
	wt := start(t, 120, 40).to("target").press("down")
	wt.shows("+compose.yaml")
	wt.press("up")
	wt.hides("compose.yaml  ")
	wt.press("down space enter esc")
	if !slices.Equal(wt.m.answers.Targets, []string{"docker", "compose"}) {
		t.Errorf("targets are %v", wt.m.answers.Targets)
	}
}

// Enter on a choice that is not ticked might mean it, or might not.
func TestEnterOnAnUntickedChoiceIsAskedAbout(t *testing.T) {
	wt := start(t, 120, 40).to("target")
	wt.hides("+compose.yaml")
	wt.press("down")
	wt.shows("shown with Compose, which is not ticked")
	wt.hides("docker+compose")
	wt.press("enter")
	wt.says("Compose is not ticked: space ticks it, enter again goes on without it.")
	if wt.m.step().id != "target" {
		t.Fatal("the step went on")
	}
	wt.press("space enter")
	if wt.m.step().id != "details" || !wt.m.answers.HasTarget("compose") {
		t.Errorf("step %s, targets %v", wt.m.step().id, wt.m.answers.Targets)
	}

	wt = start(t, 120, 40).to("target").press("down enter enter")
	if wt.m.step().id != "details" || wt.m.answers.HasTarget("compose") {
		t.Errorf("enter again: step %s, targets %v", wt.m.step().id, wt.m.answers.Targets)
	}
	wt.to("extra")
	wt.hides("not ticked") // nobody went anywhere yet
	if wt.press("enter"); wt.m.step().id != "review" {
		t.Errorf("step %s", wt.m.step().id)
	}
	wt.press("esc down enter")
	wt.says("scripts is not ticked")

	wt = start(t, 120, 40).to("target").press("down space down enter") // who ticks knows how
	if wt.m.step().id != "details" {
		t.Errorf("step %s", wt.m.step().id)
	}
	wt.press("up up up up down down enter") // from route up to the services
	wt.says("is not ticked")
	wt.press("enter")
	if fd, _ := wt.m.form.focused(); fd.q.ID != "worker" {
		t.Errorf("the focus is on %s", fd.q.ID)
	}
}

func TestPreviewKeepsItsPlaceInEachFile(t *testing.T) {
	wt := start(t, 120, 30).to("base").press("ctrl+d")
	place := wt.m.preview.places["Dockerfile"].top
	if place == 0 {
		t.Fatal("ctrl+d does not scroll")
	}
	wt.press("] G [ down up")
	if got := wt.m.preview.places["Dockerfile"].top; got != place {
		t.Errorf("the Dockerfile is at line %d, was at %d", got, place)
	}
	wt.press("g")
	if wt.m.preview.places["Dockerfile"].top != 0 {
		t.Error("g does not go to the top")
	}
}

func TestGoingBackChangesAnEarlierAnswer(t *testing.T) {
	wt := start(t, 120, 40).to("extra")
	wt.press("esc shift+tab shift+tab esc esc esc")
	if id := wt.m.step().id; id != "traffic" {
		t.Fatalf("the way back led to %s:\n%s", id, wt.screen())
	}
	wt.press("down enter").to("review")
	if wt.m.answers.Traffic != "steady" {
		t.Errorf("traffic is %s", wt.m.answers.Traffic)
	}
}

func TestFirstQuestionDoesNotLeaveByEscape(t *testing.T) {
	wt := start(t, 120, 40).press("esc")
	if wt.quit || wt.m.at != 0 {
		t.Error("esc left the first question")
	}
	wt.shows("nothing is written")
}

func TestExcludedChoiceNamesWhatHasToChangeAndTakesItWhenAsked(t *testing.T) {
	wt := start(t, 120, 40).to("base").press("down down") // distroless has no Python 3.12
	wt.shows("not with Python version 3.12")
	wt.press("enter")
	if wt.m.step().id != "base" || wt.m.answers.Base != "slim" {
		t.Fatal("an excluded choice was confirmed")
	}
	if !strings.Contains(wt.m.notice, "enter again changes Python version 3.12 → 3.13") {
		t.Errorf("the notice is %q", wt.m.notice)
	}
	wt.press("enter")
	if wt.m.answers.Base != "distroless" || wt.m.answers.Python != "3.13" {
		t.Errorf("base %s with Python %s", wt.m.answers.Base, wt.m.answers.Python)
	}
	if err := wt.m.answers.Validate(); err != nil {
		t.Error(err)
	}
}

func TestOfferIsForgottenWhenTheCursorMoves(t *testing.T) {
	wt := start(t, 120, 40).to("base").press("down down enter up down")
	wt.hides("enter again")
}

func TestWrongValueIsNotConfirmed(t *testing.T) {
	wt := start(t, 120, 40).to("details")
	wt.m.form.moveTo(0)
	wt.write(" Bad").press("tab")
	wt.shows("✗")
	wt.m.form.moveTo(len(wt.m.form.fields))
	wt.press("enter")
	if wt.m.step().id != "details" {
		t.Fatal("a wrong value was confirmed")
	}
	wt.says("Use up to 63 lower-case letters")
	for range 4 {
		wt.press("backspace")
	}
	wt.to("review")
	if wt.m.answers.Name != "shop" {
		t.Errorf("the name is %q", wt.m.answers.Name)
	}
}

// A wrong value is not left behind by enter, the button names it, and going
// back asks before it is lost.
func TestWrongValueStaysInSight(t *testing.T) {
	wt := start(t, 80, 24).to("details")
	wt.m.form.moveTo(0)
	wt.write(" Bad").press("enter")
	if wt.m.form.focus != 0 {
		t.Errorf("enter left the wrong value for field %d", wt.m.form.focus)
	}
	wt.says("lower-case letters")
	wt.press("tab")
	wt.m.form.moveTo(len(wt.m.form.fields))
	wt.says("✗ Service name: Use up to 63 lower-case letters")
	wt.press("enter")
	wt.says("! Service name: Use up to 63 lower-case letters")

	wt.press("esc")
	if wt.m.step().id != "details" {
		t.Fatal("esc dropped a typed value silently")
	}
	wt.says("esc again goes back without this value")
	wt.press("esc")
	if wt.m.step().id != "target" || wt.m.answers.Name != "shop" {
		t.Errorf("step %s, name %s", wt.m.step().id, wt.m.answers.Name)
	}
	wt.press("enter")
	wt.m.form.moveTo(0)
	wt.write("s").press("esc")
	if wt.m.step().id != "target" || wt.m.answers.Name != "shops" {
		t.Errorf("step %s, name %s", wt.m.step().id, wt.m.answers.Name)
	}
}

func TestChangesThatOtherAnswersExcludeAreNotDroppedSilently(t *testing.T) {
	f := shop()
	f.Python.Value = "3.13"
	wt := start(t, 120, 40, finds(f)).to("base").press("down down enter").to("details")
	wt.m.form.moveTo(1)
	wt.press("right esc")
	wt.says("esc again goes back without what was changed here")
	if wt.press("esc"); wt.m.step().id != "target" || wt.m.answers.Python != "3.13" {
		t.Errorf("step %s, Python %s", wt.m.step().id, wt.m.answers.Python)
	}
}

func TestNameThatAnotherAnswerForbidsIsNotConfirmed(t *testing.T) {
	f := shop()
	f.Name.Value = "default"
	wt := start(t, 120, 40, finds(f)).to("target").press("down down space enter") // kubernetes
	wt.m.form.moveTo(len(wt.m.form.fields))
	wt.press("enter")
	if wt.m.step().id != "details" {
		t.Fatal("the name of a namespace of Kubernetes was confirmed")
	}
	wt.shows("namespace")
	wt.m.form.moveTo(0)
	wt.write("s").to("review")
}

func TestNameThatIsRefusedLaterIsAskedForAgain(t *testing.T) {
	f := shop()
	f.Name.Value = "default"
	wt := start(t, 120, 40, finds(f)).to("review").press("tab").to("target").press("down down space r") // kubernetes
	if fd, ok := wt.m.form.focused(); wt.m.step().id != "details" || !ok || fd.q.ID != "name" {
		t.Fatalf("r leads to %s:\n%s", wt.m.step().id, wt.screen())
	}
	wt.shows("namespace")
	wt.write("s").press("ctrl+r")
	if wt.m.step().id != "review" || wt.m.review.err != nil || wt.m.answers.Name != "defaults" {
		t.Errorf("step %s, name %s: %v", wt.m.step().id, wt.m.answers.Name, wt.m.review.err)
	}

	wt = start(t, 120, 40, func(o *Options) { o.Answers.Name, o.Answers.Targets, o.Inspect = "image-all", []string{"compose"}, nil }).to("extra")
	at := slices.IndexFunc(wt.m.form.fields[0].q.Choices, func(c wizard.Choice) bool { return c.ID == "bake" })
	wt.press(strings.Repeat("down ", at) + "space enter") // the last question before the review
	if wt.m.step().id != "details" {
		t.Errorf("a name that bake has taken leads to %s:\n%s", wt.m.step().id, wt.screen())
	}
}

func TestTypedValueIsSeenInThePreview(t *testing.T) {
	wt := start(t, 120, 40).to("target").press("down space enter")
	wt.m.form.moveTo(0)
	wt.write("per")
	wt.shows("shopper:")
}

func TestLettersAreTypedWhereAValueIs(t *testing.T) {
	wt := start(t, 80, 24).to("details")
	wt.m.form.moveTo(0)
	wt.write("pgcG?[]hjkl")
	if got := wt.m.form.fields[0].values()[0]; got != "shoppgcG?[]hjkl" {
		t.Errorf("the name is %q", got)
	}
}

func TestSeveralCandidatesAreAChoiceAndMayBeTyped(t *testing.T) {
	f := shop()
	f.App.Value, f.App.Candidates = "", []string{"app.main:app", "admin.main:app"}
	wt := start(t, 120, 40, finds(f)).to("details")
	wt.press("right")
	wt.shows("admin.main:app")
	wt.press("right").write("other.web:site")
	wt.shows("other.web:site")
	wt.m.form.moveTo(len(wt.m.form.fields))
	wt.press("enter")
	if wt.m.answers.App != "other.web:site" {
		t.Errorf("the app is %q", wt.m.answers.App)
	}
}

func TestSeveralAppsAreAskedFirst(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "shop")
	f := shop()
	f.App = inspect.AppFact{
		Fact:    inspect.Fact{Candidates: []string{"orders.main:app", "stock.main:make"}},
		Choices: []inspect.AppChoice{{Value: "orders.main:app", Evidence: "orders/main.py:3"}, {Value: "stock.main:make", Evidence: "stock/main.py:9", Factory: true, AppDir: "src"}},
	}
	wt := start(t, 120, 40, finds(f))
	wt.shows("Which app?")
	wt.shows("orders/main.py:3")
	wt.press("down")
	wt.shows("› stock.main:make  a factory, in src")
	wt.press("enter").to("review")
	if a := wt.m.answers; a.App != "stock.main:make" || !a.Factory || a.AppDir != "src" {
		t.Errorf("the answers are %+v", a)
	}

	// What davit.yaml says is not asked.
	put(t, dir, "davit.yaml", "app: orders.main:app\n")
	yaml, err := disk.ReadAnswers(filepath.Join(dir, "davit.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	start(t, 120, 40, finds(f), in(dir), func(o *Options) { o.Recorded = yaml }).hides("Which app?")
}

func TestSeveralServicesAreAskedFirst(t *testing.T) {
	f := inspect.Facts{Roots: []inspect.Root{
		{Value: "orders", Evidence: "orders/Dockerfile:2", App: "main:app", Dependencies: "pip"},
		{Value: "stock", Evidence: "stock/app/main.py:3", App: "app.main:app", Dependencies: "uv"},
	}}
	f.App.Candidates = []string{"main:app", "app.main:app"}
	entered := ""
	enter := func(o *Options) {
		top := o.Dir
		o.Enter = func(root string) (Options, error) {
			entered = root
			below := Options{Dir: filepath.Join(top, root), Answers: wizard.Defaults()}
			finds(shop())(&below)
			return below, nil
		}
	}
	wt := start(t, 120, 40, finds(f), enter)
	wt.shows("Which service?")
	wt.shows("app.main:app, uv")
	wt.shows("orders/Dockerfile:2")
	wt.press("down enter")
	if entered != "stock" {
		t.Fatalf("entered %q", entered)
	}
	wt.hides("Which service?")
	wt.shows("app/main.py:12") // the evidence below, as if it had been asked for alone
	if filepath.Base(wt.m.dir) != "stock" || wt.m.answers.App != "app.main:app" {
		t.Errorf("the folder is %s, the answers %+v", wt.m.dir, wt.m.answers)
	}

	wt = start(t, 120, 40, finds(f), enter).press("down down")
	wt.shows("this folder itself")
	wt.press("enter").hides("Which service?")

	failing := start(t, 120, 40, finds(f), func(o *Options) {
		o.Enter = func(string) (Options, error) { return Options{}, errors.New("davit.yaml is broken") }
	}).press("enter")
	failing.shows("Davit.yaml is broken")
}

func TestFactsComeLaterAndLeaveAnswersAlone(t *testing.T) {
	wt := start(t, 120, 40, func(o *Options) { o.Inspect = nil })
	wt.press("down down enter") // PDM
	f := shop()
	wt.send(inspected{facts: f})
	if wt.m.answers.Dependencies != "pdm" || wt.m.answers.Name != "shop" {
		t.Errorf("dependencies %s, name %s", wt.m.answers.Dependencies, wt.m.answers.Name)
	}
	if wt.m.step().id != "traffic" {
		t.Errorf("the facts went to step %s", wt.m.step().id)
	}
}

func TestFolderWithoutAnAppOffersTheStarter(t *testing.T) {
	wt := start(t, 120, 40, finds(inspect.Facts{}))
	wt.shows("No FastAPI app was found")
	wt.shows("pyproject/low/slim/docker")
	wt.to("review").press("enter")
	got := tree(t, wt.m.dir)
	for _, name := range []string{"pyproject.toml", "app/main.py", "Dockerfile"} {
		if got[name] == "" {
			t.Errorf("%s was not written", name)
		}
	}
	if wt.m.answers.HealthPath != "/health" {
		t.Errorf("the health path is %q", wt.m.answers.HealthPath)
	}

	wt = start(t, 120, 40, finds(inspect.Facts{})).press("down").to("review")
	wt.press("enter")
	if got := tree(t, wt.m.dir); got["app/main.py"] != "" {
		t.Error("the starter was written against the answer")
	}
}

// A folder that is somebody's work gets no starter by pressing enter.
func TestFolderWithOtherCodeIsNamedAndKept(t *testing.T) {
	flask := inspect.Facts{
		Dependencies: inspect.Fact{Value: "pip", Evidence: "requirements.txt:1"},
		Framework:    inspect.Fact{Value: "Flask", Evidence: "app.py:1"},
		Contents:     []inspect.Fact{{Value: inspect.HasCode, Evidence: "app.py"}}, Top: []string{"app.py", "requirements.txt"},
	}
	scripts := inspect.Facts{Contents: []inspect.Fact{{Value: inspect.HasCode, Evidence: "tool.py"}}, Top: []string{"tool.py"}}
	declared := inspect.Facts{Contents: []inspect.Fact{{Value: inspect.HasDependencies, Evidence: "pyproject.toml"}}, Top: []string{"pyproject.toml"}}
	for name, c := range map[string]struct {
		facts inspect.Facts
		says  string
		keys  string
		wrote bool
	}{
		"Flask":                        {flask, "This looks like Flask (app.py:1), and davit is for FastAPI.", "", false},
		"Flask, whatever is pressed":   {flask, "ctrl+c leaves", "up y", false},
		"code":                         {scripts, "has Python code (tool.py), and no FastAPI app", "", false},
		"code, and the starter wanted": {scripts, "Yes, add it", "y", true},
		"dependencies":                 {declared, "declares dependencies", "y", false},
	} {
		t.Run(name, func(t *testing.T) {
			wt := start(t, 120, 40, finds(c.facts))
			wt.says(c.says)
			wt.press(c.keys).to("review").press("enter")
			if got := tree(t, wt.m.dir); (got["app/main.py"] != "") != c.wrote || got["Dockerfile"] == "" {
				t.Errorf("written is %v", wt.m.result.Written)
			}
			if !c.wrote && c.facts.Dependencies.Value != "" && wt.m.answers.Dependencies != c.facts.Dependencies.Value {
				t.Errorf("dependencies are %s", wt.m.answers.Dependencies)
			}
		})
	}
}

func TestNextBuildsNoFileThatWasUnticked(t *testing.T) {
	wt := start(t, 120, 40).to("review")
	if wt.m.review.row().path != "Dockerfile" {
		t.Fatalf("the first file is %s", wt.m.review.row().path)
	}
	wt.press("space enter")
	for _, c := range generator.Commands(wt.m.result.Next) {
		if strings.HasPrefix(c, "docker") {
			t.Errorf("%q, and there is no Dockerfile", c)
		}
	}
}

// Narrow, the difference is behind the list: d brings it to the front.
func TestDiffComesIntoSightOnANarrowTerminal(t *testing.T) {
	wt := reviewing(t, 80, 24).press("d")
	wt.shows("CMD python main.py")
	wt.shows(diffPurpose)
	wt.press("d")
	wt.hides("CMD python main.py")
	wt.press("d esc")
	wt.shows("What shall be written?")
	wt.press("down d")
	wt.says("There is no difference to show")
}

func TestDetailsTellWhatTheFolderHasNothingFor(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "shop")
	put(t, dir, "main.py", "import uvicorn\nfrom fastapi import FastAPI\napp = FastAPI()\nuvicorn.run(app, port=80)\n")
	facts, err := inspect.Folder(dir)
	if err != nil {
		t.Fatal(err)
	}
	wt := start(t, 120, 40, in(dir), finds(facts)).to("details")
	wt.shows("main.py:4 says 80")
	wt.hides("not found")
	wt.m.form.moveTo(5)
	wt.says("Port 80 was found (main.py:4), and a container without root listens from 1024 on: here on 8000.")
	wt.m.form.moveTo(2)
	wt.write("lication").says("There is no application in main.py.")
	wt.press("tab").says("not found")
	_, said, _, _ := inLines(t, empty(6)+"foo:bar\n", in(dir), finds(facts))
	if !strings.Contains(said, "Mind: There is no module foo: neither foo.py nor foo/__init__.py.") {
		t.Error(said)
	}
}

func TestDetailsTellOfAPythonThatIsTooOld(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "shop")
	put(t, dir, "main.py", "from fastapi import FastAPI\napp = FastAPI()\n")
	put(t, dir, "runtime.txt", "python-3.8.10\n")
	facts, err := inspect.Folder(dir)
	if err != nil {
		t.Fatal(err)
	}
	wt := start(t, 120, 40, in(dir), finds(facts)).to("details")
	wt.shows("runtime.txt:1 says 3.8")
	wt.hides("not found")
}

func TestAFolderThatCannotBeWrittenIsToldAtOnce(t *testing.T) {
	locked := func(o *Options) { o.Writable = func(string) error { return errors.New("permission denied") } }
	for _, with := range [][]setup{{locked}, {locked, finds(inspect.Facts{})}} {
		wt := start(t, 80, 24, with...)
		wt.says("! Nothing can be written into this folder (permission denied).")
		wt.press("down").hides("Nothing can be written")
		if _, said, _, _ := inLines(t, "", with...); !strings.Contains(said, "Nothing can be written into this folder (permission denied).") {
			t.Error(said)
		}
	}
}

// click clicks on the last place where a text is in the form.
func (wt *wizardTest) click(text string) *wizardTest {
	wt.t.Helper()
	x, y := -1, -1
	for i, line := range strings.Split(wt.screen(), "\n") {
		form, _, _ := strings.Cut(line, "│")
		if before, _, ok := strings.Cut(form, text); ok {
			x, y = ansi.StringWidth(before), i
		}
	}
	if y < 0 {
		wt.t.Fatalf("%q is not on the screen:\n%s", text, wt.screen())
	}
	wt.send(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft})
	return wt
}

func TestAClickOnAnOptionGoesThereAndAnotherTakesIt(t *testing.T) {
	for _, size := range [][2]int{{120, 40}, {80, 24}} {
		wt := start(t, size[0], size[1]).to("traffic").click("high ")
		if _, c, _ := wt.m.form.choice(); c.ID != "high" || wt.m.step().id != "traffic" {
			t.Fatalf("the cursor is on %s in %s", c.ID, wt.m.step().id)
		}
		wt.click("high ").press("enter").click("Fly.io ").click("Fly.io ").press("enter")
		if wt.m.answers.Traffic != "high" || !wt.m.answers.HasTarget("fly") {
			t.Errorf("answers are %s", wt.m.answers.Variant())
		}
		if wt.click("Port "); wt.m.form.focus != 5 {
			t.Errorf("the focus is on %d:\n%s", wt.m.form.focus, wt.screen())
		}
		wt.to("review").click(".dockerignore ")
		if wt.m.review.row().path != ".dockerignore" {
			t.Errorf("the cursor is on %s", wt.m.review.row().path)
		}
	}
	wt := start(t, 120, 40, finds(inspect.Facts{})).click("No, only").click("No, only")
	if wt.m.starter || wt.m.step().id != "dependencies" {
		t.Errorf("starter %v, step %s", wt.m.starter, wt.m.step().id)
	}
}

// clickBox clicks on a text in the box over the screen.
func (wt *wizardTest) clickBox(text string) *wizardTest {
	wt.t.Helper()
	for y, line := range strings.Split(wt.screen(), "\n") {
		if before, _, ok := strings.Cut(line, text); ok {
			wt.send(tea.MouseClickMsg{X: ansi.StringWidth(before), Y: y, Button: tea.MouseLeft})
			return wt
		}
	}
	wt.t.Fatalf("%q is not on the screen:\n%s", text, wt.screen())
	return wt
}

func TestButtonsTakeAClick(t *testing.T) {
	for _, size := range [][2]int{{120, 40}, {80, 24}} {
		dir := filepath.Join(t.TempDir(), "shop")
		put(t, dir, "Dockerfile", "FROM mine\n")
		wt := plain(t, size[0], size[1], in(dir)).to("details")
		wt.m.form.moveTo(0)
		wt.write("!").click(detailsButton).says("Service name: Use up to")
		if wt.m.step().id != "details" || wt.m.form.focus != 0 {
			t.Errorf("a wrong name is taken:\n%s", wt.screen())
		}
		if wt.press("backspace").click(detailsButton); wt.m.step().id != "extra" {
			t.Fatalf("the step is %s:\n%s", wt.m.step().id, wt.screen())
		}
		wt.to("review").press("space").click("Write 3 files").shows(replaceTitle)
		wt.clickBox("Go back").hides(replaceTitle)
		if wt.quit || len(tree(t, dir)) > 1 {
			t.Fatal("something is written")
		}
		wt.click("Write 3 files").clickBox("Yes, write")
		if !wt.quit || tree(t, dir)["Dockerfile.bak"] != "FROM mine\n" {
			t.Errorf("nothing is written:\n%s", wt.screen())
		}
		wt = plain(t, size[0], size[1], again(t, dir)).click(leaveButton)
		if !wt.quit || wt.m.calm != AllWell {
			t.Errorf("nothing to write, and the button does not leave:\n%s", wt.screen())
		}
	}
	wt := rerunning(t, 120, 40).press("h").click(pickButton)
	if wt.m.review.picking != nil || wt.quit {
		t.Error("the button does not lead back to the list")
	}
}

func TestBoxesTakeClicksAndTheWheel(t *testing.T) {
	wt := plain(t, 60, 16).to("target").press("down space enter").press("f")
	wt.send(tea.MouseWheelMsg{Button: tea.MouseWheelDown})
	wt.shows("› .dockerignore")
	if wt.clickBox("compose/prod"); wt.m.overlay.kind != noOverlay || wt.m.preview.path() != "compose/prod/service.yaml" {
		t.Errorf("%s is shown:\n%s", wt.m.preview.path(), wt.screen())
	}
	wt.press("p ?").hides("ctrl+c")
	for range 9 {
		wt.send(tea.MouseWheelMsg{Button: tea.MouseWheelDown})
	}
	wt.shows("ctrl+c")
	wt.clickBox("ctrl+c")
	if wt.m.overlay.kind != noOverlay {
		t.Error("a click does not put the keys away")
	}
	wt = plain(t, 120, 40).press("?") // all are in sight
	wt.send(tea.MouseWheelMsg{Button: tea.MouseWheelDown})
	wt.shows("ctrl+c")
}

func TestAClickTakesTheValueThatItIsOn(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {100, 30}} {
		wt := start(t, size[0], size[1]).to("details").click("Python version").click("3.13 ")
		wt.shows("[3.13]")
		wt.click("Factory").click("yes ").shows("[yes] no")
		wt.click("Factory").click("yes]").shows("[yes] no")
		if !wt.m.trial.Factory || wt.m.trial.Python != "3.13" {
			t.Errorf("factory %v, Python %s", wt.m.trial.Factory, wt.m.trial.Python)
		}
	}
}

func TestAClickInTheReviewGoesToTheFileOnItsLine(t *testing.T) {
	on := func(wt *wizardTest, path string) {
		t.Helper()
		if row := wt.m.review.row(); row == nil || row.path != path {
			t.Errorf("the cursor is on %v, not on %s:\n%s", row, path, wt.screen())
		}
	}
	wt := rerunning(t, 120, 40) // two files are the same, the first of them before most others
	for _, path := range []string{"davit.yaml", "Dockerfile", "compose/base/service.yaml"} {
		wt.click(path + " ")
		on(wt, path)
	}
	wt.click("2 files the same").shows("› ▾ 2 files the same")
	wt.click(".dockerignore")
	on(wt, ".dockerignore")
	wt.click("2 files the same").shows("› ▸ 2 files the same")
	if wt.click("What shall be written"); !wt.m.review.onFold() {
		t.Error("a click beside the list moves the cursor")
	}

	const long = "deploy/overlays/production/a/folder/further/down/service.yaml"
	wt = start(t, 60, 24, func(o *Options) {
		o.sets = &fileSets{func(a wizard.Answers) ([]generator.File, error) {
			files, err := plainFiles(a)
			return append(files, generator.File{Path: long}), err
		}, plainStarter, map[string][]generator.File{}}
	}).to("review").click("down/service.yaml")
	on(wt, long)
	wt.shows("› ✓ …")

	dir := start(t, 120, 40).to("review").press("enter").m.dir
	put(t, dir, "Dockerfile", tree(t, dir)["Dockerfile"]+"<<<<<<< yours\na\n=======\nb\n>>>>>>> davit\n")
	wt = start(t, 120, 40, again(t, dir)).press("G").click("! Dockerfile")
	on(wt, "Dockerfile")
}

func TestPresentStepIsInSightOnALowTerminal(t *testing.T) {
	steps := stepsOf(wizard.Catalogue(), false)
	for i, s := range steps[:len(steps)-1] { // the review has the screen for itself
		wt := start(t, 60, 16).to(s.id)
		wt.shows(fmt.Sprintf("› %s %d/%d", s.label, i+1, len(steps)))
		wt.fits(60, 16)
	}
	start(t, 60, 16).to("extra").shows("↕ 1 more") // rows that are not there are counted
}

func TestFilesThatDifferStayUnlessTicked(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "shop")
	put(t, dir, "Dockerfile", "FROM mine\n")
	wt := start(t, 120, 40, in(dir)).to("review")
	wt.shows("differs")
	wt.press("enter")
	if got := tree(t, dir); got["Dockerfile"] != "FROM mine\n" || got["davit.yaml"] == "" {
		t.Errorf("the Dockerfile is %q", got["Dockerfile"])
	}

	put(t, dir, "Dockerfile", "FROM mine\n")
	wt = start(t, 120, 40, in(dir)).to("review").press("space enter")
	wt.shows("Replace what is there?")
	if tree(t, dir)["Dockerfile"] != "FROM mine\n" {
		t.Fatal("replaced before it was confirmed")
	}
	wt.press("enter") // the safe answer
	wt.hides("Replace what is there?")
	wt.press("enter y")
	got := tree(t, dir)
	if got["Dockerfile.bak"] != "FROM mine\n" || !strings.Contains(got["Dockerfile"], "syntax=docker") {
		t.Errorf("the files are %v", got)
	}
	var out strings.Builder
	wt.m.summary(&out, nil)
	if !strings.Contains(out.String(), "Dockerfile.bak") {
		t.Errorf("the summary does not name the backup:\n%s", out.String())
	}
}

func TestWriteThatFailsIsToldAndCanBeRepeated(t *testing.T) {
	wt := start(t, 120, 40).to("review")
	put(t, wt.m.dir, "Dockerfile", "appeared meanwhile\n")
	wt.press("enter")
	if wt.quit {
		t.Fatal("a failed write ended the wizard")
	}
	wt.shows("✗")
	wt.press("esc enter") // compares anew
	wt.shows("differs")
}

func TestEditsAreMergedUnlessTheSameLinesChanged(t *testing.T) {
	wt := rerunning(t, 120, 40)
	wt.shows("you and davit changed this")
	before := tree(t, wt.m.dir)["Dockerfile"]
	put(t, wt.m.dir, "Dockerfile", strings.Replace(before, "registry.example.com/", "", 1))
	wt.press("esc").to("review") // compares anew
	wt.shows("Your edits stay, and davit's changes come.")
	wt.press("enter")
	got := tree(t, wt.m.dir)["Dockerfile"]
	if !strings.Contains(got, "# mine\n") || !strings.Contains(got, "python:3.12-alpine") || !strings.Contains(got, "# seventh line") {
		t.Errorf("the Dockerfile is\n%s", got)
	}
}

// again is a run with the davit.yaml that is there.
func again(t *testing.T, dir string) setup {
	t.Helper()
	return func(o *Options) {
		recorded, err := disk.ReadAnswers(filepath.Join(dir, "davit.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		o.Dir, o.Recorded = dir, recorded
		if o.Answers, err = recorded.Over(wizard.Defaults()); err != nil {
			t.Fatal(err)
		}
	}
}

func TestARerunBeginsAtTheReview(t *testing.T) {
	dir := start(t, 120, 40).to("base").press("down").to("review").press("enter").m.dir
	wt := start(t, 120, 40, again(t, dir))
	wt.shows("What shall be written?")
	wt.shows("Answers from davit.yaml; tab changes them.")
	wt.press("tab")
	wt.shows("How are dependencies declared?")
	wt.shows("r review")
	wt.press("enter down r") // confirms and goes back
	wt.shows("What shall be written?")
	wt.hides("Answers from davit.yaml")
	if wt.m.answers.Traffic != "steady" || wt.m.answers.Base != "alpine" {
		t.Errorf("the answers are %s", wt.m.answers.Variant())
	}
	wt.press("tab").to("details").press("ctrl+r")
	wt.shows("What shall be written?")
	put(t, dir, "davit.yaml", "base: alpine\ntraffic: low\n")
	if wt = start(t, 120, 40, again(t, dir)); wt.m.at != 0 {
		t.Error("some questions are not answered, and they are passed over")
	}
	if wt = start(t, 120, 40); wt.m.canReview() {
		t.Error("the review can be reached before it was")
	}
}

func TestFilesThatAreTheSameAreOneLine(t *testing.T) {
	wt := rerunning(t, 120, 40)
	wt.shows("▸ 2 files the same")
	wt.hides("= .dockerignore")
	wt.press("G")
	wt.shows("› ▸ 2 files the same")
	wt.press("enter")
	wt.shows("› ▾ 2 files the same")
	wt.shows("= .dockerignore")
	if wt.quit || wt.m.review.busy {
		t.Error("opening them wrote")
	}
	wt.press("G")
	if row := wt.m.review.row(); row == nil || row.path != "compose/prod/service.yaml" || wt.m.preview.path() != row.path {
		t.Errorf("the last line is %v, and the preview shows %s", row, wt.m.preview.path())
	}
	wt.press("g")
	if row := wt.m.review.row(); row == nil || row.path != "Dockerfile" {
		t.Errorf("the first line is %v", row)
	}
	wt.press("G up up space")
	wt.hides("= .dockerignore")
	wt.press("f d o c k e r i g enter") // by name
	wt.shows("› = .dockerignore")
}

func TestTheCursorBeginsOnWhatChanges(t *testing.T) {
	dir := start(t, 120, 40).to("review").press("enter").m.dir
	put(t, dir, "Dockerfile", tree(t, dir)["Dockerfile"]+"# mine\n")
	wt := start(t, 120, 40, again(t, dir)).press("tab").to("target").press("down space r")
	if row := wt.m.review.row(); row == nil || row.path == "Dockerfile" || !row.written() {
		t.Errorf("the cursor is on %v:\n%s", row, wt.screen())
	}
}

func TestTheListOfFilesTakesTheWidthThatNamesNeed(t *testing.T) {
	wt := start(t, 120, 40).to("target").press("down down space").to("review")
	wt.shows("k8s/overlays/prod/kustomization.yaml")
	wt.fits(120, 40)
	if l := wt.m.layout; l.form.w+l.preview.w != 115 {
		t.Errorf("%+v", l)
	}
	if wt.press("esc"); wt.m.layout.form.w != 46 {
		t.Errorf("the question before is %d columns wide", wt.m.layout.form.w)
	}
}

func TestAFileThatIsNotDavitsIsKeptInDavitYAML(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "shop")
	put(t, dir, "Dockerfile", "FROM mine\n")
	start(t, 120, 40, in(dir)).to("review").press("enter")
	const kept = "keep: [Dockerfile] # ours\n"
	put(t, dir, "davit.yaml", strings.Replace(tree(t, dir)["davit.yaml"], strings.TrimSuffix(kept, " # ours\n")+"\n", kept, 1))
	if got := tree(t, dir)["davit.yaml"]; !strings.HasSuffix(got, kept) {
		t.Fatalf("davit.yaml is\n%s", got)
	}
	wt := start(t, 120, 40, again(t, dir)).to("review")
	wt.shows("kept  keep")
	if n, _ := wt.m.review.count(); n != 0 {
		t.Errorf("%d files would be written:\n%s", n, wt.screen())
	}
	wt.press("space") // replace it, with a copy
	if n, _ := wt.m.review.count(); n != 2 {
		t.Errorf("%d files would be written, not the Dockerfile and davit.yaml:\n%s", n, wt.screen())
	}
	wt.press("enter y")
	if got := tree(t, dir); !strings.HasSuffix(got["davit.yaml"], "keep: []  # ours\n") || got["Dockerfile.bak"] != "FROM mine\n" {
		t.Errorf("it is still kept:\n%s", got["davit.yaml"])
	}

	put(t, dir, "Dockerfile", "FROM mine\n")
	put(t, dir, "davit.lock", "")
	wt = start(t, 120, 40, again(t, dir)).to("review").press("s")
	wt.shows("leave")
	wt.press("enter")
	if got := tree(t, dir)["davit.yaml"]; strings.Contains(got, "[Dockerfile]") {
		t.Errorf("what was left for now is kept for good:\n%s", got)
	}
}

func TestAKeptDockerfileWithoutTheStagesThatComposeBuildsIsToldOf(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "shop")
	put(t, dir, "Dockerfile", "FROM mine\n")
	wt := start(t, 120, 40, in(dir)).to("target").press("down space").to("review")
	wt.shows("! compose.yaml builds the stage")
	wt.press("space")
	wt.hides("builds the stage")
}

func TestWhatTheNewDockerfileLacksIsToldWhereItIsWritten(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "shop")
	put(t, dir, "Dockerfile", "FROM mine\n")
	facts := shop()
	facts.System = []inspect.Fact{{Value: "wkhtmltopdf", Evidence: "Docker\x1b[41mfile:2"}}
	wt := start(t, 120, 40, in(dir), finds(facts)).to("review")
	wt.hides("wkhtmltopdf")
	wt.press("space")
	wt.says("file:2 installs wkhtmltopdf, and the new Dockerfile does not: add what the service needs to run")
	if strings.Contains(wt.m.frame(), "\x1b[41m") {
		t.Error("a name is obeyed")
	}
	for answer, told := range map[string]bool{"1": false, "2": true} {
		put(t, dir, "Dockerfile", "FROM mine\n")
		_, said, _, _ := inLines(t, empty(allUsual)+answer+"\nno\n", in(dir), finds(facts))
		if !strings.Contains(said, "and davit did not write it") || strings.Contains(said, "installs wkhtmltopdf") != told {
			t.Errorf("%s:\n%s", answer, said)
		}
	}
}

func TestAFileWithTheMarkersOfAMergeIsNotMergedAgain(t *testing.T) {
	wt := rerunning(t, 120, 40)
	put(t, wt.m.dir, "Dockerfile", "<<<<<<< yours\nmine\n=======\nFROM x\n>>>>>>> davit\n")
	wt.press("esc").to("review")
	wt.shows("unresolved")
	wt.shows("It holds 1 conflict between")
	wt.press("m")
	wt.shows("resolve them first")
	if fate := wt.m.review.row().fate; fate != disk.Skip {
		t.Errorf("it becomes of it: %s", fate)
	}
}

func TestAFileIsTakenPieceByPiece(t *testing.T) {
	wt := rerunning(t, 120, 40).press("m")
	wt.shows("Merging needs a file that davit wrote")
	wt.press("h t down t down down space space")
	wt.shows("in part")
	wt.press("enter") // back to the list
	before := tree(t, wt.m.dir)
	wt.press("enter")
	got := tree(t, wt.m.dir)
	if d := got["Dockerfile"]; !strings.Contains(d, "FROM python:3.12-alpine") || !strings.Contains(d, "poetry install") || !strings.Contains(d, "# seventh line") || !strings.Contains(d, "# mine\n") {
		t.Errorf("the Dockerfile is\n%s", d)
	}
	if got["compose/base/service.yaml"] != "mine\n" || before["Dockerfile"] == got["Dockerfile"] {
		t.Error("another file was written, or this one was not")
	}
}

func TestPiecesThatComeToAKnownDecisionAreCalledSo(t *testing.T) {
	wt := rerunning(t, 120, 40).press("h t down t down t down t")
	wt.shows("replace")
	wt.press("s up s up s up s esc")
	if fate := wt.m.review.row().fate; fate != disk.Skip {
		t.Errorf("everything that is there stays, and it is called %s", fate)
	}
	if wt.press("b"); !strings.Contains(wt.m.review.row().explain(), "kept as Dockerfile.bak.") {
		t.Error(wt.m.review.row().explain())
	}
}

func TestWhatIsNotNeededIsRemovedOnYes(t *testing.T) {
	wt := rerunning(t, 120, 40).press("down down down")
	wt.shows("Not needed any more, but stays")
	wt.press("space")
	wt.shows("will be removed")
	wt.shows("Write 1 file, remove 1")
	wt.press("enter")
	wt.shows("Remove what is not needed any more?")
	wt.hides("Replace")
	if tree(t, wt.m.dir)["kubernetes/base/service.yaml"] == "" {
		t.Fatal("removed before it was confirmed")
	}
	wt.press("y")
	got := tree(t, wt.m.dir)
	if got["kubernetes/base/service.yaml"] != "" || got["kubernetes/prod/service.yaml"] == "" {
		t.Errorf("there are %v", got)
	}
	var out strings.Builder
	wt.m.summary(&out, nil)
	if !strings.Contains(out.String(), "kubernetes/base/service.yaml  removed") {
		t.Errorf("the summary does not tell:\n%s", out.String())
	}
}

func TestTheBackupIsNamedAsItWillBe(t *testing.T) {
	wt := rerunning(t, 120, 40)
	put(t, wt.m.dir, "Dockerfile.bak", "older\n")
	wt.press("esc").to("review").press("b enter")
	wt.shows("kept as Dockerfile.bak.1")
	wt.press("y")
	if got := tree(t, wt.m.dir); !strings.Contains(got["Dockerfile.bak.1"], "registry.example.com") || got["Dockerfile.bak"] != "older\n" {
		t.Errorf("there are %v", got)
	}
}

func TestEscapeSequencesOfAFileAreShown(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "shop")
	put(t, dir, "Dockerfile", "FROM mine\n# \x1b[2J\x1b]0;owned\x07\u202e\x9b31m\n")
	wt := start(t, 120, 40, in(dir)).to("review")
	for _, keys := range []string{"", "h", "space", "esc d"} {
		wt.press(keys)
		if frame := wt.m.frame(); strings.Contains(frame, "\x1b[2J") || strings.ContainsAny(frame, "\x07\u009b\u202e") {
			t.Errorf("after %q an escape sequence reaches the terminal", keys)
		}
	}
}

func TestWordsThatDifferAreMarked(t *testing.T) {
	for _, c := range []struct {
		before, after string
		gone, come    []cells
	}{
		{"FROM python:3.12 AS x", "FROM python:3.13 AS x", []cells{{14, 16}}, []cells{{14, 16}}},
		{"ENV A=1", "ENV A=1 B=2", nil, []cells{{7, 11}}},
		{"COPY . .", "RUN --mount=type=cache", nil, nil},
		{"name: größe alt", "name: größe neu", []cells{{12, 15}}, []cells{{12, 15}}},
	} {
		gone, come := changedWords(c.before, c.after)
		if !slices.Equal(gone, c.gone) || !slices.Equal(come, c.come) {
			t.Errorf("%q, %q: %v and %v", c.before, c.after, gone, come)
		}
	}
	wt := rerunning(t, 120, 40).press("b")
	if frame := wt.m.frame(); !strings.Contains(frame, wt.m.theme.badWord.of("registry.example.com/")) || !strings.Contains(frame, wt.m.theme.goodWord.of("alpine")) {
		t.Error("the diff marks no words")
	}
	if got := marked("a \x1b[31mbc\x1b[m d", []cells{{2, 4}}, "\x1b[7m"); ansi.Strip(got) != "a bc d" || !strings.Contains(got, "\x1b[7mbc\x1b[m") {
		t.Errorf("%q", got)
	}
}

func TestNothingTickedWritesNothing(t *testing.T) {
	for _, c := range []struct{ keys, want string }{{"a enter", NothingDone}, {"a q", NothingDone}, {"enter", AllWell}, {"q", AllWell}} {
		dir := filepath.Join(t.TempDir(), "shop")
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if c.want == AllWell {
			start(t, 120, 40, in(dir)).to("review").press("enter")
		}
		before := tree(t, dir)
		wt := start(t, 120, 40, in(dir)).to("review").press(c.keys)
		var out strings.Builder
		wt.m.summary(&out, []string{"NO_COLOR=1"})
		if !wt.quit || wt.m.result.Aborted || !wt.m.finished || out.String() != brand+"  "+c.want+"\n" || !maps.Equal(before, tree(t, dir)) {
			t.Errorf("%s: ended %t, %+v, %q", c.keys, wt.quit, wt.m.result, out.String())
		}
	}
	wt := start(t, 120, 40).to("review").press("q")
	if wt.quit {
		t.Error("q left files unwritten")
	}
}

func TestNarrowTerminalShowsOneAtATime(t *testing.T) {
	wt := start(t, 80, 24)
	wt.shows("How are dependencies declared?")
	wt.hides("FROM")
	wt.press("p")
	wt.shows("FROM")
	wt.press("esc")
	wt.shows("How are dependencies declared?")
	wt.send(tea.WindowSizeMsg{Width: 130, Height: 40})
	wt.shows("FROM")
	wt.fits(130, 40)
}

func TestMouseScrollsThePreviewAndOpensTabs(t *testing.T) {
	wt := start(t, 120, 30)
	x := wt.m.layout.preview.x
	wt.send(tea.MouseWheelMsg{X: x + 5, Y: 10, Button: tea.MouseWheelDown})
	if wt.m.preview.places["Dockerfile"].top != 3 {
		t.Error("the wheel does not scroll the preview")
	}
	wt.send(tea.MouseWheelMsg{X: 2, Y: 10, Button: tea.MouseWheelDown})
	if wt.m.preview.places["Dockerfile"].top != 3 {
		t.Error("the wheel over the form scrolls the preview")
	}
	second := wt.m.preview.tabs.spans[1]
	wt.send(tea.MouseClickMsg{X: x + second.from + 1, Y: 2, Button: tea.MouseLeft})
	if wt.m.preview.path() != wt.m.preview.files[1].Path {
		t.Error("a click on the second tab does not open it")
	}
}

func TestBackgroundChangesColoursOnly(t *testing.T) {
	wt := start(t, 120, 40).to("target").press("down space")
	before := wt.screen()
	dark := wt.m.frame()
	wt.send(tea.BackgroundColorMsg{Color: color.White})
	if wt.m.frame() == dark {
		t.Error("a light background has the colours of a dark one")
	}
	wt.send(tea.BackgroundColorMsg{Color: color.Black})
	if wt.m.form.fields[0].under() != "docker" && before != wt.screen() {
		t.Errorf("the screen changed:\n%s", wt.screen())
	}
	if !slices.Equal(wt.m.form.fields[0].values(), []string{"docker", "compose"}) {
		t.Errorf("the ticks are %v", wt.m.form.fields[0].values())
	}
}

func TestRecordedAnswersComeBeforeWhatWasFound(t *testing.T) {
	recorded, err := disk.ParseAnswers("davit.yaml", []byte("name: mine # ours\ntraffic: high\n"))
	if err != nil {
		t.Fatal(err)
	}
	answers, err := recorded.Over(wizard.Defaults())
	if err != nil {
		t.Fatal(err)
	}
	wt := start(t, 120, 40, func(o *Options) { o.Recorded, o.Answers = recorded, answers }).to("review")
	if a := wt.m.answers; a.Name != "mine" || a.Traffic != "high" || a.HealthPath != "/health" {
		t.Errorf("name %s, traffic %s, health path %s", a.Name, a.Traffic, a.HealthPath)
	}
	wt.press("enter")
	if got := tree(t, wt.m.dir)["davit.yaml"]; !strings.Contains(got, "name: mine # ours") {
		t.Errorf("what stood in davit.yaml is lost:\n%s", got)
	}
}

// Comparing is told of wherever it can be done, before what is needed less.
func TestTheFooterNamesComparing(t *testing.T) {
	for _, id := range []string{"dependencies", "base", "target", "extra"} {
		start(t, 100, 30).to(id).shows("= compare")
	}
}

// Details has no question whose answer would say nothing beside the others.
func TestDetailsAskWhatMatters(t *testing.T) {
	wt := start(t, 120, 40, modern()).to("details")
	wt.hides("Organization")
	wt.hides("Route")
	wt.press("esc esc up enter").to("target").press("down down space").to("details") // chainguard, and Kubernetes beside Docker
	wt.shows("Organization     chainguard")
	wt.shows("Route            inside only")
	if wt.m.answers.Base != "chainguard" || !wt.m.answers.HasTarget("kubernetes") {
		t.Errorf("%s", wt.m.answers.Variant())
	}
}

func TestALongValueShowsItsEndWhenItIsEdited(t *testing.T) {
	wt := start(t, 120, 40, modern()).to("details").press("up up")
	if fd, _ := wt.m.form.focused(); fd.q.ID != "worker" {
		t.Fatalf("the focus is on %s", fd.q.ID)
	}
	wt.write("celery -A shop.background.tasks worker --loglevel INFO")
	wt.shows("--loglevel INFO")
	wt.press("down down enter esc up up")
	if fd, _ := wt.m.form.focused(); fd.q.ID != "worker" {
		t.Fatalf("the focus is on %s", fd.q.ID)
	}
	wt.shows("--loglevel INFO")
}

func TestAnAppThatIsNotThereIsToldAtTheButtonAndAtTheEnd(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "shop")
	put(t, dir, "main.py", "from fastapi import FastAPI\napp = FastAPI()\n")
	facts, err := inspect.Folder(dir)
	if err != nil {
		t.Fatal(err)
	}
	wt := start(t, 120, 40, in(dir), finds(facts)).to("details")
	wt.hides("There is no")
	wt.m.form.moveTo(2)
	wt.write("lication").m.form.moveTo(len(wt.m.form.fields))
	wt.says("There is no application in main.py.")
	wt.press("enter")
	if lines := strings.Join(wt.m.afterwards(), "\n"); !strings.Contains(lines, "There is no application in main.py.") {
		t.Errorf("the end says %q", lines)
	}
}

// What stands above the notes keeps its line, whichever choice the cursor is on
// and whatever is said about it, as long as the list fits.
func TestNothingMovesWithTheCursor(t *testing.T) {
	line := func(wt *wizardTest, text string) int {
		return slices.IndexFunc(strings.Split(wt.screen(), "\n"), func(l string) bool { return strings.Contains(l, text) })
	}
	for _, size := range [][2]int{{120, 40}, {120, 30}, {100, 32}, {80, 24}} {
		for _, id := range []string{"dependencies", "traffic", "base", "target", "extra"} {
			wt := start(t, size[0], size[1]).to(id)
			q := wt.m.form.fields[0].q
			title := line(wt, q.Title)
			for range q.Choices {
				wt.press("down")
				if at := line(wt, q.Title); at != title {
					t.Errorf("%v: %q moved from line %d to %d:\n%s", size, q.Title, title, at, wt.screen())
				}
			}
			if q.Multiple {
				wt.press("enter").says("is not ticked")
				if at := line(wt, q.Title); at != title {
					t.Errorf("%v: %q moved from line %d to %d by what was said:\n%s", size, q.Title, title, at, wt.screen())
				}
			}
		}
		wt := start(t, size[0], size[1]).to("details")
		button := line(wt, detailsButton)
		for range wt.m.form.fields {
			wt.press("up")
			if fd, _ := wt.m.form.focused(); !fd.q.Multiple && line(wt, detailsButton) != button { // a list unfolds above it
				t.Errorf("%v: the button moved from line %d:\n%s", size, button, wt.screen())
			}
		}
	}
}

// The few values of a field stand side by side, so that each arrow goes to the
// one that it points at; where they do not fit, those around the present one.
func TestArrowsGoToTheValueThatTheyPointAt(t *testing.T) {
	wt := start(t, 80, 24).to("details")
	wt.m.form.moveTo(slices.IndexFunc(wt.m.form.fields, func(fd field) bool { return fd.q.ID == "python" }))
	wt.shows("3.13 [3.12] 3.11 ")
	wt.shows(".python-version:1") // evidence stays where the cursor is
	wt.press("left").shows("[3.13] 3.12  3.11 ")
	wt.hides(".python-version:1") // and is not that of another value
	wt.press("right right").shows("3.13  3.12 [3.11]")
	wt.send(tea.WindowSizeMsg{Width: 100, Height: 30})
	wt.shows("[3.11]›")
	wt.press("down down").shows("yes [no]")
	wt.press("left").shows("[yes] no")
	wt.press("right").shows("yes [no]")
	wt.press("up").shows("app.main:app  …in.py:12")
	wt.press(": :").hides("…in.py:12")
}

// Letters that move lead through values that are typed, and are not left in them;
// where somebody came by other keys, or has begun to type, they are text.
func TestLettersThatMoveAreNotLeftInValues(t *testing.T) {
	wt := start(t, 80, 24).to("details")
	before := wt.m.answers.Clone()
	wt.press(strings.Repeat("k ", 20))
	if wt.m.form.focus != 0 || wt.m.form.touched {
		t.Fatalf("k leads to %d, and changed something: %v", wt.m.form.focus, wt.m.form.touched)
	}
	wt.press(strings.Repeat("j ", 20))
	if !wt.m.form.onButton() || !reflect.DeepEqual(wt.m.form.answers(before, false), before) {
		t.Fatal("j does not lead to the button, or changed something")
	}
	wt.m.form.moveTo(0)
	wt.press("down k x j k").shows("› Service name     shopxjk")
	wt.press("down up j").shows("› Service name     shopxjkj")
	wt.press("down j k").click("Service name").press("k").shows("› Service name     shopxjkjk")
}

func (wt *wizardTest) summary() string {
	var out strings.Builder
	wt.m.summary(&out, []string{"NO_COLOR=1"})
	return out.String()
}

// A run that has nothing to write ends with what can be done, as the first one
// did; that is not another commit.
func TestAnEndWithNothingWrittenTellsWhatToDo(t *testing.T) {
	dir := start(t, 80, 24).to("target").press("down space").to("review").press("enter").m.dir
	for _, keys := range []string{"enter", "q"} {
		wt := start(t, 80, 24, again(t, dir)).press(keys)
		got := wt.summary()
		if !wt.quit || !wt.m.finished || !strings.HasPrefix(got, brand+"  "+AllWell+"\n\nNext, in "+dir+"\n") {
			t.Errorf("%s: %s", keys, got)
		}
		for _, want := range []string{"  docker compose up --build --watch\n", "\nOnce it runs, open http://127.0.0.1:8000/docs; Docker has to be running.\n", helpText} {
			if !strings.Contains(got, want) {
				t.Errorf("%s: %q is not said:\n%s", keys, want, got)
			}
		}
		if strings.Contains(got, commitText) {
			t.Errorf("%s: nothing is new to commit:\n%s", keys, got)
		}
	}
	put(t, dir, "compose.yaml", "services:\n  shop:\n    build: .\n    ports: [9999:8000]\n")
	got := start(t, 80, 24, again(t, dir)).press("enter").summary()
	if !strings.Contains(got, "open http://127.0.0.1:9999/docs") || strings.Contains(got, "--watch") {
		t.Errorf("a compose file of the user's is not what is started:\n%s", got)
	}
	put(t, dir, "compose.yaml", "services:\n  web:\n    build: .\n")
	got = start(t, 80, 24, again(t, dir)).press("enter").summary()
	if strings.Contains(got, "http://") || !strings.Contains(got, "\n"+needsDocker+"\n") {
		t.Errorf("an address that nobody knows is told:\n%s", got)
	}
}

// The file that stays goes with what is written, too.
func TestTheAddressIsThatOfTheComposeFileThatIsKept(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "shop")
	put(t, dir, "compose.yaml", "services:\n  shop:\n    build: .\n    ports: [\"127.0.0.1:9999:8000\"]\n")
	wt := start(t, 80, 24, in(dir)).to("target").press("down space").to("review").press("enter")
	if got := wt.summary(); !wt.quit || !strings.Contains(got, "open http://127.0.0.1:9999/docs") {
		t.Errorf("the summary says:\n%s", got)
	}
}

func TestALongNameLeavesRoomForTheVariant(t *testing.T) {
	for _, name := range []string{strings.Repeat("long-", 30), strings.Repeat("名前", 20)} {
		for _, size := range [][2]int{{60, 16}, {120, 40}} {
			dir := filepath.Join(t.TempDir(), name)
			if err := os.Mkdir(dir, 0o755); err != nil {
				t.Fatal(err)
			}
			wt := start(t, size[0], size[1], in(dir))
			wt.shows("… ")
			wt.shows(" uv/low/slim/doc")
			wt.fits(size[0], size[1])
		}
	}
}

// A folder may have any name that its file system takes, and be somebody else's.
func TestTheTerminalObeysNoNameOfTheFolder(t *testing.T) {
	const evil = "a\x1b[41mb\nc"
	dir := filepath.Join(t.TempDir(), evil)
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Skip(err)
	}
	fact := inspect.Fact{Value: evil, Evidence: evil + ":1"}
	several := inspect.Facts{Roots: []inspect.Root{{Value: evil, Evidence: evil + ":1", App: evil}, {Value: "b"}}}
	several.App.Candidates = []string{evil, "b:c"}
	apps := inspect.Facts{App: inspect.AppFact{Fact: inspect.Fact{Candidates: several.App.Candidates}, Choices: []inspect.AppChoice{{Value: evil, Evidence: evil, AppDir: evil}, {Value: "b:c"}}}}
	for name, f := range map[string]inspect.Facts{
		"facts":    {Name: fact, App: inspect.AppFact{Fact: fact}, HealthPath: fact, Services: []inspect.Fact{fact, {Value: "redis", Evidence: evil}}, Optional: []inspect.Fact{fact}},
		"services": several, "apps": apps, "candidates": {App: several.App, HealthPath: inspect.Fact{Candidates: []string{evil, "/b"}}},
		"flask":   {Framework: fact},
		"a port":  {App: shop().App, Port: inspect.Fact{Value: "80", Evidence: evil}},
		"Python":  {App: shop().App, Python: inspect.Fact{Value: "3.9", Evidence: evil}},
		"nothing": {Top: []string{evil, "pyproject.toml"}},
	} {
		wt := start(t, 80, 30, in(dir), finds(f), func(o *Options) { o.Enter = func(string) (Options, error) { return Options{}, errors.New("cannot") } })
		look := func() {
			if frame := wt.m.frame(); strings.Contains(frame, "\x1b[41m") || strings.Count(frame, "\n") != 29 {
				t.Errorf("%s: a name is obeyed:\n%q", name, frame)
			}
		}
		look()
		wt.press("down enter")
		look()
		if name != "services" {
			wt.to("details")
			look()
			for i := range wt.m.form.fields {
				wt.m.form.moveTo(i)
				look()
			}
		}
	}
	wt := start(t, 80, 30, in(dir)).to("review").press("enter")
	if got := wt.summary(); strings.Contains(got, "\x1b") || !strings.Contains(got, `a\x1b[41mb\nc`) {
		t.Errorf("the summary is %q", got)
	}
}
