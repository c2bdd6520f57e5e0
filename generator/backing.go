package generator

import (
	"fmt"
	"strings"

	"github.com/davit-cli/davit/wizard"
)

// backing is a service that the project needs beside it.
type backing struct {
	Name     string // compose service and host name
	Image    string
	Volume   string // where it keeps its data, "" for nothing to keep
	Hostname string // where the data belongs to a host name, "" for any
	Variable string // environment variable with its address
	DevURL   string // that address in development
	Health   []string

	Environment     []setting // development: a password with a default, never published
	ProdEnvironment []setting // production: passwords from files
	ProdHealth      []string
	Secrets         []secretFile
	DevPassword     string // variable that changes the development password
}

// secretFile is a secret of a backing service itself.
type secretFile struct {
	Name   string
	Target string // path in the container, "" for /run/secrets/NAME
}

// secret is the name of the secret that holds the address with its password.
func (b backing) secret() string { return strings.ToLower(b.Variable) }

// backingServices describes each service of a; databases and brokers get the
// user and the database "app".
func backingServices(a wizard.Answers) []backing {
	var list []backing
	for _, id := range a.Services {
		b := backing{Name: id, Image: pinned(a, versions().Images[id])}
		switch id {
		case "postgres":
			b.Volume = "/var/lib/postgresql"
			b.Variable = "DATABASE_URL"
			b.DevPassword = "POSTGRES_PASSWORD"
			b.DevURL = scheme(a, "postgresql", "asyncpg", "psycopg") + "://app:${POSTGRES_PASSWORD:-development}@postgres:5432/app"
			b.Environment = []setting{
				{"POSTGRES_DB", "app", ""}, {"POSTGRES_PASSWORD", "${POSTGRES_PASSWORD:-development}", "dev-password"}, {"POSTGRES_USER", "app", ""}}
			// 127.0.0.1, as the socket answers while the database is still being made.
			b.Health = []string{"CMD", "pg_isready", "--host", "127.0.0.1", "--username", "app", "--dbname", "app"}
			b.ProdEnvironment = []setting{
				{"POSTGRES_DB", "app", ""}, {"POSTGRES_PASSWORD_FILE", "/run/secrets/postgres_password", "secret-files"}, {"POSTGRES_USER", "app", ""}}
			b.ProdHealth = b.Health
			b.Secrets = []secretFile{{Name: "postgres_password"}}
		case "mysql":
			b.Volume = "/var/lib/mysql"
			b.Variable = "DATABASE_URL"
			if a.HasService("postgres") { // which has that name already
				b.Variable = "MYSQL_URL"
			}
			b.DevPassword = "MYSQL_PASSWORD"
			b.DevURL = scheme(a, "mysql", "asyncmy", "aiomysql", "pymysql") + "://app:${MYSQL_PASSWORD:-development}@mysql:3306/app"
			b.Environment = []setting{
				{"MYSQL_DATABASE", "app", ""}, {"MYSQL_PASSWORD", "${MYSQL_PASSWORD:-development}", "dev-password"},
				{"MYSQL_RANDOM_ROOT_PASSWORD", "yes", ""}, {"MYSQL_USER", "app", ""}}
			// 127.0.0.1, as the socket answers before the server takes connections.
			b.Health = []string{"CMD", "mysqladmin", "ping", "--host", "127.0.0.1", "--silent"}
			b.ProdEnvironment = []setting{
				{"MYSQL_DATABASE", "app", ""}, {"MYSQL_PASSWORD_FILE", "/run/secrets/mysql_password", "secret-files"},
				{"MYSQL_RANDOM_ROOT_PASSWORD", "yes", ""}, {"MYSQL_USER", "app", ""}}
			b.ProdHealth = b.Health
			b.Secrets = []secretFile{{Name: "mysql_password"}}
		case "mongodb":
			b.Volume = "/data/db"
			b.Variable = "MONGODB_URL"
			b.DevURL = "mongodb://mongodb:27017/app"
			b.Health = []string{"CMD", "mongosh", "--quiet", "--eval", "db.adminCommand('ping').ok"}
			b.ProdEnvironment = []setting{
				{"MONGO_INITDB_ROOT_PASSWORD_FILE", "/run/secrets/mongodb_password", "secret-files"}, {"MONGO_INITDB_ROOT_USERNAME", "app", ""}}
			b.ProdHealth = b.Health
			b.Secrets = []secretFile{{Name: "mongodb_password"}}
		case "redis":
			b.Volume = "/data"
			b.Variable = "REDIS_URL"
			b.DevURL = "redis://redis:6379/0"
			b.Health = []string{"CMD", "redis-cli", "ping"}
			b.ProdHealth = b.Health
		case "rabbitmq":
			b.Volume = "/var/lib/rabbitmq"
			b.Hostname = "rabbitmq" // its data lies below its host name, which is new in each container
			b.Variable = "AMQP_URL"
			b.DevPassword = "RABBITMQ_PASSWORD"
			b.DevURL = "amqp://app:${RABBITMQ_PASSWORD:-development}@rabbitmq:5672/"
			b.Environment = []setting{
				{"RABBITMQ_DEFAULT_PASS", "${RABBITMQ_PASSWORD:-development}", "dev-password"}, {"RABBITMQ_DEFAULT_USER", "app", ""}}
			b.Health = []string{"CMD", "rabbitmq-diagnostics", "--quiet", "check_port_connectivity"}
			b.ProdEnvironment = []setting{{"RABBITMQ_DEFAULT_USER", "app", ""}}
			// The image reads no password from a file, the server does from its settings.
			b.Secrets = []secretFile{{"rabbitmq_conf", "/etc/rabbitmq/conf.d/30-password.conf"}}
			b.ProdHealth = b.Health
		}
		list = append(list, b)
	}
	return list
}

// scheme is the URL scheme that the project's driver wants: SQLAlchemy names
// the driver in it, drivers used by themselves want the plain one.
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
