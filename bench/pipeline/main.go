package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"strings"
	"time"

	"elkhorn/internal/gcpace"
)

func main() {
	o := options{}
	flag.IntVar(&o.events, "events", 300_000, "events per case; rivals get a share of them by their speed")
	flag.StringVar(&o.only, "only", "", "cases whose name holds this word")
	flag.StringVar(&o.out, "out", "../PIPELINE.md", "the report; empty prints it")
	flag.StringVar(&o.profile, "profile", "", "folder for profiles of Elkhorn's runs: processor time, and what was allocated since the start")
	flag.StringVar(&o.note, "note", os.Getenv("BENCH_NOTE"), "a line for the report")
	flag.StringVar(&o.data, "data", "../.data", "folder for the geographical database")
	flag.BoolVar(&o.backlog, "backlog", false, "run the backlog in a persisted queue alone, and print what it took as JSON")
	flag.Parse()
	runtime.GOMAXPROCS(workers)
	gcpace.Start()
	work := func() error { return run(o) }
	if o.backlog {
		work = func() error { return runBacklog(os.Stdout) }
	}
	if err := work(); err != nil {
		fmt.Fprintln(os.Stderr, "pipeline:", err)
		os.Exit(1)
	}
}

type options struct {
	events                         int
	only, out, profile, note, data string
	backlog                        bool
}

// withoutTestdata says what is left out when there are no configurations to measure.
const withoutTestdata = "ELKHORN_TESTDATA is not set: the printed configurations (ml, chatgpt) and the backlog are left out, and the access log is made up."

func run(o options) error {
	database, err := geoDatabase(o.data)
	if err != nil {
		o.note += " Without a geographical database (" + oneLine(err) + ") geoip only tags events."
		database = "/nowhere.mmdb"
	}
	testdata := os.Getenv("ELKHORN_TESTDATA")
	if testdata == "" {
		fmt.Fprintln(os.Stderr, withoutTestdata)
		o.note += " " + withoutTestdata
	}
	cases, err := pipeCases(testdata, database)
	if err != nil {
		return err
	}
	report := &report{note: strings.TrimSpace(o.note)}
	for i := range cases {
		c := &cases[i]
		if !strings.Contains(c.name, o.only) {
			continue
		}
		if err := runCase(o, c, report); err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
	}
	if o.only == "" {
		for _, c := range matchCases {
			report.matches = append(report.matches, matchRow{c, timeEngines(c)})
		}
		if testdata != "" {
			if report.backlog, err = measureBacklog(); err != nil {
				return err
			}
		}
	}
	text := report.String()
	if o.out == "" || o.only != "" {
		fmt.Print(text)
		return nil
	}
	return os.WriteFile(o.out, []byte(text), 0o644)
}

func runCase(o options, c *pipeCase, report *report) error {
	ours := func(source io.Reader, sink *bulkSink) error { return runElkhorn(c, source, sink) }
	reference, err := documents(ours, c)
	if err != nil {
		return err
	}
	row := caseRow{pipeCase: c}
	warmUp := measure(func(s *bulkSink) error { return ours(newLineSource(c.lines, o.events/10), s) })
	if warmUp.err != nil {
		return warmUp.err
	}
	stop, err := startProfile(o.profile, c.name)
	if err != nil {
		return err
	}
	row.ours = measure(func(s *bulkSink) error { return ours(newLineSource(c.lines, o.events), s) })
	stop()
	if row.ours.err != nil {
		return row.ours.err
	}
	for i := range c.rivals {
		r := &c.rivals[i]
		theirs, err := documents(r.run, c)
		if err != nil {
			row.rivals = append(row.rivals, rivalRow{name: r.name, problem: oneLine(err)})
			continue
		}
		// A tenth tells how fast it is; then it gets what takes it as long as our run, but no more than that.
		probe := measure(func(s *bulkSink) error { return r.run(newLineSource(c.lines, 2000), s) })
		events := min(o.events, max(4000, int(float64(o.events)*row.ours.cpuPerMillion()/probe.cpuPerMillion())*2))
		res := measure(func(s *bulkSink) error { return r.run(newLineSource(c.lines, events), s) })
		row.rivals = append(row.rivals, rivalRow{name: r.name, result: res, same: compareDocuments(reference, theirs, c.fields, r.names)})
	}
	report.cases = append(report.cases, row)
	return nil
}

