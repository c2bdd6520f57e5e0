package disk

import (
	"context"
	"errors"
	"fmt"
	"maps"
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

// Every call that changes something fails in turn: afterwards the folder is
// as before, or, when only tidying failed, as wanted.
func TestAfterAnyFailureTheFolderIsAsItWas(t *testing.T) {
	for name, system := range map[string]func(op, name string) error{"with links": noFault, "without links": noLinks} {
		for _, decision := range []Decision{Overwrite, Backup} {
			t.Run(fmt.Sprintf("%s, %s", name, decision), func(t *testing.T) {
				tried := 0
				for n := 1; ; n++ {
					dir, plan := mixed(t)
					before := snapshot(t, dir)
					calls, op := 0, ""
					report, err := plan.write(context.Background(), plan.Decide(decision), func(call, path string) error {
						if calls++; calls == n {
							op = call
							return errFault
						}
						return system(call, path)
					})
					if calls < n {
						break
					}
					tried++
					switch {
					case err != nil:
						unchanged(t, dir, before)
					case op != "remove":
						t.Errorf("call %d, a %s, failed and nobody noticed", n, op)
					default: // what could not be removed is named
						complete(t, dir, decision, report.Left...)
					}
					if t.Failed() {
						t.Fatalf("at call %d (%s): %v", n, op, err)
					}
				}
				if tried < 30 {
					t.Errorf("only %d calls were made to fail", tried)
				}
			})
		}
	}
}

// From some call on nothing works any more, not even going back. No content
// that was there is lost then, and the error says where to look.
func TestWhenGoingBackFailsNoContentIsLost(t *testing.T) {
	for n := 1; ; n++ {
		dir, plan := mixed(t)
		before := contents(t, dir)
		calls := 0
		report, err := plan.write(context.Background(), plan.Decide(Overwrite), func(string, string) error {
			if calls++; calls >= n {
				return errFault
			}
			return nil
		})
		if calls < n {
			break
		}
		after := slices.Collect(maps.Values(contents(t, dir)))
		for path, content := range before {
			replaced := err == nil && strings.HasPrefix(path, "edited")
			if !replaced && !slices.Contains(after, content) {
				t.Fatalf("the content of %s is lost after call %d: %v", path, n, err)
			}
		}
		if hidden := leftovers(t, dir, report.Left); err == nil && hidden != nil {
			t.Fatalf("after call %d, %q stay and nobody is told", n, hidden)
		}
	}
}

// mixed is a folder with every kind of entry, and its plan.
func mixed(t *testing.T) (string, Plan) {
	t.Helper()
	dir := tree(t, map[string]string{"same": "same\n", "edited1": "mine 1\n", "sub/edited2": "mine 2\n", "edited1.bak": "older\n", "other": "other\n"})
	return dir, compare(t, dir, file("a/b/new", "new\n"), file("same", "same\n"), file("edited1", "davit 1\n"),
		file("sub/edited2", "davit 2\n"), script("a/c/run", "#!/bin/sh\n"))
}

// complete checks that everything was written.
func complete(t *testing.T, dir string, d Decision, left ...string) {
	t.Helper()
	want := map[string]string{"a/b/new": "new\n", "same": "same\n", "edited1": "davit 1\n", "sub/edited2": "davit 2\n",
		"a/c/run": "#!/bin/sh\n", "edited1.bak": "older\n", "other": "other\n"}
	if d == Backup {
		want["edited1.bak.1"], want["sub/edited2.bak"] = "mine 1\n", "mine 2\n"
	}
	got := contents(t, dir)
	for _, path := range left {
		delete(got, path)
	}
	if !maps.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
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
