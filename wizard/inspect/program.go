package inspect

import (
	"bytes"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/davit-cli/davit/wizard/inspect/python"
)

// Bounds of the abstract run.
const (
	mostSource = 24 << 20 // bytes of Python parsed
	mostSteps  = 400_000  // statements followed
	mostCalls  = 16       // functions inside one another

	mostElements = 10_000 // of a list: sums of lists double quickly
)

// program is the project's Python source, followed as an import would, without
// running it: names are bound to what is plain from the text, all else is
// unknown. Both branches of a condition are followed.
type program struct {
	tree     *tree
	sources  map[string]string // every Python file that speaks of a web application
	mentions []string          // Python files that may import from a folder of tests
	settings []string          // Python files that may read the environment
	modules  map[string]*module
	parsed   int
	steps    int
	calls    int
	maybe    int // depth of conditions around the statement
}

// module is one Python file, or a folder without __init__.py (File is "").
type module struct {
	file    string
	dir     string // of a package: where its submodules are
	names   map[string]value
	from    map[string]origin // where a name was bound
	body    []*python.Stmt
	started bool
}

// origin tells how a module got a name.
type origin struct {
	line     int
	imported bool
}

func newProgram(t *tree) *program {
	p := &program{tree: t, modules: map[string]*module{}, sources: map[string]string{}}
	p.load()
	return p
}

// load reads every Python file, in parallel, and keeps those that can matter.
func (p *program) load() {
	var files []string
	for _, f := range p.tree.files {
		if strings.HasSuffix(f, ".py") {
			files = append(files, f)
		}
	}
	kept, mentions, settings := make([]string, len(files)), make([]bool, len(files)), make([]bool, len(files))
	var wg sync.WaitGroup
	workers := min(runtime.GOMAXPROCS(0), 8)
	for w := range workers {
		wg.Go(func() {
			for i := w; i < len(files); i += workers {
				b := p.tree.load(files[i], mostBytes)
				mentions[i], settings[i] = mentionsTests(b), speaksOfSettings(files[i], b)
				if speaksOfWeb(b) {
					kept[i] = string(b)
				}
			}
		})
	}
	wg.Wait()
	for i, f := range files {
		if kept[i] != "" {
			p.sources[f] = kept[i]
		}
		if mentions[i] {
			p.mentions = append(p.mentions, f)
		}
		if settings[i] {
			p.settings = append(p.settings, f)
		}
	}
}

func speaksOfWeb(b []byte) bool {
	for _, word := range [...]string{"fastapi", "FastAPI", "router", "Router", "starlette", "uvicorn", "_app(", "_application("} {
		if bytes.Contains(b, []byte(word)) {
			return true
		}
	}
	return false
}

var importsFastAPI = pattern(`(?m)^[ \t]*(?:from|import)[ \t][\w., \t]*fastapi`)

// usesFastAPI reports whether the project's own source imports FastAPI, or a
// package that is called after it.
func (p *program) usesFastAPI() bool {
	for f, src := range p.sources {
		if strings.Contains(src, "fastapi") && !p.tree.aside(f) && importsFastAPI().MatchString(src) {
			return true
		}
	}
	return false
}

// module returns the module of a file, not yet followed.
func (p *program) module(file string) *module {
	m := p.modules[file]
	if m == nil {
		m = &module{file: file, names: map[string]value{}, from: map[string]origin{}}
		if path.Base(file) == "__init__.py" {
			m.dir = path.Dir(file)
		}
		p.modules[file] = m
	}
	return m
}

// folder returns the module of a folder: its __init__.py, or a namespace package.
func (p *program) folder(dir string) *module {
	if init := path.Join(dir, "__init__.py"); p.tree.has(init) {
		return p.module(init)
	}
	key := dir + "/"
	m := p.modules[key]
	if m == nil {
		m = &module{dir: dir, names: map[string]value{}, from: map[string]origin{}, started: true}
		p.modules[key] = m
	}
	return m
}

