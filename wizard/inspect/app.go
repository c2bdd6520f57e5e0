package inspect

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/davit-cli/davit/wizard/inspect/python"
)

// candidate is one thing that a server could be told to import.
type candidate struct {
	file     string
	attr     string
	line     int
	base     string // folder from which the module is imported
	app      *instance
	factory  bool
	evidence string
	weight   int // of the best command that names it, 0 without
	rank     int // by names and depth, among candidates of one weight
	exact    bool
}

// app decides what uvicorn has to import.
func (s *scan) app() AppFact {
	all := s.candidates()
	if len(all) == 0 {
		return AppFact{}
	}
	best := all[0]
	fact := AppFact{Factory: best.factory}
	for _, c := range all {
		if name := c.importString(); !slices.Contains(fact.Candidates, name) {
			fact.Candidates = append(fact.Candidates, name)
		}
	}
	if len(fact.Candidates) == 1 {
		fact.Candidates = nil
	}
	if len(all) > 1 && !best.beats(all[1]) {
		s.chosen = best
		return AppFact{Fact: Fact{Candidates: fact.Candidates}, Factory: best.factory}
	}
	fact.Value, fact.Evidence = best.importString(), best.evidence
	s.chosen = best
	return fact
}

// beats reports whether c is clearly more likely than the next.
func (c *candidate) beats(next *candidate) bool {
	if c.weight != next.weight {
		return c.weight-next.weight >= 10 || c.rank >= next.rank
	}
	return c.rank-next.rank >= 10
}

func (c *candidate) importString() string { return moduleName(c.file, c.base) + ":" + c.attr }

func moduleName(file, base string) string {
	m := strings.TrimSuffix(file, ".py")
	if base != "." {
		m = strings.TrimPrefix(m, base+"/")
	}
	m = strings.TrimSuffix(m, "/__init__")
	return strings.ReplaceAll(m, "/", ".")
}

// candidates returns every application that could be meant, best first: what
// commands name, and else what the source makes.
func (s *scan) candidates() []*candidate {
	s.followAll()
	byApp := map[*instance]*candidate{}
	for _, c := range s.defined() {
		if old := byApp[c.app]; old == nil || c.rank > old.rank {
			byApp[c.app] = c
		}
	}
	factories := map[string]*candidate{}
	for _, cmd := range s.allCommands() {
		for _, st := range starts(cmd.words) {
			if c := s.resolveStart(st, cmd); c != nil {
				s.weigh(c, cmd.object, byApp, factories)
			}
		}
	}
	if len(byApp) == 0 && len(factories) == 0 {
		for _, c := range s.factories() {
			factories[c.importString()] = c
		}
	}
	var all []*candidate
	for _, c := range byApp {
		s.setBack(c)
		if aside(c.file) && c.weight < scripted || c.weight == 0 && c.app.mounted {
			continue
		}
		all = append(all, c)
	}
	named := slices.ContainsFunc(all, func(c *candidate) bool { return c.weight > 0 })
	for _, c := range factories {
		s.setBack(c)
		if aside(c.file) && c.weight < scripted {
			continue
		}
		if c.weight > 0 || !named {
			all = append(all, c)
		}
	}
	slices.SortFunc(all, func(a, b *candidate) int {
		return cmp.Or(b.weight-a.weight, b.rank-a.rank, cmp.Compare(a.importString(), b.importString()))
	})
	return all
}

// setBack lets what belongs to another service of the tree, one with a
// manifest of its own, count less than what belongs to this one.
func (s *scan) setBack(c *candidate) {
	here := s.tree.has("pyproject.toml") || s.tree.has("requirements.txt") || s.tree.has("Pipfile")
	for dir := path.Dir(c.file); dir != "." && here; dir = path.Dir(dir) {
		if s.tree.has(dir+"/pyproject.toml") || s.tree.has(dir+"/requirements.txt") || s.tree.has(dir+"/Pipfile") {
			c.rank -= 20
			if c.weight > 0 {
				c.weight = max(1, c.weight-20)
			}
			return
		}
	}
}

