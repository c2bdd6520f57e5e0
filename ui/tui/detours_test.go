package tui

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/davit-cli/davit/generator/disk"
	"github.com/davit-cli/davit/wizard/inspect"
)

// What was typed or ticked and not yet confirmed goes along with a variant that
// is taken, whichever of both it is.
func TestATakenVariantKeepsWhatWasTypedOrTicked(t *testing.T) {
	for _, keys := range []string{"f2 enter", "f2 tab enter"} {
		wt := start(t, 120, 40, modern()).to("details")
		wt.m.form.moveTo(0)
		wt.write("per").press(keys)
		if wt.m.step().id != "details" || wt.m.answers.Name != "shopper" || wt.m.form.focus != 0 {
			t.Errorf("%s: step %s, name %q, focus %d", keys, wt.m.step().id, wt.m.answers.Name, wt.m.form.focus)
		}
		if wt.to("review"); wt.m.answers.Name != "shopper" {
			t.Errorf("%s: the name is %q", keys, wt.m.answers.Name)
		}

		wt = start(t, 120, 40, modern()).to("extra").press("space").press(keys)
		ticked := wt.m.answers.Extras
		if len(ticked) != 1 || !slices.Equal(wt.m.form.fields[0].values(), ticked) {
			t.Errorf("%s: the extras are %v", keys, ticked)
		}
	}
}

// A value that cannot be is asked about before it is lost.
func TestAWrongValueIsNotDroppedByTakingAVariant(t *testing.T) {
	wt := start(t, 80, 24, modern()).to("details")
	wt.m.form.moveTo(0)
	wt.write(" Bad").press("f2 enter")
	wt.shows("enter again takes b without")
	if wt.m.explore == nil {
		t.Fatal("the wrong value was dropped silently")
	}
	wt.press("enter")
	if wt.m.explore != nil || wt.m.answers.Name != "shop" || wt.m.answers.Base != "alpine" {
		t.Errorf("name %q, base %s", wt.m.answers.Name, wt.m.answers.Base)
	}
}

// What was decided about a file comes back with the review.
func TestDecisionsOutliveATripToTheAnswers(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "shop")
	put(t, dir, "Dockerfile", "FROM mine\n")
	fate := func(wt *wizardTest, path string) disk.Decision {
		i := slices.IndexFunc(wt.m.review.rows, func(row reviewRow) bool { return row.path == path })
		return wt.m.review.rows[i].fate
	}
	wt := start(t, 120, 40, in(dir)).to("review")
	wt.m.review.goTo(".dockerignore")
	wt.press("space") // leave
	wt.m.review.goTo("Dockerfile")
	wt.press("h space enter") // a piece
	picked := fate(wt, "Dockerfile")
	for _, trip := range []string{"tab r", "esc enter", "esc esc r", "= enter"} { // the last with another base
		wt.press(trip)
		if got := fate(wt, ".dockerignore"); wt.m.step().id != "review" || got != disk.Skip {
			t.Errorf("%s: step %s, .dockerignore: %v:\n%s", trip, wt.m.step().id, got, wt.screen())
		}
		if got := fate(wt, "Dockerfile"); trip != "= enter" && got != picked {
			t.Errorf("%s: the Dockerfile: %v, not %v", trip, got, picked)
		}
	}
	wt.m.review.goTo(".dockerignore")
	wt.press("space tab r") // written after all
	if got := fate(wt, ".dockerignore"); got != disk.Overwrite {
		t.Errorf(".dockerignore: %v", got)
	}
	wt.m.review.goTo(".dockerignore")
	wt.press("space enter y")
	if _, there := tree(t, dir)[".dockerignore"]; there {
		t.Error("a file that was left out is written")
	}
}

// So does what was decided about a file that is not needed any more, and about
// one that was edited.
func TestDecisionsAboutRemovalAndEditsOutliveATrip(t *testing.T) {
	wt := rerunning(t, 120, 40)
	before := make([]disk.Decision, len(wt.m.review.rows))
	for i := range wt.m.review.rows {
		row := &wt.m.review.rows[i]
		row.decide(row.fates[len(row.fates)-1])
		before[i] = row.fate
	}
	wt.press("tab r")
	for i, row := range wt.m.review.rows {
		if row.fate != before[i] {
			t.Errorf("%s: %v, not %v", row.path, row.fate, before[i])
		}
	}
	wt = start(t, 120, 40, editor(t, `echo '# mine' >> "$2"`)).to("review").press("e")
	wt.press("space tab r") // davit's text after all
	if row := wt.m.review.row(); row.own == nil || row.ownTaken {
		t.Errorf("%s: %v", row.path, row.fate)
	}
	wt.press("e tab r")
	if row := wt.m.review.row(); !row.ownTaken {
		t.Errorf("%s: %v", row.path, row.fate)
	}
}

// Before a service is chosen there is nothing to compare, and no key for it.
func TestNothingIsComparedBeforeAServiceIsChosen(t *testing.T) {
	f := inspect.Facts{Roots: []inspect.Root{{Value: "orders", App: "main:app"}, {Value: "stock", App: "main:app"}}}
	f.App.Candidates = []string{"main:app"}
	wt := start(t, 120, 40, finds(f), func(o *Options) { o.Enter = func(string) (Options, error) { return Options{}, nil } })
	for _, keys := range []string{"=", "f2", "p ="} {
		if wt.press(keys); wt.m.explore != nil || wt.m.step().id != rootStep {
			t.Fatalf("%s compares variants:\n%s", keys, wt.screen())
		}
	}
	wt.press("esc ?")
	wt.shows("these keys")
	wt.hides("compare variants")
}

