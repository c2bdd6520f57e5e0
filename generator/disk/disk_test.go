package disk

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/davit-cli/davit/generator"
)

func TestCompareTellsHowEachFileStands(t *testing.T) {
	dir := tree(t, map[string]string{
		"same":           "one\ntwo\n",
		"crlf":           "one\r\ntwo\r\n",
		"edited":         "mine\n",
		"davit.yaml":     "base: alpine\n",
		"sub/davit.yaml": "base: alpine\n",
		"scripts/build":  "#!/bin/sh\n",
	})
	plan := compare(t, dir, file("same", "one\ntwo\n"), file("crlf", "one\ntwo\n"), file("edited", "davit's\n"),
		file("davit.yaml", "base: slim\n"), file("sub/davit.yaml", "base: slim\n"), file("a/b/new", "x\n"), script("scripts/build", "#!/bin/sh\n"))
	want := []Status{Same, Same, Conflict, Changed, Conflict, New, Changed}
	for i, e := range plan.Entries {
		if e.Status != want[i] {
			t.Errorf("%s is %s, want %s", e.Path, e.Status, want[i])
		}
	}
	if got := plan.Conflicts(); !slices.Equal(got, []string{"edited", "sub/davit.yaml"}) {
		t.Errorf("conflicts: %q", got)
	}
}

func TestOneSentenceForEachThingInTheWay(t *testing.T) {
	outside := t.TempDir()
	for name, c := range map[string]struct {
		prepare func(t *testing.T, dir string)
		file    string
		want    string
	}{
		"a folder has the file's name":          {func(t *testing.T, dir string) { mkdir(t, dir, "Dockerfile") }, "Dockerfile", "is a folder"},
		"a file has a folder's name":            {func(t *testing.T, dir string) { put(t, dir, "k8s", "x") }, "k8s/base/service.yaml", "needs a folder there"},
		"a folder is a link to the outside":     {func(t *testing.T, dir string) { link(t, outside, dir, "k8s") }, "k8s/base.yaml", "leads out of"},
		"the file is a link to the outside":     {func(t *testing.T, dir string) { link(t, "/etc/passwd", dir, "Dockerfile") }, "Dockerfile", "leads out of"},
		"the file climbs out by a link":         {func(t *testing.T, dir string) { link(t, "../x", dir, "Dockerfile") }, "Dockerfile", "leads out of"},
		"a folder is a link that leads nowhere": {func(t *testing.T, dir string) { link(t, "gone", dir, "k8s") }, "k8s/base.yaml", "leads nowhere"},
		"the path climbs out":                   {func(*testing.T, string) {}, "../Dockerfile", "is no path below"},
		"the path is absolute":                  {func(*testing.T, string) {}, "/etc/passwd", "is no path below"},
		"the path is not clean":                 {func(*testing.T, string) {}, "a/../b", "is no path below"},
		"the path has a backslash":              {func(*testing.T, string) {}, `a\..\b`, "is no path below"},
		"the path is git's own":                 {func(*testing.T, string) {}, ".git/hooks/pre-commit", "is no path below"},
		"the path has an escape sequence":       {func(*testing.T, string) {}, "a\x1b[2J", "is no path below"},
		"a name differs in case":                {func(t *testing.T, dir string) { put(t, dir, "dockerfile", "x") }, "Dockerfile", "where case does not count"},
		"a folder's name differs in case":       {func(t *testing.T, dir string) { put(t, dir, "K8s/a", "x") }, "k8s/base.yaml", "where case does not count"},
		"davit.lock is a folder":                {func(t *testing.T, dir string) { mkdir(t, dir, LockFile) }, "Dockerfile", "is a folder"},
		"davit.lock leads out":                  {func(t *testing.T, dir string) { link(t, "/etc/passwd", dir, LockFile) }, "Dockerfile", "leads out of"},
		"the file is huge": {func(t *testing.T, dir string) {
			put(t, dir, "Dockerfile", "")
			if err := os.Truncate(filepath.Join(dir, "Dockerfile"), most+1); err != nil {
				t.Fatal(err)
			}
		}, "Dockerfile", "larger than"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			c.prepare(t, dir)
			before := snapshot(t, dir)
			_, err := Compare(dir, []generator.File{file("first", "x"), file(c.file, "x")})
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got %v, want one sentence with %q", err, c.want)
			}
			unchanged(t, dir, before)
		})
	}
	if _, err := Compare(filepath.Join(outside, "gone"), nil); err == nil {
		t.Error("a missing folder is no error")
	}
	if _, err := Compare(outside, []generator.File{file("Dockerfile", ""), file("dockerfile", "")}); err == nil {
		t.Error("two names of one file are no error")
	}
}

