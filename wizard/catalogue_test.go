package wizard

import (
	"slices"
	"strings"
	"testing"
)

func TestCatalogueIsWellFormed(t *testing.T) {
	seen := map[string]bool{}
	for _, q := range Catalogue() {
		t.Run(q.ID, func(t *testing.T) {
			if seen[q.ID] || seen["--"+q.Flag] {
				t.Errorf("id or flag %q is there twice", q.Flag)
			}
			seen[q.ID], seen["--"+q.Flag] = true, true
			if q.Flag != strings.ReplaceAll(q.ID, "_", "-") {
				t.Errorf("flag %q does not follow from the id", q.Flag)
			}
			if q.Title == "" || !strings.HasSuffix(q.Help, ".") && !strings.Contains(q.Help, "such as") {
				t.Errorf("title %q, help %q: both are sentences that users read", q.Title, q.Help)
			}
			if (q.Kind == Choose) != (len(q.Choices) > 0) {
				t.Errorf("kind %s with %d choices", q.Kind, len(q.Choices))
			}
			if (q.Kind == Text || q.Kind == Number) != (q.check != nil) {
				t.Errorf("kind %s has a check: %v", q.Kind, q.check != nil)
			}
			if !slices.Contains([]Room{Main, Confirm, Extra}, q.Room) {
				t.Errorf("room %q", q.Room)
			}
			if got, err := q.Check(q.Default...); err != nil || !slices.Equal(got, q.Default) {
				t.Errorf("its default %q is not accepted as it is: %q, %v", q.Default, got, err)
			}
			ids := map[string]bool{}
			for _, c := range q.Choices {
				if ids[c.ID] || c.ID == "" || c.ID != strings.ToLower(c.ID) || strings.ContainsAny(c.ID, ", /+") {
					t.Errorf("choice %q cannot be typed, or is there twice", c.ID)
				}
				ids[c.ID] = true
				if c.Title == "" || c.Help == "" {
					t.Errorf("choice %s lacks title or help", c.ID)
				}
				if q.Room != Confirm && (c.Gain == "" || c.Cost == "") {
					t.Errorf("choice %s lacks gain or cost", c.ID)
				}
				if found, ok := q.Choice(c.ID); !ok || found != c {
					t.Errorf("Choice(%q) gives %+v", c.ID, found)
				}
			}
			if found, ok := Find(q.ID); !ok || found.Flag != q.Flag {
				t.Errorf("Find gives %+v", found)
			}
		})
	}
	if _, ok := Find("colour"); ok {
		t.Error("Find knows a question that is not there")
	}
}

func TestTheFourMainQuestionsMakeAVariant(t *testing.T) {
	var main []string
	for _, q := range Catalogue() {
		if q.Room == Main {
			main = append(main, q.ID)
		}
	}
	if got := strings.Join(main, " "); got != "dependencies traffic base target" {
		t.Errorf("main questions: %s", got)
	}
	a := Defaults()
	if err := a.Set("target", "kubernetes,compose"); err != nil {
		t.Fatal(err)
	}
	if got := a.Variant(); got != "uv/low/slim/compose+kubernetes" {
		t.Errorf("got %s", got)
	}
}

func TestEveryQuestionHasAPlaceInAnswers(t *testing.T) {
	samples := map[string][]string{
		"name": {"shop"}, "app": {"shop.main:app"}, "factory": {"true"}, "app_dir": {"src"}, "port": {"8080"},
		"health_path": {"/health"}, "worker": {"celery -A app worker"}, "image": {"ghcr.io/acme/shop"}, "organization": {"example.com"},
	}
	for _, q := range Catalogue() {
		values := samples[q.ID]
		if q.Kind == Choose {
			values = []string{q.Choices[len(q.Choices)-1].ID}
		}
		if values == nil {
			t.Errorf("%s: give this test a sample value", q.ID)
			continue
		}
		a, b := Defaults(), Defaults()
		if err := a.Set(q.ID, values...); err != nil {
			t.Errorf("%s: %v", q.ID, err)
		}
		if got := a.Get(q.ID); !slices.Equal(got, values) {
			t.Errorf("%s: got %q, want %q", q.ID, got, values)
		}
		if q.Optional {
			if err := a.Set(q.ID); err != nil || len(a.Get(q.ID)) != 0 {
				t.Errorf("%s cannot be emptied: %v", q.ID, err)
			}
		} else if err := a.Set(q.ID, ""); err == nil {
			t.Errorf("%s takes no answer for one", q.ID)
		}
		if !slices.Equal(b.Get(q.ID), q.Default) {
			t.Errorf("%s: the default is %q, want %q", q.ID, b.Get(q.ID), q.Default)
		}
	}
}

func TestDefaultsAreValid(t *testing.T) {
	if err := Defaults().Validate(); err != nil {
		t.Error(err)
	}
	if (Answers{}).Validate() == nil {
		t.Error("the zero value is valid")
	}
}

func TestCloneSharesNothing(t *testing.T) {
	a := Defaults()
	a.Services, a.Project.Packages, a.Project.Files = []string{"redis"}, map[string]string{"x": "1"}, []string{"a"}
	b := a.Clone()
	b.Targets[0], b.Services[0], b.Project.Packages["x"], b.Project.Files[0] = "fly", "mysql", "2", "b"
	if a.Targets[0] == "fly" || a.Services[0] != "redis" || a.Project.Packages["x"] != "1" || a.Project.Files[0] != "a" {
		t.Errorf("got %+v", a)
	}
}

func TestTheCatalogueCannotBeChangedByItsReaders(t *testing.T) {
	Catalogue()[0].Title = "changed"
	if q := Catalogue()[0]; q.Title == "changed" {
		t.Error("a reader changed the catalogue")
	}
}

// A word that only people know who run containers has its meaning beside it.
func TestWordsOfTheTradeAreExplained(t *testing.T) {
	meanings := map[string]string{"musl": "C library", "wheel": "come compiled", "overlays": "which change them", "factory": "create_app()"}
	for word, meaning := range meanings {
		explained := false
		for _, q := range Catalogue() {
			texts := []string{q.Title + " " + q.Help}
			for _, c := range q.Choices {
				texts = append(texts, c.Help, c.Gain, c.Cost)
			}
			for _, text := range texts {
				explained = explained || strings.Contains(text, word) && strings.Contains(text, meaning)
			}
		}
		if !explained {
			t.Errorf("%s is nowhere explained as %q", word, meaning)
		}
	}
	for _, word := range []string{"supervising", "recycle"} {
		for _, q := range Catalogue() {
			for _, c := range q.Choices {
				if text := c.Help + " " + c.Gain + " " + c.Cost; strings.Contains(text, word) {
					t.Errorf("%s: %q says %s", c.ID, text, word)
				}
			}
		}
	}
	if base, _ := Find("base"); strings.Contains(base.Help, "first") {
		t.Errorf("%q reads like a ranking of the choices", base.Help)
	}
}
