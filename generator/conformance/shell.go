package conformance

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/davit-cli/davit/generator"
)

// Shell judges scripts: POSIX by mvdan.cc/sh's parser, and by shellcheck where
// it is on PATH, style remarks included.
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
	d.shellcheck(files)
	return d.found
}

// shellcheck judges all scripts in one run, as its start takes longer than its work.
func (d *docket) shellcheck(files []generator.File) {
	binary, err := exec.LookPath("shellcheck")
	if err != nil || len(files) == 0 {
		return
	}
	folder, err := os.MkdirTemp("", "davit-shellcheck-")
	if err != nil {
		d.add(files[0].Path, 0, "shellcheck", "%v", err)
		return
	}
	defer os.RemoveAll(folder)
	args := []string{"--norc", "--shell=sh", "--severity=style", "--format=json1"}
	byName := map[string]generator.File{}
	for i, f := range files {
		name := filepath.Join(folder, strconv.Itoa(i))
		if err := os.WriteFile(name, []byte(f.Content), 0o600); err != nil {
			d.add(f.Path, 0, "shellcheck", "%v", err)
		}
		byName[name], args = f, append(args, name)
	}
	out, err := exec.Command(binary, args...).Output()
	var result struct {
		Comments []struct {
			File    string
			Line    int
			Code    int
			Message string
		}
	}
	if json.Unmarshal(out, &result) != nil {
		d.add(files[0].Path, 0, "shellcheck", "shellcheck gave no result: %v", err)
	}
	for _, c := range result.Comments {
		d.add(byName[c.File].Path, c.Line, fmt.Sprintf("SC%d", c.Code), "%s", c.Message)
	}
}
