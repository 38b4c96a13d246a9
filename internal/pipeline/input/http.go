package input

import (
	"compress/gzip"
	"context"
	"crypto/subtle"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

var httpInput = pipeline.InputSpec{
	Name:    "http",
	Summary: "Takes events posted over HTTP, one or many per request, and answers when they are safe.",
	Options: []plugin.Option{
		{Name: "host", Kind: plugin.String, Default: "127.0.0.1", Help: "Address to listen on. Another than a loopback address needs security."},
		{Name: "port", Kind: plugin.Integer, Default: 8080, Help: "Port to listen on."},
		{Name: "additional_codecs", Kind: plugin.Hash, Help: "Codec by content type, before codec; application/json is json and application/x-ndjson is json_lines unless said otherwise."},
		{Name: "user", Kind: plugin.String, Help: "User name that a request must give."},
		{Name: "password", Kind: plugin.Password, Help: "Password that a request must give."},
		{Name: "max_content_length", Kind: plugin.Bytes, Default: 100 << 20, Help: "Largest request body, unpacked; more is answered 413."},
		{Name: "response_code", Kind: plugin.Integer, Default: 200, Help: "Status of the answer once the events are taken: 200, 201, 202 or 204."},
		{Name: "response_headers", Kind: plugin.Hash, Help: "Headers of the answer."},
		{Name: "remote_host_target_field", Kind: plugin.Field, Default: "host", Help: "Field for the sender's address, in events that do not have it."},
		{Name: "request_headers_target_field", Kind: plugin.Field, Help: "Field for the request's headers; without it they are left out, as they hold credentials."},
		{Name: "ssl_enabled", Kind: plugin.Boolean, Help: "Serve TLS."}, {Name: "ssl", Kind: plugin.Boolean, Help: "Serve TLS.", Deprecated: "now called ssl_enabled"},
		{Name: "ssl_certificate", Kind: plugin.Path, Help: "PEM file of the server's certificate and its chain."},
		{Name: "ssl_key", Kind: plugin.Path, Help: "PEM file of the certificate's key."},
		{Name: "ssl_client_authentication", Kind: plugin.String, Default: "none", Allowed: []string{"none"}, Help: "Client certificates are not asked for."},
		{Name: "threads", Kind: plugin.Integer, Ignored: "requests are served as they come"},
		{Name: "max_pending_requests", Kind: plugin.Integer, Ignored: "a full pipeline answers 429"},
		{Name: "ecs_compatibility", Kind: plugin.String, Default: "disabled", Allowed: []string{"disabled"}, Help: "Layout of the input's own fields; only the legacy one is offered."},
	},
	New: newHTTP,
}

// httpServer is an http input. It is a server with one handler for every path.
type httpServer struct {
	env            *pipeline.Env
	address        string
	codec          pipeline.NewCodec
	byType         map[string]pipeline.NewCodec
	user, password string
	maxBody        int64
	status         int
	headers        [][2]string
	hostField      *event.Path
	headersField   *event.Path
	tls            *tls.Config
	listener       net.Listener
	memory         memory
}

func newHTTP(env *pipeline.Env, s *plugin.Settings) (pipeline.Input, error) {
	h := &httpServer{env: env, user: s.String("user"), password: s.String("password"), maxBody: s.Bytes("max_content_length"),
		status: int(s.Int("response_code")), address: net.JoinHostPort(s.String("host"), fmt.Sprint(s.Int("port"))), byType: map[string]pipeline.NewCodec{}}
	if port := s.Int("port"); port < 0 || port > 65535 {
		return nil, s.Errorf("port", "must lie between 0 and 65535")
	}
	switch h.status {
	case http.StatusOK, http.StatusCreated, http.StatusAccepted, http.StatusNoContent:
	default:
		return nil, s.Errorf("response_code", "must be 200, 201, 202 or 204")
	}
	var err error
	if h.codec, err = env.Codec(s.Codec("codec")); err != nil {
		return nil, err
	}
	if err := h.setCodecs(s); err != nil {
		return nil, err
	}
	for _, p := range s.Pairs("response_headers") {
		h.headers = append(h.headers, [2]string{p.Key, p.Value.Str})
	}
	if h.hostField, err = event.ParsePath(s.String("remote_host_target_field")); err != nil {
		return nil, s.Errorf("remote_host_target_field", "%v", err)
	}
	if s.Has("request_headers_target_field") {
		if h.headersField, err = event.ParsePath(s.String("request_headers_target_field")); err != nil {
			return nil, s.Errorf("request_headers_target_field", "%v", err)
		}
	}
	h.tls, err = serverTLS(env, s)
	return h, err
}

func (h *httpServer) setCodecs(s *plugin.Settings) error {
	pairs := append([]plugin.Pair{
		{Key: "application/json", Value: plugin.Value{Str: "json", Pos: s.Pos}},
		{Key: "application/x-ndjson", Value: plugin.Value{Str: "json_lines", Pos: s.Pos}},
	}, s.Pairs("additional_codecs")...)
	for _, p := range pairs {
		made, err := h.env.Codec(&plugin.BlockConfig{Name: p.Value.Str, Pos: p.Value.Pos})
		if err != nil {
			return err
		}
		h.byType[strings.ToLower(p.Key)] = made
	}
	return nil
}

// Open listens.
func (h *httpServer) Open(ctx context.Context) error {
	l, err := h.env.Listen(ctx, h.address)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", h.address, err)
	}
	if h.tls != nil {
		l = tls.NewListener(l, h.tls)
	}
	h.listener = l
	return nil
}