func TestWriteDoesWhatWasDecided(t *testing.T) {
	for _, c := range []struct {
		decision Decision
		want     map[string]string // beside new and same
	}{
		{Skip, map[string]string{"edited": "mine\n"}},
		{Overwrite, map[string]string{"edited": "davit's\n"}},
		{Backup, map[string]string{"edited": "davit's\n", "edited.bak": "older\n", "edited.bak.1": "mine\n"}},
	} {
		t.Run(string(c.decision), func(t *testing.T) {
			there := map[string]string{"same": "same\n", "edited": "mine\n"}
			if c.decision == Backup {
				there["edited.bak"] = "older\n"
			}
			dir := tree(t, there)
			plan := compare(t, dir, file("same", "same\n"), file("edited", "davit's\n"), file("a/b/new", "new\n"), script("run", "#!/bin/sh\n"))
			report, err := plan.Write(context.Background(), plan.Decide(c.decision))
			if err != nil || len(report.Left) > 0 {
				t.Fatal(err, report.Left)
			}
			want := map[string]string{"same": "same\n", "a/b/new": "new\n", "run": "#!/bin/sh\n"}
			maps.Copy(want, c.want)
			got := contents(t, dir)
			if delete(got, LockFile); !maps.Equal(got, want) {
				t.Errorf("got %q, want %q", got, want)
			}
			if info, _ := os.Stat(filepath.Join(dir, "run")); info.Mode()&0o100 == 0 {
				t.Errorf("the script has mode %v", info.Mode())
			}
			if c.decision == Backup && report.Backups["edited"] != "edited.bak.1" {
				t.Errorf("backups: %q", report.Backups)
			}
			again := compare(t, dir, file("a/b/new", "new\n"), script("run", "#!/bin/sh\n"))
			if again.Count(Same) != 2 {
				t.Errorf("written files are %v afterwards", again.Entries)
			}
		})
	}
}

func TestRefusedDecisionsWriteNothing(t *testing.T) {
	dir := tree(t, map[string]string{"edited": "mine\n"})
	before := snapshot(t, dir)
	plan := compare(t, dir, file("new", "new\n"), file("edited", "davit's\n"))
	for _, d := range []Decision{Fail, Picked, "burn"} {
		if _, err := plan.Write(context.Background(), plan.Decide(d)); err == nil {
			t.Errorf("%s is no error", d)
		}
		unchanged(t, dir, before)
	}
	var conflict *ConflictError
	if _, err := plan.Write(context.Background(), plan.Decide(Fail)); !errors.As(err, &conflict) || !slices.Equal(conflict.Paths, []string{"edited"}) {
		t.Errorf("got %v", err)
	}
	if report, err := plan.Write(context.Background(), nil); err != nil || len(report.Written) > 0 {
		t.Errorf("without decisions: %v, %v", report, err)
	}
}

func TestModesAndLineEndingsAreKept(t *testing.T) {
	dir := tree(t, map[string]string{"a": "mine\r\n", "run": "#!/bin/sh\r\n"})
	for name, mode := range map[string]fs.FileMode{"a": 0o640, "run": 0o640} {
		if err := os.Chmod(filepath.Join(dir, name), mode); err != nil {
			t.Fatal(err)
		}
	}
	plan := compare(t, dir, file("a", "davit's\n"), script("run", "#!/bin/sh\necho\n"))
	if _, err := plan.Write(context.Background(), plan.Decide(Overwrite)); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"a": "-rw-r----- davit's\r\n", "run": "-rwxr-x--- #!/bin/sh\necho\n"}
	got := snapshot(t, dir)
	if delete(got, LockFile); !maps.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestLinksInsideTheFolderAreReadAndNotReplaced(t *testing.T) {
	dir := tree(t, map[string]string{"real": "mine\n", "deploy/.keep": ""})
	link(t, "real", dir, "Dockerfile")
	link(t, "deploy", dir, "k8s")
	if plan := compare(t, dir, file("Dockerfile", "mine\n")); plan.Count(Same) != 1 {
		t.Error("a link to the same content is not the same")
	}
	before := snapshot(t, dir)
	plan := compare(t, dir, file("new", "x"), file("Dockerfile", "davit's\n"))
	if _, err := plan.Write(context.Background(), plan.Decide(Overwrite)); err == nil || !strings.Contains(err.Error(), "symbolic link") {
		t.Errorf("got %v", err)
	}
	unchanged(t, dir, before)
	plan = compare(t, dir, file("k8s/service.yaml", "x\n"))
	if _, err := plan.Write(context.Background(), plan.Decide(Fail)); err != nil {
		t.Fatal(err)
	}
	if contents(t, dir)["deploy/service.yaml"] != "x\n" {
		t.Error("a linked folder inside the project was not written to")
	}
}

