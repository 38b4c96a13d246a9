// Package lumberjack speaks the wire protocol between Beats and Logstash, versions 1 and 2: windows of events one way,
// acknowledgements the other.
//
// It holds the framing alone, for both sides: Reader and AppendACK for a server, Encoder and ReadACK for a client. It opens no
// connections, decodes no JSON and decides nothing about delivery; pipeline/input's beats and ship/runtime do.
//
// Integers are big endian. Every frame begins with the version, '1' or '2', and a letter:
//
//	W  window      count u32                       events that follow before an acknowledgement is due
//	J  JSON event  sequence u32, length u32, JSON  version 2
//	D  data event  sequence u32, pairs u32, then per pair: length u32, key, length u32, value    version 1
//	C  compressed  length u32, zlib stream of J or D frames
//	A  ack         sequence u32                    of the last event that is safe; 0 only says that the server is alive
//
// A version 2 client numbers the events of each window from 1. An acknowledgement below the window's count is partial: the
// client goes on waiting. Version 1 numbers events as it likes; the server answers with the number of the last one.
//
// Bytes from the network never panic and never decide about memory on their own: Limits bound windows, events and compressed
// frames, and a compressed frame is inflated as it is read.
//
// Source: the protocol description of logstash-forwarder (version 1) and the behaviour of current Beats (version 2).
package lumberjack
