package highlight

import (
	"sync"

	"github.com/alecthomas/chroma/v2"
)

// Lexer returns the lexer of a language, made at its first use, or nil.
func Lexer(language string) chroma.Lexer {
	if make, ok := lexers[language]; ok {
		return make()
	}
	return nil
}

// lexers are named like File.Language.
var lexers = map[string]func() chroma.Lexer{
	"dockerfile": lexer("Dockerfile", dockerfileRules),
	"yaml":       lexer("YAML", yamlRules),
	"toml":       lexer("TOML", tomlRules),
	"sh":         lexer("Shell", shellRules),
	"python":     lexer("Python", pythonRules),
	"ignore":     lexer("ignore", ignoreRules),
	"dotenv":     lexer("dotenv", dotenvRules),
	"json":       lexer("JSON", jsonRules),
	"hcl":        lexer("HCL", hclRules),
	"ini":        lexer("INI", iniRules),
	"gotemplate": lexer("Go template", templateRules),
	"diff":       lexer("difference", diffRules),
}

func lexer(name string, rules func() chroma.Rules) func() chroma.Lexer {
	return sync.OnceValue(func() chroma.Lexer {
		return chroma.MustNewLexer(&chroma.Config{Name: name}, rules)
	})
}

// Names for what every language has, so that the rules below read as grammar.
const (
	text      = chroma.Text
	comments  = chroma.Comment
	directive = chroma.CommentPreproc
	keyword   = chroma.Keyword
	constant  = chroma.KeywordConstant
	attribute = chroma.NameAttribute // a key, a flag
	section   = chroma.NameNamespace // a table, a stage
	variable  = chroma.NameVariable
	function  = chroma.NameFunction
	builtin   = chroma.NameBuiltin
	number    = chroma.LiteralNumber
	str       = chroma.LiteralString
	escape    = chroma.LiteralStringEscape
	operator  = chroma.Operator
	punct     = chroma.Punctuation
)

func rule(pattern string, t chroma.Emitter) chroma.Rule {
	return chroma.Rule{Pattern: pattern, Type: t}
}

func into(pattern string, t chroma.Emitter, states ...string) chroma.Rule {
	return chroma.Rule{Pattern: pattern, Type: t, Mutator: chroma.Push(states...)}
}

func leave(pattern string, t chroma.Emitter) chroma.Rule {
	return chroma.Rule{Pattern: pattern, Type: t, Mutator: chroma.Pop(1)}
}

func groups(types ...chroma.Emitter) chroma.Emitter { return chroma.ByGroups(types...) }
