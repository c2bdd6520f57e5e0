package tui

import (
	"fmt"
	"image/color"
	"math"
	"reflect"
	"strconv"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
)

// Every colour that text has can be read: 4.5 to 1 against the backgrounds
// that terminals come with.
func TestContrast(t *testing.T) {
	for _, c := range []struct {
		name        string
		palette     palette
		backgrounds []string
	}{
		{"dark", dark, []string{"#000000", "#0F1419", "#1E1E2E", "#282C34", "#002B36"}},
		{"light", light, []string{"#FFFFFF", "#FAFAFA", "#FDF6E3"}},
		{"dark of 256", in256(dark), []string{"#000000", "#0F1419", "#1E1E2E", "#282C34"}},
		{"light of 256", in256(light), []string{"#FFFFFF", "#FAFAFA", "#FDF6E3"}},
		{"dark of xterm's 16", in16(dark16, xterm), []string{"#000000"}},
		{"light of xterm's 16", in16(light16, xterm), []string{"#FFFFFF"}},
		{"dark of VGA's 16", in16(dark16, vga), []string{"#000000"}},
		{"light of VGA's 16", in16(light16, vga), []string{"#FFFFFF"}},
		{"dark of Windows' 16", in16(dark16, campbell), []string{"#0C0C0C"}},
		{"light of Windows' 16", in16(light16, campbell), []string{"#FFFFFF", "#F2F2F2"}},
	} {
		for name, text := range c.palette.texts() {
			for _, b := range c.backgrounds {
				if got := contrast(text, lipgloss.Color(b)); got < 4.5 {
					t.Errorf("%s %s on %s: %.2f", c.name, name, b, got)
				}
			}
		}
		if got := contrast(lipgloss.Color(c.palette.inverse), lipgloss.Color(c.palette.accent)); got < 4.5 {
			t.Errorf("%s button: %.2f", c.name, got)
		}
		for name, back := range map[string]string{"good": c.palette.good, "bad": c.palette.bad, "warn": c.palette.warn} {
			if got := contrast(lipgloss.Color(c.palette.inverse), lipgloss.Color(back)); got < 4.5 {
				t.Errorf("%s word on %s: %.2f", c.name, name, got)
			}
		}
	}
}

// contrast is that of WCAG 2.
func contrast(a, b color.Color) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(c color.Color) float64 {
	r, g, b, _ := c.RGBA()
	part := func(v uint32) float64 {
		s := float64(v) / 0xffff
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*part(r) + 0.7152*part(g) + 0.0722*part(b)
}

// What terminals show for the 16 colours when nobody has changed them.
var (
	xterm    = strings.Fields("#000000 #cd0000 #00cd00 #cdcd00 #0000ee #cd00cd #00cdcd #e5e5e5 #7f7f7f #ff0000 #00ff00 #ffff00 #5c5cff #ff00ff #00ffff #ffffff")
	vga      = strings.Fields("#000000 #aa0000 #00aa00 #aa5500 #0000aa #aa00aa #00aaaa #aaaaaa #555555 #ff5555 #55ff55 #ffff55 #5555ff #ff55ff #55ffff #ffffff")
	campbell = strings.Fields("#0C0C0C #C50F1F #13A10E #C19C00 #0037DA #881798 #3A96DD #CCCCCC #767676 #E74856 #16C60C #F9F1A5 #3B78FF #B4009E #61D6D6 #F2F2F2")
)

// shownAs is a palette as a terminal shows it.
func shownAs(p palette, show func(string) string) palette {
	v := reflect.ValueOf(&p).Elem()
	for i := range v.NumField() {
		f := reflect.NewAt(v.Field(i).Type(), v.Field(i).Addr().UnsafePointer()).Elem()
		f.SetString(show(f.String()))
	}
	return p
}

func in16(p palette, colours []string) palette {
	return shownAs(p, func(number string) string {
		n, err := strconv.Atoi(number)
		if err != nil {
			panic(err)
		}
		return colours[n]
	})
}

func in256(p palette) palette {
	return shownAs(p, func(hex string) string {
		r, g, b, _ := ansi.Convert256(lipgloss.Color(hex)).RGBA()
		return fmt.Sprintf("#%02x%02x%02x", r>>8, g>>8, b>>8)
	})
}

func TestTheTerminalsColoursChooseThePalette(t *testing.T) {
	wt := plain(t, 120, 40)
	wt.send(tea.ColorProfileMsg{Profile: colorprofile.ANSI})
	if frame := wt.m.frame(); strings.Contains(frame, "38;2;") || !strings.Contains(frame, "\x1b[93") {
		t.Errorf("16 colours are drawn as %q", frame)
	}
	wt.press("down = ?").fits(120, 40)
	if frame := wt.m.frame(); strings.Contains(frame, "38;2;") {
		t.Error("some part keeps its own colours")
	}
	wt.send(tea.ColorProfileMsg{Profile: colorprofile.TrueColor})
	if frame := wt.m.frame(); !strings.Contains(frame, "38;2;") {
		t.Error("all colours are drawn as 16")
	}
}

// What is focused, selected or changed is told by a shape: in these pairs of
// screens nothing but that differs, and without any colour they differ too.
func TestShapesTellWithoutColour(t *testing.T) {
	for _, c := range []struct{ name, to, before, keys string }{
		{"choice", "base", "", "down"},
		{"tick", "target", "down", "space"},
		{"value", "details", "", "up"},
		{"tab", "base", "", "]"},
		{"change", "base", "", "down"},
		{"cursor of the preview", "base", "p", "j"},
		{"selection", "base", "p j j", "v k"},
		{"pane with the keys", "base", "", "p"},
		{"file of the list", "target", "down f", "down"},
		{"file of the review", "review", "", "down"},
		{"what becomes of it", "review", "", "space"},
		{"choice of the matrix", "base", "=", "right"},
		{"side of the matrix", "base", "= right", "tab"},
	} {
		wt := plain(t, 120, 40).to(c.to).press(c.before)
		before := wt.screen()
		if wt.press(c.keys); wt.screen() == before {
			t.Errorf("%s: colour alone tells it:\n%s", c.name, before)
		}
	}
	asked := reviewing(t, 120, 40).press("space enter")
	before := asked.screen()
	if asked.press("left"); asked.screen() == before {
		t.Error("the answer under the cursor is told by colour alone")
	}
	pieces := rerunning(t, 120, 40).press("h")
	before = pieces.screen()
	if pieces.press("down"); pieces.screen() == before {
		t.Error("the piece under the cursor is told by colour alone")
	}
}
