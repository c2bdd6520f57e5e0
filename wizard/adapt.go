package wizard

import "slices"

// Adapt keeps the answers to the questions in keep and changes others until no
// rule is broken. It returns the questions whose answers gave way, and reports
// false where that cannot be done.
func Adapt(a Answers, keep ...string) (adapted Answers, changed []Question, ok bool) {
	a = a.Clone()
	for range len(Rules()) + 1 {
		broken := Broken(a)
		if len(broken) == 0 {
			return a, changed, true
		}
		q, ok := giveWay(&a, broken[0], keep)
		if !ok {
			return a, changed, false
		}
		changed = append(changed, q)
		keep = append(slices.Clone(keep), q.ID)
	}
	return a, changed, false
}

// giveWay changes one answer so that the rule holds: of the questions that the
// rule names the last asked, to its default or else its first possible choice.
func giveWay(a *Answers, r Rule, keep []string) (Question, bool) {
	all := catalogue()
	for i := len(all) - 1; i >= 0; i-- {
		q := all[i]
		_, when := r.When[q.ID]
		_, excluded := r.Excludes[q.ID]
		if !when && !excluded || slices.Contains(keep, q.ID) {
			continue
		}
		for _, values := range remedies(q, *a) {
			if a.Set(q.ID, values...) == nil {
				return q, true
			}
		}
	}
	return Question{}, false
}

// remedies are values that no rule excludes beside the other answers.
func remedies(q Question, a Answers) [][]string {
	free := func(id string) bool { return Excluded(a, q.ID, id) == "" }
	if q.Multiple {
		rest := slices.DeleteFunc(slices.Clone(a.Get(q.ID)), func(id string) bool { return !free(id) })
		return [][]string{rest, q.Default}
	}
	var list [][]string
	for _, id := range q.Default {
		if free(id) {
			list = append(list, []string{id})
		}
	}
	for _, c := range q.Choices {
		if free(c.ID) {
			list = append(list, []string{c.ID})
		}
	}
	return list
}
