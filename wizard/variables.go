package wizard

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// A name that YAML, shells, HCL and JSON all take for a name; the longest that
// anybody reads.
var variableName = pattern(`^[A-Z_][A-Z0-9_]{0,79}$`)

// ownVariables have a meaning of their own in an image, in what starts it, in
// the files that davit writes, or in YAML.
var ownVariables = strings.Fields("PATH HOME PORT HOST HOSTNAME USER SHELL PWD TERM LANG TZ TMPDIR IFS ENV VIRTUAL_ENV VERSION " +
	"WORKERS WEB_CONCURRENCY TIMEOUT GRACEFUL_TIMEOUT KEEP_ALIVE MAX_REQUESTS MAX_REQUESTS_JITTER FORWARDED_ALLOW_IPS " +
	"TAG IMAGE REVISION CREATED SOURCE SECRETS_DIR REDIS_CONF RABBITMQ_CONF CI " +
	"Y N YES NO ON OFF TRUE FALSE NULL")

// ownPrefixes begin the variables of programs in the image and of platforms.
var ownPrefixes = []string{
	"PYTHON", "UVICORN_", "GUNICORN_", "UV_", "PIP_", "PIPENV_", "PDM_", "POETRY_", "CONDA_", "MAMBA_", "LC_", "LD_", "SSL_CERT_",
	"DOCKER_", "COMPOSE_", "KUBERNETES_", "K_", "X_GOOGLE_", "FLY_", "ECS_", "CONTAINER_APP_", "NOMAD_", "GITHUB_", "RUNNER_", "CI_",
}

// UsualVariable is the name under which a service finds the address of what
// backs it where nobody knows which one the app reads.
func UsualVariable(service string) string {
	switch service {
	case "postgres", "mysql":
		return "DATABASE_URL"
	case "mongodb":
		return "MONGODB_URL"
	case "redis":
		return "REDIS_URL"
	case "rabbitmq":
		return "AMQP_URL"
	}
	return ""
}

// IsVariable reports whether a name can be that of a variable with the address
// of a backing service: it is plain text in every file, and nothing else's.
func IsVariable(name string) bool {
	return isName(name) && !strings.HasSuffix(name, "_PASSWORD") // of davit's own beside it
}

func isName(name string) bool {
	return variableName().MatchString(name) && strings.Trim(name, "_0123456789") != "" &&
		!slices.Contains(ownVariables, name) && !strings.HasSuffix(name, "_FILE") &&
		!slices.ContainsFunc(ownPrefixes, func(p string) bool { return strings.HasPrefix(name, p) })
}

// SQLAlchemy's names of databases, with or without a driver's.
var schemes = map[string]func() *regexp.Regexp{
	"postgres": pattern(`^postgres(ql)?(\+[a-z0-9_]{1,30})?$`),
	"mysql":    pattern(`^(mysql|mariadb)(\+[a-z0-9_]{1,30})?$`),
}

// IsScheme reports whether the address of a service may begin so. Others than
// SQL databases have one scheme that all drivers know.
func IsScheme(service, scheme string) bool {
	form, ok := schemes[service]
	return ok && form().MatchString(scheme)
}

// parts are what an address is made of in development, where each service has
// no more than this.
var parts = []string{
	"postgres.host", "postgres.port", "postgres.user", "postgres.password", "postgres.database",
	"mysql.host", "mysql.port", "mysql.user", "mysql.password", "mysql.database",
	"mongodb.host", "mongodb.port", "redis.host", "redis.port",
	"rabbitmq.host", "rabbitmq.port", "rabbitmq.user", "rabbitmq.password",
}

// IsPart reports whether a variable may have a part of an address, such as
// postgres.host.
func IsPart(variable, part string) bool { return isName(variable) && slices.Contains(parts, part) }

func checkParts(all map[string]string) error {
	for _, variable := range slices.Sorted(maps.Keys(all)) {
		if !IsPart(variable, all[variable]) {
			return fmt.Errorf("%s cannot be the variable for %s: use capitals, digits and underscores, a name that nothing else has, and one of %s", quote(variable), quote(all[variable]), strings.Join(parts, ", "))
		}
	}
	return nil
}

func checkVariables(variables map[string]string) error {
	question, _ := Find("service")
	for _, service := range slices.Sorted(maps.Keys(variables)) {
		if _, ok := question.Choice(service); !ok {
			return fmt.Errorf("%s is no backing service that has a variable: use %s", quote(service), question.allowed())
		}
		if name := variables[service]; !IsVariable(name) {
			return fmt.Errorf("%s is no variable for the address of %s: use capitals, digits and underscores, and a name that nothing else has, such as DATABASE_URL", quote(name), service)
		}
	}
	return nil
}