func startProfile(dir, name string) (stop func(), err error) {
	if dir == "" {
		return func() {}, nil
	}
	f, err := os.Create(filepath.Join(dir, name+".pprof"))
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return nil, err
	}
	return func() {
		pprof.StopCPUProfile()
		f.Close()
		if allocated, err := os.Create(filepath.Join(dir, name+".allocs.pprof")); err == nil {
			pprof.Lookup("allocs").WriteTo(allocated, 0)
			allocated.Close()
		}
	}, nil
}

// documents runs the first lines once and returns the documents by their message, or by their request.
func documents(run func(io.Reader, *bulkSink) error, c *pipeCase) (map[string]map[string]any, error) {
	lines := c.lines[:min(len(c.lines), 500)]
	sink := &bulkSink{keep: true}
	if err := run(newLineSource(lines, len(lines)), sink); err != nil {
		return nil, err
	}
	out := map[string]map[string]any{}
	for i, line := range strings.Split(strings.TrimSpace(sink.mu.kept.String()), "\n") {
		if i%2 == 0 {
			continue // the action
		}
		var doc map[string]any
		if err := json.Unmarshal([]byte(line), &doc); err != nil {
			return nil, fmt.Errorf("document %.200s: %w", line, err)
		}
		flat := map[string]any{}
		flatten("", doc, flat)
		out[keyOf(flat)] = flat
	}
	if len(out) == 0 {
		return nil, errors.New("no documents came out")
	}
	return out, nil
}

// keyOf tells documents apart: those of access logs by their times, requests and sizes, others by their request.
func keyOf(doc map[string]any) string {
	if id, ok := doc["request_id"]; ok {
		return fmt.Sprint(id)
	}
	var parts []string
	for _, names := range [][]string{{"timestamp"}, {"request", "url.original"}, {"bytes", "http.response.body.size"}, {"clientip", "source.address"}} {
		for _, n := range names {
			if v, ok := doc[n]; ok {
				parts = append(parts, fmt.Sprint(v))
				break
			}
		}
	}
	return strings.Join(parts, " ")
}

func flatten(prefix string, v map[string]any, out map[string]any) {
	for name, member := range v {
		if inner, ok := member.(map[string]any); ok {
			flatten(prefix+name+".", inner, out)
			continue
		}
		out[prefix+name] = member
	}
}

// compareDocuments counts how many of our documents a rival has with the same values.
func compareDocuments(ours, theirs map[string]map[string]any, fields []string, names map[string]string) string {
	same := 0
	example := ""
	for key, doc := range ours {
		other, equal := theirs[key], true
		for _, f := range fields {
			name := f
			if n := names[f]; n != "" {
				name = n
			}
			if a, b := comparable(doc[f]), comparable(other[name]); a != b {
				equal = false
				if example == "" {
					example = fmt.Sprintf(" (%s: ours %s, theirs %s)", f, a, b)
				}
			}
		}
		if equal {
			same++
		}
	}
	if same == len(ours) {
		return fmt.Sprintf("all %d", same)
	}
	return fmt.Sprintf("%d of %d%s", same, len(ours), example)
}

// comparable writes a value in one form: numbers in text as numbers, times without zeros at the end.
func comparable(v any) string {
	if f, ok := v.(float64); ok {
		return fmt.Sprintf("%.6g", f)
	}
	text := fmt.Sprint(v)
	if whole, fraction, ok := strings.Cut(strings.TrimSuffix(text, "Z"), "."); ok && strings.HasSuffix(text, "Z") {
		return strings.TrimSuffix(whole+"."+strings.TrimRight(fraction, "0"), ".")
	}
	return text
}

// geoPackage is a free database with the countries of addresses.
const geoPackage = "@ip-location-db/geo-whois-asn-country-mmdb"

// geoDatabase finds the database, and installs it the first time.
func geoDatabase(dir string) (string, error) {
	dir, err := filepath.Abs(filepath.Join(dir, "geo"))
	if err != nil {
		return "", err
	}
	find := func() string {
		found, _ := filepath.Glob(filepath.Join(dir, "node_modules", geoPackage, "*country.mmdb"))
		if len(found) == 0 {
			return ""
		}
		return found[0]
	}
	if path := find(); path != "" {
		return path, nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	cmd := exec.Command("npm", "install", "--no-audit", "--no-fund", "--prefix", dir, geoPackage)
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("npm: %w: %s", err, out)
	}
	if path := find(); path != "" {
		return path, nil
	}
	return "", fmt.Errorf("%s holds no database", geoPackage)
}

// now is when the report was made.
func now() string { return time.Now().UTC().Format(time.DateOnly) }
