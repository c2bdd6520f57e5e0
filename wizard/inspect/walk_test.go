package inspect

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestAFolderThatIsNone(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "main.py")
	write(t, dir, files{"main.py": plainApp})
	for _, at := range []string{filepath.Join(dir, "nowhere"), file} {
		_, err := Folder(at)
		if err == nil || !strings.Contains(err.Error(), at) || !strings.Contains(err.Error(), "give the folder") {
			t.Errorf("Folder(%q): %v", at, err)
		}
	}
}

func TestAnEmptyFolderHasNoFacts(t *testing.T) {
	facts := inspected(t, nil)
	if facts.App.Value != "" || facts.App.Candidates != nil || facts.Dependencies.Value != "" || facts.Services != nil {
		t.Errorf("got %+v", facts)
	}
	if facts.Name.Value != "shop" {
		t.Errorf("the folder's name is %+v", facts.Name)
	}
}

func TestOtherPeoplesFilesArePassedOver(t *testing.T) {
	all := files{".gitignore": "# made\nvar/\n/local\n!kept/\n*.pyc\n"}
	for _, dir := range []string{".venv", "venv", "node_modules/x", "site-packages", "__pycache__", ".tox", "build", "dist", "var", "a/var", "local"} {
		all[dir+"/main.py"] = plainApp
	}
	all["env3/pyvenv.cfg"] = "home = /usr\n"
	all["env3/lib/main.py"] = plainApp
	if facts := inspected(t, all); facts.App.Value != "" || facts.App.Candidates != nil {
		t.Errorf("got %+v", facts.App)
	}
	all["a/local/main.py"] = plainApp
	if facts := inspected(t, all); facts.App.Value != "a.local.main:app" {
		t.Errorf("got %+v", facts.App)
	}
}

func TestWhatGitIgnores(t *testing.T) {
	tests := []struct {
		rules, name string
		dir, want   bool
	}{
		{"build/", "a/build", true, true}, {"build/", "a/build", false, false}, {"/build", "a/build", true, false}, {"/build", "build", true, true},
		{"a/b", "a/b", true, true}, {"a/b", "x/a/b", true, false}, {"**/gen", "x/y/gen", true, true}, {"**/gen", "gen", true, true},
		{"apps/*/out", "apps/x/out", true, true}, {"apps/*/out", "apps/x/y/out", true, false}, {"gen/**", "gen/x/y.py", false, true},
		{"*_pb2.py", "a/b_pb2.py", false, true}, {"local_?.py", "local_1.py", false, true}, {"v[0-9]", "v3", true, true}, {"v[!0-9]", "v3", true, false},
		{"tmp*\n!tmpl", "tmpl", true, false}, {"!tmpl\ntmp*", "tmpl", true, true}, {"# x\n\n \\#x", "#x", true, false}, {"\\#x", "#x", true, true},
		{"a[", "a[", true, true}, {"[z-a]", "b", true, false}, {"x.y", "xzy", true, false}, {"x/   ", "x", true, true},
	}
	for _, test := range tests {
		if got := ignored(ignoreRules(".", test.rules), test.name, test.dir); got != test.want {
			t.Errorf("%q for %s: %v", test.rules, test.name, got)
		}
	}
	below := ignoreRules("web", "dist/\n/local\n")
	for name, want := range map[string]bool{"web/dist": true, "web/a/dist": true, "dist": false, "web/local": true, "web/a/local": false, "webx/dist": false} {
		if ignored(below, name, true) != want {
			t.Errorf("web/.gitignore for %s: %v", name, !want)
		}
	}
	facts := inspected(t, files{".gitignore": "*_scratch.py\n", "my_scratch.py": plainApp, "svc/.gitignore": "old*/\n", "svc/old2/main.py": plainApp, "svc/main.py": plainApp})
	if facts.App.Value != "svc.main:app" || len(facts.App.Candidates) > 0 {
		t.Errorf("got %+v", facts.App)
	}
}

func TestHostileTrees(t *testing.T) {
	dir := project(t, files{
		"main.py":          plainApp + "@app.get('/health')\ndef h(): pass\n",
		"binary.py":        "from fastapi import FastAPI\x00\x00\napp = FastAPI()\n",
		"broken.py":        "# fastapi \xff\xfe\xf0\napp2 = '\xc3\x28'\n",
		"pyproject.toml":   "[project\nname = \xff",
		"poetry.lock":      "[[package]]\nname = 1\n",
		"Pipfile.lock":     "{\"default\": [",
		"compose.yaml":     "services: &a\n  web: *a\n  x: {<<: *a}\n",
		"environment.yml":  strings.Repeat("[", 5000),
		"Dockerfile":       "FROM\nCMD [\"uvicorn\"\nCMD\nENTRYPOINT [\nRUN <<EOF\n",
		"requirements.txt": "-r requirements.txt\n-r\n===\n[x]\nfastapi\\\n",
		".python-version":  "\x00",
		"deep/" + strings.Repeat("d/", 60) + "main.py": plainApp,
	})
	outside := t.TempDir()
	write(t, outside, files{"secret.py": plainApp, "requirements.txt": "fastapi\nredis\n"})
	for link, to := range map[string]string{
		"loop": ".", "away": outside, "secret.py": filepath.Join(outside, "secret.py"), "dead.py": "nowhere.py",
		"requirements-prod.txt": filepath.Join(outside, "requirements.txt"), "self.py": "self.py", "also.py": "main.py",
	} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Skip("no links here: ", err)
		}
	}
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe.py"), 0o600); err != nil {
		t.Log(err)
	}
	if err := os.Symlink("pipe.py", filepath.Join(dir, "pipe2.py")); err != nil {
		t.Log(err)
	}
	big, err := os.Create(filepath.Join(dir, "big.py"))
	if err != nil {
		t.Fatal(err)
	}
	if err := big.Truncate(100 << 20); err != nil {
		t.Fatal(err)
	}
	big.Close()
	facts, err := Folder(dir)
	if err != nil {
		t.Fatal(err)
	}
	if facts.App.Value != "main:app" || facts.HealthPath.Value != "/health" {
		t.Errorf("app %+v, health %+v", facts.App, facts.HealthPath)
	}
	for _, c := range facts.App.Candidates {
		if strings.Contains(c, "secret") || strings.Contains(c, "away") {
			t.Errorf("%s is outside", c)
		}
	}
	if len(facts.Services) > 0 {
		t.Errorf("a link out of the folder was followed: %+v", facts.Services)
	}
}
