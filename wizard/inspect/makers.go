package inspect

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/davit-cli/davit/wizard/inspect/python"
)

// followAll follows every module that may make an application, the likely
// ones first, so that the bounds cut off the unlikely.
func (s *scan) followAll() {
	var files []string
	for f, src := range s.program.sources {
		for _, word := range [...]string{"fastapi", "FastAPI", "starlette", "uvicorn", "_app(", "_application("} {
			if !s.tree.aside(f) && strings.Contains(src, word) {
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
		if m.file == "" || s.tree.aside(file) {
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
	if c.app != nil && len(c.app.ops) == 0 && !c.app.unseen {
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
		if m.file == "" || s.tree.aside(file) {
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

// saysFastAPI reports whether a function is annotated to return FastAPI: how
// it makes the application need not be plain then.
func (s *scan) saysFastAPI(fn *function) bool {
	name := fn.def.Returns.Dotted()
	return name == "FastAPI" || strings.HasSuffix(name, ".FastAPI")
}
