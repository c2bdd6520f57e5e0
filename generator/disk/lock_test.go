package disk

import (
	"bytes"
	"compress/flate"
	"context"
	"encoding/base64"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/davit-cli/davit/generator"
	"github.com/davit-cli/davit/wizard"
)

// written is a folder in which davit wrote these files.
func written(t *testing.T, files ...generator.File) string {
	t.Helper()
	dir := t.TempDir()
	plan := compare(t, dir, files...)
	plan.Davit = "1.2.3"
	if _, err := plan.Write(context.Background(), plan.Decide(Fail)); err != nil {
		t.Fatal(err)
	}
	return dir
}

func states(p Plan) map[string]string {
	all := map[string]string{}
	for _, e := range p.Entries {
		all[e.Path] = e.State()
	}
	return all
}

func TestTheLockTellsWhoChangedAFile(t *testing.T) {
	dir := written(t, file("same", "1\n"), file("older", "1\n"), file("edited", "1\n"), file("crlf", "1\n2\n"), file("both", "1\n"), file("gone", "1\n"), script("run", "1\n"))
	put(t, dir, "edited", "mine\n")
	put(t, dir, "crlf", "1\r\n2\r\n")
	put(t, dir, "both", "mine\n")
	put(t, dir, "foreign", "1\n")
	remove(t, dir, "gone")
	plan := compare(t, dir, file("same", "1\n"), file("older", "2\n"), file("edited", "1\n"), file("crlf", "1\n3\n"),
		file("both", "2\n"), file("foreign", "2\n"), file("gone", "2\n"), file("new", "1\n"), script("run", "2\n"))
	want := map[string]string{"same": "same", "older": Older, "edited": Edited, "crlf": Older, "both": Edited, "foreign": Foreign, "gone": "new", "new": "new", "run": Older}
	if got := states(plan); !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := plan.Conflicts(); !slices.Equal(got, []string{"both", "foreign"}) || plan.Count(Kept) != 1 {
		t.Errorf("conflicts: %q", got)
	}
	for _, e := range plan.Entries {
		if e.Path == "edited" && e.News() || e.Path == "both" && !e.News() {
			t.Errorf("%s has news: %v", e.Path, e.News())
		}
	}
	if _, err := plan.Write(context.Background(), plan.Decide(Skip)); err != nil {
		t.Fatal(err)
	}
	got := contents(t, dir)
	if got["older"] != "2\n" || got["crlf"] != "1\r\n3\r\n" || got["edited"] != "mine\n" || got["both"] != "mine\n" || got["foreign"] != "1\n" {
		t.Errorf("%q", got)
	}
	// What was skipped is still known as it was first written.
	again := states(compare(t, dir, file("both", "3\n"), file("older", "3\n"), file("foreign", "3\n")))
	if !maps.Equal(again, map[string]string{"both": Edited, "older": Older, "foreign": Foreign}) {
		t.Errorf("%v", again)
	}
}

func TestTheLockIsTheSameBytesEachTime(t *testing.T) {
	files := []generator.File{file("b", "2\n"), file("a", "1\n"), file("davit.yaml", "base: slim\n")}
	dir := written(t, files...)
	first := contents(t, dir)[LockFile]
	if strings.Contains(first, "davit.yaml\t") || !strings.Contains(first, "\ndavit\t1.2.3\na\tsha256:") {
		t.Errorf("the lock is\n%s", first)
	}
	slices.Reverse(files)
	if second := contents(t, written(t, files...))[LockFile]; first != second {
		t.Errorf("%s\nis not\n%s", first, second)
	}
	plan := compare(t, dir, files...)
	plan.Davit = "9.9.9"
	report, err := plan.Write(context.Background(), plan.Decide(Fail))
	if err != nil || len(report.Written) > 0 || contents(t, dir)[LockFile] != first {
		t.Errorf("a newer davit alone writes %q, %v", report.Written, err)
	}
	// A line stays as it is while its content does, also from another compressor.
	line := locked{content: "1\n", line: "a\t" + digest("1\n") + "\t" + stored("1\n")}
	put(t, dir, LockFile, strings.Replace(first, parseLock(first).files["a"].line, line.line, 1))
	plan = compare(t, dir, file("a", "1\n"), file("b", "3\n"))
	if _, err := plan.Write(context.Background(), plan.Decide(Fail)); err != nil || !strings.Contains(contents(t, dir)[LockFile], line.line) {
		t.Errorf("%v\n%s", err, contents(t, dir)[LockFile])
	}
}

