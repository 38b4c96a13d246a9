package lumberjack

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"github.com/klauspost/compress/zlib"
)

// Encoder builds windows of version 2. It keeps its buffers and serves one goroutine.
type Encoder struct {
	out    bytes.Buffer
	frames bytes.Buffer // the J frames of a window
	zlib   *zlib.Writer // nil without compression
}

// NewEncoder makes an encoder. Level is zlib's, 1 to 9; 0 sends events as they are.
func NewEncoder(level int) (*Encoder, error) {
	e := &Encoder{}
	if level == 0 {
		return e, nil
	}
	w, err := zlib.NewWriterLevel(&e.out, level)
	if err != nil || level < 0 {
		return nil, fmt.Errorf("compression level %d: want 0 to 9", level)
	}
	e.zlib = w
	return e, nil
}

// Window encodes events, each a JSON object, as one window. The bytes are valid until the next call.
func (e *Encoder) Window(events [][]byte) ([]byte, error) {
	e.out.Reset()
	e.out.Write(appendHeader(e.out.AvailableBuffer(), frameWindow, uint32(len(events))))
	if e.zlib == nil {
		appendEvents(&e.out, events)
		return e.out.Bytes(), nil
	}
	e.frames.Reset()
	appendEvents(&e.frames, events)
	e.out.Write(appendHeader(e.out.AvailableBuffer(), frameCompressed, 0))
	lengthAt := e.out.Len() - 4
	e.zlib.Reset(&e.out)
	if _, err := e.zlib.Write(e.frames.Bytes()); err != nil {
		return nil, fmt.Errorf("compress window: %w", err)
	}
	if err := e.zlib.Close(); err != nil {
		return nil, fmt.Errorf("compress window: %w", err)
	}
	window := e.out.Bytes()
	binary.BigEndian.PutUint32(window[lengthAt:], uint32(len(window)-lengthAt-4))
	return window, nil
}

func appendHeader(dst []byte, kind byte, n uint32) []byte {
	return binary.BigEndian.AppendUint32(append(dst, V2, kind), n)
}

func appendEvents(buf *bytes.Buffer, events [][]byte) {
	for i, event := range events {
		buf.Write(appendHeader(buf.AvailableBuffer(), frameJSON, uint32(i+1)))
		buf.Write(binary.BigEndian.AppendUint32(buf.AvailableBuffer(), uint32(len(event))))
		buf.Write(event)
	}
}
