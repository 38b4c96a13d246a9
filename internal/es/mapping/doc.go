// Package mapping holds the immutable tree of an index's fields: parsed from
// and printed as Elasticsearch's mapping JSON, merged, grown and looked up.
//
// A Mapping is a version. Merge and With return a new one that shares what
// did not change; a search or a bulk keeps the version it began with. Every
// leaf has a number (Field.Ord) that is dense, never changes and is never
// reused, so that columns can be kept in slices across versions.
//
// A Field holds all that ingest and execution need, worked out beforehand: its
// full path, type, compiled date format, limits and switches. The package
// knows which types and parameters exist; what a type means for storage is the
// engine's business.
//
// Dynamic mapping is here too: Infer says what a document's new field becomes,
// by the rules of dynamic, dynamic_templates and the detections.
//
// Invariants: a Mapping and its Fields are never changed once returned; paths
// are unique; limits on the number and depth of fields hold after Merge and
// With when a Limits is given.
//
// Callers: engine (ingest, segments, execution), lifecycle, the REST layer.
package mapping
