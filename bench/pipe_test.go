package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestMain lets the test binary stand for a rival's program.
func TestMain(m *testing.M) {
	if os.Getenv("BENCH_FAKE_RIVAL") != "" {
		fakeRival()
		return
	}
	os.Exit(m.Run())
}

// fakeRival counts the requests that it was given, has no averages, and crashes on demand.
func fakeRival() {
	fmt.Println(`{"version":"7"}`)
	lines := bufio.NewScanner(os.Stdin)
	for n := 1; lines.Scan(); n++ {
		var r pipeRequest
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			fmt.Printf("{\"error\":%q}\n", err)
			continue
		}
		switch {
		case r.Op == "load" && len(r.Files) == 0:
			fmt.Println(`{"error":"no files"}`)
		case r.Row == "l":
			fmt.Println(`{"cannot":"no averages"}`)
		case r.Row == "m":
			fmt.Fprintln(os.Stderr, "out of luck")
			os.Exit(3)
		case r.Op == "run":
			fmt.Printf("{\"took_ns\":5000000,\"results\":[{\"columns\":[\"total\"],\"rows\":[[%d]]}]}\n", n)
		default:
			fmt.Println(`{}`)
		}
	}
}

func TestPipeEngine(t *testing.T) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "BENCH_FAKE_RIVAL=1")
	truth := countTruth(1, 1000)
	e, err := startPipe(t.Context(), cmd, t.TempDir(), "", truth)
	if err != nil {
		t.Fatal(err)
	}
	if e.version() != "7" {
		t.Errorf("version %q", e.version())
	}
	if err := e.load(t.Context(), &staged{files: []string{"x"}}, nil); err != nil {
		t.Error(err)
	}
	if err := e.load(t.Context(), &staged{}, nil); err == nil || err.Error() != "no files" {
		t.Errorf("a fault of the rival became %v", err)
	}
	a, took, err := e.ask(t.Context(), &query{row: "a"})
	if err != nil || a.Hits.Total.Value != 3 || took.Milliseconds() != 5 {
		t.Errorf("%d in %s, %v; want 3 in 5 ms, which is the rival's own clock", a.Hits.Total.Value, took, err)
	}
	var cannot cannotError
	if _, _, err := e.ask(t.Context(), &query{row: "l"}); !errors.As(err, &cannot) {
		t.Errorf("a query that it has not gave %v", err)
	}
	if seconds, err := e.proc().cpuSeconds(); err != nil || seconds > 60 {
		t.Errorf("%v CPU seconds, %v", seconds, err)
	}
	if _, _, err := e.ask(t.Context(), &query{row: "m"}); err == nil || !strings.Contains(err.Error(), "out of luck") {
		t.Errorf("a crash gave %v, which does not hold what the program said", err)
	}
}

func TestPipeEngineStopsInOrder(t *testing.T) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "BENCH_FAKE_RIVAL=1")
	e, err := startPipe(t.Context(), cmd, t.TempDir(), "", countTruth(1, 1000))
	if err != nil {
		t.Fatal(err)
	}
	if err := e.stop(); err != nil {
		t.Error(err)
	}
}
