package server

import (
	"net"
	"sync"
	"time"
)

// fresh is a connection as an input has it. One of which nothing was read when the input closes it goes back to its port while ports are
// held: its peer has been told nothing and will talk to the next input.
type fresh struct {
	net.Conn
	port  *port
	ports *ports
	mu    struct {
		sync.Mutex
		reading bool
		touched bool // bytes were read or written: the connection is this input's for good
		gone    bool // closed, or given back
	}
	read   chan struct{} // gets a token when a read that was under way has returned
	handed *handed       // what the input before left; nil for a new connection
}

// handed is what comes with a connection in the middle of its stream.
type handed struct {
	unread []byte
	sender any
}

// HandOn gives the connection to the next input of its port while ports are held.
func (c *fresh) HandOn(unread []byte, sender any) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.mu.gone || c.mu.reading || !c.ports.held() || c.Conn.SetDeadline(time.Time{}) != nil {
		return false
	}
	c.mu.gone = true
	if c.handed != nil {
		unread = append(unread, c.handed.unread...)
	}
	c.port.giveBack(accepted{conn: c.Conn, handed: &handed{unread, sender}})
	return true
}

// Sender is what the input before knew of the sender.
func (c *fresh) Sender() (any, bool) {
	if c.handed == nil {
		return nil, false
	}
	return c.handed.sender, true
}

// Read reads, and notes that there was something to read.
func (c *fresh) Read(p []byte) (int, error) {
	c.mu.Lock()
	if c.mu.gone {
		c.mu.Unlock()
		return 0, net.ErrClosed
	}
	if c.handed != nil && len(c.handed.unread) > 0 {
		n := copy(p, c.handed.unread)
		c.handed.unread = c.handed.unread[n:]
		c.mu.Unlock()
		return n, nil
	}
	if c.mu.touched {
		c.mu.Unlock()
		return c.Conn.Read(p)
	}
	c.mu.reading = true
	c.mu.Unlock()
	n, err := c.Conn.Read(p)
	c.mu.Lock()
	c.mu.reading = false
	c.mu.touched = c.mu.touched || n > 0 || err != nil && !c.mu.gone
	if c.mu.gone {
		c.read <- struct{}{}
	}
	c.mu.Unlock()
	return n, err
}

// Write writes.
func (c *fresh) Write(p []byte) (int, error) {
	c.mu.Lock()
	if c.mu.gone {
		c.mu.Unlock()
		return 0, net.ErrClosed
	}
	c.mu.touched = true
	c.mu.Unlock()
	return c.Conn.Write(p)
}

// Close closes the connection or gives it back.
func (c *fresh) Close() error {
	c.mu.Lock()
	if c.mu.gone {
		c.mu.Unlock()
		return net.ErrClosed
	}
	c.mu.gone = true
	keep, reading := !c.mu.touched && c.ports.held(), c.mu.reading
	c.mu.Unlock()
	if !keep {
		return c.Conn.Close()
	}
	if reading { // calls the read back
		if err := c.Conn.SetReadDeadline(time.Unix(1, 0)); err != nil {
			return c.Conn.Close()
		}
		<-c.read
	}
	c.mu.Lock()
	touched := c.mu.touched
	c.mu.Unlock()
	if touched || c.Conn.SetDeadline(time.Time{}) != nil {
		return c.Conn.Close()
	}
	c.port.giveBack(accepted{conn: c.Conn})
	return nil
}

// SetDeadline sets both deadlines, unless the connection is another's already.
func (c *fresh) SetDeadline(t time.Time) error { return c.deadline(c.Conn.SetDeadline, t) }

// SetReadDeadline sets the deadline of reads.
func (c *fresh) SetReadDeadline(t time.Time) error { return c.deadline(c.Conn.SetReadDeadline, t) }

// SetWriteDeadline sets the deadline of writes.
func (c *fresh) SetWriteDeadline(t time.Time) error { return c.deadline(c.Conn.SetWriteDeadline, t) }

func (c *fresh) deadline(set func(time.Time) error, t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.mu.gone {
		return net.ErrClosed
	}
	return set(t)
}
