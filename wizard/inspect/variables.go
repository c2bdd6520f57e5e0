package inspect

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/davit-cli/davit/wizard"
	"github.com/davit-cli/davit/wizard/inspect/python"
)

// reading is one place where the source reads an environment variable.
type reading struct {
	names  []string // that it goes by, the first first
	plain  string   // the first without the prefix of its class
	types  []*python.Expr
	preset *python.Expr // what it is where nothing sets it, nil where that is not known
	file   string
	worth  int
}

// variables finds the environment variable by which the app reads the address
// of each service, and with which scheme that address begins, where a default
// tells. Where different ones are as likely, it names none; where there is none
// at all, it finds those of the address's parts.
func (s *scan) variables(services []Fact, p *wizard.Project) {
	if s.chosen == nil || !slices.ContainsFunc(services, func(f Fact) bool { return wizard.UsualVariable(f.Value) != "" }) {
		return
	}
	all := s.readings()
	a := s.addresses(services)
	top := path.Dir(s.chosen.file)
	own := func(r reading) bool {
		return top != "." && strings.HasPrefix(r.file, top+"/") || path.Dir(r.file) == top
	}
	var loaded map[string]bool // made where it has to decide: it reads much
	atOnce := func(r reading) bool {
		if loaded == nil {
			loaded = s.loaded()
		}
		return loaded[r.file]
	}
	put := func(all *map[string]string, key, value string) {
		if *all == nil {
			*all = map[string]string{}
		}
		(*all)[key] = value
	}
	for _, service := range a.claimed {
		var likely []reading
		for _, r := range all {
			if r.worth = a.worth(r, service); r.worth > 0 {
				likely = append(likely, r)
			}
		}
		if len(likely) == 0 {
			for variable, part := range a.parts(service, only(all, func(r reading) bool { return own(r) || atOnce(r) })) {
				put(&p.Parts, variable, part)
			}
			continue
		}
		other := func(r reading) bool { return !own(r) || r.names[0] != likely[0].names[0] }
		if slices.ContainsFunc(likely, other) {
			// What the app loads, or else stands beside it, such as a worker.
			if in := only(likely, atOnce); len(in) > 0 {
				likely = in
			} else {
				likely = only(likely, own)
			}
		}
		if name := best(likely, wizard.UsualVariable(service)); wizard.IsVariable(name) {
			put(&p.Variables, service, name)
			if begin := beginning(likely, name); wizard.IsScheme(service, begin) {
				put(&p.Schemes, service, begin)
			}
		}
	}
}

// beginning is the scheme with which the defaults of a variable begin, "" where
// they have none or several.
func beginning(all []reading, name string) string {
	begin := ""
	for _, r := range all {
		address, _ := leading(r.preset)
		scheme, _, ok := strings.Cut(address, "://")
		if !ok || !slices.Contains(r.names, name) {
			continue
		}
		if begin != "" && begin != scheme {
			return ""
		}
		begin = scheme
	}
	return begin
}

func only(all []reading, wanted func(reading) bool) []reading {
	return slices.DeleteFunc(slices.Clone(all), func(r reading) bool { return !wanted(r) })
}

// best is the usual name where it is read, or else the one of which most is
// known; "" where that holds for several.
func best(all []reading, usual string) string {
	name, most, torn := "", 0, false
	for _, r := range all {
		switch first := r.names[0]; {
		case slices.Contains(r.names, usual):
			return usual
		case r.worth > most:
			name, most, torn = first, r.worth, false
		case r.worth == most && first != name:
			torn = true
		}
	}
	if torn {
		return ""
	}
	return name
}

// addresses tells what a variable is the address of.
type addresses struct {
	claimed []string        // the services that the project has
	own     map[string]bool // words of its own names
}

func (s *scan) addresses(services []Fact) addresses {
	a := addresses{own: map[string]bool{}}
	for _, f := range services {
		if wizard.UsualVariable(f.Value) != "" {
			a.claimed = append(a.claimed, f.Value)
		}
	}
	for _, name := range [...]string{s.name().Value, path.Base(path.Dir(s.chosen.file))} {
		for _, w := range strings.FieldsFunc(strings.ToUpper(name), func(r rune) bool { return r == '-' || r == '_' }) {
			a.own[w] = true
		}
	}
	return a
}

