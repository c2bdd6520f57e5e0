package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// edited is a project with davit's files, of which some are edited.
func edited(t *testing.T) string {
	t.Helper()
	dir := project(t, nil)
	if status, _, errs := run(t, dir, "generate", "$DIR", "--target", "compose,docker"); status != 0 {
		t.Fatal(errs)
	}
	put(t, dir, ".dockerignore", read(t, dir, ".dockerignore")+"\n# mine\nnotebooks\n")
	return dir
}

func TestARerunUpdatesWhatNobodyTouchedAndMergesEdits(t *testing.T) {
	dir := edited(t)
	dockerfile := read(t, dir, "Dockerfile")
	put(t, dir, "Dockerfile", strings.Replace(dockerfile, "EXPOSE", "LABEL team=\"shop\"\nEXPOSE", 1))
	status, _, errs := run(t, dir, "generate", "$DIR", "--python", "3.12")
	if status != 1 || !strings.Contains(errs, "Dockerfile differs from what davit gives") || !strings.Contains(errs, "--on-conflict decides: merge, backup") {
		t.Errorf("without a decision: %d, %s", status, errs)
	}
	status, out, errs := run(t, dir, "generate", "$DIR", "--python", "3.12", "--on-conflict", "merge")
	if status != 0 || errs != "" || !strings.Contains(out, "Dockerfile (your edits and davit's changes: look at it once)") {
		t.Errorf("merge: %d, %s%s", status, out, errs)
	}
	got := read(t, dir, "Dockerfile")
	if !strings.Contains(got, "ARG PYTHON_VERSION=3.12\n") || !strings.Contains(got, "LABEL team=\"shop\"\n") || strings.Contains(got, "<<<<") {
		t.Errorf("the Dockerfile is\n%s", got)
	}
	if !strings.HasSuffix(read(t, dir, ".dockerignore"), "notebooks\n") {
		t.Error("an edit is lost")
	}
	status, out, errs = run(t, dir, "generate", "$DIR", "--on-conflict", "merge")
	if status != 0 || errs != "" || !strings.HasPrefix(out, "Every file is as it should be") {
		t.Errorf("merging again: %d, %s%s", status, out, errs)
	}
}

func TestLinesThatBothChangedAreLeftAloneOrMarked(t *testing.T) {
	dir := edited(t)
	mine := strings.Replace(read(t, dir, "Dockerfile"), "ARG PYTHON_VERSION=3.1", "ARG PYTHON_VERSION=3.9.1", 1)
	put(t, dir, "Dockerfile", mine)
	status, out, errs := run(t, dir, "generate", "$DIR", "--python", "3.11", "--on-conflict", "merge")
	if status != 1 || !strings.Contains(errs, "Dockerfile stays as it is, because you and davit changed the same lines") || !strings.Contains(out, "davit.yaml") {
		t.Errorf("%d, %s%s", status, out, errs)
	}
	if read(t, dir, "Dockerfile") != mine {
		t.Error("the Dockerfile was written")
	}
	if status, _, errs = run(t, dir, "generate", "$DIR", "--conflict-markers"); status != 2 || !strings.Contains(errs, "belongs to --on-conflict merge") {
		t.Errorf("markers alone: %d, %s", status, errs)
	}
	status, _, errs = run(t, dir, "generate", "$DIR", "--on-conflict", "merge", "--conflict-markers")
	if got := read(t, dir, "Dockerfile"); status != 1 || !strings.Contains(got, "<<<<<<< yours\nARG PYTHON_VERSION=3.9.1") || !strings.Contains(got, "=======\nARG PYTHON_VERSION=3.11\n>>>>>>> davit\n") {
		t.Errorf("with markers: %d, %s\n%s", status, errs, got)
	}
	if !strings.Contains(errs, "1 conflict written into Dockerfile: settle it, then run `davit generate` again") {
		t.Errorf("with markers: %s", errs)
	}
	marked := read(t, dir, "Dockerfile")
	for _, args := range [][]string{
		{"check", "$DIR"}, {"check", "$DIR", "--allow-edits"}, {"generate", "$DIR"}, {"generate", "$DIR", "--on-conflict", "skip"},
		{"generate", "$DIR", "--on-conflict", "merge"}, {"generate", "$DIR", "--on-conflict", "merge", "--conflict-markers"},
	} {
		status, out, errs := run(t, dir, args...)
		if status != 1 || !strings.Contains(errs, "Dockerfile still holds ") || strings.Contains(out, "as it should be") {
			t.Errorf("%q: %d, %s%s", args, status, out, errs)
		}
		if read(t, dir, "Dockerfile") != marked {
			t.Fatalf("%q wrote over the markers", args)
		}
	}
	if status, out, _ = run(t, dir, "generate", "$DIR", "--dry-run"); status != 0 || !strings.Contains(out, "unresolved  Dockerfile") {
		t.Errorf("dry run: %d\n%s", status, out)
	}
	settled := strings.NewReplacer("<<<<<<< yours\n", "", "=======\nARG PYTHON_VERSION=3.11\n>>>>>>> davit\n", "").Replace(marked)
	put(t, dir, "Dockerfile", settled)
	if status, _, errs = run(t, dir, "check", "$DIR", "--allow-edits"); status != 0 {
		t.Errorf("settled: %d, %s", status, errs)
	}
}

