package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"elkhorn/internal/api"
	"elkhorn/internal/console"
	"elkhorn/internal/console/saved"
	"elkhorn/internal/engine"
	"elkhorn/internal/es"
	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/query"
	"elkhorn/internal/ingest"
	"elkhorn/internal/lifecycle"
	"elkhorn/internal/pipeline/settings"
	"elkhorn/internal/vfs"
	"elkhorn/ui"
)

// Options say what to run.
type Options struct {
	DataDir string
	// HTTP is the REST API's address, UI the web interface's; an empty HostPort leaves a part out.
	HTTP, UI Address
	// Profiles is where the Go runtime's profiles are served, on loopback only; an empty HostPort leaves them out.
	Profiles Address
	// AllowedHosts are names, besides loopback and addresses, under which the servers may be called.
	AllowedHosts []string
	// RemoteAllowed are the stores that a reindex may read from, as host:port with wildcards.
	RemoteAllowed []string
	// Insecure accepts listeners that other machines can reach, without users and TLS.
	Insecure bool
	// Pipelines are the pipelines to run; nil runs none.
	Pipelines []PipelineConfig
	// ReadPipelines reads the list of pipelines again for a reload; nil keeps the list and reads each one's files.
	ReadPipelines func() ([]PipelineConfig, error)
	// ReloadSignal asks for a reload.
	ReloadSignal <-chan os.Signal
	// Node is the settings of the process; nil is the defaults without the monitoring API.
	Node *settings.Node
	// Engine tunes the store; Dir and Logger are filled in.
	Engine engine.Options
	// Shipper is a filebeat.yml to run, "" for none.
	Shipper string
	// Files are files and globs to tail.
	Files []string
	// Demo feeds the store a live workload.
	Demo     bool
	DemoSeed uint64
	DemoRate float64 // events per second
	// LookupEnv resolves ${NAME} in configurations.
	LookupEnv func(name string) (string, bool)
	Stdin     io.Reader
	Stdout    io.Writer
	Logger    *slog.Logger
	// LogLevel is what Logger heeds, for those who change it; nil leaves it as it is.
	LogLevel *slog.LevelVar
	Now      func() time.Time
}

// shutdownTimeout bounds how long requests in flight may take once the server closes.
const shutdownTimeout = 10 * time.Second

// Server is a running program.
type Server struct {
	opts   Options
	began  time.Time
	logger *slog.Logger
	store  es.Store
	api    *api.Server
	// These addresses are where the listeners are; nil where there is none.
	httpAddr, uiAddr, profilesAddr, monitorAddr net.Addr
	httpServers                                 []*http.Server
	work                                        sync.WaitGroup // the HTTP servers' goroutines
	fleet                                       *fleet
	letters                                     letterBoxes
	samplers                                    samplers
	metrics                                     *console.Metrics
	pipelinesAPI                                atomic.Pointer[pipelinesAPI]
	// reserved are listeners opened before the pipeline that asks for them, by address.
	reserved map[string]net.Listener
	// inputs are where the built-in pipeline listens, by plugin; guarded by inputsMu.
	inputsMu sync.Mutex
	inputs   map[string]string
	own      []PipelineConfig // pipelines that no file names
	files    vfs.FS           // what pipelines read and write
	brokers  *brokerDialer

	// senders end first: the shipper, the demo and the work on lifecycle policies. What a shipper has under way to a pipeline of
	// this process can still be acknowledged.
	senders stage
	// receivers end next: the pipelines.
	receivers    stage
	toldPipeline sync.Once
	filesAddr    string     // of the listener for files named on the command line
	failed       chan error // the first part that ended by itself with an error
}

