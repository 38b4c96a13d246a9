package agg

import (
	"strings"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/painless"
)

// ScriptedMetric is what scripts make of documents: Init begins a state, Map takes in a document, Combine makes a result of a
// state, and Reduce one of all results.
type ScriptedMetric struct {
	Init, Map, Combine, Reduce *painless.Spec // Init may be nil
	raw                        []byte
}

// Kind returns "scripted_metric".
func (*ScriptedMetric) Kind() string { return "scripted_metric" }

// Family returns Metric.
func (*ScriptedMetric) Family() Family { return Metric }

func (b *ScriptedMetric) appendBody(dst []byte) []byte { return append(dst, b.raw...) }

// NeedsScores says whether the scripts may ask for scores.
func (b *ScriptedMetric) NeedsScores() bool {
	return b.Map.ID != "" || strings.Contains(b.Map.Source, "_score")
}

func parseScriptedMetric(p *parser, n *jsonval.Node) (Body, error) {
	b := &ScriptedMetric{raw: append([]byte(nil), n.Raw...)}
	var params *jsonval.Node
	err := p.options(n, options{
		"init_script": p.bucketScript(&b.Init), "map_script": p.bucketScript(&b.Map),
		"combine_script": p.bucketScript(&b.Combine), "reduce_script": p.bucketScript(&b.Reduce),
		"params": func(at place, n *jsonval.Node) error {
			params = n
			if n.Kind != jsonval.Object {
				return at.unknownToken(n)
			}
			return nil
		},
	})
	if err != nil {
		return nil, err
	}
	for _, part := range []struct {
		name string
		spec **painless.Spec
	}{{"initScript", &b.Init}, {"mapScript", &b.Map}, {"combineScript", &b.Combine}, {"reduceScript", &b.Reduce}} {
		if *part.spec == nil {
			if part.name == "initScript" {
				continue
			}
			return nil, eserr.IllegalArgument("[%s] must not be null: [%s]", part.name, p.name)
		}
		if params != nil {
			if *part.spec, err = withParams(*part.spec, params); err != nil {
				return nil, err
			}
		}
	}
	return b, nil
}

// withParams adds the parameters of an aggregation to those of a script.
func withParams(s *painless.Spec, params *jsonval.Node) (*painless.Spec, error) {
	n, err := jsonval.Parse(s.Raw)
	if err != nil {
		return nil, err
	}
	var own *jsonval.Node
	w := jsonval.Begin(nil)
	if n.Kind == jsonval.String {
		w.String("source", n.Text)
	}
	for i, key := range n.Keys {
		if key == "params" {
			own = &n.Items[i]
			continue
		}
		w.Raw(key, n.Items[i].Raw)
	}
	w.Key("params")
	w.Value(func(dst []byte) []byte {
		all := jsonval.Begin(dst)
		for _, from := range []*jsonval.Node{params, own} {
			for i := 0; from != nil && i < len(from.Keys); i++ {
				if from == own && params.Get(from.Keys[i]) != nil {
					err = eserr.IllegalArgument("Parameter name \"%s\" used in both aggregation and script parameters", from.Keys[i])
				}
				all.Raw(from.Keys[i], from.Items[i].Raw)
			}
		}
		return all.End()
	})
	if err != nil {
		return nil, err
	}
	if n, err = jsonval.Parse(w.End()); err != nil {
		return nil, err
	}
	return painless.ParseSpec(n)
}
