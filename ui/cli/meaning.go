package cli

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/davit-cli/davit/generator"
)

// meaningRecord is what one of two compared variants comes to, as JSON.
type meaningRecord struct {
	Base       string        `json:"base"`
	BaseMB     float64       `json:"base_mb"`
	Dated      string        `json:"base_mb_dated"`
	Layers     int           `json:"layers"`
	User       string        `json:"user"`
	Shell      string        `json:"shell"`
	Installers []string      `json:"installers"`
	Server     string        `json:"server"`
	Processes  int           `json:"processes"`
	OneOn      []string      `json:"one_process_on"`
	Gains      []pointRecord `json:"gains"`
	Costs      []pointRecord `json:"costs"`
}

type pointRecord struct {
	Question string `json:"question"`
	Choice   string `json:"choice"`
	Text     string `json:"text"`
}

func recordOf(m generator.Meaning) meaningRecord {
	points := func(all []generator.Point) []pointRecord {
		records := []pointRecord{}
		for _, p := range all {
			records = append(records, pointRecord(p))
		}
		return records
	}
	return meaningRecord{
		Base: m.Base, BaseMB: m.BaseMB, Dated: m.Dated, Layers: m.Layers, User: m.User, Shell: m.Shell,
		Installers: append([]string{}, m.Tools...), Server: m.Server, Processes: m.Processes, OneOn: append([]string{}, m.OneOn...),
		Gains: points(m.Gains), Costs: points(m.Costs),
	}
}

// meanings prints two variants side by side, with a star where they differ,
// and what the answers that only one of them has give and take.
func (r *runner) meanings(a, b generator.Meaning) error {
	rows := []struct {
		title string
		of    func(generator.Meaning) string
	}{
		{"base", func(m generator.Meaning) string { return m.Base }},
		{"pull", func(m generator.Meaning) string { return fmt.Sprintf("%.0f MB", m.BaseMB) }},
		{"layers", func(m generator.Meaning) string { return fmt.Sprintf("%d more", m.Layers) }},
		{"user", func(m generator.Meaning) string { return m.User }},
		{"shell", func(m generator.Meaning) string { return cmp.Or(m.Shell, "none") }},
		{"installs", func(m generator.Meaning) string { return cmp.Or(strings.Join(m.Tools, ", "), "nothing") }},
		{"server", server},
		{"files", func(m generator.Meaning) string { return fmt.Sprint(m.Files) }},
	}
	var table strings.Builder
	t := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "\ta\tb")
	for _, row := range rows {
		mark := " "
		if row.of(a) != row.of(b) {
			mark = "*"
		}
		fmt.Fprintf(t, "%s %s\t%s\t%s\n", mark, row.title, row.of(a), row.of(b))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for line := range strings.Lines(table.String()) {
		fmt.Fprintln(r.out, strings.TrimRight(line, " \n"))
	}
	fmt.Fprintf(r.out, "\n* differs. A pull is of the base alone: compressed, for amd64, on %s.\n", a.Dated)
	if a.Variant != b.Variant {
		fmt.Fprintln(r.out)
	}
	points(r.out, "a", a, b)
	points(r.out, "b", b, a)
	return nil
}

// server says who takes the requests.
func server(m generator.Meaning) string {
	said := m.Server + ", 1 process"
	if m.Processes > 1 {
		said = fmt.Sprintf("%s, %d processes", m.Server, m.Processes)
	}
	if len(m.OneOn) > 0 {
		said += ", 1 on " + strings.Join(m.OneOn, ", ")
	}
	return said
}

// points prints gain and cost of each answer that one has and the other has not.
func points(out io.Writer, name string, m, other generator.Meaning) {
	for i, gain := range m.Gains {
		if slices.Contains(other.Gains, gain) {
			continue
		}
		fmt.Fprintf(out, "%s: %s %s\n   + %s\n   - %s\n", name, gain.Question, gain.Choice, gain.Text, m.Costs[i].Text)
	}
}
