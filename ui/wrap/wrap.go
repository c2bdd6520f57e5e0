// Package wrap breaks texts where a terminal ends: between words, and not inside
// of a command that somebody may type or copy.
package wrap

import (
	"regexp"
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// Text breaks a text into lines of a width, also behind the characters that are
// given. A word that is longer than a line is cut.
func Text(text string, width int, behind string) []string {
	lines := strings.Split(loosened.Replace(ansi.Wrap(tied(text, width), width, behind)), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " ")
	}
	return lines
}

// Words breaks a text between words alone: long ones, such as addresses, and those
// with hyphens stay whole.
func Words(text string, width int) []string {
	text = strings.ReplaceAll(tied(text, width), "-", hardHyphen)
	return strings.Split(loosened.Replace(ansi.Wordwrap(text, width, " ")), "\n")
}

var commands = regexp.MustCompile("`[^`]+`|davit guide [a-z-]+")

// tied is a text whose commands are not broken, as far as they are shorter than a
// line; loosened takes that back.
func tied(text string, width int) string {
	return commands.ReplaceAllStringFunc(text, func(command string) string {
		if ansi.StringWidth(command) >= width {
			return command
		}
		return ties.Replace(command)
	})
}

const hardBlank, hardHyphen = "\u00a0", "\u2011"

var (
	ties     = strings.NewReplacer(" ", hardBlank, "-", hardHyphen)
	loosened = strings.NewReplacer(hardBlank, " ", hardHyphen, "-")
)
