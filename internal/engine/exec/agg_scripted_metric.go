package exec

import (
	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/result"
	"elkhorn/internal/painless"
)

// scriptedNode makes a metric by scripts. Each worker has a state of its own for each bucket, as each shard has in Elasticsearch.
type scriptedNode struct {
	start, take, combine, reduce boundMetricScript // start has no script where the request has none
	index                        *Index
}

// boundMetricScript is a script with its parameters.
type boundMetricScript struct {
	script *painless.Script
	params *painless.Map
}

// run runs a script that sees no document, with one variable besides params.
func (s *boundMetricScript) run(value painless.Value) (painless.Value, error) {
	return s.script.Run(&painless.Env{Vars: []painless.Value{painless.MapOf(s.params), value}})
}

func compileScriptedMetric(c *compiler, b *agg.ScriptedMetric, _ []*aggPlan) (aggNode, error) {
	n := &scriptedNode{index: c.fields.index}
	for _, part := range []struct {
		to   *boundMetricScript
		spec *painless.Spec
		in   painless.Context
	}{{&n.start, b.Init, painless.MetricInit}, {&n.take, b.Map, painless.MetricMap}, {&n.combine, b.Combine, painless.MetricCombine}, {&n.reduce, b.Reduce, painless.MetricReduce}} {
		if part.spec == nil {
			continue
		}
		script, err := part.spec.Compile(part.in, c.plan.req.StoredScript)
		if err != nil {
			return nil, err
		}
		*part.to = boundMetricScript{script, part.spec.Params}
	}
	return n, nil
}

// state begins a state.
func (n *scriptedNode) state() (*painless.Map, error) {
	state := painless.NewMap()
	if n.start.script == nil {
		return state, nil
	}
	_, err := n.start.run(painless.MapOf(state))
	return state, err
}

func (n *scriptedNode) collector(_ collectors, acct *account) collector {
	return &scriptedCollector{node: n, acct: acct}
}

type scriptedCollector struct {
	node   *scriptedNode
	acct   *account
	run    *scriptRun
	scores []float64
	states []*painless.Map
	// What the states take: as last weighed, and what scripts have allocated since.
	weighed, since int
}

func (s *scriptedCollector) bind(at *leafPlace) error {
	s.run, s.scores = newScriptRun(s.node.take.script, s.node.take.params, 3, &fields{index: s.node.index}, at.leaf), at.scores
	return nil
}

func (s *scriptedCollector) collect(d *docs) error {
	var err error
	if s.states, err = growBuckets(s.states, d.limit, s.acct, 8); err != nil {
		return err
	}
	for i, row := range d.rows {
		if i%scriptRows == 0 {
			if err := s.acct.check(); err != nil {
				return err
			}
		}
		state := s.states[d.bucket(i)]
		if state == nil {
			if state, err = s.node.state(); err != nil {
				return err
			}
			s.states[d.bucket(i)] = state
		}
		score := 0.0
		if s.scores != nil {
			score = s.scores[row]
		}
		s.run.env.Vars[1], s.run.env.Vars[2] = painless.MapOf(state), painless.DoubleOf(score)
		s.run.at(d.block, int(row))
		if _, err := s.run.run(); err != nil {
			return err
		}
		if err := s.account(s.run.env.Allocated()); err != nil {
			return err
		}
	}
	return nil
}

// weighEvery is how much scripts allocate before the states are weighed again: much of it is garbage.
const weighEvery = 4 << 20

func (s *scriptedCollector) account(allocated int) error {
	if s.since += allocated; s.since < max(weighEvery, s.weighed) {
		return s.acct.grow(allocated)
	}
	weight := 0
	for _, state := range s.states {
		if state != nil {
			weight += painless.Weight(painless.MapOf(state))
		}
	}
	s.acct.shrink(s.weighed + s.since - allocated)
	s.weighed, s.since = weight, 0
	return s.acct.grow(weight)
}

func (s *scriptedCollector) partial(bucket uint32) partial {
	p := &scriptedPartial{node: s.node}
	if int(bucket) < len(s.states) && s.states[bucket] != nil {
		p.states = []*painless.Map{s.states[bucket]}
	}
	return p
}

// scriptedPartial has the states of one bucket; none is a bucket without documents.
type scriptedPartial struct {
	node   *scriptedNode
	states []*painless.Map
}

func (p *scriptedPartial) merge(o partial) error {
	p.states = append(p.states, o.(*scriptedPartial).states...)
	return nil
}

func (p *scriptedPartial) result(*reducer) (result.Agg, error) {
	if len(p.states) == 0 {
		state, err := p.node.state()
		if err != nil {
			return nil, err
		}
		p.states = append(p.states, state)
	}
	var combined []painless.Value
	for _, state := range p.states {
		v, err := p.node.combine.run(painless.MapOf(state))
		if err != nil {
			return nil, err
		}
		combined = append(combined, v)
	}
	v, err := p.node.reduce.run(painless.ListOf(combined...))
	if err != nil {
		return nil, err
	}
	json, err := painless.AppendJSON(nil, v)
	return &result.ScriptedMetric{JSON: json}, err
}
