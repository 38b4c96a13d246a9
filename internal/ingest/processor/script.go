package processor

import "elkhorn/internal/es/eserr"

// condition is the if of a processor.
type condition struct{ source string }

func (c *config) condition() *condition {
	if _, given := c.take("if"); given {
		c.failWith("if", eserr.Unsupported("[if]"))
	}
	return nil
}

func (x *condition) holds(*Document) (bool, error) { return true, nil }

func newScript(*config) (Processor, error) { return nil, eserr.Unsupported("processor [script]") }
