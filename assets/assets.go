// Package assets carries what the program brings along: the templates of the
// generated files, the notes that explain their lines, and the dated table of
// versions. It holds texts, no rules.
package assets

import "embed"

// Templates are the text/template sources of all generated files, each named
// like the file that it makes.
//
//go:embed all:templates
var Templates embed.FS

// Notes tells why lines of generated files are there: TOML, one table a note.
//
//go:embed notes.toml
var Notes string

// Guides are the topics of `davit guide`: Markdown, with {{note "id"}} where a
// note stands.
//
//go:embed guides
var Guides embed.FS

// Versions is the dated table of the images and packages that generated files name: TOML.
//
//go:embed versions.toml
var Versions string

// SystemPackages lists the system packages that Python packages need: TOML.
//
//go:embed system-packages.toml
var SystemPackages string
