package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestOnlyLicencesThatAreKnownPass(t *testing.T) {
	mit := "MIT License\n\nPermission is hereby granted, free of charge, to any person\n…\nThe above copyright notice and this permission notice shall be included"
	for name, c := range map[string]struct {
		files map[string]string
		want  string // the licence, or a part of the error
	}{
		"MIT":                    {map[string]string{"LICENSE": mit}, "MIT"},
		"Apache with a notice":   {map[string]string{"LICENSE.txt": "Apache License\n   Version 2.0, January 2004", "NOTICE": "made by"}, "Apache-2.0"},
		"two":                    {map[string]string{"LICENSE-BSD": "Redistributions of source code must retain … Neither the name … endorse or promote", "LICENSE-MIT": mit}, "BSD-3-Clause and MIT"},
		"one that asks for more": {map[string]string{"COPYING": "GNU GENERAL PUBLIC LICENSE\nVersion 3"}, "no licence that is known"},
		"one of two unknown":     {map[string]string{"LICENSE": mit, "LICENSE.other": "all rights reserved"}, "LICENSE.other"},
		"none":                   {map[string]string{"README": mit}, "no licence file"},
		"a notice alone":         {map[string]string{"NOTICE": mit}, "no licence file"},
	} {
		dir := t.TempDir()
		for file, content := range c.files {
			if err := os.WriteFile(filepath.Join(dir, file), []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		got, text, err := licence(module{path: "example.com/m", dir: dir})
		if err != nil {
			got = err.Error()
		}
		if got != c.want && (err == nil || !strings.Contains(got, c.want)) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		for file, content := range c.files {
			if err == nil && !strings.Contains(text, content) {
				t.Errorf("%s: the text lacks %s", name, file)
			}
		}
	}
}

func TestGoModRequiresWhatIsLinked(t *testing.T) {
	linked := []module{{path: "example.com/used"}}
	if err := onlyLinked([]byte(`{"Require":[{"Path":"example.com/used"}]}`), linked); err != nil {
		t.Error(err)
	}
	err := onlyLinked([]byte(`{"Require":[{"Path":"example.com/used"},{"Path":"example.com/idle"}]}`), linked)
	if err == nil || !strings.Contains(err.Error(), "example.com/idle") || strings.Contains(err.Error(), "example.com/used") {
		t.Error(err)
	}
}
