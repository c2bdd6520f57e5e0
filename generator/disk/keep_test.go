package disk

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/davit-cli/davit/generator"
	"github.com/davit-cli/davit/wizard"
)

func TestTheListOfKeptFilesIsChecked(t *testing.T) {
	for text, want := range map[string]string{
		"keep: [Dockerfile, ./k8s/base.yaml]": "",
		"keep: Dockerfile":                    "",
		"keep:":                               "",
		"keep: [1]":                           "d.yaml:1: keep must be a list of files below the project",
		"keep: {a: b}":                        "keep must be a list of files",
		"keep: [../x]":                        "keep must have files below the project, such as Dockerfile, and ../x is none",
		"keep: [/etc/passwd]":                 "is none",
		"keep: [k8s/]":                        "is none",
		"keep: [.]":                           "is none",
		"keep: [\"a\\u001b[2J\"]":             "is none",
		"keep: [.git/config]":                 "is none",
		"keep: [a, ./a]":                      "keep has a twice",
		"keep: [davit.yaml]":                  "keep cannot have davit.yaml",
		"keep: [./davit.lock]":                "keep cannot have davit.lock",
	} {
		r, err := ParseAnswers("d.yaml", []byte(text+"\n"))
		switch {
		case want == "" && err != nil:
			t.Errorf("%s: %v", text, err)
		case want == "" && strings.Contains(text, "base") && !slices.Equal(r.Keep, []string{"Dockerfile", "k8s/base.yaml"}):
			t.Errorf("%s: %q", text, r.Keep)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%s: got %v, want %q", text, err, want)
		}
	}
}

func TestTheListOfKeptFilesIsWrittenInItsForm(t *testing.T) {
	const block = "# ours\nkeep: # see wiki\n  # the old one\n  - Dockerfile # since 2019\n  - \"b c\"\n\nbase: slim\n"
	for name, c := range map[string]struct {
		text string
		keep []string
		want string
	}{
		"none before":      {"base: slim\n", []string{"Dockerfile"}, "base: slim\n\n# Files of your own, which davit leaves alone.\nkeep: [Dockerfile]\n"},
		"no end of line":   {"base: slim", []string{"a b"}, "base: slim\n\n# Files of your own, which davit leaves alone.\nkeep: [\"a b\"]\n"},
		"one more":         {"keep: [Dockerfile] # old\nbase: slim\n", []string{"Dockerfile", "a/b"}, "keep: [Dockerfile, a/b]  # old\nbase: slim\n"},
		"none any more":    {"keep: [Dockerfile] # old\nbase: slim\n", nil, "keep: []  # old\nbase: slim\n"},
		"the same":         {block, []string{"Dockerfile", "b c"}, block},
		"a block, more":    {block, []string{"Dockerfile", "b c", "x"}, strings.Replace(block, "\"b c\"\n", "\"b c\"\n  - x\n", 1)},
		"a block, fewer":   {block, []string{"b c"}, strings.Replace(block, "  - Dockerfile # since 2019\n", "", 1)},
		"a block, others":  {block, []string{"x"}, "# ours\nkeep: # see wiki\n  # the old one\n  - x\n\nbase: slim\n"},
		"several lines":    {"keep: [a,\n  b]\nbase: slim\n", []string{"a"}, "keep: [a]\nbase: slim\n"},
		"one word":         {"keep: a\nbase: slim\n", []string{"a", "b"}, "keep: [a, b]\nbase: slim\n"},
		"block at the end": {"base: slim\nkeep:\n- a", []string{"a", "b"}, "base: slim\nkeep:\n- a\n- b\n"},
	} {
		without := wizard.Defaults()
		r := parse(t, c.text)
		a, err := r.Over(without)
		if err != nil {
			t.Fatal(err)
		}
		r = r.Keeping(c.keep)
		got := r.Record(a, without).Content
		if got != c.want {
			t.Errorf("%s: got:\n%s\nwant:\n%s", name, got, c.want)
		}
		if again := parse(t, got); !slices.Equal(again.Keep, c.keep) {
			t.Errorf("%s: it reads as %q", name, again.Keep)
		}
	}
	r := parse(t, `{"base": "slim", "keep": ["Dockerfile"]}`).Keeping([]string{"Dockerfile", "x"})
	if again := parse(t, r.Record(set(t, wizard.Defaults(), map[string]string{"base": "alpine"}), wizard.Defaults()).Content); !slices.Equal(again.Keep, []string{"Dockerfile", "x"}) {
		t.Errorf("of JSON: %q", again.Keep)
	}
}

