package generator

import (
	"strings"
	"testing"

	"github.com/davit-cli/davit/wizard"
)

func TestAStageThatTheDockerfileOfTheUserLacksIsNamed(t *testing.T) {
	a := wizard.Defaults()
	if err := a.Set("target", "docker", "compose", "fly"); err != nil {
		t.Fatal(err)
	}
	if err := a.Set("extra", "dev", "scripts", "ci-github", "ci-gitlab", "devcontainer", "bake"); err != nil {
		t.Fatal(err)
	}
	files, err := Generate(a)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		stays map[string]string
		want  []string // beginnings
	}{
		"nothing stays": {nil, nil},
		"no stages":     {map[string]string{"Dockerfile": "FROM python:3.13\n"}, []string{"runtime:fly.toml", "dev:compose.yaml", "devcontainer:.devcontainer/"}},
		"one of them":   {map[string]string{"Dockerfile": "FROM a AS build\nfrom --platform=$X b as Runtime\n"}, []string{"dev:compose.yaml", "devcontainer:.devcontainer/"}},
		"all of them":   {map[string]string{"Dockerfile": "FROM a AS runtime\nFROM b AS dev\nFROM b AS devcontainer\n"}, nil},
		"another file":  {map[string]string{"compose.yaml": "services: {}\n"}, nil},
	} {
		got := Beside(files, c.stays, nil)
		if len(got) != len(c.want) {
			t.Errorf("%s: %q", name, got)
			continue
		}
		for _, want := range c.want {
			stage, by, _ := strings.Cut(want, ":")
			found := false
			for _, text := range got {
				found = found || strings.Contains(text, " the stage "+stage+", and the Dockerfile that stays has none") && strings.Contains(text, by)
			}
			if !found {
				t.Errorf("%s: no word of %s in %q", name, want, got)
			}
		}
	}
}

func TestAComposeFileOfTheUserIsNamedThatIsNotReadAnyMore(t *testing.T) {
	files := []File{{Path: "compose.yaml"}}
	got := Beside(files, nil, []string{"README.md", "docker-compose.yml"})
	if len(got) != 1 || !strings.HasPrefix(got[0], "Compose reads compose.yaml before your docker-compose.yml") {
		t.Errorf("%q", got)
	}
	if got := Beside(files, map[string]string{"compose.yaml": "mine"}, []string{"docker-compose.yml"}); got != nil {
		t.Errorf("the user's own stays: %q", got)
	}
}