func TestAFileChangedInTheMeantimeStopsTheWrite(t *testing.T) {
	files := []generator.File{file("a", "new a\n"), file("edited", "davit's\n"), file("z", "new z\n")}
	for name, change := range map[string]func(t *testing.T, dir string){
		"edited":               func(t *testing.T, dir string) { put(t, dir, "edited", "edited again\n") },
		"removed":              func(t *testing.T, dir string) { remove(t, dir, "edited") },
		"made":                 func(t *testing.T, dir string) { put(t, dir, "z", "mine\n") },
		"turned into a folder": func(t *testing.T, dir string) { mkdir(t, dir, "z") },
		"turned into a link": func(t *testing.T, dir string) {
			remove(t, dir, "edited")
			put(t, dir, "b", "mine\n")
			link(t, "b", dir, "edited")
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := tree(t, map[string]string{"edited": "mine\n"})
			plan := compare(t, dir, files...)
			change(t, dir)
			before := snapshot(t, dir)
			if _, err := plan.Write(context.Background(), plan.Decide(Overwrite)); err == nil {
				t.Error("no error")
			}
			unchanged(t, dir, before)
		})
		t.Run(name+" between staging and renaming", func(t *testing.T) {
			dir := tree(t, map[string]string{"edited": "mine\n"})
			plan := compare(t, dir, files...)
			var before map[string]string
			_, err := plan.write(context.Background(), plan.Decide(Overwrite), func(op, name string) error {
				if op == "link" && before == nil {
					change(t, dir)
					before = snapshot(t, dir)
					maps.DeleteFunc(before, func(path, _ string) bool { return strings.Contains(path, ".davit-") })
				}
				return nil
			})
			if err == nil {
				t.Error("no error")
			}
			unchanged(t, dir, before)
		})
	}
}

func TestACancelledWriteChangesNothing(t *testing.T) {
	for n := 1; ; n++ {
		dir, plan := mixed(t)
		before := snapshot(t, dir)
		ctx, cancel := context.WithCancel(context.Background())
		calls := 0
		_, err := plan.write(ctx, plan.Decide(Overwrite), func(string, string) error {
			if calls++; calls == n {
				cancel()
			}
			return nil
		})
		cancel()
		if err == nil {
			return // cancelled after the last step: everything is written
		}
		if !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		unchanged(t, dir, before)
	}
}

func file(path, content string) generator.File {
	return generator.File{Path: path, Mode: 0o644, Content: content}
}

func script(path, content string) generator.File {
	return generator.File{Path: path, Mode: 0o755, Language: "sh", Content: content}
}

func compare(t *testing.T, dir string, files ...generator.File) Plan {
	t.Helper()
	plan, err := Compare(dir, files)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// tree makes a folder with these files.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		put(t, dir, name, content)
	}
	return dir
}

func put(t *testing.T, dir, name, content string) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func mkdir(t *testing.T, dir, name string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(dir, name), 0o755); err != nil {
		t.Fatal(err)
	}
}

func link(t *testing.T, to, dir, name string) {
	t.Helper()
	if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
		t.Skip(err)
	}
}

func remove(t *testing.T, dir, name string) {
	t.Helper()
	if err := os.Remove(filepath.Join(dir, name)); err != nil {
		t.Fatal(err)
	}
}

// snapshot returns everything in a folder: path → mode and content.
func snapshot(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == dir {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		var content string
		switch {
		case d.Type()&fs.ModeSymlink != 0:
			content, err = os.Readlink(path)
		case d.Type().IsRegular() && info.Size() < most:
			var data []byte
			data, err = os.ReadFile(path)
			content = string(data)
		}
		name, _ := filepath.Rel(dir, path)
		all[filepath.ToSlash(name)] = info.Mode().String() + " " + content
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// contents returns the regular files of a folder alone.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	return filesOf(snapshot(t, dir))
}

// filesOf returns the regular files of a snapshot without their modes.
func filesOf(all map[string]string) map[string]string {
	files := map[string]string{}
	for path, text := range all {
		if mode, content, _ := strings.Cut(text, " "); mode[0] == '-' {
			files[path] = content
		}
	}
	return files
}

func unchanged(t *testing.T, dir string, before map[string]string) {
	t.Helper()
	if after := snapshot(t, dir); !maps.Equal(before, after) {
		t.Errorf("the folder is not as it was:\n%q\nbefore:\n%q", after, before)
	}
}
