package engine

import (
	"context"
	"strings"

	"elkhorn/internal/es"
	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/query"
)

// lookUp puts what clauses take from documents into them, in a search's queries and aggregations. It changes the trees: a search that goes on
// later, as a scroll does, goes on with the same values.
func (e *Engine) lookUp(ctx context.Context, req *es.SearchRequest) error {
	for _, q := range []query.Query{req.Query, req.PostFilter} {
		if err := e.lookUpIn(ctx, q, req.Target); err != nil {
			return err
		}
	}
	for _, r := range req.Rescore {
		if err := e.lookUpIn(ctx, r.Query, req.Target); err != nil {
			return err
		}
	}
	for _, q := range req.Knn {
		if err := e.lookUpIn(ctx, q, req.Target); err != nil {
			return err
		}
	}
	var err error
	agg.Queries(req.Aggs, func(q query.Query) {
		if err == nil {
			err = e.lookUpIn(ctx, q, req.Target)
		}
	})
	return err
}

func (e *Engine) lookUpIn(ctx context.Context, q query.Query, target es.Target) error {
	if q == nil {
		return nil
	}
	var err error
	query.Walk(q, func(q query.Query) bool {
		switch q := q.(type) {
		case *query.Terms:
			if q.Lookup != nil && err == nil {
				err = e.lookUpTerms(ctx, q)
			}
		case *query.MoreLikeThis:
			for _, items := range [][]query.LikeItem{q.Like, q.Unlike} {
				for i := range items {
					if err == nil {
						err = e.lookUpLike(ctx, &items[i], target)
					}
				}
			}
		}
		return err == nil
	})
	return err
}

// lookUpLike fetches a document that others are compared with; one that is not there has no words.
func (e *Engine) lookUpLike(ctx context.Context, item *query.LikeItem, target es.Target) error {
	if item.ID == "" || item.Source != nil {
		return nil
	}
	index := item.Index
	if index == "" {
		if len(target.Names) == 0 {
			return eserr.IllegalArgument("[more_like_this] a document in [like] needs an [_index] in a search of all indices")
		}
		index = target.Names[0]
	}
	doc, err := e.Get(ctx, &es.GetRequest{Index: index, ID: item.ID, Routing: item.Routing})
	if err == nil {
		item.Source = []byte("{}")
		if doc.Found && doc.Source != nil {
			item.Source = doc.Source
		}
	}
	return err
}

func (e *Engine) lookUpTerms(ctx context.Context, q *query.Terms) error {
	from := q.Lookup
	doc, err := e.Get(ctx, &es.GetRequest{Index: from.Index, ID: from.ID, Routing: from.Routing})
	if err != nil {
		return err
	}
	q.Values, q.Lookup = []query.Value{}, nil
	if !doc.Found || doc.Source == nil {
		return nil
	}
	root, err := jsonval.Parse(doc.Source)
	if err != nil {
		return err
	}
	q.Values = valuesAt(q.Values, root, from.Path)
	return nil
}

// valuesAt appends the scalars that a document has at a path.
func valuesAt(dst []query.Value, n *jsonval.Node, path string) []query.Value {
	switch {
	case n.Kind == jsonval.Array:
		for i := range n.Items {
			dst = valuesAt(dst, &n.Items[i], path)
		}
	case n.Kind == jsonval.Object:
		for i, key := range n.Keys {
			if key == path {
				dst = valuesAt(dst, &n.Items[i], "")
			} else if rest, found := strings.CutPrefix(path, key+"."); found {
				dst = valuesAt(dst, &n.Items[i], rest)
			}
		}
	case path == "" && n.Kind != jsonval.Null:
		dst = append(dst, n.Scalar())
	}
	return dst
}

// indexBoosts resolves the names of indices_boost. Of several that name an index the first counts.
func (e *Engine) indexBoosts(req *es.SearchRequest) (map[string]float64, error) {
	if len(req.IndicesBoost) == 0 {
		return nil, nil
	}
	boosts := map[string]float64{}
	for _, b := range req.IndicesBoost {
		target := req.Target
		target.Names = []string{b.Index}
		found, err := e.resolve(target)
		if err != nil {
			return nil, err
		}
		if len(found) == 0 && !req.Target.IgnoreUnavailable && !strings.Contains(b.Index, "*") {
			return nil, eserr.IndexNotFound(b.Index)
		}
		for _, f := range found {
			if _, seen := boosts[f.index.name]; !seen {
				boosts[f.index.name] = b.Boost
			}
		}
	}
	return boosts, nil
}
