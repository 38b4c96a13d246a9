package processor

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/binary"
	"hash"
	"math"
	"math/bits"
	"slices"
	"strings"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/event"
)

// fingerprintProcessor hashes fields.
type fingerprintProcessor struct {
	fields        []*path
	target        *path
	salt          string
	newHash       func() hash.Hash // nil is MurmurHash3
	ignoreMissing bool
}

var fingerprintMethods = map[string]func() hash.Hash{"MD5": md5.New, "SHA-1": sha1.New, "SHA-256": sha256.New, "SHA-512": sha512.New, "MurmurHash3": nil}

func newFingerprint(c *config) (Processor, error) {
	p := &fingerprintProcessor{target: c.pathOr("target_field", "fingerprint"), salt: c.strOr("salt", ""), ignoreMissing: c.flag("ignore_missing", false)}
	if strings.TrimSpace(p.salt) == "" {
		p.salt = ""
	}
	names := c.strs("fields")
	if c.err == nil && len(names) == 0 {
		c.fail("fields", "must specify at least one field")
	}
	names = slices.Sorted(slices.Values(names))
	for _, name := range names {
		p.fields = append(p.fields, c.pathOf("fields", name))
	}
	method := c.strOr("method", "SHA-1")
	newHash, known := fingerprintMethods[method]
	if !known {
		c.fail("method", "[%s] must be one of the supported hash methods [MD5,SHA-1,SHA-256,SHA-512,MurmurHash3]", method)
	}
	p.newHash = newHash
	return p, c.err
}

// Run sets the hash.
func (p *fingerprintProcessor) Run(d *Document) error {
	data := []byte(p.salt)
	found := false
	for _, f := range p.fields {
		v, _ := d.lookup(f)
		if v.Kind() == event.Null {
			if p.ignoreMissing {
				continue
			}
			return eserr.IllegalArgument("missing field [%s] when calculating fingerprint", f.text)
		}
		found = true
		data = appendHashed(data, v)
	}
	if !found {
		return nil
	}
	if err := d.spend(len(data)); err != nil {
		return err
	}
	var sum []byte
	if p.newHash == nil {
		h1, h2 := murmur3x64(data)
		sum = binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(nil, h1), h2)
	} else {
		h := p.newHash()
		h.Write(data) // never fails
		sum = h.Sum(nil)
	}
	return d.set(p.target, event.StringOf(base64.StdEncoding.EncodeToString(sum)))
}

// appendHashed writes a value as Elasticsearch hashes it: a zero before each plain value and each name, numbers as their bytes,
// objects in the order of names.
func appendHashed(dst []byte, v value) []byte {
	switch v.Kind() {
	case event.Array:
		for _, item := range v.Items() {
			dst = appendHashed(dst, item)
		}
		return dst
	case event.Object:
		names := make([]string, v.Len())
		for i := range names {
			names[i] = v.NameAt(i)
		}
		slices.Sort(names)
		for _, name := range names {
			member, _ := v.Member(name)
			dst = append(append(dst, 0), name...)
			dst = appendHashed(dst, member)
		}
		return dst
	}
	dst = append(dst, 0)
	switch v.Kind() {
	case event.Int:
		if n := v.Int(); fitsInt32(n) {
			return binary.LittleEndian.AppendUint32(dst, uint32(n))
		}
		return binary.LittleEndian.AppendUint64(dst, uint64(v.Int()))
	case event.Float:
		return binary.LittleEndian.AppendUint64(dst, math.Float64bits(v.Float()))
	case event.Bool:
		if v.Bool() {
			return append(dst, 1)
		}
		return append(dst, 2)
	case event.Null:
		return dst
	}
	return v.AppendText(dst)
}

// murmur3x64 is Austin Appleby's MurmurHash3_x64_128 with seed 0.
func murmur3x64(data []byte) (h1, h2 uint64) {
	const c1, c2 = 0x87c37b91114253d5, 0x4cf5ad432745937f
	mix1 := func(k uint64) uint64 { return bits.RotateLeft64(k*c1, 31) * c2 }
	mix2 := func(k uint64) uint64 { return bits.RotateLeft64(k*c2, 33) * c1 }
	rest := data
	for ; len(rest) >= 16; rest = rest[16:] {
		h1 ^= mix1(binary.LittleEndian.Uint64(rest))
		h1 = (bits.RotateLeft64(h1, 27)+h2)*5 + 0x52dce729
		h2 ^= mix2(binary.LittleEndian.Uint64(rest[8:]))
		h2 = (bits.RotateLeft64(h2, 31)+h1)*5 + 0x38495ab5
	}
	var tail [16]byte
	copy(tail[:], rest)
	if len(rest) > 8 {
		h2 ^= mix2(binary.LittleEndian.Uint64(tail[8:]))
	}
	if len(rest) > 0 {
		h1 ^= mix1(binary.LittleEndian.Uint64(tail[:]))
	}
	n := uint64(len(data))
	h1, h2 = h1^n, h2^n
	h1 += h2
	h2 += h1
	h1, h2 = finishMurmur(h1), finishMurmur(h2)
	h1 += h2
	return h1, h2 + h1
}

func finishMurmur(k uint64) uint64 {
	k = (k ^ k>>33) * 0xff51afd7ed558ccd
	k = (k ^ k>>33) * 0xc4ceb9fe1a85ec53
	return k ^ k>>33
}
