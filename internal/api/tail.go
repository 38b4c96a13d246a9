package api

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"slices"
	"time"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/query"
)

const (
	// maxTails bounds how many tails run at a time; each holds a connection and a place in the store's
	// list of waiting searches.
	maxTails = 128
	// tailPage is how many documents are fetched at a time.
	tailPage = 500
	// tailPause is the least time between two looks: under load documents come many at a time.
	tailPause = 25 * time.Millisecond
	// tailLook is how long to wait for a document before looking at the indices anew: one may have been deleted
	// and made again, and counts from 0.
	tailLook = time.Second
	// tailBeat is how long a stream may be silent; proxies cut connections that say nothing for a minute.
	tailBeat = 15 * time.Second
)

// tail answers GET and POST /_tail and /{index}/_tail: documents that match a query, each a server-sent
// event, as soon as their write is acknowledged. The stream ends when the client closes it or the server
// stops. Every event that ends a batch carries an id; a client that comes back with it as Last-Event-ID
// goes on where it stopped, with what was written meanwhile.
func (s *Server) tail(c *call) (answer, error) {
	body, err := c.bodyObject(false)
	if err != nil {
		return answer{}, err
	}
	t, err := c.newTail(body)
	if err != nil {
		return answer{}, err
	}
	if s.tails.Add(1) > maxTails {
		s.tails.Add(-1)
		return answer{}, eserr.Rejected("too many tails: %d run, and no more than that may", maxTails)
	}
	return answer{stream: func(events *eventWriter) {
		defer s.tails.Add(-1)
		ctx, cancel := context.WithCancel(c.ctx())
		defer cancel()
		defer context.AfterFunc(s.closing, cancel)()
		if err := t.run(ctx, events); ctx.Err() == nil {
			events.event("error", "", eserr.From(err).AppendAnswer(nil))
		}
	}}, nil
}

// A tail is one stream's place in each index.
type tail struct {
	store  es.Store
	req    es.SearchRequest // target, query and what to print of a hit
	last   int              // how many earlier documents come first
	places map[string]place // by index name
}

// place is how far an index has been delivered. An index that was deleted and made anew has another UUID.
type place struct {
	UUID string `json:"u"`
	Seq  int64  `json:"s"`
}

// newTail reads the request and notes where each index stands, so that nothing written from now on is missed.
func (c *call) newTail(body *jsonval.Node) (*tail, error) {
	req, err := c.searchRequest(body)
	if err != nil {
		return nil, err
	}
	if body != nil {
		for _, key := range body.Keys {
			if !slices.Contains(tailMembers, key) {
				return nil, eserr.IllegalArgument("[%s] has no meaning in a tail, which takes %v", key, tailMembers)
			}
		}
	}
	t := &tail{store: c.store, req: *req, last: int(max(c.number("last", 0), 0)), places: map[string]place{}}
	if t.last > tailPage {
		return nil, eserr.IllegalArgument("[last] is %d and must be at most %d", t.last, tailPage)
	}
	infos, err := c.store.Indices(c.ctx(), req.Target)
	if err != nil {
		return nil, err
	}
	t.req.Target.IgnoreUnavailable = true // an index that goes away later does not end the stream
	t.req.SeqNo, t.req.TrackTotal = true, es.TrackNone
	if id := c.req.Header.Get("Last-Event-Id"); id != "" {
		t.last = 0
		return t, t.resume(id)
	}
	for i := range infos {
		t.places[infos[i].Name] = place{infos[i].UUID, infos[i].Stats.VisibleSeqNo}
	}
	return t, nil
}

// tailMembers are the members of a search body that say which documents come and what is printed of them.
var tailMembers = []string{"query", "_source", "fields", "docvalue_fields", "runtime_mappings", "version"}

// resume takes the places from an event's id.
func (t *tail) resume(id string) error {
	text, err := base64.RawURLEncoding.DecodeString(id)
	if err == nil {
		err = json.Unmarshal(text, &t.places)
	}
	if err != nil {
		return eserr.IllegalArgument("Last-Event-ID [%s] is not an id of this stream", id[:min(len(id), 100)])
	}
	return nil
}

