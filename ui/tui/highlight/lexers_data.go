package highlight

import "github.com/alecthomas/chroma/v2"

// yamlRules: keys, scalars and the block scalars that hang below | and >.
func yamlRules() chroma.Rules {
	const end = `(?=[ \t]*(?:$|[,\]}]|[ \t]#))`
	return chroma.Rules{"root": {
		rule(`^[ \t]*#[^\n]*`, comments),
		rule(`(?<=\s)#[^\n]*`, comments),
		rule(`^(?:---|\.\.\.)(?=\s|\z)`, punct),
		rule(`^( *)((?:- +)*)([^\n#"'|>]*?)(: +)([|>][+-]?\d*)([ \t]*)(?=\n|\z)((?:\n(?:\1 +[^\n]*|[ \t]*(?=\n+\1 )))*)`,
			groups(text, punct, attribute, punct, keyword, text, str)),
		rule(`^( *)(- +)([|>][+-]?\d*)([ \t]*)(?=\n|\z)((?:\n(?:\1 +[^\n]*|[ \t]*(?=\n+\1 )))*)`,
			groups(text, punct, keyword, text, str)),
		rule(`-(?=\s|\z)`, punct),
		rule(`("(?:\\.|[^"\\\n])*"|'[^'\n]*')([ \t]*:)(?=\s|\z)`, groups(attribute, punct)),
		rule(`((?:[^\s#{}\[\],"'&*!|>-]|-(?=\S))(?:[^\n:#{}\[\],"']|:(?=\S))*?)([ \t]*:)(?=\s|\z)`, groups(attribute, punct)),
		rule(`[&*][\w.-]+`, section),
		rule(`!\S*`, builtin),
		rule(`"(?:\\.|[^"\\\n])*"`, str),
		rule(`'(?:[^'\n]|'')*'`, str),
		rule(`(?:true|false|null|~)`+end, constant),
		rule(`[+-]?(?:0x[0-9a-fA-F]+|\d+(?:\.\d+)?)(?:[smh]|[KMG]i?|m)?`+end, number),
		rule(`\$\{[^}\n]*\}|\$\w+`, variable),
		rule(`[{}\[\],]`, punct),
		rule(`[ \t\r\f\v]+|\n+`, text),
		rule(`[^\s{}\[\],$"']+`, text),
		rule(`.`, text),
	}}
}

// templateRules: YAML with actions of Go's templates between its words.
func templateRules() chroma.Rules {
	const action = `\{\{-?[^}\n]*\}\}`
	return chroma.Rules{"root": {
		rule(`\{\{-? ?/\*[^\n]*?\*/ ?-?\}\}`, comments),
		rule(action, variable),
		rule(`^[ \t]*#[^\n]*`, comments),
		rule(`(?<=\s)#[^\n]*`, comments),
		rule(`^([ \t]*)((?:- +)*)([A-Za-z$][\w./-]*)(:)(?=\s|\z)`, groups(text, punct, attribute, punct)),
		rule(`-(?=\s|\z)`, punct),
		rule(`"(?:\\.|[^"\\\n])*"`, str),
		rule(`(?:true|false|null)\b`, constant),
		rule(`\d+(?:\.\d+)?(?:[KMG]i?|m)?\b`, number),
		rule(`[{}\[\],:]`, punct),
		rule(`[ \t\r\f\v]+|\n+`, text),
		rule(`[^\s{}\[\],:"]+`, text),
		rule(`.`, text),
	}}
}

// tomlRules: tables, keys and values.
func tomlRules() chroma.Rules {
	return chroma.Rules{"root": {
		rule(`#[^\n]*`, comments),
		rule(`^([ \t]*)(\[\[?[^\]\n]+\]\]?)(?=[ \t]*(?:#|$))`, groups(text, section)),
		rule(`^([ \t]*)((?:[\w-]+|"[^"\n]*")(?:[ \t]*\.[ \t]*(?:[\w-]+|"[^"\n]*"))*)([ \t]*=)`, groups(text, attribute, punct)),
		rule(`(?<=[{,][ \t]*)([\w.-]+)([ \t]*=)`, groups(attribute, punct)),
		rule(`"""(?:\\.|[^\\])*?"""|'''[\s\S]*?'''`, str),
		rule(`"(?:\\.|[^"\\\n])*"|'[^'\n]*'`, str),
		rule(`(?:true|false)\b`, constant),
		rule(`\d{4}-\d\d-\d\d[\dT:Z.+-]*`, number),
		rule(`[+-]?(?:\d[\d_]*(?:\.[\d_]+)?(?:[eE][+-]?\d+)?|inf|nan)\b`, number),
		rule(`[{}\[\],=]`, punct),
		rule(`[ \t\r\f\v]+|\n+`, text),
		rule(`[^\s{}\[\],="'#]+`, text),
		rule(`.`, text),
	}}
}

// iniRules: sections, and keys whose values are text to the end of the line.
func iniRules() chroma.Rules {
	return chroma.Rules{"root": {
		rule(`^[#;][^\n]*`, comments),
		rule(`^\[[^\]\n]+\]`, section),
		rule(`^([\w-]+)(=)`, groups(attribute, punct)),
		rule(`"(?:\\.|[^"\\\n])*"`, str),
		rule(`(?:true|false|always|none)\b`, constant),
		rule(`\d+(?:\.\d+)*(?:[smGM%]|ms)?\b`, number),
		rule(`[\[\],:=]`, punct),
		rule(`[ \t\r\f\v]+|\n+`, text),
		rule(`[^\s\[\],:="]+`, text),
		rule(`.`, text),
	}}
}

// jsonRules: keys are strings before a colon; comments, as devcontainer.json has them.
func jsonRules() chroma.Rules {
	return chroma.Rules{"root": {
		rule(`//[^\n]*`, comments),
		rule(`("(?:\\.|[^"\\\n])*")([ \t]*:)`, groups(attribute, punct)),
		rule(`"(?:\\.|[^"\\\n])*"`, str),
		rule(`(?:true|false|null)\b`, constant),
		rule(`-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?`, number),
		rule(`[{}\[\],:]`, punct),
		rule(`[ \t\r\f\v]+|\n+`, text),
		rule(`.`, text),
	}}
}

// hclRules: blocks, attributes and templates in strings.
func hclRules() chroma.Rules {
	return chroma.Rules{"root": {
		rule(`(?:#|//)[^\n]*`, comments),
		rule(`^([ \t]*)([\w-]+)(?=[ \t]+(?:"[^"\n]*"[ \t]*)*\{)`, groups(text, keyword)),
		rule(`([\w.-]+)([ \t]*=)(?!=)`, groups(attribute, punct)),
		rule(`(<<[-~]?)(\w+)(\n)([\s\S]*?)(^[ \t]*\2$)`, groups(operator, section, text, str, section)),
		rule(`(?:true|false|null)\b`, constant),
		rule(`[a-z_]+(?=\()`, function),
		rule(`"(?:\\.|\$\{[^}\n]*\}|[^"\\\n])*"`, str),
		rule(`\d+(?:\.\d+)?\b`, number),
		rule(`[{}\[\](),:?]`, punct),
		rule(`[=!<>&|+*/%-]+`, operator),
		rule(`[A-Za-z_][\w.-]*`, text),
		rule(`[ \t\r\f\v]+|\n+`, text),
		rule(`.`, text),
	}}
}