func TestTheJSONTellsEditedFromForeign(t *testing.T) {
	dir := edited(t)
	put(t, dir, "compose.yaml", "mine\n")
	put(t, dir, "fly.toml", "mine\n")
	if err := os.Remove(filepath.Join(dir, ".env.example")); err != nil {
		t.Fatal(err)
	}
	status, out, errs := run(t, dir, "generate", "$DIR", "--dry-run", "--json", "--target", "compose,fly", "--python", "3.12", "--on-conflict", "merge")
	if status != 0 || errs != "" {
		t.Fatal(status, errs)
	}
	var doc document
	if err := json.Unmarshal([]byte(out), &struct {
		Files *[]fileRecord
	}{&doc.Files}); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, f := range doc.Files {
		got[f.Path] = string(f.Status) + " " + f.State + " " + f.Action
	}
	for path, want := range map[string]string{
		"Dockerfile": "changed older write", ".dockerignore": "kept edited keep", "compose.yaml": "kept edited keep",
		"fly.toml": "conflict foreign keep", ".env.example": "new new write", "davit.yaml": "changed older write", "davit.lock": "changed older write",
	} {
		if got[path] != want {
			t.Errorf("%s is %q, want %q", path, got[path], want)
		}
	}
}

func TestFilesThatAreNotNeededAnyMore(t *testing.T) {
	dir := edited(t)
	put(t, dir, "compose.prod.yaml", "mine\n")
	status, _, errs := run(t, dir, "generate", "$DIR", "--target", "docker", "--on-conflict", "merge")
	if status != 0 || !strings.Contains(errs, "not needed any more: .env.example, compose.yaml; --prune removes") || !strings.Contains(errs, "but edited: compose.prod.yaml") {
		t.Errorf("%d, %s", status, errs)
	}
	if status, _, errs = run(t, dir, "check", "$DIR", "--allow-edits"); status != 0 || !strings.Contains(errs, "not needed any more: .env.example, compose.yaml") {
		t.Errorf("check: %d, %s", status, errs)
	}
	status, out, errs := run(t, dir, "generate", "$DIR", "--on-conflict", "merge", "--prune")
	if status != 0 || !strings.Contains(out, "removed:\n  .env.example\n  compose.yaml\n") || strings.Contains(errs, "--prune") {
		t.Errorf("prune: %d, %s%s", status, out, errs)
	}
	if read(t, dir, "compose.prod.yaml") != "mine\n" {
		t.Error("an edited file was removed")
	}
}

func TestCheckPassesEditsThatAreMeantToStay(t *testing.T) {
	dir := edited(t)
	if status, _, errs := run(t, dir, "check", "$DIR"); status != 1 || !strings.Contains(errs, "1 of 6 files is not what davit.yaml gives") {
		t.Errorf("%d, %s", status, errs)
	}
	if status, out, errs := run(t, dir, "check", "$DIR", "--allow-edits"); status != 0 || errs != "" {
		t.Errorf("%d, %s%s", status, out, errs)
	}
	put(t, dir, "davit.yaml", strings.Replace(read(t, dir, "davit.yaml"), "base: slim", "base: alpine", 1))
	if status, _, errs := run(t, dir, "check", "$DIR", "--allow-edits"); status != 1 || !strings.Contains(errs, "`davit generate` writes them") {
		t.Errorf("%d, %s", status, errs)
	}
}

