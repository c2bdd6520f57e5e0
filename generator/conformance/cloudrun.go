package conformance

import (
	"context"
	"path"

	cloudrun "google.golang.org/api/run/v1"
	"knative.dev/pkg/apis"
	serving "knative.dev/serving/pkg/apis/serving/v1"
	"sigs.k8s.io/yaml"

	"github.com/davit-cli/davit/generator"
)

// CloudRun judges service.yaml by Knative's type, strictly, and by Knative's
// own validation after its defaults are filled in. Cloud Run takes a subset of
// that type and adds annotations, which only Cloud Run itself can judge. It
// judges worker-pool.yaml, which Knative does not have, by the type of Cloud
// Run's own API, strictly.
func CloudRun(files []generator.File) []Finding {
	d := &docket{judge: "cloud-run"}
	for _, f := range files {
		if path.Base(f.Path) == "worker-pool.yaml" {
			d.workerPool(f)
			continue
		}
		if lineOf(f.Content, "serving.knative.dev/v1") == 0 {
			continue // a Service of Kubernetes has the same file name
		}
		var service serving.Service
		if err := yaml.UnmarshalStrict([]byte(f.Content), &service); err != nil {
			d.add(f.Path, lineIn(err), "decode", "%v", err)
			continue
		}
		service.SetDefaults(context.Background())
		if err := service.Validate(context.Background()).Filter(apis.ErrorLevel); err != nil {
			d.add(f.Path, 0, "validate", "%v", err)
		}
		d.knative(f, service)
	}
	return d.found
}

func (d *docket) workerPool(f generator.File) {
	var pool cloudrun.WorkerPool
	if err := yaml.UnmarshalStrict([]byte(f.Content), &pool); err != nil {
		d.add(f.Path, lineIn(err), "decode", "%v", err)
		return
	}
	if pool.ApiVersion != "run.googleapis.com/v1" || pool.Kind != "WorkerPool" {
		d.add(f.Path, 1, "kind", "is %s %s", pool.ApiVersion, pool.Kind)
	}
	if pool.Metadata == nil || len(pool.Metadata.Name) > 49 {
		d.add(f.Path, 0, "name", "has to have a name of at most 49 characters")
	}
	if pool.Spec == nil || pool.Spec.Template == nil || pool.Spec.Template.Spec == nil || len(pool.Spec.Template.Spec.Containers) != 1 {
		d.add(f.Path, 0, "containers", "has to have one container")
		return
	}
	c := pool.Spec.Template.Spec.Containers[0]
	switch {
	case untagged(c.Image):
		d.add(f.Path, lineOf(f.Content, "image:"), "image-tag", "has to name a tag: %q", c.Image)
	case len(c.Command) == 0:
		d.add(f.Path, 0, "command", "runs the web server once more")
	case c.Resources == nil || c.Resources.Limits["cpu"] == "" || c.Resources.Limits["memory"] == "":
		d.add(f.Path, 0, "limits", "has no limits of processor and memory")
	case len(c.Ports) > 0:
		d.add(f.Path, lineOf(f.Content, "ports:"), "ports", "a worker pool serves no requests")
	}
	for _, e := range c.Env {
		if e.Value != "" && holdsSecret(e.Name, e.Value) {
			d.add(f.Path, lineOf(f.Content, e.Name), "secret", "%s is a secret in the file", e.Name)
		}
	}
}

func (d *docket) knative(f generator.File, service serving.Service) {
	if service.Namespace != "" {
		d.add(f.Path, 0, "namespace", "Cloud Run's namespace is the project's number; leave it out")
	}
	for _, c := range service.Spec.Template.Spec.Containers {
		if untagged(c.Image) {
			d.add(f.Path, lineOf(f.Content, "image:"), "image-tag", "has to name a tag: %q", c.Image)
		}
		if c.StartupProbe == nil {
			d.add(f.Path, 0, "probe", "%s has no startup probe", c.Name)
		}
		if c.Resources.Limits.Cpu().IsZero() || c.Resources.Limits.Memory().IsZero() {
			d.add(f.Path, 0, "limits", "%s has no limits of processor and memory", c.Name)
		}
		if c.SecurityContext != nil {
			d.add(f.Path, lineOf(f.Content, "securityContext:"), "subset", "Cloud Run refuses securityContext")
		}
		for _, e := range c.Env {
			if e.Value != "" && holdsSecret(e.Name, e.Value) {
				d.add(f.Path, lineOf(f.Content, e.Name), "secret", "%s is a secret in the file", e.Name)
			}
			if e.Name == "PORT" {
				d.add(f.Path, lineOf(f.Content, "PORT"), "reserved", "Cloud Run sets PORT itself and refuses it here")
			}
		}
	}
}
