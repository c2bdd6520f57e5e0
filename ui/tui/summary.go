package tui

import (
	"fmt"
	"io"
	"strings"

	"github.com/charmbracelet/colorprofile"

	"github.com/davit-cli/davit/generator"
	"github.com/davit-cli/davit/generator/disk"
	"github.com/davit-cli/davit/ui/wrap"
)

// summary prints what was written and what to run next, in the colours that
// the terminal has.
func (m *model) summary(out io.Writer, env []string) {
	w := colorprofile.NewWriter(out, env)
	if colourless(env) {
		w.Profile = min(w.Profile, colorprofile.ASCII)
	}
	var b strings.Builder
	if m.calm != "" {
		fmt.Fprintf(&b, "%s  %s\n", m.theme.accentBold.of(brand), m.calm)
	} else {
		m.done(&b)
	}
	m.toDo(&b)
	_, _ = io.WriteString(w, b.String()) // the files are written whether or not this is read
}

// done tells which files were written and removed.
func (m *model) done(b *strings.Builder) {
	t := m.theme
	fmt.Fprintf(b, "%s  %s\n", t.accentBold.of(brand), writtenText(m.result.Written))
	for _, p := range m.result.Written {
		if p == disk.LockFile {
			continue // it stands above
		}
		fmt.Fprintf(b, "  %s %s", t.good.of("✓"), shownName(p))
		if bak := m.backups[p]; bak != "" {
			b.WriteString(t.dim.of("  what was there is " + shownName(bak)))
		}
		b.WriteByte('\n')
	}
	for _, p := range m.result.Removed {
		fmt.Fprintf(b, "  %s %s%s\n", t.bad.of("✗"), shownName(p), t.dim.of("  removed"))
	}
}

// toDo lists the commands to go on with, and what to expect of them.
func (m *model) toDo(b *strings.Builder) {
	t := m.theme
	if len(m.result.Next) > 0 {
		fmt.Fprintf(b, "\n%s\n", t.dim.of(nextText(m.dir)))
	}
	for _, line := range generator.Listing(m.result.Next) {
		switch {
		case line == "":
			b.WriteByte('\n')
		case strings.HasPrefix(line, "# "): // each line of it is a comment for whoever copies them
			for _, part := range m.breakLines(strings.TrimPrefix(line, "# "), len("  # ")) {
				fmt.Fprintf(b, "  %s\n", t.dim.of("# "+part))
			}
		default:
			fmt.Fprintf(b, "  %s\n", t.titleBold.of(line))
		}
	}
	for i, line := range m.afterwards() {
		if i == 0 {
			b.WriteByte('\n')
		}
		for _, part := range m.breakLines(line, 0) {
			fmt.Fprintf(b, "%s\n", t.dim.of(part))
		}
	}
}

// breakLines breaks text between words where the terminal ends, less what stands
// before it.
func (m *model) breakLines(text string, before int) []string {
	if m.layout.w <= before {
		return []string{text}
	}
	return wrap.Words(text, m.layout.w-before)
}

// afterwards is what to expect of the commands, where help is, and what to keep.
func (m *model) afterwards() []string {
	var lines []string
	steps := m.result.Next
	if m.calm != "" && len(steps) == 0 {
		return nil
	}
	if why := m.missing(m.answers); why != "" {
		lines = append(lines, "! "+why+".")
	}
	if address := generator.Address(steps); address != "" {
		lines = append(lines, thenOpen(address))
	} else if generator.NeedsDocker(steps) {
		lines = append(lines, needsDocker)
	}
	lines = append(lines, helpText)
	if m.calm == "" {
		lines = append(lines, commitText)
	}
	return lines
}
