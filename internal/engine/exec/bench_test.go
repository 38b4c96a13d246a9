package exec_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/engine/exec"
	"elkhorn/internal/engine/segment"
	"elkhorn/internal/es/mapping"
)

// memorySegment is a segment of many decoded blocks, for benchmarks.
type memorySegment struct {
	rows    int
	blocks  []segment.BlockInfo
	columns map[string]*memoryColumn
}

type memoryColumn struct {
	kind   column.Kind
	ints   []int64
	floats []float64
	ords   []uint32
	dict   column.Dict
	stats  []column.Stats
}

func newMemorySegment(rows int) *memorySegment {
	s := &memorySegment{rows: rows, columns: map[string]*memoryColumn{}}
	for first := 0; first < rows; first += column.BlockRows {
		s.blocks = append(s.blocks, segment.BlockInfo{FirstRow: first, Rows: min(column.BlockRows, rows-first)})
	}
	return s
}

func (s *memorySegment) add(name string, c *memoryColumn) {
	for b, info := range s.blocks {
		var block column.Block
		if err := c.Read(b, 0, info.Rows, &block); err != nil {
			panic(err)
		}
		c.stats = append(c.stats, column.StatsOf(&block))
	}
	s.columns[name] = c
}

func (s *memorySegment) Spaces() []segment.Space       { return nil }
func (s *memorySegment) Blocks() []segment.BlockInfo   { return s.blocks }
func (s *memorySegment) Fields() []string              { return nil }
func (s *memorySegment) Source(string) column.Source   { return nil }
func (s *memorySegment) Text(string) segment.TextIndex { return nil }
func (s *memorySegment) IDs() segment.IDIndex          { return nil }
func (s *memorySegment) Shapes() []segment.Shape       { return nil }
func (s *memorySegment) MemoryBytes() int64            { return 0 }
func (s *memorySegment) DiskBytes() int64              { return 0 }

func (s *memorySegment) Column(name string) column.Column {
	if c, ok := s.columns[name]; ok {
		return c
	}
	return nil
}

func (c *memoryColumn) Kind() column.Kind            { return c.kind }
func (c *memoryColumn) Dict() column.Dict            { return c.dict }
func (c *memoryColumn) Stats(block int) column.Stats { return c.stats[block] }

func (c *memoryColumn) Read(block, from, to int, dst *column.Block) error {
	lo, hi := block*column.BlockRows+from, block*column.BlockRows+to
	*dst = column.Block{Kind: c.kind, Rows: to - from}
	switch c.kind {
	case column.Int64:
		dst.Ints = c.ints[lo:hi]
	case column.Float64:
		dst.Floats = c.floats[lo:hi]
	default:
		dst.Ords = c.ords[lo:hi]
	}
	return nil
}

const benchRows = 2_000_000

