package python

// operators join two expressions; which one binds tighter is no matter here,
// but for + which concatenates prefixes.
var operators = map[string]bool{
	"+": true, "-": true, "*": true, "/": true, "//": true, "%": true, "@": true, "**": true,
	"<<": true, ">>": true, "&": true, "|": true, "^": true, "<": true, ">": true, "<=": true,
	">=": true, "==": true, "!=": true, "and": true, "or": true, "in": true, "is": true, "not": true, ":=": true,
}

// longest is how many operators, or how many calls and look-ups, may follow
// one another: trees get no deeper than that, whoever walks them.
const longest = 1000

// closed reports whether what stands here ends an expression.
func (p *parser) closed() bool {
	if p.endsLine() {
		return true
	}
	switch p.peek().text {
	case ")", "]", "}", ",", ":", "=", ";", "+=":
		return p.peek().kind == op
	}
	return false
}

// exprList reads one expression, or several with commas as a List.
func (p *parser) exprList(depth int) *Expr {
	line := p.peek().line
	first := p.starred(depth)
	if !p.peek().is(",") {
		return first.Value
	}
	list := &Expr{Kind: List, Line: line, Args: []Arg{first}}
	for p.accept(",") {
		if p.closed() {
			break
		}
		list.Args = append(list.Args, p.starred(depth))
	}
	return list
}

// targets reads what a for loop binds, up to the word in.
func (p *parser) targets() *Expr {
	list := &Expr{Kind: List, Line: p.peek().line}
	for !p.endsLine() && !p.peek().is("in") && !p.peek().is(":") {
		if p.peek().kind == name {
			list.Args = append(list.Args, Arg{Value: p.primary(0)})
		} else {
			p.at++
		}
	}
	if len(list.Args) == 1 {
		return list.Args[0].Value
	}
	return list
}

func (p *parser) starred(depth int) Arg {
	star := p.accept("*") || p.accept("**")
	return Arg{Star: star, Value: p.expr(depth)}
}

// expr reads one expression and never returns nil. Precedence is flat: what
// inspection asks of an operator is only whether it is there.
func (p *parser) expr(depth int) *Expr {
	line := p.peek().line
	if depth > deepest {
		p.skipNested()
		return &Expr{Line: line}
	}
	if p.accept("lambda") {
		// The body decides nothing; its parameters may hold commas and colons.
		for !p.endsLine() && !p.peek().is(":") && !p.peek().is(")") {
			p.at++
		}
		p.accept(":")
		return &Expr{Line: line, Args: []Arg{{Value: p.expr(depth + 1)}}}
	}
	left := p.primary(depth)
	for n := 0; !p.closed(); n++ {
		t := p.peek()
		switch {
		case n > longest:
			p.skipNested()
			return left
		case t.is("if"):
			p.at++
			e := &Expr{Kind: Choice, Line: line, Args: []Arg{{Value: left}, {Value: p.noChoice(depth + 1)}}}
			if p.accept("else") {
				e.Args = append(e.Args, Arg{Value: p.expr(depth + 1)})
			}
			left = e
		case t.kind == op && t.text == "+":
			p.at++
			left = &Expr{Kind: Add, Line: line, Args: []Arg{{Value: left}, {Value: p.primary(depth)}}}
		case (t.kind == op || t.kind == name) && operators[t.text]:
			p.at++
			left = &Expr{Line: line, Text: t.text, Args: []Arg{{Value: left}, {Value: p.primary(depth)}}}
		case t.is("for") || t.is("async"):
			// A comprehension: nothing in it is a literal.
			left = &Expr{Line: line, Args: []Arg{{Value: left}}}
			p.skipNested()
		default:
			return left
		}
	}
	return left
}

// noChoice reads a condition: an expression up to else.
func (p *parser) noChoice(depth int) *Expr {
	line := p.peek().line
	left := p.primary(depth)
	for !p.closed() && !p.peek().is("else") && !p.peek().is("if") && !p.peek().is("for") {
		if t := p.peek(); (t.kind == op || t.kind == name) && operators[t.text] {
			p.at++
			left = &Expr{Line: line, Text: t.text, Args: []Arg{{Value: left}, {Value: p.primary(depth)}}}
			continue
		}
		p.next()
	}
	return left
}

