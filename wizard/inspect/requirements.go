package inspect

import (
	"path"
	"slices"
	"strings"
)

// requirement is one dependency as PEP 508 writes it.
type requirement struct {
	name    string // normalised
	version string // of ==, else ""
	extras  []string
	line    int
}

var (
	separators = pattern(`[-_.]+`)
	// name[extras] and what follows: a version, a marker, an address
	pep508 = pattern(`^([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[([^\]]*)\])?\s*(.*)$`)
	pinned = pattern(`^\(?\s*={2,3}\s*([A-Za-z0-9][A-Za-z0-9.!+_-]*)\s*\)?\s*(?:;.*)?$`)
	egg    = pattern(`#egg=([A-Za-z0-9._-]+)`)
)

// normal returns a distribution's name in the form that PEP 503 compares.
func normal(name string) string { return strings.ToLower(separators().ReplaceAllString(name, "-")) }

// parseRequirement reads one requirement; ok is false where there is none.
func parseRequirement(s string) (r requirement, ok bool) {
	m := pep508().FindStringSubmatch(strings.TrimSpace(s))
	if m == nil {
		return r, false
	}
	rest := strings.TrimSpace(m[3])
	if rest != "" && !strings.ContainsAny(rest[:1], "=<>!~;@(#") {
		return r, false
	}
	if elsewhere(rest) {
		return r, false
	}
	r.name = normal(m[1])
	for extra := range strings.SplitSeq(m[2], ",") {
		if extra = strings.TrimSpace(extra); extra != "" {
			r.extras = append(r.extras, normal(extra))
		}
	}
	if v := pinned().FindStringSubmatch(rest); v != nil && !strings.HasSuffix(v[1], ".") {
		r.version = v[1]
	}
	return r, true
}

var onlyElsewhere = pattern(`^[^;]*(?:;|^)?\s*\(*\s*(?:sys_platform|platform_system|os_name)\s*==\s*["'](?:win32|Windows|darwin|Darwin|nt|cygwin)["']`)

// elsewhere reports whether an environment marker keeps a package off Linux.
func elsewhere(marker string) bool {
	return strings.Contains(marker, "==") && !strings.Contains(marker, " or ") && onlyElsewhere().MatchString(marker)
}

// requirements is what a requirements file and the ones that it includes say.
type requirements struct {
	files  []string // the file itself first, then the included ones
	list   []requirement
	hashes bool
}

// readRequirements follows -r inside the folder.
func (s *scan) readRequirements(file string) requirements {
	var r requirements
	s.addRequirements(&r, file)
	return r
}

func (s *scan) addRequirements(r *requirements, file string) {
	if slices.Contains(r.files, file) || len(r.files) > 50 || !s.tree.has(file) {
		return
	}
	r.files = append(r.files, file)
	for _, l := range requirementLines(s.tree.read(file)) {
		if include, ok := option(l.text, "-r", "--requirement"); ok {
			s.addRequirements(r, path.Join(path.Dir(file), include))
			continue
		}
		if strings.Contains(l.text, "--hash=") {
			r.hashes = true
			l.text, _, _ = strings.Cut(l.text, "--hash=")
		}
		if m := egg().FindStringSubmatch(l.text); m != nil {
			r.list = append(r.list, requirement{name: normal(m[1]), line: l.line})
			continue
		}
		if q, ok := parseRequirement(l.text); ok {
			q.line = l.line
			r.list = append(r.list, q)
		}
	}
}

type numbered struct {
	text string
	line int
}

// requirementLines returns the logical lines of a requirements file without
// comments: a backslash joins, " #" begins a comment.
func requirementLines(text string) []numbered {
	var all []numbered
	joined, start, n := "", 0, 0
	text = strings.TrimPrefix(text, "\ufeff")
	for line := range strings.Lines(text) {
		n++
		if joined == "" {
			start = n
		}
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "#") {
			line = ""
		} else if i := strings.Index(line, " #"); i >= 0 {
			line = strings.TrimSpace(line[:i])
		}
		if more, ok := strings.CutSuffix(line, "\\"); ok {
			joined += more + " "
			continue
		}
		if line = strings.TrimSpace(joined + line); line != "" {
			all = append(all, numbered{line, start})
		}
		joined = ""
	}
	if joined = strings.TrimSpace(joined); joined != "" {
		all = append(all, numbered{joined, start})
	}
	return all
}

// option returns the value of an option that begins a line: -r x, --requirement=x.
func option(line string, short, long string) (string, bool) {
	for _, k := range [...]string{short, long} {
		if rest, ok := strings.CutPrefix(line, k); ok {
			return strings.Trim(strings.TrimSpace(strings.TrimPrefix(rest, "=")), `"'`), true
		}
	}
	return "", false
}
