package python

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// sketch writes statements in a short form that tests can compare.
func sketch(body []*Stmt) string {
	var parts []string
	for _, s := range body {
		parts = append(parts, sketchStmt(s))
	}
	return strings.Join(parts, "; ")
}

func sketchStmt(s *Stmt) string {
	block := func(head string) string {
		out := head + "{" + sketch(s.Body) + "}"
		if s.Else != nil {
			out += "else{" + sketch(s.Else) + "}"
		}
		return out
	}
	switch s.Kind {
	case Import, From:
		var names []string
		for _, a := range s.Names {
			if a.As != a.Name {
				names = append(names, a.Name+" as "+a.As)
			} else {
				names = append(names, a.Name)
			}
		}
		if s.Kind == Import {
			return "import " + strings.Join(names, ",")
		}
		return "from " + strings.Repeat(".", s.Level) + s.Module + " import " + strings.Join(names, ",")
	case Assign:
		var targets []string
		for _, t := range s.Targets {
			targets = append(targets, sketchExpr(t))
		}
		out := strings.Join(targets, "=")
		if s.Annotation != nil {
			out += ":" + sketchExpr(s.Annotation)
		}
		if s.Value != nil {
			out += "=" + sketchExpr(s.Value)
		}
		return out
	case Def:
		var params []string
		for _, q := range s.Params {
			params = append(params, q.Name)
		}
		head := "def " + s.Name + "(" + strings.Join(params, ",") + ")"
		if s.Returns != nil {
			head += "->" + sketchExpr(s.Returns)
		}
		for _, d := range s.Decorators {
			head = "@" + sketchExpr(d) + " " + head
		}
		return block(head)
	case Class:
		return block("class " + s.Name)
	case If:
		return block("if " + sketchExpr(s.Value))
	case For:
		return block("for " + sketchExpr(s.Targets[0]) + " in " + sketchExpr(s.Value))
	case With:
		return block("with")
	case Block:
		return block("")
	case Return:
		return "return " + sketchExpr(s.Value)
	case Do:
		return sketchExpr(s.Value)
	}
	return "?"
}

func sketchExpr(e *Expr) string {
	if e == nil {
		return ""
	}
	var args []string
	for _, a := range e.Args {
		out := sketchExpr(a.Value)
		if a.Star {
			out = "*" + out
		}
		if a.Name != "" {
			out = a.Name + "=" + out
		}
		args = append(args, out)
	}
	list := strings.Join(args, ",")
	switch e.Kind {
	case Name, Number:
		return e.Text
	case Attr:
		return sketchExpr(e.X) + "." + e.Text
	case Call:
		return sketchExpr(e.X) + "(" + list + ")"
	case Subscript:
		return sketchExpr(e.X) + "[" + list + "]"
	case Str:
		return fmt.Sprintf("%q", e.Text)
	case Format:
		return "f<" + list + ">"
	case List:
		return "[" + list + "]"
	case Dict:
		return "{" + list + "}"
	case Add:
		return "add(" + list + ")"
	case Choice:
		return "choice(" + list + ")"
	}
	return "?(" + list + ")"
}