// follow runs a module's statements once.
func (p *program) follow(m *module) {
	if m.started {
		return
	}
	m.started = true
	src, ok := p.sources[m.file]
	if !ok {
		src = p.tree.read(m.file)
	}
	p.parsed += len(src)
	if p.parsed > mostSource {
		return
	}
	m.body = python.Parse(src)
	maybe := p.maybe
	p.maybe = 0
	p.run(m.body, &frame{module: m, names: m.names, top: true})
	p.maybe = maybe
}

// importing follows a module where doing so can add routes.
func (p *program) importing(m *module) {
	if m == nil || m.started {
		return
	}
	if _, ok := p.sources[m.file]; ok {
		p.follow(m)
	}
}

// get returns what a module calls so: a name bound in it, or a submodule.
func (p *program) get(m *module, name string) value {
	p.follow(m)
	if v, ok := m.names[name]; ok {
		return p.force(v)
	}
	if sub := p.submodule(m, name); sub != nil {
		return sub
	}
	return nil
}

// submodule returns the module of this name inside a package, or nil.
func (p *program) submodule(m *module, name string) *module {
	if m.dir == "" {
		return nil
	}
	return p.below(m.dir, name)
}

// below returns the module with a dotted name below a folder, or nil.
func (p *program) below(base, dotted string) *module {
	at := path.Join(base, strings.ReplaceAll(dotted, ".", "/"))
	switch {
	case p.tree.has(at + "/__init__.py"):
		return p.module(at + "/__init__.py")
	case p.tree.has(at + ".py"):
		return p.module(at + ".py")
	case p.tree.dirs[at]:
		return p.folder(at)
	}
	return nil
}

// resolve finds the module that an absolute import in a file means. Where it
// is imported from is not known, so each folder above the file is tried, the
// project first, and last any folder in which the whole path exists once.
func (p *program) resolve(file, dotted string) *module {
	if base, ok := p.baseOf(file, dotted); ok {
		return p.below(base, dotted)
	}
	end := strings.ReplaceAll(dotted, ".", "/")
	if !strings.Contains(end, "/") {
		return nil // one word is too little to go by
	}
	var found []string
	for _, f := range slices.Concat(p.tree.named(path.Base(end)+".py"), p.tree.named("__init__.py")) {
		if strings.HasSuffix(f, "/"+end+".py") || strings.HasSuffix(f, "/"+end+"/__init__.py") {
			found = append(found, f)
		}
	}
	if len(found) == 1 {
		return p.module(found[0])
	}
	return nil
}

// baseOf returns the folder from which an absolute import in a file resolves.
func (p *program) baseOf(file, dotted string) (string, bool) {
	folders := above(path.Dir(file))
	if p.tree.dirs["src"] && !slices.Contains(folders, "src") {
		folders = append(folders, "src")
	}
	top, _, _ := strings.Cut(dotted, ".")
	for _, base := range folders {
		if isFramework(top) && !p.tree.has(path.Join(base, top, "__init__.py")) {
			continue // an installed package wins over a plain folder of its name
		}
		if m := p.below(base, dotted); m != nil && m.file != file {
			return base, true
		}
	}
	return "", false
}

// isFramework reports whether a name is that of a package after which folders
// are called that hold what is written with it.
func isFramework(name string) bool {
	return name == "fastapi" || name == "starlette" || frameworks[name] != "" || made(external(name)) == opaque
}

// above returns a folder's ancestors, "." first, and the folder itself.
func above(dir string) []string {
	if dir == "." {
		return []string{"."}
	}
	return append(above(path.Dir(dir)), dir)
}

// relative finds the module that a relative import means.
func (p *program) relative(m *module, level int, dotted string) *module {
	dir := path.Dir(m.file)
	if m.file == "" {
		dir = m.dir
	}
	for range level - 1 {
		if dir == "." {
			return nil
		}
		dir = path.Dir(dir)
	}
	if dotted == "" {
		return p.folder(dir)
	}
	return p.below(dir, dotted)
}
