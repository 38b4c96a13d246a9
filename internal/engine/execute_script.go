package engine

import (
	"context"
	"errors"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/engine/exec"
	"elkhorn/internal/engine/ingest"
	"elkhorn/internal/engine/segment"
	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
)

// executeScript runs a script on a document that is indexed for it alone, with the mapping of an index; see es.ExecuteScript.
func (e *Engine) executeScript(ctx context.Context, c *es.ExecuteScript) (*es.ScriptResult, error) {
	found, err := e.resolve(es.Target{Names: []string{c.Index}, NoIndices: true, NoWildcards: true})
	if err != nil {
		return nil, err
	}
	ix := found[0].index
	batch, plan, err := e.batchOf(ix, c.Document)
	if err != nil {
		return nil, err
	}
	x := exec.Index{Name: ix.name, UUID: ix.uuid, Mapping: plan.Mapping(), IDs: execIDs{ix.ids}, Analyzers: ix.settings.Load().analyzers,
		Sources: []exec.Source{{Segment: batch}}}
	req := execRequest(&es.SearchRequest{TrackScores: true}, e)
	value, emitted, err := exec.RunScript(ctx, x, c.Script, c.Context, c.Query, req)
	if err != nil {
		return nil, err
	}
	return &es.ScriptResult{Value: value, Emitted: emitted}, nil
}

// batchOf indexes one document in memory, with the mapping that it makes of the index's.
func (e *Engine) batchOf(ix *index, source []byte) (*segment.Batch, *ingest.Plan, error) {
	b := e.builders.Get().(*ingest.Builder)
	defer e.builders.Put(b)
	plan := ix.plan.Load()
	b.Reset(plan)
	b.SetNestedLimit(ix.settings.Load().nestedObjects)
	err := b.Add(source)
	for attempt := 0; errors.Is(err, ingest.ErrUnknownFields) && attempt < maxGrowth; attempt++ {
		next, growErr := ingest.GrowthUpTo(source, 0, nil)(plan.Mapping())
		if growErr != nil {
			return nil, nil, growErr
		}
		if plan, growErr = ix.newPlan(next); growErr != nil {
			return nil, nil, growErr
		}
		b.Reset(plan)
		err = b.Add(source)
	}
	if err != nil {
		return nil, nil, err
	}
	if b.Rows() == 0 {
		return nil, nil, eserr.IllegalArgument("the document has no content")
	}
	data := b.Finish()
	data.Fields = append(data.Fields, segment.BatchField{Name: segment.SeqNoField, Doc: &column.Block{Kind: column.Int64, Rows: 1, Ints: []int64{0}}})
	batch, err := segment.NewBatch(data)
	return batch, plan, err
}
