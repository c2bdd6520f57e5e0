package main

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
)

// method tells what is compared and how; the table comes before it.
//
//go:embed method.md
var method string

// An environment is what the figures depend on.
type environment struct {
	date   string
	davit  string
	engine string
	cpus   int
	rounds int
	starts int
}

// A row shows one measure.
type row struct {
	measure string
	unit    func(float64) string
}

var rows = []row{
	{imageSize, megabytes},
	{aboveBase, megabytes},
	{cold, seconds},
	{newSource, seconds},
	{newPackage, seconds},
	{toHealthy, seconds},
	{stopIdle, seconds},
	{stopServing, seconds},
}

func megabytes(bytes float64) string { return fmt.Sprintf("%.1f MB", bytes/1e6) }
func seconds(s float64) string       { return fmt.Sprintf("%.2f s", s) }

// report writes BENCHMARKS.md: the first contender is 1.0, and smaller is better.
func report(e environment, results []result, minimum int64) string {
	var b strings.Builder
	fmt.Fprintln(&b, "# Measured against what people use now")
	fmt.Fprintf(&b, "\nThe same small service, in one run on one engine, as a ratio to %s: smaller is better.\n", contenders[0].name)
	fmt.Fprintf(&b, "Median of %d builds and %d starts each, on %s; davit %s, Docker Engine %s, %d CPUs.\n\n",
		e.rounds, 2*e.starts, e.date, e.davit, e.engine, e.cpus)

	cells := []string{""}
	for _, c := range contenders {
		cells = append(cells, c.name)
	}
	line(&b, append(cells, "noise"))
	line(&b, slices.Concat([]string{"---"}, slices.Repeat([]string{"--:"}, len(contenders)+1)))
	for _, r := range rows {
		first, noise := median(results[0].samples[r.measure]), 0.0
		cells := []string{r.measure}
		for _, contender := range results {
			samples := contender.samples[r.measure]
			m := median(samples)
			cells = append(cells, fmt.Sprintf("**%.2f** (%s)", m/first, r.unit(m)))
			noise = max(noise, spread(samples))
		}
		quiet := "–"
		if len(results[0].samples[r.measure]) > 1 {
			quiet = fmt.Sprintf("%.0f %%", 100*noise)
		}
		line(&b, append(cells, quiet))
		if r.measure == aboveBase {
			line(&b, times(results, minimum))
		}
	}
	facts := []struct {
		name  string
		value func(result) string
	}{
		{"In-flight requests answered", func(r result) string { return fmt.Sprintf("%d of %d", r.answered, r.asked) }},
		{"Runs as", func(r result) string { return user(r.user) }},
		{"Findings of `docker build --check`", func(r result) string { return fmt.Sprint(r.findings) }},
	}
	for _, f := range facts {
		cells := []string{f.name}
		for _, r := range results {
			cells = append(cells, f.value(r))
		}
		line(&b, append(cells, "–"))
	}
	fmt.Fprintf(&b, "\nNoise is the widest distance of a sample from its median. The bare minimum is %s.\n\n", megabytes(float64(minimum)))
	b.WriteString(method)
	return b.String()
}

// times is the row that compares with what no image can do without.
func times(results []result, minimum int64) []string {
	cells := []string{"… as a multiple of the bare minimum"}
	for _, r := range results {
		cells = append(cells, fmt.Sprintf("%.2f ×", median(r.samples[aboveBase])/float64(minimum)))
	}
	return append(cells, "–")
}

func user(configured string) string {
	switch configured {
	case "", "0", "0:0", "root":
		return "root"
	default:
		return "`" + configured + "`"
	}
}

func line(b *strings.Builder, cells []string) {
	fmt.Fprintf(b, "| %s |\n", strings.Join(cells, " | "))
}

func median(samples []float64) float64 {
	sorted := slices.Sorted(slices.Values(samples))
	n := len(sorted)
	if n == 0 {
		return 0
	}
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// spread is the widest distance from the median, as a share of it.
func spread(samples []float64) float64 {
	m, widest := median(samples), 0.0
	for _, s := range samples {
		widest = max(widest, s/m-1, 1-s/m)
	}
	return widest
}
