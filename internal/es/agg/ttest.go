package agg

import (
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/query"
)

// TTest compares the means of two populations.
type TTest struct {
	A, B Population
	// Type is "paired", "homoscedastic" or "heteroscedastic".
	Type string
	// Tails is 1 or 2.
	Tails int
}

// Population is where one side's values come from.
type Population struct {
	Source
	// Filter narrows the documents; nil takes all.
	Filter query.Query
}

// Kind returns "t_test".
func (*TTest) Kind() string { return "t_test" }

// Family returns Metric.
func (*TTest) Family() Family { return Metric }

func (b *TTest) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	w.Key("a")
	w.Value(b.A.append)
	w.Key("b")
	w.Value(b.B.append)
	w.String("type", b.Type)
	w.Int("tails", int64(b.Tails))
	return w.End()
}

func (p *Population) append(dst []byte) []byte {
	w := jsonval.Begin(dst)
	p.write(&w)
	if p.Filter != nil {
		w.Key("filter")
		w.Value(func(dst []byte) []byte { return query.Append(dst, p.Filter) })
	}
	return w.End()
}

func parseTTest(p *parser, n *jsonval.Node) (Body, error) {
	b := &TTest{Type: "heteroscedastic", Tails: 2}
	format := ""
	err := p.options(n, options{
		"a": p.population(&b.A), "b": p.population(&b.B),
		"type":   p.oneOf(&b.Type, "paired", "homoscedastic", "heteroscedastic"),
		"tails":  p.whole(&b.Tails),
		"format": p.text(&format),
	})
	switch {
	case err != nil:
		return nil, err
	case b.Tails != 1 && b.Tails != 2:
		return nil, eserr.IllegalArgument("[tails] must be 1 or 2. Found [%d] in [%s]", b.Tails, p.name)
	case b.A.Field == "" || b.B.Field == "":
		return nil, p.noField()
	case b.Type == "paired" && (b.A.Filter != nil || b.B.Filter != nil):
		return nil, eserr.IllegalArgument("Paired t-test doesn't support filters")
	case format != "":
		return nil, eserr.Unsupported("[format] of aggregation [t_test]")
	}
	return b, nil
}

func (p *parser) population(target *Population) option {
	return func(at place, n *jsonval.Node) error {
		if n.Kind != jsonval.Object {
			return at.unknownToken(n)
		}
		return p.options(n, p.source(&target.Source, options{"filter": func(_ place, n *jsonval.Node) (err error) {
			target.Filter, err = query.ParseNode(n)
			return err
		}}))
	}
}
