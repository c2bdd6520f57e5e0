package cli

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/davit-cli/davit/ui/guide"
	"github.com/davit-cli/davit/wizard"
)

func TestGuideListsItsTopics(t *testing.T) {
	status, out, errs := run(t, "", "guide")
	if status != 0 || errs != "" || strings.Count(out, "\n") != len(guide.Topics())+2 || !strings.Contains(out, "\nimage-size       what the bases weigh") {
		t.Errorf("%d, %s, %s", status, errs, out)
	}
	_, out, _ = run(t, "", "guide", "--json")
	var list struct{ Topics []topicRecord }
	if err := json.Unmarshal([]byte(out), &list); err != nil || len(list.Topics) != len(guide.Topics()) || list.Topics[0].Name != "security" {
		t.Errorf("%v, %s", err, out)
	}
}

func TestGuideIsPlainMarkdownWherePiped(t *testing.T) {
	want, err := guide.Markdown("security")
	if err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"guide", "security"}, {"guide", "security", "--plain"}} {
		if status, out, errs := run(t, "", args...); status != 0 || errs != "" || out != want {
			t.Errorf("%q: %d, %s, %s", args, status, errs, out)
		}
	}
	_, out, _ := run(t, "", "guide", "security", "--json")
	var topic topicRecord
	if err := json.Unmarshal([]byte(out), &topic); err != nil || topic.Markdown != want {
		t.Errorf("%v, %s", err, out)
	}
}

func TestGuideHelpsWithNames(t *testing.T) {
	if _, _, errs := run(t, "", "guide", "foo"); errs != "davit: there is no topic foo: `davit guide` lists them\n" {
		t.Errorf("foo: %q", errs)
	}
	if status, out, errs := run(t, "", "guide", "secrts"); status != 2 || out != "" || !strings.Contains(errs, `did you mean "secrets"?`) {
		t.Errorf("%d, %q, %q", status, out, errs)
	}
	_, out, _ := run(t, "", "__complete", "guide", "")
	for _, topic := range guide.Topics() {
		if !strings.Contains(out, topic.Name+"\t"+topic.Summary) {
			t.Errorf("%s is not completed", topic.Name)
		}
	}
	if !strings.Contains(out, ":4\n") {
		t.Errorf("files are completed as well: %s", out)
	}
	if _, out, _ = run(t, "", "__complete", "guide", "security", ""); strings.Contains(out, "layers") {
		t.Errorf("a second topic is completed: %s", out)
	}
}

// Each davit command that a topic or a note names can be typed.
func TestCommandsOfTheGuideExist(t *testing.T) {
	span, command := regexp.MustCompile("`([^`]+)`"), regexp.MustCompile(`^davit( |$)`)
	root := (&runner{Program: Program{}}).root()
	generate, _, err := root.Find([]string{"generate"})
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	for _, topic := range guide.Topics() {
		text, err := guide.Markdown(topic.Name)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(text) {
			if code, ok := strings.CutPrefix(line, "    davit "); ok {
				checked++
				tryCommand(t, topic.Name, root, strings.Fields(code))
			}
		}
		for _, found := range span.FindAllStringSubmatch(strings.NewReplacer("\n> ", " ", "\n", " ").Replace(text), -1) {
			words := strings.Fields(found[1])
			switch {
			case command.MatchString(found[1]):
				checked++
				tryCommand(t, topic.Name, root, words[1:])
			case strings.HasPrefix(found[1], "--") && len(words) == 1: // a flag by its name
				checked++
				if generate.Flags().Lookup(strings.TrimPrefix(found[1], "--")) == nil {
					t.Errorf("%s: there is no flag %s", topic.Name, found[1])
				}
			case strings.HasPrefix(found[1], "--"): // an answer
				checked++
				tryFlags(t, topic.Name, generate, words)
			}
		}
	}
	if checked < 15 {
		t.Errorf("only %d commands were found", checked)
	}
}

// tryCommand parses a command as it would be when it is typed.
func tryCommand(t *testing.T, topic string, root *cobra.Command, words []string) {
	t.Helper()
	cmd, rest, err := root.Find(words)
	if err != nil || len(words) > 0 && cmd == root && !strings.HasPrefix(words[0], "-") {
		t.Errorf("%s: davit %s: there is no such command (%v)", topic, strings.Join(words, " "), err)
		return
	}
	tryFlags(t, topic, cmd, rest)
	if cmd.Name() == "guide" {
		if _, err := guide.Markdown(cmd.Flags().Arg(0)); err != nil {
			t.Errorf("%s: %v", topic, err)
		}
	}
}

// tryFlags reads flags, and their values as far as the catalogue knows them.
func tryFlags(t *testing.T, topic string, cmd *cobra.Command, words []string) {
	t.Helper()
	if err := cmd.ParseFlags(words); err != nil {
		t.Errorf("%s: %s %s: %v", topic, cmd.Name(), strings.Join(words, " "), err)
		return
	}
	if cmd.Name() == "generate" {
		status, _, errs := run(t, "", append([]string{"generate", "--dry-run", t.TempDir()}, words...)...)
		if status == wrongUse {
			t.Errorf("%s: %s: %s", topic, strings.Join(words, " "), errs)
		}
	}
	if err := cmd.ValidateArgs(cmd.Flags().Args()); err != nil {
		t.Errorf("%s: %s %s: %v", topic, cmd.Name(), strings.Join(words, " "), err)
	}
	if cmd.Name() == "compare" {
		for _, v := range cmd.Flags().Args() {
			if _, err := variantOf(wizard.Defaults(), v); err != nil {
				t.Errorf("%s: %v", topic, err)
			}
		}
	}
}
