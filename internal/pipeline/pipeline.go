package pipeline

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"sync"
	"time"

	"elkhorn/internal/es"
	"elkhorn/internal/event"
	"elkhorn/internal/plugin"
	"elkhorn/internal/vfs"
)

// Input brings events in. The runtime calls Run once, on a goroutine of its own.
type Input interface {
	// Run pushes events until ctx ends (then it stops taking new ones, returns nil, and has handed
	// over all it took) or it cannot go on (an error). Listeners are opened before Run, see Opener.
	Run(ctx context.Context, sink Sink) error
}

// Opener is an Input or an Output that acquires something another process may hold (a port, a lock) before the
// pipeline starts, so that a fault is reported as a start error. Open is called before Run.
type Opener interface {
	Open(ctx context.Context) error
	io.Closer // called once after Run has returned and its events are done, or after Open when Run is never called
}

// Rereader is an Input whose next run reads again what was not acknowledged. What its Push did not get rid of when ctx ended is not kept for
// a changed configuration, which would have it twice.
type Rereader interface{ Rereads() }

// ErrBusy is returned by TryPush when the pipeline's queue is full.
var ErrBusy = errors.New("pipeline queue is full")

// Sink takes events from inputs. It is safe for concurrent use.
type Sink interface {
	// Push hands events over, in order, and waits while the queue is full: that is the back-pressure.
	// It returns an error only when ctx ends; then none of the events were taken.
	Push(ctx context.Context, events []*event.Event) error
	// TryPush is Push that returns ErrBusy rather than wait.
	TryPush(events []*event.Event) error
}

// Filter changes events. One Filter serves all workers: Filter is called concurrently, on different
// events, and must not keep the event.
type Filter interface {
	// Filter works on ev and tells whether it succeeded; only then the runtime applies the common
	// options (add_field, add_tag, remove_field, remove_tag). To drop the event it calls ev.Cancel.
	// More events go to emit, which must not be called after Filter has returned.
	Filter(ev *event.Event, emit func(*event.Event)) Outcome
}

// Outcome is what became of an event in a filter: how often the common options are applied to it and to what was
// emitted with it. That is once or never, but for a filter with several successes on one event.
type Outcome uint8

const (
	// Unmatched means the filter did nothing or failed (and tagged the event): common options are not applied.
	Unmatched Outcome = 0
	// Matched means success.
	Matched Outcome = 1
	// MaxMatched is the highest number of successes.
	MaxMatched Outcome = 250
	// MatchedAlone means success for the event, not for those that were emitted.
	MatchedAlone Outcome = 254
	// OnlyEmitted means success for the events that were emitted, not for the one they were made of.
	OnlyEmitted Outcome = 255
)

// Times is how often the common options are applied to the event itself, and to each that was emitted.
func (o Outcome) Times() (event, emitted int) {
	switch o {
	case MatchedAlone:
		return 1, 0
	case OnlyEmitted:
		return 0, 1
	}
	return int(o), int(o)
}

// FlushInterval is how often a running pipeline flushes its filters, as often as Logstash does.
const FlushInterval = 5 * time.Second

// Flusher is a Filter that makes events by the clock, or cleans up by it.
type Flusher interface {
	Filter
	// Flush hands to emit what is due at now. It is called every FlushInterval, beside Filter but never beside
	// itself, and once more with final when the last event has gone through. The filters that follow see what it
	// emits; the common options are applied to it as outcome says.
	Flush(now time.Time, final bool, emit func(ev *event.Event, outcome Outcome))
}

// Sequential is a Filter whose result depends on the order in which events come. A pipeline that has one runs with a
// single worker.
type Sequential interface {
	Filter
	Sequential()
}

// Output sends events on.
type Output interface {
	// Write returns nil when every event is durable at the destination or in the dead-letter queue;
	// it retries what can be retried for as long as ctx lives. An error means ctx ended: the events
	// are not acknowledged. Events are shared with other outputs and must not be changed.
	// Write is called concurrently by several workers.
	Write(ctx context.Context, events []*event.Event) error
	// Close flushes and releases. It is called once, after the last Write has returned.
	Close() error
}

// Codec turns bytes into events and events into bytes. A Codec is used by one goroutine at a time;
// stream inputs make one per connection.
type Codec interface {
	// Decode decodes one message: a datagram, a request body, a line without its end (see Framing).
	// It never fails: what cannot be decoded becomes an event with a failure tag. data may be reused
	// after the call.
	Decode(data []byte, now time.Time, emit func(*event.Event))
	// Flush emits what a multi-line codec still holds.
	Flush(now time.Time, emit func(*event.Event))
	// Encode appends the event as it is written to a file or a stream, including the codec's own
	// line end, if it has one.
	Encode(dst []byte, ev *event.Event) []byte
	// Framing tells a stream input (tcp, stdin, file) how to cut the stream into messages.
	Framing() Framing
}

// Joiner is a Codec that keeps messages back to join them with those that follow. An input that can repeat
// acknowledges none that are kept back.
type Joiner interface {
	Codec
	// Held is the number of messages decoded last that are in no event yet.
	Held() int
	// FlushAfter is how long a source may be quiet before its input calls Flush; 0 is for ever.
	FlushAfter() time.Duration
}

// Delimited is a Codec whose messages end with another text than a newline.
type Delimited interface {
	Codec
	Delimiter() string
}

