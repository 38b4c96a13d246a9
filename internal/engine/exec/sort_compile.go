package exec

import (
	"slices"
	"strconv"
	"time"

	"elkhorn/internal/es/dates"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/mapping"
)

// sortKeys compiles the keys; none means by score.
func (c *compiler) sortKeys(keys []SortKey) ([]*sortKey, error) {
	if len(keys) == 0 {
		keys = []SortKey{{Field: scoreField, Desc: true}}
	}
	var out []*sortKey
	for i := range keys {
		k, err := c.sortKey(&keys[i])
		if err != nil {
			return nil, err
		}
		out = append(out, k)
	}
	return out, nil
}

func (c *compiler) sortKey(k *SortKey) (*sortKey, error) {
	out := &sortKey{sortPrinter: sortPrinter{desc: k.Desc}}
	if k.Geo != nil {
		return c.geoKey(k.Geo, out)
	}
	switch k.Field {
	case scoreField:
		out.kind, out.class = byScore, sortScore
		return out, nil
	case docField:
		out.kind, out.class = byDoc, sortInt
		return out, nil
	case shardDocField:
		out.kind, out.class = byShardDoc, sortInt
		return out, nil
	case idField:
		out.kind, out.class = byID, sortString
		return out, nil
	}
	f := c.fields.lookup(k.Field)
	if f == nil {
		return c.unmappedKey(k, out)
	}
	if err := f.aggregatable(c.fields.index.Name); err != nil {
		return nil, err
	}
	if f.class == classGeo {
		return nil, eserr.IllegalArgument("can't sort on geo_point field [%s] without using specific sorting feature, like geo_distance", f.name)
	}
	out.kind, out.field, out.view, out.class = byColumn, f, f.view, sortClassOf(f.class)
	if f.typed == mapping.Version {
		out.class, out.view.normalizer = sortVersion, versionSort
	}
	if err := c.sortOptions(k, out); err != nil {
		return nil, err
	}
	if k.Nested == nil {
		return out, c.visibleKey(f)
	}
	var err error
	if out.nested, err = c.nestedSteps(k.Nested); err != nil {
		return nil, err
	}
	return out, out.nestedMode()
}

func (c *compiler) unmappedKey(k *SortKey, out *sortKey) (*sortKey, error) {
	if k.UnmappedType == "" && len(c.fields.index.Sources) > 0 {
		return nil, eserr.QueryShard("No mapping found for [%s] in order to sort on", k.Field).With("index_uuid", c.fields.index.UUID).With("index", c.fields.index.Name)
	}
	return out, missingOption(k, out)
}

func sortClassOf(class fieldClass) sortClass {
	switch class {
	case classInt:
		return sortInt
	case classBool:
		return sortBool
	case classUnsigned:
		return sortUnsigned
	case classFloat:
		return sortFloat
	case classDate:
		return sortDate
	case classNanos:
		return sortNanos
	case classIP:
		return sortIP
	}
	return sortString
}

func (c *compiler) sortOptions(k *SortKey, out *sortKey) error {
	switch k.NumericType {
	case "":
	case "long", "double", "date", "date_nanos":
		if out.class.isText() {
			return eserr.IllegalArgument("[numeric_type] option cannot be set on a non-numeric field, got %s", out.field.typ)
		}
		out.class = map[string]sortClass{"long": sortInt, "double": sortFloat, "date": sortDate, "date_nanos": sortNanos}[k.NumericType]
	default:
		return eserr.IllegalArgument("invalid value for [numeric_type], must be [long, double, date, date_nanos], got %s", k.NumericType)
	}
	if err := modeOption(k, out); err != nil {
		return err
	}
	if k.Format != "" {
		format, err := dates.Compile(k.Format)
		if err != nil {
			return err
		}
		out.format = format
	}
	return missingOption(k, out)
}

func modeOption(k *SortKey, out *sortKey) error {
	modes := map[string]sortMode{"min": modeMin, "max": modeMax, "sum": modeSum, "avg": modeAvg, "median": modeMedian}
	mode, ok := modes[k.Mode]
	switch {
	case k.Mode == "" && k.Desc:
		mode = modeMax
	case k.Mode == "":
		mode = modeMin
	case !ok:
		return eserr.IllegalArgument("Unknown SortMode [%s]", k.Mode)
	case mode > modeMax && out.class.isText():
		return eserr.IllegalArgument("we only support AVG, MEDIAN and SUM on number based fields")
	}
	out.mode = mode
	return nil
}

