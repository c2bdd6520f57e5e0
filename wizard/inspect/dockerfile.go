package inspect

import (
	"encoding/json"
	"path"
	"strings"
)

// instruction is one of a Dockerfile, its continued lines joined.
type instruction struct {
	name string // in upper case
	args string
	line int
}

// dockerfile cuts a Dockerfile into instructions. Bodies of here-documents
// become part of none.
func dockerfile(text string) []instruction {
	var all []instruction
	var current *instruction
	until := ""
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSpace(line)
		if until != "" {
			if line == until {
				until = ""
			}
			continue
		}
		if line == "" || strings.HasPrefix(line, "#") {
			continue // also between continued lines
		}
		line, more := strings.CutSuffix(line, "\\")
		if current == nil {
			name, args, _ := strings.Cut(line, " ")
			all = append(all, instruction{strings.ToUpper(name), strings.TrimSpace(args), n})
			current = &all[len(all)-1]
		} else {
			current.args += " " + strings.TrimSpace(line)
		}
		if !more {
			if _, rest, ok := strings.Cut(current.args, "<<"); ok && (current.name == "RUN" || current.name == "COPY") {
				if words := strings.Fields(strings.TrimLeft(rest, `-"'`)); len(words) > 0 {
					until = strings.Trim(words[0], `"'`)
				}
			}
			current = nil
		}
	}
	return all
}

// execWords returns the words of CMD, ENTRYPOINT and their like, in either form.
func execWords(args string) []string {
	if strings.HasPrefix(args, "[") {
		var words []string
		if json.Unmarshal([]byte(args), &words) == nil {
			if len(words) == 3 && (words[1] == "-c" || words[1] == "-ec" || words[1] == "-lc") {
				return shellWords(words[2])
			}
			return words
		}
	}
	return shellWords(args)
}

// shellWords cuts a command into words: quotes are taken off, what joins
// commands stays a word of its own. Brackets and commas count as blanks, so
// that lists of JSON and YAML read the same.
func shellWords(line string) []string {
	var words []string
	var b strings.Builder
	flush := func() {
		if b.Len() > 0 {
			words = append(words, b.String())
			b.Reset()
		}
	}
	braces := 0 // ${PORT:-8000} is one word
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == '$' && i+1 < len(line) && line[i+1] == '{':
			braces++
			b.WriteByte(c)
		case c == '}' && braces > 0:
			braces--
			b.WriteByte(c)
		case c == '"', c == '\'', c == '`':
		case braces == 0 && (c == ' ' || c == '\t' || c == ',' || c == '[' || c == ']' || c == '\n' || c == '\\'):
			flush()
		case braces == 0 && (c == ';' || c == '|' || c == '&'):
			flush()
			if len(words) == 0 || words[len(words)-1] != ";" {
				words = append(words, ";")
			}
		default:
			b.WriteByte(c)
		}
	}
	flush()
	return words
}

// isDockerfile reports whether a file's name says that it is a Dockerfile.
func isDockerfile(file string) bool {
	base := strings.ToLower(path.Base(file))
	return base == "dockerfile" || base == "containerfile" || strings.HasPrefix(base, "dockerfile.") ||
		strings.HasPrefix(base, "dockerfile-") || strings.HasPrefix(base, "dockerfile_") || strings.HasSuffix(base, ".dockerfile")
}
