package agg

import (
	"maps"
	"regexp"
	"slices"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/painless"
)

// maxDepth is how deep aggregations may stand inside each other. Elasticsearch
// has no such limit; memory grows with the product of the levels' buckets long
// before.
const maxDepth = 32

// validName is what a name may consist of: [ ] and > have a meaning in paths.
var validName = regexp.MustCompile(`^[^\[\]>]+$`)

// Parse reads the object that stands beside "aggs" in a search request, in
// source order. Errors are *eserr.Error with Elasticsearch's type, status and
// wording.
func Parse(data []byte) ([]*Agg, error) {
	n, err := jsonval.Parse(data)
	if err != nil {
		return nil, err
	}
	return ParseNode(n)
}

// ParseNode reads aggregations from JSON that has been scanned already. The
// tree keeps no reference to the node.
func ParseNode(n *jsonval.Node) ([]*Agg, error) {
	p := &parser{bodies: bodyTable()}
	aggs, err := p.level(n, 0)
	if err != nil {
		return nil, err
	}
	if err := validate(aggs); err != nil {
		return nil, err
	}
	return aggs, validatePipelines(aggs)
}

// bodyParser reads what stands beside a kind's name; n is an object.
type bodyParser func(p *parser, n *jsonval.Node) (Body, error)

// bodyTable maps each modelled kind to its reader. It is a function and not a
// variable because filters read trees.
func bodyTable() map[string]bodyParser {
	return map[string]bodyParser{
		"adjacency_matrix":          parseAdjacencyMatrix,
		"auto_date_histogram":       parseAutoDateHistogram,
		"avg":                       ofSource(func(s Source) *Avg { return &Avg{s} }),
		"avg_bucket":                parseBucketMetric,
		"boxplot":                   parseBoxplot,
		"bucket_script":             parseBucketScript,
		"bucket_selector":           parseBucketSelector,
		"bucket_sort":               parseBucketSort,
		"cardinality":               parseCardinality,
		"categorize_text":           parseCategorizeText,
		"composite":                 parseComposite,
		"cumulative_cardinality":    parseCumulativeCardinality,
		"cumulative_sum":            parseCumulativeSum,
		"date_histogram":            parseDateHistogram,
		"date_range":                parseDateRange,
		"derivative":                parseDerivative,
		"diversified_sampler":       parseDiversifiedSampler,
		"extended_stats":            parseExtendedStats,
		"extended_stats_bucket":     parseExtendedStatsBucket,
		"filter":                    parseFilter,
		"filters":                   parseFilters,
		"geo_bounds":                parseGeoBounds,
		"geo_centroid":              parseGeoCentroid,
		"geo_distance":              parseGeoDistance,
		"geohash_grid":              parseGeoGrid,
		"geotile_grid":              parseGeoGrid,
		"global":                    parseGlobal,
		"histogram":                 parseHistogram,
		"ip_prefix":                 parseIPPrefix,
		"ip_range":                  parseIPRange,
		"matrix_stats":              parseMatrixStats,
		"max":                       ofSource(func(s Source) *Max { return &Max{s} }),
		"max_bucket":                parseBucketMetric,
		"median_absolute_deviation": parseMedianAbsoluteDeviation,
		"min":                       ofSource(func(s Source) *Min { return &Min{s} }),
		"min_bucket":                parseBucketMetric,
		"missing":                   parseMissing,
		"moving_fn":                 parseMovingFn,
		"moving_percentiles":        parseMovingPercentiles,
		"multi_terms":               parseMultiTerms,
		"nested":                    parseNested,
		"normalize":                 parseNormalize,
		"percentile_ranks":          parsePercentileRanks,
		"percentiles":               parsePercentiles,
		"percentiles_bucket":        parsePercentilesBucket,
		"random_sampler":            parseRandomSampler,
		"range":                     parseRange,
		"rare_terms":                parseRareTerms,
		"rate":                      parseRate,
		"reverse_nested":            parseReverseNested,
		"sampler":                   parseSampler,
		"scripted_metric":           parseScriptedMetric,
		"serial_diff":               parseSerialDiff,
		"significant_terms":         parseSignificantTerms,
		"significant_text":          parseSignificantText,
		"stats":                     ofSource(func(s Source) *Stats { return &Stats{s} }),
		"stats_bucket":              parseBucketMetric,
		"string_stats":              parseStringStats,
		"sum":                       ofSource(func(s Source) *Sum { return &Sum{s} }),
		"sum_bucket":                parseBucketMetric,
		"t_test":                    parseTTest,
		"terms":                     parseTerms,
		"top_hits":                  parseTopHits,
		"top_metrics":               parseTopMetrics,
		"value_count":               ofSource(func(s Source) *ValueCount { return &ValueCount{s} }),
		"variable_width_histogram":  parseVariableWidthHistogram,
		"weighted_avg":              parseWeightedAvg,
	}
}

