//go:build unix

package disk

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/davit-cli/davit/generator"
)

const writerEnv = "DAVIT_TEST_WRITES_TO"

// generation is what a run of the killed program writes: two sets of files
// that share some.
func generation(n int) []generator.File {
	files := []generator.File{file("always", "the same\n")}
	text := strings.Repeat(fmt.Sprintf("generation %d\n", n%2), 400)
	for i := range 6 {
		files = append(files, file(fmt.Sprintf("shared/%d", i), text))
	}
	for i := range 4 {
		files = append(files, file(fmt.Sprintf("only/%d/%d", n%2, i), text))
	}
	return files
}

// write is one run: recover, compare, write, prune.
func writeGeneration(dir string, n int, fault func(op, name string) error) error {
	if _, err := recoverWith(dir, fault); err != nil {
		return err
	}
	plan, err := Compare(dir, generation(n))
	if err != nil {
		return err
	}
	d := plan.Decide(Fail)
	plan.Prune(d)
	_, err = plan.write(context.Background(), d, fault)
	return err
}

// TestMain is the program that is killed where its environment says so: it
// writes one generation after the other, and a byte to its output before each
// call to the file system.
func TestMain(m *testing.M) {
	dir := os.Getenv(writerEnv)
	if dir == "" {
		os.Exit(m.Run())
	}
	for n := 0; ; n++ {
		err := writeGeneration(dir, n, func(string, string) error {
			_, err := os.Stdout.Write([]byte{'.'})
			return err
		})
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

// SIGKILL at random moments: the next run finds the folder old or new, or
// makes it so, and nothing is left of the one that was killed.
func TestAfterSIGKILLTheFolderIsOldOrNew(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := inMemory(t, map[string]string{"mine": "mine\n"})
	states := make([]map[string]string, 2)
	for n := range states {
		if err := writeGeneration(dir, n, nil); err != nil {
			t.Fatal(err)
		}
		states[n] = snapshot(t, dir)
	}
	random := rand.New(rand.NewPCG(3, 4))
	// On a busy machine most kills come between two writes; it goes on until
	// enough came within one.
	const fewest, most = 60, 600
	const enoughCut, enoughBack = 15, 8
	kills, cut, back := 0, 0, 0
	for kills < fewest || kills < most && (cut < enoughCut || back < enoughBack) {
		kills++
		cmd := exec.Command(self)
		cmd.Env = append(os.Environ(), writerEnv+"="+dir)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		var complaint strings.Builder
		cmd.Stderr = &complaint
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		_, err = io.CopyN(io.Discard, bufio.NewReaderSize(out, 1), int64(1+random.IntN(700)))
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if err != nil {
			t.Fatalf("%v: %s", err, complaint.String())
		}
		if Unfinished(dir) {
			cut++
		}
		r, err := Recover(dir)
		if err != nil || len(r.Kept) > 0 {
			t.Fatalf("%+v, %v", r, err)
		}
		if r.Found && !r.Finished {
			back++
		}
		after := snapshot(t, dir)
		if !maps.Equal(after, states[0]) && !maps.Equal(after, states[1]) {
			t.Fatalf("the folder is neither old nor new: %q", after)
		}
	}
	t.Logf("%d kills, %d in the middle of a write, %d of these taken back", kills, cut, back)
	if cut < enoughCut || back < enoughBack {
		t.Error("too few kills came in the middle of a write for this to prove anything")
	}
}

// Two runs at once: one writes, the other waits or is told.
func TestTwoRunsAtOnceDoNotMix(t *testing.T) {
	dir := t.TempDir()
	plan := compare(t, dir, file("a", "1\n"), file("b", "1\n"))
	var inside, recovered error
	_, err := plan.write(context.Background(), plan.Decide(Fail), func(op, name string) error {
		if op == "link" && inside == nil {
			other := compare(t, dir, file("a", "2\n"), file("b", "2\n"))
			_, inside = other.Write(context.Background(), other.Decide(Overwrite))
			_, recovered = Recover(dir)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if inside == nil || !strings.Contains(inside.Error(), "another davit is writing") || !errors.Is(recovered, ErrBusy) {
		t.Errorf("the other run: %v, %v", inside, recovered)
	}
	if got := contents(t, dir); got["a"] != "1\n" || got["b"] != "1\n" || Unfinished(dir) {
		t.Errorf("%q", got)
	}
}

// The kernel's own refusals, on a file system made for it.
func TestAFullOrReadOnlyDiskIsOneSentenceAndNoChange(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(dir string) error
		want  string
	}{
		"read-only": {func(dir string) error { return mount(dir, true, "size=1m") }, "read-only file system"},
		"full": {func(dir string) error {
			if err := os.WriteFile(dir+"/filler", make([]byte, 1<<20), 0o600); !errors.Is(err, syscall.ENOSPC) {
				return fmt.Errorf("the disk is not full: %w", err)
			}
			return os.Truncate(dir+"/filler", 1<<20-3*4096) // room for a journal and little else
		}, "no space left on device"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := mount(dir, false, "size=1m"); err != nil {
				t.Skipf("no file system can be made here: %v", err)
			}
			t.Cleanup(func() { _ = unmount(dir) })
			put(t, dir, "edited", "mine\n")
			put(t, dir, "filler", "")
			plan := compare(t, dir, file("edited", strings.Repeat("x", 20_000)), file("sub/new", strings.Repeat("y", 20_000)))
			if err := c.spoil(dir); err != nil {
				t.Fatal(err)
			}
			before := snapshot(t, dir)
			_, err := plan.Write(context.Background(), plan.Decide(Overwrite))
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "nothing was written") || strings.Contains(err.Error(), "\n") {
				t.Errorf("got %v", err)
			}
			unchanged(t, dir, before)
		})
	}
}
