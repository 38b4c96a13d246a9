package agg

import (
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/painless"
)

// MovingFn adds to each bucket what a script makes of the numbers of a window of buckets.
type MovingFn struct {
	Pipe
	Script *painless.Spec
	// Window is how many numbers there are: those before the one at hand, moved on by Shift.
	Window, Shift int
}

// Kind returns "moving_fn".
func (*MovingFn) Kind() string { return "moving_fn" }

// Family returns Pipeline.
func (*MovingFn) Family() Family { return Pipeline }

// Sibling returns false.
func (*MovingFn) Sibling() bool { return false }

func (b *MovingFn) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	b.write(&w)
	w.Raw("script", b.Script.Raw)
	w.Int("window", int64(b.Window))
	if b.Shift != 0 {
		w.Int("shift", int64(b.Shift))
	}
	return w.End()
}

func (b *MovingFn) check(v *pipeValidation, name string) {
	if b.Window <= 0 {
		v.add(windowMustBe)
	}
	v.parentIsGapless(b.Kind(), name)
}

func parseMovingFn(p *parser, n *jsonval.Node) (Body, error) {
	b := &MovingFn{}
	given := false
	err := p.pipeOnly(n, &b.Pipe, options{
		"script": p.bucketScript(&b.Script), "shift": p.whole(&b.Shift),
		"window": func(at place, n *jsonval.Node) error {
			given = true
			return p.whole(&b.Window)(at, n)
		},
	})
	switch {
	case err != nil:
		return nil, err
	case !given:
		return nil, eserr.IllegalArgument("Required [window]")
	}
	return b, p.needScript(n, b.Script)
}
