package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/davit-cli/davit/ui/cli/version"
	"github.com/davit-cli/davit/wizard"
	"github.com/davit-cli/davit/wizard/inspect"
)

const app = "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get(\"/health\")\ndef health():\n    return {}\n"

// project makes a folder with a FastAPI app and the given files; $DIR in
// arguments stands for it.
func project(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	put(t, dir, "main.py", app)
	put(t, dir, "pyproject.toml", "[project]\nname = \"shop\"\nversion = \"1\"\ndependencies = [\"fastapi\", \"uvicorn\"]\n")
	for name, content := range files {
		put(t, dir, name, content)
	}
	return dir
}

func put(t *testing.T, dir, name, content string) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, dir, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

// run runs davit without a terminal.
func run(t *testing.T, dir string, args ...string) (status int, out, errs string) {
	t.Helper()
	return runProgram(t, Program{}, dir, args...)
}

func runProgram(t *testing.T, p Program, dir string, args ...string) (int, string, string) {
	t.Helper()
	var out, errs bytes.Buffer
	for _, a := range args {
		p.Args = append(p.Args, strings.ReplaceAll(a, "$DIR", dir))
	}
	p.In, p.Out, p.Err = strings.NewReader(""), &out, &errs
	status := Main(context.Background(), p)
	return status, out.String(), errs.String()
}

func TestEveryMistakeIsOneSentenceAndStatusTwo(t *testing.T) {
	dir := project(t, map[string]string{"bad.yaml": "base: slim\nbsae: x\n"})
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"no terminal for the wizard":   {[]string{"$DIR"}, "use `davit generate $DIR` instead"},
		"neither folder nor command":   {[]string{"genrate"}, `there is neither a folder nor a command genrate; did you mean "generate"?`},
		"no folder":                    {[]string{"generate", "$DIR/gone"}, "there is no folder $DIR/gone"},
		"a file for a folder":          {[]string{"inspect", "$DIR/main.py"}, "$DIR/main.py is a file"},
		"a word too many":              {[]string{"generate", "$DIR", "x"}, "x is one word too many"},
		"a word too few":               {[]string{"compare", "uv"}, "a word is missing"},
		"unknown flag":                 {[]string{"generate", "--bse", "slim"}, "there is no flag --bse; did you mean --base?"},
		"unknown short flag":           {[]string{"generate", "-z"}, "there is no flag -z"},
		"flag without a value":         {[]string{"generate", "--port"}, "--port needs a value"},
		"no truth":                     {[]string{"generate", "--json=x"}, "x is no value for --json"},
		"wrong choice":                 {[]string{"generate", "$DIR", "--base", "alpin"}, `"alpin" is no choice for --base: use slim, alpine, distroless, chainguard; did you mean "alpine"?`},
		"wrong choice among several":   {[]string{"generate", "$DIR", "--target", "docker,composer"}, `did you mean "compose"?`},
		"wrong value":                  {[]string{"generate", "$DIR", "--port", "80"}, "use a whole number from 1024 to 65535"},
		"a broken rule":                {[]string{"generate", "$DIR", "--base", "alpine", "--dependencies", "conda"}, "exclude each other"},
		"wrong decision":               {[]string{"generate", "$DIR", "--on-conflict", "overwite"}, `did you mean "overwrite"?`},
		"file that is not generated":   {[]string{"generate", "$DIR", "--stdout", "Dockefile"}, `these answers give no file Dockefile: did you mean "Dockerfile"? `},
		"file by its last part":        {[]string{"generate", "$DIR", "--target", "kubernetes", "--stdout", "deployment.yaml"}, `did you mean "k8s/base/deployment.yaml"? `},
		"file like none":               {[]string{"generate", "$DIR", "--stdout", "zzz"}, "these answers give no file zzz: `davit generate --dry-run` lists"},
		"flag of generate":             {[]string{"--target", "compose"}, "--target is a flag of generate: use `davit generate --target …`"},
		"two outputs":                  {[]string{"generate", "$DIR", "--stdout", "Dockerfile", "--json"}, "use one of the two"},
		"missing answers":              {[]string{"generate", "$DIR", "--answers", "$DIR/gone.yaml"}, "cannot read $DIR/gone.yaml: no such file or directory"},
		"wrong answers":                {[]string{"generate", "$DIR", "--answers", "$DIR/bad.yaml"}, `$DIR/bad.yaml:2: there is no question "bsae"`},
		"nothing to check against":     {[]string{"check", "$DIR"}, "there is no davit.yaml in $DIR"},
		"no variant":                   {[]string{"compare", "uv/low", "uv/hig"}, `uv/hig is no variant: "hig" is no choice for --traffic`},
		"a variant against the rules":  {[]string{"compare", "uv/low", "conda/low/alpine"}, "exclude each other"},
		"a variant in another order":   {[]string{"compare", "uv", "slim"}, "; slim is a choice of base, and the order is dependencies/traffic/base/target"},
		"a variant in capitals":        {[]string{"compare", "uv", "UV/Low"}, "; it is written uv/low"},
		"a short document":             {[]string{"compare", "uv", "pip", "--json", "--brief"}, "use one of them"},
		"a variant of too many parts":  {[]string{"compare", "uv/low/slim/docker/x", "uv"}, "more than 4 parts"},
		"two forms":                    {[]string{"options", "--json", "--markdown"}, "use one of them"},
		"help about nothing":           {[]string{"help", "nothing"}, "there is no command nothing"},
		"completion for no shell":      {[]string{"completion", "tcl"}, "tcl"},
		"escape sequences in a folder": {[]string{"generate", "\x1b[31mred"}, `\x1b[31mred`},
	} {
		t.Run(name, func(t *testing.T) {
			status, out, errs := run(t, dir, c.args...)
			if status != 2 || out != "" {
				t.Errorf("status %d, output %q", status, out)
			}
			if want := strings.ReplaceAll(c.want, "$DIR", dir); !strings.Contains(errs, want) {
				t.Errorf("got %q, want %q in it", errs, want)
			}
			if strings.Count(errs, "\n") != 1 || strings.Contains(errs, "\x1b") || !strings.HasPrefix(errs, "davit: ") {
				t.Errorf("%q is not one sentence", errs)
			}
		})
	}
	if got := names(t, dir); !slices.Equal(got, []string{"bad.yaml", "main.py", "pyproject.toml"}) {
		t.Errorf("something was written: %q", got)
	}
}

