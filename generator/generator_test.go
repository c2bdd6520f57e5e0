package generator

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/davit-cli/davit/assets"
	"github.com/davit-cli/davit/wizard"
)

// variants are all allowed answers to the questions that choose, each target
// alone and all together, with and without extras.
func variants() []wizard.Answers {
	choices := func(id string) []string {
		q, _ := wizard.Find(id)
		var list []string
		for _, c := range q.Choices {
			list = append(list, c.ID)
		}
		return list
	}
	var all []wizard.Answers
	for _, dependencies := range choices("dependencies") {
		for _, traffic := range choices("traffic") {
			for _, base := range choices("base") {
				for _, targets := range append([]string{strings.Join(choices("target"), ",")}, choices("target")...) {
					for _, extras := range []string{"", "dev,scripts", "ci-github,ci-gitlab,devcontainer,bake"} {
						a := wizard.Defaults()
						for id, v := range map[string]string{"dependencies": dependencies, "traffic": traffic, "base": base, "target": targets, "extra": extras} {
							if err := a.Set(id, v); err != nil {
								panic(err)
							}
						}
						if len(wizard.Broken(a)) == 0 {
							all = append(all, a)
						}
					}
				}
			}
		}
	}
	return all
}

// full adds everything that puts lines into files.
func full(a wizard.Answers) wizard.Answers {
	a = a.Clone()
	a.AppDir, a.Factory, a.HealthPath, a.Worker, a.Route = "src", true, "/health", "celery -A app worker", "ingress"
	a.Services, a.Image = []string{"postgres", "mysql", "mongodb", "redis", "rabbitmq"}, "registry.example.com/shop"
	a.Project = wizard.Project{Package: true, InAppDir: true, SCMVersion: "hatch-vcs", Packages: map[string]string{"psycopg2": "2.9.10", "sqlalchemy": "2.0.0", "asyncpg": ""}}
	if len(wizard.Broken(a)) > 0 {
		delete(a.Project.Packages, "psycopg2")
	}
	return a
}

func TestEveryVariantMakesCleanFiles(t *testing.T) {
	for _, v := range variants() {
		for _, a := range []wizard.Answers{v, full(v)} {
			files, err := Generate(a)
			if err != nil {
				t.Fatalf("%s: %v", a.Variant(), err)
			}
			seen := map[string]bool{}
			for _, f := range files {
				if seen[f.Path] {
					t.Errorf("%s: %s is made twice", a.Variant(), f.Path)
				}
				seen[f.Path] = true
				checkFile(t, a.Variant(), f)
			}
		}
	}
}

func checkFile(t *testing.T, variant string, f File) {
	t.Helper()
	where := variant + " " + f.Path
	if f.Purpose == "" || f.Language == "" || f.Mode == 0 {
		t.Errorf("%s: purpose, language or mode is missing", where)
	}
	if !strings.HasSuffix(f.Content, "\n") || strings.HasSuffix(f.Content, "\n\n") {
		t.Errorf("%s: must end with one newline", where)
	}
	lines := strings.Split(strings.TrimSuffix(f.Content, "\n"), "\n")
	for i, line := range lines {
		if strings.TrimRight(line, " \t") != line {
			t.Errorf("%s:%d: blanks at the end", where, i+1)
		}
		for _, artefact := range []string{markOpen, markClose, "<no value>", "{{why", "{{if", "{{end"} {
			if strings.Contains(line, artefact) {
				t.Errorf("%s:%d: %q is left over", where, i+1, artefact)
			}
		}
	}
	for _, n := range f.Notes {
		if n.First < 1 || n.Last < n.First || n.Last > len(lines) {
			t.Errorf("%s: note on lines %d to %d of %d", where, n.First, n.Last, len(lines))
		}
		if n.Question != "" {
			if _, ok := wizard.Find(n.Question); !ok {
				t.Errorf("%s: a note names the question %q, which does not exist", where, n.Question)
			}
		}
	}
}

func TestSameAnswersSameBytes(t *testing.T) {
	all := variants()
	before := map[string]string{}
	for _, a := range all {
		before[key(a)] = text(t, full(a))
	}
	slices.Reverse(all)
	for _, a := range all {
		if text(t, full(a)) != before[key(a)] {
			t.Errorf("%s differs the second time", a.Variant())
		}
	}
}

func key(a wizard.Answers) string { return a.Variant() + strings.Join(a.Extras, "+") }

func text(t *testing.T, a wizard.Answers) string {
	t.Helper()
	files, err := Generate(a)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, f := range files {
		b.WriteString(f.Path + "\n" + f.Content)
	}
	return b.String()
}

func TestInvalidAnswersMakeNothing(t *testing.T) {
	a := wizard.Defaults()
	a.Base, a.Dependencies = "alpine", "conda"
	files, err := Generate(a)
	if err == nil || files != nil {
		t.Fatalf("got %d files and error %v, want an error alone", len(files), err)
	}
}

