package inspect

import (
	"maps"
	"reflect"
	"slices"
	"testing"

	"github.com/davit-cli/davit/wizard"
)

const (
	uvManifest = "[project]\nname = \"shop\"\nrequires-python = \">=3.11\"\ndependencies = [\"fastapi\"]\n\n[project.optional-dependencies]\nserver = [\"uvicorn\"]\n\n[dependency-groups]\ndev = [\"pytest\"]\nprod = [\"gunicorn\"]\n"
	uvLockText = `version = 1

[[package]]
name = "fastapi"
version = "0.115.0"
source = { registry = "https://index.example/simple" }
dependencies = [{ name = "starlette" }, { name = "pywin32", marker = "sys_platform == 'win32'" }]

[package.optional-dependencies]
standard = [{ name = "fastapi-cli" }]

[[package]]
name = "fastapi-cli"
version = "0.0.5"

[[package]]
name = "gunicorn"
version = "23.0.0"

[[package]]
name = "pytest"
version = "8.0.0"

[[package]]
name = "pywin32"
version = "306"

[[package]]
name = "shop"
version = "0.1.0"
source = { virtual = "." }
dependencies = [{ name = "fastapi" }]

[package.optional-dependencies]
server = [{ name = "uvicorn" }]

[package.dev-dependencies]
dev = [{ name = "pytest" }]
prod = [{ name = "gunicorn" }]

[[package]]
name = "Starlette"
version = "0.38.0"

[[package]]
name = "uvicorn"
version = "0.30.0"
`
	poetryLockText = `[[package]]
name = "fastapi"
version = "0.115.0"
optional = false
groups = ["main"]

[package.dependencies]
starlette = ">=0.37"

[[package]]
name = "starlette"
version = "0.38.0"
optional = false
groups = ["main"]

[[package]]
name = "pytest"
version = "8.0.0"
optional = false
groups = ["dev"]

[[package]]
name = "gunicorn"
version = "23.0.0"
optional = false
groups = ["prod"]
`
)

