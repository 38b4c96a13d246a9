package server

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/url"
	"path/filepath"
	goruntime "runtime"
	"strings"

	"elkhorn/internal/es"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/pipeline/codec"
	"elkhorn/internal/pipeline/config"
	"elkhorn/internal/pipeline/filter"
	"elkhorn/internal/pipeline/input"
	"elkhorn/internal/pipeline/output"
	"elkhorn/internal/pipeline/runtime"
	"elkhorn/internal/pipeline/settings"
)

// PipelineConfig is one pipeline to run: from files, or from text of the program's own.
type PipelineConfig struct {
	ID    string
	Paths []string
	Text  string // used when there are no Paths
	// Default marks the built-in pipeline, whose listeners are left out when their ports are taken.
	Default bool
	// Inputs are the addresses that the built-in pipeline's inputs ask for, by plugin.
	Inputs map[string]string
	// Settings are the pipeline's; its ID, Path and Text are not looked at.
	Settings settings.Pipeline
	// Shadow is a configuration on trial beside this one; nil for none.
	Shadow *Shadow
}

// DefaultPipeline takes Beats on 5044 and JSON over HTTP on 8080 and writes logs-*. It is what runs
// when no pipeline is named.
func DefaultPipeline(beats, http string) PipelineConfig {
	var inputs strings.Builder
	// Beats sends host as an object, so the sender's address of an HTTP request goes inside it as well.
	for _, in := range []struct{ plugin, address, options string }{
		{"beats", beats, ""}, {"http", http, ` remote_host_target_field => "[host][ip]"`},
	} {
		if in.address == "" {
			continue
		}
		host, port, err := net.SplitHostPort(in.address)
		if err != nil {
			host, port = "127.0.0.1", in.address
		}
		fmt.Fprintf(&inputs, "  %s { host => %q port => %s%s }\n", in.plugin, host, port, in.options)
	}
	return PipelineConfig{ID: "main", Default: true, Inputs: map[string]string{"beats": beats, "http": http}, Settings: settings.Defaults().Pipeline, Text: "input {\n" + inputs.String() + "}\n" + defaultFilters}
}

// defaultFilters make fields of what arrives: JSON, whole or as the message; access logs; and else the level
// that a line names. A record's own timestamp field becomes the event time; a time in plain text does so
// only with a zone, since guessing one would put events at the wrong hour. Names are those of the Elastic
// Common Schema, as shippers send them: the older names of access logs ("agent") clash with theirs.
const defaultFilters = `filter {
  if [message] =~ /^\s*\{.*\}\s*$/ {
    json { source => "message" skip_on_invalid_json => true }
  }
  if ![level] and ![log_level] and [message] {
    grok {
      match => { "message" => [
        "^%{COMBINEDAPACHELOG}",
        "^%{COMMONAPACHELOG}",
        "^\[?%{TIMESTAMP_ISO8601:[@metadata][time]}\]?[^A-Za-z]{0,40}(?<log_level>TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|FATAL|CRITICAL)\b",
        "(?:^|[^A-Za-z])(?<log_level>TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|FATAL|CRITICAL)(?![A-Za-z])"
      ] }
      ecs_compatibility => "v8"
      tag_on_failure => []
    }
  }
  if [http][response][status_code] and [timestamp] {
    date { match => ["timestamp", "dd/MMM/yyyy:HH:mm:ss Z"] remove_field => ["timestamp"] }
  } else if [timestamp] {
    date { match => ["timestamp", "ISO8601", "UNIX_MS", "UNIX"] }
  } else if [@metadata][time] =~ /(Z|[+-]\d\d:?\d\d)$/ {
    date { match => ["[@metadata][time]", "ISO8601"] }
  }
}
output {
  elasticsearch { hosts => ["http://elasticsearch:9200"] index => "logs-%{+YYYY.MM.dd}" }
}
`

// Tables are all pipeline plugins.
func Tables() runtime.Tables {
	return runtime.Tables{Inputs: input.Table, Filters: filter.Table, Outputs: output.Table, Codecs: codec.Table}
}

// startPipelines builds all pipelines before it runs any, so that a fault in one is found at once.
func (s *Server) startPipelines(ctx context.Context) error {
	if len(s.opts.Pipelines) == 0 {
		return nil
	}
	s.fleet = &fleet{server: s, addresses: pipeline.NewAddresses()}
	if s.opts.Stdin != nil {
		s.fleet.stdin = newStandardInput(s.opts.Stdin, s.fleet.ports.held)
	}
	if err := s.fleet.start(ctx, s.opts.Pipelines); err != nil {
		return err
	}
	s.goPart(&s.receivers, "reload", s.fleet.watch)
	return s.openMonitor(ctx)
}

