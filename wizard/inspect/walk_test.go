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
