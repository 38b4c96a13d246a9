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
}

// ParseInnerHits reads the inner_hits of a nested query.
func ParseInnerHits(raw []byte) (*InnerHits, error) {
	n, err := jsonval.Parse(raw)
	if err != nil {
		return nil, err
	}
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
	})
}
