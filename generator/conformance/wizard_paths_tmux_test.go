package conformance

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Each path through the wizard, in a real terminal.

// wizard starts it in a terminal of this size, with settings before the
// command, and waits for the first question.
func wizardIn(t *testing.T, columns, rows, settings string) (term terminal, dir string) {
	t.Helper()
	dir, program := fastAPI(t)
	term = openTerminal(t, dir, columns, rows)
	term.types(settings + " " + program + "; echo status=$?")
	term.waitFor("How are dependencies declared?")
	return term, dir
}

// toReview confirms every question.
func (term terminal) toReview() {
	term.t.Helper()
	for _, title := range []string{"How much traffic is expected?", "Which base image?", "Where will it run?", "Is this right?", "What else?", "What shall be written?"} {
		term.keys("Enter")
		term.waitFor(title)
	}
}

func TestWizardComparesVariantsAndTakesOne(t *testing.T) {
	term, dir := wizardIn(t, "120", "40", "")
	term.keys("=")
	term.waitFor("Comparing variants", "conda/low/slim/docker")
	term.keys("Down", "Down", "Right")
	term.waitFor("≠ Base size", "MB to pull", "-alpine", "shown with Dependencies", "enter take b")
	term.keys("Right")
	term.waitFor("gcr.io/distroless", "≠ Shell")
	term.keys("Escape")
	term.waitFor("How are dependencies declared?", "pyproject/low/slim/docker")
	term.keys("Enter", "Enter")
	term.waitFor("Which base image?")
	term.keys("=", "Right", "Enter")
	term.waitFor("Took pyproject/low/distroless/docker")
	term.tmux("resize-window", "-x", "80", "-y", "24")
	term.waitFor("p preview")
	term.keys("=")
	term.waitFor("≠ Base size", "i files")
	term.keys("i")
	term.waitFor("≠Dockerfile", "i meaning")
	term.keys("Escape") // alone: with a key right behind it, it is alt
	term.waitFor("Which base image?")
	term.keys("Enter")
	term.waitFor("Where will it run?")
	for _, title := range []string{"Is this right?", "What else?", "What shall be written?"} {
		term.keys("Enter")
		term.waitFor(title)
	}
	term.keys("Enter")
	term.waitFor("status=0")
	content, err := os.ReadFile(filepath.Join(dir, "davit.yaml"))
	if err != nil || !strings.Contains(string(content), "base: distroless") {
		t.Errorf("davit.yaml says\n%s (%v)", content, err)
	}
	term.isSane()
}

func TestWizardTellsWhyALineIsThere(t *testing.T) {
	term, _ := wizardIn(t, "120", "40", "")
	term.keys("p")
	term.waitFor("Why line 1")
	term.keys("/")
	term.tmux("send-keys", "-l", "as runtime")
	term.waitFor("/as runtime", "1 of 1 line")
	term.keys("Enter", "Escape")
	term.waitFor("This line comes from", "→ Base", "wheel works", "esc to the form")
	term.keys("Enter")
	term.waitFor("Which base image?", "alpine")
	term.keys("C-c") // nothing was answered that could be lost
	term.waitFor("status=130")
	term.isSane()
}

func TestWizardCopiesLinesToTheTerminalsClipboard(t *testing.T) {
	term, _ := wizardIn(t, "80", "24", "")
	term.tmux("set-option", "-s", "set-clipboard", "on")
	term.keys("p", "/")
	term.tmux("send-keys", "-l", "EXPOSE")
	term.waitFor("1 of 1 line")
	term.keys("Enter", "Escape")
	term.waitFor("to the form")
	term.keys("v", "j", "y")
	term.waitFor("Copied lines")
	if got := term.tmux("show-buffer"); got != "EXPOSE 8000\nHEALTHCHECK --interval=30s --timeout=5s --start-period=30s --start-interval=1s --retries=3 \\\n" {
		t.Errorf("the clipboard has %q", got)
	}
	term.keys("C-c")
	term.waitFor("status=130")
}

