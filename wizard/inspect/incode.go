package inspect

import (
	"path"
	"slices"
	"strings"

	"github.com/davit-cli/davit/wizard/inspect/python"
)

// servedInCode finds uvicorn.run(…) and uvicorn.Config(…) in the source.
func (p *program) servedInCode() []command {
	var all []command
	files := make([]string, 0, len(p.sources))
	for f, src := range p.sources {
		if strings.Contains(src, "uvicorn") && !p.tree.aside(f) {
			files = append(files, f)
		}
	}
	slices.Sort(files)
	for _, f := range files {
		m := p.module(f)
		p.follow(m)
		eachCall(m.body, 0, func(call *python.Expr) {
			switch call.X.Dotted() {
			case "uvicorn.run", "uvicorn.Config", "Config":
			default:
				return
			}
			app := call.Arg("app", 0)
			if app == nil {
				return
			}
			fr := &frame{module: m, names: map[string]value{}}
			words := []string{"uvicorn"}
			dir := path.Dir(f)
			object := false
			if t, ok := p.eval(app, fr).(*text); ok {
				words = append(words, t.s)
			} else if name := app.Dotted(); name != "" && !strings.Contains(name, ".") {
				words = append(words, strings.TrimSuffix(path.Base(f), ".py")+":"+name)
				object = true
			} else {
				return
			}
			if n, ok := p.eval(call.Arg("port", -1), fr).(*number); ok {
				words = append(words, "--port", n.n)
			}
			if a := call.Arg("factory", -1); a != nil && a.Text == "True" {
				words = append(words, "--factory")
			}
			all = append(all, command{evidence(f, call.Line), f, words, dir, inCode - 2*strings.Count(f, "/"), object})
		})
	}
	return all
}

// eachCall visits every call in the statements, however deep.
func eachCall(body []*python.Stmt, depth int, do func(*python.Expr)) {
	if depth > 100 {
		return
	}
	for _, s := range body {
		inExpr(s.Value, 0, do)
		for _, a := range s.Args {
			inExpr(a.Value, 0, do)
		}
		eachCall(s.Body, depth+1, do)
		eachCall(s.Else, depth+1, do)
	}
}

func inExpr(e *python.Expr, depth int, do func(*python.Expr)) {
	if e == nil || depth > 100 {
		return
	}
	if e.Kind == python.Call {
		do(e)
	}
	inExpr(e.X, depth+1, do)
	for _, a := range e.Args {
		inExpr(a.Value, depth+1, do)
	}
}
