package tui

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"charm.land/huh/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/davit-cli/davit/wizard"
)

// A field is one question on the screen: a field of huh's, and how to read it.
type field struct {
	q      wizard.Question
	model  huh.Field
	values func() []string // what it holds, or points at, now
	under  func() string   // the choice under the cursor, "" where there is none
	typing func() bool
	before []string // what was ticked when the step began
	moved  bool     // the cursor has been on another option than the first
	rows   int      // options, where it is a list
	column int      // width of their titles
}

// fieldKeys are the keys that fields read; moving between fields is the form's.
func fieldKeys() *huh.KeyMap {
	k := &huh.KeyMap{}
	k.Select = huh.SelectKeyMap{Up: keys.Up, Down: keys.Down, Left: keys.Left, Right: keys.Right}
	k.MultiSelect = huh.MultiSelectKeyMap{Up: keys.Up, Down: keys.Down, Toggle: keys.Toggle}
	k.Confirm = huh.ConfirmKeyMap{Toggle: bind("←/→", "yes or no", "left", "right", "h", "l", "space")}
	return k
}

// newField makes the field of a question. answers are the others' present
// values, inline fields take one line, candidates are offered for a typed value.
// Lists have the width of their longest option, and are cut when they are drawn.
func newField(q wizard.Question, answers wizard.Answers, t *theme, inline bool, candidates []string) field {
	f := field{q: q, under: func() string { return "" }, typing: func() bool { return false }}
	now := answers.Get(q.ID)
	switch {
	case q.Kind == wizard.Choose && q.Multiple:
		f.many(now, choiceLines(q, answers, t), t)
	case q.Kind == wizard.Choose:
		f.one(now, choiceLines(q, answers, t), t, inline)
	case q.Kind == wizard.Switch:
		f.yesNo(now)
	case len(candidates) > 1:
		f.pick(now, candidates)
	default:
		f.text(now)
	}
	f.before, f.column = slices.Clone(f.values()), titleWidth(q)
	f.model.WithTheme(t)
	f.model.WithKeyMap(fieldKeys())
	return f
}

// one is a list of which one is chosen. The theme comes before the options, as
// huh measures them with it.
func (f *field) one(now []string, options []huh.Option[string], t *theme, inline bool) {
	value := first(now)
	if inline {
		for i := range options {
			c, _ := f.q.Choice(options[i].Value)
			options[i].Key = c.Title
		}
	}
	s := huh.NewSelect[string]()
	s.WithTheme(t)
	s.Value(&value).Options(options...).Inline(inline)
	if !inline {
		s.Height(len(options)).WithWidth(listWidth(options))
	}
	f.model, f.rows = s, len(options)
	f.under = func() string { v, _ := s.Hovered(); return v }
	f.values = func() []string { return []string{f.under()} }
}

func (f *field) many(now []string, options []huh.Option[string], t *theme) {
	value := slices.Clone(now)
	s := huh.NewMultiSelect[string]()
	s.WithTheme(t)
	s.Value(&value).Options(options...).Filterable(false).Height(len(options)).WithWidth(listWidth(options))
	f.model, f.rows = s, len(options)
	f.under = func() string { v, _ := s.Hovered(); return v }
	f.values = func() []string { return value }
}

func (f *field) yesNo(now []string) {
	value := first(now) == "true"
	f.model = huh.NewConfirm().Value(&value).Affirmative("yes").Negative("no")
	f.values = func() []string {
		if value {
			return []string{"true"}
		}
		return []string{"false"}
	}
}

func (f *field) text(now []string) {
	value := first(now)
	f.model = &line{huh.NewInput().Value(&value).Prompt("").CharLimit(200), &value}
	f.values = func() []string { return filled(value) }
	f.typing = func() bool { return true }
}

// line is a huh Input whose end is in sight from the beginning: an Input finds
// out what fits when its value is set, and would go by the width before.
type line struct {
	*huh.Input
	value *string
}

func (l *line) WithWidth(w int) huh.Field {
	l.Input.WithWidth(w)
	l.Value(l.value)
	return l
}

func (l *line) Update(msg tea.Msg) (huh.Model, tea.Cmd) {
	_, cmd := l.Input.Update(msg)
	return l, cmd
}

// pick is a choice of candidates, the last of which is to type another.
func (f *field) pick(now, candidates []string) {
	p := &picker{}
	typed := first(now)
	p.value = typed
	if !slices.Contains(candidates, typed) {
		p.value = candidates[0]
	}
	p.values = append(slices.Clone(candidates), otherChoice)
	p.Select = huh.NewSelect[string]().Options(huh.NewOptions(p.values...)...).Value(&p.value).Inline(true)
	p.input = huh.NewInput().Value(&p.typed).Prompt("").CharLimit(200)
	f.model = p
	f.values = func() []string {
		if p.typing() {
			return filled(p.typed)
		}
		return filled(p.value)
	}
	f.typing = p.typing
}

