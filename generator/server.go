package generator

import (
	"fmt"
	"path"
	"strconv"
	"strings"

	"github.com/davit-cli/davit/wizard"
)

// graceful is how long, in seconds, a server waits for requests in flight
// when it is told to stop: below the ten seconds after which `docker stop`
// kills, so that the plain command is enough.
const graceful = 8

// gracePeriod is how long, in seconds, a platform waits until it kills: the
// server has ended long before, and is never killed while it finishes.
const gracePeriod = 20

// workerGracePeriod is the same for the worker, which ends the job in hand.
const workerGracePeriod = 60

// command is what the container runs: exec form, so that the server is PID 1
// and gets the signals itself.
func command(a wizard.Answers) []string {
	if a.Traffic == "high" {
		app := a.App
		switch {
		case attributeOfAttribute(a):
			app = "serve:app"
		case a.Factory: // gunicorn evaluates a call, which is its way of naming a factory
			app += "()"
		}
		return []string{"gunicorn", "--config", atTop(a, "gunicorn.conf.py"), app}
	}
	if honoursPort(a) {
		return []string{"python", atTop(a, "serve.py")}
	}
	words := []string{"uvicorn", a.App}
	if a.Factory {
		words = append(words, "--factory")
	}
	return append(words, "--host", "0.0.0.0", "--port", strconv.Itoa(a.Port), "--proxy-headers", "--no-server-header")
}

// startDir is where the container starts: below /app where the app opens files
// by paths below its own folder.
func startDir(a wizard.Answers) string {
	if a.Project.InAppDir {
		return path.Join("/app", a.AppDir)
	}
	return "/app"
}

// atTop is a file at the top of the project, seen from where the container
// starts.
func atTop(a wizard.Answers, file string) string {
	if startDir(a) != "/app" {
		return "/app/" + file
	}
	return file
}

// workerCommand is the worker's command as words. Paths in it are seen from the
// top of the project, wherever the container starts.
func workerCommand(a wizard.Answers) []string {
	words := strings.Fields(a.Worker)
	for i, word := range words {
		folder := i > 0 && words[i-1] == "--workdir"
		if !path.IsAbs(word) && (folder || path.Ext(word) == ".py") {
			words[i] = atTop(a, path.Clean(word))
		}
	}
	return words
}

// attributeOfAttribute reports whether the app is one, as in main:container.app:
// uvicorn takes that, gunicorn a simple name alone.
func attributeOfAttribute(a wizard.Answers) bool {
	_, attribute, _ := strings.Cut(a.App, ":")
	return strings.Contains(attribute, ".")
}

// devCommand restarts the service when a file changes.
func devCommand(a wizard.Answers) []string {
	words := []string{"uvicorn", a.App}
	if a.Factory {
		words = append(words, "--factory")
	}
	words = append(words, "--host", "0.0.0.0", "--port", strconv.Itoa(a.Port), "--reload")
	if a.AppDir != "" {
		words = append(words, "--reload-dir", atTop(a, a.AppDir))
	}
	return words
}

// honoursPort reports whether the platform says by PORT where to listen.
func honoursPort(a wizard.Answers) bool { return a.HasTarget("cloud-run") || a.HasTarget("fly") }

// readsPort reports whether the server of the image reads PORT.
func readsPort(a wizard.Answers) bool { return a.Traffic == "high" || honoursPort(a) }

// processes is how many server processes one container runs by default.
func processes(a wizard.Answers) int {
	switch a.Traffic {
	case "steady":
		return 2
	case "high":
		return 4
	default:
		return 1
	}
}

// settings are the environment variables that the image declares. None is a
// secret. What gunicorn.conf.py or serve.py gives a default is not repeated.
func settings(a wizard.Answers) []setting {
	var list []setting
	if a.AppDir != "" {
		modules := "/app/" + a.AppDir
		if startDir(a) != "/app" {
			modules += ":/app" // the folder in which a server starts is on the path, and this would be it
		}
		list = append(list, setting{"PYTHONPATH", modules, "python-path"})
	}
	if readsPort(a) {
		list = append(list, setting{"PORT", strconv.Itoa(a.Port), "port"})
	}
	list = append(list, setting{"FORWARDED_ALLOW_IPS", "127.0.0.1", "forwarded"})
	if !readsPort(a) {
		list = append(list, tunables(a)...)
	}
	return list
}

