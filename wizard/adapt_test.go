package wizard

import (
	"strings"
	"testing"
)

// Each change comes with the rules that it mends, also where one change mends
// several, or the rules stand in another order than the questions.
func TestAChangeTellsTheRulesThatItMends(t *testing.T) {
	a := Defaults()
	a.Base, a.Dependencies, a.Python = "distroless", "conda", "3.12"
	adapted, changes, ok := Adapt(a, "base")
	if !ok || len(changes) != 2 || len(Broken(adapted)) > 0 {
		t.Fatalf("%v %v %v", adapted.Variant(), changes, ok)
	}
	for _, c := range changes {
		about := map[string]string{"dependencies": "conda environment", "python": "Python 3.13"}[c.Question.ID]
		if about == "" || !strings.Contains(c.Why, about) || strings.Count(c.Why, ".") > 3 {
			t.Errorf("%s gives way, as %s", c.Question.ID, c.Why)
		}
	}

	a = Defaults()
	a.Base, a.Python = "distroless", "3.13"
	a.Project.Packages = map[string]string{"pyzbar": "1", "pdf2image": "1"}
	_, changes, ok = Adapt(a, "python")
	if !ok || len(changes) != 1 || !strings.Contains(changes[0].Why, "ldconfig") || !strings.Contains(changes[0].Why, "package manager") {
		t.Errorf("%v %v", changes, ok)
	}
}
