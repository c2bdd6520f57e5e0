package inspect

import (
	"fmt"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/davit-cli/davit/wizard"
)

// What a folder without a FastAPI app may hold: something that whoever starts
// a service there would come between.
const (
	HasCode         = "Python code"
	HasDependencies = "dependencies"
	HasNotebooks    = "notebooks"
)

// frameworks are what a folder without a FastAPI app may be for, by the module
// that is imported.
var frameworks = map[string]string{
	"flask": "Flask", "django": "Django", "sanic": "Sanic", "tornado": "Tornado", "bottle": "Bottle",
	"streamlit": "Streamlit", "gradio": "Gradio", "dash": "Dash",
}

var frameworkImport = pattern(`(?m)^[ \t]*(?:from|import)[ \t]+(flask|django|sanic|tornado|bottle|streamlit|gradio|dash)\b`)

// without looks at a folder in which no app was found.
func (s *scan) without(f *Facts) {
	for _, file := range s.tree.files {
		dir, base := path.Split(file)
		what := ""
		switch {
		case strings.HasSuffix(base, ".py"):
			what = HasCode
			if f.Framework.Value == "" && !s.tree.aside(file) {
				f.Framework = s.framework(file)
			}
		case dir == "" && wizard.Declares(base):
			what = HasDependencies
		case strings.HasSuffix(base, ".ipynb"):
			what = HasNotebooks
		default:
			continue
		}
		if !slices.ContainsFunc(f.Contents, func(c Fact) bool { return c.Value == what }) {
			f.Contents = append(f.Contents, Fact{Value: what, Evidence: file})
		}
	}
}

func (s *scan) framework(file string) Fact {
	text := string(s.tree.load(file, mostBytes))
	for _, at := range frameworkImport().FindAllStringSubmatchIndex(text, -1) {
		if module := text[at[2]:at[3]]; s.asksFor(module) {
			return Fact{Value: frameworks[module], Evidence: s.tree.at(file, text, at[2])}
		}
	}
	return Fact{}
}

// asksFor reports whether the project depends on a framework. A library has
// parts for those that its users may have, and is for none of them. A project
// that depends on FastAPI too is for FastAPI. Where no dependencies are known,
// the source is believed.
func (s *scan) asksFor(framework string) bool {
	m := s.manifest
	if m == nil || len(m.direct) == 0 {
		return true
	}
	if m.forWeb() {
		return false // the other is beside it
	}
	_, installed := m.packages[framework]
	return installed || slices.ContainsFunc(m.direct, func(r requirement) bool { return r.name == framework })
}

// top lists what is in the folder itself, files and folders, also those that
// git ignores and nothing else here looks at.
func (t *tree) top() []string {
	entries, err := os.ReadDir(t.dir)
	if err != nil {
		return nil
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name()
	}
	return names
}

// LooksLike says what a folder without a FastAPI app seems to be, or "".
func (f Facts) LooksLike() string {
	if f.Framework.Value != "" {
		return fmt.Sprintf("this looks like %s (%s), and davit is for FastAPI", f.Framework.Value, f.Framework.Evidence)
	}
	if len(f.Contents) == 0 {
		return ""
	}
	var parts []string
	for _, c := range f.Contents {
		parts = append(parts, fmt.Sprintf("%s (%s)", c.Value, c.Evidence))
	}
	return "the folder has " + strings.Join(parts, " and ") + ", and no FastAPI app"
}

// Notebooks reports whether a folder without an app has notebooks and no code.
func (f Facts) Notebooks() bool {
	has := func(what string) bool {
		return slices.ContainsFunc(f.Contents, func(c Fact) bool { return c.Value == what })
	}
	return has(HasNotebooks) && !has(HasCode)
}
