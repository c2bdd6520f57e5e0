package inspect

import "testing"

func TestPythonVersion(t *testing.T) {
	manifest := func(spec string) files {
		return files{"pyproject.toml": "[project]\nname='x'\nrequires-python='" + spec + "'\ndependencies=['fastapi']\n"}
	}
	with := func(a files, more files) files {
		for k, v := range more {
			a[k] = v
		}
		return a
	}
	tests := []struct {
		name     string
		files    files
		want     string
		evidence string
	}{
		{"the default fits", manifest(">=3.11"), "3.13", "pyproject.toml:3"},
		{"the newest that fits below", manifest(">=3.9,<3.13"), "3.12", ""},
		{"only a newer one fits", manifest("~=3.14.0"), "3.14", ""},
		{"only newer ones fit, and the newest lacks wheels", manifest(">=3.14"), "3.14", ""},
		{"only newer ones fit, compatibly", manifest("~=3.14"), "3.14", ""},
		{"only the newest fits", manifest(">=3.15"), "3.15", ""},
		{"the default is skipped, and both sides fit", manifest("!=3.13.*"), "3.14", ""},
		{"an exact one", manifest("==3.12.*"), "3.12", ""},
		{"one with a patch", manifest(">=3.12.4,<=3.12.9"), "3.12", ""},
		{"one excluded", manifest("!=3.13.*,>=3.10,<3.15"), "3.14", ""},
		{"none of the catalogue", manifest("==3.8.*"), "", ""},
		{".python-version comes first", with(manifest(">=3.11"), files{".python-version": "# why\n3.12.4\n"}), "3.12", ".python-version:1"},
		{"one that contradicts is not taken", with(manifest(">=3.13"), files{".python-version": "3.11\n"}), "3.13", ""},
		{"the project's own image", with(manifest(">=3.10"), files{"Dockerfile": "ARG V=3.12\nFROM python:${V}-slim AS b\n"}), "3.12", "Dockerfile:2"},
		{"uv's image", with(manifest(">=3.10"), files{"Dockerfile": "FROM ghcr.io/astral-sh/uv:python3.12-bookworm-slim\n"}), "3.12", ""},
		{"Poetry's caret", files{"pyproject.toml": "[tool.poetry]\nname='x'\n[tool.poetry.dependencies]\npython = \"^3.11\"\nfastapi='*'\n"}, "3.13", "pyproject.toml:4"},
		{"Poetry's tilde", files{"pyproject.toml": "[tool.poetry]\nname='x'\n[tool.poetry.dependencies]\npython = \"~3.11\"\nfastapi='*'\n"}, "3.11", ""},
		{"Pipfile", files{"Pipfile": "[packages]\nfastapi='*'\n[requires]\npython_version = \"3.11\"\n"}, "3.11", "Pipfile:4"},
		{"conda", files{"environment.yml": "dependencies:\n- fastapi\n- python=3.12\n"}, "3.12", "environment.yml:3"},
		{"a version in the tag of an image for Python", with(manifest(">=3.10"), files{"Dockerfile": "FROM ghcr.io/acme/python-poetry-base:3.11-slim AS b\n"}), "3.11", "Dockerfile:1"},
		{"an image for development", files{"requirements.txt": "fastapi\n", ".devcontainer/Dockerfile": "FROM mcr.microsoft.com/devcontainers/python:1-3.12-bookworm\n"}, "3.12", ""},
		{"Red Hat's image", files{"requirements.txt": "fastapi\n", "Dockerfile": "FROM registry.access.redhat.com/ubi9/python-312:latest\n"}, "3.12", ""},
		{"installed on a base without", with(manifest(">=3.11"), files{"Dockerfile": "FROM nvidia/cuda:13.0.1-base-ubuntu22.04\nENV V=3.11\nRUN apt-get update \\\n    && apt-get -y install --no-install-recommends git python$V && ln -s python3.12 x\n"}), "3.11", "Dockerfile:3"},
		{"installed by uv", files{"requirements.txt": "fastapi\n", "Dockerfile": "FROM debian:13\nRUN uv venv --python 3.12 /venv\n"}, "3.12", ""},
		{"nothing", files{"requirements.txt": "fastapi\n"}, "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := inspected(t, test.files).Python
			if got.Value != test.want || test.evidence != "" && got.Evidence != test.evidence {
				t.Errorf("got %+v, want %q at %q", got, test.want, test.evidence)
			}
		})
	}
}
