package agg

import (
	"slices"

	"elkhorn/internal/es/dates"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// Composite makes a bucket per combination of values of several sources, in order of the combinations, page by page.
type Composite struct {
	// Size is how many buckets a page has.
	Size    int
	Sources []CompositeSource
	// After are the values of the last page's last bucket, by source; nil begins with the first page.
	After []Value
}

// CompositeSource is where one value of a key comes from. Which of the options count says Kind.
type CompositeSource struct {
	Name string
	// Kind is "terms", "histogram", "date_histogram" or "geotile_grid".
	Kind string
	Source
	Desc bool
	// ValueType is the type assumed where the field is not mapped.
	ValueType string
	// MissingBucket gives documents without a value null; MissingOrder is "first", "last", or "" for where null stands
	// by the order.
	MissingBucket bool
	MissingOrder  string
	// Step is the interval of a histogram.
	Step float64
	// Interval, OffsetMillis and TimeZone are those of a date_histogram.
	Interval     Interval
	OffsetMillis int64
	TimeZone     string
	// Precision is that of a geotile_grid.
	Precision int
}

// Kind returns "composite".
func (*Composite) Kind() string { return "composite" }

// Family returns Bucket.
func (*Composite) Family() Family { return Bucket }

func (b *Composite) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	w.Int("size", int64(b.Size))
	w.Key("sources")
	w.Value(func(dst []byte) []byte {
		dst = append(dst, '[')
		for i := range b.Sources {
			if i > 0 {
				dst = append(dst, ',')
			}
			named := jsonval.Begin(dst)
			named.Key(b.Sources[i].Name)
			named.Value(func(dst []byte) []byte {
				kind := jsonval.Begin(dst)
				kind.Key(b.Sources[i].Kind)
				kind.Value(b.Sources[i].append)
				return kind.End()
			})
			dst = named.End()
		}
		return append(dst, ']')
	})
	if b.After != nil {
		w.Key("after")
		w.Value(func(dst []byte) []byte {
			after := jsonval.Begin(dst)
			for i, v := range b.After {
				after.Scalar(b.Sources[i].Name, v)
			}
			return after.End()
		})
	}
	return w.End()
}

func (s *CompositeSource) append(dst []byte) []byte {
	w := jsonval.Begin(dst)
	s.write(&w)
	w.StringIf("value_type", s.ValueType)
	w.BoolIf("missing_bucket", s.MissingBucket)
	w.StringIf("missing_order", s.MissingOrder)
	if s.Desc {
		w.String("order", "desc")
	}
	switch s.Kind {
	case "histogram":
		w.Float("interval", s.Step)
	case "date_histogram":
		if s.Interval.FixedMillis > 0 {
			w.String("fixed_interval", s.Interval.Text)
		} else {
			w.String("calendar_interval", s.Interval.Text)
		}
		if s.OffsetMillis != 0 {
			w.String("offset", formatMillis(s.OffsetMillis))
		}
		w.StringIf("time_zone", s.TimeZone)
	case "geotile_grid":
		w.Int("precision", int64(s.Precision))
	}
	return w.End()
}

// Rounding returns the function from times to values of a date_histogram.
func (s *CompositeSource) Rounding() (*dates.Rounding, error) {
	b := DateHistogram{Interval: s.Interval, OffsetMillis: s.OffsetMillis, TimeZone: s.TimeZone}
	return b.Rounding()
}

func parseComposite(p *parser, n *jsonval.Node) (Body, error) {
	b := &Composite{Size: 10}
	var after *jsonval.Node
	err := p.options(n, options{
		"size":    p.count(&b.Size),
		"sources": p.compositeSources(&b.Sources),
		"after": func(at place, n *jsonval.Node) error {
			if n.Kind != jsonval.Object {
				return at.unknownToken(n)
			}
			after = n
			return nil
		},
	})
	switch {
	case err != nil:
		return nil, err
	case len(b.Sources) == 0:
		return nil, eserr.IllegalArgument("Composite [sources] cannot be null or empty")
	case b.Size == 0:
		return nil, eserr.IllegalArgument("[size] must be greater than 0. Found [0] in [%s]", p.name)
	}
	if after != nil {
		return b, b.readAfter(after)
	}
	return b, nil
}

// readAfter puts the values of a key in order of the sources.
func (b *Composite) readAfter(n *jsonval.Node) error {
	if len(n.Keys) != len(b.Sources) {
		return eserr.IllegalArgument("[after] has %d value(s) but [sources] has %d", len(n.Keys), len(b.Sources))
	}
	for i := range b.Sources {
		v := n.Get(b.Sources[i].Name)
		switch {
		case v == nil:
			return eserr.IllegalArgument("Missing value for [after.%s]", b.Sources[i].Name)
		case !v.IsScalar():
			return eserr.IllegalArgument("Invalid value for [after.%s], expected comparable, got [%s]", b.Sources[i].Name, v.Kind)
		}
		b.After = append(b.After, v.Scalar())
	}
	return nil
}

