package tui

import (
	"cmp"
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
	part      part     // what is shown below the matrix
	room      rect     // of the matrix and all below it
	top       int      // the first line of the table that is shown, where it does not fit
	cells     [][]span // where each question's choices are, for the mouse
	above     []string // the matrix and the meanings, drawn
}

// A part is what stands below the matrix. Both do only where there is room.
type part int

const (
	bothParts part = iota
	filesAlone
	meaningAlone
)

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
			e.col = (e.col + 1) % len(q.Choices)
		}
		if id := q.Choices[e.col].ID; !slices.Contains(b.Get(q.ID), id) {
			e.tick()
		}
	case b.Variant() == e.sides[0].chosen.Variant():
		e.col = (e.col + 1) % len(q.Choices)
	}
	m.explore = e
	m.explorePoint()
	m.resize(m.layout.w, m.layout.h)
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
	if broken := wizard.Broken(s.answers); len(broken) > 0 {
		adapted, changes, ok := adapt(s.answers, s.by)
		if !ok {
			s.none(impossible(adapted, s.by))
			return
		}
		s.answers, s.changes, s.note = adapted, changes, shownBecause(changes, broken)
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

// exploreFiles puts the files of both sides beside each other; the one that is
// shown stays, or else the first that differs is.
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
	if i := slices.IndexFunc(p.files, func(s sheet) bool { return s.sign != "=" }); i >= 0 && (!p.pinned || p.files[p.at].sign == "=") {
		p.at, p.pinned = i, false
	}
	p.summary = filesText(count)
	if e.same() {
		p.summary = nothingDiffers
	}
	p.clamp()
	p.bringChange()
	p.search()
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
	case e.pane.found.query != "" && k.String() == "esc":
		e.pane.found.clear()
		return nil
	case key.Matches(k, keys.Explore, keys.ExploreAnytime, keys.Back) && k.String() != "shift+tab":
		m.explore = nil
		m.resize(m.layout.w, m.layout.h)
		return nil
	case key.Matches(k, keys.Next):
		return m.takeExplored()
	case key.Matches(k, keys.Why):
		e.part, e.top = e.after(), 0
		m.resize(m.layout.w, m.layout.h)
		return nil
	case key.Matches(k, keys.Search):
		m.filesOnly()
		e.pane.startSearch()
		return nil
	case key.Matches(k, keys.NextMatch):
		e.pane.nextMatch(1)
		return nil
	case key.Matches(k, keys.PrevMatch):
		e.pane.nextMatch(-1)
		return nil
	case key.Matches(k, keys.Copy):
		m.notice = copyElsewhere
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
	case key.Matches(k, keys.SideLeft):
		e.pane.sideways(-sideStep)
		return nil
	case key.Matches(k, keys.SideRight):
		e.pane.sideways(sideStep)
		return nil
	case !e.filed() && e.scroll(k):
		m.exploreSize()
		return nil
	case !e.filed() && key.Matches(k, keys.NextChange, keys.PrevFile, keys.NextFile, keys.PrevFileLetter, keys.NextFileLetter):
		m.filesOnly() // what these keys move in is out of sight
		return nil
	case key.Matches(k, keys.NextChange):
		e.nextDifference()
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
		if !e.tick() {
			m.notice = lastTick
		}
	default:
		return nil
	}
	m.explorePoint()
	m.resize(m.layout.w, m.layout.h)
	return nil
}

// tick adds the choice under the cursor to those of its side, or takes it away;
// the last one stays.
func (e *explore) tick() bool {
	q, s := e.questions[e.row], &e.sides[e.on]
	id, now := q.Choices[e.col].ID, slices.Clone(s.chosen.Get(q.ID))
	if i := slices.Index(now, id); i >= 0 {
		now = slices.Delete(now, i, i+1)
	} else {
		now = append(now, id)
	}
	s.by = q.ID
	return s.chosen.Set(q.ID, now...) == nil
}

