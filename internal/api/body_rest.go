package api

import (
	"errors"
	"io"
	"net/http"
)

// defaultMaxRestBytes is how much of a body that nobody wants is read after its answer: ten of the largest that are wanted.
// Reading it costs nothing but the connection.
const defaultMaxRestBytes = 1 << 30

// answerThenRest sends the answer while the client may still be sending its body, as when that is too long, and takes in
// what is left of the body. Most clients read no answer before they have sent all, and a connection closed under
// them is a broken pipe or a reset to them, not the 413 that would tell them to send less. A client that asked
// whether to send (Expect: 100-continue) and was not told to go on sends nothing.
func (c *call) answerThenRest(ans answer) {
	if !c.restComes() {
		c.write(ans)
		return
	}
	control := http.NewResponseController(c.writer)
	// Otherwise the server, which reads 256 KB of the rest by itself, closes the body with the answer.
	if err := control.EnableFullDuplex(); err != nil && !errors.Is(err, http.ErrNotSupported) {
		c.log.Debug("the rest of a body cannot be read", "error", err)
	}
	c.write(ans)
	c.release() // what was read is done with
	if err := control.Flush(); err != nil {
		return // the client has gone
	}
	rest := &progressReader{call: c, control: control}
	defer rest.done()
	if n, err := io.CopyN(io.Discard, rest, c.maxRestBytes); err != io.EOF {
		c.log.Debug("body given up", "bytes", n, "error", err)
	}
}

// restComes reports whether the client sends, or waits to send, more of its body.
func (c *call) restComes() bool {
	if c.req.Body == nil || c.req.ContentLength == 0 || c.bodyRead == bodyEnded {
		return false
	}
	return c.bodyRead == bodyBegun || c.req.Header.Get("Expect") == ""
}
