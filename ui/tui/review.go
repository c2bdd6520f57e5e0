package tui

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/davit-cli/davit/generator"
	"github.com/davit-cli/davit/generator/disk"
	"github.com/davit-cli/davit/ui/tui/highlight"
)

// review is the list of files against the folder, each with what becomes of
// it. Nothing is written before write.
type review struct {
	plan     disk.Plan
	ready    bool // the plan has arrived
	busy     bool // the files are being written
	recorded bool // the answers are those of davit.yaml
	rows     []reviewRow
	at       int       // the line of the list under the cursor
	open     bool      // the files that are the same are listed one by one
	diff     bool      // the preview shows the difference to the folder
	picking  *fileDiff // the hunks of the file under the cursor are being chosen
	warned   []string  // what will not go together after writing
	err      error
	round    int // counts comparisons, so that only the last one counts
}

// A reviewRow is one file: one that the answers give, or one that they do not
// need any more.
type reviewRow struct {
	path     string
	entry    disk.Entry // none of an unneeded file
	unneeded *disk.Unneeded
	fates    []disk.Decision // what may become of it, the usual first
	fate     disk.Decision
	taken    []bool  // hunk by hunk: davit's version is taken
	own      *string // what the user made of it in an editor
	ownTaken bool    // and that is written
}

// take shows a new plan. What is new or davit's own will be written, and edits
// are merged where that goes by itself; everything else stays, as it is
// somebody's work.
func (r *review) take(plan disk.Plan) {
	r.plan, r.ready, r.err = plan, true, nil
	r.rows, r.picking = nil, nil
	for _, e := range plan.Entries {
		row := reviewRow{path: e.Path, entry: e, fates: fates(e)}
		row.fate = row.fates[0]
		row.taken = hunksOf(e, row.fate)
		r.rows = append(r.rows, row)
	}
	for i, u := range plan.Unneeded {
		row := reviewRow{path: u.Path, unneeded: &plan.Unneeded[i], fates: []disk.Decision{disk.Skip, disk.Remove}, fate: disk.Skip}
		if u.Edited {
			row.fates = row.fates[:1]
		}
		r.rows = append(r.rows, row)
	}
	r.at = 0
	for i, n := range r.items() { // what changes, or has to be decided
		if n != folded && r.rows[n].entry.Status != disk.Kept {
			r.at = i
			break
		}
	}
}

// folded is the line of the list that stands for all files that are the same.
const folded = -1

// leastFolded is how many of them make it worth a line.
const leastFolded = 2

// items are the lines of the list, each a row or folded: what differs, and
// then what is the same.
func (r *review) items() []int {
	var differ, same []int
	for i, row := range r.rows {
		if row.same() {
			same = append(same, i)
		} else {
			differ = append(differ, i)
		}
	}
	if len(same) < leastFolded {
		return append(differ, same...)
	}
	differ = append(differ, folded)
	if r.open {
		differ = append(differ, same...)
	}
	return differ
}

// same reports whether the folder has the file already, and the user made
// nothing else of it.
func (row reviewRow) same() bool {
	return row.unneeded == nil && row.entry.Status == disk.Same && row.own == nil
}

// onFold reports whether the cursor is on the line of the files that are the same.
func (r *review) onFold() bool {
	items := r.items()
	return r.at < len(items) && items[r.at] == folded
}

// goTo puts the cursor on a file, and shows it in the list; it reports false
// where there is none of that path.
func (r *review) goTo(path string) bool {
	n := slices.IndexFunc(r.rows, func(row reviewRow) bool { return row.path == path })
	if n < 0 {
		return false
	}
	if !slices.Contains(r.items(), n) {
		r.open = true
	}
	r.at = slices.Index(r.items(), n)
	return true
}

// fates is what may become of a file, the usual first.
func fates(e disk.Entry) []disk.Decision {
	switch e.Status {
	case disk.Same:
		return []disk.Decision{disk.Skip}
	case disk.New, disk.Changed:
		return []disk.Decision{disk.Overwrite, disk.Skip}
	}
	list := []disk.Decision{disk.Skip, disk.Backup, disk.Overwrite}
	switch {
	case !e.Exists():
		return []disk.Decision{disk.Keep, disk.Overwrite}
	case e.Listed, !e.Edited && e.Unresolved() == 0 && e.Path != disk.AnswersFile: // it is the user's, which davit.yaml can say
		return []disk.Decision{disk.Keep, disk.Backup, disk.Overwrite, disk.Skip}
	case mergeable(e):
		list = append([]disk.Decision{disk.Merge}, list...)
	}
	return list
}

