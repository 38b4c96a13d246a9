package agg

import (
	"slices"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/query"
)

// Filter makes one bucket of the documents that match Query.
type Filter struct{ Query query.Query }

// Kind returns "filter".
func (*Filter) Kind() string { return "filter" }

// Family returns Bucket.
func (*Filter) Family() Family { return Bucket }

func (b *Filter) appendBody(dst []byte) []byte { return query.Append(dst, b.Query) }

func parseFilter(_ *parser, n *jsonval.Node) (Body, error) {
	q, err := query.ParseNode(n)
	if err != nil {
		return nil, err
	}
	return &Filter{Query: q}, nil
}

// Filters makes a bucket per query; a document may fall into several.
type Filters struct {
	// Filters are in the order of the answer: sorted by key when keyed.
	Filters []NamedFilter
	// Anonymous filters have no keys and are answered as an array.
	Anonymous bool
	// Listed answers filters that have keys as an array all the same.
	Listed bool
	// OtherBucket adds a bucket for documents that match none, under OtherKey.
	OtherBucket bool
	// OtherKey is "_other_" unless given.
	OtherKey string
}

// NamedFilter is one bucket's key and query.
type NamedFilter struct {
	Key   string // empty when anonymous
	Query query.Query
}

// Kind returns "filters".
func (*Filters) Kind() string { return "filters" }

// Family returns Bucket.
func (*Filters) Family() Family { return Bucket }

func (b *Filters) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	w.Key("filters")
	w.Value(b.appendFilters)
	if b.OtherBucket {
		w.Bool("other_bucket", true)
		w.String("other_bucket_key", b.OtherKey)
	}
	if b.Listed {
		w.Bool("keyed", false)
	}
	return w.End()
}

func (b *Filters) appendFilters(dst []byte) []byte {
	if b.Anonymous {
		dst = append(dst, '[')
		for i, f := range b.Filters {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = query.Append(dst, f.Query)
		}
		return append(dst, ']')
	}
	w := jsonval.Begin(dst)
	for _, f := range b.Filters {
		w.Key(f.Key)
		w.Value(func(dst []byte) []byte { return query.Append(dst, f.Query) })
	}
	return w.End()
}

func parseFilters(p *parser, n *jsonval.Node) (Body, error) {
	b := &Filters{OtherKey: "_other_"}
	keyGiven := ""
	err := p.options(n, options{
		"filters":          p.filters(b),
		"other_bucket":     p.boolean(&b.OtherBucket),
		"other_bucket_key": p.text(&keyGiven),
		"keyed":            p.negated(&b.Listed),
	})
	switch {
	case err != nil:
		return nil, err
	case b.Filters == nil:
		return nil, eserr.IllegalArgument("[filters] cannot be empty.")
	}
	if keyGiven != "" { // naming the bucket asks for it
		b.OtherBucket, b.OtherKey = true, keyGiven
	}
	return b, nil
}

func (p *parser) filters(b *Filters) option {
	return func(at place, n *jsonval.Node) error {
		if n.IsScalar() {
			return at.unknownToken(n)
		}
		b.Anonymous = n.Kind == jsonval.Array
		for i := range n.Items {
			q, err := query.ParseNode(&n.Items[i])
			if err != nil {
				return err
			}
			f := NamedFilter{Query: q}
			if !b.Anonymous {
				f.Key = n.Keys[i]
			}
			b.Filters = append(b.Filters, f)
		}
		if !b.Anonymous {
			slices.SortFunc(b.Filters, func(x, y NamedFilter) int {
				if x.Key < y.Key {
					return -1
				}
				return 1
			})
		}
		return nil
	}
}
