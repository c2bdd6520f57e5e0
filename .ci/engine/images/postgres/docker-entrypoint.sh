#!/bin/bash
# Starts PostgreSQL as the official image does, as far as services use it: POSTGRES_USER, _PASSWORD, _DB,
# _INITDB_ARGS, _HOST_AUTH_METHOD, each also as _FILE; *.sh, *.sql in /docker-entrypoint-initdb.d; any user.
set -euo pipefail

[[ ${1-} == -* ]] && set -- postgres "$@"
[[ ${1-} == postgres ]] || exec "$@"

if [[ $(id -u) == 0 ]]; then
  install -d -o postgres -g postgres -m 700 "$PGDATA"
  chown -R postgres:postgres "$PGDATA"
  exec setpriv --reuid=postgres --regid=postgres --init-groups "$0" "$@"
fi

# setting NAME DEFAULT: the variable, or the content of the file that NAME_FILE names, or the default.
setting() {
  local file=$1_FILE
  if [[ -n ${!file-} ]]; then cat "${!file}"; else printf %s "${!1-$2}"; fi
}
user=$(setting POSTGRES_USER postgres)
password=$(setting POSTGRES_PASSWORD '')
database=$(setting POSTGRES_DB "$user")
auth=${POSTGRES_HOST_AUTH_METHOD-scram-sha-256}

if [[ ! -s $PGDATA/PG_VERSION ]]; then
  if [[ -z $password && $auth != trust ]]; then
    echo 'Error: Database is uninitialized and superuser password is not specified.' >&2
    exit 1
  fi
  read -ra arguments <<<"$(setting POSTGRES_INITDB_ARGS '')"
  if [[ -n $password ]]; then
    initdb --username="$user" --pwfile=<(printf '%s\n' "$password") "${arguments[@]}"
  else
    initdb --username="$user" "${arguments[@]}"
  fi
  printf 'host all all all %s\n' "$auth" >>"$PGDATA/pg_hba.conf"
  printf "listen_addresses = '*'\n" >>"$PGDATA/postgresql.conf"
  # Only on the socket, so that nobody finds a server that is not set up yet.
  pg_ctl -D "$PGDATA" -o "-c listen_addresses='' -p 5432" -w start
  export PGPASSWORD=$password PGUSER=$user
  [[ $database == postgres ]] || createdb "$database"
  for file in /docker-entrypoint-initdb.d/*; do
    case $file in
      *.sh) bash "$file" ;;
      *.sql) psql -v ON_ERROR_STOP=1 --no-psqlrc -d "$database" -f "$file" ;;
    esac
  done
  pg_ctl -D "$PGDATA" -m fast -w stop
  unset PGPASSWORD PGUSER
fi
exec "$@"