func TestDependencies(t *testing.T) {
	tests := []struct {
		name       string
		files      files
		want       string
		evidence   string
		candidates []string
		usual      []string // Project.Files
		pkg        bool
		hashes     bool
		extras     []string
		groups     []string
		packages   map[string]string // nil: not compared
	}{
		{
			name: "uv, with the server in an extra and a group", files: files{"pyproject.toml": uvManifest, "uv.lock": uvLockText},
			want: "uv", evidence: "uv.lock:3", extras: []string{"server"}, groups: []string{"prod"},
			packages: map[string]string{"fastapi": "0.115.0", "starlette": "0.38.0", "uvicorn": "0.30.0", "gunicorn": "23.0.0"},
		},
		{
			name: "a uv.lock without packages is none", files: files{"pyproject.toml": uvManifest, "uv.lock": "version = 1\n"},
			want: "pyproject", extras: []string{"server"}, groups: []string{"prod"},
		},
		{
			name: "a uv.lock that is broken is none", files: files{"pyproject.toml": "[project]\nname='x'\ndependencies=['fastapi','uvicorn']\n", "uv.lock": "[[package\n"},
			want: "pyproject", packages: map[string]string{"fastapi": "", "uvicorn": ""},
		},
		{
			name: "a uv project that is a package", want: "uv", pkg: true,
			files: files{
				"pyproject.toml": "[project]\nname='shop'\ndependencies=['uvicorn']\n[build-system]\nrequires=['hatchling']\nbuild-backend='hatchling.build'\n",
				"uv.lock":        "[[package]]\nname='shop'\nversion='1'\nsource={editable='.'}\ndependencies=[{name='uvicorn'}]\n[[package]]\nname='uvicorn'\nversion='0.30.0'\n",
			},
		},
		{
			name: "a uv project that says it is no package", want: "uv",
			files: files{
				"pyproject.toml": "[project]\nname='shop'\n[build-system]\nrequires=['hatchling']\nbuild-backend='hatchling.build'\n[tool.uv]\npackage=false\n",
				"uv.lock":        "[[package]]\nname='shop'\nversion='1'\nsource={editable='.'}\ndependencies=[{name='uvicorn'}]\n[[package]]\nname='uvicorn'\nversion='0.30.0'\n",
			},
		},
		{
			name: "requirements in UTF-16, as PowerShell writes them", want: "pip", evidence: "requirements.txt:2",
			files:    files{"requirements.txt": "\xff\xfea\x00=\x00=\x001\x00\n\x00f\x00a\x00s\x00t\x00a\x00p\x00i\x00\n\x00"},
			packages: map[string]string{"a": "1", "fastapi": ""},
		},
		{
			name: "the Dockerfile before the variants beside it", want: "uv", candidates: []string{"uv", "pipenv"},
			files: files{
				"pyproject.toml": uvManifest, "uv.lock": uvLockText, "Pipfile.lock": "{\"default\": {\"fastapi\": {\"version\": \"==0.1\"}}}",
				"Dockerfile": "FROM python\nRUN uv sync --locked\n", "Dockerfile-pipenv": "FROM python\nRUN pipenv install --deploy\n",
			},
			extras: []string{"server"}, groups: []string{"prod"},
		},
		{
			name: "poetry, groups in the lock", want: "poetry", groups: []string{"prod"},
			files: files{
				"pyproject.toml": "[tool.poetry]\nname='shop'\n[tool.poetry.dependencies]\npython='^3.11'\nfastapi='*'\n[tool.poetry.group.prod.dependencies]\ngunicorn='*'\n[tool.poetry.group.dev.dependencies]\npytest='*'\n",
				"poetry.lock":    poetryLockText,
			},
			packages: map[string]string{"fastapi": "0.115.0", "starlette": "0.38.0", "gunicorn": "23.0.0"},
		},
		{
			name: "poetry, an older lock", want: "poetry", pkg: true,
			files: files{
				"pyproject.toml":      "[tool.poetry]\nname='my-shop'\n[tool.poetry.dependencies]\npython='^3.11'\nfastapi={version='*',extras=['all']}\n",
				"my_shop/__init__.py": "",
				"poetry.lock":         "[[package]]\nname='fastapi'\nversion='0.1'\noptional=false\n[package.dependencies]\nstarlette='*'\nuvicorn={version='*',optional=true}\n[package.extras]\nall=['uvicorn (>=0.1)']\n[[package]]\nname='starlette'\nversion='0.2'\n[[package]]\nname='uvicorn'\nversion='0.3'\noptional=true\n[[package]]\nname='pytest'\nversion='8'\n",
			},
			packages: map[string]string{"fastapi": "0.1", "starlette": "0.2", "uvicorn": "0.3"},
		},
		{name: "poetry without a lock", want: "poetry", files: files{"pyproject.toml": "[tool.poetry]\nname='x'\npackage-mode=false\n[tool.poetry.dependencies]\nfastapi='*'\n"}, evidence: "pyproject.toml:4"},
		{
			name: "pdm", want: "pdm",
			files: files{
				"pyproject.toml": "[project]\nname='x'\ndependencies=['fastapi','uvicorn']\n[tool.pdm]\ndistribution=false\n",
				"pdm.lock":       "[[package]]\nname='fastapi'\nversion='0.1'\ngroups=['default']\n[[package]]\nname='uvicorn'\nversion='0.3'\ngroups=['default','dev']\n[[package]]\nname='pytest'\nversion='8'\ngroups=['dev']\n",
			},
			packages: map[string]string{"fastapi": "0.1", "uvicorn": "0.3"},
		},
		{
			name: "pipenv, with exported requirements", want: "pipenv", candidates: []string{"pipenv", "pip"},
			files: files{
				"Pipfile": "[packages]\nfastapi = '*'\n", "requirements.txt": "fastapi==0.1\n",
				"Pipfile.lock": `{"default": {"fastapi": {"version": "==0.1", "hashes": []}, "uvicorn": {"version": "==0.2"}}, "develop": {"pytest": {"version": "==8"}}}`,
			},
			packages: map[string]string{"fastapi": "0.1", "uvicorn": "0.2"},
		},
		{name: "pipenv without a lock", want: "pipenv", files: files{"Pipfile": "[packages]\nfastapi = \"*\"\nuvicorn = {extras = [\"standard\"], version = \"*\"}\n"}, packages: map[string]string{"fastapi": "", "uvicorn": ""}},
		{
			name: "requirements", want: "pip", evidence: "requirements.txt:2",
			files:    files{"requirements.txt": "# web\nfastapi[standard]==0.115.0 ; python_version > '3.8'\nUvicorn_Worker>=0.2  # why\npywin32==306 ; sys_platform == 'win32'\n-e .\n--index-url https://example.org\nhttps://example.org/x.whl\ngit+https://example.org/y.git#egg=My.Lib\n"},
			packages: map[string]string{"fastapi": "0.115.0", "fastapi-cli": "", "uvicorn": "", "uvicorn-worker": "", "my-lib": ""},
		},
		{
			name: "requirements with hashes", want: "pip", hashes: true,
			files:    files{"requirements.txt": "fastapi==0.115.0 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\nuvicorn==0.30.0 --hash=sha256:cc\n"},
			packages: map[string]string{"fastapi": "0.115.0", "uvicorn": "0.30.0"},
		},
		{
			name: "requirements under a short name", want: "pip", evidence: "req.txt:2", usual: []string{"req.txt"},
			files: files{"req.txt": "uvicorn\nfastapi\n", "request.txt": "GET / HTTP/1.1\n"},
		},
		{
			name: "requirements for production", want: "pip", usual: []string{"requirements/prod.txt", "requirements/base.txt"},
			files:    files{"requirements/base.txt": "fastapi\n", "requirements/prod.txt": "-r base.txt\ngunicorn\n", "requirements/dev.txt": "-r base.txt\npytest\n"},
			packages: map[string]string{"fastapi": "", "gunicorn": ""},
		},
		{
			name: "requirements that the Dockerfile names", want: "pip", usual: []string{"requirements-server.txt"},
			files: files{"requirements-server.txt": "fastapi\n", "requirements-all.txt": "fastapi\n", "Dockerfile": "FROM python\nRUN pip install \\\n  -r /app/requirements-server.txt\n"},
		},
		{
			name: "includes in a circle and out of the folder", want: "pip", usual: []string{"requirements.txt", "a.txt"},
			files: files{"requirements.txt": "-r a.txt\n-r ../../secret.txt\nfastapi\n", "a.txt": "-r requirements.txt\nuvicorn\n"},
		},
		{name: "a pyproject that only configures tools", want: "pip", files: files{"pyproject.toml": "[tool.ruff]\nline-length = 100\n", "requirements.txt": "fastapi\n"}},
		{name: "requirements for the documentation only", want: "pyproject", files: files{"pyproject.toml": "[project]\nname='x'\ndependencies=['fastapi']\n", "requirements.txt": "mkdocs\n"}},
		{
			name: "the Dockerfile decides between requirements and pyproject", want: "pyproject", candidates: []string{"pyproject", "pip"},
			files: files{"pyproject.toml": "[project]\nname='x'\ndependencies=['fastapi']\n", "requirements.txt": "fastapi\n", "Dockerfile": "FROM python\nCOPY . .\nRUN pip install --no-cache-dir .\n"},
		},
		{
			name: "the Dockerfile decides between two locks", want: "poetry", candidates: []string{"poetry", "uv"}, groups: []string{"prod"},
			files: files{"pyproject.toml": uvManifest, "uv.lock": uvLockText, "poetry.lock": poetryLockText, "Dockerfile": "FROM python\nRUN poetry install --only main\n"},
		},
		{name: "two locks and nothing to decide are asked", want: "", candidates: []string{"uv", "poetry"}, files: files{"pyproject.toml": uvManifest, "uv.lock": uvLockText, "poetry.lock": poetryLockText}},
		{
			name: "conda", want: "conda", evidence: "environment.yml:3",
			files:    files{"environment.yml": "name: x\ndependencies:\n  - python=3.12\n  - conda-forge::fastapi=0.115\n  - uvicorn >=0.2\n  - pip:\n      - redis==5.0\n"},
			packages: map[string]string{"fastapi": "0.115", "uvicorn": "", "redis": "5.0"},
		},
		{name: "conda in a folder of its own", want: "conda", usual: []string{"devtools/conda-envs/server.yml"}, files: files{"devtools/conda-envs/test.yml": "dependencies: [pytest]\n", "devtools/conda-envs/server.yml": "dependencies: [fastapi, uvicorn]\n"}},
		{name: "manifests in src", want: "pip", usual: []string{"src/requirements.txt"}, files: files{"src/requirements.txt": "fastapi\n"}},
		{name: "nothing", want: "", files: files{"main.py": plainApp}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			facts := inspected(t, test.files)
			got, p := facts.Dependencies, facts.Project
			if got.Value != test.want || test.evidence != "" && got.Evidence != test.evidence {
				t.Errorf("got %+v, want %q at %q", got, test.want, test.evidence)
			}
			if test.candidates != nil && !slices.Equal(got.Candidates, test.candidates) {
				t.Errorf("candidates %q, want %q", got.Candidates, test.candidates)
			}
			if !slices.Equal(p.Files, test.usual) || p.Package != test.pkg || p.Hashes != test.hashes {
				t.Errorf("files %q, package %v, hashes %v", p.Files, p.Package, p.Hashes)
			}
			if test.want != "" && (!reflect.DeepEqual(p.Extras, test.extras) || !reflect.DeepEqual(p.Groups, test.groups)) {
				t.Errorf("extras %q, groups %q; want %q, %q", p.Extras, p.Groups, test.extras, test.groups)
			}
			if test.packages != nil && !maps.Equal(p.Packages, test.packages) {
				t.Errorf("packages %v\nwant     %v", p.Packages, test.packages)
			}
		})
	}
}