// Start brings everything up, in order of dependence. After an error nothing is left running.
func Start(ctx context.Context, opts Options) (*Server, error) {
	s := newServer(opts)
	s.senders.begin(context.WithoutCancel(ctx))
	s.receivers.begin(context.WithoutCancel(ctx))
	if err := s.start(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func newServer(opts Options) *Server {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.Node == nil {
		opts.Node = settings.Defaults()
		opts.Node.API.Enabled = false // nobody named its port
	}
	return &Server{opts: opts, began: opts.Now(), logger: opts.Logger, failed: make(chan error, 1), reserved: map[string]net.Listener{}, inputs: map[string]string{},
		files: vfs.Default, brokers: newBrokerDialer(opts.Logger)}
}

func (s *Server) start(ctx context.Context) error {
	if err := s.openStore(); err != nil {
		return err
	}
	if err := s.openListeners(ctx); err != nil {
		return err
	}
	if err := s.addFilesPipeline(ctx); err != nil {
		return err
	}
	if err := s.startPipelines(ctx); err != nil {
		return err
	}
	if err := s.startShippers(); err != nil {
		return err
	}
	s.startLifecycle()
	s.startMetrics()
	s.startDemo()
	return nil
}

func (s *Server) openStore() error {
	o := s.opts.Engine
	o.Dir, o.Logger, o.Now, o.Version = s.opts.DataDir, s.logger, s.opts.Now, api.DefaultVersion
	store, err := engine.Open(o)
	if err != nil {
		return fmt.Errorf("open store in %s: %w", s.opts.DataDir, err)
	}
	s.store = store
	wrapped, err := ingest.Wrap(context.Background(), store, ingest.Options{GeoIPDir: filepath.Join(s.opts.DataDir, "ingest-geoip"), Logger: s.logger, Now: s.opts.Now})
	if err != nil {
		return fmt.Errorf("open store in %s: %w", s.opts.DataDir, err)
	}
	s.store = wrapped
	return nil
}

func (s *Server) openListeners(ctx context.Context) error {
	s.api = api.New(s.store, api.Options{Logger: s.logger, AllowedHosts: s.opts.AllowedHosts, RemoteAllowed: s.opts.RemoteAllowed, Now: s.opts.Now,
		CheckPolicy: lifecycle.CheckPolicy})
	if s.opts.HTTP.HostPort != "" {
		l, err := listen(ctx, "elasticsearch api", s.opts.HTTP, s.opts.Insecure, s.logger)
		if err != nil {
			return err
		}
		if l != nil {
			s.httpAddr = l.Addr()
			s.serve("elasticsearch api", api.HTTPServer(s.api, s.logger), l)
		}
	}
	if err := s.openProfiles(ctx); err != nil {
		return err
	}
	if s.opts.UI.HostPort == "" {
		return nil
	}
	l, err := listen(ctx, "ui", s.opts.UI, s.opts.Insecure, s.logger)
	if err != nil || l == nil {
		return err
	}
	s.uiAddr = l.Addr()
	s.openMetrics()
	handler := console.New(console.Parts{UI: ui.Handler(), API: s.api, Store: s.store, Guard: api.Guard{AllowedHosts: s.opts.AllowedHosts},
		Version: api.DefaultVersion, Logger: s.logger, Inputs: s.Inputs, Pipelines: http.HandlerFunc(s.servePipelines), Metrics: s.metrics, Slow: func() any { return s.api.SlowSearches() }, Now: s.opts.Now,
		Endpoints: consoleEndpoints(), Address: s.HTTPAddr,
		Saved: saved.New(s.store, api.DefaultVersion, s.opts.Now)})
	s.serve("ui", api.HTTPServer(handler, s.logger), l)
	return nil
}

// consoleEndpoints is the REST API's route table as the console completes it.
func consoleEndpoints() console.Endpoints {
	out := console.Endpoints{CommonParams: api.CommonParams(), Queries: query.Kinds(), Aggregations: agg.Kinds()}
	for _, r := range api.Routes() {
		out.Endpoints = append(out.Endpoints, console.Endpoint{Path: r.Path, Methods: r.Methods, Params: r.Params, Help: r.Help})
	}
	return out
}

// Store is the running store.
func (s *Server) Store() es.Store { return s.store }

// HTTPAddr is where the REST API listens, "" when it does not.
func (s *Server) HTTPAddr() string { return addrText(s.httpAddr) }

// UIAddr is where the web interface listens, "" when it does not.
func (s *Server) UIAddr() string { return addrText(s.uiAddr) }

func addrText(a net.Addr) string {
	if a == nil {
		return ""
	}
	return a.String()
}

// Failed delivers the error of a part that ended by itself.
func (s *Server) Failed() <-chan error { return s.failed }

// stage is a group of parts that end together.
type stage struct {
	ctx  context.Context
	stop context.CancelFunc
	work sync.WaitGroup
}

func (g *stage) begin(ctx context.Context) { g.ctx, g.stop = context.WithCancel(ctx) }

// end stops the parts and waits for them.
func (g *stage) end() {
	g.stop()
	g.work.Wait()
}

// goPart runs a part until it ends or its stage does.
func (s *Server) goPart(g *stage, name string, run func(context.Context) error) {
	g.work.Go(func() {
		err := run(g.ctx)
		if err == nil || g.ctx.Err() != nil {
			return
		}
		s.partEnded(name, err)
	})
}

// partEnded says that a part ended by itself with an error.
func (s *Server) partEnded(name string, err error) {
	s.logger.Error("part ended", "part", name, "error", err)
	select {
	case s.failed <- fmt.Errorf("%s: %w", name, err):
	default:
	}
}

// Close stops what sends, then what receives, waits for what is in flight, and closes the store.
func (s *Server) Close() error {
	s.senders.end()
	if s.fleet != nil {
		s.fleet.stopAll()
	}
	s.receivers.end()
	ctx, cancel := context.WithTimeout(context.Background(), shutdownTimeout)
	defer cancel()
	if s.api != nil {
		s.api.Close()
	}
	var errs []error
	for _, srv := range s.httpServers {
		if err := srv.Shutdown(ctx); err != nil {
			errs = append(errs, srv.Close()) // requests that would not end are cut off
		}
	}
	s.work.Wait()
	errs = append(errs, s.letters.close())
	if s.metrics != nil {
		errs = append(errs, s.metrics.Close())
	}
	if s.store != nil {
		errs = append(errs, s.store.Close())
	}
	return errors.Join(errs...)
}
