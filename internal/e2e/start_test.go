package e2e

import (
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"elkhorn/internal/demo"
)

// startBound is what a start may take on a machine that is busy with other things. What it takes is printed; the aims are a
// second with an empty data folder and two with a million documents.
const startBound = 10 * time.Second

// measureStart starts the program and asks it until it answers a search.
func measureStart(t *testing.T, args ...string) (p *process, total int, took time.Duration) {
	t.Helper()
	began := time.Now()
	p = start(t, args...)
	var answer struct {
		Hits struct{ Total struct{ Value int } }
	}
	p.mustCall("POST", "/_search", `{"track_total_hits":true,"size":1}`, &answer)
	took = time.Since(began)
	if took > startBound {
		t.Errorf("the first search was answered after %s", took)
	}
	return p, answer.Hits.Total.Value, took
}

// residentKB is a process's memory, where the system tells it.
func (p *process) residentKB() int {
	p.tb.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if value, found := strings.CutPrefix(line, "VmRSS:"); found {
			kilobytes, err := strconv.Atoi(strings.Fields(value)[0])
			if err != nil {
				p.tb.Fatalf("%q: %v", line, err)
			}
			return kilobytes
		}
	}
	return 0
}

// idleBoundKB is what an idle program may take; the aim is 60 MB.
const idleBoundKB = 120 << 10

func TestStartEmpty(t *testing.T) {
	p, total, took := measureStart(t, "up", "--data", t.TempDir(), "--http", "127.0.0.1:0", "--ui", "127.0.0.1:0",
		"--beats", "127.0.0.1:"+freePort(t), "--ingest", "127.0.0.1:"+freePort(t))
	memory := p.residentKB()
	t.Logf("from start to the first answered search: %s; resident memory %d kB", took.Round(time.Millisecond), memory)
	if total != 0 {
		t.Errorf("an empty program found %d documents", total)
	}
	if memory > idleBoundKB {
		t.Errorf("an idle program takes %d kB", memory)
	}
	p.stop()
}

// largeDocuments is how many documents the large start has.
const largeDocuments = 1_000_000

func TestStartLarge(t *testing.T) {
	if os.Getenv("ELKHORN_LARGE") == "" {
		t.Skip("ELKHORN_LARGE is not set")
	}
	args := []string{"server", "--data", t.TempDir(), "--http", "127.0.0.1:0", "--ui", "off"}
	p := start(t, args...)
	p.loadBench(largeDocuments)
	t.Logf("resident memory after the load: %d kB", p.residentKB())
	for _, end := range []struct {
		name string
		end  func(*process)
	}{{"kill -9", (*process).kill}, {"SIGTERM", (*process).stop}, {"SIGTERM while idle", (*process).stop}} {
		end.end(p)
		var total int
		var took time.Duration
		p, total, took = measureStart(t, args...)
		t.Logf("after %s: from start to the first answered search with %d documents: %s; resident memory %d kB",
			end.name, total, took.Round(time.Millisecond), p.residentKB())
		if total != largeDocuments {
			t.Errorf("%d documents after %s, want %d", total, end.name, largeDocuments)
		}
	}
	p.stop()
}

// loadBench stores benchmark documents.
func (p *process) loadBench(documents int) {
	p.tb.Helper()
	p.mustCall("PUT", "/bench", `{"mappings":`+string(demo.BenchMapping)+`}`, nil)
	generator := demo.NewBench(1, documents)
	const batch = 2000
	var body []byte
	for done := 0; done < documents; done += batch {
		body = body[:0]
		for range min(batch, documents-done) {
			body = append(body, `{"create":{}}`+"\n"...)
			body = append(generator.Append(body), '\n')
		}
		status, answer, err := call(p.tb.Context(), http.MethodPost, p.api+"/bench/_bulk?filter_path=errors", string(body))
		if err != nil || status != http.StatusOK || !strings.Contains(string(answer), "false") {
			p.tb.Fatalf("bulk: %d %.300s %v\n%s", status, answer, err, &p.stderr)
		}
	}
}

// TestStop ends the program with SIGTERM under load, more than once: nothing is lost, and no file is read twice.
func TestStop(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	finish := startLoad(t, r.gate, r.sources()...)
	for range 3 {
		before := r.acknowledged()
		p := start(t, r.args...)
		r.checkAcknowledged(p, before)
		r.gate.lift()
		waitForAcknowledgements(t, p, r.acknowledgers())
		r.gate.drop()
		p.stop()
	}
	p := start(t, r.args...)
	r.gate.lift()
	waitForAcknowledgements(t, p, r.acknowledgers())
	finish()
	r.verify(p)
	before := r.acknowledged()
	p.stop()
	p = start(t, r.args...)
	r.checkAcknowledged(p, before)
	p.stop()
}
