package e2e

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// TestShipStandardInput pipes a program's output to `elkhorn ship -`: once it has ended, every line is stored.
func TestShipStandardInput(t *testing.T) {
	t.Parallel()
	beats := "127.0.0.1:" + freePort(t)
	p := start(t, "up", "--data", t.TempDir(), "--http", "127.0.0.1:0", "--ui", "off", "--beats", beats, "--ingest", "off")
	var text strings.Builder
	const lines = 5000
	for i := range lines {
		fmt.Fprintf(&text, "%s printed by a program\n", lineKey(i))
	}
	command := exec.CommandContext(t.Context(), binary, "ship", "-", "--to", beats)
	command.Stdin = strings.NewReader(text.String())
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("ship -: %v\n%s", err, out)
	}
	found := p.keys("logs-*")
	if missing := missingKeys(found, lines, lineKey); len(missing) > 0 || surplus(found) > 0 {
		t.Errorf("%d lines are missing, %d are there twice", len(missing), surplus(found))
	}
	p.stop()
}

// TestTail follows events in the terminal: earlier ones first, then those that match as they come.
func TestTail(t *testing.T) {
	t.Parallel()
	p := startQuiet(t)
	write := func(level, message string) {
		t.Helper()
		p.mustCall("POST", "/app/_doc", fmt.Sprintf(`{"@timestamp":%q,"level":%q,"message":%q}`, time.Now().UTC().Format(time.RFC3339Nano), level, message), nil)
	}
	write("error", "an earlier one")
	command := exec.CommandContext(t.Context(), binary, "tail", "--url", p.api, "--json", "level:error")
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := command.Process.Kill(); err != nil {
			t.Error(err)
		}
		_ = command.Wait() // it was killed
	}()
	printed := make(chan string)
	go func() {
		defer close(printed)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			printed <- lines.Text()
		}
	}()
	expect := func(want string) {
		t.Helper()
		select {
		case line := <-printed:
			var event struct{ Message string }
			if err := json.Unmarshal([]byte(line), &event); err != nil || event.Message != want {
				t.Fatalf("printed %q, want the event %q", line, want)
			}
		case <-time.After(patience(t)):
			t.Fatalf("%q was not printed", want)
		}
	}
	expect("an earlier one")
	for i := range 5 {
		write("info", "of no interest")
		write("error", fmt.Sprintf("failure %d", i))
		expect(fmt.Sprintf("failure %d", i))
	}
	p.stop()
}

// TestDemo starts the demo workload: all of its indices fill, and it stops when it is told to, whatever is still to come.
func TestDemo(t *testing.T) {
	t.Parallel()
	p := start(t, "up", "--demo", "--data", t.TempDir(), "--http", "127.0.0.1:0", "--ui", "off", "--beats", "127.0.0.1:"+freePort(t),
		"--ingest", "127.0.0.1:"+freePort(t))
	for _, index := range []string{"chatgpt-logs-demo*", "llm-logs-demo*", "ml-inference-demo*"} {
		eventually(t, "events in "+index, func() (bool, string) {
			n := p.count(index, "")
			return n > 0, fmt.Sprintf("%d\n%s", n, &p.stderr)
		})
	}
	p.stop()
}
