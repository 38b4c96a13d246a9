package exec

import "elkhorn/internal/es/agg"

// aggTable says how each aggregation is compiled. One that is not here is refused by name.
var aggTable = map[string]aggCompiler{
	"date_histogram": body(compileDateHistogram),
	"global":         body(compileGlobal),
	"terms":          body(compileTermsAgg),
}

// body adapts a compiler of one concrete type of aggregation.
func body[B agg.Body](compile func(c *compiler, b B, subs []*aggPlan) (aggNode, error)) aggCompiler {
	return func(c *compiler, a *agg.Agg, subs []*aggPlan) (aggNode, error) {
		return compile(c, a.Body.(B), subs)
	}
}
