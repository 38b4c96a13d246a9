package agg

import (
	"slices"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// Normalize relates each bucket's number to those of all.
type Normalize struct {
	Pipe
	// Method is one of NormalizeMethods.
	Method string
}

// NormalizeMethods are the ways to normalize.
var NormalizeMethods = []string{"rescale_0_1", "rescale_0_100", "mean", "percent_of_sum", "z-score", "softmax"}

// Kind returns "normalize".
func (*Normalize) Kind() string { return "normalize" }

// Family returns Pipeline.
func (*Normalize) Family() Family { return Pipeline }

// Sibling returns false.
func (*Normalize) Sibling() bool { return false }

func (b *Normalize) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	b.write(&w)
	w.String("method", b.Method)
	return w.End()
}

func (b *Normalize) check(v *pipeValidation, name string) { v.hasParent(b.Kind(), name) }

func parseNormalize(p *parser, n *jsonval.Node) (Body, error) {
	b := &Normalize{}
	known := p.pipe(&b.Pipe, options{"method": p.text(&b.Method)})
	delete(known, "gap_policy")
	err := p.options(n, known)
	switch {
	case err != nil:
		return nil, err
	case b.Method == "":
		return nil, eserr.IllegalArgument("Required [method]")
	case !slices.Contains(NormalizeMethods, b.Method):
		return nil, eserr.IllegalArgument("invalid method [%s]", b.Method)
	}
	return b, p.needPath(n, b.Path)
}
