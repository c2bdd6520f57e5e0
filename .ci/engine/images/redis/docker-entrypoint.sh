#!/bin/sh
# An option alone means the server; the server runs as its own user, not as root.
set -e
server=$(command -v valkey-server || command -v redis-server)
user=$(basename "$server" -server)
case ${1-} in -* | *.conf) set -- "$server" "$@" ;; esac
if [ "$(basename "${1-}")" = "$(basename "$server")" ]; then
  # Without a password nobody from outside the container would be let in.
  set -- "$@" --protected-mode no
  if [ "$(id -u)" = 0 ]; then
    find . ! -user "$user" -exec chown "$user" '{}' +
    exec setpriv --reuid="$user" --regid="$user" --init-groups "$@"
  fi
fi
exec "$@"
