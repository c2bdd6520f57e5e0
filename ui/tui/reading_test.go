package tui

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/davit-cli/davit/generator"
	"github.com/davit-cli/davit/wizard"
)

// written makes the preview show one file with this content.
func content(text string) setup {
	return func(o *Options) {
		o.sets = &fileSets{func(wizard.Answers) ([]generator.File, error) {
			return []generator.File{{Path: "notes", Content: text}, {Path: "other", Content: "red\nblue\nred again\n"}}, nil
		}, plainStarter, map[string][]generator.File{}}
	}
}

// under is the line under the preview's cursor.
func (wt *wizardTest) under() string {
	p := &wt.m.preview
	return p.path() + ": " + p.sheet().raw(p.here().line)
}

func (wt *wizardTest) isUnder(want string) {
	wt.t.Helper()
	if got := wt.under(); got != want {
		wt.t.Errorf("the cursor is on %q, not on %q:\n%s", got, want, wt.screen())
	}
}

func TestSearchGoesThroughLinesAndFiles(t *testing.T) {
	for _, size := range [][2]int{{120, 40}, {80, 24}, {60, 16}} {
		wt := start(t, size[0], size[1], content("one\nRed two\nthree\nred four\n"))
		wt.press("/ r e d")
		wt.isUnder("notes: Red two") // while it is typed
		wt.shows("1 of 4 lines in 2 files")
		wt.press("enter n")
		wt.isUnder("notes: red four")
		wt.press("n")
		wt.isUnder("other: red")
		wt.press("n n")
		wt.isUnder("notes: Red two")
		wt.press("N")
		wt.isUnder("other: red again")
		wt.press("j N") // from a line that is no match
		wt.isUnder("other: red")
		wt.press("esc")
		wt.hides("of 4 lines")
		if !wt.m.reading() {
			t.Error("esc leaves the preview before the search")
		}
		wt.press("/ R enter")
		wt.shows("1 of 1 line") // with a capital it is meant
		wt.press("/ x enter")
		wt.shows("Nothing like x")
		wt.press("esc esc")
		if wt.m.reading() {
			t.Error("esc does not lead back to the form")
		}
	}
}

func TestASearchBeginsAtTheFirstLineInSightWhereNoCursorIs(t *testing.T) {
	long := strings.Repeat("red\n", 100)
	for _, keys := range []string{"G g", "pgdown pgup", "p G esc g", "p j j j esc"} {
		wt := start(t, 120, 40, content(long)).press(keys).press("/ r e d")
		wt.shows("/red▏  1 of 102 lines in 2 files")
	}
	wt := start(t, 120, 40, content(long)).press("p j j j / r e d")
	wt.shows("/red▏  4 of 102 lines in 2 files") // at the cursor
}

func TestSearchThatIsCancelledGoesBack(t *testing.T) {
	wt := start(t, 120, 40, content("one\nred two\nthree\n")).press("p / r")
	wt.isUnder("notes: red two")
	wt.press("esc")
	wt.isUnder("notes: one")
	wt.press("/ r backspace backspace")
	wt.isUnder("notes: one")
	if wt.m.preview.found.typing {
		t.Error("backspace over the beginning does not end the search")
	}
}

func TestWhatIsFoundIsMarkedWithoutColourToo(t *testing.T) {
	wt := start(t, 120, 40, content("größe red\n\tred\n")).press("/ r e d")
	marked := wt.m.theme.match.of("red")
	if got := strings.Count(wt.m.frame(), marked); got != 2 {
		t.Errorf("%d marks in\n%q", got, wt.m.frame())
	}
	if !strings.Contains(string(wt.m.theme.match), "4") { // underlined
		t.Errorf("the mark is colour alone: %q", wt.m.theme.match)
	}
}

func TestAFileIsOpenedByAFewLetters(t *testing.T) {
	wt := start(t, 120, 40).to("target").press("down down") // Kubernetes
	wt.press("f")
	wt.shows("k8s/base/deployment.yaml")
	wt.write("dplo")
	wt.press("enter")
	if got := wt.m.preview.path(); got != "k8s/base/deployment.yaml" {
		t.Errorf("%s is open", got)
	}
	wt.press("f").write("zzz").shows("No file is called so")
	wt.press("enter") // nothing to open
	wt.press("esc")
	wt.hides("No file is called so")
	wt.press("f").write("kus prod")
	wt.press("enter")
	if got := wt.m.preview.path(); got != "k8s/overlays/prod/kustomization.yaml" {
		t.Errorf("%s is open", got)
	}
}

