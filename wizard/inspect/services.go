package inspect

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/davit-cli/davit/wizard/inspect/python"
)

// drivers are the packages by which a service is reached. A package that
// reaches several by choice is not among them.
var drivers = map[string]string{
	"asyncpg": "postgres", "psycopg": "postgres", "psycopg2": "postgres", "psycopg2-binary": "postgres",
	"psycopg-binary": "postgres", "aiopg": "postgres", "gino": "postgres", "pg8000": "postgres", "psycopg-pool": "postgres",
	"aiomysql": "mysql", "pymysql": "mysql", "mysqlclient": "mysql", "mysql-connector-python": "mysql", "asyncmy": "mysql",
	"motor": "mongodb", "pymongo": "mongodb", "beanie": "mongodb", "bunnet": "mongodb", "odmantic": "mongodb", "mongoengine": "mongodb",
	"redis": "redis", "aioredis": "redis", "hiredis": "redis", "arq": "redis", "redis-om": "redis", "rq": "redis", "coredis": "redis",
	"valkey": "redis", "taskiq-redis": "redis", "fastapi-limiter": "redis",
	"aio-pika": "rabbitmq", "pika": "rabbitmq", "aiormq": "rabbitmq", "taskiq-aio-pika": "rabbitmq",
	"elasticsearch": "elasticsearch", "elasticsearch-dsl": "elasticsearch", "opensearch-py": "opensearch",
	"neo4j": "neo4j", "neo4j-python-driver": "neo4j", "neomodel": "neo4j",
	"minio": "s3", "boto3": "s3", "aioboto3": "s3", "aiobotocore": "s3", "s3fs": "s3", "miniopy-async": "s3",
	"aiokafka": "kafka", "kafka-python": "kafka", "confluent-kafka": "kafka",
	"clickhouse-connect": "clickhouse", "clickhouse-driver": "clickhouse", "asynch": "clickhouse",
	"qdrant-client": "qdrant", "weaviate-client": "weaviate", "pymilvus": "milvus",
	"pymemcache": "memcached", "aiomcache": "memcached", "nats-py": "nats", "aioodbc": "mssql", "pymssql": "mssql", "pyodbc": "mssql",
}

// byChoice are services whose packages serve other ends as well, or reach what
// runs elsewhere: they count where a compose file starts them, too.
var byChoice = map[string]bool{
	"s3": true, "kafka": true, "opensearch": true, "clickhouse": true, "qdrant": true, "weaviate": true,
	"milvus": true, "memcached": true, "nats": true, "mssql": true,
}

// driverExtras are the extras by which a package brings a driver.
var driverExtras = map[string]string{
	"asyncpg": "postgres", "postgresql": "postgres", "postgres": "postgres", "psycopg": "postgres", "psycopg2": "postgres",
	"postgresql-asyncpg": "postgres", "aiomysql": "mysql", "asyncmy": "mysql", "mysql": "mysql", "redis": "redis",
	"rabbit": "rabbitmq", "rabbitmq": "rabbitmq", "mongodb": "mongodb", "kafka": "kafka", "confluent": "kafka",
	"nats": "nats", "memcached": "memcached",
}

// order is the catalogue's, then what davit can name but not generate.
var order = []string{
	"postgres", "mysql", "mongodb", "redis", "rabbitmq", "elasticsearch", "opensearch", "neo4j", "s3", "kafka",
	"clickhouse", "qdrant", "weaviate", "milvus", "memcached", "nats", "mssql",
}

// backing tells which service an image is, "" for none.
func backing(image string) string {
	base := strings.ToLower(image)
	if at := strings.LastIndexByte(base, '/'); at >= 0 {
		base = base[at+1:]
	}
	base, _, _ = strings.Cut(base, ":")
	base, _, _ = strings.Cut(base, "@")
	for _, part := range [...]string{"admin", "express", "exporter", "insight", "commander", "backup", "bouncer", "client", "console", "manager"} {
		if strings.Contains(base, part) {
			return ""
		}
	}
	if strings.HasSuffix(base, "-ui") || strings.HasPrefix(base, "ui-") || base == "kafka-ui" {
		return ""
	}
	if strings.Contains(image, "mssql/server") {
		return "mssql"
	}
	for _, known := range images {
		if strings.HasPrefix(base, known[0]) {
			return known[1]
		}
	}
	return ""
}

