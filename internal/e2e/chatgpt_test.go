package e2e

import (
	"encoding/json"
	"fmt"
	"maps"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"elkhorn/internal/lumberjack"
)

// flow is a printed configuration at work: a pipeline with a Beats and an HTTP input, and a shipper in the same process.
type flow struct {
	*process
	ingest string // address of the HTTP input
	beats  string // host and port of the Beats input
	lines  []string
}

// startFlow runs configurations as they are, but for their ports and the path of the logs.
func startFlow(t *testing.T, pipeline, shipper, logPath, lines string) *flow {
	t.Helper()
	dir, logs := t.TempDir(), t.TempDir()
	writeFile(t, logs, "app.log", lines)
	beats, ingest := freePort(t), freePort(t)
	ports := strings.NewReplacer("5044", beats, "8080", ingest, logPath, logs+"/*.log")
	args := []string{"up", "--data", t.TempDir(), "--http", "127.0.0.1:0", "--ui", "off",
		"--pipelines", writeFile(t, dir, "pipeline.conf", ports.Replace(pipeline)),
		"--filebeat", writeFile(t, dir, "filebeat.yml", ports.Replace(shipper))}
	p := launch(t, []string{"ELASTIC_PASSWORD=x"}, args...).wait()
	return &flow{process: p, ingest: "http://127.0.0.1:" + ingest, beats: "127.0.0.1:" + beats, lines: strings.Split(strings.TrimSuffix(lines, "\n"), "\n")}
}

// post sends lines to the HTTP input, one request each, as a program without a shipper would.
func (f *flow) post(lines []string) {
	f.tb.Helper()
	for _, line := range lines {
		status, answer, err := call(f.tb.Context(), http.MethodPost, f.ingest, line)
		if err != nil || status != http.StatusOK {
			f.tb.Fatalf("post %q: %d %s %v", line, status, answer, err)
		}
	}
}

// bySource finds the documents of one way in; the shipper's carry the path they came from.
const (
	shipped = `{"exists":{"field":"log.file.path"}}`
	posted  = `{"bool":{"must_not":[{"exists":{"field":"log.file.path"}}]}}`
)

func countQuery(query string) string { return `{"query":` + query + `}` }

// checkCounts checks that the program's two ways to count agree with want, which is by value of log_level.
func (f *flow) checkCounts(index string, want map[string]int) {
	t := f.tb
	t.Helper()
	if got := f.countBy(index, matchAll, `{"terms":{"field":"log_level.keyword","size":100}}`); !maps.Equal(got, want) {
		t.Errorf("%s by log_level with _search: %v, want %v", index, got, want)
	}
	got := map[string]int{}
	printed := output(t, "search", "--url", f.api, "--index", index, "--by", "log_level.keyword")
	for line := range strings.Lines(printed) {
		columns := strings.Fields(line)
		if len(columns) != 2 {
			t.Fatalf("elkhorn search --by printed %q", line)
		}
		n, err := strconv.Atoi(columns[0])
		if err != nil {
			t.Fatalf("elkhorn search --by printed %q", line)
		}
		got[columns[1]] = n
	}
	if !maps.Equal(got, want) {
		t.Errorf("%s by log_level with elkhorn search: %v, want %v", index, got, want)
	}
}

// documents gives the documents of an index that match a query, by their message.
func (f *flow) documents(index, query string) map[string]map[string]any {
	f.tb.Helper()
	found := map[string]map[string]any{}
	f.scan(index, query, func(d document) {
		fields := d.fields(f.tb)
		message := fmt.Sprint(fields["message"])
		if found[message] != nil {
			f.tb.Fatalf("%s holds %q twice", index, message)
		}
		found[message] = fields
	})
	return found
}

// byTime gives documents by their @timestamp; those of JSON lines have no message of their own, or another one.
func (f *flow) byTime(index, query string) map[string]map[string]any {
	f.tb.Helper()
	found := map[string]map[string]any{}
	f.scan(index, query, func(d document) {
		fields := d.fields(f.tb)
		found[fmt.Sprint(fields["@timestamp"])] = fields
	})
	return found
}

// check compares some of a document's fields; a wanted nil means that the field must not be there.
func check(t *testing.T, document map[string]any, want map[string]any) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if got := document[name]; fmt.Sprint(got) != fmt.Sprint(want[name]) {
			t.Errorf("%.60q: %s is %v, want %v", document["message"], name, got, want[name])
		}
	}
}

