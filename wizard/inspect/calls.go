package inspect

import (
	"slices"
	"strings"

	"github.com/davit-cli/davit/wizard/inspect/python"
)

// made tells what calling an installed class gives.
func made(callee external) kind {
	pkg, _, _ := strings.Cut(string(callee), ".")
	name := string(callee[strings.LastIndexByte(string(callee), '.')+1:])
	switch pkg {
	case "fastapi":
		switch name {
		case "FastAPI":
			return fastAPI
		case "APIRouter":
			return router
		}
		return object
	case "starlette":
		switch name {
		case "Starlette":
			return starlette
		case "Router":
			return router
		}
	case "fastapi_offline":
		if name == "FastAPIOffline" {
			return fastAPI
		}
	case "fastapi_utils", "fastapi_restful":
		if name == "InferringRouter" {
			return router
		}
	case "typer", "celery", "faststream", "flask", "dash", "arq", "taskiq", "rq", "quart", "sanic", "litestar":
		return opaque
	}
	return object
}

// around reports whether an installed class or function makes an ASGI
// application of the one that it is given.
func around(callee external) bool {
	name := string(callee[strings.LastIndexByte(string(callee), '.')+1:])
	return strings.HasSuffix(name, "Middleware") || strings.HasSuffix(name, "ASGIApp") || name == "mount_gradio_app"
}

// verbs are the decorators that make a route.
var verbs = map[string]bool{
	"get": true, "post": true, "put": true, "delete": true, "patch": true, "head": true, "options": true,
	"trace": true, "api_route": true, "route": true, "websocket": true,
}

// call evaluates a call, and does what it does to an application or a router.
func (p *program) call(e *python.Expr, f *frame) value {
	if p.steps++; p.steps > mostSteps {
		return nil
	}
	var callee value
	if e.X.Kind == python.Attr {
		if e.X.X.Kind == python.Call && e.X.X.X.Dotted() == "super" && e.X.Text == "__init__" {
			p.superInit(e, f)
			return nil
		}
		on := p.eval(e.X.X, f) // once: calls stand on calls
		switch x := on.(type) {
		case *instance:
			if _, own := x.names[e.X.Text]; !own && (x.kind.isApp() || x.kind == router) && p.method(x, e, f) {
				return nil
			}
		case dict:
			return x.part(e.X.Text)
		}
		callee = p.attribute(on, e.X.Text)
	} else {
		callee = p.eval(e.X, f)
	}
	args := make([]value, len(e.Args))
	for i, a := range e.Args {
		args[i] = p.eval(a.Value, f)
	}
	switch c := callee.(type) {
	case external:
		return p.callExternal(c, e, args, f)
	case *function:
		return p.apply(c, e, args, f)
	case *class:
		return p.instantiate(c, e, args, f)
	}
	return nil
}

func (p *program) callExternal(callee external, e *python.Expr, args []value, f *frame) value {
	switch k := made(callee); k {
	case fastAPI, starlette, router:
		i := &instance{kind: k, file: f.module.file, line: e.Line, prefix: &text{"", true}}
		p.configure(i, e, f)
		return i
	case opaque:
		return &instance{kind: opaque, file: f.module.file, line: e.Line}
	}
	switch string(callee) {
	case "os.getenv", "os.environ.get", "decouple.config", "starlette.config.Config":
		for i := len(args) - 1; i > 0; i-- {
			if s := soften(args[i]); s != nil {
				return s
			}
		}
		return nil
	case "functools.partial", "typing.cast":
		if len(args) > 1 && isApp(args[1]) {
			return args[1]
		}
		return nil
	}
	if around(callee) {
		for _, v := range args {
			if inner, ok := v.(*instance); ok && inner.kind.isApp() {
				if strings.HasSuffix(string(callee), "mount_gradio_app") {
					return inner
				}
				w := &instance{kind: wrapper, file: f.module.file, line: e.Line}
				w.ops = []step{{target: inner, path: &text{"", true}, file: w.file, line: e.Line}}
				inner.mounted = true
				return w
			}
		}
	}
	return nil
}

// configure reads the arguments with which an application or a router is made.
func (p *program) configure(i *instance, e *python.Expr, f *frame) {
	for _, a := range e.Args {
		if a.Star && a.Value != nil {
			i.prefix = nil // **options may hold any of the arguments below
		}
	}
	if i.kind == router {
		if x := e.Arg("prefix", -1); x != nil {
			i.prefix = p.eval(x, f)
		}
	}
	if e.Arg("dependencies", -1) != nil {
		i.guarded = p.guards(e.Arg("dependencies", -1), f)
	}
	if x := e.Arg("routes", 0); x != nil && i.kind == starlette && x.Kind == python.List {
		for _, a := range x.Args {
			if a.Value.Kind == python.Call && strings.HasSuffix(a.Value.X.Dotted(), "Mount") {
				p.mount(i, a.Value, f)
			}
		}
	}
}

