package input

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

var tcp = pipeline.InputSpec{
	Name:    "tcp",
	Summary: "Takes events line by line over TCP connections; gzip streams and HTTP requests are recognised by their first bytes.",
	Options: []plugin.Option{
		{Name: "host", Kind: plugin.String, Default: "127.0.0.1", Help: "Address to listen on, where another than a loopback address needs security; or to connect to."},
		{Name: "port", Kind: plugin.Integer, Required: true, Help: "Port to listen on, or to connect to."},
		{Name: "codec", Kind: plugin.Codec, Default: "line", Help: "How lines become events; json works line by line."},
		{Name: "mode", Kind: plugin.String, Default: "server", Allowed: []string{"server", "client"}, Help: "server takes the connections of senders; client connects to one, again and again, and reads its lines."},
		{Name: "tcp_keep_alive", Kind: plugin.Boolean, Ignored: "connections are kept alive"},
		{Name: "dns_reverse_lookup_enabled", Kind: plugin.Boolean, Ignored: "the sender's address is kept, not its name"},
		{Name: "ssl_enabled", Kind: plugin.Boolean, Help: "Speak TLS."}, {Name: "ssl_enable", Kind: plugin.Boolean, Unsupported: "now called ssl_enabled"},
		{Name: "ssl", Kind: plugin.Boolean, Help: "Speak TLS.", Deprecated: "now called ssl_enabled"},
		{Name: "ssl_certificate", Kind: plugin.Path, Help: "PEM file of this side's certificate and its chain."},
		{Name: "ssl_certificate_authorities", Kind: plugin.Strings, Help: "As a client: PEM files of the authorities that signed the other side's certificate; by default the system's."},
		{Name: "ssl_verification_mode", Kind: plugin.String, Allowed: []string{"full", "none"}, Help: "As a client: full, or none to take any certificate."},
		{Name: "ssl_cert", Kind: plugin.Path, Unsupported: "now called ssl_certificate"},
		{Name: "ssl_key", Kind: plugin.Path, Help: "PEM file of the certificate's key."},
		{Name: "proxy_protocol", Kind: plugin.Boolean, Help: "Connections begin with a line of the PROXY protocol, version 1, as HAProxy sends it; its address is the sender's, and the proxy's goes to proxy_host and proxy_port."},
		{Name: "ecs_compatibility", Kind: plugin.String, Default: "disabled", Allowed: []string{"disabled"}, Help: "Layout of the input's own fields; only the legacy one is offered."},
	},
	New: newTCP,
}

// maxConnections bounds the senders connected at once; more wait to be accepted.
const maxConnections = 1000

type tcpServer struct {
	env      *pipeline.Env
	address  string
	newCodec pipeline.NewCodec
	tls      *tls.Config
	listener net.Listener
	memory   memory
	// proxied says that connections begin with a line of the PROXY protocol.
	proxied bool
	// linesOnly says that gzip and HTTP are not looked for.
	linesOnly bool
	// finish completes an event.
	finish func(ev *event.Event, from sender)
	// handshake bounds how long a sender may take to agree on TLS; it holds one of maxConnections meanwhile.
	handshake time.Duration
}

// handshakeTimeout is Logstash's.
const handshakeTimeout = 10 * time.Second

// sender is who sent an event.
type sender struct{ addr, proxy netip.AddrPort }

func newTCP(env *pipeline.Env, s *plugin.Settings) (pipeline.Input, error) {
	if port := s.Int("port"); port < 0 || port > 65535 {
		return nil, s.Errorf("port", "must lie between 0 and 65535")
	}
	t := &tcpServer{env: env, proxied: s.Bool("proxy_protocol"), finish: nameSender, handshake: handshakeTimeout, address: net.JoinHostPort(s.String("host"), fmt.Sprint(s.Int("port")))}
	var err error
	if t.newCodec, err = env.Codec(s.Codec("codec")); err != nil {
		return nil, err
	}
	if s.String("mode") == "client" {
		return newTCPClient(t, env, s)
	}
	for _, option := range []string{"ssl_certificate_authorities", "ssl_verification_mode"} {
		if s.Has(option) {
			return nil, s.Errorf(option, "is for mode => client: the certificates of senders are not asked for")
		}
	}
	t.tls, err = serverTLS(env, s)
	return t, err
}

// Open listens.
func (t *tcpServer) Open(ctx context.Context) error {
	l, err := t.env.Listen(ctx, t.address)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", t.address, err)
	}
	if t.tls != nil {
		l = tls.NewListener(l, t.tls)
	}
	t.listener = l
	return nil
}

