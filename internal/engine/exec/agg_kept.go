package exec

import "elkhorn/internal/es/result"

// keptDistinct are counted values that a result keeps, for pipeline aggregations that go on counting.
type keptDistinct struct{ *distinct }

// Clone implements result.Distinct. The copy is accounted for as it grows; what it begins with is counted at once.
func (d keptDistinct) Clone() result.Distinct {
	c := cloner{acct: d.acct}
	return keptDistinct{c.distinct(d.distinct)}
}

// Add implements result.Distinct.
func (d keptDistinct) Add(o result.Distinct) error {
	if err := d.acct.check(); err != nil {
		return err
	}
	return d.merge(o.(keptDistinct).distinct)
}

// Count implements result.Distinct.
func (d keptDistinct) Count() int64 { return d.count() }

// keptPoints are values that a result keeps, for pipeline aggregations that read other percentiles of them.
type keptPoints struct{ *percentilesPartial }

// Clone implements result.Distribution.
func (p keptPoints) Clone() result.Distribution {
	out := &percentilesPartial{node: p.node}
	switch s := p.sketch.(type) {
	case *quantiles:
		c := cloner{acct: s.acct}
		out.sketch = c.quantiles(s)
	case *hdr:
		out.sketch = s.clone()
	}
	return keptPoints{out}
}

// Add implements result.Distribution.
func (p keptPoints) Add(o result.Distribution) error {
	return p.merge(o.(keptPoints).percentilesPartial)
}

// At implements result.Distribution.
func (p keptPoints) At(percent float64) (float64, bool) { return p.at(percent) }
