package filter_test

import (
	"bufio"
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
)

// apacheBlocks are the filters of an access-log pipeline.
var apacheBlocks = []string{
	`grok { match => { "message" => "%{COMBINEDAPACHELOG}" } }`,
	`date { match => ["timestamp", "dd/MMM/yyyy:HH:mm:ss Z"] }`,
	`useragent { source => "agent" target => "user_agent" }`,
	`geoip { source => "clientip" database => "city.mmdb" }`,
}

var apacheLines = []string{
	`81.2.69.142 - - [17/May/2015:10:05:03 +0000] "GET /presentations/kibana-search.png HTTP/1.1" 200 203023 "http://example.com/presentations/" "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_9_1) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/32.0.1700.77 Safari/537.36"`,
	`203.0.113.7 - - [17/May/2015:10:05:43 +0000] "GET /images/dreamhost-3000.png?x=1 HTTP/1.1" 304 - "-" "Mozilla/5.0 (Windows NT 6.1; WOW64; rv:27.0) Gecko/20100101 Firefox/27.0"`,
	`203.0.113.99 - - [17/May/2015:10:05:47 +0000] "GET /robots.txt HTTP/1.0" 200 - "-" "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"`,
	`10.1.2.3 - alice [18/May/2015:00:00:00 +0200] "POST /login HTTP/1.1" 302 12 "-" "curl/8.5.0"`,
}

func buildAll(t testing.TB, blocks []string) []pipeline.Filter {
	env := testEnv(t)
	filters := make([]pipeline.Filter, len(blocks))
	for i, block := range blocks {
		f, _, err := build(t, env, block)
		if err != nil {
			t.Fatal(err)
		}
		filters[i] = f
	}
	return filters
}

// BenchmarkApachePipeline is one line through the access-log filters; each filter's share is reported beside it.
func BenchmarkApachePipeline(b *testing.B) {
	filters := buildAll(b, apacheBlocks)
	path := event.MustPath("message")
	for _, n := range []int{0, 1, 2, 3, 4} {
		names := []string{"none", "grok", "grok+date", "grok+date+useragent", "all"}
		b.Run(names[n], func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				ev := event.New(testNow)
				ev.Set(path, event.StringOf(apacheLines[i%len(apacheLines)]))
				for _, f := range filters[:n] {
					f.Filter(ev, nil)
				}
			}
		})
	}
}

func BenchmarkUserAgentMiss(b *testing.B) {
	f := mustBuild(b, `useragent { source => "agent" lru_cache_size => 1 target => "ua" }`)
	path := event.MustPath("agent")
	for i := 0; b.Loop(); i++ {
		ev := event.New(testNow)
		_, rest, _ := strings.Cut(apacheLines[i%3], `" "`)
		ev.Set(path, event.StringOf(rest))
		f.Filter(ev, nil)
	}
}

// TestApacheLog runs a real access log through the filters and compares what came out with a count by other means.
func TestApacheLog(t *testing.T) {
	dir := os.Getenv("ELKHORN_TESTDATA")
	if dir == "" {
		t.Skip("ELKHORN_TESTDATA is not set")
	}
	file, err := os.Open(filepath.Join(dir, "data", "elastic-examples", "apache_access.log"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	filters := buildAll(t, apacheBlocks)
	message, response := event.MustPath("message"), event.MustPath("response")
	browserName, browserOS := event.MustPath("[user_agent][name]"), event.MustPath("[user_agent][os_name]")
	failures, lines := 0, 0
	byResponse, wantResponse := map[string]int{}, map[string]int{}
	byDay, wantDay := map[string]int{}, map[string]int{}
	unknown := map[string]int{}
	scanner := bufio.NewScanner(file)
	for scanner.Scan() {
		lines++
		ev := event.New(testNow)
		ev.Set(message, event.StringOf(scanner.Text()))
		for _, f := range filters {
			f.Filter(ev, nil)
		}
		if ev.HasTag("_grokparsefailure") {
			failures++
			continue
		}
		v, _ := ev.Get(response)
		byResponse[v.Str()]++
		byDay[ev.Timestamp().Format("2006-01-02")]++
		status, day := splitAccessLine(t, scanner.Text())
		wantResponse[status]++
		wantDay[day]++
		name, _ := ev.Get(browserName)
		system, _ := ev.Get(browserOS)
		if name.Str() == "Other" && system.Str() == "Other" {
			if _, agent, _ := strings.Cut(scanner.Text(), `" "`); agent != `-"` {
				unknown[agent]++
			}
		}
	}
	if err := scanner.Err(); err != nil {
		t.Fatal(err)
	}
	if lines != 10_000 || failures != 1 {
		t.Errorf("%d lines, %d without a match; want 10000 and 1", lines, failures)
	}
	for name, pair := range map[string][2]map[string]int{"response": {byResponse, wantResponse}, "day": {byDay, wantDay}} {
		if len(pair[0]) != len(pair[1]) {
			t.Errorf("%s: %v, want %v", name, pair[0], pair[1])
		}
		for key, want := range pair[1] {
			if pair[0][key] != want {
				t.Errorf("%s %s: %d, want %d", name, key, pair[0][key], want)
			}
		}
	}
	total := 0
	for _, n := range unknown {
		total += n
	}
	if total > lines/50 {
		t.Errorf("%d of %d user agents are not known", total, lines)
	}
}

// splitAccessLine reads status and day as a reader of blank-separated values with quotes does.
func splitAccessLine(t *testing.T, line string) (status, day string) {
	r := csv.NewReader(strings.NewReader(line))
	r.Comma, r.LazyQuotes = ' ', true
	fields, err := r.Read()
	if err != nil || len(fields) < 8 {
		t.Fatalf("%s: %v", line, err)
	}
	months := map[string]string{"May": "05"}
	date := strings.Split(strings.TrimPrefix(fields[3], "["), "/")
	return fields[6], date[2][:4] + "-" + months[date[1]] + "-" + date[0]
}
