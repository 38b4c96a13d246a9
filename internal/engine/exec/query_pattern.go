package exec

import (
	"bytes"
	"unicode/utf8"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/mapping"
	"elkhorn/internal/es/query"
)

func compilePrefix(c *compiler, q *query.Prefix) (node, error) {
	value := c.normalized(q.Field, q.Value)
	want := []byte(value)
	test := stringTest{match: func(v []byte) bool { return bytes.HasPrefix(v, want) }}
	if q.CaseInsensitive {
		test.match = func(v []byte) bool { return len(v) >= len(want) && foldEqual(v[:len(want)], value) }
	}
	return c.pattern(q, q.Field, test, q.Lenient)
}

func compileWildcard(c *compiler, q *query.Wildcard) (node, error) {
	return c.pattern(q, q.Field, stringTest{match: compileWildcardPattern(c.normalized(q.Field, q.Pattern), q.CaseInsensitive)}, q.Lenient)
}

// pattern matches the values of a keyword, or the words of a text, by a test.
func (c *compiler) pattern(q query.Query, name string, test stringTest, orNone bool) (node, error) {
	if name == indexField {
		if test.match([]byte(c.fields.index.Name)) {
			return allNode{q.Base().Weight()}, nil
		}
		return noneNode{}, nil
	}
	f := c.fields.lookup(name)
	if f == nil {
		return noneNode{}, nil
	}
	if err := f.searchable(); err != nil {
		return nil, err
	}
	switch {
	case f.typed == mapping.ConstantKeyword:
		return constantTerms(f, test, q.Base().Weight()), nil
	case f.class == classKeyword:
		return &stringNode{view: f.view, test: test, weight: q.Base().Weight()}, nil
	case f.class == classText:
		return c.textPattern(f, test, q.Base().Weight())
	}
	return lenient(nil, eserr.QueryShard("Can only use %s queries on keyword, text and wildcard fields - not on [%s] which is of type [%s]", q.Kind(), f.name, f.typ), orNone)
}

// normalized brings a query's text into the form that the field's normalizer, if it has one, brings values.
func (c *compiler) normalized(name, text string) string {
	if f := c.fields.lookup(name); f != nil {
		return f.view.normal(text)
	}
	return text
}

// compileWildcardPattern makes a test of a pattern: * is any text, ? one character, and a backslash
// takes the next character literally.
func compileWildcardPattern(pattern string, fold bool) func([]byte) bool {
	var ops []wildcardOp
	for i := 0; i < len(pattern); {
		r, size := utf8.DecodeRuneInString(pattern[i:])
		text := pattern[i : i+size]
		i += size
		switch {
		case r == '*':
			if len(ops) == 0 || ops[len(ops)-1].kind != wildcardAny {
				ops = append(ops, wildcardOp{kind: wildcardAny})
			}
			continue
		case r == '?':
			ops = append(ops, wildcardOp{kind: wildcardOne})
			continue
		case r == '\\' && i < len(pattern):
			_, size = utf8.DecodeRuneInString(pattern[i:])
			text = pattern[i : i+size]
			i += size
		}
		if len(ops) == 0 || ops[len(ops)-1].kind != wildcardText {
			ops = append(ops, wildcardOp{kind: wildcardText})
		}
		last := &ops[len(ops)-1]
		last.text = append(last.text, text...)
	}
	return func(v []byte) bool { return wildcardMatch(ops, v, fold) }
}

type wildcardOp struct {
	kind wildcardKind
	text []byte
}

type wildcardKind uint8

const (
	wildcardText wildcardKind = iota
	wildcardOne
	wildcardAny
)

// wildcardMatch goes back to the last * only, so it takes at most len(v) * len(ops) steps.
func wildcardMatch(ops []wildcardOp, v []byte, fold bool) bool {
	at, op := 0, 0
	retryAt, retryOp := -1, 0
	for {
		switch {
		case op == len(ops):
			if at == len(v) {
				return true
			}
		case ops[op].kind == wildcardAny:
			op++
			retryAt, retryOp = at, op
			continue
		case ops[op].kind == wildcardOne:
			if at < len(v) {
				_, size := utf8.DecodeRune(v[at:])
				at += size
				op++
				continue
			}
		default:
			if n := len(ops[op].text); hasPrefix(v[at:], ops[op].text, fold) {
				at += n
				op++
				continue
			}
		}
		if retryAt < 0 || retryAt >= len(v) {
			return false
		}
		_, size := utf8.DecodeRune(v[retryAt:])
		retryAt += size
		at, op = retryAt, retryOp
	}
}

func hasPrefix(v, prefix []byte, fold bool) bool {
	if !fold {
		return bytes.HasPrefix(v, prefix)
	}
	return len(v) >= len(prefix) && foldEqual(v[:len(prefix)], string(prefix))
}
