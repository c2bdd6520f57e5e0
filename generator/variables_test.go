package generator

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/davit-cli/davit/wizard"
)

// read are names that apps read, and usual the words for the usual ones in any
// file: the variable, its secret, and the secret in a platform's store.
var (
	read = map[string]string{
		"postgres": "SQLALCHEMY_DATABASE_URI", "mysql": "LEGACY_STORE", "mongodb": "APP__MONGO__URI", "redis": "CELERY_BROKER_DSN", "rabbitmq": "_EVENTS_ADDRESS",
	}
	usual = regexp.MustCompile(`(?i)\b(DATABASE|MYSQL|MONGODB|REDIS|AMQP)[_-]URL(_FILE)?\b`)
)

func TestEveryTargetCarriesTheVariablesThatTheAppReads(t *testing.T) {
	q, _ := wizard.Find("target")
	for _, c := range q.Choices {
		for _, extras := range []string{"", "dev,scripts,bake,devcontainer", "ci-github,ci-gitlab"} {
			a := wizard.Defaults()
			if err := a.Set("extra", extras); err != nil {
				t.Fatal(err)
			}
			a.Targets = []string{c.ID}
			a = full(a)
			a.Project.Variables = read
			if err := a.Validate(); err != nil {
				t.Fatal(err)
			}
			made, err := Generate(a)
			if err != nil {
				t.Fatal(err)
			}
			var all strings.Builder
			for _, f := range made {
				all.WriteString(f.Content)
				if found := usual.FindString(f.Content); found != "" {
					t.Errorf("%s of %s has %s", f.Path, c.ID, found)
				}
				for _, n := range f.Notes {
					if found := usual.FindString(n.Why); found != "" {
						t.Errorf("a note of %s speaks of %s", f.Path, found)
					}
				}
			}
			all.WriteString(strings.Join(Listing(Next(a, func(path string) bool {
				return path != "compose.yaml" && (path == "alembic.ini" || slices.ContainsFunc(made, func(f File) bool { return f.Path == path }))
			}, func(string) (string, bool) { return "", false })), "\n"))
			if found := usual.FindString(all.String()); found != "" {
				t.Errorf("a next step of %s has %s", c.ID, found)
			}
			for service, name := range read {
				// An image by itself is validated with what its user gives.
				there := regexp.MustCompile(`\b` + name + `(_FILE)?\b`).MatchString(all.String())
				if alone := c.ID == "docker" && a.HasExtra("scripts"); there == alone {
					t.Errorf("%s with %s: there is %s for %s: %t", c.ID, extras, name, service, there)
				}
			}
		}
	}
}

func TestVariablesOfTwoServicesDiffer(t *testing.T) {
	for name, c := range map[string]struct{ services, found, want string }{
		"none is known":                      {"postgres mysql redis", "", "postgres=DATABASE_URL mysql=MYSQL_URL redis=REDIS_URL"},
		"the usual one is another's":         {"postgres mysql", "mysql=DATABASE_URL", "postgres=POSTGRES_URL mysql=DATABASE_URL"},
		"one for both":                       {"postgres redis", "postgres=STORE_URL redis=STORE_URL", "postgres=STORE_URL redis=REDIS_URL"},
		"one for both, of the usual":         {"postgres redis", "postgres=REDIS_URL redis=REDIS_URL", "postgres=REDIS_URL redis=REDIS_URI"},
		"secrets that would be called alike": {"postgres redis", "postgres=DB__URL redis=DB_URL", "postgres=DB__URL redis=REDIS_URL"},
		"of a service that is not there":     {"redis", "postgres=REDIS_URL", "redis=REDIS_URL"},
	} {
		t.Run(name, func(t *testing.T) {
			a := wizard.Defaults()
			a.Services = strings.Fields(c.services)
			a.Project.Variables = pairs(c.found)
			if got := variables(a); !maps.Equal(got, pairs(c.want)) {
				t.Errorf("got %v, want %s", got, c.want)
			}
		})
	}
}

func pairs(list string) map[string]string {
	all := map[string]string{}
	for _, word := range strings.Fields(list) {
		service, name, _ := strings.Cut(word, "=")
		all[service] = name
	}
	return all
}

