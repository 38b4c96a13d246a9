package agg

import (
	"slices"

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
	// ShardMinDocCount is how many documents a value needs for a shard to offer it. Whoever counts exactly has no use
	// for it.
	ShardMinDocCount int64
	// Order is empty for the default: most documents first, then by key.
	Order []Order
	TermFilters
	// ShowErrors prints doc_count_error_upper_bound per bucket.
	ShowErrors bool
	// ValueType is the type assumed where the field is not mapped.
	ValueType string
	// CollectMode and ExecutionHint choose a strategy, not an answer.
	CollectMode, ExecutionHint string
}

// TermFilters restrict the values that get a bucket.
type TermFilters struct {
	// Include and Exclude are nil for no restriction.
	Include, Exclude *TermFilter
	// Partition, when Partitions is above 0, keeps one slice of the values.
	Partition, Partitions int
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
	b.Source.write(&w)
	w.Int("size", int64(b.Size))
	if b.ShardSize != 0 {
		w.Int("shard_size", int64(b.ShardSize))
	}
	w.Int("min_doc_count", b.MinDocCount)
	if b.ShardMinDocCount != 0 {
		w.Int("shard_min_doc_count", b.ShardMinDocCount)
	}
	writeOrder(&w, b.Order)
	b.TermFilters.write(&w)
	w.BoolIf("show_term_doc_count_error", b.ShowErrors)
	w.StringIf("value_type", b.ValueType)
	w.StringIf("collect_mode", b.CollectMode)
	w.StringIf("execution_hint", b.ExecutionHint)
	return w.End()
}

func (f *TermFilters) write(w *jsonval.Writer) {
	if f.Partitions > 0 {
		w.Key("include")
		w.Value(func(dst []byte) []byte {
			p := jsonval.Begin(dst)
			p.Int("partition", int64(f.Partition))
			p.Int("num_partitions", int64(f.Partitions))
			return p.End()
		})
	}
	f.Include.write(w, "include")
	f.Exclude.write(w, "exclude")
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
		"shard_min_doc_count":       p.count64(&b.ShardMinDocCount),
		"order":                     p.order(&b.Order),
		"include":                   p.include(&b.TermFilters),
		"exclude":                   p.termFilter(&b.Exclude),
		"show_term_doc_count_error": p.boolean(&b.ShowErrors),
		"value_type":                p.valueType(&b.ValueType),
		"collect_mode":              p.oneOf(&b.CollectMode, "depth_first", "breadth_first"),
		"execution_hint":            p.executionHint(&b.ExecutionHint),
	}))
	if err == nil {
		err = b.check()
	}
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
func (p *parser) include(f *TermFilters) option {
	return func(at place, n *jsonval.Node) error {
		if n.Kind != jsonval.Object {
			return p.termFilter(&f.Include)(at, n)
		}
		partition, partitions := -1, -1
		err := p.members(n, options{
			"partition":      p.count(&partition),
			"num_partitions": p.count(&partitions),
		})
		switch {
		case err != nil:
			return err
		case partition < 0:
			return eserr.IllegalArgument("Missing [partition] parameter for partition-based include")
		case partitions < 0:
			return eserr.IllegalArgument("Missing [num_partitions] parameter for partition-based include")
		case partition >= partitions:
			return eserr.IllegalArgument("Partition must be >=0 and < numPartition which is %d", partitions)
		}
		f.Partition, f.Partitions = partition, partitions
		return nil
	}
}

// check refuses what does not go together.
func (f *TermFilters) check() error {
	if f.Partitions > 0 && f.Exclude != nil {
		return eserr.IllegalArgument("Cannot specify any excludes when using a partition-based include")
	}
	return nil
}

// valueTypes are the names of types that a field may be assumed to have.
var valueTypes = []string{"string", "byte", "short", "integer", "long", "float", "double", "number", "numeric", "date", "ip", "boolean"}

func (p *parser) valueType(target *string) option {
	return func(at place, n *jsonval.Node) error {
		if n.Kind != jsonval.String || !slices.Contains(valueTypes, n.Text) {
			return eserr.IllegalArgument("Unknown value type [%s]", n.Text)
		}
		*target = n.Text
		return nil
	}
}

// executionHint reads a hint at how to work, which does not change the answer.
func (p *parser) executionHint(target *string) option {
	return func(at place, n *jsonval.Node) error {
		if n.Kind != jsonval.String || n.Text != "map" && n.Text != "global_ordinals" {
			return eserr.IllegalArgument("Unknown `execution_hint`: [%s], expected any of [map, global_ordinals]", n.Text)
		}
		*target = n.Text
		return nil
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
