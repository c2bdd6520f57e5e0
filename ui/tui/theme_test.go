package tui

import (
	"image/color"
	"math"
	"testing"

	"charm.land/lipgloss/v2"
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
		for name, back := range map[string]string{"good": c.palette.good, "bad": c.palette.bad} {
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
