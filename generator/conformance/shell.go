package conformance

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/davit-cli/davit/generator"
)

// Shell judges scripts: POSIX by mvdan.cc/sh's parser.
func Shell(files []generator.File) []Finding {
	d := &docket{judge: "shell"}
	for _, f := range files {
		if !strings.HasPrefix(f.Content, "#!/bin/sh\n") {
			d.add(f.Path, 1, "shebang", "the first line has to be #!/bin/sh")
		}
		if !strings.Contains(f.Content, "\nset -eu\n") {
			d.add(f.Path, 0, "set", "has to stop at the first error: set -eu")
		}
		if _, err := syntax.NewParser(syntax.Variant(syntax.LangPOSIX)).Parse(strings.NewReader(f.Content), f.Path); err != nil {
			line := 0
			var at syntax.ParseError
			if errors.As(err, &at) {
				line = int(at.Pos.Line())
			}
			d.add(f.Path, line, "posix", "%v", err)
		}
	}
	return d.found
}

// Shellcheck judges scripts by shellcheck, style remarks included.
func Shellcheck(files []generator.File) []Finding {
	d := &docket{judge: "shellcheck"}
	return d.ask(files, func(b batch) error {
		const remarks = 1 // the exit status; it has looked at all files
		out, err := b.run(programNamed("shellcheck"), []int{remarks}, append([]string{"--norc", "--shell=sh", "--severity=style", "--format=json1"}, b.paths()...)...)
		if err != nil {
			return err
		}
		var result struct {
			Comments []struct {
				File    string
				Line    int
				Code    int
				Message string
			}
		}
		if err := json.Unmarshal(out, &result); err != nil {
			return err
		}
		if result.Comments == nil {
			return errors.New("printed no list of comments")
		}
		for _, c := range result.Comments {
			if err := d.addOn(b, c.File, c.Line, fmt.Sprintf("SC%d", c.Code), "%s", c.Message); err != nil {
				return err
			}
		}
		return nil
	})
}
