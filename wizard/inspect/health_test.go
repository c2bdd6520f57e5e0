package inspect

import (
	"slices"
	"testing"
)

func TestHealthPath(t *testing.T) {
	const app = "from fastapi import APIRouter, Depends, FastAPI\nimport os\napp = FastAPI()\n"
	route := func(path string) string { return "@app.get(" + path + ")\nasync def f():\n    return {}\n" }
	tests := []struct {
		name      string
		files     files
		want      string
		candidate string
	}{
		{"on the app", files{"main.py": app + route(`"/health"`)}, "/health", ""},
		{"its slash at the end stays", files{"main.py": app + route(`"/healthcheck/"`)}, "/healthcheck/", ""},
		{"a constant", files{"config.py": "PREFIX = '/api'\n", "main.py": "from config import PREFIX\n" + app + route(`f"{PREFIX}/healthz"`)}, "/api/healthz", ""},
		{"a sum of constants", files{"main.py": app + "P = '/v1'\n" + route(`P + "/ping"`)}, "/v1/ping", ""},
		{"a router with prefixes", files{
			"main.py":       app + "from api import router\napp.include_router(router, prefix='/api')\n",
			"api.py":        "from fastapi import APIRouter\nfrom monitoring import router as m\nrouter = APIRouter()\nrouter.include_router(m, prefix='/v1')\n",
			"monitoring.py": "from fastapi import APIRouter\nrouter = APIRouter(prefix='/monitoring')\n@router.get('/health')\ndef health() -> None: ...\n",
		}, "/api/v1/monitoring/health", ""},
		{"a mounted app", files{"main.py": app + "api = FastAPI()\n@api.get('/health')\ndef h(): pass\napp.mount('/api', api)\n"}, "/api/health", ""},
		{"add_api_route", files{"main.py": app + "def h(): pass\napp.add_api_route('/livez', h)\n"}, "/livez", ""},
		{"api_route with GET", files{"main.py": app + "@app.api_route('/ping', methods=['GET', 'HEAD'])\ndef h(): pass\n"}, "/ping", ""},
		{"api_route without GET", files{"main.py": app + "@app.api_route('/ping', methods=['POST'])\ndef h(): pass\n"}, "", ""},
		{"POST is none", files{"main.py": app + "@app.post('/health')\ndef h(): pass\n"}, "", ""},
		{"in a factory", files{"main.py": "from fastapi import FastAPI\ndef create_app() -> FastAPI:\n    app = FastAPI()\n    @app.get('/health')\n    def h(): pass\n    return app\napp = create_app()\n"}, "/health", ""},
		{"in a function that is given the app", files{"main.py": app + "from routes import register\nregister(app)\n", "routes.py": "from fastapi import FastAPI\ndef register(a: FastAPI) -> None:\n    @a.get('/health')\n    def h(): pass\n"}, "/health", ""},
		{"routers in a loop", files{"main.py": app + "r = APIRouter()\n@r.get('/health')\ndef h(): pass\nfor p, x in {'/api': r}.items():\n    app.include_router(x, prefix=p)\n"}, "/api/health", ""},
		{"routes that an import adds", files{"core.py": app, "main.py": "from core import app\nimport routes  # fastapi\n", "routes.py": "from core import app  # fastapi\n@app.get('/health')\ndef h(): pass\n", "Procfile": "web: uvicorn main:app\n"}, "/health", ""},
		{"a prefix from the environment is asked", files{"main.py": app + "P = os.getenv('PREFIX', '/api')\n" + route(`P + "/health"`)}, "", "/api/health"},
		{"a prefix from settings is asked", files{"main.py": app + "from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n    prefix: str = '/api'\ns = S()\nr = APIRouter()\n@r.get('/health')\ndef h(): pass\napp.include_router(r, prefix=s.prefix)\n"}, "", "/api/health"},
		{"an unknown prefix says nothing", files{"main.py": app + "import cfg\nr = APIRouter()\n@r.get('/health')\ndef h(): pass\napp.include_router(r, prefix=cfg.x())\n"}, "", ""},
		{"a parameter in the path", files{"main.py": app + route(`"/{tenant}/health"`)}, "", ""},
		{"under a condition it is asked", files{"main.py": app + "if os.getenv('X'):\n    @app.get('/health')\n    def h(): pass\n"}, "", "/health"},
		{"with a login it is asked", files{"main.py": app + "def current_user(): pass\n@app.get('/health')\ndef h(u = Depends(current_user)): pass\n"}, "", "/health"},
		{"with a login for the whole router", files{"main.py": app + "def verify(): pass\nr = APIRouter(dependencies=[Depends(verify)])\n@r.get('/health')\ndef h(): pass\napp.include_router(r)\n"}, "", "/health"},
		{"with a database it is taken", files{"main.py": app + "def get_db(): pass\n@app.get('/health')\ndef h(db = Depends(get_db)): pass\n"}, "/health", ""},
		{"with a query that is needed", files{"main.py": app + "@app.get('/health')\ndef h(name: str): pass\n"}, "", "/health"},
		{"with a query that is not", files{"main.py": app + "from fastapi import Request\n@app.get('/health')\ndef h(request: Request, verbose: bool = False): pass\n"}, "/health", ""},
		{"liveness before readiness", files{"main.py": app + route(`"/health/ready"`) + route(`"/health/live"`)}, "/health/live", ""},
		{"health before ping", files{"main.py": app + route(`"/ping"`) + route(`"/health"`)}, "/health", ""},
		{"livez before healthz", files{"main.py": app + route(`"/healthz/"`) + route(`"/livez/"`)}, "/livez/", ""},
		{"no content is an answer", files{"main.py": app + "@app.get('/health', status_code=204)\ndef h(): pass\n"}, "/health", ""},
		{"another status is asked about", files{"main.py": app + "@app.get('/health', status_code=503)\ndef h(): pass\n"}, "", ""},
		{"the ping of something else", files{"main.py": app + route(`"/"`) + route(`"/tasks/{id}"`) + route(`"/tasks/ping"`)}, "", "/tasks/ping"},
		{"a ping below the service's own name", files{"main.py": app + route(`"/shop/cart"`) + route(`"/shop/ping"`)}, "/shop/ping", ""},
		{"a ping below a version", files{"main.py": app + route(`"/"`) + route(`"/v1/cart"`) + route(`"/v1/ping"`)}, "/v1/ping", ""},
		{"status alone may be anything", files{"main.py": app + route(`"/status"`)}, "", "/status"},
		{"the one that the image's own check asks", files{"main.py": app + route(`"/about"`) + route(`"/health"`), "Dockerfile": "FROM python:3.13\nHEALTHCHECK CMD curl -f http://localhost:${PORT:-80}/about || exit 1\n"}, "/about", ""},
		{"a check that asks for a route that is not there", files{"main.py": app + route(`"/ping"`), "Dockerfile": "FROM python\nHEALTHCHECK CMD curl -f http://localhost:80/health\n"}, "/ping", ""},
		{"a path that davit refuses", files{"main.py": app + route(`"/health check"`)}, "", ""},
		{"a prefix from settings, that the image's own check asks", files{"main.py": app + "P = os.getenv('PREFIX', '/api')\n" + route(`P + "/health"`), "compose.yml": "services:\n  web:\n    build: .\n    healthcheck:\n      test: [CMD, curl, -f, 'http://localhost:8000/api/health']\n"}, "/api/health", ""},
		{"with a login, though the image's own check asks it", files{"main.py": app + "def current_user(): pass\n@app.get('/health')\ndef h(u = Depends(current_user)): pass\n", "Dockerfile": "FROM python\nHEALTHCHECK CMD curl http://localhost/health\n"}, "", "/health"},
		{"options that are known", files{"main.py": app + "DOC = {'tags': ['x'], 'summary': 'y'}\n@app.get('/health', **DOC)\ndef h(): pass\n"}, "/health", ""},
		{"options that are not", files{"main.py": app + "from doc import options\n@app.get('/health', **options())\ndef h(): pass\n"}, "", "/health"},
		{"options with a guard", files{"main.py": app + "DOC = {'dependencies': [Depends(check_token)]}\n@app.get('/health', **DOC)\ndef h(): pass\n"}, "", "/health"},
		{"a part of the health is asked", files{"main.py": app + route(`"/health/postgres"`)}, "", "/health/postgres"},
		{"two apps that agree", files{"a/main.py": app + route(`"/health"`), "b/main.py": app + route(`"/health"`)}, "/health", ""},
		{"two apps that do not", files{"a/main.py": app + route(`"/ping"`), "b/main.py": app + route(`"/health"`), "main.py": ""}, "", "/ping"},
		{"in another app", files{"main.py": app, "tests/app.py": app + route(`"/health"`)}, "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := inspected(t, test.files).HealthPath
			if got.Value != test.want {
				t.Errorf("got %+v, want %q", got, test.want)
			}
			if test.candidate != "" && !slices.Contains(got.Candidates, test.candidate) {
				t.Errorf("candidates %q lack %q", got.Candidates, test.candidate)
			}
		})
	}
}