// Swarm and Container Apps take no longer or odder names of secrets.
func TestSecretsAreCalledAfterTheirVariables(t *testing.T) {
	for variable, want := range map[string][2]string{
		"DATABASE_URL": {"database_url", "database-url"}, "APP__DB__URL": {"app__db__url", "app-db-url"}, "_X_": {"x", "x"},
		"A2345678901234567890123456789012345_URL": {"a2345678901234567890123456789012345", "a2345678901234567890123456789012345"},
	} {
		if file, key := secretName(variable), storeKey(variable); file != want[0] || key != want[1] {
			t.Errorf("%s: %s, %s; want %v", variable, file, key, want)
		}
	}
}

// Parts are known of what runs beside the service. In production they are of use
// where the app reads the password as well.
func TestPartsOfAddresses(t *testing.T) {
	a := wizard.Defaults()
	a.Targets, a.Services, a.Worker = []string{"compose", "swarm", "fly"}, []string{"postgres", "redis"}, "celery -A app worker"
	a.Project.Parts = map[string]string{
		"POSTGRES_SERVER": "postgres.host", "POSTGRES_PORT": "postgres.port", "POSTGRES_USER": "postgres.user", "POSTGRES_PASSWORD": "postgres.password", "POSTGRES_DB": "postgres.database",
		"REDIS_HOST": "redis.host", "MONGO_HOST": "mongodb.host", // the last is of a service that is not there
	}
	made, err := Generate(a)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range made {
		want := 0
		if f.Path == "compose.yaml" {
			want = 2 // service and worker
			for _, line := range []string{`POSTGRES_SERVER: postgres`, `POSTGRES_PORT: "5432"`, `REDIS_HOST: redis`, `DATABASE_URL: "postgresql://`} {
				if strings.Count(f.Content, "\n      "+line) != want {
					t.Errorf("%s has not twice %s", f.Path, line)
				}
			}
			for _, line := range []string{`POSTGRES_USER: app`, `POSTGRES_DB: app`, `POSTGRES_PASSWORD: "${POSTGRES_PASSWORD:-development}"`} {
				if strings.Count(f.Content, "\n      "+line) != want+1 { // and the database itself
					t.Errorf("%s has not three times %s", f.Path, line)
				}
			}
		}
		if f.Path == "compose.prod.yaml" || f.Path == "stack.yaml" {
			want = 2
			for _, line := range []string{`POSTGRES_SERVER: postgres`, `POSTGRES_PORT: "5432"`} {
				if strings.Count(f.Content, "\n      "+line) != want {
					t.Errorf("%s has not twice %s", f.Path, line)
				}
			}
			if n := strings.Count(f.Content, "\n      POSTGRES_PASSWORD_FILE: /run/secrets/postgres_password"); n != 3 || strings.Contains(f.Content, "REDIS_HOST") {
				t.Errorf("%s: %d times the password's file, or a server of Redis that lets nobody in:\n%s", f.Path, n, f.Content)
			}
		}
		if got := strings.Count(f.Content, "POSTGRES_SERVER"); got != want || strings.Contains(f.Content, "MONGO_HOST") {
			t.Errorf("%s has POSTGRES_SERVER %d times, or MONGO_HOST", f.Path, got)
		}
	}
	const all = "the app reads POSTGRES_DB, POSTGRES_PASSWORD, POSTGRES_PORT, POSTGRES_SERVER, POSTGRES_USER, REDIS_HOST, and what davit makes for "
	for targets, want := range map[string]string{
		"compose":       "the app reads REDIS_HOST, and what davit makes for production sets REDIS_URL alone: ",
		"compose,swarm": "the app reads REDIS_HOST, and what davit makes for production sets REDIS_URL alone: ",
		"compose,fly":   all + "Fly.io sets DATABASE_URL and REDIS_URL alone: ",
		"docker,fly":    all + "Docker, Fly.io sets DATABASE_URL and REDIS_URL alone: ",
	} {
		a.Targets = strings.Split(targets, ",")
		listing := strings.Join(Listing(Next(a, func(string) bool { return true }, func(string) (string, bool) { return "", false })), "\n")
		if strings.Count(listing, "the app reads ") != 1 || !strings.Contains(listing, want) {
			t.Errorf("%s: %s", targets, listing)
		}
	}
}
