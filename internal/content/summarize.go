package content

import (
	"crypto/sha256"
	"encoding/hex"
	"math"
	"strings"
	"unicode/utf8"

	"elkhorn/internal/event"
	"elkhorn/internal/plugin"
)

// Summarize puts a short description in the place of what is big.
var Summarize = Kind{
	Name:    "summarize",
	Summary: "Puts hash, size, dimension and norm in the place of big objects, embeddings and texts.",
	Options: []plugin.Option{
		{Name: "fields", Kind: plugin.Strings, Help: "Fields to look at, with all that is in them; all fields of the event when it is not given."},
		{Name: "exclude", Kind: plugin.Strings, Help: "Fields that are left alone, with all that is in them."},
		{Name: "max_items", Kind: plugin.Integer, Default: 64, Help: "Longer arrays are summarized. Embeddings have hundreds of numbers and more."},
		{Name: "max_members", Kind: plugin.Integer, Default: 200, Help: "Objects with more members are summarized."},
		{Name: "max_bytes", Kind: plugin.Bytes, Default: 16384, Help: "Longer texts are cut, and objects and arrays whose JSON is longer are summarized."},
		{Name: "preview", Kind: plugin.Integer, Default: 256, Help: "Characters of a text that are kept, 0 for none."},
		{Name: "tag_on_summary", Kind: plugin.String, Default: "", Help: "Tag for an event in which something was summarized."},
	},
	New: newSummarize,
}

type summarizer struct {
	fields, exclude []Field
	maxItems        int
	maxMembers      int
	maxBytes        int
	preview         int
	tag             string
}

func newSummarize(_ Env, s *plugin.Settings) (Worker, error) {
	z := &summarizer{maxItems: int(s.Int("max_items")), maxMembers: int(s.Int("max_members")), maxBytes: int(s.Bytes("max_bytes")), preview: int(s.Int("preview")), tag: s.String("tag_on_summary")}
	var err error
	if z.fields, err = fieldsOption(s, "fields"); err != nil {
		return nil, err
	}
	if z.exclude, err = fieldsOption(s, "exclude"); err != nil {
		return nil, err
	}
	for name, n := range map[string]int{"max_items": z.maxItems, "max_members": z.maxMembers, "max_bytes": z.maxBytes} {
		if n < 1 {
			return nil, s.Errorf(name, "must be at least 1")
		}
	}
	if z.preview < 0 {
		return nil, s.Errorf("preview", "must not be negative")
	}
	return z, nil
}

// Work summarizes what is too big.
func (z *summarizer) Work(rec *Record) Result {
	changed := false
	for i := range z.fields {
		f := &z.fields[i]
		if v, ok := f.Get(rec.Root); ok {
			if nv, big := z.value(v); big {
				f.Set(rec.Root, nv)
				changed = true
			}
		}
	}
	if len(z.fields) == 0 {
		var alone []event.Value
		for i := range z.exclude {
			if v, ok := z.exclude[i].Get(rec.Root); ok {
				alone = append(alone, v)
			}
		}
		changed = z.members(rec.Root, alone)
	}
	if !changed {
		return Unmatched
	}
	rec.tag(z.tag)
	return Matched
}

func (z *summarizer) members(v event.Value, alone []event.Value) bool {
	changed := false
next:
	for i, m := range v.Items() {
		for _, a := range alone {
			if m.Same(a) {
				continue next
			}
		}
		if m.Kind() == event.Object && m.Len() <= z.maxMembers && len(alone) > 0 {
			changed = z.members(m, alone) || changed // what is excluded may be inside
			continue
		}
		if nv, big := z.value(m); big {
			v.Items()[i] = nv
			changed = true
		}
	}
	return changed
}

// value summarizes a value, or what is in it; it answers the new value and whether anything changed.
func (z *summarizer) value(v event.Value) (event.Value, bool) {
	switch v.Kind() {
	case event.String:
		if len(v.Str()) > z.maxBytes {
			return z.text(v.Str()), true
		}
	case event.Array:
		if v.Len() > z.maxItems {
			return z.array(v), true
		}
		return z.inside(v)
	case event.Object:
		if v.Len() > z.maxMembers {
			return z.object(v), true
		}
		return z.inside(v)
	}
	return v, false
}

// inside summarizes the big members first; what is still too long afterwards is summarized as a whole.
func (z *summarizer) inside(v event.Value) (event.Value, bool) {
	var whole string // before anything inside changes, which it may
	if size(v, z.maxBytes) > z.maxBytes {
		whole = string(v.AppendJSON(nil))
	}
	changed := z.members(v, nil)
	if whole == "" || size(v, z.maxBytes) <= z.maxBytes {
		return v, changed
	}
	o := described(map[event.Kind]string{event.Array: "array", event.Object: "object"}[v.Kind()], whole)
	o.SetMember("length", event.IntOf(int64(v.Len())))
	return o, true
}

// size is about the length of a value's JSON, counted up to a bound.
func size(v event.Value, bound int) int {
	n := 8 + len(v.Str())
	for i, m := range v.Items() {
		if n > bound {
			break
		}
		if v.Kind() == event.Object {
			n += len(v.NameAt(i))
		}
		n += size(m, bound-n)
	}
	return n
}

// described is what every summary has.
func described(kind, text string) event.Value {
	sum := sha256.Sum256([]byte(text))
	o := event.NewObject()
	o.SetMember("summary_of", event.StringOf(kind))
	o.SetMember("bytes", event.IntOf(int64(len(text))))
	o.SetMember("sha256", event.StringOf(hex.EncodeToString(sum[:])))
	return o
}

func (z *summarizer) text(text string) event.Value {
	cut := 0
	for n := 0; n < z.preview && cut < len(text); n++ {
		_, size := utf8.DecodeRuneInString(text[cut:])
		cut += size
	}
	o := described("text", text)
	o.SetMember("characters", event.IntOf(int64(utf8.RuneCountInString(text))))
	o.SetMember("lines", event.IntOf(int64(strings.Count(text, "\n")+1)))
	if cut > 0 {
		o.SetMember("preview", event.StringOf(strings.Clone(text[:cut])))
	}
	return o
}

func (z *summarizer) object(v event.Value) event.Value {
	o := described("object", string(v.AppendJSON(nil)))
	o.SetMember("length", event.IntOf(int64(v.Len())))
	return o
}

// array describes an array; of numbers also as a vector.
func (z *summarizer) array(v event.Value) event.Value {
	o := described("array", string(v.AppendJSON(nil)))
	o.SetMember("length", event.IntOf(int64(v.Len())))
	var sum, squares float64
	least, most := math.Inf(1), math.Inf(-1)
	for _, item := range v.Items() {
		if !item.IsNumber() {
			return o
		}
		x := item.Float()
		sum += x
		squares += x * x
		least, most = min(least, x), max(most, x)
	}
	o.SetMember("summary_of", event.StringOf("vector"))
	o.SetMember("dimension", event.IntOf(int64(v.Len())))
	for _, stat := range []struct {
		name  string
		value float64
	}{{"norm", math.Sqrt(squares)}, {"mean", sum / float64(v.Len())}, {"min", least}, {"max", most}} {
		if !math.IsNaN(stat.value) && !math.IsInf(stat.value, 0) {
			o.SetMember(stat.name, event.FloatOf(stat.value))
		}
	}
	return o
}
