package lumberjack

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"

	"github.com/klauspost/compress/zlib"
)

// Event is one event of a window.
type Event struct {
	Version  byte
	Sequence uint32
	Last     bool   // it ends its window: an acknowledgement of Sequence completes it
	JSON     []byte // version 2
	Pairs    []Pair // version 1, in the order sent
}

// Pair is one field of a version 1 event.
type Pair struct{ Key, Value string }

// Reader reads the events a client sends. One goroutine uses it.
type Reader struct {
	limits Limits
	conn   *bufio.Reader
	open   uint32 // events missing in the current window

	inflating bool             // the source of frames is zip
	zip       *bufio.Reader    // over inflater
	inflater  io.ReadCloser    // nil until the first compressed frame
	section   io.LimitedReader // what is left of the compressed frame
}

// readBufferBytes is small, so that many idle connections cost little.
const readBufferBytes = 4 << 10

// NewReader makes a reader of a connection.
func NewReader(r io.Reader, limits Limits) *Reader {
	return &Reader{limits: limits, conn: bufio.NewReaderSize(r, readBufferBytes)}
}

// Idle reports whether the reader stands between windows with nothing received of the next.
func (r *Reader) Idle() bool { return r.open == 0 && !r.inflating && r.conn.Buffered() == 0 }

// WaitForByte returns once there is something to read. After an error that is a timeout it may be called again: it has taken
// nothing from the connection.
func (r *Reader) WaitForByte() error {
	if r.inflating {
		return nil
	}
	_, err := r.conn.Peek(1)
	return err
}

// Next returns the next event, whose bytes belong to the caller. io.EOF means that the client closed the connection between
// windows; a connection cut inside a window is io.ErrUnexpectedEOF.
func (r *Reader) Next() (Event, error) {
	for {
		version, kind, err := r.frameStart()
		if err != nil {
			return Event{}, err
		}
		if version != V1 && version != V2 {
			return Event{}, protocolErrorf("unknown version %q", version)
		}
		ev := Event{Version: version}
		switch {
		case kind == frameWindow && !r.inflating:
			err = r.window()
		case kind == frameCompressed && !r.inflating:
			err = r.compressed()
		case kind == frameJSON && version == V2:
			ev.Sequence, ev.JSON, err = r.jsonEvent()
		case kind == frameData && version == V1:
			ev.Sequence, ev.Pairs, err = r.dataEvent()
		default:
			err = protocolErrorf("unexpected frame %q of version %c", kind, version)
		}
		if err != nil {
			return Event{}, unexpected(err)
		}
		if kind != frameJSON && kind != frameData {
			continue
		}
		if r.open == 0 {
			return Event{}, protocolErrorf("more events than the window announced")
		}
		r.open--
		ev.Last = r.open == 0
		if ev.Last && r.inflating {
			// Leave the compressed frame now, so that WaitForByte waits for the next window and not inside this one.
			if err := r.endStream(); err != nil {
				return Event{}, unexpected(err)
			}
		}
		return ev, nil
	}
}

func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// frameStart reads version and kind of the next frame. The end of a compressed frame leads back to the connection.
func (r *Reader) frameStart() (version, kind byte, _ error) {
	var start [2]byte
	if r.inflating {
		switch _, err := io.ReadFull(r.zip, start[:]); {
		case err == nil:
			return start[0], start[1], nil
		case !errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
			return 0, 0, inflateError(err)
		}
		if err := r.endCompressed(); err != nil {
			return 0, 0, err
		}
	}
	_, err := io.ReadFull(r.conn, start[:])
	if err != nil && (r.open > 0 || !errors.Is(err, io.EOF)) {
		err = unexpected(err)
	}
	return start[0], start[1], err
}

func (r *Reader) window() error {
	count, err := r.uint32()
	if err != nil {
		return err
	}
	if r.open > 0 {
		return protocolErrorf("new window with %d events of the last one missing", r.open)
	}
	if count > r.limits.WindowEvents {
		return protocolErrorf("window of %d events, more than %d", count, r.limits.WindowEvents)
	}
	r.open = count
	return nil
}

