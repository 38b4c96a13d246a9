package query

import (
	"strings"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// FunctionScore matches what Inner matches and changes its scores by functions.
type FunctionScore struct {
	Common
	Inner     Query // never nil: match_all when none is given
	Functions []ScoreFunction
	// ScoreMode combines functions: "multiply" (also when empty), "sum", "avg", "first", "max" or "min". BoostMode combines what
	// they give with the score: "multiply" (also when empty), "replace", "sum", "avg", "max" or "min".
	ScoreMode, BoostMode string
	// MaxBoost limits what the functions give; MinScore leaves out documents that score less. nil for none.
	MaxBoost, MinScore *float64
}

// ScoreFunction is a function with the documents that it is for. One of its parts is set, or none: then it is its weight.
type ScoreFunction struct {
	Filter Query // nil: for all
	Weight *float64
	Factor *FieldValueFactor
	Random *RandomScore
	Decay  *Decay
	Script []byte // raw JSON
}

// FieldValueFactor is the value of a field times Factor, with Modifier applied.
type FieldValueFactor struct {
	Field    string
	Factor   float64
	Modifier string // "none", "log", "log1p", "log2p", "ln", "ln1p", "ln2p", "square", "sqrt" or "reciprocal"
	Missing  *float64
}

// RandomScore is a number from 0 to 1 made of Seed and the value of Field.
type RandomScore struct {
	Seed  Value // null: another one at each search
	Field string
}

// Decay falls off with the distance of a field's value from an origin.
type Decay struct {
	Shape  string // "gauss", "linear" or "exp"
	Field  string
	Origin []byte // raw JSON; nil is now
	Scale  Value
	Offset Value // null is 0
	// Decay is what is left at the distance Scale.
	Decay float64
	// Mode picks of several values the distance that counts: "min", "max", "avg" or "sum".
	Mode string
}

// Kind returns "function_score".
func (*FunctionScore) Kind() string { return "function_score" }

func (q *FunctionScore) children() []Query {
	list := []Query{q.Inner}
	for _, f := range q.Functions {
		if f.Filter != nil {
			list = append(list, f.Filter)
		}
	}
	return list
}

func (q *FunctionScore) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	w.Key("query")
	w.Value(func(dst []byte) []byte { return Append(dst, q.Inner) })
	w.Key("functions")
	w.Value(func(dst []byte) []byte {
		dst = append(dst, '[')
		for i := range q.Functions {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = q.Functions[i].append(dst)
		}
		return append(dst, ']')
	})
	w.StringIf("score_mode", q.ScoreMode)
	w.StringIf("boost_mode", q.BoostMode)
	writeFloat(&w, "max_boost", q.MaxBoost)
	writeFloat(&w, "min_score", q.MinScore)
	q.write(&w)
	return w.End()
}

func writeFloat(w *jsonval.Writer, name string, v *float64) {
	if v != nil {
		w.Float(name, *v)
	}
}

func (f *ScoreFunction) append(dst []byte) []byte {
	w := jsonval.Begin(dst)
	if f.Filter != nil {
		w.Key("filter")
		w.Value(func(dst []byte) []byte { return Append(dst, f.Filter) })
	}
	writeFloat(&w, "weight", f.Weight)
	switch {
	case f.Factor != nil:
		w.Key("field_value_factor")
		w.Value(f.Factor.append)
	case f.Random != nil:
		w.Key("random_score")
		w.Value(f.Random.append)
	case f.Decay != nil:
		w.Key(f.Decay.Shape)
		w.Value(f.Decay.append)
	case f.Script != nil:
		w.Key("script_score")
		w.Value(func(dst []byte) []byte {
			o := jsonval.Begin(dst)
			o.Raw("script", f.Script)
			return o.End()
		})
	}
	return w.End()
}

