package es

import (
	"math/bits"
	"strconv"
	"unicode/utf16"
)

// Sharding says into how many shards an index counts its documents, and which of them is whose. A store may keep them all in one
// place: what asks for a shard by its number or by a routing value must still see that shard's documents alone.
type Sharding struct {
	Shards, routingShards, partition int
}

// ShardingOf reads an index's settings.
func ShardingOf(settings map[string]string) Sharding {
	number := func(name string, otherwise int) int {
		if n, err := strconv.Atoi(settings[name]); err == nil && n > 0 {
			return n
		}
		return otherwise
	}
	s := Sharding{Shards: number("index.number_of_shards", 1), partition: number("index.routing_partition_size", 1)}
	s.routingShards = number("index.number_of_routing_shards", defaultRoutingShards(s.Shards))
	if s.routingShards < s.Shards {
		s.routingShards = s.Shards
	}
	return s
}

// defaultRoutingShards leaves room to split an index up to 1,024 shards, as Elasticsearch does.
func defaultRoutingShards(shards int) int {
	const most = 10 // power of two
	splits := max(most-bits.Len(uint(shards-1)), 1)
	return shards << splits
}

// Shard is the number of the shard that a document lies in.
func (s *Sharding) Shard(id, routing string) int {
	if s.Shards <= 1 {
		return 0
	}
	if routing == "" {
		return s.place(routingHash(id), 0)
	}
	offset := 0
	if s.partition > 1 {
		offset = floorMod(routingHash(id), s.partition)
	}
	return s.place(routingHash(routing), offset)
}

// Of are the shards that a routing value may choose: one, or several in an index that spreads a value over a partition.
func (s *Sharding) Of(routing string) []int {
	if s.Shards <= 1 {
		return []int{0}
	}
	var shards []int
	for offset := range s.partition {
		shards = append(shards, s.place(routingHash(routing), offset))
	}
	return shards
}

func (s *Sharding) place(hash int32, offset int) int {
	return floorMod(hash+int32(offset), s.routingShards) / (s.routingShards / s.Shards)
}

func floorMod(x int32, by int) int {
	m := int(x) % by
	if m < 0 {
		m += by
	}
	return m
}

// routingHash is MurmurHash3 (x86, 32 bits) of the text in UTF-16, low bytes first.
func routingHash(text string) int32 {
	units := make([]byte, 0, 64)
	for _, u := range utf16.Encode([]rune(text)) {
		units = append(units, byte(u), byte(u>>8))
	}
	return murmur3(units)
}

func murmur3(data []byte) int32 {
	const c1, c2 = 0xcc9e2d51, 0x1b873593
	mix := func(k uint32) uint32 { return bits.RotateLeft32(k*c1, 15) * c2 }
	h, length := uint32(0), len(data)
	for ; len(data) >= 4; data = data[4:] {
		k := uint32(data[0]) | uint32(data[1])<<8 | uint32(data[2])<<16 | uint32(data[3])<<24
		h = bits.RotateLeft32(h^mix(k), 13)*5 + 0xe6546b64
	}
	if len(data) > 0 {
		var k uint32
		for i := len(data) - 1; i >= 0; i-- {
			k = k<<8 | uint32(data[i])
		}
		h ^= mix(k)
	}
	h ^= uint32(length)
	h = (h ^ h>>16) * 0x85ebca6b
	h = (h ^ h>>13) * 0xc2b2ae35
	return int32(h ^ h>>16)
}
