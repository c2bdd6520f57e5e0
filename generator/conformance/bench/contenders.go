package main

import (
	"embed"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
)

// testdata holds the service, and a folder with the Dockerfile of each
// contender that is not davit's.
//
//go:embed all:testdata
var testdata embed.FS

// A contender is one way of making an image of the service.
type contender struct {
	name  string   // heads its column
	port  int      // where its server listens
	base  string   // what its last stage starts from
	files string   // folder of testdata with its Dockerfile, "" where davit writes it
	flags []string // what davit is told
}

// contenders are compared with the first of them.
var contenders = []contender{
	{name: "davit `uv/low/slim`", port: 8000, base: "python:3.13-slim-trixie", flags: []string{"--traffic", "low", "--base", "slim"}},
	{name: "davit `uv/high/slim`", port: 8000, base: "python:3.13-slim-trixie", flags: []string{"--traffic", "high", "--base", "slim"}},
	{name: "davit `uv/low/distroless`", port: 8000, base: "gcr.io/distroless/python3-debian13:nonroot", flags: []string{"--traffic", "low", "--base", "distroless"}},
	{name: "FastAPI's docs", port: 80, base: "python:3.13-slim", files: "fastapi-docs"},
	{name: "single stage", port: 8000, base: "python:3.13-slim", files: "single-stage"},
	{name: "`docker init`", port: 8000, base: "python:3.13-slim", files: "docker-init"},
}

// A lock is what the service declares, and what that came to.
type lock struct{ pyproject, uvLock, requirements []byte }

// write puts the lock into the contender's folder: each has the manifests that
// its Dockerfile reads, and davit's projects no second list of dependencies.
func (c contender) write(dir string, l lock) error {
	manifests := map[string][]byte{"pyproject.toml": l.pyproject, "uv.lock": l.uvLock}
	if c.files != "" {
		manifests["requirements.txt"] = l.requirements
	}
	for name, content := range manifests {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// prepare fills an empty folder with the service, its lock and the contender's
// container files; davit is the path of the program that writes its own.
func (c contender) prepare(dir string, l lock, davit string) error {
	if err := copyTo(dir, "service"); err != nil {
		return err
	}
	if err := c.write(dir, l); err != nil {
		return err
	}
	if c.files != "" {
		return copyTo(dir, c.files)
	}
	args := append([]string{"generate", dir, "--dependencies", "uv", "--python", "3.13"}, c.flags...)
	if out, err := exec.Command(davit, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("davit generate: %w\n%s", err, out)
	}
	return nil
}

// copyTo copies a folder of testdata into another one.
func copyTo(dir, folder string) error {
	files, err := fs.Sub(testdata, "testdata/"+folder)
	if err != nil {
		return err
	}
	return os.CopyFS(dir, files)
}

// buildDavit builds the program of the module that this one tests.
func buildDavit(dir string) (string, error) {
	root, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/davit-cli/davit").Output()
	if err != nil {
		return "", fmt.Errorf("go list, which has to run inside generator/conformance: %w", err)
	}
	binary := filepath.Join(dir, "davit")
	build := exec.Command("go", "build", "-o", binary, ".")
	build.Dir = string(root[:len(root)-1])
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return binary, nil
}