// images are how the images of backing services begin.
var images = [][2]string{
	{"postgis", "postgres"}, {"postgres", "postgres"}, {"timescale", "postgres"}, {"pgvector", "postgres"},
	{"pgstac", "postgres"}, {"paradedb", "postgres"}, {"citus", "postgres"}, {"percona", "mysql"},
	{"mysql", "mysql"}, {"mariadb", "mysql"}, {"mongo", "mongodb"},
	{"redis", "redis"}, {"valkey", "redis"}, {"dragonfly", "redis"}, {"keydb", "redis"},
	{"rabbitmq", "rabbitmq"}, {"elasticsearch", "elasticsearch"}, {"opensearch", "opensearch"}, {"neo4j", "neo4j"},
	{"minio", "s3"}, {"rustfs", "s3"}, {"seaweedfs", "s3"}, {"garage", "s3"},
	{"kafka", "kafka"}, {"cp-kafka", "kafka"}, {"redpanda", "kafka"}, {"clickhouse", "clickhouse"}, {"qdrant", "qdrant"},
	{"weaviate", "weaviate"}, {"milvus", "milvus"}, {"memcached", "memcached"}, {"nats", "nats"},
}

var scheme = pattern(`\b(postgres(?:ql)?|mysql|mariadb|mongodb|rediss?|amqps?|sqlite)(?:\+(?:srv|\w+))?://`)

func schemeService(s string) string {
	switch strings.TrimSuffix(s, "s") {
	case "postgre", "postgres", "postgresql":
		return "postgres"
	case "mysql", "mariadb":
		return "mysql"
	case "mongodb":
		return "mongodb"
	case "redi", "redis":
		return "redis"
	case "sqlite":
		return "sqlite"
	case "amqp":
		return "rabbitmq"
	}
	return ""
}

// services finds the backing services: those that the project's compose file
// starts beside it, and those whose drivers the project asks for itself.
// optional are those that it can use, but does without by default.
func (s *scan) services() (needed, optional []Fact) {
	if s.chosen == nil {
		return nil, nil
	}
	byDriver := s.drivers()
	beside, somewhere, composed := s.images()
	bySetting := s.settings()
	settings := s.ownSettings()
	aDatabase := false // the compose file starts the service with one
	for service := range database {
		aDatabase = aDatabase || composed && beside[service] != ""
	}
	for _, service := range order {
		at, driver := beside[service], byDriver[service]
		lite := bySetting["sqlite"] != "" && (service == "postgres" || service == "mysql")
		switch {
		case byChoice[service] && (driver == "" || at == "" && somewhere[service] == ""):
			// Its package serves other ends too.
			at = ""
		case at != "", driver == "":
		case somewhere[service] != "" && !lite:
			at = somewhere[service]
		case lite, settings[service] == off, settings[service] == unset && !database[service]:
		case database[service] && aDatabase: // a choice that its own compose file does not make
		case bySetting[service] != "", settings[service] == set, !composed:
			at = driver
		}
		switch {
		case at != "":
			needed = append(needed, Fact{Value: service, Evidence: at})
		case driver != "" && !byChoice[service]:
			optional = append(optional, Fact{Value: service, Evidence: driver})
		}
	}
	needed = s.oneDatabase(needed, byDriver)
	needed, byCall := s.loadedLater(needed, byDriver)
	return needed, append(optional, byCall...)
}

