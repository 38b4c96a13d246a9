package query

import "strings"

// Text names a query as Lucene prints its own, as far as that is known without the analyzers of an index: the text of a match is
// not split into words. Kinds that it does not know are printed as JSON.
func Text(q Query) string {
	switch q := q.(type) {
	case nil:
		return "*:*"
	case *MatchAll:
		return "*:*"
	case *Term:
		return q.Field + ":" + q.Value.Text
	case *Exists:
		return "FieldExistsQuery [field=" + q.Field + "]"
	case *Match:
		return q.Field + ":" + q.Text.Text
	case *ConstantScore:
		return "ConstantScore(" + Text(q.Filter) + ")"
	case *QueryString:
		if q.DefaultField != "" && !strings.ContainsAny(q.Text, ":\"(* ") {
			return q.DefaultField + ":" + q.Text
		}
	case *Bool:
		return q.text()
	}
	return string(Append(nil, q))
}

// text prints the clauses with the signs of what becomes of them: + for must, # for filter, - for must_not.
func (q *Bool) text() string {
	var parts []string
	for _, list := range []struct {
		sign    string
		clauses []Query
	}{{"+", q.Must}, {"", q.Should}, {"-", q.MustNot}, {"#", q.Filter}} {
		for _, clause := range list.clauses {
			text := Text(clause)
			if _, inner := clause.(*Bool); inner {
				text = "(" + text + ")"
			}
			parts = append(parts, list.sign+text)
		}
	}
	return strings.Join(parts, " ")
}
