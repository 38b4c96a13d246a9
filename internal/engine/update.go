package engine

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"

	"elkhorn/internal/engine/exec"
	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/painless"
)

// updateBody is the body of an update operation.
type updateBody struct {
	doc, upsert  *jsonval.Node
	script       *painless.Spec
	scripted     bool // scripted_upsert: the script also runs on what upsert gives
	docAsUpsert  bool
	detectNoop   bool
	returnSource bool
	source       exec.SourceFilter // of what returnSource returns
}

// fault is what makes no sense together in an update, "" for nothing.
func (b *updateBody) fault(guarded bool) string {
	switch {
	case b.docAsUpsert && b.doc == nil && b.script == nil:
		return "script or doc is missing;2: doc must be specified if doc_as_upsert is enabled"
	case b.docAsUpsert && b.doc == nil:
		return "doc must be specified if doc_as_upsert is enabled"
	case guarded && (b.upsert != nil || b.docAsUpsert):
		return "upsert requests don't support `if_seq_no` and `if_primary_term`"
	}
	return ""
}

// updateAttempts bounds how often an update is tried again when someone else changes the document
// between its read and its write.
const updateAttempts = 5

// update reads the document, merges the change in and writes it, guarded by the sequence number it read.
func (w *chunkWriter) update(p *pendingOp) error {
	body, err := parseUpdate(p.op.Source)
	if err != nil {
		return w.refuse(p, err)
	}
	if p.op.ID == "" {
		return w.refuse(p, eserr.Validation("Validation Failed: 1: id is missing;"))
	}
	if fault := body.fault(p.op.Guard.HasSeqNo); fault != "" {
		return w.refuse(p, eserr.Validation("Validation Failed: 1: %s;", fault))
	}
	for attempt := 1; ; attempt++ {
		item := *p.item
		if err := w.tryUpdate(p, body); err != nil {
			return err
		}
		if !p.item.Err.IsVersionConflict() || p.op.Guard.HasSeqNo || attempt == updateAttempts {
			return nil
		}
		*p.item = item
	}
}

func (w *chunkWriter) tryUpdate(p *pendingOp, body *updateBody) error {
	id := p.op.ID
	now, err := w.ix.get(&es.GetRequest{Index: w.ix.name, ID: id, Routing: p.op.Routing})
	if err != nil {
		return err
	}
	if !now.Found {
		return w.upsert(p, body)
	}
	if p.op.Guard.HasSeqNo {
		if conflict := w.ix.checkGuard(p, docState{known: true, exists: true, seq: now.SeqNo, version: now.Version}); conflict != nil {
			return w.refuse(p, conflict)
		}
	}
	if body.script != nil {
		return w.updateByScript(p, body, now)
	}
	if body.doc == nil {
		return w.refuse(p, eserr.Validation("Validation Failed: 1: script or doc is missing;"))
	}
	old, err := jsonval.Parse(now.Source)
	if err != nil {
		return err
	}
	merged, changed := mergeObjects(nil, old, body.doc)
	if !changed && body.detectNoop {
		return w.noop(p, body, now)
	}
	p.source = merged
	return w.writeChanged(p, body, now)
}

// noop answers an update that changes nothing.
func (w *chunkWriter) noop(p *pendingOp, body *updateBody, now *es.GetResponse) error {
	w.ix.stats.noopUpdates.Add(1)
	it := p.item
	it.Result, it.Status, it.Version, it.SeqNo, it.PrimaryTerm = "noop", http.StatusOK, now.Version, now.SeqNo, primaryTerm
	if body.returnSource {
		it.Get = exec.FilterSource(now.Source, body.source)
	}
	return nil
}

// writeChanged writes an updated document, unless someone else changed it since it was read.
func (w *chunkWriter) writeChanged(p *pendingOp, body *updateBody, now *es.GetResponse) error {
	p.guard = es.Guard{HasSeqNo: true, SeqNo: now.SeqNo, PrimaryTerm: primaryTerm}
	if p.op.Routing == "" {
		p.op.Routing = now.Routing
	}
	return w.writeUpdated(p, body)
}

// upsert writes a document that was not there.
func (w *chunkWriter) upsert(p *pendingOp, body *updateBody) error {
	switch {
	case body.scripted && body.script != nil:
		return w.upsertByScript(p, body)
	case body.docAsUpsert && body.doc != nil:
		p.source = body.doc.Raw
	case body.upsert != nil:
		p.source = body.upsert.Raw
	default:
		return w.refuse(p, eserr.DocumentMissing(w.ix.name, w.ix.uuid, p.op.ID))
	}
	p.guard, p.create = es.Guard{}, true
	return w.writeUpdated(p, body)
}

func (w *chunkWriter) writeUpdated(p *pendingOp, body *updateBody) error {
	if p.op.Rewrite != nil {
		source, err := p.op.Rewrite(p.source)
		if err != nil {
			return w.refuse(p, err)
		}
		p.source = source
	}
	if err := w.addDocument(p); err != nil {
		return err
	}
	if err := w.commit(); err != nil {
		return err
	}
	p.create = false
	if body.returnSource && p.item.Err == nil {
		p.item.Get = exec.FilterSource(bytes.Clone(p.source), body.source)
	}
	return nil
}

