package disk

import (
	"context"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

func TestEditsAndChangesAreMerged(t *testing.T) {
	for name, c := range map[string]struct{ before, mine, davit, want, marked string }{
		"davit has nothing new":              {"1\n2\n3\n", "1\nmine\n3\n", "1\n2\n3\n", "1\nmine\n3\n", ""},
		"apart":                              {"1\n2\n3\n", "mine\n2\n3\n", "1\n2\ndavit\n", "mine\n2\ndavit\n", ""},
		"the same on both sides":             {"1\n2\n3\n", "1\nx\n3\nmine\n", "1\nx\n3\n", "1\nx\n3\nmine\n", ""},
		"the same lines":                     {"1\n2\n3\n", "1\nmine\n3\n", "1\ndavit\n3\n", "", "1\n<<<<<<< yours\nmine\n=======\ndavit\n>>>>>>> davit\n3\n"},
		"side by side":                       {"1\n2\n3\n", "1\nmine\n3\n", "1\n2\ndavit\n", "", "1\n<<<<<<< yours\nmine\n3\n=======\n2\ndavit\n>>>>>>> davit\n"},
		"both add in one place":              {"1\n2\n", "1\nmine\n2\n", "1\ndavit\n2\n", "", "1\n<<<<<<< yours\nmine\n=======\ndavit\n>>>>>>> davit\n2\n"},
		"one removes what the other changes": {"1\n2\n3\n", "1\n3\n", "1\ndavit\n3\n", "", "1\n<<<<<<< yours\n=======\ndavit\n>>>>>>> davit\n3\n"},
		"Windows' line ends":                 {"1\n2\n3\n", "mine\r\n2\r\n3\r\n", "1\n2\ndavit\n", "mine\r\n2\r\ndavit\r\n", ""},
		"Windows' line ends, conflict":       {"1\n2\n", "mine\r\n2\r\n", "davit\n2\n", "", "<<<<<<< yours\r\nmine\r\n=======\r\ndavit\r\n>>>>>>> davit\r\n2\r\n"},
		"no end of the last line":            {"1\n2\n3\n", "mine\n2\n3", "1\n2\n3\n", "mine\n2\n3", ""},
		"no end, conflict":                   {"1\n2\n", "1\nmine", "1\ndavit\n", "", "1\n<<<<<<< yours\nmine\n=======\ndavit\n>>>>>>> davit\n"},
		"everything removed":                 {"1\n2\n", "", "1\n2\n", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			dir := written(t, file("f", c.before))
			put(t, dir, "f", c.mine)
			plan := compare(t, dir, file("f", c.davit))
			report, err := plan.Write(context.Background(), plan.Decide(Merge))
			if err != nil {
				t.Fatal(err)
			}
			got := contents(t, dir)["f"]
			if c.marked == "" {
				if got != c.want || report.Unmerged != nil {
					t.Errorf("got %q, want %q (%v)", got, c.want, report.Unmerged)
				}
				again := compare(t, dir, file("f", c.davit))
				if again.Count(Conflict) == 1 && again.Entries[0].News() {
					t.Error("the merge is not remembered")
				}
				return
			}
			if got != c.mine || !slices.Equal(report.Unmerged, []string{"f"}) {
				t.Errorf("a conflict wrote %q", got)
			}
			again := compare(t, dir, file("f", c.davit))
			report, err = again.Write(context.Background(), again.Decide(Marked))
			if got := contents(t, dir)["f"]; err != nil || got != c.marked || !slices.Equal(report.Merged, []string{"f"}) {
				t.Errorf("got %q, want %q (%v)", got, c.marked, err)
			}
		})
	}
}

func TestAForeignFileIsNotMerged(t *testing.T) {
	dir := tree(t, map[string]string{"f": "mine\n"})
	plan := compare(t, dir, file("f", "davit\n"))
	for _, d := range []Decision{Merge, Marked} {
		report, err := plan.Write(context.Background(), plan.Decide(d))
		if err != nil || !slices.Equal(report.Unmerged, []string{"f"}) || contents(t, dir)["f"] != "mine\n" {
			t.Errorf("%s: %+v, %v", d, report, err)
		}
	}
}

