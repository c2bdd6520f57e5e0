package tui

import (
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/davit-cli/davit/generator/disk"
)

// press is one key: what is always true first, then the overlay, the preview,
// the step, and at last the focused field.
func (m *model) press(k tea.KeyPressMsg) tea.Cmd {
	asked := m.leaving
	m.leaving = false
	switch {
	case key.Matches(k, keys.Quit) && m.answered() && !asked:
		m.leaving, m.overlay = true, overlay{} // nothing covers what is asked
		return nil
	case key.Matches(k, keys.Quit):
		m.result.Aborted = true
		return tea.Quit
	case key.Matches(k, keys.Suspend):
		return tea.Suspend
	case m.layout.small:
		return nil
	case m.overlay.kind != noOverlay:
		return m.pressOverlay(k)
	case m.review.busy:
		return nil
	}
	m.pane().said = ""
	if p := m.pane(); p.found.typing {
		p.pressSearch(k)
		return nil
	}
	notice := m.notice
	m.notice = ""
	typing := m.form.typing() && !m.reading()
	switch {
	case m.explore != nil:
		return m.pressExplore(k)
	case m.canExplore() && (key.Matches(k, keys.ExploreAnytime) || !typing && key.Matches(k, keys.Explore)):
		m.startExploring()
		return nil
	case key.Matches(k, keys.HelpAnytime), !typing && key.Matches(k, keys.Help):
		m.overlay = overlay{kind: showKeys}
		return nil
	case m.inList() && key.Matches(k, keys.Top, keys.Bottom):
		n := len(m.review.rows)
		if key.Matches(k, keys.Top) {
			n = -n
		}
		m.review.move(n)
		m.showEntry()
		return nil
	case m.preview.press(k, typing, m.turn):
		m.notice = notice
		return nil
	case m.seek(k, typing):
		return nil
	case key.Matches(k, keys.Swap), !typing && key.Matches(k, keys.SwapLetter):
		m.swap()
		return nil
	case m.reading():
		return m.pressPreview(k)
	case m.canReview() && (key.Matches(k, keys.ToReviewAnytime) || !typing && key.Matches(k, keys.ToReview)):
		return m.confirm(len(m.steps) - 1)
	}
	var cmd tea.Cmd
	switch m.step().id {
	case starterStep:
		cmd = m.pressStarter(k)
	case rootStep, appStep:
		cmd = m.pressChoosing(k)
	case reviewStep:
		cmd = m.pressReview(k)
	case detailsStep:
		cmd = m.pressDetails(k)
	default:
		cmd = m.pressQuestion(k)
	}
	return cmd
}

// pane is the files that are in sight: the preview's, or those compared.
func (m *model) pane() *preview {
	if m.explore != nil {
		return &m.explore.pane
	}
	return &m.preview
}

// inList reports whether the keys go to review's list of files.
func (m *model) inList() bool {
	return m.step().id == reviewStep && !m.reading() && m.review.picking == nil
}

// answered reports whether leaving loses answers or decisions of this run, and
// can still be asked about.
func (m *model) answered() bool {
	return (m.given || m.form.touched) && !m.layout.small && !m.review.busy
}

// press is the keys that scroll the preview and turn its files; it reports
// whether k was one.
func (p *preview) press(k tea.KeyPressMsg, typing bool, turn func(int)) bool {
	half := max(p.rows()/2, 1)
	switch {
	case key.Matches(k, keys.PageUp):
		p.page(-p.rows())
	case key.Matches(k, keys.PageDown):
		p.page(p.rows())
	case key.Matches(k, keys.PrevFile):
		turn(-1)
	case key.Matches(k, keys.NextFile):
		turn(1)
	case typing:
		return false
	case key.Matches(k, keys.PrevFileLetter):
		turn(-1)
	case key.Matches(k, keys.NextFileLetter):
		turn(1)
	case key.Matches(k, keys.HalfUp):
		p.page(-half)
	case key.Matches(k, keys.HalfDown):
		p.page(half)
	case key.Matches(k, keys.Top):
		p.lookAt(0, 0)
	case key.Matches(k, keys.Bottom):
		p.lookAt(p.end(), 0)
	case key.Matches(k, keys.NextChange):
		p.nextChange()
	default:
		return false
	}
	return true
}

// seek begins to look for a text or a file; it reports whether k is a key of that.
func (m *model) seek(k tea.KeyPressMsg, typing bool) bool {
	switch {
	case typing || len(m.preview.files) == 0 || m.review.picking != nil:
		return false
	case key.Matches(k, keys.Search):
		if !m.reading() {
			m.preview.cursorToTop() // it was out of sight
			m.read(true)
		}
		m.preview.startSearch()
	case key.Matches(k, keys.GoTo):
		m.overlay = overlay{kind: askFile, list: newFileList(m.preview.paths())}
	default:
		return false
	}
	return true
}

