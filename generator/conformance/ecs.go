package conformance

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"path"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/davit-cli/davit/generator"
)

// ECS judges task definitions and services by the types of AWS's own SDK,
// strictly, and by what its client would send: every key of a file has to be
// in that. AWS CLI takes the same names, and no others. What the service
// checks beyond that stands in its documentation alone.
func ECS(files []generator.File) []Finding {
	d := &docket{judge: "ecs"}
	families := map[string]types.ContainerDefinition{}
	for _, f := range files {
		if !strings.HasSuffix(f.Path, "task-definition.json") {
			continue
		}
		var task ecs.RegisterTaskDefinitionInput
		if d.sent(f, &task, func(c *ecs.Client) error {
			_, err := c.RegisterTaskDefinition(context.Background(), &task)
			return err
		}) && d.task(f, task) {
			families[aws.ToString(task.Family)] = task.ContainerDefinitions[0]
		}
	}
	for _, f := range files {
		switch {
		case strings.HasSuffix(f.Path, "task-definition.json"):
		case strings.HasSuffix(f.Path, "service.json"):
			var service ecs.CreateServiceInput
			if d.sent(f, &service, func(c *ecs.Client) error {
				_, err := c.CreateService(context.Background(), &service)
				return err
			}) {
				d.service(f, service, families)
			}
		default:
			d.add(f.Path, 0, "kind", "neither a task definition nor a service")
		}
	}
	return d.found
}

// errCaptured ends a request when its body is known.
var errCaptured = errors.New("captured")

// A capture is an HTTP client that keeps what it is to send, and sends nothing.
type capture struct{ body []byte }

func (c *capture) Do(r *http.Request) (*http.Response, error) {
	c.body, _ = io.ReadAll(r.Body)
	return nil, errCaptured
}

// sent reads a file into an operation's input, lets the SDK check and send it,
// and reports whether the whole file would have arrived.
func (d *docket) sent(f generator.File, input any, call func(*ecs.Client) error) bool {
	decoder := json.NewDecoder(strings.NewReader(f.Content))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(input); err != nil {
		d.add(f.Path, 0, "decode", "%v", err)
		return false
	}
	if wrong := misnamed(reflect.ValueOf(input)); wrong != "" {
		d.add(f.Path, lineOf(f.Content, strconv.Quote(wrong)), "enum", "%q is no value that AWS has there", wrong)
		return false
	}
	wire := &capture{}
	client := ecs.New(ecs.Options{Region: "eu-central-1", Credentials: aws.AnonymousCredentials{}, HTTPClient: wire, Retryer: aws.NopRetryer{}})
	if err := call(client); !errors.Is(err, errCaptured) {
		d.add(f.Path, 0, "required", "the SDK refuses it: %v", err)
		return false
	}
	var file, body any
	if err := errors.Join(json.Unmarshal([]byte(f.Content), &file), json.Unmarshal(wire.body, &body)); err != nil {
		d.add(f.Path, 0, "decode", "%v", err)
		return false
	}
	if lost := notIn("", file, body); lost != "" {
		d.add(f.Path, lineOf(f.Content, strconv.Quote(path.Base(lost))), "lost", "%s is not what the SDK sends", lost)
		return false
	}
	return true
}

// notIn returns the way to the first value of one JSON document that the other
// has not, "" where it has all.
func notIn(where string, v, other any) string {
	switch v := v.(type) {
	case map[string]any:
		has, _ := other.(map[string]any)
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if lost := notIn(where+"/"+key, v[key], has[key]); lost != "" {
				return lost
			}
		}
	case []any:
		has, _ := other.([]any)
		if len(has) != len(v) {
			return where
		}
		for i := range v {
			if lost := notIn(where, v[i], has[i]); lost != "" {
				return lost
			}
		}
	default:
		if !reflect.DeepEqual(v, other) {
			return where
		}
	}
	return ""
}

// misnamed returns a value that its type, which is one of a few names, has not.
func misnamed(v reflect.Value) string {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			return misnamed(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				if wrong := misnamed(v.Field(i)); wrong != "" {
					return wrong
				}
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			if wrong := misnamed(v.Index(i)); wrong != "" {
				return wrong
			}
		}
	case reflect.String:
		names := v.MethodByName("Values")
		if v.String() == "" || !names.IsValid() {
			return ""
		}
		known := names.Call(nil)[0]
		for i := range known.Len() {
			if known.Index(i).String() == v.String() {
				return ""
			}
		}
		return v.String()
	}
	return ""
}

// fargateMemory has the MB that go with so many units of processor, as the
// API's reference lists them: least, most, and the step between.
var fargateMemory = map[string][3]int{
	"256": {512, 2048, 512}, "512": {1024, 4096, 1024}, "1024": {2048, 8192, 1024}, "2048": {4096, 16384, 1024},
	"4096": {8192, 30720, 1024}, "8192": {16384, 61440, 4096}, "16384": {32768, 122880, 8192},
}

