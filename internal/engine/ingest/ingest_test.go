package ingest

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/engine/segment"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/mapping"
)

// batcher adds documents under a mapping that grows as an index's does.
type batcher struct {
	t       testing.TB
	builder *Builder
	docs    [][]byte
	done    []segment.Segment
	sources [][][]byte
}

func newBatcher(t testing.TB, mappings string) *batcher {
	m := mapping.Empty()
	if mappings != "" {
		var err error
		if m, err = mapping.Parse([]byte(mappings)); err != nil {
			t.Fatal(err)
		}
	}
	return &batcher{t: t, builder: NewBuilder(mustPlan(t, m))}
}

func mustPlan(t testing.TB, m *mapping.Mapping) *Plan {
	t.Helper()
	p, err := NewPlan(m)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// add adds a document, growing the mapping as needed.
func (b *batcher) add(doc string) error {
	for {
		err := b.builder.Add([]byte(doc))
		switch {
		case errors.Is(err, ErrUnknownFields):
			next, err := Growth([]byte(doc))(b.builder.plan.Mapping())
			if err != nil {
				return err
			}
			b.seal()
			b.builder.Reset(mustPlan(b.t, next))
		case errors.Is(err, ErrFull):
			b.seal()
			b.builder.Reset(b.builder.plan)
		default:
			if err == nil {
				b.docs = append(b.docs, []byte(doc))
			}
			return err
		}
	}
}

// seal ends the batch.
func (b *batcher) seal() {
	if b.builder.Rows() == 0 {
		return
	}
	seg, err := segment.NewBatch(b.builder.Finish())
	if err != nil {
		b.t.Fatal(err)
	}
	b.done = append(b.done, seg)
	b.sources = append(b.sources, b.docs)
	b.docs = nil
}

// check rebuilds every document and compares it byte for byte.
func (b *batcher) check() {
	b.t.Helper()
	b.seal()
	for i, seg := range b.done {
		r := segment.NewSourceReader(seg)
		for row, want := range b.sources[i] {
			got, err := r.Append(nil, row)
			if err != nil {
				b.t.Fatalf("rebuild %s: %v", want, err)
			}
			if !bytes.Equal(got, want) {
				b.t.Fatalf("rebuilt  %s\noriginal %s", got, want)
			}
		}
	}
}

var trickyDocs = []string{
	`{}`,
	` { "a" : 1 , "b":[ ] }  `,
	`{"n":0,"f":0.0,"g":-0,"h":-0.0,"i":1e400,"big":12345678901234567890123}`,
	`{"f":0.50,"g":100.0,"h":1.5e3,"i":0.1,"j":123456789.123456789}`,
	`{"s":"","t":"plain","u":"q\"uote","v":"sl\/ash","w":"caf\u00e9","x":"café","y":"\ud83d\ude00","z":"\ud800"}`,
	`{"s":"tab\tnl\n\u0000\b\f","t":"\u0041"}`,
	`{"date":"2026-02-27T14:32:15.847Z","d2":"2026-02-27T14:32:15Z","d3":"2026-02-27","d4":"2026-02-27T14:32:15.123456+00:00","d5":"2026-02-27T14:32:15+00:00"}`,
	`{"list":[1,2,3],"spaced":[1, 2, 3],"odd":[1,2, 3],"none":[],"one":["x"],"nested":[[1,2],[3]],"mixed":[1,null,2]}`,
	`{"objects":[{"a":1,"b":"x"},{"a":2},{"b":"y"}],"o":{"p":{"q":{"r":null}}}}`,
	`{"b":true,"c":false,"d":null,"e":[true,false]}`,
	`{"k.l":1,"k":{"l":2,"m":3}}`,
	`{"list":["a","b"],"list2":[{"c":[1,2]},{"c":[3]}]}`,
	`{"_raw":"kept","_shape":1,"_time":2,"in":{"_id":"x","_version":3}}`,
	`{"emoji":"😀","path":"C:\\dir\\file","html":"<a href=\"x\">&amp;</a>"}`,
}

func TestSourceIsExact(t *testing.T) {
	for _, doc := range trickyDocs {
		b := newBatcher(t, "")
		if err := b.add(doc); err != nil && !strings.Contains(doc, "1e400") {
			t.Errorf("%s: %v", doc, err)
		}
		b.check()
	}
	all := newBatcher(t, `{"properties":{"i":{"type":"double","ignore_malformed":true},"big":{"type":"keyword"}}}`)
	for range 3 {
		for _, doc := range trickyDocs {
			if err := all.add(doc); err != nil {
				var refused *eserr.Error
				if !errors.As(err, &refused) {
					t.Errorf("%s: %v", doc, err)
				}
			}
		}
	}
	all.check()
}

func TestSourceIsExactUnderMapping(t *testing.T) {
	b := newBatcher(t, `{"properties":{
		"l":{"type":"long"},"i":{"type":"integer"},"d":{"type":"double"},"f":{"type":"float"},"h":{"type":"half_float"},
		"s":{"type":"scaled_float","scaling_factor":100},"b":{"type":"boolean"},"t":{"type":"date"},"n":{"type":"date_nanos"},
		"ip":{"type":"ip"},"g":{"type":"geo_point"},"k":{"type":"keyword","null_value":"none"},"x":{"type":"text","copy_to":"k"},
		"off":{"type":"object","enabled":false},"sub":{"dynamic":"false","properties":{"a":{"type":"keyword"}}},
		"scores":{"type":"nested","properties":{"score":{"type":"float"}}},"loose":{"type":"integer","ignore_malformed":true}}}`)
	for _, doc := range []string{
		`{"l":5,"i":"5","d":5,"f":0.1,"h":1.0,"s":1.23,"b":"true"}`,
		`{"l":"5.7","i":5.0,"d":"0.50","f":"3","h":65504,"s":1.239,"b":""}`,
		`{"l":-0,"d":"-0","f":16777217,"h":0.333,"b":false,"l":1}`,
		`{"f":-103.1234,"h":0.5}`, `{"f":-103.12345,"h":12345.678}`, `{"f":0.50000000}`, `{"f":16777216}`, `{"f":1234567}`, `{"f":1234567.0}`, `{"f":3.4e38}`, `{"f":0.00000012345678}`,
		`{"t":1740648735847,"n":"2026-02-27T22:15:30.123456789Z"}`,
		`{"t":"1740648735847","ip":"10.0.0.1"}`,
		`{"t":"2026-02-27T14:32:15.847Z","ip":"2001:DB8::1"}`,
		`{"ip":["::ffff:1.2.3.4","::1"],"g":{"lat":1.5,"lon":2}}`,
		`{"g":[2,1],"g2":1}`, `{"g":["1,2","u4pruydqqvj"]}`, `{"g":"POINT (2 1)","k":null}`,
		`{"k":5,"x":["a","b"]}`, `{"k":[true,null,"v"],"x":"c"}`,
		`{"off":{"anything":[1,{"x":2}],"anything":0}}`, `{"off":"not even an object"}`,
		`{"sub":{"a":"v","unknown":{"deep":[1]},"other":null}}`,
		`{"scores":[0.94,0.87]}`, `{"scores":0.5}`, `{"scores":[{"score":0.1},{"score":"0.2"}]}`,
		`{"loose":"abc"}`, `{"loose":{"x":1}}`, `{"loose":[1,"x",2]}`,
	} {
		if err := b.add(doc); err != nil && !strings.Contains(doc, `"l":1}`) {
			t.Errorf("%s: %v", doc, err)
		}
	}
	b.check()
}

func TestRefused(t *testing.T) {
	for _, c := range []struct{ mappings, doc, want string }{
		{"", `{"a":1,"a":2}`, "Duplicate field 'a'"},
		{"", `{"a":1`, "Unexpected end-of-input"},
		{"", "{\"a\":\"\xff\"}", "Invalid UTF-8"},
		{"", "{\"a\":\"x\ny\"}", "CTRL-CHAR, code 10"},
		{"", `{"a":01}`, "Invalid numeric value"},
		{"", `{"a":1}x`, "Unexpected content"},
		{"", `[1]`, "not_x_content_exception"},
		{"", ``, "request body is required"},
		{"", `{"":1}`, "cannot be an empty string"},
		{"", `{"a.b..c":2}`, "whitespace"},
		{"", `{"_id":"x"}`, "metadata field"},
		{"", `{"a":1,"_seq_no":5}`, "metadata field"},
		{"", `{"_version":{"x":1}}`, "metadata field"},
		{"", `{"_doc_count":0}`, "failed to parse field [_doc_count] of type [_doc_count]"},
		{"", `{"_doc_count":"3"}`, "failed to parse field [_doc_count] of type [_doc_count]"},
		{"", `{"_doc_count":3,"_doc_count":3}`, "Duplicate field '_doc_count'"},
		{"", `{"\u0000shape":1}`, "null character"},
		{`{"properties":{"a":{"type":"long"}}}`, `{"a":"x"}`, "failed to parse field [a] of type [long]"},
		{`{"properties":{"a":{"type":"long"}}}`, `{"a":9223372036854775808}`, "out of range"},
		{`{"properties":{"a":{"type":"byte"}}}`, `{"a":200}`, "out of range"},
		{`{"properties":{"a":{"type":"long"}}}`, `{"a":{"b":1}}`, "failed to parse field [a]"},
		{`{"properties":{"a":{"type":"date","format":"strict_date_time"}}}`, `{"a":"2026-02-27T22:15:30.123456"}`, "failed to parse date field"},
		{`{"properties":{"a":{"type":"ip"}}}`, `{"a":"1.2.3"}`, "not an IP string literal"},
		{`{"properties":{"a":{"properties":{"b":{"type":"long"}}}}}`, `{"a":5}`, "object mapping for [a]"},
		{`{"properties":{"a":{"type":"long"}}}`, `{"a.b":1}`, "field [a.b]. Existing mapping for [a] must be of type object but found [long]"},
		{`{"properties":{"o":{"properties":{"a":{"type":"keyword"}}}}}`, `{"o":{"a.b.c":1}}`, "field [o.a.b.c]. Existing mapping for [o.a] must be of type object but found [keyword]"},
		{`{"dynamic":"strict"}`, `{"a":5}`, "strict"},
		{`{"properties":{"a":{"type":"date"}}}`, `{"a":"2026-02-27T22:15:30+29:00"}`, "failed to parse date field"},
		{`{"properties":{"a":{"type":"constant_keyword","value":"x"}}}`, `{"a":"y"}`, "only accepts values that are equal to the value defined in the mappings [x], but got [y]"},
		{`{"properties":{"g":{"type":"geo_point"}}}`, `{"g":{"lat":91,"lon":0}}`, "illegal latitude"},
	} {
		b := newBatcher(t, c.mappings)
		err := b.add(c.doc)
		var refused *eserr.Error
		if !errors.As(err, &refused) || refused.Status != 400 || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s under %s: %v, want status 400 with %q", c.doc, c.mappings, err, c.want)
		}
		if b.builder.Rows() != 0 {
			t.Errorf("%s was refused and left a row", c.doc)
		}
	}
}

