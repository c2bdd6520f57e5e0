package generator

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

var (
	stageName = regexp.MustCompile(`(?im)^[ \t]*FROM[ \t]+\S.*[ \t]AS[ \t]+(\S+)[ \t\r]*$`)
	stageUsed = regexp.MustCompile(`(?:\btarget"?\s*[:=]|--target)[ \t=]*"?([\w.-]+)"?`)
)

// Beside tells what does not go together where files of the user's stay beside
// generated ones, a sentence each. stays are the texts of those files by path,
// others the names of what is in the project folder besides.
func Beside(files []File, stays map[string]string, others []string) []string {
	var all []string
	own := map[string]string{} // file → text of those that are davit's
	for _, f := range files {
		if _, stay := stays[f.Path]; !stay {
			own[f.Path] = f.Content
		}
	}
	if dockerfile, ok := stays["Dockerfile"]; ok {
		for _, stage := range missingStages(files, own, dockerfile) {
			build := "builds"
			if strings.Contains(stage.by, ", ") {
				build = "build"
			}
			all = append(all, fmt.Sprintf("%s %s the stage %[3]s, and the Dockerfile that stays has none: name one there (FROM … AS %[3]s), or take davit's Dockerfile", stage.by, build, stage.name))
		}
	}
	if _, ok := own["compose.yaml"]; ok {
		for _, name := range [...]string{"compose.yml", "docker-compose.yml", "docker-compose.yaml"} {
			if slices.Contains(others, name) {
				all = append(all, fmt.Sprintf("Compose reads compose.yaml before your %[1]s: with `docker compose -f %[1]s` it reads yours", name))
			}
		}
	}
	return all
}

type stageBy struct{ name, by string }

// missingStages are the stages of davit's Dockerfile that other files build and
// the one of the user's has not.
func missingStages(files []File, own map[string]string, dockerfile string) []stageBy {
	has := stages(dockerfile)
	var known []string
	for _, f := range files {
		if f.Path == "Dockerfile" {
			known = stages(f.Content)
		}
	}
	var missing []stageBy
	for _, stage := range known {
		if slices.Contains(has, stage) {
			continue
		}
		var by []string
		for _, f := range files {
			text, ok := own[f.Path]
			if ok && f.Path != "Dockerfile" && slices.ContainsFunc(stageUsed.FindAllStringSubmatch(text, -1), func(m []string) bool { return m[1] == stage }) {
				by = append(by, f.Path)
			}
		}
		if by != nil {
			missing = append(missing, stageBy{stage, strings.Join(by, ", ")})
		}
	}
	return missing
}

// stages are the names that a Dockerfile gives to its stages.
func stages(dockerfile string) []string {
	var names []string
	for _, m := range stageName.FindAllStringSubmatch(dockerfile, -1) {
		names = append(names, strings.ToLower(m[1]))
	}
	return names
}