// loadedLater takes out the services of which nothing is known but several
// drivers, and each of these imported in the source but not when the app is
// loaded: the user chooses one of them by a setting.
func (s *scan) loadedLater(needed []Fact, byDriver map[string]string) (kept, later []Fact) {
	for _, f := range needed {
		if f.Evidence == byDriver[f.Value] && (database[f.Value] || called[f.Value] != nil) {
			later = append(later, f)
		} else {
			kept = append(kept, f)
		}
	}
	if len(later) < 2 {
		return needed, nil
	}
	atOnce := s.loaded()
	always := map[string]bool{}
	for _, f := range later {
		somewhere := false
		for _, file := range s.tree.files {
			if !strings.HasSuffix(file, ".py") || s.tree.aside(file) || !s.importsDriver(file, f.Value) {
				continue
			}
			somewhere = true
			always[f.Value] = always[f.Value] || atOnce[file]
		}
		always[f.Value] = always[f.Value] || !somewhere // an ORM does it, told by an address
	}
	for _, f := range later {
		if always[f.Value] {
			return needed, nil
		}
	}
	return kept, later
}

var imported = pattern(`(?m)^[ \t]*(?:from|import)[ \t]+(\w+)`)

// importsDriver reports whether a file imports a driver of a service.
func (s *scan) importsDriver(file, service string) bool {
	for _, m := range imported().FindAllStringSubmatch(s.tree.read(file), -1) {
		if name := strings.ReplaceAll(m[1], "_", "-"); drivers[name] == service {
			return true
		}
	}
	return false
}

// oneDatabase drops one of two SQL databases that stand in different compose
// files: they are variants, and the project runs on either. In one file the
// other may be for a program beside it.
func (s *scan) oneDatabase(facts []Fact, byDriver map[string]string) []Fact {
	var sql []Fact
	for _, f := range facts {
		if f.Value == "postgres" || f.Value == "mysql" {
			sql = append(sql, f)
		}
	}
	if len(sql) != 2 {
		return facts
	}
	file := func(f Fact) string { name, _, _ := strings.Cut(f.Evidence, ":"); return name }
	drop := sql[1].Value
	if file(sql[0]) == file(sql[1]) {
		only := s.toldOf(sql)
		if only == "" {
			return facts
		}
		return slices.DeleteFunc(facts, func(f Fact) bool { return f.Value != only && (f.Value == sql[0].Value || f.Value == drop) })
	}
	if byDriver[sql[0].Value] == "" && byDriver[drop] != "" {
		drop = sql[0].Value
	}
	return slices.DeleteFunc(facts, func(f Fact) bool { return f.Value == drop })
}

// toldOf returns the only one of two databases whose host the environment of
// the project's service names in their compose file; "" where that is none or
// both.
func (s *scan) toldOf(sql []Fact) string {
	told := map[string]bool{}
	for _, services := range s.composeFiles() {
		for _, c := range services {
			if !s.inContext(c) {
				continue
			}
			names := addressed(c, services)
			for _, other := range services {
				for _, f := range sql {
					if slices.Contains(names, other.name) && evidence(other.file, other.line) == f.Evidence {
						told[f.Value] = true
					}
				}
			}
		}
	}
	if told[sql[0].Value] == told[sql[1].Value] {
		return ""
	}
	if told[sql[0].Value] {
		return sql[0].Value
	}
	return sql[1].Value
}

// drivers returns the services whose drivers are among the direct
// dependencies, with the evidence.
func (s *scan) drivers() map[string]string {
	found := map[string]string{}
	add := func(service, evidence string) {
		if service != "" && found[service] == "" {
			found[service] = evidence
		}
	}
	if m := s.manifest; m != nil {
		file, _, _ := strings.Cut(m.evidence, ":")
		for _, r := range m.direct {
			at := s.requirementEvidence(file, r)
			add(drivers[r.name], at)
			for _, extra := range r.extras {
				add(driverExtras[extra], at)
			}
		}
		return found
	}
	// Without a manifest the Dockerfile may name the packages.
	for _, f := range s.allDockerfiles() {
		for _, i := range s.dockerfile(f) {
			if i.name == "RUN" && strings.Contains(i.args, "pip") && strings.Contains(i.args, "install") {
				for _, w := range shellWords(i.args) {
					if r, ok := parseRequirement(w); ok {
						add(drivers[r.name], evidence(f, i.line))
					}
				}
			}
		}
	}
	return found
}

