package tui

import (
	"slices"
	"strings"

	"github.com/davit-cli/davit/wizard"
)

// A step is one screen of the way: what the overview lists.
type step struct {
	id        string // the question's id, or one of the constants
	label     string
	questions []wizard.Question // those asked; none in review
}

const (
	starterStep = "starter"
	rootStep    = "root"
	appStep     = "which-app"
	detailsStep = "details"
	reviewStep  = "review"
)

// stepsOf makes the way from the catalogue: each main question, one screen of
// values to confirm, what else, review.
func stepsOf(catalogue []wizard.Question, starter bool) []step {
	var steps []step
	if starter {
		steps = append(steps, step{id: starterStep, label: starterLabel})
	}
	details := step{id: detailsStep, label: detailsLabel}
	var after []step
	for _, q := range catalogue {
		switch q.Room {
		case wizard.Main:
			steps = append(steps, step{q.ID, label(q), []wizard.Question{q}})
		case wizard.Confirm:
			details.questions = append(details.questions, q)
		default:
			after = append(after, step{q.ID, label(q), []wizard.Question{q}})
		}
	}
	steps = append(steps, details)
	steps = append(steps, after...)
	return append(steps, step{id: reviewStep, label: reviewLabel})
}

// asked are the questions whose answers say something beside the others.
func asked(questions []wizard.Question, a wizard.Answers) []wizard.Question {
	return slices.DeleteFunc(slices.Clone(questions), func(q wizard.Question) bool { return !q.Asked(a) })
}

// label names a question in few words: its title, or where that is a whole
// question, its id.
func label(q wizard.Question) string {
	if !strings.HasSuffix(q.Title, "?") {
		return q.Title
	}
	words := strings.ReplaceAll(q.ID, "_", " ")
	return strings.ToUpper(words[:1]) + words[1:]
}

// answer shows the answers to a question in few words.
func answer(q wizard.Question, a wizard.Answers) string {
	values := a.Get(q.ID)
	if q.Kind == wizard.Switch {
		if first(values) == "true" {
			return "yes"
		}
		return "no"
	}
	titles := make([]string, len(values))
	for i, v := range values {
		titles[i] = v
		if c, ok := q.Choice(v); ok {
			titles[i] = c.Title
		}
	}
	if len(titles) == 0 {
		if q.Multiple {
			return noValue
		}
		return unsetValue
	}
	return strings.Join(titles, ", ")
}

// summary shows what a step's answers are in the overview.
func (s step) summary(a wizard.Answers, starter bool) string {
	switch {
	case s.id == appStep:
		return a.App
	case s.id == starterStep && starter:
		return "yes"
	case s.id == starterStep:
		return "no"
	case s.id == detailsStep:
		var parts []string
		questions := asked(s.questions, a)
		for _, q := range questions[:min(3, len(questions))] {
			parts = append(parts, answer(q, a))
		}
		return strings.Join(parts, ", ")
	case len(s.questions) > 0:
		return answer(s.questions[0], a)
	}
	return ""
}