func TestExtrasAndGroupsThatTheProjectsOwnImageInstalls(t *testing.T) {
	const manifest = "[project]\nname='shop'\ndependencies=['fastapi','uvicorn']\n[project.optional-dependencies]\ncpu=['torch']\ngpu=['torch','cuda']\nproxy=['litellm']\n" +
		"[dependency-groups]\ndev=['pytest']\nmetrics=['prometheus-client']\n"
	const lock = "[[package]]\nname='shop'\nversion='1'\nsource={virtual='.'}\ndependencies=[{name='fastapi'},{name='uvicorn'}]\n" +
		"[package.optional-dependencies]\ncpu=[{name='torch'}]\ngpu=[{name='torch'},{name='cuda'}]\nproxy=[{name='litellm'}]\n" +
		"[package.dev-dependencies]\ndev=[{name='pytest'}]\nmetrics=[{name='prometheus-client'}]\n" +
		"[[package]]\nname='fastapi'\nversion='1'\n[[package]]\nname='uvicorn'\nversion='1'\n[[package]]\nname='torch'\nversion='2'\n[[package]]\nname='cuda'\nversion='1'\n" +
		"[[package]]\nname='litellm'\nversion='1'\ndependencies=[{name='gunicorn'}]\n[[package]]\nname='gunicorn'\nversion='1'\n[[package]]\nname='pytest'\nversion='1'\n[[package]]\nname='prometheus-client'\nversion='1'\n"
	image := func(install string) string {
		return "FROM python:3.13\nARG EXTRA=cpu\nRUN " + install + "\nCMD uvicorn main:app\n"
	}
	for name, c := range map[string]struct {
		files          files
		extras, groups []string
	}{
		"none":                       {files{"Dockerfile": image("uv sync --locked --no-dev")}, nil, nil},
		"some":                       {files{"Dockerfile": image("uv sync --extra=cpu --group metrics --group dev --extra other")}, []string{"cpu"}, []string{"metrics"}},
		"by an argument":             {files{"Dockerfile": image("uv sync --extra $EXTRA")}, []string{"cpu"}, nil},
		"all":                        {files{"Dockerfile": image("uv sync --all-extras")}, []string{"cpu", "gpu", "proxy"}, nil},
		"its variant":                {files{"Dockerfile": image("uv sync --extra cpu"), "Dockerfile.gpu": image("uv sync --extra gpu")}, []string{"cpu"}, nil},
		"variants alone":             {files{"docker/a/Dockerfile": image("uv sync --extra proxy"), "docker/b/Dockerfile": image("uv sync --extra gpu")}, nil, nil},
		"variants for the hardware":  {files{"docker/cpu/Dockerfile": image("uv sync --extra cpu"), "docker/gpu/Dockerfile": image("uv sync --extra gpu")}, []string{"cpu"}, nil},
		"for tests":                  {files{"Dockerfile": "FROM python:3.13 AS base\nRUN uv sync\nFROM base AS checks\nRUN uv sync --extra cpu\n" + image("uv sync --extra proxy")}, []string{"proxy"}, nil},
		"for tests that are started": {files{"Dockerfile": "FROM python:3.13 AS test\nRUN uv sync --extra cpu\nCMD [\"pytest\"]\n" + image("uv sync --extra proxy")}, []string{"proxy"}, nil},
		"in a stage that is copied": {files{"Dockerfile": "FROM python:3.13 AS all\nRUN uv sync --extra proxy\nFROM python:3.13 AS Build\nRUN uv sync --extra cpu\n" +
			"FROM python:3.13 AS copy\nCOPY --chown=app --from=build /app /app\nFROM copy\nCMD uvicorn main:app\n"}, []string{"cpu"}, nil},
		"in a stage that is mounted":   {files{"Dockerfile": "FROM python:3.13\nRUN uv sync --extra cpu\nFROM python:3.13\nRUN --mount=type=bind,from=0,target=/b cp -r /b /app\nCMD uvicorn main:app\n"}, []string{"cpu"}, nil},
		"what installs something else": {files{"Dockerfile": image("tool --extra cpu")}, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			c.files["main.py"], c.files["pyproject.toml"], c.files["uv.lock"] = plainApp, manifest, lock
			got := inspected(t, c.files).Project
			if !slices.Equal(got.Extras, c.extras) || !slices.Equal(got.Groups, c.groups) {
				t.Errorf("got %q and %q, want %q and %q", got.Extras, got.Groups, c.extras, c.groups)
			}
			if _, ok := got.Packages["torch"]; ok != slices.Contains(c.extras, "cpu") {
				t.Errorf("packages %v", got.Packages)
			}
		})
	}
	poetry := files{
		"main.py": plainApp, "pyproject.toml": "[tool.poetry]\nname='shop'\n[tool.poetry.dependencies]\nfastapi='*'\nuvicorn='*'\n[tool.poetry.extras]\na=['x']\nb=['y']\n[tool.poetry.group.web.dependencies]\ngunicorn='*'\n",
		"Dockerfile": image("poetry install --extras \"a b\" --with web,dev"),
	}
	if got := inspected(t, poetry).Project; !slices.Equal(got.Extras, []string{"a", "b"}) || !slices.Equal(got.Groups, []string{"web"}) {
		t.Errorf("Poetry: %q and %q", got.Extras, got.Groups)
	}
	poetry["Dockerfile"] = image("poetry install --only main,web")
	if got := inspected(t, poetry).Project; !slices.Equal(got.Groups, []string{"web"}) {
		t.Errorf("Poetry with --only: %q", got.Groups)
	}
	pip := files{
		"main.py": plainApp, "pyproject.toml": manifest,
		"Dockerfile": image("pip install --no-cache-dir '.[cpu,proxy]'"),
	}
	if got := inspected(t, pip).Project; !slices.Equal(got.Extras, []string{"cpu", "proxy"}) {
		t.Errorf("pip: %q", got.Extras)
	}
}

