package query

import (
	"slices"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// Intervals matches documents by the order and the nearness of the words of a field.
type Intervals struct {
	Common
	Field string
	Rule  *IntervalRule
	JSON  []byte // as written
}

// IntervalRule finds places in the words of a field.
type IntervalRule struct {
	// Name is "match", "any_of", "all_of", "prefix", "wildcard", "regexp", "fuzzy" or "range".
	Name string
	// Text is what match looks for, or the pattern of one that tests words.
	Text            string
	CaseInsensitive bool
	Fuzzy           Fuzziness
	Range           *Range
	// MaxGaps is how many positions may lie between the parts, -1 for any number; Ordered keeps their order.
	MaxGaps            int
	Ordered            bool
	Analyzer, UseField string
	Rules              []*IntervalRule
	// Filter keeps places by how they lie to those that another rule finds; "" for none.
	Filter     string
	FilterRule *IntervalRule
}

// Kind returns "intervals".
func (*Intervals) Kind() string { return "intervals" }

func (q *Intervals) appendBody(dst []byte) []byte { return append(dst, q.JSON...) }

func parseIntervals(p *parser, n *jsonval.Node) (Query, error) {
	q := &Intervals{JSON: append([]byte(nil), n.Raw...)}
	for i, key := range n.Keys {
		item := &n.Items[i]
		if (key == "boost" || key == "_name") && item.IsScalar() {
			if err := p.common(item, "intervals", key, &q.Common); err != nil {
				return nil, err
			}
			continue
		}
		if q.Field != "" || item.Kind != jsonval.Object {
			return nil, p.fail(item, "Expected [START_OBJECT] but got [%s]", item.Kind)
		}
		q.Field = key
		for k, name := range item.Keys {
			inner := &item.Items[k]
			switch {
			case name == "boost" || name == "_name":
				if err := p.common(inner, "intervals", name, &q.Common); err != nil {
					return nil, err
				}
			case q.Rule != nil:
				return nil, p.fail(inner, "Only one interval rule can be specified, found [%s] and [%s]", q.Rule.Name, name)
			default:
				var err error
				if q.Rule, err = p.intervalRule(name, inner, 0); err != nil {
					return nil, err
				}
			}
		}
	}
	if q.Rule == nil {
		return nil, p.fail(n, "Missing intervals from interval query definition")
	}
	return q, nil
}

// intervalFilters are the ways in which places can lie to others.
var intervalFilters = []string{"after", "before", "contained_by", "containing", "not_contained_by", "not_containing", "not_overlapping", "overlapping"}

func (p *parser) intervalRule(name string, n *jsonval.Node, depth int) (*IntervalRule, error) {
	if depth > maxDepth {
		return nil, eserr.IllegalArgument("The nested depth of the query exceeds the maximum nested depth for queries set in [indices.query.bool.max_nested_depth]")
	}
	if n.Kind != jsonval.Object {
		return nil, p.fail(n, "Expected [START_OBJECT] but got [%s]", n.Kind)
	}
	r := &IntervalRule{Name: name, MaxGaps: -1}
	var none Common
	filter := func(_ place, n *jsonval.Node) error { return p.intervalFilter(r, n, depth) }
	rules := func(at place, n *jsonval.Node) error {
		if n.Kind != jsonval.Array {
			return at.unknownToken(n)
		}
		for i := range n.Items {
			one, err := p.intervalSource(&n.Items[i], depth+1)
			if err != nil {
				return err
			}
			r.Rules = append(r.Rules, one)
		}
		return nil
	}
	var known options
	switch name {
	case "match":
		mode := ""
		known = options{"query": p.text(&r.Text), "max_gaps": p.signed(&r.MaxGaps), "ordered": p.boolean(&r.Ordered), "mode": p.text(&mode),
			"analyzer": p.text(&r.Analyzer), "use_field": p.text(&r.UseField), "filter": filter}
	case "any_of":
		known = options{"intervals": rules, "filter": filter}
	case "all_of":
		known = options{"intervals": rules, "max_gaps": p.signed(&r.MaxGaps), "ordered": p.boolean(&r.Ordered), "filter": filter}
	case "prefix", "wildcard", "regexp":
		key := map[string]string{"prefix": "prefix"}[name]
		if key == "" {
			key = "pattern"
		}
		known = options{key: p.text(&r.Text), "analyzer": p.text(&r.Analyzer), "use_field": p.text(&r.UseField), "case_insensitive": p.boolean(&r.CaseInsensitive)}
	case "fuzzy":
		r.Fuzzy.Distance = "AUTO"
		known = options{"term": p.text(&r.Text), "prefix_length": p.count(&r.Fuzzy.PrefixLength), "transpositions": p.negated(&r.Fuzzy.NoTranspositions),
			"fuzziness": p.fuzziness(&r.Fuzzy.Distance), "analyzer": p.text(&r.Analyzer), "use_field": p.text(&r.UseField)}
	case "range":
		r.Range = &Range{}
		known = options{"gt": p.bound(&r.Range.Lower, false), "gte": p.bound(&r.Range.Lower, true), "lt": p.bound(&r.Range.Upper, false),
			"lte": p.bound(&r.Range.Upper, true), "analyzer": p.text(&r.Analyzer), "use_field": p.text(&r.UseField)}
	default:
		return nil, p.fail(n, "Unknown interval type [%s], expecting one of [match, any_of, all_of, prefix, wildcard, regexp, fuzzy, range]", name)
	}
	if err := p.strict(n, name, &none, known); err != nil {
		return nil, err
	}
	if (name == "any_of" || name == "all_of") && len(r.Rules) == 0 {
		return nil, p.fail(n, "Required [intervals]")
	}
	return r, nil
}

// intervalSource reads {"rule":{…}}.
func (p *parser) intervalSource(n *jsonval.Node, depth int) (*IntervalRule, error) {
	if n.Kind != jsonval.Object || len(n.Keys) != 1 {
		return nil, p.fail(n, "Expected an object with one interval rule but got [%s]", n.Kind)
	}
	return p.intervalRule(n.Keys[0], &n.Items[0], depth)
}

func (p *parser) intervalFilter(r *IntervalRule, n *jsonval.Node, depth int) error {
	if n.Kind != jsonval.Object || len(n.Keys) != 1 {
		return p.fail(n, "Expected an object with one interval filter but got [%s]", n.Kind)
	}
	name := n.Keys[0]
	if name == "script" {
		return eserr.Unsupported("[script] of a [filter] in an [intervals] query")
	}
	if !slices.Contains(intervalFilters, name) {
		return p.fail(n, "Unknown interval filter [%s]", name)
	}
	r.Filter = name
	var err error
	r.FilterRule, err = p.intervalSource(&n.Items[0], depth+1)
	return err
}
