package conformance

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/davit-cli/davit/generator"
)

// nomadJob is a job as Nomad's API has it, as far as it is judged here.
type nomadJob struct {
	ID, Type   string
	TaskGroups []nomadGroup
	Variables  map[string]struct { // that the templates of a task read, by group and task
		Path        string
		Environment []string
	}
}

type nomadGroup struct {
	Name          string
	Count         int
	ShutdownDelay *time.Duration
	EphemeralDisk struct{ SizeMB int }
	RestartPolicy struct {
		Attempts        int
		Interval, Delay time.Duration
		Mode            string
	}
	ReschedulePolicy struct {
		Unlimited       bool
		Delay, MaxDelay time.Duration
	}
	Update *struct {
		MaxParallel, Canary                               int
		AutoRevert, AutoPromote                           bool
		HealthCheck                                       string
		MinHealthyTime, HealthyDeadline, ProgressDeadline time.Duration
	}
	Networks []struct {
		Mode                        string
		DynamicPorts, ReservedPorts []struct {
			Label string
			To    int
		}
	}
	Services []struct {
		Name, PortLabel, Provider string
		Checks                    []struct {
			Type, Path        string
			Interval, Timeout time.Duration
			CheckRestart      *struct{ Limit int }
		}
	}
	Tasks []nomadTask
}

type nomadTask struct {
	Name, Driver, User, KillSignal string
	KillTimeout                    time.Duration
	Config                         map[string]any
	Env                            map[string]string
	LogConfig                      struct{ MaxFiles, MaxFileSizeMB int }
	Resources                      struct{ CPU, MemoryMB int }
	Templates                      []struct {
		DestPath, Perms string
		Once            bool
	}
}

// dockerOptions are those that the documentation of Nomad's Docker driver
// lists, with what they are; the driver refuses a task with another one. It is
// a part of Nomad's server, which is not to be had as a free library.
// https://developer.hashicorp.com/nomad/docs/job-declare/task-driver/docker
var dockerOptions = map[string]string{
	"image": "string", "image_pull_timeout": "string", "args": "list", "auth": "block", "auth_soft_fail": "bool", "command": "string", "cgroupns": "string",
	"container_exists_attempts": "number", "dns_search_domains": "list", "dns_options": "list", "dns_servers": "list", "entrypoint": "list", "extra_hosts": "list",
	"force_pull": "bool", "group_add": "list", "healthchecks": "block", "hostname": "string", "init": "bool", "interactive": "bool", "isolation": "string",
	"sysctl": "map", "ulimit": "block", "privileged": "bool", "ipc_mode": "string", "ipv4_address": "string", "ipv6_address": "string", "labels": "map", "load": "string",
	"logging": "block", "mac_address": "string", "memory_hard_limit": "number", "network_aliases": "list", "network_mode": "string", "oom_score_adj": "number",
	"pid_mode": "string", "ports": "list", "port_map": "map", "security_opt": "list", "shm_size": "number", "storage_opt": "map", "tty": "bool", "uts_mode": "string",
	"userns_mode": "string", "volumes": "list", "volume_driver": "string", "work_dir": "string", "mount": "block", "mounts": "list", "devices": "list", "cap_add": "list",
	"cap_drop": "list", "cpu_hard_limit": "bool", "cpu_cfs_period": "number", "advertise_ipv6_address": "bool", "readonly_rootfs": "bool", "runtime": "string", "pids_limit": "number",
	"healthchecks.disable": "bool", "mount.type": "string", "mount.target": "string", "mount.source": "string", "mount.readonly": "bool",
	"mount.tmpfs_options": "block", "mount.tmpfs_options.size": "number",
}

// Nomad judges job files by HashiCorp's parser, types and template engine, by
// the documented options of the Docker driver, and by what Nomad's server and
// davit's specification ask for.
func Nomad(files []generator.File) []Finding {
	d := &docket{judge: "nomad"}
	return d.ask(files, func(b batch) error {
		out, err := b.run(programNamed("nomad-api"), nil, b.paths()...)
		if err != nil {
			return err
		}
		var report struct {
			Jobs     map[string]nomadJob
			Findings []struct {
				File, Rule, Message string
				Line                int
			}
		}
		if err := json.Unmarshal(out, &report); err != nil {
			return err
		}
		refused := map[string]bool{}
		for _, f := range report.Findings {
			refused[f.File] = true
			if err := d.addOn(b, f.File, f.Line, f.Rule, "%s", f.Message); err != nil {
				return err
			}
		}
		for i, f := range files {
			job, read := report.Jobs[b.path(i)]
			switch {
			case read && job.ID == "":
				return errors.New("gives a job without a name for " + b.name(i))
			case read:
				before := len(d.found)
				d.nomadJob(f, job)
				for k := range d.found[before:] {
					d.found[before+k].nth = i + 1
				}
			case !refused[b.path(i)]:
				return fmt.Errorf("has no verdict on %s", b.name(i))
			}
		}
		return nil
	})
}

