// Package engine is the embedded store: it implements es.Store on one machine.
//
// It ties the parts below it together: a bulk becomes an immutable batch (engine/ingest), is numbered
// and logged (engine/wal), and joins its index's view; batches become segment files
// (engine/segment) and the manifest names those that live (engine/manifest); a search pins views and
// runs over them (engine/exec). Settings, aliases, templates and policies live in one metadata file.
//
// # Invariants
//
//   - A document is visible to searches when its bulk is answered, except in an index with an explicit
//     refresh_interval of -1.
//   - What was acknowledged survives a crash: its log record is durable first, unless the index asks for
//     asynchronous durability.
//   - A view never changes. Deletes and updates make a new part over the same segment with another
//     bitmap; flush and merge replace parts and carry over what was deleted meanwhile.
//   - Deletes reach the disk only after the operations that made them.
//   - Nothing waits for the disk under an index's write lock, but for room in the log's bounded queue.
//   - After an fsync error the store takes no more writes and says so; searches go on.
//
// # On disk
//
//	DIR/elkhorn.lock            held by the process
//	DIR/metadata.db             indices, aliases, settings, templates, policies (bbolt)
//	DIR/wal/*.wal               the write-ahead log of all indices
//	DIR/indices/UUID/MANIFEST   live segments, mapping, checkpoint
//	DIR/indices/UUID/*.seg      segments
//	DIR/indices/UUID/*.del      deleted rows of a segment, one file per generation
//
// It knows no HTTP. Only package server names it; everyone else asks for a role of package es.
package engine
