package inspect

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// calls is functions of which each calls the next one twice.
func calls(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "def f%d():\n    f%d()\n    f%d()\n", i, i+1, i+1)
	}
	return b.String()
}

func TestApp(t *testing.T) {
	tests := []struct {
		name       string
		files      files
		want       string
		evidence   string
		candidates []string // a part of them
		factory    bool
		appDir     string
	}{
		{name: "a plain app", files: files{"main.py": plainApp}, want: "main:app", evidence: "main.py:3"},
		{name: "an annotated app", files: files{"main.py": "import fastapi\napi: fastapi.FastAPI = fastapi.FastAPI(\n title='x')\n"}, want: "main:api", evidence: "main.py:2"},
		{name: "FastAPI under another name", files: files{"main.py": "from fastapi import FastAPI as F\nAPP = F()\n"}, want: "main:APP"},
		{name: "in a package", files: files{"shop/__init__.py": "", "shop/main.py": plainApp}, want: "shop.main:app"},
		{name: "in a folder without __init__.py", files: files{"app/main.py": plainApp}, want: "app.main:app"},
		{name: "in the package's __init__.py", files: files{"shop/__init__.py": plainApp}, want: "shop:app"},
		{name: "a docstring is no app", files: files{"main.py": "\"\"\"\nfrom fastapi import FastAPI\napp = FastAPI()\n\"\"\"\n# app = FastAPI()\ns = 'app = FastAPI()'\n"}},
		{name: "an app in a function is none", files: files{"main.py": "from fastapi import FastAPI\ndef f(x):\n    app = FastAPI()\n"}},
		{name: "tests, examples, docs and templates are no service", files: files{
			"tests/main.py": plainApp, "examples/app.py": plainApp, "docs_src/first.py": plainApp, "test_main.py": plainApp,
			"templates/{{name}}/main.py": plainApp, "conftest.py": plainApp,
		}},
		{name: "the only package has a name of examples", files: files{"requirements.txt": "fastapi\n", "setup.py": "", "demo/__init__.py": "", "demo/main.py": plainApp, "tests/test_x.py": ""}, want: "demo.main:app"},
		{name: "the package is called like the project", files: files{"pyproject.toml": "[project]\nname = 'Sample'\ndependencies = ['fastapi']\n", "sample/main.py": plainApp, "tools.py": ""}, want: "sample.main:app"},
		{name: "examples of a library", files: files{"pyproject.toml": "[project]\nname = 'lib'\ndependencies = ['fastapi']\n", "lib/__init__.py": "x = 1\n", "examples/main.py": plainApp}},
		{name: "a demo of a library", files: files{"pyproject.toml": "[project]\nname = 'lib'\ndependencies = ['fastapi']\n", "lib/__init__.py": "x = 1\n", "demo_project/main.py": plainApp + "import uvicorn\nuvicorn.run(app)\n"}},
		{name: "the only package is called after a demo", files: files{"requirements.txt": "fastapi\n", "demo_shop/main.py": plainApp}, want: "demo_shop.main:app"},
		{name: "the only service is called after a sample", files: files{"sample-service/main.py": plainApp, "sample-service/pyproject.toml": "[project]\nname = 'x'\ndependencies = ['fastapi']\n"}, want: "main:app", appDir: "sample-service"},
		{name: "a sample with an image of its own", files: files{"sample-service/app/main.py": plainApp, "sample-service/Dockerfile": "FROM python\nCMD uvicorn app.main:app\n", "frontend/package.json": "{}", "frontend/gen.py": "x = 1\n"}, want: "app.main:app", appDir: "sample-service"},
		{name: "a demo that a script serves", files: files{"requirements.txt": "fastapi\n", "run.py": "import uvicorn\nuvicorn.run('demo_app.app:app')\n", "demo_app/app.py": plainApp}, want: "demo_app.app:app", evidence: "run.py:2"},
		{name: "a sample that the rest imports", files: files{"requirements.txt": "fastapi\n", "main.py": "from sample_api.app import app\n", "sample_api/app.py": plainApp}, want: "sample_api.app:app"},
		{name: "a demo beside scripts", files: files{"requirements.txt": "fastapi\n", "demo_app/main.py": plainApp, "scripts/seed.py": "x = 1\n"}, want: "demo_app.main:app"},
		{name: "a demo that a library's image serves", files: files{"pyproject.toml": "[project]\nname = 'lib'\ndependencies = ['fastapi']\n", "lib/__init__.py": "x = 1\n", "demo_app/main.py": plainApp, "Dockerfile": "FROM python\nCOPY demo_app demo_app\nCMD uvicorn demo_app.main:app\n"}, want: "demo_app.main:app"},
		{name: "a demo beside the service", files: files{"requirements.txt": "fastapi\n", "shop/main.py": plainApp, "demo_app/main.py": plainApp, "example-jobs/app.py": plainApp}, want: "shop.main:app"},
		{name: "examples beside a template", files: files{"Pipfile": "[packages]\nfastapi='*'\n", "examples/jobs/main.py": plainApp, "{{cookiecutter.name}}/main.py": plainApp}},
		{name: "another framework's app in a folder of its name", files: files{"flask/main.py": "from flask import Flask\napp = Flask(__name__)\n", "flask/README.md": "gunicorn main:app\n", "x.py": "import fastapi\n"}},
		{name: "the module that serves the app adds its routes", files: files{
			"shop/models.py": plainApp, "shop/server.py": "from shop.models import app\nfrom shop.cart import router\napp.include_router(router)\nif __name__ == '__main__':\n    import uvicorn\n    uvicorn.run(app)\n",
			"shop/cart.py": "from fastapi import APIRouter\nrouter = APIRouter()\n",
		}, want: "shop.server:app", evidence: "shop/server.py:6"},
		{name: "the module that serves the app adds nothing", files: files{
			"shop/web.py": plainApp + "@app.get('/')\ndef f(): pass\n", "main.py": "from shop.web import app\nimport uvicorn\nuvicorn.run(app)\n",
		}, want: "shop.web:app"},
		{name: "other things called app", files: files{
			"cli.py":  "import typer\nimport fastapi\napp = typer.Typer()\n",
			"work.py": "from celery import Celery\nimport fastapi\napp = Celery()\n", "name.py": "import fastapi\napp = 'main:app'\n",
		}},
		{name: "another class called FastAPI", files: files{"main.py": "from mylib import FastAPI\napp = FastAPI()\n"}},
		{name: "a tool's app beside the service", files: files{"cli.py": "import typer\napp = typer.Typer()\n", "web.py": plainApp}, want: "web:app"},
		{name: "a condition", files: files{"main.py": "from fastapi import FastAPI\nimport os\nif os.getenv('X'):\n    app = FastAPI(debug=True)\nelse:\n    app = FastAPI()\n"}, want: "main:app"},
		{name: "try", files: files{"main.py": "try:\n    from fastapi import FastAPI\nexcept ImportError:\n    raise\nelse:\n    app = FastAPI()\n"}, want: "main:app"},
		{name: "only as a script is none", files: files{"main.py": "from fastapi import FastAPI\nif __name__ == '__main__':\n    app = FastAPI()\n"}},
		{name: "only when imported", files: files{"main.py": "from fastapi import FastAPI\nif __name__ != '__main__':\n    app = FastAPI()\n"}, want: "main:app"},
		{name: "a subclass", files: files{"base.py": "from fastapi import FastAPI\nclass Shop(FastAPI):\n    pass\n", "main.py": "from base import Shop\napp = Shop()  # fastapi\n"}, want: "main:app"},
		{name: "an object's attribute", files: files{"main.py": "from fastapi import FastAPI\nclass Server:\n    def __init__(self):\n        self.app = FastAPI()\nserver = Server()\napp = server.app\n"}, want: "main:app"},
		{name: "a factory that is called", files: files{
			"shop/factory.py": "from fastapi import FastAPI\ndef create_app(debug: bool = False) -> FastAPI:\n    app = FastAPI()\n    return app\n",
			"shop/wsgi.py":    "from shop.factory import create_app\napp = create_app()\n",
		}, want: "shop.wsgi:app"},
		{name: "a factory alone", files: files{"shop/main.py": "from fastapi import FastAPI\ndef get_app() -> FastAPI:\n    app = FastAPI()\n    return app\n"}, want: "shop.main:get_app", factory: true, evidence: "shop/main.py:2"},
		{name: "a factory that needs arguments is none", files: files{"main.py": "from fastapi import FastAPI\ndef create_app(settings) -> FastAPI:\n    return FastAPI()\n"}},
		{name: "a re-export counts for its origin", files: files{"shop/app.py": plainApp + "@app.get('/')\ndef f(): pass\n", "shop/__init__.py": "from .app import app\n"}, want: "shop.app:app"},
		{name: "a command names the re-export", files: files{
			"shop/core/server.py": plainApp, "shop/__init__.py": "from .core.server import app\n",
			"Dockerfile": "FROM python:3.13-slim\nCMD [\"uvicorn\", \"shop:app\", \"--port\", \"80\"]\n",
		}, want: "shop:app", evidence: "Dockerfile:2"},
		{name: "a star import", files: files{
			"shop/base.py": plainApp, "shop/routes.py": "from shop.base import app\n@app.get('/x')\ndef x(): pass\n",
			"main.py": "from shop.routes import *\n", "Procfile": "web: uvicorn main:app --host 0.0.0.0 --port $PORT\n",
		}, want: "main:app", evidence: "Procfile:1"},
		{name: "the app that others are mounted in", files: files{"main.py": "from fastapi import FastAPI\nouter = FastAPI()\napi = FastAPI()\nouter.mount('/api', api)\n@api.get('/x')\ndef x(): pass\n"}, want: "main:outer"},
		{name: "an app around the app", files: files{"main.py": "from fastapi import FastAPI\nfrom asgi_tools import LogMiddleware\nimport socketio\napi = FastAPI()\napp = socketio.ASGIApp(socketio.AsyncServer(), other_asgi_app=api)\n"}, want: "main:app"},
		{name: "middleware under the same name", files: files{"main.py": plainApp + "from sentry_sdk.integrations.asgi import SentryAsgiMiddleware\napp = SentryAsgiMiddleware(app)\n"}, want: "main:app"},
		{name: "two equal apps are asked", files: files{"orders/main.py": plainApp, "stock/main.py": plainApp}, candidates: []string{"orders.main:app", "stock.main:app"}},
		{name: "a command decides between two", files: files{
			"orders/main.py": plainApp, "stock/main.py": plainApp, "compose.yaml": "services:\n  web:\n    build: .\n    command:\n      - uvicorn\n      - stock.main:app\n",
		}, want: "stock.main:app", candidates: []string{"orders.main:app"}},
		{name: "a command that resolves to nothing is no evidence", files: files{"shop/main.py": plainApp, "Dockerfile": "FROM python:3.13\nCMD uvicorn other.main:app\n"}, want: "shop.main:app", evidence: "shop/main.py:3"},
		{name: "a command that names something else is no evidence", files: files{"cli.py": "import typer\napp = typer.Typer()\n", "shop/main.py": plainApp, "README.md": "    uvicorn cli:app\n"}, want: "shop.main:app"},
		{name: "a service of its own below", files: files{"pyproject.toml": "[project]\nname='a'\n", "main.py": plainApp, "admin/pyproject.toml": "[project]\nname='b'\n", "admin/main.py": plainApp}, want: "main:app"},
		{name: "src as root", files: files{"src/main.py": "from fastapi import FastAPI\nfrom routers import users\napp = FastAPI()\n", "src/routers/users.py": "x = 1\n"}, want: "main:app", appDir: "src"},
		{name: "src as package", files: files{"src/main.py": "from fastapi import FastAPI\nfrom src.config import x\napp = FastAPI()\n", "src/config.py": "x = 1\n"}, want: "src.main:app"},
		{name: "a package in src that gets installed", files: files{
			"pyproject.toml":   "[project]\nname = 'shop'\ndependencies = ['fastapi']\n[build-system]\nbuild-backend = 'hatchling.build'\nrequires = ['hatchling']\n",
			"src/shop/main.py": "from fastapi import FastAPI\nfrom shop.config import x\napp = FastAPI()\n", "src/shop/config.py": "x = 1\n", "src/shop/__init__.py": "",
		}, want: "shop.main:app"},
		{name: "a package in src that does not", files: files{
			"requirements.txt": "fastapi\n", "src/shop/main.py": "from fastapi import FastAPI\nfrom shop.config import x\napp = FastAPI()\n", "src/shop/config.py": "x = 1\n", "src/shop/__init__.py": "",
		}, want: "shop.main:app", appDir: "src"},
		{name: "--app-dir", files: files{"service/main.py": plainApp, "Procfile": "web: uvicorn --app-dir service main:app\n"}, want: "main:app", appDir: "service"},
		{name: "a file beside hides no module of the standard library", files: files{"shop/__init__.py": "", "shop/logging.py": "", "shop/main.py": "import logging\nfrom fastapi import FastAPI\nfrom .logging import x\napp = FastAPI()\n"}, want: "shop.main:app"},
		{name: "fastapi run with a file", files: files{"svc/__init__.py": "", "svc/main.py": plainApp, "svc/other.py": plainApp, "Dockerfile": "FROM python\nWORKDIR /code\nCMD [\"fastapi\", \"run\", \"/code/svc/main.py\", \"--port\", \"5000\"]\n"}, want: "svc.main:app"},
		{name: "fastapi run in two parts", files: files{"a/main.py": plainApp, "b/main.py": plainApp, "Dockerfile": "FROM python\nENTRYPOINT [\"uv\", \"run\", \"fastapi\", \"run\"]\nCMD [\"b/main.py\", \"--host\", \"0.0.0.0\"]\n"}, want: "b.main:app"},
		{name: "the entry point of FastAPI's own settings", files: files{"a/main.py": plainApp, "b/main.py": plainApp, "pyproject.toml": "[tool.fastapi]\nentrypoint = \"b.main:app\"\n"}, want: "b.main:app", evidence: "pyproject.toml:2"},
		{name: "settings of a base image", files: files{"a/main.py": plainApp, "b/main.py": plainApp, "Dockerfile": "FROM tiangolo/uvicorn-gunicorn-fastapi:python3.11\nENV MODULE_NAME=b.main VARIABLE_NAME=app\n"}, want: "b.main:app"},
		{name: "a script that the image starts", files: files{"a/main.py": plainApp, "b/main.py": plainApp, "Dockerfile": "FROM python\nCOPY docker/web.sh /start\nCMD [\"/start\"]\n", "docker/web.sh": "#!/bin/sh\nset -e\nexec gunicorn -k uvicorn.workers.UvicornWorker b.main:app\n", "docker/web-dev.sh": "uvicorn a.main:app --reload\n"}, want: "b.main:app"},
		{name: "a name for production before one for development", files: files{"main.py": plainApp + "api = app\n", "scripts/start-prod.sh": "gunicorn main:app\n", "scripts/start-dev.sh": "uvicorn main:api --reload\n"}, want: "main:app"},
		{name: "a program of supervisor's", files: files{"shop/main.py": plainApp, "admin/main.py": plainApp, "deploy/conf/shop.conf": "[program:shop]\ndirectory=/srv/shop\ncommand=/usr/local/bin/granian main:app --interface asgi\n"}, want: "main:app", appDir: "shop"},
		{name: "an app that an installed package makes", files: files{"shop/api.py": "from maker import make\nfrom fastapi import APIRouter\napp = make(APIRouter())\n", "Dockerfile": "FROM python\nCMD uvicorn shop.api:app\n"}, want: "shop.api:app"},
		{name: "an app that the source serves without saying what it is", files: files{"shop/api.py": "import uvicorn\nfrom fastapi import APIRouter\nfrom .load import load\napp = load('x')\nif __name__ == '__main__':\n    uvicorn.run(app)\n", "shop/load.py": ""}, want: "shop.api:app"},
		{name: "Django beside FastAPI's clients", files: files{"shop/wsgi.py": "from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n", "tools.py": "import fastapi\n", "Procfile": "web: gunicorn shop.wsgi:application\n"}},
		{name: "a WSGI app where a comment speaks of FastAPI", files: files{"shop/wsgi.py": "from shop.config import configure\napplication = configure().make_wsgi_app()\n", "shop/config.py": "def configure():\n    return load('x')\n", "names.py": "NAMES = ['fastapi', 'flask']\n", "Procfile": "web: granian shop.wsgi:application\n"}},
		{name: "a Dockerfile for something else does not decide", files: files{
			"shop/main.py": plainApp + "@app.get('/')\ndef f(): pass\n", "model/main.py": plainApp + "@app.get('/')\ndef f(): pass\n",
			"Dockerfile": "FROM python\nCMD [\"sleep\", \"1\"]\n", "Dockerfile.model": "FROM python\nCMD uvicorn model.main:app\n", "run.sh": "uvicorn shop.main:app\n",
		}, want: "shop.main:app", candidates: []string{"model.main:app"}},
		{name: "variables in a command", files: files{"a/main.py": plainApp, "b/main.py": plainApp, "Dockerfile": "FROM python\nENV MODULE=a.main\nCMD gunicorn -k uvicorn.workers.UvicornWorker ${MODULE}:app -b 0.0.0.0:80\n"}, want: "a.main:app"},
		{name: "uvicorn.run with a factory", files: files{"shop/web/application.py": "from fastapi import FastAPI\ndef get_app() -> FastAPI:\n    return FastAPI()\n", "shop/mock.py": plainApp, "shop/__main__.py": "import uvicorn\ndef main():\n    uvicorn.run('shop.web.application:get_app', factory=True)\n"}, want: "shop.web.application:get_app", factory: true, candidates: []string{"shop.mock:app"}},
		{name: "a namespace package", files: files{"src/acme/shop/acme/shop/main.py": "from fastapi import FastAPI\nfrom acme.shop.config import x\napp = FastAPI()\n", "src/acme/shop/acme/shop/config.py": "x = 1", "Dockerfile": "FROM python\nCMD uvicorn acme.shop.main:app\n"}, want: "acme.shop.main:app", appDir: "src/acme/shop"},
		{name: "broken source does not hide the rest", files: files{"broken.py": "from fastapi import FastAPI\ndef f(:\n  ((\n'''\n", "main.py": plainApp}, want: "main:app"},
		{name: "imports in a circle", files: files{"a.py": "from b import app\nimport fastapi\n", "b.py": "from a import app\nimport fastapi\n", "main.py": "from a import x\n" + plainApp}, want: "main:app"},
		{name: "calls on calls", files: files{"main.py": plainApp + "x = q" + strings.Repeat(".where(1)", 500) + "\n"}, want: "main:app"},
		{name: "lists that double", files: files{"main.py": plainApp + "a = b = [1]\n" + strings.Repeat("a = [*a, *a]\nb = b + b\n", 60)}, want: "main:app"},
		{name: "functions that call twice", files: files{"main.py": plainApp + calls(60) + "f0()\n"}, want: "main:app"},
		{name: "apps in apps in apps", files: files{"main.py": plainApp + "print(" + strings.Repeat("FastAPI(routes=[Mount('/', app=", 45) + "1" + strings.Repeat(")])", 45) + ")\n"}, want: "main:app"},
		{name: "a function that calls itself", files: files{"main.py": plainApp + "def f(): return f()\nx = f()\ndef g(): h()\ndef h(): g()\ng()\n"}, want: "main:app"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := inspected(t, test.files).App
			if got.Value != test.want || got.Factory != test.factory || got.AppDir != test.appDir {
				t.Errorf("got %+v, want %q, factory %v, app dir %q", got, test.want, test.factory, test.appDir)
			}
			if test.evidence != "" && got.Evidence != test.evidence {
				t.Errorf("evidence %q, want %q", got.Evidence, test.evidence)
			}
			for _, c := range test.candidates {
				if !slices.Contains(got.Candidates, c) {
					t.Errorf("candidates %q lack %q", got.Candidates, c)
				}
			}
		})
	}
}
