package main

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/consul-template/dependency"
	"github.com/hashicorp/consul-template/template"
	"github.com/hashicorp/go-envparse"
	"github.com/hashicorp/nomad/api"
)

// A variable is one of Nomad's, as far as a task reads it.
type variable struct {
	Path        string
	Environment []string // names of what it puts there
}

// hostile is a value that has to come through whole.
const hostile = "p$ss'w\"o#rd \\ ${x} {{y}} 100% a=b\nend"

var (
	asked  = regexp.MustCompile(`\.([A-Za-z0-9_]+)`)
	lookUp = regexp.MustCompile(`^nomad\.var\.block\((.*)@default\.global\)$`) // as Consul Template calls a look-up that waits
)

// environment fills in the templates of a task with hostile values, as
// Nomad's client does, and tells what they give the task. It is an error where
// a value does not come through, where one that is missing goes unnoticed, or
// where anything else is read than one variable.
func environment(templates []*api.Template) (variable, error) {
	var read variable
	for _, t := range templates {
		if t.EmbeddedTmpl == nil || t.Envvars == nil || !*t.Envvars {
			return read, errors.New("is none that makes an environment")
		}
		filler, err := template.NewTemplate(&template.NewTemplateInput{
			Contents:      *t.EmbeddedTmpl,
			LeftDelim:     *t.LeftDelim,
			RightDelim:    *t.RightDelim,
			ErrMissingKey: *t.ErrMissingKey,
		})
		if err != nil {
			return read, err
		}
		brain := template.NewBrain()
		first, err := filler.Execute(&template.ExecuteInput{Brain: brain})
		if err != nil {
			return read, err
		}
		needed := first.Missing.List()
		if len(needed) != 1 {
			return read, fmt.Errorf("reads %d things, not one variable", len(needed))
		}
		m := lookUp.FindStringSubmatch(needed[0].String())
		if m == nil || read.Path != "" && read.Path != m[1] {
			return read, fmt.Errorf("reads %s", needed[0])
		}
		read.Path = m[1]

		brain.Remember(needed[0], items(nil))
		if out, err := filler.Execute(&template.ExecuteInput{Brain: brain}); err == nil {
			return read, fmt.Errorf("is content with a variable that has none of the items, and gives %q", out.Output)
		}
		given := map[string]string{}
		for _, m := range asked.FindAllStringSubmatch(*t.EmbeddedTmpl, -1) {
			given[m[1]] = hostile + m[1]
		}
		brain.Remember(needed[0], items(given))
		out, err := filler.Execute(&template.ExecuteInput{Brain: brain})
		if err != nil {
			return read, err
		}
		environment, err := envparse.Parse(strings.NewReader(string(out.Output)))
		if err != nil {
			return read, fmt.Errorf("gives no environment: %w", err)
		}
		for name, value := range environment {
			if value != given[name] {
				return read, fmt.Errorf("%s is %q in place of %q", name, value, given[name])
			}
		}
		read.Environment = append(read.Environment, slices.Sorted(maps.Keys(environment))...)
	}
	return read, nil
}

func items(given map[string]string) *dependency.NomadVarItems {
	return &dependency.NewNomadVariable(&api.Variable{Items: given}).Items
}
