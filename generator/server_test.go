package generator

import (
	"slices"
	"strings"
	"testing"

	"github.com/davit-cli/davit/wizard"
)

// gunicorn imports module:name and module:name() alone; uvicorn, any attribute.
func TestGunicornGetsAnAppThatItTakes(t *testing.T) {
	for _, test := range []struct {
		app     string
		factory bool
		named   string   // what gunicorn is given
		serve   []string // lines of serve.py, none where it is not needed
	}{
		{"app.main:app", false, "app.main:app", nil},
		{"app.main:create_app", true, "app.main:create_app()", nil},
		{"shop.web:container.app", false, "serve:app", []string{"from shop.web import container", "app = container.app"}},
		{"shop.web:app.inner.make", true, "serve:app", []string{"from shop.web import app", "app = app.inner.make()"}},
	} {
		a := wizard.Defaults()
		a.Traffic, a.App, a.Factory = "high", test.app, test.factory
		if words := command(a); words[len(words)-1] != test.named {
			t.Errorf("%s: gunicorn is given %s, not %s", test.app, words[len(words)-1], test.named)
		}
		files, err := Generate(a)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(files, func(f File) bool { return f.Path == "serve.py" })
		if (i >= 0) != (test.serve != nil) {
			t.Errorf("%s: serve.py is there: %t", test.app, i >= 0)
			continue
		}
		for _, line := range test.serve {
			if !strings.Contains(files[i].Content, line+"\n") {
				t.Errorf("%s: serve.py has no line %q:\n%s", test.app, line, files[i].Content)
			}
		}
	}
}

func TestUvicornTakesAnyAttribute(t *testing.T) {
	a := wizard.Defaults()
	a.App = "shop.web:container.app"
	if !slices.Contains(command(a), "shop.web:container.app") {
		t.Errorf("%v", command(a))
	}
	if files, err := serverFiles(a); err != nil || len(files) > 0 {
		t.Errorf("%v %v", files, err)
	}
}
