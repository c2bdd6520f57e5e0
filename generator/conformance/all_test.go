package conformance

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/davit-cli/davit/wizard"
)

// TestEveryCombination judges all that davit can generate.
func TestEveryCombination(t *testing.T) {
	start := time.Now()
	s := All()
	t.Logf("%v, in %v", s, time.Since(start).Round(100*time.Millisecond))
	for _, line := range s.Table() {
		t.Log(line)
	}
	for _, trouble := range s.Troubles {
		t.Error(trouble)
	}
	if s.Combinations < 1000 || s.Distinct < 1000 {
		t.Errorf("%d combinations with %d distinct files are too few to prove anything", s.Combinations, s.Distinct)
	}
	for _, j := range Judges() {
		t.Run(j.Name, func(t *testing.T) {
			needJudge(t, j)
			if s.Verdicts[j.Name] == 0 {
				t.Error("has judged nothing")
			}
		})
	}
	for i, e := range excused {
		if s.Excused[i] == 0 && s.Verdicts[e.judge] > 0 {
			t.Errorf("%s/%s is excused (%s) and takes no finding any more", e.judge, e.rule, e.why)
		}
	}
}

// needJudge skips the test where a judge lacks its program; in CI that is a failure.
func needJudge(t *testing.T, j Judge) {
	t.Helper()
	switch err := j.Missing(); {
	case err == nil:
	case os.Getenv("CI") == "true":
		t.Fatalf("%s could not judge, and in CI it has to: %v", j.Name, err)
	default:
		t.Skipf("%s judged nothing: %v", j.Name, err)
	}
}

func judgeNamed(name string) Judge {
	return Judges()[slices.IndexFunc(Judges(), func(j Judge) bool { return j.Name == name })]
}

// Each set of extras has to meet each trio of what decides the Dockerfile.
func TestEverySetOfExtrasMeetsEveryTrio(t *testing.T) {
	extra, _ := wizard.Find("extra")
	met, trios := map[string]bool{}, map[string]bool{}
	for a := range Combinations() {
		trio := strings.Join([]string{a.Dependencies, a.Traffic, a.Base}, "/")
		trios[trio] = true
		met[trio+" "+strings.Join(a.Extras, "+")] = true
	}
	for trio := range trios {
		for _, set := range possible(extra) {
			if !met[trio+" "+strings.Join(set, "+")] {
				t.Errorf("%s never comes with the extras %v", trio, set)
			}
		}
	}
}

func TestEverySampleOccurs(t *testing.T) {
	seen := map[string]bool{}
	for a := range Combinations() {
		if err := a.Validate(); err != nil {
			t.Fatal(err)
		}
		for id := range samples {
			for _, v := range append(a.Get(id), "") {
				seen[id+"="+v] = true
			}
		}
	}
	for id, values := range samples {
		for _, v := range values {
			if !seen[id+"="+v] {
				t.Errorf("%s %q never occurs", id, v)
			}
		}
	}
}
