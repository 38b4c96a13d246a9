package runtime

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"strings"
	"testing"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
)

// TestTextToDocuments runs text lines through filters to two indices and a terminal.
func TestTextToDocuments(t *testing.T) {
	h := newHarness(t, `
input { stdin { type => "app" tags => ["in"] add_field => { "[site][name]" => "lab" } } }
filter {
  grok { match => { "message" => "%{LOGLEVEL:level} %{GREEDYDATA:text}" } remove_field => ["message"] add_tag => ["parsed_%{level}"] }
  if "_grokparsefailure" in [tags] { drop {} }
  else if [level] == "ERROR" or [text] =~ /(?i)fatal/ { mutate { add_tag => ["bad"] } }
  mutate { lowercase => ["level"] }
}
output {
  elasticsearch { hosts => ["elasticsearch:9200"] index => "App-%{level}-%{+YYYY.MM.dd}" }
  if "bad" in [tags] { elasticsearch { index => "bad" document_id => "%{text}" } }
  else { stdout { codec => line { format => "%{level}:%{text}" } } }
}`, stdin("INFO started\nnothing\nERROR broke\nWARN Fatal heat\nERROR broke\n"))
	h.run()
	want := map[string]int{"app-info-2026.03.01": 1, "app-error-2026.03.01": 2, "app-warn-2026.03.01": 1, "bad": 2}
	if got := h.store.count(); !maps.Equal(got, want) {
		t.Errorf("documents by index: %v, want %v", got, want)
	}
	if got := h.store.sources("app-info-2026.03.01")[0]; got != `{"@timestamp":"2026-03-01T12:00:00.000Z","site":{"name":"lab"},"tags":["in","parsed_INFO"],"type":"app","level":"info","text":"started"}` {
		t.Errorf("document: %s", got)
	}
	if h.stdout.String() != "info:started\n" {
		t.Errorf("terminal: %q", h.stdout.String())
	}
	s := h.pipeline.Stats()
	if s.In != 5 || s.Filtered != 4 || s.Out != 4 || len(s.Plugins) != 8 {
		t.Errorf("stats: %+v", s)
	}
	if drop := s.Plugins[2]; drop.Name != "drop" || drop.In != 1 || drop.Out != 0 || drop.Place != "test.conf:5:38" {
		t.Errorf("the drop filter's counters: %+v", drop)
	}
}

func post(t *testing.T, addr net.Addr, contentType, body string, header ...string) (int, string) {
	t.Helper()
	status, answer, err := tryPost(t.Context(), addr, contentType, body, header...)
	if err != nil {
		t.Fatal(err)
	}
	return status, answer
}

func tryPost(ctx context.Context, addr net.Addr, contentType, body string, header ...string) (int, string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+addr.String()+"/", strings.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	req.Header.Set("Content-Type", contentType)
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, "", err
	}
	answer, err := io.ReadAll(resp.Body)
	return resp.StatusCode, strings.TrimSpace(string(answer)), errors.Join(err, resp.Body.Close())
}

