package inspect

import (
	"strings"
	"testing"

	"github.com/davit-cli/davit/wizard"
)

// inMemory is the scan of a project that is on no disk.
func inMemory(all files) *scan {
	t := &tree{
		dir: "/shop/.git/..", links: map[string]bool{}, dirs: map[string]bool{".": true},
		byEnd: map[string][]string{}, known: map[string]bool{}, cache: map[string][]byte{},
	}
	for name, content := range all {
		t.files = append(t.files, name)
		t.known[name] = true
		t.cache[name] = []byte(content)
		base := name[strings.LastIndexByte(name, '/')+1:]
		t.byEnd[base] = append(t.byEnd[base], name)
		for dir := name; strings.Contains(dir, "/"); {
			dir = dir[:strings.LastIndexByte(dir, '/')]
			t.dirs[dir] = true
		}
	}
	return newScan(t)
}

// FuzzProject feeds each reader of a file its text: whatever it is, inspection
// ends, and what it finds makes valid answers.
func FuzzProject(f *testing.F) {
	names := []string{
		"main.py", "Dockerfile", "compose.yaml", "requirements.txt", "pyproject.toml", "uv.lock", "poetry.lock",
		"pdm.lock", "Pipfile", "Pipfile.lock", "environment.yml", "Procfile", ".env.example", ".python-version",
		"local.yml", "shop.conf", "gunicorn.conf.py", "settings.py", "start.sh",
	}
	for i, seed := range []string{
		plainApp + "@app.get('/health')\ndef f(): pass\n",
		"FROM python:3.12\nENV PORT=80 A=b\nRUN <<E\nE\nHEALTHCHECK CMD curl http://x/health\nCMD [\"uvicorn\", \"main:app\"]\n",
		"services:\n  a: {build: {context: ., dockerfile: D}, command: [uvicorn, 'main:app'], ports: ['80:${P:-80}']}\n  b: {image: 'redis:8'}\n",
		"-r x.txt\nfastapi[all]==0.1 ; os_name == 'nt' --hash=sha256:aa \\\n\n", uvManifest + "[tool.fastapi]\nentrypoint='main:app'\n",
		uvLockText, poetryLockText, "[[package]]\nname='fastapi'\ngroups=['default']\ndependencies=['a[b]>1; x']\n",
		"[packages]\nfastapi={extras=['x']}\n[requires]\npython_version='3.12'\n", `{"default":{"fastapi":{"version":"==1"}}}`,
		"dependencies:\n- a::b=1=c\n- pip:\n  - -r x\n", "web: gunicorn -b :${PORT:-80} main:create_app() --factory\nworker: celery -A main worker\n",
		"A=postgresql+asyncpg://u:p@h/d\n", "3.12.1\n",
		"services:\n  a: {image: x, command: 'uvicorn main:app', profiles: [p], environment: {A: b}}\n  b: {image: minio/minio}\n",
		"[program:a]\ndirectory=/srv\ncommand=granian main:app --port 80\n", "bind = f'{x}:80'\n",
		"class S(BaseSettings):\n    redis_url: str | None = Field(default=None)\n", "cd a && exec uvicorn main:app --port ${P:-1}\n",
	} {
		f.Add(i, seed)
	}
	f.Fuzz(func(t *testing.T, which int, text string) {
		all := files{"main.py": plainApp, "pkg/__init__.py": "", "pkg/mod.py": "x = 1\n"}
		all[names[uint(which)%uint(len(names))]] = text
		if which%2 != 0 {
			all["Dockerfile"] += "\nCMD [\"./start.sh\"]\n"
		}
		facts := inMemory(all).facts()
		if err := facts.Prefill(wizard.Defaults()).Validate(); err != nil {
			t.Errorf("invalid answers: %v", err)
		}
	})
}

func FuzzLines(f *testing.F) {
	for _, seed := range []string{"uvicorn a.b:c --port ${X:-1}", `["gunicorn", "-b", ":80", "a:b()"]`, "fastapi run /a/b.py --app x", ">=3.9,!=3.10.*,<4||~3.8", "a[b,c]==1.0 ; x == 'y'", "$A ${B:-c} ${", "python:3.12-slim", "FROM a\\\n b"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		starts(shellWords(s))
		starts(execWords(s))
		workerWords(shellWords(s))
		fits(s, minor{3, 13})
		parseRequirement(s)
		condaRequirement(s)
		substitute(s, map[string]string{"A": "$A"})
		envWords(s)
		imageVersion(s)
		portNumber(s)
		dockerfile(s)
		requirementLines(s)
		probeName(s)
		ignored(ignoreRules(".", s), s, true)
		plain([]byte(s))
		if v := label(s); v != "" {
			var a wizard.Answers
			if err := a.Set("name", v); err != nil {
				t.Errorf("label(%q) = %q: %v", s, v, err)
			}
		}
	})
}
