package tui

import (
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/davit-cli/davit/generator"
	"github.com/davit-cli/davit/wizard"
	"github.com/davit-cli/davit/wizard/inspect"
)

// modern is shop with a Python that every base has.
func modern() setup {
	f := shop()
	f.Python.Value = "3.13"
	return finds(f)
}

func (wt *wizardTest) variants(a, b string) {
	wt.t.Helper()
	e := wt.m.explore
	if e == nil {
		wt.t.Fatalf("no variants are compared:\n%s", wt.screen())
	}
	if got := [2]string{e.sides[0].answers.Variant(), e.sides[1].answers.Variant()}; got != [2]string{a, b} {
		wt.t.Errorf("%s are compared, not %s and %s", got, a, b)
	}
}

func TestComparingBeginsWithWhatIsUnderTheCursor(t *testing.T) {
	wt := start(t, 120, 40, modern()).to("base").press("down =")
	wt.variants("uv/low/slim/docker", "uv/low/alpine/docker")
	wt.press("esc")
	if wt.m.explore != nil || wt.m.answers.Base != "slim" || wt.m.form.fields[0].under() != "alpine" {
		t.Error("comparing changed something")
	}
	start(t, 120, 40, modern()).to("base").press("=").variants("uv/low/slim/docker", "uv/low/alpine/docker")
	start(t, 120, 40, modern()).to("target").press("down =").variants("uv/low/slim/docker", "uv/low/slim/docker+compose")
	start(t, 120, 40, modern()).to("extra").press("=").variants("uv/low/slim/docker", "uv/low/alpine/docker")
	start(t, 120, 40, modern()).to("review").press("f2").variants("uv/low/slim/docker", "uv/low/alpine/docker")
	start(t, 120, 40, modern()).press("p =").variants("uv/low/slim/docker", "poetry/low/slim/docker")
}

func TestTheCursorInTheMatrixRendersAtOnce(t *testing.T) {
	wt := start(t, 120, 40, modern()).to("base").press("= right")
	wt.shows("gcr.io/distroless/python3-debian13:nonroot")
	wt.shows("Least to attack")
	wt.shows("FROM debian:trixie-slim")
	wt.press("left left")
	wt.variants("uv/low/slim/docker", "uv/low/slim/docker")
	wt.hides("≠")
	wt.press("up right right")
	wt.variants("uv/low/slim/docker", "uv/high/slim/docker")
	wt.shows("gunicorn, 4 processes")
	wt.shows("+gunicorn.conf.py")
	wt.press("tab right") // the other side
	wt.variants("uv/steady/slim/docker", "uv/high/slim/docker")
	wt.press("right")
	wt.variants("uv/high/slim/docker", "uv/high/slim/docker")
}

func TestSeveralTargetsAreTickedInTheMatrix(t *testing.T) {
	wt := start(t, 120, 40, modern()).to("target").press("= right")
	wt.variants("uv/low/slim/docker", "uv/low/slim/docker+compose") // what is passed over does not count
	wt.press("space")
	wt.variants("uv/low/slim/docker", "uv/low/slim/docker+compose+kubernetes")
	wt.shows(" ✓ Compose·b [✓ Kubernetes·b]")
	wt.press("space left space")
	wt.variants("uv/low/slim/docker", "uv/low/slim/docker")
	wt.press("left space") // the last one stays
	wt.variants("uv/low/slim/docker", "uv/low/slim/docker")
	wt.shows("! At least one stays ticked.")
	wt.press("right")
	wt.hides("At least one")
}

func TestTicksThatAreNotConfirmedAreCompared(t *testing.T) {
	wt := start(t, 120, 40, modern()).to("target").press("down space down space down =")
	wt.variants("uv/low/slim/docker", "uv/low/slim/docker+compose+kubernetes")
	wt.shows("[Helm]")
	wt.press("enter")
	if got := wt.m.answers.Targets; len(got) != 3 {
		t.Errorf("the targets are %v", got)
	}
}

func TestWhatHasToGiveWayIsToldWhileComparing(t *testing.T) {
	wt := start(t, 120, 40).to("base").press("= right") // Python 3.12
	wt.shows("shown with Python version 3.12 → 3.13: distroless is\n")
	wt.shows("made of Debian's packages, and Debian 13 has Python")
	wt.shows("✗ distroless·b")
	wt.press("left")
	wt.hides("shown with")
}

