package result

import (
	"math"
	"strconv"

	"elkhorn/internal/es/jsonval"
)

// Hits are the documents of an answer.
type Hits struct {
	// Total is nil when the request did not track it.
	Total    *Total
	MaxScore *float64 // nil: no scores were computed
	Hits     []Hit
}

// Total is the number of matching documents.
type Total struct {
	Value int64
	// LowerBound says that counting stopped: there are at least Value ("gte" instead of "eq").
	LowerBound bool
}

// Relation is "eq" or "gte".
func (t Total) Relation() string {
	if t.LowerBound {
		return "gte"
	}
	return "eq"
}

// Hit is one document found, or one nested object of a document.
type Hit struct {
	Index   string
	ID      string
	NoID    bool     // _id is not printed
	Nested  *Nested  // where a nested object stands; nil for documents
	Routing string   // "" when the document has none
	Score   *float64 // nil: null, scores were not asked for
	// Version, SeqNo and PrimaryTerm are printed only when the request asked for them (non-nil).
	Version     *int64
	SeqNo       *int64
	PrimaryTerm *int64
	// Explanation says how the score comes about, as JSON; nil unless the request asked for it.
	Explanation []byte
	// Source is the document, filtered as asked; nil leaves it out.
	Source []byte
	// Fields are the values of "fields", "docvalue_fields" and "stored_fields", in request order.
	Fields []Field
	// IgnoredValues are the values of asked fields that were left out when indexing, as the document has them.
	IgnoredValues []Field
	// Highlight are fragments of fields with what the query found marked.
	Highlight []Field
	// Sort are the values this hit was sorted by, one per sort key; also the cursor for search_after.
	Sort           []jsonval.Scalar
	MatchedQueries []string
	// MatchedScores are the scores of the MatchedQueries; nil when they were not asked for.
	MatchedScores []float64
	// Shard and Node are where an explained hit was found ("[logs][0]"); "" for others.
	Shard, Node string
	Ignored     []string // fields whose values were ignored when indexing (_ignored)
	// InnerHits are the nested objects by which the document was found, as far as they were asked for.
	InnerHits []InnerHits
}

// Nested is the place of a nested object in its document: it is the object number Offset, from 0, at the
// path Field; of that object the one that Inner says, whose path counts from there.
type Nested struct {
	Field  string
	Offset int
	Inner  *Nested
}

// InnerHits are some nested objects of a hit, under the name that the request gave them.
type InnerHits struct {
	Name string
	Hits Hits
}

// Field is one entry of a hit's "fields": Values is a JSON array.
type Field struct {
	Name   string
	Values []byte
}

// AppendJSON appends the hit as it stands in "hits.hits".
func (h *Hit) AppendJSON(dst []byte) []byte { return h.append(dst, false) }

// append prints the hit; totalAsInt is for the hits inside it.
func (h *Hit) append(dst []byte, totalAsInt bool) []byte {
	w := jsonval.Begin(dst)
	w.StringIf("_shard", h.Shard)
	w.StringIf("_node", h.Node)
	w.String("_index", h.Index)
	if !h.NoID {
		w.String("_id", h.ID)
	}
	if h.Nested != nil {
		w.Key("_nested")
		w.Value(h.Nested.append)
	}
	writeIntPtr(&w, "_version", h.Version)
	writeIntPtr(&w, "_seq_no", h.SeqNo)
	writeIntPtr(&w, "_primary_term", h.PrimaryTerm)
	w.Key("_score")
	w.Value(func(dst []byte) []byte { return AppendNumber(dst, h.Score) })
	w.StringIf("_routing", h.Routing)
	if len(h.Ignored) > 0 {
		w.Strings("_ignored", h.Ignored)
	}
	if h.Source != nil {
		w.Raw("_source", h.Source)
	}
	if len(h.Fields) > 0 {
		w.Key("fields")
		w.Value(func(dst []byte) []byte { return appendFields(dst, h.Fields) })
	}
	if len(h.IgnoredValues) > 0 {
		w.Key("ignored_field_values")
		w.Value(func(dst []byte) []byte { return appendFields(dst, h.IgnoredValues) })
	}
	if len(h.Highlight) > 0 {
		w.Key("highlight")
		w.Value(func(dst []byte) []byte { return appendFields(dst, h.Highlight) })
	}
	if len(h.MatchedQueries) > 0 {
		w.Key("matched_queries")
		w.Value(h.appendMatched)
	}
	if h.Sort != nil {
		w.Key("sort")
		w.Value(h.appendSort)
	}
	if h.Explanation != nil {
		w.Raw("_explanation", h.Explanation)
	}
	if len(h.InnerHits) > 0 {
		w.Key("inner_hits")
		w.Value(func(dst []byte) []byte { return h.appendInnerHits(dst, totalAsInt) })
	}
	return w.End()
}

