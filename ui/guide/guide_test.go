package guide

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"github.com/davit-cli/davit/assets"
	"github.com/davit-cli/davit/generator"
	"github.com/davit-cli/davit/wizard"
)

// words is text without what layout adds, takes or moves.
func words(text string) string {
	return strings.Join(strings.FieldsFunc(ansi.Strip(text), func(r rune) bool { return strings.ContainsRune(" \n│", r) }), "")
}

func TestEveryTopicIsAFileAndEveryFileATopic(t *testing.T) {
	listed := map[string]bool{}
	for _, topic := range Topics() {
		if listed[topic.Name+".md"] || len(topic.Summary) > 60 {
			t.Errorf("%s is there twice, or says too much in one line", topic.Name)
		}
		listed[topic.Name+".md"] = true
		if text := markdown(t, topic.Name); !strings.HasPrefix(text, "# ") {
			t.Errorf("%s has no title", topic.Name)
		}
	}
	files, err := fs.ReadDir(assets.Guides, "guides")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !listed[f.Name()] {
			t.Errorf("%s is no topic", f.Name())
		}
	}
}

func markdown(t *testing.T, name string) string {
	t.Helper()
	text, err := Markdown(name)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestPagesFitTheTerminalAndLoseNothing(t *testing.T) {
	for _, topic := range Topics() {
		text := markdown(t, topic.Name)
		all, err := blocks(text)
		if err != nil {
			t.Errorf("%s: %v", topic.Name, err)
		}
		for _, width := range []int{20, 60, 80, 120} {
			page, err := Render(text, Look{Width: width})
			if err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(page) {
				if w := ansi.StringWidth(strings.TrimSuffix(line, "\n")); w > width {
					t.Errorf("%s at %d columns: a line of %d: %q", topic.Name, width, w, line)
				}
			}
			for _, b := range all {
				shown := words(strings.Join(b.lines(width), "\n"))
				if want := words(b.mark + strings.NewReplacer("<https", "https", ">", "").Replace(b.text)); b.kind != table && b.kind != code && shown != want {
					t.Errorf("%s at %d columns shows %q, the text is %q", topic.Name, width, shown, want)
				}
				if b.kind == code && width >= 60 && !strings.Contains(ansi.Strip(page), "  "+strings.ReplaceAll(b.text, "\n", "\n  ")) {
					t.Errorf("%s at %d columns breaks %q", topic.Name, width, b.text)
				}
				for _, row := range b.rows {
					for _, cell := range row {
						if width >= 60 && !strings.Contains(page, strings.Fields(cell + " .")[0]) {
							t.Errorf("%s at %d columns has no %q", topic.Name, width, cell)
						}
					}
				}
			}
		}
	}
}

func TestEveryNoteIsInTheGuide(t *testing.T) {
	excused := map[string]string{} // id → why nobody needs it here
	use := regexp.MustCompile(`\{\{note "([^"]*)"[^}]*\}\}`)
	used := map[string]bool{}
	for _, topic := range Topics() {
		source, err := fs.ReadFile(assets.Guides, "guides/"+topic.Name+".md")
		if err != nil {
			t.Fatal(err)
		}
		text := markdown(t, topic.Name)
		for _, found := range use.FindAllStringSubmatch(string(source), -1) {
			used[found[1]] = true
			n, ok := generator.FindNote(found[1])
			if !ok || !strings.Contains(words(strings.ReplaceAll(text, "> ", "")), words(n.Why)) {
				t.Errorf("%s does not say the note %s", topic.Name, found[1])
			}
		}
	}
	for _, id := range generator.NoteIDs() {
		if !used[id] && excused[id] == "" {
			t.Errorf("the note %s is in no topic: put it where a reader would look for it", id)
		}
		if used[id] && excused[id] != "" {
			t.Errorf("the note %s needs no excuse", id)
		}
	}
}

// A page is joined from lines with blanks, so none ends inside a word.
func TestNoWordIsBrokenAtItsHyphen(t *testing.T) {
	broken := regexp.MustCompile(`(?m)[A-Za-z]-$`)
	for _, topic := range Topics() {
		if at := broken.FindString(markdown(t, topic.Name)); at != "" {
			t.Errorf("%s has a line that ends in %s", topic.Name, at)
		}
	}
}

func TestWhatIsNotThereIsSaid(t *testing.T) {
	if _, err := Markdown("no-such-topic"); err == nil {
		t.Error("a topic that is not there has a text")
	}
	if _, err := note("no-such-note"); err == nil {
		t.Error("a note that is not there has a text")
	}
}

// The part of Markdown that is read is small; what is beyond it is refused,
// so that no topic is shown wrong.
func TestMarkdownBeyondTheGuidesIsRefused(t *testing.T) {
	for _, page := range []string{"```sh\nls\n```\n", "* a list of stars\n", "![a picture](x.png)\n", "   three blanks\n"} {
		if _, err := blocks(page); err == nil {
			t.Errorf("%q is read", page)
		}
	}
	all, err := blocks("# Title\nWords\nand more\n\n> a quote\n> goes on\n>\n> <https://x>\n\n- one\n  and more\n- two\n\n1. first\n\n    code\n      more\n\n| a | b |\n|---|---|\n| c | `d` |\n\n`span` first\n")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, b := range all {
		got = append(got, b.mark+b.text)
		for _, row := range b.rows {
			got = append(got, strings.Join(row, ","))
		}
	}
	want := "Title|Words and more|a quote goes on\n<https://x>|-one and more|-two|1.first|code\n  more||a,b|c,`d`|`span` first"
	if strings.Join(got, "|") != want {
		t.Errorf("got %q, want %q", strings.Join(got, "|"), want)
	}
}

func TestCodeSpansKeepTheirMarksAndColourAcrossLines(t *testing.T) {
	lines := inline(wrap("see `davit guide` there", 10))
	got := strings.Join(lines, "\n")
	want := "see \x1b[36m`davit\x1b[m\n\x1b[36mguide`\x1b[m\nthere"
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A command that is short beside the page is in one line, a long one is broken
// like other words.
func TestShortCommandsAreInOneLine(t *testing.T) {
	for _, c := range []struct {
		width int
		want  string
	}{
		{80, "a container is looked into with `docker exec -it`, and (`docker ps`) lists them"},
		{40, "a container is looked into with\n`docker exec -it`, and (`docker ps`)\nlists them"},
		{30, "a container is looked into\nwith `docker exec -it`, and\n(`docker ps`) lists them"},
	} {
		if got := strings.Join(wrap("a container is looked into with `docker exec -it`, and (`docker ps`) lists them", c.width), "\n"); got != c.want {
			t.Errorf("%d columns: got %q, want %q", c.width, got, c.want)
		}
	}
}

// What leads a note in stands on its lines or near them, in some file.
func TestNotesAreLedInByTheirLines(t *testing.T) {
	lines := map[string]map[string]bool{} // why → the lines
	for _, a := range manyAnswers(t) {
		files, err := generator.Generate(a)
		if len(wizard.Broken(a)) > 0 {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			all := strings.Split(f.Content, "\n")
			for _, n := range f.Notes {
				if lines[n.Why] == nil {
					lines[n.Why] = map[string]bool{}
				}
				// With some above, as a block's name is, and below, as a command's end.
				lines[n.Why][strings.Join(all[max(n.First-12, 0):min(n.Last+8, len(all))], "\n")] = true
			}
		}
	}
	use := regexp.MustCompile("\\{\\{note \"([^\"]*)\" `([^`]*)`\\}\\}")
	for _, topic := range Topics() {
		source, err := fs.ReadFile(assets.Guides, "guides/"+topic.Name+".md")
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range use.FindAllStringSubmatch(string(source), -1) {
			n, _ := generator.FindNote(found[1])
			there := false
			for text := range lines[n.Why] {
				there = there || strings.Contains(text, found[2])
			}
			if !there {
				t.Errorf("%s: %q leads in the note %s, and is not near its lines", topic.Name, found[2], found[1])
			}
		}
	}
}

// manyAnswers have every note on some line.
func manyAnswers(t *testing.T) []wizard.Answers {
	t.Helper()
	var all []wizard.Answers
	dependencies, _ := wizard.Find("dependencies")
	for i, d := range dependencies.Choices {
		for _, traffic := range []string{"low", "steady", "high"} {
			for _, base := range []string{"slim", "alpine", "distroless", "chainguard"} {
				for _, route := range []string{"ingress", "httproute"} {
					a := wizard.Defaults()
					a.Dependencies, a.Traffic, a.Base, a.Route = d.ID, traffic, base, route
					a.Targets = []string{"docker", "compose", "kubernetes", "helm", "swarm", "quadlet", "ecs", "container-apps", "nomad"} // whose command is the server itself
					if route == "httproute" {
						a.Targets = append(a.Targets, "cloud-run", "fly")
					} else {
						a.Extras = []string{"dev", "devcontainer", "bake"}
						a.HealthPath, a.AppDir, a.Image = "/health", "src", "acme.azurecr.io/shop"
					}
					a.Services, a.Worker = []string{"postgres", "mysql", "mongodb", "redis", "rabbitmq"}, "celery -A app worker"
					a.Project = wizard.Project{Package: true, InAppDir: true, Hashes: i%2 == 0 && route == "ingress", PrivateIndex: true, SCMVersion: "setuptools-scm", Packages: map[string]string{"psycopg2": "2.9.10"}}
					if len(wizard.Broken(a)) > 0 {
						delete(a.Project.Packages, "psycopg2")
					}
					if traffic == "steady" {
						a.HealthPath = "/health"
					}
					if traffic == "high" && route == "httproute" {
						a.App, a.Project.Packages["gunicorn"] = "app.main:container.app", "27.0.0"
					}
					all = append(all, a)
				}
			}
		}
	}
	return all
}

// The first failures of somebody new to containers are in the guide, each with
// a command, and a container that is gone is not asked for its logs.
func TestTroubleshootingHasTheFirstFailures(t *testing.T) {
	text := markdown(t, "troubleshooting")
	for _, want := range []string{"docker ps -a", "docker run --name look IMAGE", "Cannot connect to the Docker daemon", "/var/run/docker.sock",
		"Port is already allocated", "host.docker.internal", "Could not import module", "debug-nonroot"} {
		if !strings.Contains(strings.ToLower(text), strings.ToLower(want)) {
			t.Errorf("%q is not in the guide", want)
		}
	}
	for _, topic := range strings.Split(text, "\n## ")[1:] {
		if title, rest, _ := strings.Cut(topic, "\n"); !strings.Contains(rest, "\n    ") && !strings.HasPrefix(title, "Client addresses") && !strings.HasPrefix(title, "It is killed") {
			t.Errorf("%s has no command", title)
		}
	}
}

func TestNotesAreLedIn(t *testing.T) {
	for _, topic := range Topics() {
		text := markdown(t, topic.Name)
		if at := strings.Index(text, "\n> "); at >= 0 && !strings.Contains(text[:at], notesAre) {
			t.Errorf("%s shows notes and does not say what they are", topic.Name)
		}
	}
}
