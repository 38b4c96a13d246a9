package exec

import (
	"bytes"
	"unicode/utf8"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/mapping"
	"elkhorn/internal/es/query"
	"elkhorn/internal/es/result"
)

// Highlighting looks at the documents of hits alone: what the query asks of the words of a field is read off the compiled clauses, the field's
// texts are taken out of _source and analyzed again with the places of their words, and fragments are cut around those that were found.

// highlighter is a request's highlight compiled against one index.
type highlighter struct {
	fields []highlightField
	html   bool
	// limit is the characters of a field's texts that may be analyzed.
	limit int
}

// highlightField is one field to highlight.
type highlightField struct {
	field *field
	spec  *query.HighlightField
	marks []mark
	paths []string // in _source
}

// defaultAnalyzedOffset is Elasticsearch's default of index.highlight.max_analyzed_offset.
const defaultAnalyzedOffset = 1_000_000

// highlight compiles what is to be shown of hits that a clause found; nil for nothing.
func (c *compiler) highlight(h *query.Highlight, found node) (*highlighter, error) {
	if h == nil || c.fields.index.Mapping == nil {
		return nil, nil
	}
	out := &highlighter{html: h.HTML, limit: c.fields.index.MaxAnalyzedOffset}
	if out.limit == 0 {
		out.limit = defaultAnalyzedOffset
	}
	var own []mark
	collectMarks(found, &own)
	for i := range h.Fields {
		spec := &h.Fields[i]
		marks := own
		if spec.Query != nil {
			list, err := c.unscored([]query.Query{spec.Query})
			if err != nil {
				return nil, err
			}
			marks = nil
			collectMarks(list[0], &marks)
		}
		if spec.Scanner == "chars" && spec.Type == "unified" {
			return nil, eserr.IllegalArgument("Invalid boundary scanner type: chars")
		}
		for _, f := range c.highlighted(spec.Name) {
			one := highlightField{field: f, spec: spec, paths: c.sourcePaths(f.spec)}
			for _, m := range marks {
				if spec.AnyField || m.of(f) || c.matchedField(&m, spec.MatchedFields) {
					one.marks = append(one.marks, m)
				}
			}
			out.fields = append(out.fields, one)
		}
	}
	return out, nil
}

// highlighted finds the fields that a name or a pattern stands for: by a pattern only those with words.
func (c *compiler) highlighted(name string) []*field {
	if !hasWildcard(name) {
		f := c.fields.lookup(name)
		if f == nil || f.spec == nil || f.view.prefix != "" {
			return nil
		}
		return []*field{f}
	}
	var list []*field
	for _, spec := range c.fields.index.Mapping.Matching(name) {
		f := c.fields.field(spec.Path, spec)
		if f.class == classText || f.class == classKeyword && spec.Type != mapping.Flattened && spec.Type != mapping.ConstantKeyword {
			list = append(list, f)
		}
	}
	return list
}

func (c *compiler) matchedField(m *mark, names []string) bool {
	for _, name := range names {
		if f := c.fields.lookup(name); f != nil && m.of(f) {
			return true
		}
	}
	return false
}

// sourcePaths are where in _source the values of a field stand: its own path, that of the field it is a multi-field of, and of those
// that are copied to it.
func (c *compiler) sourcePaths(spec *mapping.Field) []string {
	path := spec.Path
	if spec.MultiOf != "" {
		path = spec.MultiOf
	}
	paths := []string{path}
	for _, other := range c.fields.index.Mapping.Fields() {
		for _, to := range other.CopyTo {
			if to == path {
				paths = append(paths, other.Path)
			}
		}
	}
	return paths
}

// apply adds to a hit the fragments of its document.
func (hl *highlighter) apply(f *fetcher, row int, h *result.Hit) error {
	for i := range hl.fields {
		one := &hl.fields[i]
		if len(one.marks) == 0 && one.spec.NoMatchSize == 0 {
			continue
		}
		values, err := one.values(f, row)
		if err != nil {
			return err
		}
		fragments, err := hl.fragments(f.plan, one, values, h)
		if err != nil {
			return err
		}
		if len(fragments) > 0 {
			list := make([][]byte, len(fragments))
			for i, text := range fragments {
				list[i] = jsonval.AppendString(nil, text)
			}
			h.Highlight = append(h.Highlight, result.Field{Name: one.field.name, Values: jsonArray(list)})
		}
	}
	return nil
}

// values reads the texts of a field out of the document of a row. A keyword does not show those that it does not index.
func (o *highlightField) values(f *fetcher, row int) ([]string, error) {
	var values []string
	for _, path := range o.paths {
		list, err := f.fields.sourceValues(path, row)
		if err != nil {
			return nil, err
		}
		for _, raw := range list {
			text, ok := scalarText(raw)
			if ok && (o.field.class != classKeyword || !o.field.view.hides([]byte(text))) {
				values = append(values, text)
			}
		}
	}
	return values, nil
}

