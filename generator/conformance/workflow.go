package conformance

import (
	"encoding/json"
	"regexp"
	"strings"

	"github.com/davit-cli/davit/generator"
)

// Workflow judges GitHub workflows: actionlint for what GitHub would refuse,
// zizmor for what an attacker would use, in its most pedantic mode.
func Workflow(files []generator.File) []Finding {
	d := &docket{judge: "workflow"}
	for _, f := range files {
		d.actions(f)
	}
	d.actionlint(files)
	d.zizmor(files)
	return d.found
}

var (
	stepUses = regexp.MustCompile(`^\s*(?:- )?uses: (\S+)(.*)$`)
	pinned   = regexp.MustCompile(`^[a-z0-9-]+/[a-z0-9-]+@[0-9a-f]{40}$`)
	tagged   = regexp.MustCompile(`^ # v[0-9]+\.[0-9]+\.[0-9]+$`)
)

// actions have to be fixed by commit, with the version for people beside it.
func (d *docket) actions(f generator.File) {
	for i, line := range strings.Split(f.Content, "\n") {
		if m := stepUses.FindStringSubmatch(line); m != nil && (!pinned.MatchString(m[1]) || !tagged.MatchString(m[2])) {
			d.add(f.Path, i+1, "pinned", "not an action at a full commit with its version: %s", strings.TrimSpace(line))
		}
	}
}

// actionlint judges all workflows in one run, their scripts by shellcheck
// where that is on PATH.
func (d *docket) actionlint(files []generator.File) {
	d.onDisk(files, actionlint, []string{"-format", "{{json .}}"}, func(out []byte, at func(path string) string) error {
		var found []struct {
			Message, Filepath, Kind string
			Line                    int
		}
		err := json.Unmarshal(out, &found)
		for _, e := range found {
			d.add(at(e.Filepath), e.Line, e.Kind, "%s", e.Message)
		}
		return err
	})
}

// zizmor judges all workflows in one run, as its start takes longer than its work.
func (d *docket) zizmor(files []generator.File) {
	args := []string{"--offline", "--quiet", "--persona=pedantic", "--format=json", "--no-exit-codes"}
	d.onDisk(files, zizmor, args, d.zizmorSays)
}

func (d *docket) zizmorSays(out []byte, at func(path string) string) error {
	var found []struct {
		Ident, Desc    string
		Determinations struct{ Persona string }
		Locations      []struct {
			Symbolic struct {
				Key struct {
					Local struct {
						Path string `json:"verbatim_path"`
					}
				}
				Annotation, Kind string
			}
			Concrete struct {
				Location struct {
					Start struct{ Row int } `json:"start_point"`
				}
			}
		}
	}
	err := json.Unmarshal(out, &found)
	for _, one := range found {
		// A service goes by its full tag like every image that davit names;
		// the digest is the user's to give, below pins: in davit.yaml.
		if one.Ident == "unpinned-images" && one.Determinations.Persona == "Pedantic" {
			continue
		}
		for _, l := range one.Locations {
			if l.Symbolic.Kind == "Primary" {
				d.add(at(l.Symbolic.Key.Local.Path), l.Concrete.Location.Start.Row+1, one.Ident, "%s: %s", one.Desc, l.Symbolic.Annotation)
			}
		}
	}
	return err
}