func TestTheBestNameComesFirst(t *testing.T) {
	paths := []string{"compose.prod.yaml", "k8s/base/deployment.yaml", "k8s/overlays/prod/kustomization.yaml", "scripts/deploy"}
	for typed, want := range map[string]string{"dep": "k8s/base/deployment.yaml", "deploy": "k8s/base/deployment.yaml", "prod": "compose.prod.yaml", "s/dep": "scripts/deploy", "ovkus": "k8s/overlays/prod/kustomization.yaml", "kus prod": "k8s/overlays/prod/kustomization.yaml", "ÄÖ": ""} {
		l := newFileList(paths)
		l.set(typed)
		if got := first(l.fits); got != want {
			t.Errorf("%s finds %v", typed, l.fits)
		}
	}
}

// clipboard runs a key's command and returns what it copies.
func (wt *wizardTest) clipboard(key string) string {
	wt.t.Helper()
	_, cmd := wt.m.Update(keyOf(key))
	if cmd == nil {
		wt.t.Fatalf("%s copies nothing", key)
	}
	return fmt.Sprint(cmd()) // a string of Bubble Tea's own type
}

func TestSelectedLinesAreCopied(t *testing.T) {
	wt := start(t, 120, 40, content("one\n\ttwo\nthree\nfour")).press("p")
	if got := wt.clipboard("y"); got != "one\n\ttwo\nthree\nfour" {
		t.Errorf("the whole file is copied as %q", got)
	}
	wt.shows("Copied notes")
	wt.press("j v")
	wt.shows("lines 2–2 selected")
	wt.press("j")
	wt.shows("┃ ")
	if got := wt.clipboard("y"); got != "\ttwo\nthree\n" {
		t.Errorf("the selection is copied as %q", got)
	}
	wt.shows("Copied lines 2–3")
	wt.press("v k k")
	if got := wt.clipboard("y"); got != "one\n\ttwo\nthree\n" {
		t.Errorf("a selection upwards is copied as %q", got)
	}
	wt.press("v esc")
	if wt.m.preview.from >= 0 || !wt.m.reading() {
		t.Error("esc does not drop the selection alone")
	}
}

func TestASelectionEndsWithItsFile(t *testing.T) {
	for _, keys := range []string{"]", "right", "f d p l o enter", "] ["} {
		wt := start(t, 120, 40).to("target").press("down down p j v j")
		wt.shows("selected")
		wt.press(keys)
		if wt.m.preview.from >= 0 {
			t.Errorf("%s: lines are selected in %s", keys, wt.m.preview.path())
		}
		wt.hides("selected")
	}
}

func TestLongLinesAreWrappedOrScrolled(t *testing.T) {
	long := strings.Repeat("wide 日本語 words ", 20) + "END"
	wt := start(t, 80, 24, content("first\n"+long+"\n\ttab\nlast\n")).press("p")
	wt.hides("END")
	wt.press("w")
	wt.shows("END")
	wt.fits(80, 24)
	wt.press("j j")
	wt.isUnder("notes: \ttab")
	wt.press("w")
	for range 60 {
		wt.press(">")
		wt.fits(80, 24)
	}
	wt.shows("END")
	wt.shows("from column")
	wt.hides("first")
	for range 60 {
		wt.press("<")
	}
	wt.shows("first")
	wt.press("#")
	wt.hides(" 1 ")
	wt.fits(80, 24)
}

func TestBreaksAreBetweenCharacters(t *testing.T) {
	for _, c := range []struct {
		text string
		room int
		want []int
	}{
		{"abcdef", 3, []int{3}},
		{"日本語", 3, []int{2, 4}},
		{"aaaa bbbb cccc", 6, []int{5, 10}},
		{"a b cccccccc", 6, []int{4, 10}}, {"a cccccccccc", 6, []int{6}},
		{"e\u0301e\u0301e\u0301", 2, []int{2}},
		{"", 5, nil},
	} {
		got := breaks(c.text, c.room)
		if !slices.Equal(got, c.want) {
			t.Errorf("%q at %d: %v", c.text, c.room, got)
		}
		from := 0
		whole := ""
		for _, to := range append(got, ansi.StringWidth(c.text)) {
			piece := ansi.Cut(c.text, from, to)
			if ansi.StringWidth(piece) > c.room {
				t.Errorf("%q is wider than %d", piece, c.room)
			}
			whole += piece
			from = to
		}
		if whole != c.text {
			t.Errorf("%q becomes %q", c.text, whole)
		}
	}
}

func TestWrappedLinesKeepTheCursorInSight(t *testing.T) {
	var text strings.Builder
	for range 60 {
		text.WriteString(strings.Repeat("many words ", 30) + "\nshort\n")
	}
	wt := start(t, 60, 16, content(text.String())).press("p w")
	for _, key := range strings.Fields("j j j j G k k ctrl+u ctrl+d pgup g pgdown pgdown n") {
		wt.press(key)
		wt.shows("›")
		wt.fits(60, 16)
	}
	wt.press("G")
	if wt.under() != "notes: short" || wt.m.preview.here().line != 119 {
		t.Errorf("G leads to line %d", wt.m.preview.here().line+1)
	}
}

