package tui

import (
	"slices"
	"strings"

	"github.com/davit-cli/davit/generator"
	"github.com/davit-cli/davit/wizard"
	"github.com/davit-cli/davit/wizard/inspect"
)

// found is what inspection told, by question.
type found struct {
	state findings
	err   error
	facts inspect.Facts
	rows  [][3]string // label, value and evidence of what was found
}

type findings int

const (
	looking findings = iota
	ready
	failed
)

// fact returns what was found for a question.
func (f found) fact(id string) inspect.Fact {
	switch id {
	case "name":
		fact := f.facts.Name
		if fact.Evidence == "." {
			fact.Evidence = folderEvidence
		}
		return fact
	case "dependencies":
		return f.facts.Dependencies
	case "app":
		return f.facts.App.Fact
	case "python":
		return f.facts.Python
	case "port":
		return f.facts.Port
	case "health_path":
		return f.facts.HealthPath
	case "worker":
		return f.facts.Worker
	}
	return inspect.Fact{}
}

// candidates are the values to choose from, the likeliest first.
func (f found) candidates(id string) []string {
	fact := f.fact(id)
	list := slices.Clone(fact.Candidates)
	if fact.Value != "" && len(list) > 0 && !slices.Contains(list, fact.Value) {
		list = append([]string{fact.Value}, list...)
	}
	return list
}

// undecided reports whether inspection found several values and chose none,
// and the answer is none of them.
func (f found) undecided(q wizard.Question, a wizard.Answers) bool {
	fact := f.fact(q.ID)
	return fact.Value == "" && len(fact.Candidates) > 1 && !slices.Contains(fact.Candidates, first(a.Get(q.ID)))
}

// evidence is where the present answer was found, or "".
func (f found) evidence(q wizard.Question, a wizard.Answers) string {
	if q.ID == "service" {
		var where []string
		for _, s := range f.facts.Services {
			if slices.Contains(a.Services, s.Value) && !slices.Contains(where, s.Evidence) {
				where = append(where, s.Evidence)
			}
		}
		return shownName(strings.Join(where, ", "))
	}
	if fact := f.fact(q.ID); fact.Value != "" && fact.Value == first(a.Get(q.ID)) {
		return shownName(fact.Evidence)
	}
	return ""
}

// remark is what the folder says against an answer: in a few words, and in a
// sentence; "" where it says nothing.
func (f found) remark(q wizard.Question, a wizard.Answers) (short, sentence string) {
	short = notThere
	switch q.ID {
	case "port":
		short, sentence = f.facts.Port.Evidence+" says "+f.facts.Port.Value, f.facts.LowPort(a.Port)
	case "python":
		short, sentence = f.facts.Python.Evidence+" says "+f.facts.Python.Value, f.facts.OldPython(a.Python)
	case "app":
		sentence = f.facts.LacksApp(a.App, a.AppDir)
	case "app_dir":
		sentence = f.facts.LacksDir(a.AppDir)
	}
	if sentence == "" {
		return "", ""
	}
	return spoken(short), upper(spoken(sentence)) // of names in the folder
}

// app reports whether there is an app to run, or several.
func (f found) app() bool {
	return f.facts.App.Value != "" || len(f.facts.App.Candidates) > 0
}

// StarterRefused is why a folder without a FastAPI app gets no starter, or "".
func StarterRefused(f inspect.Facts) string {
	if f.Framework.Value != "" {
		return f.LooksLike()
	}
	return generator.StarterRefused(f.Top)
}

func (f found) starterRefused() string { return StarterRefused(f.facts) }

// starterTexts is the question about the starter and what it is, or where it is
// not offered, why.
func (f found) starterTexts() (title, help string) {
	switch why := f.starterRefused(); {
	case why == "":
		return starterTitle, starterHelp
	case f.facts.Framework.Value != "":
		return starterNone, starterOther
	default:
		return starterNone, spoken(starterOwn + why + ".")
	}
}

// list puts the facts into rows, in catalogue order.
func (f found) list() [][3]string {
	var rows [][3]string
	for _, q := range wizard.Catalogue() {
		if q.ID == "service" {
			for _, s := range f.facts.Services {
				value := s.Value
				if _, ok := q.Choice(value); !ok {
					value += elsewhereText
				}
				rows = append(rows, [3]string{"Service", value, s.Evidence})
			}
			for _, s := range f.facts.Optional {
				rows = append(rows, [3]string{optionalText, s.Value, s.Evidence})
			}
			continue
		}
		fact := f.fact(q.ID)
		switch {
		case q.ID == "app" && fact.Value != "" && len(fact.Candidates) > 1:
			rows = append(rows, [3]string{label(q), oneOf(fact.Value, len(fact.Candidates)), fact.Evidence})
		case fact.Value != "":
			rows = append(rows, [3]string{label(q), fact.Value, fact.Evidence})
		case len(fact.Candidates) > 1:
			rows = append(rows, [3]string{label(q), plural(len(fact.Candidates), "candidate"), ""})
		}
	}
	for i, r := range rows {
		rows[i] = [3]string{r[0], shownName(r[1]), shownName(r[2])}
	}
	return rows
}

// lines draws the facts as a list, at most as many lines as given; in one line
// where there is room for no more.
func (f found) lines(t *theme, w, most int) []string {
	if most <= 0 {
		return nil
	}
	switch f.state {
	case looking:
		return []string{t.dim.of(cut(lookingText, w))}
	case failed:
		return wrapped("✗ ", cannotInspect+spoken(f.err.Error()), t.warn, w)
	}
	var out []string
	rows := f.rows
	if len(rows) == 0 {
		return nil
	}
	if most < 4 {
		var values []string
		for _, r := range rows {
			values = append(values, r[1])
		}
		return []string{t.dim.of(cut(foundTitle+": "+strings.Join(values, " · "), w))}
	}
	out = append(out, t.title.of(foundTitle))
	for i, r := range rows {
		if len(out) == most-1 && i < len(rows)-1 {
			return append(out, t.dim.of("and "+plural(len(rows)-i, "more value")+moreFound))
		}
		left := t.dim.of(pad(r[0], labelWidth)) + r[1]
		out = append(out, withSource(left, r[2], t.dim, w))
	}
	return out
}
