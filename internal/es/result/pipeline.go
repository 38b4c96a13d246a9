package result

import "elkhorn/internal/es/jsonval"

// Derivative is the difference to another bucket.
type Derivative struct {
	Metric
	// Normalized is the difference per unit of time; HasUnit prints it.
	HasUnit            bool
	Normalized         *float64
	NormalizedAsString string
}

func (d *Derivative) appendBody(w *jsonval.Writer, typedKeys bool) {
	d.Metric.appendBody(w, typedKeys)
	if d.HasUnit {
		writeNumber(w, "normalized_value", d.Normalized)
		w.StringIf("normalized_value_as_string", d.NormalizedAsString)
	}
}

// Figure implements Figures.
func (d *Derivative) Figure(name string) (float64, bool) {
	if name == "normalized_value" && d.HasUnit {
		return orNaN(d.Normalized), true
	}
	return d.Metric.Figure(name)
}

// BucketValue is the greatest or least number of some buckets, with the keys of those that have it.
type BucketValue struct {
	Value    *float64
	AsString string
	Keys     []string
}

// Type returns "bucket_metric_value".
func (*BucketValue) Type() string { return "bucket_metric_value" }

func (b *BucketValue) appendBody(w *jsonval.Writer, _ bool) {
	writeNumber(w, "value", b.Value)
	w.StringIf("value_as_string", b.AsString)
	w.Strings("keys", b.Keys)
}

// Figure implements Figures.
func (b *BucketValue) Figure(name string) (float64, bool) { return orNaN(b.Value), name == "value" }

// Many implements Figures.
func (*BucketValue) Many() bool { return false }
