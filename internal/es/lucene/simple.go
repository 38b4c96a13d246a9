package lucene

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/query"
)

// Simple turns the syntax that never fails into clauses: + and | join what stands beside them, - negates,
// quotes make a phrase and parentheses a group, and a word may end in * or ~N. What makes no sense is
// taken as text or passed over. fields are searched together; there is at least one, and none is a pattern. expand says which
// fields there are; nil finds none.
func Simple(q *query.SimpleQueryString, fields []query.FieldBoost, expand Expand) (query.Query, error) {
	flags, err := simpleFlags(q.Flags)
	if err != nil {
		return nil, err
	}
	p := simpleParser{q: q, text: q.Text, fields: fields, quoted: quotedFields(fields, q.QuoteFieldSuffix, expand), flags: flags}
	tree := p.group(0)
	if tree == nil {
		return &query.MatchNone{Common: q.Common}, nil
	}
	if b, ok := tree.(*query.Bool); ok && len(b.Should) > 0 && len(b.Must) == 0 {
		b.MinimumShouldMatch = q.MinimumShouldMatch
	}
	if q.Boost == nil && q.Name == "" {
		return tree, nil
	}
	return &query.Bool{Common: q.Common, Must: []query.Query{tree}}, nil
}

// simpleOperators are the flags that can be named.
var simpleOperators = []string{"AND", "ESCAPE", "FUZZY", "NEAR", "NOT", "OR", "PHRASE", "PRECEDENCE", "PREFIX", "SLOP", "WHITESPACE"}

func simpleFlags(text string) (map[string]bool, error) {
	flags := map[string]bool{}
	if text == "" || strings.EqualFold(text, "ALL") || text == "-1" {
		for _, name := range simpleOperators {
			flags[name] = true
		}
		return flags, nil
	}
	for name := range strings.SplitSeq(text, "|") {
		name = strings.ToUpper(strings.TrimSpace(name))
		known := name == "NONE" || name == "ALL"
		for _, one := range simpleOperators {
			known = known || one == name
			if one == name || name == "ALL" {
				flags[one] = true
			}
		}
		if !known {
			return nil, eserr.IllegalArgument("Unknown simple_query_string flag [%s]", name)
		}
	}
	return flags, nil
}

// simpleParser goes through the text once, and once more through each group.
type simpleParser struct {
	q      *query.SimpleQueryString
	text   string
	pos    int
	fields []query.FieldBoost
	quoted []query.FieldBoost // for phrases
	flags  map[string]bool
}

// simpleOp is how two clauses are joined.
type simpleOp uint8

const (
	opNone simpleOp = iota
	opAnd
	opOr
)

// maxSimpleDepth bounds groups in groups; deeper ones are passed over.
const maxSimpleDepth = 100

// group reads clauses up to the end of the text; nil when there are none.
func (p *simpleParser) group(depth int) query.Query {
	var top query.Query
	var before, now simpleOp
	negated := false
	for p.pos < len(p.text) {
		c := p.text[p.pos]
		var branch query.Query
		switch {
		case c == '(' && p.flags["PRECEDENCE"]:
			branch = p.parenthesis(depth)
		case c == ')' && p.flags["PRECEDENCE"]:
			p.pos++
		case c == '"' && p.flags["PHRASE"]:
			branch = p.phrase()
		case c == '+' && p.flags["AND"]:
			p.pos++
			now = joined(top, now, opAnd)
		case c == '|' && p.flags["OR"]:
			p.pos++
			now = joined(top, now, opOr)
		case c == '-' && p.flags["NOT"]:
			p.pos++
			negated = !negated
			continue
		case unicode.IsSpace(rune(c)) && p.flags["WHITESPACE"]:
			p.pos++
		default:
			branch = p.word()
		}
		if branch == nil {
			continue
		}
		if negated {
			branch = &query.Bool{MustNot: []query.Query{branch}, Should: []query.Query{&query.MatchAll{}}, MinimumShouldMatch: "1"}
		}
		top, before, now, negated = p.join(top, branch, before, now)
	}
	return top
}

// joined is the operation between clauses: the first one that is named counts, and none before the first
// clause.
func joined(top query.Query, now, named simpleOp) simpleOp {
	if top == nil || now != opNone {
		return now
	}
	return named
}

// join adds a clause to those before it. Clauses under the same operation stand in one list.
func (p *simpleParser) join(top, branch query.Query, before, now simpleOp) (query.Query, simpleOp, simpleOp, bool) {
	if top == nil {
		return branch, opNone, opNone, false
	}
	if now == opNone {
		now = opOr
		if p.q.DefaultOperator == query.And {
			now = opAnd
		}
	}
	b, ok := top.(*query.Bool)
	if before != now || !ok {
		b = &query.Bool{}
		addClause(b, top, now)
	}
	addClause(b, branch, now)
	return b, now, opNone, false
}

func addClause(b *query.Bool, q query.Query, op simpleOp) {
	if op == opAnd {
		b.Must = append(b.Must, q)
		return
	}
	b.Should = append(b.Should, q)
}

