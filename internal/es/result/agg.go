package result

import (
	"math"

	"elkhorn/internal/es/jsonval"
)

// Aggs are the results of sibling aggregations, in request order.
type Aggs []Named

// Named is one aggregation's result under the name the request gave it.
type Named struct {
	Name   string
	Meta   []byte // JSON of "meta", nil when there is none
	Result Agg
}

// Agg is one aggregation's result: the concrete types of this package.
type Agg interface {
	// Type is the name Elasticsearch puts before "#" when typed_keys asks for it, such as "sterms".
	Type() string
	// appendBody appends the members of the result's object (not the braces).
	appendBody(w *jsonval.Writer, typedKeys bool)
}

// AppendJSON appends the results as the "aggregations" object. With typedKeys each name is preceded
// by its type and "#".
func (a Aggs) AppendJSON(dst []byte, typedKeys bool) []byte {
	w := jsonval.Begin(dst)
	a.appendMembers(&w, typedKeys)
	return w.End()
}

func (a Aggs) appendMembers(w *jsonval.Writer, typedKeys bool) {
	for _, n := range a {
		key := n.Name
		if typedKeys {
			key = n.Result.Type() + "#" + n.Name
		}
		w.Key(key)
		w.Value(func(dst []byte) []byte {
			inner := jsonval.Begin(dst)
			if n.Meta != nil {
				inner.Raw("meta", n.Meta)
			}
			n.Result.appendBody(&inner, typedKeys)
			return inner.End()
		})
	}
}

// Find returns the result of that name, or nil.
func (a Aggs) Find(name string) Agg {
	for i := range a {
		if a[i].Name == name {
			return a[i].Result
		}
	}
	return nil
}

// Metric is a single number: avg, sum, min, max, cardinality, value_count, a single percentile.
type Metric struct {
	Kind  string   // typed key, such as "avg"
	Value *float64 // nil: null, there were no values
	// Integral prints the value without a fraction (cardinality, value_count).
	Integral bool
	// AsString is the value in the field's format, "" to leave it out.
	AsString string
	// Distinct are the values that cardinality counted, for those who go on counting; nil for other kinds.
	Distinct Distinct
}

// Type returns the aggregation's kind.
func (m *Metric) Type() string { return m.Kind }

func (m *Metric) appendBody(w *jsonval.Writer, _ bool) {
	switch {
	case m.Integral && m.Value != nil:
		w.Int("value", int64(*m.Value))
	case m.Value == nil, m.Kind == "simple_value", (m.Kind == "max" || m.Kind == "min") && math.IsInf(*m.Value, 0):
		writeNumber(w, "value", m.Value) // null for what is no number
	default:
		writeAny(w, "value", *m.Value)
	}
	w.StringIf("value_as_string", m.AsString)
}

// Stats are count, min, max, avg and sum, and with Extended the moments.
type Stats struct {
	Count         int64
	Min, Max, Sum float64 // meaningless when Count is 0, except Sum
	// Format prints a value in the field's format ("min_as_string" …); nil leaves those out.
	Format   func(float64) string
	Extended *Moments
	// Kind is the typed key where it is neither "stats" nor "extended_stats".
	Kind string
}

// Moments are the additional members of extended_stats.
type Moments struct {
	SumOfSquares                                   float64
	Variance, VariancePopulation, VarianceSampling *float64
	StdDev, StdDevPopulation, StdDevSampling       *float64
	Sigma                                          float64
}

// Type returns "stats" or "extended_stats".
func (s *Stats) Type() string {
	if s.Kind != "" {
		return s.Kind
	}
	if s.Extended != nil {
		return "extended_stats"
	}
	return "stats"
}

func (s *Stats) appendBody(w *jsonval.Writer, _ bool) {
	w.Int("count", s.Count)
	var min, max, avg *float64
	if s.Count > 0 {
		mean := s.Sum / float64(s.Count)
		min, max, avg = &s.Min, &s.Max, &mean
	}
	sum := s.Sum
	writeMoment(w, "min", min)
	writeMoment(w, "max", max)
	writeMoment(w, "avg", avg)
	writeMoment(w, "sum", &sum)
	if s.Format != nil && s.Count > 0 {
		w.String("min_as_string", s.Format(*min))
		w.String("max_as_string", s.Format(*max))
		w.String("avg_as_string", s.Format(*avg))
		w.String("sum_as_string", s.Format(sum))
	}
	if s.Extended != nil {
		s.appendMoments(w, avg)
		if s.Format != nil && s.Count > 0 {
			s.appendMomentTexts(w, *avg)
		}
	}
}

func (s *Stats) appendMoments(w *jsonval.Writer, avg *float64) {
	m := s.Extended
	var squares *float64
	if s.Count > 0 {
		squares = &m.SumOfSquares
	}
	writeMoment(w, "sum_of_squares", squares)
	for _, one := range m.list() {
		writeMoment(w, one.name, one.value)
	}
	w.Key("std_deviation_bounds")
	w.Value(func(dst []byte) []byte {
		b := jsonval.Begin(dst)
		for _, bound := range m.bounds() {
			if avg == nil || bound.deviation == nil {
				writeNumber(&b, bound.name, nil)
				continue
			}
			writeAny(&b, bound.name, *avg+bound.sigmas**bound.deviation)
		}
		return b.End()
	})
}

