package inspect

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

func TestVariables(t *testing.T) {
	const postgres, redis, both, settings = "fastapi\nasyncpg\n", "fastapi\nredis\n", "fastapi\nasyncpg\nredis\n", "from pydantic import *\nfrom pydantic_settings import BaseSettings, SettingsConfigDict\n"
	tests := []struct{ name, requirements, config, want string }{
		{"a name", postgres, "import os\nURL = os.environ['DB_URL']\n", "postgres=DB_URL"},
		{"os.getenv with a default", postgres, "from os import getenv\nURL = getenv('STORE', 'postgresql+asyncpg://a:b@localhost/x')\n", "postgres=STORE"},
		{"environ under another name", postgres, "from os import environ as e\nURL = e.get('POSTGRES_DSN')\n", "postgres=POSTGRES_DSN"},
		{"a default that an f-string begins", postgres, "import os\nURL = os.getenv('DSN', f'postgresql://{USER}@localhost/x')\n", "postgres=DSN"},
		{"in a function", postgres, "import os\ndef connect(url=None):\n    return url or os.environ['SQLALCHEMY_DATABASE_URI']\n", "postgres=SQLALCHEMY_DATABASE_URI"},
		{"the usual one before others", both, "import os\nA = os.environ['DATABASE_URL']\nB = os.getenv('PG_DSN', 'postgresql://x')\nC = os.environ['CACHE_REDIS_URL']\n", "postgres=DATABASE_URL redis=CACHE_REDIS_URL"},
		{"a default before a name", redis, "import os\nA = os.getenv('REDIS_URI')\nB = os.getenv('CELERY_BROKER_URL', 'redis://localhost:6379/0')\n", "redis=CELERY_BROKER_URL"},
		{"two that are as likely", postgres, "import os\nA = os.environ['DB_URL']\nB = os.environ['POSTGRES_DSN']\n", ""},
		{"one of which more is known, first of several", redis, "import os\nB = os.getenv('CELERY_BROKER_URL', 'redis://x/0')\nR = os.getenv('CELERY_RESULT_BACKEND', 'redis://x/1')\n", "redis=CELERY_BROKER_URL"},
		{"for tests", postgres, "import os\nA = os.environ['TEST_DATABASE_URL']\n", ""},
		{"of something else", postgres, "import os\nA = os.environ['GEOIP_DB_URL']\nB = os.environ['VECTOR_DATABASE_URL']\n", ""},
		{"with a default that is none of it", postgres, "import os\nA = os.getenv('DB_URL', 'https://example.com')\nB = os.getenv('POSTGRES_URL', 'localhost')\n", ""},
		{"after the project", postgres, "import os\nA = os.environ['SHOP_DATABASE_URL']\n", "postgres=SHOP_DATABASE_URL"},
		{"small letters", postgres, "import os\nA = os.environ['db_url']\n", ""},
		{"a name that the image has", postgres, "import os\nA = os.getenv('HOST', 'postgresql://x')\n", ""},
		{"a name that is put together", postgres, "import os\nA = os.environ[P + 'DB_URL']\nB = os.environ[f'{P}_DB_URL']\n", ""},
		{"written, not read", postgres, "import os\nos.environ.setdefault('DB_URL', 'x')\nconfig = {}\nconfig.get('POSTGRES_URL')\n", ""},
		{"only as a script", postgres, "import os\nif __name__ == '__main__':\n    print(os.environ['DB_URL'])\n", ""},
		{"starlette's", both, "from starlette.config import Config\nconfig = Config('.env')\nA = config('DB_URI', cast=str, default='postgresql://x')\nB = config.get('REDIS_DSN')\n", "postgres=DB_URI redis=REDIS_DSN"},
		{"decouple's", postgres, "from decouple import config\nA = config('DB_DSN', default='postgresql://x')\n", "postgres=DB_DSN"},
		{"environs'", both, "from environs import Env\nenv = Env()\nA = env.str('PG_URL')\nB = env('CACHE_URL', 'redis://x')\n", "postgres=PG_URL redis=CACHE_URL"},
		{"a field", postgres, settings + "class S(BaseSettings):\n    sqlalchemy_database_uri: str\n", "postgres=SQLALCHEMY_DATABASE_URI"},
		{"a field's type", both, settings + "class S(BaseSettings):\n    dsn: PostgresDsn | None = None\n    store: 'x' = 1\n    cache: Optional[RedisDsn] = None\n", "postgres=DSN redis=CACHE"},
		{"a type before the name", both, settings + "class S(BaseSettings):\n    db_url: RedisDsn\n", "redis=DB_URL"},
		{"a prefix", postgres, settings + "class S(BaseSettings):\n    database_url: str\n    model_config = SettingsConfigDict(env_prefix='acme_')\n", "postgres=ACME_DATABASE_URL"},
		{"a prefix that tells", postgres, settings + "class S(BaseSettings):\n    url: str\n    model_config = {'env_prefix': 'DB_'}\n", "postgres=DB_URL"},
		{"a prefix of old", postgres, settings + "class S(BaseSettings):\n    database_url: str\n    class Config:\n        env_prefix = 'ACME_'\n", "postgres=ACME_DATABASE_URL"},
		{"a prefix of the base, in another class", postgres, settings + "class B(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix='ACME_')\nclass S(B):\n    db_url: str\n", "postgres=ACME_DB_URL"},
		{"a prefix that is not known", postgres, settings + "class S(BaseSettings):\n    db_url: str\n    model_config = SettingsConfigDict(env_prefix=PREFIX)\n", ""},
		{"a prefix with a name", postgres, "PREFIX = 'ACME_'\n" + settings + "class S(BaseSettings):\n    db_url: str\n    model_config = SettingsConfigDict(env_prefix=PREFIX)\n", "postgres=ACME_DB_URL"},
		{"an alias, which has no prefix", postgres, settings + "class S(BaseSettings):\n    url: str = Field(alias='PG_URL')\n    model_config = SettingsConfigDict(env_prefix='ACME_')\n", "postgres=PG_URL"},
		{"a validation alias in the type", postgres, settings + "class S(BaseSettings):\n    url: Annotated[PostgresDsn, Field(validation_alias='STORE_URL')]\n", "postgres=STORE_URL"},
		{"several aliases", postgres, settings + "class S(BaseSettings):\n    url: PostgresDsn = Field(validation_alias=AliasChoices('MAIN_DB', 'DB_URL'))\n", "postgres=MAIN_DB"},
		{"the usual one among aliases", postgres, settings + "class S(BaseSettings):\n    url: PostgresDsn = Field(validation_alias=AliasChoices('MAIN_DB', 'DATABASE_URL'))\n", "postgres=DATABASE_URL"},
		{"env=", redis, settings + "class S(BaseSettings):\n    cache: str = Field('redis://localhost', env='CACHE_DSN')\n", "redis=CACHE_DSN"},
		{"nested", postgres, settings + "class Db(BaseModel):\n    url: str\nclass S(BaseSettings):\n    db: Db\n    model_config = SettingsConfigDict(env_nested_delimiter='__', env_prefix='X_')\n", "postgres=X_DB__URL"},
		{"case-sensitive small letters", postgres, settings + "class S(BaseSettings):\n    db_url: str\n    model_config = SettingsConfigDict(case_sensitive=True)\n", ""},
		{"a class that is none of settings", postgres, settings + "class S(BaseModel):\n    db_url: PostgresDsn\nclass T:\n    pg_url: str = 'postgresql://x'\n", ""},
		{"a property", postgres, settings + "class S(BaseSettings):\n    @property\n    def db_url(self) -> PostgresDsn: ...\n    x: ClassVar[PostgresDsn] = None\n", ""},
		{"two databases, each by its name", "fastapi\nasyncpg\nmotor\n", "import os\nA = os.environ['PG_DSN']\nB = os.environ['MONGO_URI']\nC = os.environ['DB_URL']\n", "mongodb=MONGO_URI postgres=PG_DSN"},
		{"a broker, where two could be it", "fastapi\nredis\naio_pika\n", "import os\nA = os.environ['BROKER_URL']\n", ""},
		{"a broker that is told", "fastapi\nredis\naio_pika\n", "import os\nA = os.environ.get('BROKER_URL', 'amqp://guest:guest@localhost//')\n", "rabbitmq=BROKER_URL"},
		{"no service", "fastapi\n", "import os\nA = os.environ['DB_URL']\n", ""},
		{"MySQL", "fastapi\naiomysql\n", "import os\nA = os.environ.get('STORE', 'mysql+aiomysql://x')\n", "mysql=STORE"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			facts := inspected(t, files{"main.py": plainApp + "import config\n", "requirements.txt": test.requirements, "config.py": test.config})
			if got := variablesOf(facts.Project.Variables); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
			if other := facts.others["pip"].Variables; !maps.Equal(other, facts.Project.Variables) {
				t.Errorf("with pip %v", other)
			}
		})
	}
}