// parenthesis reads a group; nil where it is empty or does not end.
func (p *simpleParser) parenthesis(depth int) query.Query {
	open := 0
	for i := p.pos; i < len(p.text); i++ {
		switch p.text[i] {
		case '\\':
			i++
		case '(':
			open++
		case ')':
			open--
		}
		if open > 0 {
			continue
		}
		inner := *p
		inner.text, inner.pos = p.text[p.pos+1:i], 0
		p.pos = i + 1
		if depth == maxSimpleDepth {
			return nil
		}
		return inner.group(depth + 1)
	}
	p.pos++
	return nil
}

// phrase reads a phrase in quotes; nil where it is empty or does not end.
func (p *simpleParser) phrase() query.Query {
	var text strings.Builder
	for i := p.pos + 1; i < len(p.text); i++ {
		switch c := p.text[i]; {
		case c == '\\' && p.flags["ESCAPE"] && i+1 < len(p.text):
			i++
			text.WriteByte(p.text[i])
		case c == '"':
			p.pos = i + 1
			slop := 0
			if p.flags["NEAR"] || p.flags["SLOP"] {
				slop, _ = p.tilde(0)
			}
			if text.Len() == 0 {
				return nil
			}
			return p.multi(p.quoted, text.String(), "phrase", slop)
		default:
			text.WriteByte(c)
		}
	}
	p.pos++
	return nil
}

// tilde reads ~N behind a word or a phrase.
func (p *simpleParser) tilde(fallback int) (n int, given bool) {
	if p.pos >= len(p.text) || p.text[p.pos] != '~' {
		return fallback, false
	}
	end := p.pos + 1
	for end < len(p.text) && p.text[end]-'0' <= 9 {
		end++
	}
	n, err := strconv.Atoi(p.text[p.pos+1 : end])
	if err != nil {
		n = fallback
	}
	p.pos = end
	return n, true
}

// word reads text up to white space or an operator.
func (p *simpleParser) word() query.Query {
	var text []byte
	prefix := false
	for p.pos < len(p.text) && !p.ends() {
		c := p.text[p.pos]
		if c == '~' && p.flags["FUZZY"] && len(text) > 0 {
			if edits, given := p.tilde(2); given && (p.pos == len(p.text) || p.ends()) {
				return p.fuzzy(string(text), min(edits, 2))
			}
			continue
		}
		prefix = c == '*' && p.flags["PREFIX"] && len(text) > 0
		if c == '\\' && p.flags["ESCAPE"] && p.pos+1 < len(p.text) {
			p.pos++
			_, n := utf8.DecodeRuneInString(p.text[p.pos:])
			text = append(text, p.text[p.pos:p.pos+n]...)
			p.pos += n
			continue
		}
		text = append(text, c)
		p.pos++
	}
	switch {
	case len(text) == 0:
		return nil
	case prefix:
		value := string(text[:len(text)-1])
		return p.each(func(field string, boost *float64) query.Query {
			return &query.Prefix{Common: query.Common{Boost: boost}, Field: field, Value: value, Lenient: true}
		})
	}
	return p.multi(p.fields, string(text), "best_fields", 0)
}

// ends says that no word goes on at pos.
func (p *simpleParser) ends() bool {
	switch c := p.text[p.pos]; c {
	case '"':
		return p.flags["PHRASE"]
	case '|':
		return p.flags["OR"]
	case '+':
		return p.flags["AND"]
	case '(', ')':
		return p.flags["PRECEDENCE"]
	default:
		return p.flags["WHITESPACE"] && (c == ' ' || c == '\t' || c == '\n' || c == '\r')
	}
}

// multi searches text in all fields; each adds to the score.
func (p *simpleParser) multi(fields []query.FieldBoost, text, typ string, slop int) query.Query {
	tie := 1.0
	return &query.MultiMatch{Text: query.Value{Kind: jsonval.String, Text: text}, Fields: fields, Type: typ, Operator: p.q.DefaultOperator, Analyzer: p.q.Analyzer,
		Slop: slop, TieBreaker: &tie, Lenient: p.q.Lenient}
}

func (p *simpleParser) fuzzy(text string, edits int) query.Query {
	if edits == 0 {
		return p.multi(p.fields, text, "best_fields", 0)
	}
	return p.each(func(field string, boost *float64) query.Query {
		f := p.q.Fuzzy
		f.Distance = strconv.Itoa(edits)
		return &query.Fuzzy{Common: query.Common{Boost: boost}, Field: field, Value: query.Value{Kind: jsonval.String, Text: strings.ToLower(text)}, Fuzziness: f, Lenient: true}
	})
}

// each makes a clause per field.
func (p *simpleParser) each(one func(field string, boost *float64) query.Query) query.Query {
	tie := 1.0
	out := &query.DisMax{TieBreaker: &tie}
	for _, f := range p.fields {
		var boost *float64
		if f.Boost != 0 && f.Boost != 1 {
			boost = &f.Boost
		}
		out.Queries = append(out.Queries, one(f.Field, boost))
	}
	if len(out.Queries) == 1 {
		return out.Queries[0]
	}
	return out
}
