package generator

import (
	"strings"
	"testing"

	"github.com/davit-cli/davit/wizard"
)

// What is edited is what runs: the checkout comes before the installed package.
func TestTheWorkspaceImportsTheCheckout(t *testing.T) {
	for want, project := range map[string]wizard.Project{
		`"PYTHONPATH": "/workspaces/shop/src:/workspaces/shop"`: {Package: true, Source: "src"},
		`"PYTHONPATH": "/workspaces/shop"`:                      {Source: "src"}, // nothing is installed of it
	} {
		a := wizard.Defaults()
		a.Name, a.Extras, a.Project = "shop", []string{"devcontainer"}, project
		if made := text(t, a); !strings.Contains(made, want+"\n") {
			t.Errorf("%+v: no %s", project, want)
		}
	}
}
