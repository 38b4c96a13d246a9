package agg

import (
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// WeightedAvg is the mean of values that count as much as a weight beside them says.
type WeightedAvg struct {
	Value, Weight Source
	Format        string
}

// Kind returns "weighted_avg".
func (*WeightedAvg) Kind() string { return "weighted_avg" }

// Family returns Metric.
func (*WeightedAvg) Family() Family { return Metric }

func (b *WeightedAvg) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	w.Key("value")
	w.Value(b.Value.appendSource)
	w.Key("weight")
	w.Value(b.Weight.appendSource)
	w.StringIf("format", b.Format)
	return w.End()
}

func parseWeightedAvg(p *parser, n *jsonval.Node) (Body, error) {
	b := &WeightedAvg{}
	valueType := ""
	err := p.options(n, options{"value": p.sourceIn(&b.Value), "weight": p.sourceIn(&b.Weight), "format": p.text(&b.Format), "value_type": p.text(&valueType)})
	switch {
	case err != nil:
		return nil, err
	case b.Value.Field == "":
		return nil, eserr.IllegalArgument("[value] field is required for [weighted_avg] aggregation [%s]", p.name)
	case b.Weight.Field == "":
		return nil, eserr.IllegalArgument("[weight] field is required for [weighted_avg] aggregation [%s]", p.name)
	}
	return b, nil
}

// sourceIn reads a source of its own object, as kinds with several have them.
func (p *parser) sourceIn(target *Source) option {
	return func(at place, n *jsonval.Node) error {
		if n.Kind != jsonval.Object {
			return at.unknownToken(n)
		}
		return p.sourceOnly(n, target)
	}
}
