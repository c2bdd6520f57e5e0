package inspect

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/davit-cli/davit/wizard"
)

// worker finds the command of a second process from the same source: one that
// the project runs itself, or else Celery's and arq's where their objects
// stand plainly in the source.
func (s *scan) worker() Fact {
	type offer struct {
		Fact
		weight int
	}
	var all []offer
	for _, cmd := range s.allCommands() {
		if words := s.fromHere(forContainer(workerWords(cmd.words))); words != nil {
			if value := withDefaults(strings.Join(words, " ")); validWorker(value) {
				all = append(all, offer{Fact{Value: value, Evidence: cmd.evidence}, cmd.weight})
			}
		}
	}
	if len(all) > 0 {
		slices.SortStableFunc(all, func(a, b offer) int { return cmp.Compare(b.weight, a.weight) })
		fact := all[0].Fact
		for _, o := range all {
			if !slices.Contains(fact.Candidates, o.Value) {
				fact.Candidates = append(fact.Candidates, o.Value)
			}
		}
		if len(fact.Candidates) == 1 {
			fact.Candidates = nil
		}
		for _, o := range all {
			if o.weight == all[0].weight && queues(o.Value) != queues(fact.Value) {
				return Fact{Candidates: fact.Candidates} // there are several workers
			}
		}
		return fact
	}
	return s.workerInCode()
}

var queuesOf = pattern(` (?:-Q|--queues)[ =]?(\S+)`)

// queues returns the queues that a worker's command names, "" for all.
func queues(command string) string {
	if m := queuesOf().FindStringSubmatch(command); m != nil {
		return m[1]
	}
	return ""
}

// forContainer leaves out the options by which a worker starts anew when the
// source changes, goes to the background or writes its log into a file: the
// first are for development, and a container tells its log itself, from a
// folder that it cannot write to.
func forContainer(words []string) []string {
	var kept []string
	for i := 0; i < len(words); i++ {
		name, _, joined := strings.Cut(words[i], "=")
		celery := words[0] == "celery"
		switch {
		case name == "--watch", celery && (name == "--logfile" || name == "--pidfile" || name == "-f"):
			if !joined {
				i++ // its value
			}
		case name == "--reload", celery && (name == "--detach" || name == "-D"):
		default:
			kept = append(kept, words[i])
		}
	}
	return kept
}

// withDefaults puts the defaults of variables that have one in their places.
func withDefaults(command string) string {
	return variable().ReplaceAllStringFunc(command, func(ref string) string {
		if v := variable().FindStringSubmatch(ref)[2]; v != "" {
			return v
		}
		return ref
	})
}

func validWorker(v string) bool {
	var a wizard.Answers
	return a.Set("worker", v) == nil
}

// workerWords cuts the worker's command out of a longer one, without what
// starts it in an environment (`uv run`, `poetry run`, `exec`).
func workerWords(words []string) []string {
	for i, w := range words {
		end := len(words)
		if n := slices.Index(words[i:], ";"); n >= 0 {
			end = i + n
		}
		rest := words[i:end]
		switch path.Base(w) {
		case "celery":
			if slices.Contains(rest, "worker") {
				return append([]string{"celery"}, rest[1:]...)
			}
		case "arq", "dramatiq":
			if len(rest) > 1 {
				return append([]string{path.Base(w)}, rest[1:]...)
			}
		case "rq", "taskiq":
			if len(rest) > 1 && rest[1] == "worker" {
				return append([]string{path.Base(w)}, rest[1:]...)
			}
		}
	}
	return nil
}

// fromHere returns a worker's command as it runs where the application does,
// or nil where the module that it names is not in the project: README files
// name those of other projects too. A module below src, where the application
// is imported from above it, gets src before its name.
func (s *scan) fromHere(words []string) []string {
	if len(words) == 0 || words[0] == "rq" {
		return words
	}
	for i, w := range words[1:] {
		option := ""
		if v, ok := strings.CutPrefix(w, "--app="); ok {
			option, w = "--app=", v
		}
		named := option != "" || words[0] != "celery" || words[i] == "-A" || words[i] == "--app"
		if !named || strings.HasPrefix(w, "-") {
			continue
		}
		if base := s.moduleBase(w); base == "src" && s.chosen != nil && s.chosen.base == "." {
			words = slices.Clone(words)
			words[i+1] = option + "src." + w
			return words
		} else if base != "" {
			return words
		}
	}
	return nil
}

// moduleBase returns the folder from which a dotted name resolves to a module,
// or to something in one; "" where none does.
func (s *scan) moduleBase(name string) string {
	module, _, _ := strings.Cut(name, ":")
	bases := []string{".", "src"}
	if s.chosen != nil {
		bases = []string{s.chosen.base, ".", "src"} // where the application is imported from comes first
	}
	for _, base := range bases {
		for dotted := module; dotted != ""; {
			if m := s.program.below(base, dotted); m != nil && (m.file != "" || s.hasPython(m.dir)) {
				return base
			}
			at := strings.LastIndexByte(dotted, '.')
			if at < 0 {
				break
			}
			dotted = dotted[:at]
		}
	}
	return ""
}

// workerInCode finds `x = Celery(…)` at the top of a module, or arq's
// WorkerSettings.
func (s *scan) workerInCode() Fact {
	if s.manifest == nil {
		return Fact{}
	}
	uses := func(name string) bool {
		return slices.ContainsFunc(s.manifest.direct, func(r requirement) bool { return r.name == name })
	}
	celery, arq := uses("celery"), uses("arq")
	if !celery && !arq {
		return Fact{}
	}
	var found []Fact
	for _, f := range s.tree.files {
		if !strings.HasSuffix(f, ".py") || s.tree.aside(f) {
			continue
		}
		text := s.tree.read(f)
		if !(celery && strings.Contains(text, "Celery(")) && !(arq && strings.Contains(text, "WorkerSettings")) {
			continue
		}
		m := s.program.module(f)
		s.program.follow(m)
		for name, v := range m.names {
			base := "."
			if s.importable(f, ".") {
				base = s.base(f)
			}
			if s.chosen != nil && s.importable(f, s.chosen.base) {
				base = s.chosen.base
			}
			if base != "." && base != "src" && (s.chosen == nil || base != s.chosen.base) {
				continue
			}
			switch v := v.(type) {
			case *instance:
				// Without a number, Celery starts a process for each processor of the host.
				if celery && v.kind == opaque && strings.Contains(text, name+" = Celery(") {
					found = append(found, Fact{Value: "celery -A " + moduleName(f, base) + ":" + name + " worker --concurrency 2", Evidence: evidence(f, m.from[name].line)})
				}
			case *class:
				if arq && name == "WorkerSettings" {
					found = append(found, Fact{Value: "arq " + moduleName(f, base) + "." + name, Evidence: evidence(f, v.def.Line)})
				}
			}
		}
	}
	if len(found) == 1 && validWorker(found[0].Value) {
		return found[0]
	}
	var fact Fact
	for _, f := range found {
		fact.Candidates = append(fact.Candidates, f.Value)
	}
	slices.Sort(fact.Candidates)
	return fact
}