// takeExplored makes the variant under the cursor the user's answers.
func (m *model) takeExplored() tea.Cmd {
	e := m.explore
	s := e.sides[e.on]
	if s.fault != "" {
		m.notice = notTaken(e.on, s.fault)
		return nil
	}
	for _, q := range wizard.Catalogue() {
		if !slices.Equal(s.answers.Get(q.ID), m.answers.Get(q.ID)) {
			m.settled[q.ID] = true
		}
	}
	m.took = m.took || m.step().id == starterStep && s.answers.Dependencies != m.trial.Dependencies
	m.answers = s.answers.Clone()
	m.explore = nil
	m.resize(m.layout.w, m.layout.h)
	reading := m.reading()
	cmd := m.enter(m.at)
	if said := took(m.answers.Variant(), s.changes); reading && m.reading() {
		m.preview.said = said // there the form is out of sight
	} else {
		m.notice = said
	}
	return cmd
}

// exploreSize draws what stands above the files, and gives them the rest.
func (m *model) exploreSize() {
	e, l := m.explore, m.layout
	e.room = rect{1, 2, l.w - 2, max(l.h-4, 0)}
	body := e.room
	e.above = e.matrixLines(m.theme, body.w)
	e.pane.note = ""
	switch {
	case !e.tabled():
		e.pane.note = e.said()
	case e.filed():
		e.above = append(append(e.above, ""), e.meaningLines(m.theme, body.w, body.h-15, e.beside(l))...)
		e.above = append(e.above, "")
	default:
		e.above = append(append(e.above, ""), e.meaningLines(m.theme, body.w, body.h-len(e.above)-1, false)...)
	}
	e.pane.resize(rect{body.x, body.y + len(e.above), body.w, max(body.h-len(e.above), 0)})
	if d, ok := e.shown(); ok && d.both != e.beside(l) {
		m.exploreFiles()
	}
}

// roomyExplore is how high the room is that shows meanings and files at once.
const roomyExplore = 26

func (e *explore) roomy() bool { return e.room.h >= roomyExplore }

// filed and tabled report whether the files are shown, and the table of meanings.
func (e *explore) filed() bool  { return e.part == filesAlone || e.part == bothParts && e.roomy() }
func (e *explore) tabled() bool { return e.part != filesAlone }

// after is the part that the key brings: the other one, or where there is room
// for both, each alone in turn.
func (e *explore) after() part {
	switch {
	case e.part == meaningAlone && e.roomy():
		return bothParts
	case e.part == filesAlone && e.roomy():
		return meaningAlone
	case e.part == filesAlone:
		return bothParts
	}
	return filesAlone
}

func (e *explore) partName(p part) string {
	switch {
	case p == filesAlone:
		return "files"
	case p == bothParts && e.roomy():
		return "both"
	}
	return "meaning"
}

// said is what the table would say above its rows, for the files without it.
func (e *explore) said() string {
	for i, s := range e.sides {
		if text := cmp.Or(s.fault, s.note); text != "" {
			return ofSide(i, text)
		}
	}
	return ""
}

