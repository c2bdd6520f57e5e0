package inspect

import (
	"slices"
	"strings"

	"github.com/davit-cli/davit/wizard/inspect/python"
)

// frame is where statements run: a module, or a call of a function.
type frame struct {
	module *module
	names  map[string]value
	outer  map[string]value // names of the function around, nil in a module
	top    bool             // names are the module's
	result value            // what return gave
	done   bool             // a return was certain
}

// run follows statements in their order.
func (p *program) run(body []*python.Stmt, f *frame) {
	for _, s := range body {
		if p.steps++; p.steps > mostSteps {
			return
		}
		p.statement(s, f)
		if f.done {
			return
		}
	}
}

func (p *program) statement(s *python.Stmt, f *frame) {
	switch s.Kind {
	case python.Import:
		p.doImport(s, f)
	case python.From:
		p.doFrom(s, f)
	case python.Assign:
		if s.Value == nil {
			return
		}
		v := p.eval(s.Value, f)
		for _, target := range s.Targets {
			p.bind(target, v, s, f)
		}
	case python.Def:
		fn := &function{def: s, module: f.module}
		if !f.top {
			fn.outer = f.names
		}
		f.set(s.Name, fn, s.Line, false)
		for _, d := range s.Decorators {
			p.decorate(d, fn, f)
		}
	case python.Class:
		f.set(s.Name, p.class(s, f), s.Line, false)
	case python.If:
		p.branch(s, f)
	case python.For:
		p.loop(s, f)
	case python.With:
		for _, a := range s.Args {
			v := p.eval(a.Value, f)
			if a.Name != "" {
				f.set(a.Name, v, s.Line, false)
			}
		}
		p.run(s.Body, f)
	case python.Block:
		p.run(s.Body, f)
	case python.Return:
		p.giveBack(s, f)
	case python.Do:
		p.eval(s.Value, f)
	}
}

func (f *frame) set(name string, v value, line int, imported bool) {
	f.names[name] = v
	if f.top {
		f.module.from[name] = origin{line, imported}
	}
}

// giveBack records what a function returns. An application wins over what
// other branches return; only an unconditional return ends the call.
func (p *program) giveBack(s *python.Stmt, f *frame) {
	if f.top {
		return
	}
	if s.Value != nil {
		v := p.eval(s.Value, f)
		if old, ok := f.result.(*instance); !ok || !old.kind.isApp() {
			f.result = v
		}
	}
	f.done = p.maybe == 0
}

func (p *program) branch(s *python.Stmt, f *frame) {
	// What runs only as a script is not there for a server.
	if c := condition(s.Value); c == scriptOnly {
		p.run(s.Else, f)
		return
	} else if c == whenImported {
		p.run(s.Body, f)
		return
	}
	p.maybe++
	p.run(s.Body, f)
	p.run(s.Else, f)
	p.maybe--
}

const (
	scriptOnly   = "=="
	whenImported = "!="
)

// condition recognises comparisons of __name__ with "__main__".
func condition(e *python.Expr) string {
	if e == nil || len(e.Args) != 2 || e.Kind != python.Unknown {
		return ""
	}
	left, right := e.Args[0].Value, e.Args[1].Value
	if right.Kind == python.Name {
		left, right = right, left
	}
	if left.Text == "__name__" && left.Kind == python.Name && right.Kind == python.Str && right.Text == "__main__" {
		return e.Text
	}
	return ""
}

// loop runs the body once for each element that is known, else once.
func (p *program) loop(s *python.Stmt, f *frame) {
	v := p.eval(s.Value, f)
	if d, ok := v.(dict); ok {
		v = d.part("keys")
	}
	elements, ok := v.(list)
	if !ok || len(elements) > 200 {
		p.maybe++
		p.run(s.Body, f)
		p.maybe--
		return
	}
	for _, v := range elements {
		p.bind(s.Targets[0], v, s, f)
		p.run(s.Body, f)
		if f.done {
			return
		}
	}
}

// part returns what d.items(), d.keys() or d.values() gives.
func (d dict) part(method string) value {
	all := make(list, len(d))
	for i, e := range d {
		switch method {
		case "items":
			all[i] = list{e.key, e.value}
		case "keys":
			all[i] = e.key
		case "values":
			all[i] = e.value
		default:
			return nil
		}
	}
	return all
}

// bind gives a value to a name, an attribute, or a list of them.
func (p *program) bind(target *python.Expr, v value, s *python.Stmt, f *frame) {
	switch target.Kind {
	case python.Name:
		if old, ok := f.names[target.Text].(*instance); ok && old.kind.isApp() && v == nil {
			return // app = something_around(app): still the application, as far as we know
		}
		f.set(target.Text, v, s.Line, false)
	case python.Attr:
		if x, ok := p.eval(target.X, f).(*instance); ok && v != nil {
			if x.names == nil {
				x.names = map[string]value{}
			}
			x.names[target.Text] = v
		}
	case python.List:
		values, _ := v.(list)
		for i, t := range target.Args {
			var part value
			if i < len(values) && len(values) == len(target.Args) {
				part = values[i]
			}
			p.bind(t.Value, part, s, f)
		}
	}
}

