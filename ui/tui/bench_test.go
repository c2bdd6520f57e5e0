package tui

import (
	"context"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/davit-cli/davit/generator"
	"github.com/davit-cli/davit/wizard"
)

// long is the generator with a Dockerfile of 150 lines.
func long(o *Options) {
	sets := newFileSets()
	sets.generate = func(a wizard.Answers) ([]generator.File, error) {
		files, err := generator.Generate(a)
		if err != nil {
			return nil, err
		}
		lines := strings.SplitAfter(files[0].Content, "\n")
		for len(lines) < 150 {
			lines = append(lines, lines...)
		}
		files[0].Content = strings.Join(lines[:150], "")
		return files, nil
	}
	o.sets = &sets
}

// everything is all targets, services and extras: the largest preview.
func everything(o *Options) {
	for _, q := range wizard.Catalogue() {
		if q.Multiple {
			var all []string
			for _, c := range q.Choices {
				all = append(all, c.ID)
			}
			_ = o.Answers.Set(q.ID, all...)
		}
	}
	o.Inspect = nil
	long(o)
}

// BenchmarkKeyPress is a key press to a finished frame, Update and View, with
// the cursor going through the base images: another Dockerfile every time.
func BenchmarkKeyPress(b *testing.B) {
	wt := start(b, 120, 40, long).to("base")
	down := keyOf("down")
	b.ReportAllocs()
	for b.Loop() {
		wt.m.Update(down)
		wt.m.View()
	}
}

// BenchmarkScroll is the same for the preview's place.
func BenchmarkScroll(b *testing.B) {
	wt := start(b, 120, 40, long)
	keys := []tea.KeyPressMsg{keyOf("G"), keyOf("g")}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		wt.m.Update(keys[i%2])
		wt.m.View()
	}
}

// A session is what a person presses on one screen, over and over. It ends
// where it began.
var sessions = []struct {
	name, to, keys string
}{
	{"choosing", "base", "down down up down up up"},
	{"reading", "base", "p j j j ctrl+d ] j j G k k g v j j esc i i w w [ esc"},
	{"searching", "base", "/ f r o m enter n n n N esc esc"},
	{"comparing", "base", "= right left down right right left left up c ] [ ctrl+d ctrl+u tab right left tab esc"},
}

// BenchmarkSessions tells, for the largest preview, what 99 of 100 key presses
// stay under, from the key to a finished frame. The first round, in which
// everything is seen for the first time, counts.
func BenchmarkSessions(b *testing.B) {
	for _, s := range sessions {
		b.Run(s.name, func(b *testing.B) {
			wt := start(b, 120, 40, everything).to(s.to)
			keys := keysOf(s.keys)
			took := make([]time.Duration, 0, b.N)
			for i := 0; b.Loop(); i++ {
				began := time.Now()
				wt.m.Update(keys[i%len(keys)])
				wt.m.View()
				took = append(took, time.Since(began))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
			b.ReportMetric(0, "ns/op") // which includes what stands around
		})
	}
}

func keysOf(names string) []tea.KeyPressMsg {
	var list []tea.KeyPressMsg
	for _, name := range strings.Fields(names) {
		list = append(list, keyOf(name))
	}
	return list
}

// What a key press allocates does not grow with the key presses before it, and
// what is kept does not either.
func TestAllocationsAreFlatOverTenThousandKeyPresses(t *testing.T) {
	wt := start(t, 120, 40, everything).to("base")
	var keys []tea.KeyPressMsg
	for _, s := range sessions {
		keys = append(keys, keysOf(s.keys)...)
	}
	round := func() {
		for _, k := range keys {
			wt.m.Update(k)
			wt.m.View()
		}
	}
	round() // everything has been seen
	const some = 10
	measure := func() (allocations, kept float64) {
		allocations = testing.AllocsPerRun(some, round)
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return allocations, float64(m.HeapAlloc)
	}
	first, keptFirst := measure()
	for range 10000/len(keys) - 2*some {
		round()
	}
	last, keptLast := measure()
	if last > first*1.02 {
		t.Errorf("a round of %d keys allocates %.0f times at first and %.0f times after ten thousand", len(keys), first, last)
	}
	if keptLast > keptFirst*1.1+1<<20 {
		t.Errorf("%.1f MB are kept at first and %.1f MB after ten thousand", keptFirst/1e6, keptLast/1e6)
	}
}

// BenchmarkFirstLook is BenchmarkKeyPress with files that were never seen: nothing is
// generated, lexed or styled before.
func BenchmarkFirstLook(b *testing.B) {
	wt := start(b, 120, 40, long).to("base")
	down := keyOf("down")
	b.ReportAllocs()
	for b.Loop() {
		clear(wt.m.sets.made)
		wt.m.preview.paint(wt.m.theme)
		wt.m.Update(down)
		wt.m.View()
	}
}

// BenchmarkFirstFrame is everything from options to the first frame, in a
// process whose lexers are compiled.
func BenchmarkFirstFrame(b *testing.B) {
	for b.Loop() {
		m := newModel(context.Background(), Options{Dir: ".", Answers: wizard.Defaults()})
		m.Update(tea.WindowSizeMsg{Width: 120, Height: 40})
		m.View()
	}
}
