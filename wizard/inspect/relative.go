package inspect

import (
	"path"
	"strings"
)

var opened = pattern(`\b(?:StaticFiles|Jinja2Templates|FileSystemLoader|FileResponse|open)\(\s*(?:directory\s*=\s*|path\s*=\s*|searchpath\s*=\s*)?["'](?:\./)?([\w.-]+(?:/[\w.-]+)*)/?["']`)

// opensBelow reports whether the app opens files by paths that lie below a
// folder, and below the project's own by none: it is started there. A folder
// of static files that is not there ends the start.
func (s *scan) opensBelow(dir string) bool {
	found := false
	for file, text := range s.program.sources {
		if !strings.HasPrefix(file, dir+"/") || s.tree.aside(file) {
			continue
		}
		for _, m := range opened().FindAllStringSubmatch(text, -1) {
			if s.there(m[1]) {
				return false
			}
			found = found || s.there(path.Join(dir, m[1]))
		}
	}
	return found
}

func (s *scan) there(name string) bool { return s.tree.has(name) || s.tree.dirs[name] }
