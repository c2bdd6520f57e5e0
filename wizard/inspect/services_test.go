package inspect

import (
	"strings"
	"testing"
)

func TestServices(t *testing.T) {
	tests := []struct {
		name  string
		files files
		want  string
	}{
		{"drivers", files{"requirements.txt": "fastapi\nasyncpg\nredis[hiredis]\naio_pika\n"}, "postgres redis rabbitmq"},
		{"drivers by an extra", files{"requirements.txt": "fastapi\ntortoise-orm[asyncmy]\n"}, "mysql"},
		{"a driver that another package brings is none", files{
			"pyproject.toml": "[project]\nname='x'\ndependencies=['fastapi','cachelib']\n",
			"uv.lock":        "[[package]]\nname='x'\nversion='1'\nsource={virtual='.'}\ndependencies=[{name='fastapi'},{name='cachelib'}]\n[[package]]\nname='fastapi'\nversion='1'\n[[package]]\nname='cachelib'\nversion='1'\ndependencies=[{name='redis'}]\n[[package]]\nname='redis'\nversion='5'\n",
		}, ""},
		{"compose, beside the service", files{"requirements.txt": "fastapi\n", "compose.yaml": "services:\n  web:\n    build: .\n    depends_on: [db, mq]\n  db:\n    image: docker.io/library/postgres:17@sha256:aa\n  mq:\n    image: rabbitmq:4-management\n  other:\n    image: redis\n"}, "postgres rabbitmq"},
		{"compose without depends_on", files{"requirements.txt": "fastapi\n", "compose.yaml": "services:\n  web:\n    build: {context: .}\n  cache:\n    image: valkey/valkey:8\n  ui:\n    image: mongo-express\n"}, "redis"},
		{"a compose file of the infrastructure alone needs a driver", files{"requirements.txt": "fastapi\nmotor\n", "compose.dev.yml": "services:\n  db:\n    image: mongo:8\n  cache:\n    image: redis:8\n"}, "mongodb"},
		{"a driver without a service in compose, named by settings", files{"requirements.txt": "fastapi\npymongo\n", "settings.py": "URL = 'mongodb://localhost'\n", "compose.yml": "services:\n  web:\n    build: .\n"}, "mongodb"},
		{"a driver without a service in compose is optional", files{"requirements.txt": "fastapi\nredis\n", "compose.yml": "services:\n  web:\n    build: .\n"}, ""},
		{"sqlite by default", files{"requirements.txt": "fastapi\npsycopg2\n", "config.py": "URL = 'sqlite:///x.db'\n"}, ""},
		{"variants for two databases", files{"requirements.txt": "fastapi\nasyncmy\n", "docker-compose.my.yml": "services:\n  web:\n    build: .\n  db:\n    image: mysql:9\n", "docker-compose.pg.yml": "services:\n  web:\n    build: .\n  db:\n    image: postgres:17\n"}, "mysql"},
		{"a Dockerfile that names packages", files{"Dockerfile": "FROM python\nRUN pip install fastapi uvicorn 'pymongo>=4'\n"}, "mongodb"},
		{"a database of the project's own image", files{"requirements.txt": "fastapi\n", "db/Dockerfile": "FROM postgis/postgis:17\n", "compose.yml": "services:\n  web:\n    build: .\n  db:\n    build: ./db\n"}, "postgres"},
		{"a cache whose settings are empty is optional", files{"requirements.txt": "fastapi\nredis\n", "config.py": "from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n    redis_url: str | None = None\n"}, ""},
		{"a database whose settings are empty is not", files{"requirements.txt": "fastapi\nmotor\n", "config.py": "from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n    MONGO_URI: str | None = None\n"}, "mongodb"},
		{"a switch that is off", files{"requirements.txt": "fastapi\nredis\n", "config.py": "from pydantic import Field\nclass S:\n    REDIS_ENABLED: bool = Field(default=False)\n    REDIS_HOST: str = 'localhost'\n"}, ""},
		{"a host in the settings, and none in compose", files{"requirements.txt": "fastapi\nredis\n", "config.py": "class S:\n    REDIS_HOST: str = 'localhost'\n", "compose.yml": "services:\n  web:\n    build: .\n"}, "redis"},
		{"a compose file with another name", files{"requirements.txt": "fastapi\n", "docker/local.yml": "services:\n  web:\n    build: ..\n    depends_on: [db]\n  db:\n    image: postgres:17\n"}, "postgres"},
		{"a compose file of something else", files{"requirements.txt": "fastapi\nredis\nasyncmy\n", "config.py": "U = 'sqlite:///x'\nclass S:\n    redis: str = ''\n", "tools/keycloak/compose.yml": "services:\n  db:\n    image: mysql:9\n", "docker-compose-with-cache.yml": "services:\n  c:\n    image: redis:8\n"}, ""},
		{"the published image of the project", files{"pyproject.toml": "[project]\nname='my-shop'\ndependencies=['fastapi']\n", "compose.yml": "services:\n  api:\n    image: ghcr.io/acme/my_shop:${TAG:-latest}\n    depends_on: {cache: {condition: service_started}}\n  cache:\n    image: redis:8\n  other:\n    image: mysql:9\n"}, "redis"},
		{"an image that runs the project's module", files{"requirements.txt": "fastapi\n", "compose.yml": "services:\n  api:\n    image: shop-prod\n    command: uvicorn main:app\n    depends_on: [db]\n  db:\n    image: mysql:9\n"}, "mysql"},
		{"hosts in the environment", files{"requirements.txt": "fastapi\n", "compose.yml": "services:\n  web:\n    build: .\n    depends_on: [db]\n    environment:\n      CACHE: redis://cache:6379/0\n  db:\n    image: postgres:17\n  cache:\n    image: redis:8\n  search:\n    image: elasticsearch:9\n"}, "postgres redis"},
		{"a profile is not started by default", files{"requirements.txt": "fastapi\n", "compose.yml": "services:\n  web:\n    build: .\n  db:\n    image: postgres:17\n  cache:\n    image: redis:8\n    profiles: [cache]\n"}, "postgres"},
		{"an object store by its image and a package", files{"requirements.txt": "fastapi\nboto3\n", "compose.yml": "services:\n  web:\n    build: .\n  store:\n    image: minio/minio:1\n  mc:\n    image: minio/mc\n  log:\n    image: clickhouse/clickhouse-server\n"}, "s3"},
		{"another database where compose starts one", files{"requirements.txt": "fastapi\nasyncpg\npymongo\n", "config.py": "URL = 'mongodb://localhost'\n", "compose.yml": "services:\n  web:\n    build: .\n    depends_on: [db]\n  db:\n    image: ghcr.io/stac-utils/pgstac:v0.9\n"}, "postgres"},
		{"two databases in compose, and the service is told of one", files{"requirements.txt": "fastapi\n", "compose.yml": "services:\n  web:\n    build: .\n    depends_on: [db, login-db]\n    environment:\n      - DB_HOST=${DB_HOST:-db}\n  db:\n    image: mariadb:11\n  login-db:\n    image: postgres:17\n  login:\n    image: acme/login\n    depends_on: [login-db]\n"}, "mysql"},
		{"two databases in compose, and the service is told of both", files{"requirements.txt": "fastapi\n", "compose.yml": "services:\n  web:\n    build: .\n    environment: [A=a, B=b]\n  a:\n    image: mariadb:11\n  b:\n    image: postgres:17\n"}, "postgres mysql"},
		{"a cache whose own image cannot be read", files{"requirements.txt": "fastapi\n", "compose.yml": "services:\n  web:\n    build: .\n    depends_on: [valkey]\n  valkey:\n    build: ./build/valkey\n"}, "redis"},
		{"brokers of a task queue", files{"requirements.txt": "fastapi\ntaskiq-aio-pika\ntaskiq-redis\n"}, "redis rabbitmq"},
		{"one of several stores, chosen when it is needed", files{
			"requirements.txt": "fastapi\npymongo\nredis\n", "main.py": "from fastapi import FastAPI\nfrom stores import get\napp = FastAPI()\nstore = get('x')\n",
			"stores/__init__.py": "def get(name):\n    if name == 'mongo':\n        from stores.mongo import Store\n    else:\n        from stores.cache import Store\n    return Store()\n",
			"stores/mongo.py":    "from pymongo import MongoClient\n", "stores/cache.py": "import redis.asyncio as redis\n",
		}, ""},
		{"several stores, loaded with the app", files{
			"requirements.txt": "fastapi\npymongo\nredis\n", "main.py": plainApp + "import stores\n", "stores.py": "import redis\nimport pymongo\n",
		}, "mongodb redis"},
		{"no Python project", files{"compose.yml": "services:\n  db:\n    image: postgres\n", "main.py": ""}, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if _, ok := test.files["main.py"]; !ok {
				test.files["main.py"] = plainApp
			}
			var got []string
			for _, s := range inspected(t, test.files).Services {
				got = append(got, s.Value)
				if s.Evidence == "" {
					t.Errorf("%s has no evidence", s.Value)
				}
			}
			if strings.Join(got, " ") != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestContainerFilesAndSystemPackages(t *testing.T) {
	facts := inspected(t, files{
		"main.py": plainApp, "requirements.txt": "fastapi\n", ".dockerignore": "", "compose.yml": "services:\n  web:\n    build: .\n",
		"Dockerfile":    "FROM python:3.13-slim\nRUN apt-get update && apt-get --no-install-recommends -y install \\\n    ffmpeg libmagic1=1:5.46 python3.12 gcc libpq-dev curl \\\n    && rm -rf /var/lib/apt/lists/*\nCMD uvicorn main:app\n",
		"ui/Dockerfile": "FROM node:22\nRUN apt-get install -y chromium\nCMD npm start\n",
	})
	var got []string
	for _, f := range append(facts.System, facts.Containers...) {
		got = append(got, f.Value+" "+f.Evidence)
	}
	want := "ffmpeg Dockerfile:2, libmagic1 Dockerfile:2, Dockerfile Dockerfile:1, ui/Dockerfile ui/Dockerfile:1, compose.yml compose.yml:1, .dockerignore .dockerignore:1"
	if strings.Join(got, ", ") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, ", "), want)
	}
}

