package inspect

import (
	"maps"
	"path"
	"slices"
	"strings"
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

// deploysTop reports whether the command stands at the top of the tree and
// builds from all of it.
func (c command) deploysTop() bool {
	return c.weight >= composed-4 && !strings.Contains(c.file, "/") && (c.dir == "" || c.dir == ".")
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
		aside := s.tree.aside(f)
		less := depth * 2
		if aside {
			less += 60
		}
		switch ext := path.Ext(base); {
		case isDockerfile(f):
			all = append(all, s.inDockerfile(f, deployed-less)...)
		case base == "procfile":
			all = append(all, s.lines(f, deployed-less)...)
		case ext == ".sh", ext == ".bash":
			all = append(all, s.lines(f, scripted-less-unlikely(base))...)
		case ext == ".conf", ext == ".ini":
			if strings.Contains(s.tree.read(f), "[program:") { // supervisor's
				all = append(all, s.lines(f, scripted-less)...)
			}
		case base == "makefile", base == "justfile", base == "taskfile.yml", base == "run", base == "start", base == "fly.toml", base == "render.yaml", base == "app.yaml", base == "launch.json",
			base == "railway.json", base == "railway.toml", base == "package.json", base == "pipfile", base == "pyproject.toml", base == "nixpacks.toml", ext == ".service":
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
	for _, f := range s.outside {
		all = append(all, s.inDockerfile(f, deployed-2*strings.Count(f, "/"))...)
	}
	return append(all, s.program.servedInCode()...)
}

// inDockerfile returns the commands of an image's every stage. One whose name
// has an ending is a variant: it counts a little less.
func (s *scan) inDockerfile(f string, weight int) []command {
	switch base := baseName(f); {
	case base == "dockerfile", base == "containerfile", strings.Contains(base, "prod"):
	case s.forAnother(f):
		weight -= deployed - automated
	default:
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
			words := filled(execWords(i.args))
			all = append(all, command{evidence(f, i.line), f, words, "", weight, false})
			all = append(all, s.inScripts(f, words, weight)...)
		case "ENV":
			all = append(all, command{evidence(f, i.line), f, envWords(i.args), "", weight, false})
		}
	}
	return append(all, s.joinedEntrypoint(f, weight)...)
}

// inScripts returns the commands in the scripts that an image starts.
func (s *scan) inScripts(image string, words []string, weight int) []command {
	var all []command
	for _, w := range words {
		base := path.Base(w)
		if ext := path.Ext(base); ext != ".sh" && ext != ".bash" && (ext != "" || !strings.HasPrefix(w, "/") && !strings.HasPrefix(w, "./")) {
			continue
		}
		files := s.tree.named(base)
		// A copied script may have had another place or name.
		for _, i := range s.dockerfile(image) {
			if i.name != "COPY" && i.name != "ADD" {
				continue
			}
			from := strings.Fields(i.args)
			if n := len(from); n >= 2 && path.Base(from[n-1]) == base {
				for _, at := range [...]string{path.Clean(from[n-2]), path.Join(path.Dir(image), from[n-2])} {
					if s.tree.has(strings.TrimPrefix(at, "/")) {
						files = []string{strings.TrimPrefix(at, "/")}
					}
				}
			}
		}
		for n, f := range files {
			if n < 4 && !s.tree.aside(f) {
				all = append(all, s.lines(f, weight-unlikely(baseName(f))-4*(len(files)-1))...)
			}
		}
	}
	return all
}

// unlikely is what a script's name takes from its worth: a developer's or a
// test's start may differ from the one that is deployed.
func unlikely(base string) int {
	for _, word := range [...]string{"dev", "test", "local", "e2e", "debug"} {
		if strings.Contains(base, word) {
			return 12
		}
	}
	return 0
}

var sameService = pattern(`(?i)^(prod|production|dev|devel|development|local|test|tests|ci|staging|stage|release|debug|debian|gpu|cpu|cuda|rocm|amd|amd64|arm|arm64|slim|alpine|base|full|lite|uv|poetry|pip|pipenv|conda|pdm|uvicorn|gunicorn|api|app|web|backend|server|service|fastapi|python|py|python3|lambda|aws|azure|gcp|cloudrun|fly|heroku|railway|render|distroless|ubuntu|nvidia|multi|multistage)?\d*$`)

// forAnother reports whether a Dockerfile is for something else than the
// Dockerfile beside it: one that is called Dockerfile.model_server, say.
func (s *scan) forAnother(f string) bool {
	if !s.tree.has(path.Join(path.Dir(f), "Dockerfile")) {
		return false
	}
	name := strings.TrimPrefix(strings.TrimSuffix(baseName(f), ".dockerfile"), "dockerfile")
	for part := range strings.FieldsFuncSeq(name, func(c rune) bool { return c == '.' || c == '-' || c == '_' }) {
		if !sameService().MatchString(part) {
			return true
		}
	}
	return false
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
			return []string{byImage, v}
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
	return []string{byImage, module + ":" + variable}
}

// byImage stands for the server that a base image starts by itself.
const byImage = "image's server"

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
		for _, key := range [...]string{"command=", "command =", "ExecStart="} {
			line = strings.TrimPrefix(line, key)
		}
		if v, ok := strings.CutPrefix(line, "directory="); ok {
			dir = strings.TrimSpace(v)
		}
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