func TestDeepNestingIsRefused(t *testing.T) {
	b := newBatcher(t, "")
	if err := b.add(strings.Repeat(`{"a":`, 5000) + "1" + strings.Repeat("}", 5000)); err == nil {
		t.Error("5,000 levels were taken")
	}
}

func TestMoreShapesThanTheCap(t *testing.T) {
	b := newBatcher(t, `{"dynamic":"false","properties":{"n":{"type":"long"}}}`)
	for i := range segment.MaxShapes + 50 {
		if err := b.add(`{"n":` + strings.Repeat("1", 1+i%5) + `,"k` + strings.Repeat("x", i%100) + string(rune('a'+i/100)) + `":[1,2,{"deep":true}]}`); err != nil {
			t.Fatal(err)
		}
	}
	b.check()
	if len(b.done[0].Shapes()) > segment.MaxShapes {
		t.Errorf("%d shapes, more than the cap", len(b.done[0].Shapes()))
	}
}

func TestDocValues(t *testing.T) {
	b := newBatcher(t, "")
	for _, doc := range []string{`{"n":[3,1],"s":"a"}`, `{"s":["b","b"]}`, `{"n":7}`} {
		if err := b.add(doc); err != nil {
			t.Fatal(err)
		}
	}
	b.seal()
	last := b.done[len(b.done)-1]
	var block column.Block
	if err := last.Column("n").Read(0, 0, segment.Rows(last), &block); err != nil {
		t.Fatal(err)
	}
	lo, hi := block.Range(block.Rows - 1)
	if hi-lo != 1 || block.Ints[lo] != 7 {
		t.Errorf("last value of n is %v", block.Ints[lo:hi])
	}
}

