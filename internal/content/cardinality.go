package content

import (
	"encoding/hex"
	"strconv"
	"sync"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/plugin"
)

// Cardinality bounds how many different values a field brings.
var Cardinality = Kind{
	Name:    "cardinality",
	Summary: "Bounds the different values of fields: what comes above a limit is hashed, put into buckets, removed or dropped.",
	Options: []plugin.Option{
		{Name: "fields", Kind: plugin.Strings, Required: true, Help: "The fields; each has a limit of its own."},
		{Name: "limit", Kind: plugin.Integer, Default: 1000, Help: "Different values that pass unchanged in each window. Each costs about 40 bytes of memory."},
		{Name: "window", Kind: plugin.Seconds, Default: 3600, Help: "After so long the values are counted anew."},
		{Name: "action", Kind: plugin.String, Default: "bucket", Allowed: []string{"bucket", "hash", "other", "remove", "drop", "tag"},
			Help: "What becomes of a value above the limit: bucket writes bucket_N of a fixed number; hash writes a short hash, which keeps values apart and hides them; other writes __other__; remove takes the field out; drop drops the event; tag only tags it."},
		{Name: "buckets", Kind: plugin.Integer, Default: 64, Help: "How many buckets."},
		{Name: "tag_on_limit", Kind: plugin.String, Default: "_cardinality_limit", Help: "Tag for an event with such a value; empty for none."},
	},
	New: newCardinality,
}

// maxCardinality bounds limit.
const maxCardinality = 10_000_000

type cardinality struct {
	fields  []*limitedField
	limit   int
	window  time.Duration
	action  string
	buckets uint64
	tag     string
	env     Env
}

// limitedField is a field with the values it had.
type limitedField struct {
	field Field
	mu    struct {
		sync.Mutex
		values map[uint64]struct{}
		until  time.Time
		warned bool // in this window
	}
}

func newCardinality(env Env, s *plugin.Settings) (Worker, error) {
	c := &cardinality{limit: int(s.Int("limit")), window: s.Duration("window"), action: s.String("action"), buckets: uint64(s.Int("buckets")), tag: s.String("tag_on_limit"), env: env}
	fields, err := fieldsOption(s, "fields")
	if err != nil {
		return nil, err
	}
	for _, f := range fields {
		c.fields = append(c.fields, &limitedField{field: f})
	}
	switch {
	case c.limit < 1 || c.limit > maxCardinality:
		return nil, s.Errorf("limit", "must lie between 1 and %d", maxCardinality)
	case c.window <= 0:
		return nil, s.Errorf("window", "must be more than 0")
	case c.buckets < 1 || c.buckets > 1_000_000:
		return nil, s.Errorf("buckets", "must lie between 1 and 1000000")
	}
	return c, nil
}

// Work looks at each field.
func (c *cardinality) Work(rec *Record) Result {
	result := Matched
	for _, f := range c.fields {
		v, ok := f.field.Get(rec.Root)
		if !ok || v.Kind() == event.Null {
			continue
		}
		hash := hashOf(v)
		if f.admit(hash, c) {
			continue
		}
		rec.tag(c.tag)
		switch c.action {
		case "drop":
			return Dropped
		case "remove":
			f.field.Remove(rec.Root)
		case "other":
			f.field.Set(rec.Root, event.StringOf("__other__"))
		case "hash":
			var b [8]byte
			for i := range b {
				b[i] = byte(hash >> (56 - 8*i))
			}
			f.field.Set(rec.Root, event.StringOf("hash_"+hex.EncodeToString(b[:])))
		case "bucket":
			f.field.Set(rec.Root, event.StringOf("bucket_"+strconv.FormatUint(hash%c.buckets, 10)))
		}
	}
	return result
}

// admit tells whether a value is among the first of its window.
func (f *limitedField) admit(hash uint64, c *cardinality) bool {
	now := c.env.Now()
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.mu.values == nil || !now.Before(f.mu.until) {
		f.mu.values, f.mu.until, f.mu.warned = map[uint64]struct{}{}, now.Add(c.window), false
	}
	if _, known := f.mu.values[hash]; known {
		return true
	}
	if len(f.mu.values) < c.limit {
		f.mu.values[hash] = struct{}{}
		return true
	}
	if !f.mu.warned && c.env.Logger != nil {
		f.mu.warned = true
		c.env.Logger.Warn("a field has more different values than its limit", "field", f.field.text, "limit", c.limit, "window", c.window.String(), "action", c.action)
	}
	return false
}
