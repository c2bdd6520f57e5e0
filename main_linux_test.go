package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/davit-cli/davit/ui/cli/ptytest"
)

// TestMain lets the tests start davit itself: with this variable the test's
// own program is it.
func TestMain(m *testing.M) {
	if os.Getenv("DAVIT_ITSELF") != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// davit is the whole program, as a shell would start it.
func davit(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, args...)
	cmd.Env = append(os.Environ(), "DAVIT_ITSELF=1", "TERM=xterm-256color")
	return cmd
}

func project(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "main.py"), []byte("from fastapi import FastAPI\napp = FastAPI()\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

func untouched(t *testing.T, dir string) {
	t.Helper()
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("the folder has %v (%v)", entries, err)
	}
}

func statusOf(err error) int {
	var ended *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &ended):
		return ended.ExitCode()
	}
	return -1
}

// With a closed standard input the wizard says what to use instead, lines are
// at their end, and everything else works.
func TestStandardInputMayBeClosed(t *testing.T) {
	for _, c := range []struct {
		args   string
		status int
		says   string
	}{
		{"", 2, "davit: the wizard needs a terminal: use `davit generate "},
		{"--accessible", 130, "davit: interrupted, and nothing was written\n"},
		{"generate --dry-run", 0, ""},
		{"check", 2, "davit: there is no davit.yaml in "},
		{"inspect", 0, ""},
		{"compare uv poetry", 0, ""},
		{"guide security", 0, ""},
		{"version", 0, ""},
	} {
		dir := project(t)
		self := davit(t)
		cmd := exec.Command("sh", "-c", `exec "$0" `+c.args+` <&-`, self.Path)
		cmd.Env, cmd.Dir = self.Env, dir
		var errs bytes.Buffer
		cmd.Stderr = &errs
		out, err := cmd.Output()
		if statusOf(err) != c.status || !strings.HasPrefix(errs.String(), c.says) || c.says == "" && errs.Len() > 0 && !strings.Contains(c.args, "generate") {
			t.Errorf("%q: %v, %q, %q", c.args, err, out, errs.String())
		}
		untouched(t, dir)
	}
}

// Who stops reading, as head does, ends a command without a word.
func TestStandardOutputMayBeClosedEarly(t *testing.T) {
	for _, args := range []string{"options --json", "compare uv poetry/high/alpine/kubernetes", "guide pipelines", "generate --json --dry-run"} {
		dir := project(t)
		self := davit(t)
		cmd := exec.Command("bash", "-c", `set -o pipefail; "$0" `+args+` | true; echo "${PIPESTATUS[0]}"`, self.Path)
		cmd.Env, cmd.Dir = self.Env, dir
		var errs bytes.Buffer
		cmd.Stderr = &errs
		out, _ := cmd.Output()
		// Killed by SIGPIPE, or done before the pipe was closed.
		if status := strings.TrimSpace(string(out)); status != "141" && status != "0" || strings.Contains(errs.String(), "pipe") {
			t.Errorf("%s: %q, %q", args, out, errs.String())
		}
		untouched(t, dir)
	}
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip(err)
	}
	defer full.Close()
	cmd := davit(t, "guide", "security")
	var errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = full, &errs
	if err := cmd.Run(); statusOf(err) != 1 || errs.String() != "davit: cannot write to standard output: no space left on device\n" {
		t.Errorf("%v, %q", err, errs.String())
	}
}

// Interrupted while it waits for a line, davit ends as interrupted, and says
// so; a terminal that is gone is no different.
func TestSignalsEndTheQuestions(t *testing.T) {
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
		dir := project(t)
		terminal := ptytest.Open(t, 80)
		cmd := davit(t, "--accessible", dir)
		cmd.Stdin, cmd.Stdout, cmd.Stderr = terminal.Program, terminal.Program, terminal.Program
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		terminal.Waits(t, "Number or name")
		_ = cmd.Process.Signal(signal)
		err := cmd.Wait()
		terminal.Waits(t, "davit: interrupted, and nothing was written\n")
		if statusOf(err) != 130 {
			t.Errorf("%v: %v", signal, err)
		}
		untouched(t, dir)
	}
}

