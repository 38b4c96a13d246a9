package ruby

import (
	crand "crypto/rand"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
)

// randomNumber is rand, rand(10), rand(1.5) and rand(1..6).
func randomNumber(c *call) (Value, error) {
	switch limit := c.arg(0).(type) {
	case nil:
		return rand.Float64(), nil
	case int64:
		switch {
		case limit == 0:
			return rand.Float64(), nil
		case limit < 0 && limit != -limit:
			limit = -limit
		}
		return rand.Int64N(limit), nil
	case float64:
		return rand.Float64() * limit, nil
	case *Range:
		low, ok1 := limit.Low.(int64)
		high, ok2 := limit.High.(int64)
		if limit.Exclusive {
			high--
		}
		if ok1 && ok2 && high >= low && high-low >= 0 {
			return low + int64(rand.Uint64N(uint64(high-low)+1)), nil
		}
	}
	return nil, argumentErrorf("invalid argument - %s", inspectShort(c.args[0]))
}

// randomUUID is a version 4 UUID (RFC 9562).
func randomUUID(*call) (Value, error) {
	var b [16]byte
	crand.Read(b[:]) // never fails: it ends the process when the system has no randomness
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:]), nil
}

func randomHex(c *call) (Value, error) {
	n := int64(16)
	if c.arg(0) != nil {
		var err error
		if n, err = intArg(c.args[0]); err != nil || n < 0 || n > 1<<20 {
			return nil, argumentErrorf("invalid length")
		}
	}
	b := make([]byte, n)
	crand.Read(b) // never fails
	return hex.EncodeToString(b), c.fr.grow(2 * int(n))
}

// hashOf is Hash[[[a, 1], [b, 2]]] and Hash[a, 1, b, 2].
func hashOf(c *call) (Value, error) {
	h := NewHash()
	if pairs, ok := c.args[0].(*Array); ok && len(c.args) == 1 {
		for _, item := range pairs.Items {
			pair, ok := item.(*Array)
			if !ok || len(pair.Items) < 1 || len(pair.Items) > 2 {
				return nil, argumentErrorf("wrong element type %s (expected array)", className(item))
			}
			var v Value
			if len(pair.Items) == 2 {
				v = pair.Items[1]
			}
			h.Set(pair.Items[0], v)
		}
		return h, c.fr.grow(64 * len(pairs.Items))
	}
	if other, ok := c.args[0].(*Hash); ok && len(c.args) == 1 {
		for i := range other.Len() {
			k, v := other.At(i)
			h.Set(k, v)
		}
		return h, c.fr.grow(64 * other.Len())
	}
	if len(c.args)%2 != 0 {
		return nil, argumentErrorf("odd number of arguments for Hash")
	}
	for i := 0; i < len(c.args); i += 2 {
		h.Set(c.args[i], c.args[i+1])
	}
	return h, c.fr.grow(64 * len(c.args))
}
