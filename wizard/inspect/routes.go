package inspect

import (
	"strings"

	"github.com/davit-cli/davit/wizard/inspect/python"
)

// route is one GET route of an application with its whole path.
type route struct {
	path string
	file string
	line int
	sure bool // the path and that it answers everybody are plain from the source
	open bool // that it answers everybody is, where the path is the one that it has by default
}

const (
	mostRoutes = 5000
	mostNested = 20
)

// routes returns the GET routes of an application whose paths are known.
func (p *program) routes(app *instance) []route {
	c := &collector{program: p}
	c.collect(app, "", true, true, 0)
	return c.found
}

type collector struct {
	program *program
	found   []route
}

func (c *collector) collect(x *instance, prefix string, sure, open bool, depth int) {
	if depth > mostNested {
		return
	}
	sure, open = sure && !x.guarded, open && !x.guarded
	for _, s := range x.ops {
		if len(c.found) == mostRoutes {
			return
		}
		own, ok := s.path.(*text)
		if !ok {
			continue
		}
		stepSure, stepOpen := sure && own.sure && !s.maybe && !s.guarded, open && !s.guarded
		if s.target == nil {
			if s.get && s.answers {
				path := prefix + own.s
				answers := s.handler != nil && c.program.open(s.handler)
				c.found = append(c.found, route{path, s.file, s.line, stepSure && answers && !s.unsure, stepOpen && answers && !s.unsure})
			}
			continue
		}
		path := prefix + strings.TrimSuffix(own.s, "/")
		if s.target.kind == router {
			its, ok := s.target.prefix.(*text)
			if !ok {
				continue
			}
			path += its.s
			stepSure = stepSure && its.sure
		}
		if s.target != x {
			c.collect(s.target, path, stepSure, stepOpen, depth+1)
		}
	}
}

var (
	// names of dependencies that may refuse a request
	refuses = pattern(`(?i)auth|user|token|login|secur|permission|api_?key|verify|require|role|admin|access|credential|jwt|bearer|limit|principal|session_id|tenant|account|member|header|check`)
	// types that FastAPI fills without asking the client
	given = pattern(`(^|\.)(Request|Response|BackgroundTasks|WebSocket|HTTPConnection|SecurityScopes|AsyncSession|Session|Settings|[A-Za-z]*(Dep|Depends|Dependency|Service|Repository|Client|Connection|Database|Engine))$`)
)

// guards reports whether a list of dependencies may refuse a request. Only
// ones whose names say something else are let through.
func (p *program) guards(e *python.Expr, f *frame) bool {
	if e.Kind != python.List {
		return true
	}
	for _, a := range e.Args {
		if a.Star || a.Value.Kind != python.Call {
			return true
		}
		dependency := a.Value.Arg("dependency", 0)
		if dependency == nil || strings.HasSuffix(a.Value.X.Dotted(), "Security") {
			return true
		}
		if name := dependency.Dotted(); name == "" || refuses().MatchString(name) {
			return true
		}
	}
	return false
}

// open reports whether a handler answers a request without parameters, from
// anybody, as far as its signature tells.
func (p *program) open(fn *function) bool {
	for _, q := range fn.def.Params {
		if q.Star || q.Name == "self" {
			continue
		}
		if refuses().MatchString(q.Name) && q.Name != "session" {
			if q.Default == nil || q.Default.Kind == python.Call {
				return false
			}
		}
		if !p.openParam(q) {
			return false
		}
	}
	return true
}

func (p *program) openParam(q python.Param) bool {
	a := q.Annotation
	if a != nil && a.Kind == python.Subscript && strings.HasSuffix(a.X.Dotted(), "Annotated") {
		for _, part := range a.Args[1:] {
			if v := part.Value; v.Kind == python.Call {
				return openDefault(v)
			}
		}
		return q.Default != nil
	}
	if q.Default != nil {
		return q.Default.Kind != python.Call || openDefault(q.Default)
	}
	return a != nil && given().MatchString(a.Dotted()) && !refuses().MatchString(a.Dotted())
}

// openDefault judges Depends(…), Query(…), Header(…) and their like.
func openDefault(call *python.Expr) bool {
	callee := call.X.Dotted()
	name := callee[strings.LastIndexByte(callee, '.')+1:]
	switch name {
	case "Depends":
		dependency := call.Arg("dependency", 0)
		if dependency == nil {
			return true // Depends() of the annotated class
		}
		if dependency.Kind == python.Call {
			dependency = dependency.X
		}
		d := dependency.Dotted()
		return d != "" && !refuses().MatchString(d)
	case "Query", "Header", "Cookie":
		d := call.Arg("default", 0)
		return d != nil && d.Text != "..."
	}
	return false
}
