package inspect

import (
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/davit-cli/davit/wizard/inspect/python"
)

// command is one place that tells how the service is started.
type command struct {
	evidence string
	file     string
	words    []string
	dir      string // folder from which it runs, where it is known
	weight   int    // how much it is worth as evidence
	object   bool   // the source passes the application itself, not its name
}

// What a command is worth depends on where it stands: what is deployed counts
// more than what a developer types.
const (
	declared   = 100 // [tool.fastapi] says it outright
	deployed   = 90  // a Dockerfile's CMD, Procfile
	composed   = 85
	scripted   = 70 // scripts, Makefile, task runners
	documented = 50 // README
	inCode     = 45 // uvicorn.run("…") in the source
	automated  = 30 // CI
)

// commands collects every place that may start the service.
func (s *scan) commands() []command {
	var all []command
	for _, f := range s.tree.files {
		base := strings.ToLower(path.Base(f))
		depth := strings.Count(f, "/")
		aside := aside(f)
		less := depth * 2
		if aside {
			less += 60
		}
		switch ext := path.Ext(base); {
		case isDockerfile(f):
			all = append(all, s.inDockerfile(f, deployed-less)...)
		case base == "procfile":
			all = append(all, s.lines(f, deployed-less)...)
		case ext == ".sh", ext == ".bash", base == "makefile", base == "justfile", base == "taskfile.yml", base == "run",
			base == "start", base == "fly.toml", base == "render.yaml", base == "app.yaml", base == "launch.json",
			base == "railway.json", base == "railway.toml", base == "package.json", base == "pipfile", base == "pyproject.toml", base == "nixpacks.toml", ext == ".service", base == "supervisord.conf":
			all = append(all, s.lines(f, scripted-less)...)
		case strings.HasPrefix(base, "readme"), base == "contributing.md", base == "development.md":
			all = append(all, s.lines(f, documented-less)...)
		case strings.HasPrefix(f, ".github/workflows/"), base == ".gitlab-ci.yml":
			all = append(all, s.lines(f, automated-less)...)
		}
	}
	if p := s.readPyproject("pyproject.toml"); p.Tool.FastAPI != nil {
		at := s.tree.find("pyproject.toml", "entrypoint")
		all = append(all, command{at, "pyproject.toml", []string{"uvicorn", p.Tool.FastAPI.Entrypoint}, "", declared, false})
	}
	for _, services := range s.composeFiles() {
		for _, c := range services {
			all = append(all, s.inCompose(c)...)
		}
	}
	return append(all, s.program.servedInCode()...)
}

// inDockerfile returns the commands of an image's every stage. One whose name
// has an ending is a variant: it counts a little less.
func (s *scan) inDockerfile(f string, weight int) []command {
	if base := baseName(f); base != "dockerfile" && base != "containerfile" && !strings.Contains(base, "prod") {
		weight -= 4
	}
	env := s.dockerEnv(f)
	filled := func(words []string) []string {
		for i := range words {
			words[i] = fill(words[i], env)
		}
		return words
	}
	var all []command
	for _, i := range s.dockerfile(f) {
		switch i.name {
		case "CMD", "ENTRYPOINT":
			all = append(all, command{evidence(f, i.line), f, filled(execWords(i.args)), "", weight, false})
		case "ENV":
			all = append(all, command{evidence(f, i.line), f, envWords(i.args), "", weight, false})
		}
	}
	return append(all, s.joinedEntrypoint(f, weight)...)
}

// fill puts the variables that are set into a word, others stay.
func fill(word string, env map[string]string) string {
	return variable().ReplaceAllStringFunc(word, func(ref string) string {
		if v := env[variable().FindStringSubmatch(ref)[1]]; v != "" {
			return v
		}
		return ref
	})
}

