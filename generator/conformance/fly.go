package conformance

import (
	"bytes"
	"errors"
	"regexp"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"github.com/davit-cli/davit/generator"
)

// flyConfig has the documented keys of fly.toml and no other:
// https://fly.io/docs/reference/configuration/
type flyConfig struct {
	App            string              `toml:"app"`
	PrimaryRegion  string              `toml:"primary_region"`
	KillSignal     string              `toml:"kill_signal"`
	KillTimeout    any                 `toml:"kill_timeout"` // seconds, or a duration
	ConsoleCommand string              `toml:"console_command"`
	SwapSize       int                 `toml:"swap_size_mb"`
	Build          flyBuild            `toml:"build"`
	Deploy         flyDeploy           `toml:"deploy"`
	Env            map[string]string   `toml:"env"`
	Processes      map[string]string   `toml:"processes"`
	HTTP           *flyHTTP            `toml:"http_service"`
	Checks         map[string]flyCheck `toml:"checks"`
	Mounts         []flyMount          `toml:"mounts"`
	VM             []flyVM             `toml:"vm"`
	Metrics        []flyMetrics        `toml:"metrics"`
	Restart        []flyRestart        `toml:"restart"`
}

type flyBuild struct {
	Image      string            `toml:"image"`
	Dockerfile string            `toml:"dockerfile"`
	Ignorefile string            `toml:"ignorefile"`
	Target     string            `toml:"build-target"`
	Args       map[string]string `toml:"args"`
}

type flyDeploy struct {
	ReleaseCommand        string  `toml:"release_command"`
	ReleaseCommandTimeout string  `toml:"release_command_timeout"`
	Strategy              string  `toml:"strategy"`
	MaxUnavailable        float64 `toml:"max_unavailable"`
	WaitTimeout           string  `toml:"wait_timeout"`
}

type flyHTTP struct {
	InternalPort       int      `toml:"internal_port"`
	ForceHTTPS         bool     `toml:"force_https"`
	AutoStopMachines   any      `toml:"auto_stop_machines"` // "off", "stop", "suspend", or a boolean
	AutoStartMachines  bool     `toml:"auto_start_machines"`
	MinMachinesRunning int      `toml:"min_machines_running"`
	Processes          []string `toml:"processes"`
	Concurrency        struct {
		Type      string `toml:"type"`
		SoftLimit int    `toml:"soft_limit"`
		HardLimit int    `toml:"hard_limit"`
	} `toml:"concurrency"`
	Checks []flyCheck `toml:"checks"`
}

type flyCheck struct {
	Type        string            `toml:"type"`
	Port        int               `toml:"port"`
	GracePeriod string            `toml:"grace_period"`
	Interval    string            `toml:"interval"`
	Timeout     string            `toml:"timeout"`
	Method      string            `toml:"method"`
	Path        string            `toml:"path"`
	Protocol    string            `toml:"protocol"`
	Headers     map[string]string `toml:"headers"`
	Processes   []string          `toml:"processes"`
}

type flyMount struct {
	Source      string   `toml:"source"`
	Destination string   `toml:"destination"`
	InitialSize string   `toml:"initial_size"`
	Processes   []string `toml:"processes"`
}

type flyVM struct {
	Size      string   `toml:"size"`
	Memory    string   `toml:"memory"`
	CPUs      int      `toml:"cpus"`
	CPUKind   string   `toml:"cpu_kind"`
	Processes []string `toml:"processes"`
}

type flyMetrics struct {
	Port int    `toml:"port"`
	Path string `toml:"path"`
}

type flyRestart struct {
	Policy    string   `toml:"policy"`
	Retries   int      `toml:"retries"`
	Processes []string `toml:"processes"`
}

var flyApp = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)

// Fly judges fly.toml by its documented keys, and by what refers to what.
func Fly(files []generator.File) []Finding {
	d := &docket{judge: "fly"}
	f, ok := named(files, "fly.toml")
	if !ok {
		return nil
	}
	var c flyConfig
	decoder := toml.NewDecoder(bytes.NewReader([]byte(f.Content))).DisallowUnknownFields()
	if err := decoder.Decode(&c); err != nil {
		var unknown *toml.StrictMissingError
		if errors.As(err, &unknown) {
			for _, e := range unknown.Errors {
				line, _ := e.Position()
				d.add(f.Path, line, "unknown-key", "%s is no documented key", strings.Join(e.Key(), "."))
			}
		} else {
			d.add(f.Path, lineIn(err), "decode", "%v", err)
		}
		return d.found
	}
	d.fly(f, c)
	return d.found
}

func (d *docket) fly(f generator.File, c flyConfig) {
	wrong := func(bad bool, key, message string) {
		if bad {
			d.add(f.Path, lineOf(f.Content, key), key, "%s", message)
		}
	}
	wrong(!flyApp.MatchString(c.App), "app", "no name of an app")
	wrong(c.KillSignal != "SIGTERM", "kill_signal", "Fly's default is SIGINT; the server's graceful stop wants SIGTERM")
	wrong(c.HTTP == nil, "http_service", "nothing is served")
	wrong(c.HTTP != nil && !c.HTTP.ForceHTTPS, "force_https", "plain HTTP is served")
	wrong(c.HTTP != nil && c.HTTP.InternalPort == 0, "internal_port", "no port")
	wrong(c.HTTP != nil && len(c.HTTP.Checks) == 0 && len(c.Checks) == 0, "checks", "no health check")
	wrong(c.HTTP != nil && len(c.Processes) > 0 && len(c.HTTP.Processes) == 0, "processes", "the worker would be sent requests")
	wrong(len(c.VM) == 0, "vm", "no size of machine")
	for name, value := range c.Env {
		wrong(strings.HasPrefix(name, "FLY_"), name, "names beginning with FLY_ are Fly's")
		wrong(holdsSecret(name, value), name, "a secret in the file; use fly secrets")
	}
	if c.HTTP != nil {
		for _, p := range c.HTTP.Processes {
			_, known := c.Processes[p]
			wrong(!known && !(p == "app" && len(c.Processes) == 0), "processes", p+" is no process")
		}
		wrong(!slices.Contains([]any{"off", "stop", "suspend", true, false}, c.HTTP.AutoStopMachines), "auto_stop_machines", "off, stop or suspend")
	}
}