func TestAVariantIsTaken(t *testing.T) {
	wt := start(t, 120, 40).to("target").press("= up right right enter")
	if wt.m.explore != nil || wt.m.step().id != "target" {
		t.Fatalf("enter does not lead back:\n%s", wt.screen())
	}
	wt.shows("3.12 → 3.13")
	wt.shows("Took uv/low/distroless/docker+compose, with")
	a := wt.m.answers
	if a.Base != "distroless" || a.Python != "3.13" || !slices.Equal(a.Targets, []string{"docker", "compose"}) {
		t.Errorf("the answers are %s with Python %s", a.Variant(), a.Python)
	}
	wt.send(inspected{facts: shop()}) // facts that come late leave them alone
	if wt.m.answers.Python != "3.13" || wt.m.answers.Base != "distroless" {
		t.Error("inspection took the variant back")
	}
	wt.to("review").press("enter")
	if got := tree(t, wt.m.dir)["davit.yaml"]; !strings.Contains(got, "base: distroless") {
		t.Errorf("davit.yaml says\n%s", got)
	}
}

func TestTakingInReviewComparesWithTheFolderAnew(t *testing.T) {
	wt := start(t, 120, 40, modern()).to("review").press("= enter")
	wt.shows("What shall be written?")
	wt.shows("Took uv/low/alpine/docker.")
	wt.press("enter")
	if got := tree(t, wt.m.dir)["Dockerfile"]; !strings.Contains(got, "-alpine") {
		t.Errorf("the Dockerfile is\n%s", got)
	}
}

func TestComparingWhileAValueIsTyped(t *testing.T) {
	wt := start(t, 120, 40, modern()).to("details")
	wt.m.form.moveTo(0)
	wt.write("=")
	if wt.m.explore != nil {
		t.Error("a letter of a value compares variants")
	}
	wt.press("backspace f2").variants("uv/low/slim/docker", "uv/low/alpine/docker")
	wt.press("f2")
	if wt.m.explore != nil || wt.m.form.fields[0].values()[0] != "shop" {
		t.Error("f2 does not lead back to the value")
	}
}

func TestFilesOfTheVariantsAreRead(t *testing.T) {
	wt := start(t, 120, 40, modern()).to("target").press("=")
	wt.shows("+compose.yaml")
	wt.press("f").write("prod")
	wt.press("enter")
	wt.shows("Production on one server")
	wt.press("[ [")
	wt.press("u")
	wt.press("w G g c pgdown pgup ctrl+d ctrl+u")
	wt.fits(120, 40)
	wt.send(tea.WindowSizeMsg{Width: 80, Height: 24})
	wt.press("i i")
	wt.fits(80, 24)
	wt.send(tea.WindowSizeMsg{Width: 140, Height: 50})
	wt.fits(140, 50)
	tab := wt.m.explore.pane.tabs.spans[0]
	r := wt.m.explore.pane.size
	wt.send(tea.MouseClickMsg{X: r.x + tab.from + 1, Y: r.y, Button: tea.MouseLeft})
	if wt.m.explore.pane.at != tab.index {
		t.Error("a click does not open the file")
	}
	wt.send(tea.MouseWheelMsg{X: 10, Y: 30, Button: tea.MouseWheelDown})
	wt.fits(140, 50)
}

