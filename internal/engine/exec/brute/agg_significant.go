package brute

import "slices"

// significant are the values that more of the documents have than of all, by the JLH score.
func (a *Aggregator) significant(docs []*Doc, n, o *Node) map[string]any {
	f := a.field(o)
	plain := &Node{Kind: '{', Keys: []string{"field"}, Items: []*Node{o.Get("field")}}
	value := func(_ *Field, v any) any { return v }
	everywhere := a.groupBy(a.All, plain, value)
	type scored struct {
		*group
		score float64
		all   int
	}
	var list []scored
	for _, g := range a.groupBy(docs, plain, value) {
		if len(g.docs) < int(o.number("min_doc_count", 3)) {
			continue
		}
		i := slices.IndexFunc(everywhere, func(other *group) bool { return compare(other.key, g.key) == 0 })
		all := len(everywhere[i].docs)
		here, there := float64(len(g.docs))/float64(len(docs)), float64(all)/float64(len(a.All))
		if here > there {
			list = append(list, scored{g, (here - there) * (here / there), all})
		}
	}
	slices.SortStableFunc(list, func(x, y scored) int {
		switch {
		case x.score > y.score:
			return -1
		case x.score < y.score:
			return 1
		}
		return 0
	})
	buckets := []any{}
	for _, s := range list[:min(len(list), int(o.number("size", 10)))] {
		out := a.bucket(s.docs, n)
		f.setKey(out, s.key, "")
		out["score"], out["bg_count"] = number(s.score), count(s.all)
		buckets = append(buckets, out)
	}
	return map[string]any{"doc_count": count(len(docs)), "bg_count": count(len(a.All)), "buckets": buckets}
}
