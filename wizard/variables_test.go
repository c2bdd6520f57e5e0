package wizard

import (
	"regexp"
	"strings"
	"testing"
	"testing/quick"
)

func TestVariables(t *testing.T) {
	for name, want := range map[string]bool{
		"DATABASE_URL": true, "SQLALCHEMY_DATABASE_URI": true, "_X": true, "APP__DB__URL": true, "DB1": true, "X" + strings.Repeat("_", 79): true,
		"": false, "_": false, "_1": false, "db_url": false, "1DB": false, "DB-URL": false, "DB URL": false, "DB\nURL": false, "$(id)": false, "ÄB": false, "X" + strings.Repeat("_", 80): false,
		"PATH": false, "PORT": false, "HOME": false, "WORKERS": false, "PYTHONPATH": false, "PYTHON_X": false, "UVICORN_HOST": false, "LD_PRELOAD": false,
		"NULL": false, "ON": false, "Y": false, "POSTGRES_PASSWORD": false, "DATABASE_URL_FILE": false, "TAG": false,
	} {
		a := Defaults()
		a.Project.Variables = map[string]string{"postgres": name}
		err := a.Validate()
		if (err == nil) != want {
			t.Errorf("%q: %v", name, err)
		}
		if err != nil && (!strings.Contains(err.Error(), "postgres") || strings.Contains(err.Error(), "\n")) {
			t.Errorf("%q: want one sentence that names the service, got %v", name, err)
		}
	}
	a := Defaults()
	a.Project.Variables = map[string]string{"neo4j": "NEO4J_URL"}
	if err := a.Validate(); err == nil || !strings.Contains(err.Error(), `"neo4j"`) {
		t.Errorf("a service that davit does not have: %v", err)
	}
}

// Whatever a davit.yaml names, what is accepted is plain text in every format.
func TestVariablesAreNames(t *testing.T) {
	plain := regexp.MustCompile(`^[A-Z_][A-Z0-9_]*$`)
	if err := quick.Check(func(name string) bool { return !IsVariable(name) || plain.MatchString(name) }, nil); err != nil {
		t.Error(err)
	}
	for _, odd := range []string{"\"", "'", "$", "`", "{", "}", "\\", "\n", "\r", "\x00", " ", ":", "#", "=", "-", ".", "é", "a", "\u2028"} {
		for _, name := range []string{odd, "DB" + odd, odd + "DB", "DB" + odd + "URL"} {
			if IsVariable(name) {
				t.Errorf("%q is taken for a name", name)
			}
		}
	}
}

func TestSchemes(t *testing.T) {
	for scheme, want := range map[string]bool{
		"postgres=postgresql": true, "postgres=postgres": true, "postgres=postgresql+asyncpg": true, "mysql=mysql+aiomysql": true, "mysql=mariadb": true,
		"postgres=": false, "postgres=mysql": false, "postgres=postgresql+": false, "postgres=postgresql+a b": false, "postgres=postgresql+%s": false,
		"postgres=postgresql\n": false, "redis=rediss": false, "neo4j=bolt": false,
	} {
		service, value, _ := strings.Cut(scheme, "=")
		a := Defaults()
		a.Project.Schemes = map[string]string{service: value}
		if err := a.Validate(); (err == nil) != want {
			t.Errorf("%q: %v", scheme, err)
		}
	}
}

func TestParts(t *testing.T) {
	for pair, want := range map[string]bool{
		"DB_HOST=postgres.host": true, "POSTGRES_PASSWORD=postgres.password": true, "REDIS_PORT=redis.port": true,
		"PORT=postgres.port": false, "HOST=redis.host": false, "db_host=postgres.host": false, "DB_HOST=": false, "DB_HOST=redis.password": false,
		"$(id)=redis.host": false, "DB_HOST=$(id)": false, "PATH=redis.host": false, "X_FILE=redis.host": false,
	} {
		variable, part, _ := strings.Cut(pair, "=")
		a := Defaults()
		a.Project.Parts = map[string]string{variable: part}
		if err := a.Validate(); (err == nil) != want {
			t.Errorf("%s: %v", pair, err)
		}
	}
}

// They are the app's, in whichever way its packages are installed.
func TestVariablesStayWhenDependenciesAreDeclaredOtherwise(t *testing.T) {
	a := Defaults()
	a.Found = map[string]Project{"uv": {}}
	a.Project.Variables = map[string]string{"postgres": "DB_URL"}
	for _, dependencies := range []string{"pip", "uv"} {
		if err := a.Set("dependencies", dependencies); err != nil {
			t.Fatal(err)
		}
		if a.Project.Variables["postgres"] != "DB_URL" {
			t.Errorf("with %s: %v", dependencies, a.Project.Variables)
		}
	}
	b := a.Clone()
	b.Project.Variables["postgres"] = "OTHER"
	if a.Project.Variables["postgres"] != "DB_URL" {
		t.Error("a clone shares them")
	}
}