// A run without questions is interrupted by a terminal that goes away, too,
// unless that is what was asked for.
func TestHangingUpInterruptsGenerate(t *testing.T) {
	for _, ignored := range []bool{false, true} {
		if !ignored && signal.Ignored(syscall.SIGHUP) {
			t.Log("these tests run under nohup, whose programs no terminal interrupts by going away")
			continue
		}
		dir := project(t)
		// Reading the answers takes until the other end of the pipe is closed.
		pipe := filepath.Join(t.TempDir(), "answers")
		if err := syscall.Mkfifo(pipe, 0o600); err != nil {
			t.Skip(err)
		}
		self := davit(t)
		shell := `exec "$0" generate --answers "$1" "$2"`
		if ignored {
			shell = `trap "" HUP; ` + shell
		}
		cmd := exec.Command("sh", "-c", shell, self.Path, pipe, dir)
		cmd.Env = self.Env
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		var answers *os.File
		for range 4000 { // it opens once davit reads, and so is up
			if f, err := os.OpenFile(pipe, os.O_WRONLY|syscall.O_NONBLOCK, 0); err == nil {
				answers = f
				break
			}
			time.Sleep(5 * time.Millisecond)
		}
		if answers == nil {
			t.Fatal("davit does not read its answers")
		}
		_ = cmd.Process.Signal(syscall.SIGHUP)
		if ignored { // else davit ends without its answers
			_, _ = answers.WriteString("app: main:app\n")
			_ = answers.Close()
		}
		err := cmd.Wait()
		_ = answers.Close()
		_, written := os.Stat(filepath.Join(dir, "Dockerfile"))
		if ignored && (err != nil || written != nil) {
			t.Errorf("with SIGHUP ignored: %v, %v", err, written)
		}
		if !ignored && (statusOf(err) != 130 || written == nil) {
			t.Errorf("%v, written: %t", err, written == nil)
		}
	}
}

// ctrl+z goes to the shell, and fg comes back to the same question: on the
// screen, and in lines.
func TestSuspendingAndComingBack(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip(err)
	}
	for _, c := range []struct{ flags, asks string }{{"", "How are dependencies declared?"}, {"--accessible", "Number or name"}} {
		dir := project(t)
		terminal := ptytest.Open(t, 100)
		self := davit(t)
		shell := exec.Command(bash, "--norc", "--noprofile", "-i")
		shell.Env = append(self.Env, "PS1=ready> ", fmt.Sprintf("DAVIT=%s", self.Path), "DIR="+dir)
		shell.Stdin, shell.Stdout, shell.Stderr = terminal.Program, terminal.Program, terminal.Program
		shell.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
		if err := shell.Start(); err != nil {
			t.Fatal(err)
		}
		terminal.Waits(t, "ready> ")
		terminal.Type(t, "$DAVIT "+c.flags+" $DIR\n")
		terminal.Waits(t, c.asks)
		terminal.Forget()
		terminal.Type(t, "\x1a")
		terminal.Waits(t, "Stopped")
		terminal.Forget()
		terminal.Type(t, "echo $((40 + 2))\n")
		terminal.Waits(t, "42\n") // by the shell, and not as it was typed
		terminal.Forget()
		terminal.Type(t, "fg\n")
		if c.flags == "" {
			terminal.Waits(t, c.asks)
		} else {
			terminal.Type(t, "\n")
			terminal.Waits(t, "How much traffic")
		}
		terminal.Forget() // the prompt before fg
		terminal.Type(t, "\x03")
		terminal.Waits(t, "davit: interrupted, and nothing was written\n")
		terminal.Waits(t, "ready> ") // the shell forgets what is typed before it has the terminal back
		terminal.Type(t, "exit\n")
		done := make(chan error, 1)
		go func() { done <- shell.Wait() }()
		select {
		case <-done:
		case <-time.After(20 * time.Second):
			_ = shell.Process.Kill()
			t.Errorf("the shell does not end:\n%q", terminal.Seen())
		}
		untouched(t, dir)
	}
}
