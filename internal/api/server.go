package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/rescue"
)

// DefaultVersion is the Elasticsearch version that clients are told when Options names none.
const DefaultVersion = "8.19.0"

const (
	// defaultMaxBodyBytes is Elasticsearch's http.max_content_length.
	defaultMaxBodyBytes = 100 << 20
	// defaultMaxInFlightBytes bounds the bodies of all requests together: two of the largest, and
	// room for many usual ones (shippers send 1 to 20 MB).
	defaultMaxInFlightBytes = 256 << 20
)

// Options configure the surface. The zero value is usable.
type Options struct {
	// Version is what GET / reports, such as "8.19.0"; "" is DefaultVersion.
	Version string
	// ClusterName and NodeName override what the store says of itself.
	ClusterName, NodeName string
	// PublishAddress is the host:port that sniffing clients are told to use; "" leaves it to the
	// Host header of their request.
	PublishAddress string
	// MaxBodyBytes bounds one request body after decompression; a longer one is answered 413.
	// 0 is 100 MB.
	MaxBodyBytes int64
	// MaxInFlightBytes bounds all request bodies held at one time; beyond it requests are answered
	// 429, which shippers take as a sign to slow down. 0 is 256 MB.
	MaxInFlightBytes int64
	// AllowedHosts are the host names, besides loopback ones and IP addresses, under which the
	// server may be addressed; "*" allows every name.
	AllowedHosts []string
	// RemoteAllowed are the stores that a reindex may read from, as host:port; * stands for any text.
	RemoteAllowed []string
	// Logger gets what goes wrong on the server's side; nil discards it.
	Logger *slog.Logger
	// CheckPolicy refuses lifecycle policies that nobody could carry out; nil takes all.
	CheckPolicy func(policy []byte) error
	// Now is the clock for date math in names and for uptime; nil is time.Now.
	Now func() time.Time
}

// Server answers the REST API. It is an http.Handler, safe for concurrent use.
type Server struct {
	store  es.Store
	opts   Options
	guard  Guard
	router *router
	bodies *budget
	// maxRestBytes bounds what is read of a body after its answer.
	maxRestBytes int64
	scrolls      *scrolls
	tasks        tasks
	pools        pools
	slow         slowLog
	asyncs       asyncSearches
	results      atomic.Int64   // of background tasks, kept since start
	work         sync.WaitGroup // tasks in the background, which end with closing
	log          *slog.Logger
	now          func() time.Time
	started      time.Time
	tails        atomic.Int32 // streams that run
	// closing ends when the server stops: what has no end of its own ends with it.
	closing context.Context
	close   context.CancelFunc
}

// New returns the surface over store. It does not close the store; Close ends what goes on in the background before that.
func New(store es.Store, opts Options) *Server {
	if opts.Version == "" {
		opts.Version = DefaultVersion
	}
	if opts.MaxBodyBytes <= 0 {
		opts.MaxBodyBytes = defaultMaxBodyBytes
	}
	if opts.MaxInFlightBytes <= 0 {
		opts.MaxInFlightBytes = defaultMaxInFlightBytes
	}
	if opts.Logger == nil {
		opts.Logger = slog.New(slog.DiscardHandler)
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	bodies := &budget{limit: opts.MaxInFlightBytes}
	closing, cancel := context.WithCancel(context.Background())
	return &Server{
		tasks:        tasks{last: opts.Now().UnixMilli()}, // numbers of tasks do not come again after a restart
		store:        store,
		opts:         opts,
		guard:        Guard{AllowedHosts: opts.AllowedHosts},
		router:       newRouter(routeTable()),
		bodies:       bodies,
		maxRestBytes: defaultMaxRestBytes,
		scrolls:      newScrolls(opts.Now, bodies),
		log:          opts.Logger,
		now:          opts.Now,
		started:      opts.Now(),
		closing:      closing,
		close:        cancel,
	}
}

// Close ends the streams, so that a graceful shutdown need not wait for them, and cancels the tasks in the background and waits for
// them: the store must be open still, which keeps what they came to.
func (s *Server) Close() {
	s.tasks.mu.Lock() // nobody begins a task meanwhile, nor after
	s.asyncs.mu.Lock()
	s.close()
	s.asyncs.mu.Unlock()
	s.tasks.mu.Unlock()
	s.work.Wait()
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := &call{Server: s, req: r, writer: w}
	defer c.release()
	header := w.Header()
	header.Set("X-Elastic-Product", "Elasticsearch")
	header.Set("X-Content-Type-Options", "nosniff") // browsers must not take an answer for a page
	if id := r.Header.Get("X-Opaque-Id"); id != "" {
		header.Set("X-Opaque-Id", id)
	}
	ans, err := s.answerSafely(c)
	if err != nil {
		ans = c.failure(err)
	}
	c.answerThenRest(ans)
}

// answerSafely turns a panic, which is a fault of this program, into an error that is logged with its
// place: other requests go on.
func (s *Server) answerSafely(c *call) (ans answer, err error) {
	return safely(s, func() (answer, error) { return s.answer(c) })
}

// safely calls fn and turns its panic into an error.
func safely(s *Server, fn func() (answer, error)) (ans answer, err error) {
	err = rescue.Do(func() error {
		var err error
		ans, err = fn()
		return err
	})
	s.tellPanic(err)
	return ans, err
}

// tellPanic logs an error that is a panic, with its place.
func (s *Server) tellPanic(err error) {
	var fault *rescue.Panic
	if errors.As(err, &fault) {
		s.log.Error("handler panicked", "error", fault)
	}
}

// answer runs the stages of one request up to its handler.
func (s *Server) answer(c *call) (ans answer, err error) {
	if err := s.guard.Check(c.req); err != nil {
		return answer{}, err
	}
	if err := c.negotiate(); err != nil {
		return answer{}, err
	}
	if ans, ok := s.route(c); !ok {
		return ans, nil
	}
	if err := c.checkParams(); err != nil {
		return answer{}, err
	}
	defer func(begun, at time.Time, end func(int)) {
		status := ans.status
		if e := eserr.From(err); e != nil {
			status = e.Status
		}
		end(status)
		s.slow.note(c, at, time.Since(begun), status)
	}(time.Now(), s.now(), s.pools[c.route.pool].begin())
	if c.route.action == "" {
		return c.route.handler(s, c)
	}
	defer c.startTask()()
	ans, err = c.route.handler(s, c)
	if err != nil {
		if cancelled := c.cancelledTask(); cancelled != nil {
			err = cancelled
		}
	}
	return ans, err
}

// failure turns an error into its answer, and logs those that are this server's own fault.
func (c *call) failure(err error) answer {
	if c.req.Context().Err() != nil && context.Cause(c.req.Context()) == context.Canceled {
		return answer{status: statusClientClosedRequest}
	}
	e := eserr.From(err)
	if e.Status == http.StatusInternalServerError {
		c.log.Error("request failed", "method", c.req.Method, "path", c.req.URL.Path, "error", err.Error())
	}
	return answer{status: e.Status, body: e.AppendAnswer(nil), failed: true}
}

// statusClientClosedRequest is for a client that has gone: nobody reads the answer.
const statusClientClosedRequest = 499

// HTTPServer returns an http.Server for handler with the time limits that keep a slow or idle client
// from holding a connection: headers within 10 s, idle connections for 5 minutes (longer than the
// keep-alive of the usual clients and balancers). Bodies have no limit as a whole; the surface wants
// progress on them instead, see call.readBody.
func HTTPServer(handler http.Handler, logger *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       5 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(logger.Handler(), slog.LevelDebug),
	}
}
