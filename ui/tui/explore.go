package tui

import (
	"slices"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/davit-cli/davit/generator"
	"github.com/davit-cli/davit/wizard"
)

// explore compares two variants, a and b, while the cursor goes through the
// choices of one of them. Nothing is an answer before it is taken.
type explore struct {
	questions []wizard.Question
	sides     [2]variant
	on        int // the side that the cursor changes
	row, col  int // question and choice under the cursor
	pane      preview
	unified   bool     // one version below the other, where both would fit side by side
	files     bool     // the files are shown, where there is room for one thing alone
	above     []string // the matrix and the meanings, drawn
}

// A variant is one of the two that are compared.
type variant struct {
	chosen  wizard.Answers // as the cursor chose
	answers wizard.Answers // with what has to give way
	files   []generator.File
	meaning generator.Meaning
	note    string // what had to give way, or why there are no files
}

var sideNames = [2]string{"a", "b"}

// startExploring compares the present answers with the ones under the cursor,
// or where these are the same, with the next choice.
func (m *model) startExploring() {
	e := &explore{on: 1}
	for _, q := range wizard.Catalogue() {
		if q.Room == wizard.Main {
			e.questions = append(e.questions, q)
		}
	}
	e.pane = newPreview(m.theme)
	e.pane.high, e.pane.alone = m.preview.high, true
	at := slices.IndexFunc(e.questions, func(q wizard.Question) bool { return q.ID == m.step().id })
	e.row = at
	if at < 0 {
		e.row = min(2, len(e.questions)-1) // the base, which people compare most
	}
	e.sides[0].chosen, e.sides[1].chosen = m.answers.Clone(), m.answers.Clone()
	e.col = e.place()
	if at >= 0 && m.trial.Variant() != m.answers.Variant() {
		e.sides[1].chosen = m.trial.Clone()
		e.col = e.place()
		if q := e.questions[at]; q.Multiple {
			e.sides[1].chosen = m.answers.Clone()
			_, c, _ := m.form.choice()
			e.col = max(slices.IndexFunc(q.Choices, func(o wizard.Choice) bool { return o.ID == c.ID }), 0)
		}
	} else {
		e.col = (e.col + 1) % len(e.questions[e.row].Choices)
	}
	m.explore = e
	m.explorePoint()
	m.resize(m.layout.w, m.layout.h)
}

// place is the choice that the side under the cursor has, the first of several.
func (e *explore) place() int {
	q := e.questions[e.row]
	return max(slices.IndexFunc(q.Choices, func(c wizard.Choice) bool {
		return c.ID == first(e.sides[e.on].chosen.Get(q.ID))
	}), 0)
}

// explorePoint takes what is under the cursor into its side, and shows what
// that makes of the files.
func (m *model) explorePoint() {
	e := m.explore
	q := e.questions[e.row]
	id := q.Choices[e.col].ID
	s := &e.sides[e.on]
	if !q.Multiple {
		_ = s.chosen.Set(q.ID, id) // the catalogue's own choice
	}
	for i := range e.sides {
		s := &e.sides[i]
		a := s.chosen.Clone()
		if q.Multiple && i == e.on {
			_ = a.Set(q.ID, append(slices.Clone(a.Get(q.ID)), id)...)
		}
		s.note = ""
		if len(wizard.Broken(a)) > 0 {
			adapted, changes, ok := adapt(a, q.ID)
			if !ok {
				s.note = upper(wizard.Broken(a)[0].Why)
				continue // what was there before stays
			}
			a, s.note = adapted, shownWith(changes)
		}
		files, err := m.sets.of(a, m.starter)
		if err != nil {
			s.note = upper(err.Error())
			continue
		}
		s.answers, s.files = a, files
		s.meaning = generator.Describe(a, files)
	}
	m.exploreFiles()
}