func TestOptionalServices(t *testing.T) {
	facts := inspected(t, files{"main.py": plainApp, "requirements.txt": "fastapi\nredis\nasyncpg\nboto3\n", "config.py": "URL = 'sqlite:///x.db'\nclass S:\n    redis_url: str | None = None\n"})
	var got []string
	for _, s := range facts.Optional {
		got = append(got, s.Value+" "+s.Evidence)
	}
	if want := "postgres requirements.txt:3, redis requirements.txt:2"; strings.Join(got, ", ") != want || len(facts.Services) > 0 {
		t.Errorf("got %q and %+v, want %q", got, facts.Services, want)
	}
}

func TestAComposeFileAbove(t *testing.T) {
	top := project(t, files{
		"backend/main.py": plainApp, "backend/requirements.txt": "fastapi\n", "other/main.py": plainApp,
		"docker-compose.yml": "services:\n  api:\n    build: ./backend\n    command: uvicorn main:app --port 8080\n    depends_on:\n      db:\n        condition: service_healthy\n  db:\n    image: postgres:17\n  front:\n    build: ./front\n    ports: ['3000:3000']\n",
	})
	facts, err := Folder(top + "/backend")
	if err != nil {
		t.Fatal(err)
	}
	if len(facts.Services) != 1 || facts.Services[0].Value != "postgres" || facts.Services[0].Evidence != "../docker-compose.yml:9" {
		t.Errorf("services %+v", facts.Services)
	}
	if facts.Port.Value != "8080" || facts.App.Evidence != "../docker-compose.yml:4" {
		t.Errorf("port %+v, app %+v", facts.Port, facts.App)
	}
	if facts, _ := Folder(top + "/other"); facts.Services != nil || facts.Port.Value != "" {
		t.Errorf("a compose file that does not speak of the folder was heard: %+v", facts)
	}
}