// swap gives the keys to the other pane. While hunks are chosen, which is done
// with the form's keys, it only shows the other one.
func (m *model) swap() {
	switch {
	case m.review.picking == nil:
		m.read(!m.reading())
	case !m.layout.wide:
		m.showing = previewPane - m.showing
	}
}

// paste puts a text into what is typed outside the form.
func (m *model) paste(text string) bool {
	text, _, _ = strings.Cut(text, "\n")
	switch {
	case m.pane().found.typing:
		m.pane().look(m.pane().found.query + text)
	case m.overlay.kind == askFile:
		m.overlay.list.set(m.overlay.list.typed + text)
	default:
		return m.overlay.kind != noOverlay || m.explore != nil || m.reading()
	}
	return true
}

// turn shows another file; in review that is another line of the list.
func (m *model) turn(n int) {
	if m.step().id == reviewStep {
		m.review.picking = nil
		m.review.move(n)
		if m.review.onFold() {
			m.review.move(n)
		}
		m.showEntry()
		return
	}
	m.preview.turn(n)
}

func (m *model) pressQuestion(k tea.KeyPressMsg) tea.Cmd {
	switch {
	case key.Matches(k, keys.Next, keys.Tab):
		return m.next()
	case key.Matches(k, keys.Back):
		return m.back()
	}
	cmd := m.form.send(k)
	m.refresh()
	return cmd
}

func (m *model) pressStarter(k tea.KeyPressMsg) tea.Cmd {
	switch {
	case key.Matches(k, keys.Next, keys.Tab):
		return m.next()
	case key.Matches(k, keys.Back):
		return m.back()
	case m.found.starterRefused() != "": // there is one answer
	case key.Matches(k, keys.Up, keys.Down, keys.Left, keys.Right, keys.Toggle):
		m.starter = !m.starter
	case key.Matches(k, keys.Yes):
		m.starter = true
	case k.String() == "n":
		m.starter = false
	}
	m.refresh()
	return nil
}

func (m *model) pressDetails(k tea.KeyPressMsg) tea.Cmd {
	f := &m.form
	back := k.String() == "shift+tab"
	fd, ok := f.focused()
	list := ok && fd.q.Multiple
	switch {
	case f.onButton() && key.Matches(k, keys.Next):
		return m.next()
	case ok && key.Matches(k, keys.Next) && !f.check(f.focus):
		return nil // its fault stands below, and the cursor stays with it
	case key.Matches(k, keys.Next, keys.Tab):
		if !m.passing() {
			f.moveTo(f.focus + 1)
		}
		return nil
	case back && f.focus > 0:
		f.moveTo(f.focus - 1)
		return nil
	case key.Matches(k, keys.Back):
		return m.back()
	case key.Matches(k, keys.Up) && f.moves(k) && !(list && fd.at() > 0):
		f.walk(-1, k)
		return nil
	case key.Matches(k, keys.Down) && f.moves(k) && !(list && fd.at() < fd.rows-1):
		f.walk(1, k)
		return nil
	}
	cmd := f.send(k)
	m.refresh()
	return cmd
}

func (m *model) pressReview(k tea.KeyPressMsg) tea.Cmd {
	r := &m.review
	if r.picking != nil {
		m.pressHunks(k)
		return nil
	}
	switch {
	case r.onFold() && (key.Matches(k, keys.Toggle) || k.String() == "right" || !r.done() && key.Matches(k, keys.Next)):
		m.fold(!r.open)
		return nil
	case r.onFold() && r.open && k.String() == "left":
		m.fold(false)
		return nil
	case key.Matches(k, keys.Write):
		return m.write()
	case key.Matches(k, keys.Leave) && r.done():
		return m.leave()
	case key.Matches(k, keys.Back):
		return m.back()
	case key.Matches(k, keys.Tab):
		return m.enter(0)
	case key.Matches(k, keys.Up):
		r.move(-1)
	case key.Matches(k, keys.Down):
		r.move(1)
	case key.Matches(k, keys.Toggle):
		r.cycle()
	case key.Matches(k, keys.All):
		r.cycleAll()
	case key.Matches(k, keys.Diff):
		m.showDiff()
		return nil
	case key.Matches(k, keys.Take):
		m.choose(disk.Overwrite)
	case key.Matches(k, keys.Keep):
		d := disk.Skip
		if row := r.row(); row != nil && row.fate != disk.Keep {
			d = row.stay()
		}
		m.choose(d)
	case key.Matches(k, keys.Merge):
		m.choose(disk.Merge)
	case key.Matches(k, keys.BackUp):
		m.choose(disk.Backup)
	case key.Matches(k, keys.Edit):
		return m.edit()
	case key.Matches(k, keys.Hunks):
		if !r.pick(m.preview.high) {
			m.notice = noHunks
			return nil
		}
		r.diff = true
		m.showHunks()
		return nil
	default:
		return nil
	}
	m.given = m.given || !key.Matches(k, keys.Up, keys.Down)
	m.showEntry()
	return nil
}

