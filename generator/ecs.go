package generator

import (
	"strconv"

	"github.com/davit-cli/davit/wizard"
)

// ecsPage adds what task definitions and services of Amazon ECS need beyond
// the service.
type ecsPage struct {
	servicePage
	ImageAndTag     string
	LogGroup        string
	TaskEnvironment []ecsSetting
	TaskSecrets     []ecsSecret
}

// ecsSetting is an entry of a list in JSON.
type ecsSetting struct {
	setting
	Comma string // after it, "" after the last
}

// ecsSecret is a secret that the task gets from the Parameter Store.
type ecsSecret struct {
	Variable  string
	Parameter string // its name there
	Comma     string
}

// keepAlive is how long, in seconds, a connection may be idle behind a load
// balancer that itself closes it after a minute.
const keepAlive = 65

func ecs(a wizard.Answers) ([]File, error) {
	p := ecsPage{servicePage: newServicePage(a), LogGroup: "/ecs/" + a.Name}
	p.ImageAndTag = p.Image + ":" + p.Tag
	p.TaskEnvironment = ecsEnvironment(a, p.servicePage)
	for i, s := range p.SecretVariables {
		p.TaskSecrets = append(p.TaskSecrets, ecsSecret{s.Variable, "/" + a.Name + "/" + s.Key, comma(i, len(p.SecretVariables))})
	}
	pages := []page{
		{"ecs/task-definition.json", "ecs/task-definition.json", 0o644, "json", "What one task on Fargate runs, as aws ecs register-task-definition takes it."},
		{"ecs/service.json", "ecs/service.json", 0o644, "json", "How many tasks run, behind which load balancer, and how they are replaced, as aws ecs create-service takes it."},
	}
	if a.Worker != "" {
		pages = append(pages,
			page{"ecs/worker-task-definition.json", "ecs/worker-task-definition.json", 0o644, "json", "The worker: the same image with its own command."},
			page{"ecs/worker-service.json", "ecs/worker-service.json", 0o644, "json", "How many workers run, and how they are replaced."})
	}
	return files(p, pages...)
}

// ecsEnvironment is what a task finds in its environment: what every platform
// sets, and what the load balancer before it needs.
func ecsEnvironment(a wizard.Answers, p servicePage) []ecsSetting {
	list := []setting{{"FORWARDED_ALLOW_IPS", p.VPCProxy, "ecs-forwarded"}}
	idle := setting{"UVICORN_TIMEOUT_KEEP_ALIVE", strconv.Itoa(keepAlive), "ecs-keep-alive"}
	if a.Traffic == "high" {
		idle.Name = "KEEP_ALIVE"
	}
	list = append(list, idle)
	for _, s := range p.PlatformEnvironment {
		if s.Name != idle.Name {
			list = append(list, s)
		}
	}
	settings := make([]ecsSetting, len(list))
	for i, s := range list {
		settings[i] = ecsSetting{s, comma(i, len(list))}
	}
	return settings
}

// comma separates the entries of a list in JSON, which has none after its last.
func comma(i, length int) string {
	if i == length-1 {
		return ""
	}
	return ","
}