// benchIndex is two million log lines over a day.
func benchIndex(b *testing.B) exec.Index {
	m, err := mapping.Parse([]byte(`{"properties":{"@timestamp":{"type":"date"},"level":{"type":"keyword"},"service":{"type":"keyword"},
		"tool":{"type":"keyword"},"user":{"type":"keyword"},"latency":{"type":"double"},"status":{"type":"long"}}}`))
	if err != nil {
		b.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	s := newMemorySegment(benchRows)
	times, latency, status := make([]int64, benchRows), make([]float64, benchRows), make([]int64, benchRows)
	for i := range benchRows {
		times[i] = 1773532800000 + int64(i)*86_400_000/benchRows + int64(r.IntN(1000))
		latency[i] = math.Exp(r.NormFloat64()*1.2 + 4)
		status[i] = []int64{200, 200, 200, 200, 404, 500}[r.IntN(6)]
	}
	s.add("@timestamp", &memoryColumn{kind: column.Int64, ints: times})
	s.add("latency", &memoryColumn{kind: column.Float64, floats: latency})
	seqs := make([]int64, benchRows)
	for i := range seqs {
		seqs[i] = int64(i)
	}
	s.add(segment.SeqNoField, &memoryColumn{kind: column.Int64, ints: seqs})
	s.add("status", &memoryColumn{kind: column.Int64, ints: status})
	for name, distinct := range map[string]int{"level": 4, "service": 20, "tool": 50, "user": 200_000} {
		zipf := rand.NewZipf(r, 1.1, 4, uint64(distinct-1))
		ords, dict := make([]uint32, benchRows), make([][]byte, distinct)
		for i := range ords {
			ords[i] = uint32(zipf.Uint64())
		}
		for i := range dict {
			dict[i] = fmt.Appendf(nil, "%s-%d", name, i)
		}
		s.add(name, &memoryColumn{kind: column.Ordinal, ords: ords, dict: column.NewDict(dict)})
	}
	return exec.Index{Name: "bench", Mapping: m, IDs: autoIDs{}, Analyzers: analyzers{}, Sources: []exec.Source{{Segment: s}}}
}

func BenchmarkSearch(b *testing.B) {
	ix := benchIndex(b)
	for _, c := range []struct{ name, body string }{
		{"count_all", `{"size":0,"track_total_hits":true}`},
		{"match_all_default", `{"_source":false}`},
		{"newest_50", `{"_source":false,"size":50,"sort":[{"@timestamp":"desc"}]}`},
		{"newest_50_of_term_exact_total", `{"_source":false,"size":50,"track_total_hits":true,"query":{"term":{"level":"level-2"}},"sort":[{"@timestamp":"desc"}]}`},
		{"count_time_range", `{"size":0,"track_total_hits":true,"query":{"range":{"@timestamp":{"gte":"2026-03-15T06:00:00Z"}}}}`},
		{"count_term", `{"size":0,"track_total_hits":true,"query":{"term":{"level":"level-1"}}}`},
		{"histogram_per_minute_of_term", `{"size":0,"query":{"term":{"level":"level-3"}},"aggs":{"t":{"date_histogram":{"field":"@timestamp","fixed_interval":"1m"}}}}`},
		{"date_histogram", `{"size":0,"aggs":{"t":{"date_histogram":{"field":"@timestamp","fixed_interval":"30m"}}}}`},
		{"date_histogram_by_level", `{"size":0,"aggs":{"t":{"date_histogram":{"field":"@timestamp","fixed_interval":"30m"},"aggs":{"l":{"terms":{"field":"level"}}}}}}`},
		{"top_10_tools", `{"size":0,"aggs":{"t":{"terms":{"field":"tool"}}}}`},
		{"top_10_users", `{"size":0,"aggs":{"t":{"terms":{"field":"user"}}}}`},
		{"percentiles", `{"size":0,"aggs":{"p":{"percentiles":{"field":"latency"}}}}`},
		{"percentiles_by_service", `{"size":0,"aggs":{"s":{"terms":{"field":"service"},"aggs":{"p":{"percentiles":{"field":"latency","percents":[50,95,99]}}}}}}`},
		{"distinct_users", `{"size":0,"aggs":{"u":{"cardinality":{"field":"user"}}}}`},
		{"multi_terms", `{"size":0,"aggs":{"m":{"multi_terms":{"terms":[{"field":"service"},{"field":"status"}]}}}}`},
		{"multi_terms_users", `{"size":0,"aggs":{"m":{"multi_terms":{"terms":[{"field":"user"},{"field":"level"}]}}}}`},
		{"composite_service_hour", `{"size":0,"aggs":{"c":{"composite":{"size":1000,"sources":[{"s":{"terms":{"field":"service"}}},{"t":{"date_histogram":{"field":"@timestamp","fixed_interval":"1h"}}}]}}}}`},
		{"composite_users", `{"size":0,"aggs":{"c":{"composite":{"size":1000,"sources":[{"u":{"terms":{"field":"user"}}},{"l":{"terms":{"field":"level"}}}]}}}}`},
		{"composite_minutes_page", `{"size":0,"aggs":{"c":{"composite":{"size":100,"after":{"t":1773580000000,"l":"level-0"},"sources":[{"t":{"date_histogram":{"field":"@timestamp","fixed_interval":"1m"}}},{"l":{"terms":{"field":"level"}}}]},"aggs":{"a":{"avg":{"field":"latency"}}}}}}`},
		{"script_filter", `{"size":0,"track_total_hits":true,"query":{"script":{"script":"doc['latency'].value * 2 > 5"}}}`},
		{"script_filter_keyword", `{"size":0,"track_total_hits":true,"query":{"script":{"script":"doc['level'].value == 'level-1' && doc['status'].value >= 400"}}}`},
		{"script_sum", `{"size":0,"aggs":{"s":{"sum":{"script":{"source":"doc['latency'].value * params.f","params":{"f":2}}}}}}`},
		{"averages", `{"size":0,"aggs":{"a":{"avg":{"field":"latency"}},"b":{"avg":{"field":"status"}},"c":{"sum":{"field":"latency"}}}}`},
	} {
		for _, workers := range []int{1, 2} {
			b.Run(fmt.Sprintf("%s/workers=%d", c.name, workers), func(b *testing.B) {
				req := parseRequest(b, c.body)
				req.Workers = workers
				b.ReportAllocs()
				for b.Loop() {
					if _, err := exec.Search(context.Background(), []exec.Index{ix}, req); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/benchRows, "ns/row")
			})
		}
	}
}

// textIndex is 262,144 messages from 200 templates, written as on disk.
func textIndex(b *testing.B) exec.Index {
	r := rand.New(rand.NewPCG(3, 4))
	var templates []string
	for range 200 {
		words := ""
		for range 6 + r.IntN(10) {
			words += fmt.Sprintf("word%d ", int(math.Exp(r.Float64()*7)))
		}
		templates = append(templates, words)
	}
	var docs []string
	for i := range 32 * column.BlockRows {
		text := templates[int(math.Pow(r.Float64(), 2)*200)]
		if i%50_000 == 777 {
			text += "needle"
		}
		docs = append(docs, fmt.Sprintf(`{"@timestamp":%d,"message":"%s id=%x connection-pool %d"}`, 1773532800000+i*300, text, r.Uint64(), i%7))
	}
	ix := testIndex(b, "text", `{"properties":{"@timestamp":{"type":"date"},"message":{"type":"text"}}}`, docs, column.BlockRows)
	seal(b, &ix, 100)
	return ix
}

func BenchmarkText(b *testing.B) {
	ix := textIndex(b)
	for _, c := range []struct{ name, query string }{
		{"rare_word", `{"match":{"message":"needle"}}`},
		{"rare_phrase", `{"match_phrase":{"message":"word3 word1000"}}`},
		{"word_of_some", `{"match":{"message":"word700"}}`},
		{"phrase_of_all", `{"match_phrase":{"message":"connection pool 3"}}`},
	} {
		for _, exact := range []bool{false, true} {
			b.Run(fmt.Sprintf("%s/exact_total=%v", c.name, exact), func(b *testing.B) {
				req := parseRequest(b, fmt.Sprintf(`{"query":%s,"size":50,"sort":[{"@timestamp":"desc"}],"track_total_hits":%v,"workers":1}`, c.query, exact))
				b.ReportAllocs()
				hits := int64(0)
				for b.Loop() {
					r, err := exec.Search(context.Background(), []exec.Index{ix}, req)
					if err != nil {
						b.Fatal(err)
					}
					if r.Hits.Total != nil {
						hits = r.Hits.Total.Value
					}
				}
				b.ReportMetric(float64(hits), "hits")
			})
		}
	}
}

// BenchmarkRequestID looks for one of 262,144 ids, in a segment as on disk.
func BenchmarkRequestID(b *testing.B) {
	r := rand.New(rand.NewPCG(5, 6))
	var docs []string
	for i := range 32 * column.BlockRows {
		docs = append(docs, fmt.Sprintf(`{"@timestamp":%d,"request_id":"%016x%016x"}`, 1773532800000+i*300, r.Uint64(), r.Uint64()))
	}
	ix := testIndex(b, "ids", `{"properties":{"@timestamp":{"type":"date"},"request_id":{"type":"keyword"}}}`, docs, column.BlockRows)
	seal(b, &ix, 100)
	id := docs[100_000][len(docs[100_000])-34 : len(docs[100_000])-2]
	req := parseRequest(b, fmt.Sprintf(`{"query":{"term":{"request_id":%q}},"workers":1}`, id))
	b.ReportAllocs()
	for b.Loop() {
		resp, err := exec.Search(context.Background(), []exec.Index{ix}, req)
		if err != nil || resp.Hits.Total.Value != 1 {
			b.Fatal(resp, err)
		}
	}
}
