package agg

import (
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// TopMetrics returns values of the documents that come first by a sort.
type TopMetrics struct {
	// Metrics are the fields to return.
	Metrics []string
	Sort    SortKey
	Size    int
}

// maxTopMetrics is Elasticsearch's default of index.top_metrics_max_size.
const maxTopMetrics = 10

// Kind returns "top_metrics".
func (*TopMetrics) Kind() string { return "top_metrics" }

// Family returns Metric.
func (*TopMetrics) Family() Family { return Metric }

func (b *TopMetrics) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	var fields []FieldFormat
	for _, name := range b.Metrics {
		fields = append(fields, FieldFormat{Field: name})
	}
	writeFieldFormats(&w, "metrics", fields)
	w.Key("sort")
	w.Value(func(dst []byte) []byte { return appendSort(dst, []SortKey{b.Sort}) })
	w.Int("size", int64(b.Size))
	return w.End()
}

func parseTopMetrics(p *parser, n *jsonval.Node) (Body, error) {
	b := &TopMetrics{Size: 1}
	var keys []SortKey
	err := p.options(n, options{
		"metrics": p.metrics(&b.Metrics),
		"sort":    p.sort(&keys),
		"size":    p.whole(&b.Size),
	})
	switch {
	case err != nil:
		return nil, err
	case len(b.Metrics) == 0:
		return nil, eserr.IllegalArgument("Required [metrics]")
	case len(keys) == 0:
		return nil, eserr.IllegalArgument("Required [sort]")
	case len(keys) > 1:
		return nil, eserr.IllegalArgument("[top_metrics] only supports sorting on one field; found [%d] in [%s]", len(keys), p.name)
	case b.Size < 1:
		return nil, eserr.IllegalArgument("[size] must be more than 0 but was [%d]", b.Size)
	case b.Size > maxTopMetrics:
		return nil, eserr.IllegalArgument("[top_metrics.size] must not be more than [%d] but was [%d]. This limit can be set by changing the [index.top_metrics_max_size] index level setting.", maxTopMetrics, b.Size)
	}
	b.Sort = keys[0]
	return b, nil
}

// metrics reads {"field":…} or an array of such.
func (p *parser) metrics(target *[]string) option {
	return func(at place, n *jsonval.Node) error {
		for _, item := range elements(n) {
			if item.Kind != jsonval.Object {
				return at.unknownToken(&item)
			}
			name := ""
			if err := p.members(&item, options{"field": p.text(&name)}); err != nil {
				return err
			}
			if name == "" {
				return p.noField()
			}
			*target = append(*target, name)
		}
		return nil
	}
}
