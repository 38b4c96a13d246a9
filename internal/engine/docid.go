package engine

import (
	"encoding/base64"
	"encoding/binary"

	"github.com/cespare/xxhash/v2"
)

// A generated _id is not stored: it is derived from the index's nonce and the sequence number of the
// operation that made the document, so it costs no bytes and needs no index. It looks like
// Elasticsearch's: 20 characters of URL-safe base64, 15 bytes,
//
//	nonce (5) | permuted sequence number (7) | check (3)
//
// The permutation keeps ids of one bulk from looking like a series; the check keeps explicit ids that
// happen to have 20 characters from being taken for derived ones.
type docIDs struct {
	nonce uint64 // 40 bits
}

const (
	docIDBytes = 15
	docIDChars = 20
	seqBits    = 56
	seqMask    = 1<<seqBits - 1
	// permuteBy is odd, so multiplication modulo 2^56 is a permutation; unpermuteBy is its inverse.
	permuteBy   = 0x9e3779b97f4a7d
	unpermuteBy = 0x3142d32a1bfed5
)

// newDocIDs derives an index's nonce from its UUID.
func newDocIDs(uuid string) docIDs {
	return docIDs{nonce: xxhash.Sum64String(uuid) & (1<<40 - 1)}
}

// derive returns the _id of the document made by operation seq.
func (d docIDs) derive(seq int64) string {
	var raw [docIDBytes]byte
	p := permute(uint64(seq))
	putBits(raw[:5], d.nonce)
	putBits(raw[5:12], p)
	putBits(raw[12:], d.check(p))
	var text [docIDChars]byte
	base64.RawURLEncoding.Encode(text[:], raw[:])
	return string(text[:])
}

// sequence returns the sequence number that an id was derived from; ok is false for any id that this
// index did not derive.
func (d docIDs) sequence(id string) (seq int64, ok bool) {
	if len(id) != docIDChars {
		return 0, false
	}
	var raw [docIDBytes]byte
	if _, err := base64.RawURLEncoding.Decode(raw[:], []byte(id)); err != nil {
		return 0, false
	}
	p := bitsOf(raw[5:12])
	if bitsOf(raw[:5]) != d.nonce || bitsOf(raw[12:]) != d.check(p) {
		return 0, false
	}
	return int64(unpermute(p)), true
}

func (d docIDs) check(permuted uint64) uint64 {
	var buf [16]byte
	binary.BigEndian.PutUint64(buf[:], d.nonce)
	binary.BigEndian.PutUint64(buf[8:], permuted)
	return xxhash.Sum64(buf[:]) & (1<<24 - 1)
}

func permute(seq uint64) uint64 {
	x := seq & seqMask
	x ^= x >> 28
	return x * permuteBy & seqMask
}

func unpermute(p uint64) uint64 {
	x := p * unpermuteBy & seqMask
	return x ^ x>>28 // the shift is half the width, so one step undoes it
}

func putBits(dst []byte, v uint64) {
	for i := len(dst) - 1; i >= 0; i-- {
		dst[i] = byte(v)
		v >>= 8
	}
}

func bitsOf(src []byte) uint64 {
	var v uint64
	for _, b := range src {
		v = v<<8 | uint64(b)
	}
	return v
}