// instantiate makes an object of a class of the project.
func (p *program) instantiate(c *class, e *python.Expr, args []value, f *frame) value {
	i := &instance{kind: c.kind, class: c, file: f.module.file, line: e.Line, names: map[string]value{}}
	if c.kind != object {
		i.prefix = &text{"", true}
		p.configure(i, e, f)
	}
	if init, ok := p.classAttribute(c, "__init__").(*function); ok {
		p.apply(&function{def: init.def, module: init.module, self: i}, e, args, f)
	} else if c.soft {
		for n, a := range e.Args {
			if a.Name != "" {
				i.names[a.Name] = args[n]
			}
		}
	}
	if made, ok := p.classAttribute(c, "__new__").(*function); ok {
		if v := p.apply(&function{def: made.def, module: made.module, self: i}, e, args, f); isApp(v) {
			return v
		}
	}
	return i
}

// superInit reads super().__init__(prefix=…) of a subclass.
func (p *program) superInit(e *python.Expr, f *frame) {
	self, ok := f.names["self"].(*instance)
	if ok && (self.kind.isApp() || self.kind == router) {
		// What *args and **kwargs pass on has been read where it was written.
		own := *e
		own.Args = slices.DeleteFunc(slices.Clone(e.Args), func(a python.Arg) bool { return a.Star })
		p.configure(self, &own, f)
	}
}

// method does what x.method(…) does to an application or a router, and
// reports whether it is one that is known.
func (p *program) method(x *instance, e *python.Expr, f *frame) bool {
	switch e.X.Text {
	case "include_router":
		target, _ := p.eval(e.Arg("router", 0), f).(*instance)
		if target == nil {
			return true
		}
		prefix := value(&text{"", true})
		if a := e.Arg("prefix", 1); a != nil {
			prefix = p.eval(a, f)
		}
		for _, a := range e.Args {
			if a.Star {
				prefix = nil
			}
		}
		deps := e.Arg("dependencies", -1)
		x.ops = append(x.ops, step{
			path: prefix, target: target, file: f.module.file, line: e.Line, maybe: p.maybe > 0,
			guarded: deps != nil && p.guards(deps, f),
		})
	case "mount":
		p.mount(x, e, f)
	case "add_api_route", "add_route":
		handler, _ := p.eval(e.Arg("endpoint", 1), f).(*function)
		if a := e.Arg("route", 1); handler == nil && a != nil {
			handler, _ = p.eval(a, f).(*function)
		}
		p.route(x, e, e.X.Text, handler, f)
	case "add_middleware", "add_exception_handler", "add_event_handler", "on_event", "middleware", "exception_handler":
		for _, a := range e.Args {
			p.eval(a.Value, f)
		}
	default:
		return verbs[e.X.Text]
	}
	return true
}

func (p *program) mount(x *instance, e *python.Expr, f *frame) {
	a := e.Arg("app", 1)
	target, _ := p.eval(a, f).(*instance)
	if target == nil || !target.kind.isApp() || target == x {
		return
	}
	target.mounted = true
	x.ops = append(x.ops, step{
		path: p.eval(e.Arg("path", 0), f), target: target, file: f.module.file, line: e.Line, maybe: p.maybe > 0,
	})
}

// decorate does what a decorator does to the function under it.
func (p *program) decorate(d *python.Expr, fn *function, f *frame) {
	if d.Kind != python.Call || d.X.Kind != python.Attr {
		return
	}
	x, ok := p.eval(d.X.X, f).(*instance)
	if ok && (x.kind.isApp() || x.kind == router) && verbs[d.X.Text] {
		p.route(x, d, d.X.Text, fn, f)
	}
}

// route records a route.
func (p *program) route(x *instance, e *python.Expr, verb string, handler *function, f *frame) {
	get := verb == "get"
	if verb == "api_route" || verb == "route" || strings.HasPrefix(verb, "add_") {
		get = true // Starlette's and add_api_route's default
		if a := e.Arg("methods", -1); a != nil {
			get = false
			methods, _ := p.eval(a, f).(list)
			for _, m := range methods {
				if t, ok := m.(*text); ok && strings.EqualFold(t.s, "GET") {
					get = true
				}
			}
		}
	}
	deps := e.Arg("dependencies", -1)
	answers := true
	if a := e.Arg("status_code", -1); a != nil {
		code, ok := p.eval(a, f).(*number)
		name := a.Dotted()
		answers = ok && (code.n == "200" || code.n == "204") || strings.HasSuffix(name, "HTTP_200_OK") || strings.HasSuffix(name, "HTTPStatus.OK") ||
			strings.HasSuffix(name, "HTTP_204_NO_CONTENT") || strings.HasSuffix(name, "HTTPStatus.NO_CONTENT")
	}
	at := e.Arg("path", 0)
	path, unsure := p.eval(at, f), false
	for _, a := range e.Args {
		if !a.Star {
			continue
		}
		if at == nil {
			path = nil // it may be among what is passed on
		}
		unsure = unsure || !harmless(p.eval(a.Value, f))
	}
	x.ops = append(x.ops, step{
		path: path, file: f.module.file, line: e.Line, get: get, handler: handler,
		maybe: p.maybe > 0, answers: answers, guarded: deps != nil && p.guards(deps, f), unsure: unsure,
	})
}

// harmless reports whether **options are known, and neither guard a route nor
// change what it answers.
func harmless(v value) bool {
	options, ok := v.(dict)
	for _, e := range options {
		key, known := e.key.(*text)
		ok = ok && known && key.s != "dependencies" && key.s != "status_code" && key.s != "methods"
	}
	return ok
}
