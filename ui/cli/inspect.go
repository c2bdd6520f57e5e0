package cli

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/davit-cli/davit/wizard/inspect"
)

func (r *runner) inspect() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "inspect [DIR]",
		Short: "Show what the project tells, each value with its evidence",
		Long: `Reads the project without running it and shows what was found: each value with
the file and line that say so, and the candidates where several are possible.`,
		Args:              atMost(1),
		ValidArgsFunction: folders,
		RunE: func(cmd *cobra.Command, args []string) error {
			dir, err := folder(cmd, args)
			if err != nil {
				return err
			}
			facts, err := r.look(cmd.Context(), dir)
			if err != nil {
				return err
			}
			if asJSON {
				return r.printJSON(filled(facts))
			}
			return r.facts(facts)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "Print one JSON document")
	return cmd
}

// facts prints what was found as a table.
func (r *runner) facts(f inspect.Facts) error {
	var table strings.Builder
	t := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	row := func(title string, fact inspect.Fact, more ...string) {
		value := fact.Value
		if value == "" {
			value = "-"
		}
		value = strings.Join(append([]string{value}, more...), " ")
		evidence := fact.Evidence
		if evidence == "." {
			evidence = "the folder's name"
		}
		if len(fact.Candidates) > 1 || fact.Value == "" && len(fact.Candidates) > 0 {
			evidence = strings.TrimSpace(evidence + " (possible: " + strings.Join(fact.Candidates, ", ") + ")")
		}
		fmt.Fprintf(t, "%s\t%s\t%s\n", title, safe(value), safe(evidence))
	}
	var how []string
	if f.App.Factory {
		how = append(how, "(a factory)")
	}
	if f.App.AppDir != "" {
		how = append(how, "in "+f.App.AppDir)
	}
	list := func(title string, facts []inspect.Fact) {
		for _, fact := range facts {
			row(title, fact)
			title = ""
		}
	}
	row("name", f.Name)
	row("dependencies", f.Dependencies)
	row("app", f.App.Fact, how...)
	if f.Framework.Value != "" {
		row("framework", f.Framework)
	}
	row("python", f.Python)
	row("port", f.Port)
	row("health path", f.HealthPath)
	if len(f.Services) == 0 {
		row("services", inspect.Fact{})
	}
	for i, s := range f.Services {
		title := ""
		if i == 0 {
			title = "services"
		}
		row(title, s)
	}
	list("optional", f.Optional)
	row("worker", f.Worker)
	list("system packages", f.System)
	list("container files", f.Containers)
	for i, root := range f.Roots {
		title := ""
		if i == 0 {
			title = "service roots"
		}
		var is []string
		for _, word := range []string{root.App, root.Dependencies} {
			if word != "" {
				is = append(is, word)
			}
		}
		value := root.Value
		if len(is) > 0 {
			value += "  (" + strings.Join(is, ", ") + ")"
		}
		row(title, inspect.Fact{Value: value, Evidence: root.Evidence})
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for line := range strings.Lines(table.String()) {
		fmt.Fprintln(r.out, strings.TrimRight(line, " \n"))
	}
	return nil
}

// filled returns facts whose lists are there, if only empty.
func filled(f inspect.Facts) inspect.Facts {
	for _, fact := range []*inspect.Fact{&f.Name, &f.Dependencies, &f.App.Fact, &f.Python, &f.Port, &f.HealthPath, &f.Worker, &f.Framework} {
		fact.Candidates = append([]string{}, fact.Candidates...)
	}
	f.Services, f.Optional = filledAll(f.Services), filledAll(f.Optional)
	f.System, f.Containers = filledAll(f.System), filledAll(f.Containers)
	f.Contents = filledAll(f.Contents)
	f.App.Choices = append([]inspect.AppChoice{}, f.App.Choices...)
	f.Roots = append([]inspect.Root{}, f.Roots...)
	return f
}

func filledAll(facts []inspect.Fact) []inspect.Fact {
	all := make([]inspect.Fact, len(facts))
	for i, s := range facts {
		s.Candidates = append([]string{}, s.Candidates...)
		all[i] = s
	}
	return all
}
