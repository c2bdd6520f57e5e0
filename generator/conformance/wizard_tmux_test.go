package conformance

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The wizard in a real terminal: tmux draws what it writes and sends it keys.

// terminal is a tmux server of its own with one shell in it.
type terminal struct {
	t      *testing.T
	socket string
}

func openTerminal(t *testing.T, dir, columns, rows string) terminal {
	t.Helper()
	if _, err := exec.LookPath("tmux"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("tmux is not installed, and CI has to see the wizard in a real terminal: apt-get install tmux")
		}
		t.Skip("tmux is not installed: the wizard is not tried in a real terminal")
	}
	term := terminal{t, filepath.Join(t.TempDir(), "tmux")}
	term.tmux("-f", os.DevNull, "new-session", "-d", "-x", columns, "-y", rows, "-c", dir, "env", "PS1=$ ", "sh")
	t.Cleanup(func() { _ = exec.Command("tmux", "-S", term.socket, "kill-server").Run() }) // it may have ended by itself
	term.waitFor("$")
	return term
}

func (term terminal) tmux(args ...string) string {
	term.t.Helper()
	out, err := exec.Command("tmux", append([]string{"-S", term.socket}, args...)...).CombinedOutput()
	if err != nil {
		term.t.Fatalf("tmux %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// keys sends keys by tmux's names, such as Enter, Down or C-c.
func (term terminal) keys(names ...string) {
	term.t.Helper()
	term.tmux(append([]string{"send-keys"}, names...)...)
}

// leave leaves a wizard that has answers, which asks once.
func (term terminal) leave() {
	term.t.Helper()
	term.keys("C-c")
	term.waitFor("ctrl+c again leaves")
	term.keys("C-c")
}

// types sends a command line and its newline.
func (term terminal) types(line string) {
	term.t.Helper()
	term.tmux("send-keys", "-l", line)
	term.keys("Enter")
}

func (term terminal) screen() string {
	term.t.Helper()
	return term.tmux("capture-pane", "-p")
}

// waitFor waits until the screen shows all of these.
func (term terminal) waitFor(texts ...string) string {
	term.t.Helper()
	screen := ""
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		screen = term.screen()
		missing := false
		for _, text := range texts {
			missing = missing || !strings.Contains(screen, text)
		}
		if !missing {
			return screen
		}
	}
	term.t.Fatalf("the screen does not show %q:\n%s", texts, screen)
	return ""
}

// fastAPI makes a small project and the program beside it.
func fastAPI(t *testing.T) (dir, program string) {
	t.Helper()
	program, err := buildDavit()
	if err != nil {
		t.Fatal(err)
	}
	dir = filepath.Join(t.TempDir(), "shop")
	for name, content := range map[string]string{
		"app/main.py":     "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get(\"/health\")\ndef health():\n    return {\"ok\": True}\n",
		"app/__init__.py": "",
		"pyproject.toml":  "[project]\nname = \"shop\"\nversion = \"1.0\"\nrequires-python = \">=3.13\"\ndependencies = [\"fastapi\", \"uvicorn\"]\n",
	} {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir, program
}

// names are the files of the project, without their folders.
func names(t *testing.T, dir string) string {
	t.Helper()
	var list []string
	err := filepath.WalkDir(dir, func(p string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			rel, _ := filepath.Rel(dir, p)
			list = append(list, filepath.ToSlash(rel))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(list, " ")
}

func TestWizardWritesFilesInATerminal(t *testing.T) {
	dir, program := fastAPI(t)
	term := openTerminal(t, dir, "120", "40")
	term.types("echo before; " + program + "; echo status=$?")

	term.waitFor("How are dependencies declared?", "app/main.py:3", "FROM", "pyproject/low/slim/docker")
	term.keys("Enter")
	term.waitFor("How much traffic is expected?")
	term.keys("Down", "Down")
	term.waitFor("pyproject/high/slim/docker", "gunicorn") // the preview follows before it is confirmed
	term.keys("Enter")
	term.waitFor("Which base image?")
	term.keys("Enter")
	term.waitFor("Where will it run?")
	term.keys("Down")
	term.waitFor("+compose.yaml")
	term.keys("Space", "Enter")
	term.waitFor("Is this right?", "app.main:app")
	term.keys("Escape") // and back again
	term.waitFor("Where will it run?")
	term.keys("Enter")
	term.waitFor("Is this right?")
	term.keys("Enter")
	term.waitFor("What else?")
	term.keys("Enter")
	term.waitFor("What shall be written?", "davit.yaml", "Write")
	if got := names(t, dir); strings.Contains(got, "Dockerfile") {
		t.Fatalf("written before it was confirmed: %s", got)
	}
	term.keys("Enter")

	screen := term.waitFor("status=0", "files written")
	if !strings.Contains(screen, "before") {
		t.Errorf("what stood in the terminal before is gone:\n%s", screen)
	}
	got := names(t, dir)
	for _, name := range []string{"Dockerfile", ".dockerignore", "compose.yaml", "davit.yaml"} {
		if !strings.Contains(" "+got+" ", " "+name+" ") {
			t.Errorf("%s is not there: %s", name, got)
		}
	}
	content, err := os.ReadFile(filepath.Join(dir, "davit.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"traffic: high", "target: [docker, compose]", "name: shop"} {
		if !strings.Contains(string(content), line) {
			t.Errorf("davit.yaml does not say %q:\n%s", line, content)
		}
	}
	term.isSane()
}

func TestWizardLeavesNothingAfterCtrlC(t *testing.T) {
	dir, program := fastAPI(t)
	before := names(t, dir)
	term := openTerminal(t, dir, "120", "40")
	settings := term.tmux("display-message", "-p", "#{alternate_on} #{mouse_any_flag} #{cursor_flag}")
	term.types(program + "; echo status=$?")
	term.waitFor("How are dependencies declared?", "app/main.py:3")
	term.keys("Enter", "Enter")
	term.waitFor("Which base image?")
	term.leave()
	screen := term.waitFor("status=130")
	if strings.Contains(screen, "Which base image?") {
		t.Errorf("the wizard is still on the screen:\n%s", screen)
	}
	if got := names(t, dir); got != before {
		t.Errorf("the folder has %s, had %s", got, before)
	}
	if got := term.tmux("display-message", "-p", "#{alternate_on} #{mouse_any_flag} #{cursor_flag}"); got != settings {
		t.Errorf("the terminal's alternate screen, mouse and cursor are %q, were %q", got, settings)
	}
	term.isSane()
}

func TestWizardFollowsTheSizeOfTheTerminal(t *testing.T) {
	dir, program := fastAPI(t)
	term := openTerminal(t, dir, "120", "40")
	term.types(program + "; echo status=$?")
	term.waitFor("How are dependencies declared?", "FROM")
	term.tmux("resize-window", "-x", "50", "-y", "14")
	term.waitFor("davit needs 60 columns")
	term.tmux("resize-window", "-x", "80", "-y", "24")
	term.waitFor("How are dependencies declared?", "p preview")
	term.keys("p")
	term.waitFor("FROM", "to the form")
	term.keys("C-c")
	term.waitFor("status=130")
	term.isSane()
}

// A process that is told to end, and a terminal that goes away, restore it too.
func TestWizardGivesTheTerminalBackAfterSignals(t *testing.T) {
	for _, signal := range []string{"TERM", "HUP"} {
		t.Run(signal, func(t *testing.T) {
			dir, program := fastAPI(t)
			term := openTerminal(t, dir, "120", "40")
			term.types(program + "; echo status=$?")
			term.waitFor("How are dependencies declared?")
			// The wizard is the only child of the pane's shell.
			shell := strings.TrimSpace(term.tmux("display-message", "-p", "#{pane_pid}"))
			children, err := os.ReadFile(filepath.Join("/proc", shell, "task", shell, "children"))
			if err != nil {
				t.Skip("only where /proc tells a process's children: ", err)
			}
			if out, err := exec.Command("kill", "-"+signal, strings.TrimSpace(string(children))).CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			term.waitFor("status=130")
			term.isSane()
		})
	}
}

// isSane checks that the shell echoes what is typed, once, and ends lines.
func (term terminal) isSane() {
	term.t.Helper()
	term.types("echo sa''ne")
	screen := term.waitFor("\nsane\n")
	if !strings.Contains(screen, "echo sa''ne") {
		term.t.Errorf("the terminal does not echo:\n%s", screen)
	}
	if modes := term.tmux("display-message", "-p", "#{alternate_on}#{mouse_any_flag}#{cursor_flag}"); strings.TrimSpace(modes) != "001" {
		term.t.Errorf("alternate screen, mouse and cursor are left as %q", modes)
	}
}
