package inspect

import (
	"path/filepath"
	"strings"
)

// name makes the service's name of the project's, or of the folder's.
func (s *scan) name() Fact {
	p := s.readPyproject("pyproject.toml")
	if label := label(p.Project.Name); label != "" {
		return Fact{Value: label, Evidence: s.tree.find("pyproject.toml", "\nname")}
	}
	if p.Tool.Poetry != nil {
		if label := label(p.Tool.Poetry.Name); label != "" {
			return Fact{Value: label, Evidence: s.tree.find("pyproject.toml", "\nname")}
		}
	}
	dir, err := filepath.Abs(s.tree.dir)
	if err != nil {
		return Fact{}
	}
	return Fact{Value: label(filepath.Base(dir)), Evidence: "."}
}

// label makes a DNS label of a name: what cannot stand in one becomes a dash.
func label(name string) string {
	var b strings.Builder
	for _, c := range strings.ToLower(name) {
		switch {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9' && b.Len() > 0:
			b.WriteRune(c)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	v := b.String()
	return strings.Trim(v[:min(len(v), 63)], "-")
}