func missingOption(k *SortKey, out *sortKey) error {
	switch {
	case k.Missing.IsNull() || k.Missing.Text == "_last":
	case k.Missing.Text == "_first":
		out.first = true
	case out.class == sortNone:
	default:
		v, err := out.parse(k.Missing)
		if err != nil {
			return err
		}
		out.absent = &v
	}
	return nil
}

// parse reads a value as search_after and missing bring it.
func (k *sortKey) parse(s jsonval.Scalar) (sortVal, error) {
	if s.IsNull() {
		return k.missingVal(), nil
	}
	bad := func() (sortVal, error) {
		return sortVal{}, eserr.IllegalArgument("Failed to parse search_after value for field [%s]: [%s]", k.name(), s.Text).Because(eserr.NumberFormat(s.Text))
	}
	switch k.class {
	case sortString:
		return sortVal{str: append([]byte{}, s.Text...)}, nil
	case sortVersion:
		return sortVal{str: versionSort([]byte(s.Text))}, nil
	case sortIP:
		ip, err := parseIP(s.Text)
		if err != nil {
			return sortVal{}, err
		}
		b := ip.As16()
		return sortVal{str: b[:]}, nil
	case sortFloat, sortScore:
		return k.parseFloat(s)
	case sortDate, sortNanos:
		return k.parseDate(s)
	case sortUnsigned:
		bits, err := parseUnsigned(s)
		if err != nil {
			return bad()
		}
		return sortVal{num: directed(unsignedOrder(bits), k.desc)}, nil
	case sortBool:
		if b, ok := s.Truth(); ok {
			n := int64(0)
			if b {
				n = 1
			}
			return sortVal{num: directed(n, k.desc)}, nil
		}
	}
	n, ok := s.Int64()
	if !ok {
		return bad()
	}
	return sortVal{num: directed(n, k.desc)}, nil
}

func (k *sortKey) parseFloat(s jsonval.Scalar) (sortVal, error) {
	switch s.Text {
	case "Infinity":
		return sortVal{num: directed(1<<63-1, k.desc)}, nil
	case "-Infinity":
		return sortVal{num: directed(-1<<63, k.desc)}, nil
	}
	v, err := strconv.ParseFloat(s.Text, 64)
	if err != nil || s.Kind == jsonval.Bool {
		return sortVal{}, eserr.IllegalArgument("Failed to parse search_after value for field [%s]", k.name()).Because(eserr.NumberFormat(s.Text))
	}
	if k.class == sortScore {
		v = float64(float32(v))
	}
	return sortVal{num: directed(floatOrder(v), k.desc)}, nil
}

// parseDate takes a number in the key's unit, or text in its format.
func (k *sortKey) parseDate(s jsonval.Scalar) (sortVal, error) {
	if n, err := strconv.ParseInt(s.Text, 10, 64); err == nil {
		return sortVal{num: directed(n, k.desc)}, nil
	}
	format := dates.Default
	if k.field != nil {
		format = k.field.dateFormat()
	}
	if k.format != nil {
		format = k.format
	}
	at, err := format.Parse(s.Text, time.UTC)
	if err != nil {
		return sortVal{}, eserr.IllegalArgument("Failed to parse search_after value for field [%s]", k.name()).Because(err)
	}
	n := at.Millis()
	if k.class == sortNanos {
		var ok bool
		if n, ok = at.Nanos(); !ok {
			return sortVal{}, eserr.IllegalArgument("search_after value [%s] for field [%s] is outside what date_nanos holds (1677 to 2262)", s.Text, k.name())
		}
	}
	return sortVal{num: directed(n, k.desc)}, nil
}

func (k *sortKey) name() string {
	if k.field != nil {
		return k.field.name
	}
	return map[sortKind]string{byScore: scoreField, byDoc: docField, byShardDoc: shardDocField, byID: idField}[k.kind]
}

// unifyKeys makes the keys of all indices comparable and reads the cursor.
func (s *search) unifyKeys() error {
	n := max(len(s.req.Sort), 1)
	for key := range n {
		if err := s.unifyKey(key); err != nil {
			return err
		}
	}
	if err := s.unifyTopHits(); err != nil {
		return err
	}
	return s.readCursor(n)
}

