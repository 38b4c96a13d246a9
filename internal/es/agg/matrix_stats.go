package agg

import (
	"slices"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// MatrixStats describes several fields and how they go together, over the documents that have all of them.
type MatrixStats struct {
	Fields []string
	// Missing stands in for absent values, by field.
	Missing map[string]Value
	// Mode makes one value of many: "avg", "min", "max", "sum" or "median".
	Mode string
}

// Kind returns "matrix_stats".
func (*MatrixStats) Kind() string { return "matrix_stats" }

// Family returns Metric.
func (*MatrixStats) Family() Family { return Metric }

func (b *MatrixStats) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	w.Strings("fields", b.Fields)
	if b.Mode != "avg" {
		w.String("mode", b.Mode)
	}
	if len(b.Missing) > 0 {
		w.Key("missing")
		w.Value(func(dst []byte) []byte {
			o := jsonval.Begin(dst)
			for _, name := range b.Fields {
				if v, ok := b.Missing[name]; ok {
					o.Scalar(name, v)
				}
			}
			return o.End()
		})
	}
	return w.End()
}

// distinct leaves out what was there before: a field named twice is one field, as in Elasticsearch.
func distinct(names []string) []string {
	kept := names[:0]
	for _, name := range names {
		if !slices.Contains(kept, name) {
			kept = append(kept, name)
		}
	}
	return kept
}

// maxMatrixFields bounds the pairs of fields that are computed.
const maxMatrixFields = 64

func parseMatrixStats(p *parser, n *jsonval.Node) (Body, error) {
	b := &MatrixStats{Mode: "avg"}
	err := p.options(n, options{
		"fields": p.texts(&b.Fields),
		"mode":   p.oneOf(&b.Mode, "avg", "min", "max", "sum", "median"),
		"missing": func(at place, n *jsonval.Node) error {
			if n.Kind != jsonval.Object {
				return at.unknownToken(n)
			}
			b.Missing = map[string]Value{}
			for i, name := range n.Keys {
				if item := &n.Items[i]; item.Kind != jsonval.Number && item.Kind != jsonval.String {
					return at.unknownToken(item)
				}
				b.Missing[name] = n.Items[i].Scalar()
			}
			return nil
		},
	})
	switch {
	case err != nil:
		return nil, err
	case len(b.Fields) == 0:
		return nil, eserr.IllegalArgument("[fields] must not be null or empty: [%s]", p.name)
	case len(b.Fields) > maxMatrixFields:
		return nil, eserr.IllegalArgument("[fields] of aggregation [%s] must be at most %d", p.name, maxMatrixFields)
	}
	b.Fields = distinct(b.Fields)
	for name := range b.Missing {
		if !slices.Contains(b.Fields, name) {
			delete(b.Missing, name)
		}
	}
	return b, nil
}
