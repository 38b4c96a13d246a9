package pipeagg

import (
	"math"

	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/result"
	"elkhorn/internal/painless"
)

// compiled is a script with its parameters, for one pass.
type compiled struct {
	script *painless.Script
	params *painless.Map
	env    painless.Env
}

// compile compiles a script of a step.
func (s *step) compile(spec *painless.Spec, ctx painless.Context) (*compiled, error) {
	script, err := spec.Compile(ctx, s.scripts.Stored)
	return &compiled{script: script, params: spec.Params}, err
}

// newParams is a map with the parameters of the request.
func (c *compiled) newParams() *painless.Map {
	m := painless.NewMap()
	for i := range c.params.Len() {
		m.Set(c.params.Entry(i))
	}
	return m
}

// inputs reads the numbers of a bucket into the parameters of a script. skip says that the bucket has a gap, and that
// those are left out.
func (b *buckets) inputs(c *compiled, bucket *result.Bucket, in agg.Inputs, paths [][]string, gap agg.GapPolicy, skips bool) (skip bool, err error) {
	params := c.newParams()
	for i, one := range in {
		x, ok, err := b.value(bucket, paths[i], gap)
		if err != nil {
			return false, err
		}
		none := !ok || math.IsNaN(x)
		if none && skips && gap.Skippable() {
			return true, nil
		}
		v := painless.DoubleOf(x)
		if !ok {
			v = painless.Null
		}
		params.SetText(one.Name, v)
	}
	c.env.Vars = append(c.env.Vars[:0], painless.MapOf(params))
	return false, nil
}

// flatAll reads the paths of a script's inputs.
func flatAll(in agg.Inputs) ([][]string, error) {
	list := make([][]string, len(in))
	for i, one := range in {
		var err error
		if list[i], err = flat(one.Path); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// notNumber refuses what a script returns.
func notNumber(name string, v painless.Value) error {
	return eserr.IllegalArgument("the script of aggregation [%s] must return a number, but returned [%s]", name, v.String())
}
