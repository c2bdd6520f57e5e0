package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/davit-cli/davit/generator"
	"github.com/davit-cli/davit/generator/disk"
	"github.com/davit-cli/davit/wizard"
)

// start settles the answers of a folder that gets the starter service: as they
// will be once it is there, so that the next run finds nothing to change.
func (r *runner) start(ctx context.Context, s *settled, flags given) error {
	project := generator.StarterAnswers(s.project)
	a, err := s.over(project, flags)
	if err != nil {
		return err
	}
	if a.App != project.App {
		return usage("--starter writes the app %s, and %s was asked for: leave one of them out", project.App, a.App)
	}
	if a.HealthPath == "" {
		a.HealthPath = project.HealthPath
	}
	if s.starter, err = generator.Starter(a); err != nil {
		return err
	}
	if s.project, err = r.imagine(ctx, s.starter, s.project); err != nil {
		return err
	}
	s.answers, err = s.over(s.project, flags)
	return err
}

// imagine inspects files that are not in the project yet.
func (r *runner) imagine(ctx context.Context, files []generator.File, a wizard.Answers) (wizard.Answers, error) {
	dir, err := os.MkdirTemp("", "davit-starter-")
	if err != nil {
		return a, fmt.Errorf("cannot make a temporary folder for the starter: %w", disk.Cause(err))
	}
	defer os.RemoveAll(dir)
	for _, f := range files {
		name := filepath.Join(dir, filepath.FromSlash(f.Path))
		err := os.MkdirAll(filepath.Dir(name), 0o700)
		if err == nil {
			err = os.WriteFile(name, []byte(f.Content), 0o600)
		}
		if err != nil {
			return a, fmt.Errorf("cannot write the starter to a temporary folder: %w", disk.Cause(err))
		}
	}
	facts, err := r.look(ctx, dir)
	return facts.Prefill(a), err
}
