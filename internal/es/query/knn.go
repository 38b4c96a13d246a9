package query

import (
	"encoding/hex"
	"math"
	"strconv"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// Knn matches the documents whose vectors in a field are nearest to another: K of those that match all of Filters. The nearer, the more they score.
type Knn struct {
	Common
	Field  string
	Vector []float32
	// K is how many are wanted; 0 leaves it to the place where the clause stands. NumCandidates is at least as many.
	K, NumCandidates int
	Filters          []Query
	// Similarity leaves out what is less similar; nil for nothing.
	Similarity *float64
}

// maxCandidates is Elasticsearch's limit of num_candidates.
const maxCandidates = 10_000

// Kind returns "knn".
func (*Knn) Kind() string { return "knn" }

func (q *Knn) children() []Query { return q.Filters }

func (q *Knn) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	w.String("field", q.Field)
	w.Key("query_vector")
	w.Value(func(dst []byte) []byte {
		dst = append(dst, '[')
		for i, x := range q.Vector {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = strconv.AppendFloat(dst, float64(x), 'g', -1, 32)
		}
		return append(dst, ']')
	})
	if q.K > 0 {
		w.Int("k", int64(q.K))
	}
	if q.NumCandidates > 0 {
		w.Int("num_candidates", int64(q.NumCandidates))
	}
	if len(q.Filters) > 0 {
		w.Key("filter")
		w.Value(func(dst []byte) []byte { return appendList(dst, q.Filters) })
	}
	if q.Similarity != nil {
		w.Float("similarity", *q.Similarity)
	}
	q.write(&w)
	return w.End()
}

func parseKnn(p *parser, n *jsonval.Node) (Query, error) {
	q := &Knn{}
	var vector bool
	err := p.strict(n, "knn", &q.Common, options{
		"field":                p.text(&q.Field),
		"query_vector":         func(at place, n *jsonval.Node) error { vector = true; return q.readVector(at, n) },
		"k":                    p.above("k", &q.K),
		"num_candidates":       p.above("num_candidates", &q.NumCandidates),
		"filter":               p.clauseList(&q.Filters),
		"similarity":           p.float(&q.Similarity),
		"rescore_vector":       p.exactAlready,
		"visit_percentage":     p.exactAlready,
		"query_vector_builder": refused("no model runs in this store that would make a vector; send it as [query_vector]"),
		"inner_hits":           refused("vectors of nested objects are not searched"),
	})
	switch {
	case err != nil:
		return nil, err
	case q.Field == "":
		return nil, eserr.IllegalArgument("Required [field]")
	case !vector:
		return nil, eserr.IllegalArgument("either [query_vector] or [query_vector_builder] must be provided")
	case q.NumCandidates > maxCandidates:
		return nil, eserr.IllegalArgument("[num_candidates] cannot exceed [%d]", maxCandidates)
	case q.NumCandidates > 0 && q.NumCandidates < q.K:
		return nil, eserr.IllegalArgument("[num_candidates] cannot be less than [k]")
	case q.K > maxCandidates:
		return nil, eserr.IllegalArgument("[k] cannot exceed [%d]", maxCandidates)
	}
	return q, nil
}

// ParseKnn reads the member knn of a search: one clause or several.
func ParseKnn(n *jsonval.Node) ([]*Knn, error) {
	p := &parser{clauses: clauseTable()}
	var list []*Knn
	for _, item := range elements(n) {
		if item.Kind != jsonval.Object {
			return nil, p.fail(&item, "Unknown key for a %s in [knn].", item.Kind)
		}
		q, err := parseKnn(p, &item)
		if err != nil {
			return nil, err
		}
		list = append(list, q.(*Knn))
	}
	return list, nil
}

// above reads a whole number that is greater than 0.
func (p *parser) above(name string, target *int) option {
	return func(at place, n *jsonval.Node) error {
		if err := p.count(target)(at, n); err != nil {
			return err
		}
		if *target < 1 {
			return eserr.IllegalArgument("[%s] must be greater than 0", name)
		}
		return nil
	}
}

// exactAlready takes an option that has Elasticsearch look at more vectors: all are looked at.
func (p *parser) exactAlready(place, *jsonval.Node) error { return nil }

// refused is an option that is not there, with the reason.
func refused(why string) option {
	return func(at place, _ *jsonval.Node) error {
		e := eserr.Unsupported("[" + at.option + "] of [" + at.clause + "]")
		e.Reason += ": " + why
		return e
	}
}

// readVector reads an array of numbers, or bytes in hexadecimal digits.
func (q *Knn) readVector(at place, n *jsonval.Node) error {
	q.Vector = nil
	if n.Kind == jsonval.String {
		raw, err := hex.DecodeString(n.Text)
		if err != nil {
			return at.malformed(n, "an array of numbers or hexadecimal digits")
		}
		for _, b := range raw {
			q.Vector = append(q.Vector, float32(int8(b)))
		}
		return nil
	}
	if n.Kind != jsonval.Array {
		return at.unknownToken(n)
	}
	for i := range n.Items {
		x, ok := n.Items[i].Scalar().Float64()
		if !ok || n.Items[i].Kind != jsonval.Number || math.IsNaN(x) {
			return at.malformed(&n.Items[i], "a number")
		}
		q.Vector = append(q.Vector, float32(x))
	}
	return nil
}
