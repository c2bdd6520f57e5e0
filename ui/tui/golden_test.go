package tui

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/davit-cli/davit/generator"
	"github.com/davit-cli/davit/wizard"
	"github.com/davit-cli/davit/wizard/inspect"
)

// plainFiles stands for the generator, so that these frames change with the
// screen and not with every template.
func plainFiles(a wizard.Answers) ([]generator.File, error) {
	docker := generator.File{Path: "Dockerfile", Mode: 0o644, Language: "dockerfile", Purpose: "Builds the image."}
	docker.Content = fmt.Sprintf("# syntax=docker/dockerfile:1\nFROM python:%s-%s AS builder\nRUN --mount=type=cache,target=/root/.cache \\\n    %s install\n\n", a.Python, a.Base, a.Dependencies)
	for i := range 40 {
		docker.Content += fmt.Sprintf("# line %d of a long file whose lines are longer than the pane is wide on most terminals that people use\n", i)
	}
	docker.Content += fmt.Sprintf("EXPOSE %d\nCMD [\"uvicorn\", %q]\n", a.Port, a.App)
	docker.Notes = []generator.Note{
		{First: 2, Last: 2, Why: "Everything that only builds stays in this stage, and the same image under it gives the interpreter the same path in both.", Source: "https://docs.docker.com/build/building/multi-stage/", Question: "base"},
		{First: 3, Last: 4, Why: "The cache speeds up rebuilds and is not part of the image.", Question: "dependencies"},
	}
	files := []generator.File{docker, {Path: ".dockerignore", Mode: 0o644, Language: "ignore", Content: "*\n!app\n", Purpose: "Keeps the context small."}}
	for _, target := range a.Targets {
		if target == "docker" {
			continue
		}
		for _, where := range []string{"base", "prod"} {
			files = append(files, generator.File{Path: target + "/" + where + "/service.yaml", Mode: 0o644, Language: "yaml",
				Content: "name: " + a.Name + "\nport: 8000 # inside\n", Purpose: "Runs it on " + target + "."})
		}
	}
	return files, nil
}

func plainStarter(wizard.Answers) ([]generator.File, error) {
	return []generator.File{{Path: "app/main.py", Mode: 0o644, Language: "python", Purpose: "The service.",
		Content: "from fastapi import FastAPI\n\napp = FastAPI()\n"}}, nil
}

// screens are the frames that are kept, each reached by keys from the start.
var screens = []struct {
	name string
	to   func(t *testing.T, w, h int) *wizardTest
}{
	{"first", func(t *testing.T, w, h int) *wizardTest { return plain(t, w, h) }},
	{"looking", func(t *testing.T, w, h int) *wizardTest {
		wt := plain(t, w, h)
		wt.m.found = found{}
		return wt
	}},
	{"starter", func(t *testing.T, w, h int) *wizardTest { return plain(t, w, h, finds(inspect.Facts{})) }},
	{"which-app", func(t *testing.T, w, h int) *wizardTest {
		f := shop()
		f.App = inspect.AppFact{Fact: inspect.Fact{Candidates: []string{"orders.main:app", "stock.main:make"}}, Choices: []inspect.AppChoice{
			{Value: "orders.main:app", Evidence: "orders/main.py:3"}, {Value: "stock.main:make", Evidence: "stock/main.py:9", Factory: true},
		}}
		return plain(t, w, h, finds(f)).press("down")
	}},
	{"which-service", func(t *testing.T, w, h int) *wizardTest {
		f := inspect.Facts{Roots: []inspect.Root{
			{Value: "orders", Evidence: "orders/Dockerfile:2", App: "main:app", Dependencies: "pip"},
			{Value: "stock", Evidence: "stock/app/main.py:3", App: "app.main:app", Dependencies: "uv"},
		}}
		f.App.Candidates = []string{"main:app", "app.main:app"}
		return plain(t, w, h, finds(f), func(o *Options) { o.Enter = func(string) (Options, error) { return Options{}, nil } })
	}},
	{"traffic", func(t *testing.T, w, h int) *wizardTest { return plain(t, w, h).to("traffic").press("down") }},
	{"excluded", func(t *testing.T, w, h int) *wizardTest { return plain(t, w, h).to("base").press("down down enter") }},
	{"target", func(t *testing.T, w, h int) *wizardTest {
		return plain(t, w, h).to("target").press("down space down")
	}},
	{"details", func(t *testing.T, w, h int) *wizardTest { return plain(t, w, h).to("details") }},
	{"details-wrong", func(t *testing.T, w, h int) *wizardTest {
		wt := plain(t, w, h).to("details")
		wt.m.form.moveTo(0)
		return wt.write(" Not valid").press("enter up")
	}},
	{"details-candidates", func(t *testing.T, w, h int) *wizardTest {
		f := shop()
		f.App.Value, f.App.Candidates = "", []string{"app.main:app", "admin.main:app"}
		return plain(t, w, h, finds(f)).to("details").press("right")
	}},
	{"details-services", func(t *testing.T, w, h int) *wizardTest {
		return plain(t, w, h).to("details").press("up up up up")
	}},
	{"extra", func(t *testing.T, w, h int) *wizardTest { return plain(t, w, h).to("extra") }},
	{"review", func(t *testing.T, w, h int) *wizardTest { return reviewing(t, w, h) }},
	{"review-file", func(t *testing.T, w, h int) *wizardTest { return reviewing(t, w, h).press("d") }},
	{"review-replace", func(t *testing.T, w, h int) *wizardTest { return reviewing(t, w, h).press("space enter") }},
	{"rerun", rerunning},
	{"rerun-pieces", func(t *testing.T, w, h int) *wizardTest { return rerunning(t, w, h).press("h down space") }},
	{"rerun-remove", func(t *testing.T, w, h int) *wizardTest {
		return rerunning(t, w, h).press("down down down space enter")
	}},
	{"rerun-done", func(t *testing.T, w, h int) *wizardTest {
		dir := filepath.Join(t.TempDir(), "shop")
		put(t, dir, "Dockerfile", "FROM mine\n")
		plain(t, w, h, in(dir)).to("target").press("down space").to("review").press("enter")
		put(t, dir, "compose/base/service.yaml", "<<<<<<< yours\nmine\n=======\nname: shop\n>>>>>>> davit\n")
		return plain(t, w, h, again(t, dir))
	}},
	{"preview", func(t *testing.T, w, h int) *wizardTest { return plain(t, w, h).to("base").press("down p ]") }},
	{"reading", func(t *testing.T, w, h int) *wizardTest {
		return plain(t, w, h).to("base").press("p j")
	}},
	{"reading-why", func(t *testing.T, w, h int) *wizardTest {
		return plain(t, w, h).to("target").press("down down p f b a s e enter j i")
	}},
	{"reading-wrapped", func(t *testing.T, w, h int) *wizardTest { return plain(t, w, h).press("p w j j j j j v j") }},
	{"explore", func(t *testing.T, w, h int) *wizardTest { return plain(t, w, h).to("base").press("= right") }},
	{"explore-files", func(t *testing.T, w, h int) *wizardTest {
		return plain(t, w, h).to("traffic").press("= right").press("down down right right space i")
	}},
	{"keys-explore", func(t *testing.T, w, h int) *wizardTest { return plain(t, w, h).press("= ?") }},
	{"searching", func(t *testing.T, w, h int) *wizardTest { return plain(t, w, h).press("/ l i n e") }},
	{"files", func(t *testing.T, w, h int) *wizardTest { return plain(t, w, h).to("target").press("down f b a s e") }},
	{"review-edited", func(t *testing.T, w, h int) *wizardTest {
		return plain(t, w, h, editor(t, `echo '# mine' >> "$2"`)).to("review").press("e")
	}},
	{"keys-reading", func(t *testing.T, w, h int) *wizardTest { return plain(t, w, h).press("p ?") }},
	{"keys", func(t *testing.T, w, h int) *wizardTest { return plain(t, w, h).to("target").press("?") }},
}

