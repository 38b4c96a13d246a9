package agg

import (
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/query"
)

// TopHits returns the first documents of each bucket.
type TopHits struct {
	From, Size int
	// Sort is empty for the default: by score.
	Sort   []SortKey
	Source SourceFilter
	// TrackScores computes scores although Sort does not need them.
	TrackScores bool
	// Version and SeqNo print _version, and _seq_no with _primary_term.
	Version, SeqNo bool
	// Fields and DocvalueFields name fields to print from mapping or columns.
	Fields, DocvalueFields []FieldFormat
	// StoredFields is nil where not given; "_none_" leaves out _source.
	StoredFields []string
	// Highlight and ScriptFields are raw JSON, nil where not given.
	Highlight, ScriptFields []byte
}

// SortKey is one key documents are sorted by.
type SortKey struct {
	Field string // or "_score", "_doc"
	Desc  bool
	// Missing is "_last" (also when null), "_first" or a value.
	Missing      Value
	UnmappedType string
	// Mode is "", "min", "max", "avg", "sum" or "median".
	Mode   string
	Format string
	// Nested says which nested objects the values come from; nil: the documents.
	Nested *query.NestedSort
	// NumericType is as in a search's sort.
	NumericType string
	// Geo sorts by distance; nil for other keys.
	Geo *query.GeoSort
}

// FieldFormat is a field, or a pattern of fields, and how to print it.
type FieldFormat struct {
	Field, Format string
	// IncludeUnmapped returns values of fields that the mapping does not have too.
	IncludeUnmapped bool
}

// SourceFilter says how much of _source to return; the zero value is all.
type SourceFilter struct {
	Disabled           bool
	Includes, Excludes []string
}

// topHitsLimit is Elasticsearch's default of index.max_inner_result_window.
const topHitsLimit = 100

// Kind returns "top_hits".
func (*TopHits) Kind() string { return "top_hits" }

// Family returns Metric.
func (*TopHits) Family() Family { return Metric }

func (b *TopHits) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	w.Int("from", int64(b.From))
	w.Int("size", int64(b.Size))
	if len(b.Sort) > 0 {
		w.Key("sort")
		w.Value(func(dst []byte) []byte { return appendSort(dst, b.Sort) })
	}
	b.Source.write(&w)
	w.BoolIf("track_scores", b.TrackScores)
	w.BoolIf("version", b.Version)
	w.BoolIf("seq_no_primary_term", b.SeqNo)
	writeFieldFormats(&w, "fields", b.Fields)
	writeFieldFormats(&w, "docvalue_fields", b.DocvalueFields)
	if b.StoredFields != nil {
		w.Strings("stored_fields", b.StoredFields)
	}
	if b.Highlight != nil {
		w.Raw("highlight", b.Highlight)
	}
	if b.ScriptFields != nil {
		w.Raw("script_fields", b.ScriptFields)
	}
	return w.End()
}

func appendSort(dst []byte, keys []SortKey) []byte {
	dst = append(dst, '[')
	for i, k := range keys {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = k.append(dst)
	}
	return append(dst, ']')
}

func (k SortKey) append(dst []byte) []byte {
	outer := jsonval.Begin(dst)
	outer.Key(k.Field)
	if k.Geo != nil {
		outer.Value(k.Geo.Append)
		return outer.End()
	}
	outer.Value(func(dst []byte) []byte {
		w := jsonval.Begin(dst)
		w.String("order", Order{Desc: k.Desc}.direction())
		if !k.Missing.IsNull() {
			w.Scalar("missing", k.Missing)
		}
		w.StringIf("unmapped_type", k.UnmappedType)
		w.StringIf("mode", k.Mode)
		w.StringIf("format", k.Format)
		w.StringIf("numeric_type", k.NumericType)
		if k.Nested != nil {
			w.Key("nested")
			w.Value(k.Nested.Append)
		}
		return w.End()
	})
	return outer.End()
}

func (f *SourceFilter) write(w *jsonval.Writer) {
	switch {
	case f.Disabled:
		w.Bool("_source", false)
	case f.Includes != nil || f.Excludes != nil:
		w.Key("_source")
		w.Value(func(dst []byte) []byte {
			o := jsonval.Begin(dst)
			o.Strings("includes", f.Includes)
			o.Strings("excludes", f.Excludes)
			return o.End()
		})
	}
}

func writeFieldFormats(w *jsonval.Writer, name string, fields []FieldFormat) {
	if fields == nil {
		return
	}
	w.Key(name)
	w.Value(func(dst []byte) []byte {
		dst = append(dst, '[')
		for i, f := range fields {
			if i > 0 {
				dst = append(dst, ',')
			}
			o := jsonval.Begin(dst)
			o.String("field", f.Field)
			o.StringIf("format", f.Format)
			o.BoolIf("include_unmapped", f.IncludeUnmapped)
			dst = o.End()
		}
		return append(dst, ']')
	})
}

func parseTopHits(p *parser, n *jsonval.Node) (Body, error) {
	b := &TopHits{Size: 3}
	err := p.options(n, options{
		"from":                p.count(&b.From),
		"size":                p.count(&b.Size),
		"sort":                p.sort(&b.Sort),
		"_source":             p.sourceFilter(&b.Source),
		"track_scores":        p.boolean(&b.TrackScores),
		"version":             p.boolean(&b.Version),
		"seq_no_primary_term": p.boolean(&b.SeqNo),
		"fields":              p.fieldFormats(&b.Fields),
		"docvalue_fields":     p.fieldFormats(&b.DocvalueFields),
		"stored_fields":       p.texts(&b.StoredFields),
		"highlight":           p.raw(&b.Highlight),
		"script_fields":       p.raw(&b.ScriptFields),
		"explain":             p.only("false"),
	})
	if err != nil {
		return nil, err
	}
	if b.From+b.Size > topHitsLimit {
		return nil, eserr.IllegalArgument("Top hits result window is too large, the top hits aggregator [%s]'s from + size must be less than or equal to: [%d] but was [%d]. This limit can be set by changing the [index.max_inner_result_window] index level setting.",
			p.name, topHitsLimit, b.From+b.Size)
	}
	return b, nil
}
