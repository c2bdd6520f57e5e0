package disk

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"sync"

	"github.com/davit-cli/davit/wizard"
)

const header = `# davit.yaml: the answers that davit makes this project's container files from.
# Change one and run ` + "`davit generate`" + `. What is left out is taken from the project.
`

// EncodeAnswers returns the davit.yaml of these answers: every question in the
// order of the catalogue, each under its own comment. What is known of the
// project is left out, as every run looks at it again, and so are answers
// that say nothing beside the others.
func EncodeAnswers(a wizard.Answers) []byte {
	var b bytes.Buffer
	b.WriteString(header)
	for _, q := range wizard.Catalogue() {
		if q.Asked(a) {
			b.WriteString(entry(q, a))
		}
	}
	return b.Bytes()
}

// entry returns one answer under the question as a comment.
func entry(q wizard.Question, a wizard.Answers) string {
	return fmt.Sprintf("\n# %s\n%s\n", comment(q), line(q, a))
}

func line(q wizard.Question, a wizard.Answers) string {
	return q.ID + ": " + encode(q, a.Get(q.ID))
}

func comment(q wizard.Question) string {
	title := q.Title
	if !strings.HasSuffix(title, "?") {
		title += "."
	}
	if q.Kind != wizard.Choose {
		return title + " " + q.Help
	}
	var ids []string
	for _, c := range q.Choices {
		ids = append(ids, c.ID)
	}
	most := "One of"
	if q.Multiple {
		most = "Any of"
	}
	return title + " " + most + " " + strings.Join(ids, ", ") + "."
}

func encode(q wizard.Question, values []string) string {
	switch {
	case q.Multiple:
		quoted := make([]string, len(values))
		for i, v := range values {
			quoted[i] = quote(v)
		}
		return "[" + strings.Join(quoted, ", ") + "]"
	case len(values) == 0:
		return `""`
	case q.Kind == wizard.Number, q.Kind == wizard.Switch:
		return values[0]
	default:
		return quote(values[0])
	}
}

// plain are the strings that every YAML version reads as that string; `no`
// and its kin are words that some read as something else.
var plain = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[A-Za-z/_][A-Za-z0-9/_.-]*(:[A-Za-z0-9_.]+)?$`)
})

var reserved = strings.Fields("y yes n no true false on off null")

func quote(v string) string {
	ok := plain().MatchString(v)
	for _, word := range reserved {
		ok = ok && !strings.EqualFold(v, word)
	}
	if ok {
		return v
	}
	var b strings.Builder
	e := json.NewEncoder(&b) // a JSON string is a YAML string
	e.SetEscapeHTML(false)
	_ = e.Encode(v) // a string always encodes
	return strings.TrimSuffix(b.String(), "\n")
}