func (f *FieldValueFactor) append(dst []byte) []byte {
	w := jsonval.Begin(dst)
	w.String("field", f.Field)
	w.Float("factor", f.Factor)
	w.StringIf("modifier", f.Modifier)
	writeFloat(&w, "missing", f.Missing)
	return w.End()
}

func (f *RandomScore) append(dst []byte) []byte {
	w := jsonval.Begin(dst)
	if !f.Seed.IsNull() {
		w.Scalar("seed", f.Seed)
	}
	w.StringIf("field", f.Field)
	return w.End()
}

func (d *Decay) append(dst []byte) []byte {
	outer := jsonval.Begin(dst)
	outer.Key(d.Field)
	outer.Value(func(dst []byte) []byte {
		w := jsonval.Begin(dst)
		if d.Origin != nil {
			w.Raw("origin", d.Origin)
		}
		w.Scalar("scale", d.Scale)
		if !d.Offset.IsNull() {
			w.Scalar("offset", d.Offset)
		}
		w.Float("decay", d.Decay)
		return w.End()
	})
	outer.StringIf("multi_value_mode", d.Mode)
	return outer.End()
}

// scoreFunctions are the names of functions, which also stand beside the query when there is only one.
var scoreFunctions = []string{"field_value_factor", "random_score", "script_score", "gauss", "linear", "exp", "weight"}

func parseFunctionScore(p *parser, n *jsonval.Node) (Query, error) {
	q := &FunctionScore{}
	var alone ScoreFunction
	found := "" // what was given of functions
	known := options{
		"query":      p.clause(&q.Inner),
		"score_mode": p.oneOf(&q.ScoreMode, "multiply", "sum", "avg", "first", "max", "min"),
		"boost_mode": p.oneOf(&q.BoostMode, "multiply", "replace", "sum", "avg", "max", "min"),
		"max_boost":  p.float(&q.MaxBoost),
		"min_score":  p.float(&q.MinScore),
		"functions": func(at place, n *jsonval.Node) error {
			if found != "" {
				return p.fail(n, "failed to parse [function_score] query. [you can either define [functions] array or a single function, not both. already found [%s], now encountering [functions].]", found)
			}
			found = "[functions] array"
			return p.scoreFunctionList(at, n, &q.Functions)
		},
	}
	for _, name := range scoreFunctions {
		known[name] = func(at place, n *jsonval.Node) error {
			if found == "[functions] array" || found != "" && found != "weight" && name != "weight" {
				return p.fail(n, "failed to parse [function_score] query. already found [%s], now encountering [%s]. use [functions] array if you want to define several functions.", found, name)
			}
			found = name
			return p.scoreFunction(at, n, &alone)
		}
	}
	if err := p.options(n, "function_score", &q.Common, known); err != nil {
		return nil, err
	}
	if found != "" && found != "[functions] array" {
		q.Functions = []ScoreFunction{alone}
	}
	if q.Inner == nil {
		q.Inner = &MatchAll{}
	}
	return q, nil
}

// maxScoreFunctions bounds what one clause computes for each document; the limit on clauses is the same.
const maxScoreFunctions = 1024

func (p *parser) scoreFunctionList(at place, n *jsonval.Node, target *[]ScoreFunction) error {
	if n.Kind != jsonval.Array || len(n.Items) > maxScoreFunctions {
		return at.unknownToken(n)
	}
	for i := range n.Items {
		item := &n.Items[i]
		if item.Kind != jsonval.Object {
			return p.fail(item, "failed to parse [function_score]. malformed query, expected a [START_OBJECT] while parsing functions but got a [%s] instead", item.Kind)
		}
		var f ScoreFunction
		known := options{"filter": p.clause(&f.Filter)}
		for _, name := range scoreFunctions {
			known[name] = func(at place, n *jsonval.Node) error { return p.scoreFunction(at, n, &f) }
		}
		var none Common
		if err := p.options(item, "function_score", &none, known); err != nil {
			return err
		}
		if f.Weight == nil && f.Factor == nil && f.Random == nil && f.Decay == nil && f.Script == nil {
			return p.fail(item, "failed to parse [function_score] query. an entry in functions list is missing a function.")
		}
		*target = append(*target, f)
	}
	return nil
}

