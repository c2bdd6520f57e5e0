package inspect

import (
	"fmt"
	"strings"
	"testing"
)

func TestRoots(t *testing.T) {
	uv := func(name string) string {
		return "[project]\nname='" + name + "'\ndependencies=['fastapi']\n"
	}
	tests := []struct {
		name  string
		files files
		app   string // at the top
		want  string // root app dependencies, in lines
	}{
		{"one service is no list", files{"requirements.txt": "fastapi\n", "main.py": plainApp}, "main:app", ""},
		{"one below the top", files{"backend/requirements.txt": "fastapi\n", "backend/main.py": plainApp, "web/package.json": "{}"}, "main:app", "backend main:app pip"},
		{"several equal ones are asked", files{
			"orders/requirements.txt": "fastapi\n", "orders/main.py": plainApp, "orders/Dockerfile": "FROM python\nCMD uvicorn main:app\n",
			"stock/pyproject.toml": uv("stock"), "stock/app/main.py": plainApp, "compose.yml": "services:\n  a:\n    build: ./orders\n  b:\n    build: ./stock\n",
		}, "", "orders main:app pip\nstock app.main:app pyproject"},
		{"the top is the service, and another stands below", files{
			"pyproject.toml": uv("shop"), "shop/main.py": plainApp, "tools/mail/requirements.txt": "fastapi\n", "tools/mail/main.py": plainApp,
			"tools/mail/Dockerfile": "FROM python\nCMD uvicorn main:app\n",
		}, "shop.main:app", ". shop.main:app pyproject\ntools/mail main:app pip"},
		{"a script at the top is no service", files{
			"pyproject.toml": "[tool.ruff]\nline-length = 99\n", "scripts/openapi.py": plainApp, "api/requirements.txt": "fastapi\n", "api/app/main.py": plainApp,
			"api/Dockerfile": "FROM python\nCMD uvicorn app.main:app\n",
		}, "app.main:app", "api app.main:app pip"},
		{"the top's image decides among its members", files{
			"pyproject.toml": "[tool.uv.workspace]\nmembers=['a','b']\n", "a/pyproject.toml": uv("a"), "a/a/main.py": plainApp, "b/pyproject.toml": uv("b"), "b/b/main.py": plainApp,
			"Dockerfile": "FROM python\nCMD uvicorn b.main:app\n",
		}, "b.main:app", "a a.main:app pyproject\nb b.main:app pyproject"},
		{"two apps in one root are no roots", files{"requirements.txt": "fastapi\n", "a/main.py": plainApp, "b/main.py": plainApp}, "", ""},
		{"examples are none", files{"requirements.txt": "fastapi\n", "main.py": plainApp, "examples/x/requirements.txt": "fastapi\n", "examples/x/main.py": plainApp}, "main:app", ""},
		{"a folder with a manifest of something else", files{"requirements.txt": "fastapi\n", "main.py": "", "shop/setup.py": "", "shop/main.py": plainApp}, "shop.main:app", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			facts := inspected(t, test.files)
			var lines []string
			for _, r := range facts.Roots {
				lines = append(lines, r.Value+" "+r.App+" "+r.Dependencies)
				if !strings.HasPrefix(r.Evidence, strings.TrimPrefix(r.Value+"/", "./")) {
					t.Errorf("evidence %q is not in %q", r.Evidence, r.Value)
				}
			}
			if got := strings.Join(lines, "\n"); got != test.want || facts.App.Value != test.app {
				t.Errorf("app %+v, roots:\n%s\nwant %q and\n%s", facts.App, got, test.app, test.want)
			}
		})
	}
}

func TestSeveralRootsDecideNothingElse(t *testing.T) {
	all := files{}
	for i := range 3 {
		dir := fmt.Sprintf("s%d/", i)
		all[dir+"requirements.txt"] = "fastapi\nredis\n"
		all[dir+"main.py"] = plainApp + "@app.get('/health')\ndef f(): pass\n"
		all[dir+"Dockerfile"] = fmt.Sprintf("FROM python:3.13\nEXPOSE 80%d\nCMD uvicorn main:app --port 80%d\n", i, i)
	}
	f := inspected(t, all)
	if len(f.Roots) != 3 || f.App.Value+f.App.AppDir+f.Port.Value+f.HealthPath.Value+f.Dependencies.Value+f.Worker.Value != "" || len(f.Services) > 0 {
		t.Errorf("got %+v", f)
	}
}