// lookup finds what a name means in a frame.
func (p *program) lookup(name string, f *frame) value {
	if v, ok := f.names[name]; ok {
		return p.force(v)
	}
	if v, ok := f.outer[name]; ok {
		return p.force(v)
	}
	if v, ok := f.module.names[name]; ok {
		return p.force(v)
	}
	return nil
}

// eval returns what an expression gives, and does what its calls do.
func (p *program) eval(e *python.Expr, f *frame) value {
	if e == nil {
		return nil
	}
	switch e.Kind {
	case python.Name:
		return p.lookup(e.Text, f)
	case python.Attr:
		return p.attribute(p.eval(e.X, f), e.Text)
	case python.Str:
		return &text{e.Text, true}
	case python.Number:
		return &number{e.Text, true}
	case python.List:
		all := make(list, 0, len(e.Args))
		for _, a := range e.Args {
			v := p.eval(a.Value, f)
			if part, ok := v.(list); ok && a.Star {
				all = append(all, part...)
				continue
			}
			all = append(all, v)
		}
		if len(all) > mostElements {
			return nil
		}
		return all
	case python.Format, python.Add:
		return p.join(e, f)
	case python.Choice:
		p.maybe++
		defer func() { p.maybe-- }()
		v := p.eval(e.Args[0].Value, f)
		if len(e.Args) > 2 {
			if other := p.eval(e.Args[2].Value, f); !isApp(v) && isApp(other) {
				return other
			}
		}
		if isApp(v) {
			return v
		}
		return soften(v)
	case python.Call:
		return p.call(e, f)
	case python.Dict:
		var d dict
		for i := 0; i+1 < len(e.Args); i += 2 {
			d = append(d, entry{p.eval(e.Args[i].Value, f), p.eval(e.Args[i+1].Value, f)})
		}
		return d
	case python.Unknown, python.Subscript:
		p.eval(e.X, f)
		var app value
		for _, a := range e.Args {
			if v := p.eval(a.Value, f); isApp(v) {
				app = v
			}
		}
		if e.Kind == python.Unknown {
			return app // x or FastAPI()
		}
	}
	return nil
}

func isApp(v value) bool {
	i, ok := v.(*instance)
	return ok && i.kind.isApp()
}

// soften returns a string or number as one that may be another in fact.
func soften(v value) value {
	switch v := v.(type) {
	case *text:
		return &text{v.s, false}
	case *number:
		return &number{v.n, false}
	}
	return nil
}

// join returns the strings of an f-string or a sum put together, lists too.
func (p *program) join(e *python.Expr, f *frame) value {
	var b strings.Builder
	sure, known := true, true
	var all list
	for _, a := range e.Args {
		switch v := p.eval(a.Value, f).(type) {
		case *text:
			b.WriteString(v.s)
			sure = sure && v.sure
		case list:
			all = append(all, v...)
			known = false
		default:
			known = false
		}
	}
	if all != nil && len(all) <= mostElements {
		return all
	}
	if !known || b.Len() > 4000 {
		return nil
	}
	return &text{b.String(), sure}
}

// attribute returns what x.name means.
func (p *program) attribute(x value, name string) value {
	switch x := x.(type) {
	case external:
		return external(string(x) + "." + name)
	case *module:
		return p.get(x, name)
	case *class:
		return p.classAttribute(x, name)
	case *instance:
		if v, ok := x.names[name]; ok {
			return p.force(v)
		}
		if name == "router" && x.kind.isApp() {
			return x // an application's router is where its routes are
		}
		if x.class != nil {
			v := p.classAttribute(x.class, name)
			if fn, ok := v.(*function); ok {
				return &function{def: fn.def, module: fn.module, self: x}
			}
			return v
		}
	}
	return nil
}

// apply runs a function of the project. e and args are nil where it is called
// without arguments, as a server calls a factory.
func (p *program) apply(fn *function, e *python.Expr, args []value, f *frame) value {
	if p.calls >= mostCalls || p.steps > mostSteps {
		return nil
	}
	p.calls++
	defer func() { p.calls-- }()
	inner := &frame{module: fn.module, names: map[string]value{}, outer: fn.outer}
	params := fn.def.Params
	if fn.self != nil && len(params) > 0 {
		inner.names[params[0].Name] = fn.self
		params = params[1:]
	}
	place := 0
	for _, q := range params {
		if q.Star {
			continue
		}
		var v value
		if e != nil {
			if arg := keyword(e, q.Name); arg >= 0 {
				v = args[arg]
			} else if place < len(e.Args) && e.Args[place].Name == "" && !e.Args[place].Star {
				v = args[place]
			} else if q.Default != nil {
				v = p.eval(q.Default, &frame{module: fn.module, names: map[string]value{}, outer: fn.outer})
			}
		} else if q.Default != nil {
			v = p.eval(q.Default, &frame{module: fn.module, names: map[string]value{}, outer: fn.outer})
		}
		inner.names[q.Name] = v
		place++
	}
	p.follow(fn.module)
	p.run(fn.def.Body, inner)
	if app, ok := inner.result.(*instance); ok && app.kind.isApp() {
		app.maker = fn.def
	}
	return inner.result
}

func keyword(e *python.Expr, name string) int {
	return slices.IndexFunc(e.Args, func(a python.Arg) bool { return a.Name == name })
}
