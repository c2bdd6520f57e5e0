package tui

import (
	"fmt"
	"slices"
	"strings"

	"github.com/davit-cli/davit/wizard"
)

// A change is one other answer that has to give way.
type change struct {
	question wizard.Question
	from, to string
}

func (c change) String() string {
	return fmt.Sprintf("%s %s → %s", label(c.question), c.from, c.to)
}

// adapt keeps the answers to the questions in keep and changes others until no
// rule is broken. It reports false where that cannot be done.
func adapt(a wizard.Answers, keep ...string) (wizard.Answers, []change, bool) {
	a = a.Clone()
	var changes []change
	for range len(wizard.Rules()) + 1 {
		broken := wizard.Broken(a)
		if len(broken) == 0 {
			return a, changes, true
		}
		c, ok := giveWay(&a, broken[0], keep)
		if !ok {
			return a, changes, false
		}
		changes = append(changes, c)
		keep = append(slices.Clone(keep), c.question.ID)
	}
	return a, changes, false
}

// giveWay changes one answer so that the rule holds: of the questions that the
// rule names the last asked, to its default or else its first possible choice.
func giveWay(a *wizard.Answers, r wizard.Rule, keep []string) (change, bool) {
	catalogue := wizard.Catalogue()
	for i := len(catalogue) - 1; i >= 0; i-- {
		q := catalogue[i]
		_, when := r.When[q.ID]
		_, excluded := r.Excludes[q.ID]
		if !when && !excluded || slices.Contains(keep, q.ID) {
			continue
		}
		before := answer(q, *a)
		for _, values := range remedies(q, *a) {
			if a.Set(q.ID, values...) == nil {
				return change{q, before, answer(q, *a)}, true
			}
		}
	}
	return change{}, false
}

// remedies are values that no rule excludes beside the other answers.
func remedies(q wizard.Question, a wizard.Answers) [][]string {
	free := func(id string) bool { return wizard.Excluded(a, q.ID, id) == "" }
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

// against names the answers that exclude a choice, such as "Python version
// 3.12", or returns "" where none does.
func against(a wizard.Answers, q wizard.Question, choice string) string {
	if wizard.Excluded(a, q.ID, choice) == "" {
		return ""
	}
	trial := a.Clone()
	_ = trial.Set(q.ID, choice) // the catalogue's own choice
	var names []string
	for _, r := range wizard.Broken(trial) {
		for _, name := range r.Packages {
			if _, ok := a.Project.Packages[name]; ok {
				names = append(names, "package "+name)
			}
		}
		for _, other := range wizard.Catalogue() {
			if other.ID == q.ID || r.When[other.ID] == nil && r.Excludes[other.ID] == nil {
				continue
			}
			if name := label(other) + " " + answer(other, a); !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return strings.Join(names, ", ")
}

// offer tells which answers have to change, and why.
func offer(a wizard.Answers, changes []change) string {
	return upper(reasons(wizard.Broken(a))) + " enter again changes " + listed(changes) + "."
}

// impossible tells why the answer to a question cannot be, where nothing can
// give way: what stands against it, and the reason.
func impossible(a wizard.Answers, question string) string {
	q, _ := wizard.Find(question)
	why := reasons(wizard.Broken(a))
	if other := against(a, q, first(a.Get(question))); other != "" {
		return "Not with " + other + ": " + why
	}
	return upper(why)
}

func upper(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

func lower(s string) string {
	if s == "" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}
