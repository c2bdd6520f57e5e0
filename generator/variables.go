package generator

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/davit-cli/davit/wizard"
)

// variables are the names under which the service finds the addresses of what
// backs it: those that the app reads, or else the usual ones. No two backing
// services share one, nor the secret that is called after it.
func variables(a wizard.Answers) map[string]string {
	names, taken := map[string]string{}, map[string]bool{}
	take := func(service string, candidates ...string) {
		for _, name := range candidates {
			if names[service] == "" && name != "" && !taken[storeKey(name)] {
				names[service], taken[storeKey(name)] = name, true
			}
		}
	}
	for _, service := range a.Services {
		take(service, a.Project.Variables[service])
	}
	for _, service := range a.Services {
		own := strings.ToUpper(service)
		take(service, wizard.UsualVariable(service), own+"_URL", own+"_URI", own+"_DSN", own+"_ADDRESS", own)
	}
	return names
}

// partSettings are the parts of the addresses that the app reads one by one, as
// the backing services have them in development.
func partSettings(a wizard.Answers, services []backing) []setting {
	var list []setting
	for _, variable := range slices.Sorted(maps.Keys(a.Project.Parts)) {
		for _, b := range services {
			service, part, _ := strings.Cut(a.Project.Parts[variable], ".")
			taken := slices.ContainsFunc(services, func(other backing) bool { return other.Variable == variable })
			if service != b.Name || taken {
				continue
			}
			value := "app" // its user, and its database
			switch part {
			case "host":
				value = b.Name
			case "port":
				value = strconv.Itoa(portOf(service))
			case "password":
				value = "${" + b.DevPassword + ":-development}"
			}
			list = append(list, setting{variable, value, "backing-url"})
		}
	}
	return list
}

// inParts says which variables for parts of addresses the app reads, and what
// the files set; "" where it reads whole addresses.
func inParts(a wizard.Answers, services []backing) string {
	var read, set []string
	for _, s := range partSettings(a, services) {
		read = append(read, s.Name)
	}
	for _, b := range services {
		if slices.ContainsFunc(slices.Collect(maps.Values(a.Project.Parts)), func(part string) bool { return strings.HasPrefix(part, b.Name+".") }) {
			set = append(set, b.Variable)
		}
	}
	if read == nil {
		return ""
	}
	beside := ""
	if a.HasTarget("compose") {
		beside = " beside compose.yaml"
	}
	return fmt.Sprintf("the app reads %s, and davit's files%s set %s alone: add those there, or let the app read the whole address", strings.Join(read, ", "), beside, strings.Join(set, " and "))
}

// longestSecret is how many characters of a variable its secret is called
// after: Swarm allows 63, with the name of the stack before them.
const longestSecret = 35

// secretName is what the secret with the address in a variable is called: as
// pydantic looks for it in a folder of secrets, in small letters.
func secretName(variable string) string {
	name := strings.Trim(strings.ToLower(variable), "_")
	if len(name) > longestSecret {
		name = strings.TrimRight(name[:longestSecret], "_")
	}
	return name
}

var underscores = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`_+`) })

// storeKey is the same in a platform's store of secrets, where some take no
// underscores, and no two dashes in a row.
func storeKey(variable string) string {
	return underscores().ReplaceAllString(secretName(variable), "-")
}
