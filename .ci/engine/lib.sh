# shellcheck shell=bash disable=SC2034 # what is set here is used by those that source it
# Where things live, and how a daemon is started and found again. Sourced by every script here.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
engine=${DAVIT_ENGINE_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/davit-engine}
bin=$engine/bin     # what tools/build makes
run=$engine/run     # pid files and dockerd's runtime state
log=$engine/log
registry=127.0.0.1:5000
mkdir -p "$bin" "$run" "$log"
# dockerd finds containerd, runc, docker-proxy and docker-init on PATH.
PATH=$bin:$PATH

say() { printf 'engine: %s\n' "$*"; }
die() { printf 'engine: %s\n' "$*" >&2; exit 1; }

# alive NAME: whether the daemon of that name runs. The pid alone does not tell: after a restart of
# the machine it may be another program's, so the program behind it has to be the one in $bin.
alive() {
  local pid
  pid=$(cat "$run/$1.pid" 2>/dev/null) && [[ $(readlink "/proc/$pid/exe") == "$bin/$1" ]]
}

# start NAME ARGUMENT...: in a session of its own, so that it outlives this shell.
start() {
  local name=$1
  shift
  # 9 is the lock that `up` holds: a daemon must not keep it.
  setsid "$bin/$name" "$@" >>"$log/$name.log" 2>&1 </dev/null 9>&- &
  echo $! >"$run/$name.pid"
}

# stop NAME: asks, waits, and only then insists.
stop() {
  local pid
  alive "$1" || return 0
  pid=$(cat "$run/$1.pid")
  kill "$pid"
  for ((i = 0; i < 300; i++)); do
    alive "$1" || return 0
    sleep 0.1
  done
  kill -KILL "$pid"
}

# until_ready SECONDS COMMAND...: false when the command has not succeeded in that time.
until_ready() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    ((SECONDS < deadline)) || return 1
    sleep 0.2
  done
}
