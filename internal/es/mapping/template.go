package mapping

import (
	"regexp"
	"slices"
	"strings"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/wildcard"
)

// DynamicTemplate says what new fields of certain names and kinds become.
type DynamicTemplate struct {
	Name string
	// raw is the definition as written, for printing.
	raw string
	// kinds are the match_mapping_type values; empty matches any.
	kinds, unmatchKinds    []string
	match, unmatch         []pattern
	pathMatch, pathUnmatch []pattern
	// regex reads the patterns as regular expressions.
	regex bool
	// mapping is the definition, with placeholders.
	mapping *jsonval.Node
	// runtime says that the definition is of a runtime field.
	runtime bool
}

// pattern is a simple pattern with *, or a regular expression.
type pattern struct {
	simple string
	regex  *regexp.Regexp
}

func (p pattern) matches(s string) bool {
	if p.regex != nil {
		return p.regex.MatchString(s)
	}
	return wildcard.Match(p.simple, s)
}

// mappingKinds are the values of match_mapping_type.
var mappingKinds = []string{"*", "object", "string", "long", "double", "boolean", "date", "binary"}

// readTemplates reads [{"name":{…}},…].
func readTemplates(m *Mapping, n *jsonval.Node) error {
	if n.Kind != jsonval.Array {
		return eserr.MapperParsing("Dynamic template syntax error. An array of named objects is expected.")
	}
	m.templates = []*DynamicTemplate{}
	for i := range n.Items {
		item := &n.Items[i]
		if item.Kind != jsonval.Object || len(item.Keys) != 1 {
			return eserr.MapperParsing("A dynamic template must be defined with a name")
		}
		t, err := parseTemplate(item.Keys[0], &item.Items[0])
		if err != nil {
			return err
		}
		m.templates = append(m.templates, t)
	}
	return nil
}

func parseTemplate(name string, n *jsonval.Node) (*DynamicTemplate, error) {
	if n.Kind != jsonval.Object {
		return nil, eserr.MapperParsing("Dynamic template [%s] must be an object", name)
	}
	t := &DynamicTemplate{Name: name, raw: string(n.Raw)}
	patterns := map[string]*[]pattern{"match": &t.match, "unmatch": &t.unmatch, "path_match": &t.pathMatch, "path_unmatch": &t.pathUnmatch}
	if style := n.Get("match_pattern"); style != nil {
		if style.Text != "simple" && style.Text != "regex" {
			return nil, eserr.IllegalArgument("No matching pattern matched on [%s]", style.Text)
		}
		t.regex = style.Text == "regex"
	}
	for i, key := range n.Keys {
		item := &n.Items[i]
		var err error
		switch target := patterns[key]; {
		case target != nil:
			*target, err = t.readPatterns(key, item)
		case key == "match_mapping_type":
			t.kinds, err = readKinds(name, item)
		case key == "unmatch_mapping_type":
			t.unmatchKinds, err = readKinds(name, item)
		case key == "match_pattern":
		case (key == "mapping" || key == "runtime") && t.mapping != nil:
			err = eserr.MapperParsing("mapping and runtime cannot be both specified in the same dynamic template [%s]", name)
		case key == "mapping" || key == "runtime":
			t.mapping, t.runtime = cloneNode(item), key == "runtime"
		default:
			err = eserr.MapperParsing("Illegal dynamic template parameter: [%s]", key)
		}
		if err != nil {
			return nil, err
		}
	}
	return t, t.check()
}

func (t *DynamicTemplate) check() error {
	if t.mapping == nil || t.mapping.Kind != jsonval.Object {
		return eserr.MapperParsing("template [%s] must have either mapping or runtime set", t.Name)
	}
	// A template that can make no field at all is a mistake worth telling now.
	kind := "string"
	if len(t.kinds) > 0 && t.kinds[0] != "*" {
		kind = t.kinds[0]
	}
	if _, err := t.apply("", "__dynamic__"+t.Name, kind); err != nil {
		cause := eserr.From(err)
		return eserr.MapperParsing("dynamic template [%s] has invalid content [%s], attempted to validate it with the following match_mapping_type: [%s]", t.Name, t.raw, kind).Because(cause)
	}
	return nil
}

func (t *DynamicTemplate) readPatterns(key string, n *jsonval.Node) ([]pattern, error) {
	items := []jsonval.Node{*n}
	if n.Kind == jsonval.Array {
		items = n.Items
	}
	var out []pattern
	for i := range items {
		if items[i].Kind != jsonval.String {
			return nil, eserr.MapperParsing("[%s] values must either be a string or list of strings, but was [%s] in dynamic template [%s]", key, items[i].Raw, t.Name)
		}
		p := pattern{simple: items[i].Text}
		if t.regex {
			var err error
			if p.regex, err = regexp.Compile("^(?:" + items[i].Text + ")$"); err != nil {
				return nil, eserr.IllegalArgument("Pattern [%s] of type [regex] is invalid. Cannot create dynamic template [%s].", items[i].Text, t.Name)
			}
		}
		out = append(out, p)
	}
	return out, nil
}