// tunables are the settings of the server that a deployment may change, with
// their defaults.
func tunables(a wizard.Answers) []setting {
	wait := setting{"UVICORN_TIMEOUT_GRACEFUL_SHUTDOWN", strconv.Itoa(graceful), "graceful"}
	processes := strconv.Itoa(processes(a))
	switch a.Traffic {
	case "low":
		return []setting{wait}
	case "steady":
		return []setting{wait, {"WEB_CONCURRENCY", processes, "workers"}}
	default:
		return []setting{
			{"WORKERS", processes, "workers"},
			{"TIMEOUT", "120", "timeout"},
			{"GRACEFUL_TIMEOUT", strconv.Itoa(graceful), "graceful"},
			{"KEEP_ALIVE", "5", "keep-alive"},
			{"MAX_REQUESTS", "1000", "recycling"},
			{"MAX_REQUESTS_JITTER", "100", "recycling"},
		}
	}
}

// healthCommand asks the service how it is with the interpreter that is there
// anyway: no curl, no shell, IPv4, and a timeout inside. A socket alone loads a
// tenth of what an HTTP client loads, which counts when it is done every few
// seconds; -I keeps it from importing a module of the project named like one of
// Python's own, -S from reading the environment's packages.
func healthCommand(a wizard.Answers) []string {
	port, imports := strconv.Itoa(a.Port), "socket"
	if readsPort(a) {
		port, imports = "os.environ['PORT']", "os, socket"
	}
	script := fmt.Sprintf("import %s; socket.create_connection(('127.0.0.1', %s), 3)", imports, port)
	if a.HealthPath != "" {
		script = fmt.Sprintf("import %s; s = socket.create_connection(('127.0.0.1', %s), 3)", imports, port)
		script += fmt.Sprintf(`; s.sendall(b'GET %s HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n')`+
			"; raise SystemExit(s.recv(12)[9:10] not in (b'2', b'3'))", a.HealthPath)
	}
	return []string{"python", "-I", "-S", "-c", script}
}

// secretsFolder is where containers find their secrets.
const secretsFolder = "/run/secrets/"

// launcher starts the command after it with the secrets in its environment:
// DATABASE_URL is what the file holds that DATABASE_URL_FILE names. Official
// images do this in a shell; with the interpreter it works in distroless too,
// and no inspection of the container shows the value.
func launcher() []string {
	return []string{"python", "-I", "-S", "-c", "import os, sys" +
		"; os.environ.update({n[:-5]: open(p).read().strip() for n, p in os.environ.items() if n.endswith('_FILE') and p.startswith('" + secretsFolder + "')})" +
		"; os.execvp(sys.argv[1], sys.argv[1:])"}
}

// serverPage is what gunicorn.conf.py and serve.py show.
type serverPage struct {
	App         string
	Factory     bool
	Port        int
	WorkerClass string
	Graceful    int
	Workers     int
	Native      bool

	Module, Object, Attribute string // App in its parts, where gunicorn cannot take it whole
}

// serverFiles are the Python files that the command reads, if any.
func serverFiles(a wizard.Answers) ([]File, error) {
	p := serverPage{
		App: a.App, Factory: a.Factory, Port: a.Port, Graceful: graceful, Workers: processes(a),
		Native: nativeWorker(a), WorkerClass: "uvicorn_worker.UvicornWorker",
	}
	if p.Native {
		p.WorkerClass = "asgi"
	}
	switch {
	case a.Traffic == "high":
		pages := []page{{"gunicorn.conf.py", "server/gunicorn.conf.py", 0o644, "python",
			"Settings of gunicorn, each tunable by an environment variable."}}
		if attributeOfAttribute(a) {
			p.Module, p.Attribute, _ = strings.Cut(a.App, ":")
			p.Object, _, _ = strings.Cut(p.Attribute, ".")
			pages = append(pages, page{"serve.py", "server/app.py", 0o644, "python",
				"Gives the app a name that gunicorn takes."})
		}
		return files(p, pages...)
	case honoursPort(a):
		return files(p, page{"serve.py", "server/serve.py", 0o644, "python",
			"Starts uvicorn on the port that the platform names in PORT."})
	}
	return nil, nil
}
