package conformance

import "strings"

// An excuse takes a judge's findings by one rule, because what the rule wants
// contradicts davit's specification, or cannot be known before the user does.
type excuse struct {
	judge, rule string
	about       string // what a finding has to say to be taken; all are where it is empty
	why         string
}

// excused is the whole list. An entry that takes nothing any more fails the
// test of every combination, so that none outlives its reason.
var excused = []excuse{
	{"kube-score", "container-resource-requests-equal-limits", "", "a service may use processors that nobody else uses, and memory above its share while it starts; requests are what is kept free"},
	{"kube-score", "container-cpu-requests-equal-limits", "", "the same"},
	{"kube-score", "container-memory-requests-equal-limits", "", "the same"},
	{"kube-score", "container-ephemeral-storage-request-equals-limit", "", "the same, for /tmp"},
	{"kube-score", "pod-probes-identical", "", "without a health route the port is all that either can ask; liveness is six times as patient"},
	{"kube-score", "container-image-pull-policy", "overlays/dev/", "a local cluster has the image from the last build, not from a registry"},
	{"kube-score", "horizontalpodautoscaler-replicas", "overlays/dev/", "one replica is enough to develop with"},
	{"checkov-kubernetes", "CKV_K8S_8", "-worker", "a worker has no port that a probe could ask, and ends when it fails"},
	{"checkov-kubernetes", "CKV_K8S_9", "-worker", "a worker gets no requests that readiness would hold back"},
	{"checkov-kubernetes", "CKV_K8S_15", "overlays/dev/", "a local cluster has the image from the last build, not from a registry"},
	{"checkov-kubernetes", "CKV_K8S_35", "", "the services read DATABASE_URL and its like from the environment; the Secret is referred to, never contained"},
	{"checkov-kubernetes", "CKV_K8S_43", "", "the image's digest is known when it has been pushed; kustomize edit set image puts it in then"},
	{"trivy-kubernetes", "KSV-0125", "", "which registries to trust is the user's to say; its own list has clouds alone, not even Docker Hub"},
	{"trivy-kubernetes", "KSV-01010", "{\"TIMEOUT\"}", "takes every number of three digits for one of a passport"},
}

// sift parts findings from those that are excused, and counts these by entry.
func sift(found []Finding) (held []Finding, taken map[int]int) {
	taken = map[int]int{}
	for _, f := range found {
		if i := excuseFor(f); i >= 0 {
			taken[i]++
		} else {
			held = append(held, f)
		}
	}
	return held, taken
}

func excuseFor(f Finding) int {
	for i, e := range excused {
		if e.judge == f.Judge && e.rule == f.Rule && strings.Contains(f.String(), e.about) {
			return i
		}
	}
	return -1
}