// fold lists the files that are the same, or folds them up; names that are
// longer than the others need more room.
func (m *model) fold(open bool) {
	m.review.open = open
	m.resize(m.layout.w, m.layout.h)
}

// showDiff opens the difference to the folder, or where that is in sight, the
// file as it would be.
func (m *model) showDiff() {
	r := &m.review
	e, ok := r.entry()
	switch {
	case !ok || !e.Exists() || e.Status == disk.Same:
		m.notice = noDiff
		if m.reading() && !m.layout.wide {
			m.preview.said = noDiff
		}
		return
	case !m.layout.wide && !m.reading():
		r.diff = true
		m.read(true)
	default:
		r.diff = !r.diff
	}
	m.showEntry()
}

// choose decides about the file under the cursor, or says why not.
func (m *model) choose(d disk.Decision) {
	if !m.review.choose(d) {
		e, _ := m.review.entry()
		m.notice = notPossible(d, e.State())
	}
}

// pressHunks chooses between the versions of one file's hunks.
func (m *model) pressHunks(k tea.KeyPressMsg) {
	r := &m.review
	d := r.picking
	switch {
	case key.Matches(k, keys.Up):
		d.at = max(d.at-1, 0)
	case key.Matches(k, keys.Down):
		d.at = min(d.at+1, len(d.hunks)-1)
	case key.Matches(k, keys.Toggle):
		r.toggleHunk(!d.hunks[d.at].davit)
	case key.Matches(k, keys.Take):
		r.toggleHunk(true)
	case key.Matches(k, keys.Keep):
		r.toggleHunk(false)
	case key.Matches(k, keys.Hunks, keys.Back, keys.Next):
		r.picking = nil
		if !m.layout.wide {
			m.showing = formPane
		}
		m.showEntry()
		return
	}
	m.given = m.given || !key.Matches(k, keys.Up, keys.Down)
	m.showHunks()
}

// showHunks shows the file whose hunks are chosen, at the present one.
func (m *model) showHunks() {
	d := m.review.picking
	m.preview.instead(m.review.row().path, d)
	first := d.hunks[d.at].first
	if from := m.preview.here().top; first < from+1 || first > from+m.preview.rows()-6 {
		m.preview.scrollTo(first - 2)
	}
	if !m.layout.wide {
		m.showing = previewPane
	}
}

// wheel scrolls what is under the pointer.
func (m *model) wheel(e tea.Mouse) {
	const lines = 3
	n := 0
	switch e.Button {
	case tea.MouseWheelUp:
		n = -1
	case tea.MouseWheelDown:
		n = 1
	}
	switch {
	case n == 0 || m.layout.small:
	case m.overlay.kind != noOverlay:
		m.wheelOverlay(n)
	case m.explore != nil:
		m.wheelExplore(n * lines)
	case m.previewAt(e.X, e.Y):
		m.preview.scrollTo(m.preview.here().top + n*lines)
	case m.step().id == reviewStep && m.review.picking == nil:
		m.review.move(n)
		m.showEntry()
	}
}

// click on a tab shows its file, on a line or an option puts the cursor there, on
// a button presses it.
func (m *model) click(e tea.Mouse) tea.Cmd {
	switch {
	case m.layout.small || m.review.busy || e.Button != tea.MouseLeft:
		return nil
	case m.overlay.kind != noOverlay:
		return m.clickOverlay(e.X, e.Y)
	case m.explore != nil:
		m.clickExplore(e.X, e.Y)
		return nil
	case !m.previewAt(e.X, e.Y):
		if m.layout.form.has(e.X, e.Y) {
			return m.clickForm(e.X-m.layout.form.x, e.Y-m.layout.form.y)
		}
		return nil
	}
	r := m.layout.preview
	if i := m.preview.tabs.fileAt(e.X - r.x); i >= 0 && e.Y < r.y+2 {
		m.open(m.preview.files[i].Path)
		return nil
	}
	if line, ok := m.preview.lineAt(e.Y - r.y); ok && m.review.picking == nil {
		if !m.reading() {
			m.read(true)
		}
		m.preview.goTo(line)
	}
	return nil
}

func (m *model) previewAt(x, y int) bool {
	return m.layout.preview.has(x, y) && (m.layout.wide || m.showing == previewPane)
}