func TestGenerateWritesAndThenRepeatsItself(t *testing.T) {
	dir := project(t, nil)
	status, out, errs := run(t, dir, "generate", "$DIR", "--target", "compose", "--target", "docker", "--base", "alpine")
	if status != 0 || errs != "" {
		t.Fatal(status, errs)
	}
	for _, want := range []string{"files written in " + dir, "  Dockerfile\n", "  compose.yaml\n", "  davit.yaml\n", "docker compose up --build --watch"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not in the summary:\n%s", want, out)
		}
	}
	recorded := read(t, dir, "davit.yaml")
	for _, want := range []string{"\nbase: alpine\n", "\ntarget: [docker, compose]\n", "\napp: main:app\n", "\nhealth_path: /health\n"} {
		if !strings.Contains(recorded, want) {
			t.Errorf("%q is not in davit.yaml:\n%s", want, recorded)
		}
	}
	if status, out, errs = run(t, dir, "generate", "$DIR"); status != 0 || !strings.HasPrefix(out, "Every file is as it should be") {
		t.Errorf("the second run: %d, %s%s", status, out, errs)
	}
	if status, out, errs = run(t, dir, "check", "$DIR"); status != 0 || errs != "" {
		t.Errorf("the check: %d, %s%s", status, out, errs)
	}
}

func TestFlagsComeBeforeDavitYAMLBeforeFactsBeforeDefaults(t *testing.T) {
	dir := project(t, map[string]string{"davit.yaml": "port: 9000\nname: recorded\nbase: alpine # mine\n", "other.yaml": "port: 9100\n"})
	for name, c := range map[string]struct {
		args []string
		want map[string]any
	}{
		"without flags": {nil, map[string]any{"port": 9000.0, "name": "recorded", "base": "alpine", "health_path": "/health", "traffic": "low", "app": "main:app"}},
		"flags":         {[]string{"--port", "9200", "--health-path", ""}, map[string]any{"port": 9200.0, "name": "recorded", "health_path": ""}},
		"another file":  {[]string{"--answers", "$DIR/other.yaml"}, map[string]any{"port": 9100.0, "base": "slim"}},
		"a switch":      {[]string{"--factory"}, map[string]any{"factory": true}},
	} {
		t.Run(name, func(t *testing.T) {
			doc := generated(t, dir, append(c.args, "--dry-run")...)
			for id, want := range c.want {
				if got := doc.Answers[id]; got != want {
					t.Errorf("%s is %v, want %v", id, got, want)
				}
			}
		})
	}
	if status, _, errs := run(t, dir, "generate", "$DIR", "--port", "9300"); status != 0 {
		t.Fatal(errs)
	}
	if got := read(t, dir, "davit.yaml"); !strings.HasPrefix(got, "port: 9300\nname: recorded\nbase: alpine # mine\n") {
		t.Errorf("davit.yaml lost what a person wrote:\n%s", got)
	}
}

func TestFilesThatDifferStopGenerate(t *testing.T) {
	dir := project(t, map[string]string{"Dockerfile": "FROM mine\n", ".dockerignore": "mine\n"})
	before := names(t, dir)
	status, out, errs := run(t, dir, "generate", "$DIR")
	if status != 1 || out != "" || !strings.Contains(errs, "Dockerfile, .dockerignore differ") {
		t.Errorf("%d, %q, %q", status, out, errs)
	}
	if got := names(t, dir); !slices.Equal(got, before) {
		t.Errorf("something was written: %q", got)
	}
	var doc generateDoc
	status, out, errs = run(t, dir, "generate", "$DIR", "--json")
	if err := json.Unmarshal([]byte(out), &doc); err != nil || status != 1 || doc.Written || errs == "" {
		t.Errorf("with --json: %d, %v, %+v, %q", status, err, doc, errs)
	}
	if status, out, _ = run(t, dir, "generate", "$DIR", "--dry-run"); status != 0 || !strings.Contains(out, "foreign  Dockerfile") {
		t.Errorf("with --dry-run: %d, %s", status, out)
	}
	if status, _, errs = run(t, dir, "generate", "$DIR", "--on-conflict", "merge"); status != 1 || !strings.Contains(errs, "Dockerfile, .dockerignore stay as they are, because davit never wrote them") {
		t.Errorf("with merge: %d, %s", status, errs)
	}
	if status, _, errs = run(t, dir, "generate", "$DIR", "--on-conflict", "skip"); status != 0 || !strings.Contains(errs, "left as before") {
		t.Errorf("with skip: %d, %s", status, errs)
	}
	if read(t, dir, "Dockerfile") != "FROM mine\n" {
		t.Error("skip wrote")
	}
	if status, _, errs = run(t, dir, "generate", "$DIR", "--on-conflict", "backup"); status != 0 || errs != "" {
		t.Errorf("with backup: %d, %s", status, errs)
	}
	if read(t, dir, "Dockerfile.bak") != "FROM mine\n" || !strings.HasPrefix(read(t, dir, "Dockerfile"), "# syntax=") {
		t.Error("backup did not keep or did not write")
	}
}

