package version

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestTheLineSaysWhatIsKnown(t *testing.T) {
	for want, b := range map[string]Build{
		"davit 1.2.3":              {Version: "1.2.3"},
		"davit 1.2.3 (abc)":        {Version: "1.2.3", Commit: "abc"},
		"davit 1.2.3 (abc, today)": {Version: "1.2.3", Commit: "abc", Date: "today"},
	} {
		if got := b.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// The real program, as a release builds it: it answers before the packages
// that take time are initialised.
func TestTheVersionIsSaidBeforeTheRestStarts(t *testing.T) {
	if testing.Short() {
		t.Skip("builds davit")
	}
	davit := filepath.Join(t.TempDir(), "davit")
	build := exec.Command("go", "build", "-o", davit, "-ldflags", "-X github.com/davit-cli/davit/ui/cli/version.commit=abc", "../../..")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, ask := range []string{"version", "--version"} {
		cmd := exec.Command(davit, ask)
		cmd.Env = append(os.Environ(), "GODEBUG=inittrace=1")
		var trace strings.Builder
		cmd.Stderr = &trace
		out, err := cmd.Output()
		if err != nil || string(out) != "davit "+number+" (abc)\n" {
			t.Fatalf("%q, %v", out, err)
		}
		initialised := regexp.MustCompile(`(?m)^init (\S+)`).FindAllStringSubmatch(trace.String(), -1)
		for _, m := range initialised {
			if strings.HasPrefix(m[1], "github.com/davit-cli") || strings.HasPrefix(m[1], "charm.land") || m[1] == "regexp" {
				t.Errorf("%s was initialised before `davit %s` answered", m[1], ask)
			}
		}
		if len(initialised) == 0 {
			t.Error("the trace of initialisation is empty")
		}
	}
}
