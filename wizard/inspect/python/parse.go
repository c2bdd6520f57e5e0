package python

import "strings"

// Parse returns the statements of a module. Lines that cannot be understood
// are left out.
func Parse(src string) []*Stmt {
	p := &parser{tokens: tokenize(src)}
	var body []*Stmt
	for p.peek().kind != endOfFile {
		body = p.statement(body, 0)
	}
	return body
}

type parser struct {
	tokens []token
	at     int
}

func (p *parser) peek() token { return p.tokens[p.at] }

func (p *parser) next() token {
	t := p.tokens[p.at]
	if t.kind != endOfFile {
		p.at++
	}
	return t
}

// accept steps over s where it stands here.
func (p *parser) accept(s string) bool {
	if p.peek().is(s) {
		p.at++
		return true
	}
	return false
}

// endsLine reports whether the logical line is over.
func (p *parser) endsLine() bool { return p.peek().kind <= dedent }

// skipLine steps behind the end of the logical line.
func (p *parser) skipLine() {
	for !p.endsLine() {
		p.at++
	}
	if p.peek().kind == newline {
		p.at++
	}
}

// statement appends what stands here to body: one logical line, which may hold
// several statements, with its block.
func (p *parser) statement(body []*Stmt, depth int) []*Stmt {
	switch t := p.peek(); {
	case t.kind == newline, t.kind == dedent:
		p.at++
		return body
	case t.kind == indent:
		// A block without a header: the header was not understood.
		return append(body, &Stmt{Kind: Block, Line: t.line, Body: p.indented(depth)})
	case t.is("@"):
		return p.decorated(body, depth)
	case t.kind == name:
		if s := p.compound(depth); s != nil {
			return append(body, s)
		}
	}
	return p.simpleLine(body, depth)
}

func (p *parser) decorated(body []*Stmt, depth int) []*Stmt {
	var decorators []*Expr
	for p.accept("@") {
		decorators = append(decorators, p.expr(0))
		p.skipLine()
	}
	n := len(body)
	body = p.statement(body, depth)
	if len(body) > n && (body[n].Kind == Def || body[n].Kind == Class) {
		body[n].Decorators = decorators
	}
	return body
}

// compound reads a statement that has a block, or returns nil.
func (p *parser) compound(depth int) *Stmt {
	t := p.peek()
	s := &Stmt{Line: t.line}
	if t.text == "async" && p.at+1 < len(p.tokens) && p.tokens[p.at+1].kind == name {
		p.at++
		t = p.peek()
	}
	switch t.text {
	case "def":
		p.at++
		p.def(s)
	case "class":
		p.at++
		s.Kind, s.Name = Class, p.next().text
		p.typeParams()
		if p.accept("(") {
			s.Args = p.args(")", 0)
		}
	case "if", "elif", "while":
		p.at++
		s.Kind, s.Value = If, p.expr(0)
		if t.text == "while" {
			s.Kind = Block
		}
	case "for":
		p.at++
		s.Kind = For
		s.Targets = []*Expr{p.targets()}
		if p.accept("in") {
			s.Value = p.exprList(0)
		}
	case "with":
		p.at++
		s.Kind = With
		p.managers(s)
	case "try", "else", "finally", "except":
		p.at++
		s.Kind = Block
	default:
		return nil
	}
	p.suite(s, depth)
	if s.Kind == If || s.Kind == For {
		p.elses(s, depth)
	}
	return s
}

func (p *parser) def(s *Stmt) {
	s.Kind, s.Name = Def, p.next().text
	p.typeParams()
	if p.accept("(") {
		for !p.endsLine() && !p.accept(")") {
			s.Params = append(s.Params, p.param())
			if !p.accept(",") && !p.peek().is(")") {
				p.next()
			}
		}
	}
	if p.accept("->") {
		s.Returns = p.expr(0)
	}
}

func (p *parser) param() Param {
	var q Param
	if p.accept("*") || p.accept("**") {
		q.Star = true
	}
	if p.peek().kind == name {
		q.Name = p.next().text
	} else if p.accept("/") {
		q.Star = true
	}
	if p.accept(":") {
		q.Annotation = p.expr(0)
	}
	if p.accept("=") {
		q.Default = p.expr(0)
	}
	return q
}

// typeParams steps over [T] behind the name of a function or a class.
func (p *parser) typeParams() {
	if p.accept("[") {
		p.args("]", 0)
	}
}

func (p *parser) managers(s *Stmt) {
	grouped := p.peek().is("(")
	if grouped {
		// Either grouping of managers or a tuple: both read as a list here.
		p.at++
	}
	for !p.endsLine() && !p.peek().is(":") && !p.peek().is(")") {
		a := Arg{Value: p.expr(0)}
		if p.accept("as") {
			if to := p.expr(0); to.Kind == Name {
				a.Name = to.Text
			}
		}
		s.Args = append(s.Args, a)
		if !p.accept(",") {
			break
		}
	}
	for !p.endsLine() && !p.peek().is(":") {
		p.at++
	}
}

