package generator

import (
	"regexp"
	"strings"
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

// The note tells of processes that nobody has counted, and of no others.
func TestAWorkerThatForksForEveryProcessorIsTold(t *testing.T) {
	for worker, want := range map[string]bool{
		"celery -A app.tasks worker": true, "celery -A app.tasks worker --loglevel=info": true,
		"celery -A app.tasks worker --concurrency 2": false, "celery -A app.tasks worker -c 4": false, "celery -A app.tasks worker --autoscale=4,1": false,
		"celery -A app.tasks worker -P solo": false, "celery -A app.tasks beat": false, "arq app.worker.Settings": false, "": false,
	} {
		if got := forks(strings.Fields(worker)); got != want {
			t.Errorf("%q: %t, want %t", worker, got, want)
		}
	}
}