// Addr is where the input listens, once it is open.
func (h *httpServer) Addr() net.Addr { return h.listener.Addr() }

// Close releases the listener.
func (h *httpServer) Close() error {
	if h.listener == nil {
		return nil
	}
	if err := h.listener.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		return err
	}
	return nil
}

const (
	headerTimeout = 30 * time.Second // a sender that says nothing holds a connection no longer than this
	idleTimeout   = 2 * time.Minute
	closeTimeout  = 5 * time.Second // how long requests may take to end once the pipeline stops
	// safeTimeout is how long a sender waits for its events to be stored, as during an outage of the store: most
	// clients give up after half a minute or a minute themselves.
	safeTimeout             = 30 * time.Second
	contentEncodingIdentity = "identity"
)

// Run serves until ctx ends; requests under way are answered. Connections without a request are cut at once:
// clients open them in advance, and waiting for these would hold up every stop.
func (h *httpServer) Run(ctx context.Context, sink pipeline.Sink) error {
	var underWay sync.RWMutex // read-locked by each request
	server := &http.Server{
		ReadHeaderTimeout: headerTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: 64 << 10,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			underWay.RLock()
			defer underWay.RUnlock()
			if ctx.Err() != nil {
				http.Error(w, "the pipeline is stopping", http.StatusServiceUnavailable)
				return
			}
			h.serve(w, r, sink)
			if err := http.NewResponseController(w).Flush(); err != nil {
				h.env.Logger.Debug("cannot answer", "remote", r.RemoteAddr, "error", err)
			}
		}),
	}
	stopped := make(chan error, 1)
	stop := context.AfterFunc(ctx, func() {
		err := h.Close()
		impatient := time.AfterFunc(closeTimeout, func() {
			if err := server.Close(); err != nil {
				h.env.Logger.Debug("cannot close connections", "error", err)
			}
		})
		underWay.Lock()
		impatient.Stop()
		if closeErr := server.Close(); !errors.Is(closeErr, net.ErrClosed) { // the listener is closed already
			err = errors.Join(err, closeErr)
		}
		underWay.Unlock()
		stopped <- err
	})
	err := server.Serve(h.listener)
	if !stop() { // ctx has ended: that is why Serve returned
		return <-stopped
	}
	return fmt.Errorf("serve http on %s: %w", h.address, err)
}

func (h *httpServer) serve(w http.ResponseWriter, r *http.Request, sink pipeline.Sink) {
	if reason := foreign(r, h.listener.Addr()); reason != "" {
		http.Error(w, reason, http.StatusForbidden)
		return
	}
	if !h.allowed(r) {
		w.Header().Set("WWW-Authenticate", `Basic realm="pipeline"`)
		http.Error(w, "unauthorized", http.StatusUnauthorized)
		return
	}
	body, status, err := h.body(w, r)
	defer func() { h.memory.give(cap(body)) }()
	if err != nil {
		http.Error(w, err.Error(), status)
		return
	}
	if status, reason := h.hand(r.Context(), h.decode(r, body), sink); status != 0 {
		w.Header().Set("Retry-After", "1")
		http.Error(w, reason, status)
		return
	}
	for _, header := range h.headers {
		w.Header().Set(header[0], header[1])
	}
	if w.Header().Get("Content-Type") == "" {
		w.Header().Set("Content-Type", "text/plain")
	}
	if h.status != http.StatusNoContent {
		w.Header().Set("Content-Length", "2")
	}
	w.WriteHeader(h.status)
	if h.status != http.StatusNoContent {
		if _, err := io.WriteString(w, "ok"); err != nil {
			h.env.Logger.Debug("cannot answer", "remote", r.RemoteAddr, "error", err)
		}
	}
}

