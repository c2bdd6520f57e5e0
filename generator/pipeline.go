package generator

import (
	"regexp"
	"strings"
	"sync"

	"github.com/davit-cli/davit/wizard"
)

// pipelinePage is what the templates of both pipelines show.
type pipelinePage struct {
	Name     string
	Image    string // as the user named it; "" for the registry that the platform itself has
	Registry string // where Image is
	GHCR     bool   // GitHub's registry, which a workflow's own token opens
	Subject  string // Image as an attestation names it; an expression where only the run knows it
	Scripts  []string

	// What the service is validated beside, and the settings with which it finds it.
	Backing     []pipelineService
	Network     string // expression for the network on which GitHub starts them
	Environment []setting

	PrivateIndex bool
	PrivateBase  bool // the base image is pulled as a member of an organization

	Buildx, BuildKit  string
	Trivy, TrivyImage string
	SBOM, Binfmt      string
	DockerCLI, DinD   string
}

// pipelineService is a backing service for one run of a pipeline.
type pipelineService struct {
	Name, Image  string
	Environment  []setting
	HealthOption string // value of --health-cmd in double quotes, as GitHub splits options
	HealthShell  string // the same as a word of a shell
}

func newPipelinePage(a wizard.Answers) pipelinePage {
	ci := versions().CI
	p := pipelinePage{
		Name: a.Name, Image: a.Image, Registry: registry(a.Image), Scripts: scriptPaths(a), PrivateIndex: a.Project.PrivateIndex,
		PrivateBase: memberOf(a) != "",
		Buildx:      ci.Buildx, BuildKit: ci.Images["buildkit"], Trivy: ci.Trivy, TrivyImage: ci.Images["trivy"],
		SBOM: ci.Images["sbom"], Binfmt: ci.Images["binfmt"], DockerCLI: ci.Images["docker"], DinD: ci.Images["dind"],
	}
	switch {
	case a.Image == "":
		p.Registry, p.Subject = "ghcr.io", "${{ steps.push.outputs.image }}"
	case p.Registry == "docker.io": // which an attestation has to name
		p.Subject = "docker.io/" + strings.TrimPrefix(a.Image, "docker.io/")
	default:
		p.Subject = a.Image
	}
	p.GHCR = p.Registry == "ghcr.io"
	for _, b := range backingServices(a) {
		health := shellCommand(b.Health[1:]) // after "CMD"
		p.Backing = append(p.Backing, pipelineService{
			Name: b.Name, Image: b.Image, Environment: settled(b.Environment),
			HealthOption: doubleQuoted(health), HealthShell: shellWord(health),
		})
		p.Environment = append(p.Environment, settled([]setting{{b.Variable, b.DevURL, ""}})...)
		p.Network = "${{ job.services." + p.Backing[0].Name + ".network }}"
	}
	return p
}

func ciGitHub(a wizard.Answers) ([]File, error) {
	return files(newPipelinePage(a),
		page{".github/workflows/image.yaml", "ci-github/image.yaml", 0o644, "yaml", "GitHub: proves the image of every change, publishes the one of a version tag."})
}

func ciGitLab(a wizard.Answers) ([]File, error) {
	return files(newPipelinePage(a),
		page{".gitlab-ci.yml", "ci-gitlab/gitlab-ci.yml", 0o644, "yaml", "GitLab: proves the image of every change, publishes the one of a version tag."})
}

// registry is the host of an image's name: its first part where that can be
// one, else Docker Hub.
func registry(image string) string {
	host, _, found := strings.Cut(image, "/")
	if found && (strings.ContainsAny(host, ".:") || host == "localhost") {
		return host
	}
	return "docker.io"
}

// withDefault is compose's notation for a variable with a default.
var withDefault = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\$\{\w+:-([^}]*)\}`) })

// settled puts the defaults of compose's variables in.
func settled(settings []setting) []setting {
	var s []setting
	for _, one := range settings {
		s = append(s, setting{one.Name, withDefault().ReplaceAllString(one.Value, "$1"), ""})
	}
	return s
}

// shellCommand writes words as a line for a POSIX shell.
func shellCommand(words []string) string {
	line := make([]string, len(words))
	for i, w := range words {
		line[i] = shellWord(w)
	}
	return strings.Join(line, " ")
}

// shellWord quotes what a shell would not take as one plain word.
func shellWord(s string) string {
	switch {
	case s != "" && !strings.ContainsFunc(s, special):
		return s
	case !strings.Contains(s, "'"):
		return "'" + s + "'"
	default:
		return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "$", `\$`, "`", "\\`").Replace(s) + `"`
	}
}

// special reports whether a shell may take c for more than a letter.
func special(c rune) bool {
	letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
	return !letter && !strings.ContainsRune("_./:=@%+,-", c)
}
