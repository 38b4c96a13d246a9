package filter

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/rand"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"hash"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

var fingerprint = pipeline.FilterSpec{
	Name:    "fingerprint",
	Summary: "Makes a hash of fields, for example as a document id that prevents duplicates.",
	Options: []plugin.Option{
		{Name: "source", Kind: plugin.Strings, Default: []string{"message"}, Help: "Fields to hash. Without concatenate_sources the last one that exists counts."},
		{Name: "target", Kind: plugin.Field, Default: "fingerprint", Help: "Field for the hash, such as [@metadata][fingerprint]; with ecs_compatibility the default is [event][hash]."},
		{Name: "method", Kind: plugin.String, Default: "SHA1", Allowed: []string{"SHA1", "SHA256", "SHA384", "SHA512", "MD5", "MURMUR3", "MURMUR3_128", "IPV4_NETWORK", "UUID", "PUNCTUATION"},
			Help: "The hash; MURMUR3 gives a 32-bit number, MURMUR3_128 digits; IPV4_NETWORK masks an address, of either version, to key bits; UUID is random; PUNCTUATION keeps punctuation only."},
		{Name: "key", Kind: plugin.Password, Help: "Key of an HMAC; for IPV4_NETWORK the length of the network prefix in bits."},
		{Name: "base64encode", Kind: plugin.Boolean, Help: "Write SHA, MD5 and MURMUR3_128 hashes in base64 rather than hexadecimal digits."},
		{Name: "concatenate_sources", Kind: plugin.Boolean, Help: "Hash names and values of all sources together."},
		{Name: "concatenate_all_fields", Kind: plugin.Boolean, Help: "Hash names and values of all fields of the event together; source is not used."},
		ecsOption,
	},
	New: newFingerprint,
}

type fingerprintFilter struct {
	sources     []*event.Path // sorted by name when they are concatenated
	target      *event.Path
	together    bool
	allFields   bool
	digest      func(v event.Value) (event.Value, bool)
	perEvent    func() event.Value // UUID: needs no source
	punctuation bool
}

func newFingerprint(_ *pipeline.Env, s *plugin.Settings) (pipeline.Filter, error) {
	f := &fingerprintFilter{together: s.Bool("concatenate_sources"), allFields: s.Bool("concatenate_all_fields")}
	var err error
	if f.target, err = pathOption(s, "target"); err != nil {
		return nil, err
	}
	if ecsLayout(s) && !s.Has("target") {
		f.target = event.MustPath("[event][hash]")
	}
	names := s.Strings("source")
	if f.together || s.String("method") == "PUNCTUATION" {
		names = slices.Sorted(slices.Values(names))
	}
	for _, name := range names {
		path, err := event.ParsePath(name)
		if err != nil {
			return nil, s.Errorf("source", "%v", err)
		}
		f.sources = append(f.sources, path)
	}
	switch method := s.String("method"); method {
	case "UUID":
		f.perEvent = randomUUID
	case "PUNCTUATION":
		f.punctuation = true
		f.digest = func(v event.Value) (event.Value, bool) { return event.StringOf(onlyPunctuation(v.Text())), true }
	case "MURMUR3":
		f.digest = murmurDigest
	case "MURMUR3_128":
		f.digest = murmur128Digest(s.Bool("base64encode"))
	case "IPV4_NETWORK":
		bits, err := strconv.Atoi(s.String("key"))
		if err != nil || bits < 0 || bits > 128 {
			return nil, s.Errorf("key", "must be the length of a network prefix, 0 to 32 (of IPv6, 128), for IPV4_NETWORK")
		}
		f.digest = func(v event.Value) (event.Value, bool) { return maskAddress(v.Text(), bits) }
	default:
		f.digest = hashDigest(method, s.String("key"), s.Bool("base64encode"))
	}
	return f, nil
}

func (f *fingerprintFilter) Filter(ev *event.Event, _ func(*event.Event)) pipeline.Outcome {
	switch {
	case f.perEvent != nil:
		ev.Set(f.target, f.perEvent())
		return pipeline.Matched
	case (f.together || f.allFields) && !f.punctuation:
		v, ok := f.digest(event.StringOf(string(f.concatenated(ev))))
		return f.store(ev, v, ok)
	}
	outcome := pipeline.Matched
	for _, source := range f.sources {
		v, ok := ev.Get(source)
		if !ok {
			continue
		}
		if v.Kind() != event.Array {
			digest, ok := f.digest(v)
			outcome = f.store(ev, digest, ok)
			continue
		}
		digests := make([]event.Value, 0, v.Len())
		for _, item := range v.Items() {
			digest, ok := f.digest(item)
			if !ok {
				return pipeline.Unmatched
			}
			digests = append(digests, digest)
		}
		outcome = f.store(ev, event.ArrayOf(digests...), true)
	}
	return outcome
}

