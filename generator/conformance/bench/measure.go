package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/pelletier/go-toml/v2"

	"github.com/davit-cli/davit/assets"
)

// Measures, in the order of the table's rows.
const (
	imageSize   = "Image"
	aboveBase   = "Above its base image"
	cold        = "Cold build"
	newSource   = "Rebuild, a line of source changed"
	newPackage  = "Rebuild, a dependency added"
	toHealthy   = "Start to healthy"
	stopIdle    = "Stop, idle"
	stopServing = "Stop, a request in flight"
)

// A result is what was measured of one contender.
type result struct {
	samples  map[string][]float64 // by measure; bytes or seconds
	findings int
	user     string
	asked    int // requests that were in flight at a stop
	answered int
}

// A bench measures every contender on one engine.
type bench struct {
	id     string // in the names of what is made
	dir    string
	davit  string
	rounds int
	starts int
	say    func(format string, args ...any)

	locks   []lock // as declared; then with one dependency more, a different one each
	minimum int64
	results []result
	made    []string // ids of all images: a newer one takes the name from an older one
}

// added are small packages; each round of builds adds one that no round before has fetched.
var added = []string{"itsdangerous", "inflection", "tabulate", "toolz", "xmltodict", "blinker", "humanize"}

func (b *bench) image(i int) string  { return fmt.Sprintf("davit-bench-%s-%d", b.id, i) }
func (b *bench) folder(i int) string { return filepath.Join(b.dir, fmt.Sprint("contender-", i)) }

// cacheOf keeps a contender's cache mounts apart from everyone else's.
func (b *bench) cacheOf(i int) string { return "BUILDKIT_CACHE_MOUNT_NS=" + b.image(i) }

// run fills b.results.
func (b *bench) run(ctx context.Context) error {
	b.results = make([]result, len(contenders))
	for i := range b.results {
		b.results[i].samples = map[string][]float64{}
	}
	if err := b.prepare(ctx); err != nil {
		return err
	}
	for round := range b.rounds {
		for _, i := range b.order(round) {
			if err := b.builds(ctx, i, round); err != nil {
				return fmt.Errorf("%s: %w", contenders[i].name, err)
			}
		}
	}
	for i := range contenders {
		if err := b.inspect(ctx, i); err != nil {
			return fmt.Errorf("%s: %w", contenders[i].name, err)
		}
	}
	for round := range b.starts + 1 {
		for _, i := range b.order(round) {
			if err := b.startAndStop(ctx, i, round > 0); err != nil { // the first brings the files into memory
				return fmt.Errorf("%s: %w", contenders[i].name, err)
			}
		}
	}
	return nil
}

// order alternates, so that none is always measured right after the same other.
func (b *bench) order(round int) []int {
	var order []int
	for i := range contenders {
		order = append(order, i)
	}
	if round%2 == 1 {
		slices.Reverse(order)
	}
	return order
}

// prepare makes the locks, the minimum and each contender's folder.
func (b *bench) prepare(ctx context.Context) error {
	tools, err := testdata.ReadFile("testdata/tools/Dockerfile")
	if err != nil {
		return err
	}
	if err := os.WriteFile(b.tools(), tools, 0o644); err != nil {
		return err
	}
	b.say("locking with uv")
	work := filepath.Join(b.dir, "lock")
	if err := copyTo(work, "service"); err != nil {
		return err
	}
	base, err := b.lock(ctx, work, "")
	if err != nil {
		return err
	}
	b.locks = []lock{base}
	for _, name := range added[:b.rounds] {
		// From the manifests as they were: one dependency more, not all of them.
		if err := contenders[0].write(work, base); err != nil {
			return err
		}
		l, err := b.lock(ctx, work, name)
		if err != nil {
			return err
		}
		b.locks = append(b.locks, l)
	}
	if err := contenders[0].write(work, base); err != nil {
		return err
	}
	installed, err := docker(ctx, work, "build", "--file", b.tools(), "--target", "minimum", "--build-arg", "UV="+uvVersion(),
		"--output", "type=tar,dest=-", ".")
	if err != nil {
		return err
	}
	if b.minimum, err = fileBytes(bytes.NewReader(installed)); err != nil {
		return err
	}
	for i, c := range contenders {
		if err := c.prepare(b.folder(i), base, b.davit); err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
	}
	return nil
}

