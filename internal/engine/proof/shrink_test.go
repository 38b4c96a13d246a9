package proof

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"elkhorn/internal/engine/exec/brute"
	"elkhorn/internal/vfs"
)

// tail is the end of the log, with what the index is made of.
func (h *history) tail() string {
	const last = 60
	from := max(len(h.log)-last, 1)
	return h.log[0] + "\n" + strings.Join(h.log[min(from, len(h.log)):], "\n")
}

// shrinkTime bounds the search for a smaller failure.
const shrinkTime = 30 * time.Second

// shrink looks for a smaller search over fewer documents, in a fresh store, that goes wrong too.
func (h *history) shrink(sc scene, s *search) string {
	docs := sc.docs
	problem, where := h.retry(docs, s)
	if problem == "" {
		return "the same documents in a fresh index give the right answer; the history was\n" + h.tail()
	}
	end := time.Now().Add(shrinkTime)
	try := func(fewer []*brute.Doc, smaller *search) bool {
		if time.Now().After(end) {
			return false
		}
		again, at := h.retry(fewer, smaller)
		// Fewer documents map fewer fields.
		same := again != "" && !strings.Contains(again, "Invalid aggregation order") && strings.HasPrefix(again, "search failed") == strings.HasPrefix(problem, "search failed")
		if same {
			docs, s, problem, where = fewer, smaller, again, at
		}
		return same
	}
	for size := len(docs) / 2; size > 0; size /= 2 {
		for i := 0; i < len(docs); {
			if !try(slices.Concat(docs[:i], docs[min(i+size, len(docs)):]), s) {
				i += size
			}
		}
	}
	for progress := true; progress; {
		progress = slices.ContainsFunc(s.smaller(), func(smaller *search) bool { return try(docs, smaller) })
	}
	var out strings.Builder
	fmt.Fprintf(&out, "smallest (%s):\nmapping %s\n", where, h.mapping)
	for _, d := range docs {
		fmt.Fprintf(&out, "%s/%s %s\n", d.Index, d.ID, strings.Join(strings.Fields(d.Source), " "))
	}
	return out.String() + s.String() + "\n" + problem
}

// smaller are searches with less in them.
func (s *search) smaller() []*search {
	var out []*search
	change := func(ok bool, do func(*search)) {
		if ok {
			one := *s
			do(&one)
			out = append(out, &one)
		}
	}
	all := both(`{"match_all":{}}`)
	plain := `[{"_seq_no":"asc"}]`
	change(s.aggs.engine != "", func(s *search) { s.aggs = clause{} })
	change(s.filter.engine != "", func(s *search) { s.filter = clause{} })
	change(s.query != all, func(s *search) { s.query = all })
	change(s.sort != plain, func(s *search) { s.sort = plain })
	for _, sort := range fewerKeys(s.sort) {
		change(true, func(s *search) { s.sort = sort })
	}
	change(s.fields != nil, func(s *search) { s.fields = nil })
	change(s.docvalues != nil, func(s *search) { s.docvalues = nil })
	change(s.pageSize != 0, func(s *search) { s.pageSize = 0 })
	change(s.size != 10 || s.from != 0, func(s *search) { s.size, s.from = 10, 0 })
	for _, q := range parts(s.query) {
		change(true, func(s *search) { s.query = q })
	}
	if s.aggs.engine != "" {
		engine, means := brute.MustParse(s.aggs.engine), brute.MustParse(s.aggs.brute)
		for i := range len(fewerAggs(engine)) {
			change(true, func(s *search) {
				s.aggs = clause{brute.Print(fewerAggs(engine)[i]), brute.Print(fewerAggs(means)[i])}
			})
		}
	}
	return out
}

// parts are the clauses of a bool.
func parts(q clause) []clause {
	engine, means := brute.MustParse(q.engine).Get("bool"), brute.MustParse(q.brute).Get("bool")
	if engine == nil || means == nil {
		return nil
	}
	var out []clause
	for i, list := range engine.Items {
		for j, item := range list.Items {
			out = append(out, clause{brute.Print(item), brute.Print(means.Items[i].Items[j])})
		}
	}
	return out
}

// fewerAggs are an object of aggregations with one of them left out, or with what is inside one in its place.
func fewerAggs(n *brute.Node) []*brute.Node {
	var out []*brute.Node
	for i := range n.Keys {
		without := &brute.Node{Kind: '{', Keys: slices.Delete(slices.Clone(n.Keys), i, i+1), Items: slices.Delete(slices.Clone(n.Items), i, i+1)}
		if len(without.Keys) > 0 {
			out = append(out, without)
		}
		inner := n.Items[i].Get("aggs")
		if inner == nil {
			continue
		}
		out = append(out, inner)
		for _, fewer := range append(fewerAggs(inner), nil) {
			body := &brute.Node{Kind: '{'}
			for j, key := range n.Items[i].Keys {
				item := n.Items[i].Items[j]
				if key == "aggs" {
					if fewer == nil {
						continue
					}
					item = fewer
				}
				body.Keys, body.Items = append(body.Keys, key), append(body.Items, item)
			}
			with := &brute.Node{Kind: '{', Keys: n.Keys, Items: slices.Clone(n.Items)}
			with.Items[i] = body
			out = append(out, with)
		}
	}
	return out
}

// retry runs a search over documents in a fresh store, in memory and from files; an empty answer means it is right.
func (h *history) retry(docs []*brute.Doc, s *search) (problem, where string) {
	fresh := &history{random: newRandom(1), t: h.t, mem: vfs.NewMem(), mapping: h.mapping}
	if err := fresh.fill(h.names(), docs); err != nil {
		return "", ""
	}
	defer func() { fresh.store.Close() }() //nolint:errcheck // it is thrown away
	if problem = check(fresh.store, present(fresh.indices...), s); problem != "" {
		return problem, "in memory"
	}
	if err := fresh.restart(); err != nil {
		return "", ""
	}
	return check(fresh.store, present(fresh.indices...), s), "from files"
}

// fewerKeys are a sort with one key left out, but for the last.
func fewerKeys(sort string) []string {
	n := brute.MustParse(sort)
	var out []string
	for i := range len(n.Items) - 1 {
		out = append(out, brute.Print(&brute.Node{Kind: '[', Items: slices.Delete(slices.Clone(n.Items), i, i+1)}))
	}
	return out
}
