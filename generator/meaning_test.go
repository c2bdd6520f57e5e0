package generator

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/davit-cli/davit/wizard"
)

// What is told is what the files say: read here in another way than there.
func TestMeaningIsWhatTheFilesSay(t *testing.T) {
	layer, user := regexp.MustCompile(`(?m)^(RUN|COPY|ADD|WORKDIR) `), regexp.MustCompile(`(?m)^USER (.*)$`)
	for _, v := range variants() {
		if len(v.Extras) > 2 {
			continue // none of which changes what ships
		}
		for _, a := range []wizard.Answers{v, full(v)} {
			files, err := Generate(a)
			if err != nil {
				t.Fatal(err)
			}
			m := Describe(a, files)
			dockerfile := files[0].Content
			stage := dockerfile[strings.LastIndex(dockerfile, "\nFROM ")+1:]
			if want := len(layer.FindAllString(stage, -1)); m.Layers != want {
				t.Errorf("%s: %d layers, the Dockerfile adds %d", a.Variant(), m.Layers, want)
			}
			users := user.FindAllStringSubmatch(stage, -1)
			if want := users[len(users)-1][1]; m.User != want {
				t.Errorf("%s: user %s, the Dockerfile ends with %s", a.Variant(), m.User, want)
			}
			from := strings.Fields(stage)[1]
			if want := strings.Replace(from, "${PYTHON_VERSION}", a.Python, 1); m.Base != want || weighable(a) && m.BaseMB == 0 {
				t.Errorf("%s: starts from %q of %g MB, the Dockerfile from %s", a.Variant(), m.Base, m.BaseMB, want)
			}
			for _, installer := range []string{"=uv ", "=micromamba ", "/opt/", "gcc", "build-base"} {
				if strings.Contains(stage, installer) {
					t.Errorf("%s: %s is in what ships, and not told", a.Variant(), installer)
				}
			}
			processesAre(t, a, files, m)
		}
	}
}

// weighable reports whether anybody may pull what ships.
func weighable(a wizard.Answers) bool { return a.Base != "chainguard" }

// settingProcesses is how the languages of the files set their number.
var settingProcesses = []*regexp.Regexp{
	regexp.MustCompile(`(?:WORKERS|WEB_CONCURRENCY)=(\d+)`),
	regexp.MustCompile(`"(?:WORKERS|WEB_CONCURRENCY)", (?:"value": )?"(\d+)"`),
	regexp.MustCompile(`(?:WORKERS|WEB_CONCURRENCY)(?:: "| = "|\n +value: ")(\d+)"`),
}

// processesAre compares the numbers of processes with the files that set them.
func processesAre(t *testing.T, a wizard.Answers, files []File, m Meaning) {
	t.Helper()
	set := func(f File) (n string) {
		for _, pattern := range settingProcesses {
			if found := pattern.FindStringSubmatch(f.Content); found != nil {
				n = found[1]
			}
		}
		return n
	}
	image, one := "1", map[string]bool{}
	places := map[string]string{"k8s/base/kustomization.yaml": "kubernetes", "values.yaml": "helm", "service.yaml": "cloud-run", "fly.toml": "fly", "ecs/task-definition.json": "ecs", "container-app.yaml": "container-apps", "stack.yaml": "swarm", "compose.prod.yaml": "compose"}
	for _, f := range files {
		n, place := set(f), f.Path
		if strings.HasPrefix(place, "charts/") { // in a folder called like the service
			place = path.Base(place)
		}
		switch {
		case n == "":
		case f.Path == "Dockerfile" || f.Path == "gunicorn.conf.py" || f.Path == "serve.py":
			image = n
		case places[place] != "" && n == "1":
			one[places[place]] = true
		}
	}
	if image != fmt.Sprint(m.Processes) {
		t.Errorf("%s: %d processes, the files start %s", a.Variant(), m.Processes, image)
	}
	for _, target := range a.Targets {
		if one[target] != slices.Contains(m.OneOn, target) {
			t.Errorf("%s: one process on %v, the files of %s set one: %t", a.Variant(), m.OneOn, target, one[target])
		}
	}
}