func (d *docket) nomadJob(f generator.File, job nomadJob) {
	wrong := func(bad bool, near, rule, format string, args ...any) {
		if bad {
			d.add(f.Path, lineOf(f.Content, near), rule, format, args...)
		}
	}
	wrong(job.Type != "service", "type", "type", "it is a %s, not a service", job.Type)
	serving := 0
	for _, g := range job.TaskGroups {
		d.nomadGroup(f, g)
		if len(g.Services) > 0 {
			serving++
		}
		for _, t := range g.Tasks {
			d.nomadTask(f, g, t)
			v := job.Variables[g.Name+"/"+t.Name]
			wrong(len(t.Templates) > 0 && v.Path != "nomad/jobs/"+job.ID, "nomadVar", "secret", "%s may not read %s", job.ID, v.Path)
			wrong(v.Path != "" && !strings.Contains(f.Content, "#   nomad var put @"), "nomadVar", "secret", "no command tells how %s is made", v.Path)
			for _, name := range v.Environment {
				wrong(!strings.Contains(f.Content, "#     "+name+" = \"...\"\n"), name, "secret", "nothing tells that %s belongs into %s", name, v.Path)
			}
		}
	}
	wrong(serving != 1, "service {", "service", "%d groups serve requests, not one", serving)
}

func (d *docket) nomadGroup(f generator.File, g nomadGroup) {
	wrong := func(bad bool, near, rule, format string, args ...any) {
		if bad {
			d.add(f.Path, lineOf(f.Content, near), rule, "%s: "+format, append([]any{g.Name}, args...)...)
		}
	}
	if u := g.Update; u == nil {
		wrong(true, "group", "update", "no update strategy")
	} else {
		wrong(!u.AutoRevert, "auto_revert", "update", "a version that fails is not taken back")
		wrong(u.Canary != g.Count || !u.AutoPromote, "canary", "update", "%d of %d start beside the old version, promoted %t: capacity drops", u.Canary, g.Count, u.AutoPromote)
		wrong(u.MaxParallel < 1, "max_parallel", "update", "the update makes no deployment")
		wrong(u.HealthCheck != "checks", "health_check", "update", "health is %q", u.HealthCheck)
		wrong(u.MinHealthyTime >= u.HealthyDeadline || u.HealthyDeadline >= u.ProgressDeadline, "healthy_deadline", "update", "the deadlines are out of order")
	}
	r := g.RestartPolicy
	wrong(r.Mode != "fail" || !g.ReschedulePolicy.Unlimited, "restart", "restart", "what fails on one machine is not tried on another")
	wrong(time.Duration(r.Attempts)*r.Delay > r.Interval, "restart", "restart", "Nomad refuses %d restarts of %v in %v", r.Attempts, r.Delay, r.Interval)
	again := g.ReschedulePolicy
	wrong(again.Delay < 5*time.Second || again.MaxDelay <= again.Delay, "reschedule", "restart", "Nomad refuses delays from %v to %v", again.Delay, again.MaxDelay)
	ports := map[string]bool{}
	for _, n := range g.Networks {
		wrong(n.Mode != "bridge", "network", "network", "its network is %q", n.Mode)
		wrong(len(n.ReservedPorts) > 0, "static", "network", "a fixed port keeps the new version from starting beside the old one")
		for _, p := range n.DynamicPorts {
			ports[p.Label] = true
			wrong(p.To < 1024, "port", "network", "port %s leads nowhere", p.Label)
		}
	}
	for _, s := range g.Services {
		wrong(s.Provider != "nomad", "provider", "service", "the catalogue is %q", s.Provider)
		wrong(!ports[s.PortLabel], "service", "service", "there is no port %q", s.PortLabel)
		wrong(len(s.Name) > 63, "service", "service", "Nomad allows 63 characters for %s", s.Name)
		wrong(len(s.Checks) == 0, "service", "check", "no check")
		wrong(g.ShutdownDelay == nil || *g.ShutdownDelay <= 0, "shutdown_delay", "drain", "requests still come when it is told to stop")
		for _, c := range s.Checks {
			wrong(c.Type != "tcp" && (c.Type != "http" || !strings.HasPrefix(c.Path, "/")), "check", "check", "Nomad's catalogue checks no %s %q", c.Type, c.Path)
			wrong(c.Interval < time.Second || c.Timeout < time.Second, "check", "check", "interval and timeout are one second at least")
			wrong(c.CheckRestart == nil || c.CheckRestart.Limit == 0, "check", "check", "an instance that hangs is not restarted")
		}
	}
	for _, t := range g.Tasks {
		mapped, _ := t.Config["ports"].([]any)
		wrong(len(mapped) != len(ports), "ports", "network", "the container has %d ports, the group %d", len(mapped), len(ports))
		for _, p := range mapped {
			wrong(!ports[fmt.Sprint(p)], "ports", "network", "there is no port %v", p)
		}
		serves := len(g.Services) > 0
		wrong(serves && t.Env["FORWARDED_ALLOW_IPS"] == "", "env", "forwarded", "whose X-Forwarded-For is believed is not named")
		wrong(!serves && t.Config["command"] == nil, "command", "command", "runs the web server once more")
		disabled := slices.Equal(blocks(t.Config, "healthchecks", "disable"), []any{true})
		wrong(!serves && !disabled, "healthchecks", "health", "the image's health check asks a web server that does not run")
		wrong(2*t.LogConfig.MaxFiles*t.LogConfig.MaxFileSizeMB >= g.EphemeralDisk.SizeMB, "logs", "logs", "the logs fill its disk of %d MB", g.EphemeralDisk.SizeMB)
	}
}

