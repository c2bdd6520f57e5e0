package conformance

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/docker/buildx/bake"
	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/interp"
	"mvdan.cc/sh/v3/syntax"

	"github.com/davit-cli/davit/generator"
)

// A definition is what a build is made from, however it is said.
type definition struct {
	target    string
	tags      []string
	args      map[string]string
	secrets   []string
	platforms []string
	outputs   []string
}

func (b definition) equal(other definition) bool {
	return b.target == other.target && slices.Equal(b.tags, other.tags) && maps.Equal(b.args, other.args) &&
		slices.Equal(b.secrets, other.secrets) && slices.Equal(b.platforms, other.platforms) && slices.Equal(b.outputs, other.outputs)
}

// What git and the clock say to scripts/build here, and the variables that
// say the same to bake.
var told = map[string]string{
	"TAG": "v1.2.3", "REVISION": "0123abc", "CREATED": "2026-01-02T03:04:05Z", "SOURCE": "https://example.com/shop.git", "HOME": "/home/user",
}

// Bake judges docker-bake.hcl with Buildx's own reader: what it would print,
// and whether scripts/build, run with a docker that only listens, asks for the
// same build.
func Bake(files []generator.File) []Finding {
	d := &docket{judge: "bake"}
	f, ok := named(files, "docker-bake.hcl")
	if !ok {
		return nil
	}
	printed, byDefault, err := printBake(told, f)
	if err != nil {
		d.add(f.Path, 0, "read", "%v", err)
		return d.found
	}
	if !slices.Equal(byDefault, []string{"image"}) {
		d.add(f.Path, lineOf(f.Content, `"default"`), "default", "without a name the image for this machine has to be built")
	}
	image, everywhere := printed["image"], printed["image-all"]
	if !slices.Equal(everywhere.platforms, []string{"linux/amd64", "linux/arm64"}) {
		d.add(f.Path, lineOf(f.Content, "platforms"), "platforms", "image-all is for %v", everywhere.platforms)
	}
	if like := (definition{image.target, image.tags, image.args, image.secrets, everywhere.platforms, everywhere.outputs}); !everywhere.equal(like) {
		d.add(f.Path, lineOf(f.Content, `"image-all"`), "image-all", "is another image: %+v", everywhere)
	}
	for name, b := range printed {
		if slices.ContainsFunc(b.tags, func(t string) bool { return untagged(t) || strings.Contains(t, "//") }) {
			d.add(f.Path, lineOf(f.Content, "target "+name), "tag", "%s is tagged %v", name, b.tags)
		}
	}
	if script, ok := named(files, "build"); ok {
		asked, err := listen(script)
		switch {
		case err != nil:
			d.add(script.Path, 0, "run", "%v", err)
		case !asked.equal(image):
			d.add(f.Path, 0, "same", "bake builds %+v, %s builds %+v", image, script.Path, asked)
		}
	}
	return d.found
}

// printBake is docker buildx bake --print, with these variables set: every
// target, and the names of those that are built where none is asked for.
func printBake(variables map[string]string, files ...generator.File) (map[string]definition, []string, error) {
	var read []bake.File
	for _, f := range files {
		read = append(read, bake.File{Name: f.Path, Data: []byte(f.Content)})
	}
	config, _, err := bake.ParseFiles(read, nil, variables)
	if err != nil {
		return nil, nil, err
	}
	byDefault, _, err := bake.ReadTargets(context.Background(), read, []string{"default"}, nil, nil, variables, nil)
	if err != nil {
		return nil, nil, err
	}
	var names []string
	for _, t := range config.Targets {
		names = append(names, t.Name)
	}
	targets, _, err := bake.ReadTargets(context.Background(), read, names, nil, nil, variables, nil)
	if err != nil {
		return nil, nil, err
	}
	printed := map[string]definition{}
	for name, t := range targets {
		b := definition{tags: t.Tags, args: map[string]string{}, platforms: t.Platforms}
		if t.Target != nil {
			b.target = *t.Target
		}
		for k, v := range t.Args {
			b.args[k] = *v
		}
		for _, s := range t.Secrets {
			b.secrets = append(b.secrets, "id="+s.ID+",src="+s.FilePath)
		}
		for _, o := range t.Outputs {
			b.outputs = append(b.outputs, o.String())
		}
		printed[name] = b
	}
	return printed, slices.Sorted(maps.Keys(byDefault)), nil
}

// listen runs scripts/build where docker, git and date are ours, and returns
// the build that it asks docker for.
func listen(script generator.File) (definition, error) {
	parsed, err := syntax.NewParser(syntax.Variant(syntax.LangPOSIX)).Parse(strings.NewReader(script.Content), "scripts/build")
	if err != nil {
		return definition{}, err
	}
	dir, err := os.MkdirTemp("", "davit-bake-")
	if err != nil {
		return definition{}, err
	}
	defer os.RemoveAll(dir)
	if err := os.Mkdir(filepath.Join(dir, "scripts"), 0o755); err != nil {
		return definition{}, err
	}
	var asked definition
	answer := func(next interp.ExecHandlerFunc) interp.ExecHandlerFunc {
		return func(ctx context.Context, args []string) error {
			out := interp.HandlerCtx(ctx).Stdout
			line := strings.Join(args, " ")
			switch {
			case args[0] == "docker":
				asked = flagsOf(args)
			case args[0] == "date":
				_, err = out.Write([]byte(told["CREATED"] + "\n"))
			case strings.HasPrefix(line, "git rev-parse"):
				_, err = out.Write([]byte(told["REVISION"] + "\n"))
			case strings.HasPrefix(line, "git config"):
				_, err = out.Write([]byte("https://user:token@example.com/shop.git\n"))
			case strings.HasPrefix(line, "git describe"):
				_, err = out.Write([]byte(told["TAG"] + "\n"))
			default:
				return next(ctx, args)
			}
			return err
		}
	}
	runner, err := interp.New(interp.Dir(dir), interp.ExecHandlers(answer),
		interp.Env(expand.ListEnviron("HOME="+told["HOME"], "PATH="+os.Getenv("PATH"))))
	if err != nil {
		return definition{}, err
	}
	return asked, runner.Run(context.Background(), parsed)
}

// flagsOf reads docker buildx build's flags, as far as scripts/build has any.
func flagsOf(args []string) definition {
	b := definition{args: map[string]string{}}
	for i, a := range args {
		value := ""
		if i+1 < len(args) {
			value = args[i+1]
		}
		switch a {
		case "--target":
			b.target = value
		case "--tag":
			b.tags = append(b.tags, value)
		case "--build-arg":
			k, v, _ := strings.Cut(value, "=")
			b.args[k] = v
		case "--secret":
			b.secrets = append(b.secrets, value)
		case "--platform":
			b.platforms = strings.Split(value, ",")
		case "--load":
			b.outputs = append(b.outputs, "type=docker")
		}
	}
	return b
}
