package tui

import "charm.land/bubbles/v2/key"

// keyMap is every key of the wizard, each with its words for the help. Keys
// that are letters do nothing while a value is typed.
type keyMap struct {
	Up, Down, Left, Right key.Binding
	Toggle, All           key.Binding
	Next, Tab, Back       key.Binding

	PrevFile, NextFile            key.Binding // always
	PrevFileLetter                key.Binding // while nothing is typed
	NextFileLetter                key.Binding
	HalfUp, HalfDown              key.Binding
	PageUp, PageDown, Top, Bottom key.Binding
	NextChange                    key.Binding

	Search, NextMatch, PrevMatch, GoTo key.Binding // preview
	Select, Copy                       key.Binding // while it is read
	Wrap, Numbers, SideLeft, SideRight key.Binding
	Why, ToQuestion                    key.Binding
	Edit                               key.Binding // review
	ToReview, ToReviewAnytime          key.Binding // once it was reached
	Explore, ExploreAnytime, Unified   key.Binding

	Diff, Write, Leave, Yes, No         key.Binding
	Take, Keep, Merge, BackUp, Hunks    key.Binding // review
	Swap, SwapLetter, Help, HelpAnytime key.Binding
	Paste, Suspend, Quit                key.Binding
}

func bind(help, words string, keys ...string) key.Binding {
	return key.NewBinding(key.WithKeys(keys...), key.WithHelp(help, words))
}

var keys = keyMap{
	Up:     bind("↑/k", "up", "up", "k"),
	Down:   bind("↓/j", "down", "down", "j"),
	Left:   bind("←/h", "previous value", "left", "h"),
	Right:  bind("→/l", "next value", "right", "l"),
	Toggle: bind("space", "tick", "space", "x"),
	All:    bind("a", "tick all or none", "a"),
	Next:   bind("enter", "next", "enter"),
	Tab:    bind("tab", "next", "tab"),
	Back:   bind("esc", "back", "esc", "shift+tab"),

	PrevFile:       bind("ctrl+←", "previous file", "ctrl+left"),
	NextFile:       bind("ctrl+→", "next file", "ctrl+right"),
	PrevFileLetter: bind("[", "previous file", "["),
	NextFileLetter: bind("]", "next file", "]"),
	HalfUp:         bind("ctrl+u", "half a page up", "ctrl+u"),
	HalfDown:       bind("ctrl+d", "half a page down", "ctrl+d"),
	PageUp:         bind("pgup", "page up", "pgup"),
	PageDown:       bind("pgdn", "page down", "pgdown"),
	Top:            bind("g", "top", "g", "home"),
	Bottom:         bind("G", "bottom", "G", "end"),
	NextChange:     bind("c", "next change", "c"),

	Search:     bind("/", "search", "/"),
	NextMatch:  bind("n", "next match", "n"),
	PrevMatch:  bind("N", "match before", "N"),
	GoTo:       bind("f", "file by name", "f"),
	Select:     bind("v", "select lines", "v"),
	Copy:       bind("y", "copy", "y"),
	Wrap:       bind("w", "wrap lines", "w"),
	Numbers:    bind("#", "line numbers", "#"),
	SideLeft:   bind("<", "to the left", "<", "shift+left"),
	SideRight:  bind(">", "to the right", ">", "shift+right"),
	Why:        bind("i", "why this line", "i"),
	ToQuestion: bind("enter", "to its question", "enter"),
	Edit:       bind("e", "edit", "e"),

	ToReview:        bind("r", "review", "r"),
	ToReviewAnytime: bind("ctrl+r", "review", "ctrl+r"),

	Explore:        bind("=", "compare variants", "="),
	ExploreAnytime: bind("f2", "compare variants", "f2"),
	Unified:        bind("u", "beside or below", "u"),

	Diff:  bind("d", "diff with the folder", "d"),
	Write: bind("enter", "write", "enter"),
	Leave: bind("q", "leave", "q"),
	Yes:   bind("y", "yes", "y", "Y"),
	No:    bind("n", "no", "n", "N", "esc", "q"),

	Take:   bind("t", "take davit's", "t"),
	Keep:   bind("s", "keep what is there", "s"),
	Merge:  bind("m", "merge", "m"),
	BackUp: bind("b", "back up, take davit's", "b"),
	Hunks:  bind("h", "choose piece by piece", "h"),

	Swap:        bind("ctrl+p", "form or preview", "ctrl+p"),
	SwapLetter:  bind("p", "form or preview", "p"),
	Help:        bind("?", "keys", "?"),
	HelpAnytime: bind("f1", "keys", "f1"),
	Paste:       bind("ctrl+v", "paste", "ctrl+v"),
	Suspend:     bind("ctrl+z", "suspend", "ctrl+z"),
	Quit:        bind("ctrl+c", "leave", "ctrl+c"),
}
