package input

import (
	"errors"
	"io"
	"sync/atomic"
)

// maxHeldBytes bounds what one input holds of bodies and long lines that are still being read, whatever the number of
// senders: a handful of the largest bodies allowed, and thousands of usual ones.
const maxHeldBytes = 256 << 20

// errHeldTooMuch says that the bound is reached; the sender should come back.
var errHeldTooMuch = errors.New("too much is being received at the same time")

// memory counts what an input holds.
type memory struct{ held atomic.Int64 }

// take asks for n bytes more.
func (m *memory) take(n int) bool {
	if m.held.Add(int64(n)) <= maxHeldBytes {
		return true
	}
	m.held.Add(int64(-n))
	return false
}

func (m *memory) give(n int) { m.held.Add(int64(-n)) }

// readAll reads r to its end, but no more than limit+1 bytes, and counts them; the caller gives them back.
func (m *memory) readAll(r io.Reader, limit int64) ([]byte, error) {
	var body []byte
	for {
		if len(body) == cap(body) {
			grown := max(4<<10, 2*cap(body))
			if !m.take(grown - cap(body)) {
				return body, errHeldTooMuch
			}
			body = append(make([]byte, 0, grown), body...)
		}
		n, err := r.Read(body[len(body):cap(body)])
		body = body[:len(body)+n]
		switch {
		case errors.Is(err, io.EOF):
			return body, nil
		case err != nil || int64(len(body)) > limit:
			return body, err
		}
	}
}
