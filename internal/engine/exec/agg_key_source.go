package exec

import (
	"math"

	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/dates"
	"elkhorn/internal/es/decimal"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/mapping"
	"elkhorn/internal/es/query"
	"elkhorn/internal/es/result"
)

// keySource is where an aggregation that makes a bucket per value has its values from, and how they are printed.
type keySource struct {
	kind, name string // of the aggregation
	field      *field // nil: the index does not have it
	class      fieldClass
	format     *dates.Format   // of dates
	decimal    *decimal.Format // of numbers; nil for none
	missing    *query.Value
	// divisor, where it is not 0, makes keys of the column's values: nanoseconds count as milliseconds.
	divisor int64
	// constant is the one value that all documents of the index have: _index, constant_keyword.
	constant string

	acceptText   func([]byte) bool // nil accepts all
	acceptNumber func(int64) bool
}

// keySource compiles the source of a terms aggregation's kind; filters may be nil.
func (c *compiler) keySource(kind, name string, s *agg.Source, valueType string, filters *agg.TermFilters) (keySource, error) {
	k := keySource{kind: kind, name: name, missing: s.Missing, class: classKeyword}
	if s.Field == indexField {
		k.constant = c.fields.index.Name
		return k, k.compileFilters(filters)
	}
	var err error
	if k.field, err = c.valuesField(s.Field); err != nil {
		return k, err
	}
	switch {
	case k.field != nil && k.field.typed == mapping.ConstantKeyword:
		k.constant = k.field.constant
	case k.field != nil:
		k.class = k.field.class
	default:
		k.class = assumedClass(valueType, s.Missing)
	}
	if k.class == classNanos {
		k.class, k.divisor = classDate, nanosPerMilli
	}
	if k.class == classGeo || k.class == classRange {
		return k, notSupportedOn(k.field, kind)
	}
	if k.format, k.decimal, err = keyFormat(k.field, s.Format); err != nil {
		return k, err
	}
	if k.format == nil && k.class == classDate {
		k.format = dates.Default
	}
	return k, k.compileFilters(filters)
}

// assumedClass is what the values of a field are taken for that the index does not have: what the request says, or what
// the value that stands in for missing ones is.
func assumedClass(valueType string, missing *query.Value) fieldClass {
	switch valueType {
	case "byte", "short", "integer", "long":
		return classInt
	case "float", "double", "number", "numeric":
		return classFloat
	case "date":
		return classDate
	case "boolean":
		return classBool
	case "ip":
		return classIP
	case "":
		if missing == nil || missing.Kind != jsonval.Number {
			break
		}
		if _, whole := missing.Int64(); whole {
			return classInt
		}
		return classFloat
	}
	return classKeyword
}

// valuesField finds the field of an aggregation; nil when the index does not have it.
func (c *compiler) valuesField(name string) (*field, error) {
	switch name {
	case indexField, idField:
		return nil, eserr.Unsupported("aggregation on field [" + name + "]")
	}
	f := c.fields.lookup(name)
	if f == nil {
		return nil, nil
	}
	if f.class == classRange && f.docValues { // some kinds take ranges, the others refuse them
		return f, nil
	}
	return f, f.aggregatable(c.fields.index.Name)
}

// keyFormat is the format that keys and results are printed by: that of dates, or a pattern for numbers. Both are nil
// where values print as they are.
func keyFormat(f *field, pattern string) (*dates.Format, *decimal.Format, error) {
	if f == nil {
		if pattern == "" {
			return nil, nil, nil
		}
		if format, err := dates.Compile(pattern); err == nil {
			return format, nil, nil
		}
		number, err := decimal.Compile(pattern)
		return nil, number, err
	}
	switch f.class {
	case classDate, classNanos:
		if pattern == "" {
			return f.dateFormat(), nil, nil
		}
		format, err := dates.Compile(pattern)
		return format, nil, err
	case classInt, classFloat, classUnsigned:
		if pattern == "" {
			return nil, nil, nil
		}
		number, err := decimal.Compile(pattern)
		return nil, number, err
	}
	if pattern != "" {
		return nil, nil, eserr.IllegalArgument("Field [%s] of type [%s] does not support custom formats", f.name, f.typ)
	}
	return nil, nil, nil
}

// isNumber says whether keys are numbers.
func (k *keySource) isNumber() bool { return k.class != classKeyword && k.class != classIP }

// unmapped says that no document of the index has a value.
func (k *keySource) unmapped() bool { return k.field == nil && k.missing == nil && k.constant == "" }

func (k *keySource) compileFilters(f *agg.TermFilters) error {
	if f == nil {
		return nil
	}
	if !k.isNumber() {
		include, err := k.textFilter(f.Include)
		if err != nil {
			return err
		}
		exclude, err := k.textFilter(f.Exclude)
		if err != nil {
			return err
		}
		k.acceptText = acceptBoth(include, exclude)
	} else {
		include, err := k.numberFilter(f.Include)
		if err != nil {
			return err
		}
		exclude, err := k.numberFilter(f.Exclude)
		if err != nil {
			return err
		}
		k.acceptNumber = acceptBoth(include, exclude)
	}
	if f.Partitions > 0 {
		k.partition(f.Partition, f.Partitions)
	}
	return nil
}

func acceptBoth[V any](include, exclude func(V) bool) func(V) bool {
	switch {
	case include == nil && exclude == nil:
		return nil
	case exclude == nil:
		return include
	case include == nil:
		return func(v V) bool { return !exclude(v) }
	}
	return func(v V) bool { return include(v) && !exclude(v) }
}