func (r *Reader) compressed() error {
	size, err := r.uint32()
	if err != nil {
		return err
	}
	if size > r.limits.CompressedBytes {
		return protocolErrorf("compressed frame of %d bytes, more than %d", size, r.limits.CompressedBytes)
	}
	r.section = io.LimitedReader{R: r.conn, N: int64(size)}
	if r.inflater == nil {
		if r.inflater, err = zlib.NewReader(&r.section); err != nil {
			return inflateError(err)
		}
		r.zip = bufio.NewReaderSize(r.inflater, readBufferBytes)
	} else {
		if err := r.inflater.(zlib.Resetter).Reset(&r.section, nil); err != nil {
			return inflateError(err)
		}
		r.zip.Reset(r.inflater)
	}
	r.inflating = true
	return nil
}

// endStream reads the end of a zlib stream, whose window is complete.
func (r *Reader) endStream() error {
	switch _, err := r.zip.ReadByte(); {
	case err == nil:
		return protocolErrorf("more events than the window announced")
	case !errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		return inflateError(err)
	}
	return r.endCompressed()
}

// endCompressed skips what a compressed frame holds behind its zlib stream.
func (r *Reader) endCompressed() error {
	r.inflating = false
	if _, err := io.Copy(io.Discard, &r.section); err != nil {
		return err
	}
	if r.section.N > 0 {
		return io.ErrUnexpectedEOF
	}
	return nil
}

func inflateError(err error) error {
	if errors.Is(err, zlib.ErrChecksum) || errors.Is(err, zlib.ErrHeader) || errors.Is(err, zlib.ErrDictionary) {
		return protocolErrorf("compressed frame: %v", err)
	}
	return unexpected(err)
}

func (r *Reader) source() *bufio.Reader {
	if r.inflating {
		return r.zip
	}
	return r.conn
}

func (r *Reader) uint32() (uint32, error) {
	var buf [4]byte
	if _, err := io.ReadFull(r.source(), buf[:]); err != nil {
		return 0, err
	}
	return binary.BigEndian.Uint32(buf[:]), nil
}

func (r *Reader) jsonEvent() (sequence uint32, event []byte, err error) {
	if sequence, err = r.uint32(); err != nil {
		return 0, nil, err
	}
	event, err = r.bytes(r.limits.EventBytes)
	return sequence, event, err
}

func (r *Reader) dataEvent() (sequence uint32, pairs []Pair, err error) {
	if sequence, err = r.uint32(); err != nil {
		return 0, nil, err
	}
	count, err := r.uint32()
	if err != nil {
		return 0, nil, err
	}
	left := r.limits.EventBytes
	for range count {
		key, err := r.bytes(left)
		if err != nil {
			return 0, nil, err
		}
		value, err := r.bytes(left - uint32(len(key)))
		if err != nil {
			return 0, nil, err
		}
		pairs = append(pairs, Pair{Key: string(key), Value: string(value)})
		// Empty pairs take memory too, and only eight bytes on the wire.
		used := uint32(len(key)+len(value)) + pairOverheadBytes
		if used > left {
			return 0, nil, protocolErrorf("event of %d fields is larger than %d bytes", count, r.limits.EventBytes)
		}
		left -= used
	}
	return sequence, pairs, nil
}

const (
	// pairOverheadBytes is what a Pair costs beside its text.
	pairOverheadBytes = 32
	// trustedBytes is allocated on a peer's word; more only as the bytes arrive.
	trustedBytes = 64 << 10
)

// bytes reads a length and that many bytes.
func (r *Reader) bytes(limit uint32) ([]byte, error) {
	size, err := r.uint32()
	if err != nil {
		return nil, err
	}
	if size > limit {
		return nil, protocolErrorf("event of %d bytes, more than %d", size, limit)
	}
	content := make([]byte, 0, min(size, trustedBytes))
	for uint32(len(content)) < size {
		if len(content) == cap(content) {
			content = append(make([]byte, 0, min(2*cap(content), int(size))), content...)
		}
		part := content[len(content):min(cap(content), int(size))]
		n, err := io.ReadFull(r.source(), part)
		content = content[:len(content)+n]
		if err != nil {
			return nil, unexpected(err)
		}
	}
	return content, nil
}
