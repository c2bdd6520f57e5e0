package tui

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"github.com/davit-cli/davit/generator"
)

func TestTabsHaveTheShortestNameThatNoOtherHas(t *testing.T) {
	var sheets []sheet
	for _, p := range []string{"Dockerfile", "k8s/base/kustomization.yaml", "k8s/overlays/dev/kustomization.yaml", "a/x/c.yaml", "b/x/c.yaml"} {
		sheets = append(sheets, sheet{File: generator.File{Path: p}})
	}
	nameSheets(sheets)
	var got []string
	for _, s := range sheets {
		got = append(got, s.label)
	}
	want := []string{"Dockerfile", "base/kustomization.yaml", "dev/kustomization.yaml", "a/x/c.yaml", "b/x/c.yaml"}
	if !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestTabsFitAndHoldThePresentOne(t *testing.T) {
	p := newPreview(newTheme(dark))
	var files []generator.File
	for i := range 30 {
		files = append(files, generator.File{Path: fmt.Sprintf("some-%d.yaml", i*i*i), Content: "a\n"})
	}
	for _, w := range []int{30, 40, 56, 76, 150, 500} {
		p.resize(rect{0, 0, w, 20})
		p.show(files)
		for i := range files {
			p.open(files[i].Path)
			lines := p.tabs.draw(&p, w)
			for _, l := range lines {
				if got := ansi.StringWidth(l); got != w {
					t.Fatalf("width %d, file %d: %d columns: %q", w, i, got, ansi.Strip(l))
				}
			}
			if !strings.Contains(ansi.Strip(lines[0]), files[i].Path) {
				t.Fatalf("width %d: %q does not show %s", w, ansi.Strip(lines[0]), files[i].Path)
			}
			at := slices.IndexFunc(p.tabs.spans, func(s span) bool { return s.index == i })
			s := p.tabs.spans[at]
			if got := ansi.Strip(ansi.Cut(lines[0], s.from, s.to)); got != p.tab(i) {
				t.Fatalf("width %d: the mouse finds %q at the place of %q", w, got, p.tab(i))
			}
		}
	}
}