// The lines of both versions come one after the other, each once, and lines
// that are called the same are.
func TestAlignedLinesAreBothVersions(t *testing.T) {
	p := newPreview(newTheme(dark))
	files := func(change ...string) []generator.File {
		a := wizard.Defaults()
		for i := 0; i < len(change); i += 2 {
			if err := a.Set(change[i], change[i+1]); err != nil {
				t.Fatal(err)
			}
		}
		list, err := generator.Generate(a)
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	base := files()[0].Content
	for _, other := range []string{base, files("base", "alpine")[0].Content, files("base", "distroless")[0].Content, files("dependencies", "conda")[0].Content, "", "one\n"} {
		for _, both := range []bool{true, false} {
			d := newAligned(p.high.Document("dockerfile", base), p.high.Document("dockerfile", other), both, &view{})
			var a, b []string
			for _, pair := range d.pairs {
				if pair.a >= 0 {
					a = append(a, d.a.Raw[pair.a])
				}
				if pair.b >= 0 {
					b = append(b, d.b.Raw[pair.b])
				}
				if pair.same && d.a.Raw[pair.a] != d.b.Raw[pair.b] {
					t.Errorf("%q is not %q", d.a.Raw[pair.a], d.b.Raw[pair.b])
				}
			}
			if !slices.Equal(a, d.a.Raw) || !slices.Equal(b, d.b.Raw) {
				t.Errorf("the lines are\n%q\n%q", a, b)
			}
			for i := range d.len() {
				_ = d.row(p.theme, i, 100)
			}
		}
	}
}

func TestComparingWithoutAnApp(t *testing.T) {
	wt := start(t, 80, 24, finds(inspect.Facts{})).press("=")
	wt.fits(80, 24)
	wt.press("enter")
	if wt.m.step().id != starterStep || wt.quit {
		t.Errorf("taking a variant leads to %s", wt.m.step().id)
	}
	wt.to("review")
}

// scans is a project with a package that distroless cannot serve.
func scans() setup {
	f := shop()
	f.Python.Value = "3.13"
	f.Project.Packages["pdf2image"] = "1.17.0"
	return finds(f)
}

// What cannot be is not taken for what was there before.
func TestAVariantThatCannotBeIsNotTaken(t *testing.T) {
	for _, size := range [][2]int{{120, 40}, {80, 24}, {60, 16}} {
		wt := start(t, size[0], size[1], scans()).to("base").press("= right")
		wt.variants("uv/low/slim/docker", "uv/low/distroless/docker")
		wt.shows("Not with package")
		if size[0] > 60 {
			wt.shows("install.") // to its end
		}
		wt.shows("✗ distroless")
		wt.press("enter").fits(size[0], size[1])
		wt.shows("! b cannot be taken. Not with package pdf2image")
		if wt.m.explore == nil || wt.m.answers.Base != "slim" {
			t.Errorf("enter took %s", wt.m.answers.Variant())
		}
		wt.press("up") // the question above does not make it possible
		wt.shows("Not with package")
		wt.press("down left")
		wt.variants("uv/low/slim/docker", "uv/low/alpine/docker")
		wt.hides("Not with package")
		wt.press("enter")
		wt.shows("Took uv/low/alpine/docker.")
	}
}

func TestTheFilesOfOneSideAreShownWhereTheOtherCannotBe(t *testing.T) {
	wt := start(t, 80, 24, scans()).to("base").press("= right i")
	wt.shows("b: not with package pdf2image")
	wt.shows("the files of a alone")
	wt.shows("AS builder")
	wt.hides("≠")
}

// Side a is what the screen shows while the starter is asked about, and what is
// taken there stays taken.
func TestTheStarterIsComparedAsItIsShown(t *testing.T) {
	wt := start(t, 120, 40, finds(inspect.Facts{}))
	wt.shows("pyproject/low/slim/docker")
	wt.press("=").variants("pyproject/low/slim/docker", "pyproject/low/alpine/docker")
	for wt.m.explore.row > 0 {
		wt.press("up")
	}
	wt.press("left left left left") // Poetry
	wt.press("enter")
	wt.shows("Took poetry/low/alpine/docker.")
	if got := wt.m.trial.Variant(); got != "poetry/low/alpine/docker" {
		t.Errorf("the header says %s", got)
	}
	wt.press("enter")
	if got := wt.m.form.fields[0].under(); got != "poetry" {
		t.Errorf("%s is under the cursor", got)
	}
	wt = start(t, 120, 40, finds(inspect.Facts{})).press("= enter enter")
	if got := wt.m.form.fields[0].under(); got != "pyproject" {
		t.Errorf("%s is under the cursor, not the starter's", got)
	}
}

func TestTakingWhileFilesAreReadIsTold(t *testing.T) {
	for _, size := range [][2]int{{120, 40}, {80, 24}} {
		wt := start(t, size[0], size[1], modern()).to("base").press("p = enter")
		wt.shows("Took uv/low/alpine/docker.")
		wt.press("j")
		wt.hides("Took")
	}
}

// An excluded choice leaves header, list and files to the answer that stands,
// whatever was under the cursor before.
func TestAnExcludedChoiceLeavesTheAnswerThatStands(t *testing.T) {
	wt := start(t, 120, 40, scans()).to("base").press("down down")
	wt.shows("uv/low/slim/docker")
	wt.hides("alpine/docker")
	wt.shows("› Base             slim")
	wt.shows("Not with package pdf2image; shown with slim")
	wt.hides("python:${PYTHON_VERSION}-alpine")
	wt.press("=").variants("uv/low/slim/docker", "uv/low/distroless/docker")
	wt.shows("Not with package pdf2image")
}

// Everything in the table can be reached, and what else there is is named.
func TestTheTableScrollsWhereItDoesNotFit(t *testing.T) {
	wt := start(t, 60, 16).to("base").press("= right")
	for _, row := range []string{"to a", "enter take b", "i files", "more"} {
		wt.shows(row)
	}
	for _, row := range []string{"Base size", "Shell", "Good at", "Costs", "Files"} {
		found := false
		for wt.press("g"); ; wt.press("pgdown") {
			top := wt.m.explore.top
			found = found || strings.Contains(wt.screen(), row)
			if wt.fits(60, 16); found || wt.press("ctrl+d").m.explore.top == top {
				break
			}
			wt.press("ctrl+u")
		}
		if !found {
			t.Errorf("%s is never shown", row)
		}
	}
	wt.press("G left left")
	wt.shows("Nothing differs") // the table begins anew
	wt.press("i")
	wt.shows("enter take b   i meaning")
	wt.press("i down") // several
	wt.shows("space tick")
	wt.shows("enter take b   i files")
}

func TestFilesAndTableEachHaveTheScreen(t *testing.T) {
	wt := start(t, 120, 40, modern()).to("base").press("=")
	wt.shows("Base size")
	wt.press("i").fits(120, 40)
	wt.hides("Base size")
	wt.shows("FROM")
	wt.press("i").fits(120, 40)
	wt.shows("Base size")
	wt.hides("FROM")
	wt.press("c") // there is nothing to move in, so it comes
	wt.shows("FROM")
	wt.press("i i")
	wt.shows("Base size")
	wt.shows("FROM")
}

// A key goes through all that differs, from one file to the next.
func TestTheNextChangeIsInTheNextFile(t *testing.T) {
	wt := start(t, 120, 40, modern()).to("target").press("= up up right i") // compose, steady
	e := wt.m.explore
	seen := map[string]bool{}
	for range 40 {
		seen[e.pane.path()] = true
		wt.press("c")
	}
	for _, f := range e.pane.files {
		if seen[f.Path] != (f.sign != "=") {
			t.Errorf("%s is %s, and c goes there: %v", f.Path, f.sign, seen[f.Path])
		}
	}
	if len(seen) < 2 {
		t.Fatal("only one file differs")
	}
}

func TestAClickGoesToAChoice(t *testing.T) {
	wt := start(t, 80, 24, modern()).to("base").press("=")
	lines := strings.Split(wt.screen(), "\n")
	for _, want := range []struct {
		row            int
		title, variant string
	}{{3, "high", "uv/high/alpine/docker"}, {2, "Poetry", "poetry/high/alpine/docker"}, {5, "Swarm", "poetry/high/alpine/docker"}} {
		x := len([]rune(lines[want.row][:strings.Index(lines[want.row], want.title)]))
		wt.send(tea.MouseClickMsg{X: x, Y: want.row, Button: tea.MouseLeft})
		wt.variants("uv/low/slim/docker", want.variant)
	}
	wt.shows("[Swarm]")
}

func TestComparedFilesAreSearched(t *testing.T) {
	for _, size := range [][2]int{{120, 40}, {80, 24}} {
		wt := start(t, size[0], size[1], modern()).to("base").press("= /").write("user ")
		wt.press("enter")
		if wt.m.explore == nil || wt.m.explore.unified {
			t.Fatal("letters of a search are keys")
		}
		wt.shows("/user")
		wt.shows("n/N next, before")
		wt.press("n n N esc")
		wt.hides("/user")
		wt.press("y")
		wt.shows("! Nothing is copied here")
		wt.fits(size[0], size[1])
		wt.press("esc")
		if wt.m.explore != nil {
			t.Error("esc does not lead back")
		}
	}
}

func TestTwoOfOneKindDifferInNothing(t *testing.T) {
	for _, size := range [][2]int{{120, 40}, {80, 24}, {60, 16}} {
		start(t, size[0], size[1], modern()).to("base").press("= left").shows("Nothing differs: a and b are the same.")
	}
}

// What differs is in sight, however long the lines are.
func TestWhatDiffersIsInSightSideBySide(t *testing.T) {
	p := newPreview(newTheme(dark))
	before := strings.Repeat("word ", 20) + "old" + strings.Repeat(" end", 10)
	after := strings.Repeat("word ", 20) + "new" + strings.Repeat(" end", 10)
	v := view{}
	d := newAligned(p.high.Document("text", before+"\n"), p.high.Document("text", after+"\n"), true, &v)
	text := func() string { return ansi.Strip(d.row(p.theme, 0, 96).text) }
	if got := text(); !strings.Contains(got, "old") || !strings.Contains(got, "new") || !strings.Contains(got, "-‹") {
		t.Errorf("%q", got)
	}
	v.wrap = true
	r := d.row(p.theme, 0, 96)
	all := ansi.Strip(r.text + strings.Join(r.more, ""))
	if len(r.more)+1 != d.rows(0, 96) || strings.Count(all, "word") != 40 || strings.Count(all, "end") != 20 {
		t.Errorf("wrapped in %d of %d rows: %q", len(r.more)+1, d.rows(0, 96), all)
	}
	v = view{x: 40}
	if got := text(); strings.Contains(got, "old") || !strings.Contains(got, "‹word") {
		t.Errorf("%q", got)
	}
}

func TestHalvesWrapAndScrollSideways(t *testing.T) {
	wt := start(t, 100, 40, modern()).to("base").press("= i g")
	before := wt.screen()
	wt.press("w").fits(100, 40)
	if wt.screen() == before {
		t.Error("w does nothing")
	}
	wt.press("G ctrl+u c g w")
	if wt.screen() != before {
		t.Errorf("another w does not lead back:\n%s\n%s", before, wt.screen())
	}
	wt.press("> >").fits(100, 40)
	wt.shows("from column 17")
	wt.press("< <")
	if wt.screen() != before {
		t.Error("< does not lead back")
	}
}
