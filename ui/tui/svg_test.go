package tui

import (
	"fmt"
	"image/color"
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
)

// The picture's cells in SVG units, and its colours where the terminal's own
// are meant.
const (
	cellW, cellH = 8.4, 18.0
	fontSize     = 14.0
	margin       = 22.0
	barH         = 30.0
)

// svg draws a frame as a terminal window. Runs of cells with one style are one
// text, stretched to its cells so that every font keeps the columns; lines are
// drawn as shapes, so that they join.
func svg(title, frame string, w, h int, background, foreground string) string {
	buf := uv.NewScreenBuffer(w, h)
	buf.Method = ansi.GraphemeWidth
	uv.NewStyledString(frame).Draw(buf, uv.Rect(0, 0, w, h))
	width, height := float64(w)*cellW+2*margin, float64(h)*cellH+barH+margin
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%g" height="%g" viewBox="0 0 %g %g">`+"\n", width, height, width, height)
	fmt.Fprintf(&b, `<title>%s</title>`+"\n", title)
	fmt.Fprintf(&b, `<style>text{font-family:ui-monospace,SFMono-Regular,"JetBrains Mono","SF Mono",Menlo,Consolas,"DejaVu Sans Mono","Liberation Mono",monospace;font-size:%gpx;fill:%s;white-space:pre}.b{font-weight:bold}.i{font-style:italic}</style>`+"\n", fontSize, foreground)
	fmt.Fprintf(&b, `<rect x="0.5" y="0.5" width="%g" height="%g" rx="10" fill="%s" stroke="#3A424D"/>`+"\n", width-1, height-1, background)
	for i := range 3 {
		fmt.Fprintf(&b, `<circle cx="%g" cy="17" r="5.5" fill="#3A424D"/>`+"\n", margin+float64(i)*19)
	}
	fmt.Fprintf(&b, `<g transform="translate(%g %g)">`+"\n", margin, barH)
	for y := range h {
		svgLine(&b, buf, y, w, foreground)
	}
	b.WriteString("</g>\n</svg>\n")
	return b.String()
}

type run struct {
	x, cells int
	text     strings.Builder
	style    uv.Style
}

func svgLine(b *strings.Builder, buf uv.ScreenBuffer, y, w int, foreground string) {
	var r *run
	flush := func() {
		if r != nil {
			r.draw(b, y, foreground)
		}
		r = nil
	}
	for x := 0; x < w; x++ {
		c := buf.CellAt(x, y)
		if c == nil || c.Width == 0 {
			continue
		}
		if c.Style.Attrs&uv.AttrReverse != 0 {
			c = c.Clone()
			c.Style.Bg, c.Style.Fg = lipgloss.Color(hexOf(c.Style.Fg, foreground)), lipgloss.Color("#0F1419")
			c.Style.Attrs &^= uv.AttrReverse
		}
		if shape := lineShape(c.Content, x, y, hexOf(c.Style.Fg, foreground)); shape != "" {
			flush()
			b.WriteString(shape)
			continue
		}
		blank := strings.TrimSpace(c.Content) == "" && c.Style.Bg == nil
		if blank && (r == nil || r.style.Bg != nil) {
			flush()
			continue
		}
		if r != nil && r.style.Bg != nil && strings.TrimSpace(c.Content) == "" && hexOf(r.style.Bg, "") == hexOf(c.Style.Bg, "") {
			r.text.WriteString(c.Content)
			r.cells += c.Width
			continue
		}
		if r != nil && r.style.Bg != nil && strings.TrimSpace(r.text.String()) == "" && hexOf(r.style.Bg, "") == hexOf(c.Style.Bg, "") {
			r.style = c.Style
		}
		if r != nil && (!blank && !r.style.Equal(&c.Style) || blank && nextBlank(buf, x+1, y, w)) {
			flush()
		}
		if blank && r == nil {
			continue
		}
		if r == nil {
			r = &run{x: x, style: c.Style}
		}
		r.text.WriteString(c.Content)
		r.cells += c.Width
	}
	flush()
}

// nextBlank reports whether a run of blanks goes on, where a text ends.
func nextBlank(buf uv.ScreenBuffer, x, y, w int) bool {
	if x >= w {
		return true
	}
	c := buf.CellAt(x, y)
	return c == nil || strings.TrimSpace(c.Content) == ""
}

func (r *run) draw(b *strings.Builder, y int, foreground string) {
	text := strings.TrimRight(r.text.String(), " ")
	if r.style.Bg != nil {
		text = r.text.String()
		fmt.Fprintf(b, `<rect x="%.1f" y="%g" width="%.1f" height="%g" rx="3" fill="%s"/>`+"\n",
			float64(r.x)*cellW, float64(y)*cellH, float64(r.cells)*cellW, cellH, hexOf(r.style.Bg, foreground))
	}
	indent := len(text) - len(strings.TrimLeft(text, " "))
	text = strings.TrimSpace(text)
	cells := ansi.StringWidth(text)
	if text == "" {
		return
	}
	var class []string
	if r.style.Attrs&uv.AttrBold != 0 {
		class = append(class, "b")
	}
	if r.style.Attrs&uv.AttrItalic != 0 {
		class = append(class, "i")
	}
	attrs := ""
	if class != nil {
		attrs = fmt.Sprintf(` class="%s"`, strings.Join(class, " "))
	}
	if r.style.Fg != nil {
		attrs += fmt.Sprintf(` fill="%s" style="fill:%[1]s"`, hexOf(r.style.Fg, foreground))
	}
	fmt.Fprintf(b, `<text x="%.1f" y="%.1f" xml:space="preserve" textLength="%.1f" lengthAdjust="spacingAndGlyphs"%s>%s</text>`+"\n",
		float64(r.x+indent)*cellW, float64(y)*cellH+13, float64(cells)*cellW, attrs, escapeXML(text))
}

// lineShape draws the signs that have to touch their neighbours.
func lineShape(s string, x, y int, colour string) string {
	left, top := float64(x)*cellW, float64(y)*cellH
	midX, midY := left+cellW/2, top+cellH/2
	rect := func(x, y, w, h float64) string {
		return fmt.Sprintf(`<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="%s"/>`+"\n", x, y, w, h, colour)
	}
	across, down := rect(left, midY-0.5, cellW, 1), rect(midX-0.5, top, 1, cellH)
	switch s {
	case "─":
		return across
	case "━":
		return rect(left, midY-1, cellW, 2)
	case "│":
		return down
	case "┬":
		return across + rect(midX-0.5, midY, 1, cellH/2)
	case "┴":
		return across + rect(midX-0.5, top, 1, cellH/2)
	case "╭":
		return rect(midX-0.5, midY, 1, cellH/2) + rect(midX, midY-0.5, cellW/2, 1)
	case "╮":
		return rect(midX-0.5, midY, 1, cellH/2) + rect(left, midY-0.5, cellW/2, 1)
	case "╰":
		return rect(midX-0.5, top, 1, cellH/2) + rect(midX, midY-0.5, cellW/2, 1)
	case "╯":
		return rect(midX-0.5, top, 1, cellH/2) + rect(left, midY-0.5, cellW/2, 1)
	case "▎":
		return rect(left, top, cellW/4, cellH)
	case "▔":
		return rect(left, top, cellW, 1.5)
	}
	return ""
}

func hexOf(c color.Color, otherwise string) string {
	if c == nil {
		return otherwise
	}
	r, g, b, _ := c.RGBA()
	return fmt.Sprintf("#%02X%02X%02X", r>>8, g>>8, b>>8)
}

func escapeXML(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}
