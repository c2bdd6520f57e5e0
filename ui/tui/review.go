package tui

import (
	"fmt"
	"strings"

	"github.com/davit-cli/davit/generator/disk"
	"github.com/davit-cli/davit/ui/tui/highlight"
)

// review is the list of files against the folder, each with a tick.
type review struct {
	plan   disk.Plan
	ready  bool // the plan has arrived
	busy   bool // the files are being written
	ticked map[string]bool
	at     int
	diff   bool // the preview shows the difference to the folder
	err    error
	round  int // counts comparisons, so that only the last one counts
}

// take shows a new plan. What is new or davit's own is ticked; what differs is
// not, as ticking it replaces somebody's work.
func (r *review) take(plan disk.Plan) {
	r.plan, r.ready, r.err = plan, true, nil
	r.ticked = map[string]bool{}
	for _, e := range plan.Entries {
		r.ticked[e.Path] = e.Status == disk.New || e.Status == disk.Changed
	}
	r.at = min(r.at, max(len(plan.Entries)-1, 0))
}

func (r *review) entry() (disk.Entry, bool) {
	if r.at < len(r.plan.Entries) {
		return r.plan.Entries[r.at], true
	}
	return disk.Entry{}, false
}

func (r *review) move(n int) {
	r.at = min(max(r.at+n, 0), max(len(r.plan.Entries)-1, 0))
}

// toggle ticks the file under the cursor, or unticks it. A file that is the
// same stays as it is.
func (r *review) toggle() {
	if e, ok := r.entry(); ok && e.Status != disk.Same {
		r.ticked[e.Path] = !r.ticked[e.Path]
	}
}

// toggleAll ticks every file that loses nothing; where they are ticked, those
// that differ too; where all are, none.
func (r *review) toggleAll() {
	safe, all := true, true
	for _, e := range r.plan.Entries {
		if e.Status != disk.Same && !r.ticked[e.Path] {
			all = false
			safe = safe && e.Status == disk.Conflict
		}
	}
	for _, e := range r.plan.Entries {
		r.ticked[e.Path] = e.Status != disk.Same && !all && (safe || e.Status != disk.Conflict)
	}
}

// decisions is what to do with each file; what differs is kept as NAME.bak.
func (r *review) decisions() disk.Decisions {
	d := disk.Decisions{}
	for _, e := range r.plan.Entries {
		switch {
		case !r.ticked[e.Path]:
			d[e.Path] = disk.Skip
		case e.Status == disk.Conflict:
			d[e.Path] = disk.Backup
		default:
			d[e.Path] = disk.Overwrite
		}
	}
	return d
}

// count returns how many files are ticked, and those of them that replace
// something that differs.
func (r *review) count() (ticked int, replaced []string) {
	for _, e := range r.plan.Entries {
		if !r.ticked[e.Path] {
			continue
		}
		ticked++
		if e.Status == disk.Conflict {
			replaced = append(replaced, e.Path)
		}
	}
	return ticked, replaced
}

// statusWord is what a status is called on the screen, and its colour.
func (t *theme) statusWord(s disk.Status) (string, ink) {
	switch s {
	case disk.New:
		return "new", t.good
	case disk.Same:
		return "same", t.dim
	case disk.Changed:
		return "update", t.title
	default:
		return "differs", t.warn
	}
}

// lines draws the list and what will happen.
func (r *review) lines(t *theme, w, h int, notice string) []string {
	out := []string{t.titleBold.of(reviewTitle)}
	if !r.ready && r.err == nil {
		return append(out, "", t.dim.of(comparingText))
	}
	if !r.ready {
		return append(append(out, ""), wrapped("✗ ", r.err.Error(), t.bad, w)...)
	}
	out = append(out, t.dim.of(cut(r.counts(), w)), "")
	foot := r.foot(t, w, notice)
	list := make([]string, len(r.plan.Entries))
	for i, e := range r.plan.Entries {
		list[i] = r.row(t, i, e, w)
	}
	room := max(h-len(out)-len(foot)-1, 1)
	out = append(out, window(list, r.at, room)...)
	out = append(out, t.dim.of(hidden(len(list)-room)))
	return append(out, foot...)
}

func (r *review) row(t *theme, i int, e disk.Entry, w int) string {
	cursor, name := "  ", e.Path
	if i == r.at {
		cursor, name = t.accentBold.of("› "), t.bold.of(e.Path)
	}
	tick := t.dim.of("• ")
	switch {
	case r.ticked[e.Path]:
		tick = t.good.of("✓ ")
	case e.Status == disk.Same:
		tick = t.dim.of("= ")
		name = t.dim.of(e.Path)
	}
	word, ink := t.statusWord(e.Status)
	right := ink.of(pad(word, 7)) + t.dim.of(fmt.Sprintf("%8s", size(len(e.Content))))
	return cursor + tick + apart(cut(name, w-4-17), right, w-4)
}

// counts is how many files have which status, such as "10 new · 1 differs".
func (r *review) counts() string {
	var parts []string
	for _, s := range []struct {
		status disk.Status
		word   string
	}{{disk.New, "new"}, {disk.Changed, "to update"}, {disk.Same, "the same"}, {disk.Conflict, "different"}} {
		if n := r.plan.Count(s.status); n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, s.word))
		}
	}
	return strings.Join(parts, " · ")
}

// foot says what happens to the file under the cursor, and holds the button.
func (r *review) foot(t *theme, w int, notice string) []string {
	var out []string
	switch e, ok := r.entry(); {
	case r.err != nil:
		out = wrapped("✗ ", upper(r.err.Error()), t.bad, w)
	case notice != "":
		out = wrapped("! ", notice, t.warn, w)
	case ok:
		out = wrapped("", r.fate(e), t.dim, w)
	}
	for len(out) < 2 {
		out = append(out, "")
	}
	n, _ := r.count()
	button := fmt.Sprintf("Write %s", plural(n, "file"))
	switch {
	case r.busy:
		return append(out, "", t.dim.of(writingText))
	case n == 0:
		return append(out, "", t.press(button, false))
	}
	return append(out, "", t.press(button, true)+t.dim.of("  enter"))
}

// fate is what writing does to a file, in a sentence.
func (r *review) fate(e disk.Entry) string {
	tick := r.ticked[e.Path]
	switch {
	case e.Status == disk.Same:
		return "The folder has the same already."
	case e.Status == disk.New && tick:
		return "Will be written; nothing is there yet."
	case e.Status == disk.New:
		return "Will not be written."
	case e.Status == disk.Changed && tick:
		return "Will replace davit's own; nothing is lost."
	case e.Status == disk.Changed:
		return "Stays as it is."
	case tick:
		return "Will be replaced; what is there now is kept as " + e.Path + ".bak."
	default:
		return "Differs from what is there, which stays. Ticking it replaces it, and keeps the present one as .bak."
	}
}

// difference is the file as a unified text: what is there against davit's.
func difference(e disk.Entry) string {
	old, now := highlight.Split(e.Existing), highlight.Split(e.Content)
	var b strings.Builder
	at := 0
	write := func(sign string, lines []string) {
		for _, l := range lines {
			b.WriteString(sign)
			b.WriteString(l)
			b.WriteByte('\n')
		}
	}
	hunks(old, now, func(o, n, from, to int) {
		write("  ", now[at:from])
		write("- ", old[o:n])
		write("+ ", now[from:to])
		at = to
	})
	write("  ", now[at:])
	return b.String()
}