// What tells that a variable is the address of a service.
const (
	byName  = 1
	byValue = 2 // its default is one, or its type is that of one
)

// worth is what tells that a variable has the address of this service, 0 where
// nothing does or something speaks against it.
func (a addresses) worth(r reading, service string) int {
	words := strings.Split(r.names[0], "_")
	if slices.ContainsFunc(words, func(w string) bool { return notTheApps[w] }) {
		return 0
	}
	worth := 0
	if a.calledAfter(words, service) || r.plain != r.names[0] && a.calledAfter(strings.Split(r.plain, "_"), service) {
		worth = byName
	}
	typed := ""
	for _, t := range r.types {
		inExprs(t, 0, func(e *python.Expr) {
			if typed == "" {
				typed = typeService(e)
			}
		})
	}
	if typed != "" {
		if typed != service {
			return 0
		}
		return worth + byValue
	}
	address, known := leading(r.preset)
	if !known || address == "" {
		return worth
	}
	switch is := addressOf(address); {
	case is == service:
		return worth + byValue
	case is == "sqlite" && (service == "postgres" || service == "mysql"): // until it is told of a server
		return worth
	}
	return 0
}

// notTheApps are words in the names of what is not the address by which an app
// reaches what it needs.
var notTheApps = wordSet("TEST TESTS TESTING PYTEST CI REPLICA READ READONLY RO SLAVE SHADOW OLD LEGACY EXAMPLE " +
	"MANAGEMENT INSIGHT EXPRESS UI DASHBOARD REST EXPORTER BACKUP ADMIN")

// neutral are words that say nothing about which service a variable is for.
var neutral = wordSet("APP ASYNC SQL MAIN PRIMARY DEFAULT CONNECTION CONN SERVICE API BACKEND SERVER WEB PROD PRODUCTION MY FASTAPI ORM " +
	"TORTOISE CELERY DRAMATIQ TASKIQ ARQ RQ CACHE QUEUE JOBS TASK TASKS WORKER MESSAGE SESSION FULL ALCHEMY")

// words after which services are called.
var (
	databaseWords = wordSet("DATABASE DB")
	ownWords      = map[string]string{
		"POSTGRES": "postgres", "POSTGRESQL": "postgres", "PG": "postgres", "PSQL": "postgres", "ASYNCPG": "postgres", "MYSQL": "mysql", "MARIADB": "mysql",
		"MONGO": "mongodb", "MONGODB": "mongodb", "REDIS": "redis", "VALKEY": "redis",
		"RABBIT": "rabbitmq", "RABBITMQ": "rabbitmq", "AMQP": "rabbitmq",
	}
)

func wordSet(words string) map[string]bool {
	all := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		all[w] = true
	}
	return all
}

// calledAfter reports whether the words of a name say that it is the address
// of a service, and of no other that the project has.
func (a addresses) calledAfter(words []string, service string) bool {
	switch words[len(words)-1] {
	case "URL", "URI", "DSN":
		words = words[:len(words)-1]
	default:
		return false
	}
	one := func(among ...string) bool { return a.only(service, among...) }
	own, general := "", false
	for _, w := range words {
		switch {
		case ownWords[w] != "":
			if own != "" && own != ownWords[w] {
				return false
			}
			own = ownWords[w]
		case w == "SQLALCHEMY":
			if !one("postgres", "mysql") {
				return false
			}
			general = true
		case databaseWords[w]:
			if own != service && !slices.ContainsFunc(words, func(w string) bool { return ownWords[w] == service }) && !one("postgres", "mysql", "mongodb") {
				return false
			}
			general = true
		case w == "BROKER":
			if own != service && !slices.ContainsFunc(words, func(w string) bool { return ownWords[w] == service }) && !one("redis", "rabbitmq") {
				return false
			}
			general = true
		case neutral[w] || w == "" || a.own[w]:
		default:
			return false
		}
	}
	return own == service || own == "" && general
}