func (b *bench) tools() string { return filepath.Join(b.dir, "tools.Dockerfile") }

// lock resolves the manifests of a folder, with one dependency more if it is named.
func (b *bench) lock(ctx context.Context, dir, add string) (lock, error) {
	out := filepath.Join(b.dir, "locked")
	if _, err := docker(ctx, dir, "build", "--file", b.tools(), "--target", "locked", "--build-arg", "UV="+uvVersion(),
		"--build-arg", "ADD="+add, "--output", out, "."); err != nil {
		return lock{}, fmt.Errorf("locking: %w", err)
	}
	var l lock
	for name, content := range map[string]*[]byte{"pyproject.toml": &l.pyproject, "uv.lock": &l.uvLock, "requirements.txt": &l.requirements} {
		var err error
		if *content, err = os.ReadFile(filepath.Join(out, name)); err != nil {
			return lock{}, err
		}
	}
	// No earlier run has had these bytes, so the engine has no layer for them.
	l.pyproject = append(l.pyproject, "\n# "+b.id+"\n"...)
	l.requirements = append(l.requirements, "# "+b.id+"\n"...)
	return l, nil
}

// uvVersion is the one that davit's Dockerfiles name.
func uvVersion() string {
	var versions struct{ Tools map[string]string }
	if err := toml.Unmarshal([]byte(assets.Versions), &versions); err != nil {
		panic(err) // a test of davit's has read it
	}
	return versions.Tools["uv"]
}

// builds are a cold one, one after a change of source and one after a change
// of dependencies.
func (b *bench) builds(ctx context.Context, i, round int) error {
	c, dir, s := contenders[i], b.folder(i), b.results[i].samples
	source := filepath.Join(dir, "app", "main.py")
	text, err := testdata.ReadFile("testdata/service/app/main.py")
	if err != nil {
		return err
	}
	if err := os.WriteFile(source, text, 0o644); err != nil {
		return err
	}
	if err := c.write(dir, b.locks[0]); err != nil {
		return err
	}
	if err := b.emptyCaches(ctx, i, strconv.Itoa(round)); err != nil {
		return err
	}
	if err := b.build(ctx, i, cold, "--no-cache"); err != nil {
		return err
	}
	if err := os.WriteFile(source, fmt.Appendf(text, "\n# %s %d\n", b.id, round), 0o644); err != nil {
		return err
	}
	if err := b.build(ctx, i, newSource); err != nil {
		return err
	}
	if err := c.write(dir, b.locks[1+round]); err != nil {
		return err
	}
	if err := b.build(ctx, i, newPackage); err != nil {
		return err
	}
	b.say("%s: cold %.1f s, source %.1f s, dependency %.1f s", c.name, last(s[cold]), last(s[newSource]), last(s[newPackage]))
	return nil
}

func last(samples []float64) float64 { return samples[len(samples)-1] }

// build is docker build, as a user runs it, timed.
func (b *bench) build(ctx context.Context, i int, measure string, options ...string) error {
	args := append([]string{"build", "--tag", b.image(i), "--build-arg", b.cacheOf(i)}, options...)
	ids := filepath.Join(b.dir, "id")
	began := time.Now()
	if _, err := docker(ctx, b.folder(i), append(args, "--iidfile", ids, ".")...); err != nil {
		return err
	}
	b.results[i].add(measure, time.Since(began).Seconds())
	id, err := os.ReadFile(ids)
	b.made = append(b.made, string(id))
	return err
}

func (r *result) add(measure string, value float64) {
	r.samples[measure] = append(r.samples[measure], value)
}

