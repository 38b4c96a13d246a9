package exec_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"elkhorn/internal/engine/analysis"
	"elkhorn/internal/engine/column"
	"elkhorn/internal/engine/exec"
	"elkhorn/internal/engine/ingest"
	"elkhorn/internal/engine/segment"
	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/mapping"
	"elkhorn/internal/es/query"

	"github.com/cockroachdb/datadriven"
)

// testNow is the time that date math in tests counts from.
var testNow = time.Date(2026, 3, 15, 12, 34, 56, 0, time.UTC)

// autoIDs derives ids such as auto-7 from sequence numbers.
type autoIDs struct{}

func (autoIDs) ID(seq int64) string { return fmt.Sprintf("auto-%d", seq) }

func (autoIDs) SeqNo(id string) (int64, bool) {
	n, ok := strings.CutPrefix(id, "auto-")
	seq, err := strconv.ParseInt(n, 10, 64)
	return seq, ok && err == nil
}

// analyzers finds the engine's own analyzers.
type analyzers struct{}

func (analyzers) Analyzer(name string) (exec.Analyzer, bool) {
	if name == "default" || name == "default_search" {
		return tokens{analysis.Default()}, true
	}
	a, err := analysis.Find(name)
	return tokens{a}, err == nil
}

func (analyzers) Normalizer(name string) func([]byte) []byte {
	if name != "lowercase" {
		return nil
	}
	return bytes.ToLower
}

// tokens is an analyzer as package exec wants it.
type tokens struct{ analysis.Analyzer }

func (t tokens) Tokens(text []byte, yield func(token []byte, position int) bool) {
	t.Analyzer.Tokens(text, func(t analysis.Token) bool { return yield(t.Bytes, t.Position) })
}

func (t tokens) Located(text []byte, yield func(token []byte, position, start, end int) bool) {
	t.Analyzer.Tokens(text, func(t analysis.Token) bool { return yield(t.Bytes, t.Position, t.Start, t.End) })
}

func (t tokens) WordByWord() (key any, ok bool) {
	return t.Version(), analysis.IsWordByWord(t.Analyzer)
}

// testIndex builds the state of an index from JSON documents, a segment for every perSegment of them.
// A document's member "_id" is its explicit id.
func testIndex(t testing.TB, name, mappingJSON string, docs []string, perSegment int) exec.Index {
	t.Helper()
	m, err := mapping.Parse([]byte(mappingJSON))
	if err != nil {
		t.Fatalf("mapping: %v", err)
	}
	plan, err := ingest.NewPlan(m)
	if err != nil {
		t.Fatalf("plan: %v", err)
	}
	ix := exec.Index{Name: name, Mapping: m, IDs: autoIDs{}, Analyzers: analyzers{}, PrimaryTerm: 1}
	for from := 0; from < len(docs); from += perSegment {
		part := docs[from:min(from+perSegment, len(docs))]
		ix.Sources = append(ix.Sources, exec.Source{Segment: testSegment(t, plan, part, from)})
	}
	return ix
}

