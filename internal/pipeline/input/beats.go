package input

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"strconv"
	"sync"
	"time"

	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

// What TLS does not do here yet, by the reason an option is refused with.
const (
	beatsNoClientCertificates = "client certificates are not asked for yet"
	beatsNoKeystore           = "Java keystores are not read: use ssl_certificate and ssl_key, in PEM"
	beatsNoTLSTuning          = "TLS 1.2 and newer are taken, with Go's cipher suites"
)

var beats = pipeline.InputSpec{
	Name:    "beats",
	Summary: "Takes events from Filebeat and other senders of the Lumberjack protocol, and acknowledges those that are safe.",
	Options: []plugin.Option{
		{Name: "port", Kind: plugin.Integer, Required: true, Help: "TCP port to listen on; 5044 by custom."},
		{Name: "host", Kind: plugin.String, Default: "0.0.0.0", Help: "Address to listen on."},
		{Name: "client_inactivity_timeout", Kind: plugin.Seconds, Default: 60, Help: "Closes a connection on which nothing came for so long and nothing is left to acknowledge. Too low makes quiet senders connect again and again; 0 never closes."},
		{Name: "include_codec_tag", Kind: plugin.Boolean, Default: true, Help: "Tags events whose message went through the codec.", Deprecated: "use enrich"},
		{Name: "enrich", Kind: plugin.Strings, Default: []string{"codec_metadata", "source_metadata"}, Help: "What to add: codec_metadata (a tag), source_metadata (the sender's address in @metadata), all or none."},
		{Name: "ecs_compatibility", Kind: plugin.String, Default: "v8", Allowed: []string{"disabled", "v1", "v8"}, Help: "Where the sender's address goes: [@metadata][ip_address], or [@metadata][input][beats][host][ip]."},
		{Name: "executor_threads", Kind: plugin.Integer, Ignored: "every connection has its own goroutine"},
		{Name: "event_loop_threads", Kind: plugin.Integer, Ignored: "every connection has its own goroutine"},
		{Name: "add_hostname", Kind: plugin.Boolean, Ignored: "senders put their host in the event"},
		{Name: "ssl_enabled", Kind: plugin.Boolean, Help: "Takes TLS connections only."},
		{Name: "ssl", Kind: plugin.Boolean, Help: "Takes TLS connections only.", Deprecated: "now called ssl_enabled"},
		{Name: "ssl_certificate", Kind: plugin.Path, Help: "Certificate with its chain, in PEM."},
		{Name: "ssl_key", Kind: plugin.Path, Help: "Its key, in PEM and without passphrase."},
		{Name: "ssl_key_passphrase", Kind: plugin.Password, Unsupported: "keys with a passphrase are not read"},
		{Name: "ssl_keystore_path", Kind: plugin.Path, Unsupported: beatsNoKeystore},
		{Name: "ssl_keystore_password", Kind: plugin.Password, Unsupported: beatsNoKeystore},
		{Name: "ssl_truststore_path", Kind: plugin.Path, Unsupported: beatsNoKeystore},
		{Name: "ssl_truststore_password", Kind: plugin.Password, Unsupported: beatsNoKeystore},
		{Name: "ssl_certificate_authorities", Kind: plugin.Strings, Unsupported: beatsNoClientCertificates},
		{Name: "ssl_client_authentication", Kind: plugin.String, Unsupported: beatsNoClientCertificates},
		{Name: "ssl_verify_mode", Kind: plugin.String, Unsupported: beatsNoClientCertificates},
		{Name: "ssl_peer_metadata", Kind: plugin.Boolean, Unsupported: beatsNoClientCertificates},
		{Name: "ssl_handshake_timeout", Kind: plugin.Millis, Ignored: "client_inactivity_timeout covers the handshake"},
		{Name: "ssl_cipher_suites", Kind: plugin.Strings, Unsupported: beatsNoTLSTuning},
		{Name: "ssl_supported_protocols", Kind: plugin.Strings, Unsupported: beatsNoTLSTuning},
		{Name: "cipher_suites", Kind: plugin.Strings, Unsupported: beatsNoTLSTuning},
		{Name: "tls_min_version", Kind: plugin.Float, Unsupported: beatsNoTLSTuning},
		{Name: "tls_max_version", Kind: plugin.Float, Unsupported: beatsNoTLSTuning},
	},
	New: newBeats,
}

const (
	// beatsKeepAlive is how often a sender hears that its events are still in work. Filebeat gives up after 30 s of silence.
	beatsKeepAlive = 5 * time.Second
	// beatsDrain is how long a stopping input waits for events in work, so that senders need not repeat them.
	beatsDrain = 2 * time.Second
	// beatsWriteTimeout ends connections of senders that do not read their acknowledgements.
	beatsWriteTimeout = 30 * time.Second
)

type beatsInput struct {
	tls        *tls.Config // nil for none
	address    string
	inactivity time.Duration
	events     beatsEvents
	newCodec   pipeline.NewCodec
	listen     func(ctx context.Context, address string) (pipeline.Listener, error)
	logger     *slog.Logger

	listener pipeline.Listener
	mu       struct {
		sync.Mutex // guards conns
		conns      map[*beatsConn]bool
	}
}

