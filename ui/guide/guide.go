// Package guide is davit's reference: one topic a file of assets/guides, in
// Markdown. What a topic says of a generated line is that line's own note, so
// the guide and the previews say the same.
//
//	text, err := guide.Markdown("security")
//	page, err := guide.Render(text, guide.Look{Width: 80})
package guide

import (
	"fmt"
	"io/fs"
	"strings"
	"text/template"

	"github.com/davit-cli/davit/assets"
	"github.com/davit-cli/davit/generator"
	"github.com/davit-cli/davit/wizard"
)

// A Topic is one page of the guide.
type Topic struct {
	Name    string // what is typed, and the name of its file
	Summary string // one line
}

// Topics lists the guide's pages in the order in which one would read them.
func Topics() []Topic {
	return []Topic{
		{"security", "not root, nothing to write, little inside, no way up"},
		{"layers", "the order of layers, and what a cache is"},
		{"image-size", "what the bases weigh, and where yours is"},
		{"dependencies", "what each installer does, and what it needs of the system"},
		{"secrets", "while the image is built, while the service runs"},
		{"health-checks", "three questions, and a good route"},
		{"traffic", "processes, who supervises them, and how to tune them"},
		{"docker", "the image alone"},
		{"compose", "development, and one server"},
		{"kubernetes", "pods, roll-outs, traffic, secrets"},
		{"helm", "a chart, its values and its releases"},
		{"swarm", "several machines with plain Docker"},
		{"cloud-run", "Google Cloud Run"},
		{"fly", "Fly.io"},
		{"quadlet", "one server with Podman and systemd"},
		{"ecs", "Amazon ECS on Fargate"},
		{"container-apps", "Azure Container Apps"},
		{"nomad", "HashiCorp Nomad"},
		{"development", "hot reload, and a workspace in the editor"},
		{"pipelines", "what GitHub, GitLab and bake do"},
		{"troubleshooting", "not starting, permissions, health, size, no shell"},
	}
}

// Markdown returns the text of a topic.
func Markdown(name string) (string, error) {
	source, err := fs.ReadFile(assets.Guides, "guides/"+name+".md")
	if err != nil {
		return "", fmt.Errorf("there is no topic %q", name)
	}
	source = leadIn(source)
	page, err := template.New(name).Funcs(template.FuncMap{"note": note, "bases": bases}).Parse(string(source))
	if err != nil {
		return "", fmt.Errorf("guide %s: %w", name, err)
	}
	var out strings.Builder
	if err := page.Execute(&out, nil); err != nil {
		return "", fmt.Errorf("guide %s: %w", name, err)
	}
	return out.String(), nil
}

// notesAre leads in a page that has notes.
const notesAre = "A quoted note begins with what stands in a generated file, and says why it is there."

// leadIn says before the first note of a page what notes are.
func leadIn(source []byte) []byte {
	before, rest, ok := strings.Cut(string(source), "\n\n{{note ")
	if !ok {
		return source
	}
	return []byte(before + "\n\n" + notesAre + "\n\n{{note " + rest)
}

// note quotes what davit says of the lines with this note. The text stands
// beside these lines elsewhere; here a part of them may lead it in.
func note(id string, lines ...string) (string, error) {
	n, ok := generator.FindNote(id)
	if !ok {
		return "", fmt.Errorf("there is no note %q", id)
	}
	text, link := n.Why, ""
	if len(lines) > 0 {
		text = "`" + strings.Join(lines, "`, `") + "`: " + text
	}
	if n.Source != "" {
		link = "\n>\n> <" + n.Source + ">"
	}
	const width = 100         // as the guides themselves
	lines = wrap(text, width) // at blanks alone: a break at a hyphen would be joined with a blank
	return "> " + strings.Join(lines, "\n> ") + link, nil
}

// bases is a table of what the base images are.
func bases() (string, error) {
	var out strings.Builder
	out.WriteString("| base | pull | shell | can install | |\n|---|---|---|---|---|\n")
	base, _ := wizard.Find("base")
	dated := ""
	for _, c := range base.Choices {
		a := wizard.Defaults()
		if err := a.Set("base", c.ID); err != nil {
			return "", err
		}
		files, err := generator.Generate(a)
		if err != nil {
			return "", err
		}
		m := generator.Describe(a, files)
		dated = m.Dated
		pull := "not known"
		if m.BaseMB > 0 {
			pull = fmt.Sprintf("%.0f MB", m.BaseMB)
		}
		fmt.Fprintf(&out, "| %s | %s | %s | %s | %s |\n", c.ID, pull, word(m.Shell), word(strings.Join(m.Tools, ", ")), c.Gain)
	}
	fmt.Fprintf(&out, "\nA pull of the base with Python %s: compressed, for amd64, on %s.", wizard.Defaults().Python, dated)
	return out.String(), nil
}

func word(s string) string {
	if s == "" {
		return "none"
	}
	return s
}