func testSegment(t testing.TB, plan *ingest.Plan, docs []string, firstSeq int) segment.Segment {
	t.Helper()
	b := ingest.NewBuilder(plan)
	ids := &column.Block{Kind: column.Bytes, Rows: len(docs), Present: column.NewBitmap(len(docs))}
	seqs := &column.Block{Kind: column.Int64, Rows: len(docs)}
	for i, doc := range docs {
		id, rest := cutID(doc)
		if err := b.Add([]byte(rest)); err != nil {
			t.Fatalf("document %s: %v", doc, err)
		}
		if id != "" {
			ids.Present.Set(i)
			ids.Data = append(ids.Data, id...)
		}
		ids.Ends = append(ids.Ends, uint32(len(ids.Data)))
		seqs.Ints = append(seqs.Ints, int64(firstSeq+i))
	}
	data := b.Finish()
	data.Block.MinSeq, data.Block.MaxSeq = int64(firstSeq), int64(firstSeq+len(docs)-1)
	data.Fields = append(data.Fields, segment.BatchField{Name: segment.SeqNoField, Doc: seqs})
	if ids.Present.Any() {
		data.Fields = append(data.Fields, segment.BatchField{Name: segment.IDField, Doc: ids})
	}
	s, err := segment.NewBatch(data)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// cutID splits "id {…}" into the id and the document.
func cutID(doc string) (id, rest string) {
	if i := strings.IndexByte(doc, '{'); i > 0 {
		return strings.TrimSpace(doc[:i]), doc[i:]
	}
	return "", doc
}

// parseRequest reads the part of a search body that tests use.
func parseRequest(t testing.TB, body string) *exec.Request {
	t.Helper()
	root, err := jsonval.Parse([]byte(body))
	if err != nil {
		t.Fatalf("body %s: %v", body, err)
	}
	r := &exec.Request{Size: 10, Now: testNow}
	for i, key := range root.Keys {
		if err := parseMember(r, key, &root.Items[i]); err != nil {
			t.Fatalf("body %s: %s: %v", body, key, err)
		}
	}
	return r
}

func parseMember(r *exec.Request, key string, n *jsonval.Node) (err error) {
	number := func() int {
		i, _ := strconv.Atoi(n.Text)
		return i
	}
	switch key {
	case "query":
		r.Query, err = query.ParseNode(n)
	case "post_filter":
		r.PostFilter, err = query.ParseNode(n)
	case "aggs":
		r.Aggs, err = agg.ParseNode(n)
	case "size":
		r.Size = number()
	case "from":
		r.From = number()
	case "workers":
		r.Workers = number()
	case "terminate_after":
		r.TerminateAfter = number()
	case "min_score":
		f, _ := strconv.ParseFloat(n.Text, 64)
		r.MinScore = &f
	case "track_scores":
		r.TrackScores = n.Text == "true"
	case "version":
		r.Version = n.Text == "true"
	case "seq_no_primary_term":
		r.SeqNo = n.Text == "true"
	case "track_total_hits":
		switch n.Text {
		case "true":
			r.TrackTotal = exec.TrackAll
		case "false":
			r.TrackTotal = exec.TrackNone
		default:
			r.TrackTotal = exec.TrackTotal(number())
		}
	case "search_after":
		for i := range n.Items {
			r.SearchAfter = append(r.SearchAfter, n.Items[i].Scalar())
		}
	case "_source":
		parseSource(&r.Source, n)
	case "sort":
		for i := range n.Items {
			r.Sort = append(r.Sort, parseSort(&n.Items[i]))
		}
	case "fields":
		r.Fields = parseFormats(n)
	case "docvalue_fields":
		r.DocvalueFields = parseFormats(n)
	default:
		err = fmt.Errorf("unknown member")
	}
	return err
}

func parseFormats(n *jsonval.Node) (list []exec.FieldFormat) {
	for i := range n.Items {
		item := &n.Items[i]
		if item.Kind == jsonval.String {
			list = append(list, exec.FieldFormat{Field: item.Text})
			continue
		}
		f := exec.FieldFormat{Field: item.Get("field").Text}
		if format := item.Get("format"); format != nil {
			f.Format = format.Text
		}
		list = append(list, f)
	}
	return list
}

func parseSource(f *exec.SourceFilter, n *jsonval.Node) {
	list := func(n *jsonval.Node) (out []string) {
		if n == nil {
			return nil
		}
		for i := range n.Items {
			out = append(out, n.Items[i].Text)
		}
		return out
	}
	switch n.Kind {
	case jsonval.Bool:
		f.Disabled = n.Text == "false"
	case jsonval.Array:
		f.Includes = list(n)
	case jsonval.Object:
		f.Includes, f.Excludes = list(n.Get("includes")), list(n.Get("excludes"))
	}
}

func parseSort(n *jsonval.Node) exec.SortKey {
	if n.Kind == jsonval.String {
		return exec.SortKey{Field: n.Text, Desc: n.Text == "_score"}
	}
	k := exec.SortKey{Field: n.Keys[0]}
	body := &n.Items[0]
	if body.Kind == jsonval.String {
		k.Desc = body.Text == "desc"
		return k
	}
	for i, key := range body.Keys {
		v := body.Items[i]
		switch key {
		case "order":
			k.Desc = v.Text == "desc"
		case "missing":
			k.Missing = v.Scalar()
		case "mode":
			k.Mode = v.Text
		case "unmapped_type":
			k.UnmappedType = v.Text
		case "format":
			k.Format = v.Text
		case "numeric_type":
			k.NumericType = v.Text
		case "nested":
			var err error
			if k.Nested, err = query.ParseNestedSort(&v); err != nil {
				panic(err)
			}
		}
	}
	return k
}

// printResponse writes an answer line by line, without what is not there.
func printResponse(r *exec.Response) string {
	var b strings.Builder
	if r.Hits.Total != nil {
		fmt.Fprintf(&b, "total %d %s", r.Hits.Total.Value, r.Hits.Total.Relation())
	} else {
		b.WriteString("total none")
	}
	if r.Hits.MaxScore != nil {
		fmt.Fprintf(&b, ", max score %.4g", *r.Hits.MaxScore)
	}
	if r.TerminatedEarly {
		b.WriteString(", terminated early")
	}
	if r.TimedOut {
		b.WriteString(", timed out")
	}
	b.WriteByte('\n')
	for _, f := range r.Failures {
		fmt.Fprintf(&b, "failed %s: %v\n", f.Index, f.Err)
	}
	for _, w := range r.Warnings {
		fmt.Fprintf(&b, "warning: %s\n", w)
	}
	for i := range r.Hits.Hits {
		h := &r.Hits.Hits[i]
		b.WriteString(h.ID)
		if h.Score != nil {
			fmt.Fprintf(&b, " score=%.4g", *h.Score)
		}
		if h.SeqNo != nil {
			fmt.Fprintf(&b, " seq=%d/%d", *h.SeqNo, *h.PrimaryTerm)
		}
		if h.Version != nil {
			fmt.Fprintf(&b, " version=%d", *h.Version)
		}
		for _, s := range h.Sort {
			fmt.Fprintf(&b, " sort=%s", s.Append(nil))
		}
		for _, inner := range h.InnerHits {
			fmt.Fprintf(&b, " %s=%s", inner.Name, inner.Hits.AppendJSON(nil))
		}
		for _, f := range h.Fields {
			fmt.Fprintf(&b, " %s=%s", f.Name, f.Values)
		}
		fmt.Fprintf(&b, " %s\n", h.Source)
	}
	for _, a := range r.Aggs {
		one := r.Aggs[:0:0]
		fmt.Fprintf(&b, "%s\n", append(one, a).AppendJSON(nil, true))
	}
	return b.String()
}

// TestSearch runs the scenarios of testdata/search:
//
//	index NAME [segment=N] [filter=QUERY]
//	                            makes an index: its mapping, then documents, one a line; "id {…}" has an explicit id
//	delete NAME ROW…            deletes rows, counted through the index's first segment
//	seal NAME                   writes the index's segments into one, encoded as on disk and with text indexes
//	search [NAME…]              runs a body against the named indices, or all
func TestSearch(t *testing.T) {
	datadriven.Walk(t, "testdata/search", func(t *testing.T, path string) {
		var indices []exec.Index
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			switch d.Cmd {
			case "index":
				perSegment := 1 << 20
				d.MaybeScanArgs(t, "segment", &perSegment)
				mapping, docs, _ := strings.Cut(d.Input, "\n")
				var lines []string
				if docs != "" {
					lines = strings.Split(docs, "\n")
				}
				ix := testIndex(t, d.CmdArgs[0].Key, mapping, lines, perSegment)
				if d.HasArg("filter") {
					var filter string
					d.ScanArgs(t, "filter", &filter)
					q, err := query.Parse([]byte(filter))
					if err != nil {
						t.Fatal(err)
					}
					ix.Filter = q
				}
				indices = append(indices, ix)
				return fmt.Sprintf("%d segments\n", len(ix.Sources))
			case "seal":
				for i := range indices {
					if indices[i].Name == d.CmdArgs[0].Key {
						seal(t, &indices[i], len(indices[i].Sources))
					}
				}
				return ""
			case "delete":
				for i := range indices {
					if indices[i].Name == d.CmdArgs[0].Key {
						deleteRows(t, &indices[i], d.CmdArgs[1:])
					}
				}
				return ""
			case "search":
				var targets []exec.Index
				for _, ix := range indices {
					if len(d.CmdArgs) == 0 || d.HasArg(ix.Name) {
						targets = append(targets, ix)
					}
				}
				r, err := exec.Search(context.Background(), targets, parseRequest(t, d.Input))
				if err != nil {
					return "error " + err.Error() + "\n"
				}
				return printResponse(r)
			}
			t.Fatalf("unknown command %s", d.Cmd)
			return ""
		})
	})
}

