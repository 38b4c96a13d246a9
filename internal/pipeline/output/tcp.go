package output

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"sync"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/pipeline/dial"
	"elkhorn/internal/plugin"
)

var tcp = pipeline.OutputSpec{
	Name:    "tcp",
	Summary: "Writes events over TCP, one a line: to a server, or to everybody who connects.",
	Options: slices.Concat([]plugin.Option{
		{Name: "host", Kind: plugin.String, Required: true, Help: "The server, or the address to listen on. Listening on another than a loopback address needs security."},
		{Name: "port", Kind: plugin.Integer, Required: true, Help: "Its port."},
		{Name: "mode", Kind: plugin.String, Default: "client", Allowed: []string{"client", "server"}, Help: "client connects to host; server listens and writes to those connected, none of whom it waits for."},
		{Name: "codec", Kind: plugin.Codec, Default: "json", Help: "How events are written; each ends its line."},
		{Name: "reconnect_interval", Kind: plugin.Seconds, Default: 10, Help: "Pause before connecting again."},
		{Name: "ssl_enabled", Kind: plugin.Boolean, Help: "Speak TLS."},
		{Name: "ssl_client_authentication", Kind: plugin.String, Default: "none", Allowed: []string{"none", "optional", "required"}, Help: "With mode server: whether those who connect need a certificate of ssl_certificate_authorities."},
		{Name: "ssl_key_passphrase", Kind: plugin.Password, Unsupported: "keys with a passphrase are not read"},
		{Name: "ssl_enable", Kind: plugin.Boolean, Unsupported: "now called ssl_enabled"}, {Name: "ssl_cert", Kind: plugin.Path, Unsupported: "now called ssl_certificate"},
		{Name: "ssl_cacert", Kind: plugin.Path, Unsupported: "now called ssl_certificate_authorities"}, {Name: "ssl_verify", Kind: plugin.Boolean, Unsupported: "now called ssl_verification_mode, and ssl_client_authentication for a server"},
	}, dial.TLSOptions),
	New: newTCP,
}

func newTCP(env *pipeline.Env, s *plugin.Settings) (pipeline.Output, error) {
	codec, err := encoder(env, s)
	if err != nil {
		return nil, err
	}
	port := s.Int("port")
	if port < 0 || port > 65535 {
		return nil, s.Errorf("port", "must lie between 0 and 65535")
	}
	address := net.JoinHostPort(s.String("host"), strconv.FormatInt(port, 10))
	if s.String("mode") == "server" {
		secure, err := listenerTLS(env, s)
		return &tcpListener{env: env, address: address, tls: secure, codec: codec}, err
	}
	secure, err := dial.TLS(env, s)
	if err != nil {
		return nil, err
	}
	secure.ServerName = s.String("host")
	if !s.Bool("ssl_enabled") {
		secure = nil
	}
	o := &tcpClient{env: env, address: address, tls: secure, pause: max(s.Duration("reconnect_interval"), firstRetry)}
	o.mu.codec = codec
	return o, nil
}

// connectTimeout ends attempts to reach a machine that does not answer.
const connectTimeout = 10 * time.Second

// tcpClient writes to a server. What TCP has taken cannot be known to have arrived: events written just before the server goes
// may be lost, as with every protocol without acknowledgements.
type tcpClient struct {
	env     *pipeline.Env
	address string
	tls     *tls.Config // nil for none
	pause   time.Duration
	mu      struct {
		sync.Mutex // held for a whole batch: events of two workers do not mix
		codec      pipeline.Codec
		conn       net.Conn
		gone       chan struct{} // closed when the server has closed conn
		buf        []byte
	}
}

// Write writes a batch. When the connection breaks, it connects again and writes the whole batch once more.
func (o *tcpClient) Write(ctx context.Context, events []*event.Event) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.mu.buf = o.mu.buf[:0]
	for _, ev := range events {
		o.mu.buf = appendLine(o.mu.buf, o.mu.codec, ev)
	}
	for {
		err := o.sendLocked(ctx)
		if err == nil {
			return nil
		}
		o.dropLocked()
		if ctx.Err() != nil {
			return ctx.Err()
		}
		o.env.Logger.Warn("cannot write to the server; connecting again", "address", o.address, "error", err)
		if err := pipeline.Wait(ctx, o.pause); err != nil {
			return err
		}
	}
}

var errServerClosed = errors.New("the server has closed the connection")

func (o *tcpClient) sendLocked(ctx context.Context) error {
	if o.mu.conn != nil {
		select {
		case <-o.mu.gone: // else the first write after that would be lost without a sign
			return errServerClosed
		default:
		}
	} else if err := o.connectLocked(ctx); err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { _ = o.mu.conn.SetWriteDeadline(time.Unix(1, 0)) }) // a server that does not read must not hold up the stop
	defer stop()
	_, err := o.mu.conn.Write(o.mu.buf)
	return err
}

func (o *tcpClient) connectLocked(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, connectTimeout)
	defer cancel()
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", o.address)
	if err != nil {
		return err
	}
	if o.tls != nil {
		secure := tls.Client(conn, o.tls)
		if err := secure.HandshakeContext(ctx); err != nil {
			return errors.Join(err, conn.Close())
		}
		conn = secure
	}
	gone := make(chan struct{})
	go func() { // ends with the connection
		defer close(gone)
		var nothing [512]byte
		for {
			if _, err := conn.Read(nothing[:]); err != nil {
				return
			}
		}
	}()
	o.mu.conn, o.mu.gone = conn, gone
	return nil
}

