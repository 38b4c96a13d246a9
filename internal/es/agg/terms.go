package agg

import (
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// Terms makes a bucket per distinct value.
type Terms struct {
	Source
	// Size is how many buckets are returned.
	Size int
	// ShardSize is how many each shard offers; 0 lets the store choose.
	ShardSize int
	// MinDocCount leaves out buckets with fewer documents; 0 also returns
	// values that no matching document has.
	MinDocCount int64
	// Order is empty for the default: most documents first, then by key.
	Order []Order
	// Include and Exclude restrict the values; nil for no restriction.
	Include, Exclude *TermFilter
	// Partition, when Partitions is above 0, keeps one slice of the values.
	Partition, Partitions int
	// ShowErrors prints doc_count_error_upper_bound per bucket.
	ShowErrors bool
	// ValueType is the type assumed where the field is not mapped.
	ValueType string
	// CollectMode and ExecutionHint choose a strategy, not an answer.
	CollectMode, ExecutionHint string
}

// TermFilter is a set of values or a regular expression, never both.
type TermFilter struct {
	Values []Value
	Regexp string
}

// Kind returns "terms".
func (*Terms) Kind() string { return "terms" }

// Family returns Bucket.
func (*Terms) Family() Family { return Bucket }

func (b *Terms) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	b.write(&w)
	w.Int("size", int64(b.Size))
	if b.ShardSize != 0 {
		w.Int("shard_size", int64(b.ShardSize))
	}
	w.Int("min_doc_count", b.MinDocCount)
	writeOrder(&w, b.Order)
	if b.Partitions > 0 {
		w.Key("include")
		w.Value(func(dst []byte) []byte {
			p := jsonval.Begin(dst)
			p.Int("partition", int64(b.Partition))
			p.Int("num_partitions", int64(b.Partitions))
			return p.End()
		})
	}
	b.Include.write(&w, "include")
	b.Exclude.write(&w, "exclude")
	w.BoolIf("show_term_doc_count_error", b.ShowErrors)
	w.StringIf("value_type", b.ValueType)
	w.StringIf("collect_mode", b.CollectMode)
	w.StringIf("execution_hint", b.ExecutionHint)
	return w.End()
}

func (f *TermFilter) write(w *jsonval.Writer, name string) {
	switch {
	case f == nil:
	case f.Values == nil:
		w.String(name, f.Regexp)
	default:
		w.Key(name)
		w.Value(func(dst []byte) []byte { return appendValues(dst, f.Values) })
	}
}

func appendValues(dst []byte, values []Value) []byte {
	dst = append(dst, '[')
	for i, v := range values {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = v.Append(dst)
	}
	return append(dst, ']')
}

func parseTerms(p *parser, n *jsonval.Node) (Body, error) {
	b := &Terms{Size: 10, MinDocCount: 1}
	err := p.options(n, p.source(&b.Source, options{
		"size":                      p.count(&b.Size),
		"shard_size":                p.count(&b.ShardSize),
		"min_doc_count":             p.count64(&b.MinDocCount),
		"shard_min_doc_count":       p.only("0", "1"),
		"order":                     p.order(&b.Order),
		"include":                   p.include(b),
		"exclude":                   p.termFilter(&b.Exclude),
		"show_term_doc_count_error": p.boolean(&b.ShowErrors),
		"value_type":                p.text(&b.ValueType),
		"collect_mode":              p.text(&b.CollectMode),
		"execution_hint":            p.text(&b.ExecutionHint),
	}))
	switch {
	case err != nil:
		return nil, err
	case b.Field == "":
		return nil, p.noField()
	case b.Size == 0:
		return nil, eserr.IllegalArgument("[size] must be greater than 0. Found [0] in [%s]", p.name)
	}
	return b, nil
}

// include reads a set, a regular expression or a partition.
func (p *parser) include(b *Terms) option {
	return func(at place, n *jsonval.Node) error {
		if n.Kind != jsonval.Object {
			return p.termFilter(&b.Include)(at, n)
		}
		err := p.members(n, options{
			"partition":      p.count(&b.Partition),
			"num_partitions": p.count(&b.Partitions),
		})
		if err == nil && b.Partition >= b.Partitions {
			return eserr.IllegalArgument("partition [%d] must be below num_partitions [%d]", b.Partition, b.Partitions)
		}
		return err
	}
}

func (p *parser) termFilter(target **TermFilter) option {
	return func(at place, n *jsonval.Node) error {
		switch n.Kind {
		case jsonval.String:
			*target = &TermFilter{Regexp: n.Text}
			return nil
		case jsonval.Array:
			values := make([]Value, 0, len(n.Items))
			for i := range n.Items {
				if !n.Items[i].IsScalar() {
					return at.unknownToken(&n.Items[i])
				}
				values = append(values, n.Items[i].Scalar())
			}
			*target = &TermFilter{Values: values}
			return nil
		default:
			return at.unknownToken(n)
		}
	}
}
