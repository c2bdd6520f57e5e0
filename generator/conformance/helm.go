package conformance

import (
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"helm.sh/helm/v4/pkg/chart/common"
	chartvalues "helm.sh/helm/v4/pkg/chart/common/util"
	"helm.sh/helm/v4/pkg/chart/loader/archive"
	chart "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/chart/v2/lint"
	"helm.sh/helm/v4/pkg/chart/v2/lint/support"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	"helm.sh/helm/v4/pkg/engine"
	appsv1 "k8s.io/api/apps/v1"

	"github.com/davit-cli/davit/generator"
)

// An installation is a chart as somebody installs it.
type installation struct {
	release, namespace string
	values             map[string]any
}

// installations are what a chart is rendered for: as it comes, and with every
// value that only some set.
var installations = []installation{
	{"api", "api", nil},
	{"blue", "shop", map[string]any{
		"image": map[string]any{
			"digest": "sha256:" + strings.Repeat("0a", 32), "pullPolicy": "IfNotPresent", "pullSecrets": []any{"registry"},
		},
		"config":        map[string]any{"LOG_LEVEL": "on", "OFFSET": "08"},
		"networkPolicy": map[string]any{"egressPorts": []any{443, 8443}},
		"autoscaling":   map[string]any{"minReplicas": 3},
	}},
}

// refused are values that a chart's schema has to refuse, by what is wrong.
var refused = map[string]map[string]any{
	"a misspelt key":         {"imagee": map[string]any{}},
	"a misspelt key within":  {"image": map[string]any{"tagg": "1"}},
	"a moving tag":           {"image": map[string]any{"tag": "latest"}},
	"a digest that is none":  {"image": map[string]any{"digest": "1.0.0"}},
	"a tag in the name":      {"image": map[string]any{"repository": "acme/shop:1"}},
	"a number for a setting": {"config": map[string]any{"PORT": 8000}},
	"no memory":              {"resources": map[string]any{"limits": map[string]any{"memory": nil}}},
}

// Helm judges a chart: Helm's own linter finds nothing, its schema refuses
// what would not work, and what Helm's engine renders passes what the
// manifests of kustomize pass.
func Helm(files []generator.File) []Finding {
	d := &docket{judge: "helm"}
	folder := chartOf(files)
	d.helmLint(folder, files)
	c, err := loadChart(files)
	if err != nil {
		d.add(folder, 0, "load", "%v", err)
		return d.found
	}
	if c.Name() != path.Base(folder) {
		d.add(folder, 0, "name", "the chart is called %s, its folder %s", c.Name(), path.Base(folder))
	}
	if len(c.Schema) == 0 {
		d.add(folder, 0, "schema", "no values.schema.json")
		return d.found
	}
	for wrong, values := range refused {
		if _, err := chartvalues.ToRenderValues(c, values, common.ReleaseOptions{Name: "api", Namespace: "api"}, nil); err == nil {
			d.add(folder+"/values.schema.json", 0, "schema", "%s passes: %v", wrong, values)
		}
	}
	sums := map[string]string{} // of the settings, by Deployment's component
	for _, i := range installations {
		manifests, err := i.render(c)
		if err != nil {
			d.add(folder, 0, "render", "as %s in %s: %v", i.release, i.namespace, err)
			continue
		}
		k := &cluster{docket: d, folder: folder}
		k.decode(fmt.Appendf(nil, "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: %s\n  labels:\n    pod-security.kubernetes.io/enforce: restricted\n", i.namespace)) // which is made before
		for _, m := range manifests {
			k.decode(m)
		}
		k.judge()
		for _, deployment := range allOf[*appsv1.Deployment](k) {
			component, sum := deployment.Labels["app.kubernetes.io/component"], deployment.Spec.Template.Annotations[settingsSum]
			if sums[component] == sum {
				d.add(folder, 0, "settings", "%s has the same checksum for other settings", component)
			}
			sums[component] = sum
		}
	}
	return d.found
}

// helmLint runs Helm's linter, which reads from disk.
func (d *docket) helmLint(folder string, files []generator.File) {
	dir, err := os.MkdirTemp("", "davit-chart-")
	if err != nil {
		d.add("", 0, "tool", "%v", err)
		return
	}
	defer os.RemoveAll(dir)
	for _, f := range files {
		name := filepath.Join(dir, filepath.FromSlash(f.Path))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			d.add("", 0, "tool", "%v", err)
			return
		}
		if err := os.WriteFile(name, []byte(f.Content), 0o600); err != nil {
			d.add("", 0, "tool", "%v", err)
			return
		}
	}
	for _, m := range lint.RunAll(filepath.Join(dir, filepath.FromSlash(folder)), nil, "api").Messages {
		if m.Severity > support.InfoSev { // below it asks for an icon, which a service has none of
			d.add(path.Join(folder, m.Path), 0, "lint", "%v", m.Err)
		}
	}
}

// chartOf is the folder of the chart among files.
func chartOf(files []generator.File) string {
	i := slices.IndexFunc(files, func(f generator.File) bool { return path.Base(f.Path) == "Chart.yaml" })
	if i < 0 {
		return "charts"
	}
	return path.Dir(files[i].Path)
}

func loadChart(files []generator.File) (*chart.Chart, error) {
	folder := chartOf(files)
	var packed []*archive.BufferedFile
	for _, f := range files {
		if name, ok := strings.CutPrefix(f.Path, folder+"/"); ok {
			packed = append(packed, &archive.BufferedFile{Name: name, Data: []byte(f.Content)})
		}
	}
	return loader.LoadFiles(packed)
}

// render returns the objects that Helm would install, in a fixed order.
func (i installation) render(c *chart.Chart) ([][]byte, error) {
	capabilities := common.DefaultCapabilities
	options := common.ReleaseOptions{Name: i.release, Namespace: i.namespace, Revision: 1, IsInstall: true}
	values, err := chartvalues.ToRenderValues(c, i.values, options, capabilities)
	if err != nil {
		return nil, err
	}
	rendered, err := engine.Engine{Strict: true}.RenderWithContext(context.Background(), c, values)
	if err != nil {
		return nil, err
	}
	var names []string
	for name := range rendered {
		if path.Ext(name) == ".yaml" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var manifests [][]byte
	for _, name := range names {
		if strings.TrimSpace(rendered[name]) != "" {
			manifests = append(manifests, []byte(rendered[name]))
		}
	}
	return manifests, nil
}