// weigh records that a command names a candidate.
func (s *scan) weigh(c *candidate, object bool, byApp map[*instance]*candidate, factories map[string]*candidate) {
	if made := s.madeBy(c, byApp); made != nil && c.weight <= documented {
		// Serving the instance is the same, and needs no flag.
		c.weight, made.weight = 0, max(made.weight, c.weight)
		made.evidence = evidence(made.file, made.line)
		return
	}
	if c.factory {
		if old := factories[c.importString()]; old == nil || c.weight > old.weight {
			factories[c.importString()] = c
		}
		return
	}
	old := byApp[c.app]
	if object && old != nil {
		// The source serves what it may have imported: the module that makes
		// the application is the better name for it.
		old.weight = max(old.weight, c.weight)
		return
	}
	switch {
	case old == nil, old.weight == 0:
	case c.exact != old.exact && !c.exact:
		// What resolves from the project itself needs no translation, but the
		// better place still counts.
		old.weight = max(old.weight, c.weight)
		return
	case c.exact != old.exact:
		c.weight = max(old.weight, c.weight)
	case c.weight <= old.weight:
		return
	}
	byApp[c.app] = c
}

// madeBy returns the application that a module makes by calling a factory.
func (s *scan) madeBy(c *candidate, byApp map[*instance]*candidate) *candidate {
	if !c.factory || c.app == nil {
		return nil
	}
	var best *candidate
	for _, made := range byApp {
		if made.app.maker != nil && made.app.maker == c.app.maker && !aside(made.file) && (best == nil || made.rank > best.rank) {
			best = made
		}
	}
	return best
}

// followAll follows every module that may make an application, the likely
// ones first, so that the bounds cut off the unlikely.
func (s *scan) followAll() {
	var files []string
	for f, src := range s.program.sources {
		for _, word := range [...]string{"fastapi", "FastAPI", "starlette", "uvicorn", "_app(", "_application("} {
			if !aside(f) && strings.Contains(src, word) {
				files = append(files, f)
				break
			}
		}
	}
	slices.SortFunc(files, func(a, b string) int {
		return cmp.Or(strings.Count(a, "/")-strings.Count(b, "/"), cmp.Compare(a, b))
	})
	for _, f := range files {
		s.program.follow(s.program.module(f))
	}
}

// defined returns the applications that modules make at their top level.
func (s *scan) defined() []*candidate {
	var all []*candidate
	for file, m := range s.program.modules {
		if m.file == "" || aside(file) {
			continue
		}
		for name, v := range m.names {
			app, ok := v.(*instance)
			if !ok || !app.kind.isApp() || m.from[name].imported {
				continue
			}
			if app.kind == starlette && !servesFastAPI(app, 0) {
				continue
			}
			c := &candidate{file: file, attr: name, line: m.from[name].line, app: app}
			c.base = s.base(file)
			c.evidence = evidence(file, c.line)
			c.rank = rank(c)
			all = append(all, c)
		}
	}
	return all
}

// servesFastAPI reports whether a FastAPI application is mounted somewhere below.
func servesFastAPI(x *instance, depth int) bool {
	if x.kind == fastAPI {
		return true
	}
	for _, op := range x.ops {
		if op.target != nil && depth < mostNested && servesFastAPI(op.target, depth+1) {
			return true
		}
	}
	return false
}

var likelyFile = map[string]int{
	"main": 30, "app": 25, "asgi": 25, "server": 20, "api": 18, "application": 18, "__main__": 16, "index": 15,
	"__init__": 15, "web": 14, "service": 14, "run": 12, "wsgi": 12,
}

var likelyAttr = map[string]int{"app": 8, "application": 6, "api": 6, "APP": 6}

// rank orders candidates that no command names.
func rank(c *candidate) int {
	r := likelyFile[strings.TrimSuffix(path.Base(c.file), ".py")] + likelyAttr[c.attr]
	r -= 4 * strings.Count(c.file, "/")
	if c.app != nil && len(c.app.ops) == 0 {
		r -= 12 // without routes it is hardly the service
	}
	if c.app != nil && c.app.mounted {
		r -= 40
	}
	return r
}

// factories returns the functions that return an application and can be
// called without arguments.
func (s *scan) factories() []*candidate {
	var all []*candidate
	for file, m := range s.program.modules {
		if m.file == "" || aside(file) {
			continue
		}
		for name, v := range m.names {
			fn, ok := v.(*function)
			if !ok || m.from[name].imported || strings.HasPrefix(name, "_") || !s.makesApp(fn) {
				continue
			}
			app, _ := s.program.apply(fn, nil, nil, nil).(*instance)
			if app == nil || !app.kind.isApp() {
				continue
			}
			c := &candidate{file: file, attr: name, line: fn.def.Line, app: app, factory: true, base: s.base(file)}
			c.evidence = evidence(file, c.line)
			c.rank = rank(c)
			if strings.HasPrefix(name, "create_app") || strings.HasPrefix(name, "get_app") || strings.HasPrefix(name, "make_app") || strings.HasPrefix(name, "build_app") {
				c.rank += 10
			}
			all = append(all, c)
		}
	}
	return all
}