// images returns the backing services that compose files start: beside the
// project's own service, and anywhere. composed tells that the project's own
// service is in one.
func (s *scan) images() (beside, somewhere map[string]string, composed bool) {
	beside, somewhere = map[string]string{}, map[string]string{}
	for _, services := range s.composeFiles() {
		needed, mine := map[string]bool{}, false
		var need func(name string)
		need = func(name string) {
			for _, c := range services {
				if c.name == name && !needed[name] {
					needed[name] = true
					for _, n := range c.needs {
						need(n)
					}
				}
			}
		}
		for _, c := range services {
			if s.inContext(c) {
				mine = true
				for _, n := range c.needs {
					need(n)
				}
			}
		}
		if len(needed) > 0 {
			for _, c := range services {
				if s.inContext(c) {
					for _, n := range addressed(c, services) {
						need(n)
					}
				}
			}
		}
		if !mine && len(services) > 0 && !ofTheProject(services[0].file) {
			continue
		}
		composed = composed || mine
		for _, c := range services {
			service := backing(c.image)
			if service == "" && c.image == "" {
				service = s.builtService(c)
			}
			if service == "" {
				continue
			}
			if mine && (needed[c.name] || len(needed) == 0 && !c.optional) && beside[service] == "" {
				beside[service] = evidence(c.file, c.line)
			}
			if somewhere[service] == "" && !c.optional {
				somewhere[service] = evidence(c.file, c.line)
			}
		}
	}
	return beside, somewhere, composed
}

// addressed returns the services whose names the environment of one has as
// hosts.
func addressed(c composeService, services []composeService) []string {
	var names []string
	for _, other := range services {
		for _, v := range c.env {
			v = withDefaults(v)
			if v == other.name || strings.Contains(v, "//"+other.name) || strings.Contains(v, "@"+other.name) || strings.HasPrefix(v, other.name+":") {
				names = append(names, other.name)
				break
			}
		}
	}
	return names
}

// infrastructure are the folders in which a project keeps the compose files of
// its own backing services.
var infrastructure = pattern(`(?i)^(\.?docker|docker[-_]?compose|compose|containers?|deploy|deployments?|infra|infrastructure|ops|devops|\.devcontainer|dev|local|build|environments?|env|scripts|config|etc|db|database|backend|server|api|app|src)$`)

// ofTheProject reports whether a compose file without the service itself may
// still be for it, by the folder and the name: one in tools/kafka-demo, or one
// that is called docker-compose.with-cache.yml, is not for the default.
func ofTheProject(file string) bool {
	dir, base := path.Split(strings.TrimLeft(file, "./"))
	for part := range strings.SplitSeq(strings.Trim(dir, "/"), "/") {
		if part != "" && !infrastructure().MatchString(part) {
			return false
		}
	}
	return !variantCompose().MatchString(base)
}

var variantCompose = pattern(`(?i)[-._](with|example|sample|demo|bench|load)`)

// builtService tells which backing service a compose service builds on.
func (s *scan) builtService(c composeService) string {
	if c.context == "" || c.context == ".." {
		return ""
	}
	service := backing(c.name) // of a Dockerfile that cannot be read the name tells
	for _, i := range s.dockerfile(c.builtBy()) {
		if i.name == "FROM" {
			image, _, _ := strings.Cut(i.args, " ")
			service = backing(image)
		}
	}
	return service
}

// called are the names of settings for a service.
var called = map[string]func() *regexp.Regexp{
	"postgres": pattern(`(?i)postgres|(^|_)pg_|psql`), "mysql": pattern(`(?i)mysql|mariadb`), "mongodb": pattern(`(?i)mongo`),
	"redis": pattern(`(?i)redis|valkey`), "rabbitmq": pattern(`(?i)rabbit|amqp`), "elasticsearch": pattern(`(?i)elastic`),
	"neo4j": pattern(`(?i)neo4j`),
}