// hand pushes events and waits until they are safe: only then the sender may forget them. A status other than 0 is the
// answer to one that should send them again.
func (h *httpServer) hand(ctx context.Context, events []*event.Event, sink pipeline.Sink) (status int, reason string) {
	if len(events) == 0 {
		return 0, ""
	}
	safe := make(chan struct{})
	receipt := event.NewReceipt(len(events), func() { close(safe) })
	for _, ev := range events {
		ev.SetReceipt(receipt)
	}
	if err := sink.TryPush(events); err != nil {
		return http.StatusTooManyRequests, "the pipeline is full; send it again"
	}
	timer := time.NewTimer(safeTimeout)
	defer timer.Stop()
	select {
	case <-safe:
		return 0, ""
	case <-ctx.Done(): // the sender has gone; nobody reads the answer
	case <-timer.C:
	}
	return http.StatusServiceUnavailable, "the events are not stored yet; send them again unless their ids prevent duplicates"
}

func (h *httpServer) allowed(r *http.Request) bool {
	if h.user == "" {
		return true
	}
	user, password, _ := r.BasicAuth()
	return subtle.ConstantTimeCompare([]byte(user), []byte(h.user))&subtle.ConstantTimeCompare([]byte(password), []byte(h.password)) == 1
}

// body reads and unpacks the request's body, whose capacity the caller gives back to h.memory; on an error status is
// the answer.
func (h *httpServer) body(w http.ResponseWriter, r *http.Request) (body []byte, status int, err error) {
	var from io.Reader = http.MaxBytesReader(w, r.Body, h.maxBody)
	switch encoding := strings.ToLower(r.Header.Get("Content-Encoding")); encoding {
	case "", contentEncodingIdentity:
	case "gzip":
		unpacked, err := gzip.NewReader(from)
		if err != nil {
			return nil, http.StatusBadRequest, fmt.Errorf("unpack the body: %w", err)
		}
		from = unpacked
	default:
		return nil, http.StatusUnsupportedMediaType, fmt.Errorf("the content encoding %q is not supported", encoding)
	}
	body, err = h.memory.readAll(from, h.maxBody)
	var tooLarge *http.MaxBytesError
	switch {
	case errors.Is(err, errHeldTooMuch):
		w.Header().Set("Retry-After", "1")
		return body, http.StatusTooManyRequests, err
	case errors.As(err, &tooLarge) || int64(len(body)) > h.maxBody:
		return body, http.StatusRequestEntityTooLarge, fmt.Errorf("the body has more than %d bytes", h.maxBody)
	case err != nil:
		return body, http.StatusBadRequest, fmt.Errorf("read the body: %w", err)
	}
	return body, 0, nil
}

// decode makes events of a body and adds where it came from.
func (h *httpServer) decode(r *http.Request, body []byte) []*event.Event {
	newCodec := h.codec
	if mediaType, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err == nil && h.byType[mediaType] != nil {
		newCodec = h.byType[mediaType]
	}
	var events []*event.Event
	codec, now := newCodec(), h.env.Now()
	emit := func(ev *event.Event) { events = append(events, ev) }
	codec.Decode(body, now, emit)
	codec.Flush(now, emit)
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	for _, ev := range events {
		if _, has := ev.Get(h.hostField); !has {
			ev.Set(h.hostField, event.StringOf(host))
		}
		if h.headersField != nil {
			ev.Set(h.headersField, headerObject(r))
		}
	}
	return events
}

// headerObject is the request's headers as Logstash names them: lower case, with _ for -.
func headerObject(r *http.Request) event.Value {
	obj := event.NewObject()
	obj.SetMember("request_method", event.StringOf(r.Method))
	obj.SetMember("request_path", event.StringOf(r.URL.Path))
	obj.SetMember("http_version", event.StringOf(r.Proto))
	for name, values := range r.Header {
		if name == "Authorization" {
			continue
		}
		obj.SetMember(strings.ReplaceAll(strings.ToLower(name), "-", "_"), event.StringOf(strings.Join(values, ",")))
	}
	return obj
}
