package server

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"elkhorn/internal/pipeline/queue"
	"elkhorn/internal/pipeline/settings"
	"elkhorn/internal/vfs"
)

// shown is what the monitoring API says of a plugin's troubles.
type shown struct {
	ID      string
	Trouble struct {
		Warnings      int
		Last          string `json:"last_warning"`
		At            string `json:"last_warning_timestamp"`
		WritingMillis int    `json:"oldest_write_in_millis"`
	}
}

// trouble waits until a plugin has some that says what it should.
func (r *runningFleet) trouble(kind, id string, says ...string) shown {
	r.t.Helper()
	for {
		var s struct {
			Pipelines map[string]struct{ Plugins map[string][]shown }
		}
		r.ask("GET", "/_node/stats/pipelines", 200, &s)
		for _, p := range s.Pipelines["main"].Plugins[kind] {
			if p.ID == id && p.Trouble.Warnings > 0 {
				for _, want := range says {
					if !strings.Contains(p.Trouble.Last, want) {
						r.t.Errorf("%s has trouble %q, want %q in it", id, p.Trouble.Last, want)
					}
					if !strings.Contains(r.log.String(), want) {
						r.t.Errorf("the log does not say %q: %s", want, r.log)
					}
				}
				return p
			}
		}
	}
}

type diagnosed struct {
	Status    string
	Diagnosis []struct{ ID, Cause, Action string }
}

func (r *runningFleet) diagnosis() diagnosed {
	r.t.Helper()
	var h struct {
		Indicators struct {
			Pipelines struct{ Indicators map[string]diagnosed }
		}
	}
	r.ask("GET", "/_health_report", 200, &h)
	return h.Indicators.Pipelines.Indicators["main"]
}

func (r *runningFleet) post(text string) {
	r.t.Helper()
	resp, err := http.Post("http://"+r.Inputs()["http"], "text/plain", strings.NewReader(text))
	if err != nil {
		r.t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil || resp.StatusCode != http.StatusOK {
		r.t.Fatalf("%s, %v", resp.Status, err)
	}
}

// troubled starts a pipeline with a queue on disk and the monitoring API, whose clock is that of the returned offset.
func troubled(t *testing.T, conf string) (*runningFleet, *atomic.Int64) {
	t.Helper()
	node := settings.Defaults()
	node.API.First, node.API.Last = 0, 0
	node.Pipeline.Queue.Persisted = true
	node.Pipeline.Workers = 1
	ahead := &atomic.Int64{}
	return startFleetAt(t, conf, node, func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }), ahead
}

// deadAddress is where nobody listens.
func deadAddress(t *testing.T) string {
	t.Helper()
	return "127.0.0.1:" + freePort(t)
}

// TestOutputsThatAreDown: whatever the destination, a sender is answered, the cause is in the log, in the statistics of the output and after a
// minute in the health report, a stop does not wait, and the event is on the disk for the next start.
func TestOutputsThatAreDown(t *testing.T) {
	for name, output := range map[string]string{
		"elasticsearch": `elasticsearch { id => "out" hosts => ["http://%s"] index => "x" }`,
		"http":          `http { id => "out" url => "http://%s/" http_method => "post" }`,
		"tcp":           `tcp { id => "out" host => "%h" port => %p }`,
		"redis":         `redis { id => "out" host => ["%s"] data_type => "list" key => "x" }`,
		"kafka":         `kafka { id => "out" bootstrap_servers => "%s" topic_id => "x" }`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := deadAddress(t)
			_, port, err := net.SplitHostPort(address)
			if err != nil {
				t.Fatal(err)
			}
			output = strings.NewReplacer("%s", address, "%h", "127.0.0.1", "%p", port).Replace(output)
			r, ahead := troubled(t, `input { http { host => "127.0.0.1" port => 0 } } output { `+output+` }`)
			r.post("kept")
			if got := r.trouble("outputs", "out", "connection refused"); got.Trouble.At == "" {
				t.Errorf("trouble %+v", got)
			}
			ahead.Store(int64(2 * time.Minute))
			h := r.diagnosis()
			if h.Status != "yellow" || len(h.Diagnosis) != 1 || !strings.Contains(h.Diagnosis[0].Cause, "output out (") || !strings.Contains(h.Diagnosis[0].Cause, "connection refused") {
				t.Errorf("health %+v", h)
			}
			if got := r.trouble("outputs", "out"); got.Trouble.WritingMillis < 60_000 {
				t.Errorf("the oldest write: %+v", got)
			}
			if err := r.Close(); err != nil {
				t.Error(err)
			}
			if said := r.log.String(); strings.Contains(said, "giving up events") {
				t.Errorf("the stop waited: %s", said)
			}
			if left, err := queue.Unread(vfs.Default, filepath.Join(r.opts.DataDir, "queue", "main")); err != nil || left != 1 {
				t.Errorf("%d events are on the disk, %v", left, err)
			}
		})
	}
}

