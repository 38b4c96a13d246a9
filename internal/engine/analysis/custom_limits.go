package analysis

import (
	"errors"
	"fmt"
	"math"
)

// Limits bound how many tokens parts of analyzers may make of one.
type Limits struct {
	NgramDiff   int // index.max_ngram_diff: max_gram less min_gram
	ShingleDiff int // index.max_shingle_diff: max_shingle_size less min_shingle_size, and one more with single words
}

var (
	// DefaultLimits are Elasticsearch's.
	DefaultLimits = Limits{NgramDiff: 1, ShingleDiff: 3}
	// NoLimits are for indices that were made without.
	NoLimits = Limits{NgramDiff: math.MaxInt, ShingleDiff: math.MaxInt}
)

// LimitError says that a definition is beyond a limit.
type LimitError struct{ reason string }

func (e *LimitError) Error() string { return e.reason }

func (l Limits) checkGrams(shortest, longest int) error {
	if diff := longest - shortest; diff > l.NgramDiff {
		return &LimitError{fmt.Sprintf("The difference between max_gram and min_gram in NGram Tokenizer must be less than or equal to: [%d] but was [%d]. "+
			"This limit can be set by changing the [index.max_ngram_diff] index level setting.", l.NgramDiff, diff)}
	}
	return nil
}

func (l Limits) checkShingles(least, most int, single bool) error {
	diff := most - least
	if single {
		diff++
	}
	if diff > l.ShingleDiff {
		return &LimitError{fmt.Sprintf("In Shingle TokenFilter the difference between max_shingle_size and min_shingle_size (and +1 if outputting unigrams) must be less than or equal to: [%d] but was [%d]. "+
			"This limit can be set by changing the [index.max_shingle_diff] index level setting.", l.ShingleDiff, diff)}
	}
	return nil
}

// inPart says in which part of an analyzer a mistake is. What Elasticsearch says of limits stays as it is.
func inPart(kind, name string, err error) error {
	if beyond := (*LimitError)(nil); errors.As(err, &beyond) {
		return beyond
	}
	return fmt.Errorf("%s [%s]: %w", kind, name, err)
}