// store sets the target. A value that cannot be hashed by the method (an address that is none) leaves the event as it is.
func (f *fingerprintFilter) store(ev *event.Event, v event.Value, ok bool) pipeline.Outcome {
	if !ok || !ev.Set(f.target, v) {
		return pipeline.Unmatched
	}
	return pipeline.Matched
}

// concatenated is |name|value|name|value| with the names in order.
func (f *fingerprintFilter) concatenated(ev *event.Event) []byte {
	dst := make([]byte, 0, 256)
	add := func(name string, v event.Value) {
		dst = append(append(append(dst, '|'), name...), '|')
		dst = appendRuby(dst, v, false)
	}
	if f.allFields {
		for _, name := range sortedNames(ev.Fields(), "@timestamp") {
			v, ok := ev.Fields().Member(name)
			if !ok {
				v = event.TimeOf(ev.Timestamp())
			}
			add(name, v)
		}
	} else {
		for _, source := range f.sources {
			v, _ := ev.Get(source)
			add(source.String(), v)
		}
	}
	return append(dst, '|')
}

func sortedNames(object event.Value, more ...string) []string {
	names := more
	for i := range object.Len() {
		if name := object.NameAt(i); !slices.Contains(more, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// appendRuby writes a value as Ruby's to_s does, arrays and objects as its inspect, objects sorted by name. Hashes made by
// Logstash depend on it.
func appendRuby(dst []byte, v event.Value, nested bool) []byte {
	switch v.Kind() {
	case event.Array:
		dst = append(dst, '[')
		for i, item := range v.Items() {
			if i > 0 {
				dst = append(dst, ", "...)
			}
			dst = appendRuby(dst, item, true)
		}
		return append(dst, ']')
	case event.Object:
		dst = append(dst, '{')
		for i, name := range sortedNames(v) {
			if i > 0 {
				dst = append(dst, ", "...)
			}
			member, _ := v.Member(name)
			dst = append(strconv.AppendQuote(dst, name), "=>"...)
			dst = appendRuby(dst, member, true)
		}
		return append(dst, '}')
	case event.String:
		if nested {
			return strconv.AppendQuote(dst, v.Str())
		}
	case event.Null:
		if nested {
			return append(dst, "nil"...)
		}
	}
	return v.AppendText(dst)
}

func hashDigest(method, key string, inBase64 bool) func(event.Value) (event.Value, bool) {
	newHash := map[string]func() hash.Hash{"SHA1": sha1.New, "SHA256": sha256.New, "SHA384": sha512.New384,
		"SHA512": sha512.New, "MD5": md5.New}[method]
	return func(v event.Value) (event.Value, bool) {
		h := newHash()
		if key != "" {
			h = hmac.New(newHash, []byte(key))
		}
		if _, err := h.Write(appendRuby(nil, v, false)); err != nil {
			return event.NullValue, false
		}
		sum := h.Sum(nil)
		return digestText(sum, inBase64), true
	}
}

// digestText writes a hash in base64 or in hexadecimal digits.
func digestText(sum []byte, inBase64 bool) event.Value {
	if inBase64 {
		return event.StringOf(base64.StdEncoding.EncodeToString(sum))
	}
	return event.StringOf(hex.EncodeToString(sum))
}

func onlyPunctuation(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPunct(r) || unicode.IsSymbol(r) {
			return r
		}
		return -1
	}, text)
}

func maskAddress(text string, bits int) (event.Value, bool) {
	addr, err := netip.ParseAddr(text)
	if err != nil || bits > addr.BitLen() {
		return event.NullValue, false
	}
	return event.StringOf(netip.PrefixFrom(addr, bits).Masked().Addr().String()), true
}

// randomUUID makes a version 4 UUID (RFC 9562).
func randomUUID() event.Value {
	var b [16]byte
	rand.Read(b[:]) // never fails: it ends the process when the system has no randomness
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return event.StringOf(fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:]))
}
