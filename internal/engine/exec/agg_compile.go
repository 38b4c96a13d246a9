package exec

import (
	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/eserr"
)

// aggCompiler compiles one kind of aggregation.
type aggCompiler func(c *compiler, a *agg.Agg, subs []*aggPlan) (aggNode, error)

// aggs compiles sibling aggregations.
func (c *compiler) aggs(list []*agg.Agg) ([]*aggPlan, error) {
	var out []*aggPlan
	for _, a := range list {
		if _, ok := a.Body.(agg.Piped); ok { // computed from the results of others
			continue
		}
		p, err := c.agg(a)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

func (c *compiler) agg(a *agg.Agg) (*aggPlan, error) {
	compile, ok := c.aggKind[a.Body.Kind()]
	if !ok {
		return nil, eserr.Unsupported("aggregation [" + a.Body.Kind() + "] of [" + a.Name + "]")
	}
	inner, err := c.aggScope(a)
	if err != nil {
		return nil, err
	}
	scope := c.scope
	c.scope = inner
	subs, err := c.aggs(a.Subs)
	c.scope = scope
	if err != nil {
		return nil, err
	}
	node, err := compile(c, a, subs)
	if err != nil {
		return nil, err
	}
	return &aggPlan{name: a.Name, kind: a.Body.Kind(), meta: a.Meta, node: node, subs: subs}, nil
}