var cacheMount = regexp.MustCompile(`--mount=type=cache,target=([^ ,]+)`)

// emptyCaches clears the contender's cache mounts. They are its own by their
// namespace, so the engine's other caches stay as they are.
func (b *bench) emptyCaches(ctx context.Context, i int, round string) error {
	content, err := os.ReadFile(filepath.Join(b.folder(i), "Dockerfile"))
	if err != nil {
		return err
	}
	mounts := cacheMount.FindAllSubmatch(content, -1)
	if len(mounts) == 0 {
		return nil
	}
	for _, mount := range mounts {
		if target := string(mount[1]); target != "/root/.cache/uv" && target != "/root/.cache/pip" {
			return fmt.Errorf("the cache mount %s is none that testdata/tools/Dockerfile empties", target)
		}
	}
	_, err = docker(ctx, b.folder(i), "build", "--no-cache", "--file", b.tools(), "--target", "emptied", "--build-arg", "UV="+uvVersion(),
		"--build-arg", "ROUND="+round, "--build-arg", b.cacheOf(i), "--output", "type=cacheonly", ".")
	return err
}

// inspect measures the image that was built last.
func (b *bench) inspect(ctx context.Context, i int) error {
	c, r := contenders[i], &b.results[i]
	var err error
	if r.findings, err = findings(ctx, b.folder(i)); err != nil {
		return err
	}
	if r.user, err = inspect(ctx, "{{.Config.User}}", b.image(i)); err != nil {
		return err
	}
	image, err := layers(ctx, b.image(i))
	if err != nil {
		return err
	}
	base, err := b.base(ctx, c.base)
	if err != nil {
		return err
	}
	all, above := sizes(image, base)
	r.add(imageSize, float64(all))
	r.add(aboveBase, float64(above))
	return nil
}

// base returns the layers of a base image, by way of an image that adds nothing.
func (b *bench) base(ctx context.Context, name string) ([]layer, error) {
	dir, tag := filepath.Join(b.dir, "base"), "davit-bench-"+b.id+"-base"
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(dir, "Dockerfile"), []byte("FROM "+name+"\n"), 0o644); err != nil {
		return nil, err
	}
	if _, err := docker(ctx, dir, "build", "--tag", tag, "."); err != nil {
		return nil, err
	}
	defer docker(context.Background(), ".", "image", "rm", "--force", tag)
	return layers(ctx, tag)
}

// startAndStop starts the contender twice: it is stopped idle, then with a
// request in flight.
func (b *bench) startAndStop(ctx context.Context, i int, counts bool) error {
	r := &b.results[i]
	for _, measure := range []string{stopIdle, stopServing} {
		err := func() error {
			c, healthy, err := start(ctx, b.image(i), contenders[i].port)
			defer c.remove()
			if err != nil {
				return err
			}
			var took time.Duration
			answered := false
			if measure == stopIdle {
				took, err = c.stop(ctx)
			} else {
				took, answered, err = c.stopInFlight(ctx)
			}
			if err != nil || !counts {
				return err
			}
			r.add(toHealthy, healthy.Seconds())
			r.add(measure, took.Seconds())
			if measure == stopServing {
				r.asked++
				if answered {
					r.answered++
				}
			}
			return nil
		}()
		if err != nil {
			return err
		}
	}
	if counts {
		b.say("%s: healthy %.2f s, stopped %.2f s, serving %.2f s", contenders[i].name, last(r.samples[toHealthy]), last(r.samples[stopIdle]), last(r.samples[stopServing]))
	}
	return nil
}

// clean removes what the run made, whether it ended well or not.
func (b *bench) clean() {
	ctx := context.Background()
	for _, id := range b.made {
		_, _ = docker(ctx, ".", "image", "rm", "--force", id)
	}
	for i := range contenders {
		if _, err := os.Stat(filepath.Join(b.folder(i), "Dockerfile")); err == nil {
			_ = b.emptyCaches(ctx, i, "end")
		}
	}
}