// mergeable reports whether the user's edits and davit's changes join without a
// choice, and there is something to join.
func mergeable(e disk.Entry) bool {
	_, conflicts, ok := e.Merge()
	return ok && conflicts == 0 && e.News()
}

// hunksOf is which hunks are davit's after a decision.
func hunksOf(e disk.Entry, d disk.Decision) []bool {
	var taken []bool
	for _, p := range e.Pieces() {
		if p.Differs() {
			taken = append(taken, d == disk.Overwrite || d == disk.Backup || d == disk.Merge && p.Whose == disk.Davits)
		}
	}
	return taken
}

func (r *review) row() *reviewRow {
	if items := r.items(); r.at < len(items) && items[r.at] != folded {
		return &r.rows[items[r.at]]
	}
	return nil
}

func (r *review) entry() (disk.Entry, bool) {
	if row := r.row(); row != nil && row.unneeded == nil {
		return row.entry, true
	}
	return disk.Entry{}, false
}

func (r *review) move(n int) {
	r.at = min(max(r.at+n, 0), max(len(r.items())-1, 0))
}

// cycle goes to the next thing that may become of the file under the cursor.
func (r *review) cycle() {
	row := r.row()
	if row == nil {
		return
	}
	at := slices.Index(row.fates, row.fate) // -1 of one that was picked
	if row.own != nil && at == len(row.fates)-1 {
		row.takeOwn()
		return
	}
	row.decide(row.fates[(at+1)%len(row.fates)])
}

// choose sets what becomes of the file under the cursor; it reports false where
// that is not possible.
func (r *review) choose(d disk.Decision) bool {
	row := r.row()
	if row == nil || !slices.Contains(row.fates, d) {
		return false
	}
	row.decide(d)
	return true
}

func (row *reviewRow) decide(d disk.Decision) {
	row.fate, row.ownTaken = d, false
	if row.unneeded == nil {
		row.taken = hunksOf(row.entry, d)
	}
}

// alike reports whether the same may become of two rows, for the same reason.
func (row reviewRow) alike(other reviewRow) bool {
	return (row.unneeded == nil) == (other.unneeded == nil) && row.entry.State() == other.entry.State() && slices.Equal(row.fates, other.fates)
}

// written reports whether a row changes the folder.
func (row reviewRow) written() bool { return row.fate != disk.Skip && row.fate != disk.Keep }

// stay is the decision that leaves a file.
func (row reviewRow) stay() disk.Decision {
	if slices.Contains(row.fates, disk.Keep) {
		return disk.Keep
	}
	return disk.Skip
}

// cycleAll chooses to write every file that loses nothing; where these are
// chosen, those that differ too, with a backup; where all are, none.
func (r *review) cycleAll() {
	safe, all := true, true
	loses := func(row reviewRow) bool { return row.entry.Differs() && !mergeable(row.entry) }
	for _, row := range r.rows {
		if row.unneeded == nil && len(row.fates) > 1 && !row.written() {
			all = false
			safe = safe && loses(row)
		}
	}
	for i := range r.rows {
		row := &r.rows[i]
		switch {
		case row.unneeded != nil || len(row.fates) == 1:
		case all || loses(*row) && !safe:
			row.decide(row.stay())
		case loses(*row):
			row.decide(disk.Backup)
		case !row.written():
			row.decide(row.fates[0])
		}
	}
}

// pick begins to choose the hunks of the file under the cursor.
func (r *review) pick(h *highlight.Highlighter) bool {
	row := r.row()
	if row == nil || row.unneeded != nil || len(row.taken) == 0 || row.entry.Status == disk.New {
		return false
	}
	r.picking = newDiff(h, row.entry, row.taken)
	r.picking.at = 0
	return true
}

// toggleHunk takes the other version of the hunk under the cursor.
func (r *review) toggleHunk(davit bool) {
	d, row := r.picking, r.row()
	d.hunks[d.at].davit = davit
	row.taken = d.taken()
	row.fate, row.ownTaken = disk.Picked, false
	for _, fate := range [...]disk.Decision{disk.Merge, disk.Keep, disk.Skip, disk.Overwrite} { // what has a name is called so
		if slices.Contains(row.fates, fate) && slices.Equal(row.taken, hunksOf(row.entry, fate)) {
			row.fate = fate
			return
		}
	}
}

