package tui

import (
	"fmt"
	"path"
	"slices"
	"strconv"

	"github.com/davit-cli/davit/generator"
	"github.com/davit-cli/davit/ui/tui/highlight"
)

// preview shows the files that the present answers give, one at a time.
type preview struct {
	theme  *theme
	high   *highlight.Highlighter
	files  []sheet
	at     int              // the file that is shown
	pinned bool             // the user chose it; else the preview follows the change
	places map[string]place // by path
	size   rect
	tabs   tabBar
	note   string // why the files are not those of the cursor, or ""
	diff   sheet  // shown in place of the file with its path
	age    int    // answers that were given since the last change

	reading bool   // keys go here: a line has the cursor
	from    int    // the line where the selection began; -1 for none
	fromIn  string // the file that it is in
	view    view
	found   search
	summary string // of all files, in place of their number and size
	alone   bool   // the search stays in the file that is shown
	said    string // what has just to be said about it, until the next key
}

// fading is how many answers a change survives before its marks fade; with the
// next one they go.
const fading = 2

// A sheet is one file on the screen.
type sheet struct {
	generator.File
	doc   *highlight.Document
	diff  comparison // shown in place of doc
	marks []mark     // what the last change touched; nil for nothing
	fresh bool       // the last change brought the file
	label string
	sign  string // before the name, in place of that of the last change
}

// A comparison is two versions of a file as lines of the screen.
type comparison interface {
	len() int
	row(t *theme, i, width int) row
	raw(i int) string // the text behind a line
	starts() []int    // the lines at which stretches that differ begin
}

func newPreview(t *theme) preview {
	return preview{theme: t, high: highlight.New(t.codeInk), places: map[string]place{}, from: -1}
}

// paint changes the colours, as when the terminal tells its background.
func (p *preview) paint(t *theme) {
	p.theme = t
	p.high = highlight.New(t.codeInk)
	for i := range p.files {
		p.files[i].doc = p.high.Document(p.files[i].Language, p.files[i].Content)
	}
}

// show takes the files of new answers and marks what differs from those that
// were shown before. Files that are the same everywhere leave all marks.
func (p *preview) show(files []generator.File) {
	before := make(map[string]*sheet, len(p.files))
	for i := range p.files {
		before[p.files[i].Path] = &p.files[i]
	}
	same := len(files) == len(p.files)
	for _, f := range files {
		old := before[f.Path]
		same = same && old != nil && old.Content == f.Content
	}
	if same && len(files) > 0 {
		return
	}
	shown := p.path()
	sheets := make([]sheet, len(files))
	for i, f := range files {
		s := sheet{File: f, doc: p.high.Document(f.Language, f.Content)}
		if old := before[f.Path]; old != nil {
			s.marks = compareLines(old.doc.Raw, s.doc.Raw)
		} else if len(p.files) > 0 {
			s.fresh = true
		}
		sheets[i] = s
	}
	nameSheets(sheets)
	p.files, p.diff, p.age = sheets, sheet{}, 0
	p.follow(shown)
	p.clamp()
	p.search()
}

// settle takes the present files as the ones that later changes are marked against.
func (p *preview) settle() {
	for i := range p.files {
		p.files[i].marks, p.files[i].fresh = nil, false
	}
	p.clamp()
}

// answered lets the marks of a change grow old: they stay while the next
// question is answered, fade, and go.
func (p *preview) answered() {
	if p.age++; p.age > fading {
		p.settle()
	}
}

// follow keeps the file that was shown. Where the user has not chosen it, the
// first one that the change brought is shown, or where it brought none and did
// not touch the one that is shown, the first that it touched.
func (p *preview) follow(shown string) {
	p.at = max(slices.IndexFunc(p.files, func(s sheet) bool { return s.Path == shown }), 0)
	if p.pinned || len(p.files) == 0 || p.files[p.at].fresh {
		return
	}
	i := slices.IndexFunc(p.files, func(s sheet) bool { return s.fresh })
	if i < 0 && !p.files[p.at].touched() {
		i = slices.IndexFunc(p.files, sheet.touched)
	}
	if i < 0 {
		return
	}
	p.at = i
	if s := p.sheet(); s.fresh {
		p.lookAt(0, 0)
	} else if starts, top := s.starts(), p.here().top; len(starts) > 0 && (starts[0] < top || starts[0] > p.lastFrom(top)) {
		p.lookAt(starts[0], 3)
	}
}

// starts are the lines at which stretches begin that the last change touched.
func (s sheet) starts() []int {
	var starts []int
	for i, m := range s.marks {
		if m != kept && (i == 0 || s.marks[i-1] == kept) {
			starts = append(starts, i)
		}
	}
	return starts
}

func (s sheet) touched() bool { return s.fresh || s.marks != nil }

// changes counts the lines that the last change touched.
func (s sheet) changes() int {
	if s.fresh {
		return s.doc.Len()
	}
	n := 0
	for _, m := range s.marks {
		if m != kept {
			n++
		}
	}
	return n
}

