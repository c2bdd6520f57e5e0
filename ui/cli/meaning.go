package cli

import (
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
	var table strings.Builder
	t := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "\ta\tb")
	others := b.Aspects()
	for i, row := range a.Aspects() {
		mark := " "
		if row.Text != others[i].Text {
			mark = "*"
		}
		fmt.Fprintf(t, "%s %s\t%s\t%s\n", mark, row.Name, row.Text, others[i].Text)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for line := range strings.Lines(table.String()) {
		fmt.Fprintln(r.out, strings.TrimRight(line, " \n"))
	}
	fmt.Fprintf(r.out, "\n* differs. %s\n", a.SizeNote())
	if a.Variant != b.Variant {
		fmt.Fprintln(r.out)
	}
	points(r.out, "a", a, b)
	points(r.out, "b", b, a)
	return nil
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
