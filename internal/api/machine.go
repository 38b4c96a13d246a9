package api

import (
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"
)

// machine is what the operating system says of the machine and of this process. What it does not say stays zero: other systems
// than Linux have no /proc.
type machine struct {
	memTotal, memFree   int64 // bytes; free is what can be had without swapping
	swapTotal, swapFree int64
	load                [3]float64
	loadKnown           bool
	cpuPercent          int64 // of the machine, since the last look
	processPercent      int64 // of the machine, by this process
	processCPU          time.Duration
	virtualBytes        int64
	openFiles, maxFiles int64
}

var processID = int64(os.Getpid())

// cpuSample is what the counters said at the last look.
type cpuSample struct {
	mu                  sync.Mutex
	busy, total         int64 // ticks of the machine
	process             int64 // ticks of this process
	percent, ownPercent int64
}

var lastCPU cpuSample

// tick is the unit of /proc's CPU times.
const tick = 10 * time.Millisecond

// procLines reads a file of /proc, nil when there is none.
func procLines(name string) []string {
	data, err := os.ReadFile("/proc/" + name)
	if err != nil {
		return nil
	}
	return strings.Split(string(data), "\n")
}

// number reads a field that is a number; what is none is zero.
func number(fields []string, i int) int64 {
	if i >= len(fields) {
		return 0
	}
	n, err := strconv.ParseInt(fields[i], 10, 64)
	if err != nil {
		return 0
	}
	return n
}

func readMachine() machine {
	m := machine{}
	for _, line := range procLines("meminfo") {
		fields := strings.Fields(line)
		if len(fields) < 2 {
			continue
		}
		kib := number(fields, 1) << 10
		switch fields[0] {
		case "MemTotal:":
			m.memTotal = kib
		case "MemAvailable:":
			m.memFree = kib
		case "SwapTotal:":
			m.swapTotal = kib
		case "SwapFree:":
			m.swapFree = kib
		}
	}
	m.readLoad()
	m.readProcess()
	m.readCPU()
	return m
}

func (m *machine) readLoad() {
	lines := procLines("loadavg")
	if len(lines) == 0 {
		return
	}
	fields := strings.Fields(lines[0])
	for i := range m.load {
		if i >= len(fields) {
			return
		}
		v, err := strconv.ParseFloat(fields[i], 64)
		if err != nil {
			return
		}
		m.load[i] = v
	}
	m.loadKnown = true
}

// statFields are the fields of /proc/self/stat after the program's name, which may have blanks.
func statFields() []string {
	lines := procLines("self/stat")
	if len(lines) == 0 {
		return nil
	}
	_, rest, _ := strings.Cut(lines[0], ") ")
	return strings.Fields(rest)
}

func (m *machine) readProcess() {
	fields := statFields()
	m.processCPU = time.Duration(number(fields, 11)+number(fields, 12)) * tick
	m.virtualBytes = number(fields, 20)
	if entries, err := os.ReadDir("/proc/self/fd"); err == nil {
		m.openFiles = int64(len(entries))
	}
	for _, line := range procLines("self/limits") {
		if rest, ok := strings.CutPrefix(line, "Max open files"); ok {
			m.maxFiles = number(strings.Fields(rest), 0)
		}
	}
}

// readCPU compares the counters with those of the last look.
func (m *machine) readCPU() {
	lines := procLines("stat")
	if len(lines) == 0 {
		return
	}
	fields := strings.Fields(lines[0])
	total, idle := int64(0), int64(0)
	for i := 1; i < len(fields) && i <= 8; i++ {
		total += number(fields, i)
		if i == 4 || i == 5 { // idle, waiting for disks
			idle += number(fields, i)
		}
	}
	own := int64(m.processCPU / tick)
	lastCPU.mu.Lock()
	defer lastCPU.mu.Unlock()
	if passed := total - lastCPU.total; passed > 0 {
		lastCPU.percent = 100 * (total - idle - lastCPU.busy) / passed
		lastCPU.ownPercent = 100 * (own - lastCPU.process) / passed
		lastCPU.busy, lastCPU.total, lastCPU.process = total-idle, total, own
	}
	m.cpuPercent, m.processPercent = min(max(lastCPU.percent, 0), 100), min(max(lastCPU.ownPercent, 0), 100)
}

// memPercent is how much of the machine's memory is in use.
func (m *machine) memPercent() int64 {
	if m.memTotal == 0 {
		return 0
	}
	return 100 * (m.memTotal - m.memFree) / m.memTotal
}

// osName is the system's name as Elasticsearch prints it.
// osVersion is the kernel's release, or "unknown" where the system does not tell.
var osVersion = sync.OnceValue(func() string {
	release, err := os.ReadFile("/proc/sys/kernel/osrelease")
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(release))
})

func osName() string {
	if runtime.GOOS == "linux" {
		return "Linux"
	}
	return runtime.GOOS
}