// only reports whether a service is the only one of these that the project has.
func (a addresses) only(service string, among ...string) bool {
	return slices.Contains(among, service) && !slices.ContainsFunc(a.claimed, func(c string) bool { return c != service && slices.Contains(among, c) })
}

// partWords are the last words of the variables for parts of an address.
var partWords = map[string]string{
	"HOST": "host", "HOSTNAME": "host", "SERVER": "host", "PORT": "port", "USER": "user", "USERNAME": "user",
	"PASSWORD": "password", "PASS": "password", "PWD": "password", "DB": "database", "DATABASE": "database", "NAME": "database", "DBNAME": "database",
}

// parts are the variables for the parts of a service's address, such as
// DB_HOST, with what they are. They belong together by what stands before the
// last word; none are found where two such sets have a host, or none has.
func (a addresses) parts(service string, all []reading) map[string]string {
	sets, hosts := map[string]map[string]string{}, map[string]bool{}
	for _, r := range all {
		for _, plain := range [...]string{r.names[0], r.plain} {
			called, last, ok := strings.Cut(plain, "_")
			databases := databaseWords[called] && a.only(service, "postgres", "mysql", "mongodb")
			part := service + "." + partWords[last]
			if !ok || ownWords[called] != service && !databases || !wizard.IsPart(r.names[0], part) {
				continue
			}
			if text, known := leading(r.preset); known && strings.Contains(text, "://") {
				continue
			}
			set := strings.TrimSuffix(r.names[0], last)
			if sets[set] == nil {
				sets[set] = map[string]string{}
			}
			sets[set][r.names[0]] = part
			hosts[set] = hosts[set] || partWords[last] == "host"
		}
	}
	var found map[string]string
	for set, variables := range sets {
		switch {
		case !hosts[set]:
		case found != nil:
			return nil
		default:
			found = variables
		}
	}
	return found
}

// typeService tells whose address pydantic's type is, "" for none.
func typeService(e *python.Expr) string {
	if e.Kind != python.Name && e.Kind != python.Attr {
		return ""
	}
	for _, known := range [...][2]string{
		{"PostgresDsn", "postgres"}, {"MySQLDsn", "mysql"}, {"MariaDBDsn", "mysql"}, {"MongoDsn", "mongodb"}, {"RedisDsn", "redis"}, {"AmqpDsn", "rabbitmq"},
	} {
		if strings.HasSuffix(e.Text, known[0]) {
			return known[1]
		}
	}
	return ""
}

// addressOf tells whose address begins like this, "" where it is another's or
// none.
func addressOf(s string) string {
	m := scheme().FindStringSubmatchIndex(s)
	if m == nil || m[0] != 0 {
		return ""
	}
	return schemeService(s[m[2]:m[3]])
}

// leading is the text with which a default begins: known where there is one,
// or None, which is "".
func leading(e *python.Expr) (text string, known bool) {
	for range 20 {
		switch {
		case e == nil:
			return "", false
		case e.Kind == python.Str:
			return strings.TrimSpace(e.Text), true
		case (e.Kind == python.Format || e.Kind == python.Add) && len(e.Args) > 0:
			e = e.Args[0].Value
		case e.Kind == python.Call && len(e.Args) == 1 && e.Args[0].Name == "": // SecretStr("…")
			e = e.Args[0].Value
		default:
			return "", false
		}
	}
	return "", false
}

// readings are the environment variables that the project's own files read.
func (s *scan) readings() []reading {
	var sources []source
	known := classes{all: map[string]settingsClass{}, twice: map[string]bool{}, asked: new(int)}
	for _, f := range s.program.settings {
		if s.tree.aside(f) {
			continue
		}
		src, ok := s.source(f)
		if !ok {
			break
		}
		sources = append(sources, src)
		known.add(src)
	}
	var all []reading
	for _, src := range sources {
		first := len(all)
		all = append(all, src.calls()...)
		eachStmt(src.body, 0, func(st *python.Stmt) {
			if st.Kind == python.Class {
				all = append(all, fields(settingsClass{st, src}, known)...)
			}
		})
		for i := range all[first:] {
			all[first+i].file = src.file
		}
	}
	return all
}

