package server

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// TestCloseLeavesNoGoroutine starts every part at once, uses the API, and looks for what is left after Close.
func TestCloseLeavesNoGoroutine(t *testing.T) {
	dir := t.TempDir()
	logs := filepath.Join(dir, "app.log")
	if err := os.WriteFile(logs, []byte("one\ntwo\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := Start(t.Context(), Options{
		DataDir: filepath.Join(dir, "data"),
		HTTP:    Address{HostPort: "127.0.0.1:0", Explicit: true},
		UI:      Address{HostPort: "127.0.0.1:0", Explicit: true},
		Pipelines: []PipelineConfig{{ID: "main", Text: `
input {
  beats { host => "127.0.0.1" port => 0 }
  http { host => "127.0.0.1" port => 0 }
  tcp { host => "127.0.0.1" port => 0 }
}
output { elasticsearch { index => "events" } }`}},
		Files:     []string{logs},
		Demo:      true,
		DemoRate:  100,
		LookupEnv: func(string) (string, bool) { return "", false },
		Stdin:     strings.NewReader(""),
		Stdout:    io.Discard,
		Logger:    slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, addr := range []string{s.HTTPAddr(), s.UIAddr()} {
		resp, err := http.Get("http://" + addr + "/")
		if err != nil {
			t.Fatal(err)
		}
		if err := resp.Body.Close(); err != nil || resp.StatusCode != http.StatusOK {
			t.Errorf("%s answers %s, %v", addr, resp.Status, err)
		}
	}
	if running() == "" {
		t.Fatal("no goroutine is seen while the server runs")
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	http.DefaultClient.CloseIdleConnections()
	left := running()
	for limit := time.Now().Add(time.Minute); left != "" && time.Now().Before(limit); {
		runtime.Gosched() // a goroutine that has said it is done may still be on its way out
		left = running()
	}
	if left != "" {
		t.Errorf("left after Close:\n%s", left)
	}
}

// running returns the stacks of the goroutines that the program's own code started.
func running() string {
	buf := make([]byte, 1<<20)
	var left []string
	for stack := range bytes.SplitSeq(buf[:runtime.Stack(buf, true)], []byte("\n\n")) {
		if bytes.Contains(stack, []byte("created by elkhorn/")) {
			left = append(left, string(stack))
		}
	}
	return strings.Join(left, "\n\n")
}