// keep is the list of files for davit.yaml: what it kept before, as far as
// nothing else was decided here, and what is to be kept now.
func (r *review) keep(before []string) []string {
	var list []string
	for _, path := range before {
		i := slices.IndexFunc(r.rows, func(row reviewRow) bool { return row.path == path })
		if i < 0 || r.rows[i].fate == disk.Keep || r.rows[i].entry.Status == disk.Same {
			list = append(list, path)
		}
	}
	for _, row := range r.rows {
		if row.fate == disk.Keep && !slices.Contains(list, row.path) {
			list = append(list, row.path)
		}
	}
	return list
}

// give takes another content for one of davit's files.
func (r *review) give(file generator.File) {
	here := r.row()
	r.plan = r.plan.Give(file)
	for i, e := range r.plan.Entries {
		row := &r.rows[i]
		if e.Path != file.Path {
			continue
		}
		was := row.entry.Status
		row.entry, row.fates = e, fates(e)
		if was != e.Status {
			row.fate = row.fates[0]
		}
		row.taken = hunksOf(e, row.fate)
	}
	if here != nil { // what is the same stands elsewhere
		r.goTo(here.path)
	}
}

// decided is the plan with what was picked, and what to do with each file.
func (r *review) decided() (disk.Plan, disk.Decisions) {
	plan, d := r.plan, disk.Decisions{}
	for _, row := range r.rows {
		d[row.path] = row.fate
		if row.fate == disk.Picked {
			plan = plan.Pick(row.path, row.outcome())
		}
	}
	return plan, d
}

// picked is the text of the chosen hunks.
func (row reviewRow) picked() string {
	var b strings.Builder
	n := 0
	for _, p := range row.entry.Pieces() {
		switch {
		case !p.Differs():
			b.WriteString(p.Mine)
			continue
		case row.taken[n]:
			b.WriteString(p.Davit)
		default:
			b.WriteString(p.Mine)
		}
		n++
	}
	return b.String()
}

// count returns how many files change, and what is lost or moved by that, a
// line each.
func (r *review) count() (changing int, replaced []loss) {
	for _, row := range r.rows {
		if !row.written() {
			continue
		}
		changing++
		switch {
		case row.unneeded != nil:
			replaced = append(replaced, loss{path: row.path, what: "removed", gone: true})
		case !row.entry.Differs():
		case row.ownTaken:
			replaced = append(replaced, loss{path: row.path, what: "replaced by your edit, without a copy"})
		case row.fate == disk.Backup:
			replaced = append(replaced, loss{path: row.path, what: "kept as " + row.entry.BackupName})
		case row.fate == disk.Overwrite:
			replaced = append(replaced, loss{path: row.path, what: "replaced, without a copy"})
		}
	}
	return changing, replaced
}

// done reports whether there is nothing to write.
func (r *review) done() bool {
	n, _ := r.count()
	return r.ready && n == 0
}

// well reports whether the folder has all that the answers give, or the user's in its place.
func (r *review) well() bool {
	return !slices.ContainsFunc(r.rows, func(row reviewRow) bool {
		return row.unneeded != nil || row.entry.Status != disk.Same && row.entry.Status != disk.Kept
	})
}

// deed is what confirming does, in few words.
func (r *review) deed() string {
	n, losses := r.count()
	removed := removes(losses)
	text := "Write " + plural(n-removed, "file")
	switch {
	case removed == n && n > 0:
		return "Remove " + plural(n, "file")
	case removed > 0:
		return text + ", remove " + strconv.Itoa(removed)
	}
	return text
}

// A loss is a file that is asked about before it is written.
type loss struct {
	path, what string
	gone       bool // and nothing comes in its place
}

// removes counts the files that go without another in their place.
func removes(losses []loss) int {
	n := 0
	for _, l := range losses {
		if l.gone {
			n++
		}
	}
	return n
}

// state is what a file is beside the folder's, in a word.
func (row reviewRow) state() string {
	if row.unneeded != nil {
		return "unneeded"
	}
	return row.entry.State()
}

// stateInk is the colour of a state.
func (t *theme) stateInk(state string) ink {
	switch state {
	case disk.Older:
		return t.title
	case disk.Edited, disk.Foreign:
		return t.warn
	case disk.Unresolved:
		return t.bad
	case string(disk.New):
		return t.good
	}
	return t.dim
}