func TestADockerfileAbove(t *testing.T) {
	top := project(t, files{
		"backend/app/main.py": plainApp, "backend/app/requirements.txt": "fastapi\n",
		"backend/backend.dockerfile": "FROM example/inboard:fastapi\nCOPY ./app/ /srv/\nENV APP_MODULE=main:app\n",
		"compose.yml":                "services:\n  api:\n    build: {context: ./backend, dockerfile: backend.dockerfile}\n",
	})
	facts, err := Folder(top + "/backend/app")
	if err != nil {
		t.Fatal(err)
	}
	if facts.App.Value != "main:app" || facts.App.Evidence != "../backend.dockerfile:3" || facts.Port.Value != "80" || facts.Port.Evidence != "../backend.dockerfile:1" {
		t.Errorf("app %+v, port %+v", facts.App, facts.Port)
	}
}

func TestWorker(t *testing.T) {
	const celery = "from celery import Celery\napp = Celery()\n"
	tests := []struct {
		name, want string
		files      files
	}{
		{"in compose", "celery -A shop.tasks worker --loglevel=info", files{"shop/tasks.py": celery, "compose.yml": "services:\n  w:\n    build: .\n    command: uv run celery -A shop.tasks worker --loglevel=info\n"}},
		{"in the Procfile", "arq shop.jobs.WorkerSettings", files{"shop/jobs.py": "class WorkerSettings: pass\n", "Procfile": "web: uvicorn main:app\nworker: arq shop.jobs.WorkerSettings\n"}},
		{"in a script", "dramatiq shop.jobs -p 2", files{"shop/jobs.py": "", "run.sh": "#!/bin/sh\nexec poetry run dramatiq shop.jobs -p 2\n"}},
		{"a task in TOML", "dramatiq shop.jobs", files{"shop/jobs.py": "", "pyproject.toml": "[tool.taskipy.tasks]\nw = { cmd = \"dramatiq shop.jobs\", help = \"run worker\" }\n"}},
		{"options first", "dramatiq -p 2 shop.jobs", files{"shop/jobs.py": "", "Procfile": "w: dramatiq -p 2 shop.jobs\n"}},
		{"below src, where the app is not", "arq src.jobs.WorkerSettings", files{"src/jobs.py": "class WorkerSettings: pass\n", "Procfile": "w: arq jobs.WorkerSettings\n"}},
		{"a module that is not there", "", files{"README.md": "celery -A proj.other worker\n"}},
		{"beat and flower are none", "", files{"shop/tasks.py": celery, "Procfile": "beat: celery -A shop.tasks beat\nflower: celery -A shop.tasks flower\n"}},
		{"Celery in the source", "celery -A shop.tasks:app worker --concurrency 2", files{"requirements.txt": "fastapi\ncelery[redis]\n", "shop/tasks.py": celery}},
		{"arq in the source", "arq shop.worker.WorkerSettings", files{"requirements.txt": "fastapi\narq\n", "shop/worker.py": "class WorkerSettings:\n    functions = []\n"}},
		{"where the app is imported from", "celery -A worker.celery worker", files{"main.py": "", "project/main.py": "from fastapi import FastAPI\nimport worker\napp = FastAPI()\n", "project/worker.py": celery, "compose.yml": "services:\n  web:\n    build: ./project\n    command: uvicorn main:app\n  w:\n    build: ./project\n    command: celery -A worker.celery worker\n"}},
		{"a variable with a default", "taskiq worker shop.tasks:broker --log-level WARNING", files{"shop/tasks.py": "", "run.sh": "taskiq worker shop.tasks:broker --log-level ${LOG_LEVEL:-WARNING}\n"}},
		{"the image of the service in compose", "arq shop.jobs.W", files{"shop/jobs.py": "", "compose.yml": "services:\n  web:\n    build: .\n    image: shop\n  w:\n    image: shop\n    command: [arq, shop.jobs.W]\n"}},
		{"not as a developer runs it", "arq shop.jobs.W", files{"shop/jobs.py": "", "run.sh": "arq shop.jobs.W --watch ./\n"}},
		{"with its log in a file", "celery -A shop.tasks worker -l info", files{"shop/tasks.py": celery, "run.sh": "celery -A shop.tasks worker -l info --logfile=logs/celery.log --pidfile /tmp/x.pid --detach\n"}},
		{"one for each queue is asked", "", files{"shop/tasks.py": celery, "compose.yml": "services:\n  a:\n    build: .\n    command: celery -A shop.tasks worker -Q low\n  b:\n    build: .\n    command: celery -A shop.tasks worker --queues=high\n"}},
		{"words that davit refuses", "", files{"shop/tasks.py": celery, "run.sh": "celery -A shop.tasks worker $ARGS\n"}},
		{"none", "", files{"requirements.txt": "fastapi\n"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if _, ok := test.files["main.py"]; !ok {
				test.files["main.py"] = plainApp
			}
			if got := inspected(t, test.files).Worker; got.Value != test.want {
				t.Errorf("got %+v, want %q", got, test.want)
			}
		})
	}
}