// makesApp reports whether a function looks as if it returned an application,
// so that others are not followed: they could add routes where none belong.
func (s *scan) makesApp(fn *function) bool {
	for _, q := range fn.def.Params {
		if q.Default == nil && !q.Star {
			return false
		}
	}
	f := &frame{module: fn.module, names: map[string]value{}}
	if x, ok := s.program.eval(fn.def.Returns, f).(external); ok && made(x).isApp() {
		return true
	}
	if c, ok := s.program.eval(fn.def.Returns, f).(*class); ok && c.kind.isApp() {
		return true
	}
	found := false
	eachCall(fn.def.Body, 0, func(call *python.Expr) {
		if name := call.X.Dotted(); name == "FastAPI" || name == "fastapi.FastAPI" {
			found = true
		}
	})
	return found && returnsSomething(fn.def.Body, 0)
}

func returnsSomething(body []*python.Stmt, depth int) bool {
	for _, st := range body {
		if st.Kind == python.Return && st.Value != nil {
			return true
		}
		if depth < 20 && st.Kind != python.Def && st.Kind != python.Class &&
			(returnsSomething(st.Body, depth+1) || returnsSomething(st.Else, depth+1)) {
			return true
		}
	}
	return false
}

// resolveStart finds what a command starts in the source, or nil.
func (s *scan) resolveStart(st start, cmd command) *candidate {
	if st.module == "" {
		return s.resolveFile(st, cmd)
	}
	for _, base := range s.bases(st, cmd) {
		m := s.program.below(base, st.module)
		if m == nil || m.file == "" {
			continue
		}
		if c := s.named(m, st.attr, st.factory); c != nil {
			c.evidence, c.weight = cmd.evidence, cmd.weight
			c.base, c.exact = s.baseFor(c.file, base)
			return c
		}
	}
	return nil
}

// bases returns the folders from which a command's module may be imported.
func (s *scan) bases(st start, cmd command) []string {
	var all []string
	add := func(dir string) {
		dir = path.Clean(strings.TrimPrefix(dir, "/"))
		if !slices.Contains(all, dir) && s.tree.dirs[dir] {
			all = append(all, dir)
		}
	}
	from := cmd.dir
	if from == "" {
		from = "."
	}
	if st.appDir != "" {
		add(path.Join(from, st.appDir))
		for dir := strings.Trim(st.appDir, "/"); dir != ""; {
			add(dir)
			_, rest, ok := strings.Cut(dir, "/")
			if !ok {
				break
			}
			dir = rest
		}
	}
	add(".")
	add(from)
	add("src")
	if cmd.file != "" {
		for dir := path.Dir(cmd.file); dir != "."; dir = path.Dir(dir) {
			add(dir)
		}
	}
	fixed := len(all)
	end := "/" + strings.ReplaceAll(st.module, ".", "/")
	for _, f := range slices.Concat(s.tree.named(path.Base(end)+".py"), s.tree.named("__init__.py")) {
		dir, ok := strings.CutSuffix(f, end+".py")
		if !ok {
			dir, ok = strings.CutSuffix(f, end+"/__init__.py")
		}
		if ok && !aside(f) && len(all) < 40 {
			add(dir)
		}
	}
	slices.SortStableFunc(all[fixed:], func(a, b string) int {
		return cmp.Or(strings.Count(a, "/")-strings.Count(b, "/"), cmp.Compare(a, b))
	})
	return all
}

// named returns the application or factory that a module has under a name.
func (s *scan) named(m *module, attr string, factory bool) *candidate {
	s.program.follow(m)
	switch v := s.program.get(m, attr).(type) {
	case *instance:
		if !v.kind.isApp() {
			return nil
		}
		c := &candidate{file: m.file, attr: attr, line: m.from[attr].line, app: v}
		c.rank = rank(c)
		return c
	case *function:
		app, _ := s.program.apply(v, nil, nil, nil).(*instance)
		if (app == nil || !app.kind.isApp()) && !(factory && s.saysFastAPI(v)) {
			return nil
		}
		c := &candidate{file: m.file, attr: attr, line: v.def.Line, app: app, factory: true}
		c.rank = rank(c)
		return c
	}
	return nil
}