// skipNested steps to the bracket that closes what stands here, or the end of
// the line.
func (p *parser) skipNested() {
	brackets := 0
	for !p.endsLine() {
		if t := p.peek(); t.kind == op {
			switch t.text {
			case "(", "[", "{":
				brackets++
			case ")", "]", "}":
				if brackets == 0 {
					return
				}
				brackets--
			}
		}
		p.at++
	}
}

// primary reads a name, literal or bracket with what is called, subscripted or
// looked up on it.
func (p *parser) primary(depth int) *Expr {
	line := p.peek().line
	for p.accept("not") || p.accept("await") || p.accept("-") || p.accept("+") || p.accept("~") || p.accept("yield") || p.accept("from") {
	}
	if depth > deepest || p.closed() {
		return &Expr{Line: line}
	}
	e := p.atom(depth)
	for n := 0; ; n++ {
		switch {
		case n > longest:
			return &Expr{Line: line}
		case p.accept("."):
			if p.peek().kind != name {
				return e
			}
			e = &Expr{Kind: Attr, Line: e.Line, X: e, Text: p.next().text}
		case p.accept("("):
			e = &Expr{Kind: Call, Line: e.Line, X: e, Args: p.args(")", depth+1)}
		case p.accept("["):
			e = &Expr{Kind: Subscript, Line: e.Line, X: e, Args: p.args("]", depth+1)}
		default:
			return e
		}
	}
}

func (p *parser) atom(depth int) *Expr {
	t := p.peek()
	e := &Expr{Line: t.line, Text: t.text}
	switch {
	case t.kind == name:
		p.at++
		e.Kind = Name
	case t.kind == number:
		p.at++
		e.Kind = Number
	case t.kind == text:
		p.strings(e, depth)
	case t.is("("):
		p.at++
		return p.group(e, depth)
	case t.is("["):
		p.at++
		e.Kind, e.Text, e.Args = List, "", p.args("]", depth+1)
	case t.is("{"):
		p.at++
		p.braces(e, depth)
	default:
		p.at++
		e.Text = ""
	}
	return e
}

// group reads what stands between round brackets: a tuple, or one expression.
func (p *parser) group(e *Expr, depth int) *Expr {
	e.Kind, e.Text = List, ""
	comma := false
	for !p.endsLine() && !p.accept(")") {
		before := p.at
		e.Args = append(e.Args, p.starred(depth+1))
		if p.accept(",") {
			comma = true
		} else if !p.peek().is(")") && p.at == before {
			p.at++
		} else if !p.peek().is(")") {
			p.skipNested()
		}
	}
	if len(e.Args) == 1 && !comma {
		return e.Args[0].Value
	}
	return e
}

// args reads arguments or elements up to behind the closing bracket.
func (p *parser) args(closer string, depth int) []Arg {
	var all []Arg
	for !p.endsLine() && !p.accept(closer) {
		before := p.at
		var a Arg
		if p.peek().kind == name && p.tokens[p.at+1].is("=") {
			a.Name = p.next().text
			p.at++
			a.Value = p.expr(depth)
		} else {
			a = p.starred(depth)
		}
		all = append(all, a)
		for p.accept(":") { // a slice
			if !p.closed() {
				p.expr(depth)
			}
		}
		if p.accept(",") || p.peek().is(closer) {
			continue
		}
		if t := p.peek(); t.is(")") || t.is("]") || t.is("}") {
			return all // closed by another bracket than it was opened with
		}
		if p.at == before {
			p.next()
		} else if !p.endsLine() {
			p.next()
		}
	}
	return all
}

// braces reads a dict or a set from behind its opening brace.
func (p *parser) braces(e *Expr, depth int) {
	e.Kind, e.Text = List, ""
	for !p.endsLine() && !p.accept("}") {
		before := p.at
		e.Args = append(e.Args, p.starred(depth+1))
		if p.accept(":") {
			e.Kind = Dict
			e.Args = append(e.Args, Arg{Value: p.expr(depth + 1)})
		}
		if p.accept(",") || p.peek().is("}") {
			continue
		}
		if t := p.peek(); t.is(")") || t.is("]") {
			return
		}
		if p.at == before || !p.endsLine() {
			p.next()
		}
	}
}
