package tui

import (
	"fmt"
	"slices"

	"github.com/davit-cli/davit/generator"
	"github.com/davit-cli/davit/wizard"
)

// fileSets gives the files of answers and remembers the last ones, so that
// going back and forth between two choices generates nothing.
type fileSets struct {
	generate, starter func(wizard.Answers) ([]generator.File, error)
	made              map[string][]generator.File
}

const mostSets = 64

func newFileSets() fileSets {
	return fileSets{generator.Generate, generator.Starter, map[string][]generator.File{}}
}

// of returns the files of these answers, the starter's last where it is wanted.
func (s fileSets) of(a wizard.Answers, starter bool) ([]generator.File, error) {
	key := fmt.Sprintf("%v %v", starter, a)
	if files, ok := s.made[key]; ok {
		return files, nil
	}
	files, err := s.make(a, starter)
	if err != nil {
		return nil, err
	}
	if len(s.made) >= mostSets {
		clear(s.made)
	}
	s.made[key] = files
	return files, nil
}

// make is of without the memory; it may run beside the wizard.
func (s fileSets) make(a wizard.Answers, starter bool) ([]generator.File, error) {
	if starter {
		a = generator.WithStarter(a)
	}
	files, err := s.generate(a)
	if err != nil || !starter {
		return files, err
	}
	service, err := s.starter(a)
	if err != nil {
		return nil, err
	}
	return slices.Concat(files, service), nil
}
