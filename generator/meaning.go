package generator

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/davit-cli/davit/wizard"
)

// A Meaning tells what a set of answers comes to when it runs: plain data for
// whoever compares variants.
type Meaning struct {
	Variant string

	Base   string   // image that what ships starts from, with its tag
	BaseMB float64  // MB that pulling it moves, compressed, for amd64
	Dated  string   // day of that size
	Layers int      // layers above those of the base
	User   string   // UID:GID of the process
	Shell  string   // path of the shell in it, "" for none
	Tools  []string // what is in it that can install or compile

	Server    string   // the program that takes the requests, or supervises those that do
	Processes int      // server processes in one container, where nothing else is set
	OneOn     []string // targets whose files set one process a container, as replicas are the scale

	Gains []Point // what the main answers are good at
	Costs []Point // what they cost
	Files int     // how many files there are to keep
}

// A Point is what one answer gives or takes, in the catalogue's words.
type Point struct {
	Question string
	Choice   string
	Text     string
}

// An Aspect is one thing that variants are compared by, in the words that every
// comparison uses.
type Aspect struct{ Name, Text string }

// Aspects are the same for every meaning, in the same order, so that two can
// stand beside each other.
func (m Meaning) Aspects() []Aspect {
	size, shell := "not known", "none"
	if m.BaseMB > 0 {
		size = fmt.Sprintf("%.1f MB to pull", m.BaseMB)
	}
	if m.Shell != "" {
		shell = strings.Join(append([]string{m.Shell}, m.Tools...), ", ")
	}
	return []Aspect{
		{"Base", m.Base},
		{"Base size", size},
		{"Layers", strconv.Itoa(m.Layers) + " above it"},
		{"User", m.User},
		{"Shell", shell},
		{"Server", m.serving()},
		{"Files", strconv.Itoa(m.Files)},
	}
}

// serving is what takes the requests in how many processes, and where it is one
// all the same.
func (m Meaning) serving() string {
	text := m.Server + ", 1 process"
	if m.Processes > 1 {
		text = fmt.Sprintf("%s, %d processes", m.Server, m.Processes)
	}
	if len(m.OneOn) == 0 {
		return text
	}
	q, _ := wizard.Find("target")
	var names []string
	for _, id := range m.OneOn {
		c, _ := q.Choice(id)
		names = append(names, c.Title)
	}
	return text + "; 1 on " + strings.Join(names, ", ")
}

// SizeNote says what the size of a base is.
func (m Meaning) SizeNote() string {
	return "Base size: compressed, for amd64, weighed on " + m.Dated + "."
}

// Describe tells what the answers and the files that Generate made of them
// mean.
func Describe(a wizard.Answers, files []File) Meaning {
	m := Meaning{Variant: a.Variant(), Dated: versions().Weighed.Dated, Server: serverPackages(a)[0], Processes: processes(a), Files: len(files)}
	if i := slices.IndexFunc(files, func(f File) bool { return f.Path == "Dockerfile" }); i >= 0 {
		m.ships(files[i].Content, a)
	}
	m.BaseMB = versions().Weighed.MB[m.Base]
	brings := versions().Inside[runtimeKind(a)]
	m.Shell, m.Tools = brings.Shell, slices.Clone(brings.Tools)
	for _, t := range a.Targets {
		if m.Processes > 1 && scalesByReplicas(t) {
			m.OneOn = append(m.OneOn, t)
		}
	}
	for _, q := range wizard.Catalogue() {
		if q.Room != wizard.Main {
			continue
		}
		for _, id := range a.Get(q.ID) {
			c, _ := q.Choice(id)
			m.Gains = append(m.Gains, Point{q.ID, id, c.Gain})
			m.Costs = append(m.Costs, Point{q.ID, id, c.Cost})
			if warning := wizard.Warning(a, q.ID, id); warning != "" && !q.Multiple {
				m.Costs = append(m.Costs, Point{q.ID, id, warning})
			}
		}
	}
	return m
}

// ships reads off the Dockerfile's last stage what it starts from, what it
// adds, and who it runs as.
func (m *Meaning) ships(dockerfile string, a wizard.Answers) {
	continued := false
	for line := range strings.Lines(dockerfile) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") { // also between the lines of an instruction
			continue
		}
		first := !continued
		continued = strings.HasSuffix(line, `\`)
		if !first {
			continue
		}
		instruction, rest, _ := strings.Cut(line, " ")
		switch instruction {
		case "FROM":
			image, _, _ := strings.Cut(rest, " ")
			image, _, _ = strings.Cut(image, "@") // the digest of a pin
			m.Base, m.Layers = strings.ReplaceAll(image, "${PYTHON_VERSION}", a.Python), 0
		case "RUN", "COPY", "ADD", "WORKDIR": // WORKDIR makes its folder, and so a layer
			m.Layers++
		case "USER":
			m.User = rest
		}
	}
}

// runtimeKind is what the image that ships starts from: one of the bases, or
// Debian alone below a conda environment.
func runtimeKind(a wizard.Answers) string {
	if a.Dependencies == "conda" {
		return "conda"
	}
	return a.Base
}

// hasShell reports whether there is a shell in the image that ships.
func hasShell(a wizard.Answers) bool { return versions().Inside[runtimeKind(a)].Shell != "" }

// scalesByReplicas reports whether this target's files set one process a
// container: the platform adds and removes containers.
func scalesByReplicas(target string) bool {
	return slices.Contains([]string{"kubernetes", "helm", "cloud-run", "fly", "ecs", "container-apps"}, target)
}
