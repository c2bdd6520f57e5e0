// Package version says which davit this is, and says it before the rest of the
// program has started.
//
// A prompt or an editor asks a tool for its version often. Of the 3 ms that
// `davit version` took, 2 went into initialising packages that it does not
// need: tables and patterns of the terminal libraries. Go initialises packages
// in the order of their import paths, each as soon as those that it imports
// are ready; this one imports next to nothing, so it is among the first, and
// answers at once. Keep it so: fmt or runtime/debug alone would put it behind
// the others. Nothing else in davit works before main.
//
// A release sets the rest with the linker:
//
//	go build -ldflags "-X github.com/davit-cli/davit/ui/cli/version.commit=0123abc"
package version

import "os"

// number is the version that this source is, or becomes with the next release.
var number = "0.1.0"

var commit, date string // set by the linker

// Build is what is known of this davit.
type Build struct {
	Version string `json:"version"`
	Commit  string `json:"commit"`
	Date    string `json:"date"`
}

func init() {
	if len(os.Args) != 2 || os.Args[1] != "version" && os.Args[1] != "--version" {
		return
	}
	if _, err := os.Stdout.WriteString(This().String() + "\n"); err != nil {
		os.Exit(1)
	}
	os.Exit(0)
}

// This returns what is known of the running program.
func This() Build { return Build{number, commit, date} }

// String returns the line that `davit version` prints.
func (b Build) String() string {
	line := "davit " + b.Version
	switch {
	case b.Commit != "" && b.Date != "":
		line += " (" + b.Commit + ", " + b.Date + ")"
	case b.Commit != "":
		line += " (" + b.Commit + ")"
	}
	return line
}