// task judges a task definition, and reports whether it has one container.
func (d *docket) task(f generator.File, t ecs.RegisterTaskDefinitionInput) bool {
	wrong := func(bad bool, key, rule, format string, args ...any) {
		if bad {
			d.add(f.Path, lineOf(f.Content, strconv.Quote(key)), rule, format, args...)
		}
	}
	wrong(!slices.Equal(t.RequiresCompatibilities, []types.Compatibility{types.CompatibilityFargate}), "requiresCompatibilities", "fargate", "is not for Fargate alone")
	wrong(t.NetworkMode != types.NetworkModeAwsvpc, "networkMode", "fargate", "Fargate has the network mode awsvpc alone")
	mb, err := strconv.Atoi(aws.ToString(t.Memory))
	pair, known := fargateMemory[aws.ToString(t.Cpu)]
	wrong(err != nil || !known || mb < pair[0] || mb > pair[1] || (mb-pair[0])%pair[2] != 0 || mb == 1536 && pair[0] == 512,
		"memory", "size", "Fargate has no %s MB with %s units of processor", aws.ToString(t.Memory), aws.ToString(t.Cpu))
	wrong(t.RuntimePlatform == nil || t.RuntimePlatform.OperatingSystemFamily != types.OSFamilyLinux || t.RuntimePlatform.CpuArchitecture == "", "runtimePlatform", "platform", "does not say for what the image is built")
	wrong(!strings.HasPrefix(aws.ToString(t.ExecutionRoleArn), "arn:aws:iam::"), "executionRoleArn", "role", "nothing may pull the image and write logs")
	wrong(len(t.ContainerDefinitions) != 1, "containerDefinitions", "containers", "one container, not %d", len(t.ContainerDefinitions))
	if len(t.ContainerDefinitions) != 1 {
		return false
	}
	c := t.ContainerDefinitions[0]
	wrong(untagged(aws.ToString(c.Image)), "image", "image-tag", "has to name a tag: %q", aws.ToString(c.Image))
	wrong(!aws.ToBool(c.Essential), "essential", "essential", "the task would go on without its container")
	for _, e := range c.Environment {
		wrong(holdsSecret(aws.ToString(e.Name), aws.ToString(e.Value)), aws.ToString(e.Name), "secret", "%s is a secret in the file", aws.ToString(e.Name))
		wrong(aws.ToString(e.Name) == "FORWARDED_ALLOW_IPS" && strings.Contains(aws.ToString(e.Value), "*"), "FORWARDED_ALLOW_IPS", "forwarded", "every client may choose its own address")
	}
	for _, s := range c.Secrets {
		from := aws.ToString(s.ValueFrom)
		wrong(!strings.HasPrefix(from, "/") && !strings.HasPrefix(from, "arn:aws:"), aws.ToString(s.Name), "secret", "%q is neither the name of a parameter nor an ARN", from)
	}
	d.hardened(wrong, c)
	d.logged(wrong, c)
	stop := aws.ToInt32(c.StopTimeout)
	wrong(stop < 10 || stop > 120, "stopTimeout", "stop", "%d seconds to stop in, and Fargate has up to 120", stop)
	if len(c.PortMappings) == 0 {
		wrong(len(c.Command) == 0, "command", "command", "runs the web server once more, and nobody reaches it")
		return true
	}
	for _, p := range c.PortMappings {
		wrong(p.HostPort != nil && aws.ToInt32(p.HostPort) != aws.ToInt32(p.ContainerPort), "hostPort", "ports", "is another one than the container's, which awsvpc has not")
		wrong(aws.ToString(p.Name) == "" || p.AppProtocol == "", "portMappings", "ports", "the port has no name, or no protocol of applications")
	}
	h := c.HealthCheck
	wrong(h == nil, "healthCheck", "health", "ECS does not look at the image's own health check")
	if h != nil {
		wrong(len(h.Command) < 2 || h.Command[0] != "CMD", "command", "health", "no list of words that begins with CMD: it would need a shell")
		within := func(n *int32, least, most int32) bool { return n != nil && *n >= least && *n <= most }
		wrong(!within(h.Interval, 5, 300) || !within(h.Timeout, 2, 60) || !within(h.Retries, 1, 10) || !within(h.StartPeriod, 0, 300), "healthCheck", "health", "times that ECS does not have")
	}
	return true
}

