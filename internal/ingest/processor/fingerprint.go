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
	"slices"
	"strings"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/event"
	"elkhorn/internal/murmur"
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
		h1, h2 := murmur.Sum128(data, 0)
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
