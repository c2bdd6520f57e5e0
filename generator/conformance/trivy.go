package conformance

import (
	"encoding/json"
	"fmt"

	"github.com/davit-cli/davit/generator"
)

// TrivyDockerfile judges Dockerfiles by Trivy's policies of every severity.
func TrivyDockerfile(files []generator.File) []Finding {
	return trivy("trivy", "dockerfile", files)
}

// TrivyKubernetes judges Kubernetes objects by Trivy's policies.
func TrivyKubernetes(files []generator.File) []Finding {
	return trivy("trivy-kubernetes", "kubernetes", files)
}

func trivy(judge, kind string, files []generator.File) []Finding {
	d := &docket{judge: judge}
	return d.ask(files, func(b batch) error {
		out, err := b.run(programNamed("trivy"), nil, kind, b.folder())
		if err != nil {
			return err
		}
		var report struct {
			Judged   map[string]int
			Findings []struct {
				File, Rule, Message string
				Line                int
			}
		}
		if err := json.Unmarshal(out, &report); err != nil {
			return err
		}
		for i := range files {
			if report.Judged[b.name(i)] == 0 {
				return fmt.Errorf("has no verdict on %s", b.name(i))
			}
		}
		for _, f := range report.Findings {
			if err := d.addOn(b, f.File, f.Line, f.Rule, "%s", f.Message); err != nil {
				return err
			}
		}
		return nil
	})
}
