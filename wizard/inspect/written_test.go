package inspect

import "testing"

// A second look finds what the first one found, and does not cite davit.
func TestWhatDavitWroteIsNoEvidence(t *testing.T) {
	own := files{
		"pyproject.toml": "[project]\nname='shop'\nrequires-python='>=3.12'\ndependencies=['fastapi','uvicorn']\n",
		"app/main.py":    plainApp, "app/__init__.py": "",
	}
	before := inspected(t, own)
	all := files{
		"davit.lock":   "# What davit last wrote here.\nformat\t1\ndavit\t1.0.0\nDockerfile\tsha256:00\tAA\ncompose.yaml\tsha256:00\tAA\nserve.py\tsha256:00\tAA\nscripts/build\tsha256:00\tAA\n",
		"Dockerfile":   "FROM python:3.14-slim\nEXPOSE 9000\nCMD [\"uvicorn\", \"app.main:app\", \"--port\", \"9000\"]\n",
		"compose.yaml": "services:\n  shop:\n    build: .\n    depends_on: [postgres]\n  postgres:\n    image: postgres:18\n",
		"serve.py":     "import uvicorn\n\nuvicorn.run('app.main:app', port=9000)\n",
	}
	for name, text := range own {
		all[name] = text
	}
	for _, below := range []string{"", "davit.lock of another folder: "} {
		if below != "" {
			delete(all, "davit.lock")
			all["backend/davit.lock"] = "Dockerfile\tsha256:00\tAA\n"
		}
		facts := inspected(t, all)
		same := facts.App.Evidence == before.App.Evidence && facts.Port.Evidence == before.Port.Evidence &&
			facts.Python.Value == before.Python.Value && len(facts.Python.Candidates) == 0 && len(facts.Services) == 0 && len(facts.Containers) == 0
		if same != (below == "") {
			t.Errorf("%sapp %+v, port %+v, python %+v, services %v, container files %v", below, facts.App.Fact, facts.Port, facts.Python, facts.Services, facts.Containers)
		}
	}
}