func TestPort(t *testing.T) {
	tests := []struct {
		name, want string
		files      files
	}{
		{"in the command", "9000", files{"Dockerfile": "FROM python\nEXPOSE 80\nCMD [\"uvicorn\", \"main:app\", \"--port\", \"9000\"]\n"}},
		{"gunicorn's bind", "8080", files{"Procfile": "web: gunicorn -b 0.0.0.0:8080 -k uvicorn.workers.UvicornWorker main:app\n"}},
		{"a default in a variable", "8081", files{"run.sh": "uvicorn main:app --port ${PORT:-8081}\n"}},
		{"EXPOSE", "5000", files{"Dockerfile": "FROM python\nARG P=5000\nENV P=5000\nEXPOSE $P/tcp\nCMD python main.py\n"}},
		{"the container's side in compose", "8000", files{"compose.yml": "services:\n  web:\n    build: .\n    ports: ['127.0.0.1:80:8000']\n"}},
		{"another service's is not", "", files{"compose.yml": "services:\n  db:\n    image: postgres\n    ports: ['5432:5432']\n"}},
		{"uvicorn.run", "7000", files{"run.py": "import uvicorn\nif __name__ == '__main__':\n    uvicorn.run('main:app', port=7000)\n"}},
		{"the server's default", "8000", files{"Dockerfile": "FROM python\nCMD [\"fastapi\", \"run\", \"main.py\"]\n"}},
		{"the server's default before a developer's", "8000", files{"Dockerfile": "FROM python\nENTRYPOINT [\"uvicorn\", \"main:app\", \"--host\", \"0.0.0.0\"]\n", "Makefile": "run:\n\tuvicorn main:app --reload --port 8100\n"}},
		{"the image's health check before EXPOSE", "8080", files{"Dockerfile": "FROM python\nENV P=8080\nEXPOSE 80\nHEALTHCHECK CMD curl -f http://localhost:$P/\nCMD [\"python\", \"main.py\"]\n"}},
		{"EXPOSE of another program's image", "", files{"Dockerfile": "FROM node:22\nEXPOSE 3000\nCMD [\"npm\", \"start\"]\n", "ui/Dockerfile": "FROM python:3.13 AS a\nFROM nginx:1\nEXPOSE 80\n", "app.Dockerfile": "FROM python\nEXPOSE 8501\nENTRYPOINT [\"streamlit\", \"run\", \"x.py\"]\n"}},
		{"an image that starts the app itself", "80", files{"Dockerfile": "FROM tiangolo/uvicorn-gunicorn-fastapi:python3.11\nCOPY . /app\n"}},
		{"such an image, told by compose", "5057", files{"Dockerfile": "FROM tiangolo/uvicorn-gunicorn-fastapi:python3.11\nCOPY . /app\n", "compose.yml": "services:\n  web:\n    build: .\n    environment: [PORT=5057]\n"}},
		{"gunicorn's settings", "9090", files{"Dockerfile": "FROM python\nCMD [\"gunicorn\", \"-c\", \"/srv/conf/gunicorn.conf.py\", \"main:app\"]\n", "conf/gunicorn.conf.py": "import os\nhost = '0.0.0.0'\nbind = f'{host}:9090'\n"}},
		{"a proxy in the same image", "9999", files{"Dockerfile": "FROM python\nRUN apt-get update && apt-get install -y --no-install-recommends gcc nginx vim\nEXPOSE 80\nENTRYPOINT [\"sh\", \"start.sh\"]\n", "compose.yml": "services:\n  web:\n    build: .\n    ports: ['80:80']\n", "run.py": "import uvicorn\nuvicorn.run('main:app', port=9999)\n"}},
		{"compose under another name", "8082", files{"prod.yml": "services:\n  web:\n    build: .\n    entrypoint: [uvicorn, 'main:app', --port=8082]\n"}},
		{"nothing", "", files{}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.files["main.py"] = plainApp
			if got := inspected(t, test.files).Port; got.Value != test.want {
				t.Errorf("got %+v, want %q", got, test.want)
			}
		})
	}
}

// What a variable says is cited by the variable's own line.
func TestPortOfAVariableIsCitedByItsLine(t *testing.T) {
	for dockerfile, want := range map[string]string{
		"FROM python\nENV PORT=8080\nCOPY . .\nCMD [\"gunicorn\", \"-k\", \"uvicorn.workers.UvicornWorker\", \"main:app\"]\n": "Dockerfile:2",
		"FROM tiangolo/uvicorn-gunicorn-fastapi:python3.11\nCOPY . /app\nENV MODULE_NAME=main \\\n    PORT=8080\n":            "Dockerfile:3",
	} {
		got := inspected(t, files{"main.py": plainApp, "Dockerfile": dockerfile}).Port
		if got.Value != "8080" || got.Evidence != want {
			t.Errorf("%+v, want %s, of\n%s", got, want, dockerfile)
		}
	}
}
