package ingest

import (
	"elkhorn/internal/es"
	"elkhorn/internal/event"
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