func variablesOf(variables map[string]string) string {
	var all []string
	for _, service := range slices.Sorted(maps.Keys(variables)) {
		all = append(all, fmt.Sprintf("%s=%s", service, variables[service]))
	}
	return strings.Join(all, " ")
}

// What the app loads comes before what stands beside it, and neither tests nor
// scripts count.
func TestVariablesWhereTheAppReadsThem(t *testing.T) {
	read := func(name string) string { return "import os\nURL = os.environ['" + name + "']\n" }
	app := plainApp + "from shop import settings\n"
	for name, c := range map[string]struct {
		files files
		want  string
	}{
		"loaded":                  {files{"shop/main.py": app, "shop/settings.py": read("DB_URL"), "shop/worker.py": read("PG_DSN")}, "postgres=DB_URL"},
		"beside it":               {files{"shop/main.py": plainApp, "shop/jobs/worker.py": read("PG_DSN")}, "postgres=PG_DSN"},
		"a test":                  {files{"shop/main.py": plainApp, "tests/test_x.py": read("DB_URL"), "shop/tests/x.py": read("DB_URL"), "shop/conftest.py": read("DB_URL")}, ""},
		"a script":                {files{"shop/main.py": plainApp, "scripts/copy.py": read("DB_URL")}, ""},
		"another service":         {files{"shop/main.py": plainApp, "other/settings.py": read("DB_URL")}, ""},
		"a migration":             {files{"shop/main.py": plainApp, "shop/alembic/env.py": read("DB_URL")}, ""},
		"too many, and more":      {files{"shop/main.py": app, "shop/settings.py": read("DB_URL") + read("PG_URL"), "shop/worker.py": read("PG_DSN")}, ""},
		"SQLite until it is told": {files{"shop/main.py": app, "shop/settings.py": "import os\nURL = os.getenv('DB_URL', 'sqlite:///x.db')\n", "compose.yaml": "services:\n  web:\n    build: .\n    depends_on: [db]\n  db:\n    image: postgres:18\n"}, "postgres=DB_URL"},
		"an inherited prefix":     {files{"shop/main.py": app, "shop/base.py": "from pydantic_settings import BaseSettings\nclass Base(BaseSettings, env_prefix='X_'):\n    pass\n", "shop/settings.py": "from shop.base import Base\nclass S(Base):\n    db_url: str\n"}, "postgres=X_DB_URL"},
	} {
		t.Run(name, func(t *testing.T) {
			c.files["requirements.txt"], c.files["shop/__init__.py"] = "fastapi\nasyncpg\n", ""
			if got := variablesOf(inspected(t, c.files).Project.Variables); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestSchemesOfDefaults(t *testing.T) {
	for config, want := range map[string]string{
		"import os\nA = os.getenv('DB_URL', 'postgresql+asyncpg://a@b/c')\n":                                                     "postgres=postgresql+asyncpg",
		"import os\nA = os.getenv('DB_URL', f'postgresql://{A}')\nB = os.environ['DB_URL']\n":                                    "postgres=postgresql",
		"import os\nA = os.getenv('DB_URL', 'postgresql://a@b/c')\nB = os.getenv('DB_URL', 'postgresql+asyncpg://a@b/c')\n":      "",
		"import os\nA = os.environ['DB_URL']\nB = os.getenv('OTHER_THING', 'https://x')\n":                                       "",
		"from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n    database_url: str = 'postgresql+psycopg://x'\n": "postgres=postgresql+psycopg",
	} {
		facts := inspected(t, files{"main.py": plainApp + "import config\n", "requirements.txt": "fastapi\nasyncpg\nsqlalchemy\n", "config.py": config})
		if got := variablesOf(facts.Project.Schemes); got != want {
			t.Errorf("%q: got %q, want %q", config, got, want)
		}
	}
}

// Classes that are the bases of one another end.
func TestVariablesOfClassesInCircles(t *testing.T) {
	config := "from pydantic_settings import BaseSettings\n"
	bases := ""
	for i := range 60 {
		bases += fmt.Sprintf("C%d, ", i)
	}
	for i := range 60 {
		config += fmt.Sprintf("class C%d(%sBaseSettings, env_nested_delimiter='_'):\n    a: C1 | C2 | C3\n", i, bases)
	}
	facts := inspected(t, files{"main.py": plainApp, "requirements.txt": "fastapi\nasyncpg\n", "config.py": config})
	if got := variablesOf(facts.Project.Variables); got != "" {
		t.Errorf("got %q", got)
	}
}

func TestPartsOfAddresses(t *testing.T) {
	const settings = "from pydantic_settings import BaseSettings, SettingsConfigDict\nclass S(BaseSettings):\n"
	for name, c := range map[string]struct{ requirements, config, want string }{
		"settings": {"fastapi\nasyncpg\nredis\n", settings + "    POSTGRES_SERVER: str\n    POSTGRES_PORT: int = 5432\n    POSTGRES_USER: str\n    POSTGRES_PASSWORD: str = ''\n    POSTGRES_DB: str\n    redis_host: str = 'localhost'\n    redis_db: int = 0\n",
			"POSTGRES_DB=postgres.database POSTGRES_PASSWORD=postgres.password POSTGRES_PORT=postgres.port POSTGRES_SERVER=postgres.host POSTGRES_USER=postgres.user REDIS_HOST=redis.host"},
		"a prefix":              {"fastapi\naiomysql\n", settings + "    db_host: str\n    db_pass: str\n    db_echo: bool\n    model_config = SettingsConfigDict(env_prefix='ACME_')\n", "ACME_DB_HOST=mysql.host ACME_DB_PASS=mysql.password"},
		"a prefix that tells":   {"fastapi\naio_pika\n", settings + "    host: str\n    port: int\n    model_config = SettingsConfigDict(env_prefix='RABBITMQ_')\n", "RABBITMQ_HOST=rabbitmq.host RABBITMQ_PORT=rabbitmq.port"},
		"one by one":            {"fastapi\nasyncpg\n", "import os\nA = os.environ['DB_HOST']\nB = os.getenv('DB_NAME', 'x')\n", "DB_HOST=postgres.host DB_NAME=postgres.database"},
		"a whole address too":   {"fastapi\nasyncpg\n", "import os\nA = os.environ['DB_HOST']\nB = os.environ['DATABASE_URL']\n", ""},
		"no host":               {"fastapi\nasyncpg\n", "import os\nA = os.environ['DB_NAME']\nB = os.environ['DB_USER']\n", ""},
		"two hosts":             {"fastapi\nasyncpg\n", "import os\nA = os.environ['DB_HOST']\nB = os.environ['POSTGRES_HOST']\n", ""},
		"of one of two":         {"fastapi\nasyncpg\nmotor\n", "import os\nA = os.environ['DB_HOST']\nB = os.environ['MONGO_HOST']\n", "MONGO_HOST=mongodb.host"},
		"of something else":     {"fastapi\nasyncpg\n", "import os\nA = os.environ['TEST_DB_HOST']\nB = os.environ['VECTOR_DB_HOST']\nC = os.environ['HOST']\n", ""},
		"a host that is an URL": {"fastapi\nredis\n", "import os\nA = os.getenv('REDIS_HOST', 'http://x')\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			facts := inspected(t, files{"main.py": plainApp + "import config\n", "requirements.txt": c.requirements, "config.py": c.config})
			if got := variablesOf(facts.Project.Parts); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