// scalarText is a scalar of a document as text; false for null and objects.
func scalarText(raw []byte) (string, bool) {
	if len(raw) == 0 || raw[0] == '{' || raw[0] == '[' || raw[0] == 'n' {
		return "", false
	}
	if raw[0] != '"' {
		return string(raw), true
	}
	text := raw[1 : len(raw)-1]
	if bytes.IndexByte(text, '\\') >= 0 {
		text = unquoted(text)
	}
	return string(text), true
}

// fragments cuts and marks the texts of a field.
func (hl *highlighter) fragments(p *plan, one *highlightField, values []string, h *result.Hit) ([]string, error) {
	most := one.spec.MaxAnalyzed
	total := 0
	for _, v := range values {
		total += utf8.RuneCountInString(v)
	}
	if most == 0 || most > hl.limit {
		if total > hl.limit && most == 0 {
			return nil, eserr.IllegalArgument("The length [%d] of field [%s] in doc[%s]/index[%s] exceeds the [index.highlight.max_analyzed_offset] limit [%d]. "+
				"To avoid this error, set the query parameter [max_analyzed_offset] to a value less than index setting [%d] and this will tolerate long field values by truncating them.",
				total, one.field.name, h.ID, p.index.Name, hl.limit, hl.limit)
		}
		most = hl.limit
	}
	tokens, err := one.tokens(p, values, most)
	if err != nil {
		return nil, err
	}
	m := marking{field: one, html: hl.html, values: values, tokens: tokens}
	m.find()
	switch one.spec.Type {
	case "plain":
		return m.plain(), nil
	case "fvh":
		return m.vector()
	}
	return m.unified(), nil
}

// placedToken is a token with its place.
type placedToken struct {
	text       string
	value      int // number of the text it is in
	position   int
	start, end int // in bytes of the text
}

// tokens analyzes the texts up to a number of characters.
func (o *highlightField) tokens(p *plan, values []string, most int) ([]placedToken, error) {
	var out []placedToken
	if o.field.class != classText {
		for i, v := range values {
			seen := []byte(v)
			if o.field.view.normalizer != nil {
				seen = o.field.view.normalizer(seen)
			}
			out = append(out, placedToken{text: string(seen), value: i, position: i * valueGap, end: len(v)})
		}
		return out, nil
	}
	if p.index.Analyzers == nil {
		return nil, nil
	}
	name := o.field.indexAnalyzer
	if name == "" {
		name = "default"
	}
	a, ok := p.index.Analyzers.Analyzer(name)
	locating, located := a.(Locating)
	if !ok || !located {
		return nil, eserr.IllegalArgument("analyzer [%s] does not say where words are", name)
	}
	base := 0
	for i, v := range values {
		if len(v) > most {
			v = v[:most] // of texts beyond ASCII a little less than is allowed
		}
		most -= len(v)
		last := 0
		locating.Located([]byte(v), func(token []byte, position, start, end int) bool {
			start, end = max(0, min(start, len(v))), min(end, len(v))
			out = append(out, placedToken{string(token), i, base + position, start, max(start, end)})
			last = position + 1
			return true
		})
		base += last + valueGap
	}
	return out, nil
}

// Locating is an Analyzer that says where in the text its tokens are, in bytes.
type Locating interface {
	Located(text []byte, yield func(token []byte, position, start, end int) bool)
}

// encode escapes a text, if the request wants that.
func (m *marking) encode(text string) string {
	if !m.html {
		return text
	}
	var out []byte
	for i := range len(text) {
		switch c := text[i]; c {
		case '"':
			out = append(out, "&quot;"...)
		case '&':
			out = append(out, "&amp;"...)
		case '<':
			out = append(out, "&lt;"...)
		case '>':
			out = append(out, "&gt;"...)
		case '\'':
			out = append(out, "&#x27;"...)
		case '/':
			out = append(out, "&#x2F;"...)
		default:
			out = append(out, c)
		}
	}
	return string(out)
}

// rawHighlight compiles the highlight of top hits or inner hits.
func (c *compiler) rawHighlight(raw []byte, found node) (*highlighter, error) {
	h, err := parseHighlight(raw)
	if err != nil {
		return nil, err
	}
	return c.highlight(h, found)
}

// parseHighlight reads the highlight of inner hits; nil where there is none.
func parseHighlight(raw []byte) (*query.Highlight, error) {
	if raw == nil {
		return nil, nil
	}
	n, err := jsonval.Parse(raw)
	if err != nil {
		return nil, err
	}
	return query.ParseHighlight(n)
}
