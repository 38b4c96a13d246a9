package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// startQuiet runs a program that takes documents over its API alone.
func startQuiet(t *testing.T) *process {
	t.Helper()
	return start(t, "server", "--data", t.TempDir(), "--http", "127.0.0.1:0", "--ui", "off")
}

// contains checks that a text names everything that a reader needs.
func contains(t *testing.T, text string, wanted ...string) {
	t.Helper()
	for _, want := range wanted {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %.2000s", want, text)
		}
	}
}

// bulk sends a bulk and gives the answer.
func (p *process) bulk(path, body string) bulkAnswer {
	p.tb.Helper()
	var answer bulkAnswer
	p.mustCall("POST", path, body, &answer)
	return answer
}

// hugeLineBytes is far beyond any line that a program means to write.
const hugeLineBytes = 20 << 20

// TestBadDocuments sends documents that cannot be taken among others that can: each refusal names its cause, and nothing else
// is harmed.
func TestBadDocuments(t *testing.T) {
	t.Parallel()
	p := startQuiet(t)
	p.mustCall("PUT", "/typed", `{"mappings":{"properties":{"latency":{"type":"long"}}}}`, nil)
	huge := strings.Repeat("x", hugeLineBytes)
	for _, test := range []struct {
		name, line string
		status     int
		kind       string
		says       []string // in the reasons
	}{
		{"broken JSON", `{"message":"cut off`, 400, "document_parsing_exception", []string{"[1:20]", "closing quote"}},
		{"text for a number", `{"latency":"slow"}`, 400, "document_parsing_exception", []string{"latency", "long", "slow"}},
		{"invalid UTF-8", "{\"message\":\"caf\xe9\"}", 400, "document_parsing_exception", []string{"UTF-8"}},
		{"not an object", `["a","b"]`, 400, "document_parsing_exception", nil},
		{"20 MB of text", `{"message":"` + huge + `"}`, 201, "", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			index := "typed"
			before := p.count(index, "")
			answer := p.bulk("/"+index+"/_bulk", `{"index":{"_id":"before `+test.name+`"}}`+"\n"+`{"latency":1}`+"\n"+
				`{"create":{"_id":"bad `+test.name+`"}}`+"\n"+test.line+"\n"+
				`{"index":{"_id":"after `+test.name+`"}}`+"\n"+`{"latency":2}`+"\n")
			taken := 2
			if test.status == 201 {
				taken = 3
			}
			if answer.Errors != (taken == 2) || len(answer.Items) != 3 {
				t.Fatalf("answer %+v", answer)
			}
			got := answer.Items[1]["create"]
			if got.Status != test.status || got.Error.Type != test.kind {
				t.Errorf("status %d, error %+v; want %d %s", got.Status, got.Error, test.status, test.kind)
			}
			contains(t, got.Error.Reason+" "+got.Error.CausedBy.Reason, test.says...)
			for _, i := range []int{0, 2} {
				if status := answer.Items[i]["index"].Status; status != http.StatusCreated {
					t.Errorf("document %d: status %d", i, status)
				}
			}
			if n := p.count(index, ""); n != before+taken {
				t.Errorf("%d documents more, want %d", n-before, taken)
			}
		})
	}
	status, kind, text := p.failedCall("POST", "/typed/_bulk", "{\"index\":{}\n{}\n")
	if status != 400 {
		t.Errorf("broken action line: %d %s %s", status, kind, text)
	}
	contains(t, text, "[1]")
	p.stop()
}

// TestBadMapping asks for field types that do not exist.
func TestBadMapping(t *testing.T) {
	t.Parallel()
	p := startQuiet(t)
	status, kind, text := p.failedCall("PUT", "/bad", `{"mappings":{"properties":{"name":{"type":"txet"}}}}`)
	if status != 400 || kind != "mapper_parsing_exception" {
		t.Errorf("%d %s", status, kind)
	}
	contains(t, text, "txet", "name")
	if status, _, _ := p.failedCall("GET", "/bad", ""); status != 404 {
		t.Errorf("the refused index answers %d", status)
	}
	p.stop()
}