func readKinds(name string, n *jsonval.Node) ([]string, error) {
	items := []jsonval.Node{*n}
	if n.Kind == jsonval.Array {
		items = n.Items
	}
	var out []string
	for i := range items {
		if !slices.Contains(mappingKinds, items[i].Text) {
			return nil, eserr.IllegalArgument("No field type matched on [%s], possible values are [%s]", items[i].Text, strings.Join(mappingKinds[1:], ", "))
		}
		out = append(out, items[i].Text)
	}
	if len(out) == 0 {
		return nil, eserr.MapperParsing("[match_mapping_type] of dynamic template [%s] is empty", name)
	}
	return out, nil
}

// cloneNode copies a node so that it does not hold the request's bytes.
func cloneNode(n *jsonval.Node) *jsonval.Node {
	out, err := jsonval.Parse(slices.Clone(n.Raw))
	if err != nil {
		return n // cannot happen: it has just been parsed
	}
	return out
}

// matches reports whether the template is for a new field.
func (t *DynamicTemplate) matches(path, name, kind string) bool {
	if len(t.kinds)+len(t.match)+len(t.pathMatch)+len(t.unmatchKinds)+len(t.unmatch)+len(t.pathUnmatch) == 0 { // it is there to be asked for by name
		return false
	}
	if len(t.kinds) > 0 && !slices.Contains(t.kinds, kind) && !slices.Contains(t.kinds, "*") {
		return false
	}
	return !slices.Contains(t.unmatchKinds, kind) &&
		anyMatches(t.match, name, true) && !anyMatches(t.unmatch, name, false) &&
		anyMatches(t.pathMatch, path, true) && !anyMatches(t.pathUnmatch, path, false)
}

func anyMatches(patterns []pattern, s string, whenNone bool) bool {
	if len(patterns) == 0 {
		return whenNone
	}
	return slices.ContainsFunc(patterns, func(p pattern) bool { return p.matches(s) })
}

// apply makes the field that the template wants for a new name. kind is the
// match_mapping_type of the value.
func (t *DynamicTemplate) apply(parent, name, kind string) (*Field, error) {
	typ := defaultTypes[kind]
	replace := strings.NewReplacer("{name}", name, "{dynamic_type}", typ.String(), "{dynamicType}", typ.String())
	n := substitute(t.mapping, replace)
	if t.runtime {
		return t.applyRuntime(join(parent, name), kind, n)
	}
	if given := n.Get("type"); given != nil {
		var ok bool
		if typ, ok = ParseType(given.Text); !ok {
			return nil, eserr.MapperParsing("No mapper found for type [%s]", given.Text)
		}
	}
	f := &Field{Name: name, Path: join(parent, name), Type: typ, Ord: -1}
	if typ.IsObject() {
		return f, readObject(f, n)
	}
	if typ == Alias {
		return nil, eserr.MapperParsing("dynamic template [%s] cannot make an alias", t.Name)
	}
	return f, readLeaf(f, n)
}

// applyRuntime makes the runtime field that the template wants.
func (t *DynamicTemplate) applyRuntime(path, kind string, n *jsonval.Node) (*Field, error) {
	if n.Get("type") != nil {
		return parseRuntimeField(path, n)
	}
	f := runtimeField(path, kind)
	if f == nil || len(n.Keys) > 0 {
		return nil, eserr.MapperParsing("No runtime field type specified in dynamic template [%s]", t.Name)
	}
	return f, nil
}

// defaultTypes are the types that new values get where nothing else is said.
var defaultTypes = map[string]Type{
	"object": Object, "string": Text, "long": Long, "double": Float, "boolean": Boolean, "date": Date, "binary": Binary,
}

// substitute returns n with the placeholders in all its strings replaced.
func substitute(n *jsonval.Node, replace *strings.Replacer) *jsonval.Node {
	out := *n
	if n.Kind == jsonval.String {
		out.Text = replace.Replace(n.Text)
		out.Raw = jsonval.AppendString(nil, out.Text)
		return &out
	}
	if n.Kind != jsonval.Object && n.Kind != jsonval.Array {
		return &out
	}
	out.Keys, out.Items = slices.Clone(n.Keys), make([]jsonval.Node, len(n.Items))
	for i := range out.Keys {
		out.Keys[i] = replace.Replace(out.Keys[i])
	}
	for i := range n.Items {
		out.Items[i] = *substitute(&n.Items[i], replace)
	}
	out.Raw = []byte(replace.Replace(string(n.Raw)))
	return &out
}

func appendTemplates(dst []byte, templates []*DynamicTemplate) []byte {
	dst = append(dst, '[')
	for i, t := range templates {
		if i > 0 {
			dst = append(dst, ',')
		}
		w := jsonval.Begin(dst)
		w.Raw(t.Name, []byte(t.raw))
		dst = w.End()
	}
	return append(dst, ']')
}
