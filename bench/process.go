package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// process is a program that is measured: a server, or a library in a program of its own.
type process struct {
	cmd     *exec.Cmd
	dir     string // its data folder
	started time.Time
	log     *tail
	exited  chan error
}

// startTimeout is how long a program may take to say that it is ready.
const startTimeout = 2 * time.Minute

// stopTimeout is how long it may take to end.
const stopTimeout = 2 * time.Minute

// startProcess starts a program whose log is what it writes to log, its standard error or output.
// What announced finds there first is returned. A nil announced waits for nothing.
func startProcess(ctx context.Context, cmd *exec.Cmd, dir string, log io.Reader, announced *regexp.Regexp) (*process, string, error) {
	p := &process{cmd: cmd, dir: dir, log: &tail{announced: announced}, exited: make(chan error, 1), started: time.Now()}
	if err := cmd.Start(); err != nil {
		return nil, "", fmt.Errorf("start %s: %w", cmd.Path, err)
	}
	found := make(chan string, 1)
	go func() {
		p.log.follow(log, found)
		p.exited <- cmd.Wait()
	}()
	if announced == nil {
		return p, "", nil
	}
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	select {
	case said := <-found:
		return p, said, nil
	case <-p.exited:
		return nil, "", fmt.Errorf("%s ended (%s) before it was ready\n%s", filepath.Base(cmd.Path), cmd.ProcessState, p.log)
	case <-ctx.Done():
		return nil, "", errors.Join(fmt.Errorf("%s did not say that it is ready: %w", filepath.Base(cmd.Path), ctx.Err()), p.kill())
	}
}

// stop ends the process with SIGTERM and waits for it.
func (p *process) stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return fmt.Errorf("stop %s: %w", filepath.Base(p.cmd.Path), err)
	}
	return p.wait()
}

// wait waits until the process has ended, and ends it when that takes too long.
func (p *process) wait() error {
	select {
	case err := <-p.exited:
		if err != nil {
			return fmt.Errorf("%s ended badly: %w\n%s", filepath.Base(p.cmd.Path), err, p.log)
		}
		return nil
	case <-time.After(stopTimeout):
		return errors.Join(fmt.Errorf("%s did not end within %s", filepath.Base(p.cmd.Path), stopTimeout), p.kill())
	}
}

func (p *process) kill() error {
	err := p.cmd.Process.Kill()
	<-p.exited
	return err
}

// server is a running `elkhorn server`.
type server struct {
	*process
	base string // http://127.0.0.1:PORT
}

// announcedAPI finds the REST API's address in what the server prints.
var announcedAPI = regexp.MustCompile(`Elasticsearch\s+(http://\S+)`)

// launch says how a server is started.
type launch struct {
	bin  string
	args []string // beyond the usual ones
	env  []string // likewise
}

// startServer starts the binary on a free port over a data folder and waits until it listens.
func startServer(ctx context.Context, l launch, dir string) (*server, error) {
	cmd := exec.Command(l.bin, append([]string{"server", "--data", dir, "--http", "127.0.0.1:0", "--ui", "off"}, l.args...)...)
	cmd.Env = append(os.Environ(), l.env...)
	stderr, err := cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	p, base, err := startProcess(ctx, cmd, dir, stderr, announcedAPI)
	if err != nil {
		return nil, err
	}
	return &server{process: p, base: base}, nil
}

// tail keeps the last lines of a program's own log for error messages. They are read only after the
// program has ended.
type tail struct {
	announced *regexp.Regexp
	lines     []string
}

func (t *tail) follow(r io.Reader, found chan<- string) {
	scanner := bufio.NewScanner(r)
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		line := scanner.Text()
		if t.announced != nil {
			if m := t.announced.FindStringSubmatch(line); m != nil {
				select {
				case found <- m[1]:
				default: // it was said before
				}
			}
		}
		t.lines = append(t.lines, line)
		if len(t.lines) > 40 {
			t.lines = t.lines[1:]
		}
	}
	_, _ = io.Copy(io.Discard, r) // a line beyond the buffer must not block the program
}

func (t *tail) String() string { return strings.Join(t.lines, "\n") }

// clockTicks is the unit of /proc/PID/stat in ticks a second; it is 100 on every Linux that Go supports.
const clockTicks = 100

// cpuSeconds is the processor time that the process has used: user and system, all threads, and the
// children that have ended.
func (p *process) cpuSeconds() (float64, error) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	return parseCPU(data)
}

// parseCPU adds user and system time of a stat line, the process's own and its ended children's. The
// second field is the program's name in parentheses, which may hold spaces, so that one counts from the
// last parenthesis.
func parseCPU(stat []byte) (float64, error) {
	end := bytes.LastIndexByte(stat, ')')
	fields := strings.Fields(string(stat[end+1:]))
	if end < 0 || len(fields) < 15 {
		return 0, fmt.Errorf("not a stat line: %q", stat)
	}
	ticks := 0.0
	for _, field := range fields[11:15] { // utime, stime, cutime, cstime: the 14th to the 17th of all
		n, err := strconv.ParseFloat(field, 64)
		if err != nil {
			return 0, fmt.Errorf("stat line: %w", err)
		}
		ticks += n
	}
	return ticks / clockTicks, nil
}

// memory is what the process holds at present and held at most, in bytes.
func (p *process) memory() (resident, peak int64, err error) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0, 0, err
	}
	for line := range strings.Lines(string(data)) {
		name, value, _ := strings.Cut(line, ":")
		if name != "VmRSS" && name != "VmHWM" {
			continue
		}
		kib, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 10, 64)
		if err != nil {
			return 0, 0, fmt.Errorf("%s: %w", name, err)
		}
		if name == "VmRSS" {
			resident = kib << 10
		} else {
			peak = kib << 10
		}
	}
	return resident, peak, nil
}

// diskBytes is what a folder takes on the disk: allocated blocks, not lengths.
func diskBytes(dir string) (int64, error) {
	var total int64
	err := filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // merged away meanwhile
		}
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		if st, ok := info.Sys().(*syscall.Stat_t); ok {
			total += st.Blocks * 512
		} else {
			total += info.Size()
		}
		return nil
	})
	return total, err
}
