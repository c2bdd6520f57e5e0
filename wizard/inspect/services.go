package inspect

import (
	"path"
	"slices"
	"strings"
)

// drivers are the packages by which a service is reached. A package that
// reaches several by choice is not among them.
var drivers = map[string]string{
	"asyncpg": "postgres", "psycopg": "postgres", "psycopg2": "postgres", "psycopg2-binary": "postgres",
	"psycopg-binary": "postgres", "aiopg": "postgres", "pg8000": "postgres", "psycopg-pool": "postgres",
	"aiomysql": "mysql", "pymysql": "mysql", "mysqlclient": "mysql", "mysql-connector-python": "mysql", "asyncmy": "mysql",
	"motor": "mongodb", "pymongo": "mongodb", "beanie": "mongodb", "odmantic": "mongodb", "mongoengine": "mongodb",
	"redis": "redis", "aioredis": "redis", "hiredis": "redis", "arq": "redis", "redis-om": "redis", "rq": "redis", "coredis": "redis",
	"aio-pika": "rabbitmq", "pika": "rabbitmq", "aiormq": "rabbitmq",
	"elasticsearch": "elasticsearch", "elasticsearch-dsl": "elasticsearch", "neo4j": "neo4j", "minio": "s3",
}

// driverExtras are the extras by which a package brings a driver.
var driverExtras = map[string]string{
	"asyncpg": "postgres", "postgresql": "postgres", "postgres": "postgres", "psycopg": "postgres", "psycopg2": "postgres",
	"postgresql-asyncpg": "postgres", "aiomysql": "mysql", "asyncmy": "mysql", "mysql": "mysql", "redis": "redis",
	"rabbit": "rabbitmq", "rabbitmq": "rabbitmq", "mongodb": "mongodb",
}

// order is the catalogue's, then what davit can name but not generate.
var order = []string{"postgres", "mysql", "mongodb", "redis", "rabbitmq", "elasticsearch", "neo4j", "s3"}

// backing tells which service an image is, "" for none.
func backing(image string) string {
	base := strings.ToLower(image)
	if at := strings.LastIndexByte(base, '/'); at >= 0 {
		base = base[at+1:]
	}
	base, _, _ = strings.Cut(base, ":")
	base, _, _ = strings.Cut(base, "@")
	for _, part := range [...]string{"admin", "express", "exporter", "insight", "commander", "backup", "ui", "bouncer"} {
		if strings.Contains(base, part) {
			return ""
		}
	}
	switch {
	case strings.HasPrefix(base, "postgis"), strings.HasPrefix(base, "postgres"), strings.HasPrefix(base, "timescale"), strings.HasPrefix(base, "pgvector"):
		return "postgres"
	case strings.HasPrefix(base, "mysql"), strings.HasPrefix(base, "mariadb"):
		return "mysql"
	case strings.HasPrefix(base, "mongo"):
		return "mongodb"
	case strings.HasPrefix(base, "redis"), strings.HasPrefix(base, "valkey"), strings.HasPrefix(base, "dragonfly"), strings.HasPrefix(base, "keydb"):
		return "redis"
	case strings.HasPrefix(base, "rabbitmq"):
		return "rabbitmq"
	case strings.HasPrefix(base, "elasticsearch"):
		return "elasticsearch"
	case strings.HasPrefix(base, "minio"):
		return "s3"
	case strings.HasPrefix(base, "neo4j"):
		return "neo4j"
	}
	return ""
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
func (s *scan) services() []Fact {
	if s.chosen == nil {
		return nil
	}
	byDriver := s.drivers()
	beside, somewhere, composed := s.images()
	bySetting := s.settings()
	var facts []Fact
	for _, service := range order {
		at := beside[service]
		if driver := byDriver[service]; at == "" && driver != "" {
			lite := bySetting["sqlite"] != "" && (service == "postgres" || service == "mysql")
			switch {
			case somewhere[service] != "":
				at = somewhere[service]
			case bySetting[service] != "" && !lite, !composed && !lite:
				at = driver
			}
		}
		if at != "" {
			facts = append(facts, Fact{Value: service, Evidence: at})
		}
	}
	return oneDatabase(facts, byDriver)
}

// oneDatabase drops one of two SQL databases that stand in different compose
// files: they are variants, and the project runs on either.
func oneDatabase(facts []Fact, byDriver map[string]string) []Fact {
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
	if file(sql[0]) == file(sql[1]) {
		return facts
	}
	drop := sql[1].Value
	if byDriver[sql[0].Value] == "" && byDriver[drop] != "" {
		drop = sql[0].Value
	}
	return slices.DeleteFunc(facts, func(f Fact) bool { return f.Value == drop })
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
		composed = composed || mine
		for _, c := range services {
			service := backing(c.image)
			if service == "" && c.image == "" {
				service = s.builtService(c)
			}
			if service == "" {
				continue
			}
			if mine && (needed[c.name] || len(needed) == 0) && beside[service] == "" {
				beside[service] = evidence(c.file, c.line)
			}
			if somewhere[service] == "" {
				somewhere[service] = evidence(c.file, c.line)
			}
		}
	}
	return beside, somewhere, composed
}

// builtService tells which backing service a compose service builds on.
func (s *scan) builtService(c composeService) string {
	if c.context == "" || c.context == ".." {
		return ""
	}
	file := c.dockerfile
	if file == "" {
		file = "Dockerfile"
	}
	service := ""
	for _, i := range s.dockerfile(path.Join(c.context, file)) {
		if i.name == "FROM" {
			image, _, _ := strings.Cut(i.args, " ")
			service = backing(image)
		}
	}
	return service
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
