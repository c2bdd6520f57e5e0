package wizard

import "fmt"

// suggestion returns "; did you mean \"x\"?" where one of the allowed words is
// near enough to what was typed, else "".
func suggestion(typed string, allowed []string) string {
	best, least := "", len(typed)/2+1
	for _, word := range allowed {
		if d := distance(typed, word); d < least {
			best, least = word, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", best)
}

// distance is the number of single-character edits between two words
// (Levenshtein), neighbouring swaps counted as one.
func distance(a, b string) int {
	if len(a) > 40 {
		return len(a)
	}
	before, prev, row := []int(nil), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := range len(a) {
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(prev[j+1]+1, row[j]+1, prev[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, prev, row = prev, row, make([]int, len(b)+1)
	}
	return prev[len(b)]
}
