package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
)

// benchmarksFile is what the command last wrote.
var benchmarksFile = filepath.Join("..", "..", "..", "BENCHMARKS.md")

func TestWhatIsPublishedHasThisMethodAndTheseContenders(t *testing.T) {
	content, err := os.ReadFile(benchmarksFile)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("BENCHMARKS.md is not published yet: go run ./bench -o ../../BENCHMARKS.md makes it on a machine that does nothing else")
	}
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(string(content), method) {
		t.Error("BENCHMARKS.md does not end with bench/method.md: run the benchmark again, or copy it there")
	}
	for _, c := range contenders {
		if !strings.Contains(string(content), "| "+c.name+" |") {
			t.Errorf("BENCHMARKS.md has no column for %s: run the benchmark again", c.name)
		}
	}
	for _, r := range rows {
		if !strings.Contains(string(content), "| "+r.measure+" | **1.00** ") {
			t.Errorf("BENCHMARKS.md has no row %q relative to the first contender: run the benchmark again", r.measure)
		}
	}
}

func TestEachContenderIsSomethingThatBuildKitBuilds(t *testing.T) {
	for _, c := range contenders {
		if c.files == "" {
			continue // davit's are judged where all combinations are
		}
		t.Run(c.files, func(t *testing.T) {
			dockerfile, err := testdata.Open("testdata/" + c.files + "/Dockerfile")
			if err != nil {
				t.Fatal(err)
			}
			defer dockerfile.Close()
			tree, err := parser.Parse(dockerfile)
			if err != nil {
				t.Fatal(err)
			}
			if stages, _, err := instructions.Parse(tree.AST, nil); err != nil || len(stages) != 1 {
				t.Errorf("%d stages: %v", len(stages), err)
			}
		})
	}
}

func TestRatiosAreToTheFirstContender(t *testing.T) {
	results := make([]result, len(contenders))
	for i := range results {
		results[i].samples = map[string][]float64{}
		for _, r := range rows {
			results[i].samples[r.measure] = []float64{3, 1 + float64(i), 2}
		}
	}
	text := report(environment{date: "2026-01-02", davit: "1.2.3", engine: "30.0.0", cpus: 2, rounds: 3, starts: 5}, results, 1)
	for _, want := range []string{
		"davit 1.2.3, Docker Engine 30.0.0, 2 CPUs",
		"| Cold build | **1.00** (2.00 s) | **1.00** (2.00 s) | **1.50** (3.00 s) | **1.50** (3.00 s) ",
		"| … as a multiple of the bare minimum | 2.00 × | 2.00 × | 3.00 × ",
		"| 100 % |\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	columns := 0
	for line := range strings.Lines(strings.TrimSuffix(text, method)) { // the method has a table of its own
		if !strings.HasPrefix(line, "|") {
			continue
		}
		if n := strings.Count(line, "|"); columns == 0 {
			columns = n
		} else if n != columns {
			t.Errorf("%d columns where others have %d: %s", n, columns, line)
		}
	}
}

func TestLayersOfTheBaseAreNotCounted(t *testing.T) {
	base, app := files(t, map[string]int{"usr/bin/python": 700}), files(t, map[string]int{"app/main.py": 20, "app/b.py": 3})
	saved := archive(t, map[string][]byte{
		"blobs/base": base, "blobs/app": zipped(t, app),
		"config":        []byte(`{"rootfs":{"diff_ids":["sha256:1","sha256:2"]}}`),
		"index.json":    []byte(`{}`),
		"manifest.json": []byte(`[{"Config":"config","Layers":["blobs/base","blobs/app"]}]`),
	})
	image, err := readImage(bytes.NewReader(saved))
	if err != nil {
		t.Fatal(err)
	}
	if want := []layer{{"sha256:1", 700}, {"sha256:2", 23}}; !slices.Equal(image, want) {
		t.Fatalf("%v, want %v", image, want)
	}
	if all, above := sizes(image, image[:1]); all != 723 || above != 23 {
		t.Errorf("%d bytes, %d above the base; want 723 and 23", all, above)
	}
}

func files(t *testing.T, bytes map[string]int) []byte {
	content := map[string][]byte{}
	for name, n := range bytes {
		content[name] = make([]byte, n)
	}
	return archive(t, content)
}

func archive(t *testing.T, content map[string][]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for name, data := range content {
		if err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(data))}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(data); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zipped(t *testing.T, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
