package wizard

import (
	"slices"
	"strings"
	"testing"
)

func TestRulesNameWhatTheCatalogueHas(t *testing.T) {
	for _, r := range Rules() {
		if !strings.HasSuffix(r.Why, ".") || strings.Count(strings.TrimSuffix(r.Why, "."), ". ") > 0 {
			t.Errorf("the reason is one sentence: %q", r.Why)
		}
		if len(r.When) == 0 || len(r.Excludes) == 0 {
			t.Errorf("%q has an empty side", r.Why)
		}
		for _, side := range []map[string][]string{r.When, r.Excludes} {
			for id, choices := range side {
				q, ok := Find(id)
				if !ok {
					t.Errorf("%q names no question: %s", r.Why, id)
				}
				for _, c := range choices {
					if _, ok := q.Choice(c); !ok {
						t.Errorf("%q names no choice of %s: %s", r.Why, id, c)
					}
				}
			}
		}
	}
}

// What a project installs can exclude a base, as a choice can.
func TestPackagesExcludeABase(t *testing.T) {
	for _, r := range projectRules() {
		if !strings.HasSuffix(r.Why, ".") || len(r.When) != 1 || r.Excludes != nil {
			t.Errorf("%+v", r)
		}
		base := r.When["base"][0]
		for _, name := range r.Packages {
			a := Defaults()
			a.Project.Packages = map[string]string{name: "1.0", "fastapi": "0.1"}
			if err := a.Validate(); err != nil {
				t.Errorf("%s on %s: %v", name, a.Base, err)
			}
			if why := Excluded(a, "base", base); why != r.Why {
				t.Errorf("%s excludes %s because %q", name, base, why)
			}
			a.Base = base
			if err := a.Validate(); err == nil || !strings.Contains(err.Error(), "the package "+name+" exclude") {
				t.Errorf("%s on %s: %v", name, base, err)
			}
			for _, brings := range r.Unless {
				a.Project.Packages = map[string]string{name: "1.0", brings: "1.0"}
				if why := Excluded(a, "base", base); why == r.Why {
					t.Errorf("%s is refused on %s beside %s", name, base, brings)
				}
			}
		}
	}
	a := Defaults()
	a.Base, a.Project.Packages = "distroless", map[string]string{"psycopg2": "2.9"}
	if err := a.Validate(); err != nil {
		t.Error(err)
	}
}

// A warning is no refusal, and names what it is about.
func TestPackagesWarnOfABase(t *testing.T) {
	a := Defaults()
	a.Project.Packages = map[string]string{"scikit-learn": "1.9", "lz4": "4.4", "numpy": "2.0"}
	if Warnings(a) != nil || Warning(a, "base", "slim") != "" || Warning(a, "traffic", "high") != "" {
		t.Errorf("warned without reason: %q", Warnings(a))
	}
	if got := Warning(a, "base", "alpine"); !strings.HasPrefix(got, "lz4, scikit-learn: the newest have no wheel for musl") || a.Base != "slim" {
		t.Errorf("%q on %s", got, a.Base)
	}
	a.Base = "alpine"
	if got := Warnings(a); a.Validate() != nil || len(got) != 1 || !strings.HasPrefix(got[0], "base alpine with lz4, scikit-learn: the newest have no wheel for musl") {
		t.Errorf("%q, %v", got, a.Validate())
	}
	for _, r := range warnings() {
		for _, refusal := range projectRules() {
			for _, name := range r.Packages {
				if slices.Contains(refusal.Packages, name) && refusal.When["base"][0] == r.When["base"][0] {
					t.Errorf("%s is refused, and warned of", name)
				}
			}
		}
		if !slices.IsSorted(r.Packages) {
			t.Errorf("not in order: %q", r.Packages)
		}
	}
}

// A choice is greyed out exactly when answers with it would be refused.
func TestExcludedAndValidateAgree(t *testing.T) {
	for _, base := range choicesOf(t, "base") {
		for _, dependencies := range choicesOf(t, "dependencies") {
			for _, python := range choicesOf(t, "python") {
				a := Defaults()
				a.Base, a.Dependencies, a.Python = base, dependencies, python
				broken := a.Validate() != nil
				var excluded bool
				for id, choice := range map[string]string{"base": base, "dependencies": dependencies, "python": python} {
					excluded = excluded || Excluded(a, id, choice) != ""
				}
				if broken != excluded || broken != (len(Broken(a)) > 0) {
					t.Errorf("%s %s %s: Validate refuses %v, Excluded %v, Broken %d", base, dependencies, python, broken, excluded, len(Broken(a)))
				}
			}
		}
	}
}

func TestEveryChoiceIsPossible(t *testing.T) {
	for _, q := range Catalogue() {
		for _, c := range q.Choices {
			possible := slices.ContainsFunc(choicesOf(t, "base"), func(base string) bool {
				return slices.ContainsFunc(choicesOf(t, "python"), func(python string) bool {
					a := Defaults()
					a.Base, a.Python = base, python
					return a.Set(q.ID, c.ID) == nil && a.Validate() == nil
				})
			})
			if !possible {
				t.Errorf("no answers with %s %s are valid", q.ID, c.ID)
			}
		}
	}
}

func TestARuleIsExplained(t *testing.T) {
	a := Defaults()
	a.Base, a.Dependencies = "alpine", "conda"
	err := a.Validate()
	if err == nil || !strings.Contains(err.Error(), "base alpine and dependencies conda exclude each other: ") || !strings.Contains(err.Error(), "musl") {
		t.Errorf("got %v", err)
	}
	if why := Excluded(a, "traffic", "high"); why != "" {
		t.Errorf("a question that no rule names is excluded: %s", why)
	}
	b := Defaults()
	if Excluded(b, "base", "alpine") != "" || b.Base != "slim" {
		t.Errorf("Excluded changed the answers or excludes too much: %+v", b)
	}
}

func choicesOf(t *testing.T, id string) []string {
	q, ok := Find(id)
	if !ok {
		t.Fatal(id)
	}
	return q.choiceIDs()
}
