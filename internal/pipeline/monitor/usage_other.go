//go:build !unix

package monitor

import "time"

// usage is not known here.
func usage() (cpu time.Duration, maxFiles uint64, ok bool) { return 0, 0, false }
