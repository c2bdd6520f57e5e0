// Package literal proves that no value breaks out of the file that it is put
// in. Whatever is typed or found, it is refused with a sentence, or every
// reader of every generated file (BuildKit, three YAML decoders, a shell, TOML,
// HCL, Go's templates, Python) finds the same instructions and keys as with a harmless value, and
// that very value in its place.
//
//	go test -fuzz FuzzValues ./generator/conformance/literal
package literal

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/davit-cli/davit/generator"
	"github.com/davit-cli/davit/generator/disk"
	"github.com/davit-cli/davit/wizard"
	"github.com/davit-cli/davit/wizard/inspect"
)

// A field is one place where a user or a project can put a value. Its harmless
// value is one that no generated text contains.
type field struct {
	name     string
	harmless string
	set      func(a *wizard.Answers, v string) error
	get      func(a wizard.Answers) string
}

func question(id, harmless string) field {
	return field{id, harmless,
		func(a *wizard.Answers, v string) error { return a.Set(id, v) },
		func(a wizard.Answers) string { return strings.Join(a.Get(id), ",") }}
}

// project is a field that no question asks for: only Validate looks at it.
func project(name, harmless string, at func(*wizard.Project, string), get func(wizard.Project) string) field {
	return field{name, harmless,
		func(a *wizard.Answers, v string) error { at(&a.Project, v); return a.Validate() },
		func(a wizard.Answers) string { return get(a.Project) }}
}

const pinnedImage = "python:3.13-slim-trixie"

var fields = []field{
	question("name", "zqname"),
	question("app", "zqapp.zqmodule:zqattr"),
	question("app_dir", "zqdir"),
	question("health_path", "/zqhealth"),
	question("worker", "zqworker"),
	question("image", "zqregistry/zqimage"),
	question("port", "23451"),
	project("file", "zqfile.txt",
		func(p *wizard.Project, v string) { p.Files = []string{v} },
		func(p wizard.Project) string { return p.Files[0] }),
	project("member", "zqmember",
		func(p *wizard.Project, v string) {
			p.Files, p.Member = []string{"zqfolder/pyproject.toml", "zqfolder/uv.lock"}, v
		},
		func(p wizard.Project) string { return p.Member }),
	project("source", "zqsource",
		func(p *wizard.Project, v string) { p.Package, p.Source = true, v },
		func(p wizard.Project) string { return p.Source }),
	project("extra", "zqextra",
		func(p *wizard.Project, v string) { p.Extras = []string{v} },
		func(p wizard.Project) string { return p.Extras[0] }),
	project("group", "zqgroup",
		func(p *wizard.Project, v string) { p.Groups = []string{v} },
		func(p wizard.Project) string { return p.Groups[0] }),
	project("package", "zqpackage",
		func(p *wizard.Project, v string) { p.Packages = map[string]string{v: "1.0"} },
		func(p wizard.Project) string { return slices.Collect(maps.Keys(p.Packages))[0] }),
	project("version", "9.9",
		func(p *wizard.Project, v string) { p.Packages = map[string]string{"gunicorn": v} },
		func(p wizard.Project) string { return p.Packages["gunicorn"] }),
	{"pin", "sha256:" + strings.Repeat("0f", 32),
		func(a *wizard.Answers, v string) error {
			a.Python, a.Pins = "3.13", map[string]string{pinnedImage: v}
			return a.Validate()
		},
		func(a wizard.Answers) string { return a.Pins[pinnedImage] }},
	{"pinned image", pinnedImage,
		func(a *wizard.Answers, v string) error {
			a.Pins = map[string]string{v: "sha256:" + strings.Repeat("0f", 32)}
			return a.Validate()
		},
		func(a wizard.Answers) string { return slices.Collect(maps.Keys(a.Pins))[0] }},
}