func TestHTTPInput(t *testing.T) {
	h := newHarness(t, `
input { http { port => 8080 codec => plain user => "u" password => "p" additional_codecs => { "text/lines" => "line" } max_content_length => 1000 } }
output { elasticsearch { index => "x" } }`, nil)
	stop := h.start()
	addr := <-h.addresses
	var zipped bytes.Buffer
	zw := gzip.NewWriter(&zipped)
	if _, err := zw.Write([]byte(`{"gzip":true}`)); err != nil {
		t.Fatal(err)
	}
	if err := zw.Close(); err != nil {
		t.Fatal(err)
	}
	auth := []string{"Authorization", "Basic dTpw"}
	f := func(contentType, body string, wantStatus int, wantAnswer string, header ...string) {
		t.Helper()
		status, answer := post(t, addr, contentType, body, append(header, auth...)...)
		if status != wantStatus || !strings.Contains(answer, wantAnswer) {
			t.Errorf("%q: %d %q, want %d %q", body, status, answer, wantStatus, wantAnswer)
		}
	}
	f("application/json; charset=utf-8", `{"one":1,"host":"mine"}`, 200, "ok")
	if h.store.count()["x"] != 1 {
		t.Error("the request was answered before its event was written")
	}
	f("application/json", `[{"two":2},{"three":3}]`, 200, "ok")
	f("application/json", zipped.String(), 200, "ok", "Content-Encoding", "gzip")
	f("application/x-ndjson", "{\"line\":1}\n{\"line\":2}\n", 200, "ok")
	f("text/plain", "four\nlines", 200, "ok")
	f("text/lines", "five\nsix", 200, "ok")
	f("application/json", "{broken", 200, "ok")
	f("application/json", "", 200, "ok")
	f("application/json", "not zipped", 400, "unpack", "Content-Encoding", "gzip")
	f("application/json", "x", 415, "br", "Content-Encoding", "br")
	f("text/plain", strings.Repeat("x", 1001), 413, "more than 1000 bytes")
	if status, _ := post(t, addr, "text/plain", "no password"); status != http.StatusUnauthorized {
		t.Errorf("without a password: %d", status)
	}
	stop()
	got := strings.Join(h.store.sources("x"), "\n")
	want := strings.ReplaceAll(`{T,"gzip":true,H}
{T,"line":1,H}
{T,"line":2,H}
{T,"message":"five",H}
{T,"message":"four\nlines",H}
{T,"message":"six",H}
{T,"message":"{broken","tags":["_jsonparsefailure"],H}
{T,"one":1,"host":"mine"}
{T,"three":3,H}
{T,"two":2,H}`, "T,", `"@timestamp":"2026-03-01T12:00:00.000Z",`)
	if want = strings.ReplaceAll(want, "H}", `"host":"127.0.0.1"}`); got != want {
		t.Errorf("documents:\n%s\nwant\n%s", got, want)
	}
}

// TestFullPipelineAnswers429: while the store takes nothing, the queue fills and senders are told so.
func TestFullPipelineAnswers429(t *testing.T) {
	release := make(chan struct{})
	h := newHarness(t, `
input { http { codec => json } }
output { elasticsearch { index => "x" } }`, func(o *Options) { o.BatchSize = 1 })
	h.store.refuse = func(es.BulkOp) *eserr.Error {
		<-release // the worker waits here, inside Bulk
		return nil
	}
	stop := h.start()
	addr := <-h.addresses
	const senders = 50 // the worker holds one event and the queue four
	statuses := make(chan int, senders)
	for n := range senders {
		go func() {
			status, _, err := tryPost(t.Context(), addr, "application/json", fmt.Sprintf(`{"n":%d}`, n))
			if err != nil {
				t.Error(err)
			}
			statuses <- status
		}()
	}
	accepted := 0
	for n := range senders {
		switch status := <-statuses; status {
		case http.StatusOK:
			accepted++
		case http.StatusTooManyRequests:
			if n == 0 {
				close(release) // the first answer says that the pipeline is full: let it go on
			}
		default:
			t.Errorf("status %d", status)
		}
	}
	if got := h.store.count()["x"]; got != accepted || accepted == 0 {
		t.Errorf("%d requests were answered ok, %d events are written", accepted, got)
	}
	stop()
}

// sendTCP sends each part in a packet of its own and returns the answer once the other side has closed.
func sendTCP(t *testing.T, addr net.Addr, parts ...io.Reader) string {
	t.Helper()
	conn, err := net.Dial("tcp", addr.String())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range parts {
		if _, err := io.Copy(conn, p); err != nil {
			t.Fatal(err)
		}
	}
	if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(conn)
	if err := errors.Join(err, conn.Close()); err != nil {
		t.Fatal(err)
	}
	return string(answer)
}