func TestADryRunAndStdoutWriteNothing(t *testing.T) {
	dir := project(t, nil)
	before := names(t, dir)
	status, out, errs := run(t, dir, "generate", "$DIR", "--dry-run")
	if status != 0 || errs != "" || !strings.Contains(out, "new  Dockerfile") || !strings.Contains(out, "nothing was written") {
		t.Errorf("%d, %q, %q", status, out, errs)
	}
	doc := generated(t, dir, "--dry-run")
	if doc.Written {
		t.Error("the document says that files were written")
	}
	for _, f := range doc.Files {
		status, out, errs = run(t, dir, "generate", "$DIR", "--stdout", f.Path)
		if status != 0 || errs != "" || out != f.Content || f.Bytes != len(out) || f.Status != "new" || f.Purpose == "" || f.Language == "" || f.Notes == nil {
			t.Errorf("%s: %d, %q, %+v", f.Path, status, errs, f)
		}
	}
	if got := names(t, dir); !slices.Equal(got, before) {
		t.Errorf("something was written: %q", got)
	}
}

func TestTheJSONAnswersCanBeGivenBack(t *testing.T) {
	dir := project(t, nil)
	args := []string{"--dry-run", "--traffic", "high", "--target", "kubernetes,fly", "--service", "redis", "--worker", "celery -A tasks worker", "--port", "9000"}
	first := generated(t, dir, args...)
	text, err := json.Marshal(first.Answers)
	if err != nil {
		t.Fatal(err)
	}
	put(t, dir, "answers.json", string(text))
	second := generated(t, dir, "--dry-run", "--answers", "$DIR/answers.json")
	if first.Variant != second.Variant || len(first.Files) != len(second.Files) {
		t.Errorf("%s became %s", first.Variant, second.Variant)
	}
	for i := range first.Files {
		if first.Files[i].Content != second.Files[i].Content {
			t.Errorf("%s differs", first.Files[i].Path)
		}
	}
}

func TestAFolderWithoutAnApp(t *testing.T) {
	dir := t.TempDir()
	status, _, errs := run(t, dir, "generate", "$DIR", "--dry-run")
	if status != 0 || !strings.Contains(errs, "no FastAPI app was found in "+dir+" and main:app is assumed") || strings.Count(errs, "\n") != 1 {
		t.Errorf("%d, %q", status, errs)
	}
	if status, _, errs = run(t, dir, "generate", "$DIR", "--dry-run", "--app", "shop:app"); status != 0 || !strings.Contains(errs, "there is no module shop") {
		t.Errorf("with --app: %d, %q", status, errs)
	}
	if status, _, errs = run(t, dir, "generate", "$DIR", "--starter", "--app", "shop:app"); status != 2 || !strings.Contains(errs, "leave one of them out") {
		t.Errorf("with --starter --app: %d, %q", status, errs)
	}
	if status, _, errs = run(t, dir, "generate", "$DIR", "--starter"); status != 0 || errs != "" {
		t.Fatalf("with --starter: %d, %q", status, errs)
	}
	for _, want := range []string{"\napp: app.main:app\n", "\nhealth_path: /health\n"} {
		if got := read(t, dir, "davit.yaml"); !strings.Contains(got, want) {
			t.Errorf("%q is not in davit.yaml:\n%s", want, got)
		}
	}
	if !strings.Contains(read(t, dir, "app/main.py"), "FastAPI(") {
		t.Error("the starter has no app")
	}
	status, out, errs := run(t, dir, "generate", "$DIR")
	if status != 0 || errs != "" || !strings.HasPrefix(out, "Every file is as it should be") {
		t.Errorf("again: %d, %s%s", status, out, errs)
	}
	if status, _, errs = run(t, dir, "generate", "$DIR", "--starter"); status != 0 || !strings.Contains(errs, "already, so no starter") {
		t.Errorf("with --starter again: %d, %q", status, errs)
	}
}

func TestAFolderOfAnotherFramework(t *testing.T) {
	for name, c := range map[string]struct {
		files          map[string]string
		warns, refuses string // "" where the starter is written
	}{
		"Flask": {map[string]string{"app.py": "from flask import Flask\napp = Flask(__name__)\n", "requirements.txt": "flask\n"},
			"this looks like Flask (app.py:1), and davit is for FastAPI: main:app is assumed", "this looks like Flask (app.py:1), and davit is for FastAPI, so no starter is written"},
		"Django": {map[string]string{"manage.py": "import os\ndef main():\n    from django.core.management import execute_from_command_line\n", "site/urls.py": ""},
			"this looks like Django (manage.py:3)", "this looks like Django"},
		"a script":          {map[string]string{"app.py": "print('hi')\n"}, "no FastAPI app was found in", "would hide app.py"},
		"an ignored script": {map[string]string{"app.py": "print('hi')\n", ".gitignore": "*.py\n"}, "no FastAPI app was found in", "would hide app.py"},
		"a folder app":      {map[string]string{"app/index.js": "x\n"}, "no FastAPI app was found in", "there is a folder app already"},
		"dependencies":      {map[string]string{"requirements.txt": "pandas\n"}, "no FastAPI app was found in", "requirements.txt declares dependencies"},
		"notebooks":         {map[string]string{"look.ipynb": "{}\n"}, "has notebooks (look.ipynb), and no FastAPI app", ""},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for file, text := range c.files {
				put(t, dir, file, text)
			}
			if status, _, errs := run(t, dir, "generate", "$DIR", "--dry-run"); status != 0 || !strings.Contains(errs, c.warns) || strings.Count(errs, "\n") != 1 {
				t.Errorf("%d, %q", status, errs)
			}
			before := names(t, dir)
			status, _, errs := run(t, dir, "generate", "$DIR", "--starter")
			if c.refuses == "" {
				if status != 0 {
					t.Errorf("--starter: %d, %q", status, errs)
				}
				return
			}
			if status != 2 || !strings.Contains(errs, c.refuses) || !slices.Equal(names(t, dir), before) {
				t.Errorf("--starter: %d, %q, %v", status, errs, names(t, dir))
			}
		})
	}
}

