package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
)

// pipeCase is one kind of work.
type pipeCase struct {
	name   string
	what   string
	config string // Elkhorn's, its input left out
	codec  string // of the input
	lines  []string
	goal   float64 // events a second on two processors; 0 when the case is only there for comparison
	rivals []rival
	// fields are compared between Elkhorn's documents and a rival's, by our name.
	fields []string
}

const elasticsearchOutput = `output { elasticsearch { hosts => ["http://localhost:9200"] index => "bench-%{+YYYY.MM.dd}" } }`

const apacheFilters = `filter {
  grok { match => { "message" => "%{COMBINEDAPACHELOG}" } }
  date { match => ["timestamp", "dd/MMM/yyyy:HH:mm:ss Z"] }
`

// pipeCases are the cases; those whose configurations are in the test data are left out without it.
func pipeCases(testdata, database string) ([]pipeCase, error) {
	access, err := accessLog(testdata)
	if err != nil {
		return nil, err
	}
	geoip := `  geoip { source => "clientip" database => "` + database + `" }` + "\n"
	cases := []pipeCase{
		{name: "apache", what: "Access log: grok, date, useragent, geoip", codec: "line", lines: access, goal: 150_000,
			config: apacheFilters + `  useragent { source => "agent" target => "user_agent" }` + "\n" + geoip + "}\n" + elasticsearchOutput},
		{name: "apache-plain", what: "Access log: grok and date only", codec: "line", lines: access,
			config: apacheFilters + "}\n" + elasticsearchOutput, rivals: []rival{benthosApache, goGrokApache},
			fields: []string{"clientip", "verb", "request", "response", "bytes", "@timestamp"}},
	}
	if testdata == "" {
		return cases, nil
	}
	for _, c := range []struct {
		pipeCase
		config, lines string
	}{
		{pipeCase{name: "ml", what: "The printed ML configuration, ruby included", codec: "json", goal: 200_000, rivals: []rival{benthosML},
			fields: []string{"request_id", "@timestamp", "cluster_name", "output.mean_confidence", "output.max_confidence"}}, "ml/ml-inference.conf", "ml/inference-samples.jsonl"},
		{pipeCase{name: "chatgpt", what: "The printed ChatGPT configuration on a mix of its lines", codec: "json", goal: 150_000}, "chatgpt/logstash/chatgpt-app.conf", "chatgpt/sample-lines.log"},
	} {
		text, err := os.ReadFile(filepath.Join(testdata, "seed-configs", c.config))
		if err != nil {
			return nil, err
		}
		lines, err := os.ReadFile(filepath.Join(testdata, "seed-configs", c.lines))
		if err != nil {
			return nil, err
		}
		c.pipeCase.config, c.pipeCase.lines = string(text), strings.Split(strings.TrimSpace(string(lines)), "\n")
		cases = append(cases, c.pipeCase)
	}
	return cases, nil
}

// accessLog is a real access log of the test data, or lines like it.
func accessLog(testdata string) ([]string, error) {
	if testdata != "" {
		text, err := os.ReadFile(filepath.Join(testdata, "data/elastic-examples/apache_access.log"))
		return strings.Split(strings.TrimSpace(string(text)), "\n"), err
	}
	agents := []string{"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/%d.0.0.0 Safari/537.36", "Mozilla/5.0 (X11; Linux x86_64; rv:%[1]d.0) Gecko/20100101 Firefox/%[1]d.0",
		"curl/8.%d.0", "Mozilla/5.0 (compatible; Googlebot/2.%d; +http://www.google.com/bot.html)"}
	random := rand.New(rand.NewPCG(1, 2))
	lines := make([]string, 10_000)
	for i := range lines {
		agent := fmt.Sprintf(agents[random.IntN(len(agents))], 90+random.IntN(60))
		lines[i] = fmt.Sprintf(`%d.%d.%d.%d - - [%02d/May/2025:%02d:%02d:%02d +0000] "GET /shop/item/%d?page=%d HTTP/1.1" %d %d "https://www.example.org/list/%d" "%s"`,
			1+random.IntN(222), random.IntN(256), random.IntN(256), 1+random.IntN(254), 1+random.IntN(28), random.IntN(24), random.IntN(60), random.IntN(60),
			random.IntN(5000), random.IntN(20), []int{200, 200, 200, 304, 404, 500}[random.IntN(6)], random.IntN(200_000), random.IntN(50), agent)
	}
	return lines, nil
}