// TestHugeLine follows files with a line of 20 MB between others by both ways to follow files.
func TestHugeLine(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	huge := strings.Repeat("0123456789abcdef", hugeLineBytes/16)
	text := "first\n" + huge + "\ninvalid \xff\xfe bytes\nlast\n"
	shipped := writeFile(t, dir, "shipped.log", text)
	tailed := writeFile(t, dir, "tailed.log", text)
	config := writeFile(t, dir, "tail.conf", fmt.Sprintf(`input { file { path => %q start_position => "beginning" } }
output { elasticsearch { hosts => ["http://elasticsearch:9200"] index => "tailed" } }`, tailed))
	p := start(t, "up", "--data", t.TempDir(), "--http", "127.0.0.1:0", "--ui", "off", "--pipelines", config, shipped)
	for _, index := range []string{"tailed", "logs-*"} {
		p.waitForCount(index, "", 4)
		messages := map[string]bool{}
		p.scan(index, matchAll, func(d document) {
			message := d.fields(t)["message"].(string)
			if strings.HasPrefix(huge, message) && len(message) > 1<<20 {
				message = "huge"
			}
			messages[message] = true
		})
		for _, want := range []string{"first", "huge", "invalid \ufffd\ufffd bytes", "last"} {
			if !messages[want] {
				t.Errorf("%s: no line %q among %d", index, want, len(messages))
			}
		}
	}
	p.stop()
}

// TestBrokenPipeline starts with configurations that cannot run. The error says where.
func TestBrokenPipeline(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, test := range []struct {
		name, config string
		says         []string
	}{
		{"syntax.conf", "input { stdin { } }\nfilter {\n  mutate { add_tag => [\"a\" }\n}\n", []string{"syntax.conf:3:28", "expected"}},
		{"plugin.conf", "input { stdin { } }\nfilter {\n  grokk { }\n}\n", []string{"plugin.conf:3:3", "grokk"}},
		{"option.conf", "input {\n  http { prot => 8080 }\n}\n", []string{"option.conf:2:10", "prot"}},
		{"pattern.conf", "input { stdin { } }\nfilter {\n  grok { match => { \"message\" => \"%{NO_SUCH}\" } }\n}\n", []string{"pattern.conf:3:", "NO_SUCH"}},
	} {
		config := writeFile(t, dir, test.name, test.config)
		contains(t, refused(t, "up", "--data", t.TempDir(), "--http", "127.0.0.1:0", "--ui", "off", "--pipelines", config), test.says...)
	}
}

// TestLockedFolder starts a second program on a data folder in use.
func TestLockedFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p := start(t, "server", "--data", dir, "--http", "127.0.0.1:0", "--ui", "off")
	p.mustCall("PUT", "/kept/_doc/1", `{"a":1}`, nil)
	contains(t, refused(t, "server", "--data", dir, "--http", "127.0.0.1:0", "--ui", "off"), dir, fmt.Sprintf("is locked by pid %d", p.cmd.Process.Pid))
	p.mustCall("PUT", "/kept/_doc/2", `{"a":2}`, nil)
	p.stop()
	p = start(t, "server", "--data", dir, "--http", "127.0.0.1:0", "--ui", "off")
	if n := p.count("kept", ""); n != 2 {
		t.Errorf("%d documents, want 2", n)
	}
	p.stop()
}