// Every note in the table is used by a template, and the other way round
// rendering panics, so neither goes stale.
func TestEveryNoteIsUsed(t *testing.T) {
	used := map[string]bool{}
	for _, v := range variants() {
		if len(v.Targets) == 1 {
			continue // the variants with all targets have every line
		}
		for _, route := range []string{"none", "ingress", "httproute"} {
			for _, packages := range []map[string]string{nil, {"uvicorn": "0.5", "gunicorn": "27.0.0"}} {
				for _, a := range []wizard.Answers{v, full(v)} {
					a.Route = route
					if packages != nil {
						a.Project.Packages = packages
						a.Project.Hashes, a.Project.PrivateIndex = true, true
						a.App, a.Image = "app.main:container.app", "acme.azurecr.io/shop"
						a.Organization = "example.com"
					}
					files, err := Generate(a)
					if err != nil {
						t.Fatal(err)
					}
					for _, f := range files {
						for _, n := range f.Notes {
							used[n.Why] = true
						}
					}
				}
			}
		}
	}
	for id, n := range notes() {
		if n.Why == "" {
			t.Errorf("note %s says nothing", id)
		}
		if !used[n.Why] {
			t.Errorf("note %s is on no line of any variant", id)
		}
	}
}

func TestStarterIsForValidAnswers(t *testing.T) {
	a := StarterAnswers(wizard.Defaults())
	if err := a.Validate(); err != nil {
		t.Fatal(err)
	}
	files, err := Starter(a)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if f.Path == "app/main.py" && !strings.Contains(f.Content, `@app.get("/health")`) {
			t.Errorf("app/main.py has no route at %s", a.HealthPath)
		}
	}
}

func TestVersionTableIsWellFormed(t *testing.T) {
	v := versions()
	if _, err := time.Parse(time.DateOnly, v.Dated); err != nil {
		t.Errorf("dated: %v", err)
	}
	tagged := regexp.MustCompile(`^[a-z0-9./-]+(:[0-9]+)?(/[a-z0-9._-]+)*:[A-Za-z0-9][A-Za-z0-9._-]*$`)
	for id, image := range v.Images {
		if id == "uv" { // its tag is tools.uv
			continue
		}
		if !tagged.MatchString(image) || strings.HasSuffix(image, ":latest") {
			t.Errorf("images.%s: %q is no image with a full tag", id, image)
		}
	}
	version := regexp.MustCompile(`^[0-9]+(\.[0-9]+)+$`)
	for _, table := range []map[string]string{v.Tools, v.Servers} {
		for name, n := range table {
			if !version.MatchString(n) {
				t.Errorf("%s: %q is no version", name, n)
			}
		}
	}
	// Pipelines run nothing that could become something else.
	fixed := regexp.MustCompile(`^[a-z0-9/-]+:[A-Za-z0-9][A-Za-z0-9._-]*@sha256:[0-9a-f]{64}$`)
	for id, image := range v.CI.Images {
		if !fixed.MatchString(image) {
			t.Errorf("ci.images.%s: %q is no image with its tag and digest", id, image)
		}
	}
	for _, n := range []string{v.CI.Buildx, v.CI.Trivy} {
		if !version.MatchString(n) {
			t.Errorf("ci: %q is no version", n)
		}
	}
	if !strings.Contains(v.CI.Images["trivy"], ":"+v.CI.Trivy+"@") {
		t.Errorf("both pipelines are to scan with Trivy %s, one has %s", v.CI.Trivy, v.CI.Images["trivy"])
	}
	commit, release := regexp.MustCompile(`^[0-9a-f]{40}$`), regexp.MustCompile(`^v[0-9]+\.[0-9]+\.[0-9]+$`)
	for name, a := range v.CI.Actions {
		if !commit.MatchString(a.Commit) || !release.MatchString(a.Version) {
			t.Errorf("ci.actions.%q: %+v is no full commit with its version", name, a)
		}
	}
	q, _ := wizard.Find("service")
	for _, c := range q.Choices {
		if v.Images[c.ID] == "" || portOf(c.ID) == 0 {
			t.Errorf("service %s has no image or no port", c.ID)
		}
	}
	// Each Python that rules and catalogue let through on distroless has its base.
	python, _ := wizard.Find("python")
	for _, c := range python.Choices {
		a := wizard.Defaults()
		a.Base = "distroless"
		if wizard.Excluded(a, "python", c.ID) == "" && v.Distroless[v.Debian.Distroless[c.ID]] == "" {
			t.Errorf("distroless has no image for Python %s", c.ID)
		}
	}
}

