package output

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"strings"
	"time"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/pipeline/dial"
)

// operation is an event on its way as a bulk operation.
type operation struct {
	ev *event.Event
	op es.BulkOp
}

// Write writes events as bulk operations. Operations that the store refuses for now (429, 5xx and whatever is
// not the document's fault) are tried again until ctx ends; 400 and 404 are dead letters; 409 is a duplicate.
func (o *elasticsearchWriter) Write(ctx context.Context, events []*event.Event) error {
	retry := newBackoff()
	var store destination
	for failed := false; store == nil; failed = true {
		var err error
		if store, err = o.store(ctx); err == nil {
			if failed {
				o.env.Logger.Info("reached the store", "hosts", dial.RedactedList(o.target.Hosts))
			}
			break
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		o.env.Logger.Warn("cannot reach the store; trying again", "hosts", dial.RedactedList(o.target.Hosts), "error", err)
		if err := retry.wait(ctx); err != nil {
			return err
		}
	}
	request := o.requests.Get().(*bulkRequest)
	defer o.giveBack(request)
	ops, letters := o.operations(events, request)
	retry = newBackoff()
	for failed := false; len(ops) > 0; failed = true {
		again, refused, err := o.bulk(ctx, store, ops, request)
		letters = append(letters, refused...)
		if ctx.Err() != nil && len(again) > 0 {
			return ctx.Err()
		}
		if ops = again; len(ops) == 0 {
			if failed {
				o.env.Logger.Info("the store takes documents again")
			}
			break
		}
		o.env.Logger.Warn("the store does not take documents now; trying again", "documents", len(ops), "error", err)
		if err := retry.wait(ctx); err != nil {
			return err
		}
	}
	return bury(ctx, o.env, letters)
}

// bulkRequest is what writing a batch takes, for batches in turn: stores keep nothing of it.
type bulkRequest struct {
	sources []byte // of all documents
	ends    []int  // in sources
	ops     []operation
	bulk    es.BulkRequest
	// index is what is made of name, the last event's; expanded is room for that.
	name, index string
	expanded    []byte
}

// keptSourceBytes is how many bytes the documents of a batch may have had for their room to be kept: 125 of some kB.
const keptSourceBytes = 1 << 20

// giveBack keeps a request's room for the next batch.
func (o *elasticsearchWriter) giveBack(r *bulkRequest) {
	if cap(r.sources) > keptSourceBytes {
		return
	}
	clear(r.ops)
	clear(r.bulk.Ops[:cap(r.bulk.Ops)]) // a second try may have been of fewer
	o.requests.Put(r)
}

// operations makes the events' operations; an event whose action is none of the four is a dead letter.
func (o *elasticsearchWriter) operations(events []*event.Event, r *bulkRequest) ([]operation, []pipeline.DeadLetter) {
	var letters []pipeline.DeadLetter
	// All sources in one. It may move while it grows, so they are cut at the end.
	r.sources, r.ends, r.ops = r.sources[:0], r.ends[:0], r.ops[:0]
	for _, ev := range events {
		action, ok := actions[o.action.Expand(ev)]
		if !ok {
			letters = append(letters, o.letter(ev, http.StatusBadRequest, "unknown action "+o.action.Expand(ev)))
			continue
		}
		op := es.BulkOp{Action: action, Index: o.indexOf(ev, r), ID: o.idOf(ev)}
		if o.routing != nil {
			op.Routing = o.routing.Expand(ev)
		}
		if o.ingest != nil {
			op.Pipeline = o.ingest.Expand(ev)
		}
		r.sources = o.appendSource(r.sources, action, ev)
		r.ends = append(r.ends, len(r.sources))
		r.ops = append(r.ops, operation{ev, op})
	}
	start := 0
	for i, end := range r.ends {
		if end > start {
			r.ops[i].op.Source = r.sources[start:end:end]
		}
		start = end
	}
	return r.ops, letters
}

func (o *elasticsearchWriter) appendSource(buf []byte, action es.Action, ev *event.Event) []byte {
	switch action {
	case es.ActionDelete:
		return buf
	case es.ActionUpdate:
		buf = append(buf, `{"doc":`...)
		buf = ev.AppendJSON(buf)
		if o.upsert {
			buf = append(buf, `,"doc_as_upsert":true`...)
		}
		return append(buf, '}')
	}
	if o.stream != nil && o.stream.sync {
		return o.stream.appendSource(buf, ev)
	}
	return ev.AppendJSON(buf)
}

// indexOf returns the event's index, as a name that the store can take.
func (o *elasticsearchWriter) indexOf(ev *event.Event, r *bulkRequest) string {
	if o.ilm != nil {
		return o.ilm.alias
	}
	if o.stream != nil {
		return o.stream.of(ev).name()
	}
	r.expanded, _ = o.index.Append(r.expanded[:0], ev)
	if r.index == "" || string(r.expanded) != r.name { // events of a time go to one index
		r.name = string(r.expanded)
		r.index = o.possibleIndex(r.name)
	}
	return r.index
}

// possibleIndex makes a name one that the store can take.
func (o *elasticsearchWriter) possibleIndex(name string) string {
	if o.env.Strict {
		return name
	}
	safe := safeIndexName(name)
	if safe != name && o.once("index "+name) {
		o.env.Logger.Warn("index name is not possible; using another", "name", name, "used", safe)
	}
	return safe
}

// safeIndexName makes a name that Elasticsearch's rules allow: lower case, none of \ / * ? " < > | , # : and
// blank, not beginning with - _ +, at most 255 bytes.
func safeIndexName(name string) string {
	safe := strings.Map(func(r rune) rune {
		if strings.ContainsRune("\\/*?\"<>|,#: \t\n\r\x00", r) {
			return '_'
		}
		return r
	}, strings.ToLower(name))
	if safe == "" || safe == "." || safe == ".." || strings.IndexByte("-_+", safe[0]) >= 0 {
		safe = "x" + safe
	}
	if len(safe) > 255 {
		safe = strings.ToValidUTF8(safe[:255], "")
	}
	return safe
}

var (
	logPathPath   = event.MustPath("[log][file][path]")
	logOffsetPath = event.MustPath("[log][offset]")
)

// idOf returns the document's id. When a reference does not resolve, all events would get the same text and
// overwrite each other: then the id is made of where the event comes from (file and offset) and what it holds. That is
// the same when a source sends the event again, so it prevents duplicates as the reference was meant to.
func (o *elasticsearchWriter) idOf(ev *event.Event) string {
	if o.id == nil {
		return ""
	}
	text, resolved := o.id.Append(nil, ev)
	if resolved && len(text) > 0 || o.env.Strict {
		return string(text)
	}
	if o.once("document_id") {
		o.env.Logger.Warn("document_id does not resolve; ids are made of the events' origin", "document_id", string(text))
	}
	origin := make([]byte, 0, 1024)
	path, _ := ev.Get(logPathPath)
	offset, _ := ev.Get(logOffsetPath)
	if path.Kind() == event.String && offset.Kind() == event.Int {
		origin = append(origin, path.Str()...)
		origin = append(origin, 0)
		origin = offset.AppendText(origin)
		origin = append(origin, 0)
	}
	origin = ev.Timestamp().UTC().AppendFormat(origin, time.RFC3339Nano)
	origin = ev.Fields().AppendJSON(origin)
	sum := sha256.Sum256(origin)
	return base64.RawURLEncoding.EncodeToString(sum[:15]) // 120 bits, as many as the store's own ids
}

func (o *elasticsearchWriter) letter(ev *event.Event, status int, reason string) pipeline.DeadLetter {
	return pipeline.DeadLetter{Time: o.env.Now(), Reason: reason, Status: status, Event: ev}
}

// bulk sends operations and sorts out what came back: what to try again, with the last reason, and what is refused.
func (o *elasticsearchWriter) bulk(ctx context.Context, store destination, ops []operation, r *bulkRequest) (again []operation, refused []pipeline.DeadLetter, reason error) {
	r.bulk.Ops = r.bulk.Ops[:0]
	for i := range ops {
		r.bulk.Ops = append(r.bulk.Ops, ops[i].op)
	}
	resp, err := store.Bulk(ctx, &r.bulk)
	if err != nil {
		return o.wholeRefused(ctx, store, ops, r, err)
	}
	if len(resp.Items) != len(ops) {
		return ops, nil, errors.New("the store's answer does not have one item per document")
	}
	for i := range resp.Items {
		switch item := &resp.Items[i]; {
		case item.Err == nil, item.Status == http.StatusConflict:
		case item.Status == http.StatusNotFound && ops[i].op.Action == es.ActionDelete:
		case item.Status == http.StatusBadRequest, item.Status == http.StatusNotFound:
			refused = append(refused, o.letter(ops[i].ev, item.Status, item.Err.Error()))
		default:
			again, reason = append(again, ops[i]), item.Err
		}
	}
	return again, refused, reason
}

// wholeRefused handles an error of the whole request. One that blames the request's content is narrowed
// down by halves, so that one document does not hold up the others.
func (o *elasticsearchWriter) wholeRefused(ctx context.Context, store destination, ops []operation, r *bulkRequest, err error) ([]operation, []pipeline.DeadLetter, error) {
	var e *eserr.Error
	if !errors.As(err, &e) || e.Status != http.StatusBadRequest && e.Status != http.StatusRequestEntityTooLarge {
		return ops, nil, err
	}
	if len(ops) == 1 {
		return nil, []pipeline.DeadLetter{o.letter(ops[0].ev, e.Status, e.Error())}, nil
	}
	half := len(ops) / 2
	again1, refused1, err1 := o.bulk(ctx, store, ops[:half], r)
	again2, refused2, err2 := o.bulk(ctx, store, ops[half:], r)
	return append(again1[:len(again1):len(again1)], again2...), append(refused1, refused2...), errors.Join(err1, err2)
}
