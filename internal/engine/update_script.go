package engine

import (
	"slices"

	"elkhorn/internal/engine/exec"
	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/painless"
)

// updateByScript runs an update's script on a document that is there, and does what ctx.op says.
func (w *chunkWriter) updateByScript(p *pendingOp, body *updateBody, now *es.GetResponse) error {
	ctx, err := w.updateContext(p, now.Source, "index")
	if err != nil {
		return err
	}
	ctx.SetText("_version", painless.LongOf(now.Version))
	if now.Routing != "" {
		ctx.SetText("_routing", painless.StringOf(now.Routing))
	}
	source, op, err := w.runUpdate(body, ctx)
	if err != nil {
		return w.refuse(p, err)
	}
	switch op {
	case "index":
		p.source = source
		return w.writeChanged(p, body, now)
	case "delete":
		return w.deleteUpdated(p, body, now, source)
	}
	return w.noop(p, body, now)
}

// upsertByScript runs the script on what upsert gives for a document that is not there.
func (w *chunkWriter) upsertByScript(p *pendingOp, body *updateBody) error {
	if body.upsert == nil {
		return w.refuse(p, eserr.DocumentMissing(w.ix.name, w.ix.uuid, p.op.ID))
	}
	ctx, err := w.updateContext(p, body.upsert.Raw, "create")
	if err != nil {
		return err
	}
	source, op, err := w.runUpdate(body, ctx)
	if err != nil {
		return w.refuse(p, err)
	}
	if op != "create" && op != "index" {
		it := p.item
		it.Result, it.Status, it.Version = "noop", 200, -1
		it.SeqNo = -2
		return nil
	}
	p.source, p.guard, p.create = source, es.Guard{}, true
	return w.writeUpdated(p, body)
}

// updateContext makes the ctx of an update's script.
func (w *chunkWriter) updateContext(p *pendingOp, source []byte, op string) (*painless.Map, error) {
	n, err := jsonval.Parse(source)
	if err != nil {
		return nil, err
	}
	ctx := painless.NewMap()
	ctx.SetText("_index", painless.StringOf(w.ix.name))
	ctx.SetText("_id", painless.StringOf(p.op.ID))
	ctx.SetText("_now", painless.LongOf(w.ix.engine.now().UnixMilli()))
	ctx.SetText("op", painless.StringOf(op))
	ctx.SetText("_source", painless.FromJSON(n))
	return ctx, nil
}

// updateReadOnly is what a script of an update sees of its document and cannot change.
var updateReadOnly = []string{"_index", "_id", "_type", "_version", "_routing", "_now"}

// runUpdate runs the script; op is "index", "create", "delete" or "none", which stands for any other too.
func (w *chunkWriter) runUpdate(body *updateBody, ctx *painless.Map) (source []byte, op string, err error) {
	const failed = "failed to execute script"
	script, err := body.script.Compile(painless.Update, w.ix.engine.storedScript)
	if err != nil {
		return nil, "", eserr.IllegalArgument(failed).Because(err)
	}
	ctx.Deny(func(key string) string {
		if slices.Contains(updateReadOnly, key) {
			return key + " cannot be updated"
		}
		return ""
	})
	if _, err := script.Run(&painless.Env{Vars: []painless.Value{painless.MapOf(body.script.Params), painless.MapOf(ctx)}}); err != nil {
		return nil, "", eserr.IllegalArgument(failed).Because(err)
	}
	v, _ := ctx.GetText("op")
	switch op = v.Text(); op {
	case "index", "create", "delete", "none", "noop":
	default:
		op = "none"
	}
	if op == "none" || op == "noop" {
		return nil, "none", nil
	}
	doc, _ := ctx.GetText("_source")
	if doc.Map() == nil {
		return nil, "", eserr.IllegalArgument(failed).Because(eserr.IllegalArgument("[_source] must be a map, not a [%s]", doc))
	}
	if source, err = painless.AppendJSON(nil, doc); err != nil {
		return nil, "", err
	}
	return source, op, nil
}

// deleteUpdated deletes a document whose update's script said so, unless someone else changed it since it was read.
func (w *chunkWriter) deleteUpdated(p *pendingOp, body *updateBody, now *es.GetResponse, source []byte) error {
	action := p.op.Action
	p.op.Action, p.guard = es.ActionDelete, es.Guard{HasSeqNo: true, SeqNo: now.SeqNo, PrimaryTerm: primaryTerm}
	defer func() { p.op.Action = action }()
	w.chunk = append(w.chunk, p)
	if err := w.commit(); err != nil {
		return err
	}
	if body.returnSource && p.item.Err == nil {
		p.item.Get = exec.FilterSource(source, body.source)
	}
	return nil
}
