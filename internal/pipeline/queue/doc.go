// Package queue keeps events on disk: those that wait for the workers ([Persisted]), and the dead letters, which outputs could not
// deliver ([DeadLetters]).
//
// A persisted queue is a folder of pages and a checkpoint. Numbers are little-endian, checksums are CRC-32C.
//
//	00000001.page
//	┌──────────────┬───────────────┬──────────────────┬─────────────────────────────────────────────┬────────
//	│ magic, 8 B   │ first, u64    │ checksum of      │ record                                      │ record …
//	│ "ELKPQP1\n"  │ event's number│ the 16 B, u32    │ length u32 │ checksum u32 │ event, length B │
//	└──────────────┴───────────────┴──────────────────┴─────────────────────────────────────────────┴────────
//	checkpoint
//	┌──────────────┬──────────────────────────┬─────────────────────┬─────────────────────┐
//	│ "ELKPQC1\n"  │ acknowledged below, u64  │ on disk below, u64  │ checksum of 24 B, u32│
//	└──────────────┴──────────────────────────┴─────────────────────┴─────────────────────┘
//
// Events are numbered as they come, from 1; a page's events end where the next page begins. An event is the binary form of package
// event. A page is removed once all its events are acknowledged.
//
// The dead-letter queue is a folder of append-only files, numbered from 1:
//
//	00000001.dlq
//	┌──────────────┬──────────────────────────────────────────┬────────
//	│ magic, 8 B   │ record                                   │ record …
//	│ "ELKDLQ1\n"  │ length u32 │ crc32c u32 │ JSON, length B │
//	└──────────────┴──────────────────────────────────────────┴────────
//
// The checksum is of the JSON, which holds time, pipeline, plugin, status, reason, the event and its metadata. A letter's id is its
// file's number and its offset, so that ids grow.
//
// History: version 1 of both, first form.
//
// Invariants: a source is told that an event is safe when the disk has it, or the outputs do. Every event that was taken is handed out at
// least once, in order, until it is acknowledged; the size is bounded, and a full queue makes inputs wait. After a sync that failed nothing is
// taken until the pages in doubt were written anew. A record at the end of the newest page that a crash cut short is left out; damage elsewhere
// is named by file and offset, and the file is kept aside rather than removed. Dead letters: Keep returns when the letters are on disk; a
// record that a crash cut short is left out when the folder is opened, and what comes next begins a new file; letters in files that are not
// damaged stay readable.
//
// What it does not hold: when something is a dead letter (pipeline/output), and the queue in memory (pipeline/runtime).
package queue
