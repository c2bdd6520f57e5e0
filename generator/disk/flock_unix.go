//go:build unix

package disk

import (
	"errors"
	"os"
	"syscall"
)

// claim reports whether nobody else holds this file; the claim ends with the
// process, however that ends. A file system that knows no locks lets everybody in.
func claim(file *os.File) bool {
	err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	return !errors.Is(err, syscall.EWOULDBLOCK)
}
