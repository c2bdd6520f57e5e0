package generator

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/davit-cli/davit/wizard"
)

// backing is a service that the project needs beside it.
type backing struct {
	Name     string // compose service and host name
	Image    string
	Volume   string   // where it keeps its data, "" for nothing to keep
	Hostname string   // where its own name has to mean the container itself, "" for any
	Command  []string // production: in place of the image's own, nil for that
	Variable string   // environment variable with its address
	// SharedMemory is how many MB of /dev/shm it needs, 0 where Docker's 64 do.
	SharedMemory int
	DevURL       string // that address in development
	Health       []string

	Environment     []setting // development: a password with a default, never published
	ProdEnvironment []setting // production: passwords from files
	Address         secret    // production: that address, with the password in it
	Secrets         []secret  // production: what the backing service itself reads
	DevPassword     string    // variable that changes the development password
}

// secret is a file that production gives to those who need it.
type secret struct {
	Name    string
	Target  string // path in the container, "" for /run/secrets/NAME
	Content string // as printf's format: %s is the password; "" for a password that nobody else needs
}

// Make is the shell command that prints the secret. The password is in hex, so
// no character of it means anything in a URL or a settings file.
func (s secret) Make() string {
	if s.Content == "" {
		return "openssl rand -hex 24"
	}
	return fmt.Sprintf(`printf '%s' "$password"`, s.Content)
}

// Example is the secret where the service is elsewhere, for whoever fills in
// the words in capitals.
func (b backing) Example() string {
	return strings.Replace(fmt.Sprintf(b.Address.Content, "PASSWORD"), "@"+b.Name+":", "@HOST:", 1)
}

// makeSecrets is one command of the shell that makes all secrets of b, each
// with the command that keeps its input under a name that begins with prefix.
func (b backing) makeSecrets(create, prefix string) string {
	command := "password=$(openssl rand -hex 24)"
	for _, s := range b.Files() {
		command += fmt.Sprintf(" && %s | %s %s%s -", s.Make(), create, prefix, s.Name)
	}
	return command
}

// SharedMemoryBytes is SharedMemory as stack files take it.
func (b backing) SharedMemoryBytes() int { return b.SharedMemory << 20 }

// Files are all secrets that b brings along, the service's first.
func (b backing) Files() []secret { return append([]secret{b.Address}, b.Secrets...) }

