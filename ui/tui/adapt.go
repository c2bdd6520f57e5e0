package tui

import (
	"fmt"
	"slices"
	"strings"

	"github.com/davit-cli/davit/wizard"
)

// A change is one other answer that has to give way.
type change struct {
	wizard.Change
	from, to string
}

func (c change) String() string {
	return fmt.Sprintf("%s %s → %s", label(c.Question), c.from, c.to)
}

// adapt is wizard.Adapt with the changes in the words of the screen.
func adapt(a wizard.Answers, keep ...string) (wizard.Answers, []change, bool) {
	adapted, gaveWay, ok := wizard.Adapt(a, keep...)
	var changes []change
	for _, c := range gaveWay {
		changes = append(changes, change{c, answer(c.Question, a), answer(c.Question, adapted)})
	}
	return adapted, changes, ok
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
func offer(changes []change) string {
	return upper(whys(changes)) + " enter again changes " + listed(changes) + "."
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