// saysFastAPI reports whether a function is annotated to return FastAPI: how
// it makes the application need not be plain then.
func (s *scan) saysFastAPI(fn *function) bool {
	name := fn.def.Returns.Dotted()
	return name == "FastAPI" || strings.HasSuffix(name, ".FastAPI")
}

// resolveFile finds what `fastapi run path` serves: a file, or the one that
// the command looks for in a folder.
func (s *scan) resolveFile(st start, cmd command) *candidate {
	file := s.inTree(st.file, cmd)
	if file == "" {
		return nil
	}
	m := s.program.module(file)
	s.program.follow(m)
	attrs := []string{st.attr}
	if st.attr == "" {
		attrs = []string{"app", "api"}
		var others []string
		for name := range m.names {
			others = append(others, name)
		}
		slices.Sort(others)
		attrs = append(attrs, others...)
	}
	for _, attr := range attrs {
		if v, ok := s.program.get(m, attr).(*instance); !ok || v.kind != fastAPI {
			continue
		}
		c := s.named(m, attr, false)
		c.evidence, c.weight = cmd.evidence, cmd.weight
		c.base, c.exact = s.base(file), true
		return c
	}
	return nil
}

// inTree finds the file that a path in a command means: in the image it may
// stand below another folder than here.
func (s *scan) inTree(file string, cmd command) string {
	rest := path.Clean(strings.TrimPrefix(file, "/"))
	for range 6 {
		for _, dir := range []string{".", cmd.dir, path.Dir(cmd.file), "src"} {
			at := path.Join(".", dir, rest)
			if strings.HasSuffix(at, ".py") && s.tree.has(at) {
				return at
			}
			if s.tree.dirs[at] && !strings.HasPrefix(at, "..") {
				for _, name := range [...]string{"main.py", "app.py", "api.py", "app/main.py", "app/app.py", "app/api.py"} {
					if f := path.Join(at, name); s.tree.has(f) {
						return f
					}
				}
			}
		}
		_, after, ok := strings.Cut(rest, "/")
		if !ok {
			break
		}
		rest = after
	}
	// A service in a folder of its own: the path is below that folder.
	rest = path.Clean(strings.TrimPrefix(file, "/"))
	var found []string
	for _, f := range s.tree.named(path.Base(rest)) {
		if strings.HasSuffix(f, "/"+rest) && strings.HasSuffix(f, ".py") && !aside(f) {
			found = append(found, f)
		}
	}
	if len(found) == 1 {
		return found[0]
	}
	return ""
}

var identifierPath = pattern(`^[A-Za-z_]\w*(/[A-Za-z_]\w*)*\.py$`)

// base returns the folder from which a module is imported, as the absolute
// imports in it and its neighbours tell; the project's own where they do not.
func (s *scan) base(file string) string {
	base, _ := s.baseFor(file, "")
	return base
}

// baseFor is base with a hint: the folder from which a command's import
// string resolves. exact tells that it is the project's own.
func (s *scan) baseFor(file, hint string) (base string, exact bool) {
	votes := s.votes(file)
	best, most := "", 0
	for _, dir := range s.basesOf(file) {
		if s.importable(file, dir) && votes[dir] > most {
			best, most = dir, votes[dir]
		}
	}
	switch {
	case hint != "" && s.importable(file, hint) && (most == 0 || votes[hint] > 0):
		return hint, hint == "."
	case most > 0:
		return best, false
	case strings.HasPrefix(file, "src/") && strings.Count(file, "/") > 1 && s.packaged() && s.importable(file, "src"):
		return "src", false
	}
	for _, dir := range s.basesOf(file) {
		if s.importable(file, dir) {
			return dir, false
		}
	}
	return path.Dir(file), false
}

// importable reports whether the file has a module name seen from a folder.
func (s *scan) importable(file, dir string) bool {
	rest := file
	if dir != "." {
		var ok bool
		if rest, ok = strings.CutPrefix(file, dir+"/"); !ok {
			return false
		}
	}
	return identifierPath().MatchString(rest) && rest != "__init__.py"
}

