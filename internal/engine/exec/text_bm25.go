package exec

import (
	"math"
	"math/bits"
)

// BM25 as Lucene computes it, in its types: scores are compared by clients, so the rounding counts too.
const (
	bm25K1 = 1.2
	bm25B  = 0.75
)

// bm25 scores one clause over a text field.
type bm25 struct {
	weight  float32
	inverse [256]float32 // by norm byte: 1 / (k1 * (1 - b + b * length / average))
	noNorms bool         // the field keeps no lengths: each counts as 1
	// What the weight was made of, for explanations; dfs are the documents with each of the clause's terms.
	boost, idf float64
	stats      fieldStats
	dfs        []int64
}

// newBM25 prepares scoring; idf is the sum over the clause's terms.
func newBM25(boost, idf float64, stats fieldStats) *bm25 {
	s := &bm25{weight: float32(boost) * float32(bm25K1+1) * float32(idf), boost: boost, idf: idf, stats: stats}
	average := float32(1)
	if stats.docs > 0 {
		average = float32(float64(stats.tokens) / float64(stats.docs))
	}
	for i := range s.inverse {
		s.inverse[i] = 1 / (float32(bm25K1) * ((1 - float32(bm25B)) + float32(bm25B)*float32(normLength(byte(i)))/average))
	}
	return s
}

// bm25 prepares scoring of a clause on the field.
func (f *field) bm25(boost, idf float64, stats fieldStats) *bm25 {
	s := newBM25(boost, idf, stats)
	s.noNorms = !f.norms()
	return s
}

// score is that of a document in which the clause occurs freq times among length tokens.
func (s *bm25) score(freq, length int) float64 { return s.scoreFreq(float64(freq), length) }

// scoreFreq is score for a frequency that need not be whole, as that of a sloppy phrase.
func (s *bm25) scoreFreq(freq float64, length int) float64 {
	if s.noNorms {
		length = 1
	}
	return float64(s.weight - s.weight/(1+float32(freq)*s.inverse[lengthNorm(length)]))
}

// idf of a term that df of docs documents with the field hold.
func idf(df, docs int64) float64 {
	return math.Log(1 + (float64(docs)-float64(df)+0.5)/(float64(df)+0.5))
}

// Norms are lengths in one byte: exact below normExact, then a float of 4 significant bits, as in
// Lucene's SmallFloat.
const normExact = 24

// lengthNorm encodes a length in tokens.
func lengthNorm(length int) byte {
	if length < normExact {
		return byte(length)
	}
	n := uint64(length - normExact)
	width := bits.Len64(n)
	if width < 4 {
		return byte(normExact + n)
	}
	shift := width - 4
	return byte(min(normExact+int(n>>shift&7)+(shift+1)<<3, 255))
}

// normLength decodes a norm.
func normLength(norm byte) int {
	if norm < normExact {
		return int(norm)
	}
	n := int(norm - normExact)
	mantissa, shift := n&7, n>>3-1
	if shift < 0 {
		return normExact + mantissa
	}
	return normExact + (mantissa|8)<<shift
}

// fieldStats are a text field's totals over an index.
type fieldStats struct {
	docs, tokens int64
}
