package wizard

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestSet(t *testing.T) {
	tests := []struct {
		name   string
		id     string
		values []string
		want   []string // nil and err "": no value
		err    string   // a part of the message
	}{
		{"a choice", "base", []string{"alpine"}, []string{"alpine"}, ""},
		{"blanks around", "base", []string{" alpine\n"}, []string{"alpine"}, ""},
		{"no choice", "base", []string{"alpin"}, nil, `"alpin" is no choice for --base: use slim, alpine, distroless, chainguard; did you mean "alpine"?`},
		{"nothing near", "base", []string{"windows"}, nil, `"windows" is no choice for --base: use slim, alpine, distroless, chainguard`},
		{"two for one", "base", []string{"slim", "alpine"}, nil, "takes one value"},
		{"none for one", "base", nil, nil, "--base needs a value: slim"},
		{"no question", "bsae", []string{"slim"}, nil, `there is no question "bsae"`},
		{"several, in catalogue order and once", "target", []string{"fly", "compose,docker", "fly"}, []string{"docker", "compose", "fly"}, ""},
		{"several, one wrong", "target", []string{"docker,kubernets"}, nil, `did you mean "kubernetes"?`},
		{"several, none", "target", []string{",", " "}, nil, "--target needs a value"},
		{"optional, none", "service", []string{""}, nil, ""},
		{"a switch", "factory", []string{"true"}, []string{"true"}, ""},
		{"no switch", "factory", []string{"yes"}, nil, "use true or false"},

		{"a name", "name", []string{"my-shop2"}, []string{"my-shop2"}, ""},
		{"a name with capitals", "name", []string{"Shop"}, nil, "lower-case"},
		{"a name that begins with a digit", "name", []string{"2shop"}, nil, "beginning with a letter"},
		{"a name that ends with a dash", "name", []string{"shop-"}, nil, "ending with a letter or digit"},
		{"a name of 63", "name", []string{strings.Repeat("a", 63)}, []string{strings.Repeat("a", 63)}, ""},
		{"a name of 64", "name", []string{strings.Repeat("a", 64)}, nil, "up to 63"},

		{"an app", "app", []string{"a.b_c:create.app"}, []string{"a.b_c:create.app"}, ""},
		{"an app without attribute", "app", []string{"main"}, nil, "module:attribute"},
		{"an app as a path", "app", []string{"app/main.py:app"}, nil, "use app.main:app: the module's name"},
		{"an app as a file", "app", []string{"main.py:app"}, nil, "use main:app: the module's name without .py"},
		{"an app as a file that is none", "app", []string{"ma in.py:app"}, nil, "module:attribute"},
		{"an app with a command", "app", []string{"main:app; rm"}, nil, "module:attribute"},
		{"an app named by a word of Python", "app", []string{"app.import:create.app"}, nil, "import is a word of Python's own"},
		{"an app with a line break", "app", []string{"main:app\nx"}, nil, "module:attribute"},

		{"a folder", "app_dir", []string{"a/b-c"}, []string{"a/b-c"}, ""},
		{"a folder as a shell completes it", "app_dir", []string{"./src/"}, []string{"src"}, ""},
		{"a folder of slashes", "app_dir", []string{"/"}, nil, "below the project"},
		{"the folder itself, as a shell does", "app_dir", []string{"./"}, nil, "below the project"},
		{"the folder itself", "app_dir", []string{"."}, nil, "below the project"},
		{"a folder outside", "app_dir", []string{"../x"}, nil, "below the project"},
		{"a folder outside, hidden", "app_dir", []string{"a/../../x"}, nil, "below the project"},
		{"an absolute folder", "app_dir", []string{"/etc"}, nil, "below the project"},
		{"a folder like an option", "app_dir", []string{"-rf"}, nil, "below the project"},

		{"a port", "port", []string{"65535"}, []string{"65535"}, ""},
		{"a privileged port", "port", []string{"80"}, nil, "from 1024 to 65535"},
		{"a port that is too high", "port", []string{"65536"}, nil, "from 1024 to 65535"},
		{"a port in another notation", "port", []string{"+8000"}, nil, "whole number"},
		{"a port with zeros", "port", []string{"08000"}, nil, "whole number"},

		{"a path", "health_path", []string{"/v1/health~x/"}, []string{"/v1/health~x/"}, ""},
		{"a path without a slash", "health_path", []string{"health"}, nil, "begins with one slash"},
		{"a path to another host", "health_path", []string{"//evil/x"}, nil, "begins with one slash"},
		{"a path with a query", "health_path", []string{"/x?y"}, nil, "without blanks"},
		{"a path with a variable", "health_path", []string{"/$HOME"}, nil, "without blanks"},

		{"a worker", "worker", []string{"celery -A app.tasks:app worker --loglevel=info"}, []string{"celery -A app.tasks:app worker --loglevel=info"}, ""},
		{"a worker with a pipe", "worker", []string{"celery | tee"}, nil, "plain words"},
		{"a worker with two blanks", "worker", []string{"celery  worker"}, nil, "single blanks"},

		{"an image", "image", []string{"localhost:5000/acme/shop_api"}, []string{"localhost:5000/acme/shop_api"}, ""},
		{"an image with capitals", "image", []string{"Acme/MyShop"}, nil, "use acme/myshop: an image's name has no capitals"},
		{"an image with a tag", "image", []string{"acme/shop:1"}, nil, "without a tag"},
		{"an image outside every registry", "image", []string{"../shop"}, nil, "without a tag"},
		{"an image with a digest", "image", []string{"acme/shop@sha256:aa"}, nil, "without a tag"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a := Defaults()
			given := slices.Clone(test.values)
			err := a.Set(test.id, given...)
			if test.err != "" {
				if err == nil || !strings.Contains(err.Error(), test.err) || strings.Contains(err.Error(), "\n") {
					t.Fatalf("got %v, want an error with %q", err, test.err)
				}
				return
			}
			if err != nil || !slices.Equal(a.Get(test.id), test.want) {
				t.Fatalf("got %q, %v; want %q", a.Get(test.id), err, test.want)
			}
			if !slices.Equal(given, test.values) {
				t.Errorf("the caller's values were changed to %q", given)
			}
		})
	}
}

