package e2e

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"
)

// accessPipeline reads an access log as the documents on log pipelines do.
const accessPipeline = `input {
  file { path => %q start_position => "beginning" }
}
filter {
  grok { match => { "message" => "%%{COMBINEDAPACHELOG}" } }
  date { match => ["timestamp", "dd/MMM/yyyy:HH:mm:ss Z"] }
  useragent { source => "agent" target => "user_agent" }
  geoip { source => "clientip" }
}
output {
  elasticsearch { hosts => ["http://elasticsearch:9200"] index => "access" }
}
`

// unmatched are the lines that no combined log format fits, by their number: one lacks its closing quote.
var unmatched = map[int]bool{8899: true}

// TestAccessLog takes a real access log through grok, date, useragent and geoip, and compares the counts with some made by
// splitting its lines.
func TestAccessLog(t *testing.T) {
	t.Parallel()
	path := testdata(t, "data", "elastic-examples", "apache_access.log")
	dir := t.TempDir()
	config := writeFile(t, dir, "access.conf", fmt.Sprintf(accessPipeline, path))
	p := start(t, "up", "--data", t.TempDir(), "--http", "127.0.0.1:0", "--ui", "off", "--pipelines", config)
	lines := strings.Split(strings.TrimSuffix(readFile(t, path), "\n"), "\n")
	p.waitForCount("access", "", len(lines))

	const failed = `{"term":{"tags.keyword":"_grokparsefailure"}}`
	var failures []string
	p.scan("access", failed, func(d document) { failures = append(failures, fmt.Sprint(d.fields(t)["message"])) })
	var wantFailures []string
	responses, days := map[string]int{}, map[string]int{}
	for i, line := range lines {
		if unmatched[i+1] {
			wantFailures = append(wantFailures, line)
			continue
		}
		response, day := splitAccessLine(t, line)
		responses[response]++
		days[day]++
	}
	if fmt.Sprint(failures) != fmt.Sprint(wantFailures) {
		t.Errorf("lines that do not match: %q, want %q", failures, wantFailures)
	}
	const matched = `{"bool":{"must_not":[` + failed + `]}}`
	if got := p.countBy("access", matched, `{"terms":{"field":"response.keyword","size":100}}`); !maps.Equal(got, responses) {
		t.Errorf("by response: %v, want %v", got, responses)
	}
	if got := p.countBy("access", matched, `{"date_histogram":{"field":"@timestamp","calendar_interval":"day","format":"yyyy-MM-dd"}}`); !maps.Equal(got, days) {
		t.Errorf("by day: %v, want %v", got, days)
	}
	if n := p.count("access", countQuery(`{"exists":{"field":"user_agent.name"}}`)); n < len(lines)-100 {
		t.Errorf("%d of %d documents name a browser", n, len(lines))
	}
	p.stop()
}

// splitAccessLine takes the status and the day out of a line by its quotes and spaces alone.
func splitAccessLine(t *testing.T, line string) (response, day string) {
	t.Helper()
	parts := strings.Split(line, `"`)
	head, tail := strings.Fields(parts[0]), strings.Fields(parts[2])
	at, err := time.Parse("[02/Jan/2006:15:04:05 -0700]", head[3]+" "+head[4])
	if err != nil {
		t.Fatalf("%q: %v", line, err)
	}
	return tail[0], at.UTC().Format(time.DateOnly)
}