// Kinds returns the modelled kinds, sorted. Whoever executes trees has an
// executor or a documented refusal for each.
func Kinds() []string { return slices.Sorted(maps.Keys(bodyTable())) }

// parser reads one tree. name and kind are those of the aggregation in hand.
type parser struct {
	bodies     map[string]bodyParser
	name, kind string
	from       *Source // of the aggregation in hand; nil when it has none
}

func (p *parser) fail(n *jsonval.Node, format string, args ...any) error {
	return eserr.ParsingException(n.Line, n.Col, format, args...)
}

// noField refuses an aggregation that says neither field nor script.
func (p *parser) noField() error {
	return eserr.IllegalArgument("Required one of fields [field, script], but none were specified. ").
		With("aggregation", p.name)
}

// level reads the aggregations beside each other.
func (p *parser) level(n *jsonval.Node, depth int) ([]*Agg, error) {
	if n.Kind != jsonval.Object {
		return nil, p.fail(n, "Expected [START_OBJECT] under [aggs], but got a [%s]", n.Kind)
	}
	if depth == maxDepth {
		return nil, eserr.IllegalArgument("aggregations are nested deeper than %d levels", maxDepth)
	}
	aggs := make([]*Agg, 0, len(n.Keys))
	for i, name := range n.Keys {
		a, err := p.agg(name, &n.Items[i], depth)
		if err != nil {
			return nil, err
		}
		aggs = append(aggs, a)
	}
	return aggs, nil
}

// agg reads {"kind":{…},"aggs":{…},"meta":{…}}.
func (p *parser) agg(name string, n *jsonval.Node, depth int) (*Agg, error) {
	if !validName.MatchString(name) {
		return nil, p.fail(n, "Invalid aggregation name [%s]. Aggregation names can contain any character except '[', ']', and '>'", name)
	}
	if n.Kind != jsonval.Object {
		return nil, p.fail(n, "Aggregation definition for [%s starts with a [%s], expected a [START_OBJECT].", name, n.Kind)
	}
	a := &Agg{Name: name}
	for i, key := range n.Keys {
		item := &n.Items[i]
		if item.Kind != jsonval.Object {
			return nil, p.fail(item, "Expected [START_OBJECT] under [%s], but got a [%s] in [%s]", key, item.Kind, name)
		}
		var err error
		switch key {
		case "meta":
			a.Meta = append([]byte(nil), item.Raw...)
		case "aggs", "aggregations":
			if a.Subs != nil {
				return nil, p.fail(item, "Found two sub aggregation definitions under [%s]", name)
			}
			a.Subs, err = p.level(item, depth+1)
		default:
			if a.Body != nil {
				return nil, p.fail(item, "Found two aggregation type definitions in [%s]: [%s] and [%s]", name, a.Body.Kind(), key)
			}
			a.Body, err = p.body(name, key, item)
		}
		if err != nil {
			return nil, err
		}
	}
	if a.Body == nil {
		return nil, p.fail(n, "Missing definition for aggregation [%s]", name)
	}
	return a, nil
}

func (p *parser) body(name, kind string, n *jsonval.Node) (Body, error) {
	p.name, p.kind, p.from = name, kind, nil
	if read, ok := p.bodies[kind]; ok {
		body, err := read(p, n)
		if err != nil {
			return nil, err
		}
		return body, nil
	}
	if family, ok := Foreign[kind]; ok {
		return parseRaw(kind, family, n), nil
	}
	names := make([]string, 0, len(p.bodies)+len(Foreign))
	for known := range p.bodies {
		names = append(names, known)
	}
	for known := range Foreign {
		names = append(names, known)
	}
	hint := jsonval.DidYouMean(kind, names)
	return nil, eserr.ParsingException(n.Line, n.Col, "Unknown aggregation type [%s]%s", kind, hint).Because(
		eserr.New(400, "named_object_not_found_exception", "[%d:%d] unknown field [%s]", n.Line, n.Col, kind))
}

