// Package codec holds the pipeline's codecs, one plugin per file: what turns bytes into events and events into bytes.
//
// [Table] lists them; [New] makes one from its block. What the block says is compiled once; a codec for one more connection
// costs nothing. Those that keep messages back to join them (multiline, es_bulk) are pipeline.Joiner.
//
// Invariants: Decode never fails and never loses bytes; what cannot be decoded becomes an event whose
// "message" is the text, with a failure tag. Invalid UTF-8 is replaced by U+FFFD, byte for byte.
//
// What it does not hold: cutting streams into messages (pipeline/input) and writing (pipeline/output).
package codec
