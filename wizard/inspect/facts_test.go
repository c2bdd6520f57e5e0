package inspect

import (
	"fmt"
	"strings"
	"testing"

	"github.com/davit-cli/davit/wizard"
)

func TestPrefill(t *testing.T) {
	facts := inspected(t, files{
		"pyproject.toml": "[project]\nname = \"My Shop_2\"\nrequires-python = \">=3.12\"\ndependencies = [\"fastapi==0.115.0\", \"asyncpg\", \"redis\"]\n",
		"src/main.py":    "from fastapi import FastAPI\nfrom db import x\napp = FastAPI()\n@app.get('/healthz')\ndef h(): pass\n",
		"src/db.py":      "",
		"Dockerfile":     "FROM python:3.12-slim\nCMD uvicorn --app-dir src main:app --port 9000\n",
	})
	a := facts.Prefill(wizard.Defaults())
	if err := a.Validate(); err != nil {
		t.Fatal(err)
	}
	if a.Name != "my-shop-2" || a.Dependencies != "pyproject" || a.Python != "3.12" || a.App != "main:app" || a.AppDir != "src" ||
		a.Port != 9000 || a.HealthPath != "/healthz" || strings.Join(a.Services, " ") != "postgres redis" || a.Project.Packages["fastapi"] != "0.115.0" {
		t.Errorf("got %+v", a)
	}
	if a.Traffic != wizard.Defaults().Traffic {
		t.Errorf("traffic is no fact: %q", a.Traffic)
	}
}

func TestPrefillLeavesOutWhatAnswersRefuse(t *testing.T) {
	facts := Facts{
		Name: Fact{Value: "Üñ"}, Dependencies: Fact{Value: "bazel"}, Python: Fact{Value: "2.7"},
		App: AppFact{Fact: Fact{Value: "größe:app"}, Factory: true, AppDir: "../x"}, Port: Fact{Value: "80"},
		HealthPath: Fact{Value: "/he alth"}, Services: []Fact{{Value: "s3"}, {Value: "redis"}}, Worker: Fact{Value: "rm -rf $HOME; x"},
		Project: wizard.Project{
			Files: []string{"../up.txt", "my file.txt"}, Extras: []string{"a b"}, Groups: []string{"$(x)"}, Variables: map[string]string{"redis": "a b"},
			Packages: map[string]string{"fastapi": "1.0", "bad name": "1", "odd": "1 ; rm"},
		},
	}
	before := wizard.Defaults()
	a := facts.Prefill(before)
	if err := a.Validate(); err != nil {
		t.Fatal(err)
	}
	if strings.Join(a.Services, " ") != "redis" || a.Port != before.Port || a.App != before.App || a.Factory || a.AppDir != "" || a.Worker != "" {
		t.Errorf("got %+v", a)
	}
	if a.Project.Packages["fastapi"] != "1.0" || len(a.Project.Packages) != 2 || a.Project.Packages["odd"] != "" {
		t.Errorf("packages %v", a.Project.Packages)
	}
}

func TestPrefillTakesTheOldestForAnOlderPython(t *testing.T) {
	for found, want := range map[string]string{"3.8": "3.10", "3.9": "3.10", "3.12": "3.12", "3.99": "3.13", "": "3.13"} {
		facts := Facts{Python: Fact{Value: found, Evidence: "Dockerfile:1"}}
		a := facts.Prefill(wizard.Defaults())
		if a.Python != want {
			t.Errorf("%q gives %s, want %s", found, a.Python, want)
		}
		told := facts.OldPython(a.Python)
		if old := want == "3.10"; old != (told != "") || old && (!strings.Contains(told, found) || !strings.Contains(told, want)) {
			t.Errorf("%q: %q", found, told)
		}
	}
}

func TestSystemPackagesThatAnotherDockerfileLacks(t *testing.T) {
	facts := inspected(t, files{
		"main.py": plainApp, "requirements.txt": "fastapi\n",
		"Dockerfile": "FROM python:3.13-slim AS base\nRUN apt-get install -y libmagic1 libgl1-mesa-glx gcc\nRUN apt-get install -y wkhtmltopdf\n" +
			"FROM base AS builder\nRUN apt-get install -y chromium\nFROM base\nCOPY --from=builder /app /app\nCMD uvicorn main:app\n",
	})
	if got := facts.LacksSystem("RUN apt-get install --yes libgl1 libmagic1t64 \\\n", "pip"); !strings.HasPrefix(got, "Dockerfile:3 installs wkhtmltopdf, and") {
		t.Errorf("got %q", got)
	}
	if got := facts.LacksSystem("RUN apt-get install --yes libgl1 libmagic1t64 wkhtmltopdf \\\n", "pip"); got != "" {
		t.Errorf("got %q", got)
	}
	if got := facts.LacksSystem("FROM scratch\n", "conda") + facts.LacksSystem("", "pip"); got != "" {
		t.Errorf("of conda, or without a Dockerfile: got %q", got)
	}
}

func TestPrefillDoesNotTouchWhatItWasGiven(t *testing.T) {
	a := wizard.Defaults()
	a.Services = []string{"mysql"}
	b := Facts{Services: []Fact{{Value: "redis"}}}.Prefill(a)
	b.Services[0] = "postgres"
	if a.Services[0] != "mysql" {
		t.Errorf("got %q", a.Services)
	}
}

