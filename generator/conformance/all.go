package conformance

import (
	_ "embed"
	"fmt"
	"hash/maphash"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/davit-cli/davit/generator"
	"github.com/davit-cli/davit/wizard"
)

// A Summary tells what All has judged and found.
type Summary struct {
	Combinations int
	Files        int            // in all combinations together
	Distinct     int            // of them with different content
	Verdicts     map[string]int // how many times each judge has judged
	Excused      []int          // how many findings each entry of excused took
	Troubles     []Trouble
}

// A Trouble is the same finding over many combinations.
type Trouble struct {
	Finding        // the first one
	Variant string // where it was first found; of single files, or near it
	Times   int    // in how many judged sets of files
}

func (t Trouble) String() string {
	return fmt.Sprintf("%s (%d times, first in %s)", t.Finding, t.Times, t.Variant)
}

func (s Summary) String() string {
	return fmt.Sprintf("%d combinations, %d files, %d of them distinct; %d troubles",
		s.Combinations, s.Files, s.Distinct, len(s.Troubles))
}

// Table tells of each judge what it is, in which version, and how many
// verdicts it has given, or why it has given none.
func (s Summary) Table() []string {
	var lines []string
	for _, j := range Judges() {
		verdicts := fmt.Sprintf("%5d verdicts", s.Verdicts[j.Name])
		if err := j.Missing(); err != nil {
			verdicts = fmt.Sprintf("skipped: %v", err)
		}
		lines = append(lines, fmt.Sprintf("%-18s %s by %s", j.Name, verdicts, j.versions()))
	}
	return lines
}

//go:embed go.mod
var modules string

// versions tells who judges, in which version.
func (j Judge) versions() string {
	var who []string
	for _, name := range j.By {
		i := slices.IndexFunc(programs, func(p program) bool { return p.name == name })
		switch {
		case i >= 0:
			who = append(who, name+" "+programs[i].version())
		case j.Needs != nil: // a program of the machine, in the version that it has
			who = append(who, name)
		default:
			who = append(who, name+" "+versionIn(modules, name))
		}
	}
	if len(who) == 0 {
		return "davit's specification"
	}
	return strings.Join(who, ", ")
}

// All judges every combination, each distinct set of files once, on all
// processors, and generates each again in reverse order, to the same bytes.
func All() Summary {
	c := &court{
		judged: map[fingerprint]bool{}, contents: map[fingerprint]bool{}, troubles: map[string]*Trouble{},
		summary: Summary{Verdicts: map[string]int{}, Excused: make([]int, len(excused))},
	}
	for _, j := range Judges() {
		if j.Missing() == nil {
			c.judges = append(c.judges, j)
		}
	}
	combinations := slices.Collect(Combinations())
	outputs := make([]fingerprint, len(combinations))
	parallel(len(combinations), func(i int) { outputs[i] = c.hear(combinations[i]) })
	parallel(len(combinations), func(i int) {
		i = len(combinations) - 1 - i
		if files, err := generator.Generate(combinations[i]); err == nil && printOf("", files) != outputs[i] {
			c.record(combinations[i], Finding{Judge: "all", Rule: "determinism", Message: "the same Answers gave other bytes the second time"})
		}
	})
	c.hearEach()
	c.summary.Combinations = len(combinations)
	c.summary.Distinct = len(c.contents)
	for _, t := range c.troubles {
		c.summary.Troubles = append(c.summary.Troubles, *t)
	}
	slices.SortFunc(c.summary.Troubles, func(a, b Trouble) int { return strings.Compare(a.Finding.String(), b.Finding.String()) })
	return c.summary
}

