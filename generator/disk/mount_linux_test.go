package disk

import "syscall"

// mount makes a file system in memory, or changes the one that is there.
func mount(dir string, readOnly bool, options string) error {
	var flags uintptr
	if readOnly {
		flags = syscall.MS_REMOUNT | syscall.MS_RDONLY
	}
	return syscall.Mount("tmpfs", dir, "tmpfs", flags, options)
}

func unmount(dir string) error { return syscall.Unmount(dir, 0) }