func TestAWorkspacesLockLiesAbove(t *testing.T) {
	top := project(t, files{
		"pyproject.toml":        "[tool.uv.workspace]\nmembers=['orders']\n",
		"uv.lock":               "[[package]]\nname='orders'\nversion='1'\nsource={editable='orders'}\ndependencies=[{name='fastapi'}]\n[[package]]\nname='fastapi'\nversion='0.1'\n",
		"orders/pyproject.toml": "[project]\nname='orders'\ndependencies=['fastapi']\n",
		"stock/pyproject.toml":  "[project]\nname='stock'\ndependencies=['fastapi']\n",
	})
	for member, want := range map[string]string{"orders": "uv", "stock": "pyproject"} {
		facts, err := Folder(top + "/" + member)
		if err != nil {
			t.Fatal(err)
		}
		if facts.Dependencies.Value != want {
			t.Errorf("%s: got %+v, want %s", member, facts.Dependencies, want)
		}
		if above := facts.Project.Above; (above == "..") != (want == "uv") {
			t.Errorf("%s: the workspace is said to be in %q", member, above)
		}
	}
}

// In a workspace the member with the app is the service; uv needs to see the
// manifest of every other one.
func TestAMemberOfAWorkspaceIsTheService(t *testing.T) {
	built := "[build-system]\nrequires=['hatchling']\nbuild-backend='hatchling.build'\n"
	facts := inspected(t, files{
		"pyproject.toml": "[tool.uv.workspace]\nmembers=['packages/*']\n",
		"uv.lock": "[manifest]\nmembers=['shop-api','shop-core','shop-jobs']\n" +
			"[[package]]\nname='shop-api'\nversion='1'\nsource={editable='packages/api'}\ndependencies=[{name='fastapi'},{name='uvicorn'},{name='shop-core'}]\n" +
			"[[package]]\nname='shop-core'\nversion='1'\nsource={editable='packages/core'}\n" +
			"[[package]]\nname='shop-jobs'\nversion='1'\nsource={editable='packages/jobs'}\ndependencies=[{name='celery'}]\n" +
			"[[package]]\nname='fastapi'\nversion='0.1'\n[[package]]\nname='uvicorn'\nversion='0.2'\n[[package]]\nname='celery'\nversion='5'\n",
		"packages/api/pyproject.toml":       "[project]\nname='shop-api'\ndependencies=['fastapi','uvicorn','shop-core']\n" + built,
		"packages/api/src/shop/__init__.py": "",
		"packages/api/src/shop/main.py":     plainApp,
		"packages/core/pyproject.toml":      "[project]\nname='shop-core'\n" + built,
		"packages/jobs/pyproject.toml":      "[project]\nname='shop-jobs'\ndependencies=['celery']\n" + built,
	})
	if facts.App.Value != "shop.main:app" || facts.App.AppDir != "" {
		t.Errorf("app %q in %q", facts.App.Value, facts.App.AppDir)
	}
	p := facts.Project
	want := []string{"pyproject.toml", "uv.lock", "packages/api/pyproject.toml", "packages/core/pyproject.toml", "packages/jobs/pyproject.toml"}
	if p.Member != "shop-api" || !p.Package || !slices.Equal(p.Files, want) {
		t.Errorf("member %q, package %t, files %q", p.Member, p.Package, p.Files)
	}
	if _, ok := p.Packages["celery"]; ok || p.Packages["uvicorn"] != "0.2" || p.Packages["shop-core"] != "1" {
		t.Errorf("what another member needs is not installed: %v", p.Packages)
	}
}

