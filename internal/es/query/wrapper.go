package query

import (
	"encoding/base64"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// parseWrapper reads a clause that is written in base64, and stands for it.
func parseWrapper(p *parser, n *jsonval.Node) (Query, error) {
	var text string
	var common Common
	if err := p.options(n, "wrapper", &common, options{"query": p.text(&text)}); err != nil {
		return nil, err
	}
	if text == "" {
		return nil, eserr.IllegalArgument("query source text cannot be null or empty")
	}
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, p.fail(n, "[wrapper] query is not base64: %s", err)
	}
	inner, err := jsonval.Parse(raw)
	if err != nil {
		return nil, err
	}
	q, err := p.parse(inner)
	if err != nil || common == (Common{}) {
		return q, err
	}
	return &Bool{Common: common, Must: []Query{q}}, nil
}