// place says which option of which kind is being read.
type place struct{ kind, option string }

// option reads the value of one option.
type option func(at place, n *jsonval.Node) error

// options maps the names a kind takes to their readers.
type options map[string]option

// options reads the members of a body. An option the kind does not have is
// refused by name; a script is refused as unsupported.
func (p *parser) options(n *jsonval.Node, known options) error { return p.members(n, known) }

func (p *parser) members(n *jsonval.Node, known options) error {
	for i, key := range n.Keys {
		item := &n.Items[i]
		read, ok := known[key]
		if !ok {
			if key == "script" {
				return eserr.Unsupported("[script] of aggregation [" + p.name + "] of type [" + p.kind + "]")
			}
			names := make([]string, 0, len(known))
			for name := range known {
				names = append(names, name)
			}
			return eserr.XContentParse("[%d:%d] [%s] unknown field [%s]%s", item.Line, item.Col, p.kind, key, jsonval.DidYouMean(key, names))
		}
		if err := read(place{p.kind, key}, item); err != nil {
			return p.inField(item, key, err)
		}
	}
	return p.scripted(n)
}

// inField says which option has a value that makes no sense. Errors of syntax and of what this store does not have say so themselves.
func (p *parser) inField(n *jsonval.Node, key string, err error) error {
	if e := eserr.From(err); n == nil || e.Type != "illegal_argument_exception" || e.Refused {
		return err
	}
	return eserr.XContentParse("[%d:%d] [%s] failed to parse field [%s]", n.Line, n.Col, p.kind, key).Because(err)
}

// scripted gives a script's values a name of their own, by which they are found like a field's.
func (p *parser) scripted(n *jsonval.Node) error {
	s := p.from
	if s == nil || s.Script == nil {
		return nil
	}
	p.from = nil
	s.Script.Field, s.Script.Kind = s.Field, p.kind
	if t := n.Get("value_type"); t != nil {
		s.Script.ValueType = t.Text
	}
	s.Field = "\x00script\x00" + p.kind + "\x00" + s.Field + "\x00" + s.Script.ValueType + "\x00" + string(s.Script.Spec.Raw)
	return nil
}

// scriptKinds are the aggregations that take their values from a script.
var scriptKinds = map[string]bool{
	"avg": true, "cardinality": true, "date_histogram": true, "date_range": true, "extended_stats": true, "histogram": true, "max": true,
	"median_absolute_deviation": true, "min": true, "percentile_ranks": true, "percentiles": true, "range": true, "stats": true, "sum": true, "terms": true,
	"value_count": true, "boxplot": true,
	"auto_date_histogram": true, "diversified_sampler": true, "ip_range": true, "multi_terms": true, "rare_terms": true, "significant_terms": true,
	"variable_width_histogram": true,
}

func (p *parser) script(s *Source) option {
	return func(_ place, n *jsonval.Node) error {
		if !scriptKinds[p.kind] {
			return eserr.Unsupported("[script] of aggregation [" + p.name + "] of type [" + p.kind + "]")
		}
		spec, err := painless.ParseSpec(n)
		s.Script = &ValueScript{Spec: spec}
		return err
	}
}

// source adds the options that say where values come from.
func (p *parser) source(s *Source, more options) options {
	p.from = s
	more["field"] = p.text(&s.Field)
	more["script"] = p.script(s)
	more["missing"] = p.missing(&s.Missing)
	more["format"] = p.text(&s.Format)
	return more
}

// sourceOnly reads a body that has no further options.
func (p *parser) sourceOnly(n *jsonval.Node, s *Source) error {
	if err := p.options(n, p.source(s, options{})); err != nil {
		return err
	}
	if s.Field == "" {
		return p.noField()
	}
	return nil
}

func (at place) unknownToken(n *jsonval.Node) error {
	return eserr.XContentParse("[%d:%d] [%s] %s doesn't support values of type: %s", n.Line, n.Col, at.kind, at.option, n.Kind)
}

func (at place) malformed(n *jsonval.Node, want string) error {
	return eserr.XContentParse("[%d:%d] [%s] failed to parse field [%s]", n.Line, n.Col, at.kind, at.option).Because(
		eserr.IllegalArgument("expected %s but got [%s]", want, n.Raw))
}
