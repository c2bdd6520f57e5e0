package inspect

import "github.com/davit-cli/davit/wizard/inspect/python"

// A value is what a name in the project's source is bound to, as far as that
// is plain: nil, *text, *number, list, dict, *module, *function, *class, *instance, external
// or *lazy. nil is anything else.
type value any

// text is a string. It is sure when nothing outside the source can change it;
// the default of a setting is not.
type text struct {
	s    string
	sure bool
}

// number is an integer literal, with the same meaning of sure.
type number struct {
	n    string
	sure bool
}

// list is a list, tuple or set.
type list []value

// dict is a dict's entries in their order.
type dict []entry

type entry struct{ key, value value }

// external is a name of an installed package, such as fastapi.FastAPI.
type external string

// lazy is an imported name that has not been needed yet.
type lazy struct {
	from *module
	name string
}

// function is a def of the project.
type function struct {
	def    *python.Stmt
	module *module
	outer  map[string]value // names of the function around it
	self   *instance        // of a bound method
}

// class is a class of the project.
type class struct {
	def    *python.Stmt
	module *module
	kind   kind             // what its instances are
	names  map[string]value // of its body
	bases  []value
	soft   bool // its attributes are settings, which the environment can change
}

// kind is what an instance is.
type kind uint8

const (
	object    kind = iota // of a class of the project
	fastAPI               // fastapi.FastAPI or a subclass
	starlette             // another ASGI application with routes
	wrapper               // an ASGI middleware or server around an application
	router                // fastapi.APIRouter or a subclass
	opaque                // something else that is certainly no application
)

// isApp reports whether uvicorn can serve it.
func (k kind) isApp() bool { return k == fastAPI || k == starlette || k == wrapper }

// instance is one object that the source makes.
type instance struct {
	kind    kind
	file    string
	line    int
	class   *class
	names   map[string]value // its attributes
	prefix  value            // of a router; nil is unknown
	guarded bool             // has dependencies that may refuse a request
	ops     []step
	mounted bool         // below another application
	maker   *python.Stmt // the function that returned it last, nil where none did
	unseen  bool         // what it serves cannot be followed
}

// step is what was done to an application or a router.
type step struct {
	path    value     // of a route, or the prefix of what is included; nil is unknown
	target  *instance // what is included or mounted; nil for a route
	file    string
	line    int
	get     bool      // a route that answers GET
	handler *function // of a route, nil where unknown
	maybe   bool      // done under a condition
	guarded bool
	answers bool // the route is known to answer 200 or 204
	unsure  bool // **arguments that are not known may guard it
}