// updateMembers are what an update's body takes.
var updateMembers = []string{"doc", "upsert", "doc_as_upsert", "detect_noop", "_source", "script", "scripted_upsert"}

// updateSource reads how much of the document to answer with: a pattern, patterns, or includes and
// excludes.
func updateSource(v *jsonval.Node) exec.SourceFilter {
	switch v.Kind {
	case jsonval.String, jsonval.Array:
		return exec.SourceFilter{Includes: textsOf(v)}
	case jsonval.Object:
		return exec.SourceFilter{
			Includes: append(textsOf(v.Get("includes")), textsOf(v.Get("include"))...),
			Excludes: append(textsOf(v.Get("excludes")), textsOf(v.Get("exclude"))...),
		}
	}
	return exec.SourceFilter{}
}

func parseUpdate(source []byte) (*updateBody, error) {
	n, err := jsonval.Parse(source)
	if err != nil {
		return nil, err
	}
	if n.Kind != jsonval.Object {
		return nil, eserr.ParsingException(n.Line, n.Col, "[UpdateRequest] Expected START_OBJECT but was: %s", n.Kind)
	}
	body := &updateBody{detectNoop: true}
	for i, key := range n.Keys {
		v := &n.Items[i]
		switch key {
		case "doc", "upsert":
			if v.Kind != jsonval.Object {
				return nil, eserr.ParsingException(v.Line, v.Col, "[UpdateRequest] %s doesn't support values of type: %s", key, v.Kind)
			}
			if key == "doc" {
				body.doc = v
			} else {
				body.upsert = v
			}
		case "doc_as_upsert":
			body.docAsUpsert = v.Text == "true"
		case "detect_noop":
			body.detectNoop = v.Text != "false"
		case "_source":
			body.returnSource = v.Text != "false"
			body.source = updateSource(v)
		case "script":
			if body.script, err = painless.ParseSpec(v); err != nil {
				return nil, err
			}
		case "scripted_upsert":
			body.scripted = v.Text == "true"
		default:
			return nil, eserr.New(http.StatusBadRequest, "x_content_parse_exception", "[%d:%d] [UpdateRequest] unknown field [%s]%s", v.Line, v.Col, key,
				jsonval.DidYouMean(key, updateMembers))
		}
	}
	if body.script != nil && body.doc != nil {
		return nil, eserr.Validation("Validation Failed: 1: can't provide both script and doc;")
	}
	return body, nil
}

// mergeObjects appends old with change merged in: objects recursively, anything else replaced. Members
// keep their place and, where nothing changed, their bytes.
func mergeObjects(dst []byte, old, change *jsonval.Node) (merged []byte, changed bool) {
	dst = append(dst, '{')
	comma := false
	member := func(key string) {
		if comma {
			dst = append(dst, ',')
		}
		comma = true
		dst = append(jsonval.AppendString(dst, key), ':')
	}
	for i, key := range old.Keys {
		was, is := &old.Items[i], change.Get(key)
		member(key)
		switch {
		case is == nil:
			dst = append(dst, was.Raw...)
		case was.Kind == jsonval.Object && is.Kind == jsonval.Object:
			var inner bool
			dst, inner = mergeObjects(dst, was, is)
			changed = changed || inner
		default:
			dst = append(dst, is.Raw...)
			changed = changed || !equalNodes(was, is)
		}
	}
	for i, key := range change.Keys {
		if old.Get(key) == nil {
			member(key)
			dst = append(dst, change.Items[i].Raw...)
			changed = true
		}
	}
	return append(dst, '}'), changed
}

// equalNodes compares two values by content: white space, the order of members and how a number is spelled do not count. A whole
// number and a fraction differ as they do in Elasticsearch, where 1 is not 1.0.
func equalNodes(a, b *jsonval.Node) bool {
	if a.Kind != b.Kind {
		return false
	}
	switch a.Kind {
	case jsonval.Number:
		if a.Text == b.Text {
			return true
		}
		if strings.ContainsAny(a.Text, ".eE") != strings.ContainsAny(b.Text, ".eE") {
			return false
		}
		x, err1 := strconv.ParseFloat(a.Text, 64)
		y, err2 := strconv.ParseFloat(b.Text, 64)
		return err1 == nil && err2 == nil && x == y && strings.ContainsAny(a.Text, ".eE")
	case jsonval.Array, jsonval.Object:
		if len(a.Items) != len(b.Items) {
			return false
		}
		for i := range a.Items {
			other := &b.Items[i]
			if a.Kind == jsonval.Object {
				if other = b.Get(a.Keys[i]); other == nil {
					return false
				}
			}
			if !equalNodes(&a.Items[i], other) {
				return false
			}
		}
		return true
	}
	return a.Text == b.Text
}