func TestAnswersThatTheFolderHasNothingForAreToldAbout(t *testing.T) {
	dir := project(t, map[string]string{"server.py": "import uvicorn\nfrom main import app\nuvicorn.run(app, port=80)\n", "src/other.py": "from fastapi import FastAPI\nother = FastAPI()\n"})
	low := "davit: port 80 was found (server.py:3), and a container without root listens from 1024 on: here on 8000\n"
	for args, want := range map[string]string{
		"":                              low,
		"--port 8080":                   "",
		"--port 8080 --app main:app":    "",
		"--port 8080 --app foo:bar":     "davit: there is no module foo: neither foo.py nor foo/__init__.py: the container will not start unless a build brings it\n",
		"--port 8080 --app main:nope":   "davit: there is no nope in main.py: the container will not start unless a build brings it\n",
		"--port 8080 --app-dir nowhere": "davit: there is no Python code in a folder nowhere: --app-dir names the folder from which main:app is imported\n",
		"--port 8080 --app-dir src --app other:app":   "davit: there is no app in src/other.py: the container will not start unless a build brings it\n",
		"--port 8080 --app-dir src --app other:other": "",
	} {
		status, _, errs := run(t, dir, append([]string{"generate", "$DIR", "--dry-run"}, strings.Fields(args)...)...)
		if status != 0 || errs != want {
			t.Errorf("%s: %d, %q, want %q", args, status, errs, want)
		}
	}
}

func TestWhatTheProjectsOwnImageHasIsToldAbout(t *testing.T) {
	dir := project(t, map[string]string{"Dockerfile": "FROM python:3.9-slim\nRUN apt-get install -y ffmpeg wkhtmltopdf\nCMD uvicorn main:app\n"})
	put(t, dir, "requirements.txt", "fastapi\nuvicorn\npydub\n")
	const old = "davit: Python 3.9 was found (Dockerfile:1), which gets no fixes and has no image here: 3.10 is taken, and packages that are pinned for the older one may not install on it\n"
	const lacks = "davit: Dockerfile:2 installs wkhtmltopdf, and the new Dockerfile does not: add what the service needs to run\n"
	for args, want := range map[string]string{
		"--dry-run":                                             old, // the Dockerfile stops the run
		"--dry-run --on-conflict overwrite":                     old + lacks,
		"--dry-run --on-conflict backup --python 3.12":          lacks,
		"--dry-run --on-conflict skip":                          old,
		"--dry-run --on-conflict overwrite --answers $DIR/keep": old,
		"--stdout Dockerfile":                                   old + lacks,
		"--stdout .dockerignore":                                old,
	} {
		put(t, dir, "keep", "keep: [Dockerfile]\n")
		status, _, errs := run(t, dir, append([]string{"generate", "$DIR", "--dependencies", "pip"}, strings.Fields(args)...)...)
		if status != 0 || errs != want {
			t.Errorf("%s: %d, %q, want %q", args, status, errs, want)
		}
	}
}

// A refused answer that the user never gave is told with where it came from.
func TestAnOldPythonThatABaseExcludesIsToldWithTheReason(t *testing.T) {
	dir := project(t, map[string]string{".python-version": "3.9\n"})
	const remark = "davit: Python 3.9 was found (.python-version:1), which gets no fixes and has no image here: 3.10 is taken"
	for args, told := range map[string]bool{"--base chainguard": true, "--base distroless": true, "--base distroless --python 3.11": false, "--base alpine --dependencies conda": false} {
		status, _, errs := run(t, dir, append([]string{"generate", "$DIR", "--dry-run", "--organization", "acme"}, strings.Fields(args)...)...)
		if status != wrongUse || !strings.Contains(errs, "exclude each other") || strings.HasPrefix(errs, remark) != told || strings.Count(errs, "3.9") > 1 {
			t.Errorf("%s: %d, %s", args, status, errs)
		}
	}
}

func TestCheckTellsDriftAsADiff(t *testing.T) {
	dir := project(t, nil)
	if status, _, errs := run(t, dir, "generate", "$DIR", "--extra", "scripts"); status != 0 {
		t.Fatal(errs)
	}
	put(t, dir, "Dockerfile", read(t, dir, "Dockerfile")+"RUN echo '\x1b[2J'\n")
	if err := os.Remove(filepath.Join(dir, ".dockerignore")); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(dir, "scripts", "build"), 0o644); err != nil {
		t.Fatal(err)
	}
	status, out, errs := run(t, dir, "check", "$DIR")
	if status != 1 || !strings.Contains(errs, "3 of ") {
		t.Errorf("%d, %q", status, errs)
	}
	for _, want := range []string{"--- a/Dockerfile\n+++ b/Dockerfile\n", `-RUN echo '\x1b[2J'`, "--- /dev/null\n+++ b/.dockerignore\n", "old mode 100644\nnew mode 100755\n"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not in the diff:\n%s", want, out)
		}
	}
	var doc checkDocument
	status, out, _ = run(t, dir, "check", "$DIR", "--json")
	if err := json.Unmarshal([]byte(out), &doc); err != nil || status != 1 || doc.OK {
		t.Errorf("with --json: %d, %v, %s", status, err, out)
	}
}

