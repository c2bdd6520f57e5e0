package conformance

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"regexp"
	"strings"

	"github.com/moby/buildkit/client/llb"
	"github.com/moby/buildkit/client/llb/sourceresolver"
	"github.com/moby/buildkit/frontend/dockerfile/dockerfile2llb"
	"github.com/moby/buildkit/frontend/dockerui"
	gateway "github.com/moby/buildkit/frontend/gateway/client"
	"github.com/moby/buildkit/solver/pb"
	digest "github.com/opencontainers/go-digest"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"
	fsutil "github.com/tonistiigi/fsutil/types"

	"github.com/davit-cli/davit/generator"
)

var platforms = []ocispecs.Platform{
	{OS: "linux", Architecture: "amd64"},
	{OS: "linux", Architecture: "arm64"},
}

// bases are the images that may be built from. A generated Dockerfile that
// names another one fails: either the tag is wrong, or this list is to grow.
var bases = []*regexp.Regexp{
	regexp.MustCompile(`^docker\.io/library/python:3\.\d+-slim-(trixie|bookworm)$`),
	regexp.MustCompile(`^docker\.io/library/python:3\.\d+-alpine3\.\d+$`),
	regexp.MustCompile(`^docker\.io/library/debian:(trixie|bookworm)-slim$`),
	regexp.MustCompile(`^gcr\.io/distroless/python3-debian1[23]:(nonroot|latest)$`),
	regexp.MustCompile(`^cgr\.dev/(chainguard|example\.com)/python:3\.\d+(-dev)?$`),
	regexp.MustCompile(`^ghcr\.io/astral-sh/uv:\d+\.\d+\.\d+(-[a-z0-9.-]+)?$`),
	regexp.MustCompile(`^docker\.io/mambaorg/micromamba:\d+\.\d+\.\d+(-debian1[23](-slim)?)?$`),
}

// Checks judges a Dockerfile as `docker build --check` does, experimental
// checks included. Suppressions by a check directive on top do not count.
func Checks(files []generator.File) []Finding {
	d := &docket{judge: "checks"}
	if f, ok := named(files, "Dockerfile"); ok {
		d.lint(f, files, platforms[0])
	}
	return d.found
}

// Conversion judges whether BuildKit can turn each stage that runs into what
// it would execute, for each platform.
func Conversion(files []generator.File) []Finding {
	d := &docket{judge: "conversion"}
	for _, f := range files {
		for _, p := range platforms {
			d.convert(f, files, p)
		}
	}
	return d.found
}

func (d *docket) lint(f generator.File, files []generator.File, p ocispecs.Platform) {
	opt, err := buildOptions(files, p)
	if err != nil {
		d.add(f.Path, 0, "read", "%v", err)
		return
	}
	results, err := dockerfile2llb.DockerfileLint(context.Background(), []byte(f.Content), opt)
	if err != nil {
		d.add(f.Path, 0, "lint", "%v", err)
		return
	}
	for _, w := range results.Warnings {
		d.add(f.Path, firstLine(w.Location), w.RuleName, "%s", w.Detail)
	}
	if e := results.Error; e != nil {
		d.add(f.Path, firstLine(&e.Location), "build-error", "%s", e.Message)
	}
}

func (d *docket) convert(f generator.File, files []generator.File, p ocispecs.Platform) {
	stages, _, err := parseDockerfile(f.Content)
	if err != nil {
		d.add(f.Path, 0, "parse", "%v", err)
	}
	for _, t := range stages {
		if sorted(t, f.Path).cmd == nil {
			continue // converted with the stage that is made from it
		}
		opt, err := buildOptions(files, p)
		if err != nil {
			continue
		}
		opt.Target = t.Name
		result, err := dockerfile2llb.Dockerfile2LLB(context.Background(), []byte(f.Content), opt)
		if err == nil {
			_, err = result.State.Marshal(context.Background(), llb.Platform(p))
		}
		if err != nil {
			d.add(f.Path, 0, "convert", "target %s for %s: %v", t.Name, p.Architecture, err)
		}
	}
}

func buildOptions(files []generator.File, p ocispecs.Platform) (dockerfile2llb.ConvertOpt, error) {
	ctx := context.Background()
	client, err := dockerui.NewClient(&builder{files: contents(files)})
	if err != nil {
		return dockerfile2llb.ConvertOpt{}, err
	}
	source, err := client.ReadEntrypoint(ctx, "Dockerfile")
	if err != nil {
		return dockerfile2llb.ConvertOpt{}, err
	}
	return dockerfile2llb.ConvertOpt{
		Config:         client.Config,
		Client:         client,
		SourceMap:      source.SourceMap,
		MetaResolver:   &builder{},
		TargetPlatform: &p,
	}, nil
}

func contents(files []generator.File) map[string]string {
	byPath := map[string]string{}
	for _, f := range files {
		byPath[f.Path] = f.Content
	}
	return byPath
}

func firstLine(l *pb.Location) int {
	if l == nil || len(l.Ranges) == 0 || l.Ranges[0].Start == nil {
		return 0
	}
	return int(l.Ranges[0].Start.Line)
}

// builder stands in for the BuildKit daemon: it serves the files of the build
// context and knows the configuration of the base images, and executes nothing.
type builder struct {
	gateway.Client // nil: what is not overridden is not called
	gateway.Reference
	files map[string]string
}

func (b *builder) BuildOpts() gateway.BuildOpts {
	caps := pb.Caps.CapSet(pb.Caps.All())
	return gateway.BuildOpts{
		Opts:    map[string]string{"build-arg:BUILDKIT_DOCKERFILE_CHECK": "experimental=all"},
		LLBCaps: caps,
		Caps:    caps,
	}
}

func (b *builder) Solve(context.Context, gateway.SolveRequest) (*gateway.Result, error) {
	result := gateway.NewResult()
	result.SetRef(b)
	return result, nil
}

func (b *builder) StatFile(_ context.Context, r gateway.StatRequest) (*fsutil.Stat, error) {
	if content, ok := b.files[r.Path]; ok {
		return &fsutil.Stat{Path: r.Path, Size: int64(len(content))}, nil
	}
	return nil, fs.ErrNotExist
}

func (b *builder) ReadFile(_ context.Context, r gateway.ReadRequest) ([]byte, error) {
	if content, ok := b.files[r.Filename]; ok {
		return bytes.Clone([]byte(content)), nil
	}
	return nil, fs.ErrNotExist
}

func (b *builder) ResolveImageConfig(_ context.Context, ref string, opt sourceresolver.Opt) (string, digest.Digest, []byte, error) {
	known := false
	for _, base := range bases {
		known = known || base.MatchString(ref)
	}
	if !known {
		return "", "", nil, fmt.Errorf("%s is no base image that this judge knows", ref)
	}
	platform := platforms[0]
	if opt.ImageOpt != nil && opt.ImageOpt.Platform != nil {
		platform = *opt.ImageOpt.Platform
	}
	config, err := json.Marshal(ocispecs.Image{
		Platform: platform,
		Config:   ocispecs.ImageConfig{Env: []string{"PATH=/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"}},
		RootFS:   ocispecs.RootFS{Type: "layers", DiffIDs: []digest.Digest{digest.FromString(ref)}},
	})
	return strings.TrimSpace(ref), "", config, err
}
