package conformance

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/davit-cli/davit/generator"
)

// languages are the ones that generator.File documents.
var languages = []string{"dockerfile", "yaml", "toml", "sh", "python", "ignore", "dotenv", "hcl", "json", "markdown", "ini", "gotemplate"}

// Traces that templates and formatting leave where a value was forgotten.
var artefact = regexp.MustCompile(`<no value>|<nil>|%![a-zA-Z(]|\x00|\r|\bTODO\b|\bFIXME\b`)

// Actions of text/template; shell scripts have docker's --format, charts have Helm's.
var action = regexp.MustCompile(`\{\{|\}\}`)

// GitHub's expressions, which only workflows have.
var githubExpression = regexp.MustCompile(`\$\{\{ .*? \}\}`)

// Text judges what every file has to keep, whatever its language.
func Text(files []generator.File) []Finding {
	d := &docket{judge: "text"}
	for _, f := range files {
		d.metadata(f)
		d.bytes(f)
		d.notes(f)
	}
	return d.found
}

func (d *docket) metadata(f generator.File) {
	if f.Path == "" || path.IsAbs(f.Path) || path.Clean(f.Path) != f.Path || strings.HasPrefix(f.Path, "..") || strings.Contains(f.Path, `\`) {
		d.add(f.Path, 0, "path", "not a clean path below the project")
	}
	want := "0644"
	executable := isScript(f.Path) && strings.HasPrefix(f.Content, "#!")
	if executable {
		want = "0755"
	}
	if (executable && f.Mode != 0o755) || (!executable && f.Mode != 0o644) {
		d.add(f.Path, 0, "mode", "mode is %#o, not %s", uint32(f.Mode), want)
	}
	if !slices.Contains(languages, f.Language) {
		d.add(f.Path, 0, "language", "%q is none of %s", f.Language, strings.Join(languages, ", "))
	}
	if strings.TrimSpace(f.Purpose) == "" || strings.Contains(f.Purpose, "\n") {
		d.add(f.Path, 0, "purpose", "the purpose has to be one sentence, not %q", f.Purpose)
	}
}

func (d *docket) bytes(f generator.File) {
	if !strings.HasSuffix(f.Content, "\n") || strings.HasSuffix(f.Content, "\n\n") {
		d.add(f.Path, 0, "final-newline", "has to end with exactly one newline")
	}
	if strings.HasPrefix(f.Content, "\n") {
		d.add(f.Path, 1, "first-line", "begins with an empty line")
	}
	for i, line := range strings.Split(strings.TrimSuffix(f.Content, "\n"), "\n") {
		bare := line
		if strings.HasPrefix(f.Path, ".github/workflows/") {
			bare = githubExpression.ReplaceAllString(line, "")
		}
		switch {
		case strings.TrimRight(line, " \t") != line:
			d.add(f.Path, i+1, "trailing-blank", "%q", line)
		case f.Language == "yaml" && strings.Contains(line, "\t"):
			d.add(f.Path, i+1, "tab", "a tab in YAML")
		case artefact.MatchString(line), !slices.Contains([]string{"sh", "hcl", "gotemplate"}, f.Language) && action.MatchString(bare):
			d.add(f.Path, i+1, "artefact", "%q", line)
		}
	}
	if strings.Contains(f.Content, "\n\n\n") {
		d.add(f.Path, lineOf(f.Content, "\n\n\n")+1, "blank-lines", "two empty lines in a row")
	}
}

func (d *docket) notes(f generator.File) {
	lines, last := strings.Count(f.Content, "\n"), 0
	for _, n := range f.Notes {
		switch {
		case n.First < 1 || n.Last < n.First || n.Last > lines:
			d.add(f.Path, n.First, "note", "lines %d to %d are not in a file of %d lines: %s", n.First, n.Last, lines, n.Why)
		case n.First < last:
			d.add(f.Path, n.First, "note", "notes are out of order: line %d after %d", n.First, last)
		case strings.TrimSpace(n.Why) == "":
			d.add(f.Path, n.First, "note", "a note without a reason")
		}
		last = n.First
	}
}
