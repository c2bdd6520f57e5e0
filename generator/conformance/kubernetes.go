package conformance

import (
	"path"
	"sync"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer/json"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/pod-security-admission/policy"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/filesys"

	"github.com/davit-cli/davit/generator"
)

// Kubernetes judges the manifests below k8s as they reach a cluster: each
// kustomization is built, each object of the result is decoded strictly into
// its type, each pod is evaluated against Pod Security 'restricted', and every
// reference between objects has to lead somewhere.
func Kubernetes(files []generator.File) []Finding {
	d := &docket{judge: "kubernetes"}
	fsys := filesys.MakeFsInMemory()
	for _, f := range files {
		if err := fsys.WriteFile("/"+f.Path, []byte(f.Content)); err != nil {
			d.add(f.Path, 0, "write", "%v", err)
		}
	}
	used := map[string]bool{}
	for _, f := range files {
		if path.Base(f.Path) == "kustomization.yaml" {
			d.kustomization(f, fsys, used)
		}
	}
	for _, f := range files {
		if path.Ext(f.Path) == ".yaml" && path.Base(f.Path) != "kustomization.yaml" && !used[f.Path] {
			d.add(f.Path, 0, "unused", "no kustomization names it")
		}
	}
	return d.found
}

func (d *docket) kustomization(f generator.File, fsys filesys.FileSystem, used map[string]bool) {
	var k types.Kustomization
	if err := k.Unmarshal([]byte(f.Content)); err != nil {
		d.add(f.Path, lineIn(err), "kustomization", "%v", err)
		return
	}
	if deprecated := k.CheckDeprecatedFields(); deprecated != nil {
		for _, message := range *deprecated {
			d.add(f.Path, 0, "deprecated", "%s", message)
		}
	}
	folder := path.Dir(f.Path)
	for _, r := range k.Resources {
		used[path.Join(folder, r)] = true
	}
	for _, p := range k.Patches {
		used[path.Join(folder, p.Path)] = true
	}
	result, err := build(fsys, "/"+folder)
	if err != nil {
		d.add(f.Path, 0, "build", "%v", err)
		return
	}
	c := &cluster{docket: d, folder: folder}
	for _, manifest := range result {
		c.decode(manifest)
	}
	c.judge()
}

// build runs kustomize, one at a time: it keeps its schema in globals.
func build(fsys filesys.FileSystem, folder string) ([][]byte, error) {
	kustomizing.Lock()
	defer kustomizing.Unlock()
	result, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(fsys, folder)
	if err != nil {
		return nil, err
	}
	var manifests [][]byte
	for _, r := range result.Resources() {
		manifest, err := r.AsYAML()
		if err != nil {
			return nil, err
		}
		manifests = append(manifests, manifest)
	}
	return manifests, nil
}

var kustomizing sync.Mutex

// decoder reads Kubernetes' and the Gateway API's types, refusing unknown and
// repeated fields.
var decoder = sync.OnceValue(func() runtime.Decoder {
	known := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{scheme.AddToScheme, gatewayv1.Install} {
		if err := add(known); err != nil {
			panic(err)
		}
	}
	return json.NewSerializerWithOptions(json.DefaultMetaFactory, known, known, json.SerializerOptions{Yaml: true, Strict: true})
})

var evaluator = sync.OnceValue(func() policy.Evaluator {
	e, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	if err != nil {
		panic(err)
	}
	return e
})
