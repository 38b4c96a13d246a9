package result

import (
	"math"
	"strconv"

	"elkhorn/internal/es/jsonval"
)

// FigureList is a metric with several named figures. What is no number is printed as the text "NaN", "Infinity" or
// "-Infinity", as Elasticsearch does.
type FigureList struct {
	Kind  string
	Items []FigureItem
	// Format prints a figure in the field's format; nil leaves those out.
	Format func(float64) string
}

// FigureItem is one figure.
type FigureItem struct {
	Name  string
	Value float64
}

// Type returns the aggregation's kind.
func (f *FigureList) Type() string { return f.Kind }

func (f *FigureList) appendBody(w *jsonval.Writer, _ bool) {
	for _, item := range f.Items {
		writeAny(w, item.Name, item.Value)
	}
	if f.Format == nil {
		return
	}
	for _, item := range f.Items {
		w.String(item.Name+"_as_string", f.Format(item.Value))
	}
}

// Figure implements Figures.
func (f *FigureList) Figure(name string) (float64, bool) {
	for _, item := range f.Items {
		if item.Name == name {
			return item.Value, true
		}
	}
	return 0, false
}

// Many implements Figures.
func (*FigureList) Many() bool { return true }

// writeAny writes a number, or the name of what is none.
func writeAny(w *jsonval.Writer, key string, x float64) {
	if name := jsonval.NonFinite(x); name != "" {
		w.String(key, name)
		return
	}
	writeNumber(w, key, &x)
}

// StringStats describes strings.
type StringStats struct {
	Count, MinLength, MaxLength int64 // lengths mean nothing when Count is 0
	AvgLength, Entropy          float64
	Distribution                []CharShare // the most frequent first
	ShowDistribution            bool
}

// CharShare is how often one character is.
type CharShare struct {
	Char  string
	Share float64
}

// Type returns "string_stats".
func (*StringStats) Type() string { return "string_stats" }

func (s *StringStats) appendBody(w *jsonval.Writer, _ bool) {
	w.Int("count", s.Count)
	if s.Count == 0 {
		for _, name := range []string{"min_length", "max_length", "avg_length"} {
			writeNumber(w, name, nil)
		}
		zero := 0.0
		writeNumber(w, "entropy", &zero)
		if s.ShowDistribution {
			writeNumber(w, "distribution", nil)
		}
		return
	}
	w.Int("min_length", s.MinLength)
	w.Int("max_length", s.MaxLength)
	writeNumber(w, "avg_length", &s.AvgLength)
	writeNumber(w, "entropy", &s.Entropy)
	if s.ShowDistribution {
		w.Key("distribution")
		w.Value(func(dst []byte) []byte {
			o := jsonval.Begin(dst)
			for i := range s.Distribution {
				writeNumber(&o, s.Distribution[i].Char, &s.Distribution[i].Share)
			}
			return o.End()
		})
	}
}

// Figure implements Figures.
func (s *StringStats) Figure(name string) (float64, bool) {
	var x float64
	switch name {
	case "count":
		return float64(s.Count), true
	case "entropy":
		return s.Entropy, true
	case "min_length":
		x = float64(s.MinLength)
	case "max_length":
		x = float64(s.MaxLength)
	case "avg_length":
		x = s.AvgLength
	default:
		return 0, false
	}
	if s.Count == 0 {
		x = math.NaN()
	}
	return x, true
}

// Many implements Figures.
func (*StringStats) Many() bool { return true }

// MatrixStats describes several fields and how they go together.
type MatrixStats struct {
	DocCount int64
	Fields   []MatrixField
}

// MatrixField is one of the fields.
type MatrixField struct {
	Name                               string
	Mean, Variance, Skewness, Kurtosis float64
	Pairs                              []MatrixPair
}

// MatrixPair is how two fields go together.
type MatrixPair struct {
	Name                    string
	Covariance, Correlation float64
}

// Type returns "matrix_stats".
func (*MatrixStats) Type() string { return "matrix_stats" }

