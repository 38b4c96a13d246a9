package exec

import (
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/query"
)

// compiler turns a request's trees into nodes for one index. It is for one goroutine.
type compiler struct {
	plan    *plan
	fields  *fields
	queries map[string]queryCompiler // queryTable
	aggKind map[string]aggCompiler   // aggTable
	// scoring says that the clause being compiled contributes to scores that are asked for.
	scoring bool
	// scope is the nested path whose objects the clause being compiled is about; "" for documents.
	scope string
	// inner are the inner hits that the nested queries compiled so far ask for.
	inner    []*innerHits
	innerErr error // what is wrong with inner hits
	// dropsEmpty says that the clause being compiled was made from a query string, which leaves out words that analysis
	// leaves nothing of.
	dropsEmpty bool
	// found is the clause that finds what top hits show, for highlighting.
	found   node
	clauses int // of groups compiled so far
	// unnamed says that clauses with a name are not noted.
	unnamed bool
	// clause is the profile of the clause that is being compiled; nil unless the search is profiled.
	clause *clauseProfile
}

// queryCompiler compiles one kind of clause.
type queryCompiler func(c *compiler, q query.Query) (node, error)

func newCompiler(p *plan) *compiler {
	c := &compiler{plan: p, fields: p.fields, queries: queryTable, aggKind: aggTable, scoring: needsScores(p.req) || p.req.Explain}
	if p.profile != nil {
		c.clause = &p.profile.root
	}
	return c
}

// compile turns one clause into a node.
func (c *compiler) compile(q query.Query) (node, error) {
	compile, ok := c.queries[q.Kind()]
	if !ok {
		return nil, eserr.Unsupported("query [" + q.Kind() + "]")
	}
	if c.plan.req.NoExpensive {
		if err := c.affordable(q); err != nil {
			return nil, err
		}
	}
	var n node
	var err error
	if c.clause != nil {
		n, err = c.noteSource(q)(c.compileProfiled(q, compile))
	} else {
		n, err = c.noteSource(q)(compile(c, q))
	}
	if err == nil && q.Base().Name != "" {
		c.note(q, n)
	}
	return n, err
}

// noteSource remembers what a node was compiled from, where scores are to be explained.
func (c *compiler) noteSource(q query.Query) func(n node, err error) (node, error) {
	return func(n node, err error) (node, error) {
		if c.plan.explained != nil && err == nil && c.plan.explained.source[n] == nil {
			c.plan.explained.source[n] = q
		}
		return n, err
	}
}

// compileParsed compiles what a query string was turned into.
func (c *compiler) compileParsed(tree query.Query) (node, error) {
	was := c.dropsEmpty
	c.dropsEmpty = true
	defer func() { c.dropsEmpty = was }()
	n, err := c.compile(tree)
	if err == nil && isEmpty(n) {
		n = noneNode{}
	}
	return n, err
}

// compileAll compiles a list of clauses.
func (c *compiler) compileAll(list []query.Query) ([]node, error) {
	var nodes []node
	for _, q := range list {
		n, err := c.compile(q)
		if err != nil {
			return nil, err
		}
		nodes = append(nodes, n)
	}
	return nodes, nil
}

// unscored compiles clauses that do not contribute to scores.
func (c *compiler) unscored(list []query.Query) ([]node, error) {
	was := c.scoring
	c.scoring = false
	defer func() { c.scoring = was }()
	return c.compileAll(list)
}
