package e2e

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// binary is the program under test.
var binary string

func TestMain(m *testing.M) {
	os.Exit(runTests(m))
}

// runTests builds the program once, for all tests.
func runTests(m *testing.M) int {
	if binary = os.Getenv("ELKHORN_BIN"); binary != "" {
		return m.Run()
	}
	dir, err := os.MkdirTemp("", "elkhorn-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	binary = filepath.Join(dir, "elkhorn")
	if out, err := exec.Command("go", "build", "-o", binary, "elkhorn/cmd/elkhorn").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build the program: %v\n%s", err, out)
		return 1
	}
	return m.Run()
}

// startTimeout bounds how long a process may take until it says that it is up. It is far beyond what a busy machine needs.
const startTimeout = 60 * time.Second

// process is one run of the program.
type process struct {
	tb  testing.TB
	cmd *exec.Cmd
	// api is the address of the REST API, http://127.0.0.1:PORT; "" until the process is up.
	api    string
	stderr logText
	up     chan struct{} // closed once the addresses are printed
	exited chan struct{} // closed once the process is gone; err is its end
	err    error
}

// logText is what a process has said so far.
type logText struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logText) add(line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text.WriteString(line)
}

func (l *logText) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// launch starts the program without waiting for it. The test kills it at its end.
func launch(tb testing.TB, environment []string, args ...string) *process {
	tb.Helper()
	p := &process{tb: tb, cmd: exec.Command(binary, args...), up: make(chan struct{}), exited: make(chan struct{})}
	p.cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + tb.TempDir(), "TMPDIR=" + os.TempDir()}, environment...)
	p.cmd.Dir = tb.TempDir()
	stderr, err := p.cmd.StderrPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	go p.follow(stderr)
	tb.Cleanup(p.kill)
	return p
}

// follow reads what the process says until it ends.
func (p *process) follow(stderr io.Reader) {
	lines := bufio.NewReader(stderr)
	for {
		line, err := lines.ReadString('\n')
		p.stderr.add(line)
		if fields := strings.Fields(line); len(fields) > 1 && fields[0] == "Elasticsearch" && p.api == "" {
			p.api = fields[1]
			close(p.up)
		}
		if err != nil {
			break
		}
	}
	p.err = p.cmd.Wait()
	close(p.exited)
}

// start runs the program and waits until it is up.
func start(tb testing.TB, args ...string) *process {
	tb.Helper()
	return launch(tb, nil, args...).wait()
}

// wait waits until the process is up, and fails the test when it ends instead.
func (p *process) wait() *process {
	p.tb.Helper()
	select {
	case <-p.up:
	case <-p.exited:
		p.tb.Fatalf("the program ended instead of starting: %v\n%s", p.err, &p.stderr)
	case <-time.After(startTimeout):
		p.tb.Fatalf("the program is not up after %s\n%s", startTimeout, &p.stderr)
	}
	return p
}

// kill ends the process as a power cut would: it gets no chance to do anything.
func (p *process) kill() {
	if err := p.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		p.tb.Errorf("kill: %v", err)
	}
	<-p.exited
}

// stopTimeout bounds an orderly end.
const stopTimeout = 60 * time.Second

// stop asks the process to end and checks that it does so without an error.
func (p *process) stop() {
	p.tb.Helper()
	p.terminate()
	select {
	case <-p.exited:
	case <-time.After(stopTimeout):
		p.tb.Fatalf("the program still runs %s after SIGTERM\n%s", stopTimeout, &p.stderr)
	}
	if p.err != nil {
		p.tb.Fatalf("the program ended with an error: %v\n%s", p.err, &p.stderr)
	}
}

func (p *process) terminate() {
	p.tb.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		p.tb.Fatalf("SIGTERM: %v\n%s", err, &p.stderr)
	}
}

// refused runs the program to its end, which must be a failure, and gives what it said.
func refused(tb testing.TB, args ...string) string {
	tb.Helper()
	p := launch(tb, nil, args...)
	select {
	case <-p.exited:
	case <-p.up:
		tb.Fatalf("%q started, though it should have been refused\n%s", args, &p.stderr)
	case <-time.After(startTimeout):
		tb.Fatalf("%q neither started nor ended\n%s", args, &p.stderr)
	}
	if p.err == nil {
		tb.Fatalf("%q ended without an error\n%s", args, &p.stderr)
	}
	return p.stderr.String()
}

// output runs the program to its end, which must be a success, and gives its standard output.
func output(tb testing.TB, args ...string) string {
	tb.Helper()
	out, err := exec.CommandContext(tb.Context(), binary, args...).Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			tb.Fatalf("%q: %v\n%s", args, err, exit.Stderr)
		}
		tb.Fatalf("%q: %v", args, err)
	}
	return string(out)
}

// freePort gives a port that nothing listens on. It lies below the range from which systems take the ports of outgoing
// connections, so that only another listener could take it.
func freePort(tb testing.TB) string {
	tb.Helper()
	for range 1000 {
		address := fmt.Sprintf("127.0.0.1:%d", 12_000+rand.IntN(18_000))
		l, err := net.Listen("tcp", address)
		if err != nil {
			continue
		}
		if err := l.Close(); err != nil {
			tb.Fatal(err)
		}
		_, port, err := net.SplitHostPort(address)
		if err != nil {
			tb.Fatal(err)
		}
		return port
	}
	tb.Fatal("no free port")
	return ""
}

// pollInterval is how often a running process is asked.
const pollInterval = 25 * time.Millisecond

// eventually asks ask until it says yes, and fails the test when its time is over. ask says what it saw instead.
func eventually(tb testing.TB, what string, ask func() (done bool, saw string)) {
	tb.Helper()
	limit := time.After(patience(tb))
	again := time.NewTicker(pollInterval)
	defer again.Stop()
	for {
		done, saw := ask()
		if done {
			return
		}
		select {
		case <-limit:
			tb.Fatalf("waited in vain for %s; last: %s", what, saw)
		case <-again.C:
		}
	}
}

// patience is how long to wait for what must happen: until shortly before the test binary gives up, two minutes at most.
func patience(tb testing.TB) time.Duration {
	const most = 2 * time.Minute
	t, ok := tb.(*testing.T)
	if !ok {
		return most
	}
	deadline, ok := t.Deadline()
	if !ok {
		return most
	}
	return min(most, time.Until(deadline)-10*time.Second)
}

// testdata is the folder of printed configurations and real logs.
func testdata(t *testing.T, elements ...string) string {
	t.Helper()
	dir := os.Getenv("ELKHORN_TESTDATA")
	if dir == "" {
		t.Skip("ELKHORN_TESTDATA is not set")
	}
	return filepath.Join(append([]string{dir}, elements...)...)
}

func readFile(tb testing.TB, path string) string {
	tb.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	return string(text)
}

// writeFile writes a file below a folder and gives its path.
func writeFile(tb testing.TB, dir, name, text string) string {
	tb.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		tb.Fatal(err)
	}
	return path
}
