package conformance

import (
	"os"
	"testing"
	"time"
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
		switch err := j.Missing(); {
		case err != nil && os.Getenv("CI") == "true":
			t.Errorf("%s has not judged, and in CI it has to: %v", j.Name, err)
		case err == nil && s.Verdicts[j.Name] == 0:
			t.Errorf("%s has judged nothing", j.Name)
		}
	}
	for i, e := range excused {
		if s.Excused[i] == 0 && s.Verdicts[e.judge] > 0 {
			t.Errorf("%s/%s is excused (%s) and takes no finding any more", e.judge, e.rule, e.why)
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
