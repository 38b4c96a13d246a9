// Package manifest keeps the durable state of one index beside its documents: which segments are live, the delete generation of
// each, the mapping, named properties such as settings, and how far the write-ahead log is contained in segments.
//
// It holds the file format, atomic edits, recovery and compaction. It does not know what segment metadata, mapping or properties
// mean, and it neither writes nor deletes segment files: the engine syncs a segment file before it adds it here, and deletes one
// after it was removed here.
//
// # Invariants
//
//   - Apply is atomic and durable: after a crash all of its edits are there or none, and all once it returned nil.
//   - A failed write or fsync fails the manifest for good; every later Apply answers the same error until it is opened again.
//   - An edit that does not fit the state (a segment added twice, one removed that is not there) is refused before it is written.
//   - Segment ids are never used twice: NextSegmentID survives removals and compaction.
//
// # Format, version 1
//
// One file, MANIFEST, in the folder of the index. Integers are little endian, uvarints as in encoding/binary; checksums are CRC-32C.
//
//	┌────────────┬──────────────────────┬──────────┬─────┬──────────┐
//	│ header, 24 │ record 1: a snapshot │ record 2 │  …  │ record n │
//	└────────────┴──────────────────────┴──────────┴─────┴──────────┘
//
//	header   offset  bytes
//	              0      8  magic "ELKHNMAN"
//	              8      4  version, 1
//	             12      4  checksum of bytes 0-12 and 16-24
//	             16      8  salt, random, part of every record's header checksum
//
//	record        0      4  checksum of salt and bytes 4-24
//	              4      4  body length
//	              8      4  checksum of the body
//	             12      4  zero
//	             16      8  record number in the file, from 1
//	             24      n  body: edits, one after the other
//
//	edit          1 byte kind, then its fields; uv is a uvarint, bytes are uv length and content
//	              1  add segment       id uv, metadata bytes
//	              2  remove segment    id uv
//	              3  set deletes       id uv, generation uv
//	              4  set mapping       version uv, JSON bytes
//	              5  checkpoint        log position uv, next sequence number uv
//	              6  set property      name bytes, value bytes; an empty value removes it
//	              7  next segment id   id uv; snapshots only
//
// Each record is synced before the next is written. So a bad record with a good one behind it was whole once and is corruption,
// while a bad record at the end that is cut short, or of which a sector reads as zeros, is what a crash left of an Apply that never
// returned, and is cut off. A bad last record that is there in full is corruption too: no crash leaves it so.
//
// Compaction writes header and snapshot to MANIFEST.tmp, syncs it, renames it over MANIFEST and syncs the directory.
//
// History: version 1 is the first.
//
// Callers: engine.
package manifest
