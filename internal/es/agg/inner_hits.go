package agg

import (
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// InnerHits says which nested objects a nested query returns with each hit: the options are those of
// top_hits, and a name.
type InnerHits struct {
	TopHits
	// Name is "" where it is not given: the path is used.
	Name           string
	IgnoreUnmapped bool
	// Collapse names a field of which one object per value is returned; "" for none. Only the inner hits of a collapse have it.
	Collapse string
}

// ParseInnerHits reads the inner_hits of a nested query.
func ParseInnerHits(raw []byte) (*InnerHits, error) {
	n, err := jsonval.Parse(raw)
	if err != nil {
		return nil, err
	}
	h, err := ParseInnerHitsNode(n)
	if err == nil && h.Collapse != "" {
		err = eserr.IllegalArgument("[inner_hits] of a [nested] query: [collapse] is not supported")
	}
	return h, err
}

// ParseInnerHitsNode reads the inner_hits of a collapse.
func ParseInnerHitsNode(n *jsonval.Node) (*InnerHits, error) {
	if n.Kind != jsonval.Object {
		return nil, eserr.ParsingException(n.Line, n.Col, "[inner_hits] must be an object")
	}
	h := &InnerHits{TopHits: TopHits{Size: 3}}
	p := &parser{bodies: bodyTable(), name: "inner_hits", kind: "inner_hits"}
	return h, p.options(n, options{
		"name":                p.text(&h.Name),
		"ignore_unmapped":     p.boolean(&h.IgnoreUnmapped),
		"from":                p.count(&h.From),
		"size":                p.count(&h.Size),
		"sort":                p.sort(&h.Sort),
		"_source":             p.sourceFilter(&h.Source),
		"track_scores":        p.boolean(&h.TrackScores),
		"version":             p.boolean(&h.Version),
		"seq_no_primary_term": p.boolean(&h.SeqNo),
		"fields":              p.fieldFormats(&h.Fields),
		"docvalue_fields":     p.fieldFormats(&h.DocvalueFields),
		"stored_fields":       p.texts(&h.StoredFields),
		"highlight":           p.raw(&h.Highlight),
		"script_fields":       p.raw(&h.ScriptFields),
		"explain":             p.only("false"),
		"collapse": func(_ place, n *jsonval.Node) error {
			if n.Kind != jsonval.Object {
				return eserr.ParseException("[collapse] of [inner_hits] must be an object")
			}
			for i, key := range n.Keys {
				if key != "field" {
					return eserr.ParseException("only [field] is allowed in the [collapse] of [inner_hits], found [%s]", key)
				}
				h.Collapse = n.Items[i].Text
			}
			return nil
		},
	})
}
