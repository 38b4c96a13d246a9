package exec

import (
	"context"
	"encoding/binary"

	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/query"
	"elkhorn/internal/es/result"
)

// Collapse keeps of all documents with the same value of a field the one that sorts first.
type Collapse struct {
	Field string
	// InnerHits are documents of the group that go with each hit.
	InnerHits []*agg.InnerHits
}

// collapseKey is a collapse compiled against one index.
type collapseKey struct {
	*sortKey
}

// collapse compiles the request's collapse, if it has one.
func (c *compiler) collapse() (*collapseKey, error) {
	req := c.plan.req.Collapse
	if req == nil {
		return nil, nil
	}
	f := c.fields.lookup(req.Field)
	sort := c.plan.req.Sort
	switch {
	case c.plan.req.Scroll:
		return nil, eserr.IllegalArgument("cannot use `collapse` in a scroll context")
	case len(c.plan.req.SearchAfter) > 0 && (len(sort) != 1 || sort[0].Field != req.Field):
		return nil, eserr.IllegalArgument("collapse field and sort field must be the same when use `collapse` in conjunction with `search_after`")
	case f == nil && len(c.fields.index.Sources) == 0:
		return &collapseKey{&sortKey{}}, nil
	case f == nil:
		return nil, eserr.IllegalArgument("no mapping found for `%s` in order to collapse on", req.Field)
	case f.class != classKeyword && f.class != classInt && f.class != classFloat && f.class != classUnsigned:
		return nil, eserr.IllegalArgument("collapse is not supported for the field [%s] of the type [%s]", req.Field, f.typ)
	case !f.docValues:
		return nil, eserr.IllegalArgument("cannot collapse on field `%s` without `doc_values`", req.Field)
	case !f.indexed && len(req.InnerHits) > 0:
		return nil, eserr.IllegalArgument("cannot expand `inner_hits` for collapse field `%s`, only indexed field can retrieve `inner_hits`", req.Field)
	}
	return &collapseKey{&sortKey{kind: byColumn, field: f, view: f.view, sortPrinter: sortPrinter{class: sortClassOf(f.class)}, first: true}}, nil
}

// collapseReader reads the group of single rows.
type collapseReader struct {
	key    *collapseKey
	reader keyReader
	col    *leafColumn // nil: no row has a value
	vals   [1]sortVal
	name   []byte
}

func (k *collapseKey) bind(l *leaf, p *plan, source int) (*collapseReader, error) {
	r, err := k.sortKey.bind(l, p, source, nil, nil)
	out := &collapseReader{key: k, reader: r}
	if k.kind == byColumn {
		out.col = l.column(k.view.column)
	}
	return out, err
}

// group names the group of a row of a block, good until the next call.
func (r *collapseReader) group(block int, row uint16) ([]byte, sortVal, error) {
	if err := r.single(block, int(row)); err != nil {
		return nil, sortVal{}, err
	}
	if err := r.reader.fill(block, []uint16{row}, r.vals[:]); err != nil {
		return nil, sortVal{}, err
	}
	v := r.vals[0]
	r.name = append(r.name[:0], byte(v.rank))
	r.name = binary.LittleEndian.AppendUint64(r.name, uint64(v.num))
	r.name = append(r.name, v.str...)
	return r.name, v, nil
}

// single refuses a row with several values.
func (r *collapseReader) single(block, row int) error {
	if r.col == nil || r.col.everyRow(block) {
		return nil
	}
	b, err := r.col.block(block)
	if err != nil || b.Offsets == nil {
		return err
	}
	if lo, hi := b.Range(row); hi-lo > 1 {
		return eserr.IllegalArgument("failed to extract doc:%d, the grouping field must be single valued", r.col.leaf.blocks[block].FirstRow+row)
	}
	return nil
}

// is is the clause that the documents of a group match.
func (k *collapseKey) is(v *sortVal) query.Query {
	missing := k.missingVal()
	if v.rank == missing.rank && v.num == missing.num && v.str == nil {
		return &query.Bool{MustNot: []query.Query{&query.Exists{Field: k.field.name}}}
	}
	return &query.Term{Field: k.field.name, Value: k.print(v)}
}

// expand adds to each hit the documents of its group that were asked for.
func (s *search) expand(ctx context.Context, indices []Index, found []candidate, h *result.Hits) error {
	if s.req.Collapse == nil {
		return nil
	}
	for i := range found {
		key := s.plans[found[i].plan].collapse
		if key.field == nil {
			continue
		}
		for _, inner := range s.req.Collapse.InnerHits {
			req, err := s.groupRequest(inner)
			if err != nil {
				return err
			}
			req.Query = s.groupQuery(key.is(&found[i].group))
			res, err := Search(ctx, indices, req)
			if err != nil {
				return err
			}
			name := inner.Name
			if name == "" {
				name = s.req.Collapse.Field
			}
			h.Hits[i].InnerHits = append(h.Hits[i].InnerHits, result.InnerHits{Name: name, Hits: res.Hits})
		}
	}
	return nil
}

// groupQuery is the request's query for one group.
func (s *search) groupQuery(group query.Query) query.Query {
	q := &query.Bool{Filter: []query.Query{group}}
	if s.req.Query != nil {
		q.Must = []query.Query{s.req.Query}
	}
	if s.req.PostFilter != nil {
		q.Filter = append(q.Filter, s.req.PostFilter)
	}
	return q
}

// groupRequest is the search for the documents of a group.
func (s *search) groupRequest(inner *agg.InnerHits) (*Request, error) {
	if len(s.req.Knn) > 0 {
		e := eserr.Unsupported("[inner_hits] of [collapse] in a search with [knn]")
		e.Reason += ": put the clause [knn] into [query]"
		return nil, e
	}
	req := &Request{
		From: inner.From, Size: inner.Size, TrackScores: inner.TrackScores, TrackTotal: TrackAll, Runtime: s.req.Runtime,
		Source: SourceFilter(inner.Source), Fields: fieldFormats(inner.Fields), DocvalueFields: fieldFormats(inner.DocvalueFields), StoredFields: inner.StoredFields,
		Version: inner.Version, SeqNo: inner.SeqNo, IndexBoosts: s.req.IndexBoosts, Now: s.req.Now, Budget: s.req.Budget, MaxBuckets: s.req.MaxBuckets,
		Sort: sortKeysOf(inner.Sort), NamedScores: s.req.NamedScores,
	}
	if len(inner.ScriptFields) > 0 {
		return nil, eserr.IllegalArgument("[script_fields] of [inner_hits] is not supported")
	}
	var err error
	if req.Highlight, err = parseHighlight(inner.Highlight); err != nil {
		return nil, err
	}
	if inner.Collapse != "" {
		req.Collapse = &Collapse{Field: inner.Collapse}
	}
	return req, nil
}

// withCollapseField adds the field that documents are collapsed by to those that hits print.
func (r *Request) withCollapseField(list []FieldFormat) []FieldFormat {
	if r.Collapse == nil {
		return list
	}
	return append(append([]FieldFormat(nil), list...), FieldFormat{Field: r.Collapse.Field})
}
