package tui

import (
	"cmp"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// fileList is the files by name, those that fit what is typed.
type fileList struct {
	paths []string
	typed string
	fits  []string
	at    int
}

func newFileList(paths []string) fileList { return fileList{paths: paths, fits: paths} }

// press changes the list; it reports the file that was chosen, and whether the
// list is done with.
func (l *fileList) press(k tea.KeyPressMsg) (chosen string, done bool) {
	switch s := k.String(); {
	case key.Matches(k, keys.Next):
		if l.at < len(l.fits) {
			return l.fits[l.at], true
		}
	case s == "esc":
		return "", true
	case s == "up", s == "ctrl+p":
		l.at = max(l.at-1, 0)
	case s == "down", s == "ctrl+n", s == "tab":
		l.at = min(l.at+1, max(len(l.fits)-1, 0))
	case s == "backspace":
		if l.typed == "" {
			return "", true
		}
		_, n := utf8.DecodeLastRuneInString(l.typed)
		l.set(l.typed[:len(l.typed)-n])
	case s == "ctrl+u":
		l.set("")
	case k.Text != "":
		l.set(l.typed + k.Text)
	}
	return "", false
}

// set narrows the list to the files that have the typed letters in this order,
// the best ones first.
func (l *fileList) set(typed string) {
	l.typed, l.at = typed, 0
	l.fits = nil
	for _, p := range l.paths {
		if distance(p, typed) < noFit {
			l.fits = append(l.fits, p)
		}
	}
	slices.SortStableFunc(l.fits, func(a, b string) int { return cmp.Compare(distance(a, typed), distance(b, typed)) })
}

const noFit = 1 << 20

// distance tells how far a path is from what is typed, word by word.
func distance(file, typed string) int {
	sum := 0
	for _, word := range strings.Fields(strings.ToLower(typed)) {
		sum += wordDistance(strings.ToLower(file), word)
	}
	return min(sum, noFit)
}

// wordDistance is nothing where the file's name begins so, more where the name
// or the path has it further on, and where its letters are apart, what stands
// between them.
func wordDistance(file, typed string) int {
	name := path.Base(file)
	switch at := strings.Index(name, typed); {
	case at >= 0:
		return at
	case strings.Contains(file, typed):
		return 1<<8 + strings.Index(file, typed)
	}
	between, last, rest := 0, -1, file
	for _, r := range typed {
		at := strings.IndexRune(rest, r)
		if at < 0 {
			return noFit
		}
		if last >= 0 {
			between += at
		}
		last = at
		rest = rest[at+utf8.RuneLen(r):]
	}
	return 1<<12 + between
}

// lines draws the list in at most h lines.
func (l *fileList) lines(t *theme, h int) []string {
	out := []string{t.accentBold.of("› ") + t.bold.of(shownName(l.typed)) + t.accent.of("▏"), ""}
	if l.typed == "" {
		out[0] += t.dim.of(listHint)
	}
	if len(l.fits) == 0 {
		return append(out, t.dim.of(noFile))
	}
	var rows []string
	for i, p := range l.fits {
		if i == l.at {
			rows = append(rows, t.accentBold.of("› ")+t.bold.of(p))
		} else {
			rows = append(rows, "  "+p)
		}
	}
	return append(out, window(rows, l.at, max(h-listHead, 1))...)
}

// listHead is how many lines stand above the files.
const listHead = 2

// under is the file on a line of the list, where that is drawn in h lines.
func (l *fileList) under(line, h int) (path string, ok bool) {
	shown := window(l.fits, l.at, max(h-listHead, 1))
	if line -= listHead; line < 0 || line >= len(shown) {
		return "", false
	}
	return shown[line], true
}

// open shows a file by its path; in review that is a line of the list.
func (m *model) open(path string) {
	if m.explore != nil {
		m.explore.pane.open(path)
		m.filesOnly()
		m.explore.pane.bringChange()
		return
	}
	if m.step().id == reviewStep {
		if m.review.goTo(path) {
			m.review.picking = nil
			m.showEntry()
			return
		}
	}
	m.preview.open(path)
}

func (p *preview) paths() []string {
	list := make([]string, len(p.files))
	for i, f := range p.files {
		list[i] = f.Path
	}
	return list
}