func TestARootProjectNeedsItsMember(t *testing.T) {
	facts := inspected(t, files{
		"pyproject.toml": "[project]\nname='shop'\ndependencies=['fastapi','uvicorn','core']\n[tool.uv.workspace]\nmembers=['core']\n",
		"uv.lock": "[manifest]\nmembers=['core','shop']\n" +
			"[[package]]\nname='shop'\nversion='1'\nsource={virtual='.'}\ndependencies=[{name='fastapi'},{name='uvicorn'},{name='core'}]\n" +
			"[[package]]\nname='core'\nversion='1'\nsource={editable='core'}\n" +
			"[[package]]\nname='fastapi'\nversion='0.1'\n[[package]]\nname='uvicorn'\nversion='0.2'\n",
		"core/pyproject.toml": "[project]\nname='core'\n",
		"app/__init__.py":     "", "app/main.py": plainApp,
	})
	p := facts.Project
	if p.Member != "" || !p.Package || !slices.Equal(p.Files, []string{"pyproject.toml", "uv.lock", "core/pyproject.toml"}) {
		t.Errorf("member %q, package %t, files %q", p.Member, p.Package, p.Files)
	}
	if facts.App.Value != "app.main:app" {
		t.Errorf("app %q", facts.App.Value)
	}
}

