package tui

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/davit-cli/davit/wizard/inspect"
)

// helped are the keys that the help of the present screen names, as keyOf knows
// them.
func (wt *wizardTest) helped() []string {
	var all []string
	for _, g := range wt.m.allKeys() {
		for _, b := range g.keys {
			text := b.Help().Key
			switch text {
			case "/":
				all = append(all, "/")
				continue
			case "ctrl+u/d":
				text = "ctrl+u ctrl+d"
			case "ctrl+←→":
				text = "ctrl+left ctrl+right"
			case "esc/=", "=/f2":
				all = append(all, "=")
			}
			text = strings.NewReplacer("←→", "left right", "↑", "up", "↓", "down", "←", "left", "→", "right", "pgdn", "pgdown").Replace(text)
			all = append(all, strings.FieldsFunc(text, func(r rune) bool { return r == '/' || r == ' ' })...)
		}
	}
	return all
}

// same are keys that do what another does.
var same = map[string]string{"home": "g", "end": "G", "x": "space", "shift+tab": "esc", "Y": "y",
	"ctrl+left": "[", "ctrl+right": "]", "shift+left": "<", "shift+right": ">", "ctrl+p": "p", "f2": "=", "f1": "?"}

// Each key that does something on a screen is in its help, itself or the one
// that does the same, and each key of the help is one that davit knows.
func TestTheHelpHasTheKeysThatWork(t *testing.T) {
	keys := strings.Fields(`up down left right j k h l space x a enter tab esc shift+tab ctrl+left ctrl+right [ ] ctrl+u ctrl+d
		pgup pgdown home end g G c / n N f v y Y w # < > shift+left shift+right i e r ctrl+r = f2 u d q t s m b p ctrl+p ? f1`)
	written := plain(t, 120, 40).to("review").press("enter").m.dir
	reads := func(wt *wizardTest) *wizardTest { wt.m.preview.scrollTo(5); return wt }
	for name, screen := range map[string]struct {
		to   func(t *testing.T) *wizardTest
		more string // keys that are more than the help needs
	}{
		"starter":  {func(t *testing.T) *wizardTest { return plain(t, 120, 40, finds(inspect.Facts{})) }, "left right h l space x"},
		"question": {func(t *testing.T) *wizardTest { return reads(plain(t, 120, 40).to("traffic").press("down")) }, "left right h l"},
		"list":     {func(t *testing.T) *wizardTest { return reads(plain(t, 120, 40).to("target").press("down space down")) }, ""},
		"button":   {func(t *testing.T) *wizardTest { return reads(plain(t, 120, 40).to("details")) }, ""},
		"value": {func(t *testing.T) *wizardTest {
			return reads(plain(t, 120, 40).to("details").press("up up up up up up up up up"))
		}, ""},
		"services": {func(t *testing.T) *wizardTest { return plain(t, 120, 40).to("details").press("up up up down") }, ""},
		"again":    {func(t *testing.T) *wizardTest { return plain(t, 120, 40).to("review").press("esc") }, ""},
		"review":   {func(t *testing.T) *wizardTest { return reads(reviewing(t, 120, 40)) }, ""},
		"done": {func(t *testing.T) *wizardTest {
			return plain(t, 120, 40, again(t, written))
		}, "right"},
		"pieces":  {func(t *testing.T) *wizardTest { return reviewing(t, 120, 40).press("h") }, "h"},
		"reading": {func(t *testing.T) *wizardTest { return plain(t, 120, 40).press("p j j j j j j j j j j j j ctrl+d >") }, ""},
		"edited":  {func(t *testing.T) *wizardTest { return reviewing(t, 120, 40).press("d p j j j >") }, ""},
		"compare": {func(t *testing.T) *wizardTest { return plain(t, 120, 40).to("target").press("= i ctrl+d >") }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			help := screen.to(t).helped()
			known := slices.Concat(help, strings.Fields(screen.more))
			for _, k := range keys {
				wt := screen.to(t)
				look := func() string {
					return fmt.Sprint(wt.m.frame(), wt.m.answers, wt.m.preview.here(), wt.m.at, wt.quit)
				}
				before := look()
				wt.press(k)
				told := wt.m.notice != "" || wt.m.pane().said != "" // why it does nothing
				if look() != before && !told && !slices.Contains(known, k) && !slices.Contains(known, same[k]) {
					t.Errorf("%s does something that the help does not tell", k)
				}
			}
			for _, k := range help {
				if !slices.Contains(keys, k) && !slices.Contains([]string{"ctrl+z", "ctrl+c", "ctrl+v", "wheel", "click"}, k) {
					t.Errorf("the help has %q, which is no key", k)
				}
			}
		})
	}
}

// What a key would only refuse is left out, in favour of one that shows the file.
func TestTheReviewsFooterHasTheKeysOfTheFile(t *testing.T) {
	wt := reviewing(t, 80, 24)
	wt.shows("h pieces   d diff")
	wt.press("down").hides("h pieces")
	wt.shows("p preview")
	wt.press("up").shows("h pieces   d diff")
}
