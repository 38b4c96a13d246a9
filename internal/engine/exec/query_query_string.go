package exec

import (
	"strings"

	"elkhorn/internal/es/lucene"
	"elkhorn/internal/es/query"
)

// compileQueryString turns Lucene's syntax into clauses and compiles those.
func compileQueryString(c *compiler, q *query.QueryString) (node, error) {
	if q.AnalyzeWildcard {
		c.fields.warn("[analyze_wildcard] has no effect: words with wildcards are compared with tokens as they are")
	}
	use := *q
	if len(use.Fields) == 0 && (use.DefaultField == "" || use.DefaultField == "*") {
		use.Fields = c.fields.index.DefaultFields
	}
	use.Lenient = q.Lenient || c.fields.index.LenientStrings && !q.NotLenient
	tree, err := lucene.Query(&use, c.expand)
	if err != nil {
		return nil, err
	}
	query.Walk(tree, func(q query.Query) bool {
		c.normalize(q)
		return true
	})
	return c.compileParsed(tree)
}

// normalize brings the letters of a word with wildcards to lower case where the field's tokens are:
// whoever types a search does not know how the field was analyzed. The tree was made from the text
// just now, so that nobody else sees the change.
func (c *compiler) normalize(q query.Query) {
	switch q := q.(type) {
	case *query.Prefix:
		if c.lowerCases(q.Field) {
			q.Value = strings.ToLower(q.Value)
		}
	case *query.Wildcard:
		if c.lowerCases(q.Field) {
			q.Pattern = strings.ToLower(q.Pattern)
		}
	}
}

// lowerCases says whether a field's analyzer brings letters to lower case.
func (c *compiler) lowerCases(path string) bool {
	if c.fields.index.Mapping == nil {
		return false
	}
	f := c.fields.index.Mapping.Lookup(path)
	if f == nil || !f.Type.IsText() {
		return false
	}
	a, err := c.analyzer(f.Analyzer)
	if err != nil {
		return false
	}
	lower := false
	a.Tokens([]byte("Ab"), func(token []byte, _ int) bool {
		lower = string(token) == "ab"
		return false
	})
	return lower
}

// expand returns the searchable fields that a pattern stands for.
func (c *compiler) expand(pattern string) []string {
	if c.fields.index.Mapping == nil {
		return nil
	}
	var names []string
	for _, spec := range c.fields.index.Mapping.Matching(pattern) {
		f := c.fields.field(spec.Path, spec)
		if f.searchable() == nil && f.class != classGeo {
			names = append(names, spec.Path)
		}
	}
	return names
}