// setuptools can leave the dependencies to requirements files, which then have
// to be there before the source is.
func TestDependenciesThatSetuptoolsReadsFromFiles(t *testing.T) {
	facts := inspected(t, files{
		"pyproject.toml": "[build-system]\nrequires=['setuptools']\nbuild-backend='setuptools.build_meta'\n[project]\nname='shop'\ndynamic=['dependencies','version']\n" +
			"[tool.setuptools.dynamic]\ndependencies={file=['deps/web.txt']}\n",
		"deps/web.txt": "fastapi\nuvicorn==0.2\n", "app/__init__.py": "", "app/main.py": plainApp,
	})
	p := facts.Project
	if facts.Dependencies.Value != "pyproject" || !slices.Equal(p.Files, []string{"pyproject.toml", "deps/web.txt"}) || p.Packages["uvicorn"] != "0.2" {
		t.Errorf("%+v, files %q, packages %v", facts.Dependencies, p.Files, p.Packages)
	}
}

// Each way of declaring dependencies has files of its own: what is known of
// the project follows the answer.
func TestAnotherWayHasItsOwnFiles(t *testing.T) {
	a := inspected(t, files{
		"pyproject.toml": "[build-system]\nrequires=['setuptools']\nbuild-backend='setuptools.build_meta'\n[project]\nname='shop'\ndynamic=['dependencies']\n" +
			"[tool.setuptools.dynamic]\ndependencies={file=['requirements.txt']}\n",
		"requirements.txt": "fastapi\nuvicorn==0.2\n", "app/__init__.py": "", "app/main.py": plainApp,
	}).Prefill(wizard.Defaults())
	for _, test := range []struct {
		dependencies string
		pkg          bool
		files        []string
	}{
		{"pip", false, nil},
		{"pyproject", true, []string{"pyproject.toml", "requirements.txt"}},
		{"conda", false, nil},
		{"pip", false, nil},
	} {
		if err := a.Set("dependencies", test.dependencies); err != nil {
			t.Fatal(err)
		}
		if p := a.Project; p.Package != test.pkg || !slices.Equal(p.Files, test.files) || p.Packages["uvicorn"] != "0.2" {
			t.Errorf("%s: package %t, files %q, packages %v", test.dependencies, p.Package, p.Files, p.Packages)
		}
	}
}