// exploreFiles puts the files of both sides beside each other; the one that is
// shown stays, or else the first that differs is.
func (m *model) exploreFiles() {
	e := m.explore
	a, b := e.sides[0].files, e.sides[1].files
	find := func(files []generator.File, path string) (generator.File, bool) {
		i := slices.IndexFunc(files, func(f generator.File) bool { return f.Path == path })
		if i < 0 {
			return generator.File{}, false
		}
		return files[i], true
	}
	all := slices.Clone(a)
	for _, f := range b {
		if _, both := find(a, f.Path); !both {
			all = append(all, f)
		}
	}
	p := &e.pane
	shown := p.path()
	p.files = p.files[:0]
	count := map[string]int{}
	for _, f := range all {
		was, inA := find(a, f.Path)
		is, inB := find(b, f.Path)
		s := sheet{File: f, sign: differ(inA, inB, was.Content, is.Content)}
		count[s.sign]++
		da, db := p.high.Document(f.Language, was.Content), p.high.Document(f.Language, is.Content)
		s.doc, s.diff = db, &lazy{make: func() *aligned { return newAligned(da, db, e.beside(m.layout)) }}
		p.files = append(p.files, s)
	}
	nameSheets(p.files)
	p.at = max(slices.IndexFunc(p.files, func(s sheet) bool { return s.Path == shown }), 0)
	if i := slices.IndexFunc(p.files, func(s sheet) bool { return s.sign != "=" }); i >= 0 && (!p.pinned || p.files[p.at].sign == "=") {
		p.at, p.pinned = i, false
	}
	p.summary = filesText(count)
	p.clamp()
	p.bringChange()
}

// pressExplore is a key while variants are compared.
func (m *model) pressExplore(k tea.KeyPressMsg) tea.Cmd {
	e := m.explore
	q := e.questions[e.row]
	switch {
	case key.Matches(k, keys.Help, keys.HelpAnytime):
		m.overlay = overlay{kind: showKeys}
		return nil
	case key.Matches(k, keys.GoTo):
		m.overlay = overlay{kind: askFile, list: newFileList(e.pane.paths())}
		return nil
	case key.Matches(k, keys.Explore, keys.ExploreAnytime, keys.Back) && k.String() != "shift+tab":
		m.explore = nil
		m.resize(m.layout.w, m.layout.h)
		return nil
	case key.Matches(k, keys.Next):
		return m.takeExplored()
	case key.Matches(k, keys.Why):
		e.files = !e.files
		m.resize(m.layout.w, m.layout.h)
		return nil
	case key.Matches(k, keys.Unified):
		e.unified = !e.unified
		m.exploreSize()
		e.pane.bringChange()
		return nil
	case key.Matches(k, keys.Wrap):
		e.pane.view.wrap = !e.pane.view.wrap
		e.pane.stay()
		return nil
	case e.pane.press(k, false, e.turn):
		return nil
	case key.Matches(k, keys.Tab), k.String() == "shift+tab":
		e.on = 1 - e.on
		e.col = e.place()
	case key.Matches(k, keys.Up):
		e.row = max(e.row-1, 0)
		e.col = e.place()
	case key.Matches(k, keys.Down):
		e.row = min(e.row+1, len(e.questions)-1)
		e.col = e.place()
	case key.Matches(k, keys.Left):
		e.col = max(e.col-1, 0)
	case key.Matches(k, keys.Right):
		e.col = min(e.col+1, len(q.Choices)-1)
	case key.Matches(k, keys.Toggle) && q.Multiple:
		e.tick()
	default:
		return nil
	}
	m.explorePoint()
	m.resize(m.layout.w, m.layout.h)
	return nil
}

// tick adds the choice under the cursor to those of its side, or takes it away.
func (e *explore) tick() {
	q := e.questions[e.row]
	id, a := q.Choices[e.col].ID, &e.sides[e.on].chosen
	now := a.Get(q.ID)
	if i := slices.Index(now, id); i >= 0 {
		_ = a.Set(q.ID, slices.Delete(slices.Clone(now), i, i+1)...) // the last one stays
		return
	}
	_ = a.Set(q.ID, append(slices.Clone(now), id)...)
}

