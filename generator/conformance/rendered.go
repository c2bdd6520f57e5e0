package conformance

import (
	"fmt"
	"path"
	"strings"

	chart "helm.sh/helm/v4/pkg/chart/v2"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"

	"github.com/davit-cli/davit/generator"
)

// documentStart is what begins each object of a rendered overlay.
const documentStart = "---\n"

// Rendered returns what kustomize makes of each overlay below k8s, and Helm of
// the chart, as files for the judges of what reaches a cluster: the whole, and
// each object. What cannot be built is the kubernetes and helm judges' to find.
func Rendered(files []generator.File) []generator.File {
	fsys := filesys.MakeFsInMemory()
	for _, f := range files {
		if err := fsys.WriteFile("/"+f.Path, []byte(f.Content)); err != nil {
			return nil
		}
	}
	var rendered []generator.File
	for _, f := range files {
		folder := path.Dir(f.Path)
		var objects [][]byte
		var err error
		switch {
		case path.Base(f.Path) == "kustomization.yaml" && path.Base(path.Dir(folder)) == "overlays":
			objects, err = build(fsys, "/"+folder)
		case path.Base(f.Path) == "Chart.yaml":
			var c *chart.Chart
			if c, err = loadChart(files); err == nil {
				objects, err = installations[0].render(c)
			}
		}
		if err == nil && len(objects) > 0 {
			rendered = append(rendered, bound(folder, objects)...)
		}
	}
	return rendered
}

// bound are objects as files, one each and one of all.
func bound(folder string, objects [][]byte) []generator.File {
	var files []generator.File
	whole := &strings.Builder{}
	for _, object := range objects {
		whole.WriteString(documentStart)
		whole.Write(object)
		files = append(files, generator.File{Path: folder + "/rendered/" + titleOf(object), Content: string(object)})
	}
	return append(files, generator.File{Path: folder + "/rendered.yaml", Content: whole.String()})
}

func titleOf(object []byte) string {
	var o metav1.PartialObjectMetadata
	if err := yaml.Unmarshal(object, &o); err != nil {
		return "unreadable.yaml" // and the kubernetes judge says why
	}
	return fmt.Sprintf("%s-%s.yaml", o.Kind, o.Name)
}

// isManifest accepts what is rendered.
func isManifest(p string) bool { return below("k8s")(p) || below("charts")(p) }

func isOverlay(p string) bool { return path.Base(p) == "rendered.yaml" }

func isObject(p string) bool { return path.Base(path.Dir(p)) == "rendered" }
