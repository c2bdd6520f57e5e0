package cli

import (
	"github.com/davit-cli/davit/generator"
)

// start settles the answers of a folder that gets the starter service: as they
// will be once it is there, so that the next run finds nothing to change.
func (r *runner) start(s *settled, flags given) error {
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
	there := generator.WithStarter(a)
	project.Name, project.HealthPath = a.Name, a.HealthPath // the starter has them
	project.Project, project.Found = there.Project, there.Found
	s.project = project
	s.answers, err = s.over(project, flags)
	return err
}