func TestCheckMarksFilesForGitHub(t *testing.T) {
	dir := edited(t)
	for name, p := range map[string]Program{
		"in a workflow": {Env: []string{"GITHUB_ACTIONS=true", "GITHUB_WORKSPACE=" + filepath.Dir(dir)}},
		"by a flag":     {Env: []string{"GITHUB_WORKSPACE=" + filepath.Dir(dir)}},
	} {
		args := []string{"check", "$DIR"}
		if name == "by a flag" {
			args = append(args, "--github")
		}
		status, out, _ := runProgram(t, p, dir, args...)
		want := "::error file=" + filepath.Base(dir) + "/.dockerignore,line="
		if status != 1 || !strings.HasPrefix(out, want) || !strings.Contains(out, "\ndiff --git a/.dockerignore") {
			t.Errorf("%s: %d\n%s", name, status, out)
		}
		status, out, _ = runProgram(t, p, dir, append(args, "--json")...)
		var doc checkDocument
		if err := json.Unmarshal([]byte(out), &doc); status != 1 || err != nil {
			t.Errorf("%s, JSON: %d, %v\n%s", name, status, err, out)
		}
	}
	if got := property("a:b,c%\n"); got != "a%3Ab%2Cc%25%0A" {
		t.Errorf("got %q", got)
	}
}

func TestDiffShowsWhatWouldChangeAndWhatWasEdited(t *testing.T) {
	dir := edited(t)
	before := read(t, dir, ".dockerignore")
	status, out, errs := run(t, dir, "diff", "$DIR", "--python", "3.12")
	if status != 0 || errs != "" || !strings.Contains(out, "\n-notebooks\n") || !strings.Contains(out, "+ARG PYTHON_VERSION=3.12\n") {
		t.Errorf("%d, %s%s", status, out, errs)
	}
	status, out, _ = run(t, dir, "diff", "$DIR", "--mine", "--python", "3.12")
	if status != 0 || !strings.Contains(out, "\n+notebooks\n") || strings.Contains(out, "PYTHON_VERSION") {
		t.Errorf("--mine: %d\n%s", status, out)
	}
	if read(t, dir, ".dockerignore") != before {
		t.Error("diff wrote")
	}
}

