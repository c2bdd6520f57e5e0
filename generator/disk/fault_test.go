package disk

import (
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

var errFault = errors.New("the disk is on fire")

// noLinks is a file system that has no second names, such as exFAT.
func noLinks(op, _ string) error {
	if op == "link" {
		return syscall.EPERM
	}
	return nil
}

func noFault(string, string) error { return nil }

// A scenario is a folder with every kind of entry, and what is to be done.
type scenario struct {
	name   string
	system func(op, name string) error // what the file system cannot do
	decide func(Plan) Decisions
}

var scenarios = func() []scenario {
	var all []scenario
	for i, d := range []Decision{Overwrite, Backup, Merge, Marked} {
		decide := func(p Plan) Decisions {
			decisions := p.Decide(d)
			p.Prune(decisions)
			return decisions
		}
		if i%2 == 0 {
			all = append(all, scenario{"with links, " + string(d), noFault, decide})
		} else {
			all = append(all, scenario{"without links, " + string(d), noLinks, decide})
		}
	}
	return all
}()

// mixed is a folder with every kind of entry, and its plan.
func mixed(t *testing.T) (string, Plan) {
	t.Helper()
	l := lock{files: map[string]locked{}}
	for path, content := range map[string]string{"edited1": "1\n2\n3\n", "sub/edited2": "1\n", "older": "older\n",
		"stale/deep/gone": "gone\n", "stale/gone": "gone\n", "same": "same\n", "run": "#!/bin/sh\n"} {
		l.set(path, content)
	}
	dir := inMemory(t, map[string]string{LockFile: l.text(), "edited1": "mine\n2\n3\n", "edited1.bak": "older\n", "sub/edited2": "mine\n",
		"older": "older\n", "stale/deep/gone": "gone\n", "stale/gone": "gone\n", "stale/keep": "mine\n", "same": "same\n",
		"run": "#!/bin/sh\n", "foreign": "mine\n", "other": "other\n"})
	if err := os.Chmod(filepath.Join(dir, "run"), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir, compare(t, dir, file("a/b/new", "new\n"), file("same", "same\n"), file("edited1", "1\n2\ndavit\n"),
		file("sub/edited2", "davit\n"), file("older", "newer\n"), file("foreign", "davit\n"), script("run", "#!/bin/sh\n"),
		script("a/c/run", "#!/bin/sh\n"))
}

// inMemory is tree where the system has a folder in memory: thousands of runs
// that all wait for a disk take minutes.
func inMemory(t *testing.T, files map[string]string) string {
	t.Helper()
	const memory = "/dev/shm"
	if _, err := os.Stat(memory); err != nil {
		return tree(t, files)
	}
	dir, err := os.MkdirTemp(memory, "davit-test-")
	if err != nil {
		return tree(t, files)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	for name, content := range files {
		put(t, dir, name, content)
	}
	return dir
}

// wanted is the folder after a run without a fault.
func wanted(t *testing.T, s scenario) map[string]string {
	t.Helper()
	dir, plan := mixed(t)
	if _, err := plan.write(context.Background(), s.decide(plan), s.system); err != nil {
		t.Fatal(err)
	}
	after := snapshot(t, dir)
	for _, gone := range []string{"stale/gone", "stale/deep/gone", "stale/deep"} {
		if _, there := after[gone]; there {
			t.Errorf("%s is still there", gone)
		}
	}
	if got := leftovers(t, dir, nil); got != nil || after["a/b/new"] == "" || after["stale/keep"] == "" {
		t.Errorf("%q were left of %q", got, after)
	}
	return after
}

// Every call fails in turn: afterwards the folder is as before, or, when only
// tidying failed, as wanted.
func TestAfterAnyFailureTheFolderIsAsItWas(t *testing.T) {
	tried := 0
	for _, s := range scenarios {
		t.Run(s.name, func(t *testing.T) {
			want := wanted(t, s)
			for n := 1; ; n++ {
				dir, plan := mixed(t)
				before := snapshot(t, dir)
				calls, op := 0, ""
				report, err := plan.write(context.Background(), s.decide(plan), func(call, path string) error {
					if calls++; calls == n {
						op = call + " of " + path
						return errFault
					}
					return s.system(call, path)
				})
				if calls < n {
					break
				}
				tried++
				if err != nil {
					unchanged(t, dir, before)
					if !errors.Is(err, errFault) || strings.Contains(err.Error(), "\n") {
						t.Errorf("%v", err)
					}
				} else { // what could not be removed is named
					after := contents(t, dir)
					for _, left := range report.Left {
						delete(after, left)
					}
					if !maps.Equal(after, filesOf(want)) {
						t.Errorf("got %q, want %q", after, want)
					}
				}
				settled(t, dir, before, want)
				if t.Failed() {
					t.Fatalf("at call %d (%s): %v", n, op, err)
				}
			}
		})
	}
	if t.Logf("%d calls were made to fail", tried); tried < 400 {
		t.Errorf("only %d calls were made to fail", tried)
	}
}

// settled checks that the next run finds or makes the folder old or new.
func settled(t *testing.T, dir string, before, want map[string]string) {
	t.Helper()
	if _, err := Recover(dir); err != nil {
		t.Error(err)
	}
	if after := snapshot(t, dir); !maps.Equal(after, before) && !maps.Equal(after, want) {
		t.Errorf("the folder is neither old nor new:\n%q\nold:\n%q\nnew:\n%q", after, before, want)
	}
}

// From some call on nothing works any more, not even going back, as when the
// process is killed there. The next run makes the folder old or new; and where
// that one is killed too, at any of its calls, the one after it.
func TestAfterAnyCutTheNextRunPutsTheFolderRight(t *testing.T) {
	cuts, again := 0, 0
	for i, s := range scenarios[:2] {
		t.Run(s.name, func(t *testing.T) {
			want := wanted(t, s)
			old, done := 0, 0
			for n := 1; ; n++ {
				dir, before, finished := cut(t, s, n)
				if finished {
					break
				}
				cuts++
				settled(t, dir, before, want)
				if maps.Equal(snapshot(t, dir), before) {
					old++
				} else {
					done++
				}
				for m := 1; i == 1 && n%16 == 0; m++ { // a run that is cut off while it goes back
					dir, before, _ := cut(t, s, n)
					calls := 0
					_, err := recoverWith(dir, func(op, name string) error {
						if calls++; calls >= m {
							return errFault
						}
						return s.system(op, name)
					})
					if calls < m {
						break
					}
					again++
					if Unfinished(dir) && err == nil {
						t.Error("a recovery that failed says nothing")
					}
					settled(t, dir, before, want)
					if t.Failed() {
						t.Fatalf("at call %d, then %d", n, m)
					}
				}
				if t.Failed() {
					t.Fatalf("at call %d", n)
				}
			}
			if old < 20 || done < 3 {
				t.Errorf("%d cuts went back and %d forth", old, done)
			}
		})
	}
	t.Logf("%d runs were cut off, %d recoveries too", cuts, again)
}

// cut is a run that is killed at its nth call; it reports whether it ended before.
func cut(t *testing.T, s scenario, n int) (dir string, before map[string]string, finished bool) {
	t.Helper()
	dir, plan := mixed(t)
	before = snapshot(t, dir)
	calls := 0
	_, _ = plan.write(context.Background(), s.decide(plan), func(op, name string) error {
		if calls++; calls >= n {
			return errFault
		}
		return s.system(op, name)
	})
	return dir, before, calls < n
}

// Somebody goes on working after a run was cut off: the next run keeps that.
func TestRecoveryKeepsWhatWasChangedSince(t *testing.T) {
	kept := 0
	for n := 1; ; n++ {
		dir, _, finished := cut(t, scenarios[0], n)
		if finished {
			break
		}
		put(t, dir, "edited1", "later\n")
		put(t, dir, "a/b/new", "later\n")
		r, err := Recover(dir)
		if err != nil {
			t.Fatal(err)
		}
		kept += len(r.Kept)
		after := contents(t, dir)
		if after["edited1"] != "later\n" || after["a/b/new"] != "later\n" {
			t.Fatalf("at call %d: %q", n, after)
		}
		if r.Found && slices.Contains(r.Kept, "edited1") && after["edited1.bak.1"] != "mine\n2\n3\n" {
			t.Fatalf("at call %d what was there before is lost: %q", n, after)
		}
	}
	if kept == 0 {
		t.Error("nothing was ever kept")
	}
}

func TestAHostileJournalIsRefused(t *testing.T) {
	sha := digest("x")
	for name, line := range map[string]string{
		"out of the folder":    "new\t../x\t../.davit-1\t" + sha,
		"not a temporary name": "remove\tx\tmain.py\t" + sha,
		"somewhere else":       "remove\tx\tsub/.davit-1\t" + sha,
		"a strange backup":     "replace\tx\t.davit-1\t" + sha + "\t.davit-2\t" + sha + "\tmain.py\t.davit-3",
		"git's folder":         "new\t.git/config\t.git/.davit-1\t" + sha,
		"nonsense":             "burn\tx",
		"too few":              "new\tx",
	} {
		t.Run(name, func(t *testing.T) {
			dir := tree(t, map[string]string{journalFile: line + "\nend\n", "main.py": "x", "sub/.davit-1": "x", ".git/config": "x"})
			before := snapshot(t, dir)
			if _, err := Recover(dir); err == nil || !strings.Contains(err.Error(), "damaged in line 1") {
				t.Errorf("got %v", err)
			}
			unchanged(t, dir, before)
		})
	}
	dir := tree(t, map[string]string{journalFile: "new\tmain.py\t.davit-1\t" + sha + "\n", "main.py": "x"})
	if r, err := Recover(dir); err != nil || !r.Found || contents(t, dir)["main.py"] != "x" || Unfinished(dir) {
		t.Errorf("half a journal: %+v, %v", r, err)
	}
}

// leftovers returns the temporary files of a folder beside those that are named.
func leftovers(t *testing.T, dir string, named []string) []string {
	t.Helper()
	var found []string
	for path := range contents(t, dir) {
		if strings.Contains(path, ".davit-") && !slices.Contains(named, path) {
			found = append(found, path)
		}
	}
	return found
}
