package tui

import (
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	"github.com/charmbracelet/x/ansi"

	"github.com/davit-cli/davit/generator/disk"
	"github.com/davit-cli/davit/wizard"
)

// A keyGroup is keys that belong together, for the overlay.
type keyGroup struct {
	title string
	keys  []key.Binding
}

// named gives a key other words for the present screen.
func named(b key.Binding, words string) key.Binding {
	h := b.Help()
	b.SetHelp(h.Key, words)
	return b
}

// shortKeys are the keys of the present screen that the footer shows, the most
// needed first.
func (m *model) shortKeys() []key.Binding {
	swap := named(keys.SwapLetter, "preview")
	if m.form.typing() {
		swap = named(keys.Swap, "preview")
	}
	if m.explore != nil {
		if m.explore.pane.found.typing {
			return searchKeys()
		}
		return m.explore.keys()
	}
	if m.reading() {
		return m.readingKeys()
	}
	var list []key.Binding
	switch m.step().id {
	case reviewStep:
		if m.review.picking != nil {
			return []key.Binding{bind("↑↓", "piece"), named(keys.Toggle, "the other version"), keys.Take, keys.Keep, named(keys.Back, "to the list"), keys.Help}
		}
		write := named(keys.Write, "write")
		if m.review.done() {
			write = bind("enter/q", "leave")
		}
		list = []key.Binding{bind("↑↓", "choose"), named(keys.Toggle, "decide")}
		if e, ok := m.review.entry(); ok && e.Exists() && e.Status != disk.Same {
			list = append(list, named(keys.Hunks, "pieces"), named(keys.Diff, "diff"))
		}
		list = append(list, write)
	case starterStep, rootStep, appStep:
		list = []key.Binding{bind("↑↓", "choose"), keys.Next}
	case detailsStep:
		list = []key.Binding{bind("↑↓", "choose a value")}
		if fd, ok := m.form.focused(); ok && fd.q.Multiple {
			list = append(list, keys.Toggle)
		} else if ok && !fd.typing() {
			list = append(list, bind("←→", "change it"))
		}
		list = append(list, keys.Next)
	default:
		list = []key.Binding{bind("↑↓", "choose")}
		if len(m.form.fields) > 0 && m.form.fields[0].q.Multiple {
			list = append(list, keys.Toggle)
		}
		list = append(list, keys.Next)
	}
	if m.canReview() {
		toReview := keys.ToReview
		if m.form.typing() {
			toReview = keys.ToReviewAnytime
		}
		list = append(list, toReview)
	}
	if !m.layout.wide {
		list = append(list, swap)
	}
	if m.step().id == reviewStep {
		list = append(list, named(keys.Tab, "answers"))
	}
	if m.at > 0 {
		list = append(list, keys.Back)
	}
	if m.step().id == reviewStep {
		list = append(list, keys.Edit)
	}
	if m.layout.wide {
		list = append(list, named(swap, "look closer"))
	}
	if !m.form.typing() && m.canExplore() {
		list = append(list, named(keys.Explore, "compare"))
	}
	switch {
	case !m.layout.wide: // the preview has its own keys once it is shown
	case m.form.typing():
		list = append(list, bind("ctrl+←→", "file"), bind("pgup/pgdn", "scroll"))
	default:
		list = append(list, bind("[ ]", "file"), bind("ctrl+d/u", "scroll"), named(keys.NextChange, "change"))
	}
	if m.form.typing() {
		return append(list, keys.HelpAnytime)
	}
	return append(list, keys.Help)
}

// readingKeys are those of the preview, the most needed first.
func (m *model) readingKeys() []key.Binding {
	p := &m.preview
	back := named(keys.Back, "to the form")
	switch {
	case p.found.typing:
		return searchKeys()
	case p.from >= 0:
		return bindNone(bind("↑↓", "extend"), keys.Copy, named(keys.Back, "drop"), keys.Help)
	case p.found.query != "":
		return bindNone(bind("n/N", "next, before"), bind("↑↓", "line"), named(keys.Back, "end the search"), keys.Help)
	}
	list := bindNone(bind("↑↓", "line"), bind("←→", "file"), back)
	if m.step().id == reviewStep {
		list = append(list, named(keys.Diff, "diff or file"), keys.Edit)
	}
	why := named(keys.Why, "why")
	if m.whyShown() {
		why = named(keys.Why, "hide why")
	}
	if !m.layout.wide {
		list = append(list, why)
	}
	if q, ok := wizard.Find(m.reason().question()); ok {
		list = append(list, named(keys.ToQuestion, "to "+label(q)))
	}
	list = append(list, keys.Search, keys.Copy)
	if m.layout.wide {
		list = append(list, why)
	}
	return append(list, keys.Help)
}

// searchKeys are those while a text to look for is typed.
func searchKeys() []key.Binding {
	return bindNone(bind("↑↓", "match"), named(keys.Next, "stay there"), named(keys.Back, "back"))
}

func bindNone(b ...key.Binding) []key.Binding { return b }