func TestAFolderWithSeveralServices(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"orders", "stock"} {
		put(t, dir, name+"/main.py", app)
		put(t, dir, name+"/requirements.txt", "fastapi\nuvicorn\n")
	}
	status, out, errs := run(t, dir, "generate", "$DIR", "--dry-run")
	if status != 2 || out != "" || !strings.Contains(errs, "(orders, stock)") {
		t.Errorf("%d, %q, %q", status, out, errs)
	}
	if status, _, errs = run(t, dir, "generate", "$DIR", "--dry-run", "--app", "orders.main:app"); status != 0 || errs != "" {
		t.Errorf("with --app: %d, %q", status, errs)
	}
	status, out, _ = run(t, dir, "inspect", "$DIR")
	if status != 0 || !strings.Contains(out, "orders  (main:app, pip)") || !strings.Contains(out, "stock/main.py:3") {
		t.Errorf("%d\n%s", status, out)
	}
}

func TestTheLikeliestOfSeveralAppsIsTaken(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "requirements.txt", "fastapi\nuvicorn\n")
	put(t, dir, "orders/main.py", app)
	put(t, dir, "stock/main.py", app)
	status, out, errs := run(t, dir, "generate", "$DIR", "--stdout", "Dockerfile")
	if status != 0 || !strings.Contains(errs, "orders.main:app is taken") || !strings.Contains(out, `"orders.main:app"`) {
		t.Errorf("%d, %q\n%s", status, errs, out)
	}
}

func TestInspectHasTheKeysOfTheContract(t *testing.T) {
	dir := project(t, nil)
	for _, folder := range []string{dir, t.TempDir()} {
		status, out, errs := run(t, folder, "inspect", "$DIR", "--json")
		var doc map[string]any
		if err := json.Unmarshal([]byte(out), &doc); err != nil || status != 0 || errs != "" {
			t.Fatalf("%d, %v, %s", status, err, errs)
		}
		for _, key := range []string{"dependencies", "app", "python", "port", "health_path", "worker"} {
			fact, ok := doc[key].(map[string]any)
			if !ok {
				t.Fatalf("%s is %v", key, doc[key])
			}
			for _, key := range []string{"value", "evidence"} {
				if _, ok := fact[key].(string); !ok {
					t.Errorf("%s is %v", key, fact[key])
				}
			}
			if _, ok := fact["candidates"].([]any); !ok {
				t.Errorf("the candidates of %s are %v", key, fact["candidates"])
			}
		}
		for _, key := range []string{"services", "services_optional", "system_packages", "container_files", "roots"} {
			if _, ok := doc[key].([]any); !ok {
				t.Errorf("%s are %v", key, doc[key])
			}
		}
		app := doc["app"].(map[string]any)
		if _, ok := app["factory"].(bool); !ok || app["app_dir"] == nil {
			t.Errorf("app is %v", app)
		}
	}
	status, out, _ := run(t, dir, "inspect", "$DIR")
	if status != 0 || !strings.Contains(out, "main.py:3") {
		t.Errorf("%d\n%s", status, out)
	}
}

func TestInspectShowsEscapeSequencesInsteadOfSendingThem(t *testing.T) {
	evil := inspect.Fact{Value: "\x1b[2Jx\u202e", Evidence: "\x07a\nb.py:1", Candidates: []string{"\x9b31m", "y"}}
	p := Program{Inspect: func(string) (inspect.Facts, error) {
		return inspect.Facts{Name: evil, Services: []inspect.Fact{evil}}, nil
	}}
	_, out, _ := runProgram(t, p, t.TempDir(), "inspect", "$DIR")
	if strings.ContainsAny(out, "\x1b\x07\u009b\u202e") || !strings.Contains(out, `\x1b[2Jx\u202e`) {
		t.Errorf("%q", out)
	}
}

func TestOptionsAreTheCatalogue(t *testing.T) {
	status, out, errs := run(t, "", "options", "--json")
	var doc catalogueRecord
	if err := json.Unmarshal([]byte(out), &doc); err != nil || status != 0 || errs != "" {
		t.Fatal(status, err, errs)
	}
	if len(doc.Questions) != len(wizard.Catalogue()) || len(doc.Rules) != len(wizard.Rules()) {
		t.Errorf("%d questions, %d rules", len(doc.Questions), len(doc.Rules))
	}
	for i, q := range doc.Questions {
		if !reflect.DeepEqual(q.For, wizard.Catalogue()[i].For) {
			t.Errorf("%s is for %v", q.ID, q.For)
		}
		for _, c := range q.Choices {
			if slices.Contains(q.Default, c.ID) != c.Default {
				t.Errorf("%s %s: default is %v", q.ID, c.ID, c.Default)
			}
		}
	}
	if _, out, _ := run(t, "", "options"); !strings.Contains(out, "    For target kubernetes or helm.\n") {
		t.Errorf("the route is for nothing:\n%s", out)
	}
	for _, form := range [][]string{{"options"}, {"options", "--markdown"}} {
		_, out, _ := run(t, "", form...)
		for _, q := range wizard.Catalogue() {
			for _, c := range q.Choices {
				if !strings.Contains(out, c.ID) || !strings.Contains(out, c.Help) {
					t.Errorf("%q lacks %s %s", form, q.ID, c.ID)
				}
			}
		}
	}
}