func TestParse(t *testing.T) {
	tests := []struct{ name, src, want string }{
		{"an assignment", "app = FastAPI()", `app=FastAPI()`},
		{"several targets", "app = api = FastAPI()", `app=api=FastAPI()`},
		{"an annotation", "app: FastAPI = FastAPI(title='x')", `app:FastAPI=FastAPI(title="x")`},
		{"an annotation alone", "app: FastAPI", `app:FastAPI`},
		{"comments are nothing", "# app = FastAPI()\nx = 1  # app = FastAPI()", `x=1`},
		{"a docstring is one string", "\"\"\"\napp = FastAPI()\n\"\"\"\nx = 1", `"\napp = FastAPI()\n"; x=1`},
		{"a triple string with quotes inside", `s = '''it's "x" '' '''` + "\nx = 1", `s="it's \"x\" '' "; x=1`},
		{"escapes", `s = "a\"b\\"` + "\nx = 1", `s="a\"b\\"; x=1`},
		{"a raw string keeps its backslash", `s = r"\d\""` + "\nx = 1", `s="\\d\\\""; x=1`},
		{"bytes are no text", `s = b"x"`, `s=?()`},
		{"strings side by side", `s = "a" 'b'`, `s="ab"`},
		{"an f-string", `s = f"{prefix}/v{n}"`, `s=f<prefix,"/v",n>`},
		{"doubled braces", `s = f"{{x}}"`, `s=f<"{x}">`},
		{"the outer quote inside a field", `s = f"{d["a"]}/b"` + "\nx = 1", `s=f<d["a"],"/b">; x=1`},
		{"a format specification", `s = f"{n:>{width}}"` + "\nx = 1", `s=f<?()>; x=1`},
		{"a string that is never closed ends with its line", "s = 'abc\nx = 1", `s="abc"; x=1`},
		{"brackets join lines", "app = FastAPI(\n    title='x',  # why\n\n    debug=True,\n)\nx = 1", `app=FastAPI(title="x",debug=True); x=1`},
		{"a backslash joins lines", "x = \\\n    1\ny = 2", `x=1; y=2`},
		{"semicolons", "x = 1; y = 2", `x=1; y=2`},
		{"imports", "import a.b as c, d\nfrom . import e\nfrom ..f.g import (h as i,\n  j)\nfrom k import *", `import a.b as c,d; from . import e; from ..f.g import h as i,j; from k import *`},
		{"a function", "def f(a, *, b: int = 1, **k) -> FastAPI:\n    return a\nx = 1", `def f(a,,b,k)->FastAPI{return a}; x=1`},
		{"type parameters", "def f[T: int](a: T) -> T: return a", `def f(a)->T{return a}`},
		{"a decorated coroutine", "@app.get('/x')\n@other\nasync def f():\n    pass\n", `@other @app.get("/x") def f(){}`},
		{"a class", "class A(B, metaclass=C):\n    x = 1\n", `class A{x=1}`},
		{"if, elif and else", "if a:\n    x = 1\nelif b: x = 2\nelse:\n    x = 3\ny = 4", `if a{x=1}else{if b{x=2}else{x=3}}; y=4`},
		{"try and with are blocks", "try:\n  x = 1\nexcept (A, B) as e:\n  y = 2\nfinally:\n  z = 3\nwith a as b, c:\n  w = 4", `{x=1}; {y=2}; {z=3}; with{w=4}`},
		{"for", "for a, b in [1, 2]:\n  f(a)", `for [a,b] in [1,2]{f(a)}`},
		{"match has blocks", "match x:\n  case 1:\n    y = 2\nz = 3", `x?; z=3`},
		{"operators", "x = a + b * c or not d", `x=?(?(add(a,b),c),d)`},
		{"a condition", "x = A() if debug else B()", `x=choice(A(),debug,B())`},
		{"a comparison with a choice", "x = a if b == 'c' else d\ny = 1", `x=choice(a,?(b,"c"),d); y=1`},
		{"a lambda", "x = f(lambda a, b=1: a, c)\ny = 1", `x=f(?(a),c); y=1`},
		{"a comprehension", "x = [f(a) for a in b if c]\ny = 1", `x=[?(f(a))]; y=1`},
		{"a dict and a set", "x = {'a': 1, **b}\ny = {1, 2}", `x={"a",1,*b}; y=[1,2]`},
		{"calls on calls", "x = a(1)[2].b(*c, **d)", `x=a(1)[2].b(*c,*d)`},
		{"a slice", "x = a[1:2, ::3]\ny = 1", `x=a[1,?()]; y=1`},
		{"a walrus", "x = (app := FastAPI())", `x=?(app,FastAPI())`},
		{"an addition in place", "x += [1]", `x=add(x,[1])`},
		{"tabs and blanks", "if a:\n\tx = 1\n        y = 2\nz = 3", `if a{x=1; y=2}; z=3`},
		{"Windows line breaks", "if a:\r\n    x = 1\r\ny = 2\r\n", `if a{x=1}; y=2`},
		{"a mark of byte order", "\ufeffx = 1", `x=1`},
		{"an open bracket does not swallow the file", "x = f(\n\ndef g():\n    return 1\ny = 2", `x=f(); def g(){return 1}; y=2`},
		{"names in other scripts", "größe = 1\nx = größe", `größe=1; x=größe`},
		{"nothing that is Python", "<html>\n{% if x %}\n", ``},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := sketch(Parse(test.src))
			switch test.want {
			case "": // anything, as long as it ends
			case `x?; z=3`:
				if !strings.Contains(got, "y=2") || !strings.HasSuffix(got, "z=3") {
					t.Errorf("Parse(%q)\n got %s", test.src, got)
				}
			default:
				if got != test.want {
					t.Errorf("Parse(%q)\n got %s\nwant %s", test.src, got, test.want)
				}
			}
		})
	}
}

