package inspect

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/davit-cli/davit/wizard/inspect/python"
)

// resolveStart finds what a command starts in the source, or nil.
func (s *scan) resolveStart(st start, cmd command) *candidate {
	if st.module == "" {
		return s.resolveFile(st, cmd)
	}
	for _, base := range s.bases(st, cmd) {
		m := s.program.below(base, st.module)
		if m == nil || m.file == "" {
			continue
		}
		if c := s.named(m, st.attr, st.factory); c != nil {
			c.evidence, c.weight = cmd.evidence, cmd.weight
			c.base, c.exact = s.baseFor(c.file, base)
			c.fromTop = cmd.deploysTop()
			return c
		}
	}
	return nil
}

// bases returns the folders from which a command's module may be imported.
func (s *scan) bases(st start, cmd command) []string {
	var all []string
	add := func(dir string) {
		dir = path.Clean(strings.TrimPrefix(dir, "/"))
		if !slices.Contains(all, dir) && s.tree.dirs[dir] {
			all = append(all, dir)
		}
	}
	from := cmd.dir
	if from == "" {
		from = "."
	}
	if st.appDir != "" {
		add(path.Join(from, st.appDir))
		for dir := strings.Trim(st.appDir, "/"); dir != ""; {
			add(dir)
			_, rest, ok := strings.Cut(dir, "/")
			if !ok {
				break
			}
			dir = rest
		}
	}
	// In the image the folder may stand below another one.
	for dir := strings.Trim(path.Clean(cmd.dir), "/"); dir != "" && dir != "."; {
		add(dir)
		_, dir, _ = strings.Cut(dir, "/")
		if !strings.HasPrefix(cmd.dir, "/") {
			break
		}
	}
	add(".")
	add(from)
	add("src")
	if cmd.file != "" {
		for dir := path.Dir(cmd.file); dir != "."; dir = path.Dir(dir) {
			add(dir)
		}
	}
	fixed := len(all)
	end := "/" + strings.ReplaceAll(st.module, ".", "/")
	for _, f := range slices.Concat(s.tree.named(path.Base(end)+".py"), s.tree.named("__init__.py")) {
		dir, ok := strings.CutSuffix(f, end+".py")
		if !ok {
			dir, ok = strings.CutSuffix(f, end+"/__init__.py")
		}
		if ok && !s.tree.aside(f) && len(all) < 40 {
			add(dir)
		}
	}
	slices.SortStableFunc(all[fixed:], func(a, b string) int {
		return cmp.Or(strings.Count(a, "/")-strings.Count(b, "/"), cmp.Compare(a, b))
	})
	return all
}

// named returns the application or factory that a module has under a name.
func (s *scan) named(m *module, attr string, factory bool) *candidate {
	s.program.follow(m)
	switch v := s.program.get(m, attr).(type) {
	case nil:
		return s.unknown(m, attr)
	case *instance:
		if !v.kind.isApp() {
			return nil
		}
		c := &candidate{file: m.file, attr: attr, line: m.from[attr].line, app: v}
		c.rank = rank(c)
		return c
	case *function:
		app, _ := s.program.apply(v, nil, nil, nil).(*instance)
		if (app == nil || !app.kind.isApp()) && !(factory && s.saysFastAPI(v)) {
			return nil
		}
		c := &candidate{file: m.file, attr: attr, line: v.def.Line, app: app, factory: true}
		c.rank = rank(c)
		return c
	}
	return nil
}

var otherFramework = pattern(`(?i)^(django|flask|aiohttp|sanic|bottle|tornado|quart|litestar|falcon|blacksheep|connexion|fasthtml|typer|click)\b|wsgi`)

// unknown returns what a module makes by a call that cannot be followed, such
// as that of a function of an installed package: a server is told to serve it,
// so it is an application.
func (s *scan) unknown(m *module, attr string) *candidate {
	from, bound := m.from[attr]
	if !bound || from.imported {
		return nil
	}
	called := false
	eachStmt(m.body, 0, func(st *python.Stmt) {
		if st.Kind == python.Assign && st.Line == from.line && st.Value != nil && st.Value.Kind == python.Call {
			maker, _ := s.program.eval(st.Value.X, &frame{module: m, names: m.names}).(external)
			called = !otherFramework().MatchString(string(maker)) && !strings.Contains(st.Value.X.Text, "wsgi")
		}
	})
	if !called || !s.program.usesFastAPI() {
		return nil
	}
	app := &instance{kind: wrapper, file: m.file, line: from.line, unseen: true}
	m.names[attr] = app
	c := &candidate{file: m.file, attr: attr, line: from.line, app: app}
	c.rank = rank(c)
	return c
}

// resolveFile finds what `fastapi run path` serves: a file, or the one that
// the command looks for in a folder.
func (s *scan) resolveFile(st start, cmd command) *candidate {
	file := s.inTree(st.file, cmd)
	if file == "" {
		return nil
	}
	m := s.program.module(file)
	s.program.follow(m)
	attrs := []string{st.attr}
	if st.attr == "" {
		attrs = []string{"app", "api"}
		var others []string
		for name := range m.names {
			others = append(others, name)
		}
		slices.Sort(others)
		attrs = append(attrs, others...)
	}
	for _, attr := range attrs {
		if v, ok := s.program.get(m, attr).(*instance); !ok || v.kind != fastAPI {
			continue
		}
		c := s.named(m, attr, false)
		c.evidence, c.weight = cmd.evidence, cmd.weight
		c.base, c.exact = s.base(file), true
		c.fromTop = cmd.deploysTop()
		return c
	}
	return nil
}

// inTree finds the file that a path in a command means: in the image it may
// stand below another folder than here.
func (s *scan) inTree(file string, cmd command) string {
	rest := path.Clean(strings.TrimPrefix(file, "/"))
	for range 6 {
		for _, dir := range []string{".", cmd.dir, path.Dir(cmd.file), "src"} {
			at := path.Join(".", dir, rest)
			if strings.HasSuffix(at, ".py") && s.tree.has(at) {
				return at
			}
			if s.tree.dirs[at] && !strings.HasPrefix(at, "..") {
				for _, name := range [...]string{"main.py", "app.py", "api.py", "app/main.py", "app/app.py", "app/api.py"} {
					if f := path.Join(at, name); s.tree.has(f) {
						return f
					}
				}
			}
		}
		_, after, ok := strings.Cut(rest, "/")
		if !ok {
			break
		}
		rest = after
	}
	// A service in a folder of its own: the path is below that folder.
	rest = path.Clean(strings.TrimPrefix(file, "/"))
	var found []string
	for _, f := range s.tree.named(path.Base(rest)) {
		if strings.HasSuffix(f, "/"+rest) && strings.HasSuffix(f, ".py") && !s.tree.aside(f) {
			found = append(found, f)
		}
	}
	if len(found) == 1 {
		return found[0]
	}
	return ""
}