// speaksOfSettings reports whether a file may read the environment.
func speaksOfSettings(file string, b []byte) bool {
	for _, word := range [...]string{"environ", "getenv", "Settings", "decouple", "starlette.config"} {
		if bytes.Contains(b, []byte(word)) {
			return true
		}
	}
	return strings.Contains(file, "config") || strings.Contains(file, "setting")
}

// source is a file that may read the environment, and what it calls by which
// name.
type source struct {
	file    string
	body    []*python.Stmt
	aliases map[string]string // name → where it is from, such as os.environ
	text    func(*python.Expr) (string, bool)
}

// source parses a file, where it has not been; it is not ok where all in all
// too much would be.
func (s *scan) source(f string) (source, bool) {
	body := s.program.module(f).body
	if body == nil {
		text := s.tree.read(f)
		if s.program.parsed += len(text); s.program.parsed > mostSource {
			return source{}, false
		}
		body = python.Parse(text)
	}
	src := source{f, body, map[string]string{}, func(e *python.Expr) (string, bool) { return s.text(f, e) }}
	eachStmt(body, 0, func(st *python.Stmt) {
		switch {
		case st.Kind == python.Import:
			for _, a := range st.Names {
				src.aliases[a.As] = a.Name
			}
		case st.Kind == python.From && st.Level == 0:
			for _, a := range st.Names {
				src.aliases[a.As] = st.Module + "." + a.Name
			}
		case st.Kind == python.Assign && len(st.Targets) == 1 && st.Targets[0].Kind == python.Name && st.Value != nil && st.Value.Kind == python.Call:
			// An object that reads it.
			switch made := src.full(st.Value.X); made {
			case "starlette.config.Config", "environs.Env", "decouple.Config", "decouple.AutoConfig":
				src.aliases[st.Targets[0].Text] = made
			}
		}
	})
	return src, true
}

// text is what a string's expression in a file gives, such as a constant of
// another module.
func (s *scan) text(f string, e *python.Expr) (string, bool) {
	if e.Kind == python.Str {
		return e.Text, true
	}
	if e.Kind != python.Name && e.Kind != python.Attr {
		return "", false
	}
	m := s.program.module(f)
	s.program.follow(m)
	t, ok := s.program.eval(e, &frame{module: m, names: map[string]value{}}).(*text)
	if !ok || !t.sure {
		return "", false
	}
	return t.s, true
}

// full is a dotted name from the package on.
func (src source) full(e *python.Expr) string {
	dotted := e.Dotted()
	first, rest, more := strings.Cut(dotted, ".")
	from, ok := src.aliases[first]
	switch {
	case !ok || dotted == "":
		return dotted
	case more:
		return from + "." + rest
	}
	return from
}

// calls are the variables that are read one by one.
func (src source) calls() []reading {
	var all []reading
	add := func(name, preset *python.Expr, types ...*python.Expr) {
		if name != nil && name.Kind == python.Str {
			all = append(all, reading{names: []string{name.Text}, plain: name.Text, preset: preset, types: types})
		}
	}
	eachServed(src.body, 0, func(st *python.Stmt) {
		read := func(e *python.Expr) {
			switch e.Kind {
			case python.Subscript:
				if src.full(e.X) == "os.environ" && len(e.Args) == 1 {
					add(e.Args[0].Value, nil)
				}
			case python.Call:
				switch src.full(e.X) {
				case "os.getenv", "os.environ.get":
					add(e.Arg("key", 0), e.Arg("default", 1))
				case "decouple.config", "decouple.Config", "decouple.AutoConfig":
					add(e.Arg("option", 0), e.Arg("default", -1), e.Arg("cast", -1))
				case "starlette.config.Config", "starlette.config.Config.get":
					add(e.Arg("key", 0), e.Arg("default", 2), e.Arg("cast", 1))
				case "environs.Env", "environs.Env.str", "environs.Env.url", "environs.env", "environs.env.str", "environs.env.url":
					preset := e.Arg("default", -1)
					if preset == nil {
						preset = e.Arg("", 1)
					}
					add(e.Arg("name", 0), preset)
				}
			}
		}
		inExprs(st.Value, 0, read)
		for _, a := range st.Args {
			inExprs(a.Value, 0, read)
		}
		for _, q := range st.Params {
			inExprs(q.Default, 0, read)
		}
	})
	return all
}

