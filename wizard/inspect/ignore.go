package inspect

import (
	"path"
	"regexp"
	"strings"
)

// ignoreRule is one line of a .gitignore file.
type ignoreRule struct {
	folder   string         // of the .gitignore, "." at the top
	name     string         // a plain name, "" where there is a pattern
	ending   string         // of *.ending, which needs no expression
	pattern  *regexp.Regexp // of the path below folder, or of the last name
	anchored bool           // it speaks of a path, not of a name at any depth
	dirOnly  bool
	keep     bool // it begins with !
}

const mostRules = 2000

// ignoreRules reads a .gitignore, as git does: blanks at the end, comments and
// broken patterns count for nothing.
func ignoreRules(folder, text string) []ignoreRule {
	var rules []ignoreRule
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, " \t\r\n")
		r := ignoreRule{folder: folder}
		if line, r.keep = strings.CutPrefix(line, "!"); line == "" || strings.HasPrefix(line, "#") || len(line) > 400 {
			continue
		}
		line, r.dirOnly = strings.CutSuffix(line, "/")
		r.anchored = strings.Contains(line, "/")
		line = strings.TrimPrefix(line, "/")
		if line == "" || len(rules) == mostRules {
			continue
		}
		if end, ok := strings.CutPrefix(line, "*"); ok && end != "" && !strings.ContainsAny(end, "/*?[\\") {
			r.ending = end
		} else if strings.ContainsAny(line, "*?[\\") {
			p, err := regexp.Compile(globExpression(line))
			if err != nil {
				continue
			}
			r.pattern = p
		} else {
			r.name = line
		}
		rules = append(rules, r)
	}
	return rules
}

// globExpression turns git's pattern into a regular expression.
func globExpression(glob string) string {
	var b strings.Builder
	b.WriteString("^")
	for i := 0; i < len(glob); i++ {
		rest := glob[i:]
		switch c := glob[i]; {
		case strings.HasPrefix(rest, "**/"):
			b.WriteString("(?:.*/)?")
			i += 2
		case rest == "**":
			b.WriteString(".*")
			i++
		case c == '*':
			b.WriteString("[^/]*")
		case c == '?':
			b.WriteString("[^/]")
		case c == '\\' && i+1 < len(glob):
			i++
			b.WriteString(regexp.QuoteMeta(glob[i : i+1]))
		case c == '[' && strings.Contains(rest[1:], "]"):
			end := strings.Index(rest[2:], "]") // a bracket right behind the first is a character
			if end < 0 {
				b.WriteString(`\[`)
				continue
			}
			set := rest[1 : end+2]
			if strings.HasPrefix(set, "!") {
				set = "^" + set[1:]
			}
			b.WriteString("[" + strings.ReplaceAll(set, "[", `\[`) + "]")
			i += end + 2
		default:
			b.WriteString(regexp.QuoteMeta(glob[i : i+1]))
		}
	}
	return b.String() + "$"
}

// ignored reports whether the last rule that speaks of a path ignores it.
func ignored(rules []ignoreRule, name string, dir bool) bool {
	base := path.Base(name)
	for i := len(rules) - 1; i >= 0; i-- {
		r := &rules[i]
		if r.dirOnly && !dir {
			continue
		}
		below := name
		if r.folder != "." {
			var ok bool
			if below, ok = strings.CutPrefix(name, r.folder+"/"); !ok {
				continue
			}
		}
		if !r.anchored {
			below = base
		}
		if r.ending != "" && strings.HasSuffix(below, r.ending) || r.name != "" && r.name == below || r.pattern != nil && r.pattern.MatchString(below) {
			return !r.keep
		}
	}
	return false
}