// picker is a huh Select with a huh Input behind its last option.
type picker struct {
	*huh.Select[string]
	input        *huh.Input
	values       []string
	value, typed string
}

func (p *picker) typing() bool { v, _ := p.Hovered(); return v == otherChoice }

func (p *picker) Update(msg tea.Msg) (huh.Model, tea.Cmd) {
	k, pressed := msg.(tea.KeyPressMsg)
	if p.typing() && (!pressed || p.typed != "" || !isArrow(k)) {
		_, cmd := p.input.Update(msg)
		return p, cmd
	}
	_, cmd := p.Select.Update(msg)
	if p.typing() {
		return p, tea.Batch(cmd, p.input.Focus())
	}
	return p, cmd
}

func isArrow(k tea.KeyPressMsg) bool { s := k.String(); return s == "left" || s == "right" }

func (p *picker) View() string {
	if p.typing() {
		return p.input.View()
	}
	return p.Select.View()
}

func (p *picker) Focus() tea.Cmd {
	if p.typing() {
		return tea.Batch(p.Select.Focus(), p.input.Focus())
	}
	return p.Select.Focus()
}

func (p *picker) WithTheme(t huh.Theme) huh.Field {
	p.Select.WithTheme(t)
	p.input.WithTheme(t)
	return p
}

func (p *picker) WithWidth(w int) huh.Field {
	p.Select.WithWidth(w)
	p.input.WithWidth(w)
	return p
}

// choiceLines are the options of a list: title, help, and why a choice is
// excluded by the other answers.
func choiceLines(q wizard.Question, a wizard.Answers, t *theme) []huh.Option[string] {
	column := titleWidth(q)
	options := make([]huh.Option[string], len(q.Choices))
	for i, c := range q.Choices {
		line := pad(c.Title, column+2)
		if other := against(a, q, c.ID); other != "" {
			line = reset + t.dim.of(line) + t.warn.of(excludedMark+"not with "+other)
		} else {
			line += reset + t.dim.of(c.Help)
		}
		options[i] = huh.NewOption(line, c.ID)
	}
	return options
}

// listWidth is the room that the options take with cursor and tick.
func listWidth(options []huh.Option[string]) int {
	width := 0
	for _, o := range options {
		width = max(width, ansi.StringWidth(o.Key))
	}
	return width + 4
}

// cuts reports whether the help of a choice does not fit beside its title.
func (f field) cuts(c wizard.Choice, width int) bool {
	before := f.column + 4 // the cursor, and the gap
	if f.q.Multiple {
		before += 2 // the tick
	}
	return before+ansi.StringWidth(c.Help) > width
}

// strip are the values of a field that shows them side by side, as ← and → go
// through them, and the place of the present one. A list and what is typed have
// none.
func (f field) strip() (titles []string, at int) {
	switch p, ok := f.model.(*picker); {
	case ok && !p.typing():
		for _, v := range p.values { // found in the folder
			titles = append(titles, spoken(v))
		}
		value, _ := p.Hovered()
		return titles, slices.Index(p.values, value)
	case f.q.Kind == wizard.Switch:
		return []string{"yes", "no"}, slices.Index([]string{"true", "false"}, first(f.values()))
	case f.q.Kind == wizard.Choose && !f.q.Multiple:
		for _, c := range f.q.Choices {
			titles = append(titles, c.Title)
		}
		return titles, f.at()
	}
	return nil, 0
}

// unticked is the choice under a cursor that was moved there, where it is not
// ticked; passed that nothing was ticked or taken back on the way.
func (f field) unticked() (c wizard.Choice, passed, ok bool) {
	if !f.q.Multiple || !f.moved || slices.Contains(f.values(), f.under()) {
		return c, false, false
	}
	c, ok = f.q.Choice(f.under())
	return c, ok && slices.Equal(f.values(), f.before), ok
}

// at is the place of the choice under the cursor.
func (f field) at() int {
	return slices.IndexFunc(f.q.Choices, func(c wizard.Choice) bool { return c.ID == f.under() })
}

func titleWidth(q wizard.Question) int {
	width := 0
	for _, c := range q.Choices {
		width = max(width, ansi.StringWidth(c.Title))
	}
	return width
}

// fault is why the values cannot be, or "". The catalogue's sentence names the
// flag, which means nothing here; what it wraps says what is allowed.
func (f field) fault() string {
	switch _, err := f.q.Check(f.values()...); {
	case err == nil:
		return ""
	case len(f.values()) > 0:
		return upper(cmp.Or(errors.Unwrap(err), err).Error()) + "."
	case f.q.Multiple:
		return tickOne
	default:
		return valueNeeded
	}
}

func first(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

// filled is a typed value as a list: none where nothing is typed.
func filled(v string) []string {
	if strings.TrimSpace(v) == "" {
		return nil
	}
	return []string{v}
}