func newBeats(env *pipeline.Env, s *plugin.Settings) (pipeline.Input, error) {
	port := s.Int("port")
	if port < 0 || port > 65535 {
		return nil, s.Errorf("port", "must be 0 to 65535, not %d", port)
	}
	secure, err := serverTLS(env, s)
	if err != nil {
		return nil, err
	}
	block := s.Codec("codec")
	newCodec, err := env.Codec(block)
	if err != nil {
		return nil, fmt.Errorf("codec: %w", err)
	}
	if _, joins := newCodec().(pipeline.Joiner); joins {
		return nil, s.Errorf("codec", "%s joins messages, and those of beats come from many files at once; let the shipper join them (Filebeat's option multiline)", block.Name)
	}
	in := &beatsInput{
		tls:        secure,
		address:    net.JoinHostPort(s.String("host"), strconv.FormatInt(port, 10)),
		inactivity: s.Duration("client_inactivity_timeout"),
		newCodec:   newCodec,
		listen:     env.Listen,
		logger:     env.Logger.With("input", "beats"),
	}
	in.events.now = env.Now
	in.events.verbatim = block.Name == "plain" && len(block.Options) == 0
	if err := in.enrich(s, block.Name); err != nil {
		return nil, err
	}
	in.mu.conns = make(map[*beatsConn]bool)
	return in, nil
}

func (in *beatsInput) enrich(s *plugin.Settings, codec string) error {
	enrich := s.Strings("enrich")
	for _, what := range enrich {
		switch what {
		case "codec_metadata", "source_metadata", "all", "none":
		case "ssl_peer_metadata":
			return s.Errorf("enrich", "ssl_peer_metadata is not supported: %s", beatsNoClientCertificates)
		default:
			return s.Errorf("enrich", "must hold codec_metadata, source_metadata, all or none, not %q", what)
		}
	}
	has := func(what string) bool {
		return slices.Contains(enrich, "all") || slices.Contains(enrich, what) && !slices.Contains(enrich, "none")
	}
	if has("codec_metadata") && s.Bool("include_codec_tag") {
		in.events.codecTag = "beats_input_codec_" + codec + "_applied"
		in.events.rawTag = "beats_input_raw_event"
	}
	in.events.address = has("source_metadata")
	in.events.legacyAddress = s.String("ecs_compatibility") == "disabled"
	return nil
}

// Open listens, so that a taken port stops the pipeline from starting.
func (in *beatsInput) Open(ctx context.Context) error {
	listener, err := in.listen(ctx, in.address)
	if err != nil {
		return fmt.Errorf("beats: listen on %s: %w", in.address, err)
	}
	if in.tls != nil {
		listener = tls.NewListener(listener, in.tls)
	}
	in.listener = listener
	return nil
}

// Close closes the listener when Run was never called.
func (in *beatsInput) Close() error {
	if in.listener == nil {
		return nil
	}
	if err := in.listener.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		return err
	}
	return nil
}

// Run serves connections until ctx ends. Then it reads no more and gives the events in work a moment to be acknowledged.
func (in *beatsInput) Run(ctx context.Context, sink pipeline.Sink) error {
	stop := context.AfterFunc(ctx, func() {
		if err := in.Close(); err != nil {
			in.logger.Warn("listener was not closed", "error", err)
		}
		in.eachConn((*beatsConn).stopReading)
	})
	defer stop()
	var conns sync.WaitGroup
	defer conns.Wait()
	pause := beatsAcceptPause{}
	for {
		conn, err := in.listener.Accept()
		switch {
		case err == nil:
			pause.reset()
			conns.Go(func() { in.serve(ctx, conn, sink) })
		case ctx.Err() != nil || errors.Is(err, net.ErrClosed):
			return nil
		default: // such as too many open files
			in.logger.Warn("connection was not accepted", "error", err)
			if pause.wait(ctx) != nil {
				return nil
			}
		}
	}
}

func (in *beatsInput) eachConn(do func(*beatsConn)) {
	in.mu.Lock()
	defer in.mu.Unlock()
	for c := range in.mu.conns {
		do(c)
	}
}

func (in *beatsInput) serve(ctx context.Context, conn net.Conn, sink pipeline.Sink) {
	c := newBeatsConn(in, conn)
	in.mu.Lock()
	in.mu.conns[c] = true
	in.mu.Unlock()
	if ctx.Err() != nil { // ended before it was listed
		c.stopReading()
	}
	err := c.run(ctx, sink)
	in.mu.Lock()
	delete(in.mu.conns, c)
	in.mu.Unlock()
	if err != nil {
		in.logger.Warn("sender was disconnected", "remote", conn.RemoteAddr().String(), "error", err)
	}
}

// beatsAcceptPause waits longer with each failure to accept, up to a second.
type beatsAcceptPause struct{ next time.Duration }

func (p *beatsAcceptPause) reset() { p.next = 0 }

func (p *beatsAcceptPause) wait(ctx context.Context) error {
	p.next = min(max(2*p.next, 10*time.Millisecond), time.Second)
	timer := time.NewTimer(p.next)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
