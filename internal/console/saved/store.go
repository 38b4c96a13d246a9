package saved

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
)

// IndexName is the hidden index that holds all objects.
const IndexName = ".kibana"

// Limits on what is kept. They are far beyond what the interface makes; Kibana's are alike.
const (
	MaxObjects         = 10_000   // of one import, export or bulk request
	MaxPayloadBytes    = 25 << 20 // of one import
	maxObjectBytes     = 4 << 20  // the attributes of one object: a dashboard of a hundred panels has a tenth of it
	maxIDBytes         = 500
	maxDocIDBytes      = 512 // of an _id: the id with type and space
	maxLabelBytes      = 256
	maxReferences      = 2_000 // of one object
	updateAttempts     = 5     // when others write the same object at the same time
	coreVersion        = "8.8.0"
	timeFormat         = "2006-01-02T15:04:05.000Z"
	maxAttributesDepth = 64
)

// settings and mappings of the index. What is found by is indexed; the rest of the attributes is kept.
const indexSettings = `{"index":{"hidden":true,"number_of_shards":1,"auto_expand_replicas":"0-1"}}`

// Backend are the roles of a store that objects need.
type Backend interface {
	es.Bulker
	es.Searcher
	es.Reader
	es.IndexAdmin
}

// Store keeps objects in a store. Its methods may be called by many at once.
type Store struct {
	backend Backend
	version string
	space   string // whose objects these are
	now     func() time.Time
}

// New returns the objects of a store's default space; In has those of the others. Settings are kept under version, as each version of Kibana keeps its own; now may be nil.
func New(backend Backend, version string, now func() time.Time) *Store {
	if now == nil {
		now = time.Now
	}
	return &Store{backend: backend, version: version, space: DefaultSpace, now: now}
}

func indexMappings() []byte {
	properties := map[string]any{
		"type": m{"type": "keyword"}, "namespace": m{"type": "keyword"}, "label": m{"type": "keyword", "ignore_above": 2 * maxLabelBytes}, "managed": m{"type": "boolean"},
		"created_at": m{"type": "date"}, "updated_at": m{"type": "date"},
		"references": m{"type": "nested", "properties": m{"id": m{"type": "keyword"}, "name": m{"type": "keyword"}, "type": m{"type": "keyword"}}},
	}
	for typ, k := range kinds {
		properties[typ] = m{"dynamic": false, "properties": m{k.titleAttribute(): m{"type": "text"}, "description": m{"type": "text"}}}
	}
	return printed(m{"dynamic": false, "properties": properties})
}

type m map[string]any

// ensure makes the index when it is not there: a write that made it would not give it its mapping. An index that was made before
// there were spaces gets the field that tells them apart.
func (s *Store) ensure(ctx context.Context) error {
	found, err := s.backend.Indices(ctx, es.Target{Names: []string{IndexName}, IgnoreUnavailable: true})
	if err != nil {
		return err
	}
	if len(found) > 0 {
		if s.space == DefaultSpace || found[0].Mapping.At("namespace") != nil {
			return nil
		}
		_, err = s.backend.Apply(ctx, &es.PutMapping{Target: es.Target{Names: []string{IndexName}}, Mappings: printed(m{"properties": m{"namespace": m{"type": "keyword"}}})})
		return err
	}
	_, err = s.backend.Apply(ctx, &es.CreateIndex{Name: IndexName, Settings: []byte(indexSettings), Mappings: indexMappings()})
	if eserr.Is(err, "resource_already_exists_exception") {
		return nil
	}
	return err
}

// Get returns an object; a missing one is an Error of status 404.
func (s *Store) Get(ctx context.Context, k Key) (*Object, error) {
	if err := checkType(k.Type); err != nil {
		return nil, err
	}
	got, err := s.backend.Get(ctx, &es.GetRequest{Index: IndexName, ID: s.docID(k)})
	if eserr.Is(err, "index_not_found_exception") || err == nil && !got.Found {
		return nil, notFound(k)
	}
	if err != nil {
		return nil, err
	}
	return fromDocument(got.ID, got.Source, got.SeqNo, got.PrimaryTerm)
}

// Result is what became of one object of a request for many: the object, or why not.
type Result struct {
	Key
	Object *Object
	Err    error
}

// MarshalJSON prints the object, or type, id and error.
func (r Result) MarshalJSON() ([]byte, error) {
	if r.Err == nil {
		return json.Marshal(r.Object)
	}
	return json.Marshal(struct {
		Key
		Error ItemError `json:"error"`
	}{r.Key, itemError(r.Err)})
}

// ItemError is the error as answers print it, nil when there is none.
func (r Result) ItemError() *ItemError {
	if r.Err == nil {
		return nil
	}
	e := itemError(r.Err)
	return &e
}

// Pick leaves only the named attributes; none leaves all.
func (r Result) Pick(fields []string) {
	if r.Err == nil {
		r.Object.pick(fields)
	}
}