// folderName is a pipeline's id as a folder's name.
func folderName(id string) string {
	if strings.Trim(id, ".") == "" {
		return "%" + id // neither this folder nor the one above
	}
	return url.PathEscape(id)
}

// folderID is the id of the pipeline whose folder has a name.
func folderID(name string) string {
	if id, err := url.PathUnescape(name); err == nil {
		return id
	}
	return name[1:] // as folderName makes it of dots
}

// workers is how many batches a pipeline works on at the same time: as many as there are processors, unless it says.
func workers(set settings.Pipeline) int {
	if set.Workers > 0 {
		return set.Workers
	}
	return goruntime.GOMAXPROCS(0)
}

// compatStrict reads the setting compat.strict from the environment, where settings are named in upper case. It
// turns off the tolerances of docs/tolerances.md.
func compatStrict(lookup config.Lookup) bool {
	if lookup == nil {
		return false
	}
	value, ok := lookup("COMPAT_STRICT")
	return ok && strings.EqualFold(value, "true")
}

// source is where the pipeline's configuration comes from.
func (pc PipelineConfig) source(lookup config.Lookup) runtime.Source {
	return runtime.Source{Paths: pc.Paths, Inline: pc.Text, Lookup: lookup, Escapes: pc.Settings.Escapes, ECS: pc.Settings.ECS}
}

// CheckPipeline names what is wrong or doubtful in a pipeline.
func CheckPipeline(pc PipelineConfig, lookup config.Lookup) []runtime.Finding {
	return runtime.Check(pc.source(lookup), Tables(), compatStrict(lookup))
}

// TestPipeline sends lines of in through a pipeline's filters and prints the events that come out.
func TestPipeline(ctx context.Context, pc PipelineConfig, lookup config.Lookup, in io.Reader, out io.Writer, logger *slog.Logger) error {
	source := pc.source(lookup)
	source.Logger = logger
	warnings, err := runtime.Test(ctx, source, Tables(), compatStrict(lookup), in, out)
	for _, w := range warnings {
		logger.Warn(w.Text())
	}
	return err
}

// RunPipelines runs pipelines alone, without a store of this process, until ctx ends or all inputs have
// come to their end.
func RunPipelines(ctx context.Context, opts Options) error {
	s := newServer(opts)
	s.senders.begin(context.WithoutCancel(ctx))
	s.receivers.begin(context.WithoutCancel(ctx))
	if err := s.startPipelines(ctx); err != nil {
		return errors.Join(err, s.Close())
	}
	ids := make([]string, len(opts.Pipelines))
	for i, pc := range opts.Pipelines {
		ids[i] = pc.ID
	}
	s.logger.Info("pipelines are running", "pipelines", strings.Join(ids, ", "), "monitoring_api", cmp.Or(s.MonitorAddr(), "off"))
	ended := make(chan struct{})
	go func() {
		s.fleet.wait()
		close(ended)
	}()
	select {
	case <-ctx.Done():
		s.logger.Info("stopping: what is under way is finished first; a second signal ends at once")
	case <-ended:
	}
	err := s.Close()
	<-ended
	select {
	case failed := <-s.failed:
		err = errors.Join(failed, err)
	default:
	}
	return err
}

// pipelineEnv is what the process offers to a pipeline's plugins.
func (s *Server) pipelineEnv(pc PipelineConfig, dir string, letters pipeline.DeadLetters) pipeline.Env {
	return pipeline.Env{
		Pipeline: pc.ID, Logger: s.logger.With("pipeline", pc.ID), FS: s.files,
		DataDir: filepath.Join(s.opts.DataDir, "pipelines", folderName(pc.ID)), ConfigDir: dir,
		Dialer: s.storeDialer(pc), Dial: s.brokers.dial, Listen: s.pluginListener(pc), ListenPacket: s.packetListener(pc), Addresses: s.addresses(), Letters: s.letterSource, DeadLetters: &tellingLetters{next: letters, server: s},
		Stdin: s.fleet.stdin, Stdout: s.opts.Stdout, Now: s.opts.Now,
	}
}

// addresses joins the process's pipelines.
func (s *Server) addresses() *pipeline.Addresses { return s.fleet.addresses }

