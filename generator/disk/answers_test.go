package disk

import (
	"bytes"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/davit-cli/davit/wizard"
)

func TestAnswersComeBackAsTheyWereWritten(t *testing.T) {
	odd := set(t, wizard.Defaults(), map[string]string{
		"name": "no", "python": "3.10", "target": "fly,docker", "service": "redis,postgres", "app": "src.main:create.app",
		"factory": "true", "port": "1024", "health_path": "/a:b/@c,d", "worker": "celery -A app.tasks worker -Q a:b",
		"app_dir": "1e3", "image": "ghcr.io/acme/shop", "extra": "dev", "base": "alpine",
	})
	for name, a := range map[string]wizard.Answers{
		"defaults": wizard.Defaults(), "odd": odd, "null": set(t, odd, map[string]string{"name": "null", "app_dir": "0x1F"}),
	} {
		t.Run(name, func(t *testing.T) {
			text := EncodeAnswers(a)
			r, err := ParseAnswers("davit.yaml", text)
			if err != nil {
				t.Fatalf("%v\n%s", err, text)
			}
			back, err := r.Over(wizard.Answers{})
			if err != nil || !reflect.DeepEqual(back, a) {
				t.Errorf("got %+v, want %+v (%v)", back, a, err)
			}
			for _, q := range wizard.Catalogue() {
				if !r.Has(q.ID) || !strings.HasPrefix(r.Where(q.ID), "davit.yaml:") {
					t.Errorf("%s is not recorded", q.ID)
				}
			}
		})
	}
}

func TestOnlyTheKeysThatAreThereAnswer(t *testing.T) {
	r := parse(t, "base: alpine\nservice: [redis]\nhealth_path:\npython: 3.10\n")
	a := set(t, wizard.Defaults(), map[string]string{"name": "shop", "health_path": "/health", "service": "mysql"})
	a.Project.Files = []string{"a.txt"}
	got, err := r.Over(a)
	if err != nil {
		t.Fatal(err)
	}
	want := set(t, a, map[string]string{"base": "alpine", "service": "redis", "health_path": "", "python": "3.10"})
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestJSONIsReadToo(t *testing.T) {
	r := parse(t, `{"base": "alpine", "target": ["docker", "compose"], "port": 9000, "factory": true, "health_path": ""}`)
	a, err := r.Over(wizard.Defaults())
	if err != nil || a.Base != "alpine" || len(a.Targets) != 2 || a.Port != 9000 || !a.Factory {
		t.Errorf("got %+v, %v", a, err)
	}
}

func TestTheProjectSectionIsHonoured(t *testing.T) {
	r := parse(t, "project:\n  files: [reqs/prod.txt]\n  hashes: true\n  packages: {fastapi: 0.115.0, uvicorn: \"\"}\nbase: slim\n")
	a, err := r.Over(wizard.Defaults())
	want := wizard.Project{Files: []string{"reqs/prod.txt"}, Hashes: true, Packages: map[string]string{"fastapi": "0.115.0", "uvicorn": ""}}
	if err != nil || !reflect.DeepEqual(a.Project, want) {
		t.Errorf("got %+v, %v", a.Project, err)
	}
}

func TestAWrongFileIsOneSentenceWithItsLine(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"unknown key":            {"base: slim\nbsae: slim\n", `d.yaml:2: there is no question "bsae": use one of`},
		"the nearest key":        {"bsae: slim\n", `did you mean "base"?`},
		"wrong choice":           {"base: alpin\n", `d.yaml:1: "alpin" is no choice for --base: use slim, alpine, distroless, chainguard; did you mean "alpine"?`},
		"wrong choice in a list": {"target:\n  - docker\n  - componse\n", `did you mean "compose"?`},
		"list for one value":     {"base: [slim]\n", "d.yaml:1: base takes one value, not a list"},
		"list in a list":         {"target: [[docker]]\n", "each item of target must be a choice, not a list"},
		"mapping for a value":    {"base: {slim: 1}\n", "base must be one value, not a mapping"},
		"number for a name":      {"name: 12\n", "name must be text: put quotes around it, not a number"},
		"truth for a name":       {"base: slim\n\nname: true\n", "d.yaml:3: name must be text"},
		"text for a port":        {"port: \"8000\"\n", "port must be a whole number"},
		"fraction for a port":    {"port: 8000.5\n", "port must be"},
		"low port":               {"port: 80\n", "1024 to 65535"},
		"text for a switch":      {"factory: yes\n", "use true or false"},
		"nothing where needed":   {"base:\n", "--base needs a value"},
		"hostile value":          {"name: \"a\\u001b[31m$(reboot)\"\n", `\x1b`},
		"no mapping":             {"- base\n", "expected one `key: value` a line"},
		"text alone":             {"hello\n", "expected one `key: value` a line"},
		"key that is no text":    {"1: slim\n", "is no key"},
		"twice":                  {"base: slim\nbase: alpine\n", "d.yaml:2: base is answered twice, first in line 1"},
		"two documents":          {"base: slim\n---\nbase: alpine\n", "second document"},
		"alias":                  {"name: &n shop\napp_dir: *n\n", "anchors, aliases and tags"},
		"merge key":              {"<<: {base: slim}\n", "is no key"},
		"tag":                    {"name: !!str 12\n", "anchors, aliases and tags"},
		"broken":                 {"base: [slim\n", "d.yaml:1: "},
		"unknown project key":    {"project:\n  fils: [a]\n", `d.yaml:2: unknown field "fils"`},
		"project of wrong type":  {"project: 3\n", "d.yaml:1: "},
		"deep brackets":          {"target: " + strings.Repeat("[", 10000) + "\n", "nest too deep"},
		"deep dashes":            {strings.Repeat("- ", 10000) + "\n", "nest too deep"},
		"deep indentation":       {deep(400), "nest too deep"},
		"huge":                   {strings.Repeat("# x\n", largest), "larger than 256 kB"},
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			_, err := ParseAnswers("d.yaml", []byte(c.text))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("got %v, want %q", err, c.want)
			}
			if strings.ContainsAny(err.Error(), "\n\x1b") {
				t.Errorf("%q is not one line", err)
			}
			if took := time.Since(start); took > time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}