// backingServices describes each service of a; databases and brokers get the
// user and the database "app".
func backingServices(a wizard.Answers) []backing {
	var list []backing
	names := variables(a)
	for _, id := range a.Services {
		b := backing{Name: id, Image: pinned(a, versions().Images[id]), Variable: names[id]}
		var address string // with %s for the password
		switch id {
		case "postgres":
			b.Volume = "/var/lib/postgresql"
			b.SharedMemory = 128
			b.DevPassword = "POSTGRES_PASSWORD"
			address = cmp.Or(a.Project.Schemes[id], scheme(a, "postgresql", "asyncpg", "psycopg")) + "://app:%s@postgres:5432/app"
			b.Environment = []setting{
				{"POSTGRES_DB", "app", ""}, {"POSTGRES_PASSWORD", "${POSTGRES_PASSWORD:-development}", "dev-password"}, {"POSTGRES_USER", "app", ""}}
			// 127.0.0.1, as the socket answers while the database is still being made.
			b.Health = []string{"CMD", "pg_isready", "--host", "127.0.0.1", "--username", "app", "--dbname", "app"}
			b.ProdEnvironment = []setting{
				{"POSTGRES_DB", "app", ""}, {"POSTGRES_PASSWORD_FILE", "/run/secrets/postgres_password", "secret-files"}, {"POSTGRES_USER", "app", ""}}
			b.Secrets = []secret{{Name: "postgres_password", Content: "%s"}}
		case "mysql":
			b.Volume = "/var/lib/mysql"
			b.DevPassword = "MYSQL_PASSWORD"
			address = cmp.Or(a.Project.Schemes[id], scheme(a, "mysql", "asyncmy", "aiomysql", "pymysql")) + "://app:%s@mysql:3306/app"
			b.Environment = []setting{
				{"MYSQL_DATABASE", "app", ""}, {"MYSQL_PASSWORD", "${MYSQL_PASSWORD:-development}", "dev-password"},
				{"MYSQL_RANDOM_ROOT_PASSWORD", "yes", ""}, {"MYSQL_USER", "app", ""}}
			// 127.0.0.1, as the socket answers before the server takes connections.
			b.Health = []string{"CMD", "mysqladmin", "ping", "--host", "127.0.0.1", "--silent"}
			b.ProdEnvironment = []setting{
				{"MYSQL_DATABASE", "app", ""}, {"MYSQL_PASSWORD_FILE", "/run/secrets/mysql_password", "secret-files"},
				{"MYSQL_ROOT_HOST", "localhost", "mysql-root"}, {"MYSQL_ROOT_PASSWORD_FILE", "/run/secrets/mysql_root_password", ""},
				{"MYSQL_USER", "app", ""}}
			b.Secrets = []secret{{Name: "mysql_password", Content: "%s"}, {Name: "mysql_root_password"}}
		case "mongodb":
			b.Volume = "/data/db"
			b.DevURL = "mongodb://mongodb:27017/app"
			address = "mongodb://app:%s@mongodb:27017/app?authSource=admin" // where the image makes its first user
			// Its own name, as 127.0.0.1 answers while the first user is still being made.
			b.Hostname = "mongodb"
			b.Health = []string{"CMD", "mongosh", "--quiet", "--host", "mongodb", "--eval", "db.adminCommand('ping').ok"}
			b.ProdEnvironment = []setting{
				{"MONGO_INITDB_ROOT_PASSWORD_FILE", "/run/secrets/mongodb_password", "secret-files"}, {"MONGO_INITDB_ROOT_USERNAME", "app", ""}}
			b.Secrets = []secret{{Name: "mongodb_password", Content: "%s"}}
		case "redis":
			b.Volume = "/data"
			b.DevURL = "redis://redis:6379/0"
			address = "redis://:%s@redis:6379/0"
			b.Health = []string{"CMD", "redis-cli", "ping"} // an answer that asks for a password is one too
			// The image reads no password from a file, the server does from its settings.
			b.Command = []string{"redis-server", "/run/secrets/redis_conf"}
			b.Secrets = []secret{{Name: "redis_conf", Content: `requirepass %s\n`}}
		case "rabbitmq":
			b.Volume = "/var/lib/rabbitmq"
			b.Hostname = "rabbitmq" // its data lies below its host name, which is new in each container
			b.DevPassword = "RABBITMQ_PASSWORD"
			address = "amqp://app:%s@rabbitmq:5672/"
			b.Environment = []setting{
				{"RABBITMQ_DEFAULT_PASS", "${RABBITMQ_PASSWORD:-development}", "dev-password"}, {"RABBITMQ_DEFAULT_USER", "app", ""}}
			b.Health = []string{"CMD", "rabbitmq-diagnostics", "--quiet", "check_port_connectivity"}
			b.ProdEnvironment = []setting{{"RABBITMQ_DEFAULT_USER", "app", ""}}
			// As with redis.
			b.Secrets = []secret{{"rabbitmq_conf", "/etc/rabbitmq/conf.d/30-password.conf", `default_pass = %s\n`}}
		}
		if b.DevPassword != "" {
			b.DevURL = fmt.Sprintf(address, "${"+b.DevPassword+":-development}")
		}
		b.Address = secret{Name: secretName(b.Variable), Content: address}
		list = append(list, b)
	}
	slices.SortFunc(list, func(a, b backing) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// scheme is the URL scheme that the project's driver wants: SQLAlchemy names
// the driver in it, drivers used by themselves want the plain one. What the
// app's own default says goes before it.
func scheme(a wizard.Answers, dialect string, drivers ...string) string {
	have := func(name string) bool { _, ok := a.Project.Packages[name]; return ok }
	if have("sqlalchemy") {
		for _, d := range drivers {
			if have(d) {
				return fmt.Sprintf("%s+%s", dialect, d)
			}
		}
	}
	return dialect
}