func TestSystemPackageTableIsWellFormed(t *testing.T) {
	name := regexp.MustCompile(`^[a-z0-9][a-z0-9.+-]*$`)
	for _, id := range slices.Sorted(maps.Keys(systemTable())) {
		n := systemTable()[id]
		all := slices.Concat(n.Debian.Build, n.Debian.Run, n.Alpine.Build, n.Alpine.Run)
		if len(all) == 0 {
			t.Errorf("%s needs nothing, so it need not be listed", id)
		}
		for _, p := range all {
			if !name.MatchString(p) {
				t.Errorf("%s: %q is no package name", id, p)
			}
		}
	}
	if !strings.Contains(assets.SystemPackages, "[psycopg2]") {
		t.Error("psycopg2 is missing")
	}
}

// The wizard's rules list what the table has: Chainguard's packages are in no table.
func TestWhatNeedsTheSystemIsNotForChainguard(t *testing.T) {
	for id, n := range systemTable() {
		a := wizard.Defaults()
		a.Base, a.Project.Packages = "chainguard", map[string]string{id: ""}
		if len(wizard.Broken(a)) != 1 {
			t.Errorf("%s is allowed, and needs the system's %v", id, n)
		}
		if n.Unless == "" {
			continue
		}
		a.Project.Packages[n.Unless] = ""
		if need := systemPackages(a); len(wizard.Broken(a)) > 0 || len(need.Build)+len(need.Run) > 0 {
			t.Errorf("%s beside %s: %v, needs %v", id, n.Unless, wizard.Broken(a), need)
		}
	}
}

func BenchmarkGenerate(b *testing.B) {
	a := wizard.Defaults()
	a.Traffic, a.Targets, a.HealthPath = "high", []string{"docker", "compose", "kubernetes"}, "/health"
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Generate(a); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkGenerateAll(b *testing.B) {
	all := variants()
	b.ReportAllocs()
	for b.Loop() {
		for _, a := range all {
			if _, err := Generate(a); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(len(all)), "variants")
}

// Every action of the table is used, and what GitHub's expressions look like
// in a template is what they look like in the workflow.
func TestTheWorkflowIsWrittenAsItsTemplate(t *testing.T) {
	a := wizard.Defaults()
	a.Extras = []string{"ci-github"}
	files, err := Generate(a)
	if err != nil {
		t.Fatal(err)
	}
	workflow := ""
	for _, f := range files {
		if f.Path == ".github/workflows/image.yaml" {
			workflow = f.Content
		}
	}
	for name, action := range versions().CI.Actions {
		if !strings.Contains(workflow, "uses: "+name+"@"+action.Commit+" # "+action.Version+"\n") {
			t.Errorf("no step uses %s", name)
		}
	}
	for _, expression := range []string{"group: ${{ github.workflow }}-${{ github.ref }}\n", "format('type=gha,scope={0},mode=max', matrix.arch) || '' }}\n"} {
		if !strings.Contains(workflow, expression) {
			t.Errorf("%q is not in the workflow", expression)
		}
	}
}

// An attestation is of a name with its registry, Docker Hub included.
func TestTheProvenanceIsOfTheImageThatIsPushed(t *testing.T) {
	for image, want := range map[string]string{
		"": "subject-name: ${{ steps.push.outputs.image }}\n", "acme/shop": "subject-name: docker.io/acme/shop\n",
		"docker.io/acme/shop": "subject-name: docker.io/acme/shop\n", "ghcr.io/acme/shop": "subject-name: ghcr.io/acme/shop\n",
	} {
		a := wizard.Defaults()
		a.Extras, a.Image = []string{"ci-github"}, image
		if made := text(t, a); !strings.Contains(made, want) {
			t.Errorf("image %q: no %q", image, want)
		}
	}
}

func TestARegistryIsKnownByItsName(t *testing.T) {
	for image, want := range map[string]string{
		"shop": "docker.io", "acme/shop": "docker.io", "ghcr.io/acme/shop": "ghcr.io", "localhost/shop": "localhost",
		"localhost:5000/a/b": "localhost:5000", "registry.example.com:443/team/x": "registry.example.com:443", "": "docker.io",
	} {
		if got := registry(image); got != want {
			t.Errorf("%s: got %s, want %s", image, got, want)
		}
	}
}

// A shell takes each quoted word for the word that it was.
func TestShellWordsStayWhole(t *testing.T) {
	for word, want := range map[string]string{
		"plain": "plain", "a b": "'a b'", "it's": `"it's"`, `it's $HOME "x" \ ` + "`y`": `"it's \$HOME \"x\" \\ ` + "\\`y\\`\"",
		"": "''", "db.adminCommand('ping').ok": `"db.adminCommand('ping').ok"`,
	} {
		if got := shellWord(word); got != want {
			t.Errorf("%s: got %s, want %s", word, got, want)
		}
	}
}
