package tui

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/davit-cli/davit/wizard"
	"github.com/davit-cli/davit/wizard/inspect"
)

var update = flag.Bool("update", false, "write golden files and pictures anew")

// shop is what inspection finds in the project of most tests.
func shop() inspect.Facts {
	fact := func(value, where string) inspect.Fact { return inspect.Fact{Value: value, Evidence: where} }
	return inspect.Facts{
		Name:         fact("shop", "pyproject.toml:2"),
		Dependencies: fact("uv", "uv.lock"),
		App:          inspect.AppFact{Fact: fact("app.main:app", "app/main.py:12")},
		Python:       fact("3.12", ".python-version:1"),
		HealthPath:   fact("/health", "app/main.py:20"),
		Services:     []inspect.Fact{fact("postgres", "pyproject.toml:9"), fact("redis", "pyproject.toml:10")},
		Project:      wizard.Project{Packages: map[string]string{"fastapi": "0.165.0", "uvicorn": "0.54.0"}},
	}
}

// wizardTest drives the model without a terminal: each message's commands run
// at once, as Bubble Tea would run them beside it.
type wizardTest struct {
	t    testing.TB
	m    *model
	quit bool
}

type setup func(*Options)

func finds(f inspect.Facts) setup {
	return func(o *Options) { o.Inspect = func() (inspect.Facts, error) { return f, nil } }
}

func in(dir string) setup { return func(o *Options) { o.Dir = dir } }

// start is a wizard of this size after its first messages.
func start(t testing.TB, w, h int, with ...setup) *wizardTest {
	t.Helper()
	o := Options{Answers: wizard.Defaults(), Env: []string{"EDITOR=true", "PATH=" + os.Getenv("PATH")}}
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
	wt := &wizardTest{t: t, m: newModel(context.Background(), o)}
	wt.send(tea.WindowSizeMsg{Width: w, Height: h})
	wt.send(tea.BackgroundColorMsg{})
	wt.run(inspectFolder(o))
	return wt
}

func (wt *wizardTest) send(msg tea.Msg) {
	_, cmd := wt.m.Update(msg)
	wt.run(cmd)
}

func (wt *wizardTest) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	switch msg := cmd().(type) {
	case editing: // Bubble Tea would give the editor the terminal
		if msg.err == nil {
			wt.send(afterEditor(msg, editorCommand(wt.m.options.Env, msg.file).Run()))
			return
		}
		wt.send(msg)
	case tea.QuitMsg:
		wt.quit = true
	case tea.BatchMsg:
		for _, c := range msg {
			wt.run(c)
		}
	default:
		wt.send(msg)
	}
}

var special = map[string]tea.KeyPressMsg{
	"enter": {Code: tea.KeyEnter}, "esc": {Code: tea.KeyEscape}, "tab": {Code: tea.KeyTab},
	"shift+tab": {Code: tea.KeyTab, Mod: tea.ModShift}, "space": {Code: tea.KeySpace, Text: " "},
	"up": {Code: tea.KeyUp}, "down": {Code: tea.KeyDown}, "left": {Code: tea.KeyLeft}, "right": {Code: tea.KeyRight},
	"pgup": {Code: tea.KeyPgUp}, "pgdown": {Code: tea.KeyPgDown}, "home": {Code: tea.KeyHome}, "end": {Code: tea.KeyEnd},
	"ctrl+left": {Code: tea.KeyLeft, Mod: tea.ModCtrl}, "ctrl+right": {Code: tea.KeyRight, Mod: tea.ModCtrl},
	"backspace": {Code: tea.KeyBackspace}, "delete": {Code: tea.KeyDelete}, "f1": {Code: tea.KeyF1}, "f2": {Code: tea.KeyF2},
	"shift+left": {Code: tea.KeyLeft, Mod: tea.ModShift}, "shift+right": {Code: tea.KeyRight, Mod: tea.ModShift},
}

func keyOf(name string) tea.KeyPressMsg {
	if k, ok := special[name]; ok {
		return k
	}
	if letter, ok := strings.CutPrefix(name, "ctrl+"); ok {
		return tea.KeyPressMsg{Code: []rune(letter)[0], Mod: tea.ModCtrl}
	}
	r := []rune(name)[0]
	return tea.KeyPressMsg{Code: r, Text: name}
}

// press presses keys, named with blanks between them, such as "down enter".
func (wt *wizardTest) press(names string) *wizardTest {
	wt.t.Helper()
	for _, name := range strings.Fields(names) {
		wt.send(keyOf(name))
	}
	return wt
}

func (wt *wizardTest) write(text string) *wizardTest {
	for _, r := range text {
		wt.send(tea.KeyPressMsg{Code: r, Text: string(r)})
	}
	return wt
}

// to confirms until the step with this id is there.
func (wt *wizardTest) to(id string) *wizardTest {
	wt.t.Helper()
	for range 20 {
		if wt.m.step().id == id {
			return wt
		}
		wt.press("enter")
	}
	wt.t.Fatalf("no way to step %s; the screen:\n%s", id, wt.screen())
	return wt
}

func (wt *wizardTest) screen() string {
	lines := strings.Split(ansi.Strip(wt.m.frame()), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n") + "\n"
}

// fits checks that the frame is the terminal's size, and no line is wider.
func (wt *wizardTest) fits(w, h int) {
	wt.t.Helper()
	lines := strings.Split(wt.m.frame(), "\n")
	if len(lines) > h {
		wt.t.Errorf("%d lines on a terminal of %d:\n%s", len(lines), h, wt.screen())
	}
	for i, l := range lines {
		if width := ansi.StringWidth(l); width > w {
			wt.t.Errorf("line %d has %d columns on a terminal of %d:\n%s", i+1, width, w, wt.screen())
		}
	}
}

func (wt *wizardTest) shows(text string) {
	wt.t.Helper()
	if !strings.Contains(wt.screen(), text) {
		wt.t.Errorf("the screen does not show %q:\n%s", text, wt.screen())
	}
}

// says looks for a text in the form, however its lines are broken.
func (wt *wizardTest) says(text string) {
	wt.t.Helper()
	form := strings.Join(wt.m.formLines(wt.m.layout.form.w, wt.m.layout.form.h), " ")
	if !strings.Contains(strings.Join(strings.Fields(ansi.Strip(form)), " "), text) {
		wt.t.Errorf("the form does not say %q:\n%s", text, wt.screen())
	}
}

func (wt *wizardTest) hides(text string) {
	wt.t.Helper()
	if strings.Contains(wt.screen(), text) {
		wt.t.Errorf("the screen shows %q:\n%s", text, wt.screen())
	}
}

// golden compares with a file below testdata, or writes it with -update.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v: make it with go test ./ui/tui -update", err)
	}
	if string(want) != got {
		t.Errorf("%s differs; go test ./ui/tui -update writes it anew. Got:\n%s", file, got)
	}
}
