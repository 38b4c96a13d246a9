package exec

import (
	"encoding/binary"
	"math/bits"
)

// partition keeps the values that fall into one of several slices, by the hashes that Elasticsearch uses: clients fetch
// the slices one by one, and may compare them with those of another cluster.
func (k *keySource) partition(slice, slices int) {
	if k.isNumber() {
		bits := func(v int64) int64 { return v }
		if k.class == classFloat {
			bits = floatBitsOrder
		}
		k.acceptNumber = acceptBoth(k.acceptNumber, func(v int64) bool { return floorMod(hashLong(bits(v)), slices) != slice })
		return
	}
	k.acceptText = acceptBoth(k.acceptText, func(v []byte) bool { return floorMod(int64(int32(murmur3(v, partitionSeed))), slices) != slice })
}

// partitionSeed is what Elasticsearch seeds the hash of texts with.
const partitionSeed = 31

// floatBitsOrder turns the bits of a float into the whole number that Elasticsearch has in their place.
func floatBitsOrder(n int64) int64 {
	if n < 0 {
		n ^= 1<<63 - 1
	}
	return n
}

func floorMod(n int64, by int) int {
	m := int(n % int64(by))
	if m < 0 {
		m += by
	}
	return m
}

// hashLong spreads the bits of a number: variant 9 of Stafford's mixers.
func hashLong(n int64) int64 {
	z := uint64(n)
	z = (z ^ z>>32) * 0x4cd6944c5cc20b6d
	z = (z ^ z>>29) * 0xfc12c5b19d3259e9
	return int64(z ^ z>>32)
}

// murmur3 is MurmurHash3 for x86 with 32 bits.
func murmur3(data []byte, seed uint32) uint32 {
	const c1, c2 = 0xcc9e2d51, 0x1b873593
	mix := func(k uint32) uint32 { return bits.RotateLeft32(k*c1, 15) * c2 }
	h, length := seed, len(data)
	for ; len(data) >= 4; data = data[4:] {
		h = bits.RotateLeft32(h^mix(binary.LittleEndian.Uint32(data)), 13)*5 + 0xe6546b64
	}
	tail := uint32(0)
	for i := len(data) - 1; i >= 0; i-- {
		tail = tail<<8 | uint32(data[i])
	}
	if len(data) > 0 {
		h ^= mix(tail)
	}
	h ^= uint32(length)
	h = (h ^ h>>16) * 0x85ebca6b
	h = (h ^ h>>13) * 0xc2b2ae35
	return h ^ h>>16
}
