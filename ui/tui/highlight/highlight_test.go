package highlight

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/chroma/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/davit-cli/davit/generator"
	"github.com/davit-cli/davit/wizard"
)

var update = flag.Bool("update", false, "write golden files anew")

// ink gives each type its own sequence, so that two stylings are the same only
// where the types are.
func ink(t chroma.TokenType) string {
	if t == chroma.Text {
		return ""
	}
	return fmt.Sprintf("\x1b[38;5;%dm", uint8(t))
}

// generated is a good part of what davit can write, by path.
func generated(t testing.TB) []generator.File {
	t.Helper()
	var files []generator.File
	for _, q := range []string{"dependencies", "traffic", "base"} {
		question, _ := wizard.Find(q)
		for _, c := range question.Choices {
			a := wizard.Defaults()
			for _, err := range []error{
				a.Set(q, c.ID), a.Set("target", "docker,compose,kubernetes,swarm,cloud-run,fly,quadlet,nomad"),
				a.Set("extra", "dev,scripts"), a.Set("service", "postgres,redis"), a.Set("health_path", "/health"),
			} {
				if err != nil {
					t.Fatal(err)
				}
			}
			made, err := generator.Generate(a)
			if err != nil {
				t.Fatal(err)
			}
			service, err := generator.Starter(a)
			if err != nil {
				t.Fatal(err)
			}
			files = append(append(files, made...), service...)
		}
	}
	return files
}

// What is lexed in chunks and kept is what the whole file lexed at once is.
func TestChunksAreStyledLikeTheWholeFile(t *testing.T) {
	h := New(ink)
	for _, f := range generated(t) {
		same(t, h, f.Path, f.Language, f.Content)
	}
	samples, err := filepath.Glob("testdata/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range samples {
		if filepath.Ext(file) == ".tokens" {
			continue
		}
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		same(t, h, file, filepath.Base(file), string(data))
	}
}

func same(t *testing.T, h *Highlighter, name, language, content string) {
	t.Helper()
	if Lexer(language) == nil {
		t.Errorf("%s: no lexer for %q", name, language)
	}
	doc := h.Document(language, content)
	whole := New(ink).style(language, strings.TrimSuffix(content, "\n"))
	for i := range doc.Len() {
		if got := doc.Line(i); got != whole[i] {
			t.Errorf("%s:%d is %q in its chunk, %q in the file", name, i+1, got.Text, whole[i].Text)
		}
		if got := ansi.Strip(doc.Line(i).Text); got != doc.Raw[i] && !strings.Contains(doc.Raw[i], "\t") {
			t.Errorf("%s:%d shows %q for %q", name, i+1, got, doc.Raw[i])
		}
	}
}

func TestNothingGeneratedIsAnError(t *testing.T) {
	for _, f := range generated(t) {
		for _, token := range tokens(f.Language, f.Content) {
			if token.Type == chroma.Error {
				t.Errorf("%s: cannot lex %q", f.Path, token.Value)
			}
		}
	}
}

// testdata has a file a language, named like it, and its tokens.
func TestTokens(t *testing.T) {
	for language := range lexers {
		t.Run(language, func(t *testing.T) {
			file := filepath.Join("testdata", language)
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var b strings.Builder
			for _, token := range tokens(language, string(data)) {
				if strings.TrimSpace(token.Value) != "" {
					fmt.Fprintf(&b, "%-20s %q\n", token.Type, token.Value)
				}
			}
			if *update {
				if err := os.WriteFile(file+".tokens", []byte(b.String()), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(file + ".tokens")
			if err != nil {
				t.Fatal(err)
			}
			if string(want) != b.String() {
				t.Errorf("the tokens differ; -update writes them anew:\n%s", b.String())
			}
		})
	}
}

func TestNothingReachesTheTerminal(t *testing.T) {
	h := New(func(chroma.TokenType) string { return "" })
	for _, language := range []string{"yaml", "dockerfile", "sh", "python", "unknown"} {
		doc := h.Document(language, "a\x1b[31mb\tc\x07\u202e\u009bd\r\nzwei\x00\n\xff")
		for i := range doc.Len() {
			line := doc.Line(i)
			for _, r := range line.Text {
				if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r == '\u202e' {
					t.Errorf("%s: %q holds %U", language, line.Text, r)
				}
			}
			if line.Width != ansi.StringWidth(line.Text) {
				t.Errorf("%s: %q has width %d", language, line.Text, line.Width)
			}
		}
		if got := doc.Line(0).Text; !strings.HasPrefix(got, `a\x1b[31mb`) {
			t.Errorf("%s: the first line is %q", language, got)
		}
	}
}

func TestTabsStopEveryFourCells(t *testing.T) {
	doc := New(ink).Document("unknown", "a\tb\tü\tc\n")
	if got := ansi.Strip(doc.Line(0).Text); got != "a   b   ü   c" {
		t.Errorf("%q", got)
	}
}

// However broken a text is, every line of it is shown.
func FuzzLines(f *testing.F) {
	for language := range lexers {
		f.Add(language, "a: |\n  b\nRUN x \\\n# c\n y <<EOF\n'\nEOF\n\"\"\"")
	}
	f.Fuzz(func(t *testing.T, language, content string) {
		doc := New(ink).Document(language, content)
		if doc.Len() != len(Split(content)) {
			t.Fatalf("%d lines of %q", doc.Len(), content)
		}
		for i := range doc.Len() {
			line := doc.Line(i)
			if line.Width != ansi.StringWidth(line.Text) {
				t.Errorf("%q has width %d", line.Text, line.Width)
			}
		}
	})
}

// BenchmarkDocument is a file that was never seen, all of its lines.
func BenchmarkDocument(b *testing.B) {
	for _, f := range generated(b)[:8] {
		b.Run(f.Path, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				doc := New(ink).Document(f.Language, f.Content)
				for i := range doc.Len() {
					doc.Line(i)
				}
			}
		})
	}
}
