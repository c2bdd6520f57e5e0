package tui

import (
	"image/color"

	"charm.land/huh/v2"
	"charm.land/lipgloss/v2"
	"github.com/alecthomas/chroma/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
)

// A palette is every colour that davit uses. Body text has none: it is the
// terminal's own. Each colour has a contrast of 4.5 or more on the usual
// backgrounds of its kind, which theme_test.go measures. Colours are red, green
// and blue, or where a terminal has 16, a number: what it shows for that is its
// own affair, so these are chosen to be readable in the usual sets. On a light
// background few of the 16 are, and signs say what colour cannot.
type palette struct {
	accent  string // focus and the present step: a lifeboat's orange
	title   string // questions and tabs: the sea
	dim     string // help, evidence, line numbers
	rule    string // lines between panes, which carry no text
	good    string // gain, new
	warn    string // cost, differs
	bad     string // errors, conflicts
	inverse string // text on accent

	keyword, attribute, str, number, variable, section string // code
}

var (
	dark = palette{
		accent: "#F7A35C", title: "#7CC7F2", dim: "#99A3B0", rule: "#4A5361",
		good: "#8FD6A0", warn: "#EBC76B", bad: "#FF9C95", inverse: "#1B1F24",
		keyword: "#F7A35C", attribute: "#7CC7F2", str: "#A9D6A5", number: "#E8B4D4",
		variable: "#C9B3F5", section: "#EBC76B",
	}
	light = palette{
		accent: "#943B00", title: "#0B5C8F", dim: "#5A6470", rule: "#B9C0C8",
		good: "#1D6F3A", warn: "#7A5200", bad: "#B3261E", inverse: "#FFFFFF",
		keyword: "#943B00", attribute: "#0B5C8F", str: "#1D6F3A", number: "#9A2A6B",
		variable: "#6A3FA6", section: "#7A5200",
	}
	dark16 = palette{
		accent: "11", title: "14", dim: "7", rule: "8", good: "10", warn: "11", bad: "9", inverse: "0",
		keyword: "11", attribute: "14", str: "10", number: "6", variable: "6", section: "11",
	}
	light16 = palette{
		accent: "5", title: "4", dim: "0", rule: "8", good: "4", warn: "5", bad: "1", inverse: "15",
		keyword: "4", attribute: "5", str: "1", number: "5", variable: "5", section: "4",
	}
)

// paletteFor is the palette for a background and what the terminal can show.
// Fewer colours than 16 are none, which Bubble Tea sees to.
func paletteFor(isDark bool, p colorprofile.Profile) palette {
	few := p == colorprofile.ANSI
	switch {
	case isDark && few:
		return dark16
	case few:
		return light16
	case isDark:
		return dark
	}
	return light
}

// ink is the SGR sequence that a style begins with.
type ink string

const reset = "\x1b[m"

func (i ink) of(s string) string {
	if i == "" || s == "" {
		return s
	}
	return string(i) + s + reset
}

// theme is the palette turned into what parts paint with.
type theme struct {
	accent, accentBold, title, titleBold, dim, rule, good, warn, bad, bold, button ink

	goodWord, badWord ink // words that come and go within a line
	match             ink // what was searched for

	code map[chroma.TokenType]string
	huh  *huh.Styles
}

func newTheme(p palette) *theme {
	fg := func(hex string) ansi.Style { return ansi.NewStyle().ForegroundColor(lipgloss.Color(hex)) }
	t := &theme{
		accent:     ink(fg(p.accent).String()),
		accentBold: ink(fg(p.accent).Bold().String()),
		title:      ink(fg(p.title).String()),
		titleBold:  ink(fg(p.title).Bold().String()),
		dim:        ink(fg(p.dim).String()),
		rule:       ink(fg(p.rule).String()),
		good:       ink(fg(p.good).String()),
		warn:       ink(fg(p.warn).String()),
		bad:        ink(fg(p.bad).String()),
		bold:       ink(ansi.NewStyle().Bold().String()),
		button:     ink(fg(p.inverse).BackgroundColor(lipgloss.Color(p.accent)).Bold().String()),
	}
	word := func(hex string) ink {
		return ink(fg(p.inverse).BackgroundColor(lipgloss.Color(hex)).Bold().String())
	}
	t.goodWord, t.badWord = word(p.good), word(p.bad)
	t.match = ink(fg(p.inverse).BackgroundColor(lipgloss.Color(p.warn)).Underline(true).String())
	t.code = codeInks(p)
	t.huh = huhStyles(p)
	return t
}