func TestWizardOpensTheEditorFromReview(t *testing.T) {
	script := filepath.Join(t.TempDir(), "edit")
	if err := os.WriteFile(script, []byte("#!/bin/sh\nprintf 'In the editor, enter: '\nread -r answer\necho \"# $answer\" >> \"$1\"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	term, dir := wizardIn(t, "120", "40", "EDITOR="+script)
	term.toReview()
	term.keys("e")
	term.waitFor("In the editor, enter:")
	term.types("mine")
	term.waitFor("What shall be written?", "yours", "as you edited it")
	term.keys("Enter")
	term.waitFor("status=0")
	content, err := os.ReadFile(filepath.Join(dir, "Dockerfile"))
	if err != nil || !strings.HasSuffix(string(content), "\n# mine\n") {
		t.Errorf("the Dockerfile ends with %q (%v)", content[max(len(content)-40, 0):], err)
	}
	term.isSane()
}

func TestWizardAsksBeforeItReplaces(t *testing.T) {
	dir, program := fastAPI(t)
	if err := os.WriteFile(filepath.Join(dir, "Dockerfile"), []byte("FROM mine\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	term := openTerminal(t, dir, "120", "40")
	term.types(program + "; echo status=$?")
	term.waitFor("How are dependencies declared?", "app/main.py:3")
	term.toReview()
	term.waitFor("foreign", "keep")
	term.keys("Space", "Enter")
	term.waitFor("Replace what is there?", "kept as Dockerfile.bak")
	term.keys("n")
	term.waitFor("back up")
	term.keys("Enter", "y")
	term.waitFor("status=0", "what was there is Dockerfile.bak")
	if kept, err := os.ReadFile(filepath.Join(dir, "Dockerfile.bak")); err != nil || string(kept) != "FROM mine\n" {
		t.Errorf("Dockerfile.bak is %q (%v)", kept, err)
	}
	term.isSane()
}

// Run again, the wizard begins where there is something to decide, and ends by
// one key where there is nothing to write.
func TestWizardRunAgainBeginsAtTheReview(t *testing.T) {
	dir, program := fastAPI(t)
	if err := os.WriteFile(filepath.Join(dir, "Dockerfile"), []byte("FROM mine AS runtime\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	term := openTerminal(t, dir, "120", "40")
	term.types(program + "; echo status=$?")
	term.waitFor("How are dependencies declared?", "app/main.py:3")
	term.toReview()
	term.waitFor("foreign", "keep")
	term.keys("Enter")
	term.waitFor("status=0")
	term.types("clear; " + program + "; echo again=$?; " + program + " check; echo check=$?")
	term.waitFor("What shall be written?", "Answers from davit.yaml", "kept", "Leave, nothing to write")
	term.keys("Tab")
	term.waitFor("How are dependencies declared?", "r review")
	term.keys("r")
	term.waitFor("Leave, nothing to write")
	term.keys("Enter")
	term.waitFor("Every file is as it should be; nothing was written.", "again=0", "it keeps 1 of yours", "check=0")
	term.isSane()
}

// Ctrl+c leaves from every screen, and nothing is written.
func TestWizardIsLeftFromEveryScreen(t *testing.T) {
	dir, program := fastAPI(t)
	before := names(t, dir)
	term := openTerminal(t, dir, "100", "30")
	for _, screen := range []struct {
		review bool
		keys   []string
		shows  string
	}{
		{false, []string{"?"}, "these keys"},
		{false, []string{"p"}, "Why line"},
		{false, []string{"/", "a"}, "stay there"},
		{false, []string{"f"}, "some letters of its name"},
		{false, []string{"="}, "Comparing variants"},
		{false, []string{"=", "f"}, "some letters of its name"},
		{true, nil, "What shall be written?"},
		{true, []string{"p"}, "Why line"},
	} {
		term.types("clear; " + program + "; echo status=$?")
		term.waitFor("How are dependencies declared?")
		if screen.review {
			term.toReview()
		}
		for _, k := range screen.keys {
			term.keys(k)
		}
		term.waitFor(screen.shows)
		if screen.review { // answers were given
			term.leave()
		} else {
			term.keys("C-c")
		}
		term.waitFor("status=130")
		if got := names(t, dir); got != before {
			t.Fatalf("%v: the folder has %s, had %s", screen, got, before)
		}
	}
	term.isSane()
}

func TestWizardIsSuspendedAndGoesOn(t *testing.T) {
	term, _ := wizardIn(t, "100", "30", "")
	term.keys("p")
	term.waitFor("Why line")
	term.keys("C-z")
	term.waitFor("\n$")
	term.types("echo in''between")
	term.waitFor("inbetween")
	term.types("fg")
	term.waitFor("Why line", "FROM")
	term.keys("Escape")
	term.waitFor("How are dependencies declared?")
	term.keys("C-c")
	term.waitFor("\n$")
	term.isSane()
}

func TestWizardDrawsWithoutColourWhereNoneIsWanted(t *testing.T) {
	colour := regexp.MustCompile(`\x1b\[[0-9;:]*\b(3[0-8]|4[0-8]|9[0-7]|10[0-7])[;:m]`)
	for _, settings := range []string{"NO_COLOR=yes COLORTERM=truecolor", "COLORTERM=truecolor"} {
		term, _ := wizardIn(t, "120", "40", settings)
		term.keys("p", "j")
		term.waitFor("Why line", "2›")
		screen := term.tmux("capture-pane", "-p", "-e")
		if drawn, wanted := colour.MatchString(screen), !strings.Contains(settings, "NO_COLOR"); drawn != wanted {
			t.Errorf("with %s colours are drawn: %v\n%q", settings, drawn, screen)
		}
		term.keys("C-c")
		term.waitFor("status=130")
	}
}
