//go:build unix

package monitor

import (
	"syscall"
	"time"
)

// usage returns the processor time that the process has had and how many files it may open.
func usage() (cpu time.Duration, maxFiles uint64, ok bool) {
	var u syscall.Rusage
	var files syscall.Rlimit
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil || syscall.Getrlimit(syscall.RLIMIT_NOFILE, &files) != nil {
		return 0, 0, false
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()), uint64(files.Cur), true
}
