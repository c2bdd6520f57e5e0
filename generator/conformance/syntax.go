package conformance

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"path"
	"regexp"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"go.yaml.in/yaml/v3"

	"github.com/davit-cli/davit/generator"
)

// Syntax judges whether YAML, TOML, JSON and Python parse, keys once each.
func Syntax(files []generator.File) []Finding {
	d := &docket{judge: "syntax"}
	var python []generator.File
	for _, f := range files {
		var err error
		if f.Language == "gotemplate" { // Helm's to read
			continue
		}
		switch path.Ext(f.Path) {
		case ".yaml", ".yml":
			err = parseYAML(f.Content)
		case ".toml":
			err = toml.Unmarshal([]byte(f.Content), &map[string]any{})
		case ".json":
			if path.Base(f.Path) != "devcontainer.json" { // JSON with comments
				err = json.Unmarshal([]byte(f.Content), new(any))
			}
		case ".py":
			python = append(python, f)
		}
		if err != nil {
			d.add(f.Path, lineIn(err), "parse", "%v", err)
		}
	}
	d.compile(python)
	return d.found
}

func parseYAML(content string) error {
	decoder := yaml.NewDecoder(strings.NewReader(content))
	for {
		var document any
		switch err := decoder.Decode(&document); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
	}
}

// compiler reads a JSON list of sources and prints what each is refused for.
const compiler = `
import json, sys, warnings
warnings.simplefilter("error")
refused = []
for source in json.load(sys.stdin):
    try:
        compile(source, "file.py", "exec", dont_inherit=True)
        refused.append("")
    except (SyntaxError, Warning) as error:
        refused.append(f"{error}")
json.dump(refused, sys.stdout)
`

// compile lets Python compile all files without running any. A machine without
// Python judges nothing here.
func (d *docket) compile(files []generator.File) {
	python, err := exec.LookPath("python3")
	if err != nil || len(files) == 0 {
		return
	}
	sources := make([]string, len(files))
	for i, f := range files {
		sources[i] = f.Content
	}
	input, _ := json.Marshal(sources)
	cmd := exec.Command(python, "-I", "-c", compiler)
	cmd.Stdin = bytes.NewReader(input)
	out, err := cmd.Output()
	refused := make([]string, len(files))
	if json.Unmarshal(out, &refused) != nil || len(refused) != len(files) {
		d.add(files[0].Path, 0, "python", "python3 gave no result: %v", err)
		return
	}
	for i, reason := range refused {
		if reason != "" {
			d.add(files[i].Path, lineIn(errors.New(reason)), "compile", "%s", reason)
		}
	}
}

var lineNumber = regexp.MustCompile(`line (\d+)`)

// lineIn returns the line that an error's text names, 0 where it names none.
func lineIn(err error) int {
	var decoding *toml.DecodeError
	if errors.As(err, &decoding) {
		line, _ := decoding.Position()
		return line
	}
	if m := lineNumber.FindStringSubmatch(err.Error()); m != nil {
		n, _ := strconv.Atoi(m[1])
		return n
	}
	return 0
}