func TestEveryQuestionHasAFlagWithCompletion(t *testing.T) {
	for _, q := range wizard.Catalogue() {
		_, out, _ := run(t, "", "__complete", "generate", "--"+q.Flag, "")
		for _, c := range q.Choices {
			if !strings.Contains(out, c.ID+"\t") {
				t.Errorf("--%s does not offer %s:\n%s", q.Flag, c.ID, out)
			}
		}
	}
	_, out, _ := run(t, "", "__complete", "generate", "--target", "docker,fly,")
	if !strings.Contains(out, "docker,fly,compose\t") || strings.Contains(out, "fly,docker") {
		t.Errorf("the rest of a list is completed as\n%s", out)
	}
	_, out, _ = run(t, "", "__complete", "compare", "uv/low/")
	if !strings.Contains(out, "uv/low/slim\t") {
		t.Errorf("a variant is completed as\n%s", out)
	}
	_, out, _ = run(t, "", "__complete", "compare", "conda/low/")
	_, more, _ := run(t, "", "__complete", "compare", "uv", "uv/low/slim/docker+")
	if strings.Contains(out, "alpine") || strings.Contains(more, "docker+docker") || !strings.Contains(more, "docker+fly\t") {
		t.Errorf("what cannot be is offered:\n%s\n%s", out, more)
	}
}

func TestCompareShowsFilesAndADiff(t *testing.T) {
	status, out, errs := run(t, "", "compare", "uv/low/slim", "uv/low/slim/compose+docker")
	if status != 0 || errs != "" || !strings.Contains(out, "a: uv/low/slim/docker\nb: uv/low/slim/docker+compose\n") ||
		!strings.Contains(out, "only in b  compose.yaml") || !strings.Contains(out, "+++ b/compose.yaml") {
		t.Errorf("%d, %s, %s", status, errs, out)
	}
	status, out, _ = run(t, "", "compare", "uv", "uv/low/slim/docker", "--json")
	var doc compareDocument
	if err := json.Unmarshal([]byte(out), &doc); err != nil || status != 0 || doc.A != doc.B || doc.Files[0].Status != "same" {
		t.Errorf("%d, %v, %s", status, err, out)
	}
	if !reflect.DeepEqual(doc.Meaning.A, doc.Meaning.B) || doc.Meaning.A.Base == "" || len(doc.Meaning.A.Gains) != 4 {
		t.Errorf("two of one kind mean %+v", doc.Meaning)
	}
}

func TestCompareInBrief(t *testing.T) {
	status, out, errs := run(t, "", "compare", "--brief", "uv/low/slim", "uv/low/alpine")
	if status != 0 || errs != "" || !strings.HasSuffix(out, "\n  differs    Dockerfile\n  same       .dockerignore\n") || strings.Contains(out, "@@") {
		t.Errorf("%d, %s, %s", status, errs, out)
	}
	_, out, _ = run(t, "", "compare", "uv", "uv/low/slim/docker")
	if !strings.HasSuffix(out, "\n\nNothing differs: a and b are the same.\n") {
		t.Errorf("of two of one kind is said\n%s", out)
	}
}

// In a project the variants are that project's, as in the wizard.
func TestCompareIsAboutTheProjectInTheFolder(t *testing.T) {
	_, out, _ := run(t, "", "compare", "uv", "pip")
	if !strings.Contains(out, "\nNo project is in this folder: Python 3.13 and") {
		t.Errorf("nothing tells that there is no project:\n%s", out)
	}
	t.Chdir(project(t, map[string]string{
		"pyproject.toml": "[project]\nname = \"shop\"\nrequires-python = \"==3.12.*\"\ndependencies = [\"fastapi\", \"psycopg2\"]\n",
		"uv.lock":        "", "main.py": "from fastapi import FastAPI\napp = FastAPI()\n",
	}))
	status, out, errs := run(t, "", "compare", "uv/low/slim", "uv/low/distroless")
	for _, want := range []string{
		"a: uv/low/slim/docker\nb: uv/low/distroless/docker\nFor the project in this folder, with Python 3.12.\n",
		"\nb: with python 3.12 → 3.13:\n   distroless is made of", "libpq", "python:3.12-slim",
	} {
		if status != 0 || errs != "" || !strings.Contains(out, want) {
			t.Errorf("%d, %s: %q is not in\n%s", status, errs, want, out)
		}
	}
	var doc compareDocument
	_, out, _ = run(t, "", "compare", "uv/low/slim", "uv/low/distroless", "--json")
	if err := json.Unmarshal([]byte(out), &doc); err != nil || !doc.Project || len(doc.Changed.A) != 0 || len(doc.Changed.B) != 1 || doc.Changed.B[0].To != "3.13" {
		t.Errorf("%v, %+v", err, doc.Changed)
	}
	t.Chdir(project(t, map[string]string{"requirements.txt": "fastapi\npdf2image\n", "main.py": "from fastapi import FastAPI\napp = FastAPI()\n"}))
	status, _, errs = run(t, "", "compare", "pip/low/slim", "pip/low/distroless")
	if status != wrongUse || !strings.Contains(errs, "base distroless and the package pdf2image exclude each other") {
		t.Errorf("%d, %s", status, errs)
	}
}

