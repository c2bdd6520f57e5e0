package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/davit-cli/davit/wizard"
)

func (r *runner) options() *cobra.Command {
	var asJSON, asMarkdown bool
	cmd := &cobra.Command{
		Use:   "options",
		Short: "List every question, its choices and the rules between them",
		Args:  atMost(0),
		RunE: func(*cobra.Command, []string) error {
			switch {
			case asJSON && asMarkdown:
				return usage("--json and --markdown are two forms of one list: use one of them")
			case asJSON:
				return r.printJSON(catalogue())
			case asMarkdown:
				r.markdown()
			default:
				r.list()
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "Print one JSON document")
	cmd.Flags().BoolVar(&asMarkdown, "markdown", false, "Print the table that stands in the README")
	return cmd
}

// catalogueRecord is what `davit options --json` prints.
type catalogueRecord struct {
	Questions []questionRecord `json:"questions"`
	Rules     []ruleRecord     `json:"rules"`
}

type questionRecord struct {
	ID       string         `json:"id"`
	Flag     string         `json:"flag"`
	Title    string         `json:"title"`
	Help     string         `json:"help"`
	Kind     wizard.Kind    `json:"kind"`
	Room     wizard.Room    `json:"room"`
	Multiple bool           `json:"multiple"`
	Optional bool           `json:"optional"`
	Default  []string       `json:"default"`
	Choices  []choiceRecord `json:"choices"`

	For map[string][]string `json:"for,omitempty"` // the answers beside which it says anything
}

type choiceRecord struct {
	ID      string `json:"id"`
	Title   string `json:"title"`
	Help    string `json:"help"`
	Gain    string `json:"gain"`
	Cost    string `json:"cost"`
	Default bool   `json:"default"`
}

type ruleRecord struct {
	When     map[string][]string `json:"when"`
	Excludes map[string][]string `json:"excludes"`
	Why      string              `json:"why"`
}

func catalogue() catalogueRecord {
	c := catalogueRecord{Questions: []questionRecord{}, Rules: []ruleRecord{}}
	for _, q := range wizard.Catalogue() {
		record := questionRecord{
			ID: q.ID, Flag: q.Flag, Title: q.Title, Help: q.Help, Kind: q.Kind, Room: q.Room,
			Multiple: q.Multiple, Optional: q.Optional, For: q.For,
			Default: append([]string{}, q.Default...), Choices: []choiceRecord{},
		}
		for _, c := range q.Choices {
			record.Choices = append(record.Choices, choiceRecord{
				ID: c.ID, Title: c.Title, Help: c.Help, Gain: c.Gain, Cost: c.Cost,
				Default: slices.Contains(q.Default, c.ID),
			})
		}
		c.Questions = append(c.Questions, record)
	}
	for _, rule := range wizard.Rules() {
		c.Rules = append(c.Rules, ruleRecord{rule.When, rule.Excludes, rule.Why})
	}
	return c
}

// list prints the catalogue for reading.
func (r *runner) list() {
	for _, q := range wizard.Catalogue() {
		fmt.Fprintf(r.out, "--%s  %s\n", q.Flag, q.Title)
		fmt.Fprintf(r.out, "    %s%s\n", q.Help, defaultOf(q))
		if q.For != nil {
			fmt.Fprintf(r.out, "    For %s.\n", side(q.For))
		}
		for _, c := range q.Choices {
			mark := " "
			if slices.Contains(q.Default, c.ID) {
				mark = "*"
			}
			fmt.Fprintf(r.out, "  %s %-11s %s\n", mark, c.ID, c.Help)
			if c.Gain != "" {
				fmt.Fprintf(r.out, "    %-11s + %s\n", "", c.Gain)
			}
			if c.Cost != "" {
				fmt.Fprintf(r.out, "    %-11s - %s\n", "", c.Cost)
			}
		}
		fmt.Fprintln(r.out)
	}
	fmt.Fprintln(r.out, "Rules")
	for _, rule := range wizard.Rules() {
		fmt.Fprintf(r.out, "  %s excludes %s: %s\n", side(rule.When), side(rule.Excludes), rule.Why)
	}
}

func defaultOf(q wizard.Question) string {
	if q.Kind == wizard.Choose || len(q.Default) == 0 {
		return ""
	}
	return " Default: " + strings.Join(q.Default, ", ") + "."
}

// side names the choices on one side of a rule, in catalogue order.
func side(choices map[string][]string) string {
	var parts []string
	for _, q := range wizard.Catalogue() {
		if ids, ok := choices[q.ID]; ok {
			parts = append(parts, q.ID+" "+strings.Join(ids, " or "))
		}
	}
	return strings.Join(parts, " with ")
}

// markdown prints the README's table.
func (r *runner) markdown() {
	fmt.Fprintln(r.out, "| question | flag | answers |")
	fmt.Fprintln(r.out, "|---|---|---|")
	for _, q := range wizard.Catalogue() {
		fmt.Fprintf(r.out, "| %s | `--%s` | %s |\n", cell(q.Title), q.Flag, cell(answersOf(q)))
	}
}

func answersOf(q wizard.Question) string {
	if q.Kind != wizard.Choose {
		return q.Help + defaultOf(q)
	}
	parts := make([]string, len(q.Choices))
	for i, c := range q.Choices {
		id := "`" + c.ID + "`"
		if slices.Contains(q.Default, c.ID) {
			id = "**" + id + "**"
		}
		parts[i] = id + " (" + c.Help + ")"
	}
	return strings.Join(parts, ", ")
}

func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }
