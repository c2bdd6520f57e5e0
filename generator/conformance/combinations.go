package conformance

import (
	"iter"
	"maps"
	"slices"

	"github.com/davit-cli/davit/wizard"
)

// Combinations yields Answers for every combination that the rules allow of
// the main questions: each single choice with each, every set of targets. Each
// comes without extras, with all of them, and with sets of them in turn, so
// that every set of extras meets every trio of dependencies, traffic and base.
// The confirmed values and what is known of the project rotate beneath, so
// that each profile of samples meets each trio as well.
func Combinations() iter.Seq[wizard.Answers] {
	var asked []wizard.Question
	for _, q := range wizard.Catalogue() {
		if q.Room == wizard.Main {
			asked = append(asked, q)
		}
	}
	extra, _ := wizard.Find("extra")
	sets := possible(extra) // none first, all last
	return func(yield func(wizard.Answers) bool) {
		n, turn := 0, 0
		next := func(a wizard.Answers) bool {
			some := sets[1 : len(sets)-1]
			for _, extras := range [][]string{sets[0], some[turn%len(some)], some[(turn+1)%len(some)], some[(turn+2)%len(some)], sets[len(sets)-1]} {
				n++
				if !yield(confirmed(with(a, "extra", extras), n)) {
					return false
				}
			}
			turn += 3
			return true
		}
		if answer(wizard.Defaults(), asked, next) {
			beneath(yield)
		}
	}
}

// beneath yields every set of what is confirmed several at a time, such as
// the backing services, with all targets and extras, in a few profiles each.
func beneath(yield func(wizard.Answers) bool) {
	full := wizard.Defaults()
	var several []wizard.Question
	for _, q := range wizard.Catalogue() {
		switch {
		case q.Multiple && q.Room == wizard.Confirm:
			several = append(several, q)
		case q.Multiple:
			sets := possible(q)
			full = with(full, q.ID, sets[len(sets)-1])
		}
	}
	traffic, _ := wizard.Find("traffic")
	n := 0
	for _, q := range several {
		for _, set := range possible(q) {
			for _, level := range traffic.Choices {
				n++
				if !yield(with(confirmed(with(full, "traffic", []string{level.ID}), n), q.ID, set)) {
					return
				}
			}
		}
	}
}

// with returns a with the question answered by values that the catalogue has.
func with(a wizard.Answers, id string, values []string) wizard.Answers {
	a = a.Clone()
	if err := a.Set(id, values...); err != nil {
		panic("conformance: " + err.Error())
	}
	return a
}

// answer yields every way to answer the questions that breaks no rule.
func answer(a wizard.Answers, questions []wizard.Question, yield func(wizard.Answers) bool) bool {
	if len(questions) == 0 {
		return len(wizard.Broken(a)) > 0 || yield(a)
	}
	for _, values := range possible(questions[0]) {
		if !answer(with(a, questions[0].ID, values), questions[1:], yield) {
			return false
		}
	}
	return true
}

// possible returns the values to try for a question of choices.
func possible(q wizard.Question) [][]string {
	var singles [][]string
	for _, c := range q.Choices {
		singles = append(singles, []string{c.ID})
	}
	if !q.Multiple {
		return singles
	}
	sets := subsets(q.Choices)
	if !q.Optional {
		sets = slices.DeleteFunc(sets, func(s []string) bool { return len(s) == 0 })
	}
	return sets
}

// most choices of which all sets are tried; of more, the sets of one and two,
// none and all.
const most = 6

func subsets(choices []wizard.Choice) [][]string {
	var sets [][]string
	for bits := range 1 << len(choices) {
		var set []string
		for i, c := range choices {
			if bits&(1<<i) != 0 {
				set = append(set, c.ID)
			}
		}
		if len(choices) <= most || len(set) <= 2 || len(set) == len(choices) {
			sets = append(sets, set)
		}
	}
	return sets
}

// samples are values for the questions that are typed: usual ones, the ends of
// what is allowed, and words that some file format takes for more than text.
var samples = map[string][]string{
	"name": {"api", "true", "shop-api", "null", "ab", "yes", "on", "no", "off",
		"a23456789-123456789-123456789-123456789-123456789-123456789-123"},
	"app":         {"main:app", "app.main:app", "shop.web.asgi:create_app", "_x.__init__:app.inner.asgi", "null:null"},
	"factory":     {"false", "true"},
	"app_dir":     {"", "src", "back-end/src", "", "services/api@v2/+x", "x-"},
	"port":        {"8000", "1024", "8080", "65535"},
	"health_path": {"/health", "", "/", "/api/v1/health:check", "/~a/@b+c=d,e.f-g_h"},
	"worker": {"", "celery -A app.tasks worker", "", "python -m app.worker --loglevel=INFO", "true", "arq: a,b=%d @c ...",
		"-c 0x10 1e3 null"},
	"image":        {"", "ghcr.io/acme/shop", "localhost:5000/a/b", "registry.example.com:443/team/x__y.z-1", "acme.azurecr.io/team/shop"},
	"organization": {"chainguard", "example.com"},
}

