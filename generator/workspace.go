package generator

import (
	"path"

	"github.com/davit-cli/davit/wizard"
)

// devcontainer makes the editor's workspace: with compose as one of its
// services, else from the Dockerfile alone.
func devcontainer(a wizard.Answers) ([]File, error) {
	workspace := "/workspaces/" + a.Name
	modules := path.Join(workspace, a.AppDir)
	if startDir(a) != "/app" {
		modules += ":" + workspace
	}
	if a.Project.Package && a.Project.Source != "" { // else the installed package, which is the copy in the image
		modules = path.Join(workspace, a.Project.Source) + ":" + modules
	}
	p := struct {
		Name                  string
		Port                  int
		Workspace, PythonPath string
		Compose, PrivateIndex bool
	}{a.Name, a.Port, workspace, modules, a.HasTarget("compose"), a.Project.PrivateIndex}
	pages := []page{{".devcontainer/devcontainer.json", "devcontainer/devcontainer.json", 0o644, "json", "The development stage as the workspace of an editor."}}
	if p.Compose {
		pages = append(pages, page{".devcontainer/compose.devcontainer.yaml", "devcontainer/compose.devcontainer.yaml", 0o644, "yaml", "Makes the service of compose.yaml that workspace, beside its databases."})
	}
	return files(p, pages...)
}

func bake(a wizard.Answers) ([]File, error) {
	return files(struct {
		Image             string
		Dev, PrivateIndex bool
	}{image(a), hasDevStage(a), a.Project.PrivateIndex},
		page{"docker-bake.hcl", "bake/docker-bake.hcl", 0o644, "hcl", "The builds by name: for this machine, for amd64 and arm64, for development."})
}