// compositeSources reads an array of {"name":{"kind":{…}}}.
func (p *parser) compositeSources(target *[]CompositeSource) option {
	return func(at place, n *jsonval.Node) error {
		seen := map[string]bool{}
		for _, item := range elements(n) {
			if item.Kind != jsonval.Object {
				return at.unknownToken(&item)
			}
			if len(item.Keys) != 1 || item.Items[0].Kind != jsonval.Object || len(item.Items[0].Keys) != 1 {
				return p.fail(&item, "Each of [sources] must have one name with one kind of source beneath")
			}
			s, err := p.compositeSource(item.Keys[0], &item.Items[0])
			if err != nil {
				return err
			}
			if seen[s.Name] {
				return eserr.IllegalArgument("Composite source names must be unique, found duplicates: [%s]", s.Name)
			}
			seen[s.Name] = true
			*target = append(*target, s)
		}
		return nil
	}
}

func (p *parser) compositeSource(name string, n *jsonval.Node) (CompositeSource, error) {
	s := CompositeSource{Name: name, Kind: n.Keys[0], Precision: 7}
	body := &n.Items[0]
	if body.Kind != jsonval.Object {
		return s, p.fail(body, "Expected [START_OBJECT] under [%s], but got a [%s]", s.Kind, body.Kind)
	}
	known := p.source(&s.Source, options{
		"missing_bucket": p.boolean(&s.MissingBucket),
		"missing_order":  p.oneOf(&s.MissingOrder, "first", "last", "default"),
		"order": func(at place, n *jsonval.Node) error {
			order := ""
			err := p.oneOf(&order, "asc", "desc", "ASC", "DESC")(at, n)
			s.Desc = order == "desc" || order == "DESC"
			return err
		},
		"value_type": p.valueType(&s.ValueType),
	})
	delete(known, "missing")
	switch s.Kind {
	case "terms":
	case "histogram":
		known["interval"] = p.float(&s.Step)
	case "date_histogram":
		known["fixed_interval"] = p.interval(&s.Interval, false)
		known["calendar_interval"] = p.interval(&s.Interval, true)
		known["offset"] = p.millis(&s.OffsetMillis)
		known["time_zone"] = p.text(&s.TimeZone)
	case "geotile_grid":
		known["precision"] = p.count(&s.Precision)
		known["bounds"] = func(place, *jsonval.Node) error {
			return eserr.Unsupported("[bounds] of source [" + name + "] of aggregation [" + p.name + "]")
		}
	default:
		return s, p.fail(n, "invalid source type: %s", s.Kind)
	}
	defer func(kind string) { p.kind = kind }(p.kind)
	p.kind = s.Kind // what messages name, and what a script's values are taken for
	if err := p.options(body, known); err != nil {
		return s, err
	}
	if s.MissingOrder == "default" {
		s.MissingOrder = ""
	}
	return s, p.checkCompositeSource(&s)
}

// maxTileZoom is the finest precision of geotile grids.
const maxTileZoom = 29

func (p *parser) checkCompositeSource(s *CompositeSource) error {
	switch {
	case s.Field == "":
		return p.noField()
	case s.MissingOrder != "" && !s.MissingBucket:
		return eserr.IllegalArgument("[missing_order] can only be set if [missing_bucket] is true, in source [%s]", s.Name)
	case s.Kind == "histogram" && s.Step <= 0:
		return eserr.IllegalArgument("[interval] must be greater than 0 for [histogram] source")
	case s.Kind == "date_histogram" && s.Interval.Text == "":
		return eserr.IllegalArgument("Invalid interval specified, must be non-null and non-empty")
	case s.Precision > maxTileZoom:
		return eserr.IllegalArgument("Invalid geotile_grid precision of %d. Must be between 0 and %d.", s.Precision, maxTileZoom)
	case s.Kind == "date_histogram":
		_, err := dates.Zone(s.TimeZone)
		return err
	}
	return nil
}

// compositeParents are the kinds of aggregation that a composite one may stand in.
var compositeParents = []string{"nested", "filter", "random_sampler"}

// checkComposite refuses a composite aggregation inside one that makes several buckets: it keeps one page.
func checkComposite(a *Agg, parents []*Agg) error {
	if _, ok := a.Body.(*Composite); !ok {
		return nil
	}
	for i := len(parents) - 1; i >= 0; i-- {
		if kind := parents[i].Body.Kind(); !slices.Contains(compositeParents, kind) {
			return eserr.IllegalArgument("[composite] aggregation cannot be used with a parentAggregation of type: [%s]", factoryName(kind))
		}
	}
	return nil
}

// factoryName is what Elasticsearch calls a kind in messages: date_histogram is DateHistogramAggregatorFactory.
func factoryName(kind string) string {
	name, upper := []byte{}, true
	for i := range len(kind) {
		c := kind[i]
		if c == '_' {
			upper = true
			continue
		}
		if upper && c >= 'a' && c <= 'z' {
			c -= 'a' - 'A'
		}
		name, upper = append(name, c), false
	}
	return string(name) + "AggregatorFactory"
}
