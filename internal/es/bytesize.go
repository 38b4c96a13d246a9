package es

import (
	"math"
	"strconv"
	"strings"
)

// ByteUnits are Elasticsearch's units of size, greatest first: powers of 1024.
var ByteUnits = []struct {
	Suffix string
	Bytes  int64
}{
	{"pb", 1 << 50}, {"tb", 1 << 40}, {"gb", 1 << 30}, {"mb", 1 << 20}, {"kb", 1 << 10}, {"b", 1},
}

// ParseByteSize reads a size such as 50gb.
func ParseByteSize(text string) (bytes int64, ok bool) {
	lower := strings.ToLower(strings.TrimSpace(text))
	for _, u := range ByteUnits {
		digits, found := strings.CutSuffix(lower, u.Suffix)
		if !found {
			continue
		}
		n, err := strconv.ParseFloat(strings.TrimSpace(digits), 64)
		if err != nil || n < 0 || n*float64(u.Bytes) >= 1<<62 {
			return 0, false
		}
		return int64(n * float64(u.Bytes)), true
	}
	return 0, false
}

// ByteSize prints as Elasticsearch prints sizes for people: 1.5kb.
type ByteSize int64

func (s ByteSize) String() string {
	for _, u := range ByteUnits {
		if int64(s) >= u.Bytes && u.Bytes > 1 {
			return strconv.FormatFloat(math.Floor(float64(s)/float64(u.Bytes)*10)/10, 'f', -1, 64) + u.Suffix
		}
	}
	return strconv.FormatInt(int64(s), 10) + "b"
}