func TestAliasBombsAreRefusedAtOnce(t *testing.T) {
	bomb := "a0: &a0 [x,x,x,x,x,x,x,x,x]\n"
	for i := 1; i < 9; i++ {
		prev := string(rune('0' + i - 1))
		bomb += "a" + string(rune('0'+i)) + ": &a" + string(rune('0'+i)) + " [" + strings.Repeat("*a"+prev+",", 8) + "*a" + prev + "]\n"
	}
	start := time.Now()
	if _, err := ParseAnswers("d.yaml", []byte(bomb)); err == nil || time.Since(start) > time.Second {
		t.Errorf("%v after %v", err, time.Since(start))
	}
}

func TestAMissingFileCanBeToldFromABrokenOne(t *testing.T) {
	_, err := ReadAnswers(filepath.Join(t.TempDir(), "davit.yaml"))
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	if _, err := ReadAnswers(t.TempDir()); err == nil || errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder: %v", err)
	}
	path := filepath.Join(t.TempDir(), "a.yaml")
	if err := os.WriteFile(path, []byte("base: alpine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if r, err := ReadAnswers(path); err != nil || r.Where("base") != path+":1" {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestRewritingKeepsWhatAPersonWrote(t *testing.T) {
	const text = `# our service
base: slim   # because of libvips # really

# where
target:
  # the laptop
  - docker
  - compose

# one more

python: "3.12"
project:
  extras: [server]
`
	without := wizard.Defaults()
	for name, c := range map[string]struct {
		change map[string]string
		want   string
	}{
		"nothing changed":  {nil, text},
		"a single line":    {map[string]string{"base": "alpine"}, strings.Replace(text, "base: slim   #", "base: alpine  #", 1)},
		"several lines":    {map[string]string{"target": "fly"}, strings.Replace(text, "target:\n  # the laptop\n  - docker\n  - compose\n", "target: [fly]\n", 1)},
		"an added answer":  {map[string]string{"traffic": "high"}, text + "\n# How much traffic is expected? One of low, steady, high.\ntraffic: high\n"},
		"an equal default": {map[string]string{"traffic": "low"}, text},
	} {
		t.Run(name, func(t *testing.T) {
			r := parse(t, text)
			a, err := r.Over(without)
			if err != nil {
				t.Fatal(err)
			}
			a = set(t, a, c.change)
			if got := r.Record(a, without).Content; got != c.want {
				t.Errorf("got:\n%s\nwant:\n%s", got, c.want)
			}
		})
	}
}

func TestRewritingAnyFormGivesTheAnswers(t *testing.T) {
	for name, text := range map[string]string{
		"nothing":          "",
		"json":             `{"base": "slim", "target": ["docker"]}`,
		"no end of line":   "base: slim",
		"windows":          "base: slim\r\n# x\r\ntraffic: low\r\n",
		"block text":       "worker: >-\n  celery\n  # not a comment\nbase: slim\n",
		"project":          `{"base": "slim", "project": {"files": ["a.txt"], "packages": {"fastapi": "1.0"}}}`,
		"document markers": "---\nbase: slim\n...\n",
	} {
		t.Run(name, func(t *testing.T) {
			r, err := ParseAnswers("davit.yaml", []byte(text))
			if err != nil {
				t.Skip(err)
			}
			without := wizard.Defaults()
			a, err := r.Over(without)
			if err != nil {
				t.Fatal(err)
			}
			a = set(t, a, map[string]string{"base": "alpine", "traffic": "high", "target": "compose,fly", "worker": "celery -A x"})
			again, err := parse(t, r.Record(a, without).Content).Over(without)
			if err != nil || !bytes.Equal(EncodeAnswers(again), EncodeAnswers(a)) || !reflect.DeepEqual(again.Project, a.Project) {
				t.Errorf("got %+v, want %+v (%v)", again, a, err)
			}
		})
	}
}

func FuzzParseAnswers(f *testing.F) {
	f.Add(string(EncodeAnswers(wizard.Defaults())))
	f.Add("base: slim # x\ntarget:\n- docker\nproject: {files: [a]}\n")
	f.Add(`{"base": "slim", "port": 9000}`)
	f.Add("name: |-\n  no\npython: 3.10\n? base\n: slim\n")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := ParseAnswers("davit.yaml", []byte(text))
		if err != nil {
			if strings.Contains(err.Error(), "\x1b") {
				t.Fatalf("%q is sent to a terminal", err)
			}
			return
		}
		a, err := r.Over(wizard.Defaults())
		if err != nil {
			t.Fatal(err)
		}
		again, err := ParseAnswers("davit.yaml", EncodeAnswers(a))
		if err != nil {
			t.Fatalf("%v\n%s", err, EncodeAnswers(a))
		}
		back, err := again.Over(wizard.Defaults())
		if err != nil || !bytes.Equal(EncodeAnswers(back), EncodeAnswers(a)) {
			t.Fatalf("%+v became %+v (%v)", a, back, err)
		}
		if !r.gives(r.Record(a, wizard.Defaults()).Content, a, wizard.Defaults()) {
			t.Fatalf("rewriting %q gives something else", text)
		}
	})
}

func BenchmarkParseAnswers(b *testing.B) {
	text := EncodeAnswers(wizard.Defaults())
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ParseAnswers("davit.yaml", text); err != nil {
			b.Fatal(err)
		}
	}
}

func parse(t *testing.T, text string) Recorded {
	t.Helper()
	r, err := ParseAnswers("davit.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func set(t *testing.T, a wizard.Answers, values map[string]string) wizard.Answers {
	t.Helper()
	a = a.Clone()
	for id, v := range maps.All(values) {
		if err := a.Set(id, v); err != nil {
			t.Fatal(err)
		}
	}
	return a
}

// deep is a mapping that nests by indentation.
func deep(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()
}
