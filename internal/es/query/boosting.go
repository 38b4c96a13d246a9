package query

import "elkhorn/internal/es/jsonval"

// Boosting matches what Positive matches. What Negative matches too scores NegativeBoost times as much.
type Boosting struct {
	Common
	Positive, Negative Query
	NegativeBoost      float64
}

// Kind returns "boosting".
func (*Boosting) Kind() string { return "boosting" }

func (q *Boosting) children() []Query { return []Query{q.Positive, q.Negative} }

func (q *Boosting) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	w.Key("positive")
	w.Value(func(dst []byte) []byte { return Append(dst, q.Positive) })
	w.Key("negative")
	w.Value(func(dst []byte) []byte { return Append(dst, q.Negative) })
	w.Float("negative_boost", q.NegativeBoost)
	q.write(&w)
	return w.End()
}

func parseBoosting(p *parser, n *jsonval.Node) (Query, error) {
	q := &Boosting{}
	var negative *float64
	err := p.options(n, "boosting", &q.Common, options{
		"positive":       p.clause(&q.Positive),
		"negative":       p.clause(&q.Negative),
		"negative_boost": p.float(&negative),
	})
	switch {
	case err != nil:
		return nil, err
	case q.Positive == nil:
		return nil, p.fail(n, "[boosting] query requires 'positive' query to be set'")
	case q.Negative == nil:
		return nil, p.fail(n, "[boosting] query requires 'negative' query to be set'")
	case negative == nil || *negative < 0:
		return nil, p.fail(n, "[boosting] query requires 'negative_boost' to be set to be a positive value'")
	}
	q.NegativeBoost = *negative
	return q, nil
}
