package conformance

import (
	"encoding/json"
	"errors"
	"regexp"

	"github.com/davit-cli/davit/generator"
)

// Hadolint judges Dockerfiles by hadolint's rules of every level, and each RUN
// by the ShellCheck in it.
func Hadolint(files []generator.File) []Finding {
	d := &docket{judge: "hadolint"}
	return d.ask(files, func(b batch) error {
		out, err := b.run(programNamed("hadolint"), nil, append([]string{"--no-fail", "--format=json"}, b.paths()...)...)
		if err != nil {
			return err
		}
		var results []struct {
			Code, File, Message string
			Line                int
		}
		if err := json.Unmarshal(out, &results); err != nil {
			return err
		}
		if results == nil {
			return errors.New("printed no list of results")
		}
		for _, r := range results {
			if err := d.addOn(b, r.File, r.Line, r.Code, "%s", r.Message); err != nil {
				return err
			}
		}
		return nil
	})
}

// values are instructions in which hadolint has no rule that a project's own
// values could break: the names, ports, modules and settings of the samples.
var values = regexp.MustCompile(`(?m)^(ENV|LABEL|EXPOSE|HEALTHCHECK|CMD) .*(\n    .*)*`)

// asHadolintSees leaves such values out. ShellCheck takes 70 ms for the RUNs
// of one Dockerfile, and two of three differ from another in nothing else.
func asHadolintSees(content string) string { return values.ReplaceAllString(content, "$1") }
