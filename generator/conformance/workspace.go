package conformance

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"

	"github.com/davit-cli/davit/generator"
)

// workspace has the keys of devcontainer.json that davit's files may use, as
// documented, and no other: https://containers.dev/implementors/json_reference/
type workspace struct {
	Name           string            `json:"name"`
	ComposeFiles   []string          `json:"dockerComposeFile"`
	Service        string            `json:"service"`
	RunServices    []string          `json:"runServices"`
	Build          *workspaceBuild   `json:"build"`
	Init           bool              `json:"init"`
	Mount          string            `json:"workspaceMount"`
	Folder         string            `json:"workspaceFolder"`
	ContainerEnv   map[string]string `json:"containerEnv"`
	RemoteEnv      map[string]string `json:"remoteEnv"`
	RemoteUser     string            `json:"remoteUser"`
	SecurityOpt    []string          `json:"securityOpt"`
	ForwardPorts   []int             `json:"forwardPorts"`
	PortAttributes map[string]struct {
		Label         string `json:"label"`
		OnAutoForward string `json:"onAutoForward"`
	} `json:"portsAttributes"`
	Customizations struct {
		VSCode struct {
			Extensions []string       `json:"extensions"`
			Settings   map[string]any `json:"settings"`
		} `json:"vscode"`
	} `json:"customizations"`
}

type workspaceBuild struct {
	Dockerfile string            `json:"dockerfile"`
	Context    string            `json:"context"`
	Target     string            `json:"target"`
	Args       map[string]string `json:"args"`
	Options    []string          `json:"options"`
}

// Devcontainer judges devcontainer.json: the documented keys alone, and the
// reference implementation's reading of it.
func Devcontainer(files []generator.File) []Finding {
	d := &docket{judge: "devcontainer"}
	for _, f := range files {
		w, err := parseWorkspace(f)
		if err != nil {
			d.add(f.Path, 0, "decode", "%v", err)
			continue
		}
		if (w.Build == nil) == (w.ComposeFiles == nil) {
			d.add(f.Path, 0, "source", "has to come from the Dockerfile or from compose files")
		}
		if w.Build != nil && (w.Build.Target != "devcontainer" || !strings.HasSuffix(w.Mount, ",target="+w.Folder+",type=bind")) {
			d.add(f.Path, 0, "build", "has to build the stage devcontainer and mount the checkout where the workspace is")
		}
		if w.RemoteUser != "app" {
			d.add(f.Path, lineOf(f.Content, "remoteUser"), "user", "works as %q, not as the user of the image", w.RemoteUser)
		}
		if strings.HasPrefix(w.Folder, "/app") || w.Folder == "" {
			d.add(f.Path, lineOf(f.Content, "workspaceFolder"), "folder", "%q hides the image's environment", w.Folder)
		}
		if len(w.ForwardPorts) != 1 {
			d.add(f.Path, lineOf(f.Content, "forwardPorts"), "ports", "has to forward the port of the service")
		}
		d.devcontainers(f)
	}
	return d.found
}

// comment is one that has a line for itself: the rest of the file is JSON.
var comment = regexp.MustCompile(`(?m)^\s*//.*$`)

func parseWorkspace(f generator.File) (workspace, error) {
	var w workspace
	decoder := json.NewDecoder(bytes.NewReader(comment.ReplaceAll([]byte(f.Content), nil)))
	decoder.DisallowUnknownFields()
	return w, decoder.Decode(&w)
}

// devcontainers lets the reference implementation read the file; no container
// is looked for.
func (d *docket) devcontainers(f generator.File) {
	d.ask([]generator.File{f}, func(b batch) error {
		folder := filepath.Dir(filepath.Dir(b.path(0)))
		out, err := b.run(programNamed("devcontainer"), nil, "read-configuration", "--workspace-folder", folder,
			"--mount-workspace-git-root=false", "--docker-path", "true")
		if err != nil {
			return err
		}
		var read struct {
			Workspace struct{ WorkspaceFolder string }
		}
		if err := json.Unmarshal(out, &read); err != nil {
			return err
		}
		if read.Workspace.WorkspaceFolder == "" {
			return fmt.Errorf("reads no workspace: %s", out)
		}
		return nil
	})
}

// Workspace judges how devcontainer.json and the compose files fit together,
// merged as docker compose merges them.
func Workspace(files []generator.File) []Finding {
	d := &docket{judge: "workspace"}
	f, ok := named(files, "devcontainer.json")
	if !ok {
		return nil
	}
	w, err := parseWorkspace(f)
	if err != nil || w.ComposeFiles == nil {
		return nil // the other judge tells what is wrong
	}
	base, hasBase := named(files, "compose.yaml")
	over, hasOver := named(files, "compose.devcontainer.yaml")
	if !hasBase || !hasOver || !slices.Equal(w.ComposeFiles, []string{"../compose.yaml", "compose.devcontainer.yaml"}) {
		d.add(f.Path, lineOf(f.Content, "dockerComposeFile"), "files", "names %v, and they are not all there", w.ComposeFiles)
		return d.found
	}
	var project *types.Project
	warnings := logged(func() {
		project, err = loader.LoadWithContext(context.Background(), types.ConfigDetails{
			WorkingDir:  "/project",
			Environment: map[string]string{"HOME": "/home/user"},
			ConfigFiles: []types.ConfigFile{{Filename: base.Path, Content: []byte(base.Content)}, {Filename: over.Path, Content: []byte(over.Content)}},
		}, func(o *loader.Options) { o.SetProjectName("project", false) })
	})
	for _, warning := range warnings {
		d.add(over.Path, 0, "warning", "%s", warning)
	}
	if err != nil {
		d.add(over.Path, lineIn(err), "load", "%v", err)
		return d.found
	}
	s, ok := project.Services[w.Service]
	if !ok {
		d.add(f.Path, lineOf(f.Content, `"service"`), "service", "%s is no service", w.Service)
		return d.found
	}
	if s.Build == nil || s.Build.Target != "devcontainer" {
		d.add(over.Path, 0, "build", "%s is not built from the stage devcontainer", w.Service)
	}
	if len(s.Ports) > 0 {
		d.add(over.Path, 0, "ports", "%s publishes ports, which the editor forwards", w.Service)
	}
	if !slices.ContainsFunc(s.Volumes, func(v types.ServiceVolumeConfig) bool { return v.Source == "/project" && v.Target == w.Folder }) {
		d.add(over.Path, 0, "volume", "the project is not mounted at %s", w.Folder)
	}
	return d.found
}
