package generator

import (
	"maps"
	"slices"
	"strings"

	"github.com/davit-cli/davit/wizard"
)

// pinned adds the digest that a gives for an image, if any.
func pinned(a wizard.Answers, image string) string {
	if digest, ok := a.Pins[image]; ok {
		return image + "@" + digest
	}
	return image
}

// UnusedPins returns the pinned images that none of the files names, sorted:
// a name with another tag than davit's, or one that another variant uses.
func UnusedPins(a wizard.Answers, files []File) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(a.Pins)), func(image string) bool {
		return slices.ContainsFunc(files, func(f File) bool { return strings.Contains(f.Content, pinned(a, image)) })
	})
}
