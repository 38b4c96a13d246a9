package api

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/klauspost/compress/gzip"

	"elkhorn/internal/es/eserr"
)

// bodyProgress is how long a client may let a body stall before the connection is given up.
const bodyProgress = 60 * time.Second

// budget bounds the bytes of request bodies held at one time by all requests together.
type budget struct {
	limit         int64
	used, refused atomic.Int64
}

// take reserves n bytes, or reports that they would go past the limit.
func (b *budget) take(n int64) bool {
	if b.used.Add(n) <= b.limit {
		return true
	}
	b.used.Add(-n)
	return false
}

func (b *budget) give(n int64) { b.used.Add(-n) }

// take reserves bytes for a request, if need be of what scrolls took that nobody reads any more.
func (c *call) take(bytes int64) error {
	if c.bodies.take(bytes) {
		return nil
	}
	c.scrolls.expire()
	if c.bodies.take(bytes) {
		return nil
	}
	c.bodies.refused.Add(1)
	return eserr.Rejected("rejected execution of coordinating operation [coordinating_and_primary_bytes=%d, operation_bytes=%d, max_coordinating_and_primary_bytes=%d]",
		c.bodies.used.Load(), bytes, c.bodies.limit)
}

// charge reserves memory of the request beside its body, until the request ends.
func (c *call) charge(bytes int64) error {
	if err := c.take(bytes); err != nil {
		return err
	}
	c.reserved += bytes
	return nil
}

// release gives back what the request reserved. The body must not be used after it.
func (c *call) release() {
	c.bodies.give(c.reserved)
	c.reserved = 0
}

// readBody returns the whole body, decompressed, or what was given as the source parameter. It is
// bounded by MaxBodyBytes (413) and by the budget of all requests (429), and gives up on a client
// that sends nothing for bodyProgress.
func (c *call) readBody() ([]byte, error) {
	body, err := c.readSent()
	if err != nil || !c.yamlBody || len(body) == 0 {
		return body, err
	}
	return yamlToJSON(body)
}

// readSent is readBody of what was sent, which may be YAML.
func (c *call) readSent() ([]byte, error) {
	if source := c.query.Get("source"); source != "" && c.accepts("source") {
		return []byte(source), nil
	}
	if c.req.Body == nil || c.req.Body == http.NoBody {
		return nil, nil
	}
	if c.req.ContentLength > c.opts.MaxBodyBytes {
		return nil, c.tooLarge()
	}
	progress := &progressReader{call: c, control: http.NewResponseController(c.writer)}
	defer progress.done()
	var src io.Reader = progress
	sizeHint := c.req.ContentLength
	switch encoding := strings.ToLower(c.req.Header.Get("Content-Encoding")); encoding {
	case "", "identity":
	case "gzip":
		unzip, err := gzip.NewReader(src)
		if errors.Is(err, io.EOF) {
			return nil, nil
		}
		if err != nil {
			return nil, badGzip(err)
		}
		src, sizeHint = unzip, 4*sizeHint
	default:
		return nil, eserr.New(http.StatusUnsupportedMediaType, "illegal_argument_exception", "Content-Encoding [%s] is not supported", encoding)
	}
	return c.readAll(src, sizeHint)
}

// readAll reads src to its end into a buffer that grows by doubling and is paid for from the budget.
func (c *call) readAll(src io.Reader, sizeHint int64) ([]byte, error) {
	const smallest = 512
	buf, err := c.grow(nil, min(max(sizeHint+1, smallest), c.opts.MaxBodyBytes+1))
	if err != nil {
		return nil, err
	}
	for {
		if len(buf) == cap(buf) {
			if buf, err = c.grow(buf, min(2*int64(cap(buf)), c.opts.MaxBodyBytes+1)); err != nil {
				return nil, err
			}
		}
		n, err := src.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		if int64(len(buf)) > c.opts.MaxBodyBytes {
			return nil, c.tooLarge()
		}
		if err == io.EOF {
			return buf, nil
		}
		if err != nil {
			return nil, readFailure(err)
		}
	}
}

// grow returns buf in a buffer of at least size bytes, reserved from the budget.
func (c *call) grow(buf []byte, size int64) ([]byte, error) {
	bigger := recycled(size)
	size = max(size, int64(cap(bigger)))
	if err := c.take(size); err != nil {
		return nil, err
	}
	if bigger == nil {
		bigger = make([]byte, 0, size)
	}
	bigger = append(bigger, buf...)
	c.bodies.give(c.reserved)
	c.reserved = size
	return bigger, nil
}

const (
	// minRecycledBytes is the size from which a fresh buffer costs more than the pool's bookkeeping.
	minRecycledBytes = 64 << 10
	// maxRecycledBytes keeps a few huge bodies from staying in memory; shippers' bodies are smaller.
	maxRecycledBytes = 32 << 20
)

// bodyBuffers holds buffers of bulk bodies for the next ones.
var bodyBuffers sync.Pool

// recycle keeps a body's buffer for later requests. The caller must be done with everything that
// aliases it.
func recycle(body []byte) {
	if cap(body) >= minRecycledBytes && cap(body) <= maxRecycledBytes {
		bodyBuffers.Put(&body)
	}
}

// recycled returns an empty kept buffer of at least size bytes, or nil.
func recycled(size int64) []byte {
	if size < minRecycledBytes {
		return nil
	}
	kept, found := bodyBuffers.Get().(*[]byte)
	if !found || int64(cap(*kept)) < size {
		return nil
	}
	return (*kept)[:0]
}

func (c *call) tooLarge() error {
	return eserr.New(http.StatusRequestEntityTooLarge, "content_too_long_exception",
		"the request body is longer than the limit of [%d] bytes; send it in smaller parts", c.opts.MaxBodyBytes)
}

// readFailure names what broke while reading a body.
func readFailure(err error) error {
	if errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum) || strings.HasPrefix(err.Error(), "flate:") {
		return badGzip(err)
	}
	return fmt.Errorf("read request body: %w", eserr.New(http.StatusBadRequest, "i_o_exception", "the request body ended early: %s", err))
}

func badGzip(err error) error {
	return eserr.IllegalArgument("the request body is not valid gzip: %s", err)
}

// bodyState is how far a request's body has been read.
type bodyState int

const (
	bodyUnread bodyState = iota
	bodyBegun
	bodyEnded
)

// progressReader moves the connection's read deadline ahead of every read, so that a large body may
// take its time while a stalled one is given up.
type progressReader struct {
	call    *call
	control *http.ResponseController
}

func (p *progressReader) Read(dst []byte) (int, error) {
	// A writer that knows no deadlines (a test's recorder) has no slow client either.
	if err := p.control.SetReadDeadline(time.Now().Add(bodyProgress)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return 0, err
	}
	n, err := p.call.req.Body.Read(dst)
	p.call.bodyRead = bodyBegun
	if err == io.EOF {
		p.call.bodyRead = bodyEnded
	}
	return n, err
}

// done takes the deadline away: the server goes on reading in the background to notice a client that
// leaves, and a deadline that passes there would end the request.
func (p *progressReader) done() {
	if err := p.control.SetReadDeadline(time.Time{}); err != nil && !errors.Is(err, http.ErrNotSupported) {
		p.call.log.Debug("read deadline not cleared", "error", err)
	}
}
