package inspect

import (
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
)

// Root is the folder of one of several services in a tree.
type Root struct {
	Value        string `json:"value"`        // below the folder that was asked for, with slashes
	Evidence     string `json:"evidence"`     // file:line, of its app or where it is told to be started
	App          string `json:"app"`          // as from this folder; "" where it has several
	Dependencies string `json:"dependencies"` // its format, "" where it is not plain
}

const mostRoots = 40

// rootOf returns the folder of the service that a file belongs to: the nearest
// one that declares FastAPI, or has an image and a manifest; the whole tree
// where none does.
func (s *scan) rootOf(c *candidate) string {
	for dir := path.Dir(c.file); dir != "."; dir = path.Dir(dir) {
		if s.isRoot(dir) {
			return dir
		}
	}
	return "."
}

func (s *scan) isRoot(dir string) bool {
	return s.tree.hasManifest(dir) &&
		(s.tree.has(dir+"/Dockerfile") || slices.ContainsFunc(s.manifestsIn(dir), (*manifest).forWeb))
}

// ofOneRoot keeps the candidates of one service where a tree has several: the
// top's, if it is one. Otherwise none is left, and the user has to choose.
func (s *scan) ofOneRoot(all []*candidate) []*candidate {
	for _, c := range all {
		if root := s.rootOf(c); !slices.Contains(s.rootDirs, root) && len(s.rootDirs) < mostRoots {
			s.rootDirs = append(s.rootDirs, root)
		}
	}
	if len(s.rootDirs) < 2 || all[0].fromTop && all[0].beats(all[1]) {
		return all
	}
	top := s.rootedIn(all, ".")
	if len(top) > 0 && s.topServes(top[0], all) {
		return top
	}
	if len(top) > 0 && top[0].weight < documented {
		s.rootDirs = slices.DeleteFunc(s.rootDirs, func(dir string) bool { return dir == "." })
	}
	if len(s.rootDirs) == 1 {
		return s.rootedIn(all, s.rootDirs[0])
	}
	return nil
}

func (s *scan) rootedIn(all []*candidate, root string) []*candidate {
	return slices.DeleteFunc(slices.Clone(all), func(c *candidate) bool { return s.rootOf(c) != root })
}

// topServes reports whether the top is a service of its own, and not only what
// holds several.
func (s *scan) topServes(best *candidate, all []*candidate) bool {
	if slices.ContainsFunc(s.manifestsIn("."), (*manifest).forWeb) {
		return true
	}
	others := slices.MaxFunc(all, func(a, b *candidate) int {
		return s.otherWeight(a) - s.otherWeight(b)
	})
	if best.weight > 0 {
		return best.weight >= s.otherWeight(others)
	}
	return s.tree.hasManifest(".") && strings.Count(best.file, "/") < 2 && s.otherWeight(others) == 0
}

// otherWeight is the weight of a candidate that is not the top's.
func (s *scan) otherWeight(c *candidate) int {
	if s.rootOf(c) == "." {
		return 0
	}
	return c.weight
}

// roots lists the services of the tree, a line each, where there are several
// or the only one stands below the top.
func (s *scan) roots() []Root {
	if len(s.rootDirs) == 0 || len(s.rootDirs) == 1 && s.rootDirs[0] == "." {
		return nil
	}
	found := make([]Root, len(s.rootDirs))
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), 4, len(found)) {
		wg.Go(func() {
			for i := range next {
				found[i] = s.root(s.rootDirs[i])
			}
		})
	}
	for i := range found {
		next <- i
	}
	close(next)
	wg.Wait()
	found = slices.DeleteFunc(found, func(r Root) bool { return r.Value == "" })
	slices.SortFunc(found, func(a, b Root) int { return strings.Compare(a.Value, b.Value) })
	return found
}

// root inspects one of the folders as if it had been asked for alone.
func (s *scan) root(dir string) Root {
	t, err := newTree(filepath.Join(s.tree.dir, filepath.FromSlash(dir)))
	if err != nil {
		return Root{}
	}
	defer t.close()
	one := newScan(t)
	app := one.app()
	dependencies, _, _ := one.dependencies()
	at := app.Evidence
	if one.chosen != nil && at == "" {
		at = one.chosen.evidence
	}
	if at == "" && dir != "." {
		return Root{} // it holds other roots only
	}
	return Root{Value: dir, Evidence: path.Join(dir, at), App: app.Value, Dependencies: dependencies.Value}
}