func TestARefusedValueChangesNothing(t *testing.T) {
	a := Defaults()
	if a.Set("target", "compose,nowhere") == nil || !slices.Equal(a.Targets, []string{"docker"}) {
		t.Errorf("got %q", a.Targets)
	}
}

func TestValidateChecksTheProject(t *testing.T) {
	tests := []struct {
		name    string
		project Project
		want    string // "" where it is valid
	}{
		{"all of it", Project{Files: []string{"requirements/prod.txt"}, Extras: []string{"standard"}, Groups: []string{"web_server"}, Packages: map[string]string{"fastapi": "0.115.0", "torch": "2.1.0+cu118", "x": ""}}, ""},
		{"a file outside", Project{Files: []string{"../requirements.txt"}}, "below the project"},
		{"a file with blanks", Project{Files: []string{"my file.txt"}}, "rename it"},
		{"a folder for a file", Project{Files: []string{"."}}, "below the project"},
		{"a file like an option", Project{Files: []string{"--index-url"}}, "below the project"},
		{"an extra with syntax", Project{Extras: []string{"a]"}}, "extra or a dependency group"},
		{"a group with syntax", Project{Groups: []string{"$x"}}, "extra or a dependency group"},
		{"a package with syntax", Project{Packages: map[string]string{"a b": ""}}, "no name of a Python package"},
		{"a version from git", Project{Package: true, SCMVersion: "hatch-vcs"}, ""},
		{"a folder of the source outside", Project{Package: true, Source: "../src"}, "below the project"},
		{"a version from elsewhere", Project{SCMVersion: "vcs"}, "hatch-vcs, pdm-backend"},
		{"a version with syntax", Project{Packages: map[string]string{"a": "1;rm"}}, "no version of a"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a := Defaults()
			a.Project = test.project
			err := a.Validate()
			if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

func TestNameFitsWhereItRuns(t *testing.T) {
	tests := []struct {
		name, service, target string
		services              string
		want                  []string // in the error; nil where it is valid
	}{
		{"a namespace of its own", "defaults", "kubernetes", "", nil},
		{"a name with a beginning like Kubernetes'", "kubernetes", "kubernetes", "", nil},
		{"as long as a label", strings.Repeat("a", 63), "kubernetes", "", nil},
		{"longer than a label", strings.Repeat("a", 64), "kubernetes", "", []string{"--name", "63"}},
		{"Kubernetes' default namespace", "default", "compose,kubernetes", "", []string{`"default"`, "Kubernetes", "--name"}},
		{"a namespace of Kubernetes' system", "kube-system", "kubernetes", "", []string{`"kube-system"`, "Kubernetes", "--name"}},
		{"the same where there is no Kubernetes", "default", "compose,fly", "", nil},
		{"as long as Cloud Run allows", strings.Repeat("a", 49), "cloud-run", "", nil},
		{"longer than Cloud Run allows", strings.Repeat("a", 50), "docker,cloud-run", "", []string{"50 characters", "Cloud Run allows 49", "--name"}},
		{"the same on Kubernetes", strings.Repeat("a", 50), "kubernetes", "", nil},
		{"as long as Container Apps allows", strings.Repeat("a", 32), "container-apps", "", nil},
		{"longer than Container Apps allows", strings.Repeat("a", 33), "docker,container-apps", "", []string{"33 characters", "Container Apps allows 32", "--name"}},
		{"a name that Container Apps refuses", "shop--api", "container-apps", "", []string{`"shop--api"`, "two dashes", "--name"}},
		{"the same elsewhere", "shop--api", "kubernetes", "", nil},
		{"a backing service's name", "redis", "docker", "postgres,redis", []string{`"redis"`, "backing service", "--name"}},
		{"the same without that service", "redis", "docker", "postgres", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a := Defaults()
			a.Name = test.service
			if err := errors.Join(a.Set("target", test.target), a.Set("service", test.services)); err != nil {
				t.Fatal(err)
			}
			err := a.Validate()
			if (err == nil) != (test.want == nil) {
				t.Fatalf("got %v, want an error with %q", err, test.want)
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
					t.Errorf("got %v, want one sentence with %q", err, want)
				}
			}
		})
	}
}

// The worker's name is the service's with an ending, shortened to a label.
func TestNameIsNotTheWorkers(t *testing.T) {
	for name, taken := range map[string]bool{
		strings.Repeat("a", 56) + "-worker": true,
		strings.Repeat("a", 55) + "-worker": false,
		"a-worker":                          false,
	} {
		for _, worker := range []string{"", "celery -A app.tasks worker"} {
			a := Defaults()
			a.Name, a.Worker = name, worker
			if err := a.Validate(); (err != nil) != (taken && worker != "") {
				t.Errorf("%s with the worker %q: %v", name, worker, err)
			}
		}
	}
}

// Bake takes the services of compose.yaml for targets, beside its own.
func TestNameIsNoBuildOfBake(t *testing.T) {
	for _, name := range []string{"image", "image-all", "dev", "images"} {
		for _, target := range []string{"compose", "docker"} {
			for _, extra := range []string{"bake", "scripts"} {
				a := Defaults()
				a.Name = name
				if err := errors.Join(a.Set("target", target), a.Set("extra", extra)); err != nil {
					t.Fatal(err)
				}
				clash := name == "image-all" && target == "compose" && extra == "bake"
				if err := a.Validate(); (err != nil) != clash {
					t.Errorf("%s, %s, %s: %v", name, target, extra, err)
				}
			}
		}
	}
}

func TestSuggestion(t *testing.T) {
	words := []string{"compose", "kubernetes", "fly", "cloud-run"}
	for typed, want := range map[string]string{
		"compse": "compose", "ocmpose": "compose", "Kubernetes": "kubernetes", "fyl": "fly", "cloudrun": "cloud-run",
		"nomad": "", "x": "", "": "", strings.Repeat("compose", 50): "",
	} {
		got := suggestion(typed, words)
		if want != "" {
			want = `; did you mean "` + want + `"?`
		}
		if got != want {
			t.Errorf("suggestion(%q) = %q, want %q", typed, got, want)
		}
	}
}

func TestDistance(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"a", "", 1}, {"", "ab", 2}, {"ab", "ba", 1}, {"slim", "slm", 1}, {"kitten", "sitting", 3}} {
		if got := distance(test.a, test.b); got != test.want {
			t.Errorf("distance(%q, %q) = %d, want %d", test.a, test.b, got, test.want)
		}
	}
}