func TestARunThatWasCutOffIsPutRightFirst(t *testing.T) {
	dir := edited(t)
	journal := "dir\tk8s\nend\n"
	put(t, dir, ".davit-journal", journal)
	if err := os.Mkdir(filepath.Join(dir, "k8s"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, command := range [][]string{{"check", "$DIR"}, {"diff", "$DIR"}, {"generate", "$DIR", "--dry-run"}} {
		if _, _, errs := run(t, dir, command...); !strings.Contains(errs, "an earlier run was cut off") || read(t, dir, ".davit-journal") != journal {
			t.Errorf("%q: %s", command, errs)
		}
	}
	status, _, errs := run(t, dir, "generate", "$DIR", "--on-conflict", "skip")
	if status != 0 || !strings.Contains(errs, "what it had begun is as it was before") {
		t.Errorf("%d, %s", status, errs)
	}
	if _, err := os.Stat(filepath.Join(dir, "k8s")); err == nil {
		t.Error("the folder of the cut run is still there")
	}
}

// The hook runs a command line that davit understands.
func TestThePreCommitHookIsADavitCommand(t *testing.T) {
	hooks, err := os.ReadFile("../../.pre-commit-hooks.yaml")
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for line := range strings.Lines(string(hooks)) {
		if entry, ok := strings.CutPrefix(strings.TrimSpace(line), "entry: davit "); ok {
			found = true
			dir := edited(t)
			if status, _, errs := run(t, dir, append(strings.Fields(entry), "$DIR")...); status != 1 || !strings.Contains(errs, "is not what davit.yaml gives") {
				t.Errorf("davit %s: %d, %s", entry, status, errs)
			}
		}
	}
	if !found {
		t.Error("no hook runs davit")
	}
}

func TestAKeptDockerfileWithoutTheStagesThatComposeBuildsIsToldOf(t *testing.T) {
	dir := project(t, map[string]string{"Dockerfile": "FROM python:3.13-slim\n", "docker-compose.yml": "services: {}\n"})
	args := []string{"generate", "$DIR", "--target", "compose", "--on-conflict"}
	status, _, errs := run(t, dir, append(args, "skip")...)
	if status != 0 || !strings.Contains(errs, "compose.yaml builds the stage runtime, and the Dockerfile that stays has none") ||
		!strings.Contains(errs, "Compose reads compose.yaml before your docker-compose.yml") {
		t.Errorf("%d, %s", status, errs)
	}
	put(t, dir, "compose.yaml", read(t, dir, "compose.yaml")+"# mine\n")
	if _, _, errs = run(t, dir, append(args, "merge", "--port", "9000")...); !strings.Contains(errs, "builds the stage runtime") {
		t.Errorf("merged: %s", errs)
	}
	if _, _, errs = run(t, dir, append(args, "fail", "--port", "9001")...); strings.Contains(errs, "builds the stage") {
		t.Errorf("nothing written: %s", errs)
	}
	if _, _, errs = run(t, dir, append(args, "overwrite")...); strings.Contains(errs, "stage") || strings.Contains(errs, "reads") {
		t.Errorf("with davit's own, and written before: %s", errs)
	}
}

func TestEditsThatDavitHasNothingNewForStay(t *testing.T) {
	dir := edited(t)
	mine := read(t, dir, ".dockerignore")
	for _, args := range [][]string{{"generate", "$DIR"}, {"generate", "$DIR", "--target", "docker", "--prune"}} {
		status, out, errs := run(t, dir, args...)
		if status != 0 || errs != "" || !strings.Contains(out, "Edited by you, with nothing new from davit: .dockerignore\n") {
			t.Errorf("%q: %d, %s%s", args, status, out, errs)
		}
	}
	if read(t, dir, ".dockerignore") != mine || strings.Contains(strings.Join(names(t, dir), " "), "compose.yaml") {
		t.Errorf("an edit is gone, or a file was not pruned: %q", names(t, dir))
	}
	status, _, errs := run(t, dir, "check", "$DIR")
	if status != 1 || !strings.Contains(errs, "`davit check --allow-edits` passes them") {
		t.Errorf("check: %d, %s", status, errs)
	}
	if status, _, errs = run(t, dir, "generate", "$DIR", "--on-conflict", "overwrite"); status != 0 || strings.HasSuffix(read(t, dir, ".dockerignore"), "notebooks\n") {
		t.Errorf("overwrite: %d, %s", status, errs)
	}
}

func TestAFileThatDavitYAMLKeepsStaysWithoutAFlag(t *testing.T) {
	dir := project(t, map[string]string{"Dockerfile": "FROM mine AS runtime\n"})
	status, _, errs := run(t, dir, "generate", "$DIR")
	if status != 1 || !strings.Contains(errs, "`keep: [Dockerfile]` in davit.yaml leaves what is yours alone") || strings.Contains(errs, "merge") {
		t.Errorf("without it: %d, %s", status, errs)
	}
	if status, _, errs = run(t, dir, "generate", "$DIR", "--on-conflict", "skip"); status != 0 || !strings.Contains(errs, "`keep: [Dockerfile]`") {
		t.Errorf("skip: %d, %s", status, errs)
	}
	put(t, dir, "davit.yaml", read(t, dir, "davit.yaml")+"keep: [Dockerfile]\n")
	for _, args := range [][]string{{"generate", "$DIR"}, {"generate", "$DIR", "--on-conflict", "overwrite"}, {"check", "$DIR"}, {"check", "$DIR", "--allow-edits"}} {
		if status, _, errs := run(t, dir, args...); status != 0 || errs != "" {
			t.Errorf("%q: %d, %s", args, status, errs)
		}
	}
	if read(t, dir, "Dockerfile") != "FROM mine AS runtime\n" || !strings.HasSuffix(read(t, dir, "davit.yaml"), "keep: [Dockerfile]\n") {
		t.Error("the Dockerfile, or what keeps it, is gone")
	}
	if _, out, _ := run(t, dir, "generate", "$DIR", "--dry-run"); !strings.Contains(out, "kept  Dockerfile") || !strings.Contains(out, "1 kept") {
		t.Errorf("dry run:\n%s", out)
	}
	if _, out, _ := run(t, dir, "check", "$DIR"); !strings.Contains(out, "and it keeps 1 of yours") {
		t.Errorf("check: %s", out)
	}
	if _, out, _ := run(t, dir, "diff", "$DIR"); out != "" {
		t.Errorf("diff shows what would not change:\n%s", out)
	}
	put(t, dir, "davit.yaml", strings.Replace(read(t, dir, "davit.yaml"), "keep: [Dockerfile]", "keep: [../Dockerfile]", 1))
	if status, _, errs := run(t, dir, "check", "$DIR"); status != 2 || !strings.Contains(errs, "keep must have files below the project") {
		t.Errorf("a path outside: %d, %s", status, errs)
	}
}

// What the project's own Dockerfile installs besides is read from davit's once
// that has taken its place, and does not depend on a copy of the former.
func TestExtrasOfADockerfileThatDavitReplacedStay(t *testing.T) {
	const project621 = "[project]\nname = \"shop\"\nversion = \"1\"\ndependencies = [\"fastapi\", \"uvicorn\"]\n[project.optional-dependencies]\nml = [\"torch\"]\npg = [\"psycopg\"]\nweb = [\"gunicorn\"]\n" +
		"[dependency-groups]\nops = [\"sentry-sdk\"]\ndev = [\"pytest\"]\n"
	packages := func(line string) string {
		var b strings.Builder
		for _, name := range []string{"fastapi", "uvicorn", "gunicorn", "psycopg", "torch", "sentry-sdk", "pytest"} {
			b.WriteString("[[package]]\nname = \"" + name + "\"\nversion = \"1.0\"\n" + line)
		}
		return b.String()
	}
	for name, c := range map[string]struct {
		files   map[string]string
		install string
		want    []string
	}{
		"uv": {map[string]string{"pyproject.toml": project621, "uv.lock": "version = 1\n[[package]]\nname = \"shop\"\nversion = \"1\"\nsource = { virtual = \".\" }\ndependencies = [{ name = \"fastapi\" }, { name = \"uvicorn\" }]\n" +
			"[package.optional-dependencies]\nml = [{ name = \"torch\" }]\npg = [{ name = \"psycopg\" }]\nweb = [{ name = \"gunicorn\" }]\n[package.dev-dependencies]\nops = [{ name = \"sentry-sdk\" }]\ndev = [{ name = \"pytest\" }]\n" + packages("")},
			"uv sync --extra pg --group ops", []string{"--extra pg --extra web --group ops"}},
		"poetry": {map[string]string{"poetry.lock": packages("optional = false\ngroups = [\"main\"]\n") + "[extras]\npg = [\"psycopg\"]\nml = [\"torch\"]\n[metadata]\nlock-version = \"2.1\"\n",
			"pyproject.toml": "[tool.poetry]\nname = \"shop\"\nversion = \"1\"\n[tool.poetry.dependencies]\npython = \"^3.12\"\nfastapi = \"*\"\nuvicorn = \"*\"\npsycopg = { version = \"*\", optional = true }\ntorch = { version = \"*\", optional = true }\n" +
				"[tool.poetry.extras]\npg = [\"psycopg\"]\nml = [\"torch\"]\n[tool.poetry.group.ops.dependencies]\nsentry-sdk = \"*\"\n[tool.poetry.group.dev.dependencies]\npytest = \"*\"\n"},
			"pip install poetry && poetry install --with ops -E pg", []string{"--only main,ops --extras pg"}},
		"pdm": {map[string]string{"pyproject.toml": project621, "pdm.lock": "[metadata]\ngroups = [\"default\", \"ml\", \"pg\", \"web\", \"ops\", \"dev\"]\n" + packages("groups = [\"default\"]\n")},
			"pip install pdm && pdm install --prod -G pg -G ops", []string{"--group pg", "--group ops"}},
		"pyproject": {map[string]string{"pyproject.toml": project621}, "pip install \".[pg]\"", []string{"--extra pg --extra web"}},
	} {
		for _, decision := range []string{"overwrite", "backup"} {
			t.Run(name+" "+decision, func(t *testing.T) {
				c.files["Dockerfile"] = "FROM python:3.13-slim\nWORKDIR /app\nCOPY . .\nRUN " + c.install + "\nCMD [\"uvicorn\", \"main:app\", \"--host\", \"0.0.0.0\"]\n"
				dir := project(t, c.files)
				if status, _, errs := run(t, dir, "generate", "$DIR", "--on-conflict", decision); status != 0 {
					t.Fatal(status, errs)
				}
				image := read(t, dir, "Dockerfile")
				for _, want := range c.want {
					if !strings.Contains(image, want) || strings.Contains(image, " ml") {
						t.Fatalf("no %s in\n%s", want, image)
					}
				}
				again := func(when string) {
					t.Helper()
					if status, out, _ := run(t, dir, "check", "$DIR"); status != 0 {
						t.Errorf("%s, check: %d\n%s", when, status, out)
					}
					if status, out, errs := run(t, dir, "generate", "$DIR"); status != 0 || errs != "" || !strings.HasPrefix(out, "Every file is as it should be") {
						t.Errorf("%s: %d, %s%s", when, status, out, errs)
					}
				}
				again("again")
				if decision == "backup" {
					if err := os.Remove(filepath.Join(dir, "Dockerfile.bak")); err != nil {
						t.Fatal(err)
					}
					again("without the copy")
				}
				if name == "pyproject" {
					put(t, dir, "pyproject.toml", strings.Replace(project621, "pg =", "db =", 1))
					if status, _, errs := run(t, dir, "generate", "$DIR"); status != 0 || strings.Contains(read(t, dir, "Dockerfile"), "--extra pg") {
						t.Errorf("an extra that is gone: %d, %s\n%s", status, errs, read(t, dir, "Dockerfile"))
					}
				}
			})
		}
	}
}