// takeExplored makes the variant under the cursor the user's answers.
func (m *model) takeExplored() tea.Cmd {
	e := m.explore
	s := e.sides[e.on]
	if s.answers.Variant() == "" || len(wizard.Broken(s.answers)) > 0 {
		m.notice = s.note
		return nil
	}
	for _, q := range wizard.Catalogue() {
		if !slices.Equal(s.answers.Get(q.ID), m.answers.Get(q.ID)) {
			m.settled[q.ID] = true
		}
	}
	m.answers = s.answers.Clone()
	m.explore = nil
	m.resize(m.layout.w, m.layout.h)
	cmd := m.enter(m.at)
	m.notice = took(m.answers.Variant(), s.note)
	return cmd
}

// exploreSize draws what stands above the files, and gives them the rest.
func (m *model) exploreSize() {
	e, l := m.explore, m.layout
	body := rect{1, 2, l.w - 2, max(l.h-4, 0)}
	e.above = e.matrixLines(m.theme, body.w)
	switch {
	case body.h >= roomyExplore:
		e.above = append(append(e.above, ""), e.meaningLines(m.theme, body.w, body.h-15)...)
		e.above = append(e.above, "")
	case !e.files:
		e.above = append(append(e.above, ""), e.meaningLines(m.theme, body.w, body.h-len(e.above)-1)...)
	}
	e.pane.resize(rect{body.x, body.y + len(e.above), body.w, max(body.h-len(e.above), 0)})
	if d, ok := e.shown(); ok && d.both != e.beside(l) {
		m.exploreFiles()
	}
}

// roomyExplore is how high the screen is that shows meanings and files at once.
const roomyExplore = 26

// exploreLines is the whole screen but its header and footer.
func (m *model) exploreLines(h int) []string {
	e := m.explore
	if h >= roomyExplore || e.files {
		return append(slices.Clone(e.above), e.pane.lines()...)
	}
	return e.above
}

func (e *explore) shown() (*aligned, bool) {
	if e.pane.at >= len(e.pane.files) {
		return nil, false
	}
	d, ok := e.pane.sheet().diff.(*lazy)
	if !ok {
		return nil, false
	}
	return d.get(), true
}

// beside reports whether both versions stand side by side.
func (e *explore) beside(l layout) bool { return l.wide && !e.unified }

func (e *explore) turn(n int) {
	e.pane.turn(n)
	e.pane.bringChange()
}

// click opens the file whose name is there.
func (e *explore) click(x, y int) {
	r := e.pane.size
	if i := e.pane.tabs.fileAt(x - r.x); i >= 0 && y >= r.y && y < r.y+2 {
		e.pane.open(e.pane.files[i].Path)
		e.pane.bringChange()
	}
}

// keys are those of the screen, the most needed first.
func (e *explore) keys(height int) []key.Binding {
	list := bindNone(bind("←→↑↓", "choose"))
	if e.questions[e.row].Multiple {
		list = append(list, keys.Toggle)
	}
	list = append(list, named(keys.Tab, "side "+sideNames[1-e.on]), named(keys.Next, "take "+sideNames[e.on]))
	if height-4 < roomyExplore {
		what := "files"
		if e.files {
			what = "meaning"
		}
		list = append(list, named(keys.Why, what))
	}
	list = append(list, named(keys.Back, "back"))
	if height-4 >= roomyExplore || e.files {
		list = append(list, bind("[ ]", "file"), keys.NextChange)
	}
	return append(list, keys.Help)
}

func (e *explore) allKeys() []keyGroup {
	return []keyGroup{
		{"Variants", bindNone(bind("←/→ h/l", "other choice"), bind("↑/↓ k/j", "question"), keys.Toggle, named(keys.Tab, "the other side"),
			named(keys.Next, "take it"), bind("esc/=", "back, as it was"))},
		{"Files", bindNone(bind("[ ]", "other file"), keys.GoTo, keys.NextChange, bind("ctrl+u/d", "half a page"), bind("pgup/pgdn", "a page"),
			bind("g/G", "top, bottom"), keys.Unified, keys.Wrap, named(keys.Why, "files or meaning"))},
	}
}