// TestOrders is the flow of the printed configurations with a pipeline, a shipper and lines made for this test.
func TestOrders(t *testing.T) {
	t.Parallel()
	lines := readFile(t, "testdata/orders.log")
	f := startFlow(t, readFile(t, "testdata/orders.conf"), readFile(t, "testdata/orders.filebeat.yml"), "/var/log/orders/*.log", lines)
	f.waitForCount("orders-2026.*", countQuery(shipped), 4)
	f.waitForCount("orders-errors-*", countQuery(shipped), 1)
	stored := f.documents("orders-2026.*", shipped)
	check(t, stored[f.lines[0]], map[string]any{"@timestamp": "2026-03-01T08:00:00.125Z", "log_level": "INFO", "service_name": "basket",
		"log_message": "3 articles, 41.90 EUR", "log_timestamp": nil, "fields": map[string]any{"log_source": "file_system"}})
	check(t, stored[strings.Join(f.lines[1:4], "\n")], map[string]any{"@timestamp": "2026-03-01T08:00:01.000Z", "log_level": "ERROR",
		"service_name": "payment", "log_message": "card declined: limit reached\n" + f.lines[2] + "\n" + f.lines[3]})
	check(t, stored[f.lines[4]], map[string]any{"@timestamp": "2026-03-01T07:00:02.000Z", "log_level": "WARN", "service_name": "stock"})
	check(t, stored[strings.Join(f.lines[5:], "\n")], map[string]any{"log_level": "INFO", "tags": "[beats_input_codec_plain_applied _jsonparsefailure]"})

	f.post(f.lines)
	f.waitForCount("orders-*", countQuery(posted), len(f.lines)+2)
	errors := f.byTime("orders-errors-*", posted)
	check(t, errors["2026-03-01T08:00:01.000Z"], map[string]any{"log_level": "ERROR", "message": f.lines[1]})
	check(t, errors["2026-03-01T08:00:04.500Z"], map[string]any{"log_level": "FATAL", "service_name": "payment", "log_message": "no connection to the bank"})
	f.checkCounts("orders-2026.*", map[string]int{"INFO": 5, "ERROR": 2, "WARN": 2, "FATAL": 1})
	f.checkCounts("orders-errors-*", map[string]int{"ERROR": 2, "FATAL": 1})
	f.stop()
}

// withoutContainers is the printed filebeat.yml as one uses it on a machine without containers: the container input is disabled
// and the modules are left out.
func withoutContainers(t *testing.T, printed string) string {
	t.Helper()
	inputs, rest, found := strings.Cut(printed, "# Filebeat modules")
	_, output, alsoFound := strings.Cut(rest, "# Output to Logstash")
	if !found || !alsoFound {
		t.Fatal("filebeat.yml is not the printed one")
	}
	return strings.Replace(inputs, "type: container\n    enabled: true", "type: container\n    enabled: false", 1) + output
}

// TestChatGPT is the printed ChatGPT flow: the lines of the sample file arrive once as the printed multiline settings join them,
// and once one by one over HTTP.
func TestChatGPT(t *testing.T) {
	t.Parallel()
	lines := readFile(t, testdata(t, "seed-configs", "chatgpt", "sample-lines.log"))
	f := startFlow(t, readFile(t, testdata(t, "seed-configs", "chatgpt", "logstash", "chatgpt-app.conf")),
		withoutContainers(t, readFile(t, testdata(t, "seed-configs", "chatgpt", "filebeat.yml"))), "/var/log/chatgpt-apps/*.log", lines)

	f.waitForCount("chatgpt-logs", countQuery(shipped), 5)
	f.waitForCount("chatgpt-errors-*", countQuery(shipped), 2)
	stored := f.documents("chatgpt-logs", shipped)
	for _, expected := range grokExpected(t) {
		for message, document := range stored {
			if line, rest, joined := strings.Cut(message, "\n"); line == expected.Line {
				want := map[string]any{"environment": "production", "region": "us-east-1"}
				maps.Copy(want, expected.Captures)
				if joined {
					want["log_message"] = fmt.Sprint(want["log_message"]) + "\n" + rest
				}
				want["@timestamp"] = millis(expected.Captures["log_timestamp"])
				want["log_timestamp"] = nil
				check(t, document, want)
			}
		}
	}
	errors := f.documents("chatgpt-errors-*", shipped)
	for message, document := range stored {
		if isError := document["log_level"] == "ERROR"; isError != (errors[message] != nil) {
			t.Errorf("%.60q has level %v; in chatgpt-errors-*: %v", message, document["log_level"], errors[message] != nil)
		}
	}

	f.post(f.lines)
	f.waitForCount("chatgpt-logs", countQuery(posted), 19)
	f.waitForCount("chatgpt-errors-*", countQuery(posted), 4)
	errors = f.byTime("chatgpt-errors-*", posted)
	check(t, errors["2026-12-25T14:32:20.000Z"], map[string]any{"log_level": "ERROR", "service_name": "mcp-server", "tool_name": "create_reservation",
		"user_id": "user_456", "response_time": 10023, "response_time_category": "very_slow", "error_message": "UnhandledPromiseRejection: Connection timeout"})
	check(t, errors["2026-12-25T14:32:21.500Z"], map[string]any{"log_level": "CRITICAL", "service_name": "mcp-server", "error_message": "Out of memory"})
	for at, class := range map[string]string{"2026-12-25T14:32:18.456Z": "normal", "2026-12-25T14:32:22.100Z": "very_slow", "2026-12-25T14:32:22.200Z": "slow"} {
		found := f.count("chatgpt-logs", countQuery(fmt.Sprintf(`{"bool":{"filter":[{"term":{"@timestamp":%q}},{"term":{"response_time_category.keyword":%q}}]}}`, at, class)))
		if found != 1 {
			t.Errorf("%d documents of %s are %s, want 1", found, at, class)
		}
	}
	f.checkCounts("chatgpt-logs", map[string]int{"INFO": 10, "WARN": 1, "ERROR": 5, "CRITICAL": 1, "DEBUG": 1})
	f.checkCounts("chatgpt-errors-*", map[string]int{"ERROR": 5, "CRITICAL": 1})
	f.stop()
}