// allKeys are the keys of the present screen, for the overlay.
func (m *model) allKeys() []keyGroup {
	always := keyGroup{"Always", bindNone(bind("?/f1", "these keys"), keys.Suspend, keys.Quit)}
	if m.canExplore() {
		always.keys = append(bindNone(bind("=/f2", "compare variants")), always.keys...)
	}
	if m.explore != nil {
		return append(m.explore.allKeys(), keyGroup{"Always", bindNone(bind("?/f1", "these keys"), keys.Suspend, keys.Quit)})
	}
	if m.reading() {
		return append(m.allReadingKeys(), always)
	}
	next := bind("enter/tab", "next")
	var here []key.Binding
	switch m.step().id {
	case reviewStep:
		if m.review.picking != nil {
			here = bindNone(named(keys.Up, "piece above"), named(keys.Down, "piece below"), named(keys.Toggle, "the other version"),
				keys.Take, keys.Keep, bind("enter/esc", "to the list"))
			break
		}
		write := keys.Write
		if m.review.done() {
			write = bind("enter/q", "leave")
		}
		here = bindNone(keys.Up, keys.Down, bind("g/G", "first, last"), named(keys.Toggle, "what becomes of it"), keys.Take, keys.Keep, keys.Merge, keys.BackUp, keys.Hunks, keys.Edit,
			named(keys.All, "all or none"), keys.Diff, write, named(keys.Tab, "first answer"), keys.Back)
	default:
		here = bindNone(keys.Up, keys.Down)
		switch fd, ok := m.form.focused(); {
		case ok && fd.q.Multiple:
			here = append(here, keys.Toggle)
		case ok && m.form.several():
			here = append(here, keys.Left, keys.Right)
		case m.step().id == starterStep && m.found.starterRefused() == "":
			here = append(here, bind("y/n", "yes or no"))
		}
		here = append(here, next, keys.Back)
	}
	if m.canReview() {
		here = append(here, bind("r/ctrl+r", "to the review"))
	}
	if m.form.typing() { // letters belong to the value
		typed := bindNone(bind("↑/↓", "other value"), next, keys.Back, keys.Paste)
		if m.canReview() {
			typed = append(typed, keys.ToReviewAnytime)
		}
		return []keyGroup{{m.step().label, typed},
			{"Preview", bindNone(named(keys.Swap, "look closer"), bind("ctrl+←→", "other file"), bind("pgup/pgdn", "a page"))},
			{"Always", bindNone(bind("f2", "compare variants"), keys.HelpAnytime, keys.Suspend, keys.Quit)}}
	}
	look := bindNone(bind("p/ctrl+p", "look closer"), bind("[ ]", "other file"), keys.GoTo, keys.Search,
		bind("ctrl+u/d", "half a page"), bind("pgup/pgdn", "a page"), bind("g/G", "top, bottom"), keys.NextChange,
		bind("wheel", "scroll"), bind("click", "tab, line, row"))
	if m.inList() {
		look = slices.DeleteFunc(look, func(b key.Binding) bool { return b.Help().Key == "g/G" })
	}
	if m.review.picking != nil {
		look = bindNone(bind("[ ]", "other file"), bind("ctrl+u/d", "half a page"), bind("pgup/pgdn", "a page"), bind("g/G", "top, bottom"), keys.NextChange)
	}
	return []keyGroup{{m.step().label, here}, {"Preview", look}, always}
}

// allReadingKeys are those of the preview while it is read.
func (m *model) allReadingKeys() []keyGroup {
	line := bindNone(bind("↑/↓ k/j", "line"), bind("ctrl+u/d", "half a page"), bind("pgup/pgdn", "a page"), bind("g/G", "top, bottom"), keys.NextChange,
		keys.Why, keys.ToQuestion, keys.Select, keys.Copy)
	if m.step().id == reviewStep {
		line = append(line, named(keys.Diff, "diff or file"), keys.Edit)
	}
	look := bindNone(bind("←→ h/l [ ]", "other file"), keys.GoTo, keys.Search, bind("n/N", "next, before"),
		keys.Wrap, keys.Numbers, bind("< >", "sideways"), bind("esc/p", "to the form"))
	return []keyGroup{{"Line", line}, {"Preview", look}}
}

// keyLines draws all keys of the present screen, in two columns where they fit.
func (m *model) keyLines() []string {
	t := m.theme
	column := func(width int, groups ...keyGroup) []string {
		var out []string
		for i, g := range groups {
			if i > 0 {
				out = append(out, "")
			}
			out = append(out, t.titleBold.of(g.title))
			for _, b := range g.keys {
				h := b.Help()
				out = append(out, t.accent.of(pad(h.Key, width))+h.Desc)
			}
		}
		return out
	}
	g := m.allKeys()
	left, right := column(10, g[0], g[2]), column(11, g[1])
	const gap = 3
	width := 0
	for _, l := range left {
		width = max(width, ansi.StringWidth(l))
	}
	var out []string
	for i := range max(len(left), len(right)) {
		l, r := "", ""
		if i < len(left) {
			l = left[i]
		}
		if i < len(right) {
			r = right[i]
		}
		out = append(out, strings.TrimRight(pad(l, width+gap)+r, " "))
	}
	return out
}

// keyLine is the footer: as many keys as fit, the help always.
func (m *model) keyLine(w int) string {
	t := m.theme
	if m.leaving {
		return t.warn.of(cut(leaveAgain, w))
	}
	list := m.shortKeys()
	show := func(b key.Binding) string {
		h := b.Help()
		return t.accent.of(h.Key) + " " + t.dim.of(h.Desc)
	}
	const gap = "   "
	last := show(list[len(list)-1])
	room := w - ansi.StringWidth(last)
	var out strings.Builder
	for _, b := range list[:len(list)-1] {
		s := show(b) + gap
		if width := ansi.StringWidth(s); width <= room {
			out.WriteString(s)
			room -= width
		}
	}
	return out.String() + last
}
