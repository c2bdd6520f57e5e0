package cli

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"

	"github.com/davit-cli/davit/ui/guide"
)

// topicRecord is one topic of `davit guide --json`; a topic that was named
// comes with its text.
type topicRecord struct {
	Name     string `json:"name"`
	Summary  string `json:"summary"`
	Markdown string `json:"markdown,omitempty"`
}

func (r *runner) guide() *cobra.Command {
	var asJSON, plain bool
	cmd := &cobra.Command{
		Use:   "guide [TOPIC]",
		Short: "Read why files are as they are, and what helps when they fail",
		Long: `Shows a topic of the guide, or the list of topics. What it says of generated
lines are the notes that the wizard shows beside them. Where the output is no
terminal, or colours are not wanted, it is plain Markdown.`,
		Example:           "davit guide\ndavit guide security\ndavit guide troubleshooting --plain >troubleshooting.md",
		Args:              atMost(1),
		ValidArgsFunction: topics,
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return r.topics(asJSON)
			}
			i := slices.IndexFunc(guide.Topics(), func(t guide.Topic) bool { return t.Name == args[0] })
			if i < 0 {
				return usage("there is no topic %s%s", shown(args[0]), nearTopic(args[0]))
			}
			text, err := guide.Markdown(args[0])
			if err != nil {
				return err
			}
			t := guide.Topics()[i]
			width, laidOut := r.pageWidth()
			switch {
			case asJSON:
				return r.printJSON(topicRecord{t.Name, t.Summary, text})
			case plain || !laidOut:
				_, err = io.WriteString(r.out, text)
				return err
			}
			page, err := guide.Render(text, guide.Look{Width: width})
			if err != nil {
				return err
			}
			_, err = io.WriteString(r.out, page)
			return err
		},
	}
	cmd.Flags().BoolVar(&plain, "plain", false, "Print Markdown, also on a terminal")
	cmd.Flags().BoolVar(&asJSON, "json", false, "Print one JSON document")
	return cmd
}

// topics prints the list of topics.
func (r *runner) topics(asJSON bool) error {
	if asJSON {
		doc := struct {
			Topics []topicRecord `json:"topics"`
		}{}
		for _, t := range guide.Topics() {
			doc.Topics = append(doc.Topics, topicRecord{Name: t.Name, Summary: t.Summary})
		}
		return r.printJSON(doc)
	}
	for _, t := range guide.Topics() {
		fmt.Fprintf(r.out, "%-16s %s\n", t.Name, t.Summary)
	}
	_, err := fmt.Fprintln(r.out, "\nRead one with: davit guide TOPIC")
	return err
}

// pageWidth is how wide a page can be, and whether it may be laid out at all:
// on a terminal that shows attributes, for somebody who sees them. Lines of more than 100 columns are hard
// to read, whatever the terminal has.
func (r *runner) pageWidth() (int, bool) {
	file, ok := r.Program.Out.(*os.File)
	if !ok || wantsLines(r.Env) || colorprofile.Detect(file, r.Env) < colorprofile.ANSI {
		return 0, false
	}
	width, _, err := term.GetSize(file.Fd())
	if err != nil || width <= 0 {
		width = 80
	}
	return max(20, min(width, 100)), true
}

// nearTopic names the topic that was probably meant. Of a short word, one
// letter may differ.
func nearTopic(typed string) string {
	var names []string
	for _, t := range guide.Topics() {
		names = append(names, t.Name)
	}
	if name := near(strings.ToLower(typed), names, min(2, len(typed)/3)); name != "" {
		return fmt.Sprintf("; did you mean %q? `davit guide` lists all", name)
	}
	return ": `davit guide` lists them"
}

func topics(_ *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var all []cobra.Completion
	for _, t := range guide.Topics() {
		all = append(all, cobra.CompletionWithDesc(t.Name, t.Summary))
	}
	return all, cobra.ShellCompDirectiveNoFileComp
}