func (d *docket) nomadTask(f generator.File, g nomadGroup, t nomadTask) {
	wrong := func(bad bool, near, rule, format string, args ...any) {
		if bad {
			d.add(f.Path, lineOf(f.Content, near), rule, "%s: "+format, append([]any{t.Name}, args...)...)
		}
	}
	d.options(f, "", t.Config)
	wrong(t.Driver != "docker", "driver", "driver", "runs by %s", t.Driver)
	image, _ := t.Config["image"].(string)
	wrong(untagged(image), "image ", "image-tag", "has to name a tag: %q", image)
	for option, want := range map[string]any{"init": true, "readonly_rootfs": true, "cap_drop": []any{"all"}, "security_opt": []any{"no-new-privileges"}} {
		wrong(fmt.Sprint(t.Config[option]) != fmt.Sprint(want), option, "hardening", "%s is %v, not %v", option, t.Config[option], want)
	}
	for _, option := range []string{"privileged", "cap_add", "network_mode", "pid_mode", "ipc_mode", "userns_mode", "volumes", "devices"} {
		wrong(t.Config[option] != nil, option, "hardening", "%s opens the container", option)
	}
	pids, _ := t.Config["pids_limit"].(float64)
	wrong(pids <= 0, "pids_limit", "hardening", "no limit of processes")
	wrong(!slices.Equal(blocks(t.Config, "mount", "type"), []any{"tmpfs"}) || !slices.Equal(blocks(t.Config, "mount", "target"), []any{"/tmp"}), "mount", "hardening", "no writable /tmp in memory, or more")
	limits := 0
	for _, m := range blocks(t.Config, "mount", "tmpfs_options") {
		limits += len(blocks(map[string]any{"of": m}, "of", "size"))
	}
	wrong(limits != 1, "mount", "hardening", "/tmp has no limit")
	wrong(t.User != "10001:10001", "user", "hardening", "runs as %q", t.User)
	wrong(t.KillSignal != "SIGTERM" || t.KillTimeout < 10*time.Second, "kill_", "hardening", "gets %s and %v to stop in", t.KillSignal, t.KillTimeout)
	wrong(t.Resources.CPU == 0 || t.Resources.MemoryMB == 0, "resources", "hardening", "no room is kept free for it")
	wrong(t.LogConfig.MaxFiles*t.LogConfig.MaxFileSizeMB > 50, "logs", "logs", "keeps too much")
	for name, value := range t.Env {
		wrong(holdsSecret(name, value), name, "secret", "%s is a secret in the file; use a variable of Nomad", name)
		wrong(name == "FORWARDED_ALLOW_IPS" && strings.Contains(value, "*"), name, "forwarded", "every client may choose its own address")
	}
	for _, secrets := range t.Templates {
		wrong(!strings.HasPrefix(secrets.DestPath, "secrets/") || secrets.Perms != "400", "destination", "secret", "others could read %s", secrets.DestPath)
		wrong(!secrets.Once, "once", "secret", "servers that are away would stop it")
	}
}

// options judges the names and types of what the Docker driver reads.
func (d *docket) options(f generator.File, within string, config map[string]any) {
	for name, value := range config {
		known, is := dockerOptions[within+name], ""
		switch value := value.(type) {
		case string:
			is = "string"
		case bool:
			is = "bool"
		case float64:
			is = "number"
		case map[string]any:
			is = "map"
		case []any:
			is = "list"
			for _, inner := range value {
				if block, ok := inner.(map[string]any); ok && known != "list" {
					is = "block"
					d.options(f, within+name+".", block)
				}
			}
		}
		switch {
		case known == "":
			d.add(f.Path, lineOf(f.Content, name), "option", "the Docker driver has no option %s", within+name)
		case is != known:
			d.add(f.Path, lineOf(f.Content, name), "option", "%s is a %s, and the Docker driver takes a %s", within+name, is, known)
		}
	}
}

// blocks returns an option of every block of a kind.
func blocks(config map[string]any, kind, option string) []any {
	var values []any
	list, _ := config[kind].([]any)
	for _, b := range list {
		if block, ok := b.(map[string]any); ok && block[option] != nil {
			values = append(values, block[option])
		}
	}
	return values
}
