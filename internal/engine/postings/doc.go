// Package postings holds the indexes of a segment file that lead from a token to the granules that may
// hold it, and from an explicit id to its rows.
//
// Both map 40 bits of a hash to something small, sorted by hash and cut into pages, with a directory
// of the pages in front: a look-up reads the directory (cached) and one page. Equal hashes of different keys
// share an entry, so every answer may name too much, never too little, and is verified by the caller.
//
// The package knows no files: pages go to a [PageSink] and come back from a [PageSource], which checks their
// checksums. Bytes that come from disk never make it panic.
//
// # Directory
//
//	format version (1 byte, 1) | granules or rows (uvarint) | number of pages (uvarint) | per page, 21 bytes:
//
//	    first hash     5 bytes, highest byte first
//	    offset         8 bytes, lowest byte first
//	    length         4 bytes
//	    crc32c         4 bytes
//
// # Page of a text index (about 4 KB)
//
// The hash is the top 40 bits of xxhash64 over the analyzer's version (4 bytes, lowest first) and the token. Entries follow
// each other to the end of the page:
//
//	hash - hash of the entry before (uvarint; of the page's first entry 0)
//	(documents - 1)*4 + form (uvarint)
//	form 0, one granule:   its number (uvarint)
//	form 1, list:          number of granules (uvarint), the first, and the distances to the next ones (uvarints)
//	form 2, bitmap:        one bit a granule, lowest first, for all granules of the segment
//	form 3, all granules:  nothing
//
// # Page of an id index
//
// The hash is the top 40 bits of xxhash64 over the id. An entry is
//
//	hash - hash of the entry before (uvarint; of the page's first entry 0) | row (uvarint)
//
// and rows of equal hashes ascend. In front of the index stands a binary fuse filter over the 40-bit hashes (about 9
// bits an id, one in 256 unknown ids passes):
//
//	format version (1 byte, 1) | seed (8 bytes) | segment length (4 bytes) | segments (4 bytes) | fingerprints
//
// The same filter stands for the values of one block of a column; see package segment.
//
// History: 1, the first.
//
// Callers: package segment, which stores the pages and tokenizes the values.
package postings
