package tui

// A mark says what the last change did to a line.
type mark byte

const (
	kept    mark = iota
	added        // was not there before
	altered      // stands where another line stood
	cutting      // lines were removed before this one
)

// signs are shown in the gutter, so that colour is never the only sign.
var signs = [...]string{kept: " ", added: "+", altered: "▎", cutting: "▔"}

// most is the size of the table that is filled to compare two texts; beyond
// it everything between their common ends counts as altered.
const most = 1 << 18

// compareLines returns a mark for each line of after, nil where nothing changed.
func compareLines(before, after []string) []mark {
	head := 0
	for head < len(before) && head < len(after) && before[head] == after[head] {
		head++
	}
	tail := 0
	for tail < len(before)-head && tail < len(after)-head &&
		before[len(before)-1-tail] == after[len(after)-1-tail] {
		tail++
	}
	old, now := before[head:len(before)-tail], after[head:len(after)-tail]
	if len(old) == 0 && len(now) == 0 {
		return nil
	}
	marks := make([]mark, len(after))
	hunks(old, now, func(o, n, from, to int) {
		switch {
		case to > from:
			m := added
			if n > o {
				m = altered
			}
			for i := from; i < to; i++ {
				marks[head+i] = m
			}
		case head+to < len(marks):
			marks[head+to] = cutting
		case len(marks) > 0:
			marks[len(marks)-1] = cutting
		}
	})
	return marks
}

// hunks calls found for each stretch that differs: lines o to n of old became
// lines from to to of now.
func hunks(old, now []string, found func(o, n, from, to int)) {
	if len(old)*len(now) > most || len(old) == 0 || len(now) == 0 {
		found(0, len(old), 0, len(now))
		return
	}
	width := len(now) + 1
	table := make([]uint16, (len(old)+1)*width) // longest common part of what follows
	for i := len(old) - 1; i >= 0; i-- {
		for j := len(now) - 1; j >= 0; j-- {
			if old[i] == now[j] {
				table[i*width+j] = table[(i+1)*width+j+1] + 1
			} else {
				table[i*width+j] = max(table[(i+1)*width+j], table[i*width+j+1])
			}
		}
	}
	i, j, o, from := 0, 0, 0, 0
	for i < len(old) || j < len(now) {
		if i < len(old) && j < len(now) && old[i] == now[j] {
			if i > o || j > from {
				found(o, i, from, j)
			}
			i, j = i+1, j+1
			o, from = i, j
			continue
		}
		if j >= len(now) || i < len(old) && table[(i+1)*width+j] >= table[i*width+j+1] {
			i++
		} else {
			j++
		}
	}
	if i > o || j > from {
		found(o, i, from, j)
	}
}
