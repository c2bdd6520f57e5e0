package tui

import (
	"image/color"
	"os"
	"path/filepath"
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/davit-cli/davit/wizard/inspect"
)

func TestShots(t *testing.T) {
	out := os.Getenv("SHOTS")
	if out == "" {
		t.Skip()
	}
	shot := func(name string, wt *wizardTest) {
		bg, fg := "#0F1419", "#D5DAE1"
		if os.Getenv("LIGHT") != "" {
			wt.send(tea.BackgroundColorMsg{Color: color.White})
			bg, fg = "#FFFFFF", "#1F2328"
		}
		os.WriteFile(filepath.Join(out, name+".svg"), []byte(svg(wt.m.frame(), wt.m.layout.w, wt.m.layout.h, bg, fg)), 0o644)
	}
	shot("1-first", start(t, 120, 40))
	shot("2-target", start(t, 120, 40).to("target").press("down down"))
	shot("3-details", start(t, 120, 40).to("details"))
	d := start(t, 120, 40).to("details").press("up up up up")
	shot("4-services", d)
	n := start(t, 120, 40).to("details")
	for range 8 {
		n.press("up")
	}
	n.press("end").write("X y")
	n.press("down")
	n.press("up")
	shot("5-typed", n)
	shot("6-help", start(t, 120, 40).to("target").press("?"))
	dir := t.TempDir()
	os.WriteFile(filepath.Join(dir, "Dockerfile"), []byte("FROM python:3.12\nCOPY . .\nCMD python main.py\n"), 0o644)
	r := start(t, 120, 40, in(dir)).to("target").press("down space").to("review")
	shot("7-review", r)
	shot("8-diff", r.press("d"))
	shot("9-replace", r.press("space enter"))
	shot("10-starter", start(t, 120, 40, finds(inspect.Facts{})))
	shot("11-80", start(t, 80, 24).to("base"))
	shot("12-80p", start(t, 80, 24).to("base").press("down p"))
	f := shop()
	f.App.Value = ""
	f.App.Candidates = []string{"app.main:app", "service.api:create_app"}
	c := start(t, 120, 40, finds(f)).to("details")
	for range 0 {
		c.press("up")
	}
	shot("13-pick", c)
	e := start(t, 120, 40).to("base").press("down down enter")
	shot("14-offer", e)
	shot("15-80d", start(t, 80, 24).to("details").press("up up up up"))
	shot("16-80r", r)
}
