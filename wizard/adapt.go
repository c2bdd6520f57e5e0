package wizard

import (
	"slices"
	"strings"
)

// A Change is an answer that gave way to others.
type Change struct {
	Question Question
	Why      string // the sentences of the rules that hold again by it
}

// Adapt keeps the answers to the questions in keep and changes others until no
// rule is broken. It reports false where that cannot be done.
func Adapt(a Answers, keep ...string) (adapted Answers, changes []Change, ok bool) {
	a = a.Clone()
	broken := Broken(a)
	for range len(allRules()) + 1 {
		if len(broken) == 0 {
			return a, changes, true
		}
		q, ok := giveWay(&a, broken[0], keep)
		if !ok {
			return a, changes, false
		}
		still := Broken(a)
		changes = append(changes, Change{q, mended(broken, still)})
		keep, broken = append(slices.Clone(keep), q.ID), still
	}
	return a, changes, false
}

// mended are the sentences of the rules that are not broken any more.
func mended(before, after []Rule) string {
	var whys []string
	for _, r := range before {
		if !slices.ContainsFunc(after, func(s Rule) bool { return s.Why == r.Why }) {
			whys = append(whys, r.Why)
		}
	}
	return strings.Join(whys, " ")
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
