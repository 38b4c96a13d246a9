package api

import (
	"slices"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/painless"
)

// sweepScript is the script of an update by query or a reindex.
type sweepScript struct {
	script  *painless.Script
	params  *painless.Map
	reindex bool
}

// sweepScript reads the member "script".
func (c *call) sweepScript(n *jsonval.Node, reindex bool) (*sweepScript, error) {
	spec, err := painless.ParseSpec(n)
	if err != nil {
		return nil, err
	}
	context := painless.UpdateByQuery
	if reindex {
		context = painless.Reindex
	}
	script, err := spec.Compile(context, c.storedScript)
	return &sweepScript{script, spec.Params, reindex}, err
}

// The keys of a script's ctx, and those that an update by query may not change.
var (
	sweepKeys      = []string{"_index", "_id", "_version", "_routing", "_now", "op", "_source"}
	sweepReadOnly  = []string{"_index", "_id", "_version", "_routing", "_now"}
	sweepOps       = []string{"noop", "index", "delete"}
	reindexNowOnly = []string{"_now"}
)

// apply runs the script on a document and makes op what it says; write is false when it says that nothing is to be done.
func (s *sweepScript) apply(c *call, hit *es.Hit, op *es.BulkOp) (write bool, err error) {
	n, err := jsonval.Parse(hit.Source)
	if err != nil {
		return false, err
	}
	ctx := painless.NewMap()
	ctx.SetText("_index", painless.StringOf(op.Index))
	ctx.SetText("_id", painless.StringOf(op.ID))
	ctx.SetText("_version", painless.Null)
	if hit.Version != nil {
		ctx.SetText("_version", painless.LongOf(*hit.Version))
	}
	ctx.SetText("_routing", painless.Null)
	if op.Routing != "" {
		ctx.SetText("_routing", painless.StringOf(op.Routing))
	}
	ctx.SetText("_now", painless.LongOf(c.now().UnixMilli()))
	ctx.SetText("op", painless.StringOf("index"))
	ctx.SetText("_source", painless.FromJSON(n))
	fixed := sweepReadOnly
	if s.reindex {
		fixed = reindexNowOnly
	}
	ctx.Deny(func(key string) string {
		if slices.Contains(fixed, key) {
			return key + " cannot be updated"
		}
		return ""
	})
	if _, err := s.script.Run(&painless.Env{Vars: []painless.Value{painless.MapOf(s.params), painless.MapOf(ctx)}}); err != nil {
		return false, err
	}
	for i := range ctx.Len() {
		if key, _ := ctx.Entry(i); !slices.Contains(sweepKeys, key.Text()) {
			return false, eserr.IllegalArgument("Invalid fields added to context [%s]", key)
		}
	}
	return s.take(ctx, op)
}

// take makes op what the ctx says after the script ran.
func (s *sweepScript) take(ctx *painless.Map, op *es.BulkOp) (bool, error) {
	was, _ := ctx.GetText("op")
	if !slices.Contains(sweepOps, was.Text()) {
		return false, eserr.IllegalArgument("[op] must be one of %s, not [%s]", "delete, index, noop", was)
	}
	if was.Text() == "noop" {
		return false, nil
	}
	if s.reindex {
		if err := s.destination(ctx, op); err != nil {
			return false, err
		}
	}
	if was.Text() == "delete" {
		op.Action, op.Source = es.ActionDelete, nil
		return true, nil
	}
	doc, _ := ctx.GetText("_source")
	if doc.Map() == nil {
		return false, eserr.IllegalArgument("[_source] must be a map, not [%s]", doc)
	}
	var err error
	op.Source, err = painless.AppendJSON(nil, doc)
	return true, err
}

// destination takes over where a script of a reindex sends a document.
func (s *sweepScript) destination(ctx *painless.Map, op *es.BulkOp) error {
	text := func(key string, target *string) error {
		v, _ := ctx.GetText(key)
		if v.Kind() != painless.KindString && !v.IsNull() {
			return eserr.IllegalArgument("%s [%s] is wrong type, expected assignable to [java.lang.String]", key, v)
		}
		*target = v.Text()
		return nil
	}
	index := op.Index
	for key, target := range map[string]*string{"_index": &index, "_id": &op.ID, "_routing": &op.Routing} {
		if err := text(key, target); err != nil {
			return err
		}
	}
	if index == "" {
		return eserr.IllegalArgument("_index cannot be null")
	}
	op.Index = index
	if v, _ := ctx.GetText("_version"); v.IsNull() {
		op.Guard = es.Guard{}
	} else if op.Guard.VersionType != "" {
		op.Guard.Version = v.Long()
	}
	return nil
}

// storedScript finds the source of a stored script.
func (c *call) storedScript(id string) (string, error) {
	found, err := apply[[]es.Object](c, &es.GetObjects{Kind: es.KindStoredScript, Names: []string{id}})
	if err != nil {
		return "", err
	}
	for _, o := range found {
		if o.Name != id {
			continue
		}
		n, err := jsonval.Parse(o.JSON)
		if err != nil {
			return "", err
		}
		if source := n.Get("source"); source != nil {
			return source.Text, nil
		}
	}
	return "", painless.NoStored(id)
}