// variant chooses answers by number: one target at a time, so that a run reads
// few files.
func variant(n uint32) (wizard.Answers, error) {
	a := wizard.Defaults()
	pick := func(id string) error {
		q, _ := wizard.Find(id)
		i := n % uint32(len(q.Choices))
		n /= uint32(len(q.Choices))
		return a.Set(id, q.Choices[i].ID)
	}
	err := errors.Join(pick("target"), pick("traffic"), pick("base"), pick("dependencies"), pick("extra"), pick("service"), pick("route"))
	if n%2 == 1 {
		a.Factory = true
	}
	if len(wizard.Broken(a)) > 0 {
		_ = a.Set("base", "slim")
		_ = a.Set("python", "3.13")
	}
	return a, errors.Join(err, a.Validate())
}

// variants keeps the answers by number.
var variants = map[uint32]wizard.Answers{}

func variantOf(n uint32) (wizard.Answers, error) {
	n %= 1 << 16
	if a, ok := variants[n]; ok {
		return a, nil
	}
	a, err := variant(n)
	variants[n] = a
	return a, err
}

// with returns the answers with one value, or why it is refused.
func with(a wizard.Answers, f field, v string) (wizard.Answers, error) {
	a = a.Clone()
	err := f.set(&a, v)
	if err == nil {
		err = a.Validate()
	}
	return a, err
}

// files are everything that davit writes for these answers.
func files(a wizard.Answers) ([]generator.File, error) {
	made, err := generator.Generate(a)
	if err != nil {
		return nil, err
	}
	made = append(made, disk.Record(a))
	starter, err := generator.Starter(a)
	return append(made, starter...), err
}

// parsed keeps what was read: most values change few files.
var parsed = map[string][]leaf{}

// A reading is the parsed files of one set of answers.
type reading map[string][]leaf

func read(a wizard.Answers) (reading, error) {
	made, err := files(a)
	if err != nil {
		return nil, err
	}
	r := reading{}
	for _, f := range made {
		key := f.Language + " " + f.Content
		leaves, known := parsed[key]
		if !known {
			if leaves, err = flatten(f); err != nil {
				return nil, fmt.Errorf("%s: %w\n%s", f.Path, err, f.Content)
			}
			if len(parsed) > 5000 {
				clear(parsed)
			}
			parsed[key] = leaves
		}
		r[f.Path] = leaves
	}
	return r, nil
}

// references keeps the readings with harmless values.
var references = map[string]reading{}

func reference(key string, a wizard.Answers) (reading, error) {
	if r, ok := references[key]; ok {
		return r, nil
	}
	if len(references) > 2000 {
		clear(references)
	}
	r, err := read(a)
	references[key] = r
	return r, err
}