func (s *scan) inCompose(c composeService) []command {
	if c.context == ".." {
		return nil // another project's
	}
	weight := composed
	if !strings.HasPrefix(c.file, "../") {
		weight -= 2 * strings.Count(c.file, "/")
	}
	dir := c.context
	all := []command{{evidence(c.file, c.cmdLine), c.file, c.command, dir, weight, false}}
	for _, k := range slices.Sorted(maps.Keys(c.env)) {
		all = append(all, command{evidence(c.file, c.line), c.file, envWords(k + "=" + c.env[k]), dir, weight, false})
	}
	return all
}

// joinedEntrypoint puts the last ENTRYPOINT and the last CMD of a Dockerfile
// together, as `ENTRYPOINT ["fastapi", "run"]` with `CMD ["main.py"]` needs it.
func (s *scan) joinedEntrypoint(f string, weight int) []command {
	var entry, cmd instruction
	for _, i := range s.dockerfile(f) {
		switch i.name {
		case "ENTRYPOINT":
			entry = i
		case "CMD":
			cmd = i
		}
	}
	if entry.line == 0 || cmd.line == 0 {
		return nil
	}
	return []command{{evidence(f, cmd.line), f, append(execWords(entry.args), execWords(cmd.args)...), "", weight, false}}
}

// envWords reads the settings by which base images such as tiangolo's are
// told what to serve, as the command that they run.
func envWords(args string) []string {
	module, variable := "", "app"
	for _, w := range shellWords(args) {
		k, v, _ := strings.Cut(w, "=")
		switch k {
		case "APP_MODULE", "UVICORN_APP", "ASGI_APP":
			return []string{"uvicorn", v}
		case "MODULE_NAME":
			module = v
		case "VARIABLE_NAME":
			variable = v
		}
	}
	if module == "" {
		if k, v, ok := strings.Cut(strings.TrimSpace(args), " "); ok && (k == "APP_MODULE" || k == "MODULE_NAME") {
			return envWords(k + "=" + strings.TrimSpace(v))
		}
		return nil
	}
	return []string{"uvicorn", module + ":" + variable}
}

// namesServer reports whether a text names a server or a worker.
func namesServer(s string) bool {
	for _, word := range [...]string{"uvicorn", "gunicorn", "fastapi", "celery", "hypercorn", "granian", "arq ", "dramatiq", "taskiq", "rq worker"} {
		if strings.Contains(s, word) {
			return true
		}
	}
	return false
}

// lines collects the lines of a script, a README or a settings file that name
// a server or a worker.
func (s *scan) lines(f string, weight int) []command {
	text := s.tree.read(f)
	if !namesServer(text) {
		return nil
	}
	var all []command
	joined, start, n := "", 0, 0
	dir := ""
	for line := range strings.Lines(text) {
		n++
		if joined == "" {
			start = n
		}
		line = strings.TrimSpace(line)
		if more, ok := strings.CutSuffix(line, "\\"); ok && len(joined) < 4000 {
			joined += more + " "
			continue
		}
		line, joined = joined+line, ""
		if strings.Contains(line, "cd ") && len(line) < 4000 {
			words := shellWords(line)
			for i, w := range words {
				if w == "cd" && i+1 < len(words) {
					dir = words[i+1]
				}
			}
		}
		if len(line) < 4000 && namesServer(line) {
			all = append(all, command{evidence(f, start), f, shellWords(quoted(f, line)), dir, weight, false})
		}
	}
	return all
}

// quoted returns the command out of a line of TOML or JSON: the string in
// which a server is named together with what it starts.
func quoted(file, line string) string {
	if ext := path.Ext(file); ext == ".toml" || ext == ".json" {
		for i, part := range strings.Split(line, `"`) {
			if i%2 == 1 && strings.Contains(part, " ") && namesServer(part) {
				return part
			}
		}
	}
	return line
}

// start is what a command says about the service.
type start struct {
	module  string // dotted, "" where a file is named
	file    string // of fastapi run
	attr    string // "" where the server looks for it
	factory bool
	appDir  string
	port    string
}

