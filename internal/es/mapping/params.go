package mapping

import (
	"strconv"
	"strings"

	"elkhorn/internal/es/dates"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// paramSpec describes one parameter of leaf fields.
type paramSpec struct {
	name string
	// has says which types take the parameter.
	has func(Type) bool
	// def is the JSON of the default, which is not printed; "" where there is none.
	def func(Type) string
	// keep prints the default too where the mapping says it: settings of the index may say otherwise.
	keep bool
	// update allows a later mapping to change the parameter.
	update bool
	// once allows it as long as neither mapping nor document has said what it is.
	once bool
	// read checks the value, sets the field and returns the canonical JSON.
	read func(f *Field, n *jsonval.Node) (string, error)
}

// paramTable lists every parameter in the order of printing. "type", "fields"
// and "properties" are read apart.
var paramTable = []paramSpec{
	{name: "path", has: is(Alias), read: readText(func(f *Field) *string { return &f.Target })},
	{name: "value", has: is(ConstantKeyword), once: true, read: readConstant},
	{name: "index", has: isNot(Alias, ConstantKeyword, Wildcard, Binary, MatchOnlyText, Version), def: always("true"), read: readBool(func(f *Field) *bool { return &f.Index })},
	{name: "doc_values", has: hasDocValues, def: docValuesDefault, read: readBool(func(f *Field) *bool { return &f.DocValues })},
	{name: "store", has: isNot(Alias, ConstantKeyword, Wildcard, Flattened, MatchOnlyText, Version, DenseVector), def: always("false"), read: readBool(func(f *Field) *bool { return &f.Store })},
	{name: "dims", has: is(DenseVector), once: true, read: readDims},
	{name: "element_type", has: is(DenseVector), def: always(`"float"`), read: readElementType},
	{name: "analyzer", has: func(t Type) bool { return t.IsText() || t == TokenCount }, read: readText(func(f *Field) *string { return &f.Analyzer })},
	{name: "search_analyzer", has: Type.IsText, update: true, read: readText(func(f *Field) *string { return &f.SearchAnalyzer })},
	{name: "search_quote_analyzer", has: Type.IsText, update: true, read: keepText},
	{name: "normalizer", has: is(Keyword), read: readText(func(f *Field) *string { return &f.Normalizer })},
	{name: "null_value", has: hasNullValue, read: readNullValue},
	{name: "ignore_above", has: is(Keyword, Wildcard, Flattened), def: always("2147483647"), update: true, read: readIgnoreAbove},
	{name: "format", has: Type.HasFormat, def: always(`"` + dates.DefaultPattern + `"`), read: readFormat},
	{name: "locale", has: Type.HasFormat, def: always(`"en"`), read: keepOneOf("en", "en_US", "en-US", "ROOT", "und", "")},
	{name: "scaling_factor", has: is(ScaledFloat), read: readScalingFactor},
	{name: "enable_position_increments", has: is(TokenCount), def: always("true"), read: keepBool},
	{name: "coerce", has: func(t Type) bool { return t.IsNumber() || t.IsRange() }, def: always("true"), keep: true, update: true, read: readBool(func(f *Field) *bool { return &f.Coerce })},
	{name: "ignore_malformed", has: canIgnoreMalformed, def: always("false"), keep: true, update: true, read: readBool(func(f *Field) *bool { return &f.IgnoreMalformed })},
	{name: "ignore_z_value", has: is(GeoPoint), def: always("true"), update: true, read: readBool(func(f *Field) *bool { return &f.IgnoreZ })},
	{name: "norms", has: is(Text, Keyword), def: normsDefault, update: true, read: readBool(func(f *Field) *bool { return &f.Norms })},
	{name: "index_options", has: is(Text, Keyword, DenseVector), def: indexOptionsDefault, read: readIndexOptions},
	{name: "term_vector", has: is(Text), def: always(`"no"`), read: keepOneOf("no", "yes", "with_positions", "with_offsets", "with_positions_offsets", "with_positions_payloads", "with_positions_offsets_payloads")},
	{name: "similarity", has: is(Text, Keyword, DenseVector), def: similarityDefault, read: readSimilarity},
	{name: "position_increment_gap", has: is(Text), def: always("100"), read: keepInt},
	{name: "index_phrases", has: is(Text), def: always("false"), read: keepBool},
	{name: "index_prefixes", has: is(Text), read: keepRaw},
	{name: "fielddata", has: is(Text), def: always("false"), update: true, read: readBool(func(f *Field) *bool { return &f.Fielddata })},
	{name: "fielddata_frequency_filter", has: is(Text), update: true, read: keepRaw},
	{name: "eager_global_ordinals", has: is(Text, Keyword, Flattened), def: always("false"), update: true, read: readBool(func(f *Field) *bool { return &f.EagerOrdinals })},
	{name: "split_queries_on_whitespace", has: is(Keyword, Flattened), def: always("false"), update: true, read: keepFalse},
	{name: "depth_limit", has: is(Flattened), def: always("20"), update: true, read: readDepthLimit},
	{name: "copy_to", has: isNot(Alias, DenseVector), update: true, read: readCopyTo},
	{name: "meta", has: isNot(Alias), update: true, read: keepRaw},
}

// paramsByName finds a parameter's place in the table.
var paramsByName = func() map[string]int {
	byName := make(map[string]int, len(paramTable))
	for i := range paramTable {
		byName[paramTable[i].name] = i
	}
	return byName
}()

func is(types ...Type) func(Type) bool {
	return func(t Type) bool {
		for _, x := range types {
			if x == t {
				return true
			}
		}
		return false
	}
}

func isNot(types ...Type) func(Type) bool {
	in := is(types...)
	return func(t Type) bool { return !in(t) }
}

func always(json string) func(Type) string { return func(Type) string { return json } }

func hasDocValues(t Type) bool {
	return t == TokenCount || t.IsRange() || t == Keyword || t.IsNumber() || t.IsDate() || t == Boolean || t == IP || t == GeoPoint || t == Flattened || t == Binary
}

func docValuesDefault(t Type) string { return strconv.FormatBool(t != Binary) }

func normsDefault(t Type) string { return strconv.FormatBool(t == Text) }

func indexOptionsDefault(t Type) string {
	switch t {
	case Text:
		return `"positions"`
	case DenseVector:
		return ""
	}
	return `"docs"`
}

func similarityDefault(t Type) string {
	if t == DenseVector {
		return `"cosine"`
	}
	return `"BM25"`
}

func readIndexOptions(f *Field, n *jsonval.Node) (string, error) {
	if f.Type == DenseVector {
		return readVectorIndex(f, n)
	}
	return keepOneOf("docs", "freqs", "positions", "offsets")(f, n)
}

func readSimilarity(f *Field, n *jsonval.Node) (string, error) {
	if f.Type == DenseVector {
		return readVectorSimilarity(f, n)
	}
	return keepOneOf("BM25")(f, n)
}

func hasNullValue(t Type) bool {
	return t == Keyword || t == Wildcard || t == Flattened || t.IsNumber() || t.IsDate() || t == Boolean || t == IP || t == GeoPoint
}

func canIgnoreMalformed(t Type) bool {
	return t.IsNumber() || t.IsDate() || t == Boolean || t == IP || t == GeoPoint
}

// setDefaults gives a field of a leaf type the values its parameters have when
// they are not given.
func (f *Field) setDefaults() {
	t := f.Type
	f.Index = t != Binary && t != Alias
	f.DocValues = hasDocValues(t) && t != Binary || t == ConstantKeyword || t == Wildcard || t == Version
	f.Norms = t == Text
	f.Coerce = t.IsNumber() || t.IsRange()
	f.IgnoreAbove = NoIgnoreAbove
	f.IgnoreZ = t == GeoPoint
	if t.HasFormat() {
		f.Format = dates.Default
	}
	if t == Flattened {
		f.DepthLimit = 20
	}
}

// badParam is a parameter whose value makes no sense.
func badParam(f *Field, name string, n *jsonval.Node, want string) error {
	return eserr.MapperParsing("Failed to parse parameter [%s] of mapper [%s] of type [%s]: expected %s but got [%s]", name, f.Path, f.Type, want, n.Raw)
}

func readBool(target func(*Field) *bool) func(*Field, *jsonval.Node) (string, error) {
	return func(f *Field, n *jsonval.Node) (string, error) {
		value, ok := n.Scalar().Truth()
		if !ok {
			return "", eserr.IllegalArgument("Failed to parse value [%s] as only [true] or [false] are allowed.", n.Raw)
		}
		*target(f) = value
		return strconv.FormatBool(value), nil
	}
}

func keepBool(f *Field, n *jsonval.Node) (string, error) {
	var ignored bool // only printed: it chooses an index structure, not an answer
	return readBool(func(*Field) *bool { return &ignored })(f, n)
}

func keepFalse(f *Field, n *jsonval.Node) (string, error) {
	json, err := keepBool(f, n)
	if err == nil && json == "true" {
		return "", eserr.Unsupported("mapping parameter set to [true] on field [" + f.Path + "]: [split_queries_on_whitespace]")
	}
	return json, err
}

func readText(target func(*Field) *string) func(*Field, *jsonval.Node) (string, error) {
	return func(f *Field, n *jsonval.Node) (string, error) {
		if n.Kind != jsonval.String || n.Text == "" {
			return "", badParam(f, "string", n, "a string")
		}
		*target(f) = n.Text
		return string(n.Scalar().Append(nil)), nil
	}
}

func keepText(f *Field, n *jsonval.Node) (string, error) {
	var ignored string // only printed: phrases are analyzed like other text
	return readText(func(*Field) *string { return &ignored })(f, n)
}

func keepOneOf(words ...string) func(*Field, *jsonval.Node) (string, error) {
	return func(f *Field, n *jsonval.Node) (string, error) {
		for _, w := range words {
			if n.Kind == jsonval.String && n.Text == w {
				return string(n.Scalar().Append(nil)), nil
			}
		}
		return "", eserr.Unsupported("value [" + n.Text + "] of a parameter of field [" + f.Path + "], which must be one of [" + strings.Join(words, ", ") + "]")
	}
}

func keepInt(f *Field, n *jsonval.Node) (string, error) {
	value, ok := n.Scalar().Int64()
	if !ok || value < 0 {
		return "", badParam(f, "number", n, "a whole number")
	}
	return strconv.FormatInt(value, 10), nil
}

// keepRaw keeps what is only printed.
func keepRaw(_ *Field, n *jsonval.Node) (string, error) { return string(n.Raw), nil }

func readConstant(f *Field, n *jsonval.Node) (string, error) {
	if !n.IsScalar() || n.Kind == jsonval.Null || n.Text == "" {
		return "", badParam(f, "value", n, "a value")
	}
	f.Value = n.Text
	return string(jsonval.Str(n.Text).Append(nil)), nil
}

func readNullValue(f *Field, n *jsonval.Node) (string, error) {
	if n.Kind == jsonval.Null {
		return "null", nil
	}
	if !n.IsScalar() {
		return "", eserr.Unsupported("[null_value] that is an object or array, on field [" + f.Path + "]")
	}
	value := n.Scalar()
	if _, ok := value.Float64(); f.Type.IsNumber() && !ok {
		return "", badParam(f, "null_value", n, "a number")
	}
	if _, ok := value.Truth(); f.Type == Boolean && !ok {
		return "", badParam(f, "null_value", n, "a boolean")
	}
	f.NullValue = &value
	return string(value.Append(nil)), nil
}

func readIgnoreAbove(f *Field, n *jsonval.Node) (string, error) {
	value, ok := n.Scalar().Int64()
	if !ok || value < 0 || value > 1<<31-1 {
		return "", eserr.IllegalArgument("[ignore_above] must be positive, got [%s]", n.Raw)
	}
	f.IgnoreAbove = int(value)
	if value == 1<<31-1 {
		f.IgnoreAbove = NoIgnoreAbove
	}
	return strconv.FormatInt(value, 10), nil
}

func readDepthLimit(f *Field, n *jsonval.Node) (string, error) {
	value, ok := n.Scalar().Int64()
	if !ok || value < 0 || value > 100 {
		return "", eserr.IllegalArgument("[depth_limit] must be between 0 and 100, got [%s]", n.Raw)
	}
	f.DepthLimit = int(value)
	return strconv.FormatInt(value, 10), nil
}

func readFormat(f *Field, n *jsonval.Node) (string, error) {
	if n.Kind != jsonval.String {
		return "", badParam(f, "format", n, "a string")
	}
	format, err := dates.Compile(n.Text)
	if err != nil {
		return "", eserr.IllegalArgument("Error parsing [format] on field [%s]: %s", f.Path, eserr.From(err).Reason).Because(err)
	}
	f.Format = format
	return string(n.Scalar().Append(nil)), nil
}

func readScalingFactor(f *Field, n *jsonval.Node) (string, error) {
	value, ok := n.Scalar().Float64()
	if !ok || value <= 0 {
		return "", eserr.IllegalArgument("[scaling_factor] must be a positive number, got [%s]", n.Raw)
	}
	f.ScalingFactor = value
	return string(jsonval.Float(value).Append(nil)), nil
}

func readCopyTo(f *Field, n *jsonval.Node) (string, error) {
	items := []jsonval.Node{*n}
	if n.Kind == jsonval.Array {
		items = n.Items
	}
	f.CopyTo = nil
	for i := range items {
		if items[i].Kind != jsonval.String || items[i].Text == "" {
			return "", badParam(f, "copy_to", n, "field names")
		}
		f.CopyTo = append(f.CopyTo, items[i].Text)
	}
	return string(appendStrings(nil, f.CopyTo)), nil
}

func appendStrings(dst []byte, values []string) []byte {
	dst = append(dst, '[')
	for i, v := range values {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = jsonval.AppendString(dst, v)
	}
	return append(dst, ']')
}

// LeavesOpen says whether a field's type has a parameter, coerce or ignore_malformed, of which the mapping says nothing: then the
// index's setting of the same name holds.
func (f *Field) LeavesOpen(name string) bool {
	for _, p := range f.params {
		if p.name == name {
			return false
		}
	}
	switch name {
	case "coerce":
		return f.Type.IsNumber() || f.Type.IsRange()
	case "ignore_malformed":
		return canIgnoreMalformed(f.Type)
	}
	return false
}

// AppendFull prints a leaf with all the parameters that its type has, those with their defaults too.
func (f *Field) AppendFull(dst []byte) []byte {
	w := jsonval.Begin(dst)
	w.String("type", f.Type.String())
	for _, p := range paramTable {
		if !p.has(f.Type) {
			continue
		}
		value := ""
		for _, said := range f.params {
			if said.name == p.name {
				value = said.json
			}
		}
		if value == "" && p.def != nil {
			value = p.def(f.Type)
		}
		if value == "" && p.name == "analyzer" {
			value = `"default"`
		}
		if value != "" {
			w.Raw(p.name, []byte(value))
		}
	}
	return w.End()
}