func TestPiecesCanBePicked(t *testing.T) {
	dir := written(t, file("f", "1\n2\n3\n4\n5\n"))
	put(t, dir, "f", "mine\n2\n3\n4\nmine\n")
	plan := compare(t, dir, file("f", "davit\n2\nnew\n4\n5\n"))
	var text strings.Builder
	var whose []Whose
	for _, p := range plan.Entries[0].Pieces() {
		whose = append(whose, p.Whose)
		if p.Whose == Mine {
			text.WriteString(p.Mine)
		} else {
			text.WriteString(p.Davit)
		}
	}
	if !slices.Equal(whose, []Whose{Both, Nobody, Davits, Nobody, Mine}) {
		t.Errorf("the pieces are %v", whose)
	}
	if _, err := plan.Pick("f", text.String()).Write(context.Background(), Decisions{"f": Picked}); err != nil {
		t.Fatal(err)
	}
	if got := contents(t, dir)["f"]; got != "davit\n2\nnew\n4\nmine\n" {
		t.Errorf("got %q", got)
	}
	if e := compare(t, dir, file("f", "davit\n2\nnew\n4\n5\n")).Entries[0]; !e.Edited || e.News() {
		t.Errorf("what was picked is %s, with news %v", e.State(), e.News())
	}
}

// git's own merge is the judge. Lines that occur once leave one way to align
// three texts, so both have to come to the same end.
func TestMergeIsWhatGitDoes(t *testing.T) {
	git, err := exec.LookPath("git")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("git is not installed: apt-get install git")
		}
		t.Skip("git is not installed: nothing to compare with")
	}
	dir := t.TempDir()
	random := rand.New(rand.NewPCG(1, 2))
	clean, conflicts := 0, 0
	for range 400 {
		before := lines(4 + random.IntN(12))
		mine, davit := changed(random, before, "m"), changed(random, before, "d")
		for name, text := range map[string][]string{"before": before, "mine": mine, "davit": davit} {
			put(t, dir, name, strings.Join(text, ""))
		}
		cmd := exec.Command(git, "merge-file", "-p", "mine", "before", "davit")
		cmd.Dir = dir
		out, err := cmd.Output()
		var text strings.Builder
		whole := true
		for _, p := range threeWay(strings.Join(before, ""), strings.Join(mine, ""), strings.Join(davit, "")) {
			merged, ok := p.merged()
			text.WriteString(merged)
			whole = whole && ok
		}
		if whole != (err == nil) || whole && text.String() != string(out) {
			t.Fatalf("%q and %q from %q: davit gives %v %q, git %v %q", mine, davit, before, whole, text.String(), err, out)
		}
		if whole {
			clean++
		} else {
			conflicts++
		}
	}
	t.Logf("%d merges, %d conflicts", clean, conflicts)
	if clean < 50 || conflicts < 50 {
		t.Error("one of both hardly occurs")
	}
}

// lines are n different ones.
func lines(n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = "line " + string(rune('a'+i)) + "\n"
	}
	return all
}

// changed is a text with a few lines changed, removed and added.
func changed(random *rand.Rand, text []string, who string) []string {
	var out []string
	for i, l := range text {
		switch n := random.IntN(14); {
		case n == 0:
			out = append(out, who+" changed "+l)
		case n == 1:
		case n == 2:
			out = append(out, l, who+" added "+string(rune('a'+i))+"\n")
		default:
			out = append(out, l)
		}
	}
	return out
}

func FuzzMerge(f *testing.F) {
	f.Add("1\n2\n3\n", "mine\n2\n3\n", "1\n2\ndavit\n")
	f.Add("a\na\na\n", "a\na\n", "a\nb\na")
	f.Add("", "x", "\r\n")
	f.Fuzz(func(t *testing.T, before, mine, davit string) {
		var left, right strings.Builder
		for _, p := range threeWay(before, mine, davit) {
			left.WriteString(p.Mine)
			right.WriteString(p.Davit)
			if p.Whose == Nobody && p.Mine != p.Davit || p.Whose == Agreed && p.Differs() || p.Whose == Both && !p.Differs() {
				t.Fatalf("%+v", p)
			}
		}
		if left.String() != mine || right.String() != davit {
			t.Fatalf("the pieces are not the texts: %q %q", left.String(), right.String())
		}
		if one := threeWay(before, mine, before); len(one) > 0 {
			var b strings.Builder
			for _, p := range one {
				text, ok := p.merged()
				if !ok {
					t.Fatalf("a conflict with nobody: %+v", p)
				}
				b.WriteString(text)
			}
			if b.String() != mine {
				t.Fatalf("got %q, want %q", b.String(), mine)
			}
		}
	})
}

func TestWhatIsTheSameCanBePickedAnew(t *testing.T) {
	dir := written(t, file("f", "davit\n"))
	plan := compare(t, dir, file("f", "davit\n"))
	if _, err := plan.Pick("f", "edited\n").Write(context.Background(), Decisions{"f": Picked}); err != nil {
		t.Fatal(err)
	}
	if got := contents(t, dir)["f"]; got != "edited\n" {
		t.Errorf("got %q", got)
	}
	if e := compare(t, dir, file("f", "davit\n")).Entries[0]; e.State() != Edited {
		t.Errorf("what was picked is %s", e.State())
	}
}