// Above the differences stands what they come to; what both have is not
// marked, and only what one has is argued.
func TestCompareTellsWhatVariantsMean(t *testing.T) {
	_, out, _ := run(t, "", "compare", "uv/low/slim", "uv/high/distroless/docker+kubernetes")
	for _, line := range []string{
		"* Base       python:3.13-slim-trixie  gcr.io/distroless/python3-debian13:nonroot\n",
		"* Shell      /bin/sh, apt-get         none\n", "\n* differs. Base size: compressed, for amd64, weighed on 20",
		"  User       10001:10001              10001:10001\n", "1 process       gunicorn, 4 processes; 1 on Kubernetes\n",
		"\na: base slim\n   + every wheel works", "\nb: target kubernetes\n   + ",
	} {
		if !strings.Contains(out, line) {
			t.Errorf("%q is not in\n%s", line, out)
		}
	}
	meant, _, _ := strings.Cut(out, "\n--- ")
	if strings.Contains(meant, "dependencies uv") || strings.Contains(meant, "target docker") {
		t.Errorf("what both have is argued:\n%s", meant)
	}
	for line := range strings.Lines(meant) {
		if len(line) > 80+1 {
			t.Errorf("wider than 80: %s", line)
		}
	}
}

func TestVersion(t *testing.T) {
	want := version.This().String() + "\n"
	for _, args := range [][]string{{"version"}, {"--version"}} {
		if status, out, errs := run(t, "", args...); status != 0 || out != want || errs != "" {
			t.Errorf("%q: %d, %q, %q", args, status, out, errs)
		}
	}
	var b version.Build
	if _, out, _ := run(t, "", "version", "--json"); json.Unmarshal([]byte(out), &b) != nil || b != version.This() {
		t.Errorf("%q", out)
	}
}

func TestHelpManualAndCompletionAreThere(t *testing.T) {
	for want, args := range map[string][]string{
		"four questions":   {"--help"},
		"--health-path":    {"generate", "--help"},
		"Exits 0":          {"help", "check"},
		".TH DAVIT 1":      {"man"},
		"__start_davit":    {"completion", "bash"},
		"#compdef davit":   {"completion", "zsh"},
		"function __davit": {"completion", "fish"},
	} {
		if status, out, errs := run(t, "", args...); status != 0 || errs != "" || !strings.Contains(out, want) {
			t.Errorf("%q: %d, %q without %q:\n%s", args, status, errs, want, out)
		}
	}
}

func TestAFaultOfDavitsOwnIsOneLine(t *testing.T) {
	p := Program{Inspect: func(string) (inspect.Facts, error) { panic("index\nout of range") }}
	status, out, errs := runProgram(t, p, t.TempDir(), "inspect", "$DIR")
	if status != 1 || out != "" || strings.Count(errs, "\n") != 1 || !strings.Contains(errs, "cli_test.go:") || !strings.Contains(errs, "report it") {
		t.Errorf("%d, %q", status, errs)
	}
}

func TestNoNameFromTheFolderIsSentToTheTerminal(t *testing.T) {
	dir := project(t, map[string]string{"davit.yaml": "base: \"\\e[2J\"\n", "davit.lock": "\x1b[2J\t\x1b]0;owned\x07\n"})
	odd := filepath.Join(dir, "a\x1b[2Jb")
	for _, args := range [][]string{{"generate", "$DIR"}, {"check", "$DIR"}, {"diff", "$DIR"}, {"inspect", odd}, {"generate", odd}} {
		_, out, errs := run(t, dir, args...)
		if strings.ContainsAny(out+errs, "\x1b\x07") {
			t.Errorf("%q: %q", args, out+errs)
		}
	}
	put(t, dir, "davit.yaml", "base: slim\n")
	for _, args := range [][]string{{"generate", "$DIR", "--dry-run"}, {"check", "$DIR"}, {"generate", "$DIR"}} {
		_, out, errs := run(t, dir, args...)
		if strings.ContainsAny(out+errs, "\x1b\x07") || !strings.Contains(errs, "line 1 of davit.lock is damaged") {
			t.Errorf("%q: %q", args, out+errs)
		}
	}
}

func TestADavitYAMLThatIsNoFileIsRefusedAtOnce(t *testing.T) {
	dir := project(t, nil)
	if err := os.Mkdir(filepath.Join(dir, "davit.yaml"), 0o755); err != nil {
		t.Fatal(err)
	}
	if status, _, errs := run(t, dir, "generate", "$DIR"); status != 2 || !strings.Contains(errs, "davit.yaml is no file") {
		t.Errorf("%d, %s", status, errs)
	}
}

func TestAnInterruptedRunWritesNothing(t *testing.T) {
	dir := project(t, nil)
	before := names(t, dir)
	hang := make(chan struct{})
	defer close(hang)
	ctx, cancel := context.WithCancel(context.Background())
	var out, errs bytes.Buffer
	time.AfterFunc(10*time.Millisecond, cancel)
	status := Main(ctx, Program{
		Args: []string{"generate", dir}, In: strings.NewReader(""), Out: &out, Err: &errs,
		Inspect: func(string) (inspect.Facts, error) { <-hang; return inspect.Facts{}, nil },
	})
	if status != 130 || out.String() != "" || strings.Count(errs.String(), "\n") != 1 {
		t.Errorf("%d, %q, %q", status, out.String(), errs.String())
	}
	if got := names(t, dir); !slices.Equal(got, before) {
		t.Errorf("something was written: %q", got)
	}
}

