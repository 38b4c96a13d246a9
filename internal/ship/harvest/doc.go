// Package harvest reads files line by line for the shipper: it finds them, follows them through growth, rotation, truncation and
// removal, and makes events of their lines.
//
// It holds the shipper's inputs (Table), the reading of lines, container formats, JSON lines and multi-line messages, and the
// registry of how far each file is delivered. It does not hold processors, the queue or the output: it hands events to a
// Publisher and hears through a Tracker when they are safe. Behaviour and option names are those of Filebeat 8.
//
// # Invariants
//
//   - A line ends with a newline; a carriage return before it is cut off. A last line without newline is not sent until it has
//     one. An empty line makes no event, as in Filebeat.
//   - The registry's offset of a file only passes bytes whose events are all acknowledged, or that made no event.
//   - A file is known by its identity (device and inode), not its name, and by a fingerprint of its first bytes: a file that was
//     replaced under the same identity is read from the beginning.
//   - Memory per idle file is small: buffers are given back at the end of a file.
//   - Polling alone is enough; fsnotify only wakes the poller early.
//
// # Registry format, version 1
//
// A text file of JSON lines, replaced atomically. The first line is {"format":"elkhorn-ship-registry","version":1,"crc32c":"…"} with
// the CRC-32C of the rest in hexadecimal. Each further line is one file:
//
//	{"path":…,"device":…,"inode":…,"offset":…,"fingerprint":{"bytes":n,"xxh64":"…"}}
//
// The fingerprint covers the first n ≤ 1024 bytes, never more than offset. History: version 1 is the first.
//
// Callers: ship (to check configurations) and ship/runtime.
package harvest