func (d *docket) hardened(wrong func(bad bool, key, rule, format string, args ...any), c types.ContainerDefinition) {
	wrong(aws.ToString(c.User) != "10001:10001", "user", "hardening", "does not run as 10001:10001")
	wrong(!aws.ToBool(c.ReadonlyRootFilesystem), "readonlyRootFilesystem", "hardening", "the root file system can be written")
	wrong(aws.ToBool(c.Privileged) || len(c.DockerSecurityOptions) > 0, "privileged", "fargate", "Fargate refuses it")
	l := c.LinuxParameters
	if l == nil {
		wrong(true, "linuxParameters", "hardening", "no init, all capabilities, nothing to write to")
		return
	}
	wrong(!aws.ToBool(l.InitProcessEnabled), "initProcessEnabled", "hardening", "nobody reaps the processes that the service leaves")
	wrong(l.Capabilities == nil || !slices.Equal(l.Capabilities.Drop, []string{"ALL"}) || len(l.Capabilities.Add) > 0, "capabilities", "hardening", "capabilities are left")
	wrong(len(l.Devices) > 0 || l.SharedMemorySize != nil || l.MaxSwap != nil || l.Swappiness != nil, "linuxParameters", "fargate", "Fargate refuses it")
	wrong(!slices.ContainsFunc(l.Tmpfs, func(t types.Tmpfs) bool {
		return aws.ToString(t.ContainerPath) == "/tmp" && t.Size > 0 && !slices.Contains(t.MountOptions, "ro")
	}), "tmpfs", "hardening", "no writable /tmp")
}

func (d *docket) logged(wrong func(bad bool, key, rule, format string, args ...any), c types.ContainerDefinition) {
	l := c.LogConfiguration
	if l == nil || l.LogDriver != types.LogDriverAwslogs {
		wrong(true, "logConfiguration", "logs", "logs go nowhere")
		return
	}
	for _, key := range []string{"awslogs-group", "awslogs-region", "awslogs-stream-prefix"} {
		wrong(l.Options[key] == "", "options", "logs", "no %s, which Fargate wants", key)
	}
	wrong(l.Options["mode"] != "non-blocking" || l.Options["max-buffer-size"] == "", "options", "logs", "the service hangs where logs cannot be sent")
}

// service judges a service against the task that it runs.
func (d *docket) service(f generator.File, s ecs.CreateServiceInput, families map[string]types.ContainerDefinition) {
	wrong := func(bad bool, key, rule, format string, args ...any) {
		if bad {
			d.add(f.Path, lineOf(f.Content, strconv.Quote(key)), rule, format, args...)
		}
	}
	c, known := families[aws.ToString(s.TaskDefinition)]
	wrong(!known, "taskDefinition", "reference", "there is no task definition %s", aws.ToString(s.TaskDefinition))
	wrong(s.LaunchType != types.LaunchTypeFargate, "launchType", "fargate", "is not for Fargate")
	wrong(aws.ToInt32(s.DesiredCount) < 1, "desiredCount", "count", "nothing runs")
	n := s.NetworkConfiguration
	wrong(n == nil || n.AwsvpcConfiguration == nil || len(n.AwsvpcConfiguration.Subnets) < 2 || len(n.AwsvpcConfiguration.SecurityGroups) == 0 ||
		n.AwsvpcConfiguration.AssignPublicIp != types.AssignPublicIpDisabled, "networkConfiguration", "network", "not two private subnets and a security group")
	r := s.DeploymentConfiguration
	wrong(r == nil || aws.ToInt32(r.MinimumHealthyPercent) < 100 || aws.ToInt32(r.MaximumPercent) <= 100, "deploymentConfiguration", "rolling", "a deployment takes away before it adds")
	wrong(r == nil || r.DeploymentCircuitBreaker == nil || !r.DeploymentCircuitBreaker.Enable || !r.DeploymentCircuitBreaker.Rollback, "deploymentConfiguration", "rolling", "a version that does not start is tried for ever")
	served := len(c.PortMappings) > 0
	wrong(known && served != (len(s.LoadBalancers) > 0), "loadBalancers", "load-balancer", "a service with a port has a load balancer, and no other")
	wrong(served && aws.ToInt32(s.HealthCheckGracePeriodSeconds) == 0, "healthCheckGracePeriodSeconds", "grace", "a slow start is an endless one")
	for _, l := range s.LoadBalancers {
		there := slices.ContainsFunc(c.PortMappings, func(p types.PortMapping) bool {
			return aws.ToInt32(p.ContainerPort) == aws.ToInt32(l.ContainerPort)
		})
		wrong(aws.ToString(l.ContainerName) != aws.ToString(c.Name) || !there, "containerPort", "reference", "%s has no port %d", aws.ToString(l.ContainerName), aws.ToInt32(l.ContainerPort))
		wrong(!strings.HasPrefix(aws.ToString(l.TargetGroupArn), "arn:aws:elasticloadbalancing:"), "targetGroupArn", "load-balancer", "no target group")
	}
}
