package query

import (
	"slices"
	"strings"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// Highlight says which fields of a hit are shown with the words that the query found marked.
type Highlight struct {
	Fields []HighlightField
	// HTML escapes what a browser would take for markup.
	HTML bool
}

// HighlightField is a field, or a pattern of fields, with its options, the request's own where it has none.
type HighlightField struct {
	Name              string
	PreTags, PostTags []string
	// FragmentSize is in characters; Fragments is how many there are at most, 0 for whole values.
	FragmentSize, Fragments int
	ByScore                 bool // order: score
	AnyField                bool // require_field_match: false
	Query                   Query
	// NoMatchSize is how much of a field without matches is shown.
	NoMatchSize int
	// Type is "unified", "plain" or "fvh"; Fragmenter is of plain: "span" or "simple"; Scanner is of unified, "sentence" or "word", and of
	// fvh, which has "chars" too; "" is the type's own default.
	Type, Fragmenter, Scanner string
	// These are of fvh alone: where a match stands in its fragment at least (-1: the default), how many matches are looked at, and what
	// fragments end at, within how many characters.
	FragmentOffset, PhraseLimit int
	BoundaryChars               string
	BoundaryScan                int
	// MatchedFields are others whose words are marked too.
	MatchedFields []string
	// MaxAnalyzed is how many characters are looked at; 0: all, with an error beyond the index's limit.
	MaxAnalyzed int
}

// highlightDefaults are Elasticsearch's.
func highlightDefaults() HighlightField {
	return HighlightField{PreTags: []string{"<em>"}, PostTags: []string{"</em>"}, FragmentSize: 100, Fragments: 5, Type: "unified", Fragmenter: "span",
		FragmentOffset: -1, PhraseLimit: 256, BoundaryChars: ".,!? \t\n", BoundaryScan: 20}
}

// styledTags are those of tags_schema "styled".
var styledTags = []string{
	`<em class="hlt1">`, `<em class="hlt2">`, `<em class="hlt3">`, `<em class="hlt4">`, `<em class="hlt5">`,
	`<em class="hlt6">`, `<em class="hlt7">`, `<em class="hlt8">`, `<em class="hlt9">`, `<em class="hlt10">`,
}

// ParseHighlight reads "highlight".
func ParseHighlight(n *jsonval.Node) (*Highlight, error) {
	p := &parser{clauses: clauseTable()}
	h := &Highlight{}
	global := highlightDefaults()
	var fields *jsonval.Node
	err := p.highlightOptions(n, "highlight", &global, options{
		"fields": func(_ place, n *jsonval.Node) error {
			fields = n
			return nil
		},
		"encoder": func(at place, n *jsonval.Node) error {
			h.HTML = n.Text == "html"
			if n.Text != "html" && n.Text != "default" {
				return at.malformed(n, "default or html")
			}
			return nil
		},
		"tags_schema": func(_ place, n *jsonval.Node) error {
			switch n.Text {
			case "default":
			case "styled":
				global.PreTags, global.PostTags = styledTags, []string{"</em>"}
			default:
				return eserr.IllegalArgument("Unknown tag schema [%s]", n.Text)
			}
			return nil
		},
	})
	if err != nil {
		return nil, err
	}
	if err := checkHighlight(&global, n); err != nil {
		return nil, err
	}
	if fields != nil {
		err = p.highlightFields(fields, h, global)
	}
	return h, err
}

// highlightFields reads {"field":{…}} or [{"field":{…}}, …].
func (p *parser) highlightFields(n *jsonval.Node, h *Highlight, global HighlightField) error {
	for _, item := range elements(n) {
		if item.Kind != jsonval.Object {
			return p.fail(&item, "[highlight] [fields] must be an object or an array of objects")
		}
		if n.Kind == jsonval.Array && len(item.Keys) != 1 {
			return p.fail(&item, "[fields] can be a single object with any number of fields or an array where each entry is an object with a single field")
		}
		for i, name := range item.Keys {
			f := global
			f.Name = name
			if item.Items[i].Kind != jsonval.Object {
				return p.fail(&item.Items[i], "[highlight_field] must be an object")
			}
			if err := p.highlightOptions(&item.Items[i], "highlight_field", &f, options{}); err != nil {
				return err
			}
			if err := checkHighlight(&f, &item.Items[i]); err != nil {
				return err
			}
			h.Fields = append(h.Fields, f)
		}
	}
	return nil
}

// highlightOptions reads the options that a field has as the request has them.
func (p *parser) highlightOptions(n *jsonval.Node, clause string, f *HighlightField, more options) error {
	var ignored string
	var order string
	require := !f.AnyField
	known := options{
		"pre_tags":            p.texts(&f.PreTags),
		"post_tags":           p.texts(&f.PostTags),
		"fragment_size":       p.count(&f.FragmentSize),
		"number_of_fragments": p.count(&f.Fragments),
		"order":               p.text(&order),
		"require_field_match": p.boolean(&require),
		"highlight_query":     p.clause(&f.Query),
		"no_match_size":       p.count(&f.NoMatchSize),
		"type":                p.text(&f.Type),
		"fragmenter":          p.text(&f.Fragmenter),
		"boundary_scanner":    p.text(&f.Scanner),
		"matched_fields":      p.texts(&f.MatchedFields),
		"max_analyzed_offset": p.count(&f.MaxAnalyzed),
		"boundary_chars":      p.text(&f.BoundaryChars),
		"boundary_max_scan":   p.count(&f.BoundaryScan),
		"fragment_offset":     p.count(&f.FragmentOffset),
		"phrase_limit":        p.count(&f.PhraseLimit),
		// Sentences and words are found as in texts of any language, and texts always come from _source.
		"boundary_scanner_locale": p.text(&ignored),
		"force_source":            p.boolean(new(bool)),
		"highlight_filter":        p.boolean(new(bool)),
		"options": func(at place, n *jsonval.Node) error {
			if n.Kind != jsonval.Object {
				return at.unknownToken(n)
			}
			return nil
		},
	}
	for name, read := range more {
		known[name] = read
	}
	for i, key := range n.Keys {
		read, ok := known[key]
		if !ok {
			names := make([]string, 0, len(known))
			for name := range known {
				names = append(names, name)
			}
			return eserr.XContentParse("[%d:%d] [%s] unknown field [%s]%s", n.Items[i].Line, n.Items[i].Col, clause, key, jsonval.DidYouMean(key, names))
		}
		if err := read(place{clause, key}, &n.Items[i]); err != nil {
			return err
		}
	}
	if order != "" {
		f.ByScore = strings.EqualFold(order, "score")
	}
	f.AnyField = !require
	return nil
}

// checkHighlight refuses options that say nothing.
func checkHighlight(f *HighlightField, n *jsonval.Node) error {
	switch f.Type {
	case "fvh", "unified", "plain":
	default:
		return eserr.IllegalArgument("unknown highlighter type [%s] for the field [%s]", f.Type, f.Name)
	}
	f.Scanner = strings.ToLower(f.Scanner)
	if !slices.Contains([]string{"", "sentence", "word", "chars"}, f.Scanner) {
		return eserr.IllegalArgument("No enum constant BoundaryScannerType.%s", strings.ToUpper(f.Scanner))
	}
	if f.Fragmenter != "span" && f.Fragmenter != "simple" {
		return eserr.IllegalArgument("unknown fragmenter option [%s] for the field [%s]", f.Fragmenter, f.Name)
	}
	if len(f.PreTags) == 0 || len(f.PostTags) == 0 {
		return eserr.ParsingException(n.Line, n.Col, "pre_tags are set but post_tags are not set")
	}
	return nil
}
