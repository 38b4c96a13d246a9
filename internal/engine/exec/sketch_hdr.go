package exec

import (
	"maps"
	"math"
	"math/bits"
	"slices"

	"elkhorn/internal/es/eserr"
)

// hdr holds a distribution of numbers as HdrHistogram does: in buckets that are a fixed number of significant
// decimal digits wide. Its answers are the ends of buckets, not interpolated, so they are the same as
// Elasticsearch's. There is an entry per bucket in use.
type hdr struct {
	acct   *account
	shift  int // of a float64's bits to its bucket
	counts map[uint64]int64
	n      int64
	min    float64 // least above 0
}

// newHDR makes a histogram of so many digits, 0 to 5.
func newHDR(digits int, acct *account) *hdr {
	single := uint64(2 * math.Pow10(digits)) // up to here whole numbers are told apart
	return &hdr{acct: acct, shift: 52 - (bits.Len64(single-1) - 1), counts: map[uint64]int64{}, min: math.Inf(1)}
}

// hdrEntryBytes is about what a bucket takes.
const hdrEntryBytes = 48

// add takes in a number. NaN is left out.
func (h *hdr) add(v float64) error {
	if math.IsNaN(v) {
		return nil
	}
	if v < 0 {
		return eserr.IllegalArgument("Histogram recorded value cannot be negative.")
	}
	if v > 0 {
		h.min = min(h.min, v)
	}
	h.n++
	return h.count(math.Float64bits(v+0)>>h.shift, 1)
}

func (h *hdr) count(slot uint64, n int64) error {
	if _, ok := h.counts[slot]; !ok {
		if err := h.acct.grow(hdrEntryBytes); err != nil {
			return err
		}
	}
	h.counts[slot] += n
	return nil
}

// clone returns a copy.
func (h *hdr) clone() *hdr {
	out := *h
	out.counts = maps.Clone(h.counts)
	return &out
}

func (h *hdr) merge(o *hdr) error {
	h.n += o.n
	h.min = min(h.min, o.min)
	for slot, n := range o.counts {
		if err := h.count(slot, n); err != nil {
			return err
		}
	}
	return nil
}

// unit is the smallest difference that the histogram tells: one bucket's width at its least number.
func (h *hdr) unit() float64 {
	if math.IsInf(h.min, 1) {
		return 0
	}
	_, exp := math.Frexp(h.min)
	return math.Ldexp(1, exp-1-(52-h.shift))
}

// quantile is the number that a share of all do not exceed: the greatest that lies in the bucket of the one
// there; there is none for what is no share.
func (h *hdr) quantile(share float64) (float64, bool) {
	if h.n == 0 || !isShare(share) {
		return 0, false
	}
	target := max(int64(share*float64(h.n)+0.5), 1)
	for _, slot := range slices.Sorted(maps.Keys(h.counts)) {
		if target -= h.counts[slot]; target > 0 {
			continue
		}
		if slot == 0 || share == 0 {
			return math.Float64frombits(slot << h.shift), true
		}
		return math.Float64frombits((slot+1)<<h.shift) - h.unit(), true
	}
	return 0, false
}

// rank is the share of numbers up to the end of a value's bucket.
func (h *hdr) rank(v float64) (float64, bool) {
	if h.n == 0 {
		return 0, false
	}
	if v < 0 {
		return 0, true
	}
	last := math.Float64bits(v+0) >> h.shift
	var below int64
	for slot, n := range h.counts {
		if slot <= last {
			below += n
		}
	}
	return float64(below) / float64(h.n), true
}
