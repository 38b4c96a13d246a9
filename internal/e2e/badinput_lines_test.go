package e2e

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"

	"elkhorn/internal/lumberjack"
)

// hugePipeline takes lines by each protocol through a queue on disk that holds no more than a few of them.
const hugePipeline = `input {
  beats { host => "127.0.0.1" port => %s type => "beats" }
  http { host => "127.0.0.1" port => %s type => "http" }
  tcp { host => "127.0.0.1" port => %s type => "tcp" }
}
output { elasticsearch { hosts => ["http://elasticsearch:9200"] index => "huge-%%{type}" } }
`

// memoryForHugeLines bounds what a process may need for lines of 20 MB, six of which come at nearly the same time: bytes, event, record and bulk
// request of each, and not all at once.
const memoryForHugeLines = 1200 << 20

// TestHugeLinesOverNetwork sends lines of nearly 20 MB and invalid bytes among others by Beats, HTTP and TCP: all arrive, nothing else is
// harmed, and the memory is bounded.
func TestHugeLinesOverNetwork(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ports := []any{freePort(t), freePort(t), freePort(t)}
	writeFile(t, dir, "huge.conf", fmt.Sprintf(hugePipeline, ports...))
	list := writeFile(t, dir, "pipelines.yml", "- pipeline.id: huge\n  path.config: huge.conf\n  queue: {type: persisted, page_capacity: 32mb, max_bytes: 64mb}\n")
	p := start(t, "up", "--data", t.TempDir(), "--http", "127.0.0.1:0", "--ui", "off", "--pipelines", list)
	huge := strings.Repeat("0123456789abcdef", (hugeLineBytes-4096)/16)
	lines := []string{"first", huge, "invalid \xff\xfe bytes", huge, "last"}

	sent := make(chan error, len(ports))
	go func() { sent <- sendBeats("127.0.0.1:"+ports[0].(string), lines) }()
	go func() { sent <- sendHTTP("http://127.0.0.1:"+ports[1].(string), lines) }()
	go func() { sent <- sendTCP("127.0.0.1:"+ports[2].(string), lines) }()
	for range ports {
		if err := <-sent; err != nil {
			t.Fatalf("%v\n%s", err, &p.stderr)
		}
	}
	for _, index := range []string{"huge-beats", "huge-http", "huge-tcp"} {
		p.waitForCount(index, "", len(lines))
		messages := map[string]int{}
		p.scan(index, matchAll, func(d document) {
			message := d.fields(t)["message"].(string)
			if message == huge {
				message = "huge"
			}
			messages[message]++
		})
		if messages["first"] != 1 || messages["huge"] != 2 || messages["invalid \ufffd\ufffd bytes"] != 1 || messages["last"] != 1 {
			t.Errorf("%s: of %d lines there are %d huge ones, and %d others", index, len(lines), messages["huge"], len(messages))
		}
	}
	if peak := p.peakMemory(); peak > memoryForHugeLines {
		t.Errorf("the process needed %d MB", peak>>20)
	} else {
		t.Logf("the process needed %d MB at most", peak>>20)
	}
	p.stop()
}

// peakMemory is the most that the process had in memory, in bytes; 0 where the system does not tell.
func (p *process) peakMemory() int64 {
	p.tb.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kilobytes, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			if err != nil {
				p.tb.Fatal(err)
			}
			return kilobytes << 10
		}
	}
	return 0
}

// sendBeats sends lines as events of one window and waits until they are acknowledged.
func sendBeats(address string, lines []string) error {
	encoder, err := lumberjack.NewEncoder(3)
	if err != nil {
		return err
	}
	var events [][]byte
	for _, line := range lines {
		text, err := json.Marshal(line) // which puts U+FFFD for invalid bytes, as shippers do
		if err != nil {
			return err
		}
		events = append(events, fmt.Appendf(nil, `{"@timestamp":"2026-03-01T12:00:00.000Z","message":%s}`, text))
	}
	window, err := encoder.Window(events)
	if err != nil {
		return err
	}
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := conn.Write(window); err != nil {
		return fmt.Errorf("beats: %w", err)
	}
	answers := bufio.NewReader(conn)
	for {
		sequence, err := lumberjack.ReadACK(answers)
		if err != nil {
			return fmt.Errorf("beats: %w", err)
		}
		if int(sequence) == len(events) {
			return nil
		}
	}
}

// sendHTTP posts each line until it is taken: a full queue answers 429.
func sendHTTP(url string, lines []string) error {
	for _, line := range lines {
		for {
			resp, err := http.Post(url, "text/plain", strings.NewReader(line))
			if err != nil {
				return err
			}
			if err := resp.Body.Close(); err != nil {
				return err
			}
			if resp.StatusCode == http.StatusTooManyRequests {
				continue
			}
			if resp.StatusCode != http.StatusOK {
				return fmt.Errorf("http: %s", resp.Status)
			}
			break
		}
	}
	return nil
}

func sendTCP(address string, lines []string) error {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return err
	}
	defer conn.Close()
	_, err = conn.Write([]byte(strings.Join(lines, "\n") + "\n"))
	return err
}
