package conformance

import (
	"encoding/json"
	"fmt"

	"github.com/davit-cli/davit/generator"
)

// CheckovDockerfile judges Dockerfiles by Checkov's policies.
func CheckovDockerfile(files []generator.File) []Finding {
	return checkov("checkov", "dockerfile", files)
}

// CheckovKubernetes judges Kubernetes objects by Checkov's policies.
func CheckovKubernetes(files []generator.File) []Finding {
	return checkov("checkov-kubernetes", "kubernetes", files)
}

func checkov(judge, framework string, files []generator.File) []Finding {
	d := &docket{judge: judge}
	return d.ask(files, func(b batch) error {
		out, err := b.run(programNamed("checkov"), nil, "--framework="+framework, "--directory="+b.folder(),
			"--output=json", "--quiet", "--compact", "--skip-download", "--soft-fail")
		if err != nil {
			return err
		}
		var report struct {
			Results struct {
				Failed []struct {
					Rule     string `json:"check_id"`
					Name     string `json:"check_name"`
					File     string `json:"file_path"`
					Lines    []int  `json:"file_line_range"`
					Resource string
				} `json:"failed_checks"`
			}
			Summary struct {
				Judged   int `json:"resource_count"`
				Unparsed int `json:"parsing_errors"`
			}
		}
		if err := json.Unmarshal(out, &report); err != nil {
			return err
		}
		if s := report.Summary; s.Judged < len(files) || s.Unparsed > 0 {
			return fmt.Errorf("judged %d of %d files, %d of them unreadable to it", s.Judged, len(files), s.Unparsed)
		}
		for _, f := range report.Results.Failed {
			line := 0
			if len(f.Lines) > 0 {
				line = f.Lines[0]
			}
			if err := d.addOn(b, f.File, line, f.Rule, "%s: %s", f.Resource, f.Name); err != nil {
				return err
			}
		}
		return nil
	})
}
