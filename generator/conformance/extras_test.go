package conformance

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// TestWorkflowPublishesWhatItProved runs the steps of the generated workflow
// that are ours, as they stand there: scripts/validate proves the image, and
// the push makes one image of both architectures out of what was packed. In
// place of the registry stands a folder.
func TestWorkflowPublishesWhatItProved(t *testing.T) {
	needEngine(t)
	dir := makeService(t, "plain", "uv")
	davit(t, "generate", dir, "--dependencies", "uv", "--name", "plain", "--image", "ghcr.io/acme/shop", "--extra", "ci-github")
	steps := workflowSteps(t, filepath.Join(dir, ".github", "workflows", "image.yaml"))

	name := uniqueName()
	t.Cleanup(func() { exec.Command("docker", "image", "rm", "--force", name+":ci").Run() })
	work := t.TempDir()
	build := func(arch, folder string, flags ...string) {
		args := append([]string{"buildx", "build", "--quiet", "--platform", "linux/" + arch, "--tag", name + ":ci"}, flags...)
		command(t, work, "docker", append(args, folder)...)
	}
	build("amd64", dir, "--target", "runtime", "--load", "--provenance=false")
	if out := runStep(t, dir, steps["Validate"], nil, "plain:ci", name+":ci"); strings.Contains(out, "FAIL") {
		t.Error(out)
	}
	packed := func(arch string) string { return "type=oci,tar=false,dest=" + filepath.Join(work, "image-"+arch) }
	build("amd64", dir, "--target", "runtime", "--provenance=mode=max", "--output", packed("amd64"))
	// The base images of this engine may be for one architecture alone.
	scratch := t.TempDir()
	appendTo(t, filepath.Join(scratch, "Dockerfile"), "FROM scratch\nCOPY Dockerfile /\n")
	build("arm64", scratch, "--provenance=mode=max", "--output", packed("arm64"))

	outputs, registry := filepath.Join(work, "outputs"), filepath.Join(work, "registry")
	runStep(t, work, steps["Push"], []string{"GITHUB_REF_NAME=v1.2.3", "GITHUB_OUTPUT=" + outputs, "GITHUB_STEP_SUMMARY=" + filepath.Join(work, "summary")},
		`"$IMAGE:`, `"oci-layout://`+registry+`:`)
	said, err := os.ReadFile(outputs)
	if err != nil {
		t.Fatal(err)
	}
	digest := ""
	for line := range strings.Lines(string(said)) {
		if d, ok := strings.CutPrefix(line, "digest="); ok {
			digest = strings.TrimSpace(d)
		}
	}
	var index struct {
		Manifests []struct {
			Platform    struct{ Architecture string }
			Annotations map[string]string
		}
	}
	raw, err := os.ReadFile(filepath.Join(registry, "blobs", strings.Replace(digest, ":", "/", 1)))
	if err != nil {
		t.Fatalf("what was pushed is not under its digest: %v\n%s", err, said)
	}
	if err := json.Unmarshal(raw, &index); err != nil {
		t.Fatal(err)
	}
	var holds []string
	for _, m := range index.Manifests {
		holds = append(holds, m.Platform.Architecture+m.Annotations["vnd.docker.reference.type"])
	}
	slices.Sort(holds)
	if want := []string{"amd64", "arm64", "unknownattestation-manifest", "unknownattestation-manifest"}; !slices.Equal(holds, want) {
		t.Errorf("the pushed image holds %v, not %v", holds, want)
	}
}

// workflowStep is a step that runs a script.
type workflowStep struct {
	Name, Run string
	Env       map[string]string
}

func workflowSteps(t *testing.T, path string) map[string]workflowStep {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var workflow struct {
		Jobs map[string]struct{ Steps []workflowStep }
	}
	if err := yaml.Unmarshal(content, &workflow); err != nil {
		t.Fatal(err)
	}
	steps := map[string]workflowStep{}
	for _, job := range workflow.Jobs {
		for _, s := range job.Steps {
			steps[s.Name] = s
		}
	}
	return steps
}

// runStep runs a step's script as GitHub does, with one text in it replaced by
// what stands for it here.
func runStep(t *testing.T, dir string, s workflowStep, env []string, was, is string) string {
	t.Helper()
	if !strings.Contains(s.Run, was) {
		t.Fatalf("the step %q has no %s: %s", s.Name, was, s.Run)
	}
	cmd := exec.CommandContext(t.Context(), "bash", "-eo", "pipefail", "-c", strings.ReplaceAll(s.Run, was, is))
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	for k, v := range s.Env {
		cmd.Env = append(cmd.Env, k+"="+v)
	}
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", s.Name, err, tail(string(out)))
	}
	return string(out)
}

// TestWorkspaceOpens lets the reference implementation of Dev Containers make
// the workspace, and works in it: from the Dockerfile alone, and as a service
// of compose.yaml beside its database.
func TestWorkspaceOpens(t *testing.T) {
	needEngine(t)
	needJudge(t, judgeNamed("devcontainer"))
	program, err := programNamed("devcontainer").command()
	if err != nil {
		t.Fatal(err)
	}
	cli := program[0]
	for _, target := range []string{"docker", "compose"} {
		t.Run(target, func(t *testing.T) {
			name := uniqueName()
			dir := makeService(t, "plain", "uv")
			davit(t, "generate", dir, "--dependencies", "uv", "--name", name, "--target", target, "--service", "redis", "--extra", "devcontainer")
			// Buildx asks for leave to read the Dockerfile that the command line
			// puts outside the project, and Compose does not pass the answer on.
			t.Setenv("BUILDX_BAKE_ENTITLEMENTS_FS", "0")
			label := "davit.test=" + name
			t.Cleanup(func() {
				for _, id := range strings.Fields(output("docker", "ps", "--all", "--quiet", "--filter", "label="+label)) {
					image := strings.TrimSpace(output("docker", "inspect", "--format", "{{.Config.Image}}", id))
					exec.Command("docker", "rm", "--force", id).Run()
					exec.Command("docker", "image", "rm", "--force", image, strings.TrimSuffix(image, "-uid")).Run()
				}
				if target == "compose" {
					down := exec.Command("docker", "compose", "--project-name", name, "down", "--volumes", "--rmi", "local")
					down.Dir = dir
					down.Run()
				}
			})
			at := []string{"--workspace-folder", dir, "--mount-workspace-git-root=false", "--id-label", label}
			command(t, dir, cli, append([]string{"up"}, at...)...)
			inside := append(append([]string{"exec"}, at...), "sh", "-euc",
				`id -un; pwd; python -c 'import app.main; print(app.main.__file__)'; git --version; touch ~/x; uv run python -c 'import sys; print(sys.prefix)'`)
			said := command(t, dir, cli, inside...)
			for _, want := range []string{"app\n", "/workspaces/" + name + "\n", "/workspaces/" + name + "/app/main.py\n", "git version", "/app/.venv\n"} {
				if !strings.Contains(said, want) {
					t.Errorf("%q is not in what the workspace says:\n%s", want, said)
				}
			}
			if target == "compose" {
				ping := "import socket; s = socket.create_connection(('redis', 6379), 3); s.sendall(b'PING\\r\\n'); print(s.recv(9))"
				if said := command(t, dir, cli, append(append([]string{"exec"}, at...), "python", "-c", ping)...); !strings.Contains(said, "PONG") {
					t.Errorf("redis does not answer in the workspace: %s", said)
				}
			}
		})
	}
}

// output is what a program prints, "" where it fails.
func output(name string, args ...string) string {
	out, _ := exec.Command(name, args...).Output()
	return string(out)
}