// literal checks one value in one field of one variant. It reports whether the
// value was accepted.
func literal(n uint32, f field, value string) (bool, error) {
	plain, err := variantOf(n)
	if err != nil {
		return false, fmt.Errorf("variant %d: %w", n, err)
	}
	a, err := with(plain, f, value)
	if err != nil {
		return false, sentence(err)
	}
	v := f.get(a)
	if v == "" {
		return false, nil
	}
	if f.name == "package" || f.name == "version" || f.name == "pinned image" {
		// These choose what is written, and are not written themselves.
		_, err := read(a)
		return true, err
	}
	harmless, put := f.harmless, []string{f.harmless, v}
	switch f.name {
	case "name":
		put = append([]string{harmless + "-worker", short(v, "-worker"), harmless + "-dev", short(v, "-dev")}, put...)
	case "app": // an attribute of an attribute is written in parts
		module, attribute, _ := strings.Cut(v, ":")
		harmless, put = "zqapp.zqmodule:zqattr", nil
		for i, part := range strings.Split(attribute, ".") {
			if i > 0 {
				harmless += fmt.Sprintf(".zqattr%d", i)
				put = append([]string{fmt.Sprintf("zqattr%d", i), part}, put...)
			} else {
				put = []string{"zqattr", part}
			}
		}
		put = append([]string{harmless, v, "zqapp.zqmodule", module}, put...)
	case "worker": // each word is a value
		words := strings.Fields(v)
		if len(words) > 15 { // their harmless ones would be too long
			_, err := read(a)
			return true, err
		}
		var names []string
		put = []string{harmless, v} // unless it is one word
		for i, w := range words {
			names = append(names, fmt.Sprintf("%s%04d", harmless, i))
			put = append([]string{names[i], w}, put...)
		}
		harmless = strings.Join(names, " ")
	case "image":
		registry, _, several := strings.Cut(v, "/")
		if !several { // Podman gets it with the name of a registry before it
			harmless, put = "zqimage", []string{"zqimage", v}
			break
		}
		if registry == "ghcr.io" { // a workflow opens it in its own way
			_, err := read(a)
			return true, err
		}
		if strings.ContainsAny(registry, ".:") || registry == "localhost" { // where pipelines log in
			harmless, put = "zq.registry/zqimage", []string{"zq.registry/zqimage", v, "zq.registry", registry}
		}
	case "file":
		if special(v) {
			_, err := read(a)
			return true, err
		}
		if dir := path.Dir(v); dir != "." { // installed from there
			harmless = "zqfolder/" + f.harmless
			put = []string{harmless, v, "zqfolder", dir, f.harmless, path.Base(v)}
		}
	}
	b, err := with(plain, f, harmless)
	if err != nil {
		return false, fmt.Errorf("the harmless %q is refused: %w", harmless, err)
	}
	want, err := reference(fmt.Sprint(n%(1<<16), f.name, harmless), b)
	if err != nil {
		return false, err
	}
	got, err := read(a)
	if err != nil {
		return true, err
	}
	replace := strings.NewReplacer(put...)
	var names []string // Podman's units are called after the service
	for name := range want {
		if f.name == "name" {
			name = replace.Replace(name)
		}
		names = append(names, name)
	}
	if slices.Sort(names); !slices.Equal(names, slices.Sorted(maps.Keys(got))) {
		return true, errors.New("other files are generated")
	}
	for name, leaves := range want {
		if f.name == "name" && len(v) > 27 && name == "stack.yaml" {
			continue // Swarm's own names are shortened there, and others are not
		}
		if f.name == "name" && len(v) > 25 && name == "container-app-worker.yaml" {
			continue // the same with those of Container Apps
		}
		named := name
		if f.name == "name" {
			named = replace.Replace(name)
		}
		// Compose services and HCL's attributes stand in the order of their names.
		ordered := f.name != "name" && !strings.HasSuffix(name, ".hcl") || !strings.Contains(name, ".") || strings.HasPrefix(name, "quadlet/")
		if err := difference(leaves, got[named], replace, ordered); err != nil {
			return true, fmt.Errorf("%s: %w", name, err)
		}
	}
	return true, nil
}

// short is how davit keeps a derived name within a DNS label.
func short(name, suffix string) string {
	if len(name) > 63-len(suffix) {
		name = strings.TrimRight(name[:63-len(suffix)], "-")
	}
	return name + suffix
}

// special are manifests that an installer treats by their name.
func special(file string) bool {
	return slices.Contains([]string{"pyproject.toml", "Pipfile", "Pipfile.lock", "uv.lock", "poetry.lock", "pdm.lock"}, file)
}

// sentence checks a refusal: one line that can be shown, with something in it.
func sentence(err error) error {
	text := err.Error()
	bad := func(r rune) bool { return !unicode.IsPrint(r) }
	if text == "" || len(text) > 2000 || strings.IndexFunc(text, bad) >= 0 {
		return fmt.Errorf("%.300q is no sentence", text)
	}
	return nil
}

