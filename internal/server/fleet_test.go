package server

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"elkhorn/internal/pipeline/settings"
)

// lockedBuffer is what pipelines print.
type lockedBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

func text(id, conf string) PipelineConfig {
	return PipelineConfig{ID: id, Text: conf, Settings: settings.Defaults().Pipeline}
}

func noEnv(string) (string, bool) { return "", false }

// printing are options whose standard input is in and whose output is returned.
func printing(t *testing.T, in string, configs ...PipelineConfig) (Options, *lockedBuffer) {
	out := &lockedBuffer{}
	return Options{DataDir: t.TempDir(), Pipelines: configs, LookupEnv: noEnv, Stdin: strings.NewReader(in), Stdout: out, Logger: slog.New(slog.DiscardHandler)}, out
}

const printed = ` output { stdout { codec => line { format => "%{by} %{message}" } } }`

// TestPipelineToPipeline: each address gets every event, order is kept from the first to the last, and the process ends when the only source
// has, with nothing left under way.
func TestPipelineToPipeline(t *testing.T) {
	for _, persisted := range []bool{false, true} {
		var in strings.Builder
		for n := range 500 {
			fmt.Fprintf(&in, "%d\n", n)
		}
		configs := []PipelineConfig{
			text("archive", `input { pipeline { address => "archive" } } filter { mutate { add_field => { "by" => "archive" } } }`+printed),
			text("alerts", `input { pipeline { address => "alerts" } } filter { if [message] !~ /7$/ { drop {} } mutate { add_field => { "by" => "alerts" } } }`+printed),
			text("intake", `input { stdin {} } output { pipeline { send_to => ["archive", "alerts"] } }`),
		}
		for i := range configs {
			configs[i].Settings.Ordered, configs[i].Settings.Queue.Persisted = true, persisted
		}
		opts, out := printing(t, in.String(), configs...)
		if err := RunPipelines(t.Context(), opts); err != nil {
			t.Fatal(err)
		}
		got := map[string][]string{}
		for line := range strings.Lines(out.String()) {
			by, message, _ := strings.Cut(strings.TrimSpace(line), " ")
			got[by] = append(got[by], message)
		}
		if len(got["archive"]) != 500 || len(got["alerts"]) != 50 || got["archive"][499] != "499" || !slices.IsSortedFunc(got["archive"], func(a, b string) int { return len(a) - len(b) }) {
			t.Errorf("persisted %v: %d and %d events", persisted, len(got["archive"]), len(got["alerts"]))
		}
	}
}

// TestNobodyListens: without ensure_delivery events for a pipeline that is not there are dropped, and the rest goes on.
func TestNobodyListens(t *testing.T) {
	opts, out := printing(t, "a\nb\n", text("intake", `input { stdin {} } output { pipeline { send_to => "nowhere" ensure_delivery => false } stdout { codec => line } }`))
	if err := RunPipelines(t.Context(), opts); err != nil {
		t.Fatal(err)
	}
	if got := out.String(); strings.Count(got, "\n") != 2 {
		t.Errorf("printed %q", got)
	}
}

