package query

import "elkhorn/internal/es/jsonval"

// MatchBoolPrefix is a match of which the last word may go on: what someone has typed so far.
type MatchBoolPrefix struct {
	Common
	Field              string
	Text               Value
	Operator           Operator
	MinimumShouldMatch string
	Analyzer           string
	Lenient            bool
	Fuzzy              Fuzziness
}

// Kind returns "match_bool_prefix".
func (*MatchBoolPrefix) Kind() string { return "match_bool_prefix" }

func (q *MatchBoolPrefix) appendBody(dst []byte) []byte {
	return q.appendField(dst, q.Field, func(w *jsonval.Writer) {
		w.Scalar("query", q.Text)
		if q.Operator == And {
			w.String("operator", "AND")
		}
		w.StringIf("minimum_should_match", q.MinimumShouldMatch)
		w.StringIf("analyzer", q.Analyzer)
		q.Fuzzy.write(w, "fuzziness")
	})
}

func parseMatchBoolPrefix(p *parser, n *jsonval.Node) (Query, error) {
	q := &MatchBoolPrefix{}
	err := p.fieldClause(n, "match_bool_prefix", &q.Field, &q.Common, "query", p.fuzzy(&q.Fuzzy, options{
		"query":                p.scalar(&q.Text),
		"operator":             p.operator(&q.Operator),
		"minimum_should_match": p.text(&q.MinimumShouldMatch),
		"analyzer":             p.text(&q.Analyzer),
	}))
	if err == nil && q.Text.IsNull() {
		err = p.fail(n, "No text specified for text query")
	}
	return q, err
}
