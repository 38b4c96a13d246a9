package pipeline

import (
	"io"
	"net"
)

// Listener is a TCP listener; tests hand in their own.
type Listener = net.Listener

// Handed is a connection that an input can hand on, in the middle of a stream, to the input that has its port next: a changed configuration
// does not cut off senders that hear of nothing, as those of lines do. Connections of Listeners may be one.
type Handed interface {
	net.Conn
	// HandOn gives the connection to the next input, with the bytes that were read and not used, and what is known of the sender: nil when
	// the connection is to be taken for a new one. It is false when nobody comes after; the connection is the caller's then. No read may be
	// under way.
	HandOn(unread []byte, sender any) bool
	// Sender is what the input before knew of the sender; false or nil when the connection is new. Reads begin with the bytes that were not used.
	Sender() (any, bool)
}

// HandedStream is a standard input that goes from an input to the one of a changed configuration, in the middle of a line. Readers of
// Env.Stdin may be one.
type HandedStream interface {
	io.Reader
	// ReadUntil is Read that fails with os.ErrDeadlineExceeded once stop is closed, without taking anything.
	ReadUntil(p []byte, stop <-chan struct{}) (int, error)
	// HandOn gives bytes back that were read and not used. It is false when nobody comes after; they are the caller's then.
	HandOn(unread []byte) bool
}
