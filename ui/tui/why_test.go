package tui

import (
	"strings"
	"testing"

	"github.com/davit-cli/davit/generator"
	"github.com/davit-cli/davit/wizard"
)

// find puts the cursor on the first line that has this text.
func (wt *wizardTest) find(text string) *wizardTest {
	wt.press("/").write(text)
	wt.press("enter esc")
	if !strings.Contains(wt.under(), text) {
		wt.t.Errorf("the cursor is on %q, not on %q", wt.under(), text)
	}
	return wt
}

func TestALineTellsWhyItIsThere(t *testing.T) {
	wt := start(t, 120, 40).press("p").find("USER 10001")
	wt.shows("Numeric, so that Kubernetes")
	wt.shows("kubernetes.io/docs")
	wt.shows("No answer changes it")
	wt.find("EXPOSE 8000")
	wt.shows("This line comes from")
	wt.shows("→ Port             8000")
	wt.find("FROM python:").press("j")
	wt.find("# The lock file alone") // a comment belongs to what it stands above
	wt.shows("Exactly what the lock names")
	wt.press("i")
	wt.hides("Why line")
	wt.shows("How are dependencies declared?") // the form is back in its place
}

func TestAKeyGoesToTheQuestionBehindALine(t *testing.T) {
	wt := start(t, 120, 40).to("target").press("p").find("AS runtime").press("enter")
	if wt.m.step().id != "base" || wt.m.reading() {
		t.Errorf("enter leads to %s:\n%s", wt.m.step().id, wt.screen())
	}
	wt.press("down enter")
	if wt.m.answers.Base != "alpine" {
		t.Errorf("the base is %s", wt.m.answers.Base)
	}
	wt.press("p").find("EXPOSE").press("enter")
	fd, ok := wt.m.form.focused()
	if wt.m.step().id != "details" || !ok || fd.q.ID != "port" {
		t.Errorf("enter leads to %s, %s", wt.m.step().id, fd.q.ID)
	}
	wt.press("esc p").find("USER 10001").press("enter")
	wt.shows("No answer put this line there")
}

func TestTicksAreKeptOnTheWayToAnotherQuestion(t *testing.T) {
	wt := start(t, 120, 40).to("target").press("down space p").find("EXPOSE").press("enter")
	if got := wt.m.answers.Targets; len(got) != 2 {
		t.Errorf("the targets are %v", got)
	}
}

func TestWhatIsLostOnTheWayToAnotherQuestionIsAskedAbout(t *testing.T) {
	f := shop()
	f.Python.Value = "3.13"
	wt := start(t, 120, 40, finds(f)).to("base").press("down down enter").to("details") // distroless
	wt.m.form.moveTo(1)
	wt.press("right p").find("AS runtime").press("enter")
	if wt.m.step().id != "details" || !wt.m.reading() {
		t.Fatalf("enter leads to %s, and the Python version is lost:\n%s", wt.m.step().id, wt.screen())
	}
	wt.shows("enter again goes there without what was changed here")
	if wt.press("enter"); wt.m.step().id != "base" || wt.m.answers.Python != "3.13" {
		t.Errorf("step %s, Python %s", wt.m.step().id, wt.m.answers.Python)
	}
}

func TestTheFilesOfATargetSayThatTheyComeFromIt(t *testing.T) {
	wt := start(t, 120, 40).to("target").press("down down space f").write("deployment.yaml")
	wt.press("enter p").find("replicas")
	wt.shows("The file comes from")
	wt.shows("not without Kubernetes")
}

func TestLinesOfTheRecordComeFromAnswersToo(t *testing.T) {
	wt := start(t, 120, 40).to("review").press("f").write("davit.yaml")
	wt.press("enter p").find("traffic:").press("enter")
	if id := wt.m.step().id; id != "traffic" {
		t.Errorf("enter leads to %s", id)
	}
}

func TestLinesOfOthersAreNotExplained(t *testing.T) {
	wt := reviewing(t, 120, 40).press("p").find("CMD python main.py")
	wt.shows("This line is not davit's")
	wt.press("enter")
	wt.shows("No answer put this line there")
	wt = plain(t, 120, 40, editor(t, `echo '# mine' >> "$2"`)).to("review").press("e p").find("# mine")
	wt.shows("This line is not davit's")
}

func TestTheFrameDoesNotWaitForTheOrigins(t *testing.T) {
	wt := start(t, 120, 40)
	_, cmd := wt.m.Update(keyOf("p"))
	wt.shows("Trying the other answers")
	wt.run(cmd)
	wt.hides("Trying the other answers")
	if _, cmd := wt.m.Update(keyOf("j")); cmd != nil {
		t.Error("the same answers are tried twice")
	}
	old := traced{asked: "other answers"}
	wt.send(old)
	wt.hides("Trying the other answers")
}

func TestTheClosestNoteIsTold(t *testing.T) {
	f := generator.File{Content: "a:\n  b:\n    c: 1\n# about d\n\nd: 2\n", Notes: []generator.Note{
		{First: 1, Last: 3, Why: "outer"}, {First: 2, Last: 3, Why: "inner"}, {First: 6, Last: 6, Why: "last"},
	}}
	for line, want := range map[int]string{1: "outer", 2: "inner", 3: "inner", 4: "", 5: "", 6: "last", 7: ""} {
		if got := noteAt(f, line).Why; got != want {
			t.Errorf("line %d: %q", line, got)
		}
	}
	f.Content = strings.Replace(f.Content, "\n\nd", "\n#\nd", 1)
	if got := noteAt(f, 4).Why; got != "last" {
		t.Errorf("a comment belongs to %q", got)
	}
}

// Every line of every file of some variants can be pointed at, on each size.
func TestEveryLineCanBeAskedAbout(t *testing.T) {
	wt := start(t, 80, 24, func(o *Options) {
		o.Inspect = nil
		for id, values := range map[string][]string{"target": {"compose", "kubernetes"}, "service": {"redis"}, "traffic": {"high"}} {
			if err := o.Answers.Set(id, values...); err != nil {
				t.Fatal(err)
			}
		}
	})
	wt.press("p i")
	noted, caused, all := 0, 0, 0
	for range wt.m.preview.files {
		for range wt.m.preview.sheet().len() {
			r := wt.m.reason()
			all++
			if r.note.Why != "" {
				noted++
			}
			if len(r.causes) > 0 {
				caused++
			}
			if id := r.question(); id != "" {
				if _, ok := wizard.Find(id); !ok {
					t.Errorf("%s is no question", id)
				}
			}
			wt.press("j")
		}
		wt.fits(80, 24)
		wt.press("right")
	}
	if noted*4 < all || caused*4 < all {
		t.Errorf("of %d lines %d have a note and %d an answer behind them", all, noted, caused)
	}
}

func TestTheQuestionBehindALineKeepsWhatIsUnderTheCursor(t *testing.T) {
	wt := start(t, 120, 40, modern()).to("base").press("down down p").find("AS runtime").press("enter")
	if got := wt.m.form.fields[0].under(); wt.m.reading() || got != "distroless" {
		t.Errorf("%s is under the cursor", got)
	}
	wt.shows("uv/low/distroless/docker")
}

func TestABlankLineIsNotAskedAbout(t *testing.T) {
	wt := start(t, 120, 40, content("one\n\nthree\n")).press("p")
	wt.shows(sameEverywhere[:30])
	wt.press("down")
	wt.shows("Why line 2")
	wt.hides(sameEverywhere[:30])
	wt.hides("There is no note")
}
