package guide

import (
	"fmt"
	"strings"
)

// The guides keep to a small part of Markdown: headings, paragraphs, quotes,
// lists, tables and indented code, with code spans and links inside. Reading
// that takes this file; a library for all of Markdown costs every command
// several milliseconds of start, and with its styles a third of the program.

type kind int

const (
	paragraph kind = iota
	heading
	quote
	item
	code
	table
)

// A block is one piece of a page.
type block struct {
	kind  kind
	level int        // of a heading
	mark  string     // of a list's item, such as "1." or "-"
	text  string     // words, or code with its lines
	rows  [][]string // of a table, the titles first
}

// blocks reads a page. The error names the line that is beyond the part of
// Markdown that is read.
func blocks(page string) ([]block, error) {
	var all []block
	open := false // the last block takes another line
	add := func(b block) {
		all = append(all, b)
		open = true
	}
	for n, line := range strings.Split(page, "\n") {
		last := len(all) - 1
		same := func(k kind) bool { return open && all[last].kind == k }
		trimmed := strings.TrimSpace(line)
		mark, rest := listMark(trimmed)
		switch {
		case trimmed == "":
			open = false
		case strings.HasPrefix(line, "#"):
			title := strings.TrimLeft(line, "#")
			add(block{kind: heading, level: len(line) - len(title), text: strings.TrimSpace(title)})
			open = false
		case strings.HasPrefix(line, ">"):
			switch text := strings.TrimSpace(line[1:]); {
			case !same(quote):
				add(block{kind: quote, text: text})
			case text == "":
				all[last].text += "\n"
			default:
				all[last].text = join(all[last].text, text)
			}
		case strings.HasPrefix(line, "|"):
			if !same(table) {
				add(block{kind: table})
				last = len(all) - 1
			}
			if cells := cells(line); strings.Trim(strings.Join(cells, ""), "-") != "" || len(all[last].rows) != 1 {
				all[last].rows = append(all[last].rows, cells)
			}
		case strings.HasPrefix(line, "    ") && (!open || same(code)):
			if same(code) {
				all[last].text += "\n" + line[4:]
			} else {
				add(block{kind: code, text: line[4:]})
			}
		case mark != "" && (!open || same(item)):
			add(block{kind: item, mark: mark, text: rest})
		case same(paragraph) || same(item):
			all[last].text = join(all[last].text, trimmed)
		case line != trimmed || strings.ContainsAny(line[:1], "`*+!=~"):
			if line[0] == '`' && !strings.HasPrefix(line, "```") { // begins with a code span
				add(block{kind: paragraph, text: trimmed})
				continue
			}
			return nil, fmt.Errorf("line %d is Markdown that the guide does not read: %s", n+1, line)
		default:
			add(block{kind: paragraph, text: trimmed})
		}
	}
	return all, nil
}

// join puts two lines of a block into one.
func join(a, b string) string {
	if a == "" || strings.HasSuffix(a, "\n") {
		return a + b
	}
	return a + " " + b
}

// listMark returns the mark of a list's item and what is behind it.
func listMark(line string) (mark, rest string) {
	mark, rest, found := strings.Cut(line, " ")
	digits := strings.TrimRight(mark, "0123456789.")
	if found && (mark == "-" || digits == "" && strings.HasSuffix(mark, ".") && len(mark) > 1) {
		return mark, rest
	}
	return "", ""
}

func cells(line string) []string {
	parts := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return parts
}