// ItemError is an error inside an answer.
type ItemError struct {
	Error      string `json:"error"`
	Message    string `json:"message"`
	StatusCode int    `json:"statusCode"`
}

func itemError(err error) ItemError {
	status := StatusOf(err)
	return ItemError{http.StatusText(status), err.Error(), status}
}

// StatusOf is the HTTP status of an error of this package or of a store, 200 for none.
func StatusOf(err error) int {
	if err == nil {
		return http.StatusOK
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Status
	}
	return eserr.From(err).Status
}

// GetMany returns objects in the order asked for.
func (s *Store) GetMany(ctx context.Context, keys []Key) ([]Result, error) {
	if len(keys) > MaxObjects {
		return nil, bad("%d objects were asked for; at most %d can be at a time", len(keys), MaxObjects)
	}
	out := make([]Result, len(keys))
	for i, k := range keys {
		o, err := s.Get(ctx, k)
		if err != nil && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		out[i] = Result{k, o, err}
	}
	return out, nil
}

// Create writes objects and returns them with their versions; ids that are "" are made up. Each succeeds or fails by itself.
// Without overwrite, an object that is there already is a conflict; with it, an object that brings a version only replaces that one.
func (s *Store) Create(ctx context.Context, objects []*Object, overwrite bool) ([]Result, error) {
	if len(objects) > MaxObjects {
		return nil, bad("%d objects were sent; at most %d can be at a time", len(objects), MaxObjects)
	}
	if err := s.ensure(ctx); err != nil {
		return nil, err
	}
	out := make([]Result, len(objects))
	var ops []es.BulkOp
	var places []int
	for i, o := range objects {
		op, err := s.writeOp(o, overwrite)
		out[i] = Result{Key: o.Key(), Object: o, Err: err}
		if err == nil {
			ops, places = append(ops, op), append(places, i)
		}
	}
	items, err := s.bulk(ctx, ops)
	if err != nil {
		return nil, err
	}
	for n, i := range places {
		if items[n].Err != nil {
			out[i].Err = itemFailure(objects[i].Key(), items[n].Err)
			continue
		}
		objects[i].Version = printVersion(items[n].SeqNo, items[n].PrimaryTerm)
	}
	return out, nil
}

// writeOp checks an object, brings it to the present form, and makes the operation that writes it.
func (s *Store) writeOp(o *Object, overwrite bool) (es.BulkOp, error) {
	if o.ID == "" {
		o.ID = NewID()
	}
	if err := check(o); err != nil {
		return es.BulkOp{}, err
	}
	if size := len(s.docID(o.Key())); size > maxDocIDBytes {
		return es.BulkOp{}, bad("the id [%s…] is too long by %d bytes for the space [%s]", cut(o.ID, 40), size-maxDocIDBytes, s.space)
	}
	migrate(o)
	version := o.Version
	s.stamp(o)
	doc, err := o.document()
	if err != nil {
		return es.BulkOp{}, bad("%s", err)
	}
	op := es.BulkOp{Action: es.ActionCreate, Index: IndexName, ID: s.docID(o.Key()), Source: doc}
	if overwrite {
		op.Action = es.ActionIndex
		if version != "" {
			op.Guard.HasSeqNo = true
			if op.Guard.SeqNo, op.Guard.PrimaryTerm, err = parseVersion(version); err != nil {
				return es.BulkOp{}, err
			}
		}
	}
	return op, nil
}

