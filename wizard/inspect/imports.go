package inspect

import (
	"strings"

	"github.com/davit-cli/davit/wizard/inspect/python"
)

func (p *program) doImport(s *python.Stmt, f *frame) {
	for _, a := range s.Names {
		top, _, _ := strings.Cut(a.Name, ".")
		m := p.importDotted(f.module.file, a.Name)
		switch {
		case a.As != a.Name && m != nil:
			f.set(a.As, m, s.Line, true)
		case a.As != a.Name:
			f.set(a.As, external(a.Name), s.Line, true)
		case m != nil:
			if first := p.resolve(f.module.file, top); first != nil {
				f.set(top, first, s.Line, true)
			} else {
				f.set(top, &lazyPath{}, s.Line, true)
			}
		default:
			f.set(top, external(top), s.Line, true)
		}
	}
}

// lazyPath stands for a package of the project that cannot be found by its
// first name alone.
type lazyPath struct{}

// importDotted follows a module and the packages around it, and returns it.
func (p *program) importDotted(file, dotted string) *module {
	m := p.resolve(file, dotted)
	if m == nil {
		return nil
	}
	if top, rest, ok := strings.Cut(dotted, "."); ok {
		if base, found := p.baseOf(file, dotted); found {
			for {
				if around := p.below(base, top); around != nil {
					p.importing(around)
				}
				next, more, again := strings.Cut(rest, ".")
				if !again {
					break
				}
				top, rest = top+"."+next, more
			}
		}
	}
	p.importing(m)
	return m
}

func (p *program) doFrom(s *python.Stmt, f *frame) {
	var m *module
	if s.Level > 0 {
		if m = p.relative(f.module, s.Level, s.Module); m == nil {
			return
		}
		p.importing(m)
	} else if m = p.importDotted(f.module.file, s.Module); m == nil {
		for _, a := range s.Names {
			if a.Name != "*" {
				f.set(a.As, external(s.Module+"."+a.Name), s.Line, true)
			}
		}
		return
	}
	for _, a := range s.Names {
		if a.Name == "*" {
			p.follow(m)
			for name, v := range m.names {
				if !strings.HasPrefix(name, "_") {
					f.set(name, v, s.Line, true)
				}
			}
			continue
		}
		if sub := p.submodule(m, a.Name); sub != nil {
			p.importing(sub)
		}
		f.set(a.As, &lazy{m, a.Name}, s.Line, true)
	}
}

// force resolves an imported name.
func (p *program) force(v value) value {
	for range 20 { // re-exports of re-exports; a circle ends too
		l, ok := v.(*lazy)
		if !ok {
			return v
		}
		p.follow(l.from)
		next, ok := l.from.names[l.name]
		if !ok {
			if sub := p.submodule(l.from, l.name); sub != nil {
				return sub
			}
			return nil
		}
		v = next
	}
	return nil
}
