package tui

import (
	"fmt"
	"io"
	"strings"

	"github.com/charmbracelet/colorprofile"
)

// summary prints what was written and what to run next, in the colours that
// the terminal has.
func (m *model) summary(out io.Writer, env []string) {
	t := m.theme
	w := colorprofile.NewWriter(out, env)
	if colourless(env) {
		w.Profile = min(w.Profile, colorprofile.ASCII)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s  %s\n", t.accentBold.of(brand), plural(len(m.result.Written), "file")+" written")
	for _, p := range m.result.Written {
		fmt.Fprintf(&b, "  %s %s", t.good.of("✓"), shownName(p))
		if bak := m.backups[p]; bak != "" {
			b.WriteString(t.dim.of("  what was there is " + shownName(bak)))
		}
		b.WriteByte('\n')
	}
	for _, p := range m.result.Removed {
		fmt.Fprintf(&b, "  %s %s%s\n", t.bad.of("✗"), shownName(p), t.dim.of("  removed"))
	}
	if len(m.result.Next) > 0 {
		fmt.Fprintf(&b, "\n%s\n", t.dim.of(nextText(m.dir)))
		for _, s := range m.result.Next {
			if s.Note != "" {
				fmt.Fprintf(&b, "  %s\n", t.dim.of("# "+s.Note))
			}
			if s.Command != "" {
				fmt.Fprintf(&b, "  %s\n", t.titleBold.of(s.Command))
			}
		}
	}
	_, _ = io.WriteString(w, b.String()) // the files are written whether or not this is read
}
