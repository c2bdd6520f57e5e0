package highlight

import "github.com/alecthomas/chroma/v2"

func shellRules() chroma.Rules {
	rules := chroma.Rules{"root": {
		rule(`^#![^\n]*`, directive),
		chroma.Include("script"),
	}}
	return rules.Merge(shellStates())
}

// shellStates are what a Dockerfile shares with a script. "shell" has no
// newline: what one means is told by whoever includes it.
func shellStates() chroma.Rules {
	return chroma.Rules{
		"variables": {
			rule(`\$\{[^}\n]*\}|\$\w+|\$[@*#?$!-]`, variable),
		},
		"heredoc": {
			rule(`(<<-?)(["']?)(\w+)(["']?)([^\n]*\n)([\s\S]*?)(^\t*\3)(?=\n|\z)`,
				groups(operator, punct, section, punct, chroma.UsingSelf("shell"), str, section)),
		},
		"script": {
			chroma.Include("heredoc"),
			rule(`\\(?:\n|\z)`, punct),
			rule(`\n+`, text),
			chroma.Include("shell"),
		},
		"shell": {
			rule(`[ \t]+`, text),
			rule(`(?<=^|\s)#[^\n]*`, comments),
			rule(`(?<![\w./-])(?:if|then|elif|else|fi|for|in|while|until|do|done|case|esac|function|return|exit|set|exec|export|local|readonly|trap|shift|break|continue)(?=[\s;)]|\z)`, keyword),
			rule(`(?<![\w./-])([A-Za-z_]\w*)(=)(?!=)`, groups(attribute, punct)),
			rule(`(?<![\w./-])([a-z_]\w*)(\(\))`, groups(function, punct)),
			rule(`'[^']*'`, str),
			into(`"`, str, "double"),
			chroma.Include("variables"),
			rule(`\$\(\(|\$\(|[()]`, operator),
			rule(`&&|\|\||;;|[;|&<>]+`, operator),
			rule(`(?<=\s)--?[A-Za-z][\w-]*`, attribute),
			rule(`\\.`, escape),
			rule(`(?<![\w./-])\d+(?![\w./-])`, number),
			rule("[^\\s\"'$\\\\&|;<>()\\[\\],]+", text),
			rule(`[^\n]`, text),
		},
		"double": {
			leave(`"`, str),
			rule(`\\[\s\S]`, escape),
			chroma.Include("variables"),
			rule(`[^"\\$]+`, str),
			rule(`\$`, str),
		},
	}
}

func pythonRules() chroma.Rules {
	return chroma.Rules{"root": {
		rule(`#[^\n]*`, comments),
		rule(`(?i)[rbfu]{0,2}(?:"""[\s\S]*?"""|'''[\s\S]*?''')`, str),
		rule(`(?i)[rbfu]{0,2}(?:"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')`, str),
		rule(`^([ \t]*)(@[\w.]+)`, groups(text, builtin)),
		rule(`(async[ \t]+def|def|class)([ \t]+)(\w+)`, groups(keyword, text, function)),
		rule(`\b(?:and|as|assert|async|await|break|class|continue|def|del|elif|else|except|finally|for|from|global|if|import|in|is|lambda|nonlocal|not|or|pass|raise|return|try|while|with|yield|match|case)\b`, keyword),
		rule(`\b(?:True|False|None)\b`, constant),
		rule(`\b(?:int|str|float|bool|dict|list|set|tuple|bytes|print|len|range|open|isinstance|super|self)\b`, builtin),
		rule(`\b\d[\d_]*(?:\.\d+)?\b`, number),
		rule(`[\w]+(?=\()`, function),
		rule(`\w+`, text),
		rule(`[-+*/%=<>!&|^~@]+`, operator),
		rule(`[()\[\]{},.:;]`, punct),
		rule(`[ \t\r\f\v]+|\n+`, text),
		rule(`.`, text),
	}}
}
