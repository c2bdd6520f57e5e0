package conformance

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/davit-cli/davit/generator"
)

// Pipeline judges .gitlab-ci.yml: GitLab's own schema, shellcheck on what the
// jobs run, and what a schema cannot see: which job names which.
func Pipeline(files []generator.File) []Finding {
	d := &docket{judge: "pipeline"}
	var scripts []generator.File // each once: most pipelines share them, and shellcheck takes its time
	for _, f := range files {
		var document map[string]yaml.Node
		if err := yaml.Unmarshal([]byte(f.Content), &document); err != nil {
			d.add(f.Path, lineIn(err), "decode", "%v", err)
			continue
		}
		for _, script := range d.jobs(f, document) {
			if !slices.ContainsFunc(scripts, func(s generator.File) bool { return s.Content == script.Content }) {
				scripts = append(scripts, script)
			}
		}
	}
	d.gitlabSchema(files)
	for _, one := range append(Shell(scripts), Shellcheck(scripts)...) {
		d.add(one.File, 0, one.Rule, "%s", one.Message) // the line would be the joined script's
	}
	return d.found
}

// A job is what this judge looks at of one.
type job struct {
	Extends  string
	Stage    string
	Image    jobImage
	Services []jobImage
	Before   []string `yaml:"before_script"`
	Script   []string
	Rules    []map[string]any
}

// jobImage is an image by its name alone, or with more about it.
type jobImage struct{ Name string }

func (i *jobImage) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		return n.Decode(&i.Name)
	}
	var long struct{ Name string }
	err := n.Decode(&long)
	i.Name = long.Name
	return err
}

// globals are keys at the top that are no jobs.
var globals = []string{"workflow", "stages", "variables", "default", "include", "spec"}

var digested = regexp.MustCompile(`:[^@/]+@sha256:[0-9a-f]{64}$`)

// jobs judges the jobs of one pipeline and returns what each of them runs, as
// one script: GitLab runs all lines in one shell that stops at the first error.
func (d *docket) jobs(f generator.File, document map[string]yaml.Node) []generator.File {
	var stages []string
	if n, ok := document["stages"]; ok {
		_ = n.Decode(&stages) // the schema judges its form
	}
	jobs := map[string]job{}
	for name, n := range document {
		var j job
		if slices.Contains(globals, name) {
			continue
		}
		if err := n.Decode(&j); err != nil {
			d.add(f.Path, n.Line, "decode", "%s: %v", name, err)
		}
		jobs[name] = j
	}
	var scripts []generator.File
	for name, j := range jobs {
		line := lineOf(f.Content, "\n"+name+":") + 1
		base, ok := jobs[j.Extends]
		if j.Extends != "" && !ok {
			d.add(f.Path, line, "extends", "%s extends %s, which is not there", name, j.Extends)
		}
		for _, i := range append(slices.Clone(j.Services), j.Image) {
			if i.Name != "" && !digested.MatchString(i.Name) {
				d.add(f.Path, line, "image", "%s runs %s, which is not fixed to its content", name, i.Name)
			}
		}
		if strings.HasPrefix(name, ".") {
			continue
		}
		if !slices.Contains(stages, j.Stage) {
			d.add(f.Path, line, "stage", "%s is in the stage %q, which is not there", name, j.Stage)
		}
		if j.Image.Name == "" && base.Image.Name == "" {
			d.add(f.Path, line, "image", "%s has no image", name)
		}
		if slices.Contains(strings.Fields(strings.Join(j.Script, " ")), "imagetools") && len(j.Rules) == 0 {
			d.add(f.Path, line, "publish", "%s publishes in every pipeline", name)
		}
		before := j.Before
		if before == nil {
			before = base.Before
		}
		text := "#!/bin/sh\nset -eu\n" + strings.Join(append(slices.Clone(before), j.Script...), "\n") + "\n"
		scripts = append(scripts, generator.File{Path: f.Path, Content: text})
	}
	return scripts
}

// gitlabSchema asks for GitLab's own schema, in one run for all files.
func (d *docket) gitlabSchema(files []generator.File) {
	d.ask(files, func(b batch) error {
		const invalid = 1 // the exit status
		args := []string{"--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci", "--output-format", "json"}
		out, err := b.run(programNamed("check-jsonschema"), []int{invalid}, append(args, b.paths()...)...)
		if err != nil {
			return err
		}
		type fault struct{ Filename, Path, Message string }
		var result struct {
			Status   string
			Errors   []fault
			Unparsed []fault `json:"parse_errors"`
		}
		if err := json.Unmarshal(out, &result); err != nil {
			return err
		}
		faults := append(result.Errors, result.Unparsed...)
		if result.Status != "ok" && len(faults) == 0 {
			return fmt.Errorf("status %q", result.Status)
		}
		for _, f := range faults {
			if err := d.addOn(b, f.Filename, 0, "schema", "%s", strings.TrimPrefix(f.Path+": "+f.Message, ": ")); err != nil {
				return err
			}
		}
		return nil
	})
}
