package es

import "testing"

// TestRoutingHash has values that Elasticsearch gives.
func TestRoutingHash(t *testing.T) {
	for text, want := range map[string]uint32{
		"hell": 0x5a0cb7c3, "hello": 0xd7c31989, "hello w": 0x22ab2984, "hello wo": 0xdf0ca123, "hello wor": 0xe7744d61,
		"The quick brown fox jumps over the lazy dog": 0xe07db09c, "The quick brown fox jumps over the lazy cog": 0x4e63d2ad,
	} {
		if got := uint32(routingHash(text)); got != want {
			t.Errorf("%q: %#x, want %#x", text, got, want)
		}
	}
}

func TestDefaultRoutingShards(t *testing.T) {
	for shards, want := range map[int]int{1: 1024, 2: 1024, 3: 768, 5: 640, 9: 576, 512: 1024, 1000: 2000} {
		if got := defaultRoutingShards(shards); got != want {
			t.Errorf("%d shards: %d, want %d", shards, got, want)
		}
	}
}