// hostile are values that broke out of somebody's file once.
var hostile = []string{
	"", " ", "no", "NO", "on", "y", "null", "~", "true", "1e3", "0x1F", "0o17", "017", "1_000", "12:30:45", ".inf", "-", "---", "...",
	"a: b", "a:b", "a #b", "#", "- a", "? a", "! a", "&a", "*a", "|", ">", "%a", "@a", "`a`", "{a}", "[a]", "{{.Name}}", "${{ secrets.X }}",
	"$(reboot)", "`reboot`", "${HOME}", "$HOME", "$$", "a;b", "a&&b", "a|b", "a>b", "a\nb", "a\rb", "a\tb", "a\x00b", "a b", "'", "\"", "''", "\"\"",
	"a'b", "a\"b", "\\", "a\\b", "a\\\nb", "a\\", "../a", "..", "/..", "/a/../b", "a/../../b", "~/a", "/etc/passwd", "//a", "a//b", "C:\\a",
	"ünïcode", "日本", "\u202eevil", "\ufeffa", "a\u2028b", "\x1b[2J", "\x9b31m", "\xff\xfe", "<<EOF", "a<<EOF\nb\nEOF", "# syntax=evil", "FROM evil",
	"a,b", "a=b", "--privileged", "-v", "--", "main:app", "app.main:app", "app.main:create_app", "main:container.app", "import:a.b", "main:class.None", "src", "src/app", "/health", "/healthz?x=1", "/a b", "/%2e%2e",
	"celery -A app.tasks worker", "celery -A app.tasks worker --loglevel=INFO", "a  b", "sh -c id", "ghcr.io/acme/shop", "localhost:5000/a", "Acme/Shop", "a:latest",
	"8000", "65535", "65536", "1023", "0", "-1", "08000", "8e3", "requirements.txt", "reqs/prod.txt", "requirements prod.txt", "requirements.txt --index-url=http://evil",
	"server", "Server.Extra_1", "a-", "-a", "1.2.3", "1!2+local", "26.1", "27", "23.0", "psycopg2", "gunicorn", "uvicorn-worker",
	"sha256:" + strings.Repeat("a1", 32), "sha256:" + strings.Repeat("A1", 32), "sha256:a", "python:3.13-slim-trixie", "python", "a@sha256:b",
	strings.Repeat("a", 63), strings.Repeat("a", 64), strings.Repeat("a", 10_000), strings.Repeat("a/", 5_000), "/" + strings.Repeat("a", 198), strings.Repeat("a ", 99) + "a",
}

func TestNoHostileValueBreaksOut(t *testing.T) {
	target, _ := wizard.Find("target")
	targets := uint32(len(target.Choices))
	accepted := 0
	for i, f := range fields {
		before := accepted
		for j, v := range hostile {
			for k := range 2 { // two targets in turn, with every traffic
				n := uint32(i+j+3*k)%targets + targets*(uint32(j)%3)
				ok, err := literal(n, f, v)
				if err != nil {
					t.Fatalf("%s %.200q in variant %d: %v", f.name, v, n, err)
				}
				if ok {
					accepted++
				}
			}
		}
		if accepted == before {
			t.Errorf("no value of %s was accepted", f.name)
		}
	}
	t.Logf("%d values in 2 variants each, %d of these accepted", len(fields)*len(hostile), accepted)
}

