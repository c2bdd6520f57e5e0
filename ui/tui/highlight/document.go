package highlight

import "strings"

// A Document is the content of one file. Its lines are styled when asked for.
type Document struct {
	Raw []string // the lines as they are in the file

	h        *Highlighter
	language string
	starts   []int    // line → first line of its chunk
	styled   [][]Line // first line of a chunk → its styled lines
	ends     []int    // first line of a chunk → line after it
}

func newDocument(h *Highlighter, language, content string) *Document {
	d := &Document{h: h, language: language, Raw: Split(content)}
	d.starts = make([]int, len(d.Raw))
	d.ends = make([]int, len(d.Raw))
	d.styled = make([][]Line, len(d.Raw))
	for first := 0; first < len(d.Raw); {
		n := reach(language, d.Raw[first:])
		for i := first; i < first+n; i++ {
			d.starts[i] = first
		}
		d.ends[first] = first + n
		first += n
	}
	return d
}

// Split returns the lines of a content, without the empty one after its last
// newline.
func Split(content string) []string {
	if content == "" {
		return nil
	}
	return strings.Split(strings.TrimSuffix(content, "\n"), "\n")
}

// Len is the number of lines.
func (d *Document) Len() int { return len(d.Raw) }

// Line returns line i, from 0.
func (d *Document) Line(i int) Line {
	first := d.starts[i]
	if d.styled[first] == nil {
		text := strings.Join(d.Raw[first:d.ends[first]], "\n")
		d.styled[first] = d.h.chunk(d.language, text)
	}
	return d.styled[first][i-first]
}
