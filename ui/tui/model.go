package tui

import (
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"github.com/davit-cli/davit/generator"
	"github.com/davit-cli/davit/generator/disk"
	"github.com/davit-cli/davit/wizard"
)

// model is the whole wizard. It routes every message; its parts are structs
// with methods, no models of their own.
type model struct {
	ctx               context.Context
	dir               string
	name              string // of the folder, for the header
	options           Options
	layout            layout
	theme             *theme
	isDark            bool // the terminal's background
	profile           colorprofile.Profile
	found             found
	steps             []step
	at                int // the present step
	reached           int // the furthest one
	form              form
	preview           preview
	review            review
	why               why
	explore           *explore // while variants are compared
	overlay           overlay
	showing           pane     // where one is shown at a time
	notice            string   // what has just to be said, until the next key
	offered           string   // variant whose conflict has been told; enter again takes it
	choosing          choosing // what is asked first, where inspection could not decide
	starter           bool     // the starter service is wanted
	keepsDependencies bool     // a variant was taken while that was asked; its dependencies stay
	answers           wizard.Answers
	project           wizard.Answers // what the project alone gives
	trial             wizard.Answers // answers with what is under the cursor: what the preview shows
	taking            wizard.Answers // answers that enter takes
	settled           map[string]bool
	sets              fileSets
	result            Result
	backups           map[string]string
	editions          map[string]edition // by path: what the user made of files in an editor
	finished          bool
	calm              string               // the one line of an end without anything written
	given             bool                 // something was answered or decided in this run
	leaving           bool                 // ctrl+c was pressed; once more leaves
	decided           map[string]reviewRow // by path: what the user decided about files
}

type pane int

const (
	formPane pane = iota
	previewPane
)

func newModel(ctx context.Context, o Options) *model {
	m := &model{
		ctx: ctx, dir: o.Dir, name: shownName(folderName(o.Dir)), options: o,
		theme: newTheme(paletteFor(darkBy(o.Env), 0)), isDark: darkBy(o.Env),
		answers: o.Answers.Clone(),
		project: wizard.Defaults(),
		settled: map[string]bool{}, editions: map[string]edition{}, decided: map[string]reviewRow{},
		sets: newFileSets(),
	}
	if o.sets != nil {
		m.sets = *o.sets
	}
	for _, q := range wizard.Catalogue() {
		m.settled[q.ID] = o.Recorded.Has(q.ID)
	}
	if o.Inspect == nil {
		m.found.state = ready
		m.found.facts.App.Value = o.Answers.App
	}
	m.preview = newPreview(m.theme)
	m.steps = stepsOf(wizard.Catalogue(), false)
	m.enter(0)
	return m
}

func (m *model) Init() tea.Cmd {
	return tea.Batch(inspectFolder(m.options), tea.RequestBackgroundColor)
}

// Update decides what a message means; a method each.
func (m *model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.resize(msg.Width, msg.Height)
	case tea.BackgroundColorMsg:
		m.isDark = msg.IsDark()
		m.repaint()
	case tea.ColorProfileMsg:
		m.profile = msg.Profile
		m.repaint()
	case tea.KeyPressMsg:
		cmd := m.press(msg)
		m.forgetOffer()
		return m, tea.Batch(cmd, m.trace())
	case tea.MouseWheelMsg:
		m.wheel(msg.Mouse())
	case tea.MouseClickMsg:
		m.leaving = false
		cmd := m.click(msg.Mouse())
		m.forgetOffer()
		return m, tea.Batch(cmd, m.trace())
	case traced:
		if msg.asked == m.why.asked {
			m.why.files = msg.files
		}
	case inspected:
		cmd := m.take(msg)
		if msg.locked != nil && !m.review.busy {
			m.notice = cannotWrite(msg.locked)
		}
		return m, cmd
	case compared:
		m.plan(msg)
	case written:
		return m, m.wrote(msg)
	case left:
		return m, m.ended(msg)
	case editing:
		return m, m.openEditor(msg)
	case edited:
		m.takeEdited(msg)
	case tea.PasteMsg:
		m.leaving = false
		if m.paste(msg.Content) {
			return m, nil
		}
		cmd := m.form.send(msg)
		m.refresh()
		return m, cmd
	default:
		return m, m.form.send(msg) // what the clipboard had
	}
	return m, nil
}

// forgetOffer takes back what was asked once it is not on the screen any more.
func (m *model) forgetOffer() {
	if m.notice == "" && m.preview.said == "" {
		m.offered = ""
	}
}

func (m *model) step() step { return m.steps[m.at] }