// seal writes every few segments of an index into one, as the engine does when it flushes. Rows that
// were deleted are gone afterwards.
func seal(t testing.TB, ix *exec.Index, perSegment int) {
	t.Helper()
	opts := segment.WriteOptions{Text: map[string]analysis.Analyzer{}}
	for _, f := range ix.Mapping.Fields() {
		if f.Type.IsText() && f.MultiOf == "" {
			opts.Text[f.Path] = analysis.Default()
		}
	}
	var sealed []exec.Source
	for part := range slices.Chunk(ix.Sources, perSegment) {
		var inputs []segment.Input
		for _, s := range part {
			inputs = append(inputs, segment.Input{Segment: s.Segment, Deleted: s.Deleted})
		}
		f, _, err := segment.Seal(inputs, opts)
		switch {
		case errors.Is(err, segment.ErrNoRows):
		case err != nil:
			t.Fatal(err)
		default:
			sealed = append(sealed, exec.Source{Segment: f})
		}
	}
	ix.Sources = sealed
}

func deleteRows(t *testing.T, ix *exec.Index, rows []datadriven.CmdArg) {
	s := &ix.Sources[0]
	s.Deleted = column.NewBitmap(segment.Rows(s.Segment))
	for _, arg := range rows {
		row, err := strconv.Atoi(arg.Key)
		if err != nil {
			t.Fatal(err)
		}
		s.Deleted.Set(row)
	}
}
