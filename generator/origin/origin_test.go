package origin

import (
	"slices"
	"strings"
	"testing"

	"github.com/davit-cli/davit/generator"
	"github.com/davit-cli/davit/wizard"
)

// with is the defaults with some answers changed, written as "base=alpine".
func with(t *testing.T, changes ...string) wizard.Answers {
	t.Helper()
	a := wizard.Defaults()
	for _, c := range changes {
		id, value, _ := strings.Cut(c, "=")
		if err := a.Set(id, value); err != nil {
			t.Fatal(err)
		}
	}
	return a
}

func TestALineComesFromTheAnswersThatChangeIt(t *testing.T) {
	for _, c := range []struct {
		answers []string
		path    string
		line    string // its beginning
		want    string // the questions, the first one the most particular
	}{
		{nil, "Dockerfile", "ARG PYTHON_VERSION", "python dependencies base"},
		{nil, "Dockerfile", "EXPOSE 8000", "port"},
		{nil, "Dockerfile", "CMD [\"uvicorn\"", "app factory port traffic target"},
		{nil, "Dockerfile", "USER 10001", ""},
		{nil, "Dockerfile", "# syntax=", ""},
		{nil, "Dockerfile", "COPY --from=uv", "dependencies"},
		{[]string{"base=distroless"}, "Dockerfile", "FROM gcr.io/distroless", "base"},
		{[]string{"target=compose", "service=redis"}, "compose.yaml", "  redis:", "service target"},
		{[]string{"target=compose"}, "compose.yaml", "services:", "target"},
		{[]string{"target=kubernetes"}, "k8s/base/service.yaml", "  name: api", "name target"},
		{[]string{"traffic=high"}, "gunicorn.conf.py", "workers", "traffic"},
		{[]string{"extra=scripts"}, "scripts/build", "#!/bin/sh", "extra"},
	} {
		a := with(t, c.answers...)
		files, err := Of(a, generator.Generate)
		if err != nil {
			t.Fatal(err)
		}
		all, err := generator.Generate(a)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(all, func(f generator.File) bool { return f.Path == c.path })
		if i < 0 {
			t.Fatalf("%v give no %s", c.answers, c.path)
		}
		n := slices.IndexFunc(strings.Split(all[i].Content, "\n"), func(l string) bool { return strings.HasPrefix(l, c.line) })
		if n < 0 {
			t.Fatalf("%s has no line %q:\n%s", c.path, c.line, all[i].Content)
		}
		var got []string
		for _, cause := range files[c.path].Line(n) {
			got = append(got, cause.Question)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%v: %s in %s comes from %v, not %s", c.answers, c.line, c.path, got, c.want)
		}
	}
}

