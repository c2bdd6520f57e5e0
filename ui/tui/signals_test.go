//go:build unix

package tui

import (
	"os"
	"syscall"
	"testing"
)

func TestTerminalIsGivenBackAfterSignals(t *testing.T) {
	for _, s := range []syscall.Signal{syscall.SIGTERM, syscall.SIGHUP} {
		_, screen, end := running(t, t.Context(), found1)
		waitFor(t, screen, altOn)
		if err := syscall.Kill(os.Getpid(), s); err != nil {
			t.Fatal(err)
		}
		result, err := end()
		if err != nil || !result.Aborted {
			t.Errorf("%v: %+v, %v", s, result, err)
		}
		restored(t, screen)
	}
}