func (s sheet) mark(line int) mark {
	switch {
	case s.fresh:
		return added
	case s.marks == nil:
		return kept
	default:
		return s.marks[line]
	}
}

// sheet is the file that is shown, or its difference to the folder.
func (p *preview) sheet() sheet {
	if s := p.files[p.at]; p.diff.Path != s.Path {
		return s
	}
	return p.diff
}

// instead shows a difference in place of a file, until another is opened.
func (p *preview) instead(path string, d *fileDiff) {
	i := slices.IndexFunc(p.files, func(s sheet) bool { return s.Path == path })
	if i < 0 {
		return
	}
	p.at, p.pinned = i, true
	p.diff = p.files[i]
	p.diff.Purpose, p.diff.diff, p.diff.marks, p.diff.fresh = diffPurpose, d, nil, false
	p.clamp()
}

// len is how many lines the sheet has on the screen.
func (s sheet) len() int {
	if s.diff != nil {
		return s.diff.len()
	}
	return s.doc.Len()
}

func (p *preview) path() string {
	if p.at < len(p.files) {
		return p.files[p.at].Path
	}
	return ""
}

// open shows the file with this path, as the user's choice.
func (p *preview) open(path string) {
	if i := slices.IndexFunc(p.files, func(s sheet) bool { return s.Path == path }); i >= 0 {
		p.at, p.pinned, p.diff = i, true, sheet{}
		p.clamp()
	}
}

// turn shows the file n places further, around the ends.
func (p *preview) turn(n int) {
	if len(p.files) > 0 {
		p.at, p.pinned = (p.at+n+len(p.files))%len(p.files), true
		p.clamp()
	}
}

// rows is how many lines of the file are visible.
func (p *preview) rows() int { return max(p.size.h-4-p.gap(), 1) }

// gap is an empty line above the file, where there is room to spare.
func (p *preview) gap() int {
	if p.size.h < 24 {
		return 0
	}
	return 1
}

func (p *preview) resize(r rect) {
	p.size = r
	p.stay()
}

// lines draws the preview, as many as its rectangle is high.
func (p *preview) lines() []string {
	t, w := p.theme, p.size.w
	if len(p.files) == 0 {
		return []string{t.dim.of(cut(previewEmpty, w))}
	}
	s := p.sheet()
	out := make([]string, 0, p.size.h)
	out = append(out, p.tabs.draw(p, w)...)
	out = append(out, p.purpose(s, w))
	if p.gap() > 0 {
		out = append(out, "")
	}
	out = append(out, p.body(s, w, p.rows())...)
	for len(out) < p.size.h-1 {
		out = append(out, "")
	}
	return append(out, p.status(s, w))
}

func (p *preview) purpose(s sheet, w int) string {
	if p.note != "" {
		return p.theme.warn.of(cut(p.note, w))
	}
	about := s.Purpose
	if path.Base(s.Path) != s.Path {
		about = s.Path + "  " + about
	}
	return p.theme.dim.of(cut(about, w))
}

// status is the line below the file: all files, this file, what changed.
func (p *preview) status(s sheet, w int) string {
	switch {
	case p.found.typing || p.found.query != "":
		return fit(p.prompt(), w)
	case p.said != "":
		return fit(p.theme.good.of(p.said), w)
	}
	total, changed := 0, 0
	for _, f := range p.files {
		total += len(f.Content)
		changed += f.changes()
	}
	if s.doc != p.files[p.at].doc { // shown in its place
		changed = s.changes()
	}
	left := fmt.Sprintf("%s · %s", plural(len(p.files), "file"), size(total))
	if changed > 0 {
		left += " · " + p.theme.accent.of("▎"+plural(changed, "line")+" changed")
	}
	if p.summary != "" {
		left = p.summary
	}
	from, word := p.here().top, "lines"
	if _, compared := s.diff.(*lazy); compared {
		word = "rows" // of either version, while each has numbers of its own
	}
	right := fmt.Sprintf("%s · %s %d–%d of %d", size(len(s.Content)), word, min(from+1, s.len()), min(p.lastFrom(from)+1, s.len()), s.len())
	switch from, to, some := p.selection(); {
	case some:
		right = fmt.Sprintf("lines %d–%d selected", from+1, to+1)
	case p.reading:
		right = fmt.Sprintf("%s · line %d of %d", size(len(s.Content)), min(p.here().line+1, s.len()), s.len())
	}
	if p.view.x > 0 {
		right = fmt.Sprintf("from column %d · ", p.view.x+1) + right
	}
	return apart(p.theme.dim.of(left), p.theme.dim.of(right), w)
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return strconv.Itoa(n) + " " + word + "s"
}

func size(bytes int) string {
	if bytes < 1000 {
		return strconv.Itoa(bytes) + " B"
	}
	return strconv.FormatFloat(float64(bytes)/1000, 'f', 1, 64) + " kB"
}
