package cli

import (
	"bytes"
	"context"
	"strings"
	"testing"
)

// accessible runs davit with these lines on its standard input, which is no
// terminal.
func accessible(t *testing.T, dir, lines string, env []string, args ...string) (int, string, string) {
	t.Helper()
	var out, errs bytes.Buffer
	status := Main(context.Background(), Program{Args: append(args, dir), In: strings.NewReader(lines), Out: &out, Err: &errs, Env: env})
	return status, out.String(), errs.String()
}

func TestAccessibleModeIsAFlagOrAVariable(t *testing.T) {
	const questions = "Number or name [pyproject.toml, from pyproject.toml:4]"
	for _, c := range []struct {
		env  []string
		args []string
		want bool
	}{
		{nil, []string{"--accessible"}, true},
		{[]string{"ACCESSIBLE=1"}, nil, true},
		{[]string{"ACCESSIBLE=yes"}, nil, true},
		{[]string{"ACCESSIBLE=0"}, nil, false},
		{[]string{"ACCESSIBLE="}, nil, false},
		{[]string{"ACCESSIBLE=0"}, []string{"--accessible"}, true},
	} {
		dir := project(t, nil)
		status, out, errs := accessible(t, dir, "", c.env, c.args...)
		if asked := strings.Contains(out, questions); asked != c.want {
			t.Errorf("%v %v: asked %t: %s%s", c.env, c.args, asked, out, errs)
		}
		want := "davit: interrupted, and nothing was written\n"
		if !c.want {
			want = "davit: the wizard needs a terminal: use `davit generate " + dir + "` instead, with the answers as flags\n"
		}
		if errs != want || status == 0 || len(names(t, dir)) != 2 {
			t.Errorf("%v %v: %d, %q, %v", c.env, c.args, status, errs, names(t, dir))
		}
	}
}

// What the lines write is what the next run finds in order.
func TestAccessibleModeWritesWhatGenerateWould(t *testing.T) {
	dir := project(t, nil)
	status, out, errs := accessible(t, dir, strings.Repeat("\n", 15)+"yes\n", nil, "--accessible")
	if status != 0 || errs != "" || !strings.Contains(out, "files written.\n") {
		t.Fatalf("%d, %s, %s", status, errs, out)
	}
	if status, out, _ := run(t, "", "check", dir); status != 0 {
		t.Errorf("davit check: %d, %s", status, out)
	}
	if status, _, errs := accessible(t, dir, strings.Repeat("\n", 15), []string{"ACCESSIBLE=1"}); status != 0 || errs != "" {
		t.Errorf("with nothing to write: %d, %s", status, errs)
	}
}

// Where nobody can read the questions, nobody answers them.
func TestAccessibleModeNeedsAnOutput(t *testing.T) {
	dir := project(t, nil)
	var errs bytes.Buffer
	status := Main(context.Background(), Program{Args: []string{"--accessible", dir}, In: strings.NewReader(strings.Repeat("\n", 15) + "yes\n"), Out: fullDisk{}, Err: &errs})
	if status != 1 || !strings.HasPrefix(errs.String(), "davit: cannot write to standard output: ") || len(names(t, dir)) != 2 {
		t.Errorf("%d, %q, %v", status, errs.String(), names(t, dir))
	}
}
