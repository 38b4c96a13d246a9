package agg

import "elkhorn/internal/es/jsonval"

// CumulativeSum is the sum of the numbers of a bucket and all before it.
type CumulativeSum struct{ Pipe }

// CumulativeCardinality is the number of distinct values of a bucket and all before it.
type CumulativeCardinality struct{ Pipe }

// Kind returns "cumulative_sum".
func (*CumulativeSum) Kind() string { return "cumulative_sum" }

// Kind returns "cumulative_cardinality".
func (*CumulativeCardinality) Kind() string { return "cumulative_cardinality" }

// Family returns Pipeline.
func (*CumulativeSum) Family() Family { return Pipeline }

// Family returns Pipeline.
func (*CumulativeCardinality) Family() Family { return Pipeline }

// Sibling returns false.
func (*CumulativeSum) Sibling() bool { return false }

// Sibling returns false.
func (*CumulativeCardinality) Sibling() bool { return false }

func (b *CumulativeSum) appendBody(dst []byte) []byte         { return appendPipe(dst, &b.Pipe) }
func (b *CumulativeCardinality) appendBody(dst []byte) []byte { return appendPipe(dst, &b.Pipe) }

func appendPipe(dst []byte, p *Pipe) []byte {
	w := jsonval.Begin(dst)
	p.write(&w)
	return w.End()
}

func (b *CumulativeSum) check(v *pipeValidation, name string) { v.parentIsOrdered(b.Kind(), name) }

func (b *CumulativeCardinality) check(v *pipeValidation, name string) {
	v.parentIsOrdered(b.Kind(), name)
}

func parseCumulativeSum(p *parser, n *jsonval.Node) (Body, error) {
	b := &CumulativeSum{}
	return b, p.pipeNoGaps(n, &b.Pipe)
}

func parseCumulativeCardinality(p *parser, n *jsonval.Node) (Body, error) {
	b := &CumulativeCardinality{}
	return b, p.pipeNoGaps(n, &b.Pipe)
}

// pipeNoGaps reads the body of a kind that has path and format only.
func (p *parser) pipeNoGaps(n *jsonval.Node, b *Pipe) error {
	known := p.pipe(b, options{})
	delete(known, "gap_policy")
	if err := p.options(n, known); err != nil {
		return err
	}
	return p.needPath(n, b.Path)
}
