package filter

import (
	"encoding/binary"
	"math"

	"elkhorn/internal/event"
	"elkhorn/internal/murmur"
)

// murmurDigest hashes integers as their eight bytes and everything else as text.
func murmurDigest(v event.Value) (event.Value, bool) {
	if v.Kind() == event.Int {
		n := uint64(v.Int())
		b := make([]byte, 8)
		for i := range b {
			b[i] = byte(n >> (8 * i))
		}
		return event.IntOf(int64(murmur3(b))), true
	}
	return event.IntOf(int64(murmur3(appendRuby(nil, v, false)))), true
}

// murmur3 is Austin Appleby's MurmurHash3_x86_32 with seed 0.
func murmur3(data []byte) uint32 {
	const c1, c2 = 0xcc9e2d51, 0x1b873593
	mix := func(k uint32) uint32 {
		k *= c1
		return (k<<15 | k>>17) * c2
	}
	var h uint32
	rest := data
	for ; len(rest) >= 4; rest = rest[4:] {
		h ^= mix(uint32(rest[0]) | uint32(rest[1])<<8 | uint32(rest[2])<<16 | uint32(rest[3])<<24)
		h = (h<<13|h>>19)*5 + 0xe6546b64
	}
	if len(rest) > 0 {
		var k uint32
		for i := len(rest) - 1; i >= 0; i-- {
			k = k<<8 | uint32(rest[i])
		}
		h ^= mix(k)
	}
	h ^= uint32(len(data))
	h = (h ^ h>>16) * 0x85ebca6b
	h = (h ^ h>>13) * 0xc2b2ae35
	return h ^ h>>16
}

// murmur128Seed is the seed that Logstash hashes with.
const murmur128Seed = 2

// murmur128Digest hashes integers as their four bytes, or eight when they need as many, and everything else as text.
func murmur128Digest(inBase64 bool) func(event.Value) (event.Value, bool) {
	return func(v event.Value) (event.Value, bool) {
		var data []byte
		switch n := v.Int(); {
		case v.Kind() != event.Int:
			data = appendRuby(nil, v, false)
		case math.MinInt32 <= n && n <= math.MaxInt32:
			data = binary.LittleEndian.AppendUint32(nil, uint32(n))
		default:
			data = binary.LittleEndian.AppendUint64(nil, uint64(n))
		}
		h1, h2 := murmur.Sum128(data, murmur128Seed)
		sum := binary.LittleEndian.AppendUint64(nil, h1)
		return digestText(binary.LittleEndian.AppendUint64(sum, h2), inBase64), true
	}
}