// stored packs a text without compressing it.
func stored(text string) string {
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, flate.NoCompression)
	_, _ = w.Write([]byte(text))
	_ = w.Close()
	return base64.RawStdEncoding.EncodeToString(b.Bytes())
}

func TestTheLockIsSmall(t *testing.T) {
	a := set(t, wizard.Defaults(), map[string]string{"target": "docker,compose,kubernetes,swarm,cloud-run,fly", "extra": "dev,scripts",
		"service": "postgres,redis,mysql,mongodb,rabbitmq", "worker": "celery -A app worker", "route": "ingress"})
	files, err := generator.Generate(a)
	if err != nil {
		t.Fatal(err)
	}
	total := 0
	for _, f := range files {
		total += len(f.Content)
	}
	size := len(contents(t, written(t, files...))[LockFile])
	t.Logf("%d files of %d bytes are a lock of %d bytes", len(files), total, size)
	if size > total*3/4 {
		t.Errorf("%d bytes keep %d", size, total)
	}
}

func TestADamagedOrMissingLockIsNotFatal(t *testing.T) {
	files := []generator.File{file("a", "1\n"), file("b", "1\n")}
	newer := []generator.File{file("a", "2\n"), file("b", "2\n")}
	for name, c := range map[string]struct {
		damage  func(text string) string
		want    map[string]string
		problem string
	}{
		"untouched":           {func(s string) string { return s }, map[string]string{"a": Older, "b": Older}, ""},
		"with Windows' lines": {func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }, map[string]string{"a": Older, "b": Older}, ""},
		"a changed hash":      {func(s string) string { return strings.Replace(s, "a\tsha256:", "a\tsha256:0", 1) }, map[string]string{"a": Foreign, "b": Older}, "line 5"},
		"a changed content":   {func(s string) string { return strings.Replace(s, pack("1\n"), pack("x\n"), 1) }, map[string]string{"a": Foreign, "b": Older}, "line 5"},
		"cut off":             {func(s string) string { return s[:len(s)-5] }, map[string]string{"a": Older, "b": Foreign}, "line 6"},
		"empty":               {func(string) string { return "" }, map[string]string{"a": Foreign, "b": Foreign}, ""},
		"something else":      {func(string) string { return "{\"lock\": [1, 2\n" }, map[string]string{"a": Foreign, "b": Foreign}, "line 1"},
		"binary":              {func(string) string { return "\x00\xff\x1b[2J\n\x9b" }, map[string]string{"a": Foreign, "b": Foreign}, "2 lines"},
		"of a newer davit":    {func(s string) string { return strings.Replace(s, "format\t1", "format\t2", 1) }, map[string]string{"a": Foreign, "b": Foreign}, "newer davit"},
		"huge":                {func(s string) string { return s + strings.Repeat("#\n", largestLock/2+1) }, map[string]string{"a": Foreign, "b": Foreign}, "line 1"},
		"a bomb": {func(s string) string {
			return s + "c\t" + digest("") + "\t" + pack(strings.Repeat("a", 100<<20)) + "\n"
		}, map[string]string{"a": Older, "b": Older}, "line 7"},
		"a path that escapes": {func(s string) string { return s + "../x\t" + digest("x") + "\t" + pack("x") + "\n" }, map[string]string{"a": Older, "b": Older}, "line 7"},
		"an unmerged conflict": {func(s string) string {
			l := parseLock(s)
			one := l.files["a"].line
			l.set("a", "other\n")
			return strings.Replace(s, one, "<<<<<<< HEAD\n"+one+"\n=======\n"+l.files["a"].line+"\n>>>>>>> theirs", 1)
		}, map[string]string{"a": Foreign, "b": Older}, "4 lines"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := written(t, files...)
			put(t, dir, LockFile, c.damage(contents(t, dir)[LockFile]))
			plan := compare(t, dir, newer...)
			if got := states(plan); !maps.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
			if !strings.Contains(plan.Problem, c.problem) || c.problem == "" && plan.Problem != "" || strings.ContainsAny(plan.Problem, "\x1b\n") {
				t.Errorf("the problem is %q", plan.Problem)
			}
			if _, err := plan.Write(context.Background(), plan.Decide(Overwrite)); err != nil {
				t.Fatal(err)
			}
			if name != "of a newer davit" {
				again := compare(t, dir, files...)
				if again.Problem != "" || again.Count(Changed) != 2 {
					t.Errorf("afterwards %v, %q", states(again), again.Problem)
				}
			}
			if name == "something else" && contents(t, dir)[LockFile+".bak"] == "" {
				t.Error("somebody's own davit.lock is lost")
			}
		})
	}
}

