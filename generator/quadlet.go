package generator

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/davit-cli/davit/wizard"
)

// quadletPage adds what units of Podman need beyond the service.
type quadletPage struct {
	servicePage
	QuadletImage               string
	HealthWords                []string
	CPUQuota                   string
	StopAfter, WorkerStopAfter int // seconds, longer than podman itself waits
}

// quadletBacking is the page of one service that backs the project.
type quadletBacking struct {
	Name        string
	Backing     backing
	HealthWords []string
}

// slack is how many seconds longer systemd waits than podman, whose clean-up
// must not be killed.
const slack = 10

func quadlet(a wizard.Answers) ([]File, error) {
	p := quadletPage{
		servicePage:  newServicePage(a),
		QuadletImage: fullName(image(a)),
		HealthWords:  healthCommand(a),
	}
	p.StopAfter, p.WorkerStopAfter = p.Grace+slack, p.WorkerGrace+slack
	cores, err := strconv.ParseFloat(p.Limits.CPU, 64)
	if err != nil {
		return nil, fmt.Errorf("limit of processors: %w", err)
	}
	p.CPUQuota = fmt.Sprintf("%.0f%%", cores*100)

	unit := func(name, template, purpose string) page {
		return page{"quadlet/" + name, "quadlet/" + template, 0o644, "ini", purpose}
	}
	pages := []page{unit(a.Name+".container", "app.container", "The service as a unit of systemd, run by Podman without a daemon.")}
	if a.Worker != "" {
		pages = append(pages, unit(p.WorkerName+".container", "worker.container", "The worker: the same image with its own command."))
	}
	if len(p.Backing) > 0 {
		pages = append(pages,
			unit(a.Name+".network", "service.network", "The network through which the service is reached."),
			unit(a.Name+"-backing.network", "backing.network", "The network of what backs the service, closed to the world."))
	}
	made, err := files(p, pages...)
	if err != nil {
		return nil, err
	}
	for _, b := range p.Backing {
		pages := []page{unit(a.Name+"-"+b.Name+".container", "backing.container", "What backs the service: "+b.Name+".")}
		if b.Volume != "" {
			pages = append(pages, unit(a.Name+"-"+b.Name+".volume", "backing.volume", "Where "+b.Name+" keeps its data."))
		}
		more, err := files(quadletBacking{a.Name, b, b.Health[len([]string{"CMD"}):]}, pages...)
		if err != nil {
			return nil, err
		}
		made = append(made, more...)
	}
	return made, nil
}

// QuadletImage is the image's name with its registry: Podman asks nobody what
// a short name may mean.
func (b backing) QuadletImage() string { return fullName(b.Image) }

// fullName adds to an image's name where Podman would have to guess: one word
// that is one of Docker's official images is on Docker Hub, one that davit was
// given is built on the machine.
func fullName(image string) string {
	first, _, several := strings.Cut(image, "/")
	switch {
	case several && (strings.ContainsAny(first, ".:") || first == "localhost"):
		return image
	case several:
		return "docker.io/" + image
	case strings.Contains(image, ":"):
		return "docker.io/library/" + image
	default:
		return "localhost/" + image
	}
}

// unitExec writes a command as JSON, which is what podman takes for a health
// check, on a line of a unit, where a percent sign has a meaning.
func unitExec(words []string) string { return strings.ReplaceAll(execForm(words), "%", "%%") }

// unitWords writes a command on a line of a unit. Words have no blanks and
// quotes; see wizard.
func unitWords(words []string) string {
	return strings.ReplaceAll(strings.Join(words, " "), "%", "%%")
}
