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

// actionlint judges all workflows in one run, and lets shellcheck judge their
// scripts.
func (d *docket) actionlint(files []generator.File) {
	d.ask(files, func(b batch) error {
		shellcheck, err := programNamed("shellcheck").command()
		if err != nil {
			return err
		}
		const remarks = 1 // the exit status; it has looked at all files
		args := []string{"-format", "{{json .}}", "-shellcheck", shellcheck[0]}
		out, err := b.run(programNamed("actionlint"), []int{remarks}, append(args, b.paths()...)...)
		if err != nil {
			return err
		}
		var found []struct {
			Message, Filepath, Kind string
			Line                    int
		}
		if err := json.Unmarshal(out, &found); err != nil {
			return err
		}
		for _, e := range found {
			if err := d.addOn(b, e.Filepath, e.Line, e.Kind, "%s", e.Message); err != nil {
				return err
			}
		}
		return nil
	})
}

// zizmor judges all workflows in one run, as its start takes longer than its work.
func (d *docket) zizmor(files []generator.File) {
	d.ask(files, func(b batch) error {
		args := []string{"--offline", "--quiet", "--persona=pedantic", "--format=json", "--no-exit-codes"}
		out, err := b.run(programNamed("zizmor"), nil, append(args, b.paths()...)...)
		if err != nil {
			return err
		}
		return d.zizmorSays(b, out)
	})
}

func (d *docket) zizmorSays(b batch, out []byte) error {
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
	if err := json.Unmarshal(out, &found); err != nil {
		return err
	}
	for _, one := range found {
		// A service goes by its full tag like every image that davit names;
		// the digest is the user's to give, below pins: in davit.yaml.
		if one.Ident == "unpinned-images" && one.Determinations.Persona == "Pedantic" {
			continue
		}
		for _, l := range one.Locations {
			if l.Symbolic.Kind != "Primary" {
				continue
			}
			err := d.addOn(b, l.Symbolic.Key.Local.Path, l.Concrete.Location.Start.Row+1, one.Ident, "%s: %s", one.Desc, l.Symbolic.Annotation)
			if err != nil {
				return err
			}
		}
	}
	return nil
}
