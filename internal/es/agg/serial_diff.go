package agg

import "elkhorn/internal/es/jsonval"

// SerialDiff is the difference to the bucket Lag buckets before.
type SerialDiff struct {
	Pipe
	Lag int
}

// Kind returns "serial_diff".
func (*SerialDiff) Kind() string { return "serial_diff" }

// Family returns Pipeline.
func (*SerialDiff) Family() Family { return Pipeline }

// Sibling returns false.
func (*SerialDiff) Sibling() bool { return false }

func (b *SerialDiff) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	b.write(&w)
	w.Int("lag", int64(b.Lag))
	return w.End()
}

func (b *SerialDiff) check(v *pipeValidation, name string) { v.parentIsOrdered(b.Kind(), name) }

func parseSerialDiff(p *parser, n *jsonval.Node) (Body, error) {
	b := &SerialDiff{Lag: 1}
	return b, p.pipeOnly(n, &b.Pipe, options{"lag": func(at place, n *jsonval.Node) error {
		lag, ok := n.Scalar().Int64()
		if n.Kind != jsonval.Number || !ok || lag > 1<<20 {
			return at.malformed(n, "a whole number")
		}
		if lag <= 0 {
			return p.fail(n, "Lag must be a positive, non-zero integer.  Value supplied was%d in [%s].", lag, p.name)
		}
		b.Lag = int(lag)
		return nil
	}})
}
