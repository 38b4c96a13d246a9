package query

import (
	"fmt"
	"maps"
	"slices"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// maxDepth is how deep clauses may stand inside each other, Elasticsearch's
// default of indices.query.bool.max_nested_depth.
const maxDepth = 30

// Parse reads one clause from JSON, such as {"term":{"level":"ERROR"}}. Errors
// are *eserr.Error with Elasticsearch's type, status and wording.
func Parse(data []byte) (Query, error) {
	n, err := jsonval.Parse(data)
	if err != nil {
		return nil, err
	}
	return ParseNode(n)
}

// ParseNode reads one clause from JSON that has been scanned already. The tree
// keeps no reference to the node.
func ParseNode(n *jsonval.Node) (Query, error) {
	p := &parser{clauses: clauseTable()}
	return p.parse(n)
}

// clauseParser reads what stands beside a clause's name; n is an object.
type clauseParser func(p *parser, n *jsonval.Node) (Query, error)

// clauseTable maps each modelled clause's name to its reader. It is a function
// and not a variable because compound clauses read clauses.
func clauseTable() map[string]clauseParser {
	return map[string]clauseParser{
		"bool":                parseBool,
		"boosting":            parseBoosting,
		"combined_fields":     parseCombinedFields,
		"constant_score":      parseConstantScore,
		"dis_max":             parseDisMax,
		"distance_feature":    parseDistanceFeature,
		"exists":              parseExists,
		"field_masking_span":  spanParser("field_masking_span"),
		"function_score":      parseFunctionScore,
		"fuzzy":               parseFuzzy,
		"geo_bounding_box":    parseGeoBoundingBox,
		"geo_distance":        parseGeoDistance,
		"geo_polygon":         parseGeoPolygon,
		"geo_shape":           parseGeoShape,
		"ids":                 parseIDs,
		"intervals":           parseIntervals,
		"knn":                 parseKnn,
		"match":               parseMatch,
		"match_all":           parseMatchAll,
		"match_bool_prefix":   parseMatchBoolPrefix,
		"match_none":          parseMatchNone,
		"match_phrase":        parseMatchPhrase,
		"match_phrase_prefix": parseMatchPhrasePrefix,
		"more_like_this":      parseMoreLikeThis,
		"multi_match":         parseMultiMatch,
		"nested":              parseNested,
		"prefix":              parsePrefix,
		"query_string":        parseQueryString,
		"range":               parseRange,
		"regexp":              parseRegexp,
		"script":              parseScript,
		"script_score":        parseScriptScore,
		"simple_query_string": parseSimpleQueryString,
		"span_containing":     spanParser("span_containing"),
		"span_field_masking":  spanParser("span_field_masking"),
		"span_first":          spanParser("span_first"),
		"span_multi":          spanParser("span_multi"),
		"span_near":           spanParser("span_near"),
		"span_not":            spanParser("span_not"),
		"span_or":             spanParser("span_or"),
		"span_term":           spanParser("span_term"),
		"span_within":         spanParser("span_within"),
		"term":                parseTerm,
		"terms":               parseTerms,
		"terms_set":           parseTermsSet,
		"wildcard":            parseWildcard,
		"wrapper":             parseWrapper,
	}
}

// Kinds returns the modelled clauses, sorted. Whoever executes trees has an
// executor or a documented refusal for each.
func Kinds() []string { return slices.Sorted(maps.Keys(clauseTable())) }

// parser reads one tree.
type parser struct {
	clauses map[string]clauseParser
	depth   int
}

// fail is a parsing_exception at n.
func (p *parser) fail(n *jsonval.Node, format string, args ...any) error {
	return eserr.ParsingException(n.Line, n.Col, format, args...)
}

// parse reads {"clause":{…}}.
func (p *parser) parse(n *jsonval.Node) (Query, error) {
	if n.Kind != jsonval.Object {
		return nil, p.fail(n, "[_na] query malformed, must start with start_object")
	}
	if len(n.Keys) == 0 {
		return nil, eserr.IllegalArgument("query malformed, empty clause found")
	}
	name, body := n.Keys[0], &n.Items[0]
	if body.Kind != jsonval.Object {
		return nil, p.fail(body, "[%s] query malformed, no start_object after query name", name)
	}
	if len(n.Keys) > 1 {
		return nil, p.fail(&n.Items[1], "[%s] malformed query, expected [END_OBJECT] but found [FIELD_NAME]", name)
	}
	if p.depth++; p.depth > maxDepth {
		return nil, eserr.IllegalArgument("The nested depth of the query exceeds the maximum nested depth for queries set in [indices.query.bool.max_nested_depth]")
	}
	defer func() { p.depth-- }()
	read, ok := p.clauses[name]
	switch {
	case ok:
		q, err := read(p, body)
		if err != nil {
			return nil, err
		}
		return q, nil
	case slices.Contains(Foreign, name):
		return parseRaw(name, body), nil
	default:
		return nil, p.unknownClause(name, body)
	}
}

func (p *parser) unknownClause(name string, body *jsonval.Node) error {
	names := make([]string, 0, len(p.clauses)+len(Foreign))
	for known := range p.clauses {
		names = append(names, known)
	}
	names = append(names, Foreign...)
	hint := jsonval.DidYouMean(name, names)
	return eserr.ParsingException(body.Line, body.Col, "unknown query [%s]%s", name, hint).Because(
		eserr.New(400, "named_object_not_found_exception", "[%d:%d] unknown field [%s]", body.Line, body.Col, name))
}

// place says which option of which clause is being read.
type place struct{ clause, option string }

// option reads the value of one option.
type option func(at place, n *jsonval.Node) error

// options maps the names a clause takes to their readers.
type options map[string]option

// options reads the members of a clause that is an object of options. An
// option the clause does not have is refused by name.
func (p *parser) options(n *jsonval.Node, clause string, common *Common, known options) error {
	return p.members(n, clause, common, known, func(at *jsonval.Node, key string) error {
		return p.fail(at, "[%s] query does not support [%s]", clause, key)
	})
}

// strict is options for the clauses whose unknown options Elasticsearch
// reports as an x_content_parse_exception.
func (p *parser) strict(n *jsonval.Node, clause string, common *Common, known options) error {
	return p.members(n, clause, common, known, func(at *jsonval.Node, key string) error {
		names := make([]string, 0, len(known))
		for name := range known {
			names = append(names, name)
		}
		return eserr.XContentParse("[%d:%d] [%s] unknown field [%s]%s", at.Line, at.Col, clause, key, jsonval.DidYouMean(key, names))
	})
}

func (p *parser) members(n *jsonval.Node, clause string, common *Common, known options, unknown func(*jsonval.Node, string) error) error {
	for i, key := range n.Keys {
		item := &n.Items[i]
		if key == "boost" || key == "_name" {
			if err := p.common(item, clause, key, common); err != nil {
				return err
			}
			continue
		}
		read, ok := known[key]
		if !ok {
			return unknown(item, key)
		}
		if err := read(place{clause, key}, item); err != nil {
			return err
		}
	}
	return nil
}

// common reads boost and _name.
func (p *parser) common(n *jsonval.Node, clause, key string, c *Common) error {
	at := place{clause, key}
	if key == "_name" {
		return p.text(&c.Name)(at, n)
	}
	if err := p.float(&c.Boost)(at, n); err != nil {
		return err
	}
	if c.Boost != nil && *c.Boost < 0 {
		return eserr.IllegalArgument("negative [boost] are not allowed in [%s], use a value between 0 and 1 to deboost", n.Raw)
	}
	return nil
}

// fieldClause reads a clause of the form {"field":{options}}, or in short
// {"field":value} where short names the option that the value stands for.
func (p *parser) fieldClause(n *jsonval.Node, clause string, field *string, common *Common, short string, known options) error {
	seen := false
	for i, key := range n.Keys {
		item := &n.Items[i]
		if i > 0 && (key == "boost" || key == "_name") && item.IsScalar() {
			if err := p.common(item, clause, key, common); err != nil {
				return err
			}
			continue
		}
		if seen {
			return p.fail(item, "[%s] query doesn't support multiple fields, found [%s] and [%s]", clause, *field, key)
		}
		seen, *field = true, key
		switch {
		case item.Kind == jsonval.Object:
			if err := p.options(item, clause, common, known); err != nil {
				return err
			}
			if required, ok := item.Get(short), short != ""; ok && required == nil && !hasAny(item, known, short) {
				return eserr.IllegalArgument("value cannot be null")
			}
		case item.Kind == jsonval.Array:
			return p.fail(item, "[%s] query does not support array of values", clause)
		case short == "":
			return p.fail(item, "[%s] query does not support [%s]", clause, key)
		default:
			if err := known[short](place{clause, short}, item); err != nil {
				return err
			}
		}
	}
	if *field == "" {
		return eserr.IllegalArgument("field name is null or empty")
	}
	return nil
}

// hasAny reports whether n holds the old spelling of the option short: the
// clause's own name, or "term".
func hasAny(n *jsonval.Node, known options, short string) bool {
	for _, old := range []string{"term", "prefix", "wildcard"} {
		if known[old] != nil && old != short && n.Get(old) != nil {
			return true
		}
	}
	// A text query reports its missing text itself, with a better sentence.
	return short == "query"
}

// appendField prints {"field":{…}} with the members that write adds.
func (c *Common) appendField(dst []byte, field string, write func(w *jsonval.Writer)) []byte {
	outer := jsonval.Begin(dst)
	outer.Key(field)
	outer.Value(func(dst []byte) []byte {
		w := jsonval.Begin(dst)
		write(&w)
		c.write(&w)
		return w.End()
	})
	return outer.End()
}

func (at place) unknownToken(n *jsonval.Node) error {
	return eserr.ParsingException(n.Line, n.Col, "[%s] unknown token [%s] after [%s]", at.clause, n.Kind, at.option)
}

// malformed is an option whose value is of the right JSON type and makes no
// sense.
func (at place) malformed(n *jsonval.Node, want string) error {
	return eserr.ParsingException(n.Line, n.Col, "[%s] failed to parse field [%s]", at.clause, at.option).Because(
		eserr.IllegalArgument("%s", fmt.Sprintf("expected %s but got [%s]", want, n.Raw)))
}
