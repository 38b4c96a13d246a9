package agg

import (
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// RareTerms makes a bucket per value that few documents have.
type RareTerms struct {
	Source
	// MaxDocCount is how many documents a value may have.
	MaxDocCount int64
	// Precision is that of the filter with which Elasticsearch forgets frequent values; 0 where it is not given.
	Precision float64
	TermFilters
	// ValueType is the type assumed where the field is not mapped.
	ValueType string
}

// Kind returns "rare_terms".
func (*RareTerms) Kind() string { return "rare_terms" }

// Family returns Bucket.
func (*RareTerms) Family() Family { return Bucket }

func (b *RareTerms) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	b.Source.write(&w)
	w.Int("max_doc_count", b.MaxDocCount)
	if b.Precision != 0 {
		w.Float("precision", b.Precision)
	}
	b.TermFilters.write(&w)
	w.StringIf("value_type", b.ValueType)
	return w.End()
}

// maxRareDocs is how frequent a rare value may be at most.
const maxRareDocs = 100

func parseRareTerms(p *parser, n *jsonval.Node) (Body, error) {
	b := &RareTerms{MaxDocCount: 1}
	precision := p.float(&b.Precision)
	err := p.options(n, p.source(&b.Source, options{
		"max_doc_count": p.count64(&b.MaxDocCount),
		"precision": func(at place, n *jsonval.Node) error {
			if err := precision(at, n); err != nil || b.Precision >= 0.00001 {
				return err
			}
			return eserr.IllegalArgument("[precision] must be greater than 0.00001")
		},
		"include":    p.include(&b.TermFilters),
		"exclude":    p.termFilter(&b.Exclude),
		"value_type": p.valueType(&b.ValueType),
	}))
	switch {
	case err != nil:
		return nil, err
	case b.Field == "":
		return nil, p.noField()
	case b.MaxDocCount == 0:
		return nil, eserr.IllegalArgument("[max_doc_count] must be greater than 0. Found [0] in [%s]", p.name)
	case b.MaxDocCount > maxRareDocs:
		return nil, eserr.IllegalArgument("[max_doc_count] must be smaller than 100in [%s]", p.name)
	}
	return b, b.check()
}
