package agg

import "elkhorn/internal/es/jsonval"

// StringStats describes strings: their lengths, and how much their characters tell.
type StringStats struct {
	Source
	// ShowDistribution prints how often each character is.
	ShowDistribution bool
}

// Kind returns "string_stats".
func (*StringStats) Kind() string { return "string_stats" }

// Family returns Metric.
func (*StringStats) Family() Family { return Metric }

func (b *StringStats) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	b.write(&w)
	w.BoolIf("show_distribution", b.ShowDistribution)
	return w.End()
}

func parseStringStats(p *parser, n *jsonval.Node) (Body, error) {
	b := &StringStats{}
	err := p.options(n, p.source(&b.Source, options{"show_distribution": p.boolean(&b.ShowDistribution)}))
	if err == nil && b.Field == "" {
		err = p.noField()
	}
	return b, err
}