// occupied gives the port of a listener of somebody else.
func occupied(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// TestTakenPort: a port that somebody asked for is an error when it is taken; a default one is left out with a warning.
func TestTakenPort(t *testing.T) {
	t.Parallel()
	port := occupied(t)
	config := writeFile(t, t.TempDir(), "taken.conf", "input {\n  http { port => "+port+" }\n}\noutput { stdout { } }\n")
	quiet := []string{"--http", "127.0.0.1:0", "--ui", "off"}
	contains(t, refused(t, append([]string{"up", "--data", t.TempDir(), "--pipelines", config}, quiet...)...), port, "address already in use")
	contains(t, refused(t, "up", "--data", t.TempDir(), "--http", "127.0.0.1:"+port, "--ui", "off"), port, "address already in use")

	other := occupied(t)
	p := start(t, append([]string{"up", "--data", t.TempDir(), "--beats", "127.0.0.1:" + port, "--ingest", "127.0.0.1:" + other}, quiet...)...)
	contains(t, p.stderr.String(), "WARN", "port is taken", "127.0.0.1:"+port, "127.0.0.1:"+other)
	p.mustCall("PUT", "/works/_doc/1", `{"a":1}`, nil)
	p.stop()
}

// TestOpenToOthers: without users and TLS the program listens on this machine alone.
func TestOpenToOthers(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, args := range [][]string{
		{"up", "--data", dir, "--http", "0.0.0.0:0", "--ui", "off", "--beats", "off", "--ingest", "off"},
		{"up", "--data", dir, "--http", "127.0.0.1:0", "--ui", "0.0.0.0:0", "--beats", "off", "--ingest", "off"},
		{"server", "--data", dir, "--http", "[::]:0", "--ui", "off"},
	} {
		contains(t, refused(t, args...), "refused to listen beyond this machine", "--insecure")
	}
	start(t, "server", "--data", dir, "--http", "0.0.0.0:0", "--ui", "off", "--insecure").stop()
}

// TestForeignRequests: a page in a browser must not reach the program by another name or from another site.
func TestForeignRequests(t *testing.T) {
	t.Parallel()
	p := startQuiet(t)
	port := p.api[strings.LastIndexByte(p.api, ':'):]
	for _, test := range []struct {
		host, origin string
		status       int
	}{
		{"127.0.0.1" + port, "", 200},
		{"localhost" + port, "", 200},
		{"evil.example" + port, "", 403},
		{"127.0.0.1" + port, "http://evil.example", 403},
		{"127.0.0.1" + port, "null", 403},
		{"127.0.0.1" + port, "http://127.0.0.1" + port, 200},
	} {
		request, err := http.NewRequestWithContext(t.Context(), "PUT", p.api+"/guarded/_doc/1", bytes.NewReader([]byte(`{"a":1}`)))
		if err != nil {
			t.Fatal(err)
		}
		request.Host = test.host
		request.Header.Set("Content-Type", "application/json")
		if test.origin != "" {
			request.Header.Set("Origin", test.origin)
		}
		before := p.version("/guarded/_doc/1")
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		if err := response.Body.Close(); err != nil {
			t.Fatal(err)
		}
		accepted := response.StatusCode/100 == 2
		if accepted != (test.status == 200) || !accepted && response.StatusCode != test.status {
			t.Errorf("host %q, origin %q: status %d, want %d", test.host, test.origin, response.StatusCode, test.status)
		}
		if written := p.version("/guarded/_doc/1") != before; written != accepted {
			t.Errorf("host %q, origin %q: written %v", test.host, test.origin, written)
		}
	}
	p.stop()
}

// version is a document's version, 0 when it is not there.
func (p *process) version(path string) int {
	p.tb.Helper()
	_, answer, err := call(p.tb.Context(), "GET", p.api+path, "")
	if err != nil {
		p.tb.Fatal(err)
	}
	var document struct {
		Version int `json:"_version"`
	}
	if err := json.Unmarshal(answer, &document); err != nil {
		p.tb.Fatalf("%s: %v", answer, err)
	}
	return document.Version
}

// TestDamagedSegment starts on a data folder with a damaged file: what needs the damaged part fails and says which file it is,
// all else is served.
func TestDamagedSegment(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	args := []string{"server", "--data", dir, "--http", "127.0.0.1:0", "--ui", "off"}
	p := start(t, args...)
	p.mustCall("POST", "/hurt/_bulk", strings.Repeat("{\"index\":{}}\n{\"message\":\"one of many\"}\n", 100), nil)
	p.stop()
	segments, err := filepath.Glob(filepath.Join(dir, "indices", "*", "*.seg"))
	if err != nil || len(segments) != 1 {
		t.Fatalf("segments %q, %v; want one", segments, err)
	}
	whole := readFile(t, segments[0])
	for _, damage := range []struct {
		name     string
		from, to int
	}{
		{"in its middle", len(whole) / 4, len(whole) / 2},
		{"at its end", len(whole) - 16, len(whole)},
	} {
		data := []byte(whole)
		for i := damage.from; i < damage.to; i++ {
			data[i] ^= 0x55
		}
		if err := os.WriteFile(segments[0], data, 0o600); err != nil {
			t.Fatal(err)
		}
		p = start(t, args...)
		status, _, text := p.failedCall("POST", "/hurt/_search", `{"query":{"match":{"message":"many"}},"aggs":{"by":{"terms":{"field":"message.keyword"}}}}`)
		if status < 500 {
			t.Errorf("damaged %s: status %d", damage.name, status)
		}
		contains(t, text, segments[0], "corrupted")
		p.mustCall("PUT", "/healthy/_doc/1", `{"a":1}`, nil)
		if n := p.count("healthy", ""); n != 1 {
			t.Errorf("damaged %s: %d documents in an index of their own, want 1", damage.name, n)
		}
		p.checkPartial(damage.name)
		p.stop()
	}
	if err := os.WriteFile(segments[0], []byte(whole), 0o600); err != nil {
		t.Fatal(err)
	}
	p = start(t, args...)
	if n := p.count("hurt", ""); n != 100 {
		t.Errorf("%d documents once the file is restored, want 100", n)
	}
	p.stop()
}

// checkPartial searches a damaged index together with a healthy one: the answer has what is whole and names what is not.
func (p *process) checkPartial(damage string) {
	p.tb.Helper()
	var answer struct {
		Shards struct {
			Total, Failed int
			Failures      []struct{ Index string }
		} `json:"_shards"`
		Hits struct{ Total struct{ Value int } }
	}
	p.mustCall("POST", "/h*/_search", `{"query":{"query_string":{"query":"a:1 OR message:many"}},"aggs":{"by":{"terms":{"field":"message.keyword"}}}}`, &answer)
	shards := answer.Shards
	if shards.Total != 2 || shards.Failed != 1 || len(shards.Failures) != 1 || shards.Failures[0].Index != "hurt" || answer.Hits.Total.Value != 1 {
		p.tb.Errorf("damaged %s: over both indices %+v", damage, answer)
	}
}

// TestFullDisk starts beyond the flood stage: writes are refused by name, reading goes on, and writing does once there is room.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	args := []string{"server", "--data", dir, "--http", "127.0.0.1:0", "--ui", "off"}
	p := start(t, args...)
	p.mustCall("PUT", "/kept/_doc/1", `{"a":1}`, nil)
	p.stop()
	p = start(t, append(args, "--flood-stage", "0.000001")...)
	status, kind, text := p.failedCall("PUT", "/kept/_doc/2", `{"a":2}`)
	if status != http.StatusTooManyRequests || kind != "cluster_block_exception" {
		t.Errorf("%d %s", status, kind)
	}
	contains(t, text, "flood-stage", "kept")
	if n := p.count("kept", ""); n != 1 {
		t.Errorf("%d documents, want 1", n)
	}
	p.stop()
	p = start(t, append(args, "--flood-stage", "100")...)
	p.mustCall("PUT", "/kept/_doc/2", `{"a":2}`, nil)
	p.stop()
}
