package disk

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
)

// Decision is what to do with one file.
type Decision string

const (
	Fail      Decision = "fail"      // write nothing at all
	Skip      Decision = "skip"      // leave what is there
	Overwrite Decision = "overwrite" // write davit's
	Backup    Decision = "backup"    // keep what is there as NAME.bak, then write davit's
	Merge     Decision = "merge"     // join both: needs the davit.lock of a later version
)

// Decisions says what to do with the files of a plan, by path.
type Decisions map[string]Decision

// Decide returns the usual decisions: write what is new or davit's own, leave
// what is the same, and do the given with each conflict.
func (p Plan) Decide(conflicts Decision) Decisions {
	d := Decisions{}
	for _, e := range p.Entries {
		switch e.Status {
		case Same:
			d[e.Path] = Skip
		case Conflict:
			d[e.Path] = conflicts
		default:
			d[e.Path] = Overwrite
		}
	}
	return d
}

// Report tells what Write did.
type Report struct {
	Written []string          // paths, in the order of the plan
	Backups map[string]string // path → where its former content is now
	Left    []string          // temporary files that could not be removed
}

// A ConflictError says that nothing was written, because files differ.
type ConflictError struct{ Paths []string }

func (e *ConflictError) Error() string {
	differs := "differs"
	if len(e.Paths) > 1 {
		differs = "differ"
	}
	return fmt.Sprintf("%s %s from what davit gives, and nothing was written: "+
		"choose with --on-conflict skip, overwrite or backup", list(e.Paths), differs)
}

// ErrMerge is returned for the decision that this version cannot carry out.
var ErrMerge = errors.New("merging needs davit.lock, which this version does not write yet: use skip, overwrite or backup")

// Write carries out the decisions: all of them, or after any failure none.
// A path without a decision is left alone, and so is a file that is the same.
// Each file is staged beside its target, and takes its place in one step; a
// file that changed since Compare stops it.
func (p Plan) Write(ctx context.Context, d Decisions) (Report, error) {
	return p.write(ctx, d, nil)
}

func (p Plan) write(ctx context.Context, d Decisions, fault func(op, name string) error) (Report, error) {
	jobs, err := p.jobs(d)
	if err != nil || len(jobs) == 0 {
		return Report{}, err
	}
	f, err := open(p.Dir, fault)
	if err != nil {
		return Report{}, err
	}
	defer f.Close()
	t := transaction{folder: f, ctx: ctx, mark: ".davit-" + strings.ToLower(rand.Text()[:10])}
	report, err := t.run(jobs)
	if err != nil {
		return Report{}, t.rollback(err)
	}
	report.Left = t.tidy()
	return report, nil
}

// A job is an entry that will be written.
type job struct {
	Entry
	backup bool
	temp   string // the new content, beside the target
	old    string // a second name of the old content
}

func (p Plan) jobs(d Decisions) ([]job, error) {
	var jobs []job
	var refused []string
	for _, e := range p.Entries {
		if e.Status == Same {
			continue
		}
		switch decision := d[e.Path]; decision {
		case Fail:
			refused = append(refused, e.Path)
		case Merge:
			return nil, ErrMerge
		case Overwrite, Backup:
			if e.linked {
				return nil, fmt.Errorf("%s in %s is a symbolic link, and davit replaces files only: remove the link, or skip it", shown(e.Path), shown(p.Dir))
			}
			jobs = append(jobs, job{Entry: e, backup: decision == Backup && e.Exists()})
		case Skip, "":
		default:
			return nil, fmt.Errorf("%q is no decision about %s: use fail, skip, overwrite, backup or merge", decision, shown(e.Path))
		}
	}
	if refused != nil {
		return nil, &ConflictError{refused}
	}
	return jobs, nil
}

// list shows a few names.
func list(names []string) string {
	const few = 30
	var b strings.Builder
	for i, name := range names {
		switch {
		case i == few:
			fmt.Fprintf(&b, " and %d more", len(names)-few)
			return b.String()
		case i > 0:
			b.WriteString(", ")
		}
		b.WriteString(shown(name))
	}
	return b.String()
}
