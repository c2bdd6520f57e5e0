package conformance

import (
	"fmt"
	"path"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"

	"github.com/davit-cli/davit/generator"
)

// documentStart is what begins each object of a rendered overlay.
const documentStart = "---\n"

// Rendered returns what kustomize makes of each overlay below k8s, as files
// for the judges of what reaches a cluster: the whole, and each object. An
// overlay that cannot be built is the kubernetes judge's to find.
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
		if path.Base(f.Path) != "kustomization.yaml" || path.Base(path.Dir(folder)) != "overlays" {
			continue
		}
		objects, err := build(fsys, "/"+folder)
		if err != nil {
			continue
		}
		whole := &strings.Builder{}
		for _, object := range objects {
			whole.WriteString(documentStart)
			whole.Write(object)
			rendered = append(rendered, generator.File{Path: folder + "/rendered/" + titleOf(object), Content: string(object)})
		}
		rendered = append(rendered, generator.File{Path: folder + "/rendered.yaml", Content: whole.String()})
	}
	return rendered
}

func titleOf(object []byte) string {
	var o metav1.PartialObjectMetadata
	if err := yaml.Unmarshal(object, &o); err != nil {
		return "unreadable.yaml" // and the kubernetes judge says why
	}
	return fmt.Sprintf("%s-%s.yaml", o.Kind, o.Name)
}

func isOverlay(p string) bool { return path.Base(p) == "rendered.yaml" }

func isObject(p string) bool { return path.Base(path.Dir(p)) == "rendered" }