// What is told is true, tried on every line by other means than those by which
// it was worked out: a line that an alternative takes away occurs there less
// often or in another order, and one that nobody takes away occurs everywhere.
func TestWhatIsToldIsTrueOfEveryLine(t *testing.T) {
	for _, answers := range [][]string{
		{"target=compose,kubernetes", "service=postgres,redis", "traffic=high", "worker=celery -A app worker"},
		{"base=distroless", "dependencies=pip", "target=fly,cloud-run,swarm"},
		{"base=alpine", "dependencies=poetry", "extra=dev,scripts,ci-github,bake"},
		{"dependencies=conda", "python=3.12", "health_path=/up"},
	} {
		a := with(t, answers...)
		files, err := generator.Generate(a)
		if err != nil {
			t.Fatal(err)
		}
		found, err := Of(a, generator.Generate)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			lines := strings.Split(strings.TrimSuffix(f.Content, "\n"), "\n")
			causes := make([][]Cause, len(lines))
			for n := range lines {
				causes[n] = found[f.Path].Line(n)
			}
			for _, alt := range alternatives(a) {
				trial := a.Clone()
				if alt.question == Project || trial.Set(alt.question, alt.values...) != nil || trial.Validate() != nil {
					continue
				}
				there, err := generator.Generate(trial)
				if err != nil {
					t.Fatal(err)
				}
				var kept []string
				for n, line := range lines {
					told := slices.ContainsFunc(causes[n], func(c Cause) bool { return c.Question == alt.question && slices.Contains(c.Without, alt.changed) })
					if !told {
						kept = append(kept, line)
					}
				}
				i := slices.IndexFunc(there, func(o generator.File) bool { return o.Path == f.Path })
				switch {
				case i < 0 && len(kept) > 0:
					t.Errorf("%v: %s goes with %s %s, and it is not told of %q", answers, f.Path, alt.question, alt.changed, kept[0])
				case i >= 0 && !within(kept, strings.Split(there[i].Content, "\n")):
					t.Errorf("%v: with %s %s some lines of %s go of which it is not told", answers, alt.question, alt.changed, f.Path)
				case i >= 0 && len(kept) == len(lines) && there[i].Content != f.Content && within(strings.Split(there[i].Content, "\n"), lines):
					t.Errorf("%v: with %s %s lines of %s go, and none is told", answers, alt.question, alt.changed, f.Path)
				case i >= 0 && len(kept) < len(lines) && within(lines, strings.Split(there[i].Content, "\n")):
					t.Errorf("%v: with %s %s all lines of %s stay, and some are told to go", answers, alt.question, alt.changed, f.Path)
				}
			}
		}
	}
}

// within reports whether some lines occur in others, in their order.
func within(some, all []string) bool {
	for _, line := range all {
		if len(some) > 0 && some[0] == line {
			some = some[1:]
		}
	}
	return len(some) == 0
}

// Where a rule forbids the alternative, what has to change along with it is not
// told as its effect.
func TestAnAlternativeThatNeedsAnotherIsToldAlone(t *testing.T) {
	for question, c := range map[string]struct {
		answers string
		its     []string // what the question does decide
	}{
		"python": {"base=distroless", nil},                                                    // the base decides the version
		"base":   {"dependencies=conda", []string{"groupadd", "useradd --uid", "compileall"}}, // done in another way elsewhere
	} {
		a := with(t, c.answers)
		answers := c.answers
		found, err := Of(a, generator.Generate)
		if err != nil {
			t.Fatal(err)
		}
		files, err := generator.Generate(a)
		if err != nil {
			t.Fatal(err)
		}
		tried := slices.ContainsFunc(found["Dockerfile"].changes, func(c change) bool { return c.question == question })
		if !tried {
			t.Errorf("no other answer to %s was tried beside %s", question, answers)
		}
		for n, line := range strings.Split(files[0].Content, "\n") {
			for _, cause := range found["Dockerfile"].Line(n) {
				if cause.Question == question && !slices.ContainsFunc(c.its, func(s string) bool { return strings.Contains(line, s) }) {
					t.Errorf("%s: %q is told to come from %s", answers, line, question)
				}
			}
		}
	}
}

func TestWhatInspectionFoundIsACauseToo(t *testing.T) {
	a := wizard.Defaults()
	a.Project.Packages = map[string]string{"psycopg2": "2.9.10", "uvicorn": "0.54.0"}
	found, err := Of(a, generator.Generate)
	if err != nil {
		t.Fatal(err)
	}
	files, err := generator.Generate(a)
	if err != nil {
		t.Fatal(err)
	}
	for n, line := range strings.Split(files[0].Content, "\n") {
		if strings.Contains(line, "libpq5") {
			if !slices.ContainsFunc(found["Dockerfile"].Line(n), func(c Cause) bool { return c.Question == Project && c.Always }) {
				t.Errorf("%q does not come from the project: %+v", line, found["Dockerfile"].Line(n))
			}
			return
		}
	}
	t.Fatalf("no libpq5 in\n%s", files[0].Content)
}

func BenchmarkOf(b *testing.B) {
	a := wizard.Defaults()
	for b.Loop() {
		if _, err := Of(a, generator.Generate); err != nil {
			b.Fatal(err)
		}
	}
}