func TestAFileThatIsKeptIsLeftAlone(t *testing.T) {
	dir := written(t, file("older", "1\n"), file("edited", "1\n"), file("unneeded", "1\n"))
	put(t, dir, "edited", "mine\n")
	put(t, dir, "foreign", "mine\n")
	plan, err := Compare(dir, []generator.File{file("older", "2\n"), file("edited", "2\n"), file("foreign", "1\n"), file("missing", "1\n")},
		"older", "edited", "foreign", "missing", "unneeded")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range plan.Entries {
		if e.State() != Listed || e.Status != Kept || e.Exists() != (e.Path != "missing") {
			t.Errorf("%s is %s, %s", e.Path, e.Status, e.State())
		}
	}
	if plan.Unneeded != nil {
		t.Errorf("not needed: %v", plan.Unneeded)
	}
	for _, d := range []Decision{Fail, Skip, Overwrite, Backup, Merge, Marked} {
		report, err := plan.Write(context.Background(), plan.Decide(d))
		if err != nil || len(report.Written) > 0 {
			t.Errorf("%s: %v, %v", d, report.Written, err)
		}
	}
	if got := contents(t, dir); got["older"] != "1\n" || got["edited"] != "mine\n" || got["foreign"] != "mine\n" || got["missing"] != "" {
		t.Errorf("%q", got)
	}
}

func TestAPlanKnowsWhichFilesThereWillBe(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "alembic.ini"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	p, err := Compare(dir, []generator.File{{Path: "Dockerfile", Mode: 0o644}, {Path: "compose.yaml", Mode: 0o644}}, "compose.yaml")
	if err != nil {
		t.Fatal(err)
	}
	d := p.Decide(Fail)
	for path, want := range map[string]bool{
		"alembic.ini": true, "Dockerfile": true, "fly.toml": false,
		"compose.yaml": false, // davit.yaml keeps it, and it is not there
	} {
		if p.Has(path, d) != want {
			t.Errorf("%s: %v", path, !want)
		}
	}
	if d["Dockerfile"], d["alembic.ini"] = Skip, Remove; p.Has("Dockerfile", d) || p.Has("alembic.ini", d) {
		t.Error("what is not written, or removed, counts as there")
	}
}

func TestAPlanKnowsWhatIsNotDavits(t *testing.T) {
	dir := tree(t, map[string]string{"older": "1\n", "edited": "1\n2\n3\n"})
	if _, err := compare(t, dir, file("older", "1\n"), file("edited", "1\n2\n3\n")).Write(t.Context(), Decisions{"older": Skip, "edited": Skip}); err != nil {
		t.Fatal(err)
	}
	put(t, dir, "edited", "mine\n2\n3\n")
	put(t, dir, "foreign", "mine\n")
	put(t, dir, "same", "1\n")
	plan := compare(t, dir, file("older", "2\n"), file("edited", "1\n2\n4\n"), file("foreign", "1\n"), file("same", "1\n"), file("new", "1\n"))
	plan = plan.Pick("foreign", "a part\n")
	for decision, want := range map[Decision]map[string]string{
		Overwrite: {},
		Backup:    {},
		Skip:      {"older": "1\n", "edited": "mine\n2\n3\n", "foreign": "mine\n"},
		Keep:      {"older": "1\n", "edited": "mine\n2\n3\n", "foreign": "mine\n"},
		Merge:     {"older": "1\n", "edited": "mine\n2\n4\n", "foreign": "mine\n"},
		Picked:    {"older": "1\n", "edited": "mine\n2\n3\n", "foreign": "a part\n"},
	} {
		got := map[string]string{}
		d := Decisions{}
		for _, e := range plan.Entries {
			d[e.Path] = decision
			if text, ok := plan.Own(e.Path, d); ok {
				got[e.Path] = text
			}
		}
		if !maps.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", decision, got, want)
		}
	}
	if text, ok := plan.Own("another", Decisions{}); ok {
		t.Errorf("a file that is not davit's has %q", text)
	}
}
