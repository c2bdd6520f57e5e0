package conformance

import (
	"fmt"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// A load asks a service on loopback again and again, as several clients do at
// once, until it is ended or reaches its bounds.
type load struct {
	quit chan struct{}
	done sync.WaitGroup
	left atomic.Int64
	mu   sync.Mutex
	seen loadResult
}

type loadResult struct {
	total   int
	failed  []string
	bodies  map[string]int // of /version
	stopped bool           // by its bounds, before it was ended
	took    time.Duration
}

func (r loadResult) String() string {
	return fmt.Sprintf("%d requests in %v, %d failed, answered by %v", r.total, r.took.Round(100*time.Millisecond), len(r.failed), r.bodies)
}

// What one load may send at most.
const (
	mostRequests = 20_000
	longestLoad  = 3 * time.Minute
)

// startLoad starts eight clients: four that connect anew each time, as most of
// a cluster's do, two that keep their connection, as ingress controllers do,
// and two whose requests take a second.
func startLoad(address string) *load {
	l := &load{quit: make(chan struct{}), seen: loadResult{bodies: map[string]int{}}}
	l.left.Store(mostRequests)
	start := time.Now()
	for i := range 8 {
		client := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{DisableKeepAlives: i < 4}}
		url := address + "/version"
		if i >= 6 {
			url = address + "/slow?seconds=1"
		}
		l.done.Go(func() {
			defer client.CloseIdleConnections()
			for {
				select {
				case <-l.quit:
					return
				case <-time.After(40 * time.Millisecond):
				}
				if time.Since(start) > longestLoad || l.left.Add(-1) < 0 {
					l.mu.Lock()
					l.seen.stopped = true
					l.mu.Unlock()
					return
				}
				l.ask(client, url, i < 6, start)
			}
		})
	}
	l.done.Go(func() { <-l.quit; l.seen.took = time.Since(start) })
	return l
}

func (l *load) ask(client *http.Client, url string, version bool, start time.Time) {
	at := time.Since(start).Round(time.Millisecond)
	response, err := client.Get(url)
	var body []byte
	if err == nil {
		body, err = io.ReadAll(response.Body)
		response.Body.Close()
	}
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", url, response.Status)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seen.total++
	switch {
	case err != nil:
		l.seen.failed = append(l.seen.failed, fmt.Sprintf("begun after %v, ended after %v: %v", at, time.Since(start).Round(time.Millisecond), err))
	case version:
		l.seen.bodies[string(body)]++
	}
}

// end waits for the requests in flight and returns what came of all.
func (l *load) end() loadResult {
	close(l.quit)
	l.done.Wait()
	return l.seen
}
