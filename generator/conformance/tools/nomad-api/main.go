// Command nomad-api judges job files of Nomad by HashiCorp's own libraries: the
// parser of HCL, the types of Nomad's API with the names that they have in job
// files, and Consul Template, by which Nomad fills in templates. Nomad's own
// reader of job files is part of its server, whose licence is not a free one.
//
//	nomad-api FILE...
//
// It prints each job, as `nomad job run -output` does, what its templates put
// into the environment, and what it has found.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/hashicorp/nomad/api"
)

type report struct {
	Jobs     map[string]*job // by path; those alone that could be read
	Findings []finding
}

type job struct {
	*api.Job
	Variables map[string]variable // of Nomad, that its templates read, by group and task
}

type finding struct {
	File    string
	Line    int
	Rule    string
	Message string
}

func main() {
	r := report{Jobs: map[string]*job{}, Findings: []finding{}}
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: nomad-api FILE...")
		os.Exit(1)
	}
	for _, path := range os.Args[1:] {
		if err := r.judge(path); err != nil {
			fmt.Fprintln(os.Stderr, "nomad-api:", err)
			os.Exit(1)
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(r); err != nil {
		fmt.Fprintln(os.Stderr, "nomad-api:", err)
		os.Exit(1)
	}
}

func (r *report) judge(path string) error {
	source, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	add := func(line int, rule, format string, args ...any) {
		r.Findings = append(r.Findings, finding{path, line, rule, fmt.Sprintf(format, args...)})
	}
	if line := firstDifference(source, hclwrite.Format(source)); line > 0 {
		add(line, "format", "nomad fmt would write this line in another way")
	}
	file, problems := hclsyntax.ParseConfig(source, path, hcl.InitialPos)
	if !problems.HasErrors() {
		var read *api.Job
		read, problems = decode(file.Body.(*hclsyntax.Body))
		if !problems.HasErrors() {
			read.Canonicalize()
			judged := &job{read, map[string]variable{}}
			r.Jobs[path] = judged
			for _, group := range read.TaskGroups {
				for _, task := range group.Tasks {
					where := *group.Name + "/" + task.Name
					v, err := environment(task.Templates)
					if err != nil {
						add(0, "template", "of %s: %v", where, err)
					}
					judged.Variables[where] = v
				}
			}
		}
	}
	for _, p := range problems {
		line := 0
		if p.Subject != nil {
			line = p.Subject.Start.Line
		}
		add(line, "read", "%v", errors.New(p.Summary+": "+p.Detail))
	}
	return nil
}

// firstDifference returns the first line that is another in b, 0 where all are the same.
func firstDifference(a, b []byte) int {
	line := 1
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return line
		}
		if a[i] == '\n' {
			line++
		}
	}
	if len(a) != len(b) {
		return line
	}
	return 0
}