// A package whose version is in git's tags cannot be built of what is sent.
func TestAVersionFromGitIsSeen(t *testing.T) {
	for name, test := range map[string]struct{ manifest, want string }{
		"hatch-vcs":                       {"[project]\nname='shop'\ndynamic=['version']\n", "hatch-vcs"},
		"Setuptools_SCM[toml] >= 8":       {"[project]\nname='shop'\ndynamic=['version']\n", "setuptools-scm"},
		"uv-dynamic-versioning":           {"[project]\nname='shop'\ndynamic=['version']\n", "uv-dynamic-versioning"},
		"poetry-dynamic-versioning>=1,<2": {"[project]\nname='shop'\ndynamic=['version']\n", "poetry-dynamic-versioning"},
		"pdm-backend":                     {"[tool.pdm.version]\nsource='scm'\n[project]\nname='shop'\ndynamic=['version']\n", "pdm-backend"},
		"hatchling":                       {"[project]\nname='shop'\ndynamic=['version']\n", ""},
		"setuptools-scm":                  {"[project]\nname='shop'\nversion='1.0'\n", ""}, // only lists the files
	} {
		facts := inspected(t, files{
			"pyproject.toml":       test.manifest + "dependencies=['fastapi','uvicorn']\n[build-system]\nrequires=['" + name + "']\nbuild-backend='x'\n",
			"src/shop/__init__.py": "", "src/shop/main.py": plainApp,
		})
		if got := facts.Project.SCMVersion; got != test.want || !facts.Project.Package {
			t.Errorf("%s: version from %q, want %q; package %t", name, got, test.want, facts.Project.Package)
		}
	}
}

// Of a workspace, any package that gets installed may be the one.
func TestAVersionFromGitOfAMember(t *testing.T) {
	facts := inspected(t, files{
		"pyproject.toml": "[project]\nname='shop'\ndependencies=['fastapi','uvicorn','core']\n[tool.uv.workspace]\nmembers=['core']\n",
		"uv.lock": "[manifest]\nmembers=['core','shop']\n" +
			"[[package]]\nname='shop'\nversion='1'\nsource={virtual='.'}\ndependencies=[{name='fastapi'},{name='uvicorn'},{name='core'}]\n" +
			"[[package]]\nname='core'\nsource={editable='core'}\n" +
			"[[package]]\nname='fastapi'\nversion='0.1'\n[[package]]\nname='uvicorn'\nversion='0.2'\n",
		"core/pyproject.toml": "[project]\nname='core'\ndynamic=['version']\n[build-system]\nrequires=['hatchling','hatch-vcs']\nbuild-backend='hatchling.build'\n",
		"app/__init__.py":     "", "app/main.py": plainApp,
	})
	if p := facts.Project; p.SCMVersion != "hatch-vcs" || !p.Package {
		t.Errorf("version from %q, package %t", p.SCMVersion, p.Package)
	}
}

// A package in src is imported from there, and needs no folder on the path.
func TestTheSourceOfAPackageIsKnown(t *testing.T) {
	const manifest = "[project]\nname='shop'\nversion='1'\ndependencies=['fastapi','uvicorn']\n"
	for more, want := range map[string]string{
		"": "", // nothing installs it
		"[build-system]\nrequires=['hatchling']\nbuild-backend='hatchling.build'\n": "src",
	} {
		facts := inspected(t, files{"pyproject.toml": manifest + more, "src/shop/__init__.py": "", "src/shop/main.py": plainApp})
		if facts.Project.Source != want || facts.App.AppDir != "" {
			t.Errorf("source %q, want %q; app dir %q", facts.Project.Source, want, facts.App.AppDir)
		}
	}
}
