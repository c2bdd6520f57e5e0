package inspect

import (
	"slices"
	"strings"
	"testing"
)

func TestFoldersOfTestsThatTheAppImportsFrom(t *testing.T) {
	const test = "import pytest\n\ndef now(): ...\n"
	for name, c := range map[string]struct {
		files files
		want  []string
	}{
		"nothing does":   {files{"main.py": plainApp, "tests/test_main.py": "from main import app\nfrom tests.fakes import now\n", "tests/fakes.py": test}, nil},
		"the app itself": {files{"main.py": plainApp + "from tests.fakes import now\n", "tests/fakes.py": test}, []string{"tests"}},
		"over a router and a package": {files{
			"app/__init__.py": "", "app/main.py": plainApp + "from app.routes import rounds\n",
			"app/routes/__init__.py": "", "app/routes/rounds.py": "from ..logic import builder\n",
			"app/logic/__init__.py": "", "app/logic/builder.py": "import test.fakes as fakes\n",
			"test/__init__.py": "", "test/fakes.py": test,
		}, []string{"test"}},
		"both": {files{"main.py": plainApp + "try:\n    from tests import fakes\nexcept ImportError:\n    from test import fakes\n", "tests/fakes.py": test, "test/fakes.py": test}, []string{"test", "tests"}},
		"below the root": {files{
			"backend/pyproject.toml": "[project]\nname = \"x\"\ndependencies = [\"fastapi\"]\n",
			"backend/main.py":        plainApp + "from tests.fakes import now\n", "backend/tests/fakes.py": test,
		}, []string{"backend/tests"}},
		"in a function, at need":   {files{"main.py": plainApp + "def f():\n    from tests.fakes import now\n", "tests/fakes.py": test}, nil},
		"as a script":              {files{"main.py": plainApp + "if __name__ == '__main__':\n    from tests.fakes import now\n", "tests/fakes.py": test}, nil},
		"what the app never loads": {files{"main.py": plainApp, "seed.py": "from tests.fakes import now\n", "tests/fakes.py": test}, nil},
		"a package from elsewhere": {files{"main.py": plainApp + "from testcontainers.core import x\nfrom test import support\n"}, nil},
	} {
		if found := inspected(t, c.files).Project.Needed; !slices.Equal(found, c.want) {
			t.Errorf("%s: %q, want %q", name, found, c.want)
		}
	}
}

func TestWhetherAFileMayImportTests(t *testing.T) {
	for text, want := range map[string]bool{
		"from tests.x import y": true, "import tests": true, "  import test.x": true, "from testing import z": true,
		"": false, "# the test": false, "from x import tester": true, "x = ' test'": false,
	} {
		if mentionsTests([]byte(strings.Repeat("a test\n", 3)+text)) != want {
			t.Errorf("%q: %t", text, !want)
		}
	}
}
