package python

// Kind is what a statement is.
type Kind uint8

const (
	Other  Kind = iota // nothing that inspection looks at
	Import             // import a.b as c: Names
	From               // from ..a import b as c: Level, Module, Names
	Assign             // a = b = value, a: annotation = value: Targets, Annotation, Value
	Def                // Name, Params, Returns, Decorators, Body
	Class              // Name, Args (the bases), Decorators, Body
	If                 // Value (the condition), Body, Else; elif is an If in Else
	For                // Targets, Value, Body, Else
	With               // Args (the managers; the name behind as is the Arg's), Body
	Block              // try, while, match and their parts: Body
	Return             // Value
	Do                 // an expression on its own: Value
)

// A Stmt is one statement. Which fields are set depends on its Kind.
type Stmt struct {
	Kind       Kind
	Line       int
	Name       string
	Module     string
	Level      int // dots before Module
	Names      []Alias
	Targets    []*Expr
	Annotation *Expr
	Value      *Expr
	Params     []Param
	Args       []Arg
	Returns    *Expr
	Decorators []*Expr
	Body, Else []*Stmt
}

// An Alias is one imported name. Name is "*" for everything; As is the name it
// gets, the same as Name where none is given.
type Alias struct{ Name, As string }

// A Param is one parameter of a function.
type Param struct {
	Name       string
	Annotation *Expr
	Default    *Expr
	Star       bool // *args, **kwargs, or a bare star
}

// ExprKind is what an expression is.
type ExprKind uint8

const (
	Unknown   ExprKind = iota // anything else: Text is its operator, where it has one, its parts are in Args
	Name                      // Text
	Attr                      // X.Text
	Call                      // X(Args)
	Str                       // a plain string: Text is its value
	Format                    // an f-string: Args are its parts, Str or expressions
	Number                    // Text
	List                      // list, tuple or set: Args
	Dict                      // Args, keys and values in turn
	Add                       // Args[0] + Args[1]
	Choice                    // Args[0] if Args[1] else Args[2]
	Subscript                 // X[Args]
)

// An Expr is one expression.
type Expr struct {
	Kind ExprKind
	Line int
	Text string
	X    *Expr
	Args []Arg
}

// An Arg is an argument of a call, or a part of an expression.
type Arg struct {
	Name  string // of a keyword argument
	Star  bool   // *value or **value
	Value *Expr
}

// Arg returns the argument with this keyword, or else at this place, which is
// ignored below 0; nil where there is none.
func (e *Expr) Arg(keyword string, place int) *Expr {
	for i, a := range e.Args {
		if a.Star && i <= place {
			place = -1
		}
		if a.Name == keyword && keyword != "" {
			return a.Value
		}
	}
	if place >= 0 && place < len(e.Args) && e.Args[place].Name == "" && !e.Args[place].Star {
		return e.Args[place].Value
	}
	return nil
}

// Dotted returns the expression as a dotted name, or "" where it is none.
func (e *Expr) Dotted() string {
	if e == nil {
		return ""
	}
	switch e.Kind {
	case Name:
		return e.Text
	case Attr:
		if x := e.X.Dotted(); x != "" {
			return x + "." + e.Text
		}
	}
	return ""
}