func TestAFullDiskUnderTheOutputIsAFailure(t *testing.T) {
	for _, args := range [][]string{{"options"}, {"options", "--json"}, {"version"}, {"completion", "bash"}, {"man"}} {
		var errs bytes.Buffer
		status := Main(context.Background(), Program{Args: args, In: strings.NewReader(""), Out: fullDisk{}, Err: &errs})
		if status != 1 || !strings.Contains(errs.String(), "no space left") {
			t.Errorf("%q: %d, %q", args, status, errs.String())
		}
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

type generateDoc struct {
	Variant string
	Answers map[string]any
	Files   []struct {
		Path, Status, Mode, Language, Purpose, Content string
		Bytes                                          int
		Notes                                          []any
	}
	Written bool
	Next    []string
}

// generated runs davit generate --json.
func generated(t *testing.T, dir string, args ...string) generateDoc {
	t.Helper()
	status, out, errs := run(t, dir, append([]string{"generate", "$DIR", "--json"}, args...)...)
	if status != 0 || errs != "" {
		t.Fatal(status, errs)
	}
	var doc generateDoc
	if err := json.Unmarshal([]byte(out), &doc); err != nil {
		t.Fatal(err)
	}
	if doc.Variant == "" || doc.Next == nil || len(doc.Files) == 0 {
		t.Fatalf("%+v", doc)
	}
	return doc
}

func BenchmarkGenerateDryRun(b *testing.B) {
	dir := b.TempDir()
	var out, errs bytes.Buffer
	b.ReportAllocs()
	for b.Loop() {
		out.Reset()
		Main(context.Background(), Program{Args: []string{"generate", dir, "--dry-run", "--app", "a:b"}, Out: &out, Err: &errs})
	}
}

func TestPinsPutDigestsIn(t *testing.T) {
	digest := "sha256:" + strings.Repeat("a1", 32)
	dir := project(t, map[string]string{"davit.yaml": "base: slim\npins:\n  python:3.13-slim-trixie: " + digest + "\n"})
	for _, c := range []struct {
		flags []string
		want  string
	}{
		{nil, "FROM python:3.13-slim-trixie@" + digest + " AS runtime"},
		{[]string{"--pin"}, "FROM python:3.13-slim-trixie@" + digest + " AS runtime"},
		{[]string{"--pin=false"}, "FROM python:${PYTHON_VERSION}-slim-trixie AS runtime"},
	} {
		args := append([]string{"generate", "$DIR", "--python", "3.13", "--stdout", "Dockerfile"}, c.flags...)
		status, out, errs := run(t, dir, args...)
		if status != 0 || !strings.Contains(out, c.want) {
			t.Errorf("%v: exit %d, %s, no %q", c.flags, status, errs, c.want)
		}
	}
	put(t, dir, "davit.yaml", "pins:\n  python:3.12-slim-trixie: "+digest+"\n")
	if status, _, errs := run(t, dir, "generate", "$DIR", "--python", "3.13", "--dry-run"); status != 0 || !strings.Contains(errs, "no file names the image python:3.12-slim-trixie") {
		t.Errorf("a pin that nothing uses: exit %d, %q", status, errs)
	}
	put(t, dir, "davit.yaml", "pins:\n  python:3.13-slim-trixie: latest\n")
	if status, _, errs := run(t, dir, "generate", "$DIR"); status != 2 || !strings.Contains(errs, "sha256") {
		t.Errorf("a pin that is no digest: exit %d, %q", status, errs)
	}
}

// Without a .dockerignore beside it, a build sends .env into the image.
func TestNoExampleBuildsWithoutWritingEveryFile(t *testing.T) {
	_, help, _ := run(t, "", "generate", "--help")
	if !strings.Contains(help, "--stdout Dockerfile") || strings.Contains(help, "docker build") {
		t.Errorf("the help is\n%s", help)
	}
}

func TestADryRunCountsTheFilesThatItLists(t *testing.T) {
	_, out, _ := run(t, project(t, nil), "generate", "$DIR", "--dry-run")
	listed := 0
	for line := range strings.Lines(out) {
		if strings.HasPrefix(line, "new ") {
			listed++
		}
	}
	if want := fmt.Sprintf("%d new; nothing was written", listed); listed < 4 || !strings.Contains(out, want) {
		t.Errorf("%q is not in\n%s", want, out)
	}
}

// What stands between backticks can be run as it is.
func TestCheckNamesAWholeCommand(t *testing.T) {
	dir := project(t, nil)
	if status, _, errs := run(t, dir, "generate", "$DIR"); status != 0 {
		t.Fatal(errs)
	}
	put(t, dir, "Dockerfile", "FROM mine\n")
	if _, _, errs := run(t, dir, "check", "$DIR"); !strings.Contains(errs, "`davit generate --on-conflict overwrite` drops your edits, and `davit check --allow-edits` passes them") {
		t.Error(errs)
	}
	if err := os.Remove(filepath.Join(dir, "davit.lock")); err != nil {
		t.Fatal(err)
	}
	if _, _, errs := run(t, dir, "check", "$DIR"); !strings.Contains(errs, "`davit generate --on-conflict backup` writes them, and keep: in davit.yaml leaves those alone that are yours") {
		t.Error(errs)
	}
}

// A flag that says nothing beside the others is told of, and not recorded.
func TestAFlagThatSaysNothingIsToldOf(t *testing.T) {
	status, _, errs := run(t, t.TempDir(), "generate", "$DIR", "--organization", "acme.com", "--route", "ingress", "--target", "kubernetes")
	if status != 0 || !strings.Contains(errs, "davit: --organization says nothing here: it is for base chainguard\n") || strings.Contains(errs, "--route") {
		t.Errorf("%d %q", status, errs)
	}
}
