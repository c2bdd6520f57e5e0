// Command trivy judges Dockerfiles or Kubernetes manifests by Trivy's own
// scanners and the policies embedded in it, as `trivy config` does, without
// what that links beside: every cloud's, Terraform's and Helm's code, which
// takes four times as long to build.
//
//	trivy dockerfile|kubernetes DIR
//
// It prints what it has judged, each file below DIR with the number of
// verdicts on it, and what it has found. Any trouble of its own is an error.
package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/aquasecurity/trivy/pkg/iac/rego"
	"github.com/aquasecurity/trivy/pkg/iac/scan"
	"github.com/aquasecurity/trivy/pkg/iac/scanners"
	"github.com/aquasecurity/trivy/pkg/iac/scanners/dockerfile"
	"github.com/aquasecurity/trivy/pkg/iac/scanners/kubernetes"
	"github.com/aquasecurity/trivy/pkg/iac/scanners/options"
)

type report struct {
	Judged   map[string]int
	Findings []finding
}

type finding struct {
	File    string
	Line    int
	Rule    string
	Message string
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "trivy:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 2 {
		return errors.New("usage: trivy dockerfile|kubernetes DIR")
	}
	troubles := &troubles{}
	slog.SetDefault(slog.New(troubles)) // the scanners log what they cannot parse or evaluate, and go on
	scanner, err := scannerOf(args[0])
	if err != nil {
		return err
	}
	results, err := scanner.ScanFS(context.Background(), os.DirFS(args[1]), ".")
	if err := errors.Join(append(troubles.logged, err)...); err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(reportOf(results))
}

func scannerOf(kind string) (scanners.FSScanner, error) {
	release, err := release()
	if err != nil {
		return nil, err
	}
	opts := []options.ScannerOption{
		rego.WithEmbeddedPolicies(true),
		rego.WithEmbeddedLibraries(true),
		rego.WithTrivyVersion(release), // policies that ask for a newer one are a trouble
	}
	switch kind {
	case "dockerfile":
		return dockerfile.NewScanner(opts...), nil
	case "kubernetes":
		return kubernetes.NewScanner(opts...), nil
	}
	return nil, fmt.Errorf("%q is neither dockerfile nor kubernetes", kind)
}

// release returns the version of Trivy that is linked.
func release() (string, error) {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, d := range info.Deps {
			if d.Path == "github.com/aquasecurity/trivy" {
				return strings.TrimPrefix(d.Version, "v"), nil
			}
		}
	}
	return "", errors.New("does not know which Trivy it links")
}

func reportOf(results scan.Results) report {
	r := report{Judged: map[string]int{}, Findings: []finding{}}
	for _, result := range results {
		at := result.Range()
		r.Judged[at.GetFilename()]++
		if result.Status() == scan.StatusFailed {
			r.Findings = append(r.Findings, finding{at.GetFilename(), at.GetStartLine(), result.Rule().ID, result.Description()})
		}
	}
	slices.SortFunc(r.Findings, func(a, b finding) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Rule, b.Rule))
	})
	return r
}

// troubles keeps warnings and errors that Trivy logs.
type troubles struct{ logged []error }

func (t *troubles) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelWarn }
func (t *troubles) WithAttrs([]slog.Attr) slog.Handler               { return t }
func (t *troubles) WithGroup(string) slog.Handler                    { return t }

func (t *troubles) Handle(_ context.Context, r slog.Record) error {
	text := r.Message
	r.Attrs(func(a slog.Attr) bool {
		text += " " + a.String()
		return true
	})
	t.logged = append(t.logged, errors.New(text))
	return nil
}