// database are the services that a project with their driver cannot do without.
var database = map[string]bool{"postgres": true, "mysql": true, "mongodb": true, "neo4j": true}

// setting is what the project's settings say by default about a service.
type setting uint8

const (
	unnamed setting = iota
	unset           // they have names for it and no values: it is used only where it is set up
	set             // they have its address, or ask for it
	off             // a switch for it is off
)

// ownSettings reads what the project's settings say about services.
func (s *scan) ownSettings() map[string]setting {
	found := map[string]setting{}
	for _, f := range s.tree.files {
		if !strings.HasSuffix(f, ".py") || s.tree.aside(f) {
			continue
		}
		base := baseName(f)
		if strings.Contains(base, "config") || strings.Contains(base, "setting") || strings.Contains(s.program.sources[f], "Settings") {
			s.eachSetting(f, found)
		}
	}
	return found
}

func (s *scan) eachSetting(f string, found map[string]setting) {
	m := s.program.module(f)
	s.program.follow(m)
	eachStmt(m.body, 0, func(st *python.Stmt) {
		if st.Kind != python.Assign || len(st.Targets) != 1 || st.Targets[0].Kind != python.Name || st.Annotation == nil {
			return
		}
		v := st.Value
		if v != nil && v.Kind == python.Call {
			if name := v.X.Dotted(); name == "Field" || strings.HasSuffix(name, ".Field") {
				v = v.Arg("default", 0)
			}
		}
		for service, named := range called {
			if !named().MatchString(st.Targets[0].Text) {
				continue
			}
			said := set
			switch {
			case v == nil:
			case v.Kind == python.Name && v.Text == "None", v.Kind == python.Str && v.Text == "":
				said = unset
			case v.Kind == python.Name && v.Text == "False":
				said = off
			case v.Kind == python.Number, v.Kind == python.Name && v.Text == "True":
				said = unnamed // a port, a limit, a detail
			}
			found[service] = max(found[service], said)
		}
	})
}

// requirementEvidence finds where a manifest names a requirement.
func (s *scan) requirementEvidence(file string, r requirement) string {
	if r.line > 0 {
		return evidence(file, r.line)
	}
	dir := path.Dir(file)
	for _, f := range []string{path.Join(dir, "pyproject.toml"), path.Join(dir, "Pipfile"), file} {
		text := strings.ToLower(s.tree.read(f))
		for _, spelling := range []string{`"` + r.name, "\n" + r.name, `"` + strings.ReplaceAll(r.name, "-", "_")} {
			if i := strings.Index(text, spelling); i >= 0 {
				return s.tree.at(f, text, i+1)
			}
		}
	}
	return evidence(file, 1)
}

// settings finds the services whose addresses the project's settings name.
func (s *scan) settings() map[string]string {
	found := map[string]string{}
	look := func(f, text string) {
		if !strings.Contains(text, "://") {
			return
		}
		for _, m := range scheme().FindAllStringSubmatchIndex(text, 50) {
			service := schemeService(text[m[2]:m[3]])
			if service != "" && found[service] == "" {
				found[service] = s.tree.at(f, text, m[0])
			}
		}
	}
	for _, f := range s.tree.files {
		base := baseName(f)
		if !s.tree.aside(f) && strings.Count(f, "/") < 4 && (strings.HasPrefix(base, ".env") || strings.HasPrefix(base, "env.") || strings.HasSuffix(base, ".env")) {
			look(f, s.tree.read(f))
		}
	}
	var files []string
	for f, src := range s.program.sources {
		if strings.Contains(src, "://") {
			files = append(files, f)
		}
	}
	for _, f := range s.tree.files {
		base := baseName(f)
		if strings.HasSuffix(f, ".py") && (strings.Contains(base, "config") || strings.Contains(base, "setting") || strings.Contains(base, "database") || base == "db.py") {
			files = append(files, f)
		}
	}
	slices.Sort(files)
	for _, f := range slices.Compact(files) {
		if !s.tree.aside(f) {
			look(f, s.tree.read(f))
		}
	}
	return found
}