func parallel(n int, do func(i int)) {
	var all sync.WaitGroup
	next := make(chan int)
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			for i := range next {
				do(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	all.Wait()
}

// A fingerprint stands for the whole content of some files, within one run.
type fingerprint uint64

var seed = maphash.MakeSeed()

// A court remembers what has been judged.
type court struct {
	sync.Mutex
	judges   []Judge // that are here
	judged   map[fingerprint]bool
	contents map[fingerprint]bool
	each     []exhibit // files for the judges that look at each for itself
	rendered []exhibit // the same for what kustomize makes
	troubles map[string]*Trouble
	summary  Summary
}

type exhibit struct {
	generator.File
	answers wizard.Answers
}

// hear generates one combination, lets the judges see what none of them has
// seen yet, and returns the fingerprint of all files.
func (c *court) hear(a wizard.Answers) fingerprint {
	files, err := generator.Generate(a)
	if err != nil {
		c.record(a, Finding{Judge: "all", Rule: "generate", Message: err.Error()})
		return 0
	}
	c.Lock()
	c.summary.Files += len(files)
	c.Unlock()
	for _, f := range files {
		if c.first(c.contents, printOf("", []generator.File{f})) {
			c.Lock()
			c.each = append(c.each, exhibit{f, a})
			c.Unlock()
		}
	}
	c.record(a, Promises(a, files)...)
	for _, j := range c.judges {
		if read := j.pick(files); !j.Each && !j.Rendered && len(read) > 0 && c.first(c.judged, j.printOf(read)) {
			c.count(j.Name, 1)
			c.record(a, j.Judge(read)...)
		}
	}
	if k8s := manifests.pick(files); len(k8s) > 0 && c.first(c.judged, manifests.printOf(k8s)) {
		for _, f := range Rendered(k8s) {
			c.Lock()
			c.rendered = append(c.rendered, exhibit{f, a})
			c.Unlock()
		}
	}
	return printOf("", files)
}

// manifests are what is rendered, once for each distinct set of them.
var manifests = Judge{Name: "rendered", Reads: isManifest, Sees: contentAlone}

// few files are given at once to a judge that does not ask for many.
const few = 64

// hearEach asks the judges of single files, many files at a time, the most at
// a time first, so that no processor waits for them in the end.
func (c *court) hearEach() {
	type session struct {
		judge Judge
		files []exhibit
	}
	var sessions []session
	for _, j := range c.judges {
		exhibits := c.each
		if j.Rendered {
			exhibits = c.rendered
		}
		var fresh []exhibit
		for _, e := range exhibits {
			if (j.Each || j.Rendered) && j.Reads(e.Path) && c.first(c.judged, j.printOf([]generator.File{e.File})) {
				fresh = append(fresh, e)
			}
		}
		for files := range slices.Chunk(fresh, max(j.Together, few)) {
			sessions = append(sessions, session{j, files})
		}
	}
	slices.SortStableFunc(sessions, func(a, b session) int { return len(b.files) - len(a.files) })
	parallel(len(sessions), func(i int) {
		s := sessions[i]
		var read []generator.File
		for _, e := range s.files {
			read = append(read, e.File)
		}
		c.count(s.judge.Name, len(read))
		for _, f := range s.judge.Judge(read) {
			c.record(s.files[max(f.nth, 1)-1].answers, f)
		}
	})
}

func (c *court) first(seen map[fingerprint]bool, d fingerprint) bool {
	c.Lock()
	defer c.Unlock()
	if seen[d] {
		return false
	}
	seen[d] = true
	return true
}

func (c *court) count(judge string, n int) {
	c.Lock()
	defer c.Unlock()
	c.summary.Verdicts[judge] += n
}

func (c *court) record(a wizard.Answers, found ...Finding) {
	if len(found) == 0 {
		return
	}
	found, taken := sift(found)
	own := regexp.MustCompile(`\b` + regexp.QuoteMeta(a.Name) + `\b`)
	c.Lock()
	defer c.Unlock()
	for i, n := range taken {
		c.summary.Excused[i] += n
	}
	for _, f := range found {
		key := strings.Join([]string{f.Judge, f.Rule, f.File, shape(own.ReplaceAllString(f.Message, "0"))}, "\x00")
		if t, ok := c.troubles[key]; ok {
			t.Times++
		} else {
			c.troubles[key] = &Trouble{Finding: f, Variant: a.Variant(), Times: 1}
		}
	}
}

// shape makes messages comparable that differ by a name or a number alone.
func shape(message string) string {
	words := strings.FieldsFunc(message, func(r rune) bool { return r < 'A' || r > 'z' })
	return strings.Join(words[:min(len(words), 8)], " ")
}

// printOf returns the fingerprint of what the judge looks at.
func (j Judge) printOf(files []generator.File) fingerprint {
	if j.Sees == nil {
		return printOf(j.Name, files)
	}
	seen := make([]generator.File, len(files))
	for i, f := range files {
		seen[i] = generator.File{Path: f.Path, Content: j.Sees(f.Content)}
	}
	return printOf(j.Name, seen)
}

func printOf(judge string, files []generator.File) fingerprint {
	var h maphash.Hash
	h.SetSeed(seed)
	text := func(s string) {
		h.WriteString(s)
		h.WriteByte(0)
	}
	number := func(n int) {
		h.WriteByte(byte(n))
		h.WriteByte(byte(n >> 8))
	}
	text(judge)
	for _, f := range files {
		text(f.Path)
		number(int(f.Mode))
		text(f.Language)
		text(f.Content)
		text(f.Purpose)
		for _, n := range f.Notes {
			number(n.First)
			number(n.Last)
			text(n.Why)
			text(n.Source)
			text(n.Question)
		}
	}
	return fingerprint(h.Sum64())
}
