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

// server is a running `elkhorn server`.
type server struct {
	cmd     *exec.Cmd
	dir     string
	base    string // http://127.0.0.1:PORT
	started time.Time
	log     *tail
	exited  chan error
}

// startTimeout is how long a server may take to say where it listens.
const startTimeout = 60 * time.Second

// announced finds the REST API's address in what the server prints.
var announced = regexp.MustCompile(`Elasticsearch\s+(http://\S+)`)

// startServer starts the binary on a free port over a data folder and waits until it listens.
func startServer(ctx context.Context, bin, dir string) (*server, error) {
	s := &server{dir: dir, log: &tail{}, exited: make(chan error, 1), started: time.Now()}
	s.cmd = exec.Command(bin, "server", "--data", dir, "--http", "127.0.0.1:0", "--ui", "off")
	stderr, err := s.cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := s.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", bin, err)
	}
	address := make(chan string, 1)
	go func() {
		s.log.follow(stderr, address)
		s.exited <- s.cmd.Wait()
	}()
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	select {
	case s.base = <-address:
		return s, nil
	case <-s.exited:
		return nil, fmt.Errorf("the server ended (%s) before it listened\n%s", s.cmd.ProcessState, s.log)
	case <-ctx.Done():
		err := s.cmd.Process.Kill()
		<-s.exited
		return nil, errors.Join(fmt.Errorf("the server did not say where it listens: %w\n%s", ctx.Err(), s.log), err)
	}
}

// stop ends the server with SIGTERM and waits for it.
func (s *server) stop() error {
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return fmt.Errorf("stop the server: %w", err)
	}
	if err := <-s.exited; err != nil {
		return fmt.Errorf("the server ended badly: %w\n%s", err, s.log)
	}
	return nil
}

// tail keeps the last lines of the server's own log for error messages. They are read only after the
// server has ended.
type tail struct{ lines []string }

func (t *tail) follow(r io.Reader, address chan<- string) {
	scanner := bufio.NewScanner(r)
	for scanner.Scan() {
		line := scanner.Text()
		if m := announced.FindStringSubmatch(line); m != nil {
			select {
			case address <- m[1]:
			default: // it was said before
			}
		}
		t.lines = append(t.lines, line)
		if len(t.lines) > 40 {
			t.lines = t.lines[1:]
		}
	}
}

func (t *tail) String() string { return strings.Join(t.lines, "\n") }

// clockTicks is the unit of /proc/PID/stat in ticks a second; it is 100 on every Linux that Go supports.
const clockTicks = 100

// cpuSeconds is the processor time that the server has used, its children left out.
func (s *server) cpuSeconds() (float64, error) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	return parseCPU(data)
}

// parseCPU adds user and system time of a stat line. The second field is the program's name in
// parentheses, which may hold spaces, so that one counts from the last parenthesis.
func parseCPU(stat []byte) (float64, error) {
	end := bytes.LastIndexByte(stat, ')')
	fields := strings.Fields(string(stat[end+1:]))
	if end < 0 || len(fields) < 13 {
		return 0, fmt.Errorf("not a stat line: %q", stat)
	}
	ticks := 0.0
	for _, field := range fields[11:13] { // utime and stime, the 14th and 15th of all
		n, err := strconv.ParseFloat(field, 64)
		if err != nil {
			return 0, fmt.Errorf("stat line: %w", err)
		}
		ticks += n
	}
	return ticks / clockTicks, nil
}

// memory is what the server holds at present and held at most, in bytes.
func (s *server) memory() (resident, peak int64, err error) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
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
