package tui

import (
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// View lays the parts into one frame; nothing is worked out here.
func (m *model) View() tea.View {
	v := tea.NewView(m.frame())
	v.AltScreen = true
	v.MouseMode = tea.MouseModeCellMotion
	v.WindowTitle = "davit " + m.name
	return v
}

// frame is the screen as lines, none wider than the terminal.
func (m *model) frame() string {
	l := m.layout
	switch {
	case l.w == 0 || l.h == 0:
		return ""
	case l.small:
		return m.smallFrame()
	}
	lines := make([]string, 0, l.h)
	lines = append(lines, m.header(), m.ruleLine("┬"))
	lines = append(lines, m.body()...)
	lines = append(lines, m.ruleLine("┴"), " "+fit(m.keyLine(l.w-2), l.w-2))
	if m.overlay.kind != noOverlay {
		box := m.box()
		x, y := m.boxPlace(box)
		lines = m.theme.over(lines, box, x, y, l.w)
	}
	return strings.Join(lines, "\n")
}

// body is the two panes, or the one that is shown.
func (m *model) body() []string {
	l := m.layout
	out := make([]string, l.form.h)
	if m.explore != nil {
		for i, line := range m.exploreLines(len(out)) {
			if i < len(out) {
				out[i] = " " + line
			}
		}
		return out
	}
	if !l.wide {
		var part []string
		switch {
		case m.whyShown():
			part = append(m.preview.lines(), m.theme.rule.of(strings.Repeat("─", l.preview.w)))
			part = append(part, m.whyLines(l.preview.w, m.whyHeight()-1)...)
		case m.showing == previewPane:
			part = m.preview.lines()
		default:
			part = m.formLines(l.form.w, l.form.h)
		}
		for i := range out {
			out[i] = " " + at(part, i)
		}
		return out
	}
	left, right := m.leftLines(), m.preview.lines()
	bar := " " + m.theme.rule.of("│") + " "
	for i := range out {
		out[i] = " " + fit(at(left, i), l.form.w) + bar + at(right, i)
	}
	return out
}

// leftLines is the form, or while the preview is read what is known of a line.
func (m *model) leftLines() []string {
	w, h := m.layout.form.w, m.layout.form.h
	if m.whyShown() {
		return m.whyLines(w, h)
	}
	return m.formLines(w, h)
}

func at(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return ""
}

// header is the name, the folder, and the variant under the cursor.
func (m *model) header() string {
	t := m.theme
	left := t.accentBold.of(brand) + "  " + t.bold.of(cut(m.name, m.layout.w/2))
	if m.explore != nil {
		return " " + apart(left, t.dim.of(exploreTitle), m.layout.w-2)
	}
	const least = 8 // less of it tells nothing
	variant := m.taking.Variant()
	if room := m.layout.w - 2 - ansi.StringWidth(left) - 2; room >= least {
		variant = cut(variant, room)
	}
	return " " + apart(left, t.dim.of(variant), m.layout.w-2)
}

func (m *model) ruleLine(join string) string {
	l := m.layout
	if !l.wide || m.explore != nil {
		return m.theme.rule.of(strings.Repeat("─", l.w))
	}
	x := l.preview.x - 2
	return m.theme.rule.of(strings.Repeat("─", x) + join + strings.Repeat("─", l.w-x-1))
}

// smallFrame says kindly what is needed, and waits for it.
func (m *model) smallFrame() string {
	l, t := m.layout, m.theme
	lines := []string{t.accentBold.of(brand), ""}
	lines = append(lines, wrapped("", smallText(l.w, l.h), "", max(l.w-2, 1))...)
	lines = lines[:min(len(lines), l.h)]
	for i := range lines {
		lines[i] = fit(lines[i], l.w)
	}
	return strings.Join(lines, "\n")
}
