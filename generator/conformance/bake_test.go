package conformance

import (
	"slices"
	"testing"

	"github.com/davit-cli/davit/generator"
	"github.com/davit-cli/davit/wizard"
)

// Bake reads compose.yaml as well where both lie in one folder: without a name
// it has to build the same, also where a service is called like a target.
func TestBakeBesideCompose(t *testing.T) {
	for _, name := range []string{"api", "image", "dev", "default"} {
		a := wizard.Defaults()
		for id, v := range map[string]string{"name": name, "target": "compose", "extra": "bake,dev", "worker": "celery -A app worker"} {
			a = with(a, id, []string{v})
		}
		files, err := generator.Generate(a)
		if err != nil {
			t.Fatal(err)
		}
		bakefile, _ := named(files, "docker-bake.hcl")
		compose, _ := named(files, "compose.yaml")
		alone, _, err := printBake(told, bakefile)
		if err != nil {
			t.Fatal(err)
		}
		both, byDefault, err := printBake(told, compose, bakefile)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(byDefault, []string{"image"}) {
			t.Errorf("%s: builds %v", name, byDefault)
		}
		for target, want := range alone {
			if !both[target].equal(want) {
				t.Errorf("%s: with compose.yaml %s is %+v, alone %+v", name, target, both[target], want)
			}
		}
	}
}
