// Bench measures what davit writes against the Dockerfiles that people use
// now, for one small service on one engine, and prints BENCHMARKS.md:
//
//	cd generator/conformance && go run ./bench -o ../../BENCHMARKS.md
//
// It needs Docker with buildx, a network for packages, and some ten minutes on
// a machine that does nothing else. What it makes has names of its own and is
// removed; other images, containers and caches stay as they are.
package main

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

func main() {
	b := bench{id: strings.ToLower(rand.Text()[:8])}
	flag.IntVar(&b.rounds, "rounds", 3, "how often each image is built in each way")
	flag.IntVar(&b.starts, "starts", 5, "how often each image is started for each way of stopping it")
	out := flag.String("o", "", "file to write, in place of standard output")
	flag.Parse()
	began := time.Now()
	b.say = func(format string, args ...any) {
		fmt.Fprintf(os.Stderr, "%4.0f s  %s\n", time.Since(began).Seconds(), fmt.Sprintf(format, args...))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := write(ctx, &b, *out); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func write(ctx context.Context, b *bench, out string) (err error) {
	if b.rounds < 1 || b.rounds > len(added) || b.starts < 1 {
		return fmt.Errorf("from 1 to %d rounds, and 1 start or more", len(added))
	}
	if b.dir, err = os.MkdirTemp("", "davit-bench-"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(b.dir)) }()
	if b.davit, err = buildDavit(b.dir); err != nil {
		return err
	}
	e, err := describe(ctx, b)
	if err != nil {
		return err
	}
	defer b.clean()
	if err := b.run(ctx); err != nil {
		return err
	}
	text := report(e, b.results, b.minimum)
	if out == "" {
		_, err = os.Stdout.WriteString(text)
		return err
	}
	return os.WriteFile(filepath.Clean(out), []byte(text), 0o644)
}

// describe tells what the figures depend on, and nothing else of the machine.
func describe(ctx context.Context, b *bench) (environment, error) {
	out, err := docker(ctx, ".", "info", "--format", "{{.ServerVersion}} {{.NCPU}}")
	if err != nil {
		return environment{}, err
	}
	version, cpus, _ := strings.Cut(strings.TrimSpace(string(out)), " ")
	e := environment{date: time.Now().UTC().Format(time.DateOnly), engine: version, rounds: b.rounds, starts: b.starts}
	if e.cpus, err = strconv.Atoi(cpus); err != nil {
		return environment{}, fmt.Errorf("docker info: %w", err)
	}
	davit, err := exec.CommandContext(ctx, b.davit, "version").Output()
	e.davit = strings.TrimSpace(strings.TrimPrefix(string(davit), "davit "))
	return e, err
}
