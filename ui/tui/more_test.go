package tui

import (
	"slices"
	"testing"
)

// What was typed or ticked and not yet confirmed goes along with a variant that
// is taken, whichever of both it is.
func TestATakenVariantKeepsWhatWasTypedOrTicked(t *testing.T) {
	for _, keys := range []string{"f2 enter", "f2 tab enter"} {
		wt := start(t, 120, 40, modern()).to("details")
		wt.m.form.moveTo(0)
		wt.write("per").press(keys)
		if wt.m.step().id != "details" || wt.m.answers.Name != "shopper" || wt.m.form.focus != 0 {
			t.Errorf("%s: step %s, name %q, focus %d", keys, wt.m.step().id, wt.m.answers.Name, wt.m.form.focus)
		}
		if wt.to("review"); wt.m.answers.Name != "shopper" {
			t.Errorf("%s: the name is %q", keys, wt.m.answers.Name)
		}

		wt = start(t, 120, 40, modern()).to("extra").press("space").press(keys)
		ticked := wt.m.answers.Extras
		if len(ticked) != 1 || !slices.Equal(wt.m.form.fields[0].values(), ticked) {
			t.Errorf("%s: the extras are %v", keys, ticked)
		}
	}
}

// A value that cannot be is asked about before it is lost.
func TestAWrongValueIsNotDroppedByTakingAVariant(t *testing.T) {
	wt := start(t, 80, 24, modern()).to("details")
	wt.m.form.moveTo(0)
	wt.write(" Bad").press("f2 enter")
	wt.shows("enter again takes b without")
	if wt.m.explore == nil {
		t.Fatal("the wrong value was dropped silently")
	}
	wt.press("enter")
	if wt.m.explore != nil || wt.m.answers.Name != "shop" || wt.m.answers.Base != "alpine" {
		t.Errorf("name %q, base %s", wt.m.answers.Name, wt.m.answers.Base)
	}
}
