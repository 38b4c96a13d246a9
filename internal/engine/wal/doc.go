// Package wal is the write-ahead log: one per process, shared by all indices, so that one fsync serves a group of writers.
//
// It holds the record framing, the group commit, recovery and the deletion of segment files nobody needs. It does not know what
// a payload means, which index needs which record, or when to flush an index: those belong to the engine.
//
// # Use
//
// Append queues a record and answers its Position, which counts records from 1 without gaps. Wait returns once a position is
// durable. A caller with asynchronous durability does not wait; its records become durable within Options.SyncInterval. Replay
// hands out everything that is still there, in order, and Release deletes the files below a position.
//
// A checkpoint must not pass what is durable: whoever stores "everything up to P is in segments" calls Wait(P) first. Otherwise
// a crash could lose the end of the log and give positions up to P out once more, and the next replay would skip them.
// Options.StartAfter guards against the same when the folder of the log was lost.
//
// # Invariants
//
//   - Positions are written in order, and a position is durable only when every earlier one is.
//   - Everything for which Wait returned nil is replayed after a crash. A record nobody waited for may or may not be.
//   - A failed write or fsync fails the log for good: the kernel may have dropped the pages, so a retry would lie. Every later
//     Append and Wait answers the same *FailedError until the process opens the log again.
//   - A segment is synced as a whole before the next one is created, so only the last one can end in a torn frame.
//
// # Format, version 1
//
// The folder holds segment files named by their first position in 20 decimal digits, such as 00000000000000000001.wal. Integers
// are little endian; checksums are CRC-32C.
//
//	segment   ┌────────────────────┬─────────┬─────────┬─────┬─────────┐
//	          │ segment header, 40 │ frame 1 │ frame 2 │  …  │ frame n │
//	          └────────────────────┴─────────┴─────────┴─────┴─────────┘
//
//	segment   offset  bytes
//	header         0      8  magic "ELKHNWAL"
//	               8      4  version, 1
//	              12      4  checksum of bytes 0-12 and 16-40
//	              16      8  first position of the segment
//	              24      8  position before it, the last of the previous segment; differs from first-1 after StartAfter
//	              32      8  salt, random: frames of another file, or inside a payload, never pass for frames of this one
//
//	frame          0      4  checksum of salt and bytes 4-32
//	               4      4  body length
//	               8      4  checksum of the body
//	              12      1  kind, the caller's
//	              13      1  flags: 1 = payload is s2-compressed
//	              14      2  length of the index name
//	              16      8  position
//	              24      8  durable position known when the frame was made
//	              32      n  body: index name, payload
//
// # Torn or corrupt
//
// A crash may leave any part of the unsynced tail, in any order. Recovery stops at the first bad frame of the last segment and
// searches the rest for a frame header whose durable field reaches the bad position. There is one only if the bad frame had been
// synced, which makes it corruption: an error naming file and offset. Otherwise the tail was never acknowledged, and it is cut
// off. Damage to the very last synced frames, with no frame behind them, cannot be told from a torn tail. In any other segment a
// bad frame is corruption.
//
// History: version 1 is the first.
//
// Callers: engine.
package wal