// TestLinksAreChecked: what cannot be joined is refused before anything runs.
func TestLinksAreChecked(t *testing.T) {
	link := func(id, from, to string) PipelineConfig {
		return text(id, fmt.Sprintf(`input { pipeline { address => "%s" } } output { pipeline { send_to => ["%s"] } }`, from, to))
	}
	for _, c := range []struct {
		configs []PipelineConfig
		want    string
	}{
		{[]PipelineConfig{link("a", "x", "y"), link("b", "y", "z"), link("c", "z", "x")}, "in a circle: a → b → c → a"},
		{[]PipelineConfig{link("a", "x", "x")}, "in a circle: a → a"},
		{[]PipelineConfig{link("a", "x", "q"), link("b", "x", "r")}, `another input of pipeline a listens at the address "x"`},
		{[]PipelineConfig{text("a", `input { pipeline {} } output { stdout {} }`)}, `option "address": is required`},
		{[]PipelineConfig{text("a", `input { stdin {} } output { pipeline { } }`)}, `option "send_to": is required`},
	} {
		opts, _ := printing(t, "", c.configs...)
		if err := RunPipelines(t.Context(), opts); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
}

// running is a server with pipelines that the test changes.
type runningFleet struct {
	*Server
	t    *testing.T
	dir  string
	out  *lockedBuffer
	log  *lockedBuffer
	conf string
}

// startFleet runs a pipeline of a file, whose text has the input's place as %s.
func startFleet(t *testing.T, conf string) *runningFleet {
	t.Helper()
	return startFleetOf(t, conf, nil)
}

// startFleetOf is startFleet with settings.
func startFleetOf(t *testing.T, conf string, node *settings.Node) *runningFleet {
	t.Helper()
	return startFleetAt(t, conf, node, nil)
}

// startFleetAt is startFleetOf with a clock, nil being the system's.
func startFleetAt(t *testing.T, conf string, node *settings.Node, now func() time.Time) *runningFleet {
	t.Helper()
	r := &runningFleet{t: t, dir: t.TempDir(), log: &lockedBuffer{}}
	r.conf = filepath.Join(r.dir, "main.conf")
	r.write(conf)
	pc := PipelineConfig{ID: "main", Paths: []string{r.conf}, Inputs: map[string]string{"http": "127.0.0.1:0"}, Settings: settings.Defaults().Pipeline}
	if node != nil {
		pc.Settings = node.Pipeline
	}
	opts, out := printing(t, "", pc)
	opts.Node, opts.Now = node, now
	opts.LogLevel = &slog.LevelVar{}
	opts.Logger = slog.New(slog.NewTextHandler(r.log, &slog.HandlerOptions{Level: opts.LogLevel}))
	r.out, r.Server = out, newServer(opts)
	r.senders.begin(context.Background())
	r.receivers.begin(context.Background())
	if err := r.startPipelines(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

func (r *runningFleet) write(conf string) {
	r.t.Helper()
	if err := os.WriteFile(r.conf, []byte(conf), 0o600); err != nil {
		r.t.Fatal(err)
	}
}

func (r *runningFleet) reload() ReloadReport {
	r.t.Helper()
	report, err := r.Reload(r.t.Context())
	if err != nil {
		r.t.Fatal(err)
	}
	return report
}

func overHTTP(by string) string {
	return `input { http { host => "127.0.0.1" port => 0 } } filter { mutate { add_field => { "by" => "` + by + `" } } }` + printed
}

// TestReloadRefusesNoConnection: under a stream of requests, each on a connection of its own, pipelines are swapped again and again: no
// connection is refused, and every event that was answered as taken is there.
func TestReloadRefusesNoConnection(t *testing.T) {
	r := startFleet(t, overHTTP("v0"))
	address := r.Inputs()["http"]
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	var sent atomic.Int64
	// send sends one event until it is answered as taken. An input that ends may cut off or put off what it has accepted already.
	send := func() {
		n := sent.Add(1)
		for {
			resp, err := client.Post("http://"+address, "text/plain", strings.NewReader(fmt.Sprint("event-", n, ".")))
			if errors.Is(err, syscall.ECONNREFUSED) {
				t.Error(err)
				return
			}
			if err != nil {
				continue
			}
			_, err = io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
			switch {
			case err == nil && resp.StatusCode == http.StatusOK:
				return
			case resp.StatusCode != http.StatusServiceUnavailable:
				t.Errorf("%s, %v", resp.Status, err)
				return
			}
		}
	}
	stop := make(chan struct{})
	var senders sync.WaitGroup
	for range 3 {
		senders.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					send()
				}
			}
		})
	}
	for v := 1; v <= 5; v++ {
		r.write(overHTTP(fmt.Sprint("v", v)))
		if report := r.reload(); !slices.Equal(report.Reloaded, []string{"main"}) {
			t.Errorf("reload %d: %+v", v, report)
		}
		if got := r.Inputs()["http"]; got != address {
			t.Errorf("the input moved to %s", got)
		}
	}
	close(stop)
	senders.Wait()
	send() // to the last one, if no other was
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	out := r.out.String()
	for n := range sent.Load() {
		if !strings.Contains(out, fmt.Sprint("event-", n+1, ".")) {
			t.Errorf("event %d is lost", n+1)
		}
	}
	if !strings.Contains(out, "v5 event-") {
		t.Errorf("the last configuration did not work: %.300s", out)
	}
}

// TestReloadKeepsWhatRuns: a faulty configuration changes nothing and says why; one that is as it was is left alone.
func TestReloadKeepsWhatRuns(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	_, port, _ := net.SplitHostPort(taken.Addr().String())
	r := startFleet(t, overHTTP("good"))
	if report := r.reload(); !slices.Equal(report.Unchanged, []string{"main"}) || len(report.Reloaded) != 0 {
		t.Errorf("an unchanged file: %+v", report)
	}
	for _, c := range []struct{ conf, want string }{
		{"input { http { port => 0 }", "main.conf:1:"},
		{"input { htpp { port => 0 } } output { stdout {} }", `did you mean "http"?`},
		{"", "main.conf"},
		{`input { tcp { host => "127.0.0.1" port => ` + port + ` } http { host => "127.0.0.1" port => 0 } } output { stdout {} }`, "address already in use"},
		{`input { pipeline { address => "x" } } output { pipeline { send_to => "x" } }`, "in a circle"},
	} {
		r.write(c.conf)
		if c.conf == "" {
			if err := os.Remove(r.conf); err != nil {
				t.Fatal(err)
			}
		}
		report := r.reload()
		if !strings.Contains(report.Failed["main"], c.want) {
			t.Errorf("%q: %+v, want %s", c.conf, report, c.want)
		}
		resp, err := http.Post("http://"+r.Inputs()["http"], "text/plain", strings.NewReader("still here"))
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			t.Errorf("%q: the old pipeline answers %s", c.conf, resp.Status)
		}
	}
	if !strings.Contains(r.log.String(), "what ran before goes on") {
		t.Errorf("the log says nothing: %s", r.log.String())
	}
}