// TestInputsThatAreDown: an input whose server is not there says so in the log and in its statistics.
func TestInputsThatAreDown(t *testing.T) {
	for name, input := range map[string]string{
		"kafka": `kafka { id => "in" bootstrap_servers => "%s" topics => ["x"] }`,
		"redis": `redis { id => "in" host => "127.0.0.1" port => %p data_type => "list" key => "x" }`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := deadAddress(t)
			_, port, err := net.SplitHostPort(address)
			if err != nil {
				t.Fatal(err)
			}
			r, _ := troubled(t, `input { `+strings.NewReplacer("%s", address, "%p", port).Replace(input)+` } output { stdout {} }`)
			r.trouble("inputs", "in", "connection refused")
		})
	}
}

// bulkStore is an Elasticsearch that takes documents by _bulk, or does what bad says.
type bulkStore struct {
	*httptest.Server
	bad    atomic.Pointer[func(http.ResponseWriter)] // nil while all is well
	refuse func(line string) bool                    // with 400; nil refuses none
	stored atomic.Int64
}

func newBulkStore(t *testing.T) *bulkStore {
	s := &bulkStore{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/_bulk" {
			w.Header().Set("X-Elastic-Product", "Elasticsearch")
			fmt.Fprint(w, `{"version":{"number":"8.19.0"}}`)
			return
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		if bad := s.bad.Load(); bad != nil {
			(*bad)(w)
			return
		}
		var items []string
		for i, line := range strings.Split(strings.TrimSpace(string(body)), "\n") {
			switch {
			case i%2 == 0: // the action
			case s.refuse != nil && s.refuse(line):
				items = append(items, `{"create":{"status":400,"error":{"type":"document_parsing_exception","reason":"bad field"}}}`)
			default:
				items = append(items, `{"create":{"status":201}}`)
				s.stored.Add(1)
			}
		}
		fmt.Fprint(w, `{"errors":true,"items":[`+strings.Join(items, ",")+`]}`)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *bulkStore) conf() string {
	return `input { http { host => "127.0.0.1" port => 0 } } output { elasticsearch { id => "out" hosts => ["` + s.URL + `"] index => "x" action => "create" } }`
}

// TestStoreThatDoesNotTake: a store that answers 429, or closes the connection in the middle of its answer, is named as the cause; once it takes
// documents each event is there and all is well again.
func TestStoreThatDoesNotTake(t *testing.T) {
	for name, c := range map[string]struct {
		bad  func(w http.ResponseWriter)
		says string
	}{
		"busy": {func(w http.ResponseWriter) {
			w.WriteHeader(http.StatusTooManyRequests)
			fmt.Fprint(w, `{"error":{"type":"es_rejected_execution_exception","reason":"the write queue is full"},"status":429}`)
		}, "the write queue is full"},
		"half an answer": {func(w http.ResponseWriter) {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				return // the client has gone already
			}
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"took\":1")
			_ = conn.Close()
		}, "EOF"},
		"no answer": {func(w http.ResponseWriter) {
			if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
				_ = conn.Close()
			}
		}, "EOF"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store := newBulkStore(t)
			store.bad.Store(&c.bad)
			r, ahead := troubled(t, store.conf())
			for n := range 20 {
				r.post(fmt.Sprint("event ", n))
			}
			r.trouble("outputs", "out", c.says)
			ahead.Store(int64(2 * time.Minute))
			if h := r.diagnosis(); h.Status != "yellow" || len(h.Diagnosis) != 1 || !strings.Contains(h.Diagnosis[0].Cause, c.says) {
				t.Errorf("health %+v", h)
			}
			store.bad.Store(nil)
			for store.stored.Load() < 20 || r.diagnosis().Status != "green" {
				if err := t.Context().Err(); err != nil {
					t.Fatal(err)
				}
			}
			if n := store.stored.Load(); n != 20 {
				t.Errorf("%d documents are stored", n)
			}
		})
	}
}

// TestStoreThatRefusesSome: documents that a store refuses are counted in the output's statistics and in the dead letters, the log has the
// reason, and all others are stored.
func TestStoreThatRefusesSome(t *testing.T) {
	store := newBulkStore(t)
	store.refuse = func(line string) bool { return strings.Contains(line, "42.") }
	r, _ := troubled(t, store.conf())
	for n := range 200 {
		r.post(fmt.Sprintf("event %d.", n))
	}
	for store.stored.Load() < 198 {
		if err := t.Context().Err(); err != nil {
			t.Fatal(err)
		}
	}
	var s struct {
		Pipelines map[string]struct {
			Plugins map[string][]struct {
				Documents map[string]int
				Letters   int `json:"dlq_routed"`
			}
			DeadLetters struct {
				Count int `json:"events_count"`
			} `json:"dead_letter_queue"`
			Queue struct {
				Events int `json:"events_count"`
			}
		}
	}
	for {
		r.ask("GET", "/_node/stats/pipelines", 200, &s)
		if s.Pipelines["main"].Queue.Events == 0 {
			break
		}
	}
	main := s.Pipelines["main"]
	if out := main.Plugins["outputs"][0]; out.Documents["successes"] != 198 || out.Documents["non_retryable_failures"] != 2 || out.Letters != 2 || main.DeadLetters.Count != 2 {
		t.Errorf("statistics %+v", main)
	}
	if said := r.log.String(); !strings.Contains(said, "first_reason") || !strings.Contains(said, "bad field") {
		t.Errorf("the log does not say why: %s", said)
	}
}