func (n *Nested) append(dst []byte) []byte {
	w := jsonval.Begin(dst)
	w.String("field", n.Field)
	w.Int("offset", int64(n.Offset))
	if n.Inner != nil {
		w.Key("_nested")
		w.Value(n.Inner.append)
	}
	return w.End()
}

func (h *Hit) appendInnerHits(dst []byte, totalAsInt bool) []byte {
	w := jsonval.Begin(dst)
	for i := range h.InnerHits {
		w.Key(h.InnerHits[i].Name)
		w.Value(func(dst []byte) []byte {
			one := jsonval.Begin(dst)
			one.Key("hits")
			one.Value(func(dst []byte) []byte { return h.InnerHits[i].Hits.Append(dst, totalAsInt) })
			return one.End()
		})
	}
	return w.End()
}

// appendMatched prints the names of clauses that match, with their scores where those were asked for.
func (h *Hit) appendMatched(dst []byte) []byte {
	if h.MatchedScores == nil {
		dst = append(dst, '[')
		for i, name := range h.MatchedQueries {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = jsonval.AppendString(dst, name)
		}
		return append(dst, ']')
	}
	w := jsonval.Begin(dst)
	for i, name := range h.MatchedQueries {
		w.Key(name)
		w.Value(func(dst []byte) []byte { return AppendNumber(dst, &h.MatchedScores[i]) })
	}
	return w.End()
}

func appendFields(dst []byte, fields []Field) []byte {
	w := jsonval.Begin(dst)
	for _, f := range fields {
		w.Raw(f.Name, f.Values)
	}
	return w.End()
}

func (h *Hit) appendSort(dst []byte) []byte {
	dst = append(dst, '[')
	for i, s := range h.Sort {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = s.Append(dst)
	}
	return append(dst, ']')
}

func writeIntPtr(w *jsonval.Writer, key string, v *int64) {
	if v != nil {
		w.Int(key, *v)
	}
}

// AppendNumber appends f as Elasticsearch prints a double (always with a fraction or an exponent), or
// null when f is nil, NaN or infinite.
func AppendNumber(dst []byte, f *float64) []byte {
	if f == nil || math.IsNaN(*f) || math.IsInf(*f, 0) {
		return append(dst, "null"...)
	}
	return AppendDouble(dst, *f)
}

// AppendDouble appends f as Java's Double.toString shapes it: at least one digit after the point,
// scientific notation below 1e-3 and from 1e7 on. What JSON has no number for is a string.
func AppendDouble(dst []byte, f float64) []byte {
	if name := jsonval.NonFinite(f); name != "" {
		return jsonval.AppendString(dst, name)
	}
	a := math.Abs(f)
	if a != 0 && (a < 1e-3 || a >= 1e7) {
		return appendScientific(dst, f)
	}
	start := len(dst)
	dst = strconv.AppendFloat(dst, f, 'f', -1, 64)
	for _, c := range dst[start:] {
		if c == '.' {
			return dst
		}
	}
	return append(dst, '.', '0')
}

// appendScientific turns Go's 1.5e+09 into Java's 1.5E9.
func appendScientific(dst []byte, f float64) []byte {
	var buf [32]byte
	text := strconv.AppendFloat(buf[:0], f, 'e', -1, 64)
	exp := len(text) - 1
	for text[exp] != 'e' {
		exp--
	}
	point := false
	for _, c := range text[:exp] {
		point = point || c == '.'
	}
	dst = append(dst, text[:exp]...)
	if !point {
		dst = append(dst, '.', '0')
	}
	dst = append(dst, 'E')
	digits := text[exp+1:]
	if digits[0] == '-' {
		dst = append(dst, '-')
	}
	digits = digits[1:]
	for len(digits) > 1 && digits[0] == '0' {
		digits = digits[1:]
	}
	return append(dst, digits...)
}