// fateWord is what becomes of a file, in a word.
func (row reviewRow) fateWord() string {
	switch row.fate {
	case disk.Merge:
		return "merge"
	case disk.Backup:
		return "back up"
	case disk.Picked:
		if row.ownTaken {
			return "yours"
		}
		return "in part"
	case disk.Remove:
		return "remove"
	case disk.Keep:
		return "keep"
	case disk.Skip:
		if row.unneeded == nil && slices.Contains(row.fates, disk.Keep) {
			return "leave"
		}
		if row.entry.Status == disk.Same && row.unneeded == nil {
			return ""
		}
		if row.entry.Status == disk.New && row.unneeded == nil {
			return "leave"
		}
		return "keep"
	}
	switch row.entry.Status {
	case disk.New:
		return "write"
	case disk.Changed:
		return "update"
	}
	return "replace"
}

// lines draws the list and what will happen. The items are those of the list
// that are in sight, the first of them on line first.
func (r *review) lines(t *theme, w, h int, notice string) (out []string, first int, items []int) {
	out = []string{t.titleBold.of(reviewTitle)}
	if !r.ready && r.err == nil {
		return append(out, "", t.dim.of(comparingText)), 0, nil
	}
	if !r.ready {
		return append(append(out, ""), wrapped("✗ ", r.err.Error(), t.bad, w)...), 0, nil
	}
	if r.recorded && h >= 18 {
		out = append(out, t.dim.of(cut(recordedText, w)))
	}
	out = append(out, t.dim.of(cut(r.counts(), w)), "")
	foot := r.foot(t, w, h, notice)
	items = r.items()
	list := make([]string, len(items))
	columns := r.columns(items)
	for i, n := range items {
		if n == folded {
			list[i] = r.drawFold(t, i == r.at)
			continue
		}
		list[i] = r.rows[n].draw(t, i == r.at, w, columns)
	}
	room := max(h-len(out)-len(foot)-1, 1)
	first = len(out)
	out = append(out, window(list, r.at, room)...)
	out = append(out, t.dim.of(hidden(len(list)-room)))
	return append(out, foot...), first, window(items, r.at, room)
}

// columns are the widths of what is said of each file of the list: its state,
// and what becomes of it.
func (r *review) columns(items []int) (c [2]int) {
	for _, n := range items {
		if n != folded {
			c[0] = max(c[0], ansi.StringWidth(r.rows[n].state()))
			for row, i := r.rows[n], 0; i < len(row.fates); i++ { // it stays when another is chosen
				row.fate, row.ownTaken = row.fates[i], false
				c[1] = max(c[1], ansi.StringWidth(row.fateWord()))
			}
		}
	}
	return c
}

// width is what the list needs, so that no name is cut.
func (r *review) width() int {
	items := r.items()
	c, longest := r.columns(items), 0
	for _, n := range items {
		if n != folded {
			longest = max(longest, ansi.StringWidth(shownName(r.rows[n].path)))
		}
	}
	return 4 + longest + 2 + c[0] + 2 + c[1]
}

func (r *review) drawFold(t *theme, here bool) string {
	n := 0
	for _, row := range r.rows {
		if row.same() {
			n++
		}
	}
	text, sign := plural(n, "file")+" the same", "▸ "
	if r.open {
		sign = "▾ "
	}
	if here {
		return t.accentBold.of("› ") + t.dim.of(sign) + t.bold.of(text)
	}
	return "  " + t.dim.of(sign+text)
}

func (row reviewRow) draw(t *theme, here bool, w int, columns [2]int) string {
	cursor, name := "  ", shownName(row.path)
	mark := t.dim.of("• ")
	switch {
	case row.fate == disk.Remove:
		mark = t.bad.of("✗ ")
	case row.written():
		mark = t.good.of("✓ ")
	case row.state() == disk.Unresolved:
		mark = t.bad.of("! ")
	case row.same():
		mark = t.dim.of("= ")
	}
	right := t.stateInk(row.state()).of(pad(row.state(), columns[0]))
	if columns[1] > 0 {
		right += "  " + pad(row.fateWord(), columns[1])
	}
	name = pathIn(name, w-4-1-ansi.StringWidth(right))
	switch {
	case here:
		cursor, name = t.accentBold.of("› "), t.bold.of(name)
	case row.same():
		name = t.dim.of(name)
	}
	return cursor + mark + apart(name, right, w-4)
}

// counts is how many files have which state, such as "10 new · 1 edited".
func (r *review) counts() string {
	number := map[string]int{}
	for _, e := range r.plan.Entries {
		number[e.State()]++
	}
	var parts []string
	for _, s := range []struct{ state, words string }{
		{"new", "new"}, {disk.Older, "older"}, {disk.Listed, "kept"}, {disk.Edited, "edited"}, {disk.Unresolved, "unresolved"}, {disk.Foreign, "foreign"}, {"same", "same"},
	} {
		if n := number[s.state]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, s.words))
		}
	}
	if n := len(r.plan.Unneeded); n > 0 {
		parts = append(parts, fmt.Sprintf("%d unneeded", n))
	}
	return strings.Join(parts, " · ")
}

