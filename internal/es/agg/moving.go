package agg

import (
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// MovingPercentiles are those of a percentiles aggregation over a window of buckets.
type MovingPercentiles struct {
	Path string
	// Window is how many buckets are taken together: those before the one at hand, moved on by Shift.
	Window, Shift int
}

// Kind returns "moving_percentiles".
func (*MovingPercentiles) Kind() string { return "moving_percentiles" }

// Family returns Pipeline.
func (*MovingPercentiles) Family() Family { return Pipeline }

// Sibling returns false.
func (*MovingPercentiles) Sibling() bool { return false }

// Paths implements Piped.
func (b *MovingPercentiles) Paths() []string { return []string{b.Path} }

func (b *MovingPercentiles) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	w.String("buckets_path", b.Path)
	w.Int("window", int64(b.Window))
	if b.Shift != 0 {
		w.Int("shift", int64(b.Shift))
	}
	return w.End()
}

func (b *MovingPercentiles) check(v *pipeValidation, name string) {
	if b.Window <= 0 {
		v.add(windowMustBe)
	}
	v.parentIsGapless(b.Kind(), name)
}

const windowMustBe = "[window] must be a positive, non-zero integer."

func parseMovingPercentiles(p *parser, n *jsonval.Node) (Body, error) {
	b := &MovingPercentiles{}
	given := false
	err := p.options(n, options{
		"buckets_path": p.bucketsPath(&b.Path),
		"window": func(at place, n *jsonval.Node) error {
			given = true
			return p.whole(&b.Window)(at, n)
		},
		"shift": p.whole(&b.Shift),
	})
	if err == nil && !given {
		err = eserr.IllegalArgument("Required [window]")
	}
	if err != nil {
		return nil, err
	}
	return b, p.needPath(n, b.Path)
}

// whole reads a number that may be below zero.
func (p *parser) whole(target *int) option {
	return func(at place, n *jsonval.Node) error {
		value, ok := n.Scalar().Int64()
		if !n.IsScalar() || !ok || value > 1<<31-1 || value < -1<<31 {
			return at.malformed(n, "a whole number")
		}
		*target = int(value)
		return nil
	}
}