// The header has as much of the variant as fits.
func TestALongVariantIsCutInTheHeader(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {60, 16}} {
		wt := start(t, size[0], size[1], modern()).to("target").press("down space down space down space down space down space down space down space down space")
		wt.fits(size[0], size[1])
		head, _, _ := strings.Cut(wt.screen(), "\n")
		if !strings.Contains(head, "uv/low/slim/docker+compose+") || !strings.HasSuffix(head, "…") {
			t.Errorf("the header is %q", head)
		}
	}
}

// Nothing covers the line that asks whether to leave.
func TestLeavingIsAskedAboutOverAnOverlay(t *testing.T) {
	for _, size := range [][2]int{{120, 40}, {80, 24}, {60, 16}} {
		for _, key := range []string{"?", "f"} {
			wt := start(t, size[0], size[1]).to("base").press(key + " ctrl+c")
			if wt.quit {
				t.Fatal("ctrl+c leaves without asking")
			}
			wt.shows(leaveAgain)
			if wt.press("ctrl+c"); !wt.quit {
				t.Error("ctrl+c again does not leave")
			}
		}
	}
}

// What a choice brings is shown before what it only touches.
func TestThePreviewShowsNewFilesFirst(t *testing.T) {
	shown := func(wt *wizardTest) sheet { return wt.m.preview.files[wt.m.preview.at] }
	wt := start(t, 120, 40, modern()).to("target").press("down down down")
	if s := shown(wt); !s.fresh || !strings.Contains(s.Path, "chart") && !strings.Contains(s.Path, "helm") {
		t.Errorf("Helm shows %s", s.Path)
	}
	wt.press("space")
	if s := shown(wt); !s.fresh {
		t.Errorf("Helm ticked shows %s", s.Path)
	}
	wt = start(t, 120, 40, modern()).to("extra").press("down")
	for _, name := range []string{"scripts", "the one below", "another", "the last"} {
		if s := shown(wt); !s.fresh {
			t.Errorf("%s shows %s", name, s.Path)
		}
		wt.press("down")
	}
	wt = start(t, 120, 40, modern()).to("target").press("down down down = i")
	if p := wt.m.explore.pane; p.files[p.at].sign != "+" {
		t.Errorf("compared is %s first", p.path())
	}
}

// Where nothing is ticked the preview tells whose files it shows.
func TestNothingTickedIsToldOverThePreview(t *testing.T) {
	wt := start(t, 120, 40, modern()).to("target").press("space")
	wt.shows("At least one has to be ticked; shown with Docker")
	wt.press("down")
	wt.shows("shown with Compose, which is not ticked")
	wt.press("space")
	wt.hides("shown with")
	wt = start(t, 120, 40, modern()).to("extra")
	wt.hides("At least one")
}

// Comparing begins with a choice that can be had, if there is one.
func TestComparingBeginsWithWhatIsPossible(t *testing.T) {
	f := shop() // Python 3.12, which distroless does not have
	wt := start(t, 120, 40, finds(f)).to("base").press("down enter").to("review").press("=")
	wt.variants("uv/low/alpine/docker", "uv/low/chainguard/docker")
	wt.hides("shown with")
	conda := start(t, 120, 40, modern()).press("down down down down down down enter").to("review") // on slim alone
	conda.press("=").variants("conda/low/slim/docker", "conda/steady/slim/docker")
}

// What was asked is asked again once another key has taken it off the screen.
func TestAnAskingDoesNotOutliveItsNotice(t *testing.T) {
	wt := start(t, 80, 24).to("details")
	wt.m.form.moveTo(0)
	wt.write(" Bad").press("enter esc")
	wt.says("esc again goes back without this value")
	wt.press("down")
	wt.hides("esc again")
	if wt.press("esc"); wt.m.step().id != "details" {
		t.Fatal("esc dropped a typed value without asking")
	}
	wt.says("esc again goes back without this value")
	if wt.press("esc"); wt.m.step().id != "target" {
		t.Errorf("step %s", wt.m.step().id)
	}
	wt = start(t, 120, 40).to("base").press("down down enter ? esc enter")
	if wt.m.step().id != "base" {
		t.Error("enter took what was offered before another key")
	}
}

// A long list of what many choices are good at does not hide the rest.
func TestALongListDoesNotHideTheRestOfTheTable(t *testing.T) {
	all := "down" + strings.Repeat(" space down", 11)
	for _, size := range [][2]int{{80, 24}, {60, 16}} {
		wt := start(t, size[0], size[1], modern()).to("target").press(all + " =")
		wt.fits(size[0], size[1])
		for _, keys := range []string{"", "ctrl+d", "ctrl+d", "ctrl+d"} {
			if wt.press(keys); strings.Contains(wt.screen(), "Server ") {
				break
			}
		}
		wt.shows("  Server ")
		wt.hides("Costs")
		wt.press("G").fits(size[0], size[1])
	}
	wt := start(t, 120, 60, modern()).to("target").press(all + " = i i")
	wt.fits(120, 60)
	wt.shows("Compose: the service with its databases in one\n")
}