var (
	importString = pattern(`^([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*):([A-Za-z_]\w*)(\(.*\)|\(\))?$`)
	portValue    = pattern(`^\$\{\w+:?-(\d+)\}$|^(\d+)$|^\$\(\w+:-(\d+)\)$`)
	someNumber   = pattern(`^\d+$`)
)

func portNumber(s string) string {
	for _, part := range portValue().FindStringSubmatch(strings.TrimSpace(s)) {
		if n, err := strconv.Atoi(part); err == nil && n > 0 && n < 65536 && someNumber().MatchString(part) {
			return part
		}
	}
	return ""
}

// starts reads what a command starts: one for each server in it.
func starts(words []string) []start {
	var all []start
	for i, w := range words {
		base := strings.TrimSuffix(path.Base(w), ".exe")
		switch base {
		case "uvicorn", "gunicorn", "hypercorn", "granian", "daphne":
			if st, ok := readServer(words[i+1:]); ok {
				all = append(all, st)
			}
		case "fastapi":
			if i+1 < len(words) && (words[i+1] == "run" || words[i+1] == "dev") {
				all = append(all, readFastAPI(words[i+2:]))
			}
		}
	}
	return all
}

func readServer(words []string) (st start, ok bool) {
	for i := 0; i < len(words) && words[i] != ";"; i++ {
		w := words[i]
		if w == "uvicorn" || w == "gunicorn" {
			break
		}
		st.option(words, i)
		if m := importString().FindStringSubmatch(w); m != nil && !ok && (i == 0 || !takesValue(words[i-1])) {
			st.module, st.attr, st.factory, ok = m[1], m[2], st.factory || m[3] != "", true
		}
	}
	return st, ok
}

// takesValue reports whether an option is followed by something that looks
// like an import string but is none.
func takesValue(option string) bool {
	switch option {
	case "-b", "--bind", "-k", "--worker-class", "-c", "--config", "--log-config", "--host":
		return true
	}
	return false
}

// option reads what is common to the servers.
func (st *start) option(words []string, i int) {
	k, v, joined := strings.Cut(words[i], "=")
	if !joined && i+1 < len(words) {
		v = words[i+1]
	}
	switch k {
	case "--port", "-p":
		st.port = portNumber(v)
	case "-b", "--bind":
		if at := strings.LastIndex(v, ":"); at >= 0 && !strings.HasSuffix(v, "}") {
			st.port = portNumber(v[at+1:])
		} else if at := strings.Index(v, ":${"); at >= 0 {
			st.port = portNumber(v[at+1:])
		}
	case "--app-dir", "--chdir", "--working-dir":
		st.appDir = v
	case "--factory":
		st.factory = true
	}
}

func readFastAPI(words []string) start {
	st := start{file: "."}
	for i := 0; i < len(words) && words[i] != ";"; i++ {
		w := words[i]
		st.option(words, i)
		switch {
		case w == "--app" && i+1 < len(words):
			st.attr = words[i+1]
		case (w == "-e" || w == "--entrypoint") && i+1 < len(words):
			if m := importString().FindStringSubmatch(words[i+1]); m != nil {
				st.module, st.attr = m[1], m[2]
			}
		case !strings.HasPrefix(w, "-") && st.file == "." && (i == 0 || !strings.HasPrefix(words[i-1], "-") || strings.Contains(words[i-1], "=") || words[i-1] == "--reload" || words[i-1] == "--proxy-headers" || words[i-1] == "--no-reload"):
			st.file = w
		}
	}
	return st
}

// servedInCode finds uvicorn.run(…) and uvicorn.Config(…) in the source.
func (p *program) servedInCode() []command {
	var all []command
	files := make([]string, 0, len(p.sources))
	for f, src := range p.sources {
		if strings.Contains(src, "uvicorn") && !aside(f) {
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
