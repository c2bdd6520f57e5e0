package tui

import (
	"slices"

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
	part      part     // what is shown below the matrix
	room      rect     // of the matrix and all below it
	top       int      // the first line of the table that is shown, where it does not fit
	cells     [][]span // where each question's choices are, for the mouse
	above     []string // the matrix and the meanings, drawn
}

// A variant is one of the two that are compared.
type variant struct {
	chosen  wizard.Answers // as the cursor chose
	answers wizard.Answers // with what has to give way
	files   []generator.File
	meaning generator.Meaning
	by      string   // the question that was answered last: its answer does not give way
	changes []change // what had to give way
	note    string   // the same in words, with the reason
	fault   string   // why this cannot be, "" where it can
}

var sideNames = [2]string{"a", "b"}

// canExplore reports whether there are answers to compare: not before it is
// chosen whose they are.
func (m *model) canExplore() bool { return m.step().id != rootStep }

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
	e.pane.high = m.preview.high
	e.sides[0].chosen, e.sides[1].chosen = m.shown(), m.shown()
	at := slices.IndexFunc(e.questions, func(q wizard.Question) bool { return q.ID == m.step().id })
	e.row = at
	if at < 0 {
		e.row = min(2, len(e.questions)-1) // the base, which people compare most
		// What is typed or ticked here goes along with either.
		for i := range e.sides {
			e.sides[i].chosen = m.form.answers(e.sides[i].chosen, false)
		}
		for ; e.row > 0; e.row-- { // what stands above it where there is no other base
			e.col = e.place()
			if _, ok := e.possible(); ok {
				break
			}
		}
	} else {
		e.sides[1].chosen = m.form.answers(m.answers, false) // ticks that are not confirmed, too
	}
	e.col = e.place()
	q, b := e.questions[e.row], &e.sides[1].chosen
	_, under, _ := m.form.choice()
	switch {
	case at >= 0 && q.Multiple:
		e.col = max(slices.IndexFunc(q.Choices, func(c wizard.Choice) bool { return c.ID == under.ID }), 0)
		if b.Variant() != m.answers.Variant() {
			break
		}
		if slices.Contains(b.Get(q.ID), under.ID) {
			e.col = e.following()
		}
		if id := q.Choices[e.col].ID; !slices.Contains(b.Get(q.ID), id) {
			e.tick()
		}
	case b.Variant() == e.sides[0].chosen.Variant():
		e.col = e.following()
	}
	m.explore = e
	m.explorePoint()
	m.resize(m.layout.w, m.layout.h)
}

// following is the next choice that the other answers do not exclude, or where
// they exclude all others, the next.
func (e *explore) following() int {
	if i, ok := e.possible(); ok {
		return i
	}
	return (e.col + 1) % len(e.questions[e.row].Choices)
}

// possible is the next choice that the other answers do not exclude, if there
// is one.
func (e *explore) possible() (int, bool) {
	q, now := e.questions[e.row], e.sides[e.on].chosen
	for n := 1; n < len(q.Choices); n++ {
		if i := (e.col + n) % len(q.Choices); wizard.Excluded(now, q.ID, q.Choices[i].ID) == "" {
			return i, true
		}
	}
	return 0, false
}

// shown are the answers that the screen shows where nothing is pointed at: while
// the starter is asked about, those that go with it.
func (m *model) shown() wizard.Answers {
	if m.step().id == starterStep {
		return m.trial.Clone()
	}
	return m.answers.Clone()
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
	e.top = 0
	if s := &e.sides[e.on]; !q.Multiple && (s.by == "" || first(s.chosen.Get(q.ID)) != id) {
		_ = s.chosen.Set(q.ID, id) // the catalogue's own choice
		s.by = q.ID
	}
	for i := range e.sides {
		m.workOut(&e.sides[i])
	}
	m.exploreFiles()
}

