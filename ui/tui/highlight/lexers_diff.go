package highlight

import "github.com/alecthomas/chroma/v2"

// diffRules: lines that go and lines that come.
func diffRules() chroma.Rules {
	return chroma.Rules{"root": {
		rule(`^- [^\n]*`, chroma.GenericDeleted),
		rule(`^\+ [^\n]*`, chroma.GenericInserted),
		rule(`[^\n]+`, text),
		rule(`\n+`, text),
	}}
}
