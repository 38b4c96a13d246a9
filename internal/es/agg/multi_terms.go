package agg

import (
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// MultiTerms makes a bucket per combination of values of several fields.
type MultiTerms struct {
	Terms []MultiTerm
	// Size is how many buckets are returned.
	Size int
	// ShardSize is how many each shard offers; 0 lets the store choose.
	ShardSize int
	// MinDocCount leaves out buckets with fewer documents.
	MinDocCount      int64
	ShardMinDocCount int64
	// Order is empty for the default: most documents first, then by key.
	Order []Order
	// ShowErrors prints doc_count_error_upper_bound per bucket.
	ShowErrors  bool
	CollectMode string
}

// MultiTerm is one of the fields.
type MultiTerm struct {
	Source
	// ValueType is the type assumed where the field is not mapped.
	ValueType string
}

// Kind returns "multi_terms".
func (*MultiTerms) Kind() string { return "multi_terms" }

// Family returns Bucket.
func (*MultiTerms) Family() Family { return Bucket }

func (b *MultiTerms) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	w.Key("terms")
	w.Value(func(dst []byte) []byte {
		dst = append(dst, '[')
		for i := range b.Terms {
			if i > 0 {
				dst = append(dst, ',')
			}
			item := jsonval.Begin(dst)
			b.Terms[i].write(&item)
			item.StringIf("value_type", b.Terms[i].ValueType)
			dst = item.End()
		}
		return append(dst, ']')
	})
	w.Int("size", int64(b.Size))
	if b.ShardSize != 0 {
		w.Int("shard_size", int64(b.ShardSize))
	}
	w.Int("min_doc_count", b.MinDocCount)
	if b.ShardMinDocCount != 0 {
		w.Int("shard_min_doc_count", b.ShardMinDocCount)
	}
	writeOrder(&w, b.Order)
	w.BoolIf("show_term_doc_count_error", b.ShowErrors)
	w.StringIf("collect_mode", b.CollectMode)
	return w.End()
}

func parseMultiTerms(p *parser, n *jsonval.Node) (Body, error) {
	b := &MultiTerms{Size: 10, MinDocCount: 1}
	err := p.options(n, options{
		"terms": func(at place, n *jsonval.Node) error {
			if n.Kind != jsonval.Array {
				return at.unknownToken(n)
			}
			for i := range n.Items {
				if n.Items[i].Kind != jsonval.Object {
					return at.unknownToken(&n.Items[i])
				}
				var t MultiTerm
				if err := p.members(&n.Items[i], p.source(&t.Source, options{"value_type": p.valueType(&t.ValueType)})); err != nil {
					return err
				}
				if t.Field == "" {
					return p.noField()
				}
				b.Terms = append(b.Terms, t)
			}
			return nil
		},
		"size":                      p.count(&b.Size),
		"shard_size":                p.count(&b.ShardSize),
		"min_doc_count":             p.count64(&b.MinDocCount),
		"shard_min_doc_count":       p.count64(&b.ShardMinDocCount),
		"order":                     p.order(&b.Order),
		"show_term_doc_count_error": p.boolean(&b.ShowErrors),
		"collect_mode":              p.oneOf(&b.CollectMode, "depth_first", "breadth_first"),
	})
	switch {
	case err != nil:
		return nil, err
	case len(b.Terms) < 2:
		return nil, eserr.IllegalArgument("The [terms] parameter in the aggregation [%s] must be present and have at least 2 fields or scripts.", p.name)
	case b.Size == 0:
		return nil, eserr.IllegalArgument("[size] must be greater than 0. Found [0] in [%s]", p.name)
	}
	return b, nil
}