// workOut finds what a side comes to, or why it cannot be.
func (m *model) workOut(s *variant) {
	s.answers, s.changes, s.note, s.fault = s.chosen.Clone(), nil, "", ""
	if len(wizard.Broken(s.answers)) > 0 {
		adapted, changes, ok := adapt(s.answers, s.by)
		if !ok {
			s.none(impossible(adapted, s.by))
			return
		}
		s.answers, s.changes, s.note = adapted, changes, shownBecause(changes)
	}
	files, err := m.sets.of(s.answers, m.starter)
	if err != nil {
		s.none(upper(err.Error()))
		return
	}
	s.files, s.meaning = files, generator.Describe(s.answers, files)
}

// none says that there is no such variant.
func (s *variant) none(fault string) {
	s.fault, s.files, s.meaning = fault, nil, generator.Meaning{Variant: s.answers.Variant()}
}

// exploreFiles puts the files of both sides beside each other; the one that the
// user chose stays, or else one that differs is shown.
func (m *model) exploreFiles() {
	e := m.explore
	for i, s := range e.sides {
		if s.fault != "" {
			m.exploreOne(1 - i)
			return
		}
	}
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
		s.doc, s.diff = db, &lazy{make: func() *aligned { return newAligned(da, db, e.beside(m.layout), &e.pane.view) }}
		p.files = append(p.files, s)
	}
	nameSheets(p.files)
	p.at = max(slices.IndexFunc(p.files, func(s sheet) bool { return s.Path == shown }), 0)
	if i := p.telling(); i >= 0 && (!p.pinned || p.files[p.at].sign == "=") {
		p.at, p.pinned = i, false
	}
	p.summary = filesText(count)
	if e.same() {
		p.summary = NothingDiffers
	}
	p.clamp()
	p.bringChange()
	p.search()
}

// telling is the file that tells most of how two variants differ: the first of
// all, or one that only b has, or else any that differs; -1 where none does.
func (p *preview) telling() int {
	if len(p.files) > 0 && p.files[0].sign != "=" {
		return 0
	}
	if i := slices.IndexFunc(p.files, func(s sheet) bool { return s.sign == "+" }); i >= 0 {
		return i
	}
	return slices.IndexFunc(p.files, func(s sheet) bool { return s.sign != "=" })
}

// same reports whether both sides are one variant.
func (e *explore) same() bool {
	a, b := e.sides[0], e.sides[1]
	return a.fault == "" && b.fault == "" && a.meaning.Variant == b.meaning.Variant && a.answers.Python == b.answers.Python
}

// exploreOne shows the files of one side, where the other cannot be.
func (m *model) exploreOne(side int) {
	p := &m.explore.pane
	shown := p.path()
	p.files = p.files[:0]
	for _, f := range m.explore.sides[side].files {
		p.files = append(p.files, sheet{File: f, sign: " ", doc: p.high.Document(f.Language, f.Content)})
	}
	nameSheets(p.files)
	p.at = max(slices.IndexFunc(p.files, func(s sheet) bool { return s.Path == shown }), 0)
	p.summary = filesOf(side)
	p.clamp()
	p.search()
}

// takeExplored makes the variant under the cursor the user's answers.
func (m *model) takeExplored() tea.Cmd {
	e := m.explore
	s := e.sides[e.on]
	if s.fault != "" {
		m.notice = notTaken(e.on, s.fault)
		return nil
	}
	if fault, ok := m.form.wrong(); ok && m.offered != fault {
		m.notice, m.offered = takesWithoutFault(fault, e.on), fault
		return nil
	}
	for _, q := range wizard.Catalogue() {
		if !slices.Equal(s.answers.Get(q.ID), m.answers.Get(q.ID)) {
			m.settled[q.ID] = true
		}
	}
	m.keepsDependencies = m.keepsDependencies || m.step().id == starterStep && s.answers.Dependencies != m.trial.Dependencies
	m.answers, m.given = s.answers.Clone(), true
	m.explore = nil
	m.resize(m.layout.w, m.layout.h)
	reading, focus := m.reading(), m.form.focus
	cmd := m.enter(m.at)
	if m.form.several() {
		m.form.moveTo(focus)
	}
	if said := took(m.answers.Variant(), s.changes); reading && m.reading() {
		m.preview.said = said // there the form is out of sight
	} else {
		m.notice = said
	}
	return cmd
}