// press draws a button; the focused one has a sign as well as a colour.
func (t *theme) press(label string, focused bool) string {
	if focused {
		return t.accentBold.of("› ") + t.button.of(buttonText(label))
	}
	return t.dim.of("  " + buttonText(label))
}

// buttonText is what takes a click.
func buttonText(label string) string { return "  " + label + "  " }

// codeInks maps token types, or their categories, to sequences.
func codeInks(p palette) map[chroma.TokenType]string {
	fg := func(hex string) string { return ansi.NewStyle().ForegroundColor(lipgloss.Color(hex)).String() }
	return map[chroma.TokenType]string{
		chroma.Comment:             ansi.NewStyle().ForegroundColor(lipgloss.Color(p.dim)).Italic(true).String(),
		chroma.CommentPreproc:      fg(p.dim),
		chroma.Keyword:             ansi.NewStyle().ForegroundColor(lipgloss.Color(p.keyword)).Bold().String(),
		chroma.KeywordConstant:     fg(p.number),
		chroma.NameAttribute:       fg(p.attribute),
		chroma.NameNamespace:       fg(p.section),
		chroma.NameVariable:        fg(p.variable),
		chroma.NameFunction:        fg(p.attribute),
		chroma.NameBuiltin:         fg(p.variable),
		chroma.LiteralNumber:       fg(p.number),
		chroma.LiteralString:       fg(p.str),
		chroma.LiteralStringEscape: fg(p.variable),
		chroma.Operator:            fg(p.dim),
		chroma.Punctuation:         fg(p.dim),
		chroma.GenericInserted:     fg(p.good),
		chroma.GenericDeleted:      fg(p.bad),
	}
}

// codeInk is what the highlighter asks: the type's own sequence, or that of
// its category.
func (t *theme) codeInk(token chroma.TokenType) string {
	if s, ok := t.code[token]; ok {
		return s
	}
	if s, ok := t.code[token.SubCategory()]; ok {
		return s
	}
	return t.code[token.Category()]
}

// Theme lets huh's fields paint with davit's colours.
func (t *theme) Theme(bool) *huh.Styles { return t.huh }

func huhStyles(p palette) *huh.Styles {
	fg := func(hex string) lipgloss.Style { return lipgloss.NewStyle().Foreground(lipgloss.Color(hex)) }
	var s huh.Styles
	f := &s.Focused
	f.SelectSelector = fg(p.accent).Bold(true).SetString("› ")
	f.MultiSelectSelector = f.SelectSelector
	f.SelectedOption = lipgloss.NewStyle().Bold(true)
	f.UnselectedOption = lipgloss.NewStyle()
	f.SelectedPrefix = fg(p.good).Bold(true).SetString("✓ ")
	f.UnselectedPrefix = fg(p.dim).SetString("• ")
	f.PrevIndicator = fg(p.accent).SetString("‹ ")
	f.NextIndicator = fg(p.accent).SetString(" ›")
	f.TextInput.Cursor = fg(p.accent)
	f.TextInput.Placeholder = fg(p.dim)
	f.TextInput.Text = lipgloss.NewStyle().Bold(true)
	f.FocusedButton = lipgloss.NewStyle().Foreground(lipgloss.Color(p.inverse)).
		Background(lipgloss.Color(p.accent)).Bold(true).Padding(0, 1).SetString("›")
	f.BlurredButton = fg(p.dim).Padding(0, 2)
	s.Blurred = s.Focused
	return &s
}

// hex is here for the test of contrasts.
func (p palette) texts() map[string]color.Color {
	m := map[string]color.Color{}
	for name, hex := range map[string]string{
		"accent": p.accent, "title": p.title, "dim": p.dim, "good": p.good, "warn": p.warn, "bad": p.bad,
		"keyword": p.keyword, "attribute": p.attribute, "string": p.str, "number": p.number,
		"variable": p.variable, "section": p.section,
	} {
		m[name] = lipgloss.Color(hex)
	}
	return m
}