// eachServed visits every statement but those that run only in a script.
func eachServed(body []*python.Stmt, depth int, do func(*python.Stmt)) {
	if depth > 100 {
		return
	}
	for _, st := range body {
		do(st)
		if st.Kind != python.If || condition(st.Value) != scriptOnly {
			eachServed(st.Body, depth+1, do)
		}
		eachServed(st.Else, depth+1, do)
	}
}

// inExprs visits an expression and all in it.
func inExprs(e *python.Expr, depth int, do func(*python.Expr)) {
	if e == nil || depth > 100 {
		return
	}
	do(e)
	inExprs(e.X, depth+1, do)
	for _, a := range e.Args {
		inExprs(a.Value, depth+1, do)
	}
}

// settingsClass is a class whose fields may be settings.
type settingsClass struct {
	def *python.Stmt
	in  source
}

// classes are those of all files that may have settings.
type classes struct {
	all   map[string]settingsClass // by name, and by file:name
	twice map[string]bool          // names that several files have
	asked *int                     // how often one was looked for
}

// mostAsked bounds classes that are the bases of one another.
const mostAsked = 20_000

func (k classes) add(src source) {
	eachStmt(src.body, 0, func(st *python.Stmt) {
		if st.Kind != python.Class {
			return
		}
		if other, ok := k.all[st.Name]; ok && other.in.file != src.file {
			k.twice[st.Name] = true
		}
		c := settingsClass{st, src}
		k.all[st.Name], k.all[src.file+":"+st.Name] = c, c
	})
}

// find returns the class that a file calls so: its own, or else the only one.
func (k classes) find(name, file string) (settingsClass, bool) {
	if *k.asked++; *k.asked > mostAsked {
		return settingsClass{}, false
	}
	if c, ok := k.all[file+":"+name]; ok {
		return c, true
	}
	c, ok := k.all[name]
	return c, ok && !k.twice[name]
}

// fields are the variables that a class of pydantic's settings reads; nil for
// any other class.
func fields(c settingsClass, known classes) []reading {
	how := config{}
	if !how.of(c, known, 0) || how.unknown {
		return nil
	}
	var all []reading
	how.fields(c, known, how.prefix, 0, &all)
	return all
}

// config is how a class of settings reads the environment.
type config struct {
	prefix, nested string
	exact          bool // capitals and small letters differ
	unknown        bool // it makes names that cannot be followed
	has            map[string]bool
}

// of reads the configuration of a class, its own before that of its bases, and
// reports whether it is one of settings.
func (how *config) of(c settingsClass, known classes, depth int) bool {
	if depth > 10 {
		return false
	}
	if how.has == nil {
		how.has = map[string]bool{}
	}
	for _, a := range c.def.Args {
		if a.Name != "" {
			how.put(a.Name, a.Value, c.in)
		}
	}
	for _, st := range c.def.Body {
		switch {
		case st.Kind == python.Class && st.Name == "Config":
			for _, in := range st.Body {
				if in.Kind == python.Assign && len(in.Targets) == 1 {
					how.put(in.Targets[0].Text, in.Value, c.in)
				}
			}
		case st.Kind == python.Assign && len(st.Targets) == 1 && st.Targets[0].Text == "model_config" && st.Value != nil:
			switch v := st.Value; v.Kind {
			case python.Call:
				for _, a := range v.Args {
					how.put(a.Name, a.Value, c.in)
				}
			case python.Dict:
				for i := 0; i+1 < len(v.Args); i += 2 {
					how.put(v.Args[i].Value.Text, v.Args[i+1].Value, c.in)
				}
			}
		}
	}
	settings := false
	for _, a := range c.def.Args {
		if a.Name != "" {
			continue
		}
		full := c.in.full(a.Value)
		name := full[strings.LastIndexByte(full, '.')+1:]
		if name == "BaseSettings" {
			settings = true
		} else if base, ok := known.find(name, c.in.file); ok && base.def != c.def {
			settings = how.of(base, known, depth+1) || settings
		}
	}
	return settings
}