// Addr is where the input listens, once it is open.
func (t *tcpServer) Addr() net.Addr { return t.listener.Addr() }

// Close releases the listener.
func (t *tcpServer) Close() error {
	if t.listener == nil {
		return nil
	}
	if err := t.listener.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		return err
	}
	return nil
}

// Run takes connections until ctx ends, then closes them.
func (t *tcpServer) Run(ctx context.Context, sink pipeline.Sink) error {
	var running sync.WaitGroup
	defer running.Wait()
	stop := context.AfterFunc(ctx, func() {
		if err := t.Close(); err != nil {
			t.env.Logger.Warn("cannot close listener", "address", t.address, "error", err)
		}
	})
	defer stop()
	slots := make(chan struct{}, maxConnections)
	for {
		select {
		case slots <- struct{}{}:
		case <-ctx.Done():
			return nil
		}
		conn, err := t.listener.Accept()
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			if errors.Is(err, net.ErrClosed) {
				return fmt.Errorf("accept on %s: %w", t.address, err)
			}
			t.env.Logger.Warn("cannot accept a connection; trying again", "address", t.address, "error", err)
			<-slots
			pause(ctx, acceptPause)
			continue
		}
		running.Go(func() {
			defer func() { <-slots }()
			t.serve(ctx, conn, sink)
		})
	}
}

// acceptPause is how long to wait when the process has no file descriptors left.
const acceptPause = 100 * time.Millisecond

func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// tcpConn is a connection while it is served.
type tcpConn struct {
	net.Conn
	handed pipeline.Handed // nil when it cannot be handed on
	// bound says that it is unpacked or read as requests, which no other input can go on with; lines, and what has not said yet what it
	// is, can be handed on.
	bound    atomic.Bool
	from     sender
	handedOn bool
}

// serve reads one connection to its end. What is wrong with it concerns only its sender.
func (t *tcpServer) serve(ctx context.Context, conn net.Conn, sink pipeline.Sink) {
	closed := sync.OnceValue(conn.Close)
	c := &tcpConn{Conn: conn}
	c.handed, _ = conn.(pipeline.Handed)
	stop := context.AfterFunc(ctx, func() {
		// One that can be handed on is not closed under its reader: what comes after its last whole line is the next input's.
		if c.handed != nil && !c.bound.Load() && conn.SetReadDeadline(time.Unix(1, 0)) == nil {
			return
		}
		if err := closed(); err != nil {
			t.env.Logger.Debug("cannot close connection", "error", err)
		}
	})
	defer stop()
	remote := conn.RemoteAddr().String()
	err := t.agree(ctx, conn)
	if err == nil {
		err = t.read(ctx, c, remote, sink)
	}
	if c.handedOn {
		return
	}
	if err != nil && ctx.Err() == nil {
		t.env.Logger.Warn("connection ended", "address", t.address, "remote", remote, "error", err)
	}
	if err := closed(); err != nil {
		t.env.Logger.Debug("cannot close connection", "remote", remote, "error", err)
	}
}

// agree completes the handshake of a TLS connection.
func (t *tcpServer) agree(ctx context.Context, conn net.Conn) error {
	secure, ok := conn.(*tls.Conn)
	if !ok {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, t.handshake)
	defer cancel()
	if err := secure.HandshakeContext(ctx); err != nil {
		return fmt.Errorf("agree on TLS: %w", err)
	}
	return nil
}

var (
	hostPath      = event.MustPath("host")
	portPath      = event.MustPath("port")
	proxyHostPath = event.MustPath("proxy_host")
	proxyPortPath = event.MustPath("proxy_port")
)

// nameSender sets the sender's address in events that do not have it.
func nameSender(ev *event.Event, from sender) {
	set := func(path *event.Path, v event.Value) {
		if _, has := ev.Get(path); !has {
			ev.Set(path, v)
		}
	}
	if from.addr.IsValid() {
		set(hostPath, event.StringOf(from.addr.Addr().Unmap().String()))
		set(portPath, event.IntOf(int64(from.addr.Port())))
	}
	if from.proxy.IsValid() {
		set(proxyHostPath, event.StringOf(from.proxy.Addr().Unmap().String()))
		set(proxyPortPath, event.IntOf(int64(from.proxy.Port())))
	}
}

// readProxyLine reads the line that a proxy begins a connection with. The line is returned with an error too, as far as it came.
func readProxyLine(r *bufio.Reader) (line []byte, err error) {
	const maxProxyLine = 107 // by the protocol's text
	for len(line) < maxProxyLine && !bytes.HasSuffix(line, []byte{'\n'}) {
		c, err := r.ReadByte()
		if err != nil {
			return line, fmt.Errorf("read the PROXY line: %w", err)
		}
		line = append(line, c)
	}
	return line, nil
}