func (o *tcpClient) dropLocked() {
	if o.mu.conn == nil {
		return
	}
	if err := o.mu.conn.Close(); err != nil {
		o.env.Logger.Debug("cannot close connection", "address", o.address, "error", err)
	}
	<-o.mu.gone
	o.mu.conn = nil
}

func (o *tcpClient) Close() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.dropLocked()
	return nil
}

// listenerTLS reads the options of a server; nil means no TLS.
func listenerTLS(env *pipeline.Env, s *plugin.Settings) (*tls.Config, error) {
	if !s.Bool("ssl_enabled") {
		return nil, nil
	}
	pair, err := dial.Certificate(env, s)
	if err != nil {
		return nil, err
	}
	if pair == nil {
		return nil, s.Errorf("ssl_enabled", "needs ssl_certificate and ssl_key")
	}
	c := &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{*pair}}
	if s.String("ssl_client_authentication") == "none" {
		return c, nil
	}
	c.ClientAuth = map[string]tls.ClientAuthType{"optional": tls.VerifyClientCertIfGiven, "required": tls.RequireAndVerifyClientCert}[s.String("ssl_client_authentication")]
	if !s.Has("ssl_certificate_authorities") {
		return nil, s.Errorf("ssl_client_authentication", "needs ssl_certificate_authorities")
	}
	c.ClientCAs, err = dial.Authorities(env, s, "ssl_certificate_authorities", s.Strings("ssl_certificate_authorities"))
	return c, err
}

const (
	// listenerQueuedBytes bounds what is held for one client that reads slowly; then it is disconnected.
	listenerQueuedBytes = 16 << 20
	// maxListenerClients bounds the clients connected at once.
	maxListenerClients = 256
)

// tcpListener writes to those who connect. It waits for none: events go to whoever is there.
type tcpListener struct {
	env     *pipeline.Env
	address string
	tls     *tls.Config
	codec   pipeline.Codec // guarded by mu
	mu      sync.Mutex
	opened  net.Listener // nil until the first write
	closed  bool
	clients map[*tcpReceiver]bool
	running sync.WaitGroup
}

// tcpReceiver is one client and what is to be written to it.
type tcpReceiver struct {
	conn    net.Conn
	pending chan []byte
	queued  int // guarded by the listener's lock
}

// Open listens.
func (o *tcpListener) Open(ctx context.Context) error {
	l, err := o.env.Listen(ctx, o.address)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", o.address, err)
	}
	if o.tls != nil {
		l = tls.NewListener(l, o.tls)
	}
	o.opened, o.clients = l, map[*tcpReceiver]bool{}
	o.running.Go(o.accept)
	return nil
}

func (o *tcpListener) accept() {
	for {
		conn, err := o.opened.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			o.env.Logger.Warn("cannot accept a connection; trying again", "address", o.address, "error", err)
			time.Sleep(firstRetry)
			continue
		}
		const queuedBatches = 1024
		r := &tcpReceiver{conn: conn, pending: make(chan []byte, queuedBatches)}
		o.mu.Lock()
		full := o.closed || len(o.clients) >= maxListenerClients
		if !full {
			o.clients[r] = true
			o.running.Go(func() { o.serve(r) })
		}
		o.mu.Unlock()
		if full {
			_ = conn.Close() // nothing was said on it
		}
	}
}

func (o *tcpListener) serve(r *tcpReceiver) {
	for batch := range r.pending {
		if _, err := r.conn.Write(batch); err != nil {
			o.env.Logger.Info("client has gone", "address", o.address, "remote", r.conn.RemoteAddr().String(), "error", err)
			break
		}
		o.mu.Lock()
		r.queued -= len(batch)
		o.mu.Unlock()
	}
	o.mu.Lock()
	delete(o.clients, r)
	o.mu.Unlock()
	_ = r.conn.Close() // what was written is with TCP; a client that was disconnected is closed already
}

// Write hands a batch to all clients. One that does not keep up is disconnected.
func (o *tcpListener) Write(_ context.Context, events []*event.Event) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.clients) == 0 {
		return nil
	}
	var batch []byte
	for _, ev := range events {
		batch = appendLine(batch, o.codec, ev)
	}
	for r := range o.clients {
		if r.queued+len(batch) <= listenerQueuedBytes {
			select {
			case r.pending <- batch:
				r.queued += len(batch)
				continue
			default:
			}
		}
		o.env.Logger.Warn("client reads too slowly and is disconnected", "address", o.address, "remote", r.conn.RemoteAddr().String())
		delete(o.clients, r)
		close(r.pending)
		_ = r.conn.Close() // ends a write that waits
	}
	return nil
}

// Close writes what is pending, for a moment, and disconnects.
func (o *tcpListener) Close() error {
	if o.opened == nil {
		return nil
	}
	err := o.opened.Close()
	o.mu.Lock()
	o.closed = true
	for r := range o.clients {
		const patience = 2 * time.Second
		_ = r.conn.SetWriteDeadline(time.Now().Add(patience)) // fails only on a closed connection
		close(r.pending)
		delete(o.clients, r)
	}
	o.mu.Unlock()
	o.running.Wait()
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}
