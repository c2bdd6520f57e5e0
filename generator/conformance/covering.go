package conformance

import (
	"slices"

	"github.com/davit-cli/davit/wizard"
)

// together are the targets that one image is built for in the covering set.
// Cloud Run and Fly name the port in PORT, so that the server is started in
// another way; on Kubernetes the image runs with the settings that the files
// of the target have. The others, and what differs in theirs, are judged.
var together = [][]string{
	{"docker", "compose", "swarm", "quadlet", "ecs", "container-apps", "nomad"},
	{"kubernetes", "helm"},
	{"cloud-run", "fly"},
}

// A pair is two choices that stand in one set of Answers.
type pair struct{ one, other choice }

type choice struct{ question, id string }

// A triple is a pair with a choice that comes later in the catalogue.
type triple struct {
	pair
	third choice
}

// with returns the triples of a in which p comes first.
func (p pair) with(a wizard.Answers) []triple {
	var all []triple
	for _, q := range pairs(a) {
		if q.one == p.other {
			all = append(all, triple{p, q.other})
		}
	}
	return all
}

// Covering returns a small set of Answers in which every pair of choices of
// two main questions occurs that the rules allow. It is greedy, and in a fixed
// order: each next Answers have the most pairs that none before has, and of
// several such the most triples.
func Covering() []wizard.Answers {
	all := candidates()
	left := map[pair]bool{}
	triples := map[triple]bool{}
	for _, a := range all {
		for _, p := range pairs(a) {
			left[p] = true
			for _, t := range p.with(a) {
				triples[t] = true
			}
		}
	}
	var set []wizard.Answers
	for len(left) > 0 {
		best, most, wide := 0, 0, 0
		for i, a := range all {
			n, m := 0, 0
			for _, p := range pairs(a) {
				if left[p] {
					n++
				}
				for _, t := range p.with(a) {
					if triples[t] {
						m++
					}
				}
			}
			if n > most || n == most && m > wide {
				best, most, wide = i, n, m
			}
		}
		for _, p := range pairs(all[best]) {
			delete(left, p)
			for _, t := range p.with(all[best]) {
				delete(triples, t)
			}
		}
		set = append(set, all[best])
	}
	return set
}

// candidates are the Answers from which the set is chosen: every combination
// of the main questions that breaks no rule, with the targets that go together.
func candidates() []wizard.Answers {
	partial := []wizard.Answers{wizard.Defaults()}
	for _, q := range wizard.Catalogue() {
		if q.Room != wizard.Main {
			continue
		}
		values := together
		if !q.Multiple {
			values = possible(q)
		}
		var next []wizard.Answers
		for _, a := range partial {
			for _, v := range values {
				next = append(next, with(a, q.ID, v))
			}
		}
		partial = next
	}
	return slices.DeleteFunc(partial, func(a wizard.Answers) bool { return len(wizard.Broken(a)) > 0 })
}

// pairs returns every two choices of a that answer different main questions,
// in the order of the catalogue.
func pairs(a wizard.Answers) []pair {
	var chosen []choice
	for _, q := range wizard.Catalogue() {
		if q.Room == wizard.Main {
			for _, v := range a.Get(q.ID) {
				chosen = append(chosen, choice{q.ID, v})
			}
		}
	}
	var all []pair
	for i, one := range chosen {
		for _, other := range chosen[i+1:] {
			if one.question != other.question {
				all = append(all, pair{one, other})
			}
		}
	}
	return all
}
