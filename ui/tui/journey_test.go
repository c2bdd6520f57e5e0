package tui

import (
	"image/color"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

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
	for _, want := range append(wt.m.result.Next, "Dockerfile", "files written") {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the summary does not say %q:\n%s", want, out.String())
		}
	}
}

func TestAbortWritesNothingOnEveryStep(t *testing.T) {
	for _, s := range stepsOf(wizard.Catalogue(), false) {
		wt := start(t, 120, 40).to(s.id).press("ctrl+c")
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
	if wt.press("ctrl+c"); !wt.quit {
		t.Error("ctrl+c does not leave while a value is typed")
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

func TestPreviewKeepsItsPlaceInEachFile(t *testing.T) {
	wt := start(t, 120, 30).to("base").press("ctrl+d")
	place := wt.m.preview.scroll["Dockerfile"]
	if place == 0 {
		t.Fatal("ctrl+d does not scroll")
	}
	wt.press("] G [ down up")
	if got := wt.m.preview.scroll["Dockerfile"]; got != place {
		t.Errorf("the Dockerfile is at line %d, was at %d", got, place)
	}
	wt.press("g")
	if wt.m.preview.scroll["Dockerfile"] != 0 {
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
	wt.shows("lower-case letters")
	for range 4 {
		wt.press("backspace")
	}
	wt.to("review")
	if wt.m.answers.Name != "shop" {
		t.Errorf("the name is %q", wt.m.answers.Name)
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

func TestNothingTickedWritesNothing(t *testing.T) {
	wt := start(t, 120, 40).to("review").press("a enter")
	if wt.quit {
		t.Error("the wizard ended")
	}
	wt.shows("No file is ticked")
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
	if wt.m.preview.scroll["Dockerfile"] != 3 {
		t.Error("the wheel does not scroll the preview")
	}
	wt.send(tea.MouseWheelMsg{X: 2, Y: 10, Button: tea.MouseWheelDown})
	if wt.m.preview.scroll["Dockerfile"] != 3 {
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
