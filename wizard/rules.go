package wizard

import (
	"fmt"
	"slices"
	"strings"
	"sync"
)

// A Rule says that some choices exclude others. Both sides map a question's id
// to choice ids: the rule is broken when, for each question named on either
// side, one of the listed choices is among the answers.
type Rule struct {
	When     map[string][]string
	Excludes map[string][]string
	Why      string // one sentence, shown to the user

	// Packages stand in place of Excludes: the rule is broken when the project
	// installs one of them. What it installs is found, not chosen.
	Packages []string
	Unless   []string // packages that bring what those need
}

// Rules returns every rule between choices. Their maps are shared between calls
// and must not be changed.
func Rules() []Rule { return slices.Clone(rules()) }

var rules = sync.OnceValue(func() []Rule {
	return []Rule{
		{
			When:     map[string][]string{"base": {"alpine"}},
			Excludes: map[string][]string{"dependencies": {"conda"}},
			Why:      "conda packages are built against glibc, and Alpine has musl.",
		},
		{
			When:     map[string][]string{"base": {"distroless"}},
			Excludes: map[string][]string{"dependencies": {"conda"}},
			Why:      "a conda environment brings its own Python, distroless brings Debian's; slim carries one only.",
		},
		{
			// Distroless is made of Debian's packages, and Debian 13 has Python 3.13; the
			// image with Debian 12's 3.11 is no longer made.
			When:     map[string][]string{"base": {"distroless"}},
			Excludes: map[string][]string{"python": {"3.15", "3.14", "3.12", "3.11", "3.10"}},
			Why:      "distroless is made of Debian's packages, and Debian 13 has Python 3.13.",
		},
		{
			When:     map[string][]string{"base": {"chainguard"}},
			Excludes: map[string][]string{"dependencies": {"conda"}},
			Why:      "a conda environment brings its own Python, Chainguard's image brings another; slim carries one only.",
		},
		{
			// Its images are rebuilt until the end of life of what is in them.
			When:     map[string][]string{"base": {"chainguard"}},
			Excludes: map[string][]string{"python": {"3.10"}},
			Why:      "Chainguard stops rebuilding an image when its Python is out of support.",
		},
	}
})

// projectRules are the rules between choices and what the project installs.
var projectRules = sync.OnceValue(func() []Rule {
	return []Rule{
		{
			// ctypes.util.find_library asks ldconfig or a compiler.
			When:     map[string][]string{"base": {"distroless"}},
			Packages: []string{"pyzbar", "sounddevice"},
			Why:      "it looks for its library with ldconfig, and distroless has no such program.",
		},
		{
			When: map[string][]string{"base": {"distroless"}},
			Packages: []string{
				"camelot-py", "ffmpeg-python", "graphviz", "ocrmypdf", "openai-whisper", "pdf2image", "phonemizer",
				"pydot", "pydub", "pypandoc", "pytesseract", "whisperx",
			},
			Why: "it starts a program that distroless has no package manager to install.",
		},
		{
			// Those that have wheels for glibc alone and no source, or need one that has:
			// looked up on 2026-11-25.
			When: map[string][]string{"base": {"alpine"}},
			Packages: []string{"azure-cognitiveservices-speech", "chromadb", "connectorx", "ctranslate2", "deepface", "docling", "easyocr", "fastembed",
				"faster-whisper", "jaxlib", "lancedb", "magika", "mediapipe", "onnxruntime", "open3d", "openai-whisper", "paddlepaddle",
				"playwright", "pylance", "ray", "rdkit", "sentence-transformers", "tensorflow", "tensorflow-cpu", "torch", "torchaudio",
				"torchvision", "triton", "ultralytics", "vllm", "whisperx"},
			Why: "it, or what it needs, has no wheel for musl, Alpine's C library, and no source to compile.",
		},
		{
			// All that need something of the system: a third table of names beside Debian's
			// and Alpine's, which nobody could try without an account, would not stay true.
			When: map[string][]string{"base": {"chainguard"}},
			Packages: []string{"cairocffi", "cairosvg", "camelot-py", "deepface", "ffmpeg-python", "gdal", "graphviz", "gssapi", "lightgbm",
				"mariadb", "mediapipe", "moviepy", "mysqlclient", "ocrmypdf", "openai-whisper", "opencv-contrib-python", "opencv-python",
				"paddlepaddle", "pdf2image", "phonemizer", "psycopg-c", "psycopg2", "pyaudio", "pycairo", "pydot", "pydub", "pyodbc",
				"pypandoc", "pytesseract", "python-ldap", "python-magic", "pyzbar", "sounddevice", "ultralytics", "weasyprint", "whisperx"},
			Why: "it needs packages of the system, and davit does not know what Chainguard calls them.",
		},
		{
			When:     map[string][]string{"base": {"chainguard"}},
			Packages: []string{"psycopg"},
			Unless:   []string{"psycopg-binary", "psycopg-c"}, // the other has a rule of its own
			Why:      "it needs the system's libpq, and davit does not know what Chainguard calls it: psycopg[binary] brings its own.",
		},
	}
})

