package agg

import (
	"regexp"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// CategorizeText makes a bucket per kind of message: messages that have most words in common.
type CategorizeText struct {
	Field string
	// SimilarityThreshold is how much of the words must be the same, in percent.
	SimilarityThreshold int
	// Filters are regular expressions of what is taken out of messages first.
	Filters []string
	// Analyzer names the analyzer that makes words of messages; empty for the one that is made for it.
	Analyzer    string
	Size        int
	MinDocCount int64
}

// Kind returns "categorize_text".
func (*CategorizeText) Kind() string { return "categorize_text" }

// Family returns Bucket.
func (*CategorizeText) Family() Family { return Bucket }

func (b *CategorizeText) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	w.String("field", b.Field)
	w.Int("similarity_threshold", int64(b.SimilarityThreshold))
	if len(b.Filters) > 0 {
		w.Strings("categorization_filters", b.Filters)
	}
	w.StringIf("categorization_analyzer", b.Analyzer)
	w.Int("size", int64(b.Size))
	w.Int("min_doc_count", b.MinDocCount)
	return w.End()
}

// defaultSimilarity is Elasticsearch's threshold.
const defaultSimilarity = 70

func parseCategorizeText(p *parser, n *jsonval.Node) (Body, error) {
	b := &CategorizeText{SimilarityThreshold: defaultSimilarity, Size: 10, MinDocCount: 1}
	shardSize, tokens := 0, 0
	shardCount := int64(0)
	err := p.options(n, options{
		"field": p.text(&b.Field), "similarity_threshold": p.whole(&b.SimilarityThreshold),
		"categorization_filters": p.texts(&b.Filters),
		"categorization_analyzer": func(at place, n *jsonval.Node) error {
			if n.Kind == jsonval.Object {
				return eserr.Unsupported("[categorization_analyzer] other than the name of an analyzer in aggregation [" + p.name + "]")
			}
			return p.text(&b.Analyzer)(at, n)
		},
		"size": p.whole(&b.Size), "min_doc_count": p.count64(&b.MinDocCount),
		"shard_size": p.whole(&shardSize), "shard_min_doc_count": p.count64(&shardCount), // one shard returns all that there is
		"max_unique_tokens": p.whole(&tokens), "max_matched_tokens": p.whole(&tokens), // of an older way to categorize; they change nothing
	})
	switch {
	case err != nil:
		return nil, err
	case b.Field == "":
		return nil, eserr.IllegalArgument("Required [field]")
	case b.SimilarityThreshold < 1 || b.SimilarityThreshold > 100:
		return nil, eserr.New(400, "status_exception", "[similarity_threshold] must be in the range [1, 100]. Found [%d] in [%s]", b.SimilarityThreshold, p.name)
	case b.Size <= 0:
		return nil, eserr.New(400, "status_exception", "[size] must be greater than 0. Found [%d] in [%s]", b.Size, p.name)
	case len(b.Filters) > 0 && b.Analyzer != "":
		return nil, eserr.New(400, "status_exception", "[categorization_filters] cannot be used with [categorization_analyzer] - instead specify them as pattern_replace char_filters in the analyzer")
	}
	for _, filter := range b.Filters {
		if _, err := regexp.Compile(filter); err != nil || filter == "" {
			return nil, eserr.New(400, "status_exception", "categorization_filters contains invalid regular expression '%s'", filter)
		}
	}
	return b, nil
}
