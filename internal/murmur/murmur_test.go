package murmur

import "testing"

// TestSum128 compares with the answers of the reference implementation for seed 0.
func TestSum128(t *testing.T) {
	for _, test := range []struct {
		text   string
		h1, h2 uint64
	}{
		{"", 0, 0},
		{"hello", 0xcbd8a7b341bd9b02, 0x5b1e906a48ae1d19},
		{"The quick brown fox jumps over the lazy dog", 0xe34bbc7bbc071b6c, 0x7a433ca9c49a9347},
	} {
		if h1, h2 := Sum128([]byte(test.text), 0); h1 != test.h1 || h2 != test.h2 {
			t.Errorf("%q: %x %x, want %x %x", test.text, h1, h2, test.h1, test.h2)
		}
	}
}