// check holds an object that comes from outside to the limits.
func check(o *Object) error {
	if err := checkType(o.Type); err != nil {
		return err
	}
	switch {
	case len(o.ID) > maxIDBytes:
		return bad("the id [%s…] has %d bytes; at most %d can be kept", cut(o.ID, 40), len(o.ID), maxIDBytes)
	case len(o.Attributes) > maxObjectBytes:
		return bad("the attributes of [%s/%s] have %d bytes; at most %d can be kept", o.Type, o.ID, len(o.Attributes), maxObjectBytes)
	case len(o.References) > maxReferences:
		return bad("[%s/%s] has %d references; at most %d can be kept", o.Type, o.ID, len(o.References), maxReferences)
	}
	if len(o.Attributes) == 0 {
		return bad("[%s/%s] has no attributes", o.Type, o.ID)
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(o.Attributes, &members) != nil || members == nil {
		return bad("the attributes of [%s/%s] are no JSON object", o.Type, o.ID)
	}
	if deeper(o.Attributes, maxAttributesDepth) {
		return bad("the attributes of [%s/%s] are more than %d levels deep", o.Type, o.ID, maxAttributesDepth)
	}
	return nil
}

// deeper tells whether lists and objects of valid JSON stand deeper in each other than limit.
func deeper(raw []byte, limit int) bool {
	depth, quoted := 0, false
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			if depth++; depth > limit {
				return true
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return false
}

// stamp sets times and versions of an object that is about to be written.
func (s *Store) stamp(o *Object) {
	at := s.now().UTC().Format(timeFormat)
	o.CreatedAt, o.UpdatedAt = cmp.Or(o.CreatedAt, at), at
	if _, err := time.Parse(time.RFC3339, o.CreatedAt); err != nil {
		o.CreatedAt = at
	}
	o.CoreMigrationVersion, o.MigrationVersion, o.Score, o.Version = coreVersion, nil, nil, ""
	o.TypeMigrationVersion = cmp.Or(o.TypeMigrationVersion, kindOf(o.Type).version)
	o.Namespaces = []string{s.space}
	if o.References == nil {
		o.References = []Reference{}
	}
}

// Change is what an update brings: attributes are merged into those that are there.
type Change struct {
	Attributes json.RawMessage `json:"attributes"`
	References []Reference     `json:"references"` // nil leaves them
	Version    ObjectVersion   `json:"version"`    // "" updates whatever is there
	// Upsert are the attributes of an object that is not there yet; nil makes that an error.
	Upsert json.RawMessage `json:"upsert"`
}

// Update merges a change into an object.
func (s *Store) Update(ctx context.Context, k Key, c Change) (*Object, error) {
	for attempt := 0; ; attempt++ {
		o, err := s.Get(ctx, k)
		if StatusOf(err) == http.StatusNotFound && c.Upsert != nil {
			created, err := s.Create(ctx, []*Object{{Type: k.Type, ID: k.ID, Attributes: c.Upsert, References: c.References}}, false)
			if err != nil {
				return nil, err
			}
			return created[0].Object, created[0].Err
		}
		if err != nil {
			return nil, err
		}
		if c.Version != "" && c.Version != o.Version {
			if _, _, err := parseVersion(c.Version); err != nil {
				return nil, err
			}
			return nil, conflict(k)
		}
		if len(c.Attributes) > 0 {
			if o.Attributes, err = merged(o.Attributes, c.Attributes); err != nil {
				return nil, err
			}
		}
		if c.References != nil {
			o.References = c.References
		}
		written, err := s.Create(ctx, []*Object{o}, true)
		if err != nil {
			return nil, err
		}
		err = written[0].Err
		if StatusOf(err) == http.StatusConflict && c.Version == "" && attempt < updateAttempts {
			continue
		}
		return written[0].Object, err
	}
}

// merged puts the members of one JSON object over those of another, objects inside as well.
func merged(under, over json.RawMessage) (json.RawMessage, error) {
	var a, b map[string]json.RawMessage
	if json.Unmarshal(over, &b) != nil || b == nil {
		return nil, bad("the attributes are no JSON object")
	}
	if json.Unmarshal(under, &a) != nil || a == nil {
		return over, nil
	}
	for name, value := range b {
		if inside, err := merged(a[name], value); err == nil && len(a[name]) > 0 {
			value = inside
		}
		a[name] = value
	}
	return printed(a), nil
}

// Delete removes objects; each that is not there is an error of its own.
func (s *Store) Delete(ctx context.Context, keys []Key) ([]Result, error) {
	if len(keys) > MaxObjects {
		return nil, bad("%d objects were named; at most %d can be at a time", len(keys), MaxObjects)
	}
	out := make([]Result, len(keys))
	var ops []es.BulkOp
	var places []int
	for i, k := range keys {
		out[i] = Result{Key: k, Err: checkType(k.Type)}
		if out[i].Err == nil {
			ops, places = append(ops, es.BulkOp{Action: es.ActionDelete, Index: IndexName, ID: s.docID(k)}), append(places, i)
		}
	}
	if err := s.ensure(ctx); err != nil {
		return nil, err
	}
	items, err := s.bulk(ctx, ops)
	if err != nil {
		return nil, err
	}
	for n, i := range places {
		switch {
		case items[n].Err != nil:
			out[i].Err = itemFailure(keys[i], items[n].Err)
		case items[n].Result == "not_found":
			out[i].Err = notFound(keys[i])
		}
	}
	return out, nil
}

func (s *Store) bulk(ctx context.Context, ops []es.BulkOp) ([]es.BulkItem, error) {
	if len(ops) == 0 {
		return nil, nil
	}
	answer, err := s.backend.Bulk(ctx, &es.BulkRequest{Ops: ops, Refresh: es.RefreshWait})
	if err != nil {
		return nil, err
	}
	if len(answer.Items) != len(ops) {
		return nil, fmt.Errorf("write saved objects: %d operations have %d answers", len(ops), len(answer.Items))
	}
	return answer.Items, nil
}

func itemFailure(k Key, e *es.Error) error {
	if e.Status == http.StatusConflict {
		return conflict(k)
	}
	return e
}

// NewID makes up an id: a random UUID, version 4.
func NewID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