// unifyTopHits does the same for the keys of each top_hits aggregation.
func (s *search) unifyTopHits() error {
	var lists [][]*aggPlan // of the indices that take part
	for i, p := range s.plans {
		if s.mu.failures[i] == nil {
			lists = append(lists, p.all)
		}
	}
	return unifyAggs(lists)
}

// unifyAggs goes down the aggregations of several indices, which are the same trees.
func unifyAggs(lists [][]*aggPlan) error {
	if len(lists) < 2 {
		return nil
	}
	for at := range lists[0] {
		subs := make([][]*aggPlan, len(lists))
		var tops []*topHitsNode
		for i, list := range lists {
			subs[i] = list[at].subs
			if top, ok := list[at].node.(*topHitsNode); ok {
				tops = append(tops, top)
			}
		}
		if len(tops) == len(lists) {
			for key := range tops[0].keys {
				keys := make([]*sortKey, len(tops))
				for i, top := range tops {
					keys[i] = top.keys[key]
				}
				if err := unify(keys); err != nil {
					return err
				}
			}
		}
		if err := unifyAggs(subs); err != nil {
			return err
		}
	}
	return nil
}

// unifyKey finds the class that one key has in all indices: the same, or a common one of numbers.
func (s *search) unifyKey(key int) error {
	var keys []*sortKey
	for i, p := range s.plans {
		if s.mu.failures[i] == nil {
			keys = append(keys, p.keys[key])
		}
	}
	return unify(keys)
}

// unify gives the keys one class.
func unify(keys []*sortKey) error {
	common := sortNone
	for _, k := range keys {
		was := common
		var ok bool
		if common, ok = commonClass(common, k.class); !ok {
			return eserr.SearchReduce(eserr.IllegalArgument("Can't sort on field [%s]; the field has incompatible sort types: [%s] and [%s] across shards!", k.name(), was.typeName(), k.class.typeName()))
		}
	}
	for _, k := range keys {
		k.class = common
	}
	return nil
}

// typeName is Lucene's name of what values of a class compare as.
func (c sortClass) typeName() string {
	switch {
	case c.isText():
		return "STRING"
	case c == sortFloat || c == sortScore:
		return "DOUBLE"
	}
	return "LONG"
}

// commonClass is what values of two classes compare as. Dates in milliseconds and in nanoseconds compare as the numbers they are, unless numeric_type
// says otherwise.
func commonClass(a, b sortClass) (sortClass, bool) {
	switch {
	case a == b || b == sortNone:
		return a, true
	case a == sortNone:
		return b, true
	case a.isText() || b.isText():
		return a, false
	case a == sortFloat || b == sortFloat || a == sortUnsigned || b == sortUnsigned:
		return sortFloat, true
	case a == sortNanos || b == sortNanos:
		return sortInt, true
	}
	return max(a, b), true
}

func (s *search) readCursor(keys int) error {
	if len(s.req.SearchAfter) == 0 {
		return nil
	}
	if len(s.req.Sort) == 0 {
		return eserr.IllegalArgument("Sort must contain at least one field.")
	}
	if len(s.req.SearchAfter) != keys {
		return eserr.IllegalArgument("search_after has %d value(s) but sort has %d.", len(s.req.SearchAfter), keys)
	}
	for i, p := range s.plans {
		if s.mu.failures[i] != nil {
			continue
		}
		for j, k := range p.keys {
			v, err := k.parse(s.req.SearchAfter[j])
			if err != nil {
				return p.index.failed(eserr.From(err))
			}
			p.after = append(p.after, v)
		}
	}
	return nil
}

// bestOf returns per block the value of the first key that sorts first in it; nil when that is not
// known without reading it.
func (p *plan) bestOf(l *leaf, source int) []sortVal {
	k := p.keys[0]
	if k.kind != byColumn && k.kind != byNothing || k.class.isText() {
		return nil
	}
	reader, err := k.bind(l, p, source, nil, nil)
	if err != nil {
		return nil // binding fails again where errors are handled
	}
	best := make([]sortVal, len(l.blocks))
	for i := range best {
		var ok bool
		if best[i], ok = reader.best(i); !ok {
			return nil
		}
	}
	return best
}

// sortBlocks puts blocks that may hold better documents first.
func sortBlocks(order []int, best []sortVal, desc bool) {
	slices.SortStableFunc(order, func(a, b int) int { return compareVals(&best[a], &best[b], desc) })
}
