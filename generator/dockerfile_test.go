package generator

import (
	"strings"
	"testing"

	"github.com/davit-cli/davit/wizard"
)

// TestManifestsElsewhere: not every project has its manifest at the root, or
// its dependencies in it.
func TestManifestsElsewhere(t *testing.T) {
	for _, test := range []struct {
		name         string
		dependencies string
		project      wizard.Project
		lines        []string
		without      string
	}{
		{
			"uv below the root", "uv", wizard.Project{Package: true, Files: []string{"backend/pyproject.toml", "backend/uv.lock"}},
			[]string{
				"    --mount=type=bind,source=backend/uv.lock,target=backend/uv.lock \\",
				"    uv sync --project backend --locked --no-dev --no-install-project",
				"    uv sync --project backend --locked --no-dev --inexact",
				"    UV_PROJECT_ENVIRONMENT=/app/.venv \\",
				"COPY --from=project --exclude=.venv --exclude=backend/uv.lock \\",
			}, "",
		},
		{
			"uv at the root", "uv", wizard.Project{},
			[]string{"    uv sync --locked --no-dev --no-install-project"}, "UV_PROJECT_ENVIRONMENT",
		},
		{
			"a member of uv's workspace", "uv",
			wizard.Project{Package: true, Member: "shop-api", Extras: []string{"web"}, Files: []string{"pyproject.toml", "uv.lock", "packages/api/pyproject.toml"}},
			[]string{
				"    --mount=type=bind,source=packages/api/pyproject.toml,target=packages/api/pyproject.toml \\",
				"    uv sync --locked --no-dev --no-install-local --extra web --package shop-api",
				"    uv sync --locked --no-dev --inexact --extra web --package shop-api",
				"# The server is not in what the project declares: uv add --package shop-api uvicorn moves it there.",
				"COPY --from=project --exclude=.venv --exclude=uv.lock \\",
				"    --chmod=u=rwX,go=rX /app /app",
			}, "",
		},
		{
			"poetry below the root", "poetry", wizard.Project{Package: true, Files: []string{"backend/pyproject.toml", "backend/poetry.lock"}},
			[]string{
				"    /opt/poetry/bin/poetry sync --project backend --only main --no-root --compile \\",
				"    && chmod -R go-w .venv",
				"    /opt/poetry/bin/poetry install --project backend --only-root",
			}, "",
		},
		{
			"pdm below the root", "pdm", wizard.Project{Package: true, Files: []string{"backend/pyproject.toml", "backend/pdm.lock"}},
			[]string{
				"    /opt/pdm/bin/pdm install --project backend --check --prod --no-self --no-editable \\",
				"    /opt/pdm/bin/pdm install --project backend --prod --frozen-lockfile",
			}, "",
		},
		{
			"pipenv below the root", "pipenv", wizard.Project{Files: []string{"backend/Pipfile", "backend/Pipfile.lock"}},
			[]string{"    PIPENV_PIPFILE=/app/backend/Pipfile \\"}, "",
		},
		{
			"a version in git's tags", "uv", wizard.Project{Package: true, SCMVersion: "hatch-vcs"},
			[]string{
				"ARG VERSION=\"\"",
				"    version=${VERSION#v} && version=${version%%[!0-9.]*} && version=${version%.} \\",
				"    && SETUPTOOLS_SCM_PRETEND_VERSION=${version:-0.0.0} uv sync --locked --no-dev --inexact --refresh",
			}, "",
		},
		{
			"a version in git's tags, of PDM's backend", "pyproject", wizard.Project{Package: true, SCMVersion: "pdm-backend"},
			[]string{"    && PDM_BUILD_SCM_VERSION=${version:-0.0.0} uv pip install --python /app/.venv/bin/python --no-deps --editable ."}, "",
		},
		{
			"a version in git's tags, of which Poetry makes nothing", "poetry", wizard.Project{Package: true, SCMVersion: "poetry-dynamic-versioning"},
			[]string{"    /opt/poetry/bin/poetry install --only-root"}, "BYPASS",
		},
		{
			"a version in git's tags, and no package", "uv", wizard.Project{SCMVersion: "hatch-vcs"}, nil, "PRETEND",
		},
		{
			"no lock, below the root", "pyproject", wizard.Project{Package: true, Files: []string{"backend/pyproject.toml"}},
			[]string{
				"    && uv pip install --python /app/.venv/bin/python --requirements backend/pyproject.toml",
				"    uv pip install --python /app/.venv/bin/python --no-deps --editable ./backend",
			}, "",
		},
		{
			"no lock, dependencies in another file", "pyproject", wizard.Project{Package: true, Files: []string{"pyproject.toml", "deps/web.txt"}},
			[]string{
				"    --mount=type=bind,source=deps/web.txt,target=deps/web.txt \\",
				"    && uv pip install --python /app/.venv/bin/python --requirements deps/web.txt",
				"    uv pip install --python /app/.venv/bin/python --no-deps --editable .",
			}, "--requirements pyproject.toml",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := wizard.Defaults()
			a.Dependencies, a.Project = test.dependencies, test.project
			f, err := dockerfile(a)
			if err != nil {
				t.Fatal(err)
			}
			for _, line := range test.lines {
				if !strings.Contains(f.Content, line+"\n") {
					t.Errorf("no line %q in\n%s", line, f.Content)
				}
			}
			if test.without != "" && strings.Contains(f.Content, test.without) {
				t.Errorf("%q is in\n%s", test.without, f.Content)
			}
		})
	}
}
