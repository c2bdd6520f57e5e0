package highlight

import "github.com/alecthomas/chroma/v2"

// dockerfileRules: an instruction ends at the newline that no backslash
// precedes. RUN and its like hold shell, the exec form's brackets included.
func dockerfileRules() chroma.Rules {
	rules := chroma.Rules{
		"root": {
			rule(`[ \t]*#[ \t]*(?:syntax|escape|check)[ \t]*=[^\n]*`, directive),
			rule(`[ \t]*#[^\n]*`, comments),
			rule(`[ \t\r\f\v]+|\n+`, text),
			into(`(?i)FROM\b`, keyword, "from"),
			into(`(?i)(?:RUN|CMD|ENTRYPOINT|SHELL|HEALTHCHECK|ONBUILD)\b`, keyword, "run"),
			into(`(?i)(?:ENV|ARG|LABEL)\b`, keyword, "assign"),
			into(`(?i)[A-Z]+\b`, keyword, "words"),
			into(`\S`, text, "words"),
		},
		"line": {
			rule(`\\[ \t]*(?:\n(?:[ \t]*\n)*|\z)`, punct),
			rule(`^[ \t]*#[^\n]*(?:\n|\z)`, comments),
			leave(`\n`, text),
			rule(`[ \t]+`, text),
			into(`--[a-z-]+(?==)`, attribute, "flag"),
			rule(`--[a-z-]+`, attribute),
			chroma.Include("variables"),
			rule(`"(?:\\.|[^"\\\n])*"`, str),
			rule(`'[^'\n]*'`, str),
		},
		"flag": {
			rule(`(?<=[=,])[a-z-]+(?==)`, attribute),
			rule(`[=,]`, punct),
			chroma.Include("variables"),
			rule(`[^\s=,$]+`, str),
			rule(`\$`, str),
			chroma.Default(chroma.Pop(1)),
		},
		"from": {
			chroma.Include("line"),
			rule(`(?i)(AS)([ \t]+)([\w.-]+)`, groups(keyword, text, section)),
			rule(`[^\s$"']+`, str),
			rule(`.`, text),
		},
		"assign": {
			chroma.Include("line"),
			rule(`([\w.-]+)(=)`, groups(attribute, punct)),
			rule(`(?<==)[\w.]+(?=\s|\z)`, str),
			rule(`[^\s$"'=\\]+`, text),
			rule(`.`, text),
		},
		"words": {
			chroma.Include("heredoc"),
			chroma.Include("line"),
			rule(`[\[\],]`, punct),
			rule(`\d+(?:/(?:tcp|udp))?(?=\s|\z|:)`, number),
			rule(`[^\s$"'\[\],\\]+`, text),
			rule(`.`, text),
		},
		"run": {
			rule(`\\[ \t]*(?:\n(?:[ \t]*\n)*|\z)`, punct),
			rule(`^[ \t]*#[^\n]*(?:\n|\z)`, comments),
			rule(`(<<-?)(["']?)(\w+)(["']?)([^\n]*\n)([\s\S]*?)(^\t*\3)(?=\n|\z)`,
				groups(operator, punct, section, punct, chroma.UsingSelf("shell"), chroma.UsingSelf("script"), section)),
			leave(`\n`, text),
			into(`--[a-z-]+(?==)`, attribute, "flag"),
			rule(`(?i)(?:CMD|NONE)\b`, keyword),
			rule(`[\[\],](?=[^\n]*")|\]`, punct),
			chroma.Include("shell"),
		},
	}
	return rules.Merge(shellStates())
}

// ignoreRules: .dockerignore and .gitignore.
func ignoreRules() chroma.Rules {
	return chroma.Rules{"root": {
		rule(`^[ \t]*#[^\n]*`, comments),
		rule(`^!`, keyword),
		rule(`\*+|\?|\[[^\]\n]*\]`, operator),
		rule(`/`, punct),
		rule(`[^\n*?\[/]+`, text),
		rule(`\n+`, text),
		rule(`.`, text),
	}}
}

// dotenvRules: one assignment a line.
func dotenvRules() chroma.Rules {
	return chroma.Rules{"root": {
		rule(`[ \t]*#[^\n]*`, comments),
		rule(`^([ \t]*)(export[ \t]+)?([A-Za-z_][\w.]*)([ \t]*=)`, groups(text, keyword, attribute, punct)),
		rule(`\$\{[^}\n]*\}|\$\w+`, variable),
		rule(`"(?:\\.|[^"\\\n])*"|'[^'\n]*'`, str),
		rule(`(?<==)\d+(?=\s|\z)`, number),
		rule(`[ \t]+(?=#)`, text),
		rule(`[^\s$"'#]+`, str),
		rule(`[ \t\r\f\v]+|\n+`, text),
		rule(`.`, str),
	}}
}