// TestManyValues is quick and blind where FuzzValues is slow and sees what code
// a value reaches: it changes the hostile values and those that the fuzzer found
// in random places. DAVIT_VALUES says how many to try.
func TestManyValues(t *testing.T) {
	count := 10_000
	if v := os.Getenv("DAVIT_VALUES"); v != "" {
		var err error
		if count, err = strconv.Atoi(v); err != nil {
			t.Fatal(err)
		}
	}
	seed := uint64(1)
	if v := os.Getenv("DAVIT_SEED"); v != "" {
		var err error
		if seed, err = strconv.ParseUint(v, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	random := rand.New(rand.NewPCG(seed, 5))
	target, _ := wizard.Find("target")
	variants := 3 * len(target.Choices) // each with every traffic
	pieces := slices.DeleteFunc(slices.Clone(hostile), func(v string) bool { return len(v) > 300 })
	type trial struct {
		n            uint32
		field, value string
	}
	accepted, proven := 0, map[trial]bool{}
	for range count {
		f := fields[random.IntN(len(fields))]
		// Most are far from anything that is accepted, which is soon told; a few
		// are near, and may have to be read in every file.
		value, changes := f.harmless, 1+random.IntN(3)
		if random.IntN(100) > 0 {
			value, changes = pieces[random.IntN(len(pieces))], 5+random.IntN(7)
		}
		for range changes {
			value = mutated(random, value, pieces)
		}
		this := trial{uint32(random.IntN(variants)), f.name, value}
		if proven[this] {
			continue
		}
		ok, err := literal(this.n, f, value)
		if err != nil {
			t.Fatalf("%s %.300q: %v", f.name, value, err)
		}
		if ok {
			accepted++
			proven[this] = true
		}
	}
	t.Logf("%d values, %d different ones of these accepted and read", count, accepted)
	if accepted*5000 < count || accepted*2 > count {
		t.Error("too few or too many are accepted for this to prove anything")
	}
}

// mutated is a value with one random change.
func mutated(random *rand.Rand, v string, pieces []string) string {
	const syntax = "\"'` $\\{}[]()<>|&;#:-,=%@!*?~\n\r\t\x00\x1b/._0aZ\u00e9\u202e"
	at := random.IntN(len(v) + 1)
	switch random.IntN(4) {
	case 0: // a character of somebody's syntax
		r := []rune(syntax)
		return v[:at] + string(r[random.IntN(len(r))]) + v[at:]
	case 1: // a byte
		return v[:at] + string([]byte{byte(random.IntN(256))}) + v[at:]
	case 2: // without a stretch
		return v[:at] + v[min(len(v), at+1+random.IntN(4)):]
	default: // with another value
		return v[:at] + pieces[random.IntN(len(pieces))] + v[at:]
	}
}

// FuzzValues puts any text into any field of any variant.
func FuzzValues(f *testing.F) {
	for i := range fields {
		for j := i % 3; j < len(hostile); j += 3 {
			f.Add(uint32(i*31+j*17), byte(i), hostile[j])
		}
	}
	f.Fuzz(func(t *testing.T, n uint32, i byte, value string) {
		where := fields[int(i)%len(fields)]
		if _, err := literal(n, where, value); err != nil {
			t.Fatalf("%s %.300q in variant %d: %v", where.name, value, n, err)
		}
	})
}

// FuzzFound lets inspection find any text: what it puts into the answers is
// valid by itself, so that a project can never stop the wizard.
func FuzzFound(f *testing.F) {
	for i, v := range hostile {
		f.Add(uint32(i*53), v, hostile[(i*7+3)%len(hostile)])
	}
	f.Fuzz(func(t *testing.T, n uint32, v, w string) {
		plain, err := variantOf(n)
		if err != nil {
			t.Fatal(err)
		}
		fact := func(v string) inspect.Fact { return inspect.Fact{Value: v} }
		a := inspect.Facts{
			Name: fact(v), App: inspect.AppFact{Fact: fact(w), AppDir: v}, Port: fact(w), HealthPath: fact(v), Worker: fact(w),
			Services: []inspect.Fact{fact(v), fact("redis")},
			Project:  wizard.Project{Files: []string{v}, Extras: []string{w, "server"}, Groups: []string{v}, Packages: map[string]string{v: w, "fastapi": v}},
		}.Prefill(plain)
		if err := a.Validate(); err != nil {
			if err := sentence(err); err != nil {
				t.Fatal(err)
			}
			return
		}
		if n%16 != 0 { // reading everything costs a hundred times as much
			return
		}
		if _, err := read(a); err != nil {
			t.Fatalf("%q, %q in variant %d: %v", v, w, n, err)
		}
	})
}
