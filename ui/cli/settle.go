package cli

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/davit-cli/davit/generator"
	"github.com/davit-cli/davit/generator/disk"
	"github.com/davit-cli/davit/ui/cli/version"
	"github.com/davit-cli/davit/wizard"
	"github.com/davit-cli/davit/wizard/inspect"
)

// settled is the answers of one run, and where they came from.
type settled struct {
	dir      string
	facts    inspect.Facts
	recorded disk.Recorded  // what answers are read from
	file     disk.Recorded  // davit.yaml, which they are written to
	project  wizard.Answers // what the project alone gives
	answers  wizard.Answers
	starter  []generator.File // the service to write too
}

// settle finds the answers: flags over davit.yaml over Facts over defaults.
func (r *runner) settle(ctx context.Context, dir, answersFile string, flags given) (s settled, err error) {
	s.dir = dir
	s.recorded, err = unlessInterrupted(ctx, func() (disk.Recorded, error) { return readRecorded(dir, answersFile) })
	if err != nil {
		return s, err
	}
	s.file = s.recorded
	if answersFile != "" {
		// A davit.yaml that cannot be read is a conflict like any other file.
		s.file, _ = readRecorded(dir, "")
		s.file.Project = s.recorded.Project
		for _, path := range s.recorded.Keep {
			if !slices.Contains(s.file.Keep, path) {
				s.file = s.file.Keeping(append(s.file.Keep, path))
			}
		}
	}
	if s.facts, err = r.look(ctx, dir); err != nil {
		return s, err
	}
	s.project = s.facts.Prefill(wizard.Defaults())
	s.answers, err = s.over(s.project, flags)
	if err != nil && wizard.Excluded(s.answers, "python", s.answers.Python) != "" {
		r.oldPython(s, flags) // the answer that is in the way may be nobody's
	}
	return s, err
}

// oldPython tells which version is taken for one that has no image, unless it
// was asked for.
func (r *runner) oldPython(s settled, flags given) {
	if why := s.facts.OldPython(s.answers.Python); why != "" && len(flags["python"]) == 0 && !s.recorded.Has("python") {
		r.warn("%s", why)
	}
}

// over puts davit.yaml and the flags over what the project gives.
func (s *settled) over(project wizard.Answers, flags given) (wizard.Answers, error) {
	a, err := s.recorded.Over(project)
	if err != nil {
		return a, usageError(err)
	}
	if a, err = flags.over(a); err != nil {
		return a, err
	}
	if err := a.Validate(); err != nil {
		return a, usageError(err)
	}
	return a, nil
}

// look inspects a folder, and stops waiting when the run is interrupted.
func (r *runner) look(ctx context.Context, dir string) (inspect.Facts, error) {
	return unlessInterrupted(ctx, func() (inspect.Facts, error) {
		facts, err := r.Inspect(dir)
		if err != nil {
			return facts, usageError(err)
		}
		return facts, nil
	})
}

// unlessInterrupted returns what read does, or errInterrupted as soon as the
// run is interrupted: a slow disk or a pipe that nobody writes to can keep
// read as long as it likes.
func unlessInterrupted[T any](ctx context.Context, read func() (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	go func() {
		var r result
		defer func() {
			if fault := recover(); fault != nil {
				r.err = panicked(fault)
			}
			done <- r
		}()
		r.value, r.err = read()
	}()
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
		var none T
		return none, errInterrupted
	}
}

// readRecorded reads the named file of answers, or the folder's davit.yaml if
// there is one.
func readRecorded(dir, answersFile string) (disk.Recorded, error) {
	if answersFile != "" {
		recorded, err := disk.ReadAnswers(answersFile)
		if err != nil {
			return recorded, usageError(err)
		}
		return recorded, nil
	}
	name := filepath.Join(dir, disk.AnswersFile)
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
		return disk.Recorded{}, usage("%s is no file: move it away, then run davit again", shown(name)) // reading a pipe would wait for ever
	}
	recorded, err := disk.ReadAnswers(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return disk.Recorded{}, nil
	case err != nil:
		return recorded, usageError(err)
	}
	return recorded, nil
}

// files returns what is written: the starter if there is one, what is
// generated from the answers, and davit.yaml.
func (s settled) files() ([]generator.File, error) {
	files, err := generator.Generate(s.answers)
	if err != nil {
		return nil, usageError(err)
	}
	return slices.Concat(s.starter, files, []generator.File{s.file.Record(s.answers, s.project)}), nil
}

// plan compares what is written with the folder.
func (r *runner) plan(s settled) (disk.Plan, error) {
	files, err := s.files()
	if err != nil {
		return disk.Plan{}, err
	}
	for _, image := range generator.UnusedPins(s.answers, files) {
		r.warn("no file names the image %s, which davit.yaml pins: --dry-run lists the files, and their FROM and image lines have the names to pin", shown(image))
	}
	plan, err := disk.Compare(s.dir, files, s.file.Keep...)
	if err != nil {
		return plan, err
	}
	for _, e := range plan.Entries {
		if e.Listed && !e.Exists() {
			r.warn("%s keeps %s, which is not there: take it out of keep, and `davit generate` writes it", disk.AnswersFile, shown(e.Path))
		}
	}
	plan.Davit = version.This().Version
	if plan.Problem != "" {
		r.warn("%s", plan.Problem)
	}
	return plan, nil
}

// recover puts a folder right in which a run was cut off, before anything is
// read from it.
func (r *runner) recover(dir string) error {
	done, err := disk.Recover(dir)
	if err != nil {
		return err
	}
	if done.Found && !done.Finished {
		r.warn("an earlier run was cut off in %s: what it had begun is as it was before", shown(dir))
	}
	for _, path := range done.Kept {
		r.warn("%s was changed since that run was cut off, and stays as it is now", shown(path))
	}
	return nil
}

// unfinished tells about such a folder in a command that changes nothing.
func (r *runner) unfinished(dir string) {
	if disk.Unfinished(dir) {
		r.warn("an earlier run was cut off in %s, and what follows is about a half-written folder: `davit generate` puts it right", shown(dir))
	}
}
