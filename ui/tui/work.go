package tui

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"github.com/davit-cli/davit/generator"
	"github.com/davit-cli/davit/generator/disk"
	"github.com/davit-cli/davit/wizard"
	"github.com/davit-cli/davit/wizard/inspect"
)

// What touches the project folder happens in these commands; their messages
// bring what came of it.

type inspected struct {
	facts  inspect.Facts
	err    error
	locked error // nothing can be written into the folder
}

type compared struct {
	plan  disk.Plan
	err   error
	round int // which asking this answers
}

type written struct {
	report disk.Report
	next   []generator.Step
	err    error
}

// left brings what to do with files that were not written anew.
type left struct{ next []generator.Step }

func inspectFolder(o Options) tea.Cmd {
	if o.Inspect == nil {
		return nil
	}
	writable := o.Writable
	if writable == nil {
		writable = disk.Writable
	}
	return func() tea.Msg {
		facts, err := o.Inspect()
		return inspected{facts, err, writable(o.Dir)}
	}
}

func compareFolder(dir, davit string, files []generator.File, keep []string, round int) tea.Cmd {
	return func() tea.Msg {
		plan, err := disk.Compare(dir, files, keep...)
		plan.Davit = davit
		return compared{plan, err, round}
	}
}

func writeFolder(ctx context.Context, plan disk.Plan, decisions disk.Decisions, a wizard.Answers) tea.Cmd {
	return func() tea.Msg {
		report, err := plan.Write(ctx, decisions)
		if err != nil {
			return written{err: err}
		}
		return written{report: report, next: plan.Next(a, decisions)}
	}
}

func leaveFolder(plan disk.Plan, decisions disk.Decisions, a wizard.Answers) tea.Cmd {
	return func() tea.Msg { return left{plan.Next(a, decisions)} }
}