// parseProxyLine understands a line like PROXY TCP4 192.0.2.1 192.0.2.9 56324 443.
func parseProxyLine(line []byte, proxy netip.AddrPort) (sender, error) {
	parts := strings.Fields(string(line))
	if len(parts) == 0 || parts[0] != "PROXY" || !bytes.HasSuffix(line, []byte{'\n'}) {
		return sender{}, fmt.Errorf("the connection does not begin with a PROXY line, but with %q", line)
	}
	if len(parts) != 6 { // PROXY UNKNOWN
		return sender{addr: proxy, proxy: proxy}, nil
	}
	addr, err := netip.ParseAddr(parts[2])
	port, portErr := strconv.ParseUint(parts[4], 10, 16)
	if err := errors.Join(err, portErr); err != nil {
		return sender{}, fmt.Errorf("PROXY line %q: %w", line, err)
	}
	return sender{addr: netip.AddrPortFrom(addr, uint16(port)), proxy: proxy}, nil
}

func (t *tcpServer) read(ctx context.Context, conn *tcpConn, remote string, sink pipeline.Sink) error {
	r := bufio.NewReaderSize(conn, 64<<10)
	if addr, err := netip.ParseAddrPort(remote); err == nil {
		conn.from.addr = addr
	}
	finish := func(ev *event.Event) { t.finish(ev, conn.from) }
	if conn.handed != nil {
		known, _ := conn.handed.Sender()
		if from, ok := known.(sender); ok { // it is in the middle of its lines
			conn.from = from
			return t.readLines(ctx, conn, r, sink, finish)
		}
	}
	var proxyLine []byte
	// calledOff hands on a connection of which no line was read, as if this input had never seen it.
	calledOff := func() bool {
		if conn.handed == nil || ctx.Err() == nil {
			return false
		}
		buffered, _ := r.Peek(r.Buffered()) // cannot fail: they are there
		conn.handedOn = conn.handed.HandOn(append(proxyLine, buffered...), nil)
		return conn.handedOn
	}
	if t.proxied {
		var err error
		if proxyLine, err = readProxyLine(r); err != nil {
			if calledOff() {
				return nil
			}
			return err
		}
		if conn.from, err = parseProxyLine(proxyLine, conn.from.addr); err != nil {
			return err
		}
	}
	if t.linesOnly {
		return t.readLines(ctx, conn, r, sink, finish)
	}
	head, err := r.Peek(2)
	packed := bytes.Equal(head, []byte{0x1f, 0x8b}) // gzip's magic number; members one after another are one stream
	method := ""
	if err == nil && !packed {
		method = httpMethod(r)
	}
	conn.bound.Store(packed || method != "")
	if calledOff() {
		return nil
	}
	if conn.bound.Load() && ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil && len(head) == 0 {
		if errors.Is(err, io.EOF) {
			return nil // connected and left, as health checks do
		}
		return err
	}
	if packed {
		unpacked, err := gzip.NewReader(r)
		if err != nil {
			return fmt.Errorf("unpack: %w", err)
		}
		r = bufio.NewReaderSize(unpacked, 64<<10)
		method = httpMethod(r)
	}
	if method != "" {
		return t.serveHTTP(ctx, conn, r, sink, finish)
	}
	if packed {
		return t.newReader(r, sink, finish).run(ctx)
	}
	return t.readLines(ctx, conn, r, sink, finish)
}

func (t *tcpServer) newReader(r *bufio.Reader, sink pipeline.Sink, finish func(*event.Event)) *streamReader {
	return &streamReader{r: r, codec: t.newCodec(), now: t.env.Now, sink: sink, memory: &t.memory, finish: finish}
}

// readLines reads a connection's own lines. When ctx ends and another input comes after, that one goes on with the connection, from the line
// that has not come to its end.
func (t *tcpServer) readLines(ctx context.Context, conn *tcpConn, r *bufio.Reader, sink pipeline.Sink, finish func(*event.Event)) error {
	reader := t.newReader(r, sink, finish)
	reader.keepsRest = conn.handed != nil
	err := reader.run(ctx)
	if conn.handed == nil || ctx.Err() == nil || !errors.Is(err, os.ErrDeadlineExceeded) {
		return err
	}
	if conn.handedOn = conn.handed.HandOn(reader.rest, conn.from); conn.handedOn || len(reader.rest) == 0 {
		return nil
	}
	reader.decode(reader.rest, false) // better half a line than none
	reader.codec.Flush(t.env.Now(), reader.add)
	return reader.push(ctx)
}