func (m *MatrixStats) appendBody(w *jsonval.Writer, _ bool) {
	w.Int("doc_count", m.DocCount)
	if m.DocCount == 0 {
		return
	}
	w.Key("fields")
	w.Value(func(dst []byte) []byte {
		dst = append(dst, '[')
		for i := range m.Fields {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = m.Fields[i].append(dst, m.DocCount)
		}
		return append(dst, ']')
	})
}

func (f *MatrixField) append(dst []byte, count int64) []byte {
	w := jsonval.Begin(dst)
	w.String("name", f.Name)
	w.Int("count", count)
	writeAny(&w, "mean", f.Mean)
	writeAny(&w, "variance", f.Variance)
	writeAny(&w, "skewness", f.Skewness)
	writeAny(&w, "kurtosis", f.Kurtosis)
	for _, part := range []string{"covariance", "correlation"} {
		w.Key(part)
		w.Value(func(dst []byte) []byte {
			o := jsonval.Begin(dst)
			for _, pair := range f.Pairs {
				x := pair.Covariance
				if part == "correlation" {
					x = pair.Correlation
				}
				writeAny(&o, pair.Name, x)
			}
			return o.End()
		})
	}
	return w.End()
}

// ScriptedMetric is what scripts made.
type ScriptedMetric struct{ JSON []byte }

// Type returns "scripted_metric".
func (*ScriptedMetric) Type() string { return "scripted_metric" }

func (s *ScriptedMetric) appendBody(w *jsonval.Writer, _ bool) { w.Raw("value", s.JSON) }

// Figure implements Figures.
func (s *ScriptedMetric) Figure(name string) (float64, bool) {
	x, err := strconv.ParseFloat(string(s.JSON), 64)
	if err != nil {
		x = math.NaN()
	}
	return x, name == "value"
}

// Many implements Figures.
func (*ScriptedMetric) Many() bool { return false }

// TopMetrics are values of the documents that come first.
type TopMetrics struct {
	Names []string // of the metrics, in order of the request
	Top   []TopMetric
}

// TopMetric is one document.
type TopMetric struct {
	Sort   []jsonval.Scalar
	Values map[string][]byte // JSON arrays by field; absent where there is no value
}

// Type returns "top_metrics".
func (*TopMetrics) Type() string { return "top_metrics" }

func (t *TopMetrics) appendBody(w *jsonval.Writer, _ bool) {
	w.Key("top")
	w.Value(func(dst []byte) []byte {
		dst = append(dst, '[')
		for i := range t.Top {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = t.append(dst, &t.Top[i])
		}
		return append(dst, ']')
	})
}

func (t *TopMetrics) append(dst []byte, one *TopMetric) []byte {
	w := jsonval.Begin(dst)
	w.Key("sort")
	w.Value(func(dst []byte) []byte {
		dst = append(dst, '[')
		for i, s := range one.Sort {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = s.Append(dst)
		}
		return append(dst, ']')
	})
	w.Key("metrics")
	w.Value(func(dst []byte) []byte {
		o := jsonval.Begin(dst)
		for _, name := range t.Names {
			o.Raw(name, one.first(name))
		}
		return o.End()
	})
	return w.End()
}

// first is the first value of a metric as JSON.
func (o *TopMetric) first(name string) []byte {
	n, err := jsonval.Parse(o.Values[name])
	if err != nil || len(n.Items) == 0 {
		return []byte("null")
	}
	return n.Items[0].Raw
}

// Figure implements Figures: the metric of the first document.
func (t *TopMetrics) Figure(name string) (float64, bool) {
	for _, known := range t.Names {
		if known != name {
			continue
		}
		if len(t.Top) == 0 {
			return math.NaN(), true
		}
		x, err := strconv.ParseFloat(string(t.Top[0].first(name)), 64)
		if err != nil {
			x = math.NaN()
		}
		return x, true
	}
	return 0, false
}

// Many implements Figures.
func (*TopMetrics) Many() bool { return true }
