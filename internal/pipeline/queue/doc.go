// Package queue keeps events on disk: at present the dead letters, which outputs could not deliver.
//
// [DeadLetters] is a folder of append-only files, numbered from 1:
//
//	00000001.dlq
//	┌──────────────┬──────────────────────────────────────────┬────────
//	│ magic, 8 B   │ record                                   │ record …
//	│ "ELKDLQ1\n"  │ length u32 │ crc32c u32 │ JSON, length B │
//	└──────────────┴──────────────────────────────────────────┴────────
//
// Numbers are little-endian; the checksum (Castagnoli) is of the JSON, which holds time, pipeline, plugin,
// status, reason, the event and its metadata. A letter's id is its file's number and its offset, so that ids grow.
//
// History: version 1, first form.
//
// Invariants: Keep returns when the letters are on disk. A record that a crash cut short is left out when
// the folder is opened, and what comes next begins a new file; a damaged one elsewhere is reported by file and offset, and letters in other files
// stay readable. The total size is bounded; a full queue refuses letters, so that the
// output that holds them waits rather than loses them.
//
// What it does not hold: when something is a dead letter (pipeline/output) and sending it again.
package queue
