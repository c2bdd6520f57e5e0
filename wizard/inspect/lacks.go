package inspect

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// python lists every Python file.
func (t *tree) python() []string {
	all := []string{}
	for _, f := range t.files {
		if strings.HasSuffix(f, ".py") {
			all = append(all, f)
		}
	}
	return all
}

// LacksDir says that the folder has no code in dir, or returns "". So does
// LacksApp of an app's module and attribute. Neither is an error: what a build
// makes, and what an installed package brings, is not in the folder.
func (f Facts) LacksDir(dir string) string {
	below := func(file string) bool { return strings.HasPrefix(file, dir+"/") }
	if dir == "" || f.modules == nil || slices.ContainsFunc(f.modules, below) {
		return ""
	}
	return fmt.Sprintf("there is no Python code in a folder %s", dir)
}

// LacksApp says that the folder has no such app, or returns "".
func (f Facts) LacksApp(app, dir string) string {
	module, attribute, ok := strings.Cut(app, ":")
	if !ok || f.modules == nil || f.LacksDir(dir) != "" {
		return ""
	}
	end := strings.ReplaceAll(module, ".", "/")
	var files []string
	for _, file := range f.modules {
		for _, name := range [...]string{end + ".py", end + "/__init__.py"} {
			if file == path.Join(dir, name) || dir == "" && strings.HasSuffix(file, "/"+name) {
				files = append(files, file)
			}
		}
	}
	if files == nil {
		return fmt.Sprintf("there is no module %s: neither %s nor %s", module, path.Join(dir, end+".py"), path.Join(dir, end, "__init__.py"))
	}
	first, _, _ := strings.Cut(attribute, ".")
	word, err := regexp.Compile(`\b` + regexp.QuoteMeta(first) + `\b|import \*`)
	if err != nil {
		return ""
	}
	for _, file := range files {
		if text, ok := f.sources[file]; !ok || word.MatchString(text) {
			return ""
		}
	}
	return fmt.Sprintf("there is no %s in %s", first, files[0])
}

// OldPython says that the version of Python which was found has no image any
// more, and which is taken, or returns "".
func (f Facts) OldPython(taken string) string {
	if !f.tooOld() {
		return ""
	}
	return fmt.Sprintf("Python %s was found (%s), which gets no fixes and has no image here: %s is taken, and packages that are pinned for the older one may not install on it", f.Python.Value, f.Python.Evidence, taken)
}

// LacksSystem says which of the system packages that the project's own image
// has to run are not named in the Dockerfile that takes its place, or returns
// ""; there may be none. Debian renamed some of them for its 13th release, and
// a conda environment brings its own libraries.
func (f Facts) LacksSystem(dockerfile, dependencies string) string {
	if dockerfile == "" || dependencies == "conda" {
		return ""
	}
	var names []string
	at := ""
	for _, p := range f.System {
		name := strings.TrimSuffix(strings.TrimSuffix(p.Value, "t64"), "-mesa-glx")
		if strings.Contains(dockerfile, " "+name) {
			continue
		}
		names = append(names, p.Value)
		if at == "" {
			at = p.Evidence
		}
	}
	if names == nil {
		return ""
	}
	return fmt.Sprintf("%s installs %s, and the new Dockerfile does not: add what the service needs to run", at, strings.Join(names, ", "))
}

// LowPort says that the port which was found is none for a container without
// root, and what is taken, or returns "".
func (f Facts) LowPort(taken int) string {
	if n, err := strconv.Atoi(f.Port.Value); err != nil || n >= 1024 {
		return ""
	}
	return fmt.Sprintf("port %s was found (%s), and a container without root listens from 1024 on: here on %d", f.Port.Value, f.Port.Evidence, taken)
}