func TestTCPInput(t *testing.T) {
	h := newHarness(t, `
input { tcp { port => 5000 codec => json } }
output { elasticsearch { index => "x" } }`, nil)
	stop := h.start()
	addr := <-h.addresses
	send := func(parts ...string) string {
		t.Helper()
		var readers []io.Reader
		for _, p := range parts {
			readers = append(readers, strings.NewReader(p))
		}
		return sendTCP(t, addr, readers...)
	}
	send(`{"a":`, "1}\n{\"a\":2}\r\n\n", `{"a":3}`)
	var zipped bytes.Buffer
	for _, line := range []string{"{\"z\":1}\n", "{\"z\":2}\n"} { // one member per record
		zw := gzip.NewWriter(&zipped)
		if _, err := zw.Write([]byte(line)); err != nil {
			t.Fatal(err)
		}
		if err := zw.Close(); err != nil {
			t.Fatal(err)
		}
	}
	send(zipped.String())
	send("Get well\n")
	answer := send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 16\r\n\r\n{\"h\":1}\n{\"h\":2}\n",
		"PUT /x HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 7\r\n\r\n{\"h\":3}")
	if strings.Count(answer, "HTTP/1.1 200 OK") != 2 {
		t.Errorf("HTTP requests are answered %q", answer)
	}
	if answer := send("GET / HTTP/1.1\r\nHost: x\r\n\r\n"); !strings.HasPrefix(answer, "HTTP/1.1 405") {
		t.Errorf("a GET is answered %q", answer)
	}
	stop()
	docs := strings.Join(h.store.sources("x"), "\n")
	for _, want := range []string{`"a":1`, `"a":2`, `"a":3`, `"z":1`, `"z":2`, `"message":"Get well"`, `"h":1`, `"h":2`, `"h":3`} {
		if strings.Count(docs, want) != 1 {
			t.Errorf("%s is missing in\n%s", want, docs)
		}
	}
	if h.store.count()["x"] != 9 {
		t.Errorf("documents:\n%s", docs)
	}
}

// TestDeadLettersAndRetries: 400 is a dead letter, 409 a duplicate, 429 tried again; other outputs are not held up.
func TestDeadLettersAndRetries(t *testing.T) {
	h := newHarness(t, `
input { stdin {} }
output {
  elasticsearch { id => "main_store" index => "x" document_id => "%{message}" }
  file { path => "/logs/all.log" codec => line { format => "%{message}" } }
}`, stdin("good\nbad\nbusy\ntwice\n"))
	busy := 0
	h.store.refuse = func(op es.BulkOp) *eserr.Error {
		switch {
		case op.ID == "bad":
			return eserr.New(400, "document_parsing_exception", "failed to parse field [x]")
		case op.ID == "twice":
			return eserr.New(409, "version_conflict_engine_exception", "document already exists")
		case op.ID == "busy" && busy < 2:
			busy++
			return eserr.New(429, "es_rejected_execution_exception", "queue is full")
		}
		return nil
	}
	h.run()
	if got := h.store.count(); !maps.Equal(got, map[string]int{"x": 2}) {
		t.Errorf("documents: %v", got)
	}
	if len(h.letters.kept) != 1 {
		t.Fatalf("dead letters: %v", h.letters.kept)
	}
	l := h.letters.kept[0]
	if l.Pipeline != "main" || l.Plugin != "main_store" || l.Status != 400 || l.Reason != "document_parsing_exception: failed to parse field [x]" || string(l.Event.AppendJSON(nil)) != `{"@timestamp":"2026-03-01T12:00:00.000Z","message":"bad"}` {
		t.Errorf("dead letter: %+v", l)
	}
	if got := readMem(t, h, "/logs/all.log"); got != "good\nbad\nbusy\ntwice\n" {
		t.Errorf("file: %q", got)
	}
	for _, p := range h.pipeline.Stats().Plugins {
		if p.ID == "main_store" && (p.DeadLetters != 1 || p.Out != 4) {
			t.Errorf("counters: %+v", p)
		}
	}
}

