package cli

import (
	"os/exec"
	"strings"
	"testing"
)

// A release's manual page must not change from day to day.
func TestTheManualIsOfTheDayOfTheRelease(t *testing.T) {
	if testing.Short() {
		t.Skip("builds davit")
	}
	run := exec.Command("go", "run", "-ldflags", "-X github.com/davit-cli/davit/ui/cli/version.date=2026-01-02T03:04:05Z", "../..", "man")
	out, err := run.Output()
	if err != nil {
		t.Fatal(err)
	}
	if title, _, _ := strings.Cut(string(out), "\n"); !strings.Contains(title, `"2026-01-02"`) {
		t.Errorf("the title is %s", title)
	}
}