func plain(t testing.TB, w, h int, with ...setup) *wizardTest {
	t.Helper()
	wt := start(t, w, h, append(with, func(o *Options) { o.sets = &fileSets{plainFiles, plainStarter, map[string][]generator.File{}} })...)
	return wt
}

// reviewing has a Dockerfile in the folder that differs, and one file that is the same.
func reviewing(t *testing.T, w, h int) *wizardTest {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "shop")
	put(t, dir, "Dockerfile", "FROM python:3.12\nCMD python main.py\n")
	put(t, dir, ".dockerignore", "*\n!app\n")
	return plain(t, w, h, in(dir)).to("target").press("down space").to("review")
}

// rerunning has files of an earlier run in the folder, of which some were
// edited, and answers that need fewer.
func rerunning(t *testing.T, w, h int) *wizardTest {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "shop")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	plain(t, w, h, in(dir)).to("target").press("down space down space").to("review").press("enter")
	dockerfile := tree(t, dir)["Dockerfile"]
	dockerfile = strings.Replace(dockerfile, "FROM python:3.12-slim AS builder", "FROM registry.example.com/python:3.12-slim AS builder", 1)
	dockerfile = strings.Replace(dockerfile, "EXPOSE 8000", "# mine\nEXPOSE 8000", 1)
	dockerfile = strings.Replace(dockerfile, "# line 7 of", "# seventh line of", 1)
	put(t, dir, "Dockerfile", dockerfile)
	put(t, dir, "compose/base/service.yaml", "mine\n")
	return plain(t, w, h, in(dir), func(o *Options) {
		f := shop()
		f.Dependencies.Value = "poetry"
		finds(f)(o)
	}).to("base").press("down").to("target").press("down space").to("review")
}

func put(t testing.TB, dir, name, content string) {
	t.Helper()
	file := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestScreens(t *testing.T) {
	for _, size := range [][2]int{{120, 40}, {80, 24}, {60, 16}, {50, 14}} {
		w, h := size[0], size[1]
		for _, s := range screens {
			if w < leastWidth && s.name != "first" {
				continue // the same sentence on each
			}
			name := fmt.Sprintf("%s_%dx%d.txt", s.name, w, h)
			t.Run(name, func(t *testing.T) {
				wt := s.to(t, w, h)
				wt.fits(w, h)
				golden(t, name, wt.screen())
			})
		}
	}
}

func TestScreensInColour(t *testing.T) {
	wt := plain(t, 120, 40).to("base").press("down")
	golden(t, "base_120x40.ansi", wt.m.frame()+"\n")
	if strings.Contains(wt.m.View().Content, "\t") {
		t.Error("a tab reaches the terminal")
	}
}