// put takes one entry of a configuration, where none nearer has been taken.
func (how *config) put(key string, v *python.Expr, in source) {
	if how.has[key] || v == nil {
		return
	}
	how.has[key] = true
	switch key {
	case "env_prefix":
		text, known := in.text(v)
		how.prefix, how.unknown = text, how.unknown || !known
	case "env_nested_delimiter":
		how.nested, _ = in.text(v)
	case "case_sensitive":
		how.exact = v.Text == "True"
	case "alias_generator", "fields":
		how.unknown = true
	}
}

// fields adds what the fields of a class are read from, those of its bases and,
// where names may be nested, of the classes of its fields as well.
func (how config) fields(c settingsClass, known classes, prefix string, depth int, all *[]reading) {
	if depth > 5 || len(*all) > 2000 {
		return
	}
	for _, a := range c.def.Args {
		if a.Name == "" && a.Value != nil {
			if base, ok := known.find(lastName(a.Value), c.in.file); ok && base.def != c.def {
				how.fields(base, known, prefix, depth+1, all)
			}
		}
	}
	for _, st := range c.def.Body {
		if st.Kind != python.Assign || st.Annotation == nil || len(st.Targets) != 1 || st.Targets[0].Kind != python.Name {
			continue
		}
		field := st.Targets[0].Text
		if field == "model_config" || strings.HasPrefix(field, "_") || lastName(st.Annotation) == "ClassVar" || st.Annotation.Kind == python.Subscript && lastName(st.Annotation.X) == "ClassVar" {
			continue
		}
		r := reading{names: []string{prefix + field}, preset: st.Value, types: []*python.Expr{st.Annotation}}
		options := func(e *python.Expr) {
			if e.Kind != python.Call || lastName(e.X) != "Field" {
				return
			}
			for _, key := range [...]string{"validation_alias", "alias", "env"} {
				if alias := e.Arg(key, -1); alias != nil {
					r.names = aliases(alias)
					break
				}
			}
		}
		inExprs(st.Annotation, 0, options)
		if v := st.Value; v != nil && v.Kind == python.Call && lastName(v.X) == "Field" {
			options(v)
			r.preset = v.Arg("default", 0)
		}
		if how.nested != "" {
			inExprs(st.Annotation, 0, func(e *python.Expr) {
				if inner, ok := known.find(lastName(e), c.in.file); ok && inner.def != c.def && !(&config{}).of(inner, known, 0) && len(r.names) > 0 {
					how.fields(inner, known, r.names[0]+how.nested, depth+1, all)
				}
			})
		}
		if len(r.names) == 0 {
			continue
		}
		r.plain = strings.ToUpper(strings.TrimPrefix(r.names[0], how.prefix))
		for i, name := range r.names {
			if !how.exact {
				r.names[i] = strings.ToUpper(name)
			}
		}
		*all = append(*all, r)
	}
}

// aliases are the names that an alias gives, nil where it cannot be followed.
func aliases(e *python.Expr) []string {
	var names []string
	switch e.Kind {
	case python.Str:
		return []string{e.Text}
	case python.List, python.Call: // env=[…], AliasChoices(…)
		for _, a := range e.Args {
			if a.Value == nil || a.Value.Kind != python.Str {
				return nil
			}
			names = append(names, a.Value.Text)
		}
	}
	return names
}

// lastName is the last word of a dotted name, "" of anything else.
func lastName(e *python.Expr) string {
	dotted := e.Dotted()
	return dotted[strings.LastIndexByte(dotted, '.')+1:]
}
