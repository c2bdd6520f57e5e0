package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/davit-cli/davit/wizard"
)

// given is what the flags answer: question id → values as typed.
type given map[string][]string

// bind gives a command one flag for each question.
func (g given) bind(cmd *cobra.Command) {
	for _, q := range wizard.Catalogue() {
		flag := cmd.Flags().VarPF(&answerFlag{q, g}, q.Flag, "", describe(q))
		flag.DefValue = strings.Join(q.Default, ",")
		if q.Kind == wizard.Switch {
			flag.NoOptDefVal = "true"
		}
		// It fails only for a flag that is not there.
		_ = cmd.RegisterFlagCompletionFunc(q.Flag, complete(q))
	}
}

// over returns a with the answers of the flags in place of its own.
func (g given) over(a wizard.Answers) (wizard.Answers, error) {
	a = a.Clone()
	for _, q := range wizard.Catalogue() {
		if values, ok := g[q.ID]; ok {
			if err := a.Set(q.ID, values...); err != nil {
				return a, usageError(err)
			}
		}
	}
	return a, nil
}

// answerFlag collects the values of one question; they are checked later, by
// the question, whose sentence is better than pflag's.
type answerFlag struct {
	question wizard.Question
	given    given
}

func (f *answerFlag) Set(value string) error {
	if f.question.Multiple {
		f.given[f.question.ID] = append(f.given[f.question.ID], value)
	} else {
		f.given[f.question.ID] = []string{value}
	}
	return nil
}

func (f *answerFlag) String() string {
	if f.given == nil {
		return ""
	}
	return strings.Join(f.given[f.question.ID], ",")
}

func (f *answerFlag) Type() string {
	switch {
	case f.question.Kind == wizard.Switch:
		return "bool"
	case f.question.Kind == wizard.Number:
		return "number"
	case f.question.Multiple:
		return "list"
	}
	return "text"
}

// describe is the help of a question's flag.
func describe(q wizard.Question) string {
	if q.Kind != wizard.Choose {
		return q.Help
	}
	ids := make([]string, len(q.Choices))
	for i, c := range q.Choices {
		ids[i] = c.ID
	}
	most := "one of"
	if q.Multiple {
		most = "several of"
	}
	return fmt.Sprintf("%s (%s %s)", q.Title, most, strings.Join(ids, ", "))
}

// complete offers a question's choices to the shell, each with its help.
func complete(q wizard.Question) cobra.CompletionFunc {
	return func(_ *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		before := ""
		if q.Multiple {
			before = typed[:strings.LastIndex(typed, ",")+1]
		}
		chosen := strings.Split(before, ",")
		var offered []cobra.Completion
		for _, c := range choices(q) {
			if !contains(chosen, c.ID) {
				offered = append(offered, cobra.CompletionWithDesc(before+c.ID, c.Help))
			}
		}
		return offered, cobra.ShellCompDirectiveNoFileComp
	}
}

// choices returns what can be typed for a question.
func choices(q wizard.Question) []wizard.Choice {
	if q.Kind == wizard.Switch {
		return []wizard.Choice{{ID: "true"}, {ID: "false"}}
	}
	return q.Choices
}

func contains(list []string, word string) bool {
	for _, w := range list {
		if w == word {
			return true
		}
	}
	return false
}