// expectation is what the pipeline's grok makes of a line; no captures mean that it does not match.
type expectation struct {
	Line     string
	Captures map[string]any `json:"pipeline_grok_captures"`
}

// grokExpected gives the expectations for lines that match and begin an event of their own.
func grokExpected(t *testing.T) []expectation {
	t.Helper()
	var all []expectation
	if err := json.Unmarshal([]byte(readFile(t, testdata(t, "seed-configs", "chatgpt", "grok-expected.json"))), &all); err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(all, func(e expectation) bool { return e.Captures == nil })
}

// millis prints a time as stored.
func millis(text any) string {
	whole := strings.TrimSuffix(fmt.Sprint(text), "Z")
	if !strings.Contains(whole, ".") {
		whole += ".000"
	}
	return whole + "Z"
}

// everyWayShipper reads a file and a container's log as the printed filebeat.yml does, without joining lines.
const everyWayShipper = `filebeat.inputs:
  - type: log
    paths: ['LOGS']
  - type: container
    paths: ['%s']
    json.keys_under_root: true
    json.overwrite_keys: true
    json.add_error_key: true
    processors:
      - decode_json_fields:
          fields: ["message"]
          process_array: false
          max_depth: 3
          target: ""
          overwrite_keys: true
output.logstash:
  hosts: ["logstash:5044"]
`

// TestJSONByEveryWay sends a JSON line by file, container, Beats and HTTP through the printed pipeline. Whichever of them decodes
// it, it ends with its level in upper case, its own time, and, being an error, in the index of errors.
func TestJSONByEveryWay(t *testing.T) {
	t.Parallel()
	line := func(way string) string {
		return fmt.Sprintf(`{"timestamp":"2026-12-25T10:00:00.250Z","level":"error","service":"%s","tool":"book","duration_ms":42,"error":"no table","message":"sent by %s"}`, way, way)
	}
	pipeline := readFile(t, testdata(t, "seed-configs", "chatgpt", "logstash", "chatgpt-app.conf"))
	container := writeFile(t, t.TempDir(), "0a1b-json.log", fmt.Sprintf(`{"log":%q,"stream":"stdout","time":"2026-12-25T11:00:00Z"}`+"\n", line("container")+"\n"))
	f := startFlow(t, pipeline, fmt.Sprintf(everyWayShipper, container), "LOGS", line("file")+"\n")
	f.post([]string{line("http")})
	f.sendBeats(line("beats"))

	for _, index := range []string{"chatgpt-logs", "chatgpt-errors-*"} {
		f.waitForCount(index, "", 4)
		ways := map[string]bool{}
		f.scan(index, matchAll, func(d document) {
			fields := d.fields(t)
			ways[fmt.Sprint(fields["service_name"])] = true
			check(t, fields, map[string]any{"@timestamp": "2026-12-25T10:00:00.250Z", "log_level": "ERROR", "tool_name": "book",
				"response_time": 42, "response_time_category": "fast", "error_message": "no table"})
		})
		for _, way := range []string{"file", "container", "http", "beats"} {
			if !ways[way] {
				t.Errorf("%s: nothing came by %s: %v", index, way, ways)
			}
		}
	}
	f.stop()
}

// sendBeats sends one line as a Beats client does that decodes nothing, and waits for its acknowledgement.
func (f *flow) sendBeats(line string) {
	t := f.tb
	t.Helper()
	encoder, err := lumberjack.NewEncoder(0)
	if err != nil {
		t.Fatal(err)
	}
	event, err := json.Marshal(map[string]string{"@timestamp": "2026-12-25T12:00:00.000Z", "message": line})
	if err != nil {
		t.Fatal(err)
	}
	window, err := encoder.Window([][]byte{event})
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("tcp", f.beats)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(answerTimeout)); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Write(window); err != nil {
		t.Fatal(err)
	}
	for sequence := uint32(0); sequence == 0; {
		if sequence, err = lumberjack.ReadACK(conn); err != nil {
			t.Fatal(err)
		}
	}
}