// enter goes to a step and makes its form from the answers.
func (m *model) enter(i int) tea.Cmd {
	m.at = min(max(i, 0), len(m.steps)-1)
	m.reached = max(m.reached, m.at)
	m.notice, m.offered = "", ""
	m.preview.pinned = false
	m.preview.alone = m.step().id == reviewStep
	if m.layout.w > 0 {
		m.resize(m.layout.w, m.layout.h)
	}
	m.form = newForm(m.step(), m.answers, m.theme, m.found, m.layout.form.w)
	if m.step().id == reviewStep {
		m.read(false)
		m.refresh()
		return m.compare()
	}
	m.refresh()
	return nil
}

// refresh works out the answers under the cursor and shows their files.
func (m *model) refresh() {
	a := m.form.answers(m.answers, true)
	if m.step().id == starterStep {
		m.startWith(&a)
	}
	m.taking = a
	m.preview.note = ""
	if fd, ok := m.form.focused(); ok {
		if c, _, ok := fd.unticked(); ok {
			m.taking = m.form.answers(m.answers, false)
			m.preview.note = shownUnticked(c.Title)
		} else if fd.q.Multiple && len(fd.values()) == 0 && fd.fault() != "" {
			m.preview.note = shownForNone(answer(fd.q, m.answers))
		}
	}
	if len(wizard.Broken(a)) > 0 {
		adapted, changes, ok := adapt(a, m.form.ids()...)
		m.preview.note = shownWith(changes)
		switch {
		case !ok:
			m.preview.note, adapted = m.standing(adapted), m.answers.Clone()
			m.taking = adapted
		case m.taking.Variant() == a.Variant():
			m.taking = adapted
		}
		a = adapted
	}
	m.trial = a
	files, err := m.sets.of(a, m.starter)
	if err != nil {
		m.preview.note = upper(err.Error())
		return
	}
	m.preview.show(files)
}

// standing says why the answer that stands is shown, and not what is under the
// cursor.
func (m *model) standing(a wizard.Answers) string {
	if q, c, ok := m.form.choice(); ok {
		if other := against(a, q, c.ID); other != "" {
			return stillShown(other, answer(q, m.answers))
		}
	}
	return noFiles
}

// files are what would be written: the generated ones and davit.yaml.
func (m *model) files(a wizard.Answers) ([]generator.File, error) {
	files, err := m.sets.of(a, m.starter)
	if err != nil {
		return nil, err
	}
	return append(slices.Clone(files), m.options.Recorded.Record(a, m.project)), nil
}

// compare asks for the plan of the present answers against the folder.
func (m *model) compare() tea.Cmd {
	files, err := m.files(m.answers)
	m.rememberDecisions()
	m.review = review{round: m.review.round + 1, err: err, diff: true, recorded: m.recorded() && !m.given}
	if err != nil {
		return nil
	}
	m.preview.show(files)
	m.preview.settle()
	return compareFolder(m.dir, m.options.Davit, files, m.options.Recorded.Keep, m.review.round)
}

// plan takes the comparison, if it is the last one that was asked for.
func (m *model) plan(msg compared) {
	if msg.round != m.review.round {
		return
	}
	if msg.err != nil {
		m.review.err = msg.err
		return
	}
	m.review.take(msg.plan)
	m.resize(m.layout.w, m.layout.h)
	if msg.plan.Problem != "" {
		m.notice = upper(msg.plan.Problem)
	}
	m.recallEditions()
	m.recallDecisions()
	m.showEntry()
}

// rememberDecisions keeps what was decided otherwise than is usual, for when the
// review comes back from the answers.
func (m *model) rememberDecisions() {
	for _, row := range m.review.rows {
		if row.fate == row.fates[0] && row.own == nil {
			delete(m.decided, row.path)
		} else {
			m.decided[row.path] = row
		}
	}
}

// recallDecisions decides as before about files that are in the same state
// still. Pieces are of one text, and come back with that alone.
func (m *model) recallDecisions() {
	for i := range m.review.rows {
		row := &m.review.rows[i]
		was, ok := m.decided[row.path]
		switch {
		case !ok || was.ownTaken || !was.alike(*row):
		case was.fate != disk.Picked:
			row.decide(was.fate)
		case was.entry.Content == row.entry.Content && was.entry.Existing == row.entry.Existing:
			row.fate, row.taken, row.ownTaken = was.fate, slices.Clone(was.taken), false
		}
	}
}

// recordKept writes the files that are kept into davit.yaml, as it would be.
func (m *model) recordKept() {
	recorded := m.options.Recorded
	file := recorded.Keeping(m.review.keep(recorded.Keep)).Record(m.answers, m.project)
	i := slices.IndexFunc(m.preview.files, func(s sheet) bool { return s.Path == file.Path })
	if i < 0 || m.preview.files[i].Content == file.Content {
		return
	}
	m.review.give(file)
	files := make([]generator.File, len(m.preview.files))
	for n, s := range m.preview.files {
		files[n] = s.File
	}
	files[i] = file
	m.preview.show(files)
	m.preview.settle()
}

