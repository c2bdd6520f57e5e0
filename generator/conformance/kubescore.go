package conformance

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/davit-cli/davit/generator"
)

// scored are the kinds that davit makes and kube-score has checks for.
var scored = regexp.MustCompile(`(?m)^kind: (Deployment|Service|HorizontalPodAutoscaler|PodDisruptionBudget|NetworkPolicy|Ingress)$`)

// KubeScore judges what each overlay makes by kube-score's checks, the
// optional ones included, and takes all that is not 'all OK'.
func KubeScore(files []generator.File) []Finding {
	d := &docket{judge: "kube-score"}
	return d.ask(files, func(b batch) error {
		for i := range files {
			if err := d.score(b, i); err != nil {
				return err
			}
		}
		return nil
	})
}

// score judges one overlay: what is in another is not there for its objects.
func (d *docket) score(b batch, i int) error {
	const critical = 1 // the exit status; what was found stands in the report as well
	out, err := b.run(programNamed("kube-score"), []int{critical}, "score", "--output-format=json",
		"--all-default-optional", "--kubernetes-version=v1.37", b.path(i))
	if err != nil {
		return err
	}
	var objects []struct {
		Name   string `json:"object_name"`
		Checks []struct {
			Check    struct{ ID string }
			Grade    int
			Skipped  bool
			Comments []struct{ Path, Summary, Description string }
		}
		Row int `json:"file_row"`
	}
	if err := json.Unmarshal(out, &objects); err != nil {
		return err
	}
	if n := len(scored.FindAllString(b.files[i].Content, -1)); len(objects) < n {
		return fmt.Errorf("judged %d of %d objects in %s", len(objects), n, b.files[i].Path)
	}
	for _, o := range objects {
		if len(o.Checks) == 0 {
			return fmt.Errorf("has not looked at %s", o.Name)
		}
		for _, c := range o.Checks {
			const allOK = 10
			if c.Skipped || c.Grade >= allOK {
				continue
			}
			said := []string{o.Name}
			for _, m := range c.Comments {
				said = append(said, strings.Trim(m.Path+": "+m.Summary, ": "))
			}
			if err := d.addOn(b, b.path(i), o.Row, c.Check.ID, "%s", strings.Join(said, "; ")); err != nil {
				return err
			}
		}
	}
	return nil
}
