package ingest

import (
	"errors"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/event"
	"elkhorn/internal/ingest/processor"
)

// update takes the documents in an update's body through the pipelines: with doc_as_upsert the change itself, else what is
// written when there is no such document. Where they go is not theirs to say.
func (r *runner) update(op *es.BulkOp, t *task) error {
	body, err := event.ParseObject(op.Source)
	if err != nil {
		return nil // the store inside says what is wrong with it
	}
	member := "upsert"
	if as, ok := body.Member("doc_as_upsert"); ok && as.Truthy() && as.Text() != "false" {
		member = "doc"
	}
	doc, ok := body.Member(member)
	if !ok || doc.Kind() != event.Object {
		return nil
	}
	inner := *op
	inner.Source = doc.AppendJSON(nil)
	if err := r.document(&inner, t, doc); err != nil {
		return err
	}
	changed, err := event.ParseObject(inner.Source)
	if err != nil {
		return err
	}
	body.SetMember(member, changed)
	op.Source = body.AppendJSON(nil)
	return nil
}

// rewrite has the document that an update makes taken through the pipelines before it is written.
func (r *runner) rewrite(op *es.BulkOp, t *task) {
	index := op.Index
	op.Rewrite = func(source []byte) ([]byte, error) {
		doc, err := parseSource(source)
		if err != nil {
			return nil, err
		}
		made := es.BulkOp{Action: es.ActionIndex, Index: index, ID: op.ID, Routing: op.Routing, Source: source}
		t.dropped, t.executed = false, nil // it may be tried again
		err = r.document(&made, t, doc)
		switch {
		case errors.Is(err, processor.ErrDropped):
			t.dropped = true
			return nil, eserr.IllegalArgument("%v", err)
		case err != nil:
			return nil, err
		case made.Index != index || made.ID != op.ID:
			return nil, eserr.Unsupported("a pipeline that moves an updated document to another index or id")
		}
		return made.Source, nil
	}
}
