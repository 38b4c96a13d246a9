package dial

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"time"
)

// RedisTarget is where a Redis server is and how to log in.
type RedisTarget struct {
	Network, Address string // tcp and host:port, or unix and a path
	Password         string // "" for none
	Database         int64
	Timeout          time.Duration // for connecting and for each exchange
	TLS              *tls.Config   // nil for none
}

// Redis is a connection to a Redis server. It is used by one goroutine at a time. After any error but a *RedisError it is of no
// more use.
type Redis struct {
	conn    net.Conn
	r       *bufio.Reader
	buf     []byte
	timeout time.Duration
}

// RedisReply is one answer of a server.
type RedisReply struct {
	Null bool
	Text []byte // of a text or a status
	Int  int64
	List []RedisReply
	Err  *RedisError // inside of a list
}

// RedisError is what a server refused, such as "WRONGTYPE Operation against …".
type RedisError struct{ Text string }

func (e *RedisError) Error() string { return "redis: " + e.Text }

// Bounds of an answer: Redis's own limit of a text, and far more items than any batch has.
const (
	maxRedisText  = 512 << 20
	maxRedisItems = 1 << 20
	maxRedisDepth = 8
)

var errRedisProtocol = errors.New("redis: the answer is not of Redis's protocol")

// DialRedis connects and logs in.
func DialRedis(ctx context.Context, target RedisTarget) (*Redis, error) {
	ctx, cancel := context.WithTimeout(ctx, target.Timeout)
	defer cancel()
	conn, err := (&net.Dialer{}).DialContext(ctx, target.Network, target.Address)
	if err != nil {
		return nil, err
	}
	if target.TLS != nil {
		secure := tls.Client(conn, target.TLS)
		if err := secure.HandshakeContext(ctx); err != nil {
			return nil, errors.Join(err, conn.Close())
		}
		conn = secure
	}
	c := NewRedis(conn, target.Timeout)
	if target.Password != "" {
		if _, err := c.Do(ctx, "AUTH", target.Password); err != nil {
			return nil, errors.Join(fmt.Errorf("log in: %w", err), conn.Close())
		}
	}
	if target.Database != 0 {
		if _, err := c.Do(ctx, "SELECT", strconv.FormatInt(target.Database, 10)); err != nil {
			return nil, errors.Join(fmt.Errorf("select database %d: %w", target.Database, err), conn.Close())
		}
	}
	return c, nil
}

// NewRedis speaks to a server over a connection that is made already.
func NewRedis(conn net.Conn, timeout time.Duration) *Redis {
	return &Redis{conn: conn, r: bufio.NewReaderSize(conn, 64<<10), timeout: timeout}
}

// Close ends the connection.
func (c *Redis) Close() error { return c.conn.Close() }

// Do sends a command and reads its answer. ctx ending breaks the connection.
func (c *Redis) Do(ctx context.Context, args ...string) (RedisReply, error) {
	c.Queue(args...)
	return c.Flush(ctx, 1)
}

// Queue appends a command to those that Flush sends.
func (c *Redis) Queue(args ...string) {
	c.buf = fmt.Appendf(c.buf, "*%d\r\n", len(args))
	for _, a := range args {
		c.buf = fmt.Appendf(c.buf, "$%d\r\n", len(a))
		c.buf = append(append(c.buf, a...), '\r', '\n')
	}
}

// Flush sends what is queued and reads as many answers. It returns the last one and the first error.
func (c *Redis) Flush(ctx context.Context, answers int) (last RedisReply, err error) {
	stop := c.guard(ctx)
	defer stop()
	if _, err := c.conn.Write(c.buf); err != nil {
		return last, err
	}
	const keptBytes = 64 << 10
	if c.buf = c.buf[:0]; cap(c.buf) > keptBytes {
		c.buf = nil
	}
	for range answers {
		reply, readErr := c.read(0)
		if readErr != nil {
			return last, readErr
		}
		if last = reply; reply.Err != nil && err == nil {
			err = reply.Err
		}
	}
	return last, err
}

// Receive waits for an answer that no command asked for, as subscribers get them, however long that takes.
func (c *Redis) Receive(ctx context.Context) (RedisReply, error) {
	stop := context.AfterFunc(ctx, func() { _ = c.conn.SetDeadline(time.Unix(1, 0)) }) // in the past: a read that waits returns
	defer stop()
	if err := c.conn.SetDeadline(time.Time{}); err != nil {
		return RedisReply{}, err
	}
	if err := ctx.Err(); err != nil {
		return RedisReply{}, err
	}
	reply, err := c.read(0)
	if err == nil && reply.Err != nil {
		err = reply.Err
	}
	return reply, err
}

func (c *Redis) guard(ctx context.Context) (stop func() bool) {
	_ = c.conn.SetDeadline(time.Now().Add(c.timeout)) // fails only on a closed connection, which the write notices
	return context.AfterFunc(ctx, func() { _ = c.conn.SetDeadline(time.Unix(1, 0)) })
}

func (c *Redis) read(depth int) (RedisReply, error) {
	line, err := c.r.ReadSlice('\n')
	if err != nil {
		return RedisReply{}, err
	}
	if len(line) < 3 || line[len(line)-2] != '\r' || depth > maxRedisDepth {
		return RedisReply{}, errRedisProtocol
	}
	kind, rest := line[0], string(line[1:len(line)-2])
	switch kind {
	case '+':
		return RedisReply{Text: []byte(rest)}, nil
	case '-':
		return RedisReply{Err: &RedisError{rest}}, nil
	}
	n, err := strconv.ParseInt(rest, 10, 64)
	switch {
	case err != nil:
		return RedisReply{}, errRedisProtocol
	case kind == ':':
		return RedisReply{Int: n}, nil
	case n == -1 && (kind == '$' || kind == '*'):
		return RedisReply{Null: true}, nil
	case kind == '$' && n >= 0 && n <= maxRedisText:
		text, err := readExactly(c.r, n+2)
		if err != nil {
			return RedisReply{}, err
		}
		return RedisReply{Text: text[:n]}, nil
	case kind == '*' && n >= 0 && n <= maxRedisItems:
		var reply RedisReply
		for range n {
			item, err := c.read(depth + 1)
			if err != nil {
				return RedisReply{}, err
			}
			reply.List = append(reply.List, item)
		}
		return reply, nil
	}
	return RedisReply{}, errRedisProtocol
}

// readExactly reads n bytes; memory grows with what has come, not with what was announced.
func readExactly(r io.Reader, n int64) ([]byte, error) {
	const step = 1 << 20
	data := make([]byte, min(n, step))
	if _, err := io.ReadFull(r, data); err != nil {
		return nil, err
	}
	for int64(len(data)) < n {
		start := len(data)
		data = append(data, make([]byte, min(n-int64(start), int64(start)))...)
		if _, err := io.ReadFull(r, data[start:]); err != nil {
			return nil, err
		}
	}
	return data, nil
}
