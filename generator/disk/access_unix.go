//go:build unix

package disk

import "syscall"

// Writable says why nothing can be written into a folder, without trying.
func Writable(dir string) error {
	const write, search = 2, 1 // as access(2) has them
	return syscall.Access(dir, write|search)
}
