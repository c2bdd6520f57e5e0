package literal

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"sync"
)

// readPython answers each line, a Python source as a JSON string, with the
// constants of its syntax tree and the tree without them.
const readPython = `
import ast, json, sys
for line in sys.stdin:
    try:
        tree = ast.parse(json.loads(line))
        values = []
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant):
                values.append([type(node.value).__name__, str(node.value)])
                node.value = 0
        print(json.dumps({"tree": ast.dump(tree), "values": values}), flush=True)
    except (SyntaxError, ValueError) as e:
        print(json.dumps({"error": str(e)}), flush=True)
`

// interpreter is Python itself, started once.
var interpreter = sync.OnceValues(func() (*python, error) {
	cmd := exec.Command("python3", "-I", "-S", "-c", readPython)
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	return &python{in: in, out: bufio.NewReader(out)}, cmd.Start()
})

type python struct {
	sync.Mutex
	in  io.Writer
	out *bufio.Reader
}

// flattenPython is Python's own reading.
func flattenPython(src string) ([]leaf, error) {
	p, err := interpreter()
	if err != nil {
		return nil, err
	}
	line, err := json.Marshal(src)
	if err != nil {
		return nil, err
	}
	p.Lock()
	defer p.Unlock()
	if _, err := p.in.Write(append(line, '\n')); err != nil {
		return nil, err
	}
	answer, err := p.out.ReadBytes('\n')
	if err != nil {
		return nil, err
	}
	var read struct {
		Tree, Error string
		Values      [][2]string
	}
	if err := json.Unmarshal(answer, &read); err != nil {
		return nil, err
	}
	if read.Error != "" {
		return nil, fmt.Errorf("python: %s", read.Error)
	}
	leaves := []leaf{{"tree", read.Tree}}
	for i, v := range read.Values {
		leaves = append(leaves, leaf{fmt.Sprintf("constant %d %s", i, v[0]), v[1]})
	}
	return leaves, nil
}
