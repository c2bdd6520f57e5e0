package inspect

import (
	"path"
	"strconv"
	"strings"
)

// start is what a command says about the service.
type start struct {
	server  string // the program
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
		case "uvicorn", "gunicorn", "hypercorn", "granian", "daphne", byImage:
			if st, ok := readServer(words[i+1:]); ok {
				st.server = base
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
