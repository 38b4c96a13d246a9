package agg

import (
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// BucketMetric computes a figure of the numbers of all buckets beside it: avg_bucket, max_bucket, min_bucket, sum_bucket
// and stats_bucket.
type BucketMetric struct {
	Name string // the kind
	Pipe
}

// ExtendedStatsBucket computes the figures of extended_stats over the buckets beside it.
type ExtendedStatsBucket struct {
	Pipe
	// Sigma is how many deviations the printed bounds lie from the mean.
	Sigma float64
}

// PercentilesBucket picks percentiles of the numbers of the buckets beside it.
type PercentilesBucket struct {
	Pipe
	Percents []float64
	// Unkeyed answers an array rather than an object by percent.
	Unkeyed bool
}

// Kind returns the name.
func (b *BucketMetric) Kind() string { return b.Name }

// Kind returns "extended_stats_bucket".
func (*ExtendedStatsBucket) Kind() string { return "extended_stats_bucket" }

// Kind returns "percentiles_bucket".
func (*PercentilesBucket) Kind() string { return "percentiles_bucket" }

// Family returns Pipeline.
func (*BucketMetric) Family() Family { return Pipeline }

// Family returns Pipeline.
func (*ExtendedStatsBucket) Family() Family { return Pipeline }

// Family returns Pipeline.
func (*PercentilesBucket) Family() Family { return Pipeline }

// Sibling returns true.
func (*BucketMetric) Sibling() bool { return true }

// Sibling returns true.
func (*ExtendedStatsBucket) Sibling() bool { return true }

// Sibling returns true.
func (*PercentilesBucket) Sibling() bool { return true }

func (b *BucketMetric) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	b.write(&w)
	return w.End()
}

func (b *ExtendedStatsBucket) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	b.write(&w)
	w.Float("sigma", b.Sigma)
	return w.End()
}

func (b *PercentilesBucket) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	b.write(&w)
	writeFloats(&w, "percents", b.Percents)
	if b.Unkeyed {
		w.Bool("keyed", false)
	}
	return w.End()
}

func (b *BucketMetric) check(v *pipeValidation, name string) { v.firstIsMulti(b.Path, name) }

func (b *ExtendedStatsBucket) check(v *pipeValidation, name string) {
	v.firstIsMulti(b.Path, name)
	if b.Sigma < 0 {
		v.add("[sigma] must be a non-negative double")
	}
}

func (b *PercentilesBucket) check(v *pipeValidation, name string) {
	v.firstIsMulti(b.Path, name)
	for _, percent := range b.Percents {
		if percent < 0 || percent > 100 {
			v.add("[percents] must only contain non-null doubles from 0.0-100.0 inclusive")
			return
		}
	}
}

func parseBucketMetric(p *parser, n *jsonval.Node) (Body, error) {
	b := &BucketMetric{Name: p.kind}
	return b, p.pipeOnly(n, &b.Pipe, options{})
}

func parseExtendedStatsBucket(p *parser, n *jsonval.Node) (Body, error) {
	b := &ExtendedStatsBucket{Sigma: 2}
	return b, p.pipeOnly(n, &b.Pipe, options{"sigma": p.float(&b.Sigma)})
}

func parsePercentilesBucket(p *parser, n *jsonval.Node) (Body, error) {
	b := &PercentilesBucket{Percents: defaultPercents}
	err := p.pipeOnly(n, &b.Pipe, options{"percents": p.floatsAsGiven(&b.Percents), "keyed": p.negated(&b.Unkeyed)})
	if err == nil && len(b.Percents) == 0 {
		err = eserr.IllegalArgument("[percents] must not be empty: [%s]", p.name)
	}
	return b, err
}

// floatsAsGiven reads an array of numbers in their order.
func (p *parser) floatsAsGiven(target *[]float64) option {
	return func(at place, n *jsonval.Node) error {
		*target = nil
		for _, item := range elements(n) {
			var f float64
			if err := p.float(&f)(at, &item); err != nil {
				return err
			}
			*target = append(*target, f)
		}
		return nil
	}
}

func writeFloats(w *jsonval.Writer, name string, numbers []float64) {
	w.Key(name)
	w.Value(func(dst []byte) []byte {
		values := make([]Value, len(numbers))
		for i, f := range numbers {
			values[i] = jsonval.Float(f)
		}
		return appendValues(dst, values)
	})
}
