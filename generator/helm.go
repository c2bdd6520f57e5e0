package generator

import (
	"strings"

	"github.com/davit-cli/davit/wizard"
)

// helmPage adds what a chart needs beyond the manifests of kustomize.
type helmPage struct {
	kubernetesPage
	SecretNames        string // variables that the Secret has, for a comment
	Ingress, HTTPRoute bool
}

// chartFolder is where the chart of a is: a chart's folder is called like the
// chart.
func chartFolder(a wizard.Answers) string { return "charts/" + a.Name }

func helm(a wizard.Answers) ([]File, error) {
	p := helmPage{
		kubernetesPage: newKubernetesPage(a),
		Ingress:        a.Route == "ingress",
		HTTPRoute:      a.Route == "httproute",
	}
	var names []string
	for _, s := range p.SecretVariables {
		names = append(names, s.Variable)
	}
	p.SecretNames = strings.Join(names, ", ")

	folder := chartFolder(a)
	pages := []page{
		{folder + "/Chart.yaml", "helm/Chart.yaml", 0o644, "yaml", "What the chart is called, and which version it installs."},
		{folder + "/values.yaml", "helm/values.yaml", 0o644, "yaml", "What may differ between installations, with the values of production."},
		{folder + "/values.schema.json", "helm/values.schema.json", 0o644, "json", "Refuses values that would not work, before anything is installed."},
	}
	template := func(name, language, purpose string) {
		pages = append(pages, page{folder + "/templates/" + name, "helm/templates/" + name, 0o644, language, purpose})
	}
	template("_helpers.tpl", "gotemplate", "The names and labels that all objects share.")
	template("deployment.yaml", "gotemplate", "The service: probes, limits, security, rolling update without loss.")
	if a.Worker != "" {
		template("worker.yaml", "gotemplate", "The worker: the same image with its own command.")
	}
	template("service.yaml", "gotemplate", "One stable address inside the cluster.")
	template("serviceaccount.yaml", "gotemplate", "The identity of the pods, without a token for the API.")
	template("configmap.yaml", "gotemplate", "Settings that are no secrets.")
	template("horizontalpodautoscaler.yaml", "gotemplate", "Adds and removes replicas by load.")
	template("poddisruptionbudget.yaml", "gotemplate", "Keeps replicas up while nodes are drained.")
	template("networkpolicy.yaml", "gotemplate", "Who may talk to the pods, and to whom they may talk.")
	if p.RouteFile != "" {
		template(p.RouteFile, "gotemplate", "Traffic from outside the cluster.")
	}
	template("NOTES.txt", "gotemplate", "What Helm says when it has installed the chart.")
	return files(p, pages...)
}
