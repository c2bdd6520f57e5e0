# shellcheck shell=bash disable=SC2034 # what is set here is used by those that source it
# Where things live, and the network's numbers. Daemons are started and found as in the engine's lib.sh.
# shellcheck source-path=SCRIPTDIR source=../engine/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../engine/lib.sh"

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
kubernetes=${DAVIT_KUBERNETES_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/davit-kubernetes}
bin=$kubernetes/bin # what tools/build makes
log=$kubernetes/log
run=$kubernetes/run # the cluster itself: gone after `down`
kubeconfig=$kubernetes/kubeconfig # of whoever may do everything
mkdir -p "$bin" "$log" "$run"
PATH=$bin:$PATH

pause=$registry/davit/pause:1
node=davit
bridge=davit-pods # not Docker's, and no other program's
gateway=10.213.0.1
pods=10.213.0.0/24
services=10.214.0.0/24
api=127.0.0.1:16443
store=http://127.0.0.1:12379 # etcd

say() { printf 'kubernetes: %s\n' "$*"; }
die() { printf 'kubernetes: %s\n' "$*" >&2; exit 1; }

kubectl() { "$bin/kubectl" --kubeconfig "$kubeconfig" "$@"; }
answers() { kubectl get --raw /readyz; }
node_ready() { [[ $(kubectl get node "$node" -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}') == True ]]; }

# In the order in which they are started.
daemons=(etcd containerd kube-apiserver kube-controller-manager kube-scheduler kubelet kube-proxy)
all_alive() {
  local name
  for name in "${daemons[@]}"; do alive "$name" || return 1; done
}
