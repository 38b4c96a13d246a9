package agg

import (
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/query"
	"elkhorn/internal/painless"
)

// Significance is what significant_terms and significant_text have in common: which values are printed.
type Significance struct {
	// Size is how many buckets are returned, of the values with the highest scores.
	Size int
	// ShardSize is how many each shard offers; 0 lets the store choose.
	ShardSize int
	// MinDocCount leaves out values of fewer documents.
	MinDocCount      int64
	ShardMinDocCount int64
	TermFilters
	// Background is the query for the documents that the bucket's are compared with; nil for all.
	Background query.Query
	Heuristic  Heuristic
	// ExecutionHint chooses a strategy, not an answer.
	ExecutionHint string
}

// Heuristic is how values are scored.
type Heuristic struct {
	// Kind is "jlh", "mutual_information", "chi_square", "gnd", "percentage" or "script_heuristic".
	Kind string
	// Script computes the score of a script_heuristic.
	Script *painless.Spec
	// IncludeNegatives scores values too that are rarer in the bucket; SeparateBackground says that the bucket's
	// documents are not among those of the background.
	IncludeNegatives, SeparateBackground bool
}

// SignificantTerms makes a bucket per value that is more frequent in the bucket than elsewhere.
type SignificantTerms struct {
	Source
	Significance
	// ValueType is the type assumed where the field is not mapped.
	ValueType string
}

// Kind returns "significant_terms".
func (*SignificantTerms) Kind() string { return "significant_terms" }

// Family returns Bucket.
func (*SignificantTerms) Family() Family { return Bucket }

func (b *SignificantTerms) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	b.Source.write(&w)
	b.Significance.write(&w)
	w.StringIf("value_type", b.ValueType)
	return w.End()
}

// SignificantText makes a bucket per word of a text field that is more frequent in the bucket than elsewhere.
type SignificantText struct {
	Field string
	Significance
}

// Kind returns "significant_text".
func (*SignificantText) Kind() string { return "significant_text" }

// Family returns Bucket.
func (*SignificantText) Family() Family { return Bucket }

func (b *SignificantText) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	w.String("field", b.Field)
	b.Significance.write(&w)
	return w.End()
}

func (s *Significance) write(w *jsonval.Writer) {
	w.Int("size", int64(s.Size))
	if s.ShardSize != 0 {
		w.Int("shard_size", int64(s.ShardSize))
	}
	w.Int("min_doc_count", s.MinDocCount)
	if s.ShardMinDocCount != 0 {
		w.Int("shard_min_doc_count", s.ShardMinDocCount)
	}
	s.TermFilters.write(w)
	if s.Background != nil {
		w.Key("background_filter")
		w.Value(func(dst []byte) []byte { return query.Append(dst, s.Background) })
	}
	w.Key(s.Heuristic.Kind)
	w.Value(func(dst []byte) []byte {
		h := jsonval.Begin(dst)
		if s.Heuristic.Script != nil {
			h.Raw("script", s.Heuristic.Script.Raw)
		}
		h.BoolIf("include_negatives", s.Heuristic.IncludeNegatives)
		if s.Heuristic.SeparateBackground {
			h.Bool("background_is_superset", false)
		}
		return h.End()
	})
	w.StringIf("execution_hint", s.ExecutionHint)
}

// significance reads the options that both kinds have; more are those of one.
func (p *parser) significance(n *jsonval.Node, s *Significance, more options) error {
	*s = Significance{Size: 10, MinDocCount: 3, Heuristic: Heuristic{Kind: "jlh"}}
	more["size"] = p.count(&s.Size)
	more["shard_size"] = p.count(&s.ShardSize)
	more["min_doc_count"] = p.count64(&s.MinDocCount)
	more["shard_min_doc_count"] = p.count64(&s.ShardMinDocCount)
	more["include"] = p.include(&s.TermFilters)
	more["exclude"] = p.termFilter(&s.Exclude)
	more["execution_hint"] = p.executionHint(&s.ExecutionHint)
	more["background_filter"] = func(_ place, n *jsonval.Node) (err error) {
		s.Background, err = query.ParseNode(n)
		return err
	}
	for _, kind := range []string{"jlh", "mutual_information", "chi_square", "gnd", "percentage", "script_heuristic"} {
		more[kind] = p.heuristic(&s.Heuristic)
	}
	more["p_value"] = func(place, *jsonval.Node) error {
		return eserr.Unsupported("[p_value] of aggregation [" + p.name + "] of type [" + p.kind + "]")
	}
	if err := p.options(n, more); err != nil {
		return err
	}
	if s.Size == 0 {
		return eserr.IllegalArgument("[size] must be greater than 0. Found [0] in [%s]", p.name)
	}
	return s.check()
}

func (p *parser) heuristic(h *Heuristic) option {
	return func(at place, n *jsonval.Node) error {
		if n.Kind != jsonval.Object {
			return at.unknownToken(n)
		}
		*h = Heuristic{Kind: at.option}
		known := options{}
		switch at.option {
		case "mutual_information", "chi_square":
			known["include_negatives"] = p.boolean(&h.IncludeNegatives)
			known["background_is_superset"] = p.negated(&h.SeparateBackground)
		case "script_heuristic":
			known["script"] = func(_ place, n *jsonval.Node) (err error) {
				h.Script, err = painless.ParseSpec(n)
				return err
			}
			if err := p.members(n, known); err != nil || h.Script != nil {
				return err
			}
			return eserr.ParsingException(n.Line, n.Col, "failed to parse [script_heuristic] significance heuristic. the script is missing")
		case "gnd":
			known["background_is_superset"] = p.negated(&h.SeparateBackground)
		}
		return p.members(n, known)
	}
}

func parseSignificantTerms(p *parser, n *jsonval.Node) (Body, error) {
	b := &SignificantTerms{}
	err := p.significance(n, &b.Significance, p.source(&b.Source, options{"value_type": p.valueType(&b.ValueType)}))
	if err == nil && b.Field == "" {
		err = p.noField()
	}
	return b, err
}

func parseSignificantText(p *parser, n *jsonval.Node) (Body, error) {
	b := &SignificantText{}
	err := p.significance(n, &b.Significance, options{
		"field":                 p.text(&b.Field),
		"filter_duplicate_text": p.only("false"),
		"source_fields": func(place, *jsonval.Node) error {
			return eserr.Unsupported("[source_fields] of aggregation [" + p.name + "] of type [significant_text]")
		},
	})
	if err == nil && b.Field == "" {
		err = eserr.IllegalArgument("[field] must not be null: [%s]", p.name)
	}
	return b, err
}