// noPattern refuses a regular expression over values that are no strings, or are not printed as they are.
func (k *keySource) noPattern(of string) error {
	const format = "Aggregation [%s] cannot support regular expression style include/exclude settings as they can only be applied to string fields. " +
		"Use an array of %s for include/exclude clauses%s"
	values, used := "values", ""
	if of == "number" {
		values, used = "numeric values", " used to filter numeric fields"
	}
	if k.kind == "terms" {
		return eserr.New(500, "aggregation_execution_exception", format, k.name, values, used)
	}
	return eserr.IllegalArgument(format, k.name, values, used)
}

func (k *keySource) textFilter(f *agg.TermFilter) (func([]byte) bool, error) {
	if f == nil {
		return nil, nil
	}
	if f.Values == nil {
		if k.class == classIP {
			return nil, k.noPattern("ip")
		}
		return compileLuceneRegexp(f.Regexp, allRegexpOperators, false)
	}
	set := map[string]bool{}
	for _, v := range f.Values {
		text, err := k.textKey(v)
		if err != nil {
			return nil, err
		}
		set[text] = true
	}
	return func(v []byte) bool { return set[string(v)] }, nil
}

// textKey reads a value as the bytes that the keyer makes a key of.
func (k *keySource) textKey(v query.Value) (string, error) {
	if k.class != classIP {
		return v.Text, nil
	}
	ip, err := parseIP(v.Text)
	b := ip.As16()
	return string(b[:]), err
}

func (k *keySource) numberFilter(f *agg.TermFilter) (func(int64) bool, error) {
	if f == nil {
		return nil, nil
	}
	if f.Values == nil {
		return nil, k.noPattern("number")
	}
	set := map[int64]bool{}
	for _, v := range f.Values {
		key, err := k.numberKey(v)
		if err != nil {
			return nil, err
		}
		set[key] = true
	}
	return func(v int64) bool { return set[v] }, nil
}

// numberKey reads a value as the key that the keyer makes of it.
func (k *keySource) numberKey(v query.Value) (int64, error) {
	switch k.class {
	case classBool:
		return parseBool(v)
	case classDate, classNanos:
		return k.dateKey(v)
	case classFloat:
		x, err := parseNumber(v)
		return int64(math.Float64bits(x + 0)), err
	}
	if k.class == classUnsigned {
		return parseUnsigned(v)
	}
	i, ok := v.Int64()
	if !ok {
		return 0, eserr.NumberFormat(v.Text)
	}
	return i, nil
}

func (k *keySource) dateKey(v query.Value) (int64, error) {
	if ms, ok := v.Int64(); ok && v.Kind == jsonval.Number {
		if k.class == classNanos {
			ms *= nanosPerMilli
		}
		return ms, nil
	}
	if k.field == nil {
		at, err := dates.Default.Parse(v.Text, utc)
		return at.Millis(), err
	}
	at, err := k.field.dateFormat().Parse(v.Text, utc)
	if err != nil || k.class == classDate {
		return at.Millis(), err
	}
	return k.field.stamp(at), nil
}

// newKeyer makes the keyer of one worker; one of the two it returns is nil.
func (k *keySource) newKeyer(acct *account) (*stringKeyer, *numberKeyer) {
	view := stringView{}
	if k.field != nil {
		view = k.field.view
	}
	if k.isNumber() {
		numbers := newNumberKeyer(view.column, k.acceptNumber, acct)
		numbers.divisor = k.divisor
		return nil, numbers
	}
	return newStringKeyer(view, k.acceptText, acct), nil
}

// bindMissing gives documents without a value the key of the value that stands in.
func (k *keySource) bindMissing(texts *stringKeyer, numbers *numberKeyer) error {
	v := k.missing
	switch {
	case k.constant != "":
		key, err := texts.intern([]byte(k.constant))
		texts.missing = key
		return err
	case v == nil:
		return nil
	case numbers != nil:
		number, err := k.numberKey(*v)
		if err != nil {
			return err
		}
		numbers.missing, err = numbers.intern(number)
		return err
	}
	text, err := k.textKey(*v)
	if err != nil {
		return err
	}
	texts.missing, err = texts.intern([]byte(text))
	return err
}

// textScalar is a text key as it is printed.
func (k *keySource) textScalar(text string) jsonval.Scalar {
	if k.class == classIP {
		text = formatIP([]byte(text))
	}
	return jsonval.Str(text)
}

// numberScalar is a number key as it is printed, and its form as text, "" where it has none. class is that of the
// number, which merging may have changed.
func (k *keySource) numberScalar(n int64, class fieldClass) (key jsonval.Scalar, asString string) {
	switch class {
	case classFloat:
		x := math.Float64frombits(uint64(n))
		return floatScalar(x, 64), k.decimalText(x)
	case classUnsigned:
		return jsonval.Scalar{Kind: jsonval.Number, Text: formatUnsigned(n)}, k.decimalText(unsignedFloat(n))
	case classBool:
		return jsonval.Int(n), jsonval.BoolOf(n != 0).Text
	case classDate:
		return jsonval.Int(n), string(k.format.AppendMillis(nil, n, utc))
	}
	if k.format != nil { // of a field that the index does not have
		return jsonval.Int(n), string(k.format.AppendMillis(nil, n, utc))
	}
	return jsonval.Int(n), k.decimalText(float64(n))
}

func (k *keySource) decimalText(x float64) string {
	if k.decimal == nil {
		return ""
	}
	return string(k.decimal.Append(nil, x))
}

// setKey prints a bucket's key.
func (k *keySource) setKey(out *result.Bucket, b *bucketPart, class fieldClass) {
	if class == classKeyword || class == classIP {
		out.Key = k.textScalar(b.str)
		return
	}
	out.Key, out.KeyAsString = k.numberScalar(b.num, class)
}