// votes counts, for each folder above a file, the absolute imports in it that
// resolve from there; where it has none, those of the files beside and below.
func (s *scan) votes(file string) map[string]int {
	if votes, ok := s.voted[file]; ok {
		return votes
	}
	votes := map[string]int{}
	s.voted[file] = votes
	s.vote(file, votes)
	if len(votes) > 0 {
		return votes
	}
	dir := path.Dir(file) + "/"
	n := 0
	for _, f := range s.tree.files {
		if strings.HasSuffix(f, ".py") && (dir == "./" && !strings.Contains(f, "/") || dir != "./" && strings.HasPrefix(f, dir)) && f != file && !aside(f) {
			if n++; n > 60 {
				break
			}
			s.vote(f, votes)
		}
	}
	return votes
}

func (s *scan) vote(file string, votes map[string]int) {
	m := s.program.module(file)
	s.program.follow(m)
	bases := s.basesOf(file)
	eachImport(m.body, 0, func(dotted string) {
		if standard[dotted] {
			return // a file of this name beside would be hidden by it
		}
		for _, base := range bases {
			if to := s.program.below(base, dotted); to != nil && (to.file != "" && to.file != file || to.file == "" && s.hasPython(to.dir)) {
				votes[base]++
			}
		}
	})
}

// standard are modules of the standard library after which projects name
// files of their own.
var standard = map[string]bool{
	"abc": true, "ast": true, "asyncio": true, "calendar": true, "cmd": true, "code": true, "codecs": true,
	"collections": true, "concurrent": true, "copy": true, "csv": true, "dataclasses": true, "datetime": true,
	"email": true, "enum": true, "errno": true, "graphlib": true, "hashlib": true, "html": true, "http": true,
	"importlib": true, "inspect": true, "io": true, "json": true, "locale": true, "logging": true, "mailbox": true,
	"numbers": true, "operator": true, "parser": true, "platform": true, "profile": true, "queue": true,
	"random": true, "re": true, "resource": true, "sched": true, "secrets": true, "select": true, "signal": true,
	"site": true, "socket": true, "sqlite3": true, "ssl": true, "statistics": true, "string": true, "sys": true,
	"test": true, "token": true, "tokenize": true, "trace": true, "types": true, "typing": true, "uuid": true,
	"warnings": true, "wave": true, "xml": true, "zipfile": true,
}

// basesOf returns the folders from which a file may be imported, "." first:
// a relative import reaches up only inside the package.
func (s *scan) basesOf(file string) []string {
	all := above(path.Dir(file))
	m := s.program.module(file)
	s.program.follow(m)
	level := 0
	eachStmt(m.body, 0, func(st *python.Stmt) {
		if st.Kind == python.From {
			level = max(level, st.Level)
		}
	})
	return all[:max(1, len(all)-level)]
}

// hasPython reports whether a folder directly holds Python files.
func (s *scan) hasPython(dir string) bool {
	if s.pythonDirs == nil {
		s.pythonDirs = map[string]bool{}
		for _, f := range s.tree.files {
			if strings.HasSuffix(f, ".py") {
				s.pythonDirs[path.Dir(f)] = true
			}
		}
	}
	return s.pythonDirs[dir]
}

func eachImport(body []*python.Stmt, depth int, do func(dotted string)) {
	eachStmt(body, depth, func(st *python.Stmt) {
		switch {
		case st.Kind == python.Import:
			for _, a := range st.Names {
				do(a.Name)
			}
		case st.Kind == python.From && st.Level == 0:
			do(st.Module)
		}
	})
}

// eachStmt visits every statement, however deep.
func eachStmt(body []*python.Stmt, depth int, do func(*python.Stmt)) {
	if depth > 100 {
		return
	}
	for _, st := range body {
		do(st)
		eachStmt(st.Body, depth+1, do)
		eachStmt(st.Else, depth+1, do)
	}
}

// appDir returns the folder that has to be put on the import path: none where
// the module is imported from the project itself, or its package is installed.
func (s *scan) appDir(c *candidate) string {
	if c.base == "." || c.base == "src" && s.installed() {
		return ""
	}
	if s.manifest != nil && s.manifest.lock != nil {
		// A member of the workspace that the lock installs.
		for _, dir := range [...]string{c.base, path.Dir(c.base)} {
			if name, ok := s.manifest.lock.members[dir]; ok {
				if _, ok := s.manifest.packages[name]; ok {
					return ""
				}
			}
		}
	}
	return c.base
}