// Every image that can ship is weighed, and nothing else is.
func TestEveryRuntimeImageIsWeighed(t *testing.T) {
	if _, err := time.Parse(time.DateOnly, versions().Weighed.Dated); err != nil {
		t.Error(err)
	}
	unused := map[string]bool{}
	for image := range versions().Weighed.MB {
		unused[image] = true
	}
	python, _ := wizard.Find("python")
	for _, v := range variants() {
		if len(v.Extras) > 0 || v.Targets[0] != "docker" || len(v.Targets) > 1 {
			continue // which change nothing of what ships
		}
		for _, p := range python.Choices {
			a := v
			a.Python = p.ID
			files, err := Generate(a)
			if err != nil {
				continue // distroless with another Python
			}
			m := Describe(a, files)
			if weighable(a) != (m.BaseMB > 5 && m.BaseMB < 200) {
				t.Errorf("%s with Python %s: %s weighs %g MB?", a.Variant(), p.ID, m.Base, m.BaseMB)
			}
			delete(unused, m.Base)
			a.Pins = map[string]string{m.Base: "sha256:" + strings.Repeat("0", 64)}
			if files, err = Generate(a); err != nil {
				t.Fatal(err)
			}
			if pinned := Describe(a, files); pinned.Base != m.Base {
				t.Errorf("%s is called %s where it is pinned", m.Base, pinned.Base)
			}
		}
	}
	for image := range unused {
		t.Errorf("weighed: %s is in no variant", image)
	}
}

func TestEveryBaseIsDescribed(t *testing.T) {
	base, _ := wizard.Find("base")
	kinds := []string{"conda"}
	for _, c := range base.Choices {
		kinds = append(kinds, c.ID)
	}
	for _, k := range kinds {
		in, ok := versions().Inside[k]
		if !ok {
			t.Errorf("inside.%s is missing", k)
		}
		if (in.Shell == "") != (len(in.Tools) == 0) {
			t.Errorf("inside.%s: %+v", k, in)
		}
	}
	if len(versions().Inside) != len(kinds) {
		t.Errorf("inside has %d kinds, %d can be", len(versions().Inside), len(kinds))
	}
}

// Gains and costs are the catalogue's, for each main answer in its order.
func TestMeaningSpeaksTheCataloguesWords(t *testing.T) {
	a := wizard.Defaults()
	a.Targets = []string{"compose", "fly"}
	files, err := Generate(a)
	if err != nil {
		t.Fatal(err)
	}
	m := Describe(a, files)
	var said []string
	for i, p := range m.Gains {
		q, _ := wizard.Find(p.Question)
		c, _ := q.Choice(p.Choice)
		if p.Text == "" || p.Text != c.Gain || m.Costs[i].Text != c.Cost {
			t.Errorf("%+v and %+v, the catalogue says %q and %q", p, m.Costs[i], c.Gain, c.Cost)
		}
		said = append(said, p.Choice)
	}
	if got := strings.Join(said, " "); got != "uv low slim compose fly" {
		t.Errorf("said: %s", got)
	}
}

// Two meanings stand beside each other, and nothing of one is left empty.
func TestAspectsAreTheSameForEveryVariant(t *testing.T) {
	var names []string
	for _, targets := range []string{"docker", "kubernetes"} {
		for _, base := range []string{"slim", "distroless"} {
			a := wizard.Defaults()
			a.Base, a.Traffic, a.Targets = base, "high", []string{targets}
			files, err := Generate(a)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, aspect := range Describe(a, files).Aspects() {
				got = append(got, aspect.Name)
				if aspect.Text == "" {
					t.Errorf("%s of %s is empty", aspect.Name, a.Variant())
				}
			}
			if names == nil {
				names = got
			}
			if !slices.Equal(got, names) {
				t.Errorf("%s has %v", a.Variant(), got)
			}
		}
	}
}