// FuzzSet: whatever is typed for whatever question, a value that is accepted
// holds nothing that a shell, YAML, TOML, JSON or a Dockerfile reads as more
// than letters, comes back as it went in, and an error is one printable line.
func FuzzSet(f *testing.F) {
	for i, seed := range []string{"uv", "high", "alpine", "fly,docker", "shop", "3.13", "a.b:c", "true", "src", "8000", "/health", "redis,postgres", "celery -A a worker", "ghcr.io/a/b", "none", "dev"} {
		f.Add(i, seed)
	}
	f.Fuzz(func(t *testing.T, which int, value string) {
		all := Catalogue()
		q := all[uint(which)%uint(len(all))]
		a := Defaults()
		if err := a.Set(q.ID, value); err != nil {
			if strings.ContainsAny(err.Error(), "\n\r\x00\x1b") || len(err.Error()) > 1000 {
				t.Errorf("the message is not one short printable line: %q", err)
			}
			return
		}
		got := a.Get(q.ID)
		if strings.ContainsAny(strings.Join(got, ","), "\"'`$\\{}[]()<>|&;*?!#\n\r\t\x00") {
			t.Errorf("--%s took %q", q.Flag, got)
		}
		b := Defaults()
		if err := b.Set(q.ID, got...); err != nil || !slices.Equal(b.Get(q.ID), got) {
			t.Errorf("%q does not come back: %q, %v", got, b.Get(q.ID), err)
		}
		if err := a.Validate(); err != nil && len(Broken(a)) == 0 {
			t.Errorf("--%s took %q, Validate refuses it: %v", q.Flag, got, err)
		}
	})
}