// moment is one figure with its name.
type moment struct {
	name  string
	value *float64
}

func (m *Moments) list() []moment {
	return []moment{
		{"variance", m.Variance}, {"variance_population", m.VariancePopulation}, {"variance_sampling", m.VarianceSampling},
		{"std_deviation", m.StdDev}, {"std_deviation_population", m.StdDevPopulation}, {"std_deviation_sampling", m.StdDevSampling},
	}
}

// bound is so many deviations from the mean.
type bound struct {
	name      string
	deviation *float64
	sigmas    float64
}

func (m *Moments) bounds() []bound {
	return []bound{
		{"upper", m.StdDev, m.Sigma}, {"lower", m.StdDev, -m.Sigma},
		{"upper_population", m.StdDevPopulation, m.Sigma}, {"lower_population", m.StdDevPopulation, -m.Sigma},
		{"upper_sampling", m.StdDevSampling, m.Sigma}, {"lower_sampling", m.StdDevSampling, -m.Sigma},
	}
}

// appendMomentTexts writes the figures in the field's format.
func (s *Stats) appendMomentTexts(w *jsonval.Writer, avg float64) {
	w.String("sum_of_squares_as_string", s.Format(s.Extended.SumOfSquares))
	for _, one := range s.Extended.list() {
		w.String(one.name+"_as_string", s.Format(orNaN(one.value)))
	}
	w.Key("std_deviation_bounds_as_string")
	w.Value(func(dst []byte) []byte {
		b := jsonval.Begin(dst)
		for _, bound := range s.Extended.bounds() {
			b.String(bound.name, s.Format(avg+bound.sigmas*orNaN(bound.deviation)))
		}
		return b.End()
	})
}

// writeMoment writes a figure: null where there are no values, a text where it is no number, such as "NaN" of too few values.
func writeMoment(w *jsonval.Writer, key string, v *float64) {
	if v == nil {
		writeNumber(w, key, nil)
		return
	}
	writeAny(w, key, *v)
}

func writeNumber(w *jsonval.Writer, key string, v *float64) {
	w.Key(key)
	w.Value(func(dst []byte) []byte { return AppendNumber(dst, v) })
}

// Percentiles are values by percent.
type Percentiles struct {
	Kind   string // "tdigest_percentiles", "hdr_percentiles" …
	Keyed  bool
	Points []Percentile
	// Distribution is what they were read from, for those who read others; nil for none.
	Distribution Distribution
	// Format prints a value in the field's format; nil for none.
	Format func(float64) string
}

// Percentile is one percent with its value (nil when there were no values).
type Percentile struct {
	Percent  float64
	Value    *float64
	AsString string
}

// Type returns the kind of sketch the client asked for.
func (p *Percentiles) Type() string { return p.Kind }

func (p *Percentiles) appendBody(w *jsonval.Writer, _ bool) {
	w.Key("values")
	if p.Keyed {
		w.Value(p.appendKeyed)
	} else {
		w.Value(p.appendList)
	}
}

func (p *Percentiles) appendKeyed(dst []byte) []byte {
	w := jsonval.Begin(dst)
	for _, pt := range p.Points {
		key := string(AppendDouble(nil, pt.Percent))
		writeNumber(&w, key, pt.Value)
		w.StringIf(key+"_as_string", pt.AsString)
	}
	return w.End()
}

func (p *Percentiles) appendList(dst []byte) []byte {
	dst = append(dst, '[')
	for i, pt := range p.Points {
		if i > 0 {
			dst = append(dst, ',')
		}
		w := jsonval.Begin(dst)
		writeNumber(&w, "key", &pt.Percent)
		writeNumber(&w, "value", pt.Value)
		w.StringIf("value_as_string", pt.AsString)
		dst = w.End()
	}
	return append(dst, ']')
}

// TopHits are the best documents of a bucket.
type TopHits struct{ Hits Hits }

// Type returns "top_hits".
func (*TopHits) Type() string { return "top_hits" }

func (t *TopHits) appendBody(w *jsonval.Writer, _ bool) {
	w.Key("hits")
	w.Value(t.Hits.AppendJSON)
}

// AppendJSON appends the "hits" object with the total as an object.
func (h *Hits) AppendJSON(dst []byte) []byte { return h.Append(dst, false) }

// Append appends the "hits" object; totalAsInt prints the total as a number (rest_total_hits_as_int).
func (h *Hits) Append(dst []byte, totalAsInt bool) []byte {
	w := jsonval.Begin(dst)
	if h.Total == nil && totalAsInt {
		w.Int("total", -1) // as Elasticsearch prints a number that was not counted
	}
	if h.Total != nil {
		if totalAsInt {
			w.Int("total", h.Total.Value)
		} else {
			w.Key("total")
			w.Value(func(dst []byte) []byte {
				t := jsonval.Begin(dst)
				t.Int("value", h.Total.Value)
				t.String("relation", h.Total.Relation())
				return t.End()
			})
		}
	}
	w.Key("max_score")
	w.Value(func(dst []byte) []byte { return AppendNumber(dst, h.MaxScore) })
	w.Key("hits")
	w.Value(func(dst []byte) []byte {
		dst = append(dst, '[')
		for i := range h.Hits {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = h.Hits[i].append(dst, totalAsInt)
		}
		return append(dst, ']')
	})
	return w.End()
}
