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

// part is what the app reads of an address in a variable of its own.
type part struct {
	variable, of string // POSTGRES_SERVER, host
	service      backing
	secret       string // with the password and nothing else, "" where the app reads none or there is none
}

// parts are what the app reads of addresses one by one, sorted by variable.
func parts(a wizard.Answers, services []backing) []part {
	var list []part
	for _, variable := range slices.Sorted(maps.Keys(a.Project.Parts)) {
		service, of, _ := strings.Cut(a.Project.Parts[variable], ".")
		taken := slices.ContainsFunc(services, func(b backing) bool { return b.Variable == variable })
		if i := slices.IndexFunc(services, func(b backing) bool { return b.Name == service }); i >= 0 && !taken {
			list = append(list, part{variable: variable, of: of, service: services[i]})
		}
	}
	for _, p := range list {
		for i := range list {
			if p.of == "password" && list[i].service.Name == p.service.Name {
				list[i].secret = p.service.password()
			}
		}
	}
	return list
}

// value is the part, unless it is the password, where services run side by side.
func (p part) value() string {
	switch p.of {
	case "host":
		return p.service.Name
	case "port":
		return strconv.Itoa(portOf(p.service.Name))
	default:
		return "app" // its user, and its database
	}
}

// inProduction reports whether the part is of use there, where nobody is let in
// without a password.
func (p part) inProduction() bool { return p.secret != "" }

// password is the secret that holds it and nothing else, "" where there is none.
func (b backing) password() string {
	for _, s := range b.Secrets {
		if s.Content == "%s" {
			return s.Name
		}
	}
	return ""
}

// devSetting is the part in development.
func (p part) devSetting() setting {
	if p.of == "password" {
		return setting{p.variable, "${" + p.service.DevPassword + ":-development}", "backing-url"}
	}
	return setting{p.variable, p.value(), "backing-url"}
}

// prodSetting is the part in production.
func (p part) prodSetting() setting {
	if p.of == "password" {
		return setting{p.variable + "_FILE", secretsFolder + p.secret, "secret-files"}
	}
	return setting{p.variable, p.value(), "backing-url"}
}

// inParts says which variables for parts of addresses the app reads, and what
// the files of some target set; "" where it reads whole addresses, or each file
// has what it reads.
func inParts(a wizard.Answers, services []backing) string {
	var read, set, places []string
	target, _ := wizard.Find("target")
	for _, id := range a.Targets {
		if c, _ := target.Choice(id); id != "compose" && id != "swarm" { // whose files have the parts
			places = append(places, c.Title)
		}
	}
	for _, p := range parts(a, services) {
		if places == nil && p.inProduction() {
			continue
		}
		read = append(read, p.variable)
		if !slices.Contains(set, p.service.Variable) {
			set = append(set, p.service.Variable)
		}
	}
	if read == nil {
		return ""
	}
	if places == nil {
		places = []string{"production"}
	}
	return fmt.Sprintf("the app reads %s, and what davit makes for %s sets %s alone: add those there, or let the app read the whole address",
		strings.Join(read, ", "), strings.Join(places, ", "), strings.Join(set, " and "))
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