func (p *parser) scoreFunction(at place, n *jsonval.Node, f *ScoreFunction) error {
	if at.option == "weight" {
		return p.float(&f.Weight)(at, n)
	}
	if f.Factor != nil || f.Random != nil || f.Decay != nil || f.Script != nil {
		return p.fail(n, "failed to parse [function_score] query. already found a function, now encountering [%s]. use [functions] array if you want to define several functions.", at.option)
	}
	if n.Kind != jsonval.Object {
		return at.unknownToken(n)
	}
	var none Common
	switch at.option {
	case "field_value_factor":
		return p.factor(n, f)
	case "random_score":
		f.Random = &RandomScore{}
		return p.options(n, "random_score", &none, options{"seed": p.scalar(&f.Random.Seed), "field": p.text(&f.Random.Field)})
	case "script_score":
		if err := p.options(n, "script_score", &none, options{"script": p.script(&f.Script)}); err != nil {
			return err
		}
		if f.Script == nil {
			return p.fail(n, "script_score requires 'script' field")
		}
		return nil
	}
	f.Decay = &Decay{Shape: at.option, Decay: 0.5}
	return p.decay(n, f.Decay)
}

func (p *parser) factor(n *jsonval.Node, f *ScoreFunction) error {
	var none Common
	var factor *float64
	out := &FieldValueFactor{Factor: 1}
	err := p.options(n, "field_value_factor", &none, options{
		"field":    p.text(&out.Field),
		"factor":   p.float(&factor),
		"modifier": p.oneOf(&out.Modifier, "none", "log", "log1p", "log2p", "ln", "ln1p", "ln2p", "square", "sqrt", "reciprocal"),
		"missing":  p.float(&out.Missing),
	})
	if err != nil {
		return err
	}
	if out.Field == "" {
		return p.fail(n, "[field_value_factor] required field 'field' missing")
	}
	if factor != nil {
		out.Factor = *factor
	}
	f.Factor = out
	return nil
}

func (p *parser) decay(n *jsonval.Node, d *Decay) error {
	for i, key := range n.Keys {
		item := &n.Items[i]
		switch {
		case key == "multi_value_mode":
			if err := p.oneOf(&d.Mode, "min", "max", "avg", "sum")(place{d.Shape, key}, item); err != nil {
				return err
			}
		case item.Kind != jsonval.Object:
			return p.fail(item, "malformed score function score parameters.")
		case d.Field != "":
			return p.fail(item, "[%s] takes one field, found [%s] and [%s]", d.Shape, d.Field, key)
		default:
			d.Field = key
			if err := p.decayOptions(item, d); err != nil {
				return err
			}
		}
	}
	if d.Field == "" {
		return p.fail(n, "malformed score function score parameters.")
	}
	return nil
}

func (p *parser) decayOptions(n *jsonval.Node, d *Decay) error {
	var none Common
	var left *float64
	err := p.options(n, d.Shape, &none, options{
		"origin": func(_ place, n *jsonval.Node) error {
			d.Origin = append([]byte(nil), n.Raw...)
			return nil
		},
		"scale":  p.scalar(&d.Scale),
		"offset": p.scalar(&d.Offset),
		"decay":  p.float(&left),
	})
	if err != nil {
		return err
	}
	if left != nil {
		d.Decay = *left
	}
	switch {
	case d.Scale.IsNull():
		return eserr.New(400, "parse_exception", "scale must be set for %s function", strings.ToLower(d.Shape))
	case d.Decay <= 0 || d.Decay >= 1:
		return eserr.IllegalArgument("%s : decay must be in the range [0..1].", strings.ToUpper(d.Shape))
	}
	return nil
}
