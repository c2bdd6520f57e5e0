package origin

import (
	"reflect"
	"slices"
	"strconv"

	"github.com/davit-cli/davit/wizard"
)

// An alternative is one answer changed.
type alternative struct {
	question string
	values   []string
	changed  string // the choice that comes or goes, or the typed value
}

// alternatives returns every other answer to each question: all choices, and
// for typed values one other.
func alternatives(a wizard.Answers) []alternative {
	var list []alternative
	for _, q := range wizard.Catalogue() {
		now := a.Get(q.ID)
		for _, c := range q.Choices {
			switch {
			case q.Multiple && slices.Contains(now, c.ID):
				rest := slices.DeleteFunc(slices.Clone(now), func(v string) bool { return v == c.ID })
				if len(rest) == 0 && !q.Optional {
					rest = instead(q, c.ID)
				}
				list = append(list, alternative{q.ID, rest, c.ID})
			case q.Multiple:
				list = append(list, alternative{q.ID, append(slices.Clone(now), c.ID), c.ID})
			case !slices.Contains(now, c.ID):
				list = append(list, alternative{q.ID, []string{c.ID}, c.ID})
			}
		}
		if q.Kind != wizard.Choose {
			if v, ok := other(q, now); ok {
				list = append(list, alternative{q.ID, []string{v}, v})
			}
		}
	}
	if !reflect.DeepEqual(a.Project, wizard.Project{}) {
		list = append(list, alternative{question: Project})
	}
	return list
}

// instead is the choice in place of the only one: the usual, or else the next.
func instead(q wizard.Question, id string) []string {
	if !slices.Contains(q.Default, id) {
		return q.Default
	}
	for _, c := range q.Choices {
		if c.ID != id {
			return []string{c.ID}
		}
	}
	return nil
}

// other is a value that differs from the present one and has the right form.
func other(q wizard.Question, now []string) (string, bool) {
	value := ""
	if len(now) > 0 {
		value = now[0]
	}
	tries := []string{value + "x", "x", "x:x", "/x", "x/x"}
	switch q.Kind {
	case wizard.Switch:
		tries = []string{"true", "false"}
	case wizard.Number:
		n, _ := strconv.Atoi(value) // a valid answer
		tries = []string{strconv.Itoa(n + 1), strconv.Itoa(n - 1)}
	}
	for _, v := range tries {
		if v == value {
			continue
		}
		if _, err := q.Check(v); err == nil {
			return v, true
		}
	}
	return "", false
}

// apply returns the answers with the alternative. Where a rule forbids it beside
// another answer, that one is changed as well, and beside is what that change
// alone gives: its effects are not the alternative's.
func (alt alternative) apply(a wizard.Answers) (trial wizard.Answers, beside *wizard.Answers, ok bool) {
	trial = a.Clone()
	if alt.question == Project {
		trial.Project = wizard.Project{}
	} else if trial.Set(alt.question, alt.values...) != nil {
		return trial, nil, false
	}
	if trial.Validate() == nil {
		return trial, nil, true
	}
	for _, rule := range wizard.Broken(trial) {
		for _, also := range alternatives(a) {
			_, when := rule.When[also.question]
			_, excluded := rule.Excludes[also.question]
			if also.question == alt.question || !when && !excluded {
				continue
			}
			alone, both := a.Clone(), trial.Clone()
			if alone.Set(also.question, also.values...) != nil || both.Set(also.question, also.values...) != nil {
				continue
			}
			if alone.Validate() == nil && both.Validate() == nil {
				return both, &alone, true
			}
		}
	}
	return trial, nil, false
}
