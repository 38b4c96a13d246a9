package exec

import (
	"math"
	"math/big"
	"strconv"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/query"
)

// An unsigned_long's column holds the bits of its numbers: below 2^63 they are the numbers themselves, so that
// most of what works on whole numbers works on them. Those from 2^63 on look negative.

// unsignedTerms matches some numbers. Fractions and negative numbers match nothing.
func unsignedTerms(f *field, values []query.Value, weight float64) (node, error) {
	var ints []int64
	for _, v := range values {
		if v.IsNull() {
			continue
		}
		x, err := parseBig(v)
		if err != nil {
			return nil, err
		}
		if n, whole := x.Uint64(), x.IsInt() && x.Sign() >= 0; whole && x.Cmp(new(big.Float).SetUint64(n)) == 0 {
			ints = append(ints, int64(n))
		}
	}
	return newIntSet(f.view.column, ints, weight), nil
}

// bigNumber is a number with all its digits.
type bigNumber struct{ *big.Float }

// Uint64 is the number cut to what 64 bits hold.
func (b bigNumber) Uint64() uint64 {
	n, _ := b.Float.Uint64()
	return n
}

func parseBig(v query.Value) (bigNumber, error) {
	const bits = 128
	x, _, err := big.ParseFloat(v.Text, 10, bits, big.ToNearestEven)
	if err != nil {
		return bigNumber{}, eserr.NumberFormat(v.Text)
	}
	return bigNumber{x}, nil
}

// unsignedRange matches numbers between two, rounded inwards.
func unsignedRange(f *field, q *query.Range) (node, error) {
	lo, hi := uint64(0), uint64(math.MaxUint64)
	if b := q.Lower; b != nil {
		x, err := parseBig(b.Value)
		if err != nil {
			return nil, err
		}
		switch {
		case x.Sign() < 0:
		case x.Cmp(maxUnsigned) > 0 || !b.Inclusive && x.Cmp(maxUnsigned) == 0:
			return noneNode{}, nil
		default:
			if lo = x.Uint64(); !x.IsInt() || !b.Inclusive {
				lo++
			}
		}
	}
	if b := q.Upper; b != nil {
		x, err := parseBig(b.Value)
		if err != nil {
			return nil, err
		}
		switch {
		case x.Sign() < 0 || !b.Inclusive && x.Sign() == 0:
			return noneNode{}, nil
		case x.Cmp(maxUnsigned) > 0:
		default:
			if hi = x.Uint64(); x.IsInt() && !b.Inclusive {
				hi--
			}
		}
	}
	if lo > hi {
		return noneNode{}, nil
	}
	if lo>>63 == hi>>63 {
		return intBetween(f, int64(lo), int64(hi), q.Weight()), nil
	}
	parts := []node{intBetween(f, int64(lo), math.MaxInt64, 1), intBetween(f, math.MinInt64, int64(hi), 1)}
	return &constantNode{&boolNode{should: parts, least: 1, weight: 1}, q.Weight()}, nil
}

var maxUnsigned = new(big.Float).SetUint64(math.MaxUint64)

// unsignedFloat is the number that bits stand for.
func unsignedFloat(bits int64) float64 { return float64(uint64(bits)) }

// unsignedOrder maps bits to an integer in the order of the numbers; applied twice it gives them back.
func unsignedOrder(bits int64) int64 { return bits ^ math.MinInt64 }

func formatUnsigned(bits int64) string { return strconv.FormatUint(uint64(bits), 10) }

// parseUnsigned reads a number of a request as the column has it.
func parseUnsigned(v query.Value) (int64, error) {
	n, err := strconv.ParseUint(v.Text, 10, 64)
	if err != nil {
		return 0, eserr.NumberFormat(v.Text)
	}
	return int64(n), nil
}
