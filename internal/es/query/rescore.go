package query

import (
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// Rescore scores the best documents of a search anew, with a query that would be too costly for all.
type Rescore struct {
	// Window is how many of the best documents of an index are looked at.
	Window int
	Query  Query
	// QueryWeight and RescoreWeight multiply the score so far and that of Query, Mode says what becomes of both: total, multiply, avg, max or min.
	QueryWeight, RescoreWeight float64
	Mode                       string
}

// defaultRescoreWindow is Elasticsearch's.
const defaultRescoreWindow = 10

// Combine makes a document's score of its score so far and of what Query scores it, if it matches.
func (r *Rescore) Combine(score, second float64, matches bool) float64 {
	score *= r.QueryWeight
	second *= r.RescoreWeight
	switch {
	case !matches:
		return score
	case r.Mode == "multiply":
		return score * second
	case r.Mode == "avg":
		return (score + second) / 2
	case r.Mode == "max":
		return max(score, second)
	case r.Mode == "min":
		return min(score, second)
	}
	return score + second
}

// ParseRescore reads the member rescore of a search: one or several, each of which starts from the scores of the one before.
func ParseRescore(n *jsonval.Node) ([]*Rescore, error) {
	p := &parser{clauses: clauseTable()}
	var list []*Rescore
	for _, item := range elements(n) {
		if item.Kind != jsonval.Object {
			return nil, p.fail(&item, "Unknown key for a %s in [rescore].", item.Kind)
		}
		r, err := p.rescore(&item)
		if err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, nil
}

func (p *parser) rescore(n *jsonval.Node) (*Rescore, error) {
	r := &Rescore{Window: defaultRescoreWindow, Mode: "total"}
	var query, weight *float64
	for i, key := range n.Keys {
		item := &n.Items[i]
		var err error
		switch key {
		case "window_size":
			err = p.above(key, &r.Window)(place{"rescore", key}, item)
		case "query":
			if item.Kind != jsonval.Object {
				return nil, place{"rescore", key}.unknownToken(item)
			}
			err = p.strict(item, "query", &Common{}, options{
				"rescore_query":        p.clause(&r.Query),
				"query_weight":         p.float(&query),
				"rescore_query_weight": p.float(&weight),
				"score_mode":           p.oneOf(&r.Mode, "total", "multiply", "avg", "max", "min"),
			})
		case "learning_to_rank", "script":
			e := eserr.Unsupported("[" + key + "] of [rescore]")
			e.Reason += ": use [query], whose [rescore_query] may be a [script_score]"
			err = e
		default:
			err = eserr.ParsingException(item.Line, item.Col, "rescore doesn't support [%s]", key)
		}
		if err != nil {
			return nil, err
		}
	}
	if r.Query == nil {
		return nil, eserr.ParsingException(n.Line, n.Col, "missing rescore type")
	}
	r.QueryWeight, r.RescoreWeight = 1, 1
	if query != nil {
		r.QueryWeight = *query
	}
	if weight != nil {
		r.RescoreWeight = *weight
	}
	return r, nil
}
