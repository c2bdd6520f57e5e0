package generator

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/davit-cli/davit/wizard"
)

// nomadPage adds what a job of Nomad needs beyond the service.
type nomadPage struct {
	servicePage
	Count         int
	Drain         int       // seconds between leaving the catalogue and SIGTERM
	Settings      []setting // padded, as nomad fmt aligns them
	WorkerCommand string
	WorkerArgs    []string
	CPU           int // MHz that are kept free
	Memory        int // MB
}

// nomad makes the job file. The processes of one allocation are those of the
// traffic profile, as on Swarm: the count is a number in this file, which
// nothing raises by load.
func nomad(a wizard.Answers) ([]File, error) {
	p := nomadPage{servicePage: newServicePage(a), Count: 2, Drain: 5}
	p.Settings = aligned(append([]setting{{"FORWARDED_ALLOW_IPS", "127.0.0.1", "forwarded"}}, p.Tunables...))
	if len(p.Worker) > 0 {
		p.WorkerCommand, p.WorkerArgs = p.Worker[0], p.Worker[1:]
	}
	cores, err := strconv.ParseFloat(p.Limits.CPU, 64)
	if err != nil {
		return nil, fmt.Errorf("limit of processors: %w", err)
	}
	const perCore = 500 // MHz: a share of each core, as a client without load gives more
	p.CPU = int(cores * perCore)
	if p.Memory, err = strconv.Atoi(strings.TrimSuffix(p.Limits.Memory, "M")); err != nil {
		return nil, fmt.Errorf("limit of memory: %w", err)
	}
	return files(p,
		page{"job.nomad.hcl", "nomad/job.nomad.hcl", 0o644, "hcl", "The service as a job of Nomad: rolled out beside the old version, taken back when it fails."})
}

// aligned pads names with blanks, so that what follows them stands in a column.
func aligned(list []setting) []setting {
	longest := 0
	for _, s := range list {
		longest = max(longest, len(s.Name))
	}
	padded := make([]setting, len(list))
	for i, s := range list {
		s.Name += strings.Repeat(" ", longest-len(s.Name))
		padded[i] = s
	}
	return padded
}
