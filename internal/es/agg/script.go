package agg

import (
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/painless"
)

// bucketScript reads the script of a pipeline aggregation.
func (p *parser) bucketScript(target **painless.Spec) option {
	return func(_ place, n *jsonval.Node) (err error) {
		*target, err = painless.ParseSpec(n)
		return err
	}
}

// needScript refuses a body without a script.
func (p *parser) needScript(n *jsonval.Node, s *painless.Spec) error {
	if s == nil {
		return p.fail(n, "Missing required field [script] for %s aggregation [%s]", p.kind, p.name)
	}
	return nil
}