// TestSourceIsExactOverSampleData runs over every document of the shared sample data.
func TestSourceIsExactOverSampleData(t *testing.T) {
	root := os.Getenv("ELKHORN_TESTDATA")
	if root == "" {
		t.Skip("ELKHORN_TESTDATA is not set")
	}
	docs := 0
	for _, pattern := range []string{"seed-configs/*/*.json", "seed-configs/*/*.jsonl", "data/*/*.log"} {
		files, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			docs += checkFile(t, file, data)
		}
	}
	if docs < 10_000 {
		t.Errorf("only %d documents were found", docs)
	}
}

// checkFile takes a file's lines as documents: JSON as it is, text as a message.
func checkFile(t *testing.T, file string, data []byte) int {
	b := newBatcher(t, "")
	lines := bytes.Split(data, []byte("\n"))
	if strings.HasSuffix(file, ".json") {
		lines = [][]byte{data}
	}
	n := 0
	for _, line := range lines {
		doc := string(line)
		if !json.Valid(line) || !strings.HasPrefix(strings.TrimSpace(doc), "{") {
			quoted, err := json.Marshal(map[string]any{"message": strings.ToValidUTF8(doc, "?"), "n": n})
			if err != nil {
				t.Fatal(err)
			}
			doc = string(quoted)
		}
		var refused *eserr.Error
		if err := b.add(doc); err != nil && !errors.As(err, &refused) {
			t.Fatalf("%s: %v", file, err)
		} else if err == nil {
			n++
		}
	}
	b.check()
	return n
}

