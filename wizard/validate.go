package wizard

import (
	"errors"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Set records the answer to one question after checking it: a choice has to
// exist, a value has to have the right form. Rules between questions are left
// to Validate, so that answers can be set in any order. Several values, or one
// with commas, are allowed where the question takes several; they are kept in
// catalogue order, each once.
func (a *Answers) Set(id string, values ...string) error {
	q, ok := Find(id)
	if !ok {
		return fmt.Errorf("there is no question %q: use one of %s%s", id, strings.Join(ids(), ", "), suggestion(id, ids()))
	}
	values, err := q.Check(values...)
	if err != nil {
		return err
	}
	a.put(id, values)
	return nil
}

// Check returns the values in the form in which Answers keeps them, or an error
// of one sentence that names the value, what is allowed, and the nearest match.
func (q Question) Check(values ...string) ([]string, error) {
	if q.Multiple {
		values = strings.Split(strings.Join(values, ","), ",")
	}
	values = slices.Clone(values) // the caller's stay as they are
	for i := range values {
		values[i] = strings.TrimSpace(values[i])
		if q.tidy != nil {
			values[i] = q.tidy(values[i])
		}
	}
	values = slices.DeleteFunc(values, func(v string) bool { return v == "" })
	switch {
	case len(values) == 0 && q.Optional:
		return nil, nil
	case len(values) == 0:
		return nil, fmt.Errorf("--%s needs a value: %s", q.Flag, q.allowed())
	case len(values) > 1 && !q.Multiple:
		return nil, fmt.Errorf("--%s takes one value, not %q", q.Flag, strings.Join(values, ", "))
	}
	for _, v := range values {
		if err := q.checkOne(v); err != nil {
			return nil, err
		}
	}
	if q.Multiple {
		return q.inOrder(values), nil
	}
	return values, nil
}

func (q Question) checkOne(v string) error {
	switch q.Kind {
	case Choose:
		if _, ok := q.Choice(v); !ok {
			return fmt.Errorf("%s is no choice for --%s: use %s%s", quote(v), q.Flag, q.allowed(), suggestion(v, q.choiceIDs()))
		}
	case Switch:
		if v != "true" && v != "false" {
			return fmt.Errorf("%s is no value for --%s: use true or false", quote(v), q.Flag)
		}
	default:
		if err := q.check(v); err != nil {
			return fmt.Errorf("%s is no value for --%s: %w", quote(v), q.Flag, err)
		}
	}
	return nil
}

// inOrder returns the chosen ids once each, in the order of the catalogue.
func (q Question) inOrder(chosen []string) []string {
	var ordered []string
	for _, c := range q.Choices {
		if slices.Contains(chosen, c.ID) {
			ordered = append(ordered, c.ID)
		}
	}
	return ordered
}

func (q Question) choiceIDs() []string {
	names := make([]string, len(q.Choices))
	for i, c := range q.Choices {
		names[i] = c.ID
	}
	return names
}

func (q Question) allowed() string {
	switch {
	case q.Kind == Choose:
		return strings.Join(q.choiceIDs(), ", ")
	case q.Kind == Switch:
		return "true or false"
	default:
		return strings.ToLower(q.Help[:1]) + q.Help[1:]
	}
}

func ids() []string {
	var names []string
	for _, q := range catalogue() {
		names = append(names, q.ID)
	}
	return names
}

// Validate checks every answer and every rule between them.
func (a Answers) Validate() error {
	for _, q := range catalogue() {
		if _, err := q.Check(a.Get(q.ID)...); err != nil {
			return err
		}
	}
	if err := a.Project.validate(); err != nil {
		return err
	}
	if err := a.CheckName(); err != nil {
		return err
	}
	for image, d := range a.Pins {
		if !taggedImage().MatchString(image) || !digest().MatchString(d) {
			return fmt.Errorf("%s pinned to %s: use an image with its tag, and a digest such as sha256: with 64 hexadecimal digits", quote(image), quote(d))
		}
	}
	var errs []error
	for _, r := range Broken(a) {
		errs = append(errs, r.explain(a))
	}
	return errors.Join(errs...)
}

// longestLabel is how many characters a name has at most, and the name with a
// suffix that the worker gets.
const longestLabel = 63

// LongestRelease is how many characters the name of Helm's release may have.
const LongestRelease = 53

// LongestOnCloudRun is how many characters the name of a service, or of a
// worker pool, may have there: "fewer than 50" in its API's reference.
const LongestOnCloudRun = 49

// LongestContainerApp is how many characters the name of a container app may
// have: Azure's CLI refuses more, and two dashes in a row.
const LongestContainerApp = 32

// CheckName checks the service's name against the other answers: where it
// runs, some names are taken or too long.
func (a Answers) CheckName() error {
	switch {
	case slices.Contains(a.Services, a.Name):
		return fmt.Errorf("%s is the name of a backing service and of this one: choose another with --name", quote(a.Name))
	case a.Worker != "" && len(a.Name) == a.longestName() && strings.HasSuffix(a.Name, "-worker"):
		return fmt.Errorf("%s is what its worker would be called, too, shortened to %d characters: choose a shorter name with --name", quote(a.Name), len(a.Name))
	case a.HasExtra("bake") && a.HasTarget("compose") && a.Name == "image-all":
		// bake reads compose.yaml as well, and joins its services with targets of
		// the same name; the others come to the same then.
		return fmt.Errorf("%s is the name of a build in docker-bake.hcl, and of this service in compose.yaml: choose another with --name", quote(a.Name))
	case a.onKubernetes() && (a.Name == "default" || strings.HasPrefix(a.Name, "kube-")):
		return fmt.Errorf("%s is one of Kubernetes' own namespaces, and the service gets a namespace of its name: choose another with --name", quote(a.Name))
	case a.HasTarget("helm") && len(a.Name) > LongestRelease:
		return fmt.Errorf("%s has %d characters, and Helm allows %d: choose a shorter name with --name", quote(a.Name), len(a.Name), LongestRelease)
	case a.HasTarget("cloud-run") && len(a.Name) > LongestOnCloudRun:
		return fmt.Errorf("%s has %d characters, and Cloud Run allows %d: choose a shorter name with --name", quote(a.Name), len(a.Name), LongestOnCloudRun)
	case a.HasTarget("container-apps") && len(a.Name) > LongestContainerApp:
		return fmt.Errorf("%s has %d characters, and Azure Container Apps allows %d: choose a shorter name with --name", quote(a.Name), len(a.Name), LongestContainerApp)
	case a.HasTarget("container-apps") && strings.Contains(a.Name, "--"):
		return fmt.Errorf("%s has two dashes in a row, which Azure Container Apps refuses: choose another with --name", quote(a.Name))
	}
	return nil
}

// longestName is how many characters the name may have where the service runs.
func (a Answers) longestName() int {
	longest := longestLabel
	for target, most := range map[string]int{"helm": LongestRelease, "cloud-run": LongestOnCloudRun, "container-apps": LongestContainerApp} {
		if a.HasTarget(target) {
			longest = min(longest, most)
		}
	}
	return longest
}

func (p Project) validate() error {
	for _, f := range p.Files {
		if err := checkFile(f); err != nil {
			return fmt.Errorf("project file %s: %w", quote(f), err)
		}
	}
	for _, f := range p.Needed {
		if err := checkFile(f); err != nil {
			return fmt.Errorf("needed folder %s: %w", quote(f), err)
		}
	}
	if p.Source != "" {
		if err := checkDir(p.Source); err != nil {
			return fmt.Errorf("folder of the source %s: %w", quote(p.Source), err)
		}
	}
	for _, name := range slices.Concat(p.Extras, p.Groups) {
		if !distribution().MatchString(name) {
			return fmt.Errorf("%s is no name of an extra or a dependency group: use letters, digits, dots, dashes and underscores", quote(name))
		}
	}
	if p.SCMVersion != "" && p.VersionVariable() == "" {
		return fmt.Errorf("%s is nothing that davit knows to take a version from git: use one of %s", quote(p.SCMVersion), strings.Join(slices.Sorted(maps.Keys(versionVariables)), ", "))
	}
	if p.Member != "" && !distribution().MatchString(p.Member) {
		return fmt.Errorf("%s is no name of a workspace's member: use letters, digits, dots, dashes and underscores", quote(p.Member))
	}
	if p.Above != "" && strings.Trim(p.Above+"/", "./") != "" {
		return fmt.Errorf("%s is no folder above the project: use ../.. or the like", quote(p.Above))
	}
	if err := checkVariables(p.Variables); err != nil {
		return err
	}
	if err := checkParts(p.Parts); err != nil {
		return err
	}
	for _, service := range slices.Sorted(maps.Keys(p.Schemes)) {
		if !IsScheme(service, p.Schemes[service]) {
			return fmt.Errorf("%s does not begin the address of %s: schemes are for postgres and mysql, such as postgresql+asyncpg", quote(p.Schemes[service]), quote(service))
		}
	}
	for name, version := range p.Packages {
		if !distribution().MatchString(name) {
			return fmt.Errorf("%s is no name of a Python package: use letters, digits, dots, dashes and underscores", quote(name))
		}
		if version != "" && !pythonVersion().MatchString(version) {
			return fmt.Errorf("%s is no version of %s: use one such as 1.2.3", quote(version), name)
		}
	}
	return nil
}

// Everything a user types or a project contains ends up in Dockerfiles, YAML,
// TOML and shell; these patterns let through nothing that any of them could
// take for syntax, so that quoting on the way out is the second line, not the first.
var (
	// Kubernetes names are DNS labels: RFC 1123, and a Service's must begin with a letter (RFC 1035).
	dnsLabel = pattern(`^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$`)
	// A dotted path of Python identifiers, twice; ASCII, as container tools are.
	appString = pattern(`^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$`)
	// RFC 3986 path characters without the quotes, parentheses, dollar and percent sign.
	urlPath = pattern(`^/[A-Za-z0-9._~/@:+=,-]*$`)
	// One path segment or several, without blanks and quotes.
	folder = pattern(`^[A-Za-z0-9._+@][A-Za-z0-9._+@-]*(/[A-Za-z0-9._+@-]+)*$`)
	// Words that neither a shell nor YAML nor JSON reads as more than letters.
	commandWords = pattern(`^[A-Za-z0-9._/:=@%+,-]+( [A-Za-z0-9._/:=@%+,-]+)*$`)
	// The distribution reference's grammar, without tag and digest.
	imageName = pattern(`^` + repository + `$`)
	// The same with a tag, and what a tag is pinned to.
	taggedImage = pattern(`^` + repository + `:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$`)
	digest      = pattern(`^sha256:[0-9a-f]{64}$`)
	// One component of a repository's path.
	organization = pattern(`^` + component + `$`)
	// PEP 508 names.
	distribution = pattern(`^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$`)
	// PEP 440 versions, loosely.
	pythonVersion = pattern(`^[A-Za-z0-9][A-Za-z0-9.!+_-]*$`)
)

// pattern compiles an expression when it is first needed: starting up costs nothing.
func pattern(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}

// The distribution reference's grammar: a registry's host name and port, and a
// repository with or without one before it.
const (
	registryHost = `([a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*(:[0-9]+)?/)?`
	component    = `[a-z0-9]+([._-]+[a-z0-9]+)*`
	repository   = registryHost + component + `(/` + component + `)*`
)

const longest = 200 // characters in a typed value; a path this long is a mistake

func checkName(v string) error {
	if !dnsLabel().MatchString(v) {
		return errors.New("use up to 63 lower-case letters, digits and dashes, beginning with a letter and ending with a letter or digit")
	}
	return nil
}

func checkApp(v string) error {
	if meant := asModule(v); meant != "" {
		return fmt.Errorf("use %s: the module's name without .py, with dots between folders", meant)
	}
	if len(v) > longest || !appString().MatchString(v) {
		return errors.New("use module:attribute, such as app.main:app")
	}
	for _, name := range strings.FieldsFunc(v, func(r rune) bool { return r == '.' || r == ':' }) {
		if slices.Contains(keywords, name) {
			return fmt.Errorf("%s is a word of Python's own, and no module or attribute can be called so", name)
		}
	}
	return nil
}

// asModule returns what is meant by an app that is named by its file, such as
// app/main.py:app, or "".
func asModule(v string) string {
	file, attribute, ok := strings.Cut(v, ":")
	module := strings.ReplaceAll(strings.TrimSuffix(strings.TrimPrefix(file, "./"), ".py"), "/", ".")
	if meant := module + ":" + attribute; ok && module != file && len(v) <= longest && appString().MatchString(meant) {
		return meant
	}
	return ""
}

// keywords are Python's reserved words, as keyword.kwlist has them.
var keywords = strings.Fields("False None True and as assert async await break class continue def del elif else except " +
	"finally for from global if import in is lambda nonlocal not or pass raise return try while with yield")

func checkPath(v string) error {
	if len(v) > longest || !urlPath().MatchString(v) || strings.HasPrefix(v, "//") {
		return errors.New("use a path that begins with one slash, such as /health, without blanks, quotes or a query")
	}
	return nil
}

// tidyDir takes off what shells put around a folder's name.
func tidyDir(v string) string {
	if tidy := strings.TrimSuffix(strings.TrimPrefix(v, "./"), "/"); tidy != "" {
		return tidy
	}
	return v
}

func checkDir(v string) error {
	if len(v) > longest || !folder().MatchString(v) || path.Clean(v) != v || v == "." || strings.HasPrefix(v, "..") {
		return errors.New("use a folder below the project, such as src: no blanks, and .. leads out of it")
	}
	return nil
}

func checkFile(v string) error {
	if len(v) > longest || !folder().MatchString(v) || path.Clean(v) != v || v == "." || strings.HasPrefix(v, "..") {
		return errors.New("davit can only install from a file below the project whose path has no blanks, quotes or ..: rename it")
	}
	return nil
}

func checkPort(v string) error {
	n, err := strconv.Atoi(v)
	if err != nil || n < 1024 || n > 65535 || strconv.Itoa(n) != v {
		return errors.New("use a whole number from 1024 to 65535, as ports below need a privilege that the container gives up")
	}
	return nil
}

func checkCommand(v string) error {
	if len(v) > longest || !commandWords().MatchString(v) {
		return errors.New("use plain words with single blanks between them, such as: celery -A app.tasks worker")
	}
	return nil
}

func checkImage(v string) error {
	if lower := strings.ToLower(v); lower != v && len(v) <= longest && imageName().MatchString(lower) {
		return fmt.Errorf("use %s: an image's name has no capitals", lower)
	}
	if len(v) > longest || !imageName().MatchString(v) {
		return errors.New("use a repository without a tag, such as ghcr.io/acme/shop")
	}
	return nil
}

func checkOrganization(v string) error {
	if len(v) > longest || !organization().MatchString(v) {
		return errors.New("use the name that stands in cgr.dev/NAME/python, such as example.com")
	}
	return nil
}

// quote shows a value in a message: printable, and not a screenful.
func quote(v string) string {
	const most = 60
	if r := []rune(v); len(r) > most {
		v = string(r[:most]) + "…"
	}
	return strconv.Quote(v)
}