// showEntry opens the file under review's cursor, or its difference.
func (m *model) showEntry() {
	m.recordKept()
	m.review.warned = m.warnings()
	e, ok := m.review.entry()
	if !ok {
		return
	}
	m.preview.open(e.Path)
	if row := m.review.row(); row.ownTaken {
		m.showOwn(row)
		return
	}
	if m.review.diff && e.Exists() && e.Status != disk.Same {
		m.preview.instead(e.Path, newDiff(m.preview.high, e, m.review.row().taken))
	}
}

// take fills in what inspection found, except what the user has answered.
func (m *model) take(msg inspected) tea.Cmd {
	m.found.state, m.found.facts = ready, msg.facts
	m.found.rows = m.found.list()
	switch {
	case msg.err != nil:
		m.found.state, m.found.err = failed, msg.err
		return nil
	case m.review.busy: // too late to change what is being written
		return nil
	}
	m.project = msg.facts.Prefill(wizard.Defaults())
	now := m.form.answers(m.answers, false)
	m.answers = msg.facts.Prefill(m.answers)
	if p := m.options.Recorded.Project; p != nil {
		m.answers.Project = *p
	}
	for id, settled := range m.settled {
		if settled || m.form.touched && slices.Contains(m.form.ids(), id) {
			_ = m.answers.Set(id, now.Get(id)...) // it was a valid answer before
		}
	}
	if adapted, _, ok := adapt(m.answers, m.kept()...); ok {
		m.answers = adapted
	}
	if !m.found.app() && m.options.Recorded.Path == "" {
		m.steps = stepsOf(wizard.Catalogue(), true)
		m.reached = 0
		m.starter = m.found.starterRefused() == "" && len(m.found.facts.Contents) == 0
		return m.enter(0)
	}
	if s, asks := m.asksFirst(); asks {
		m.steps = append([]step{s}, stepsOf(wizard.Catalogue(), false)...)
		m.reached = 0
		if s.id == appStep {
			m.takeApp()
		}
		return m.enter(0)
	}
	if m.form.touched {
		m.refresh()
		return nil
	}
	if m.at == 0 && m.reached == 0 && m.recorded() && len(wizard.Broken(m.answers)) == 0 && m.answers.CheckName() == nil {
		m.preview.settle()
		return m.enter(len(m.steps) - 1)
	}
	cmd := m.enter(m.at)
	m.preview.settle() // what the project tells is no change of the user's
	return cmd
}

