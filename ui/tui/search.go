package tui

import (
	"fmt"
	"strings"
	"unicode"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// search is what is looked for in the previewed files, and the lines that have it.
type search struct {
	query  string
	typing bool
	lines  []matched // in order of files and lines
	from   matched   // where the search began
}

// A matched line is one that holds what was looked for.
type matched struct{ file, line int }

func (s *search) clear() { *s = search{} }

// fold is how a text is compared: without regard to capitals, unless the query
// has some.
func (s *search) fold(text string) string {
	if strings.ContainsFunc(s.query, unicode.IsUpper) {
		return text
	}
	return strings.ToLower(text)
}

// pressSearch is a key while the query is typed; the first match behind the
// place where that began is shown at once.
func (p *preview) pressSearch(k tea.KeyPressMsg) {
	f := &p.found
	switch {
	case key.Matches(k, keys.Next):
		f.typing = false
		if f.query == "" || len(f.lines) == 0 {
			p.said = notFound(f.query)
			f.clear()
		}
	case k.String() == "esc":
		p.stopSearch()
	case k.String() == "up":
		p.nextMatch(-1)
	case k.String() == "down":
		p.nextMatch(1)
	case k.String() == "backspace" && f.query == "":
		p.stopSearch()
	case k.String() == "backspace":
		r := []rune(f.query)
		p.look(string(r[:len(r)-1]))
	case k.String() == "ctrl+u":
		p.look("")
	case k.Text != "":
		p.look(f.query + k.Text)
	}
}

// startSearch asks for a query.
func (p *preview) startSearch() {
	p.from = -1
	p.found = search{typing: true, from: matched{p.at, p.here().line}}
}

// stopSearch goes back to where the search began.
func (p *preview) stopSearch() {
	from := p.found.from
	p.found.clear()
	p.goToMatch(from)
}

// look searches for another query and shows the first match.
func (p *preview) look(query string) {
	p.found.query = query
	p.search()
	for _, at := range p.found.lines {
		if at.file > p.found.from.file || at.file == p.found.from.file && at.line >= p.found.from.line {
			p.goToMatch(at)
			return
		}
	}
	if len(p.found.lines) > 0 {
		p.goToMatch(p.found.lines[0])
		return
	}
	p.goToMatch(p.found.from)
}

// search finds the lines anew. What is shown in place of a file is searched
// alone, as is the file under review's cursor.
func (p *preview) search() {
	f := &p.found
	f.lines = f.lines[:0]
	if f.query == "" || p.at >= len(p.files) {
		return
	}
	query := f.fold(f.query)
	for i, s := range p.files {
		if p.alone {
			if i != p.at {
				continue
			}
			s = p.sheet()
		}
		for line := range s.len() {
			if strings.Contains(f.fold(s.raw(line)), query) {
				f.lines = append(f.lines, matched{i, line})
			}
		}
	}
}

// nextMatch goes n matching lines further, around the ends and through all files.
func (p *preview) nextMatch(n int) {
	lines := p.found.lines
	if len(lines) == 0 {
		return
	}
	here := matched{p.at, p.here().line}
	at := 0 // the first one that does not lie before the cursor
	for at < len(lines) && before(lines[at], here) {
		at++
	}
	if n > 0 && (at == len(lines) || lines[at] != here) {
		at--
	}
	p.goToMatch(lines[(at+n+len(lines))%len(lines)])
}

func before(a, b matched) bool { return a.file < b.file || a.file == b.file && a.line < b.line }

func (p *preview) goToMatch(at matched) {
	if at.file >= len(p.files) {
		return
	}
	if at.file != p.at {
		p.at, p.pinned, p.diff = at.file, true, sheet{}
	}
	if top := p.here().top; at.line < top || at.line > p.lastFrom(top) {
		p.scrollTo(at.line - p.rows()/3)
	}
	p.goTo(at.line)
}

// mark paints what was found in a styled line.
func (s *search) mark(t *theme, line string) string {
	if s.query == "" {
		return line
	}
	plain, query := s.fold(ansi.Strip(line)), s.fold(s.query)
	var spans []cells
	for from := 0; ; {
		i := strings.Index(plain[from:], query)
		if i < 0 {
			break
		}
		begin := ansi.StringWidth(plain[:from+i])
		spans = append(spans, cells{begin, begin + ansi.StringWidth(query)})
		from += i + len(query)
	}
	return marked(line, spans, t.match)
}

// prompt is the search in the preview's last line.
func (p *preview) prompt() string {
	f, t := &p.found, p.theme
	text := t.accentBold.of("/") + t.bold.of(shownName(f.query))
	if f.typing {
		text += t.accent.of("▏")
	}
	if f.query == "" {
		return text + t.dim.of(searchHint)
	}
	return text + "  " + t.dim.of(p.count())
}

// count tells which of the matching lines the cursor is on.
func (p *preview) count() string {
	f := &p.found
	if len(f.lines) == 0 {
		return noMatch
	}
	here, files := matched{p.at, p.here().line}, 1
	place := 0
	for i, at := range f.lines {
		if at == here {
			place = i + 1
		}
		if i > 0 && at.file != f.lines[i-1].file {
			files++
		}
	}
	text := plural(len(f.lines), "line")
	if place > 0 {
		text = fmt.Sprintf("%d of %s", place, text)
	}
	if files > 1 {
		text += " in " + plural(files, "file")
	}
	return text
}
