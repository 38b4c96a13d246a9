package saved

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"elkhorn/internal/es"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/query"
)

// Search says which objects are wanted.
type Search struct {
	Types []string
	// Spaces to look in, "*" for all; none is the one of the store.
	Spaces []string
	// Text is looked for in SearchFields ("title^3", "description"; none is both), in the syntax of simple_query_string: word* finds beginnings.
	Text         string
	SearchFields []string
	// AllWords wants each word of Text rather than one of them.
	AllWords bool
	// References: objects that name one of these; AllReferences wants each.
	References    []Key
	AllReferences bool
	// Fields are the attributes to return; none is all.
	Fields []string
	// SortField is "", "updated_at", "created_at", "type", or "title".
	SortField string
	Desc      bool
	Page      int // from 1
	PerPage   int
}

// Page is a part of what was found.
type Page struct {
	Page    int       `json:"page"`
	PerPage int       `json:"per_page"`
	Total   int64     `json:"total"`
	Objects []*Object `json:"saved_objects"`
}

// Find searches objects.
func (s *Store) Find(ctx context.Context, f Search) (*Page, error) {
	for _, typ := range f.Types {
		if err := checkType(typ); err != nil {
			return nil, err
		}
	}
	return s.find(ctx, f)
}

// find searches objects of any type, those that only this package knows included.
func (s *Store) find(ctx context.Context, f Search) (*Page, error) {
	if len(f.Spaces) == 0 {
		f.Spaces = []string{s.space}
	}
	sort, err := f.sort()
	if err != nil {
		return nil, err
	}
	q, err := query.Parse(f.query())
	if err != nil {
		return nil, err
	}
	found, err := s.backend.Search(ctx, &es.SearchRequest{
		Target: es.Target{Names: []string{IndexName}, IgnoreUnavailable: true}, Query: q, Sort: sort, TrackTotal: es.TrackAll, TrackScores: f.Text != "",
		From: (f.Page - 1) * f.PerPage, Size: f.PerPage, SeqNo: true,
	})
	if err != nil {
		return nil, err
	}
	page := &Page{Page: f.Page, PerPage: f.PerPage, Total: found.Hits.Total.Value, Objects: []*Object{}}
	for i := range found.Hits.Hits {
		h := &found.Hits.Hits[i]
		if h.SeqNo == nil || h.PrimaryTerm == nil {
			return nil, fmt.Errorf("find saved objects: the store did not tell the sequence number of [%s]", h.ID)
		}
		o, err := fromDocument(h.ID, h.Source, *h.SeqNo, *h.PrimaryTerm)
		if err != nil {
			return nil, err
		}
		score := 0.0
		if h.Score != nil {
			score = *h.Score
		}
		o.Score = &score
		o.pick(f.Fields)
		page.Objects = append(page.Objects, o)
	}
	return page, nil
}

// query is the search as a query's JSON.
func (f *Search) query() []byte {
	clauses := []any{m{"terms": m{"type": f.Types}}}
	if spaces := inSpaces(f.Spaces); spaces != nil {
		clauses = append(clauses, spaces)
	}
	var references []any
	for _, k := range f.References {
		references = append(references, m{"nested": m{"path": "references", "query": m{"bool": m{"filter": []any{
			m{"term": m{"references.type": k.Type}}, m{"term": m{"references.id": k.ID}}}}}}})
	}
	switch {
	case len(references) > 0 && f.AllReferences:
		clauses = append(clauses, references...)
	case len(references) > 0:
		clauses = append(clauses, m{"bool": m{"should": references, "minimum_should_match": 1}})
	}
	body := m{"filter": clauses}
	if f.Text != "" {
		operator := "or"
		if f.AllWords {
			operator = "and"
		}
		body["must"] = []any{m{"simple_query_string": m{"query": f.Text, "fields": f.searched(), "default_operator": operator, "lenient": true}}}
	}
	return printed(m{"bool": body})
}

// searched are the fields of the index that Text is looked for in.
func (f *Search) searched() []string {
	var out []string
	for _, typ := range f.Types {
		names := f.SearchFields
		if len(names) == 0 {
			names = []string{kindOf(typ).titleAttribute() + "^3", "description"}
		}
		for _, name := range names {
			out = append(out, typ+"."+name)
		}
	}
	return out
}

var sortFields = map[string]string{"updated_at": "updated_at", "created_at": "created_at", "type": "type", "title": "label", "label": "label", "name": "label"}

func (f *Search) sort() ([]es.SortKey, error) {
	if f.SortField == "" {
		if f.Text != "" {
			return nil, nil // by score
		}
		return []es.SortKey{{Field: "updated_at", Desc: true}, {Field: "label"}}, nil
	}
	name, _ := strings.CutSuffix(f.SortField, ".keyword")
	field, ok := sortFields[name]
	if !ok {
		names := slices.Sorted(maps.Keys(sortFields))
		return nil, bad("objects cannot be sorted by [%s], only by %s%s", cut(f.SortField, 80), strings.Join(names, ", "), jsonval.DidYouMean(name, names))
	}
	return []es.SortKey{{Field: field, Desc: f.Desc}, {Field: "label"}}, nil
}
