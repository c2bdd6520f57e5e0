package conformance

import (
	"slices"
	"strings"
	"testing"

	"github.com/davit-cli/davit/generator"
	"github.com/davit-cli/davit/wizard"
)

// whole are the answers that bring every family of files.
func whole(t *testing.T) []generator.File {
	t.Helper()
	a := wizard.Defaults()
	for id, values := range map[string][]string{
		"traffic": {"high"}, "target": {"docker", "compose", "kubernetes", "swarm", "cloud-run", "fly", "quadlet"}, "extra": {"dev", "scripts", "ci-github", "ci-gitlab", "devcontainer", "bake"},
		"service": {"postgres"}, "worker": {"celery -A app.tasks worker"}, "health_path": {"/health"}, "route": {"httproute"},
	} {
		a = with(a, id, values)
	}
	files, err := generator.Generate(a)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// TestJudgesFindFaults puts one fault at a time into files that are right:
// a judge that accepts it proves nothing.
func TestJudgesFindFaults(t *testing.T) {
	right := whole(t)
	if found := Run(right); len(found) > 0 {
		t.Fatalf("before any fault: %v", found)
	}
	for _, fault := range []struct{ file, old, new, judge, rule string }{
		{"Dockerfile", "FROM ", "from ", "checks", "ConsistentInstructionCasing"},
		{"Dockerfile", "USER 10001:10001", "ENV API_KEY=1\nUSER 10001:10001", "checks", "SecretsUsedInArgOrEnv"},
		{"Dockerfile", "WORKDIR /app", "WORKDIR app", "checks", "WorkdirRelativePath"},
		{"Dockerfile", "\n# runtime is", "\n# nonsense is", "checks", "InvalidDefinitionDescription"},
		{"Dockerfile", "EXPOSE 8000", "EXPOSE 8000/TCP", "checks", "ExposeProtoCasing"},
		{"Dockerfile", "-slim-trixie", "-slim-sid", "conversion", "convert"},
		{"Dockerfile", "--from=builder", "--from=bilder", "conversion", "convert"},
		{"Dockerfile", "WORKDIR /app", "WORKDIR app", "hadolint", "DL3000"},
		{"Dockerfile", "USER 10001:10001", "RUN apt-get install -y curl\nUSER 10001:10001", "hadolint", "DL3008"},
		{"Dockerfile", "USER 10001:10001", "RUN if true; then echo $1; fi\nUSER 10001:10001", "hadolint", "SC2086"},
		{"Dockerfile", "ARG PYTHON_VERSION", "ARGH PYTHON_VERSION", "hadolint", "DL1000"},
		{"Dockerfile", "COPY --from=builder", "ADD --from=builder", "checkov", "CKV_DOCKER_4"},
		{"Dockerfile", "USER 10001:10001", "RUN sudo true\nUSER 10001:10001", "checkov", "CKV2_DOCKER_1"},
		{"Dockerfile", "USER 10001:10001", "USER root", "trivy", "DS-0002"},
		{"Dockerfile", "\nHEALTHCHECK", "\n#HEALTHCHECK", "trivy", "DS-0026"},
		{"Dockerfile", "USER 10001:10001", "RUN apt-get update\nUSER 10001:10001", "trivy", "DS-0017"},
		{"Dockerfile", "USER 10001:10001", "ENV GITHUB_TOKEN=1\nUSER 10001:10001", "trivy", "DS-0031"},
		{"Dockerfile", "USER 10001:10001", "USER app", "dockerfile", "user"},
		{"Dockerfile", "USER 10001:10001", "USER 10001:10001\nRUN true", "dockerfile", "user"},
		{"Dockerfile", "--locked", "--frozen", "dockerfile", "lock"},
		{"Dockerfile", "\nHEALTHCHECK", "\n#HEALTHCHECK", "dockerfile", "healthcheck"},
		{"Dockerfile", "127.0.0.1", "localhost", "dockerfile", "healthcheck"},
		{"Dockerfile", "CMD [\"gunicorn\"", "CMD exec [\"gunicorn\"", "dockerfile", "exec-form"},
		{"Dockerfile", " AS runtime", " AS final", "dockerfile", "stages"},
		{"Dockerfile", "--mount=type=cache", "--mount=type=tmpfs", "dockerfile", "cache"},
		{"Dockerfile", "COPY --from=builder", "COPY --chown=10001:10001 --from=builder", "dockerfile", "writable"},
		{"Dockerfile", "--chmod=u=rwX,go=rX", "--chmod=u=rwX,go=rwX", "dockerfile", "writable"},
		{"Dockerfile", " /usr/local/lib/python*/ensurepip", "", "dockerfile", "pip"},
		{"Dockerfile", " \\\n    && rm -r ", " \\\n    && pip list && rm -r ", "dockerfile", "runtime-tools"},
		{"gunicorn.conf.py", "worker_tmp_dir", "worker_tmp", "dockerfile", "gunicorn"},
		{"gunicorn.conf.py", "import os", "import", "syntax", "compile"},
		{".dockerignore", "**/.env*", "", "dockerignore", "sent"},
		{".dockerignore", "**/*.pem", "", "dockerignore", "sent"},
		{".dockerignore", "docs/", "docs/\napp/", "dockerignore", "ignored"},
		{".dockerignore", "docs/", "docs/\nuv.lock", "context", "ignored"},
		{"compose.yaml", "services:", "version: \"3\"\nservices:", "compose", "warning"},
		{"compose.yaml", "services:", "sevices:", "compose", "load"},
		{"compose.yaml", "127.0.0.1:8000:8000", "8000:8000", "compose", "ports"},
		{"compose.yaml", "service_healthy", "service_started", "compose", "depends-on"},
		{"compose.prod.yaml", "read_only: true", "read_only: false", "compose", "hardening"},
		{"compose.prod.yaml", "no-new-privileges:true", "no-new-privileges:false", "compose", "hardening"},
		{"compose.prod.yaml", "max-size", "max-sise", "compose", "hardening"},
		{"compose.prod.yaml", "${TAG:?", "${TAG:-", "compose", "required"},
		{"compose.prod.yaml", "restart: unless-stopped", "restart: unless-stopped\n    environment: {PASSWORD: x}", "compose", "load"},
		{"compose.yaml", "target: dev", "target: [dev]", "compose-config", "config"},
		{"compose.prod.yaml", "${FORWARDED_ALLOW_IPS:-127.0.0.1}", "${FORWARDED_ALLOW}", "compose-config-prod", "config"},
		{"compose.prod.yaml", "    init: true\n    read_only: true\n", "    read_only: true\n    init: true\n", "dclint", "service-keys-order"},
		{"stack.yaml", "image: postgres:18-trixie", "image: postgres", "dclint", "service-image-require-explicit-tag"},
		{"k8s/base/deployment.yaml", "readinessProbe", "readynessProbe", "kubernetes", "decode"},
		{"k8s/base/deployment.yaml", "allowPrivilegeEscalation: false", "allowPrivilegeEscalation: true", "kubernetes", "pod-security"},
		{"k8s/base/deployment.yaml", "type: RuntimeDefault", "type: Unconfined", "kubernetes", "pod-security"},
		{"k8s/base/deployment.yaml", "readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false", "kubernetes", "container"},
		{"k8s/base/deployment.yaml", "- name: http\n", "- name: web\n", "kubernetes", "service"},
		{"k8s/base/service.yaml", "component: web", "component: wb", "kubernetes", "service"},
		{"k8s/base/horizontalpodautoscaler.yaml", "kind: Deployment\n    name: api", "kind: Deployment\n    name: apx", "kubernetes", "autoscaler"},
		{"k8s/base/namespace.yaml", "enforce: restricted", "enforce: baseline", "kubernetes", "pod-security"},
		{"k8s/overlays/prod/httproute.yaml", "port: 80", "port: 81", "kubernetes", "route"},
		{"k8s/overlays/prod/kustomization.yaml", "../../base", "../../bass", "kubernetes", "build"},
		{"k8s/base/kustomization.yaml", "configMapGenerator:", "generatorOptions:\n  disableNameSuffixHash: true\nconfigMapGenerator:", "kubernetes", "settings"},
		{"k8s/base/deployment.yaml", "seccompProfile", "seccompProfiles", "kube-score", "container-seccomp-profile"},
		{"k8s/base/deployment.yaml", "readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false", "kube-score", "container-security-context-readonlyrootfilesystem"},
		{"k8s/base/networkpolicy.yaml", "  podSelector:\n    matchLabels:", "  podSelector:\n    matchLabels:\n      tier: front", "kube-score", "pod-networkpolicy"},
		{"k8s/base/service.yaml", "component: web", "component: wb", "kube-score", "service-targets-pod"},
		{"k8s/base/deployment.yaml", "allowPrivilegeEscalation: false", "allowPrivilegeEscalation: true", "checkov-kubernetes", "CKV_K8S_20"},
		{"k8s/base/deployment.yaml", "imagePullPolicy: Always", "imagePullPolicy: Never", "checkov-kubernetes", "CKV_K8S_15"},
		{"k8s/base/deployment.yaml", "readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false", "trivy-kubernetes", "KSV-0014"},
		{"k8s/base/deployment.yaml", "runAsNonRoot: true", "runAsNonRoot: false", "trivy-kubernetes", "KSV-0012"},
		{"k8s/base/kustomization.yaml", "literals:", "literals:\n      - API_TOKEN=swordfish", "trivy-kubernetes", "KSV-0109"},
		{"stack.yaml", "read_only: true", "readonly: true", "swarm", "load"},
		{"stack.yaml", "order: start-first", "order: stop-first", "swarm", "hardening"},
		{"stack.yaml", "size: 67108864", "size: 0", "swarm", "tmpfs"},
		{"stack.yaml", "      - type: tmpfs\n        target: /tmp\n", "      - type: tmpfs\n        target: /temp\n", "swarm", "tmpfs"},
		{"stack.yaml", "max-size", "max-files", "swarm", "logging"},
		{"stack.yaml", "init: true", "init: true\n    container_name: x", "swarm", "deprecated"},
		{"service.yaml", "containerConcurrency", "containerConcurency", "cloud-run", "decode"},
		{"service.yaml", "containerConcurrency: 80", "containerConcurrency: -1", "cloud-run", "validate"},
		{"worker-pool.yaml", "containers:", "container:", "cloud-run", "decode"},
		{"worker-pool.yaml", "command:", "args:", "cloud-run", "command"},
		{"fly.toml", "internal_port", "internalport", "fly", "unknown-key"},
		{"fly.toml", "SIGTERM", "SIGINT", "fly", "kill_signal"},
		{"quadlet/api.container", "ReadOnly=", "Readonly=", "quadlet", "unknown-key"},
		{"quadlet/api.container", "[Unit]\n", "[Unit]\n[Network]\n", "quadlet", "section"},
		{"quadlet/api.container", "ReadOnly=true", "ReadOnly", "quadlet", "syntax"},
		{"quadlet/api.container", "ReadOnly=true", "ReadOnly=false", "quadlet", "hardening"},
		{"quadlet/api.container", "Restart=always", "Restart=allways", "quadlet", "systemd"},
		{"quadlet/api.container", "MemoryMax=", "MemoryMost=", "quadlet", "systemd"},
		{"quadlet/api.container", "api-backing.network", "api-backed.network", "quadlet", "reference"},
		{"quadlet/api.container", "Requires=api-postgres", "Requires=postgres", "quadlet", "reference"},
		{"quadlet/api.container", "Image=localhost/", "Image=", "quadlet", "image"},
		{"quadlet/api.container", "HealthCmd=[", "HealthCmd=[[", "quadlet", "health"},
		{"quadlet/api.container", "Notify=healthy", "Notify=true", "quadlet", "health"},
		{"quadlet/api.container", "PublishPort=127.0.0.1:", "PublishPort=", "quadlet", "ports"},
		{"quadlet/api.container", "Environment=WORKERS=4", "Environment=PASSWORD=swordfish", "quadlet", "secret"},
		{"quadlet/api-postgres.container", "Secret=api-postgres_password", "Secret=api-password", "quadlet", "secret"},
		{"quadlet/api-worker.container", "Exec=celery", "Exec=%celery", "quadlet", "percent"},
		{"quadlet/api-postgres.volume", "[Volume]", "[Folder]", "quadlet", "section"},
		{"scripts/build", "set -eu", "set -eu\nx=(1 2)", "shell", "posix"},
		{"scripts/build", "set -eu", "set -eu\nrm -r $1", "shellcheck", "SC2086"},
		{"scripts/build", "set -eu", "set -eu \n", "text", "trailing-blank"},
		{"compose.yaml", "services:", "services: # <no value>", "text", "artefact"},
		{".github/workflows/image.yaml", "runs-on: ubuntu-24.04\n", "runs-on: ubuntu-2404\n", "workflow", "runner-label"},
		{".github/workflows/image.yaml", "steps.push.outputs", "steps.pushed.outputs", "workflow", "expression"},
		{".github/workflows/image.yaml", "needs:", "need:", "workflow", "syntax-check"},
		{".github/workflows/image.yaml", "persist-credentials: false", "fetch-depth: 1", "workflow", "artipacked"},
		{".github/workflows/image.yaml", "permissions: {}", "permissions: write-all", "workflow", "excessive-permissions"},
		{".github/workflows/image.yaml", " # v7.0.1", "", "workflow", "pinned"},
		{".github/workflows/image.yaml", "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1", "actions/checkout@v7", "workflow", "unpinned-uses"},
		{".github/workflows/image.yaml", "run: docker build --check .", "run: docker build --check . '${{ github.head_ref }}'", "workflow", "template-injection"},
		{".gitlab-ci.yml", "stage: lint", "stages: lint", "pipeline", "schema"},
		{".gitlab-ci.yml", "extends: .docker", "extends: .dockr", "pipeline", "extends"},
		{".gitlab-ci.yml", "  - prove\n", "", "pipeline", "stage"},
		{".gitlab-ci.yml", "docker:29.7.2-cli@", "docker:29.7.2-cli #", "pipeline", "image"},
		{".gitlab-ci.yml", "    - if: $CI_COMMIT_TAG\n  environment", "  environment", "pipeline", "publish"},
		{".gitlab-ci.yml", "\"$PLATFORMS\"", "$PLATFORMS", "pipeline", "SC2086"},
		{".gitlab-ci.yml", "--push .", "--push .; x=(1 2)", "pipeline", "posix"},
		{".devcontainer/devcontainer.json", "remoteUser", "remoteUsr", "devcontainer", "decode"},
		{".devcontainer/devcontainer.json", `"remoteUser": "app"`, `"remoteUser": "root"`, "devcontainer", "user"},
		{".devcontainer/devcontainer.json", `"/workspaces/api",`, `"/app",`, "devcontainer", "folder"},
		{".devcontainer/devcontainer.json", `"service": "api"`, `"service": "apx"`, "workspace", "service"},
		{".devcontainer/compose.devcontainer.yaml", "!reset []", "[]", "workspace", "ports"},
		{".devcontainer/compose.devcontainer.yaml", "target: devcontainer", "target: dev", "workspace", "build"},
		{".devcontainer/compose.devcontainer.yaml", "source: .", "source: ..", "workspace", "volume"},
		{".devcontainer/compose.devcontainer.yaml", "    volumes:", "    volume:", "workspace", "load"},
		{"docker-bake.hcl", "VERSION  = TAG", "VERSION  = TAGG", "bake", "read"},
		{"docker-bake.hcl", "REVISION = REVISION", "REVISION = SOURCE", "bake", "same"},
		{"docker-bake.hcl", `target  = "runtime"`, `target  = "dev"`, "bake", "same"},
		{"docker-bake.hcl", `, "linux/arm64"`, "", "bake", "platforms"},
		{"docker-bake.hcl", `targets = ["image"]`, `targets = ["image", "dev"]`, "bake", "default"},
		{"docker-bake.hcl", "inherits  = [\"image\"]", "inherits  = [\"dev\"]", "bake", "image-all"},
		{"docker-bake.hcl", "${IMAGE}:development", "${IMAGE}", "bake", "tag"},
	} {
		t.Run(strings.Join([]string{fault.file, fault.judge, fault.rule, fault.new}, " "), func(t *testing.T) {
			t.Parallel()
			j := judgeNamed(fault.judge)
			needJudge(t, j)
			files, changed := slices.Clone(right), false
			for i, f := range files {
				if f.Path == fault.file && strings.Contains(f.Content, fault.old) {
					files[i].Content, changed = strings.ReplaceAll(f.Content, fault.old, fault.new), true
				}
			}
			if !changed {
				t.Fatalf("%s has no %q any more: the fault has to be put in elsewhere", fault.file, fault.old)
			}
			found, _ := sift(j.over(files))
			if !slices.ContainsFunc(found, func(f Finding) bool { return f.Judge == fault.judge && f.Rule == fault.rule }) {
				t.Errorf("not found; instead: %v", found)
			}
		})
	}
}