func FuzzIngest(f *testing.F) {
	for _, doc := range trickyDocs {
		f.Add([]byte(doc))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		b := newBatcher(t, `{"properties":{"n":{"type":"long"},"f":{"type":"float"},"t":{"type":"date"},"k":{"type":"keyword"}}}`)
		err := b.add(string(doc))
		if err == nil && !json.Valid(doc) {
			t.Fatalf("took invalid JSON %q", doc)
		}
		b.check()
	})
}

func BenchmarkAdd(b *testing.B) {
	docs := []string{
		`{"@timestamp":"2026-02-27T14:32:15.847Z","log_level":"ERROR","service_name":"restaurant-booking","tool_name":"create_reservation","user_id":"user_48213","request_id":"req-8f4c2a1b-92d3-4e8c-b2f1-5d3c1e9a2b4f","trace_id":"5917f8d1c3b24a6e9f0011223344","latency_ms":1234.5,"status":503,"message":"Tool call create_reservation failed after 3 attempts: upstream timeout","model":"gpt-4o","tokens_in":512,"tokens_out":128,"cost_usd":0.01234,"client_ip":"203.0.113.42","country":"DE","geo":{"lat":52.52,"lon":13.4},"region":"eu-central-1","version":"1.4.2"}`,
	}
	m, err := Growth([]byte(docs[0]))(mapping.Empty())
	if err != nil {
		b.Fatal(err)
	}
	builder := NewBuilder(mustPlan(b, m))
	b.SetBytes(int64(len(docs[0])))
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if builder.Rows() == column.BlockRows {
			builder.Finish()
			builder.Reset(builder.plan)
		}
		if err := builder.Add([]byte(docs[i%len(docs)])); err != nil {
			b.Fatal(err)
		}
	}
}