// exploreLines is the whole screen but its header and footer; what has just to
// be said stands at its end.
func (m *model) exploreLines(h int) []string {
	e := m.explore
	out := slices.Clone(e.above)
	if e.filed() {
		out = append(out, e.pane.lines()...)
	}
	if m.notice == "" {
		return out
	}
	said := wrapped("! ", m.notice, m.theme.warn, m.layout.w-2)
	for len(out) < h {
		out = append(out, "")
	}
	return append(out[:max(min(len(out), h)-len(said), 0)], said...)
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

// nextDifference goes to the next stretch that differs, behind the last one of a
// file in the next file that does.
func (e *explore) nextDifference() {
	p := &e.pane
	if p.at >= len(p.files) || p.files[p.at].diff != nil && p.further(p.files[p.at].diff.starts(), 2) {
		return
	}
	for n := range p.files {
		i := (p.at + 1 + n) % len(p.files)
		if s := p.files[i]; s.diff != nil && s.sign != "=" {
			p.open(s.Path)
			if starts := s.diff.starts(); len(starts) > 0 {
				p.lookAt(starts[0], 2)
			}
			return
		}
	}
}

// filesOnly brings the files where only the table is shown.
func (m *model) filesOnly() {
	if !m.explore.filed() {
		m.explore.part = filesAlone
		m.exploreSize()
	}
}

// scroll moves the table; it reports whether k is a key for that.
func (e *explore) scroll(k tea.KeyPressMsg) bool {
	page := max(e.room.h-len(e.questions)-3, 1)
	switch {
	case key.Matches(k, keys.PageUp):
		e.top -= page
	case key.Matches(k, keys.PageDown):
		e.top += page
	case key.Matches(k, keys.HalfUp):
		e.top -= max(page/2, 1)
	case key.Matches(k, keys.HalfDown):
		e.top += max(page/2, 1)
	case key.Matches(k, keys.Top):
		e.top = 0
	case key.Matches(k, keys.Bottom):
		e.top = 1 << 20
	default:
		return false
	}
	return true // the drawing keeps it between the ends
}

// wheel scrolls what is shown.
func (m *model) wheelExplore(lines int) {
	e := m.explore
	if e.filed() {
		e.pane.scrollTo(e.pane.here().top + lines)
		return
	}
	e.top += lines
	m.exploreSize()
}

// clickExplore opens the file whose name is there, or goes to the choice.
func (m *model) clickExplore(x, y int) {
	e := m.explore
	r := e.pane.size
	if i := e.pane.tabs.fileAt(x - r.x); e.filed() && i >= 0 && y >= r.y && y < r.y+2 {
		e.pane.open(e.pane.files[i].Path)
		e.pane.bringChange()
		return
	}
	row := y - e.room.y
	if row < 0 || row >= len(e.cells) {
		return
	}
	for _, c := range e.cells[row] {
		if at := x - e.room.x; at >= c.from && at < c.to {
			e.row, e.col = row, c.file
			m.explorePoint()
			m.resize(m.layout.w, m.layout.h)
			return
		}
	}
}

// keys are those of the screen, the most needed first.
func (e *explore) keys() []key.Binding {
	if e.pane.found.query != "" {
		return bindNone(bind("n/N", "next, before"), bind("esc", "end the search"), keys.Help)
	}
	several := e.questions[e.row].Multiple
	narrow := e.room.w < 70
	var list []key.Binding
	if !several || !narrow {
		list = append(list, bind("←→↑↓", "choose"))
	}
	if several {
		list = append(list, keys.Toggle)
	}
	list = append(list, named(keys.Tab, "to "+sideNames[1-e.on]), named(keys.Next, "take "+sideNames[e.on]),
		named(keys.Why, e.partName(e.after())), named(keys.Back, "back"))
	if e.filed() {
		list = append(list, keys.NextChange, bind("[ ]", "file"), keys.Search)
	}
	return append(list, keys.Help)
}

func (e *explore) allKeys() []keyGroup {
	return []keyGroup{
		{"Variants", bindNone(bind("←/→ h/l", "other choice"), bind("↑/↓ k/j", "question"), keys.Toggle, named(keys.Tab, "the other side"),
			named(keys.Next, "take it"), bind("esc/=", "back, as it was"))},
		{"Files", bindNone(bind("[ ]", "other file"), keys.GoTo, keys.NextChange, keys.Search, bind("n/N", "next, before"), bind("ctrl+u/d", "half a page"),
			bind("pgup/pgdn", "a page"), bind("g/G", "top, bottom"), keys.Unified, keys.Wrap, bind("< >", "sideways"), named(keys.Why, "files or meaning"))},
	}
}
