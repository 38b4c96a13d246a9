package content

import (
	"math"
	"strconv"

	"github.com/cespare/xxhash/v2"

	"elkhorn/internal/event"
)

// parseNumber reads a whole text as a finite number.
func parseNumber(text string) (float64, bool) {
	if text == "" || len(text) > 64 {
		return 0, false
	}
	f, err := strconv.ParseFloat(text, 64)
	return f, err == nil && !math.IsNaN(f) && !math.IsInf(f, 0)
}

// hashOf is a hash of a value that stays the same from run to run and from machine to machine.
func hashOf(v event.Value) uint64 {
	if v.Kind() == event.String {
		return xxhash.Sum64String(v.Str())
	}
	return xxhash.Sum64(v.AppendJSON(nil))
}

// share turns a hash into a number from 0 to 1. The hash is mixed once more, so that values that a queue or another program has chosen by
// the same hash are not chosen alike.
func share(hash uint64) float64 {
	hash ^= hash >> 33
	hash *= 0xff51afd7ed558ccd
	hash ^= hash >> 33
	return float64(hash>>11) / (1 << 53)
}