func TestFilesThatAreOpenedBelowTheAppsFolder(t *testing.T) {
	app := "from fastapi import FastAPI\nfrom fastapi.staticfiles import StaticFiles\nfrom fastapi.templating import Jinja2Templates\nimport jobs\napp = FastAPI()\n"
	mount := "app.mount('/static', StaticFiles(directory=\"static\"), name='static')\n"
	for name, c := range map[string]struct {
		files files
		want  bool
	}{
		"static files":              {files{"src/main.py": app + mount, "src/static/x.css": ""}, true},
		"of the whole project":      {files{"src/main.py": app + mount, "static/x.css": ""}, false},
		"both":                      {files{"src/main.py": app + mount + "Jinja2Templates('pages')\n", "src/static/x.css": "", "pages/x.html": ""}, false},
		"one that is not there yet": {files{"src/main.py": app + mount}, false},
		"one that a path leads to":  {files{"src/main.py": app + "StaticFiles(directory=HERE / 'static')\n", "src/static/x.css": ""}, false},
		"a file":                    {files{"src/main.py": app + "names = open('./data/names.txt').read()\n", "src/data/names.txt": ""}, true},
		"the app is at the top":     {files{"main.py": app + mount, "jobs.py": "", "static/x.css": ""}, false},
	} {
		t.Run(name, func(t *testing.T) {
			if _, ok := c.files["main.py"]; !ok {
				c.files["src/jobs.py"] = ""
			}
			facts := inspected(t, c.files)
			if facts.Project.InAppDir != c.want {
				t.Errorf("got %v for %s in %q", facts.Project.InAppDir, facts.App.Value, facts.App.AppDir)
			}
		})
	}
}

func TestAnAppStartsInTheFolderWhereItOpensItsFiles(t *testing.T) {
	mount := "from fastapi.staticfiles import StaticFiles\n" + plainApp + "app.mount('/static', StaticFiles(directory=\"static\"), name='static')\n"
	for name, c := range map[string]struct {
		files files
		want  string
	}{
		"nothing else is imported": {files{}, "main:app src true"},
		"from a folder beside it":  {files{"src/main.py": "from routers.users import x\n" + mount, "src/routers/users.py": "from . import y\nx = 1\n", "src/routers/y.py": ""}, "main:app src true"},
		"a plain package":          {files{"src/__init__.py": "\n"}, "main:app src true"},
		"by the folder's name":     {files{"src/main.py": "from src.config import x\n" + mount, "src/config.py": "x = 1\n"}, "src.main:app  false"},
		"by a relative name":       {files{"src/main.py": "from .config import x\n" + mount, "src/config.py": "x = 1\n"}, "src.main:app  false"},
		"from the top":             {files{"src/main.py": "from common import x\n" + mount, "common.py": "x = 1\n"}, "src.main:app  false"},
		"by a name in a text":      {files{"src/main.py": mount + "load('src.plugins')\n"}, "src.main:app  false"},
		"a package that does more": {files{"src/__init__.py": "import logging\n"}, "src.main:app  false"},
		"a command starts it":      {files{"Procfile": "web: uvicorn src.main:app\n"}, "src.main:app  false"},
		"files at the top too":     {files{"src/main.py": mount + "open('names.txt')\n", "names.txt": ""}, "src.main:app  false"},
		"it opens nothing":         {files{"src/main.py": plainApp}, "src.main:app  false"},
	} {
		t.Run(name, func(t *testing.T) {
			all := files{"requirements.txt": "fastapi\nuvicorn\n", "src/main.py": mount, "src/static/x.css": ""}
			for file, text := range c.files {
				all[file] = text
			}
			facts := inspected(t, all)
			if got := fmt.Sprint(facts.App.Value, " ", facts.App.AppDir, " ", facts.Project.InAppDir); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestName(t *testing.T) {
	for name, want := range map[string]string{
		"shop": "shop", "My Shop": "my-shop", "my_shop.api": "my-shop-api", "2fast": "fast", "--x--": "x", "Ünï": "n",
		"": "", "日本": "", strings.Repeat("a", 62) + "_b": strings.Repeat("a", 62),
	} {
		if got := label(name); got != want {
			t.Errorf("label(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestAFrameworkIsWhatTheProjectAsksFor(t *testing.T) {
	for name, c := range map[string]struct {
		files files
		want  string
	}{
		"Flask":                       {files{"requirements.txt": "flask\n", "app.py": "from flask import Flask\n"}, "Flask app.py:1"},
		"without dependencies":        {files{"app.py": "import os\nimport django\n"}, "Django app.py:2"},
		"a library's part for others": {files{"pyproject.toml": "[project]\nname='lib'\ndependencies=['pydantic']\n", "lib/ext/django.py": "from django.http import HttpRequest\n"}, ""},
		"FastAPI is asked for too":    {files{"requirements.txt": "fastapi\ngradio\n", "app.py": "import gradio\n"}, ""},
		"the second that is imported": {files{"requirements.txt": "django\n", "app.py": "import flask\nimport django\n"}, "Django app.py:2"},
	} {
		t.Run(name, func(t *testing.T) {
			got := inspected(t, c.files).Framework
			if strings.TrimSpace(got.Value+" "+got.Evidence) != c.want {
				t.Errorf("got %+v, want %q", got, c.want)
			}
		})
	}
}
