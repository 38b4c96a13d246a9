package processor

import (
	"context"
	"time"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/event"
)

// AnyVersion is the version of a write that asks for none.
const AnyVersion = -3

// Metadata is where and how a document is to be written. It is what processors see as _index, _id and so on.
type Metadata struct {
	Index, ID, Routing string
	HasID, HasRouting  bool
	// Version is AnyVersion where none is asked for.
	Version int64
	// VersionType is "" where nothing was said of it.
	VersionType string
	// IfSeqNo and IfPrimaryTerm are set by processors only; HasSeqNo tells whether they are.
	IfSeqNo, IfPrimaryTerm int64
	HasSeqNo               bool
	// DynamicTemplates is null unless a processor set it.
	DynamicTemplates event.Value
}

// Document is a document on its way through pipelines.
type Document struct {
	meta   value // object
	source value // object
	ingest value // object: what paths reach as _ingest
	now    time.Time

	running  []string // pipelines, the innermost last
	executed []string // pipelines, in the order in which they began
	ctx      context.Context
	written  int // bytes, see limits.go
	runs     int
	rerouted bool
	ended    bool // no more of this pipeline's processors
	watch    Watch
	told     int // what watch was told
}

// NewDocument makes a document, which takes the source over. ctx bounds the whole run.
func NewDocument(ctx context.Context, m Metadata, source event.Value, now time.Time) *Document {
	d := &Document{meta: event.NewObject(), source: source, ingest: event.NewObject(), now: now, ctx: ctx}
	d.meta.Reserve(6)
	d.meta.SetMember("_index", event.StringOf(m.Index))
	d.meta.SetMember("_id", event.NullValue)
	if m.HasID {
		d.meta.SetMember("_id", event.StringOf(m.ID))
	}
	d.meta.SetMember("_version", event.IntOf(m.Version))
	if m.HasRouting {
		d.meta.SetMember("_routing", event.StringOf(m.Routing))
	}
	if m.VersionType != "" {
		d.meta.SetMember("_version_type", event.StringOf(m.VersionType))
	}
	d.ingest.SetMember("timestamp", event.TimeOf(now))
	return d
}

// Source is the document itself.
func (d *Document) Source() event.Value { return d.source }

// Ingest is what paths reach as _ingest.
func (d *Document) Ingest() event.Value { return d.ingest }

// Index is where the document goes, as far as it is known.
func (d *Document) Index() string {
	v, _ := d.meta.Member("_index")
	return v.Str()
}

// Metadata is what the metadata fields hold now.
func (d *Document) Metadata() Metadata {
	m := Metadata{Version: AnyVersion}
	text := func(name string) (string, bool) {
		v, ok := d.meta.Member(name)
		return v.Str(), ok && v.Kind() == event.String
	}
	m.Index, _ = text("_index")
	m.ID, m.HasID = text("_id")
	m.Routing, m.HasRouting = text("_routing")
	m.VersionType, _ = text("_version_type")
	if v, ok := d.meta.Member("_version"); ok {
		m.Version = v.Int()
	}
	if v, ok := d.meta.Member("_if_seq_no"); ok && v.IsNumber() {
		m.IfSeqNo, m.HasSeqNo = v.Int(), true
	}
	if v, ok := d.meta.Member("_if_primary_term"); ok && v.IsNumber() {
		m.IfPrimaryTerm, m.HasSeqNo = v.Int(), true
	}
	m.DynamicTemplates, _ = d.meta.Member("_dynamic_templates")
	return m
}

// EachMetadata visits the metadata fields that are not null.
func (d *Document) EachMetadata(visit func(name string, v event.Value)) {
	for i, v := range d.meta.Items() {
		if v.Kind() != event.Null {
			visit(d.meta.NameAt(i), v)
		}
	}
}

// Rerouted tells whether a processor sent the document to another index's pipelines, and forgets it.
func (d *Document) Rerouted() bool {
	was := d.rerouted
	d.rerouted = false
	return was
}

// Executed lists the pipelines that ran, in order.
func (d *Document) Executed() []string { return d.executed }

// Clone copies the document as it is now, for those who look at it between processors.
func (d *Document) Clone() *Document {
	c := *d
	c.meta, c.source, c.ingest = d.meta.Clone(), d.source.Clone(), d.ingest.Clone()
	c.running = append([]string(nil), d.running...)
	c.watch = nil
	return &c
}

// metadataNames are the fields that are not of the document itself.
var metadataNames = []string{"_index", "_type", "_id", "_routing", "_version", "_version_type", "_if_seq_no", "_if_primary_term", "_dynamic_templates"}

func isMetadata(name string) bool {
	if len(name) < 3 || name[0] != '_' {
		return false
	}
	for _, have := range metadataNames {
		if have == name {
			return true
		}
	}
	return false
}

// checkMetadata refuses what a metadata field cannot hold.
func checkMetadata(name string, v value) error {
	wrong := func(class string) error {
		return eserr.IllegalArgument("%s [%s] is wrong type, expected assignable to [%s], not [%s]", name, textOf(v), class, className(v))
	}
	switch name {
	case "_type":
		return eserr.IllegalArgument("%s cannot be updated", name)
	case "_version":
		if v.Kind() == event.Null {
			return eserr.IllegalArgument("%s cannot be null", name)
		}
		return checkWhole(name, v)
	case "_if_seq_no", "_if_primary_term":
		if v.Kind() == event.Null {
			return nil
		}
		return checkWhole(name, v)
	case "_dynamic_templates":
		if v.Kind() != event.Null && v.Kind() != event.Object {
			return wrong("java.util.Map")
		}
		return nil
	}
	if v.Kind() != event.Null && v.Kind() != event.String {
		return wrong("java.lang.String")
	}
	if name == "_version_type" && v.Kind() == event.String {
		switch v.Str() {
		case "internal", "external", "external_gte":
		default:
			return eserr.IllegalArgument("_version_type must be a null or one of [internal, external, external_gte] but was [%s] with type [java.lang.String]", v.Str())
		}
	}
	return nil
}

func checkWhole(name string, v value) error {
	if !v.IsNumber() {
		return eserr.IllegalArgument("%s [%s] is wrong type, expected assignable to [java.lang.Number], not [%s]", name, textOf(v), className(v))
	}
	if v.Kind() == event.Float && v.Float() != float64(int64(v.Float())) {
		return eserr.IllegalArgument("%s may only be set to an int or a long but was [%s] with type [java.lang.Double]", name, textOf(v))
	}
	return nil
}
