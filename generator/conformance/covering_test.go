package conformance

import (
	"reflect"
	"slices"
	"testing"

	"github.com/davit-cli/davit/wizard"
)

// TestCoveringHasEveryAllowedPair asks the catalogue and the rules which pairs
// there are, not the generator of the set.
func TestCoveringHasEveryAllowedPair(t *testing.T) {
	set := Covering()
	covered := map[pair]bool{}
	for _, a := range set {
		if err := a.Validate(); err != nil {
			t.Errorf("%s: %v", a.Variant(), err)
		}
		for _, p := range pairs(a) {
			covered[p] = true
		}
	}
	var asked []wizard.Question
	for _, q := range wizard.Catalogue() {
		if q.Room == wizard.Main {
			asked = append(asked, q)
		}
	}
	allowed := 0
	for i, q := range asked {
		for _, other := range asked[i+1:] {
			for _, c := range q.Choices {
				for _, d := range other.Choices {
					a := with(with(wizard.Defaults(), q.ID, []string{c.ID}), other.ID, []string{d.ID})
					p := pair{choice{q.ID, c.ID}, choice{other.ID, d.ID}}
					if excluded := len(wizard.Broken(a)) > 0; excluded == covered[p] {
						t.Errorf("%v: excluded %t, covered %t", p, excluded, covered[p])
					} else if !excluded {
						allowed++
					}
				}
			}
		}
	}
	target, _ := wizard.Find("target")
	targets := len(target.Choices)
	// 7 ways to declare dependencies, 3 of traffic, 4 bases, and the targets: without
	// conda on all bases but slim.
	if want := 7*3 + 7*4 - 3 + 7*targets + 3*4 + 3*targets + 4*targets; allowed != want {
		t.Errorf("%d pairs are allowed, and there should be %d: look whether `together` still makes sense", allowed, want)
	}
	if len(set) > 28 {
		t.Errorf("%d combinations are too many to build each time", len(set))
	}
	t.Logf("%d combinations have all %d pairs", len(set), allowed)
}

func TestCoveringIsTheSameEachTime(t *testing.T) {
	if one, other := Covering(), Covering(); !reflect.DeepEqual(one, other) {
		t.Errorf("%v and %v", one, other)
	}
}

func TestCoveringHasNoCombinationForNothing(t *testing.T) {
	set := Covering()
	for i := range set {
		left := map[pair]bool{}
		for _, p := range pairs(set[i]) {
			left[p] = true
		}
		for j, a := range set {
			if j != i {
				for _, p := range pairs(a) {
					delete(left, p)
				}
			}
		}
		if len(left) == 0 {
			t.Errorf("%s has no pair that another has not", set[i].Variant())
		}
	}
}

// TestEveryTargetIsBuiltFor: what is not in `together` would never be built.
func TestEveryTargetIsBuiltFor(t *testing.T) {
	target, _ := wizard.Find("target")
	for _, c := range target.Choices {
		if !slices.ContainsFunc(together, func(set []string) bool { return slices.Contains(set, c.ID) }) {
			t.Errorf("no image of the covering set is for %s", c.ID)
		}
	}
}
