// Command thirdparty prints the licences of everything that is linked into
// davit, on any system that a release is built for, as a release carries them:
//
//	go run ./.ci/thirdparty > THIRD_PARTY
//
// It fails where a module has no licence file, or one that davit, which is
// under MIT, does not know to be compatible, and where go.mod requires a module
// that is not linked: what only tests need belongs to generator/conformance.
package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

func main() {
	if err := list(os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// A module is linked into davit.
type module struct{ path, version, dir string }

// kind is the licence of a text, by words that no other accepted one has. The
// licences here ask for no more than that their text comes along.
var kinds = []struct {
	name  string
	words *regexp.Regexp
}{
	{"Apache-2.0", regexp.MustCompile(`(?i)Apache License\s+Version 2\.0`)},
	{"BSD-3-Clause", regexp.MustCompile(`(?is)Redistributions of source code must retain.*(Neither|may not be used) .*endorse or promote`)},
	{"BSD-2-Clause", regexp.MustCompile(`(?is)Redistributions of source code must retain.*Redistributions in binary form must`)},
	{"ISC", regexp.MustCompile(`(?is)Permission to use, copy, modify, and(/or)? distribute this software`)},
	{"MIT", regexp.MustCompile(`(?is)Permission is hereby granted, free of charge.*The above copyright notice and this permission`)},
}

var licenceFile = regexp.MustCompile(`(?i)^(licen[sc]e|copying|notice)([.-].*)?$`)

func list(out io.Writer) error {
	modules, err := linked([]string{"linux", "darwin", "windows"})
	if err != nil {
		return err
	}
	required, err := goSays(nil, "mod", "edit", "-json")
	if err != nil {
		return err
	}
	if err := onlyLinked([]byte(required), modules); err != nil {
		return err
	}
	root, err := goSays(nil, "env", "GOROOT")
	if err != nil {
		return err
	}
	modules = append(modules, module{"the Go standard library", "", strings.TrimSpace(root)})

	var table, texts strings.Builder
	var faults []error
	for _, m := range modules {
		name, text, err := licence(m)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		title := strings.TrimSpace(m.path + " " + m.version)
		fmt.Fprintf(&table, "%-20s  %s\n", name, title)
		fmt.Fprintf(&texts, "\n%s\n%s\n%s\n\n%s\n", strings.Repeat("=", 78), title, strings.Repeat("=", 78), text)
	}
	if len(faults) > 0 {
		return errors.Join(faults...)
	}
	_, err = fmt.Fprintf(out, "davit is made with the work of others, under these licences:\n\n%s%s", table.String(), texts.String())
	return err
}

// linked returns the modules of the packages that davit is built of.
func linked(systems []string) ([]module, error) {
	seen := map[string]module{}
	for _, system := range systems {
		out, err := goSays([]string{"GOOS=" + system, "CGO_ENABLED=0"}, "list", "-deps",
			"-f", "{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Version}}\t{{.Dir}}{{end}}{{end}}", ".")
		if err != nil {
			return nil, err
		}
		for line := range strings.Lines(out) {
			if fields := strings.Split(strings.TrimSpace(line), "\t"); len(fields) == 3 {
				seen[fields[0]] = module{fields[0], fields[1], fields[2]}
			}
		}
	}
	if len(seen) == 0 {
		return nil, errors.New("go list names no module that is linked")
	}
	var all []module
	for _, m := range seen {
		all = append(all, m)
	}
	slices.SortFunc(all, func(a, b module) int { return cmp.Compare(a.path, b.path) })
	return all, nil
}

// onlyLinked fails where a go.mod, as JSON, requires what is not linked.
func onlyLinked(gomod []byte, modules []module) error {
	var file struct{ Require []struct{ Path string } }
	if err := json.Unmarshal(gomod, &file); err != nil {
		return fmt.Errorf("read go.mod: %w", err)
	}
	var idle []string
	for _, required := range file.Require {
		if !slices.ContainsFunc(modules, func(m module) bool { return m.path == required.Path }) {
			idle = append(idle, required.Path)
		}
	}
	if len(idle) > 0 {
		return fmt.Errorf("go.mod requires what davit does not link: %s: drop it, or move what needs it to generator/conformance", strings.Join(idle, ", "))
	}
	return nil
}

// licence returns the name and the whole text of a module's licence, with the
// notice that some licences want handed on.
func licence(m module) (name, text string, err error) {
	entries, err := os.ReadDir(m.dir)
	if err != nil {
		return "", "", fmt.Errorf("read %s: %w", m.path, err)
	}
	var names, parts []string
	for _, entry := range entries {
		if entry.IsDir() || !licenceFile.MatchString(entry.Name()) {
			continue
		}
		content, err := os.ReadFile(filepath.Join(m.dir, entry.Name()))
		if err != nil {
			return "", "", err
		}
		parts = append(parts, strings.TrimSpace(string(content)))
		if strings.HasPrefix(strings.ToLower(entry.Name()), "notice") {
			continue // names no licence of its own
		}
		found := ""
		for _, kind := range kinds {
			if kind.words.Match(content) {
				found = kind.name
				break
			}
		}
		if found == "" {
			return "", "", fmt.Errorf("%s: %s is no licence that is known to be compatible: read it, and teach this program or drop the module", m.path, entry.Name())
		}
		names = append(names, found)
	}
	if len(names) == 0 {
		return "", "", fmt.Errorf("%s has no licence file", m.path)
	}
	slices.Sort(names)
	return strings.Join(slices.Compact(names), " and "), strings.Join(parts, "\n\n"), nil
}

// goSays runs the go command and returns what it prints.
func goSays(env []string, args ...string) (string, error) {
	cmd := exec.Command("go", args...)
	cmd.Env = append(os.Environ(), env...)
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s: %w: %s", cmd, err, strings.TrimSpace(said.String()))
	}
	return string(out), nil
}