func TestWhatIsNotNeededIsListedAndRemovedWhenAsked(t *testing.T) {
	starter := file("app/main.py", "1\n")
	starter.Once = true
	dir := written(t, file("Dockerfile", "1\n"), file("k8s/base/a.yaml", "1\n"), file("k8s/b.yaml", "1\n"), file("k8s/c.yaml", "1\n"), file("other/d", "1\n"), starter, file("davit.yaml", "base: slim\n"))
	put(t, dir, "k8s/b.yaml", "mine\n")
	remove(t, dir, "other/d")
	plan := compare(t, dir, file("Dockerfile", "2\n"))
	var got []string
	for _, u := range plan.Unneeded {
		got = append(got, u.Path+map[bool]string{true: " edited"}[u.Edited])
	}
	if !slices.Equal(got, []string{"k8s/b.yaml edited", "k8s/base/a.yaml", "k8s/c.yaml"}) {
		t.Fatalf("got %q", got)
	}
	d := plan.Decide(Fail)
	if _, err := plan.Write(context.Background(), d); err != nil || contents(t, dir)["k8s/c.yaml"] == "" {
		t.Fatalf("without a yes: %v", err)
	}
	plan = compare(t, dir, file("Dockerfile", "2\n"))
	plan.Prune(d)
	put(t, dir, "k8s/c.yaml", "just edited\n")
	before := snapshot(t, dir)
	if _, err := plan.Write(context.Background(), d); err == nil || !strings.Contains(err.Error(), "changed by someone else") {
		t.Errorf("a file edited in the meantime: %v", err)
	}
	unchanged(t, dir, before)
	put(t, dir, "k8s/c.yaml", "1\n")
	report, err := plan.Write(context.Background(), d)
	if err != nil || !slices.Equal(report.Removed, []string{"k8s/base/a.yaml", "k8s/c.yaml"}) {
		t.Errorf("%+v, %v", report, err)
	}
	after := contents(t, dir)
	if _, err := os.Stat(filepath.Join(dir, "k8s/base")); err == nil || after["k8s/b.yaml"] != "mine\n" || after["app/main.py"] == "" {
		t.Errorf("%q", after)
	}
	if again := compare(t, dir, file("Dockerfile", "2\n")); len(again.Unneeded) != 1 {
		t.Errorf("then %v", again.Unneeded)
	}
}

func FuzzParseLock(f *testing.F) {
	l := lock{davit: "1", files: map[string]locked{}}
	l.set("a", "1\n")
	l.set("b/c d", "")
	f.Add(l.text())
	f.Add(l.text() + l.text())
	f.Add("format\t2\n")
	f.Add("a\tb\tc\n../a\tsha256:\t\n")
	f.Fuzz(func(t *testing.T, text string) {
		l := parseLock(text)
		if strings.ContainsAny(l.problem(), "\x1b\n") {
			t.Fatalf("%q", l.problem())
		}
		for path := range l.files {
			if !writable(path) {
				t.Fatalf("%q is in the lock", path)
			}
		}
		again := parseLock(l.text())
		if !again.sameFiles(l) || again.problem() != "" {
			t.Fatalf("%q became %q (%s)", text, again.text(), again.problem())
		}
	})
}
