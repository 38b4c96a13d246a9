package agg

import "elkhorn/internal/es/jsonval"

// Missing makes one bucket of the documents that have no value in the field.
type Missing struct{ Source }

// Kind returns "missing".
func (*Missing) Kind() string { return "missing" }

// Family returns Bucket.
func (*Missing) Family() Family { return Bucket }

func (b *Missing) appendBody(dst []byte) []byte { return b.appendSource(dst) }

func (s *Source) appendSource(dst []byte) []byte {
	w := jsonval.Begin(dst)
	s.write(&w)
	return w.End()
}

func parseMissing(p *parser, n *jsonval.Node) (Body, error) {
	b := &Missing{}
	return b, p.sourceOnly(n, &b.Source)
}

// Global makes one bucket of all documents of the searched indices, whatever
// the query says. It stands at the top only.
type Global struct{}

// Kind returns "global".
func (*Global) Kind() string { return "global" }

// Family returns Bucket.
func (*Global) Family() Family { return Bucket }

func (*Global) appendBody(dst []byte) []byte { return append(dst, "{}"...) }

func parseGlobal(p *parser, n *jsonval.Node) (Body, error) {
	return &Global{}, p.options(n, nil)
}

// Nested makes one bucket of the nested documents under Path.
type Nested struct{ Path string }

// Kind returns "nested".
func (*Nested) Kind() string { return "nested" }

// Family returns Bucket.
func (*Nested) Family() Family { return Bucket }

func (b *Nested) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	w.String("path", b.Path)
	return w.End()
}

func parseNested(p *parser, n *jsonval.Node) (Body, error) {
	b := &Nested{}
	if err := p.options(n, options{"path": p.text(&b.Path)}); err != nil {
		return nil, err
	}
	if b.Path == "" {
		return nil, p.fail(n, "Missing [path] field for nested aggregation [%s]", p.name)
	}
	return b, nil
}

// ReverseNested makes one bucket of the documents that hold the nested ones
// the parent bucket is made of.
type ReverseNested struct {
	// Path is the nested level to go out to; empty is the root.
	Path string
}

// Kind returns "reverse_nested".
func (*ReverseNested) Kind() string { return "reverse_nested" }

// Family returns Bucket.
func (*ReverseNested) Family() Family { return Bucket }

func (b *ReverseNested) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	w.StringIf("path", b.Path)
	return w.End()
}

func parseReverseNested(p *parser, n *jsonval.Node) (Body, error) {
	b := &ReverseNested{}
	return b, p.options(n, options{"path": p.text(&b.Path)})
}
