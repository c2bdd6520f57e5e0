// Package generator turns Answers into files. It is a pure function: the same
// Answers and the same davit give the same bytes; it reads no clock, network,
// environment or disk.
//
//	files, err := generator.Generate(answers)
//	for _, f := range files {
//		fmt.Println(f.Path, "-", f.Purpose)
//	}
package generator

import (
	"fmt"
	"io/fs"

	"github.com/davit-cli/davit/wizard"
)

// A File is one generated file.
type File struct {
	Path     string      // below the project folder, with slashes
	Mode     fs.FileMode // permission bits alone
	Language string      // for highlighting: dockerfile, yaml, toml, sh, python, ignore, dotenv, hcl, json, ini, gotemplate
	Content  string
	Purpose  string // one sentence: what the file is for
	Notes    []Note // in order of lines
	Once     bool   // a beginning: once written it is the user's own, and davit leaves it alone
}

// A Note tells why lines are there.
type Note struct {
	First, Last int    // lines of Content, from 1
	Why         string // the principle and its trade-off
	Source      string // where the rule comes from, or ""
	Question    string // id of the question whose answer put the lines there, or ""
}

// Generate returns the files of a, in the order in which a reader would want
// to see them. The error is that of Answers.Validate.
func Generate(a wizard.Answers) ([]File, error) {
	if err := a.Validate(); err != nil {
		return nil, err
	}
	f, err := dockerfile(a)
	if err != nil {
		return nil, err
	}
	all := []File{f}
	families := []struct {
		wanted bool
		make   func(wizard.Answers) ([]File, error)
	}{
		{true, dockerignore},
		{true, serverFiles},
		{a.HasTarget("compose"), compose},
		{a.HasTarget("kubernetes"), kubernetes},
		{a.HasTarget("helm"), helm},
		{a.HasTarget("swarm"), swarm},
		{a.HasTarget("cloud-run"), cloudRun},
		{a.HasTarget("fly"), fly},
		{a.HasTarget("quadlet"), quadlet},
		{a.HasTarget("ecs"), ecs},
		{a.HasTarget("container-apps"), containerApps},
		{a.HasTarget("nomad"), nomad},
		{true, scripts},
		{a.HasExtra("ci-github"), ciGitHub},
		{a.HasExtra("ci-gitlab"), ciGitLab},
		{a.HasExtra("devcontainer"), devcontainer},
		{a.HasExtra("bake"), bake},
	}
	for _, family := range families {
		if !family.wanted {
			continue
		}
		made, err := family.make(a)
		if err != nil {
			return nil, fmt.Errorf("generate: %w", err)
		}
		all = append(all, made...)
	}
	return all, nil
}
