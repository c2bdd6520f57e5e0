package generator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"sync"
	"text/template"

	"github.com/davit-cli/davit/assets"
)

// templates parses every template once. A template's name is its path below
// assets/templates; a file's defines are shared by all.
var templates = sync.OnceValue(func() *template.Template {
	root := template.New("").Funcs(template.FuncMap{
		"why":  mark,
		"exec": execForm,
		"dq":   doubleQuoted,
		"yaml": yamlScalar,
		"py":   doubleQuoted,                       // a JSON string is a Python string where it is ASCII, and it is
		"toml": doubleQuoted,                       // and a TOML basic string
		"sh":   func(s string) string { return s }, // validated names need no quotes; see wizard
		"join": func(words []string) string { return strings.Join(words, " ") },
	})
	err := fs.WalkDir(assets.Templates, "templates", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		src, err := fs.ReadFile(assets.Templates, path)
		if err != nil {
			return err
		}
		text := alone.ReplaceAllString(string(src), "$1")
		text = constantMark.ReplaceAllString(text, markOpen+"$1"+markClose)
		_, err = root.New(strings.TrimPrefix(path, "templates/")).Parse(text)
		return err
	})
	if err != nil {
		panic(fmt.Sprintf("generator: the built-in templates are broken: %v", err)) // a test renders all of them
	}
	return root
})

// alone matches an action that has a line for itself, with the line's end:
// such a line makes no line in the output, so that templates need no dashes
// and read as the file that they make.
var alone = regexp.MustCompile(`(?m)^[ \t]*(\{\{(?:if|else|end|range|with|define|template|/\*)[^{}]*\}\})[ \t]*\n`)

// constantMark matches a mark whose id is written out, as nearly all are: it
// becomes text before parsing, which spares a call each time.
var constantMark = regexp.MustCompile(`\{\{why "([a-z-]+)"\}\}`)

// render executes a template and takes the notes out of its output.
func render(name string, data any) (string, []Note, error) {
	var out bytes.Buffer
	if err := templates().ExecuteTemplate(&out, name, data); err != nil {
		return "", nil, fmt.Errorf("template %s: %w", name, err)
	}
	content, marks := unmark(tidy(out.String()))
	return content, notesFor(content, marks), nil
}

// tidy leaves one blank line where branches of a template left several, none
// at either end, and one newline at the end.
func tidy(s string) string {
	var out strings.Builder
	out.Grow(len(s))
	blank := false
	for line := range strings.SplitSeq(s, "\n") {
		if strings.TrimRight(line, " \t") == "" {
			blank = true
			continue
		}
		if blank && out.Len() > 0 {
			out.WriteByte('\n')
		}
		blank = false
		out.WriteString(line)
		out.WriteByte('\n')
	}
	return out.String()
}

// execForm writes a command as Docker's exec form, a JSON array.
func execForm(words []string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = doubleQuoted(w)
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

// doubleQuoted writes s as a JSON string, which Dockerfile, YAML, TOML and
// Python read alike as long as s is ASCII, and validated values are.
func doubleQuoted(s string) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false) // & and < are themselves in all of these languages
	_ = enc.Encode(s)        // a string always encodes
	return strings.TrimSuffix(b.String(), "\n")
}

// plain matches scalars that YAML 1.1 and 1.2 read as the string that they
// look like; words such as no, on, null and numbers are told apart below.
var plain = regexp.MustCompile(`^[A-Za-z/][A-Za-z0-9_./-]*$`)

// yamlScalar writes s as a YAML string: plain where no reader can take it for
// something else, else in double quotes.
func yamlScalar(s string) string {
	switch strings.ToLower(s) {
	case "y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf":
		return doubleQuoted(s)
	}
	if plain.MatchString(s) {
		return s
	}
	return doubleQuoted(s)
}
