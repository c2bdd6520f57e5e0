// Package python reads Python source as far as inspection needs it: a real
// tokenizer, right about strings, comments, f-strings, indentation and line
// joining, and on top of it a parser that knows imports, assignments,
// functions, classes, blocks, calls and literals, and steps over the rest.
//
//	for _, s := range python.Parse(source) {
//		if s.Kind == python.Assign && s.Value.Kind == python.Call { … }
//	}
//
// No input is an error: source that is not Python gives the statements that
// could still be recognised. The grammar of every Python from 3.6 on reads the
// same here, so no version has to be known.
package python