func (t *tail) id() string {
	text, err := json.Marshal(t.places)
	if err != nil {
		panic(err) // maps of text and numbers always print
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

// run delivers until ctx ends, the client is gone, or the store fails; it returns why.
func (t *tail) run(ctx context.Context, events *eventWriter) error {
	if err := t.earlier(ctx, events); err != nil {
		return err
	}
	for {
		if err := t.news(ctx, events); err != nil {
			return err
		}
		if err := t.wait(ctx, events); err != nil {
			return err
		}
	}
}

// earlier delivers the last documents before the stream began, by event time.
func (t *tail) earlier(ctx context.Context, events *eventWriter) error {
	if t.last > 0 {
		req := t.within(t.bounds(func(name string) *query.Range { return seqRange(-1, t.places[name].Seq) }))
		req.Size = t.last
		req.Sort = []es.SortKey{{Field: "@timestamp", Desc: true, UnmappedType: "date"}, {Field: "_doc", Desc: true}}
		res, err := t.store.Search(ctx, req)
		if err != nil {
			return err
		}
		for i := len(res.Hits.Hits) - 1; i >= 0; i-- {
			events.hit(&res.Hits.Hits[i], "")
		}
	}
	return events.comment(t.id())
}

// news delivers what became visible since the last look, in the order of each index's sequence numbers.
func (t *tail) news(ctx context.Context, events *eventWriter) error {
	infos, err := t.store.Indices(ctx, t.req.Target)
	if err != nil {
		return err
	}
	upTo, newest := map[string]int64{}, t.places
	t.places = map[string]place{} // indices that are gone are forgotten
	for i := range infos {
		info := &infos[i]
		at, known := newest[info.Name]
		if !known || at.UUID != info.UUID {
			at = place{info.UUID, -1}
		}
		t.places[info.Name] = at
		if info.Stats.VisibleSeqNo > at.Seq && !info.Closed {
			upTo[info.Name] = info.Stats.VisibleSeqNo
		}
	}
	for len(upTo) > 0 {
		full, err := t.page(ctx, events, upTo)
		if err != nil || !full {
			return err
		}
	}
	return nil
}

// page delivers the next documents beyond the places and up to the bounds; full says that there may be more.
func (t *tail) page(ctx context.Context, events *eventWriter, upTo map[string]int64) (full bool, err error) {
	req := t.within(t.bounds(func(name string) *query.Range {
		to, ok := upTo[name]
		if !ok {
			return nil
		}
		return seqRange(t.places[name].Seq, to)
	}))
	req.Size, req.Sort = tailPage, []es.SortKey{{Field: "_seq_no"}}
	res, err := t.store.Search(ctx, req)
	if err != nil {
		return false, err
	}
	hits := res.Hits.Hits
	full = len(hits) == tailPage
	for i := range hits {
		if at := t.places[hits[i].Index]; hits[i].SeqNo != nil {
			t.places[hits[i].Index] = place{at.UUID, max(at.Seq, *hits[i].SeqNo)}
		}
	}
	if !full {
		for name, to := range upTo {
			t.places[name] = place{t.places[name].UUID, to}
		}
	}
	for i := range hits {
		id := ""
		if i == len(hits)-1 {
			id = t.id()
		}
		events.hit(&hits[i], id)
	}
	return full, events.flush()
}

// wait returns when there is something beyond the places, whether or not it matches, and after tailLook without.
func (t *tail) wait(ctx context.Context, events *eventWriter) error {
	pause := time.NewTimer(tailPause)
	defer pause.Stop()
	select {
	case <-pause.C:
	case <-ctx.Done():
		return ctx.Err()
	}
	known := make([]query.Value, 0, len(t.places))
	for name := range t.places {
		known = append(known, jsonval.Str(name))
	}
	beyond := t.bounds(func(name string) *query.Range {
		return &query.Range{Field: "_seq_no", Lower: bound(t.places[name].Seq, false)}
	})
	beyond = append(beyond, &query.Bool{MustNot: []query.Query{&query.Terms{Field: "_index", Values: known}}})
	res, err := t.store.Search(ctx, &es.SearchRequest{
		Target: t.req.Target, Size: 1, WaitFor: tailLook, TrackTotal: es.TrackNone, Sort: []es.SortKey{{Field: "_doc"}},
		Source: es.SourceFilter{Disabled: true}, Query: &query.Bool{Filter: []query.Query{anyOf(beyond)}},
	})
	if err != nil || len(res.Hits.Hits) > 0 || time.Since(events.sent) < tailBeat {
		return err
	}
	return events.comment("")
}

// bounds makes a clause for each index that is known; of says which part of it, nil for none.
func (t *tail) bounds(of func(name string) *query.Range) []query.Query {
	var clauses []query.Query
	for name := range t.places {
		if part := of(name); part != nil {
			clauses = append(clauses, &query.Bool{Filter: []query.Query{&query.Term{Field: "_index", Value: jsonval.Str(name)}, part}})
		}
	}
	return clauses
}

// within is the client's request, limited to some documents.
func (t *tail) within(clauses []query.Query) *es.SearchRequest {
	req := t.req
	limited := &query.Bool{Filter: []query.Query{anyOf(clauses)}}
	if req.Query != nil {
		limited.Filter = append(limited.Filter, req.Query)
	}
	req.Query = limited
	return &req
}

func anyOf(clauses []query.Query) query.Query {
	if len(clauses) == 0 {
		return &query.MatchNone{}
	}
	return &query.Bool{Should: clauses}
}

// seqRange is the sequence numbers after one and up to another.
func seqRange(after, upTo int64) *query.Range {
	return &query.Range{Field: "_seq_no", Lower: bound(after, false), Upper: bound(upTo, true)}
}

func bound(seq int64, inclusive bool) *query.Bound {
	return &query.Bound{Value: jsonval.Int(seq), Inclusive: inclusive}
}