// storeDialer reaches this process's store; nil when it has none, so that outputs connect to the hosts
// they name.
func (s *Server) storeDialer(pc PipelineConfig) es.Dialer {
	if s.store == nil {
		return nil
	}
	d := s.selfDialer()
	if len(pc.Paths) == 0 {
		d.logger = slog.New(slog.DiscardHandler) // the program's own pipeline: nobody wrote that host
	}
	return d
}

func (s *Server) selfDialer() *dialer {
	return &dialer{store: s.store, own: s.HTTPAddr, logger: s.logger, resolve: net.DefaultResolver.LookupHost, told: map[string]bool{}}
}

// pluginListener opens listeners for inputs. An input that names no host (0.0.0.0, as the original's
// default) listens on loopback unless insecurity was accepted; the built-in pipeline goes on without a
// listener whose port is taken.
func (s *Server) pluginListener(pc PipelineConfig) func(context.Context, string) (pipeline.Listener, error) {
	anyPort := 0 // how many listeners asked for any port: their addresses do not tell them apart
	return func(ctx context.Context, address string) (pipeline.Listener, error) {
		address, err := s.inputAddress(pc, address)
		if err != nil {
			return nil, err
		}
		if l := s.reserved[address]; l != nil {
			return l, nil
		}
		asked, key := address, address
		if strings.HasSuffix(address, ":0") {
			anyPort++
			key = fmt.Sprintf("%s of %s, %d", address, pc.ID, anyPort)
		}
		l, err := s.fleet.ports.listen(pc.ID, key, func() (net.Listener, error) {
			return listen(ctx, "input", Address{HostPort: address, Explicit: !pc.Default}, s.opts.Insecure, s.logger)
		})
		if err == nil && l == nil {
			return newIdleListener(address), nil
		}
		if err == nil {
			s.noteInput(pc, asked, l.Addr().String())
		}
		return l, err
	}
}

// packetListener opens UDP sockets for inputs, under the rules of pluginListener.
func (s *Server) packetListener(pc PipelineConfig) func(context.Context, string) (net.PacketConn, error) {
	anyPort := 0 // as pluginListener's
	return func(ctx context.Context, address string) (net.PacketConn, error) {
		address, err := s.inputAddress(pc, address)
		if err != nil {
			return nil, err
		}
		if err := checkBind("input", address, s.opts.Insecure); err != nil {
			return nil, err
		}
		key := address
		if strings.HasSuffix(address, ":0") {
			anyPort++
			key = fmt.Sprintf("%s of %s, %d", address, pc.ID, anyPort)
		}
		return s.fleet.ports.listenPacket(key, func() (net.PacketConn, error) {
			return (&net.ListenConfig{}).ListenPacket(ctx, "udp", address)
		})
	}
}

// inputAddress is where an input listens that names address: on loopback when it names no host.
func (s *Server) inputAddress(pc PipelineConfig, address string) (string, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return "", fmt.Errorf("address %q is not host:port: %w", address, err)
	}
	if ip := net.ParseIP(host); !s.opts.Insecure && (host == "" || ip != nil && ip.IsUnspecified()) {
		address = net.JoinHostPort("127.0.0.1", port)
		s.logger.Info("input listens on this machine only; --insecure lets others reach it", "pipeline", pc.ID, "address", address)
	}
	return address, nil
}

// noteInput remembers where one of the built-in inputs listens.
func (s *Server) noteInput(pc PipelineConfig, asked, got string) {
	for plugin, address := range pc.Inputs {
		if address == asked {
			s.inputsMu.Lock()
			s.inputs[plugin] = got
			s.inputsMu.Unlock()
		}
	}
}

// Inputs are the addresses at which the built-in pipeline takes events, by plugin ("beats", "http").
func (s *Server) Inputs() map[string]string {
	s.inputsMu.Lock()
	defer s.inputsMu.Unlock()
	return maps.Clone(s.inputs)
}

// idleListener stands in for a default listener whose port is taken: it accepts nothing.
type idleListener struct {
	address string
	closed  chan struct{}
}

func newIdleListener(address string) *idleListener {
	return &idleListener{address: address, closed: make(chan struct{})}
}

func (l *idleListener) Accept() (net.Conn, error) {
	<-l.closed
	return nil, net.ErrClosed
}

func (l *idleListener) Close() error {
	select {
	case <-l.closed:
	default:
		close(l.closed)
	}
	return nil
}

func (l *idleListener) Addr() net.Addr { return idleAddr(l.address) }

type idleAddr string

func (idleAddr) Network() string  { return "tcp" }
func (a idleAddr) String() string { return string(a) }
