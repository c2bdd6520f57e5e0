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
		"why":       mark,
		"exec":      execForm,
		"dq":        doubleQuoted,
		"yaml":      yamlScalar,
		"py":        doubleQuoted, // a JSON string is a Python string where it is ASCII, and it is
		"toml":      doubleQuoted, // and a TOML basic string
		"json":      doubleQuoted,
		"hcl":       doubleQuoted, // validated values have no ${ and no %{, which HCL would take for templates
		"uses":      uses,
		"execUnit":  unitExec,
		"unitWords": unitWords,
		"sh":        func(s string) string { return s }, // validated names need no quotes; see wizard
		"join":      func(words []string) string { return strings.Join(words, " ") },
	})
	braces, brackets := newDelimiters("{{", "}}"), newDelimiters("[[", "]]")
	err := fs.WalkDir(assets.Templates, "templates", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		src, err := fs.ReadFile(assets.Templates, path)
		if err != nil {
			return err
		}
		name, with := strings.TrimPrefix(path, "templates/"), braces
		if strings.HasPrefix(name, "helm/") { // a chart has Helm's own actions, in braces
			with = brackets
		}
		_, err = root.New(name).Delims(with.open, with.close).Parse(with.prepare(string(src)))
		return err
	})
	if err != nil {
		panic(fmt.Sprintf("generator: the built-in templates are broken: %v", err)) // a test renders all of them
	}
	return root
})

// delimiters are what an action of davit's templates stands between.
type delimiters struct {
	open, close  string
	alone        *regexp.Regexp
	constantMark *regexp.Regexp
	expression   *regexp.Regexp // one of GitHub's, which looks like an action in braces; nil with others
}

func newDelimiters(open, close string) delimiters {
	o, c := regexp.QuoteMeta(open), regexp.QuoteMeta(close)
	d := delimiters{
		open: open, close: close,
		alone:        regexp.MustCompile(`(?m)^[ \t]*(` + o + `(?:if|else|end|range|with|define|template|/\*)[^{}\[\]]*` + c + `)[ \t]*\n`),
		constantMark: regexp.MustCompile(o + `why "([a-z-]+)"` + c),
	}
	if open == "{{" {
		d.expression = regexp.MustCompile(`\$\{\{.*?\}\}`)
	}
	return d
}

// prepare makes a template of a file below assets/templates. An action that
// has a line for itself makes no line in the output, so that templates need no
// dashes and read as the file that they make. A mark whose id is written out,
// as nearly all are, becomes text before parsing, which spares a call each
// time. GitHub's expressions are written as they are.
func (d delimiters) prepare(text string) string {
	text = d.alone.ReplaceAllString(text, "$1")
	if d.expression != nil {
		text = d.expression.ReplaceAllString(text, "{{`$0`}}")
	}
	return d.constantMark.ReplaceAllString(text, markOpen+"$1"+markClose)
}

// scratch holds what templates write to: a variant is two dozen files, and the
// preview makes one at every key.
var scratch = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// render executes a template and takes the notes out of its output.
func render(name string, data any) (string, []Note, error) {
	out := scratch.Get().(*bytes.Buffer)
	defer scratch.Put(out)
	out.Reset()
	if err := templates().ExecuteTemplate(out, name, data); err != nil {
		return "", nil, fmt.Errorf("template %s: %w", name, err)
	}
	content, marks := finish(out.Bytes())
	return content, notesFor(content, marks), nil
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

// yamlScalar writes s as a YAML string: plain where no reader can take it for
// something else, else in double quotes.
func yamlScalar(s string) string {
	switch strings.ToLower(s) {
	case "y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf":
		return doubleQuoted(s)
	}
	if plain(s) {
		return s
	}
	return doubleQuoted(s)
}

// plain reports whether YAML 1.1 and 1.2 read s as the string that it looks
// like: it begins with a letter or a slash and has no character of syntax.
func plain(s string) bool {
	for i, c := range s {
		letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '/'
		if !letter && (i == 0 || !strings.ContainsRune("0123456789_.-", c)) {
			return false
		}
	}
	return s != ""
}