// warnings are rules between choices that work together, at a price that the
// user has to know of.
var warnings = sync.OnceValue(func() []Rule {
	return []Rule{
		{
			// Those of PyPI's that have wheels for glibc, none for musl, and a source: looked
			// up on 2026-11-25. What falls back to Python without a compiler is left out.
			When: map[string][]string{"base": {"alpine"}},
			Packages: []string{"aiokafka", "blosc2", "cassandra-driver", "catboost", "confluent-kafka", "cvxpy", "duckdb", "fiona", "gensim",
				"librosa", "lightgbm", "llvmlite", "lz4", "netcdf4", "numba", "numcodecs", "onnx", "opencv-contrib-python",
				"opencv-contrib-python-headless", "opencv-python", "opencv-python-headless", "prophet", "pycurl", "pymupdf", "rasterio",
				"scikit-learn", "sentencepiece", "snowflake-connector-python", "tables", "xgboost"},
			Why: "the newest have no wheel for musl, Alpine's C library: the build would compile, which takes a compiler and minutes, or fails; on slim nothing has to be.",
		},
	}
})

// allRules are both, made once: choices are looked up with each key.
var allRules = sync.OnceValue(func() []Rule { return slices.Concat(rules(), projectRules()) })

// Broken returns the rules that a breaks, in catalogue order.
func Broken(a Answers) []Rule {
	var broken []Rule
	for _, r := range allRules() {
		if r.matches(a) {
			broken = append(broken, r)
		}
	}
	return broken
}

// Warnings says, a sentence each, what the user has to know of answers that
// work together at a price.
func Warnings(a Answers) []string {
	var all []string
	for _, r := range warnings() {
		if r.matches(a) {
			all = append(all, fmt.Sprintf("%s with %s: %s", named(r.When, a), strings.Join(r.installed(a), ", "), strings.TrimSuffix(r.Why, ".")))
		}
	}
	return all
}

// Warning is what the user has to know of this choice beside the other answers
// of a, or "".
func Warning(a Answers, question, choice string) string {
	a.put(question, []string{choice})
	for _, r := range warnings() {
		if _, concerned := r.side(question); concerned && r.matches(a) {
			return strings.Join(r.installed(a), ", ") + ": " + r.Why
		}
	}
	return ""
}

// Excluded returns why this choice cannot be combined with the other answers
// of a, or "" where it can. The answer that a holds for the question itself is
// ignored.
func Excluded(a Answers, question, choice string) string {
	for _, r := range allRules() {
		if _, concerned := r.side(question); !concerned {
			continue
		}
		trial := a
		trial.put(question, []string{choice})
		if r.matches(trial) {
			return r.Why
		}
	}
	return ""
}

func (r Rule) matches(a Answers) bool {
	return holds(r.When, a) && holds(r.Excludes, a) && (r.Packages == nil || len(r.installed(a)) > 0)
}

// installed returns which of r's packages the project of a installs.
func (r Rule) installed(a Answers) []string {
	for _, name := range r.Unless {
		if _, brought := a.Project.Packages[name]; brought {
			return nil
		}
	}
	var names []string
	for _, name := range r.Packages {
		if _, ok := a.Project.Packages[name]; ok {
			names = append(names, name)
		}
	}
	return names
}

// side returns the choices that r lists for a question, whichever side it stands on.
func (r Rule) side(question string) ([]string, bool) {
	if ids, ok := r.When[question]; ok {
		return ids, true
	}
	ids, ok := r.Excludes[question]
	return ids, ok
}

func holds(side map[string][]string, a Answers) bool {
	for question, ids := range side {
		if !slices.ContainsFunc(a.Get(question), func(v string) bool { return slices.Contains(ids, v) }) {
			return false
		}
	}
	return true
}

// explain says which answers the rule forbids together, and why.
func (r Rule) explain(a Answers) error {
	other := named(r.Excludes, a)
	if r.Packages != nil {
		other = "the package " + strings.Join(r.installed(a), ", ")
	}
	return fmt.Errorf("%s and %s exclude each other: %s", named(r.When, a), other, strings.TrimSuffix(r.Why, "."))
}

func named(side map[string][]string, a Answers) string {
	var parts []string
	for _, q := range catalogue() {
		ids, ok := side[q.ID]
		if !ok {
			continue
		}
		for _, v := range a.Get(q.ID) {
			if slices.Contains(ids, v) {
				parts = append(parts, q.ID+" "+v)
			}
		}
	}
	return strings.Join(parts, " with ")
}
