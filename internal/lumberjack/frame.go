package lumberjack

import (
	"encoding/binary"
	"fmt"
	"io"
)

// The protocol versions.
const (
	V1 byte = '1'
	V2 byte = '2'
)

const (
	frameWindow     = 'W'
	frameJSON       = 'J'
	frameData       = 'D'
	frameCompressed = 'C'
	frameACK        = 'A'

	ackBytes = 6
)

// Limits bound what a peer can make us hold.
type Limits struct {
	// WindowEvents is the largest window. Beats send 2,048 by default; hand-written senders send more.
	WindowEvents uint32
	// EventBytes is the largest event. Filebeat cuts lines at 10 MB, and JSON escaping can double that.
	EventBytes uint32
	// CompressedBytes is the largest compressed frame, which holds a whole window.
	CompressedBytes uint32
}

// DefaultLimits are generous for real clients and still small beside the memory of a server.
var DefaultLimits = Limits{WindowEvents: 1 << 20, EventBytes: 64 << 20, CompressedBytes: 256 << 20}

// ProtocolError says that the peer does not speak the protocol or exceeds a limit. The connection cannot go on.
type ProtocolError struct{ Reason string }

func (e *ProtocolError) Error() string { return "lumberjack: " + e.Reason }

func protocolErrorf(format string, args ...any) error {
	return &ProtocolError{Reason: fmt.Sprintf(format, args...)}
}

// AppendACK appends an acknowledgement. Sequence 0 tells a version 2 client that the server is still at work.
func AppendACK(dst []byte, version byte, sequence uint32) []byte {
	return binary.BigEndian.AppendUint32(append(dst, version, frameACK), sequence)
}

// ReadACK reads an acknowledgement.
func ReadACK(r io.Reader) (sequence uint32, _ error) {
	var frame [ackBytes]byte
	if _, err := io.ReadFull(r, frame[:]); err != nil {
		return 0, err
	}
	if frame[0] != V1 && frame[0] != V2 || frame[1] != frameACK {
		return 0, protocolErrorf("expected an acknowledgement, got frame %q", frame[:2])
	}
	return binary.BigEndian.Uint32(frame[2:]), nil
}
