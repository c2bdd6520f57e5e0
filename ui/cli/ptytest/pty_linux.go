package ptytest

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

// A Terminal has two ends: the program's, and that of who sits before it.
type Terminal struct {
	Program *os.File // what the program reads and writes

	user   *os.File
	mu     sync.Mutex
	screen bytes.Buffer
}

// Open returns a terminal of 24 lines, or skips the test where there is none
// to be had.
func Open(t *testing.T, columns int) *Terminal {
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
	p := &Terminal{Program: program, user: user}
	go func() {
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
	t.Cleanup(func() {
		_ = program.Close()
		_ = user.Close()
	})
	return p
}

// Type types text, and keys as a terminal sends them.
func (p *Terminal) Type(t *testing.T, keys string) {
	t.Helper()
	if _, err := p.user.WriteString(keys); err != nil {
		t.Fatal(err)
	}
}

// Seen is all that came to the screen, with the ends of lines as in files.
func (p *Terminal) Seen() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return strings.ReplaceAll(p.screen.String(), "\r\n", "\n")
}

// Forget lets Seen begin anew.
func (p *Terminal) Forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.screen.Reset()
}

// Waits until text has come to the screen.
func (p *Terminal) Waits(t *testing.T, text string) {
	t.Helper()
	for range 4000 {
		if strings.Contains(p.Seen(), text) {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatalf("%q does not come; the screen has\n%q", text, p.Seen())
}