func TestMarksFadeWithTheAnswersAfter(t *testing.T) {
	wt := plain(t, 120, 40).to("base").press("down enter")
	wt.shows("▎ FROM")
	bright := wt.m.theme.markInk(altered).of(signs[altered])
	if !strings.Contains(wt.m.frame(), bright) {
		t.Error("the change fades with its own answer")
	}
	wt.press("enter") // target, as it was
	wt.shows("▎ FROM")
	if strings.Contains(wt.m.frame(), bright+" ") {
		t.Error("the change does not fade after the next answer")
	}
	wt.press("enter") // details
	wt.hides("▎ FROM python")
}

func TestAClickPutsTheCursorOnALine(t *testing.T) {
	wt := start(t, 120, 40, content("one\ntwo\nthree\n"))
	r := wt.m.layout.preview
	wt.send(tea.MouseClickMsg{X: r.x + 8, Y: r.y + 3 + wt.m.preview.gap() + 1, Button: tea.MouseLeft})
	wt.isUnder("notes: two")
	wt.send(tea.MouseClickMsg{X: r.x + 8, Y: r.y + 20, Button: tea.MouseLeft})
	wt.isUnder("notes: two")
}

// editor is a program that replaces the file with what it is told.
func editor(t *testing.T, does string) setup {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the editor of this test is a shell script")
	}
	script := filepath.Join(t.TempDir(), "my editor")
	if err := os.WriteFile(script, []byte("#!/bin/sh\n"+does+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	return func(o *Options) { o.Env = []string{"EDITOR='" + script + "' --wait", "PATH=" + os.Getenv("PATH")} }
}

func TestAnEditedFileIsWrittenAsEdited(t *testing.T) {
	wt := plain(t, 120, 40, editor(t, `[ "$1" = --wait ] && sed -i 's/^EXPOSE.*/EXPOSE 9999/' "$2"`)).to("review")
	wt.press("e")
	wt.shows("yours")
	wt.shows("as you edited it")
	wt.shows("1 line changed")
	wt.press("c")
	wt.shows("EXPOSE 9999")
	wt.press("space") // davit's again
	wt.hides("as you edited it")
	wt.press("space space") // not written, and the edit
	wt.shows("Will be written as you edited it")
	wt.press("esc").to("review") // the edit is not lost on the way back
	wt.shows("yours")
	wt.press("enter")
	got := tree(t, wt.m.dir)
	if !strings.Contains(got["Dockerfile"], "EXPOSE 9999\n") {
		t.Errorf("the Dockerfile is\n%s", got["Dockerfile"])
	}
	// The next run knows it as the user's own.
	again := plain(t, 120, 40, in(wt.m.dir)).to("review")
	again.shows("edited")
}

func TestAnEditComesBackWithItsAnswers(t *testing.T) {
	wt := plain(t, 120, 40, editor(t, `echo '# mine' >> "$2"`)).to("review").press("e")
	wt.press("esc esc esc esc").to("base").press("down").to("review")
	wt.shows("under other answers")
	wt.hides("yours")
	for wt.m.step().id != "base" {
		wt.press("esc")
	}
	wt.press("up").to("review").shows("yours")
}

func TestAnEditOfAFileThatIsThereAsksFirst(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "shop")
	put(t, dir, "Dockerfile", "FROM mine\n")
	put(t, dir, ".dockerignore", "*\n!app\n")
	wt := plain(t, 120, 40, in(dir), editor(t, `echo '# more' >> "$2"`)).to("review").press("e")
	wt.shows("yours")
	wt.shows("# more")
	wt.press("G e enter") // one that is the same already
	wt.shows("replaced by your edit")
	wt.press("y")
	if got := tree(t, dir); got["Dockerfile"] != "FROM mine\n# more\n" || got[".dockerignore"] != "*\n!app\n# more\n" {
		t.Errorf("%q and %q", got["Dockerfile"], got[".dockerignore"])
	}
}

func TestAnEditorThatFailsChangesNothing(t *testing.T) {
	wt := plain(t, 120, 40, editor(t, `echo broken > "$2"; exit 3`)).to("review").press("e")
	wt.shows("did not end well")
	wt.hides("yours")
	wt = plain(t, 120, 40, editor(t, `exit 0`)).to("review").press("e")
	wt.shows("left the text as it was")
	wt.m.review.goTo("davit.yaml")
	wt.press("e").shows("holds your answers")
}

func TestAnEmptyFileIsRead(t *testing.T) {
	wt := start(t, 120, 40, content("")).press("p")
	wt.fits(120, 40)
	wt.press("down v y")
	wt.fits(120, 40)
}
