package engine

import (
	"os"
	"strconv"
	"strings"
	"syscall"
)

// systemMemory is the memory of the control group, or of the machine.
func systemMemory() int64 {
	total := int64(unknownMemory)
	var info syscall.Sysinfo_t
	if err := syscall.Sysinfo(&info); err == nil {
		total = int64(uint64(info.Totalram) * uint64(info.Unit))
	}
	for _, file := range []string{"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"} {
		text, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		if limit, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64); err == nil && limit > 0 {
			total = min(total, limit)
		}
	}
	return total
}
