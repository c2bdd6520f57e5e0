package generator

import (
	"regexp"
	"testing"

	"github.com/davit-cli/davit/wizard"
)

// A worker is recycled only where another takes the requests meanwhile.
func TestTheOnlyWorkerIsNotRecycled(t *testing.T) {
	q, _ := wizard.Find("target")
	one := regexp.MustCompile(`\bWORKERS(?:: "|=| = "|"?\n? +value: "|", ")1"?\b`)
	never := regexp.MustCompile(`\bMAX_REQUESTS(?:: "|=| = "|"?\n? +value: "|", ")0"?\b`)
	seen := 0
	for _, c := range q.Choices {
		a := wizard.Defaults()
		a.Traffic, a.Targets = "high", []string{c.ID}
		files, err := Generate(a)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			alone, kept := one.MatchString(f.Content), never.MatchString(f.Content)
			if alone != kept {
				t.Errorf("%s: runs one worker: %t, recycles none: %t", f.Path, alone, kept)
			}
			if alone {
				seen++
			}
		}
	}
	if seen < 3 {
		t.Errorf("%d files set one worker, and those of Kubernetes, Cloud Run and Fly.io do", seen)
	}
}