func readMem(t *testing.T, h *harness, path string) string {
	t.Helper()
	f, err := h.fs.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(f)
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestAcknowledgement: a receipt is done when its events are written, dropped or buried, not before.
func TestAcknowledgement(t *testing.T) {
	h := newHarness(t, `
filter { if [message] == "drop" { drop {} } }
output { if [message] != "nowhere" { elasticsearch { index => "x" document_id => "%{message}" } } }`, nil)
	h.store.refuse = func(op es.BulkOp) *eserr.Error {
		if op.ID == "bad" {
			return eserr.New(400, "x", "y")
		}
		return nil
	}
	done := 0
	var events []*event.Event
	for _, m := range []string{"drop", "nowhere", "bad", "good"} {
		ev := event.New(arrival)
		ev.Set(messagePath, event.StringOf(m))
		events = append(events, ev)
	}
	receipt := event.NewReceipt(len(events), func() { done++ })
	for _, ev := range events {
		ev.SetReceipt(receipt)
	}
	w := &worker{p: h.pipeline, pending: make([][]*event.Event, 1)}
	w.batch(t.Context(), events[:2])
	if done != 0 {
		t.Error("done before all events were safe")
	}
	w.batch(t.Context(), events[2:])
	if done != 1 {
		t.Errorf("done %d times", done)
	}

	// A store that cannot be written to and a pipeline that gives up: not acknowledged.
	h.store.refuse = func(es.BulkOp) *eserr.Error { return eserr.New(503, "x", "down") }
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	ev := event.New(arrival)
	ev.SetReceipt(event.NewReceipt(1, func() { t.Error("acknowledged though nothing was written") }))
	w.batch(ctx, []*event.Event{ev})
}

// splitter is a filter that emits two copies and drops the original.
type splitter struct{}

func (splitter) Filter(ev *event.Event, emit func(*event.Event)) pipeline.Outcome {
	for _, part := range []string{"a", "b"} {
		c := ev.Clone()
		c.Set(messagePath, event.StringOf(part))
		emit(c)
	}
	ev.Cancel()
	return pipeline.Matched
}

// TestEmittedEvents go on behind the filter that emitted them, in place of the original, and hold its receipt.
func TestEmittedEvents(t *testing.T) {
	h := newHarness(t, `
filter {
  if [message] == "split" { mutate { add_tag => ["split"] } }
  mutate { uppercase => ["message"] }
}
output { stdout { codec => line { format => "%{message}" } } }`, nil)
	code := h.pipeline.filters
	code[1].filter.filter = splitter{} // in place of the first mutate; its add_tag stays
	done := false
	var events []*event.Event
	for _, m := range []string{"x", "split", "y"} {
		ev := event.New(arrival)
		ev.Set(messagePath, event.StringOf(m))
		events = append(events, ev)
	}
	receipt := event.NewReceipt(3, func() { done = true })
	for _, ev := range events {
		ev.SetReceipt(receipt)
	}
	w := &worker{p: h.pipeline, pending: make([][]*event.Event, 1)}
	w.batch(t.Context(), events)
	if got := h.stdout.String(); got != "X\nA\nB\nY\n" || !done {
		t.Errorf("out: %q, acknowledged: %v", got, done)
	}
}

func TestFileInputFollowsAndResumes(t *testing.T) {
	const conf = `
input { file { path => "/logs/*.log" start_position => "beginning" stat_interval => 0.01 discover_interval => 1 codec => json } }
output { elasticsearch { index => "x" } }`
	first := newHarness(t, conf, nil)
	write := func(path, text string) {
		t.Helper()
		f, err := first.fs.OpenAppend(path)
		if err != nil {
			t.Fatal(err)
		}
		_, err = f.Write([]byte(text))
		if err := errors.Join(err, f.Close()); err != nil {
			t.Fatal(err)
		}
	}
	if err := first.fs.MkdirAll("/logs"); err != nil {
		t.Fatal(err)
	}
	write("/logs/a.log", "{\"n\":1}\n{\"n\":2}\n{\"n\":")
	seen := make(chan string, 100)
	watch := func(op es.BulkOp) *eserr.Error { seen <- string(op.Source); return nil }
	await := func(want string) {
		t.Helper()
		if got := <-seen; !strings.Contains(got, want) {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	first.store.refuse = watch
	stop := first.start()
	await(`"n":1`)
	await(`"n":2`)
	write("/logs/a.log", "3}\n")
	await(`"n":3`)
	if err := first.fs.Rename("/logs/a.log", "/logs/a.log.1"); err != nil { // rotated
		t.Fatal(err)
	}
	write("/logs/a.log", "{\"n\":4}\n")
	await(`"n":4`)
	stop()

	second := newHarness(t, conf, func(o *Options) { o.Env.FS = first.fs })
	second.store.refuse = watch
	write("/logs/a.log", "{\"n\":5}\n")
	stop = second.start()
	await(`"n":5`)                           // and not 4 again: its position was kept
	f, err := first.fs.Create("/logs/a.log") // emptied, and longer than before by the time it is looked at
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.Write([]byte("{\"n\":6,\"padding\":\"xxxxxxxxxxxxxxxxxxxx\"}\n"))
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	write("/logs/b.log", "{\"n\":7}\n")
	both := <-seen + <-seen
	if !strings.Contains(both, `"n":6`) || !strings.Contains(both, `"n":7`) {
		t.Errorf("after truncation and with a new file: %s", both)
	}
	stop()
	if got := second.store.sources("x")[0]; !strings.Contains(got, `"path":"/logs/`) {
		t.Errorf("document: %s", got)
	}
}