func TestLinesAreThoseOfTheSource(t *testing.T) {
	src := "'''\ndoc\n'''\nx = f(\n  1,\n)\n\\\n\ny = 2\n@d(\n)\ndef g():\n  '''\n  doc'''\n  return 1\n"
	want := map[string]int{"x": 4, "y": 9, "g": 12}
	for _, s := range Parse(src) {
		name := s.Name
		if s.Kind == Assign {
			name = s.Targets[0].Text
		}
		if line, ok := want[name]; ok && line != s.Line {
			t.Errorf("%s is on line %d, want %d", name, s.Line, line)
		}
		if s.Kind == Def && s.Body[1].Line != 15 {
			t.Errorf("return is on line %d, want 15", s.Body[1].Line)
		}
	}
}

func TestDeepNestingEnds(t *testing.T) {
	const n = 100_000
	for _, src := range []string{
		strings.Repeat("(", n), strings.Repeat("[", n) + strings.Repeat("]", n), strings.Repeat("f(", n),
		strings.Repeat("{1:", n), strings.Repeat("lambda:", n), "x = " + strings.Repeat("a if b else ", n),
		strings.Repeat("not ", n), `f"` + strings.Repeat("{f'", n), strings.Repeat("if x: ", n), "x" + strings.Repeat(".a", n),
		strings.Repeat("@a\n", n) + "def f(): pass", "if a: pass\n" + strings.Repeat("elif b: pass\n", n),
		strings.Repeat(`f"{`, n), strings.Repeat("a=", n), strings.Repeat("a+", n), strings.Repeat("async ", n),
	} {
		Parse(src)
	}
	var steps strings.Builder
	for i := range 2000 {
		steps.WriteString(strings.Repeat(" ", i) + "if x:\n")
	}
	Parse(steps.String())
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"app = FastAPI()", "def f(a, *b, c: int = 1, **d) -> x:\n  return f'{a!r:>{b}}'\n", "@a.b(c)\nclass D(E): pass",
		"if x: y = 1; z = 2\nelif a: b\nelse:\n\tc", "from ..a import (b as c, d)\n", `x = f"{d["a"]}" r'\'' b"""x"""`,
		"for a, in b: c(*d, e=f)[1:2]", "x = {**a, 'b': [c for d in e]} if f else (g,)", "with (a as b, c as d): e", "match x:\n case [1]: y",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, src string) {
		for _, s := range Parse(src) {
			sketchStmt(s)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	src, err := os.ReadFile("parse.go") // not Python, but words, strings and brackets in a usual mix
	if err != nil {
		b.Fatal(err)
	}
	text := strings.Repeat("from a.b import c\n\n@router.get('/x', tags=['y'])\nasync def f(a: int, b: str = Depends(g)) -> dict[str, int]:\n    \"\"\"Text about it.\"\"\"\n    if a > 1:\n        return {'x': a + 1, \"y\": f'{b}/z'}\n    return await h(a, b=b)\n\n\n", len(src)/100)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		Parse(text)
	}
}
