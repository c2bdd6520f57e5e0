package tui

import (
	"testing"

	"github.com/davit-cli/davit/wizard"
)

// Every choice can be had from every answer: what stands against it gives way,
// the choice itself and what was decided before do not.
func TestEveryChoiceCanBeHad(t *testing.T) {
	starts := []wizard.Answers{wizard.Defaults()}
	for _, r := range wizard.Rules() {
		for id, values := range r.When {
			a := wizard.Defaults()
			if a.Set(id, values[0]) == nil {
				starts = append(starts, a)
			}
		}
		for id, values := range r.Excludes {
			for _, v := range values {
				a := wizard.Defaults()
				if a.Set(id, v) == nil {
					starts = append(starts, a)
				}
			}
		}
	}
	for _, from := range starts {
		for _, q := range wizard.Catalogue() {
			for _, c := range q.Choices {
				a := from.Clone()
				if err := a.Set(q.ID, c.ID); err != nil {
					t.Fatal(err)
				}
				broken := len(wizard.Broken(a)) > 0
				got, changes, ok := adapt(a, q.ID)
				if !ok {
					t.Errorf("%s with %s %s: nothing gives way", from.Variant(), q.ID, c.ID)
					continue
				}
				if err := got.Validate(); err != nil {
					t.Errorf("%s with %s %s: %v", from.Variant(), q.ID, c.ID, err)
				}
				if first(got.Get(q.ID)) != c.ID {
					t.Errorf("%s with %s %s: the choice gave way itself", from.Variant(), q.ID, c.ID)
				}
				if broken != (len(changes) > 0) {
					t.Errorf("%s with %s %s: changes %v", from.Variant(), q.ID, c.ID, changes)
				}
			}
		}
	}
}