// kept are the questions that the user has answered.
func (m *model) kept() []string {
	var ids []string
	for id, yes := range m.settled {
		if yes {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// recorded reports whether davit.yaml answers all that has to be asked, so that
// the way begins at its end.
func (m *model) recorded() bool {
	for _, q := range wizard.Catalogue() {
		if q.Room == wizard.Main && !m.options.Recorded.Has(q.ID) {
			return false
		}
	}
	return true
}

// next confirms the present step and goes on.
func (m *model) next() tea.Cmd { return m.confirm(m.at + 1) }

// canReview reports whether the review was reached already, so that a key goes
// back to it.
func (m *model) canReview() bool {
	return m.reached == len(m.steps)-1 && m.step().id != reviewStep
}

// confirm confirms the present step and goes to another.
func (m *model) confirm(to int) tea.Cmd {
	if m.step().id == starterStep {
		m.startWith(&m.answers)
		m.given = true
		return m.enter(to)
	}
	if id := m.step().id; id == rootStep || id == appStep {
		return m.chose()
	}
	if !m.form.valid() {
		m.notice = m.form.errs[m.form.focus]
		if m.form.several() {
			m.notice = m.form.fault()
		}
		return nil
	}
	if m.passing() {
		return nil
	}
	a := m.form.answers(m.answers, false)
	if len(wizard.Broken(a)) > 0 {
		adapted, changes, ok := adapt(a, m.form.ids()...)
		switch {
		case !ok:
			m.notice = upper(wizard.Broken(a)[0].Why)
			return nil
		case m.offered != a.Variant():
			m.notice, m.offered = offer(changes), a.Variant()
			return nil
		}
		a = adapted
	}
	refused := a.CheckName() // a choice does not go with it
	if refused != nil && m.form.step.id == detailsStep {
		m.notice = upper(refused.Error())
		return nil
	}
	m.answers, m.given = a, true
	for _, id := range m.form.ids() {
		m.settled[id] = true
	}
	m.preview.answered()
	if refused != nil && m.steps[to].id == reviewStep {
		return m.toName(refused)
	}
	return m.enter(to)
}

// toName goes back to the name that another answer refuses.
func (m *model) toName(refused error) tea.Cmd {
	cmd := m.enter(slices.IndexFunc(m.steps, func(s step) bool { return s.id == detailsStep }))
	m.form.moveTo(slices.IndexFunc(m.form.fields, func(fd field) bool { return fd.q.ID == "name" }))
	m.notice = upper(refused.Error())
	return cmd
}

// passing tells once that the choice under the cursor is not ticked, where
// somebody went there and nothing was ticked: enter may have been meant to.
func (m *model) passing() bool {
	fd, ok := m.form.focused()
	if !ok {
		return false
	}
	c, passed, _ := fd.unticked()
	if said := fd.q.ID + " " + c.ID; passed && m.offered != said {
		m.notice, m.offered = notTicked(c.Title), said
		return true
	}
	return false
}

// startWith takes the answers that the starter service is made for, or where it
// is not wanted those of the project.
func (m *model) startWith(a *wizard.Answers) {
	from := m.project
	if m.starter {
		from = generator.StarterAnswers(m.project)
	}
	if !m.keepsDependencies {
		a.Dependencies = from.Dependencies
	}
	a.App, a.Factory, a.AppDir = from.App, from.Factory, from.AppDir
	a.HealthPath = from.HealthPath
	a.Project, a.Found = from.Project, from.Found
}

// back goes to the step before. What was ticked or typed is kept; a choice
// that was only pointed at is not.
func (m *model) back() tea.Cmd {
	if m.at == 0 {
		m.notice = leaveHint
		return nil
	}
	if what, why := m.leaveStep(); what != "" {
		m.notice = dropsBack(what, why)
		return nil
	}
	return m.enter(m.at - 1)
}

// leaveStep takes what was ticked or typed in a step that is left unconfirmed.
// What is lost by that, and why, has to be asked about once: it is returned
// then, and the step is not to be left.
func (m *model) leaveStep() (what, why string) {
	if !m.form.touched || !m.form.several() && (len(m.form.fields) == 0 || !m.form.fields[0].q.Multiple) {
		return "", ""
	}
	if m.form.several() && !m.form.valid() && m.offered != m.form.fault() {
		m.offered = m.form.fault()
		return thisValue, m.form.fault()
	}
	a := m.form.answers(m.answers, false)
	if broken := wizard.Broken(a); len(broken) > 0 {
		why := upper(broken[0].Why)
		if m.offered == why {
			return "", ""
		}
		m.offered = why
		return whatChanged, why
	}
	m.answers, m.given = a, true
	return "", ""
}

// write asks before anything is replaced, then writes.
func (m *model) write() tea.Cmd {
	n, replaced := m.review.count()
	switch {
	case !m.review.ready || m.review.busy:
		return nil
	case n == 0:
		return m.leave()
	case len(replaced) > 0 && m.overlay.kind != askReplace:
		m.overlay = overlay{kind: askReplace, losses: replaced}
		return nil
	}
	m.overlay = overlay{}
	m.review.busy = true
	plan, decisions := m.review.decided()
	return writeFolder(m.ctx, plan, decisions, m.answers)
}

// leave ends the wizard where there is nothing to write. Of files that an earlier
// run wrote it tells once more what to do with them.
func (m *model) leave() tea.Cmd {
	m.calm = NothingDone
	if m.review.well() {
		m.calm = AllWell
	}
	if m.options.Recorded.Path == "" {
		return func() tea.Msg { return left{} }
	}
	plan, decisions := m.review.decided()
	return leaveFolder(plan, decisions, m.answers)
}

func (m *model) ended(msg left) tea.Cmd {
	m.result.Next = msg.next
	m.finished = true
	return tea.Quit
}

func (m *model) wrote(msg written) tea.Cmd {
	m.review.busy = false
	if msg.err != nil {
		m.review.err = msg.err
		return nil
	}
	m.result = Result{Written: msg.report.Written, Removed: msg.report.Removed, Next: msg.next}
	m.backups = msg.report.Backups
	m.finished = true
	return tea.Quit
}

func (m *model) resize(w, h int) {
	m.layout = arrange(w, h)
	if m.step().id == reviewStep {
		m.layout.give(m.review.width())
	}
	m.form.resize(m.layout.form.w)
	size := m.layout.preview
	if m.whyShown() && !m.layout.wide {
		size.h -= m.whyHeight()
	}
	m.preview.resize(size)
	if m.explore != nil {
		m.exploreSize()
	}
}

func (m *model) repaint() {
	*m.theme = *newTheme(paletteFor(m.isDark, m.profile))
	m.preview.paint(m.theme)
	if m.explore != nil {
		m.explore.pane.high = m.preview.high
		m.exploreFiles()
		m.exploreSize()
	}
	focus, touched := m.form.focus, m.form.touched
	m.form = newForm(m.step(), m.form.answers(m.answers, false), m.theme, m.found, m.layout.form.w)
	m.form.touched = touched
	m.form.moveTo(focus)
}
