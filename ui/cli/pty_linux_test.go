package cli

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// pty is a real terminal: the program gets its one end, the test has the other.
type pty struct {
	program *os.File // what the program reads and writes
	user    *os.File // what a person sees and types

	mu     sync.Mutex
	screen bytes.Buffer
	closed chan struct{}
}

func openPTY(t *testing.T, columns int) *pty {
	t.Helper()
	user, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skipf("no terminals here: %v", err)
	}
	fd := int(user.Fd())
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Skipf("no terminals here: %v", err)
	}
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Skipf("no terminals here: %v", err)
	}
	program, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("no terminals here: %v", err)
	}
	if err := unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: uint16(columns)}); err != nil {
		t.Fatal(err)
	}
	p := &pty{program: program, user: user, closed: make(chan struct{})}
	go func() {
		defer close(p.closed)
		part := make([]byte, 4096)
		for {
			n, err := user.Read(part)
			p.mu.Lock()
			p.screen.Write(part[:n])
			p.mu.Unlock()
			if err != nil {
				return
			}
		}
	}()
	t.Cleanup(func() { program.Close(); user.Close() })
	return p
}

// seen is what came to the screen so far, with the lines' ends of files.
func (p *pty) seen() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return strings.ReplaceAll(p.screen.String(), "\r\n", "\n")
}

// waits until text has come to the screen.
func (p *pty) waits(t *testing.T, text string) {
	t.Helper()
	for range 2000 {
		if strings.Contains(p.seen(), text) {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatalf("%q does not come; the screen has\n%s", text, p.seen())
}