// DecodeOnly is a Codec that cannot encode; outputs refuse it.
type DecodeOnly interface {
	Codec
	// DecodeOnly does nothing.
	DecodeOnly()
}

// Framing is how a stream is cut into messages.
type Framing uint8

const (
	// Lines means messages end with a newline; a carriage return before it is cut off.
	Lines Framing = iota
	// Whole means that the transport's own units are the messages.
	Whole
)

// NewCodec makes a codec per connection.
type NewCodec func() Codec

// DeadLetter is an event that an output could not deliver, with the reason.
type DeadLetter struct {
	Time     time.Time
	Pipeline string
	Plugin   string // the output's id or name
	Reason   string // as the destination gave it, such as "mapper_parsing_exception: …"
	Status   int    // HTTP status of the refusal, 0 when there is none
	Event    *event.Event
}

// DeadLetters keeps undeliverable events. Keep returns when they are durable.
type DeadLetters interface {
	Keep(ctx context.Context, letters []DeadLetter) error
}

// Env is what a plugin gets from its host. It is read-only after the pipeline is built.
type Env struct {
	Pipeline string // id
	Logger   *slog.Logger
	FS       vfs.FS
	// DataDir is a folder of the pipeline's own for offsets and the like.
	DataDir string
	// ConfigDir is the folder of the configuration, for relative paths.
	ConfigDir string
	// ResolvePath maps a path of the configuration to an existing one (a printed path that does not
	// exist is looked for beside the configuration).
	ResolvePath func(path string) string
	// Dialer reaches stores by the hosts that a configuration names.
	Dialer es.Dialer
	// Dial connects to a server that the configuration names; nil connects as the system does.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// Listen opens a TCP listener under the process's binding rules.
	Listen func(ctx context.Context, address string) (Listener, error)
	// ListenPacket opens a UDP socket under the same rules.
	ListenPacket func(ctx context.Context, address string) (net.PacketConn, error)
	// Codec builds a codec from its block.
	Codec func(block *plugin.BlockConfig) (NewCodec, error)
	// Letters opens the dead letters of a pipeline of the process; nil where there are none.
	Letters func(pipeline string) (LetterSource, error)
	// Addresses joins the pipelines of the process; nil where a pipeline is alone.
	Addresses *Addresses
	// DeadLetters keeps what outputs cannot deliver.
	DeadLetters DeadLetters
	// Stdin and Stdout are the process's, or a test's.
	Stdin  io.Reader
	Stdout io.Writer
	// Now is the clock.
	Now func() time.Time
	// Strict turns off what is tolerated beyond the original (docs/tolerances.md).
	Strict bool
	// Offline says that the pipeline is checked or tried only: nothing outside of it may be changed.
	Offline bool
	// Shared is what the plugins of the pipeline have in common.
	Shared *Shared
}

// Shared keeps values for several plugins of one pipeline. It is safe for concurrent use.
type Shared struct {
	mu struct {
		sync.Mutex
		values map[any]any
	}
}

// NewShared makes an empty one.
func NewShared() *Shared {
	s := &Shared{}
	s.mu.values = map[any]any{}
	return s
}

// Get returns the value of a key, which the first caller makes. Plugins use keys of types of their own.
func (s *Shared) Get(key any, make func() any) any {
	s.mu.Lock()
	defer s.mu.Unlock()
	v, ok := s.mu.values[key]
	if !ok {
		v = make()
		s.mu.values[key] = v
	}
	return v
}

// The kinds of plugin as described by package plugin.
type (
	InputSpec  = plugin.Spec[Input, *Env]
	FilterSpec = plugin.Spec[Filter, *Env]
	OutputSpec = plugin.Spec[Output, *Env]
	CodecSpec  = plugin.Spec[NewCodec, *Env]
)

// Common options, taken by every plugin of a kind and carried out by the runtime.
var (
	CommonFilterOptions = []plugin.Option{
		{Name: "add_field", Kind: plugin.Hash, Help: "Fields to add on success; names and values may hold %{references}."},
		{Name: "remove_field", Kind: plugin.Strings, Help: "Fields to remove on success."},
		{Name: "add_tag", Kind: plugin.Strings, Help: "Tags to add on success."},
		{Name: "remove_tag", Kind: plugin.Strings, Help: "Tags to remove on success."},
		idOption, enableMetricOption,
		{Name: "periodic_flush", Kind: plugin.Boolean, Ignored: "filters are flushed as they need it"},
	}
	CommonInputOptions = []plugin.Option{
		{Name: "type", Kind: plugin.String, Help: "Value of the field \"type\", where the event has none."},
		{Name: "tags", Kind: plugin.Strings, Help: "Tags to add to every event."},
		{Name: "add_field", Kind: plugin.Hash, Help: "Fields to add to every event."},
		{Name: "codec", Kind: plugin.Codec, Default: "plain", Help: "How bytes become events."},
		idOption, enableMetricOption,
	}
	CommonOutputOptions = []plugin.Option{
		{Name: "codec", Kind: plugin.Codec, Default: "plain", Help: "How events become bytes."},
		{Name: "workers", Kind: plugin.Integer, Ignored: "outputs are written by the pipeline's workers"},
		idOption, enableMetricOption,
	}
	idOption           = plugin.Option{Name: "id", Kind: plugin.String, Help: "Name of this plugin in logs and statistics."}
	enableMetricOption = plugin.Option{Name: "enable_metric", Kind: plugin.Boolean, Default: true, Ignored: "counters cost nothing and are always kept"}
)