// warnings tell what will not go together after writing, and what the new
// Dockerfile lacks.
func (m *model) warnings() []string {
	plan, d := m.review.decided()
	all := plan.Warnings(d)
	if why := m.found.facts.LacksSystem(plan.Gives("Dockerfile", d), m.answers.Dependencies); why != "" {
		all = append(all, spoken(why))
	}
	return all
}

// foot says what happens to the file under the cursor, and holds the button.
func (r *review) foot(t *theme, w, h int, notice string) []string {
	var out []string
	switch row := r.row(); {
	case r.err != nil:
		out = wrapped("✗ ", upper(r.err.Error()), t.bad, w)
	case notice != "":
		out = wrapped("! ", notice, t.warn, w)
	case r.picking != nil:
		out = wrapped("", pickText, t.dim, w)
	case row != nil:
		out = wrapped("", row.explain(), t.dim, w)
	case r.onFold() && r.open:
		out = wrapped("", foldText, t.dim, w)
	case r.onFold():
		out = wrapped("", unfoldText, t.dim, w)
	}
	out = atLeast(out, 2)
	if room := max(h-14, 1); r.picking == nil {
		for _, text := range r.warned {
			lines := wrapped("! ", text, t.warn, w)
			if len(lines) > room {
				lines = []string{t.warn.of(cut("! "+text, w))}
			}
			out = append(out, lines...)
			room -= len(lines)
			if room <= 0 {
				break
			}
		}
	}
	switch {
	case r.busy:
		return append(out, "", t.dim.of(writingText))
	case r.picking == nil && r.onFold() && !r.done(): // where enter unfolds
		return append(out, "", t.press(r.button(), false))
	}
	return append(out, "", t.press(r.button(), true)+t.dim.of("  enter"))
}

// button is what enter does, in few words.
func (r *review) button() string {
	switch {
	case r.picking != nil:
		return pickButton
	case r.done():
		return leaveButton
	}
	return r.deed()
}

// explain is what writing does to a file, in a sentence.
func (row reviewRow) explain() string {
	e := row.entry
	switch {
	case row.unneeded != nil && row.unneeded.Edited:
		return "Not needed any more. You edited it, so it stays."
	case row.unneeded != nil && row.fate == disk.Remove:
		return "Not needed any more, and will be removed. It is as davit wrote it."
	case row.unneeded != nil:
		return "Not needed any more, but stays. space removes it."
	case row.ownTaken:
		return "Will be written as you edited it. space takes davit's text again, e goes on editing."
	case e.Status == disk.Same:
		return "The folder has the same already."
	case row.fate == disk.Picked:
		return "You chose what stays and what comes; h changes that."
	case e.Status == disk.New && row.written():
		return "Will be written; nothing is there yet."
	case e.Status == disk.New:
		return "Will not be written."
	case e.Status == disk.Changed && row.written():
		return "As davit wrote it; will be brought up to date."
	case e.Status == disk.Changed:
		return "Stays as it is."
	case row.fate == disk.Merge:
		return "Your edits stay, and davit's changes come."
	case row.fate == disk.Backup:
		return "Will be replaced; what is there now is kept as " + e.BackupName + "."
	case row.fate == disk.Overwrite:
		return "Will be replaced, and what is there now is gone."
	case row.fate == disk.Skip && slices.Contains(row.fates, disk.Keep):
		return "Stays for now; the next run asks again. space keeps it for good."
	case e.Listed && !e.Exists():
		return "davit.yaml keeps it, and it is not there. space writes it."
	case e.Listed:
		return "davit.yaml keeps it as yours. space replaces it and keeps a copy."
	case e.Unresolved() > 0:
		return "It holds " + plural(e.Unresolved(), "conflict") + " between markers, and stays. Resolve them with e, or space replaces it and keeps a copy."
	case e.Edited && !e.News():
		return "You edited it, and davit has nothing new for it: it stays."
	case e.Edited && mergeable(e):
		return "You edited it, and it stays. m merges davit's changes."
	case e.Edited:
		return "You and davit changed the same lines; it stays. h chooses piece by piece."
	default:
		return "davit did not write it: it stays, kept in davit.yaml. space replaces it and keeps a copy; h takes pieces."
	}
}