// suite reads the block behind a header: what follows the colon on the line,
// or the indented lines below.
func (p *parser) suite(s *Stmt, depth int) {
	brackets := 0
	for !p.endsLine() && !(brackets <= 0 && p.peek().is(":")) {
		switch p.next().text {
		case "(", "[", "{":
			brackets++
		case ")", "]", "}":
			brackets--
		}
	}
	p.accept(":")
	if !p.endsLine() {
		s.Body = p.simpleLine(nil, depth)
		return
	}
	if p.peek().kind == newline {
		p.at++
	}
	if p.peek().kind == indent {
		s.Body = p.indented(depth)
	}
}

// indented reads an indented block with its dedent.
func (p *parser) indented(depth int) []*Stmt {
	p.at++ // indent
	var body []*Stmt
	for p.peek().kind != dedent && p.peek().kind != endOfFile {
		body = p.statement(body, depth+1)
	}
	if p.peek().kind == dedent {
		p.at++
	}
	return body
}

func (p *parser) elses(s *Stmt, depth int) {
	switch t := p.peek(); {
	case depth > deepest:
		// Further branches are read as statements of their own.
	case t.is("elif") && s.Kind == If:
		if e := p.compound(depth + 1); e != nil {
			s.Else = []*Stmt{e}
		}
	case t.is("else"):
		if e := p.compound(depth); e != nil {
			s.Else = e.Body
		}
	}
}

// simpleLine reads statements without blocks up to the end of the line. Where
// a block follows nevertheless, as behind match, it is read as one.
func (p *parser) simpleLine(body []*Stmt, depth int) []*Stmt {
	for {
		if s := p.simple(); s != nil {
			body = append(body, s)
		}
		brackets := 0
		for !p.endsLine() && !(brackets <= 0 && p.peek().is(";")) {
			switch p.next().text {
			case "(", "[", "{":
				brackets++
			case ")", "]", "}":
				brackets--
			}
		}
		if !p.accept(";") {
			break
		}
	}
	if p.peek().kind == newline {
		p.at++
	}
	if p.peek().kind == indent {
		body = append(body, &Stmt{Kind: Block, Line: p.peek().line, Body: p.indented(depth)})
	}
	return body
}

func (p *parser) simple() *Stmt {
	t := p.peek()
	if p.endsLine() {
		return nil
	}
	s := &Stmt{Line: t.line}
	switch {
	case t.is("import"):
		p.at++
		s.Kind, s.Names = Import, p.aliases()
		return s
	case t.is("from"):
		p.at++
		p.from(s)
		return s
	case t.is("return"):
		p.at++
		s.Kind = Return
		if !p.endsLine() {
			s.Value = p.exprList(0)
		}
		return s
	case t.kind == name && ignored[t.text]:
		return nil
	}
	first := p.exprList(0)
	s.Kind, s.Value = Do, first
	if p.accept(":") {
		s.Kind, s.Targets, s.Value = Assign, []*Expr{first}, nil
		s.Annotation = p.expr(0)
	}
	for p.accept("=") {
		if s.Kind == Do {
			s.Kind, s.Targets = Assign, []*Expr{first}
		} else if s.Value != nil {
			s.Targets = append(s.Targets, s.Value)
		}
		s.Value = p.exprList(0)
	}
	if p.accept("+=") && s.Kind == Do {
		// a += b binds a to the sum.
		s.Kind, s.Targets = Assign, []*Expr{first}
		s.Value = &Expr{Kind: Add, Line: s.Line, Args: []Arg{{Value: first}, {Value: p.exprList(0)}}}
	}
	return s
}

// ignored are the keywords that begin a statement without anything to learn.
var ignored = map[string]bool{
	"pass": true, "break": true, "continue": true, "raise": true, "global": true,
	"nonlocal": true, "del": true, "assert": true,
}

func (p *parser) from(s *Stmt) {
	s.Kind = From
	for {
		if p.accept(".") {
			s.Level++
		} else if p.accept("...") {
			s.Level += 3
		} else {
			break
		}
	}
	if !p.peek().is("import") {
		s.Module = p.dotted()
	}
	if !p.accept("import") {
		return
	}
	if p.accept("*") {
		s.Names = []Alias{{"*", "*"}}
		return
	}
	p.accept("(")
	s.Names = p.aliases()
}

func (p *parser) aliases() []Alias {
	var all []Alias
	for p.peek().kind == name {
		a := Alias{Name: p.dotted()}
		a.As = a.Name
		if p.accept("as") {
			a.As = p.next().text
		}
		all = append(all, a)
		if !p.accept(",") {
			break
		}
	}
	return all
}

func (p *parser) dotted() string {
	if p.peek().kind != name {
		return ""
	}
	parts := []string{p.next().text}
	for p.peek().is(".") && p.tokens[p.at+1].kind == name {
		p.at++
		parts = append(parts, p.next().text)
	}
	return strings.Join(parts, ".")
}