// projects are samples of what inspection finds out about the project.
var projects = []wizard.Project{
	{},
	{Package: true, SCMVersion: "setuptools-scm"},
	{Hashes: true},
	{Extras: []string{"server"}, Packages: map[string]string{"uvicorn": "0.54.0", "gunicorn": "27.0.1", "fastapi": "0.140.0"}},
	{Package: true, Groups: []string{"prod", "web_2"}, Packages: map[string]string{"uvicorn": "0.54.0", "gunicorn": "23.0.0", "uvicorn-worker": "0.4.0"}},
	{Packages: map[string]string{"psycopg2": "2.9.10", "lxml": "", "mysqlclient": "2.2.7", "python-magic": "", "opencv-python": "", "weasyprint": "66.0", "pyodbc": ""}},
	{Packages: map[string]string{"uvicorn": "", "celery": "5.6.0", "redis": "1!2.0.post1+local.7"}, Hashes: true, Extras: []string{"A.b-c_d"}},
	{Schemes: map[string]string{"postgres": "postgresql+psycopg_async", "mysql": "mariadb"},
		Parts: map[string]string{"DB_HOST": "postgres.host", "DB_PORT": "postgres.port", "POSTGRES_PASSWORD": "postgres.password", "POSTGRES_DB": "postgres.database", "_R": "redis.host"},
		Variables: map[string]string{
			"postgres": "SQLALCHEMY_DATABASE_URI", "mysql": "_X9", "mongodb": "APP__MONGO__URI", "redis": "CELERY_BROKER_URL",
			"rabbitmq": "A23456789_123456789_123456789_123456789_123456789_123456789_123456789_123456789_"}},
}

// files are the samples for Project.Files, by installer, where they are not
// the usual ones.
var files = map[string][]string{
	"uv":        {"pyproject.toml", "uv.lock", ".python-version", "packages/api/pyproject.toml"},
	"poetry":    {"back-end/pyproject.toml", "back-end/poetry.lock"},
	"pdm":       {"back-end/pyproject.toml", "back-end/pdm.lock"},
	"pipenv":    {"back-end/Pipfile", "back-end/Pipfile.lock"},
	"pip":       {"requirements/prod.txt", "requirements/base.txt"},
	"pyproject": {"pyproject.toml", "requirements.txt"},
}

// profiles is how many different sets of confirmed values are made: enough
// for the longest list of samples, and no divisor of the number of sets of
// targets times the sets of extras that come with each, so that all of them
// come past everywhere.
const profiles = 11

// confirmed fills in the values beneath the main answers from profile n.
func confirmed(a wizard.Answers, n int) wizard.Answers {
	p := n % profiles
	for i, q := range wizard.Catalogue() {
		if q.Room != wizard.Confirm {
			continue
		}
		if err := a.Set(q.ID, sample(a, q, p+i)...); err != nil {
			continue // the catalogue refuses this sample: the default stays
		}
	}
	for _, longest := range []int{wizard.LongestRelease, wizard.LongestOnCloudRun, wizard.LongestContainerApp} { // the longest name for DNS is too long for Helm, Cloud Run and Container Apps
		if a.CheckName() != nil {
			a.Name = a.Name[:min(longest, len(a.Name))]
		}
	}
	a.Project = projects[p%len(projects)]
	for _, r := range wizard.Broken(a) { // this base cannot have all of what the sample installs
		a.Project.Packages = maps.Clone(a.Project.Packages)
		maps.DeleteFunc(a.Project.Packages, func(name, _ string) bool { return slices.Contains(r.Packages, name) })
	}
	if own, ok := files[a.Dependencies]; ok && p%3 == 1 {
		a.Project.Files = own
		if a.Dependencies == "uv" {
			a.Project.Package, a.Project.Member = true, "shop-api"
		}
	}
	return a.Clone()
}

// sample returns the values number n for a question that is confirmed.
func sample(a wizard.Answers, q wizard.Question, n int) []string {
	if typed, ok := samples[q.ID]; ok {
		return []string{typed[n%len(typed)]}
	}
	if len(q.Choices) == 0 {
		return q.Default
	}
	if q.Multiple {
		sets := subsets(q.Choices)
		return sets[(n*5)%len(sets)]
	}
	for k := range q.Choices {
		if id := q.Choices[(n+k)%len(q.Choices)].ID; wizard.Excluded(a, q.ID, id) == "" {
			return []string{id}
		}
	}
	return q.Default
}
