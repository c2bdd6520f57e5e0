package inspect

import (
	"slices"
	"strings"

	"github.com/davit-cli/davit/wizard/inspect/python"
)

func (p *program) classAttribute(c *class, name string) value {
	for range 10 {
		if v, ok := c.names[name]; ok {
			v = p.force(v)
			switch v.(type) {
			case *text, *number:
				if c.soft {
					return soften(v)
				}
			}
			return v
		}
		i := slices.IndexFunc(c.bases, func(b value) bool { _, ok := p.force(b).(*class); return ok })
		if i < 0 {
			return nil
		}
		c = p.force(c.bases[i]).(*class)
	}
	return nil
}

// class makes a class of its statement.
func (p *program) class(s *python.Stmt, f *frame) *class {
	c := &class{def: s, module: f.module, names: map[string]value{}}
	for _, a := range s.Args {
		if a.Name != "" {
			continue
		}
		base := p.eval(a.Value, f)
		c.bases = append(c.bases, base)
		switch b := base.(type) {
		case external:
			if k := made(b); k != object {
				c.kind = k
			}
			c.soft = c.soft || strings.HasSuffix(string(b), "Settings") || strings.HasSuffix(string(b), "BaseModel") || strings.HasSuffix(string(b), "BaseConfig")
		case *class:
			if b.kind != object {
				c.kind = b.kind
			}
			c.soft = c.soft || b.soft
		}
	}
	if c.kind == opaque {
		c.kind = object
	}
	inside := &frame{module: f.module, names: c.names, outer: f.names}
	maybe := p.maybe
	p.maybe = 0
	p.run(s.Body, inside)
	p.maybe = maybe
	return c
}
